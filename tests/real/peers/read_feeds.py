#!/usr/bin/env python3
"""read_feeds.py SITE EXPECTED -- calendar programs that are not ours read the feeds of a site.

EXPECTED: feed, uid, kind (utc, local, date), start, end, status, title.  Every feed named there must
hold exactly these events for every reader that is installed.  Local times are turned into instants
by Python's zoneinfo; readers that use VTIMEZONE get the feeds with their TZIDs renamed too, so that
no table of their own can help them.
"""
import datetime
import json
import pathlib
import re
import shutil
import subprocess
import sys
import zoneinfo

site = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).resolve().parent
UTC = datetime.timezone.utc
failures = []


def instant(text, zone=None):
    if text.endswith("Z"):
        return datetime.datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(UTC)


meant = {}  # feed -> {uid: (kind, start, end, status, title)}
for line in pathlib.Path(sys.argv[2]).read_text().splitlines():
    feed, uid, kind, start, end, status, title = line.split("\t")
    if kind == "date":
        times = tuple(datetime.date.fromisoformat(t) for t in (start, end))
    else:
        zone = re.search(r"[0-9a-f]{16}/(.*)\.ics$", feed) if kind == "local" else None
        times = tuple(instant(t, zone and zone[1]) for t in (start, end))
    meant.setdefault(feed, {})[uid] = (kind, *times, status, title)


def compare(reader, feed, found, with_status=True):
    """found: {uid: (start, end, status, title)}, instants in UTC or dates."""
    want = {u: (m[1], m[2], m[3] if with_status else None, m[4]) for u, m in meant[feed].items()}
    if found != want:
        for uid in sorted(set(want) | set(found)):
            if want.get(uid) != found.get(uid):
                failures.append(f"{reader}: {feed}: {uid}: meant {want.get(uid)}, read {found.get(uid)}")


def renamed(text):
    return re.sub(r"(TZID[=:])([A-Za-z_/+-]+[0-9]*)", r"\1Nowhere/Of_Ours", text)


def python_icalendar():
    import icalendar
    count = 0
    for feed in meant:
        raw = (site / feed).read_bytes().decode()
        for name, text in (("icalendar", raw), ("icalendar, TZID renamed", renamed(raw))):
            if text == raw and name != "icalendar":
                continue
            # the reader's cache of zones is global: a new name for each feed
            text = text.replace("Nowhere/Of_Ours", f"Nowhere/Of_Ours_{count}")
            calendar = icalendar.Calendar.from_ical(text)
            found = {}
            for event in calendar.walk("VEVENT"):
                start, end = event["DTSTART"].dt, event["DTEND"].dt
                if isinstance(start, datetime.datetime):
                    assert start.tzinfo is not None and end.tzinfo is not None, feed
                    start, end = start.astimezone(UTC), end.astimezone(UTC)
                uid = str(event["UID"])
                assert uid not in found, uid
                assert event["TRANSP"] == "TRANSPARENT" and len(event["X-TOCSIN-RECORD"]) == 64
                assert not event.errors, event.errors
                found[uid] = (start, end, str(event["STATUS"]), str(event["SUMMARY"]))
            assert not {"VALARM", "VTODO"} & {c.name for c in calendar.walk()}
            compare(name, feed, found)
            count += 1
    return count


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


def ical_js():
    count = 0
    for feed in meant:
        raw = (site / feed).read_bytes().decode()
        for name, text in (("ical.js", raw), ("ical.js, TZID renamed", renamed(raw))):
            out = subprocess.run(["node", str(here / "read_feeds.mjs")], input=text, check=True,
                                 capture_output=True, text=True).stdout
            found = {}
            for uid, start, end, status, title in json.loads(out):
                times = (instant(t) if "T" in t else datetime.date.fromisoformat(t) for t in (start, end))
                assert uid not in found
                found[uid] = (*times, status, title)
            compare(name, feed, found)
            count += 1
    return count


ran = []
for name, reader, there in (("python3-icalendar", python_icalendar, True),
                            ("khal", khal, shutil.which("khal")),
                            ("calcurse", calcurse, shutil.which("calcurse")),
                            ("ical.js", ical_js, shutil.which("node") and (here / "node_modules/ical.js").exists())):
    if there:
        ran.append(f"{name} {reader()}")
    else:
        print(f"{name}: not installed, not asked")
print("read: " + ", ".join(ran))
print("\n".join(failures))
sys.exit(1 if failures or len(ran) < 2 else 0)
