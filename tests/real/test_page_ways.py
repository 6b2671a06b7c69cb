"""Deep. The page for phones, opened in the four ways that there are, by one T-0, in Chromium and in Firefox, with a real
mosquitto and tocsin-beacon: from a site that `tocsin export` wrote (https, brokers over TLS only; the network is cut off
before T-0), from a box on the local net (plain http), where of two tabs the one joined last rings, over a reload too, as
a saved file, and as an app in a chat (webxdc-dev, no network at all). Never twice in one browser."""
import contextlib
import datetime
import functools
import http.server
import os
import re
import shutil
import signal
import subprocess
import threading
import time
import zoneinfo

import browser
import firefox
import mixer
import stage
from pace import stretched
from pocket import CLOCKS_MS, PAGE, RIGHT, SOURCE, WATCH, await_true, hand_over, is_quiet, join_by_keyboard, saved, text

if not stage.DEEP or firefox.PROGRAM is None or not mixer.is_here():
    stage.skip("five pages at once in real browsers are of a deep run, with Firefox and a sound server")

NAMES = ("site.test", "box.test")
MISSED_MS = 2000  # what is later is not begun at all: how much less it is a bench says, on a machine that is idle
ZONE = "Asia/Kathmandu"
CHAT = os.path.join(SOURCE, "tests/real/chat/node_modules/webxdc-dev/dist/backend/cli.js")
if not os.path.exists(CHAT):
    stage.skip("no webxdc-dev (npm ci in tests/real/chat)")


def certificate():
    """An authority of our own and what it signed; the hash of its key."""
    subprocess.run(["bash", "-ec", """
        new="openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        $new -x509 -keyout ca.key -out ca.pem -days 2 -subj /CN=ours
        $new -keyout site.key -out site.csr -subj /CN=site.test
        openssl x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -out site.pem \
            -extfile <(echo subjectAltName=DNS:site.test)
        chmod 644 site.key
        openssl x509 -in site.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary |
            base64 >site.pin"""], check=True, capture_output=True)
    with open("site.pin") as file:
        return file.read().strip()


class Files(http.server.SimpleHTTPRequestHandler):
    extensions_map = {".html": "text/html; charset=utf-8", "": "application/octet-stream"}

    def log_message(self, *_):
        pass


def serve(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


class Secure(stage.Lines):
    """nginx before a folder and a broker, with the sample for the latter: mosquitto 2.0.11's own TLS drops Firefox."""

    def __init__(self, folder, broker):
        self.port = stage.free_port()
        with open(os.path.join(SOURCE, "beacon/tocsin-beacon/brokers/nginx-websockets.conf")) as file:
            mqtt = file.read().replace("127.0.0.1:9001", "127.0.0.1:%d" % broker.web_port)
        with open("nginx.conf", "w") as file:
            file.write("""daemon off; pid %s/nginx.pid; error_log stderr; events {}
                http { access_log off; include /etc/nginx/mime.types; server { listen 127.0.0.1:%d ssl; root %s/%s;
                ssl_certificate site.pem; ssl_certificate_key site.key;\n%s\n} }""" % (
                    stage.HERE, self.port, stage.HERE, folder, mqtt))
        os.chmod(stage.HERE, 0o755)
        super().__init__(["nginx", "-e", "stderr", "-p", stage.HERE, "-c", os.path.join(stage.HERE, "nginx.conf")])
        self.close = functools.partial(self.kill, signal.SIGTERM)


class Chat(stage.Lines):
    """What runs the app: each member of the chat has an instance at a port of its own."""

    def __init__(self, app):
        port = stage.free_port(row=3)
        self.address = "http://localhost:%d/" % (port + 1)
        super().__init__(["node", CHAT, "run", os.path.abspath(app), "--port", str(port)])
        self.await_line(lambda line: "Starting webxdc-dev" in line, "the chat", 20)

    def close(self):
        self.kill()


def web_broker():
    port = stage.free_port()
    broker = stage.Broker(config="listener %d 127.0.0.1\nprotocol websockets\nallow_anonymous true\n" % port)
    broker.web_port = port
    return broker


def export(constellation, url):
    """The folder that tocsin writes of it."""
    site = "site"
    shutil.rmtree(site, ignore_errors=True)
    bundle, store = constellation.write("site-%s.bundle" % constellation.id[:8]), "site-%s.store" % constellation.id[:8]
    subprocess.run(["tocsin", "sync", bundle, "--root", bundle, "--store", store], check=True, capture_output=True)
    subprocess.run(["tocsin", "export", site, "--root", bundle, "--store", store, "--zone", "Europe/Rome",
                    "--page", PAGE, "--url", url], check=True, capture_output=True)
    return site


def open_page(one, address, before=WATCH, **look):
    return one.open(address, before=before, **look)


def in_step(page):
    """By how much it may be out, in ms, once a beacon's answer has proved it."""
    await_true(page, "/^in step, ± /.test(document.getElementById('step').textContent)", 30)
    number, unit = re.search(r"± ([0-9.]+) (\w+)", page.eval("document.getElementById('step').textContent")).groups()
    return float(number) * (1 if unit == "ms" else 1000)


def rang_once(page, t0, within):
    """On the screen and in the loudspeaker, one time each."""
    await_true(page, "begun().length > 0", max(0, t0 - time.time()) + 20)
    near = [[at for at in list if abs(at - t0 * 1000) < 2500]  # the wave's bell is set already
            for list in (page.eval("struck().map(({utc}) => utc)"), page.eval("begun()"))]
    assert [len(list) for list in near] == [1, 1], near
    struck, begun = near[0][0], near[1][0]
    assert -within <= begun - t0 * 1000 <= within + MISSED_MS, begun - t0 * 1000
    assert abs(struck - t0 * 1000) <= within + MISSED_MS, struck - t0 * 1000
    return begun - t0 * 1000


def declare(c, beacon):
    """So near that whoever is in step already hears of it from the beacon in time: a moment, and a wave at ZONE's clock."""
    t0 = int(time.time() + stretched(10)) + 1
    wave = datetime.datetime.fromtimestamp(t0 + 5, zoneinfo.ZoneInfo(ZONE))
    c.window(t0, 300, title="All of a sudden")
    c.window(t0, 120, title="Wave", moment=False, extra=("on: w %s" % wave.date(), "wave: %s" % wave.time()))
    arguments = beacon.process.args
    store, root = (arguments[arguments.index(name) + 1] for name in ("--store", "--root"))
    subprocess.run(["tocsin", "sync", c.write("sudden.bundle"), "--root", root, "--store", store], check=True, capture_output=True)
    return t0


def is_silent(page):
    assert page.eval("[struck().length, begun().length]") == [0, 0]


def the_four_ways(name, make, **more):
    pin = certificate()
    plain, behind = web_broker(), web_broker()
    os.makedirs("site", exist_ok=True)
    secure = Secure("site", behind)
    c = stage.constellation(86400, brokers=["wss://site.test:%d/mqtt" % secure.port, "ws://box.test:%d" % plain.web_port])
    beacon = stage.Beacon(c, "--broker", plain.url, "--broker", behind.url)
    beacon.expect("tick 0")
    folder = export(c, "https://site.test:%d/" % secure.port)
    port = serve(folder)
    with contextlib.closing(secure), contextlib.closing(Chat("%s/%s/tocsin.xdc" % (folder, c.id[:16]))) as members, make(names=NAMES, trusts=pin, **more) as one:
        # a link from the site's page of this window
        site = open_page(one, "https://site.test:%d/plain/%s/window/%s.html" % (secure.port, c.id[:16], c.uid))
        link = site.eval("document.querySelector('a[href*=\"listen.html\"]').href")
        assert link == "https://site.test:%d/listen.html#%s" % (secure.port, c.id), link
        site.go(link)
        address = "http://box.test:%d/listen.html#%s" % (port, c.id)
        box, tab = open_page(one, address, zone=ZONE), open_page(one, address, zone=ZONE)
        kept = open_page(one, saved(c, "saved-%s.html" % name))
        chat = open_page(one, members.address, before=RIGHT)
        pages = {"https": site, "http": tab, "file": kept, "webxdc": chat}
        for page in (site, box, tab, kept, chat):
            page.front()  # a person touches what is before them
            join_by_keyboard(page)
        await_true(box, "document.getElementById('join').ariaPressed === 'false'")  # the last one that joined has the bell
        assert "Another tab" in text(box, "note"), text(box, "note")
        assert site.eval("isSecureContext") and not tab.eval("isSecureContext || 'wakeLock' in navigator")
        assert text(tab, "note") == "", text(tab, "note")  # a video of nothing keeps its screen on
        tab.front()
        tab.go("about:blank")  # a reload
        tab.go(address)
        join_by_keyboard(tab)
        within = {way: in_step(page) for way, page in pages.items() if way != "webxdc"}
        within["webxdc"] = 50
        t0 = declare(c, beacon)
        for page in (kept, chat):
            page.pick("#file", "sudden.bundle")
        for page in pages.values():
            await_true(page, "document.getElementById('title').textContent === 'All of a sudden'")
            is_quiet(page)
        assert chat.eval("typeof tocsinWire") == "undefined" and text(chat, "step") and "±" not in text(chat, "step")
        site.offline()  # the network is gone: for this page, and with it its broker
        behind.kill()
        for way, page in pages.items():
            print("%s, %-6s ± %.1f ms, the screen %+.1f ms" % (name, way, within[way], rang_once(page, t0, within[way])), flush=True)
        is_silent(box)
        # once more while both last: what has rung joins quietly
        stage.sleep_until(t0 + 8)
        tab.front()
        tab.go("about:blank")
        tab.go(address)
        join_by_keyboard(tab)
        await_true(tab, "document.body.dataset.state === 'begun'")
        await_true(tab, "performance.now() > 3000")
        is_silent(tab)


def in_chromium():
    the_four_ways("chromium", browser.Browser)


def in_firefox():
    with mixer.Mixer() as loudspeaker:
        the_four_ways("firefox", firefox.Firefox, environment=loudspeaker.environment)


def without_a_loudspeaker_it_rings_on_the_screen():
    c = stage.world.Constellation()
    with firefox.Firefox(environment={"PULSE_SERVER": "unix:/nonexistent"}) as one:
        page = open_page(one, saved(c, "silent.html"), before=RIGHT)
        join_by_keyboard(page)
        await_true(page, "document.getElementById('why').textContent.includes('no sound comes from this device')")
        t0 = hand_over(page, c, 4)
        await_true(page, "begun().length === 1")
        late = page.eval("begun()")[0] - t0 * 1000
        assert late >= -CLOCKS_MS and text(page, "state") == "Now, together", (late, text(page, "state"))


def a_wave_goes_by_the_browsers_clock():
    plain = web_broker()
    c = stage.constellation(86400, brokers=["ws://box.test:%d" % plain.web_port])
    beacon = stage.Beacon(c, "--broker", plain.url)
    beacon.expect("tick 0")
    address = "http://box.test:%d/listen.html#%s" % (serve(export(c, "http://box.test/")), c.id)
    with browser.Browser(names=NAMES) as one:
        page = open_page(one, address, zone=ZONE)
        join_by_keyboard(page)
        in_step(page)
        t0 = declare(c, beacon)
        await_true(page, "begun().length > 1", max(0, t0 + 5 - time.time()) + 20)
        late = [page.eval("begun()")[n] - (t0 + 5 * n) * 1000 for n in (0, 1)]
        print("the moment %+.1f ms, the wave %+.1f ms" % tuple(late))
        assert all(-1000 < ms < MISSED_MS for ms in late), late


stage.run_all([in_chromium, in_firefox, without_a_loudspeaker_it_rings_on_the_screen, a_wave_goes_by_the_browsers_clock])
