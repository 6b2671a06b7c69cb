"""tocsin export --catalogue: the feeds that need no organizer hold exactly what calendars/ says, for every reader, and the
pages tell each day with its story, disputes and sources."""
import datetime
import functools
import html.parser
import http.server
import os
import pathlib
import re
import subprocess
import sys
import threading

import browser

TOCSIN = os.environ["TOCSIN_BIN"] + "/tocsin"
SOURCE = pathlib.Path(os.environ["TOCSIN_SOURCE"])
NOW = "2026-11-30T09:00:00Z"
FROM, TO = datetime.date(2026, 10, 1), datetime.date(2029, 11, 1)  # the month before, and three years
MONTHS = "january february march april may june july august september october november december".split()
WORDED = "ar ca cs de el en es fa fr he it ja ko nl pl pt ru sv tr uk zh".split()


def tocsin(*words, code=0, says=None, at=NOW, **env):
    done = subprocess.run([TOCSIN, *words, "--at", at], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env={"PATH": "/usr/bin:/bin", "HOME": os.getcwd(), "LANG": "C.UTF-8", **env})
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    assert says is None or re.search(says, done.stderr), (says, done.stderr)
    return done.stdout


def read_entries():
    """calendars/ read anew: what each entry says of itself, and its days."""
    entries = {}
    for file in sorted((SOURCE / "calendars").glob("*/*.txt")):
        for block in re.split(r"\n\n+", "\n".join(line for line in file.read_text().splitlines() if not line.startswith("#"))):
            lines = [line.partition(": ")[::2] for line in block.splitlines() if line]
            if lines:
                entry = {"tags": [v for k, v in lines if k == "tag"], "continents": [v for k, v in lines if k == "continent"],
                         "names": {k[5:]: v for k, v in lines if k.startswith("name.")},
                         "sources": [v.partition(" ")[2] for k, v in lines if k == "source"], **dict(lines)}
                entries[entry["id"]] = entry
    return entries


def days_of(entry):
    """(key, kind, start, end) by Python where the rule is a date, else by tocsin when, which has vectors of its own."""
    plain = re.fullmatch(r"(\d+) ([a-z]+)", entry["rule"])
    if plain:
        days = [datetime.date(year, MONTHS.index(plain[2]) + 1, int(plain[1])) for year in range(2026, 2030)]
        return [(str(day.year), "date", day.isoformat(), (day + datetime.timedelta(1)).isoformat()) for day in days if FROM <= day < TO]
    found = []
    for line in tocsin("when", entry["rule"], "--from", FROM.isoformat(), "--to", TO.isoformat(), "--format", "tsv").splitlines()[1:]:
        start, end, local = line.split("\t")[:3]
        if " for " in entry["rule"]:
            found.append((local[:4], "utc", start, end))
        else:  # the day on which it falls where it is kept
            day = datetime.date.fromisoformat(local[:10])
            found.append((local[:4], "date", day.isoformat(), (day + datetime.timedelta(1)).isoformat()))
    return found


def name_in(entry, language):
    for tag in sorted(entry["names"]):
        if tag == language or tag.startswith(language + "-"):
            return entry["names"][tag]
    return None


def chosen(entries, language, wanted):
    lines = []
    for entry in entries.values():
        if wanted(entry):
            for key, kind, start, end in days_of(entry):
                lines.append((f"{entry['id']}.{key}.dates", kind, start, end, "CONFIRMED", name_in(entry, language) or entry["name"]))
    return lines


def feeds_hold_what_the_catalogue_says(entries):
    """Every reader that is not ours finds the same days, titles and ends."""
    meant = {"es/named.ics": chosen(entries, "es", lambda e: name_in(e, "es")),
             "am/named.ics": chosen(entries, "am", lambda e: name_in(e, "am")),
             "ja/tag/nuclear.ics": chosen(entries, "ja", lambda e: "nuclear" in e["tags"]),
             "en/continent/oceania.ics": chosen(entries, "en", lambda e: "oceania" in e["continents"])}
    assert all(meant.values()) and len(meant["es/named.ics"]) > 90
    pathlib.Path("expected.tsv").write_text("".join("\t".join((feed, *line)) + "\n" for feed, lines in meant.items() for line in lines))
    subprocess.run([sys.executable, str(SOURCE / "tests/real/peers/read_feeds.py"), "site", "expected.tsv"], check=True)


def unfolded(path):
    text = pathlib.Path(path).read_bytes().decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), path
    return text.replace("\r\n ", "")


def titles(path):
    return sorted(re.findall(r"^SUMMARY[^:]*:(.*)\r$", unfolded(path), re.M))


def escaped(text):
    return re.sub(r"([\\;,])", r"\\\1", text)


def every_choice_is_there(entries):
    """All, each tag and each continent in the languages that name one of its days; each feed in the limits."""
    count = 0
    for language in WORDED:
        for kind, values in (("tag", {t for e in entries.values() for t in e["tags"]}),
                             ("continent", {c for e in entries.values() for c in e["continents"]})):
            for value in values:
                among = [e for e in entries.values() if value in e[kind + "s"]]
                is_there = pathlib.Path(f"site/{language}/{kind}/{value}.ics").exists()
                assert is_there == (language == "en" or any(name_in(e, language) for e in among)), (language, kind, value)
                count += is_there
        everything = titles(f"site/{language}/all.ics") + [t for f in pathlib.Path(f"site/{language}").glob("all-*.ics") for t in titles(f)]
        assert set(everything) == {escaped(name_in(e, language) or e["name"]) for e in entries.values()}, language
    genocide = unfolded("site/en/tag/genocide.ics")
    for entry in entries.values():
        is_in = "genocide" in entry["tags"]
        assert (f"UID:{entry['id']}.2027.dates\r" in genocide) == is_in, entry["id"]
        if is_in:
            told = re.search(rf"UID:{entry['id']}\.2027\.dates\r.*?DESCRIPTION:(.*?)\r", genocide, re.S)[1]
            assert all(escaped(s) in told for s in entry["sources"]) and escaped(entry["what"]) in told, entry["id"]
            assert "dispute" not in entry or "Disputed: " + escaped(entry["dispute"]) in told, entry["id"]
    for file in pathlib.Path("site").rglob("*.ics"):
        events = file.read_bytes().count(b"BEGIN:VEVENT")
        assert 0 < events <= 1000 and file.stat().st_size <= 900000, file
    for part, least, most in (("moons", 140, 160), ("seasons", 12, 14), ("eclipses", 10, 22)):
        assert least <= len(titles(f"site/de/{part}.ics")) <= most, part
    assert set(titles("site/de/moons.ics")) == {"Neumond", "Erstes Viertel", "Vollmond", "Letztes Viertel"}
    assert count > 100


class Page(html.parser.HTMLParser):
    """The links of a page, and of each day its text and links; what is opened is closed."""
    CLOSED = {"meta", "link", "br", "input", "path", "rect", "circle", "use", "line"}

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.open, self.language, self.at = {}, [], [], None, None
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        assert tag not in ("img", "iframe") and "style" not in attrs and "src" not in attrs, (tag, attrs)
        if tag not in self.CLOSED:
            self.open.append(tag)
        if tag == "html":
            self.language = attrs["lang"]
        if attrs.get("class") == "told":
            self.at = self.ids[attrs["id"]] = {"links": [], "text": ""}
        if tag == "a" and "hidden" not in attrs:
            (self.at["links"] if self.at is not None else self.links).append(attrs["href"])

    def handle_endtag(self, tag):
        if tag in self.CLOSED:
            return
        assert self.open.pop() == tag, tag
        if tag == "details":
            self.at = None

    def handle_data(self, data):
        if self.at is not None:
            self.at["text"] += data


def pages_tell_every_day(entries):
    for language in WORDED:
        folder = pathlib.Path("site") / ("" if language == "en" else language)
        text = (folder / "index.html").read_text()
        assert text.startswith(f'<!DOCTYPE html>\n<html lang="{language}"') and sorted(re.findall(r'class="told"[^>]* id="([^"]*)"', text)) == sorted(entries), language
        subjects = re.findall(r'<a href="[^"]*/tag/([^"]*)\.ics" lang="([^"]*)" dir="auto">([^<]*)</a>', text)
        assert {tag for tag, _, _ in subjects} == {tag for e in entries.values() for tag in e["tags"]}, language
        assert all(of == language for _, of, _ in subjects), [one for one in subjects if one[1] != language]  # no tag without words
        assert ("women", "it", "Donne") in subjects or language != "it", subjects
        kinds = {"it": "opera di consultazione", "uk": "довідник", "ja": "参考資料"}
        languages = re.findall(r'<a href="[^"]*\.ics" lang="([^"]*)" dir="auto">([^<]*)</a>', text)
        assert not [one for one in languages if one[0] == one[1]], languages  # each in itself, not by its tag
        assert f"({kinds.get(language, '')}" in text and (language == "en" or "(reference work)" not in text), language
        if language not in ("en", "es", "ar"):  # the others have other words of ours alone
            continue
        page = Page(text)
        assert page.language == language and set(page.ids) == set(entries), language
        for entry in entries.values():
            told = page.ids[entry["id"]]
            for text in (entry["what"], entry["kept"], entry.get("also"), entry.get("dispute"), *entry["names"].values(), *entry["sources"]):
                assert text is None or text in told["text"], (language, entry["id"], text)
            assert told["links"] == [link for s in entry["sources"] for link in re.findall(r"https?://\S+", s)], (language, entry["id"])
        for link in page.links:
            assert (folder / link).is_file(), (language, link)


def what_is_known_of_the_address_is_used():
    tocsin("key", "new", "site", "--unsealed")
    public = re.search(r"RW[\w+/=]{54}", pathlib.Path(".config/tocsin/keys/site.pub").read_text())[0]
    told = tocsin("export", "--catalogue", "signed", "--url", "https://memory.example/days", "--key", "site")
    feeds = list(pathlib.Path("signed").rglob("*.ics"))
    assert f"{len(feeds)} signatures" in told, told
    for feed in ("it/all.ics", "arn/named.ics", "en/eclipses.ics"):
        subprocess.run(["minisign", "-Vqm", f"signed/{feed}", "-P", public], check=True)
    assert "URL:https://memory.example/days/it/index.html#bologna\r" in unfolded("signed/it/all.ics")
    assert "URL:https://memory.example/days/index.html#bologna\r" in unfolded("signed/en/all.ics")
    page = Page(pathlib.Path("signed/it/index.html").read_text())
    for tag in ("nuclear", "antifascism"):
        language = "it" if pathlib.Path(f"signed/it/tag/{tag}.ics").exists() else "en"
        assert f"webcal://memory.example/days/{language}/tag/{tag}.ics" in page.links, (tag, page.links)
    assert "webcal://memory.example/days/it/all.ics" in page.links


def the_same_again_and_an_address_stays():
    tocsin("export", "--catalogue", "again", at="2026-11-01T00:00:00Z", TZ="Asia/Tehran", LANG="tr_TR.UTF-8")
    for file in pathlib.Path("site").rglob("*.ics"):
        again = pathlib.Path("again") / file.relative_to("site")
        assert file.read_bytes() == again.read_bytes(), file  # the month alone decides
    before = pathlib.Path("again/en/all.ics").stat()
    tocsin("export", "--catalogue", "again")
    subprocess.run(["diff", "-r", "site", "again"], check=True)
    assert pathlib.Path("again/en/all.ics").stat().st_ino == before.st_ino  # untouched
    index, kept = pathlib.Path("again/index.tsv"), pathlib.Path("again/it/tag/of-before.ics")
    kept.write_text("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    digest = subprocess.run(["b2sum", "-l", "256", str(kept)], capture_output=True, text=True, check=True).stdout.split()[0]
    rows = index.read_text().splitlines()
    index.write_text("\n".join([rows[0], *sorted([*rows[1:], f"it/tag/of-before.ics\t{kept.stat().st_size}\t{digest}"])]) + "\n")
    tocsin("export", "--catalogue", "again", at="2026-12-01T00:00:00Z")
    assert titles(kept) == ["Non è ancora annunciato nulla"], titles(kept)
    for path in ("site", "again"):
        revision = set(re.findall(r"^(?:SEQUENCE|LAST-MODIFIED):(.*)\r$", unfolded(f"{path}/en/all.ics"), re.M))
        assert revision == ({"10", "20261101T000000Z"} if path == "site" else {"11", "20261201T000000Z"}), revision


def what_does_not_go_is_told():
    tocsin("export", "--catalogue", "x", "--zone", "Europe/Rome", code=2, says="--zone does not go with --catalogue")
    tocsin("export", "--catalogue", "x", "--page", "y", code=2, says="--page does not go with --catalogue")
    tocsin("export", "--catalogue", "x", "--url", "ftp://x", code=2, says="not an address")
    tocsin("export", "x", code=1, says="no root is trusted here.*--catalogue")
    assert not pathlib.Path("x").exists()


def axe_finds_nothing():
    """In a real Chromium, light and dark, from either side."""
    axe = SOURCE / "tests/real/peers/node_modules/axe-core/axe.min.js"
    if browser.PROGRAM is None or not axe.exists():
        print("no Chromium or no axe-core here: not asked")
        return
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="site")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, browser.Browser() as chromium:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for path, dark in (("", False), ("ar/", True)):
            page = chromium.open(f"http://127.0.0.1:{server.server_address[1]}/{path}", dark=dark)
            page.eval("document.querySelectorAll('main details').forEach((d,i)=>{d.open=i<12})")
            page.eval(axe.read_text() + ";1")
            found = page.eval("axe.run(document).then(r=>r.violations.map(v=>v.id+': '+v.nodes.map(n=>n.target+' '+n.failureSummary).join(' | ')))")
            assert found == [] and page.eval("document.documentElement.scrollWidth<=innerWidth"), (path, found)
            page.close()
        server.shutdown()


tocsin("export", "--catalogue", "site")
read = read_entries()
feeds_hold_what_the_catalogue_says(read)
every_choice_is_there(read)
pages_tell_every_day(read)
axe_finds_nothing()
what_is_known_of_the_address_is_used()
the_same_again_and_an_address_stays()
what_does_not_go_is_told()
