"""The calendars that people have on their desks subscribe to tocsin serve, in a deep run: Thunderbird under Xvfb and Evolution's data
server on a bus of its own.  Each must hold the same events as python-icalendar reads from the feed."""
import contextlib
import datetime
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request

import pace

TOCSIN = os.environ["TOCSIN_BIN"] + "/tocsin"
HERE = pathlib.Path.cwd()
ENV = {"PATH": os.environ["PATH"], "HOME": str(HERE), "LANG": "C.UTF-8", "TMPDIR": str(HERE), "TZ": "Europe/Rome", "XDG_RUNTIME_DIR": str(HERE)}
UTC = datetime.timezone.utc

EVOLUTION = r"""
import json, sys, time
import gi
gi.require_version("ECal", "2.0")
gi.require_version("EDataServer", "1.2")
from gi.repository import ECal, EDataServer, GLib
registry = EDataServer.SourceRegistry.new_sync(None)
source = EDataServer.Source.new_with_uid("valley", None)
source.set_display_name("Valley")
source.set_parent("webcal-stub")
source.get_extension("Calendar").set_backend_name("webcal")
source.get_extension("WebDAV Backend").set_uri(GLib.Uri.parse(sys.argv[1], GLib.UriFlags.NONE))
registry.commit_source_sync(source, None)
client = ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, 30, None)
wanted, until, found = int(sys.argv[2]), time.monotonic() + float(sys.argv[3]), []
while len(found) < wanted and time.monotonic() < until:
    client.refresh_sync(None)
    time.sleep(1)
    found = client.get_object_list_sync("#t", None)[1]
def text(time):
    return time.as_ical_string()
print(json.dumps([[c.get_uid(), text(c.get_dtstart()), text(c.get_dtend()), c.get_summary()] for c in found]))
"""


def tocsin(*words):
    done = subprocess.run([TOCSIN, *words], env=ENV, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, done
    return done.stdout.strip()


def meant(url):
    """uid: (start, end, title), times as iCalendar has them."""
    import icalendar
    found = {}
    with urllib.request.urlopen(url) as answer:
        for event in icalendar.Calendar.from_ical(answer.read()).walk("VEVENT"):
            found[str(event["UID"])] = (event["DTSTART"].to_ical().decode(), event["DTEND"].to_ical().decode(), str(event["SUMMARY"]))
    return found


def thunderbird(url, events):
    profile = HERE / "profile"
    profile.mkdir()
    (profile / "user.js").write_text("".join(f'user_pref("{key}", {value});\n' for key, value in {
        "calendar.registry.valley.type": '"ics"', "calendar.registry.valley.uri": f'"{url}"', "calendar.registry.valley.name": '"Valley"',
        "calendar.registry.valley.cache.enabled": "true", "calendar.registry.valley.refreshInterval": '"1"',
        "calendar.list.sortOrder": '"valley"', "mail.provider.suppress_dialog_on_startup": "true", "mail.spotlight.firstRunDone": "true",
        "app.update.enabled": "false", "datareporting.policy.dataSubmissionEnabled": "false", "mailnews.start_page.enabled": "false",
        "mail.rights.version": "1", "toolkit.telemetry.enabled": "false"}.items()))
    cache, found, until = profile / "calendar-data/cache.sqlite", {}, time.monotonic() + pace.patience(60)
    with open("thunderbird.log", "w") as log:
        reader = subprocess.Popen(["xvfb-run", "-a", "thunderbird", "--profile", str(profile), "-no-remote", "-calendar"], env=ENV,
                                  stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            while len(found) < len(events) and time.monotonic() < until:
                assert reader.poll() is None, pathlib.Path("thunderbird.log").read_text()
                time.sleep(1)
                for file in cache.parent.glob("cache.sqlite*"):  # the program's own it keeps locked
                    shutil.copy(file, file.name)
                with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect("cache.sqlite")) as held:
                    found = {uid: row for uid, *row in held.execute("SELECT id, event_start, event_end, title, flags FROM cal_events WHERE cal_id='valley'")}
        finally:
            os.killpg(reader.pid, 15)
            reader.wait()

    def written(microseconds, is_date):
        at = datetime.datetime.fromtimestamp(microseconds / 1e6, UTC)
        return f"{at:%Y%m%d}" if is_date else f"{at:%Y%m%dT%H%M%SZ}"
    whole_day = 8  # calStorageHelpers: CAL_ITEM_FLAG.EVENT_ALLDAY
    return {uid: (written(start, flags & whole_day), written(end, flags & whole_day), title) for uid, (start, end, title, flags) in found.items()}


def evolution(url, events):
    import json
    done = subprocess.run(["dbus-run-session", "--", "/usr/bin/python3", "-c", EVOLUTION, url, str(len(events)), str(pace.patience(20))], env=ENV,
                          capture_output=True, text=True)
    assert done.returncode == 0, done
    return {uid: (start, end, title) for uid, start, end, title in json.loads(done.stdout)}


READERS = {"Thunderbird": (thunderbird, shutil.which("thunderbird") and shutil.which("xvfb-run")),
           "Evolution": (evolution, pathlib.Path("/usr/libexec/evolution-calendar-factory").exists() and shutil.which("dbus-run-session"))}
if not os.environ.get("TOCSIN_DEEP") or not any(there for _, there in READERS.values()):
    print("in a deep run, where Thunderbird or Evolution's data server is installed")
    sys.exit(77)
tocsin("key", "new", "anna", "--unsealed")
tocsin("root", "new", "Valley", "--organizer", "anna", "--threshold", "1", "--key", "anna", "--yes")
for title, rule in (("A minute; for \"Bologna\", 警é😀", "2 august at 10:25 in Europe/Rome for 1m"), ("Candles", "31 october at 02:30 everywhere for 15m"),
                    ("تقويم للذاكرة", "1 may at 20:00 UTC for 1h"), ("Murals", "25 april for 2d"), ("Moons", "every full moon for 5m")):
    tocsin("declare", "--title", title, "--rule", rule, "--rest", "24h", "--horizon", "2y", "--key", "anna", "--yes")
off = tocsin("declare", "--title", "Called off", "--rule", "1 june at 10:00 UTC for 1h", "--horizon", "1y", "--key", "anna", "--yes")
tocsin("cancel", off, "--reason", "rain", "--key", "anna", "--yes")
server = subprocess.Popen([TOCSIN, "serve", "--listen", "127.0.0.1:0", "--zone", "Europe/Rome", "site"], env=ENV, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True)
try:
    url = server.stdout.readline().split()[1] + next((HERE / "site").glob("plain/*/Europe/Rome.ics")).relative_to(HERE / "site").as_posix()
    events = meant(url)
    assert len(events) > 50, len(events)
    for name, (read, there) in READERS.items():
        if there:
            found = read(url, events)
            assert found == events, (name, {uid: (events.get(uid), found.get(uid)) for uid in set(events) | set(found) if events.get(uid) != found.get(uid)})
            print(f"{name} holds {len(found)} events as meant")
        else:
            print(f"{name}: not installed, not asked")
finally:
    server.terminate()
    assert server.wait() == 0
