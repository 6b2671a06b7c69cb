#!/usr/bin/env python3
"""read_feeds.py SITE EXPECTED -- calendar programs that are not ours read the feeds of a site.

EXPECTED: feed, uid, kind (utc, local, date), start, end, status, title.  Every feed named there must
hold exactly these events for every reader that is installed: the same instants, titles, states and
ends.  Of local times the instants are worked out by Python's zoneinfo: in a gap the first after it,
of an hour that is there twice the earlier.
"""
import datetime
import importlib.util
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from ports import free_port  # noqa: E402

site = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).resolve().parent
UTC = datetime.timezone.utc
failures = []


def instant(text):
    assert text.endswith("Z"), text
    return datetime.datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)


def wave(text, name):
    """The instant at which clocks of a zone show a local time, or come to be past it."""
    zone = zoneinfo.ZoneInfo(name)
    local = datetime.datetime.fromisoformat(text)
    at = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local:
        after = at.astimezone(zone).utcoffset()
        while (at - datetime.timedelta(minutes=1)).astimezone(zone).utcoffset() == after:
            at -= datetime.timedelta(minutes=1)
    return at


meant = {}  # feed -> {uid: (kind, start, end, status, title)}
for line in pathlib.Path(sys.argv[2]).read_text().splitlines():
    feed, uid, kind, start, end, status, title = line.split("\t")
    if kind == "date":
        times = tuple(datetime.date.fromisoformat(t) for t in (start, end))
    else:
        if kind == "local":
            begin = wave(start, re.search(r"[0-9a-f]{16}/(.*)\.ics$", feed)[1])
            length = datetime.datetime.fromisoformat(end) - datetime.datetime.fromisoformat(start)
            times = (begin, begin + length)
        else:
            times = (instant(start), instant(end))
    meant.setdefault(feed, {})[uid] = (kind, *times, status, title)


def compare(reader, feed, found, with_status=True):
    """found: {uid: (start, end, status, title)}, instants in UTC or dates."""
    want = {u: (m[1], m[2], m[3] if with_status else None, m[4]) for u, m in meant[feed].items()}
    if found != want:
        for uid in sorted(set(want) | set(found)):
            if want.get(uid) != found.get(uid):
                failures.append(f"{reader}: {feed}: {uid}: meant {want.get(uid)}, read {found.get(uid)}")


def python_icalendar():
    import icalendar
    for feed in meant:
        calendar = icalendar.Calendar.from_ical((site / feed).read_bytes())
        found = {}
        for event in calendar.walk("VEVENT"):
            start, end = event["DTSTART"].dt, event["DTEND"].dt
            if isinstance(start, datetime.datetime):
                assert start.utcoffset() == datetime.timedelta(0) == end.utcoffset(), feed
            uid = str(event["UID"])
            assert uid not in found, uid
            assert event["TRANSP"] == "TRANSPARENT"
            assert uid.endswith(".dates") if "X-TOCSIN-RECORD" not in event else len(event["X-TOCSIN-RECORD"]) == 64, uid
            assert not event.errors, event.errors
            found[uid] = (start, end, str(event["STATUS"]), str(event["SUMMARY"]))
        assert {c.name for c in calendar.walk()} == {"VCALENDAR", "VEVENT"}
        compare("python-icalendar", feed, found)
    return len(meant)


def vobject():
    import vobject as reader
    for feed in meant:
        found = {}
        for event in reader.readOne((site / feed).read_bytes().decode()).vevent_list:
            start, end = event.dtstart.value, event.dtend.value
            if isinstance(start, datetime.datetime):
                start, end = start.astimezone(UTC), end.astimezone(UTC)
            found[event.uid.value] = (start, end, event.status.value, event.summary.value)
        compare("vobject", feed, found)
    return len(meant)


def khal():
    count = 0
    for feed, events in meant.items():
        config = pathlib.Path("khal.conf")
        shutil.rmtree("khal", ignore_errors=True)
        config.write_text("[calendars]\n[[a]]\npath = khal/a\n[locale]\nlocal_timezone = UTC\n"
                          "default_timezone = UTC\ntimeformat = %H:%M:%S\ndateformat = %Y-%m-%d\n"
                          "longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%dT%H:%M:%S\n"
                          "longdatetimeformat = %Y-%m-%dT%H:%M:%S\n[sqlite]\npath = khal/db\n"
                          "[default]\ndefault_calendar = a\n")
        pathlib.Path("khal/a").mkdir(parents=True)
        run = ["khal", "-c", str(config)]
        subprocess.run(run + ["import", "--batch", "-a", "a", str(site / feed)], check=True,
                       capture_output=True)
        out = subprocess.run(run + ["list", "--once", "--notstarted", "--format",
                                    "{uid}\x1f{start-long-full}\x1f{end-long-full}\x1f{status}\x1f{title}\x1e",
                                    "--day-format", "", "2026-01-01", "1600d"],
                             check=True, capture_output=True, text=True).stdout
        found = {}
        for item in out.split("\x1e"):
            if "\x1f" not in item:
                continue
            uid, start, end, status, title = item.strip("\n").split("\x1f")
            if events.get(uid, ("",))[0] == "date":  # khal names the last day, not the day after
                assert start.endswith("T00:00:00") and end.endswith("T00:00:00"), (start, end)
                times = (datetime.date.fromisoformat(start[:10]),
                         datetime.date.fromisoformat(end[:10]) + datetime.timedelta(days=1))
            else:
                times = (instant(start + "Z"), instant(end + "Z"))
            found[uid] = (*times, status.strip(), title)
        compare("khal", feed, {u: (f[0], f[1], None, f[3]) for u, f in found.items()}, False)
        count += 1
    return count


def calcurse():
    """It keeps no UID and no status: the multiset of (start, end, title) is compared."""
    count = 0
    for feed, events in meant.items():
        shutil.rmtree("calcurse", ignore_errors=True)
        pathlib.Path("calcurse").mkdir()
        subprocess.run(["calcurse", "-D", "calcurse", "-q", "-i", str(site / feed)], check=True,
                       capture_output=True)
        text = pathlib.Path("calcurse/apts").read_text()
        want = []
        for kind, start, end, _, title in events.values():
            if kind == "date":
                want.append(f"{start:%m/%d/%Y}")
            else:
                # calcurse counts in minutes
                want.append(f"{start:%m/%d/%Y @ %H:%M} -> {end:%m/%d/%Y @ %H:%M}")
        found = re.findall(r"^(\d\d/\d\d/\d{4}(?: @ \d\d:\d\d -> \d\d/\d\d/\d{4} @ \d\d:\d\d)?)", text,
                           re.M)
        if sorted(want) != sorted(found):
            failures.append(f"calcurse: {feed}: meant {sorted(want)}, read {sorted(found)}\n{text}")
        for _, _, _, _, title in events.values():
            if title.split("\\")[0][:60] not in text:
                failures.append(f"calcurse: {feed}: no \"{title}\"\n{text}")
        count += 1
    return count


def as_program(name, *command):
    """A reader that writes what it finds as JSON: [uid, start, end, status, title]."""
    def read():
        for feed in meant:
            out = subprocess.run(command, input=(site / feed).read_bytes(), capture_output=True)
            assert out.returncode == 0, (name, feed, out.stderr.decode())
            found = {}
            for uid, start, end, status, title in json.loads(out.stdout):
                assert uid not in found
                found[uid] = (*(instant(t) if "T" in t else datetime.date.fromisoformat(t)
                                for t in (start, end)), status, title)
            compare(name, feed, found)
        return len(meant)
    return read


def radicale():
    """A CalDAV server that takes whole collections only where every event is sound."""
    shutil.rmtree("radicale", ignore_errors=True)
    port = free_port()
    server = subprocess.Popen(["radicale", "--server-hosts", f"127.0.0.1:{port}", "--auth-type", "none",
                               "--storage-filesystem-folder", "radicale"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for feed, events in meant.items():
            url = f"http://127.0.0.1:{port}/a/{feed.replace('/', '-')[:-4]}/"
            put = urllib.request.Request(url, data=(site / feed).read_bytes(), method="PUT",
                                         headers={"Content-Type": "text/calendar", "Authorization": "Basic YTo="})
            for attempt in range(100):
                try:
                    with urllib.request.urlopen(put) as answer:
                        assert answer.status == 201, (feed, answer.status)
                    break
                except urllib.error.HTTPError:
                    raise
                except urllib.error.URLError:
                    time.sleep(0.1)
            get = urllib.request.Request(url, headers={"Authorization": "Basic YTo="})
            with urllib.request.urlopen(get) as answer:
                held = answer.read().decode().count("BEGIN:VEVENT")
            if held != len(events):
                failures.append(f"radicale: {feed}: holds {held} of {len(events)}")
    finally:
        server.terminate()
        server.wait()
    return len(meant)


def has_module(name):
    return importlib.util.find_spec(name) is not None


def has_node(package):
    return shutil.which("node") and (here / "node_modules" / package).exists()


ran = []
for name, reader, there in (
        ("python3-icalendar", python_icalendar, True),
        ("vobject", vobject, has_module("vobject")),
        ("khal", khal, shutil.which("khal")),
        ("calcurse", calcurse, shutil.which("calcurse")),
        ("radicale", radicale, shutil.which("radicale")),
        ("ical.js", as_program("ical.js", "node", here / "read_feeds.mjs"), has_node("ical.js")),
        ("node-ical", as_program("node-ical", "node", here / "read_feeds_node_ical.mjs"), has_node("node-ical")),
        ("sabre/vobject", as_program("sabre/vobject", "php", here / "read_feeds.php"),
         pathlib.Path("/usr/share/php/Sabre/VObject/includes.php").exists()),
        ("ruby-icalendar", as_program("ruby-icalendar", "ruby", here / "read_feeds.rb"),
         shutil.which("ruby") and subprocess.run(["ruby", "-ricalendar", "-e", "0"], capture_output=True).returncode == 0)):
    if there:
        ran.append(f"{name} {reader()}")
    else:
        print(f"{name}: not installed, not asked")
print("read: " + ", ".join(ran))
print("\n".join(failures[:20]))
sys.exit(1 if failures or len(ran) < 2 else 0)
