"""tocsin join: whoever is invited gets one thing, and sends one thing back; a chat may do to it what chats do."""
import base64
import contextlib
import functools
import hashlib
import http.server
import json
import pathlib
import re
import shutil
import signal
import subprocess
import threading

from ask import CTRL_C, ask_at_terminal
from organizers import BOLOGNA, NOW, Place, people, run, test, valley


def far(place, *names):
    """A computer of somebody else, with nothing but a key."""
    other = Place("far")
    other.keys.mkdir(parents=True)
    for name in names:
        for suffix in ("key", "pub"):
            shutil.copy(place.keys / f"{name}.{suffix}", other.keys / f"{name}.{suffix}")
    return other


def invited():
    """Anna alone has signed a root and a window under it, and wrote one file."""
    tocsin = people("anna", "bela", "chidi")
    tocsin.root = tocsin("root", "new", "Valley", "--threshold", 2, "--organizer", "anna", "--organizer", "bela", "--organizer", "chidi",
                         "--key", "anna", "--yes").strip()
    uid = tocsin.declare("--title", "A minute for Bologna", "--rule", BOLOGNA, "--out", "minute.txt", err="send minute.txt to bela, chidi; they type: tocsin join minute.txt")
    return tocsin, uid, pathlib.Path.cwd() / "minute.txt"


@test
def one_file_there_and_one_back_confirm_root_and_window():
    tocsin, uid, minute = invited()
    bela, back = far(tocsin, "bela"), pathlib.Path.cwd() / "back.txt"
    words = re.search("^words      (.*)$", tocsin("root", "show"), re.M)[1]
    shown = bela("join", minute, "--yes", "--out", back, err='"Valley" is confirmed(.|\\n)*^tocsin: confirmed now: "A minute for Bologna", .*; signed by (anna, bela|bela, anna)$')
    assert f"words      {words}\n" in shown and tocsin.root in shown, shown
    assert bela.status(uid) == "confirmed" and tocsin.status(uid) == "tentative"
    tocsin("sync", back)
    assert tocsin.status(uid) == "confirmed"
    bela("join", back, "--yes", err="nothing in it waits for a signature of this key")
    again = pathlib.Path.cwd() / "again.txt"  # the file was lost: joining again writes it
    bela("join", minute, "--yes", "--out", again, err="nothing in it waits(.|\n)*send .*again.txt to the others")
    assert again.read_bytes() == back.read_bytes()


@test
def what_was_signed_is_in_the_file_whatever_becomes_of_the_next_question():
    tocsin, uid, minute = invited()
    bela, back = far(tocsin, "bela"), pathlib.Path.cwd() / "back.txt"
    seen = ask_at_terminal(["join", minute, "--out", back, "--at", NOW], bela.env,
                           [("Trust this root[?] Type yes to go on: ", "yes"), ("Sign this record[?] Type yes to go on: ", "yes"),
                            ("Sign this record[?] Type yes to go on: ", CTRL_C)], code=-signal.SIGINT)
    assert 'confirmed now: the root of "Valley"' in seen, seen
    tocsin("sync", back, err='^tocsin: confirmed since: the root of "Valley"$')
    assert tocsin.status(uid) == "tentative"


@test
def the_invited_person_is_asked_once_for_each_thing():
    tocsin, uid, minute = invited()
    bela = far(tocsin, "bela")
    seen = ask_at_terminal(["join", minute, "--at", NOW], bela.env,
                           [("Trust this root[?] Type yes to go on: ", "yes"), ("Sign this record[?] Type yes to go on: ", "yes"),
                            ("Sign this record[?] Type yes to go on: ", "no")], code=1)
    order = [seen.index(w) for w in ("words      ", "compare the id or its words", "Trust this", 'version 1 of "Valley"', "Auckland")]
    assert order == sorted(order) and "1 signed, 1 declined" in seen, seen
    assert bela.status(uid) == "tentative"
    narrow = Place("narrow")
    seen = ask_at_terminal(["join", minute, "--at", NOW], narrow.env, [("Trust this root[?] Type yes to go on: ", "yes")], columns=80)
    seen += ask_at_terminal(["root", "show"], narrow.env, [], columns=80) + ask_at_terminal(["root", "show"], narrow.env, [], columns=60)
    seen += ask_at_terminal(["cosign", uid, "--key", tocsin.keys / "bela.key", "--at", NOW], tocsin.env,
                            [("Sign this record[?] Type yes to go on: ", "no")], code=1, columns=80)
    for words, code in ((["status"], 0), (["show", uid], 0), (["verify", "minute.txt", "Bologna", "https://example.org/x"], 1)):
        seen += ask_at_terminal([*words, "--at", NOW], {**tocsin.env, "NO_COLOR": "1"}, [], code=code, columns=80)
    assert "elsewhere" in seen
    wide = [line for line in seen.splitlines() if len(line) > 80 and not line.startswith(("  |", "link "))]
    assert not wide, wide
    stranger = Place("stranger")
    ask_at_terminal(["join", minute, "--at", NOW], stranger.env, [("Trust this root[?] Type yes to go on: ", "no")], code=1)
    stranger("list", code=1, err="no root is trusted here")
    stranger("join", minute, "--yes", err="no key is here, so nothing was signed")
    stranger("list", out="A minute for Bologna")


@test
def text_from_a_chat_is_taken_and_damage_is_told():
    tocsin, uid, minute = invited()
    text = minute.read_text()
    mangled = {"quoted": "".join(f"> {line}\n" for line in text.splitlines()), "one line": " ".join(text.split()),
               "lost": text.replace("\n", ""), "letter": f"Dear Bela,\r\n{text}\r\nlove, Anna", "narrow": re.sub("(.{40})", "\\1\n", text)}
    for name, other in mangled.items():
        file = pathlib.Path.cwd() / f"{name}.txt"
        file.write_text(other)
        bela = Place(name)
        shutil.copytree(far(tocsin, "bela").keys, bela.keys) if name == "quoted" else shutil.copytree(Place("far").keys, bela.keys)
        bela("join", file, "--yes")
        assert bela.status(uid) == "confirmed", name
        tocsin("verify", file, code=1, out="window ")
    for name, other, why in (("cut", text[:len(text) // 2], "cut short: take all of it"),
                             ("damaged", re.sub("[a-z]{3}(?=[A-Z])", "abc", text), "damaged on its way")):
        file = pathlib.Path.cwd() / f"{name}.txt"
        file.write_text(other)
        tocsin("join", file, "--key", "bela", "--yes", code=2, err=why)
    for once in ("-", "/dev/stdin"):
        pasted = Place(f"pasted{len(once)}")
        shutil.copytree(Place("far").keys, pasted.keys)
        pasted("join", once, "--yes", stdin=text.encode())
        assert pasted.status(uid) == "confirmed"
    tocsin("sync", "-", stdin=text.encode())


@test
def the_text_is_what_the_manual_says():
    tocsin, uid, minute = invited()
    begin, end = (r"[^A-Za-z0-9+/]*".join((word, "TOCSIN", "BUNDLE")) for word in ("BEGIN", "END"))
    for text in (minute.read_text(), "".join(f">  {line}\r\n" for line in minute.read_text().splitlines())):
        inside = re.search(f"{begin}(.*?){end}", text, re.S)[1]
        letters = "".join(re.findall("[A-Za-z0-9+/]", inside))
        bytes_ = base64.b64decode(letters + "=" * (-len(letters) % 4))
        check, stream = bytes_[:8], bytes_[8:]
        assert check == hashlib.blake2b(stream, digest_size=32).digest()[:8]
        assert stream == tocsin("show", uid, "--bundle", raw=True)


@test
def a_listener_takes_the_same_text():
    import os
    import subprocess
    tocsin, _, minute = invited()
    tocsin("join", minute, "--key", "bela", "--yes", "--out", "both.txt")
    done = subprocess.run([os.path.join(os.environ["TOCSIN_BIN"], "tocsin-listen"), "--root", "both.txt", "--bundle", "both.txt",
                           "--check", "--at", NOW, "--state", "state"], capture_output=True, text=True, env=tocsin.env)
    assert done.returncode == 0 and "would fire" in done.stdout, done


@test
def what_was_signed_is_written_whatever_it_was():
    tocsin = valley()
    uids = [tocsin.declare("--title", f"Window {i}", "--rule", f"2027-03-0{i + 1} at 12:00 UTC for 5m") for i in range(2)]
    tocsin("cosign", *uids, "--key", "bela", "--yes", "--out", "both.txt")
    other = far(tocsin, "chidi")
    other("join", "both.txt", "--yes")
    assert [other.status(uid) for uid in uids] == ["confirmed", "confirmed"]
    for words in (["amend", uids[0], "--for", "6m", "--rule", "2027-03-01 at 12:00 UTC"], ["cancel", uids[1], "--reason", "Storm"], ["revoke", "bela"],
                  ["root", "rotate"]):
        tocsin(*words, "--key", "anna", "--yes", "--out", f"{words[0]}.txt", err=f"send {words[0]}.txt to .*; they type: tocsin join {words[0]}.txt")
        assert "BEGIN TOCSIN BUNDLE" in pathlib.Path(f"{words[0]}.txt").read_text()
    key = (tocsin.keys / "anna.key").read_bytes()
    pathlib.Path("notes.txt").write_text("2027 is near")
    for out, err in (("/nowhere/x.txt", "no folder /nowhere"), (tocsin.keys / "anna.key", "anna.key is there already"), ("notes.txt", "choose another name"), (".", "is no bundle")):
        tocsin("amend", uids[0], "--title", "Two", "--key", "anna", "--yes", "--out", out, code=2, err=err, no_err="Two")
    assert (tocsin.keys / "anna.key").read_bytes() == key and pathlib.Path("notes.txt").read_text() == "2027 is near"
    pathlib.Path("empty.txt").touch()
    for name in ("both.txt", "empty.txt"):
        tocsin("show", uids[0], "--out", name, err=f"send {name}")


@test
def a_new_organizer_has_what_is_in_force_and_what_waits():
    tocsin = valley()
    uid = tocsin.declare("--title", "A minute for Bologna", "--rule", BOLOGNA)
    tocsin("root", "show", "--out", "bare.txt")
    far(tocsin)("join", "bare.txt", "--yes", err='no window of "Tre città" came with it: "tocsin sync SOURCE" brings them')
    tocsin("cosign", uid, "--key", "bela", "--yes")
    waits = tocsin.declare("--title", "Vigil", "--rule", "2027-03-01 at 12:00 UTC for 5m")
    rotated = tocsin("root", "rotate", "--add", "dora", "--key", "anna", "--yes", "--out", "waits.txt").strip()
    tocsin("cosign", rotated, "--key", "bela", "--yes", "--out", "rotated.txt")
    for file in ("waits.txt", "rotated.txt"):
        dora = Place(file)
        dora("join", file, "--yes", no_err="no window of")
        assert [dora.status(one) for one in (uid, waits)] == ["confirmed", "tentative"], file


@test
def who_joins_late_is_told_what_is_called_off():
    tocsin = valley()
    uid = tocsin.declare("--title", "A minute for Bologna", "--rule", BOLOGNA)
    tocsin("cosign", uid, "--key", "bela", "--yes")
    cancel = tocsin("cancel", uid, "--reason", "Storm", "--key", "anna", "--yes").strip()
    tocsin("cosign", cancel, "--key", "bela", "--yes", "--out", "off.txt")
    for name, keys in (("late", ()), ("chidi", ("chidi",))):
        late = far(tocsin, *keys) if keys else Place(name)
        late("join", "off.txt", "--yes", err='^tocsin: called off already: "A minute for Bologna", Mon 2027-08-02 .*; reason Storm; signed by (anna, bela|bela, anna)$')
    Place("long after")("join", "off.txt", "--yes", at="2028-09-01T00:00:00Z", no_err="called off")


@contextlib.contextmanager
def served(folder):
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@test
def a_link_is_taken_as_a_file_is_and_names_the_root_itself():
    tocsin, uid, minute = invited()
    tocsin("export", "site", "--zone", "Europe/Rome")
    shutil.copy(minute, "site/minute.txt")
    with served("site") as site:
        bela = far(tocsin, "bela")
        bela("join", f"{site}#{tocsin.root}", "--yes", "--out", "back.txt", out="words      ", err='"A minute for Bologna" is confirmed')
        assert bela.status(uid) == "confirmed"
        tocsin("sync", "back.txt")
        assert tocsin.status(uid) == "confirmed"
        shutil.rmtree(bela.config)
        shutil.rmtree(bela.store)
        far(tocsin, "bela")("join", f"{site}minute.txt", "--yes")
        other = pathlib.Path(f"site/{'0' * 16}.tocsin")
        shutil.copy(f"site/{tocsin.root[:16]}.tocsin", other)
        chidi = Place("chidi")
        chidi("join", f"{site}#{'0' * 64}", "--yes", code=1, err="is not the root that the link names")
        chidi("join", f"{site}#{tocsin.root[:15]}{'1' if tocsin.root[15] == '0' else '0'}", "--yes", code=1, err="not there [(]404[)]")
        chidi("join", f"{site}#abc", "--yes", code=2, err="after # stands the id of a root")
        chidi("join", site, "--yes", code=2, err="no bundle is there")
        assert not chidi.config.exists() or not list(chidi.config.glob("roots/*"))
    tocsin("join", f"{site}#{tocsin.root}", "--yes", "--key", "bela", code=3, err="(?i)connect")


def modules(shown):
    """The dark modules of a code on a terminal."""
    rows = []
    for line in re.sub("\x1b[^m]*m", "", shown).splitlines():
        rows += [[c in "\u2580\u2588" for c in line], [c in "\u2584\u2588" for c in line]]
    return rows


@test
def a_code_on_the_terminal_holds_the_link_or_the_whole_bundle():
    tocsin = people("anna", "bela", "site")
    tocsin.root = tocsin("root", "new", "Valley", "--threshold", 2, "--organizer", "anna", "--organizer", "bela", "--feed",
                         "site=https://valley.example/", "--key", "anna", "--yes").strip()
    link = f"https://valley.example/#{tocsin.root}"
    tocsin("root", "show", out=f"^link       {link}$")
    uid = tocsin.declare("--title", "A minute", "--rule", BOLOGNA)
    for words, wanted in ((["root", "show"], link), (["show", uid], None)):
        dark = modules(tocsin(*words, "--qr", env={"LC_ALL": "C.UTF-8"}))
        side = len(dark[0])
        picture = f"P1\n{side * 4} {side * 4}\n" + "\n".join(" ".join(str(int(dark[y // 4][x // 4])) for x in range(side * 4)) for y in range(side * 4))
        pathlib.Path("code.pbm").write_text(picture)
        read = subprocess.run(["zbarimg", "--quiet", "--raw", "code.pbm"], capture_output=True, text=True)
        assert read.returncode == 0, read
        if wanted:
            assert read.stdout.strip() == wanted, read.stdout
        else:
            bela = far(tocsin, "bela")
            bela("join", "-", "--yes", stdin=read.stdout.encode())
            assert bela.status(uid) == "confirmed"
    tocsin("cosign", tocsin.declare("--title", "Every day", "--rule", "every day at 20:00 in Europe/Rome for 1m"), "--key", "bela", "--yes")
    tocsin("show", "Every day", "--qr", code=1, out=r"\A\Z", err="too much for one QR code: --out FILE writes it as text")
    small = ask_at_terminal(["root", "show", "--qr"], tocsin.env, [], code=1, rows=20, columns=40)
    assert "this terminal 40 and 20: make it larger" in " ".join(small.split()) and "\u2588" not in small, small


run()
