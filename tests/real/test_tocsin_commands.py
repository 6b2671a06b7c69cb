"""The program tocsin as a person or a script meets it: commands, exit codes, what it prints; good and bad input.

Works in the current folder, which is its own; TOCSIN_BIN is the folder of the programs.
"""
import functools
import http.server
import json
import os
import pathlib
import re
import resource
import shutil
import socketserver
import subprocess
import sys
import threading

from ask import TOCSIN, ask

NOW = "2026-11-23T12:00:00Z"
HERE = pathlib.Path.cwd()
ENV = {"PATH": os.environ["PATH"], "HOME": str(HERE), "LANG": "C.UTF-8", "TOCSIN_HOME": str(HERE / "store"),
       "TOCSIN_CONFIG": str(HERE / "config")}
KEYS = HERE / "config/keys"
checks = 0


def tocsin(*args, env=None, at=NOW, **more):
    global checks
    checks += 1
    return ask([*args, *(["--at", at] if at else [])], {**ENV, **(env or {})}, **more).stdout.decode(errors="replace")


def declare(*args, key="anna", **more):
    return tocsin("declare", *args, "--key", key, "--yes", **more).strip()


def the_program_answers_for_itself():
    tocsin("--version", at=None, out=r"^tocsin \d")
    tocsin("--help", at=None, out="declare")
    tocsin(at=None, code=2, err="Usage")
    tocsin("decalre", at=None, code=2, err='did you mean "tocsin declare"')
    tocsin("xyzzy", at=None, code=2, err="unknown command")
    tocsin("key", "nwe", at=None, code=2, err='did you mean "tocsin key new"')
    names = re.findall(r"^  ([a-z]+) ", tocsin("--help", at=None), re.M)
    for name in names:
        tocsin(name, "--help", at=None, out="(?i)usage")
    with open("/dev/full", "wb") as full:
        for words in (["--help"], ["key", "--help"], ["when", "--version"], *([name, "--help"] for name in names)):
            done = subprocess.run([TOCSIN, *words], stdout=full, stderr=subprocess.PIPE, env=ENV)
            assert done.returncode == 3 and re.match(b"tocsin: standard output: (No space left|not everything)", done.stderr), done


def keys_are_made_and_listed():
    tocsin("key", "list", code=1, err="no key")
    for name in ("anna", "bela", "chidi", "beacon", "site", "stranger"):
        public = tocsin("key", "new", name, "--unsealed").strip()
        assert re.fullmatch(r"[A-Za-z0-9+/]{56}", public), public
        assert (KEYS / f"{name}.key").stat().st_mode & 0o777 == 0o600
    tocsin("key", "new", "anna", "--unsealed", code=2, err="exists already")
    tocsin("key", "new", "../anna", "--unsealed", code=2, err="letters, digits")
    tocsin("key", "new", code=2)
    tocsin("key", "new", "sealed", code=2, err="--unsealed")  # nobody to type a passphrase
    rows = json.loads(tocsin("key", "list", "--format", "json"))
    assert [r["name"] for r in rows] == ["anna", "beacon", "bela", "chidi", "site", "stranger"], rows
    assert all(re.fullmatch("[0-9a-f]{16}", r["id"]) for r in rows)


def a_root_needs_its_threshold():
    members = ["--organizer", "anna", "--organizer", KEYS / "bela.pub", "--organizer",
               (KEYS / "chidi.pub").read_text().split("\n")[1] + "=Chidi Ọ.", "--beacon", "beacon",
               "--feed", "site=https://example.org/feeds/"]
    tocsin("declare", "--title", "x", "--rule", "2 august at 10:25 in Europe/Rome for 1m", "--key", "anna", "--yes", code=2,
           err="no root is trusted")
    tocsin("root", "new", "Too much", "--threshold", 4, *members, "--key", "anna", "--yes", code=2, err="threshold")
    tocsin("root", "new", "Twice", "--threshold", 1, "--organizer", "anna", "--organizer", "anna", "--key", "anna", "--yes",
           code=2, err="refused")
    tocsin("root", "new", "By a stranger", "--threshold", 2, *members, "--key", "stranger", "--yes", code=2,
           err="not one of the organizers")
    tocsin("root", "new", "Which key", "--threshold", 2, *members, "--yes", code=2, err="--key anna")
    tocsin("root", "new", "Nobody asked", "--threshold", 2, *members, "--key", "anna", code=2, err="--yes")
    tocsin("root", "new", "All of them", "--threshold", 3, *members, "--key", "anna", code=2, err="one lost key")
    tocsin("root", "new", "One alone", "--threshold", 1, "--organizer", "anna", "--key", "anna", code=2, err="warning: one organizer alone")
    tocsin("root", "new", "Over", "--threshold", 2, *members, "--expires", "2020-01-01T00:00:00Z", "--key", "anna", code=2,
           err=r"warning: this root ends in the past \(2020-01-01T00:00:00Z\)")
    root = tocsin("root", "new", "Tre città", "--threshold", 2, *members, "--key", "anna", "--yes",
                  err=r"tocsin cosign [0-9a-f]{16}").strip()
    assert re.fullmatch("[0-9a-f]{64}", root), root
    tocsin("root", "show", out="signed     by 1 of 3")
    tocsin("cosign", root, "--key", "stranger", "--yes", code=2, err="not an organizer")
    tocsin("cosign", root, "--key", "anna", "--yes", code=1, err="counts once")
    tocsin("cosign", root, "--key", "bela", "--yes", out=root)
    tocsin("root", "show", out="signed     by 2 of 3")
    tocsin("root", "show", out="Chidi Ọ.")
    words = re.search("^words      (.*)$", tocsin("root", "show"), re.M).group(1)
    assert tocsin("root", "list", "--format", "tsv").split("\n")[1].split("\t") == [
        root, words, "1", "2", "3", "2028-11-23T12:00:00Z", "Tre città"]
    return root


def a_window_is_declared_and_cosigned():
    uid = declare("--title", "A minute for Bologna", "--title.it", "Un minuto per Bologna", "--title.pt-br=Um minuto",
                  "--gesture", "silence", "--tone", "mourning", "--rule", "2 august at 10:25 in Europe/Rome for 1m", "--rest", "24h",
                  "--about", "Two lines\nwith a \\ in it", "--url", "https://example.org/bologna",
                  err=r"2027-08-02T08:25:00Z  Mon 2027-08-02 10:25:00 Europe/Rome")
    assert re.fullmatch("[0-9a-f]{32}", uid), uid
    assert tocsin("list", "--format", "tsv").split("\n")[:2] == [
        "uid\tstatus\tnext_start\tfor\ttitle", f"{uid}\ttentative\t2027-08-02T08:25:00Z\t1m\tA minute for Bologna"]
    tocsin("show", uid, out="^waiting    declaration [0-9a-f]{64}, signed by 1, 2 needed$")
    tocsin("cosign", uid, "--key", "bela", "--yes", err=r"\| title.it: Un minuto per Bologna")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed\t")
    tocsin("list", "--format", "tsv", env={"LANG": "it_IT.UTF-8"}, out="Un minuto per Bologna$")
    tocsin("show", uid[:8], out="^status     confirmed")
    tocsin("show", uid, out=r"^about      Two lines\n {11}with a \\ in it\n\S")
    tocsin("show", uid, "--text", out=r"^about: Two lines\\nwith a \\\\ in it$")
    assert json.loads(tocsin("show", uid, "--format", "json"))[1] == {
        "key": "2028", "start": "2028-08-02T08:25:00Z", "end": "2028-08-02T08:26:00Z", "state": "in-force", "place": "",
        "cancel": "", "reason": "", "cancel_signers": ""}
    return uid


def no_text_of_a_window_looks_like_what_is_known_of_it():
    lie = "hello\nstatus     confirmed: 2 of 2 signatures\nsigned     0123456789abcdef  bela"
    uid = declare("--title", "A lie", "--about", lie, "--about.it", lie, "--beacon", "beacon", "--rule", "2027-03-01 at 12:00 UTC for 5m")
    shown = tocsin("show", uid, out=r"^beacon     [0-9a-f]{16}  beacon$")
    assert re.findall("^(?:status|signed) .*", shown, re.M)[0] == "status     tentative: 1 of 2 signatures", shown
    assert len(re.findall("^(?:status|signed) ", shown, re.M)) == 2 and shown.count(" confirmed: 2 of 2") == 2, shown
    tocsin("forget", uid, "--yes")


def a_window_is_explained(uid):
    tocsin("explain", uid[:8], out="^All 2 signed instants are what the rule says here")
    tocsin("explain", "0" * 32, code=1, err="no window")
    tocsin("explain", "2 august at 10:25 in Europe/Rome for 1m")


def here_is_where_place_says():
    rule = "2 august at sunset at here for 1m"
    for command in ("when", "explain"):
        tocsin(command, rule, code=2, err='rule:1:23: no place "here": say where with --place, a city or LAT,LON$')
        tocsin(command, rule, "--place", "30,-45", code=2, err='rule:1:23: --place: 30,-45 lies at sea, and no clock is '
               'known there: write its zone after it, as in "30,-45 in Etc/GMT\\+3"$')
        tocsin(command, rule, "--place", "Italy", code=2, err="one place is needed here")
        tocsin(command, rule, "--place", "Springfield", code=2, err='write "Springfield, Missouri, US"')
        tocsin(command, rule, "--place", "Bolonga", code=2, err='did you mean "Bologna"')
        tocsin(command, rule, "--place", "44.49,11.34 in Nowhere/City", code=2, err='no zone "Nowhere/City"')
        tocsin(command, rule, "--place", "44.49,11.34,80 in Europe/Rome", out=".")
        tocsin(command, rule, "--place", "Rome", out=".")
    for where in ("34.05,-118.25", "34.05,-118.25 in America/Los_Angeles", "Los Angeles"):
        tocsin("when", rule, "--place", where, "--from", "2027-01-01", "--to", "2028-01-01",
               out="2027-08-02 19:5\\d:\\d\\d -07:00 America/Los_Angeles")
    tocsin("when", "2 august at 20:00 at 34.05,-118.25", "--from", "2027-01-01",
           out="2027-08-02 20:00:00 -07:00 America/Los_Angeles")
    tocsin("when", "2 august at 20:00 at 30,-45", code=2, err="rule:1:22: 30,-45 lies at sea")
    tocsin("declare", "--title", "x", "--rule", rule, "--key", "anna", code=2, err="[Ww]rite its position", no_err="--place")


def the_preview_shows_the_world_and_the_clashes(uid):
    text = subprocess.run([TOCSIN, "declare", "--title", "Party", "--gesture", "noise", "--tone", "celebration", "--rule",
                           "2 august at 20:00 in Europe/Rome for 10m", "--key", "anna", "--at", NOW], env=ENV, capture_output=True,
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


def bad_declarations_are_refused_where_they_are_wrong():
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
    tocsin("declare", "--title", "x", "--rule", ok, "--for", "1m", "--tone", "glee", "--key", "anna", "--yes", code=2, err="mourning, vigil")
    tocsin("declare", "--title", "a\x1b[31mb", "--rule", ok, "--for", "1m", "--key", "anna", "--yes", code=2, err="no record may hold")
    tocsin("declare", "--title", "a\u202eb", "--rule", ok, "--for", "1m", "--key", "anna", "--yes", code=2, err="no record may hold")
    tocsin("declare", "--title", "x", "--title.ITALIAN", "y", "--rule", ok, "--for", "1m", "--key", "anna", "--yes", code=2)
    tocsin("declare", "--title", "x", "--rule", ok, "--for", "1m", "--url", "ftp://example.org/", "--key", "anna", "--yes", code=2)
    tocsin("declare", "--title", "x", "--rule", ok, "--for", "1m", "--beacon", "nobody", "--key", "anna", "--yes", code=2, err="no such beacon")
    tocsin("declare", "--title", "x", "--rule", "2020-08-02 at 10:25 UTC for 1m", "--key", "anna", "--yes", code=1, err="no occurrence")
    for far in ("300y", "224y", "200000d", "9999999999999y", "99999999999999999999d", "2250-01-01", "2020-01-01", "0y"):
        tocsin("declare", "--title", "x", "--rule", ok, "--for", "1m", "--horizon", far, "--key", "anna", "--yes", code=2,
               err=f'^tocsin: --horizon "{far}": .*beyond 2249')
    tocsin("declare", "--title", "x", "--rule", "2 august 2249 at 10:25 UTC", "--for", "1m", "--horizon", "223y", "--key", "anna", code=2,
           err="give --yes")
    tocsin("declare", "--rule", ok, "--for", "1m", "--key", "anna", "--yes", code=2, err="--title")
    tocsin("declare", "--title", "x", "--key", "anna", "--yes", code=2, err="--rule")
    tocsin("declare", "--title", "x", "--rule", ok, "--for", "1m", "--key", "stranger", "--yes", code=2, err="not an organizer")
    for at in ("2026-13-01", "1600-01-01T00:00:00Z", "2250-01-01"):
        tocsin("list", at=at, code=2, err="not an instant from 1700 to 2249")
    tocsin("declare", "--title", "x", "--rule", ok, "--for", "1m", "--expires", "1600-01-01", "--key", "anna", code=2, err="from 1700 to 2249")
    tocsin("root", "rotate", "--expires", "2300-01-01", "--key", "anna", code=2, err="from 1700 to 2249")
    tocsin("list", "--format", "xml", code=2, err="table, tsv or json")
    tocsin("show", "nosuchuid", code=2)
    tocsin("show", "0" * 32, code=1, err="no window")
    assert tocsin("list", "--format", "tsv").count("\n") == 2


def stock_minisign_verifies_what_we_wrote(root):
    records = sorted((HERE / "store/records").glob("*/*.rec"))
    assert len(records) == 2, records
    for record in records:
        for name in ("anna", "bela"):
            key_id = next(r["id"] for r in json.loads(tocsin("key", "list", "--format", "json")) if r["name"] == name)
            signature = HERE / "store/sigs" / record.parent.name / f"{record.stem}.{key_id}.minisig"
            done = subprocess.run(["minisign", "-Vm", record, "-x", signature, "-p", KEYS / f"{name}.pub"], capture_output=True)
            assert done.returncode == 0, (done.stdout, done.stderr)
            assert f"tocsin {'root' if record.stem == root else 'window'} {record.stem}".encode() in done.stdout, done.stdout


def verify_judges_files(root, uid):
    record = next(p for p in (HERE / "store/records").glob("*/*.rec") if p.stem != root)
    tocsin("verify", record, out="^good .*signed by 2, 2 needed")
    work = HERE / "verify"
    work.mkdir()
    copy = work / "w.rec"
    shutil.copy(record, copy)
    signatures = sorted((HERE / "store/sigs" / record.parent.name).glob(record.stem + "*"))
    shutil.copy(signatures[0], work / "w.first.minisig")
    tocsin("verify", copy, code=1, out="^no .*signed by 1, 2 needed")
    shutil.copy(signatures[0], work / "w.again.minisig")
    tocsin("verify", copy, code=1, out="^no .*signed by 1, 2 needed")  # the same key counts once
    shutil.copy(signatures[1], work / "w.second.minisig")
    tocsin("verify", copy, out="^good ")
    tocsin("verify", copy, record, out="^good ")
    good = copy.read_bytes()
    copy.write_bytes(good.replace(b"A minute", b"An hour!"))
    tocsin("verify", copy, code=1, err="signature")  # a wrong signature
    copy.write_bytes(good[:-30])
    tocsin("verify", copy, code=1, err=r"w\.rec:\d+:\d+: ")  # cut short
    copy.write_bytes(good + b"x" * 16384)
    tocsin("verify", copy, code=2, err="no record has more than 16384 bytes$")  # too large
    copy.write_bytes(good)
    theirs = work / "stranger.rec"
    shutil.copy(copy, theirs)
    subprocess.run(["minisign", "-Sm", theirs, "-s", KEYS / "stranger.key", "-W", "-x", work / "stranger.x.minisig"],
                   check=True, capture_output=True, stdin=subprocess.DEVNULL)
    tocsin("verify", theirs, code=1, err="unknown key")
    tocsin("verify", work / "absent.rec", code=2, err="absent.rec")
    bundle = work / "b.bundle"
    bundle.write_bytes(subprocess.run([TOCSIN, "show", uid, "--bundle"], env=ENV, capture_output=True, check=True).stdout)
    tocsin("verify", bundle, out="^good .*window")
    bundle.write_bytes(bundle.read_bytes()[:-20])
    tocsin("verify", bundle, code=2, err="cut short")
    # stock minisign's signature counts as ours do
    ours = work / "by-minisign.rec"
    shutil.copy(copy, ours)
    for name in ("anna", "chidi"):
        subprocess.run(["minisign", "-Sm", ours, "-s", KEYS / f"{name}.key", "-W", "-x", work / f"by-minisign.{name}.minisig"],
                       check=True, capture_output=True, stdin=subprocess.DEVNULL)
    tocsin("verify", ours, out="^good .*signed by 2, 2 needed")


def keys_that_others_can_read_are_refused(uid):
    bad = HERE / "bad"
    bad.mkdir()
    for name, mode in (("group", 0o640), ("world", 0o604)):
        path = bad / f"{name}.key"
        shutil.copy(KEYS / "chidi.key", path)
        path.chmod(mode)
        tocsin("cosign", uid, "--key", path, "--yes", code=2, err="chmod|0600")
    tocsin("cosign", uid, "--key", KEYS / "chidi.pub", "--yes", code=2, err=r"chidi\.pub: this is a public key: .*chidi\.key", no_err="chmod")
    (bad / "link.key").symlink_to(KEYS / "chidi.key")
    tocsin("cosign", uid, "--key", bad / "link.key", "--yes", code=2)
    (bad / "junk.key").write_text("not a key\n")
    (bad / "junk.key").chmod(0o600)
    tocsin("cosign", uid, "--key", bad / "junk.key", "--yes", code=2)
    tocsin("cosign", uid, "--key", bad / "absent.key", "--yes", code=2, err="neither a file nor a key")
    tocsin("cosign", uid, "--yes", code=2, err="choose one with --key")


def another_place_takes_the_root_and_cosigns_a_file(root, uid):
    """Chidi has a computer of his own: a bundle comes by post, his signature goes back by post."""
    tocsin("declare", "--title", "By post", "--rule", "2027-03-01 at 12:00 UTC for 5m", "--key", "anna", "--yes")
    post = next(r for r in json.loads(tocsin("list", "--format", "json")) if r["title"] == "By post")["uid"]
    assert post != uid
    bundle = HERE / "post.bundle"
    bundle.write_bytes(subprocess.run([TOCSIN, "show", post, "--bundle"], env=ENV, capture_output=True, check=True).stdout)
    far = {"TOCSIN_HOME": str(HERE / "far-store"), "TOCSIN_CONFIG": str(HERE / "far-config")}
    (HERE / "far-config/keys").mkdir(parents=True)
    shutil.copy(KEYS / "chidi.key", HERE / "far-config/keys/chidi.key")
    tocsin("cosign", bundle, "--yes", env=far, code=2, err="root trust")
    tocsin("root", "trust", bundle, env=far, code=2, err="--yes")
    tocsin("root", "trust", bundle, "--yes", env=far, out=root)
    tocsin("cosign", bundle, "--yes", env=far)
    tocsin("list", "--format", "tsv", env=far, out=f"^{post}\tconfirmed")
    back = HERE / "back.bundle"
    back.write_bytes(subprocess.run([TOCSIN, "show", post, "--bundle"], env={**ENV, **far}, capture_output=True, check=True).stdout)
    tocsin("verify", back, out="good .*window .*signed by 2")
    tocsin("cosign", back, "--key", "bela", "--yes", code=1, err="nothing in it")  # but it is taken in
    tocsin("list", "--format", "tsv", out=f"^{post}\tconfirmed")


def windows_are_amended_and_cancelled():
    uid = declare("--title", "Vigil", "--rule", "4 may at 20:00 in Europe/Amsterdam for 2m", "--horizon", "5y")
    tocsin("cosign", uid, "--key", "bela", "--yes")
    amendment = tocsin("amend", uid, "--title", "Vigil, longer", "--for", "5m", "--key", "anna", "--yes", code=2,
                       err="different durations")
    amendment = tocsin("amend", uid, "--title", "Vigil, later", "--rule", "4 may at 21:00 in Europe/Amsterdam for 2m", "--key",
                       "anna", "--yes").strip()
    tocsin("show", uid, out=f"^waiting    amendment {amendment}, signed by 1, 2 needed$")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed\t2027-05-04T18:00:00Z\t2m\tVigil$")
    tocsin("cosign", amendment, "--key", "chidi", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed\t2027-05-04T19:00:00Z\t2m\tVigil, later$")
    assert [o["key"] for o in json.loads(tocsin("show", uid, "--format", "json"))] == ["2027", "2028"]
    tocsin("cancel", uid, "--occurrence", "1999", "--key", "anna", "--yes", code=2, err='no occurrence "1999"')
    tocsin("cancel", uid, "--occurrence", "2027", "--key", "anna", "--yes")
    tocsin("cosign", uid, "--key", "bela", "--yes")
    assert [o["state"] for o in json.loads(tocsin("show", uid, "--format", "json"))] == ["off", "in-force"]
    before = sorted((HERE / "store").rglob("*.minisig"))
    tocsin("cancel", uid, "--occurrence", "2027", "--key", "anna", "--yes", code=2, err='"2027" is cancelled already')
    tocsin("amend", uid, "--back", "2028", "--key", "anna", "--yes", code=2, err='"2028" is not cancelled')
    tocsin("amend", uid, "--back", "1999", "--key", "anna", "--yes", code=2, err='no occurrence "1999"')
    tocsin("amend", uid, "--back", "2027", "--off", "2027", "--key", "anna", "--yes", code=2, err="both name")
    for nothing in ([], ["--title", "Vigil, later"], ["--rule", "4 may at 21:00 in Europe/Amsterdam for 2m"]):
        tocsin("amend", uid, *nothing, "--key", "anna", "--yes", code=2, err="changes nothing")
    assert sorted((HERE / "store").rglob("*.minisig")) == before, "an amendment of nothing was signed"
    tocsin("cancel", uid, "--key", "anna", "--yes", code=2, err="--reason")
    tocsin("cancel", uid, "--reason", "a\nb", "--key", "anna", "--yes", code=2, err="no record may hold")
    reason = 'The "square" \\n is closed'
    cancel = tocsin("cancel", uid, "--reason", reason, "--key", "anna", "--yes").strip()
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed")
    ids = {r["name"]: r["id"] for r in json.loads(tocsin("key", "list", "--format", "json"))}
    text = re.escape(reason)
    tocsin("show", uid, out=rf"^waiting    cancellation {cancel}, signed by 1, 2 needed\n  reason   {text}\n  signed   {ids['anna']}  anna\nsigned ")
    tocsin("cosign", uid, "--key", "bela", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tcancelled")
    shown = tocsin("show", uid, out=rf"^cancel     {cancel}\n  reason   {text}\n  signed ")
    assert all(f"  signed   {ids[name]}  {name}\n" in shown for name in ("anna", "bela")), shown
    tocsin("show", uid, "--text", out=r"^expires: .*\n\ntocsin cancel 1\n(?:.*\n)*reason: The \"square\" \\\\n is closed\n\Z",
           err=f"with the cancellation {cancel}, signed by (anna, bela|bela, anna)$")
    for row in (json.loads(tocsin("show", uid, "--format", "json"))[1],
                dict(zip(*(line.split("\t") for line in tocsin("show", uid, "--format", "tsv").split("\n")[:3:2])))):
        assert (row["state"], row["cancel"], row["reason"]) == ("cancelled", cancel, reason), row
        assert sorted(row["cancel_signers"].split()) == sorted([ids["anna"], ids["bela"]]), row
    tocsin("amend", uid, "--title", "x", "--key", "anna", "--yes", code=1, err="final")


def an_amendment_tells_what_it_drops_and_moves():
    uid = declare("--title", "Easter", "--rule", "easter at 10:00 UTC", "--for", "1m", "--horizon", "4y")
    tocsin("amend", uid, "--title", "x", "--key", "anna", code=2, err="give --yes", no_err="no longer|moves")
    tocsin("amend", uid, "--horizon", "2028-12-31", "--key", "anna", code=2, no_err="2027 2027.* to |no longer: 202[78]",
           err=r"^  no longer: 2029 2029-04-01T10:00:00Z\n  no longer: 2030 2030-04-21T10:00:00Z\n"
               r"tocsin: warning: of 4 announced occurrences still to come this drops 2 and moves 0$")
    tocsin("amend", uid, "--rule", "easter at 11:00 UTC for 1m", "--horizon", "2029-12-31", "--key", "anna", code=2,
           at="2028-05-01T00:00:00Z",
           err=r"^  moves: 2029 2029-04-01T10:00:00Z to 2029-04-01T11:00:00Z\n  no longer: 2030 [^\0]*of 2 .* drops 1 and moves 1$",
           no_err="202[78]-.*10:00:00Z to")
    wave = declare("--title", "Wave", "--rule", "25 april at 20:00 everywhere for 15m")
    tocsin("amend", wave, "--rule", "25 april at 21:00 everywhere for 15m", "--key", "anna", code=2,
           err=r"^  moves: 2027 2027-04-25T20:00:00 to 2027-04-25T21:00:00$")
    places = declare("--title", "Places", "--rule", "21 june at sunset at Rome, Tokyo for 10m")
    tocsin("amend", places, "--rule", "21 june at sunset at Rome for 10m", "--key", "anna", code=2,
           err=r"^  no longer: 2027 2027-06-21T(09:59|10:00):\d\dZ  Tokyo$")
    for one in (uid, wave, places):
        tocsin("forget", one, "--yes")


def what_waits_is_cosigned_not_doubled():
    """Two organizers who each type a cancellation would cancel nothing."""
    uid = declare("--title", "Doubled", "--rule", "4 may at 20:00 UTC for 2m")
    tocsin("cosign", uid, "--key", "bela", "--yes")
    off = tocsin("cancel", uid, "--occurrence", "2027", "--key", "anna", "--yes").strip()
    later = "2026-11-23T13:00:00Z"
    again = ["cancel", uid, "--occurrence", "2027", "--yes", "--key"]
    tocsin(*again, "anna", at=later, code=1, err=rf"waits for other organizers' signatures \(signed by anna\): tocsin cosign {off[:16]}$")
    tocsin(*again, "bela", at=later, code=1, err=rf"waits for signatures \(signed by anna\): tocsin cosign {off[:16]}$")
    tocsin("amend", uid, "--title", "Other", "--key", "bela", "--yes", at=later,
           err=rf"warning: another amendment .*{off[:16]}, signed by anna; .*contest each other.*tocsin cosign {off[:16]}$")
    cancel = tocsin("cancel", uid, "--reason", "Rain", "--key", "anna", "--yes").strip()
    tocsin("cancel", uid, "--reason", "Heavy rain", "--key", "anna", "--yes", code=1,
           err=rf"this key has signed .*\(signed by anna\); the next: tocsin cosign {cancel[:16]}$")
    tocsin("cancel", uid, "--reason", "Heavy rain", "--key", "bela", "--yes", code=1,
           err=rf'already waits for signatures \(signed by anna\): tocsin cosign {cancel[:16]}; its reason is "Rain"')
    other = tocsin("cancel", uid, "--reason", "Heavy rain", "--another", "--key", "bela", "--yes").strip()
    assert other != cancel  # one key alone, perhaps a stolen one, puts no words into the others' mouths
    tocsin("amend", uid, "--title", "Third", "--key", "bela", "--yes", err=rf"warning: a cancellation .*{cancel[:16]}, signed by anna")
    tocsin("cosign", cancel[:16], "--key", "bela", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tcancelled")


def a_wave_goes_on_until_the_last_zone():
    """While it goes round the world it can be declared, and an amendment keeps it."""
    for rule, at, key in (("25 april at 20:00 everywhere for 10m", "2027-04-26T07:00:00Z", "2027"), ("25 april", "2027-04-26T03:00:00Z", "2027")):
        uid = declare("--title", "Wave", "--rule", rule, "--horizon", "2y", at="2027-02-01T00:00:00Z")
        tocsin("amend", uid, "--horizon", "4y", "--key", "anna", "--yes", at=at, err=rf"\| on: {key} 2027-04-25", no_err="no longer")
    once = "2027-04-25 at 20:30 everywhere for 10m"
    declare("--title", "Wave", "--rule", once, at="2027-04-26T08:29:00Z")
    tocsin("declare", "--title", "Wave", "--rule", once, "--key", "anna", "--yes", at="2027-04-26T08:31:00Z", code=1,
           err="no occurrence from now on")


def an_amendment_of_nothing_settles_a_contest():
    uid = declare("--title", "Contested", "--rule", "4 may at 20:00 UTC for 2m")
    tocsin("cosign", uid, "--key", "bela", "--yes")
    two = [tocsin("amend", uid, "--title", title, "--key", "anna", "--yes").strip() for title in ("One", "Two")]
    for amendment in two:
        tocsin("cosign", amendment, "--key", "bela", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tcontested.*\tContested$")
    settled = tocsin("amend", uid, "--key", "anna", "--yes", err="2 versions contest").strip()
    tocsin("cosign", settled, "--key", "bela", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed.*\tContested$")


def a_lock_is_told_before_and_after():
    """Under a lock two of three may change the words, but not when people meet."""
    far = {"TOCSIN_HOME": str(HERE / "lock"), "TOCSIN_CONFIG": str(HERE / "lock-config")}
    for name in ("anna", "bela", "chidi"):
        tocsin("key", "new", name, "--unsealed", env=far)
    root = tocsin("root", "new", "Locked", "--threshold", 2, "--lock", "24h", "--organizer", "anna", "--organizer", "bela", "--organizer",
                  "chidi", "--key", "anna", "--yes", env=far).strip()
    tocsin("cosign", root, "--key", "bela", "--yes", env=far)
    uid = declare("--title", "Locked", "--rule", "4 may at 20:00 UTC for 2m", env=far)
    tocsin("cosign", uid, "--key", "bela", "--yes", env=far)
    both = "when 3 organizers have signed, or 2 and a beacon's heartbeat tells of it more than 24h before the start; the next: tocsin cosign"
    words = tocsin("amend", uid, "--title", "Words", "--key", "anna", "--yes", env=far, err="takes effect when 2 organizers have signed;")
    tocsin("cosign", words.strip(), "--key", "bela", "--yes", env=far)
    off = tocsin("cancel", uid, "--occurrence", "2027", "--key", "anna", "--yes", env=far, err=f"its occurrences change {both}").strip()
    tocsin("cosign", off, "--key", "bela", "--yes", env=far)
    tocsin("cancel", uid, "--occurrence", "2027", "--key", "anna", "--yes", env=far, code=2,
           err=f"does not act on it yet: one organizer more must sign, tocsin cosign {off[:16]}$")
    tocsin("amend", uid, "--back", "2027", "--key", "anna", env=far, code=2, err="give --yes")
    cancel = tocsin("cancel", uid, "--reason", "Rain", "--key", "anna", "--yes", env=far, err=f"takes effect {both}").strip()
    tocsin("cosign", cancel, "--key", "bela", "--yes", env=far)
    tocsin("list", "--format", "tsv", env=far, out=f"^{uid}\tconfirmed")
    for again in (["amend", uid, "--title", "x"], ["cancel", uid, "--reason", "x"]):
        tocsin(*again, "--key", "chidi", "--yes", env=far, code=1, no_err="final",
               err=f"is held, {cancel[:16]}, but does not act on all .* tocsin cosign {cancel[:16]}, or a beacon's heartbeat from more than 24h")
    tocsin("cosign", cancel, "--key", "chidi", "--yes", env=far)
    tocsin("list", "--format", "tsv", env=far, out=f"^{uid}\tcancelled")
    tocsin("amend", uid, "--title", "x", "--key", "anna", "--yes", env=far, code=1, err="final")


def other_shapes_become_records():
    far = {"TOCSIN_HOME": str(HERE / "shapes"), "TOCSIN_CONFIG": str(HERE / "shapes-config")}
    tocsin("key", "new", "a", "--unsealed", env=far)
    tocsin("root", "new", 'A "quoted" \\ name', "--threshold", "1", "--organizer", "a", "--yes", env=far)
    assert json.loads(tocsin("root", "list", "--format", "json", env=far))[0]["name"] == 'A "quoted" \\ name'
    for rule, start, lasts, count in (("25 april at 20:00 everywhere for 15m", "2027-04-25T20:00:00", "15m", 2),
                                      ("weekend containing 25 april", "2027-04-24", "2d", 2),
                                      ("21 june at sunset at Rome, Tokyo for 10m", "2027-06-21T10:00:14Z", "10m", 4),
                                      ("every thursday at 15:30 in America/Argentina/Buenos_Aires for 30m", "2026-11-26T18:30:00Z", "30m", 104)):
        uid = tocsin("declare", "--title", 'T "x"', "--rule", rule, "--yes", env=far).strip()
        row = next(r for r in json.loads(tocsin("list", "--format", "json", env=far)) if r["uid"] == uid)
        assert (row["status"], row["next_start"], row["for"], row["title"]) == ("confirmed", start, lasts, 'T "x"'), row
        assert len(json.loads(tocsin("show", uid, "--format", "json", env=far))) == count, rule
    tocsin("declare", "--title", "x", "--rule", "21 june at sunset at all for 10m", "--yes", code=2, err="more places", env=far)
    tocsin("forget", "--all", "--yes", env=far)
    tocsin("list", env=far, code=1, err="no window")
    tocsin("declare", "--title", "x", "--rule", "25 april at 20:00 everywhere for 15m", "--yes", env=far)
    tocsin("list", env=far, out="confirmed")


def a_full_disk_loses_nothing():
    before = tocsin("list", "--format", "tsv")
    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    tocsin("declare", "--title", "No room", "--rule", "2027-06-01 at 12:00 UTC for 5m", "--key", "anna", "--yes", code=3,
           err="(?i)file too large|no space|write", preexec_fn=no_room)
    assert tocsin("list", "--format", "tsv") == before
    tocsin("fsck", out=" 0 faults$")


def look_alikes_are_told(root):
    words = re.search(r"^words      ((?:[bdfghjklmnprstvz][aiou]){2}.*)$", tocsin("root", "show"), re.M).group(1)
    value = "bdfghjklmnprstvz"
    bits = [value.index(w[0]) << 12 | "aiou".index(w[1]) << 10 | value.index(w[2]) << 6 | "aiou".index(w[3]) << 4 | value.index(w[4])
            for w in words.split()]
    assert "".join("%04x" % b for b in bits) == root[:16], (words, root)
    ask = ["--rule", "2027-06-01 at 12:00 UTC for 5m", "--key", "anna"]
    tocsin("declare", "--title", "Minute in B\u043elogna", *ask, code=2, err='"B\u043elogna" mixes alphabets')
    for honest in ("Минута молчания", "Μνήμη", "Una minuto, è così", "Tokyo 東京 さくら", "Москва and Roma"):
        done = subprocess.run([TOCSIN, "declare", "--title", honest, *ask, "--at", NOW], env=ENV, capture_output=True, stdin=subprocess.DEVNULL)
        assert b"mixes" not in done.stderr, done.stderr


def several_roots_must_be_named(root):
    other = tocsin("root", "new", "Another", "--threshold", 1, "--organizer", "stranger", "--beacon", "beacon", "--key", "stranger",
                   "--yes").strip()
    args = ["--title", "x", "--rule", "2027-06-02 at 12:00 UTC for 5m", "--key", "stranger", "--yes"]
    tocsin("declare", *args, code=2, err=f"--root {other[:16]}  Another")
    tocsin("declare", *args, code=2, err=f"--root {root[:16]}  Tre città")
    tocsin("declare", *args, "--root", root[:16], code=2, err="not an organizer")
    tocsin("declare", *args, "--root", other[:16])
    tocsin("list", "--root", "12345678", code=2, err="neither a file nor the beginning .*root list")
    tocsin("list", "--root", root[:7], code=2, err="at least 8 digits .*root list")
    tocsin("list", "--root", root[:8], out=".")
    shutil.rmtree(HERE / "config/roots")
    shutil.copytree(HERE / "roots-before", HERE / "config/roots")


def a_lost_key_is_revoked(uid):
    tocsin("revoke", "nobody", "--key", "anna", "--yes", code=2, err="root show")
    tocsin("revoke", "anna", "--key", "anna", "--yes", code=2, err="cannot revoke itself")
    before = declare("--title", "Half signed", "--rule", "2027-07-01 at 12:00 UTC for 5m")
    revocation = tocsin("revoke", "anna", "--key", "bela", "--yes").strip()
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed")
    tocsin("cosign", revocation, "--key", "chidi", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed")  # kept: it was in force
    tocsin("cosign", before, "--key", "bela", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{before}\ttentative")  # signed by the lost key and one more: not enough
    tocsin("declare", "--title", "By the thief", "--rule", "2027-07-01 at 12:00 UTC for 5m", "--key", "anna", "--yes", code=2,
           err="revoked")
    tocsin("cosign", before, "--key", "chidi", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{before}\tconfirmed")


def the_root_is_rotated():
    tocsin("root", "rotate", "--expires", "2020-01-01", "--key", "bela", code=2, err="this root ends in the past")
    version_2 = tocsin("root", "rotate", "--organizer", "bela", "--organizer", "chidi", "--organizer", "stranger", "--key", "bela",
                       "--yes").strip()
    tocsin("root", "show", out="^version    1$")
    tocsin("cosign", version_2, "--key", "chidi", "--yes")
    tocsin("root", "show", out=r"^version    2 \(" + version_2)


def a_beacon_signs_a_heartbeat():
    tocsin("heartbeat", "--key", "bela", "--yes", code=2, err="only a beacon")
    beat = tocsin("heartbeat", "--key", "beacon", "--yes", err=r"\| holds: [0-9a-f]{64}").strip()
    tocsin("verify", HERE / f"store/records/{beat[:2]}/{beat}.rec", out="^good .*heartbeat")
    # a copy from which somebody has taken a record is told apart by it
    held = re.findall("^holds: (.*)$", (HERE / f"store/records/{beat[:2]}/{beat}.rec").read_text(), re.M)
    trimmed = HERE / "trimmed"
    shutil.copytree(HERE / "store", trimmed)
    gone = next(i for i in held if "\nuid: " in (trimmed / f"records/{i[:2]}/{i}.rec").read_text())
    (trimmed / f"records/{gone[:2]}/{gone}.rec").unlink()
    tocsin("list", env={"TOCSIN_HOME": str(trimmed)}, err=f"holds the record {gone}, which this store lacks",
           no_err="missing here")
    tocsin("list", at="2026-11-25", err="may be stale")


def a_root_given_by_hand_is_enough(root, uid):
    """--root FILE: no store, no config; the bundle brings the newer versions of the root itself."""
    bare = {"TOCSIN_HOME": str(HERE / "bare-store"), "TOCSIN_CONFIG": str(HERE / "bare-config")}
    bundle = HERE / "whole.bundle"
    bundle.write_bytes(subprocess.run([TOCSIN, "show", uid, "--bundle"], env=ENV, capture_output=True, check=True).stdout)
    first = HERE / f"store/records/{root[:2]}/{root}.rec"
    tocsin("verify", bundle, env=bare, code=1, out="not trusted here")
    tocsin("verify", bundle, "--root", first, env=bare, out="^good .*version 2")
    tocsin("root", "show", "--root", bundle, env=bare, out="^version    2")
    tocsin("list", "--root", bundle, "--format", "tsv", env=bare, out=f"^{uid}\tconfirmed")
    assert not (HERE / "bare-store").exists(), "looking has written"
    made = tocsin("declare", "--root", bundle, "--title", "By hand", "--rule", "2027-10-01 at 12:00 UTC for 5m", "--key", KEYS / "bela.key",
                  "--yes", env=bare).strip()
    tocsin("cosign", made, "--root", bundle, "--key", KEYS / "chidi.key", "--yes", env=bare)
    tocsin("list", "--root", first, "--format", "tsv", env=bare, out=f"^{made}\tconfirmed")


def fsck_finds_what_does_not_belong(uid):
    tocsin("fsck", out=" 0 faults$")
    record = sorted((HERE / "store/records").glob("*/*.rec"))[0]
    whole = record.read_bytes()
    record.chmod(0o600)
    record.write_bytes(whole[:-1])
    os.utime(record, (1e9, 1e9))  # long ago: not a file that is still arriving
    tocsin("fsck", code=1, out="[1-9]\\d* faults$", err=record.stem)
    assert not record.exists(), "a damaged record was left where it is believed"
    tocsin("fsck", env={"TOCSIN_HOME": str(HERE / "nowhere")}, code=1, err="no store")


def copies_become_one(root):
    """A stick, a second computer and a third: union both ways, whatever was where."""
    stick, second = HERE / "stick", {"TOCSIN_HOME": str(HERE / "second-store"), "TOCSIN_CONFIG": str(HERE / "second-config")}
    bundle = HERE / "root.bundle"
    bundle.write_bytes(subprocess.run([TOCSIN, "root", "show", "--bundle"], env=ENV, capture_output=True, check=True).stdout)
    tocsin("sync", stick, code=3, err="--create")
    tocsin("sync", HERE / "store", code=2, err="itself")
    tocsin("sync", "gopher://example.org/", code=2, err="sources are")
    tocsin("sync", stick, env=second, code=2, err="no root is trusted")
    tocsin("root", "trust", bundle, "--yes", env=second)
    mine = tocsin("list", "--format", "tsv")
    row = json.loads(tocsin("sync", stick, "--create", "--format", "json"))[0]
    assert row["records_sent"] >= 5 and row["signatures_sent"] >= 8 and row["records"] == 0, row
    again = json.loads(tocsin("sync", stick, "--format", "json"))[0]
    assert again["records_sent"] == again["records"] == 0 and again["known"] == row["records_sent"], again
    came = json.loads(tocsin("sync", stick, "--format", "json", env=second))[0]
    assert came["records"] + came["known"] == row["records_sent"] and came["refused"] == 0, came
    assert tocsin("list", "--format", "tsv", env=second) == mine
    # what is declared there comes back by the stick; a stranger's records stay out
    shutil.copytree(KEYS, HERE / "second-config/keys")
    uid = declare("--title", "From the second", "--rule", "2027-09-01 at 12:00 UTC for 5m", key="bela", env=second)
    tocsin("sync", stick, env=second)
    forged = next((stick / "records").glob("*/*.rec"))
    (stick / "records" / "00").mkdir(exist_ok=True)
    (stick / "records/00" / ("0" * 64 + ".rec")).write_bytes(forged.read_bytes())
    os.utime(stick / "records/00" / ("0" * 64 + ".rec"), (1e9, 1e9))
    tocsin("sync", stick, "--pull", err="0000000")
    tocsin("list", "--format", "tsv", out=f"^{uid}\ttentative")
    tocsin("fsck", out=" 0 faults$")
    forged = subprocess.run([TOCSIN, "show", uid, "--bundle"], env=ENV, capture_output=True, check=True).stdout
    tocsin("forget", uid[:8], code=2, err="--yes")
    tocsin("forget", uid[:8], "--yes", out="1 records forgotten")
    (HERE / "forged.bundle").write_bytes(forged.replace(b"From the second", b"From the secOnd"))
    tocsin("sync", HERE / "forged.bundle", code=1, err="(?i)signature")
    assert uid not in tocsin("list", "--format", "tsv")
    tocsin("forget", "--expired", "--yes", code=1, err="nothing to forget")
    tocsin("sync", bundle, out="root.bundle")
    tocsin("sync", stick)
    tocsin("list", "--format", "tsv", out=f"^{uid}\ttentative")
    tocsin("forget", uid[:8], "--yes")


def a_site_is_a_source(root):
    """Any web server that has ROOT8.tocsin will do; here Python's."""
    site, third = HERE / "site", {"TOCSIN_HOME": str(HERE / "third-store"), "TOCSIN_CONFIG": str(HERE / "third-config")}
    site.mkdir()
    windows = [r["uid"] for r in json.loads(tocsin("list", "--format", "json"))]
    parts = [subprocess.run([TOCSIN, "show", uid, "--bundle"], env=ENV, capture_output=True, check=True).stdout for uid in windows]
    (site / f"{root[:16]}.tocsin").write_bytes(b"".join(parts))
    (site / "junk.tocsin").write_text("<html>sorry</html>")
    tocsin("root", "trust", HERE / "root.bundle", "--yes", env=third)
    with socketserver.TCPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        came = json.loads(tocsin("sync", url, "--format", "json", env=third))[0]
        assert came["refused"] == 0 and came["signatures"] > 0, came
        again = json.loads(tocsin("sync", f"{url}/{root[:16]}.tocsin", "--format", "json", env=third))[0]
        assert again["records"] == again["signatures"] == 0 and again["known"] > 0, again
        tocsin("sync", f"{url}/junk.tocsin", env=third, code=3, err="not a bundle")
        tocsin("sync", f"{url}/absent.tocsin", env=third, code=3, err="404")
        tocsin("sync", f"{url}/nowhere/", env=third, code=3, err="no bundle")
        server.shutdown()
    assert not any("User-Agent" in head or "Cookie" in head for head in Quiet.heads), Quiet.heads
    tocsin("sync", url, "--timeout", 2, env=third, code=3, err="(?i)connect")
    assert tocsin("list", "--format", "tsv", env=third) == tocsin("list", "--format", "tsv")


class Quiet(http.server.SimpleHTTPRequestHandler):
    heads = []

    def log_message(self, *args):
        self.heads.append(str(self.headers))


def the_hours_at_which_most_are_awake():
    rows = [r.split("\t") for r in tocsin("best", "--place", "Rome", "--place", "Asia/Tokyo", "--place", "New York", "--format", "tsv").split("\n")]
    assert rows[0] == ["utc", "awake", "of", "clocks"] and rows[1][1:3] == ["3", "3"] and len(rows) == 26, rows
    assert rows[1][0] == "12:00" and rows[1][3] == "Rome 13:00, Asia/Tokyo 21:00, New York 07:00", rows[1]
    tocsin("best", "--place", "Avalonia", code=2, err="Avalonia")
    tocsin("best", "--place", "30,-45", code=2, err="Etc/GMT\\+3")
    for where, zones in (("Italy", 1), ("RU", 20), ("all", 300)):
        rows = [r.split("\t") for r in tocsin("best", "--place", where, "--format", "tsv").split("\n")]
        assert int(rows[1][2]) >= zones, rows[1]


def main():
    the_program_answers_for_itself()
    keys_are_made_and_listed()
    root = a_root_needs_its_threshold()
    uid = a_window_is_declared_and_cosigned()
    no_text_of_a_window_looks_like_what_is_known_of_it()
    a_window_is_explained(uid)
    here_is_where_place_says()
    the_preview_shows_the_world_and_the_clashes(uid)
    bad_declarations_are_refused_where_they_are_wrong()
    stock_minisign_verifies_what_we_wrote(root)
    verify_judges_files(root, uid)
    keys_that_others_can_read_are_refused(uid)
    another_place_takes_the_root_and_cosigns_a_file(root, uid)
    windows_are_amended_and_cancelled()
    an_amendment_tells_what_it_drops_and_moves()
    what_waits_is_cosigned_not_doubled()
    a_wave_goes_on_until_the_last_zone()
    an_amendment_of_nothing_settles_a_contest()
    a_lock_is_told_before_and_after()
    other_shapes_become_records()
    a_full_disk_loses_nothing()
    look_alikes_are_told(root)
    shutil.copytree(HERE / "config/roots", HERE / "roots-before")
    several_roots_must_be_named(root)
    a_beacon_signs_a_heartbeat()
    a_lost_key_is_revoked(uid)
    the_root_is_rotated()
    copies_become_one(root)
    a_site_is_a_source(root)
    a_root_given_by_hand_is_enough(root, uid)
    fsck_finds_what_does_not_belong(uid)
    the_hours_at_which_most_are_awake()
    print(f"{checks} commands answered as they should")


if __name__ == "__main__":
    sys.exit(main())
