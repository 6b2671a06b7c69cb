"""tocsin verify: whether records and signatures hold, of whatever file."""
import pathlib
import re
import shutil
import subprocess

from ask import ask
from organizers import NOW, bologna, people, run, test, valley


@test
def verify_judges_files():
    tocsin, uid = bologna()
    record = next(p for p in (tocsin.store / "records").glob("*/*.rec") if p.stem != tocsin.root)
    tocsin("verify", record, out='^good .*signed by 2, 2 needed; by (anna, bela|bela, anna) of "Tre città"$')
    work = pathlib.Path.cwd() / "verify"
    work.mkdir()
    copy = work / "w.rec"
    shutil.copy(record, copy)
    signatures = sorted((tocsin.store / "sigs" / record.parent.name).glob(record.stem + "*"))
    shutil.copy(signatures[0], work / "w.first.minisig")
    tocsin("verify", copy, code=1, out='^no .*signed by 1, 2 needed; by (anna|bela) of "Tre città"; here it has the signatures that this file lacks$')
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
    subprocess.run(["minisign", "-Sm", theirs, "-s", tocsin.keys / "stranger.key", "-W", "-x", work / "stranger.x.minisig"],
                   check=True, capture_output=True, stdin=subprocess.DEVNULL)
    tocsin("verify", theirs, code=1, err="unknown key")
    tocsin("verify", work / "absent.rec", code=2, err="absent.rec")
    bundle = work / "b.bundle"
    bundle.write_bytes(tocsin("show", uid, "--bundle", raw=True))
    tocsin("verify", bundle, out="^good .*window")
    bundle.write_bytes(bundle.read_bytes()[:-20])
    tocsin("verify", bundle, code=2, err="cut short")
    # stock minisign's signature counts as ours do
    ours = work / "by-minisign.rec"
    shutil.copy(copy, ours)
    for name in ("anna", "chidi"):
        subprocess.run(["minisign", "-Sm", ours, "-s", tocsin.keys / f"{name}.key", "-W", "-x", work / f"by-minisign.{name}.minisig"],
                       check=True, capture_output=True, stdin=subprocess.DEVNULL)
    tocsin("verify", ours, out="^good .*signed by 2, 2 needed")


@test
def what_people_forward_is_judged_in_words():
    tocsin, uid = bologna()
    tocsin("export", "site", "--key", "site", "--zone", "Europe/Rome", "--yes")
    feed = next(p for p in pathlib.Path("site/plain").glob("*.ics") if p.stem == tocsin.root[:16])
    tocsin("verify", feed, out='^good  .*2027: "A minute for Bologna" of "Tre città", confirmed: .*; signed by (anna, bela|bela, anna).*; '
           'its description is not signed by the organizers$', err="a site that the root names signed every word of it")
    tocsin("verify", uid, env={"TZ": "Europe/Rome"}, out='^good  .*"A minute for Bologna".*; next Mon 2027-08-02 10:25:00 Europe/Rome$')
    tocsin("verify", "bologna", out="^good")
    tocsin("verify", "https://example.org/feeds/plain/x.ics", out='^good .*the root of "Tre città" names this site')
    tocsin("verify", "webcal://example.org/feeds/plain/x.ics", out="^good")
    for address in ("https://example.com/feeds/x.ics", "https://example.org.evil.test/feeds/", "https://evil.test/https://example.org/feeds/"):
        tocsin("verify", address, code=1, out="^no .*no root that you trust names this site")
    page = f"https://example.org/feeds/en/{tocsin.root[:16]}/window/{uid}.html"
    for address in (page, page.replace("example", "EXAMPLE").replace("https", "HTTPS"), f"{page}?from=chat#top"):
        tocsin("verify", address, out='^good .*"A minute for Bologna" of "Tre città", confirmed.*what the site shows was not looked at$')
    tocsin("verify", f"https://example.org/feeds/#{tocsin.root}", out="^good .*what it shows was not looked at")
    tocsin("verify", f"come to {page}, tonight", code=1, out=rf"^no .*nobody whom you trust(.|\n)*^good +{page}: ")
    for address, why in ((page.replace("https", "http"), "anybody on the way can change"), (page.replace(uid, "0" * 32), "nobody whom you trust has signed this"),
                         (f"https://example.org/feeds/#{'0' * 64}", "leads to another constellation"),
                         (page.replace(tocsin.root[:16], "0" * 16), "leads to another constellation"),
                         ("https://example.org/feeds/../other/", "may lead elsewhere"), ("https://example.org/other/", "no root that you trust names this site")):
        tocsin("verify", address, code=1, out="^no .*" + why)
    words = re.search("^words      (.*)$", tocsin("root", "show"), re.M)[1]
    for name in (words, words.replace(" ", "-").upper(), words.replace(" ", ", ") + ".", tocsin.root):
        tocsin("verify", name, out='^good .*this is the root of "Tre città", which is trusted here$')
    message = pathlib.Path("msg.txt")
    message.write_text(f"10:25 we meet! See <{page}>, or http://example.com/x. " + "Pass it on. " * 2000)
    told = tocsin("verify", message, code=1, out='^no  msg.txt: nobody whom you trust has signed this$', err="of the address, not of the words around it")
    assert f"good  {page}: " in told and "no  http://example.com/x: no root" in told and len(told.splitlines()) == 3, told
    tocsin("verify", "-", code=1, stdin=b"Come at noon\n", out="^no  -: nobody whom you trust has signed this$")
    for key, code, who in (("anna", 0, 'the key of anna, an organizer of "Tre città"'), ("site", 0, 'the key of https://example.org/feeds/, a site of "Tre città"'),
                           ("beacon", 0, "the key of beacon, a beacon of"), ("stranger", 1, "a key that no root which you trust names")):
        pub = tocsin.keys / f"{key}.pub"
        for given in (pub, pub.read_text().split("\n")[1]):
            tocsin("verify", given, code=code, out=f"^{'no' if code else 'good'} .*: {who}")
    pathlib.Path("Bologna").mkdir()  # a folder of that name is no file
    tocsin("verify", "Bologna", out="^good .*Bologna")
    tocsin("cosign", "Bologna", "--key", "bela", "--yes", code=1, err="signed all there is")
    for given in (f"see {page.removeprefix('https://')} tonight", page.removeprefix("https://"), f"example.org/feeds/#{tocsin.root}"):
        tocsin("verify", given, code=1 if " " in given else 0, out=f"^good  https://example.org/feeds/")
    told = tocsin("verify", '<!DOCTYPE svg "http://www.w3.org/x.dtd"> <svg xmlns="http://www.w3.org/2000/svg" href="http://example.com/y"> or evil.test/x, and/or 1.2/3', code=1)
    assert told.count("no  http") == 2 and "3.org/x.dtd:" not in told and told.count("w3.org") == 1 and "no  https://evil.test/x: no root" in told, told
    text = feed.read_bytes()
    for once in ("/dev/stdin", "-"):
        tocsin("verify", once, stdin=text, out="^good .*A minute for Bologna")
        tocsin("verify", once, stdin=tocsin("show", uid, "--bundle", raw=True), out="^good .*window")
    forged = pathlib.Path("forged.ics")
    forged.write_bytes(text.replace(b"DTSTART:20270802T082500Z", b"DTSTART:20270802T082600Z"))
    tocsin("verify", forged, code=1, out="^no .*it says 20270802T082600Z, and the occurrence is at 2027-08-02T08:25:00Z$")
    forged.write_bytes(text.replace(uid.encode(), b"0" * 32))
    tocsin("verify", forged, code=1, out="^no .*nobody whom you trust has signed this$")
    tocsin("verify", "0" * 32, code=1, out="^no .*nobody whom you trust has signed this$")
    forged.write_bytes(text.replace(b".2027.", b".\x1b[31m.").replace(b"DTSTART:2027", b"DTSTART:\x1b[3m"))
    assert "\x1b" not in tocsin("verify", forged, code=1, out="no such occurrence")
    forged.write_bytes(text.replace(b"SUMMARY:A", "SUMMARY:\u009b31m\u202eA".encode()))
    turning = pathlib.Path("a\u202eb\u009bc.ics")
    forged.rename(turning)
    tocsin("verify", turning, code=1, out=re.escape("a?b?c.ics: ") + ".*" + re.escape('it is called "?31m?A minute for Bologna"'))
    turning.unlink()
    for old, new, why in ((b"DTSTART:20270802T082500Z", b"DTSTART;TZID=Europe/Rome:20270802T112500", "its start is written as no feed of ours"),
                          (b"DTSTART:20270802T082500Z", b"DTSTART:20270802T082500Z\r\nDTSTART:20270803T082500Z", "it has two uids, starts or titles"),
                          (b"DTSTART:20270802T082500Z", b"DTSTART:20270802T082500Z\r\nRRULE:FREQ=DAILY", "it repeats, and no event of ours does"),
                          (b"DTSTART:20270802T082500Z", b"DTSTART;VALUE=DATE:20270802", "it says 20270802, and the occurrence"),
                          (b"SUMMARY:A minute for Bologna", b"SUMMARY:Come to the square", 'it is called "Come to the square", and what is signed "A minute'),
                          (b"SUMMARY:A minute for Bologna", b"SUMMARY:CANCELLED A minute for Bologna - stay home", 'it is called "CANCELLED A'),
                          (b"SUMMARY:A minute for Bologna", b"SUMMARY:Un minuto", 'it is called "Un minuto"'),
                          (b"DTEND:20270802T082600Z", b"DTEND:20270802T182600Z", "its end is not the signed one"),
                          (b"DTEND:20270802T082600Z", b"DURATION:PT1H", "its end is not the signed one"),
                          (b"DTEND:20270802T082600Z", b"DTEND:20270802T082600Z\r\nDURATION:PT1M", "it has two uids"),
                          (b"STATUS:CONFIRMED", b"STATUS:CANCELLED", "its status is not that of the signed record"),
                          (b"STATUS:CONFIRMED", b"STATUS:CONFIRMED\r\nLOCATION:The square of the police", "its place is not signed"),
                          (b"URL:https://example.org/", b"URL:https://evil.test/", "its link is not signed"),
                          (b"DTEND:20270803T082600Z", b"DTEND:20270803T092600Z", "rest: its end is not the signed one")):
        assert old in text, old
        forged.write_bytes(text.replace(old, new))
        tocsin("verify", forged, code=1, out="^no .*" + why)
    for same in (b"DURATION:PT1M", b"DURATION:PT60S"):
        forged.write_bytes(text.replace(b"DTEND:20270802T082600Z", same))
        tocsin("verify", forged, out="^good .*; its description is not signed by the organizers")
    # every event is looked at, however many are told
    one = re.search(rb"BEGIN:VEVENT\r\nUID:(?:(?!END:VEVENT).)*?DTSTART:20270802T082500Z.*?END:VEVENT\r\n", text, re.S)[0]
    many = text.replace(one, one * 60)
    forged.write_bytes(many)
    assert tocsin("verify", forged, out="^good ", err="the first 50 are told").count("good") == 50
    forged.write_bytes(many.replace(b"END:VCALENDAR", one.replace(b"SUMMARY:A", b"SUMMARY:No") + b"END:VCALENDAR"))
    tocsin("verify", forged, code=1, out='^no .*it is called "No minute')
    forged.write_bytes(text.replace(one, one * 1300))
    tocsin("verify", forged, code=1, out="^no .*more events than any feed of ours")
    # a signature beside it is this file's, or it is none
    beside = pathlib.Path("forged.ics.minisig")
    forged.write_bytes(text)
    shutil.copy(f"{feed}.minisig", beside)
    tocsin("verify", forged, out="^good ", err="signed every word of it")
    forged.write_bytes(text.replace(b"DESCRIPTION:", b"DESCRIPTION:Stay home. "))
    tocsin("verify", forged, code=1, out="^no  forged.ics: the signature beside it is not of this file")
    beside.write_bytes(b"nothing\n" * 1000)
    tocsin("verify", forged, code=1, out="^no  forged.ics: the signature beside it is not of this file")
    subprocess.run(["minisign", "-Sm", forged, "-s", tocsin.keys / "stranger.key", "-W", "-x", beside],
                   check=True, capture_output=True, stdin=subprocess.DEVNULL)
    tocsin("verify", forged, code=1, out="^no  forged.ics: the signature beside it is not of this file")
    beside.unlink()
    forged.write_bytes(text.replace(b"UID:", b"uid:").replace(b"\r\n ", b"").replace(b"DTSTART:2027", b"DTSTART:20\r\n 27"))
    tocsin("verify", forged, out="^good .*2027:", err="looked at: uid, start, end, status, title, place and link")
    tocsin("verify", "site/plain/sky.ics", code=1, out="^no  site/plain/sky.ics: [0-9]+ events of the sky, which nobody declares or signs; .tocsin sky.",
           err="a site that a trusted root names made this file")
    people(place="nobody")("verify", feed, code=1, err="nobody's signature can count: no root is trusted here: .tocsin join FILE.")
    forged.write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    tocsin("verify", forged, code=1, out="nobody whom you trust")
    cancel = tocsin("cancel", uid, "--reason", "Storm", "--key", "anna", "--yes").strip()
    tocsin("verify", feed, out="a change of it waits for signatures$")
    tocsin("cosign", cancel, "--key", "bela", "--yes")
    tocsin("verify", page, code=1, out="^no .*cancelled: .*; called off by (anna, bela|bela, anna): Storm$")
    told = tocsin("verify", feed, uid, code=1, out="^no .*cancelled: .*; called off by (anna, bela|bela, anna): Storm$")
    assert "; signed by" not in told, told
    tocsin("export", "site", "--key", "site", "--zone", "Europe/Rome", "--yes")
    tocsin("verify", feed, out="^good .*; called off by (anna, bela|bela, anna): Storm; called off, as the file says$")
    forged.write_bytes(feed.read_bytes().replace(b"STATUS:CANCELLED", b"STATUS:CONFIRMED"))
    tocsin("verify", forged, code=1, out="^no .*called off by")


@test
def an_event_of_a_wave_is_held_against_its_hour_and_its_place():
    tocsin = valley()
    for title, rule in (("Lights", "25 april at 20:00 everywhere for 15m"), ("Dusk", "21 june at sunset at Rome, Tokyo for 10m")):
        tocsin("cosign", tocsin.declare("--title", title, "--rule", rule, "--horizon", "1y"), "--key", "bela", "--yes")
    tocsin("export", "site", "--key", "site", "--zone", "Europe/Rome", "--yes")
    for feed, old, new in ((f"site/plain/{tocsin.root[:16]}/Europe/Rome.ics", b"20270425T180000Z", b"20270425T182000Z"),
                           (f"site/plain/{tocsin.root[:16]}/Europe/Rome.ics", b"DTSTART:20270621T1848", b"DTSTART:20270621T1849"),
                           (f"site/plain/{tocsin.root[:16]}.ics", b"DTSTART;VALUE=DATE:20270425", b"DTSTART;VALUE=DATE:20270426")):
        tocsin("verify", feed, out="^good .*Lights.*; next Sun 2027-04-25 20:00:00, each place's own clock")
        text, forged = pathlib.Path(feed).read_bytes(), pathlib.Path("forged.ics")
        assert old in text, (feed, text)
        forged.write_bytes(text.replace(old, new))
        tocsin("verify", forged, code=1, out="^no .*it says 2027")


@test
def every_feed_of_a_site_is_good():
    tocsin, _ = bologna()
    for title, rule in (("Lights, all", "25 april at 20:00 everywhere for 15m"), ("Dusk", "21 june at sunset at Rome, Tokyo for 10m"),
                        ("Fast", "1 may")):
        tocsin("cosign", tocsin.declare("--title", title, "--title.de", f"{title}!", "--rule", rule, "--rest", "36h", "--horizon", "1y"),
               "--key", "bela", "--yes")
    tocsin("export", "site", "--key", "site", "--zone", "Europe/Rome", "--yes")
    feeds = [p for p in pathlib.Path("site").rglob("*.ics") if tocsin.root[:16] in str(p) and "tentative" not in str(p)]
    assert len(feeds) > 10, feeds
    whole = [p for p in feeds if b"UID:nothing." not in p.read_bytes()]
    tocsin("verify", *whole, out="^good ", err="signed every word of it")


@test
def what_a_bundle_does_not_know_is_said():
    tocsin, uid = bologna()
    bundle, later = pathlib.Path("minute.bundle"), pathlib.Path("later.bundle")
    bundle.write_bytes(tocsin("show", uid, "--bundle", raw=True))
    tocsin("verify", bundle, out="^good .*window")
    waiting = tocsin("amend", uid, "--title", "An hour for Bologna", "--key", "anna", "--yes").strip()
    tocsin("verify", bundle, out="^good .*window")  # one signature changes nothing
    tocsin("cosign", waiting, "--key", "bela", "--yes")
    tocsin("verify", bundle, code=1, out=r"^no .*window.*; changed since 20\d\d-\d\d-\d\dT[0-9:]+Z$")
    later.write_bytes(tocsin("show", uid, "--bundle", raw=True))
    tocsin("verify", later, out="^good .*window")  # the change is in it
    tocsin("verify", tocsin.file(waiting), out='^good .*amends "An hour for Bologna" [(]title An hour for Bologna[)]:')
    cancel = tocsin("cancel", uid, "--reason", "Storm", "--key", "anna", "--yes").strip()
    tocsin("cosign", cancel, "--key", "bela", "--yes")
    for old in (bundle, later):
        tocsin("verify", old, code=1, out=r"^no .*window.*; cancelled since 20\d\d-\d\d-\d\dT[0-9:]+Z$")
    later.write_bytes(tocsin("show", uid, "--bundle", raw=True))
    tocsin("verify", later, out="^good .*cancel")  # it says so itself
    tocsin("verify", later, out=r"^good .*declares.*; cancelled since 20[-0-9T:]+Z, as this file says$")


def netstring(data):
    return b"%d:%s," % (len(data), data)


@test
def of_a_heap_of_records_fifty_of_each_kind_are_told_and_the_rest_counted():
    """Five thousand times a window that was called off, in one file: each was looked up in the whole of it."""
    tocsin, uid = bologna()
    signed = tocsin("show", uid, "--bundle", raw=True)
    record = tocsin("show", uid, "--text", raw=True)
    at = signed.index(record) - len(b"%d:" % len(record))
    root = signed.index(b"tocsin root 1")
    window = signed[at:root - 4] if at < root else signed[at:]
    assert window.startswith(b"%d:tocsin window 1" % len(record)) and window.count(b"untrusted comment") == 2, window
    tocsin("cosign", tocsin("cancel", uid, "--reason", "Storm", "--key", "anna", "--yes").strip(), "--key", "bela", "--yes")
    heap, forged = tocsin.keys / "heap.bundle", netstring(b"tocsin cancel 1\nroot: x\n") + netstring(b"0")
    heap.write_bytes(signed + 5000 * window + 300 * forged)
    said = ask(["verify", heap, "--at", NOW], tocsin.env, 1)
    told = said.stdout.decode().splitlines()
    assert [line.split()[0] for line in told].count("no") == 50 and len(told) < 60, told[-5:]
    errors = said.stderr.decode()
    assert errors.count("expected a `uid` line") == 50 and len(errors.splitlines()) == 52, errors[-500:]
    assert "... and 4951 more that are not; --full shows them" in errors and "... and 250 more faults; --full" in errors, errors[-500:]
    heap.write_bytes(signed + 80 * window)
    told = tocsin("verify", heap, "--full", code=1, no_err="more that are").splitlines()
    assert [line.split()[0] for line in told].count("no") == 81, told[:3]


run()
