"""What went wrong with other people's calendar feeds, as they reported it, tried on ours: tocsin export and tocsin serve from the
outside.  Each function is one report; what a report needs besides stands in the test that is named there."""
import concurrent.futures
import datetime
import http.client
import os
import pathlib
import re
import shutil
import socket
import subprocess
import urllib.request
import zoneinfo

import icalendar

TOCSIN = os.environ["TOCSIN_BIN"] + "/tocsin"
HERE = pathlib.Path.cwd()
NOW = "2027-01-10T09:00:00Z"
LONG = "警報の鐘が鳴る 😀 " * 40 + "END:VEVENT"
UTC = datetime.timezone.utc
reports = []


def tocsin(*words, home="home", at=NOW, code=0):
    pathlib.Path(home).mkdir(exist_ok=True)
    done = subprocess.run([TOCSIN, *words, *([] if words[0] == "serve" else ["--at", at])], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env={"PATH": os.environ["PATH"], "HOME": str(HERE / home), "LANG": "C.UTF-8", "TMPDIR": str(HERE)})
    assert done.returncode == code, (words, done)
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def confirmed(*words, home="home", at=NOW):
    """By two of the three organizers; the uid."""
    uid = tocsin(*words, "--key", "ada", "--yes", home=home, at=at)
    tocsin("cosign", uid if words[0] == "declare" else words[1], "--key", "bo", "--yes", home=home, at=at)
    return uid


def export(folder, *words, home="home", at=NOW):
    tocsin("export", folder, "--url", "https://valley.example/", *words, home=home, at=at)
    return pathlib.Path(folder)


def events(path, zone=None):
    feed = next(path.glob(f"plain/*/{zone}.ics" if zone else "plain/????????????????.ics"))
    return icalendar.Calendar.from_ical(feed.read_bytes()).walk("VEVENT")


def of(uid, found):
    return [event for event in found if event["UID"].startswith(uid)]


@reports.append
def an_edited_event_is_a_newer_one():
    """GatherPress#2058, ical-generator PR#71, OpenACalendar#176: an edit keeps its revision and clients keep the old event."""
    shutil.copytree("home", "one")
    shutil.copytree("home", "two")
    first = of(minute, events(export("first", "--zone", "Europe/Rome")))[0]
    for home, hour in (("one", "15"), ("two", "16")):
        confirmed("amend", minute, "--rule", f"2 august at {hour}:00 in Europe/Rome for 1m", home=home, at="2027-01-11T09:00:00Z")
    amended = {home: of(minute, events(export(f"by-{home}", "--zone", "Europe/Rome", home=home, at="2027-01-11T10:00:00Z")))[0] for home in ("one", "two")}
    tocsin("sync", "two/.local/share/tocsin", home="one", at="2027-01-11T11:00:00Z")
    contested = of(minute, events(export("contested", "--zone", "Europe/Rome", home="one", at="2027-01-11T12:00:00Z")))[0]
    assert contested["DTSTART"].dt == first["DTSTART"].dt and "disputed" in contested["DESCRIPTION"]
    for event in amended.values():
        assert event["SEQUENCE"] > first["SEQUENCE"] and event["DTSTART"].dt != first["DTSTART"].dt
        assert contested["SEQUENCE"] >= event["SEQUENCE"] and contested["LAST-MODIFIED"].dt >= event["LAST-MODIFIED"].dt


@reports.append
def a_feed_without_events_is_valid():
    """collective/icalendar#251: a calendar must have a component."""
    tocsin("key", "new", "ada", "--unsealed", home="empty")
    tocsin("root", "new", "Nobody yet", "--organizer", "ada", "--threshold", "1", "--key", "ada", "--yes", home="empty")
    only, = events(export("nothing", "--zone", "Europe/Rome", home="empty"))
    assert only["SUMMARY"] == "Nothing is declared yet" and isinstance(only["DTSTART"].dt, datetime.date)


def ask(path, **headers):
    connection = http.client.HTTPConnection(address)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


@reports.append
def what_is_known_has_no_length():
    """okhttp#5968, square/cube PR#1, moonbit async#615: a client waits for the body of a 304; test_serve_clients.py asks such clients."""
    etag = ask(feed)[1]["ETag"]
    status, headers, body = ask(feed, If_None_Match=etag)
    assert status == 304 and not body and not {"Content-Length", "Transfer-Encoding", "Content-Encoding"} & set(headers), headers


@reports.append
def pages_elsewhere_may_read():
    """GetTogether#186, fullcalendar#7476: a browser does not give the feed to a page of another site."""
    assert ask(feed, Origin="https://elsewhere.example")[1]["Access-Control-Allow-Origin"] == "*"


@reports.append
def no_character_is_cut():
    """ical-generator#221, ical4j#800, icalendar (ruby) PR#158, golang-ical#7: a fold splits a character, or a line is too long."""
    for line in next(site.glob("plain/????????????????.ics")).read_bytes().split(b"\r\n"):
        assert len(line) <= 75 and line.decode() is not None
    assert of(long, events(site))[0]["SUMMARY"] == LONG


@reports.append
def no_time_needs_a_zone():
    """home-assistant#141636, #160047, owncloud calendar#687, openstreetmap-calendar#185, home-assistant#145101, yuvomi#818: a VTIMEZONE
    misread or missing, a floating time taken for UTC."""
    for path in {file.stat().st_ino: file for file in site.rglob("*.ics")}.values():
        text = path.read_text()
        assert "TZID" not in text and "VTIMEZONE" not in text, path
        assert all(re.fullmatch(r";VALUE=DATE:\d{8}|:\d{8}T\d{6}Z", time) for time in re.findall(r"^DT(?:START|END)(.*?)$", text, re.M)), path


@reports.append
def an_hour_that_comes_twice_is_the_first():
    """keeper.sh#608, ical.net#623: half of the readers take the other one; here in every zone there is."""
    checked, folder = 0, next(path for path in site.glob("plain/????????????????") if path.is_dir())
    for path in folder.glob("[A-Z]*/**/*.ics"):
        name = path.relative_to(folder).as_posix()[:-4]
        if name in zoneinfo.available_timezones():
            starts = re.findall(rf"^UID:{wave}\.2027\..*?^DTSTART:(\S+)$", path.read_bytes().decode().replace("\r\n", "\n"), re.M | re.S)
            meant = datetime.datetime(2027, 10, 31, 2, 30, tzinfo=zoneinfo.ZoneInfo(name)).astimezone(UTC)
            assert starts == [f"{meant:%Y%m%dT%H%M%SZ}"], (name, starts, meant)
            checked += 1
    assert checked > 400, checked


@reports.append
def what_is_called_off_is_told_and_goes():
    """w3c/calendar#90, GetTogether#291, Squire#369: a cancelled event is missing at once, or never goes away."""
    event, = of(off, events(site))
    assert event["STATUS"] == "CANCELLED" and event["SUMMARY"].startswith("Cancelled: ")
    assert of(off, events(export("later", "--zone", "Europe/Rome", at="2027-03-01T09:00:00Z")))
    assert not of(off, events(export("after", "--zone", "Europe/Rome", at="2027-05-20T09:00:00Z")))


@reports.append
def what_too_few_signed_is_not_there():
    """Etar#70, Fossify#383, ephios#1581: calendars show a tentative event like any other."""
    assert not [*site.glob(f"*/*/window/{tentative}.ics"), *site.glob("eo")], "who signs alone makes a feed, a language"
    for path in site.rglob("*.ics"):
        assert "-tentative" in path.name or not re.search(rf"{tentative}|Only one", path.read_text()), path
    found = of(tentative, icalendar.Calendar.from_ical(next(site.glob("plain/*-tentative.ics")).read_bytes()).walk("VEVENT"))
    assert found and all(event["SUMMARY"] == "not yet confirmed (1/2): Only one" and "URL" not in event for event in found), found


@reports.append
def every_feed_is_subscribed_to():
    """eskom-calendar#411, indico#1725, #4788, calagator#556, add-to-calendar-button#252, asap-hub PR#4998: a link to a file imports once;
    Google and Outlook need links of their own."""
    page, where = (site / "index.html").read_text(), (site / "where.html").read_text()
    zones = re.findall(r'href="([^"]*)" data-zone', where)
    assert len(zones) > 300 and all(link.startswith("webcal://valley.example/") for link in zones), zones[:3]
    assert all((site / link[len("webcal://valley.example/"):]).is_file() for link in zones)
    assert re.search(r'data-sub="webcal" href="webcal://valley\.example/plain/[0-9a-f]{16}\.ics"', page)
    for service in ("https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F", "https://outlook.live.com/calendar/0/addfromweb?url=https%3A%2F%2F"):
        assert service in page, service


@reports.append
def the_type_is_a_calendars():
    """h5bp server-configs-nginx#64, easyappointments PR#1630: the wrong media type; test_serve_samples.py has nginx, Apache and Caddy."""
    assert ask(feed)[1]["Content-Type"] == "text/calendar; charset=utf-8"


@reports.append
def everybody_finds_a_zone():
    """moment-timezone#1029, timezone-data#8, countries-and-timezones#132: the zone of whole countries is not in the list."""
    where, folder = (site / "where.html").read_text(), next(path for path in site.glob("plain/????????????????") if path.is_dir())
    rows = [line.split("\t") for line in pathlib.Path("/usr/share/zoneinfo/zone.tab").read_text().splitlines() if not line.startswith("#")]
    assert len(re.findall("<li><h2>[^<]+</h2>", where)) == len({row[0] for row in rows})
    for name in [row[2] for row in rows] + ["Europe/Kiev", "Asia/Calcutta", "America/Buenos_Aires", "Asia/Saigon"]:
        assert (folder / f"{name}.ics").is_file(), name


@reports.append
def no_feed_is_too_large():
    """nextcloud/calendar#4250, home-assistant#143141: large feeds time out; test_http_crowd.c has the slow reader."""
    for path in site.rglob("*.ics"):
        assert path.stat().st_size <= 900000 and path.read_bytes().count(b"BEGIN:VEVENT") <= 1000, path


@reports.append
def a_proxy_is_no_single_client():
    """JokeAPI#4, passopolis-server#2: a limit for each address meets all who come through one; test_serve_samples.py has the proxies."""
    host, port = address.split(":")
    idle = [socket.create_connection((host, int(port))) for _ in range(100)]
    with concurrent.futures.ThreadPoolExecutor(40) as readers:
        assert set(readers.map(lambda _: ask(feed)[0], range(200))) == {200}
    for one in idle:
        one.close()


@reports.append
def no_event_is_there_twice():
    """nextcloud/calendar#4580: the same UID twice in a file, and the import stops; nor is one in two files of a long feed."""
    for path in {file.stat().st_ino: file for file in site.rglob("*.ics")}.values():
        uids = re.findall(r"^UID:(.*)$", path.read_text().replace("\r\n ", ""), re.M)
        assert len(uids) == len(set(uids)), path
    shutil.copytree("home", "busy")
    for hour in range(6, 12):
        confirmed("declare", "--title", f"Every day at {hour}", "--rule", f"every day at {hour}:00 UTC for 1m", "--horizon", "190d", home="busy")
    busy = export("long", "--zone", "Europe/Rome", home="busy")
    parts = [*busy.glob("plain/????????????????.ics"), *busy.glob("plain/????????????????-2???*.ics")]
    uids = [uid for part in parts for uid in re.findall(r"^UID:(.*)$", part.read_text(), re.M)]
    assert len(parts) > 1 and len(uids) == len(set(uids)), parts


@reports.append
def only_the_very_date_is_known():
    """netbox-notices#67: a 304 to any date."""
    modified = ask(feed)[1]["Last-Modified"]
    for date, status in ((modified, 304), ("Thu, 01 Jan 1970 00:00:00 GMT", 200), ("Fri, 01 Jan 2100 00:00:00 GMT", 200), ("junk", 200)):
        assert ask(feed, If_Modified_Since=date)[0] == status, date


@reports.append
def the_page_tells_the_hour_there():
    """dhmit-site#46, bluedot#1630, osm-microcosms#180: UTC on the page of an event."""
    page = next(site.glob(f"plain/*/window/{minute}.html")).read_text()
    assert "10:25" in page and re.search(r'datetime="2027-08-02T08:25:00Z"', page) and "Monday 2 August 2027" in page


@reports.append
def any_accept_will_do():
    """Meetable#138: 406 to a client that names what it would like best."""
    assert {ask(feed, Accept=wish)[0] for wish in ("application/json", "text/html", "image/png;q=1, */*;q=0", "")} == {200}


for name in ("ada", "bo", "cleo"):
    tocsin("key", "new", name, "--unsealed")
root = tocsin("root", "new", "Valley", "--organizer", "ada", "--organizer", "bo", "--organizer", "cleo", "--threshold", "2", "--key", "ada", "--yes")
tocsin("cosign", re.search("[0-9a-f]{64}", root)[0], "--key", "bo", "--yes")
minute = confirmed("declare", "--title", "A minute for Bologna", "--rule", "2 august at 10:25 in Europe/Rome for 1m")
long = confirmed("declare", "--title", LONG, "--rule", "3 june at 10:00 UTC for 1h")
wave = confirmed("declare", "--title", "Candles", "--rule", "31 october at 02:30 everywhere for 15m", "--horizon", "1y")
off = confirmed("declare", "--title", "Called off", "--rule", "12 april at 10:00 UTC for 1h", "--horizon", "1y")
confirmed("cancel", off, "--reason", "rain")
tentative = tocsin("declare", "--title", "Only one", "--title.eo", "Nur unu", "--url", "https://evil.example/", "--rule", "3 may at 09:00 UTC for 15m", "--key", "ada", "--yes")
site = export("site")
server = subprocess.Popen([TOCSIN, "serve", "--listen", "127.0.0.1:0", "--zone", "Europe/Rome", "served"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True, env={"PATH": os.environ["PATH"], "HOME": str(HERE / "home"), "TMPDIR": str(HERE)})
try:
    address = server.stdout.readline().split()[1][len("http://"):-1]
    feed = "/" + next(pathlib.Path("served").glob("plain/????????????????.ics")).relative_to("served").as_posix()
    for report in reports:
        report()
finally:
    server.terminate()
    assert server.wait() == 0
print(f"{len(reports)} kinds of reports tried")
