"""tocsin best: the hours at which most are awake."""
from organizers import Place, run, test


@test
def the_hours_at_which_most_are_awake():
    tocsin = Place()
    rows = [r.split("\t") for r in tocsin("best", "--place", "Rome", "--place", "Asia/Tokyo", "--place", "New York", "--format", "tsv").split("\n")]
    assert rows[0] == ["utc", "awake", "of", "clocks"] and rows[1][1:3] == ["3", "3"] and len(rows) == 26, rows
    assert rows[1][0] == "12:00" and rows[1][3] == "Rome 13:00, Asia/Tokyo 21:00, New York 07:00", rows[1]
    tocsin("best", "--place", "Avalonia", code=2, err="Avalonia")
    tocsin("best", "--place", "30,-45", code=2, err="Etc/GMT\\+3")
    for where, zones in (("Italy", 1), ("RU", 20), ("all", 300)):
        rows = [r.split("\t") for r in tocsin("best", "--place", where, "--format", "tsv").split("\n")]
        assert int(rows[1][2]) >= zones, rows[1]


@test
def people_see_a_column_for_each_place():
    tocsin = Place()
    out = tocsin("best", "--place", "Rome", "--place", "Asia/Tokyo", "--place", "New York", "--place", "Rome").split("\n")
    day, *out = out
    assert day.endswith(", the hours of UTC, the best first"), day
    assert out[0].split() == ["utc", "awake", "Rome", "Tokyo", "New", "York"], out[0]
    assert out[1].split() == ["12:00", "3", "of", "3", "13:00", "21:00", "07:00"], out[1]
    assert any("(04:00)" in line for line in out) and any("+1" in line for line in out), out
    assert all(len(line) <= 80 for line in out), out


run()
