"""tocsin list: what is declared and what it means now, in each format and language."""
from organizers import declare_bologna, run, test, valley


@test
def a_window_is_tentative_until_two_have_signed():
    tocsin = valley()
    uid = declare_bologna(tocsin)
    assert tocsin("list", "--format", "tsv").split("\n")[:2] == [
        "uid\tstatus\tnext_start\tfor\ttitle", f"{uid}\ttentative\t2027-08-02T08:25:00Z\t1m\tA minute for Bologna"]
    tocsin("cosign", uid, "--key", "bela", "--yes", err=r"\| title.it: Un minuto per Bologna")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed\t")
    tocsin("list", "--format", "tsv", env={"LANG": "it_IT.UTF-8"}, out="Un minuto per Bologna$")


@test
def what_is_wrong_is_refused():
    tocsin = valley()
    for at in ("2026-13-01", "1600-01-01T00:00:00Z", "2250-01-01"):
        tocsin("list", at=at, code=2, err="not an instant from 1700 to 2249")
    tocsin("list", "--format", "xml", code=2, err="table, tsv or json")


run()
