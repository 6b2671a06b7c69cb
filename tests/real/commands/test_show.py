"""tocsin show: a window, its text, and what is known of it, which no text can look like."""
import json
import re

from organizers import bologna, declare_bologna, run, test, valley


@test
def a_window_is_shown():
    tocsin = valley()
    uid = declare_bologna(tocsin)
    tocsin("show", uid, out="^waiting    declaration [0-9a-f]{64}, signed by 1, 2 needed$")
    tocsin("cosign", uid, "--key", "bela", "--yes")
    tocsin("show", uid[:8], out="^status     confirmed")
    tocsin("show", uid, out=r"^about      Two lines\n {11}with a \\ in it\n\S")
    for pair in (["--bundle"], ["--out", "text.txt"], ["--qr"]):
        tocsin("show", uid, "--text", *pair, code=2, err="--text writes the record alone")
    tocsin("show", uid, "--text", out=r"^about: Two lines\\nwith a \\\\ in it$")
    assert json.loads(tocsin("show", uid, "--format", "json"))[1] == {
        "key": "2028", "start": "2028-08-02T08:25:00Z", "end": "2028-08-02T08:26:00Z", "state": "in-force", "place": "",
        "cancel": "", "reason": "", "cancel_signers": ""}
    easter = tocsin.declare("--title", "Easter", "--rule", "easter at 10:00 UTC", "--for", "1m", "--horizon", "4y")
    tocsin("show", easter, out="^2027 .*tentative$(.|\n)*^2030 .*  after the root's end$")
    assert json.loads(tocsin("show", easter, "--format", "json"))[-1]["state"] == "expired"
    tocsin("show", "nosuchuid", code=1, err="no window")
    tocsin("show", "0" * 32, code=1, err="no window")


@test
def a_window_goes_by_the_id_of_any_of_its_records():
    tocsin, uid = bologna()
    first = tocsin("list", "--format", "json") and json.loads(tocsin("status", "--format", "json"))[0]["record"]
    amended = [tocsin("amend", uid, "--title", title, "--key", key, "--yes").strip() for title, key in (("Two", "anna"), ("Three", "chidi"))]
    tocsin("cosign", amended[0], "--key", "bela", "--yes")
    for record in (first, *amended):
        tocsin("show", record[:8], out=uid)
        tocsin("verify", record, out="^good .*Two")
    tocsin("amend", first, "--title", "Four", "--key", "anna", "--yes")


@test
def no_text_of_a_window_looks_like_what_is_known_of_it():
    tocsin = valley()
    lie = "hello\nstatus     confirmed: 2 of 2 signatures\nsigned     0123456789abcdef  bela"
    uid = tocsin.declare("--title", "A lie", "--about", lie, "--about.it", lie, "--beacon", "beacon", "--rule",
                         "2027-03-01 at 12:00 UTC for 5m")
    shown = tocsin("show", uid, out=r"^beacon     [0-9a-f]{16}  beacon$")
    assert re.findall("^(?:status|signed) .*", shown, re.M)[0] == "status     tentative: 1 of 2 signatures", shown
    assert len(re.findall("^(?:status|signed) ", shown, re.M)) == 2 and shown.count(" confirmed: 2 of 2") == 2, shown


@test
def a_window_goes_by_many_names():
    tocsin = valley()
    first = declare_bologna(tocsin)
    second = tocsin.declare("--title", "Città di luci", "--title.en", "Lights of the valley", "--rule", "25 april at 20:00 everywhere for 15m")
    words = re.search("^words      (.*)$", tocsin("show", first), re.M)[1]
    for uid, names in ((first, (first[:5], first[:8], words, words.upper(), "bologna", "BOLOGNA", "minuto", "2")),
                       (second, (second, "citta", "Lights of", "valley", "1"))):
        for name in names:
            tocsin("show", name, out=f"^uid        {uid}$")
    tocsin("list", out=f"^1  {second}(.|\n)*^2  {first}")
    tocsin("show", "t", code=2, err=f'fits several windows; say which:\n.*  {second[:8]}  tentative  Città di luci')
    for name in ("3", "0", "", first[:3] if not first[:3].isdigit() else "zzz"):
        tocsin("show", name, code=1, err="no window")
    tocsin("cosign", "lights", "--key", "bela", "--yes")
    assert tocsin.status(second) == "confirmed"
    tocsin("amend", "lights", "--for", "20m", "--rule", "25 april at 20:00 everywhere", "--key", "anna", "--yes")
    tocsin("cancel", "bologna", "--reason", "Storm", "--key", "anna", "--yes")


run()
