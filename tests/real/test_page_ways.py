"""Deep. The page for phones, opened in the four ways that there are, by one T-0, with a real mosquitto and tocsin-beacon: from
a site that `tocsin export` wrote (https, brokers over TLS only; the network is cut off before T-0), from a box on the
local net (plain http), where of two tabs the one joined last rings, and as an app in a chat (webxdc, no network at all).
A saved file: test_page_stage.py."""
import contextlib
import datetime
import functools
import http.server
import json
import os
import re
import ssl
import subprocess
import threading
import time
import zipfile
import zoneinfo

import browser
import stage
from pace import stretched
from pocket import PAGE, WATCH, await_true, join_by_keyboard, text

if not stage.DEEP:
    stage.skip("four pages at once in a real browser are of a deep run")

NAMES = ("site.test", "box.test", "chat.test")
MISSED_MS = 2000  # what is later is not begun at all: how much less it is a bench says, on a machine that is idle
ZONE = "Asia/Kathmandu"
RIGHT = WATCH.replace("now() + 90000", "now()")  # in a chat nothing but its own clock can tell the time
assert RIGHT != WATCH
# What Delta Chat answers for the files of an app; the specification: "no access to the internet".
CHAT_POLICY = ("default-src 'self'; style-src 'self' 'unsafe-inline' blob:; font-src 'self' data: blob:; script-src 'self' "
               "'unsafe-inline' 'unsafe-eval' blob:; connect-src 'self' data: blob:; img-src 'self' data: blob:; "
               "media-src 'self' data: blob:; webrtc 'block'")


def certificate():
    """An authority of our own and what it signed; how Chromium is told to trust that key alone."""
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
    extensions_map = {".html": "text/html; charset=utf-8", ".js": "text/javascript", "": "application/octet-stream"}
    policy = None

    def log_message(self, *_):
        pass

    def end_headers(self):
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()


def serve(folder, tls=False, policy=None):
    handler = type("Handler", (Files,), {"policy": policy})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=folder))
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("site.pem", "site.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def web_broker(more=""):
    port = stage.world_port()
    broker = stage.Broker(config="listener %d 127.0.0.1\nprotocol websockets\nallow_anonymous true\n%s" % (port, more))
    broker.web_port = port
    return broker


def export(constellation, url):
    """The folder that tocsin writes of it."""
    site = "site-" + constellation.id[:8]
    bundle, store = constellation.write(site + ".bundle"), site + ".store"
    subprocess.run(["tocsin", "sync", bundle, "--root", bundle, "--store", store], check=True, capture_output=True)
    subprocess.run(["tocsin", "export", site, "--root", bundle, "--store", store, "--zone", "Europe/Rome",
                    "--page", PAGE, "--url", url], check=True, capture_output=True)
    return site


def open_page(chromium, address, script=WATCH, **look):
    page = chromium.page(**look)
    page.call("Page.addScriptToEvaluateOnNewDocument", source=script)
    page.go(address)
    return page


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
    c.window(t0, 20, title="Wave", moment=False, extra=("on: w %s" % wave.date(), "wave: %s" % wave.time()))
    arguments = beacon.process.args
    store, root = (arguments[arguments.index(name) + 1] for name in ("--store", "--root"))
    subprocess.run(["tocsin", "sync", c.write("sudden.bundle"), "--root", root, "--store", store], check=True, capture_output=True)
    return t0


def give_file(page, name):
    """A person picks a file that came over whatever way."""
    node = page.call("DOM.querySelector", nodeId=page.call("DOM.getDocument")["root"]["nodeId"], selector="#file")["nodeId"]
    page.call("DOM.setFileInputFiles", nodeId=node, files=[os.path.abspath(name)])


def is_silent(page):
    assert page.eval("[struck().length, begun().length]") == [0, 0]


def the_four_ways():
    pin = certificate()
    plain, secure = web_broker(), web_broker("certfile %s/site.pem\nkeyfile %s/site.key\n" % (stage.HERE, stage.HERE))
    c = stage.constellation(86400, brokers=["wss://site.test:%d" % secure.web_port, "ws://box.test:%d" % plain.web_port])
    beacon = stage.Beacon(c, "--broker", plain.url, "--broker", secure.url)
    beacon.expect("tick 0")
    folder = "site-" + c.id[:8]
    ports = [serve(folder, tls=True), serve(folder)]
    export(c, "https://site.test:%d/" % ports[0])
    with zipfile.ZipFile("%s/%s/tocsin.xdc" % (folder, c.id[:16])) as app:
        app.extractall("chat")
    with open("chat/webxdc.js", "w") as file:
        file.write("window.webxdc = {selfAddr: 'a', selfName: 'A', sendUpdate() {}, async setUpdateListener() {}}")
    chat_port = serve("chat", policy=CHAT_POLICY)
    flags = ["--ignore-certificate-errors-spki-list=" + pin,
             "--host-resolver-rules=" + ", ".join("MAP %s 127.0.0.1" % name for name in NAMES)]
    with browser.Browser(flags=flags) as chromium:
        # a link from the site's page of this window
        site = open_page(chromium, "https://site.test:%d/plain/%s/window/%s.html" % (ports[0], c.id[:16], c.uid))
        link = site.eval("document.querySelector('a[href*=\"listen.html\"]').href")
        assert link == "https://site.test:%d/listen.html#%s" % (ports[0], c.id), link
        site.go(link)
        box = "http://box.test:%d/listen.html#%s" % (ports[1], c.id)
        box, tab = open_page(chromium, box, zone=ZONE), open_page(chromium, box, zone=ZONE)
        chat = open_page(chromium, "http://chat.test:%d/" % chat_port, script=RIGHT)
        pages = {"https": site, "http": tab, "webxdc": chat}
        for page in (site, box, tab, chat):
            join_by_keyboard(page)
        await_true(box, "document.getElementById('join').ariaPressed === 'false'")  # the last one that joined has the bell
        assert "Another tab" in text(box, "note"), text(box, "note")
        assert site.eval("isSecureContext") and not tab.eval("isSecureContext || 'wakeLock' in navigator")
        assert text(tab, "note") == "", text(tab, "note")  # a video of nothing keeps its screen on
        within = {"https": in_step(site), "http": in_step(tab), "webxdc": 50}
        t0 = declare(c, beacon)
        give_file(chat, "sudden.bundle")
        for page in (site, tab, chat):
            await_true(page, "document.getElementById('title').textContent === 'All of a sudden'")
        assert chat.eval("typeof tocsinWire") == "undefined" and text(chat, "step") and "±" not in text(chat, "step")
        # the network is gone: for this page, and with it its broker
        site.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
        secure.kill()
        for name, page in pages.items():
            print("%-6s ± %.1f ms, the screen %+.1f ms" % (name, within[name], rang_once(page, t0, within[name])))
        is_silent(box)


def a_wave_goes_by_the_browsers_clock():
    plain = web_broker()
    c = stage.constellation(86400, brokers=["ws://box.test:%d" % plain.web_port])
    beacon = stage.Beacon(c, "--broker", plain.url)
    beacon.expect("tick 0")
    address = "http://box.test:%d/listen.html#%s" % (serve(export(c, "http://box.test/")), c.id)
    with browser.Browser(flags=["--host-resolver-rules=MAP box.test 127.0.0.1"]) as chromium:
        page = open_page(chromium, address, zone=ZONE)
        join_by_keyboard(page)
        in_step(page)
        t0 = declare(c, beacon)
        await_true(page, "begun().length > 1", max(0, t0 + 5 - time.time()) + 20)
        late = [page.eval("begun()")[n] - (t0 + 5 * n) * 1000 for n in (0, 1)]
        print("the moment %+.1f ms, the wave %+.1f ms" % tuple(late))
        assert all(-1000 < ms < MISSED_MS for ms in late), late


stage.run_all([the_four_ways, a_wave_goes_by_the_browsers_clock])
