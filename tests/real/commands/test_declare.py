"""tocsin declare: a rule becomes a signed window; what is wrong is refused where it is wrong; the preview warns."""
import json
import re
import resource
import subprocess

from organizers import BOLOGNA, NOW, TOCSIN, bologna, declare_bologna, people, run, test, valley


@test
def a_window_is_declared():
    tocsin = people("anna")
    tocsin("declare", "--title", "x", "--rule", BOLOGNA, "--key", "anna", "--yes", code=2, err="no root is trusted")
    uid = declare_bologna(valley("valley"), err=r"2027-08-02T08:25:00Z  Mon 2027-08-02 10:25:00 Europe/Rome")
    assert re.fullmatch("[0-9a-f]{32}", uid), uid


@test
def the_preview_shows_the_world_and_the_clashes():
    tocsin, _ = bologna()
    text = subprocess.run([TOCSIN, "declare", "--title", "Party", "--gesture", "noise", "--tone", "celebration", "--rule",
                           "2 august at 20:00 in Europe/Rome for 10m", "--key", "anna", "--at", NOW], env=tocsin.env, capture_output=True,
                          stdin=subprocess.DEVNULL)
    shown = text.stderr.decode()
    assert text.returncode == 2 and "give --yes" in shown, shown
    assert re.search(r"^Los Angeles +Mon 2027-08-02 11:00 day", shown, re.M), shown
    assert re.search(r"^Tokyo +Tue 2027-08-03 03:00 night", shown, re.M), shown
    assert len(re.findall(r"^(?:Los Angeles|Mexico City|New York|São Paulo|Lagos|Rome|Nairobi|Delhi|Tokyo|Auckland) ", shown, re.M)) == 10
    assert 'warning: 2027: in the rest after "A minute for Bologna"' in shown, shown
    assert "day of vigil, and this is a celebration" in shown or "day of mourning, and this is a celebration" in shown, shown
    assert "| rule: 2 august at 20:00 in Europe/Rome for 10m" in shown, shown
    assert tocsin("list", "--format", "tsv").count("\n") == 2, "an unconfirmed declaration was stored"


@test
def no_text_takes_the_place_of_another_of_its_language():
    tocsin = valley()
    for more, says in ((["--title.", "y"], 'write --title.it TEXT'), (["--title", "y"], "--title is given twice"),
                       (["--title.it", "y", "--title.it=z"], "--title.it is given twice"), (["--about.it", "y", "--about.it", "z"], "--about.it is given twice")):
        tocsin("declare", "--title", "x", *more, "--rule", BOLOGNA, "--key", "anna", "--yes", code=2, err=says)
    tocsin("declare", "--title", "x", "--title.it", "y", "--about", "z", "--about.it", "z", "--rule", BOLOGNA, "--key", "anna", "--yes")


@test
def bad_declarations_are_refused_where_they_are_wrong():
    tocsin, _ = bologna()
    for rule, pattern in (("30 february at 10:00 in Europe/Rome for 1m", r"rule:1:\d+: "),
                          ("2 august at 10:25 in Europe/Roma for 1m", r"Europe/Roma"),
                          ("2 agost at 25:00 in Europe/Rome for 1m", r"rule:1:\d+: "),
                          ("2 août at 10:25 in Europe/Rom for 1m", r"rule:1:20: no zone"),
                          ("2 august at sunset at Avalonia for 1m", r"rule:1:23: no place"), ("", "rule")):
        tocsin("declare", "--title", "x", "--rule", rule, "--key", "anna", "--yes", code=2, err=pattern)
    ok = "2 august at 10:25 in Europe/Rome"
    tocsin("declare", "--title", "x", "--rule", ok, "--key", "anna", "--yes", code=2, err="--for")
    tocsin("declare", "--title", "x", "--rule", ok + " for 1m", "--for", "2m", "--key", "anna", "--yes", code=2, err="different durations")
    tocsin("declare", "--title", "x", "--rule", ok, "--for", "60s", "--key", "anna", "--yes", code=2, err="largest exact")
    tocsin("declare", "--title", "", "--rule", BOLOGNA, "--key", "anna", "--yes", code=2, err="--title: nothing stands in it: write some words")
    tocsin("declare", "--title", " x", "--rule", BOLOGNA, "--key", "anna", "--yes", code=2, err="--title \" x\": take the space")
    tocsin("declare", "--title", "x", "--rule", ok, "--for", "1m", "--tone", "glee", "--key", "anna", "--yes", code=2, err="mourning, vigil")
    tocsin("declare", "--title", "a\x1b[31mb", "--rule", ok, "--for", "1m", "--key", "anna", "--yes", code=2, err="no record may hold")
    tocsin("declare", "--title", "a\u202eb", "--rule", ok, "--for", "1m", "--key", "anna", "--yes", code=2, err="no record may hold")
    tocsin("declare", "--title", "x", "--title.ITALIAN", "y", "--rule", ok, "--for", "1m", "--key", "anna", "--yes", code=2)
    tocsin("declare", "--title", "x", "--rule", ok, "--for", "1m", "--url", "ftp://example.org/", "--key", "anna", "--yes", code=2)
    tocsin("declare", "--title", "x", "--rule", ok, "--for", "1m", "--beacon", "nobody", "--key", "anna", "--yes", code=2, err="no such beacon")
    tocsin("declare", "--title", "x", "--rule", "2020-08-02 at 10:25 UTC for 1m", "--key", "anna", "--yes", code=1,
           err="is past: its last date was 2020-08-02T10:25:00Z")
    tocsin("declare", "--title", "x", "--rule", "2 august at 10:25 UTC for 1m", "--expires", "2026-12-01", "--key", "anna", "--yes", code=2,
           err="--expires 2026-12-01T00:00:00Z: before the first date, 2027-08-02T10:25:00Z")
    tocsin("declare", "--title", "x", "--rule", "2 august at 10:25 UTC for 1m", "--url", "example.org", "--key", "anna", "--yes", code=2,
           err='--url "example.org": begin it with https://')
    for far in ("300y", "224y", "200000d", "9999999999999y", "99999999999999999999d", "2250-01-01", "2020-01-01", "0y"):
        tocsin("declare", "--title", "x", "--rule", ok, "--for", "1m", "--horizon", far, "--key", "anna", "--yes", code=2,
               err=f'^tocsin: --horizon "{far}": .*beyond 2249')
    tocsin("declare", "--title", "x", "--rule", "2 august 2249 at 10:25 UTC", "--for", "1m", "--horizon", "223y", "--key", "anna", code=2,
           err="give --yes")
    tocsin("declare", "--rule", ok, "--for", "1m", "--key", "anna", "--yes", code=2, err="--title")
    tocsin("declare", "--title", "x", "--key", "anna", "--yes", code=2, err="--rule")
    tocsin("declare", "--title", "x", "--rule", ok, "--for", "1m", "--key", "stranger", "--yes", code=2, err="not an organizer")
    tocsin("declare", "--title", "x", "--rule", ok, "--for", "1m", "--expires", "1600-01-01", "--key", "anna", code=2, err="from 1700 to 2249")
    tocsin("declare", "--title", "x", "--rule", "2 august at sunset at here for 1m", "--key", "anna", code=2, err="[Ww]rite its position",
           no_err="--place")
    assert tocsin("list", "--format", "tsv").count("\n") == 2


@test
def other_shapes_become_records():
    tocsin = people("a")
    tocsin("root", "new", 'A "quoted" \\ name', "--threshold", "1", "--organizer", "a", "--yes")
    assert json.loads(tocsin("root", "list", "--format", "json"))[0]["name"] == 'A "quoted" \\ name'
    for rule, start, lasts, count in (("25 april at 20:00 everywhere for 15m", "2027-04-25T20:00:00", "15m", 2),
                                      ("weekend containing 25 april", "2027-04-24", "2d", 2),
                                      ("21 june at sunset at Rome, Tokyo for 10m", "2027-06-21T10:00:14Z", "10m", 4),
                                      ("every thursday at 15:30 in America/Argentina/Buenos_Aires for 30m", "2026-11-26T18:30:00Z", "30m", 104)):
        uid = tocsin("declare", "--title", 'T "x"', "--rule", rule, "--yes").strip()
        row = next(r for r in json.loads(tocsin("list", "--format", "json")) if r["uid"] == uid)
        assert (row["status"], row["next_start"], row["for"], row["title"]) == ("confirmed", start, lasts, 'T "x"'), row
        assert len(json.loads(tocsin("show", uid, "--format", "json"))) == count, rule
    tocsin("declare", "--title", "x", "--rule", "21 june at sunset at all for 10m", "--yes", code=2, err="more places")


@test
def a_full_disk_loses_nothing():
    tocsin, _ = bologna()
    before = tocsin("list", "--format", "tsv")

    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    tocsin("declare", "--title", "No room", "--rule", "2027-06-01 at 12:00 UTC for 5m", "--key", "anna", "--yes", code=3,
           err="(?i)file too large|no space|write", preexec_fn=no_room)
    assert tocsin("list", "--format", "tsv") == before
    tocsin("fsck", out=" 0 faults$")


@test
def look_alikes_are_told():
    tocsin = valley()
    words = re.search(r"^words      ((?:[bdfghjklmnprstvz][aiou]){2}.*)$", tocsin("root", "show"), re.M).group(1)
    value = "bdfghjklmnprstvz"
    bits = [value.index(w[0]) << 12 | "aiou".index(w[1]) << 10 | value.index(w[2]) << 6 | "aiou".index(w[3]) << 4 | value.index(w[4])
            for w in words.split()]
    assert "".join("%04x" % b for b in bits) == tocsin.root[:16], (words, tocsin.root)
    ask = ["--rule", "2027-06-01 at 12:00 UTC for 5m", "--key", "anna"]
    tocsin("declare", "--title", "Minute in B\u043elogna", *ask, code=2, err='"B\u043elogna" mixes alphabets')
    for honest in ("Минута молчания", "Μνήμη", "Una minuto, è così", "Tokyo 東京 さくら", "Москва and Roma"):
        done = subprocess.run([TOCSIN, "declare", "--title", honest, *ask, "--at", NOW], env=tocsin.env, capture_output=True,
                              stdin=subprocess.DEVNULL)
        assert b"mixes" not in done.stderr, done.stderr


@test
def a_message_names_the_option_that_is_wrong():
    tocsin = valley()
    for words, why in ((["--title.xx", "x"], "--title.xx: give a --title too"), (["--title", "x", "--url", "example.org"], '--url "example.org": begin it with https'),
                       (["--title", "x", "--title.1", "y"], '--title.1 "y": expected a language tag'),
                       (["--title", "x", "--expires", "2026-12-01"], "--expires 2026-12-01T00:00:00Z: before the first date, 2027-08-02"),
                       (["--title", "x", "--about", "y" * 4000, "--about.it", "y" * 4000, "--about.fr", "y" * 4000, "--about.de", "y" * 4000, "--about.es",
                         "y" * 4000], "longer than 16384 bytes")):
        tocsin("declare", *words, "--rule", BOLOGNA, "--key", "anna", code=2, err=why, no_err="occurrences:")
    for words, why in ((["--feed", "site=valley.example"], '--feed "valley.example": expected a URL'), (["--broker", "b:1883"], '--broker "b:1883": expected a URL'),
                       (["--broker", "mqtt://b/x"], '--broker "mqtt://b/x": a broker URL has no user, path or query')):
        tocsin("root", "new", "X", "--organizer", "anna", "--threshold", 1, *words, "--key", "anna", code=2, err=why)


@test
def zones_and_places_are_guessed_and_a_past_date_says_so():
    tocsin = valley()
    for typed, meant in (("Europe/Lisboa", "Europe/Lisbon"), ("Europe/Roma", "Europe/Rome"), ("Asia/Tokio", "Asia/Tokyo"), ("America/NewYork", "America/New_York"),
                         ("Europe/Rmoe", "Europe/Rome"), ("Rmoe", "Rome"), ("Bolonga", "Bologna")):
        tocsin("declare", "--title", "x", "--rule", f"1 may at 20:00 in {typed} for 1m", "--key", "anna", code=2, err=f'did you mean "{meant}"[?]')
        tocsin("when", f"1 may at 20:00 in {meant}", out="^[A-Z][a-z]{2} 2027-05-01 20:00  .*  2027-05-0[12]")
    tocsin("when", "1 may at 20:00 in Nowhere/Land", code=2, err="zones are named like Europe/Rome")
    tocsin("when", "2025-01-01 at 10:00 UTC", code=1, err="it is past: its last date was 2025-01-01T10:00:00Z")
    tocsin("declare", "--title", "x", "--rule", "2025-01-01 at 10:00 UTC for 1m", "--key", "anna", code=1, err="is past: its last date was 2025-01-01")
    tocsin("when", "2025-01-01 at 10:00 UTC", "--from", "2026-01-01", code=1, err="no occurrence of .* from 2026-01-01")


run()
