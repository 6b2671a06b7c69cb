"""tocsin list: what is declared and what it means now, in each format and language."""
from ask import ask_at_terminal
from organizers import BOLOGNA, NOW, bologna, declare_bologna, run, test, valley


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


@test
def it_fits_the_terminal_and_scripts_get_all_of_it():
    tocsin = valley()
    title = "A minute for " + ", ".join(["all who are not here any more"] * 3)
    uid = tocsin.declare("--title", title, "--rule", BOLOGNA)
    roots = ask_at_terminal(["root", "list"], {**tocsin.env, "NO_COLOR": "1"}, [], columns=80).splitlines()
    assert max(map(len, roots)) <= 80 and roots[-1].startswith(tocsin.root[:8]), roots
    seen = ask_at_terminal(["list", "--at", NOW], {**tocsin.env, "TZ": "Europe/Rome", "NO_COLOR": "1"}, [], columns=80).splitlines()[-2:]
    assert all(len(line) <= 80 for line in seen) and f"1  {uid[:8]}  tentative  Mon 2027-08-02 10:25:00  1m   A minute" in seen[1], seen
    assert seen[1].endswith("...") and seen[0].split()[:3] == ["#", "uid", "status"] and title in tocsin("list") and uid in tocsin("list"), seen


@test
def what_waits_fits_a_terminal_of_80_columns_too_and_a_dumb_one_gets_no_colour():
    tocsin, uid = bologna()
    tocsin("amend", uid, "--rest", "48h", "--key", "anna", "--yes")
    for zone in ("Europe/Rome", "America/Argentina/Buenos_Aires"):
        seen = ask_at_terminal(["list", "--at", NOW], {**tocsin.env, "TZ": zone, "TERM": "dumb"}, [], columns=80).splitlines()
        assert "confirmed, 1 waiting" in seen[-1] and all(len(line) <= 80 for line in seen) and "\x1b" not in "".join(seen), seen


@test
def letters_that_are_not_seen_are_told_of():
    tocsin = valley()
    uid = tocsin.declare("--title", "Vi\u200bgil", "--rule", BOLOGNA)
    other = tocsin.copy("other")
    other("forget", uid, "--yes")
    tocsin("list", err=f"warning: {uid[:8]} title: it has a character that is not seen")
    other("sync", tocsin.store, err=f"warning: {uid[:8]} title: it has a character that is not seen")
    tocsin("root", "new", "Vall\u200bey", "--threshold", "1", "--organizer", "anna", "--key", "anna", "--yes")
    tocsin("list", err="warning: [0-9a-f]{16} name: it has a character that is not seen")


run()
