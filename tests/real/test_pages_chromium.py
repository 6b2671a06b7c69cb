"""The pages in a real Chromium, handed out by tocsin serve: what a person sees first, on whatever clock and in whatever
language, with script and without; every link, code and key; axe-core; and what it weighs."""
import base64
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import traceback
import urllib.parse
import urllib.request

import icalendar

import browser
import page_states
from ask import TOCSIN
from organizers import BOLOGNA, run, test, valley
from page_states import contest
from pace import patience
from ports import free_port

if browser.PROGRAM is None or shutil.which("zbarimg") is None:
    print("no Chromium or no zbarimg here")
    sys.exit(77)

AT = "2026-11-23T12:00:00Z"
AT_MS = 1795435200000
PEERS = pathlib.Path(os.environ["TOCSIN_SOURCE"], "tests/real/peers")
AXE = PEERS / "node_modules/axe-core/axe.min.js"
IS_DEEP = os.environ.get("TOCSIN_DEEP", "") not in ("", "0")
WEIGHT_MAX, LINK_BITS, LINK_MS, FIRST_SCREEN_MS = 60000, 1_600_000, 150, 1000


def declare_all(tocsin):
    def window(*words):
        uid = tocsin.declare(*words)
        tocsin("cosign", uid, "--key", "bela", "--yes")
        return uid

    uids = {
        "bologna": window("--title", "A minute for Bologna", "--title.it", "Un minuto per Bologna", "--title.ar", "دقيقة من أجل بولونيا",
                          "--about", "The clock of the station still shows the hour.", "--rule", BOLOGNA, "--rest", "24h",
                          "--gesture", "silence", "--tone", "mourning", "--url", "https://example.org/why"),
        "candles": window("--title", "Lights", "--rule", "25 april at 20:00 everywhere for 15m", "--gesture", "candles"),
        "sunset": window("--title", "Sunset", "--rule", "21 june at sunset at Rome, Tokyo for 15m", "--gesture", "candles"),
        "murals": window("--title", "Murals", "--rule", "2nd saturday of october for 2d", "--gesture", "mural"),
        "contested": window("--title", "Names are read", "--rule", "1 november at 18:00 in Europe/Rome for 10m", "--gesture", "silence"),
        "off": window("--title", "Storm night", "--rule", "13 february at 19:00 in Europe/Rome for 2h", "--gesture", "broadcast"),
    }
    tocsin("cancel", uids["off"], "--reason", "Storm warning", "--key", "anna", "--yes")
    cancel = next(path.stem for path in tocsin.store.rglob("*.rec") if path.read_bytes().startswith(b"tocsin cancel"))
    tocsin("cosign", cancel, "--key", "bela", "--yes")
    contest(tocsin, uids["contested"], "1 november at 18:{} in Europe/Rome for 10m")
    tocsin.declare("--title", "Perhaps <b>", "--rule", "1 may at 12:00 in Europe/Rome for 1h", "--gesture", "march")
    return uids


class Served:
    def __enter__(self):
        self.tocsin = valley()
        self.uids = declare_all(self.tocsin)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        self.process = subprocess.Popen([TOCSIN, "serve", "--listen", f"127.0.0.1:{port}", "--url", self.url, "--at", AT, "site"],
                                        env=self.tocsin.env, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        assert self.process.stdout.readline().startswith("listening"), "tocsin serve did not begin"
        self.root8 = self.tocsin.root[:16]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(patience(20))

    def window(self, name, language="plain"):
        return f"{self.url}{language}/{self.root8}/window/{self.uids[name]}.html"


def is_quiet(page):
    """No error, nothing that the policy forbade, no request but to the site."""
    assert not page.complaints(), page.complaints()
    asked = [e["request"]["url"] for e in page.events("Network.requestWillBeSent")]
    strange = [url for url in asked if not url.startswith("http://127.0.0.1:")]
    assert asked and not strange, strange


def text_of(page, selector):
    return page.eval(f"document.querySelector({json.dumps(selector)}).textContent.replace(/\\s+/g,' ').trim()")


def href_of(page, selector):
    return page.eval(f"document.querySelector({json.dumps(selector)}).href")


def bottom_of(page, selector):
    return page.eval(f"document.querySelector({json.dumps(selector)}).getBoundingClientRect().bottom")


HERO = ".next:not([hidden]) "


def the_first_screen_answers(served, chromium):
    page = chromium.open(served.url, zone="Europe/Kiev", at=AT_MS, languages="en-GB")
    assert text_of(page, "h1") == "Tre città"
    assert text_of(page, HERO + "h2") == "Lights" and text_of(page, HERO + "[data-f=date]").replace(",", "") == "Sunday 25 April 2027"
    assert text_of(page, HERO + "[data-f=hour]") == "20:00" and "each place’s own clock" in text_of(page, HERO + ".also")
    assert text_of(page, HERO + ".left") == "in 153 days", text_of(page, HERO + ".left")
    assert "candles · 15 minutes" in text_of(page, HERO + ".over")
    assert href_of(page, HERO + ".pri") == f"webcal:{served.url[5:]}plain/{served.root8}/Europe/Kiev.ics"
    assert text_of(page, "[data-city]") == "Kyiv" # whatever the browser calls it
    for selector in ("h1", HERO + "h2", HERO + "[data-f=hour]", HERO + ".left", HERO + ".pri"):
        assert 0 < bottom_of(page, selector) <= 844, (selector, bottom_of(page, selector))
    assert page.eval("document.querySelectorAll('.next:not([hidden])').length") == 1
    address = page.eval("document.querySelector('[data-sub=address]').value")
    for url in (address, urllib.parse.unquote(href_of(page, "[data-sub=google]").split("cid=")[1]).replace("webcal:", "http:"),
                urllib.parse.parse_qs(href_of(page, "[data-sub=outlook]").split("?")[1])["url"][0]):
        assert url == address and b"BEGIN:VEVENT" in urllib.request.urlopen(url).read()
    # Google takes webcal: in one encoded value; Outlook on the web takes http(s) alone, and a name
    assert re.fullmatch(r"https://calendar\.google\.com/calendar/r\?cid=webcal%3A%2F%2F[\w.%-]+\.ics", href_of(page, "[data-sub=google]"))
    outlook = urllib.parse.urlsplit(href_of(page, "[data-sub=outlook]"))
    asked = urllib.parse.parse_qs(outlook.query, strict_parsing=True)
    assert outlook[:3] == ("https", "outlook.live.com", "/calendar/0/addfromweb") and set(asked) == {"url", "name"}, outlook
    assert asked["name"] == ["Tre città"] and asked["url"][0].startswith("http")
    assert href_of(page, "[data-sub=office]") == outlook._replace(netloc="outlook.office.com").geturl()
    assert href_of(page, "[data-sub=webcal]") == address.replace("http:", "webcal:")
    is_quiet(page)
    page.close()


def each_zone_has_its_clock_and_its_feed(served, chromium):
    for zone, city, hour in (("Asia/Calcutta", "Kolkata", "13:55"), ("America/New_York", "New York", "04:25"),
                             ("Pacific/Kiritimati", "Kiritimati", "22:25")):
        page = chromium.open(served.window("bologna"), zone=zone, at=AT_MS, languages="en-GB")
        told = text_of(page, HERO + "[data-f=hour]"), text_of(page, HERO + ".also")
        assert told[0] == hour and "your time" in told[1], (zone, told)
        assert page.eval("document.querySelector('.next:not([hidden]) [data-f=utc]').hidden") is False
        page.go(served.url)
        assert text_of(page, "[data-city]") == city and href_of(page, HERO + ".pri").endswith(f"/{zone}.ics")
        page.close()
    page = chromium.open(served.window("bologna"), zone="UTC", at=AT_MS, languages="en-GB")
    told = page.eval("document.querySelector('.next:not([hidden]) .also').innerText")
    assert told == "your time, UTC · everywhere at the same instant", told  # not twice
    page.go(served.window("bologna", "ja"))
    told = page.eval("document.querySelector('.next:not([hidden]) .also').innerText")
    assert told.startswith("あなたの時刻、UTC · "), told
    page.close()
    page = chromium.open(served.url, zone="Asia/Tokyo", at=AT_MS, languages="en-GB")
    row = page.eval("[...document.querySelectorAll('.w')].find(r=>r.textContent.includes('Sunset')).textContent")
    assert "Tokyo" in row and "19:00" in row, row
    away = "(e=>e&&!e.hidden&&e.innerText)([...document.querySelectorAll('.w')].find(r=>r.textContent.includes('Sunset')).querySelector('[data-f=not_here]'))"
    assert page.eval(away) is False
    page.close()
    page = chromium.open(served.url, zone="America/New_York", at=AT_MS, languages="en-GB")  # whose calendar does not have it
    assert page.eval(away) == "Not in your zone’s calendar: its places are in other zones.", page.eval(away)
    page.close()
    for zone, utc in (("Asia/Tokyo", "10:00:14 UTC"), ("Europe/Rome", "18:48:36 UTC")):  # of where one is, as the hour is
        page = chromium.open(served.window("sunset"), zone=zone, at=AT_MS, languages="en-GB")
        assert utc in text_of(page, HERO + ".also"), (zone, text_of(page, HERO + ".also"))
        page.close()
    page = chromium.open(served.window("bologna"), zone="Pacific/Kiritimati", at=AT_MS - 7 * 3600 * 1000, languages="en-GB")
    assert "· 08:25 UTC" in text_of(page, HERO + ".also")
    page.go(served.window("contested"))
    assert text_of(page, HERO + "[data-f=date]").startswith("Tuesday") and "· 1 Nov 17:00 UTC" in text_of(page, HERO + ".also")
    page.close()


def it_is_whole_without_script(served, chromium):
    page = chromium.open(served.url + "it/", script=False)
    page.picture("no-script.png")
    page.close()
    text = urllib.request.urlopen(served.window("bologna", "it")).read().decode()
    assert ">lunedì 2 agosto 2027</time> <b data-f=\"hour\">10:25</b>" in text and ">Roma</span><span data-f=\"utc\"> · <span dir=\"ltr\">08:25 UTC<" in text
    text = urllib.request.urlopen(served.url + "it/").read().decode()
    assert f"href=\"webcal:{served.url[5:]}it/{served.root8}.ics\"" in text
    assert "data-share data-done" not in text and re.search(r"data-copy [^>]*hidden>", text)


def it_offers_the_readers_own_language(served, chromium):
    page = chromium.open(served.url, at=AT_MS, languages="pt-BR,it")
    assert text_of(page, ".langs .own") == "Português" and href_of(page, ".langs .own") == served.url + "pt/index.html"
    page.go(href_of(page, ".langs .own"))
    assert page.eval("document.documentElement.lang") == "pt" and page.eval("document.querySelector('.langs .own')===null")
    page.close()
    page = chromium.open(served.url, at=AT_MS, languages="en-US")
    assert page.eval("document.querySelector('.langs .own')===null")
    page.close()


def what_is_called_off_or_unsigned_is_apart(served, chromium):
    page = chromium.open(served.url, at=AT_MS, languages="en-GB")
    order = page.eval("[...document.querySelectorAll('.list .t')].map(e=>e.textContent.trim().split('\\n')[0])")
    assert [re.sub(r"(Rome|Tokyo)?\s*a wave$", "", o).strip() for o in order] == [
        "Lights", "Sunset", "A minute for Bologna", "Murals", "Names are read", "Perhaps <b>", "Storm night"], order
    assert page.eval("[...document.querySelectorAll('details.apart')].map(d=>d.open)") == [False, False]
    assert page.eval("document.querySelector('.apart .t a').hasAttribute('href')") is False
    row = page.eval("[...document.querySelectorAll('.w')].find(r=>r.textContent.includes('Names are read')).textContent")
    assert "17:00" in row and "A change to this is disputed" in row, row  # what stood before, in London
    assert "Signed by 1 of 3 organizers" in page.eval("document.querySelector('.apart').textContent")
    assert "Storm warning" in page.eval("document.querySelector('.gone').textContent")
    page.go(served.window("contested", "uk"))
    assert text_of(page, HERO + ".warn") and text_of(page, HERO + "[data-f=hour]") == "17:00"
    page.go(served.window("off"))
    assert page.eval("document.querySelector('h1').innerText") == "Called off\nStorm night", text_of(page, "h1")
    assert text_of(page, ".reason") == "Storm warning" and "taken place" not in text_of(page, "main")
    assert page.eval("[...document.querySelectorAll('.do>:not([hidden])')].every(e=>'share' in e.dataset)")
    assert page.eval("[...document.querySelectorAll('.dates li')].every(e=>e.querySelector('s time')&&e.textContent.includes('Called off'))")
    page.close()


def what_is_over_makes_room(served, chromium):
    page = chromium.open(served.url, zone="Europe/Rome", at=1808767200000, languages="en-GB")  # 2027-04-26 in Rome
    assert text_of(page, HERO + "h2").startswith("Sunset"), text_of(page, HERO + "h2")
    row = page.eval("[...document.querySelectorAll('.w')].find(r=>r.textContent.includes('Lights')).textContent")
    assert "2028" in row and "2027" not in row, row
    page.close()
    # between Tokyo's sunset and Rome's: who is in Rome has it still to come; and a year on each has their own
    for at, zone, place, hour, year in ((1813575600000, "Europe/Rome", "Rome", "20:48:36", "2027"),
                                        (1820000000000, "Europe/Rome", "Rome", "20:48:44", "2028"),
                                        (1820000000000, "Asia/Tokyo", "Tokyo", "19:00:23", "2028")):
        page = chromium.open(served.url, zone=zone, at=at, languages="en-GB")
        row = page.eval("[...document.querySelectorAll('.w')].find(r=>r.textContent.includes('Sunset')).textContent")
        assert place in row and hour in row and f"21 June {year}" in row, (at, zone, row)
        page.close()
    during = chromium.open(served.url, zone="Europe/Rome", at=1808676300000, languages="en-GB")  # 20:05 there
    assert "Now, together" in text_of(during, HERO + ".over") and during.eval("document.querySelector('.next:not([hidden]) .left').hidden")
    during.close()


def another_city_can_be_chosen(served, chromium):
    page = chromium.open(served.url + "it/where.html", zone="Europe/Rome", at=AT_MS, languages="it")
    assert text_of(page, ".yours") == "Roma"
    page.eval("document.querySelector('#find').value='giappone';document.querySelector('#find').dispatchEvent(new Event('input'))")
    assert page.eval("[...document.querySelectorAll('.where li:not([hidden]):not(.yours) a:not([hidden])')].map(a=>a.textContent)") == ["Tokyo"]
    page.eval("document.querySelector('#find').value='colomb';document.querySelector('#find').dispatchEvent(new Event('input'))")
    assert "Bogotá" in page.eval("[...document.querySelectorAll('.where li:not([hidden]):not(.yours) a:not([hidden])')].map(a=>a.textContent)")
    page.go(href_of(page, "[data-zone='America/Bogota']"))
    assert text_of(page, "[data-city]") == "Bogotá" and href_of(page, HERO + ".pri").endswith("it/" + served.root8 + "/America/Bogota.ics")
    assert "#America/Bogota" in href_of(page, ".w a[href*=window]")
    page.go(href_of(page, ".w a[href*='" + served.uids["bologna"] + "']"))
    assert text_of(page, HERO + "[data-f=hour]") == "03:25" and "Bogotá" in text_of(page, HERO + ".also")
    is_quiet(page)
    page.close()


def every_link_leads_somewhere(served, chromium):
    page = chromium.page(at=AT_MS)
    seen = set()
    for address in (served.url, served.url + "ar/", served.url + "ja/where.html", served.window("bologna", "he")):
        page.go(address)
        links = page.eval("[...document.querySelectorAll('a[href],img[src],link[href]')].map(e=>e.href||e.src)")
        text = urllib.request.urlopen(address).read().decode() # as it is without script
        links += [urllib.parse.urljoin(address, html.unescape(link)) for link in re.findall(r'(?:href|src)="([^"]*)"', text)]
        seen |= {urllib.parse.urldefrag(link).url for link in links}
    assert len(seen) > 450, len(seen)
    outside = {link for link in seen if not link.startswith((served.url, "webcal:"))}
    assert all(link.startswith(("https://calendar.google.com/", "https://outlook.live.com/", "https://outlook.office.com/", "https://example.org/why")) for link in outside), outside
    feeds = sorted(link for link in seen - outside if link.endswith(".ics"))
    for link in feeds[::9] + [link for link in seen - outside if not link.endswith(".ics")]:
        assert urllib.request.urlopen(link.replace("webcal:", "http:")).status == 200, link
    page.close()


def codes_hold_the_address(served, chromium):
    for address, wanted in ((served.url + "it/", served.url + "it/"), (served.window("candles"), served.window("candles"))):
        page = chromium.open(address, scale=2, at=AT_MS, dark=True)
        page.eval("document.querySelector('.qr').scrollIntoView({block:'center'})")
        page.picture("code.png")
        read = subprocess.run(["zbarimg", "-q", "--raw", "code.png"], capture_output=True, text=True, check=True).stdout.strip()
        assert read == wanted, (read, wanted)
        page.close()


def it_fits_and_reads_from_either_side(served, chromium):
    for address in (served.url, served.url + "ar/", served.url + "he/where.html", served.window("sunset", "ar"), served.window("bologna", "de"), served.url + "uk/where.html"):
        page = chromium.open(address, mobile=False, at=AT_MS)
        page.eval("document.querySelector('.name bdi').textContent='Test constellation'")
        page.eval("for(const title of document.querySelectorAll('.next h1 span,.next h2 a'))title.textContent='Eine Schweigeminute für alle'")
        for width in (320, 390, 1280):
            page.call("Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=False)
            page.eval("document.documentElement.style.fontSize='200%'")
            assert page.eval("document.documentElement.scrollWidth") <= width, (address, width)
            page.eval("document.documentElement.style.fontSize=''")
            assert page.eval("document.documentElement.scrollWidth") <= width, (address, width)
            assert not page.broken_words(".hush, code"), (address, width, page.broken_words(".hush, code"))
            small = page.eval("[...document.querySelectorAll('.btn,summary,main a:not(.w a),input')].filter(e=>e.offsetParent&&"
                              "e.getBoundingClientRect().height<43.5).map(e=>e.className+e.textContent)")
            assert not small, (address, width, small)
        page.close()
    page = chromium.open(served.url + "ar/", at=AT_MS)
    assert page.eval("getComputedStyle(document.documentElement).direction") == "rtl"
    assert page.eval("document.querySelector('.w .day').getBoundingClientRect().left>document.querySelector('.w .t').getBoundingClientRect().left")
    page.close()


def colours_can_be_read(served, chromium):
    """WCAG 2.2, 1.4.3: 4.5 to 1, of each palette, also where axe-core cannot be had."""
    def luminance(colour):
        parts = [int(colour[1 + 2 * i:3 + 2 * i] if len(colour) == 7 else 2 * colour[1 + i], 16) / 255 for i in range(3)]
        return sum(w * (c / 12.92 if c <= .04045 else ((c + .055) / 1.055) ** 2.4) for w, c in zip((.2126, .7152, .0722), parts))

    style = urllib.request.urlopen(served.url + "style.css").read().decode().split("@page")[0]
    palettes = [dict(re.findall(r"--([\w-]+):(#[0-9a-f]+)", one)) for one in re.findall(r"(?::root|\.grave)\{([^}]*--[^}]*)\}", style)]
    light, dark, grave, grave_dark = palettes
    for palette in (light, dark, {**light, **grave}, {**dark, **grave_dark}):
        for text, on in [(t, o) for t in ("ink", "soft", "bell", "warn") for o in ("paper", "card")] + [
                ("ink", "wash"), ("soft", "wash"), ("bell", "wash"), ("bell-ink", "bell")]:
            a, b = sorted((luminance(palette[text]), luminance(palette[on])))
            assert (b + .05) / (a + .05) >= 4.5, (text, palette[text], on, palette[on], (b + .05) / (a + .05))


def axe():
    """axe-core as the lock file names it; None: not here, and npm cannot bring it."""
    if not AXE.exists():
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=PEERS, capture_output=True, text=True)
        if done.returncode != 0:
            print("axe-core is not here, and npm does not bring it: not asked:", done.stderr[-200:])
            return None
    return AXE.read_text()


def judge(page, of):
    """Whatever is folded away is judged, too."""
    script = axe()
    if script is None:
        return
    page.eval("document.querySelectorAll('details').forEach(d=>{d.open=!d.matches('.lang')})")
    page.eval(script + ";1")
    found = page.eval("axe.run(document).then(r=>r.violations.map(v=>v.id+': '+v.nodes.map(n=>n.target+' '+n.failureSummary).join(' | ')))")
    assert found == [], (of, found)


def axe_finds_nothing(served, chromium):
    for address, dark in ((served.url, False), (served.url + "ar/", True), (served.url + "it/where.html", False), (served.window("bologna", "it"), True),
                          (served.window("contested", "he"), False), (served.window("contested"), True), (served.window("off"), False)):
        page = chromium.open(address, dark=dark, at=AT_MS)
        judge(page, (address, dark))
        page.close()


def a_copy_from_a_stick_says_so_and_still_serves(served, chromium):
    """Nothing yet, and one window of a root that names no site: opened as files, with no server at all."""
    for state in (page_states.empty, page_states.without_address):
        place, uid = state()
        stick = pathlib.Path.cwd() / f"stick-{state.__name__}"
        place("export", stick)
        page = chromium.open(f"file://{stick}/it/index.html", zone="Europe/Rome", at=AT_MS, languages="it")
        judge(page, state.__name__)
        assert page.eval("document.querySelector('[data-local]').offsetHeight") > 20
        files = page.eval("[...document.querySelectorAll('[data-sub=file],[data-sub=local]')].map(e=>e.href)")
        if uid is None:
            assert page.eval("document.querySelector('.pri').href").startswith("webcal://example.org/feeds/"), files
        else:
            files.append(href_of(page, HERO + ".pri"))
            assert text_of(page, HERO + ".pri") == "File del calendario" and page.eval("document.querySelector('[data-sub=google]')===null")
        beside = re.compile(rf"file://{stick}/(it|plain)/{place.root[:16]}/Europe/Rome\.ics")
        assert files and all(beside.fullmatch(f) and pathlib.Path(f[7:]).exists() for f in files), files
        page.close()
    page = chromium.open(f"file://{stick}/it/{place.root[:16]}/window/{uid}.html", scale=2, zone="Europe/Rome", at=AT_MS, languages="it")
    judge(page, "a window without an address")
    page.eval("document.querySelector('.qr').scrollIntoView({block:'center'})")
    page.picture("date.png")
    read = subprocess.run(["zbarimg", "-q", "--raw", "date.png"], capture_output=True, check=True).stdout
    event = icalendar.Event.from_ical(read.decode().replace("\r", "").strip().replace("\n", "\r\n"))
    assert event["summary"] == "Un minuto; per Bologna, insieme", event
    assert event["dtstart"].dt.isoformat() == "2027-08-02T08:25:00+00:00" and (event["dtend"].dt - event["dtstart"].dt).seconds == 60, event
    uid = place.declare("--title", "Sunset", "--rule", "21 june at sunset at Rome, Tokyo for 15m")  # an hour for each place
    place("export", stick)
    page.go(f"file://{stick}/it/index.html")
    description = page.eval("document.querySelector('meta[name=description]').content")
    assert description == "Sunset · lunedì 21 giugno 2027, all’ora di ciascun luogo", description
    page.go(f"file://{stick}/it/{place.root[:16]}/window/{uid}.html")
    page.eval("document.querySelector('.qr').scrollIntoView({block:'center'})")
    page.picture("date.png")
    read = subprocess.run(["zbarimg", "-q", "--raw", "date.png"], capture_output=True, check=True).stdout.decode()
    assert "SUMMARY:Sunset (Tokyo)" in read and "DTSTART:20270621T100014Z" in read, read
    page.close()


def three_hundred_windows_are_a_page(served, chromium):
    if not IS_DEEP:
        return
    place, _ = page_states.crowd()
    place("export", "crowd")
    stick = pathlib.Path.cwd() / "crowd"
    page = chromium.open(f"file://{stick}/index.html", at=AT_MS, languages="en-GB")
    judge(page, "three hundred")
    assert page.eval("document.querySelectorAll('.list .w').length") == 24
    page.close()
    page = chromium.open(f"file://{stick}/" + f"{place.root[:16]}.html", dark=True, at=AT_MS, languages="en-GB")
    judge(page, "all of three hundred")
    assert page.eval("document.querySelectorAll('.list .w').length") == page_states.MANY
    page.close()


def keys_reach_everything(served, chromium):
    page = chromium.open(served.url, at=AT_MS)
    reached = []
    for _ in range(40):
        page.key("Tab")
        reached.append(page.eval("(e=>e.tagName+' '+e.textContent.trim().slice(0,30)+' '+(getComputedStyle(e).outlineStyle))(document.activeElement)"))
    assert all(one.endswith("solid") for one in reached if not one.startswith("BODY")), reached
    told = " ".join(reached)
    for wanted in ("SUMMARY English", "A Lights", "A Subscribe", "A I am elsewhere", "A Google Calendar", "SUMMARY Any other", "SUMMARY Not yet", "SUMMARY Check by hand"):
        assert wanted in told, (wanted, reached)
    page.eval("document.querySelector('.ways summary').focus()")
    page.key("Enter")
    assert page.eval("document.querySelector('.ways details').open")
    page.close()


def who_hears_the_page_finds_all_of_it(served, chromium):
    """What Chromium hands to screen readers: each control by a name, headings without gaps, in the order of the keys."""
    controls = {"link", "button", "DisclosureTriangle", "textbox", "searchbox"}
    for address in (served.url, served.url + "ar/", served.url + "ja/where.html", served.window("bologna", "he"), served.window("off")):
        page = chromium.open(address, at=AT_MS)
        page.eval("document.querySelectorAll('details').forEach(d=>d.open=!d.matches('.lang'))")
        nodes = [n for n in page.call("Accessibility.getFullAXTree")["nodes"] if not n["ignored"]]
        told = [(n["role"]["value"], n.get("name", {}).get("value", "").strip(),
                 {p["name"]: p["value"].get("value") for p in n.get("properties", [])}) for n in nodes]
        nameless = [one for one in told if one[0] in controls | {"heading", "image"} and not one[1]]
        assert not nameless, (address, nameless)
        levels = [more["level"] for role, _, more in told if role == "heading"]
        assert levels.count(1) == 1 and levels[0] == 1 or "window" in address, (address, levels)
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:])), (address, levels)
        assert [role for role, *_ in told if role in ("banner", "main", "contentinfo")] == ["banner", "main", "contentinfo"], address
        assert "\u25be" not in "".join(name for _, name, _ in told), address
        wanted = page.eval("[...document.querySelectorAll('a[href],button,summary,input')].filter(e=>e.checkVisibility()).length")
        reached = []
        while not reached or reached[-1] != "BODY":
            page.key("Tab")
            reached.append(page.eval("(e=>e===document.body?'BODY':[...document.querySelectorAll('*')].indexOf(e))(document.activeElement)"))
            assert len(reached) <= wanted + 1, (address, len(reached), wanted)
        assert reached[:-1] == sorted(set(reached[:-1])) and len(reached) - 1 == wanted, (address, reached, wanted)
        page.close()
    page = chromium.open(served.url + "de/where.html", at=AT_MS)
    page.eval("document.querySelector('#find').value='japan';document.querySelector('#find').dispatchEvent(new Event('input'))")
    assert page.eval("document.querySelector('[aria-live]').textContent") == "Tokio"
    page.eval("document.querySelector('.lang summary').click()")
    page.key("Tab")
    page.key("Escape")
    assert page.eval("!document.querySelector('.lang').open&&document.activeElement.matches('.lang summary')")
    page.close()


def names_are_those_of_the_page(served, chromium):
    """Cities, countries and the map speak the page's language."""
    page = chromium.open(served.window("sunset", "ja"), zone="Asia/Tokyo", at=AT_MS, languages="ja")
    assert text_of(page, "h1") == "Sunset 東京" and "あなたの時刻、東京" in text_of(page, HERO + ".also")
    dates = page.eval("[...document.querySelectorAll('.dates li')].slice(0,2).map(e=>e.textContent.replace(/\\s+/g,' '))")
    assert dates == ["2027年6月21日月曜日 19:00:14 · 東京", "2027年6月21日月曜日 20:48:36 · ローマ"], dates  # each by its own clock
    picture = href_of(page, ".map a")
    assert picture.endswith(".svg#ja"), picture
    page.go(picture)
    seen = "[...document.querySelectorAll('text')].filter(e=>e.getBoundingClientRect().width).map(e=>e.textContent.split(' ')[0])"
    assert set(page.eval(seen)) == {"東京", "ローマ"}, page.eval(seen)
    page.go(served.window("bologna", "he"))
    assert "רומא" in page.eval("document.querySelector('.next .also').textContent") or "טוקיו" in text_of(page, HERO + ".also")
    page.go(served.url + "ja/")
    assert text_of(page, "[data-city]") == "東京"
    page.close()
    where = urllib.request.urlopen(served.url + "ja/where.html").read().decode() # without any script
    assert ">日本</h2>" in where and ">ソウル</a>" in where and ">Tokyo<" not in where


def it_can_be_copied_shared_and_printed(served, chromium):
    page = chromium.open(served.window("bologna"), at=AT_MS)
    page.eval("window.shared=null;navigator.share=o=>{window.shared=o;return Promise.resolve()};window.print=()=>{window.printed=true}")
    page.eval("document.querySelector('[data-share]').click();document.querySelector('[data-print]').click()")
    assert page.eval("window.shared.url") == served.window("bologna") and page.eval("window.printed")
    page.call("Emulation.setEmulatedMedia", media="print")
    assert page.eval("['.do','.up','.langs'].every(s=>getComputedStyle(document.querySelector(s)).display==='none')")
    assert page.eval("document.querySelector('.qr').getBoundingClientRect().width") > 150
    sheet = base64.b64decode(page.call("Page.printToPDF", printBackground=False, paperWidth=8.27, paperHeight=11.69)["data"])
    assert len(re.findall(rb"/Type /Page\b", sheet)) == 1, "the print sheet is more than a page"
    page.eval("new Promise(done=>{const map=document.querySelector('.map img');map.complete?done():map.onload=done})")  # unseen as yet
    page.close()
    moons = served.tocsin.copy("moons")
    uid = moons.declare("--title", "Moons", "--rule", "every full moon for 10m")
    moons("cosign", uid, "--key", "bela", "--yes")
    moons("export", "moons", "--url", "https://example.org/", "--zone", "Europe/Rome", err=None)
    page = chromium.open(pathlib.Path("moons/plain", served.root8, "window", f"{uid}.html").absolute().as_uri(), at=AT_MS, zone="Asia/Tokyo",
                         languages="en-GB")
    page.call("Emulation.setEmulatedMedia", media="print")
    seen = "[...document.querySelectorAll('.dates li')].filter(e=>e.checkVisibility()).length"
    assert page.eval(seen) == 12 and "and " in page.eval("document.querySelector('.apart summary').innerText")
    page.eval("window.dispatchEvent(new Event('beforeprint'))")
    assert page.eval(seen) == page.eval("document.querySelectorAll('.dates li').length") > 20
    assert page.eval("[...document.querySelectorAll('.dates li')].every((e,i,l)=>!i||l[i-1].dataset.at<e.dataset.at)")
    assert page.eval("document.querySelector('.dates li').innerText").endswith("(Tokyo)")  # whoever reads it has another clock
    assert "your time" not in page.eval("document.querySelector('main').innerText")
    sheet = base64.b64decode(page.call("Page.printToPDF", printBackground=False, paperWidth=8.27, paperHeight=11.69)["data"])
    pathlib.Path("moons.pdf").write_bytes(sheet)
    assert page.eval(seen) == 12
    page.call("Emulation.setEmulatedMedia", media="screen")
    page.go(pathlib.Path("moons/index.html").absolute().as_uri())  # where Tokyo has no feed of its own, none is linked
    assert page.eval("[...document.querySelectorAll('[data-sub]')].map(e=>(e.href||e.value).includes('Tokyo')).join()").startswith("false,")
    assert page.eval("[...document.querySelectorAll('[data-sub]')].some(e=>(e.href||e.value).includes('Tokyo'))") is False
    then = "[...document.querySelector('.then').querySelectorAll('time')].filter(e=>e.checkVisibility()).map(e=>e.textContent)"
    assert page.eval(then) == ["24 Dec 10:28", "22 Jan 2027 21:17", "21 Feb 08:23"], page.eval(then)
    page.call("Emulation.setEmulatedMedia", media="print")
    assert len(page.eval(then)) == 11 and page.eval("document.querySelector('.then').innerText").endswith(" and 13 more")
    page.close()
    page = chromium.open(served.url, at=AT_MS)
    page.eval("document.querySelector('.ways details').open=true")
    page.eval("navigator.clipboard.writeText=t=>{window.copied=t;return Promise.resolve()};document.querySelector('[data-copy]').click()")
    assert page.eval("window.copied").endswith(".ics")
    page.close()


def what_is_shared_shows_what_it_is(served, chromium):
    page = chromium.open(served.window("bologna"), at=AT_MS)
    meta = page.eval("Object.fromEntries([...document.querySelectorAll('meta[property]')].map(m=>[m.getAttribute('property'),m.content]))")
    assert meta["og:url"] == served.window("bologna") and meta["og:title"] and "station" in meta["og:description"], meta
    assert urllib.request.urlopen(meta["og:image"]).headers["Content-Type"] == "image/png"
    event = json.loads(page.eval("document.querySelector('script[type=\"application/ld+json\"]').textContent"))
    assert event["@type"] == "Event" and event["startDate"] == "2027-08-02T08:25:00Z" and event["organizer"]["name"] == "Tre città"
    assert page.eval("document.querySelector('.map img').decode().then(() => document.querySelector('.map img').naturalWidth)") > 0
    page.go(served.window("candles"))
    assert text_of(page, ".map figcaption").startswith("The wave at 20:00 UTC: "), text_of(page, ".map figcaption")
    page.close()


def it_is_light(served, chromium):
    """In bytes and turns, which no machine changes; and once on a link of that kind, for the eye."""
    page = chromium.open(served.url, link=(LINK_BITS, LINK_MS), at=AT_MS)
    sizes = {}
    paths = {e["requestId"]: e["request"]["url"] for e in page.events("Network.requestWillBeSent")}
    for event in page.events("Network.loadingFinished"):
        sizes[paths[event["requestId"]]] = event["encodedDataLength"]
    first = {url: size for url, size in sizes.items() if not url.endswith(("icon.svg", "icon.png"))}
    assert set(first) == {served.url, served.url + "style.css"}, first
    weight = sum(first.values())
    took = LINK_MS * 4 + weight * 8000 / LINK_BITS  # name or handshake, connection, page, style
    page.front()
    seen = page.eval("new Promise(r=>new PerformanceObserver(l=>r(l.getEntries()[0].startTime)).observe({type:'paint',buffered:true}))")
    print(f"first screen: {weight} bytes in 2 requests, {took:.0f} ms by reckoning, painted after {seen:.0f} ms")
    assert weight <= WEIGHT_MAX and took <= FIRST_SCREEN_MS, (weight, took)
    page.close()


@test
def a_person_finds_what_they_came_for():
    failed = []
    with Served() as served, browser.Browser() as chromium:
        for part in (the_first_screen_answers, each_zone_has_its_clock_and_its_feed, it_is_whole_without_script, it_offers_the_readers_own_language,
                     what_is_called_off_or_unsigned_is_apart, what_is_over_makes_room, another_city_can_be_chosen,
                     every_link_leads_somewhere, codes_hold_the_address, it_fits_and_reads_from_either_side, colours_can_be_read, axe_finds_nothing,
                     a_copy_from_a_stick_says_so_and_still_serves, three_hundred_windows_are_a_page, keys_reach_everything,
                     who_hears_the_page_finds_all_of_it, names_are_those_of_the_page, it_can_be_copied_shared_and_printed, what_is_shared_shows_what_it_is, it_is_light):
            begun = time.monotonic()
            try:
                part(served, chromium)
            except Exception:
                traceback.print_exc()
                failed.append(part.__name__)
            print("   %-55s %5.1f s" % (part.__name__, time.monotonic() - begun), flush=True)
    assert not failed, failed


run()
