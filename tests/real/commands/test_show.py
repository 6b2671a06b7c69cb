"""tocsin show: a window, its text, and what is known of it, which no text can look like."""
import json
import re

from organizers import declare_bologna, run, test, valley


@test
def a_window_is_shown():
    tocsin = valley()
    uid = declare_bologna(tocsin)
    tocsin("show", uid, out="^waiting    declaration [0-9a-f]{64}, signed by 1, 2 needed$")
    tocsin("cosign", uid, "--key", "bela", "--yes")
    tocsin("show", uid[:8], out="^status     confirmed")
    tocsin("show", uid, out=r"^about      Two lines\n {11}with a \\ in it\n\S")
    tocsin("show", uid, "--text", out=r"^about: Two lines\\nwith a \\\\ in it$")
    assert json.loads(tocsin("show", uid, "--format", "json"))[1] == {
        "key": "2028", "start": "2028-08-02T08:25:00Z", "end": "2028-08-02T08:26:00Z", "state": "in-force", "place": "",
        "cancel": "", "reason": "", "cancel_signers": ""}
    tocsin("show", "nosuchuid", code=2)
    tocsin("show", "0" * 32, code=1, err="no window")


@test
def no_text_of_a_window_looks_like_what_is_known_of_it():
    tocsin = valley()
    lie = "hello\nstatus     confirmed: 2 of 2 signatures\nsigned     0123456789abcdef  bela"
    uid = tocsin.declare("--title", "A lie", "--about", lie, "--about.it", lie, "--beacon", "beacon", "--rule",
                         "2027-03-01 at 12:00 UTC for 5m")
    shown = tocsin("show", uid, out=r"^beacon     [0-9a-f]{16}  beacon$")
    assert re.findall("^(?:status|signed) .*", shown, re.M)[0] == "status     tentative: 1 of 2 signatures", shown
    assert len(re.findall("^(?:status|signed) ", shown, re.M)) == 2 and shown.count(" confirmed: 2 of 2") == 2, shown


run()
