"""tocsin explain: what a rule means, and whether a window's signed instants are what its rule says."""
from organizers import BOLOGNA, bologna, run, test


@test
def a_window_is_explained():
    tocsin, uid = bologna()
    tocsin("explain", uid[:8], out="^All 2 signed instants are what the rule says here")
    tocsin("explain", "0" * 32, code=1, err="no window")
    tocsin("explain", BOLOGNA)


run()
