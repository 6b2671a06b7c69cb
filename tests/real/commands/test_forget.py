"""tocsin forget: windows leave this store; the constellation stays."""
from organizers import bologna, people, run, test, valley


@test
def a_window_is_forgotten():
    tocsin = valley()
    uid = tocsin.declare("--title", "From the second", "--rule", "2027-09-01 at 12:00 UTC for 5m")
    tocsin("forget", "--expired", "--yes", code=1, err="nothing to forget")
    tocsin("forget", uid[:8], code=2, err="--yes")
    tocsin("forget", uid[:8], "--yes", out="1 record forgotten")
    assert uid not in tocsin("list", "--format", "tsv", code=1, err="no window")
    tocsin("forget", "--expired", "--yes", code=1, err="nothing to forget")


@test
def all_are_forgotten_and_the_root_is_not():
    tocsin = people("a")
    tocsin("root", "new", "One", "--threshold", "1", "--organizer", "a", "--yes")
    for rule in ("25 april at 20:00 everywhere for 15m", "weekend containing 25 april"):
        tocsin("declare", "--title", "x", "--rule", rule, "--yes")
    tocsin("forget", "--all", "--yes")
    tocsin("list", code=1, err="no window")
    tocsin("declare", "--title", "x", "--rule", "25 april at 20:00 everywhere for 15m", "--yes")
    tocsin("list", out="confirmed")


@test
def a_proposal_that_nobody_was_sent_is_withdrawn_by_its_id():
    tocsin, uid = bologna()
    for words in (["amend", uid, "--title", "Two"], ["cancel", uid, "--reason", "Storm"], ["root", "rotate"], ["revoke", "bela"]):
        record = tocsin(*words, "--key", "anna", "--yes").strip()
        assert tocsin.file(record).exists()
        tocsin("forget", record[:16], "--yes", out="^1 record forgotten")
        assert not tocsin.file(record).exists() and tocsin.status(uid) == "confirmed"
    tocsin("forget", tocsin.root[:16], "--yes", code=1)


@test
def a_cancellation_outlives_what_it_called_off_and_no_older_file_brings_that_back():
    tocsin, uid = bologna()
    old = tocsin.keys / "old.bundle"
    old.write_bytes(tocsin("show", uid, "--bundle", raw=True))
    copy = tocsin.copy("copy")
    copy("forget", uid, "--yes", err='"A minute for Bologna" is confirmed and still to come')
    tocsin("cosign", tocsin("cancel", uid, "--reason", "Storm", "--key", "anna", "--yes").strip(), "--key", "bela", "--yes")
    tocsin("forget", uid, "--yes", out="^1 record forgotten", err="the cancellation [0-9a-f]{16} stays", no_err="still to come")
    for words in ([uid], ["--all"]):
        tocsin("forget", *words, "--yes", code=1, err="stays(.|\\n)*nothing to forget")
    tocsin("join", old, "--key", "anna", "--yes")
    assert tocsin.status(uid) == "cancelled"


run()
