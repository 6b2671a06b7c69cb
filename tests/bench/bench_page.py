#!/usr/bin/env python3
"""The page for phones: its clock (simulated: thousands of pages in WebAssembly, which no load disturbs; pages in Node.js,
each on a wall clock of its own, a real mosquitto and beacon, on a LAN and across the Internet; forty in real browsers), what
Chromium, Firefox and tocsin-listen's click sound like as they leave a mixer, the first changed frame, a cold open on a slow
line, and what it weighs.  The load of the machine stands beside each.
TSV: what, value, unit.  bench_page.py [PART…]: simulated lan internet browsers sound cold weight.
The longer half, an hour in the background: TOCSIN_DEEP=1 tests/real/test_page_away.py."""
import contextlib
import gzip
import heapq
import json
import os
import random
import statistics
import struct
import subprocess
import sys
import time
import wave

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../real"))
parts = sys.argv[1:] or ["simulated", "lan", "internet", "browsers", "sound", "cold", "weight"]
sys.argv = sys.argv[:1] + ["none"]  # of its tests
import stage  # noqa: E402

try:
    import browser
    import firefox
    import mixer
    import pocket
    import test_page
    import test_page_twins
except SystemExit:
    sys.exit(0)  # the page is not built, and that was said

SECONDS, APART_S, PAGES, HOSTS, AT_ONCE = 60, 5, 8, 4, 8
INTERNET = ["shape=pareto", "there=40,10,1", "back=40,10,1"]
SLOW = ["there=75,0,0", "back=75,0,0", "rate=1600000"]
SIMULATED = int(os.environ.get("TOCSIN_PAGES", 1000))
WINDOWS, EVERY_S = 15, 4
COLD = 5


def row(what, values, unit="ms"):
    print("%s: p50\t%.2f\t%s\n%s: p99\t%.2f\t%s (of %d)" % (
        what, stage.quantile(values, 0.5), unit, what, stage.quantile(values, 0.99), unit, len(values)), flush=True)


def load(what):
    print("%s: load\t%.1f\tof %d cores" % (what, os.getloadavg()[0], os.cpu_count()), flush=True)


def tell_clock(what, runs):
    ends = [one for run in runs for one in run.end(SECONDS + 40).all("end")]
    row(what + ", %d s after opening: error" % SECONDS, [abs(one["error_ms"]) for one in ends])
    row(what + ": doubt", [one["doubt_ms"] for one in ends])
    row(what + ": opened to in step", [one["after_ms"] for run in runs for one in run.all("in step")])
    print("%s: truth outside the bound\t%d\tof %d pages" % (what, sum(len(run.all("outside")) for run in runs), len(ends)))
    print("%s: memory of the mind\t%d\tKiB" % (what, max(one["memory"] for one in ends) // 1024))
    load(what)


def wrong_clocks(count):
    return [(n * 7919) % 20011 - 10000 for n in range(count)]


def apart(page):
    """Phones do not share the processor that starts them all: the next one comes when this one has asked what it asks at first."""
    time.sleep(APART_S)
    return page


def lan():
    c, broker = stage.constellation(900), test_page.web_broker()
    stage.Beacon(c, "--broker", broker.url, "--clock-error", "1ms").expect("tick 0")
    tell_clock("clock on a LAN", [
        apart(test_page.Pages(c, [broker], [ms], for_s=SECONDS)) for ms in wrong_clocks(PAGES)])


class Simulated(test_page_twins.Story):
    """A page that is opened a minute ahead, with one beacon beyond a path (simulated_link.h has the same two): its clock has
    Chromium's grain of 0.1 ms, its events wait 0.3 ms for their turn on average and its timers 2 ms."""

    def __init__(self, twin, chance, way_ms):
        super().__init__(twin, chance)
        self.c = test_page_twins.world.Constellation(made=test_page_twins.START_S - 86400, brokers=["wss://a.example"])
        self.tickers, self.answering = ([test_page_twins.world.Ticker(self.c)] for _ in range(2))
        self.liar, self.place, self.secret, self.way_ms, self.last = None, "-", chance.randbytes(32), way_ms, {}

    def mono(self):
        return int(super().mono() * 10) / 10

    def arrives(self, way, at):
        """Over TCP: a lost packet comes again, and holds up what follows."""
        lost_s = 0.2 if self.way_ms[1] and self.chance.random() < 0.01 else 0
        self.last[way] = max(self.last.get(way, 0), at + self.way_ms[0](self.chance) / 1000 + lost_s)
        return self.last[way]

    def comes(self, sent, topic, payload):
        heapq.heappush(self.queue, (self.arrives("down", sent) + self.chance.expovariate(1) * 0.0003, topic, payload))

    def think(self):
        self.clock()
        thought = json.loads(self.twin("think"))
        for question in thought["questions"]:
            received = self.arrives("up", self.now)
            signed_ns = self.chance.randrange(1, 10**6)
            self.comes(received + signed_ns / 1e9, question["answer"], test_page_twins.answer(
                self.answering[0], bytes.fromhex(question["payload"]), int((test_page_twins.START_S + received) * 1e9), signed_ns))
        if thought["save"]:
            self.twin("saved")
        self.wake = self.now + max(0, thought["wake"] - self.mono()) / 1000 + self.chance.expovariate(1) * 0.002
        return thought

    def tell(self):
        self.c.window(test_page_twins.START_S + SECONDS + 30, 60)
        self.open()
        self.think()
        self.twin("link", 0, 1)
        ticks = [second + self.chance.random() for second in range(SECONDS)]
        for at in ticks:
            self.now = at
            heapq.heappush(self.queue, (at, None, None))
        self.now = 0.0
        self.think()
        while min(self.queue[0][0] if self.queue else SECONDS, self.wake) < SECONDS:
            self.now = max(self.now, min(self.queue[0][0] if self.queue else SECONDS, self.wake))
            if not self.queue or self.queue[0][0] > self.now:
                self.think()
                continue
            _, topic, payload = heapq.heappop(self.queue)
            if topic is None:
                self.comes(self.now, self.c.topic("tick"), self.tickers[0].tick(self.true_ns(), error_ns=10**6, next_ms=1000))
                continue
            self.clock()
            self.twin("heard", 0, topic, payload, "%.6f" % self.mono(), 0)
            self.think()
        self.now = float(SECONDS)
        thought, truth = self.think(), (test_page_twins.START_S + SECONDS) * 1000
        return abs(thought["utc"] - truth), thought["bounded"] and thought["earliest"] <= truth <= thought["latest"]


def simulated():
    seed = int(os.environ.get("TOCSIN_SEED", 1))
    print("simulated: seed\t%d\tTOCSIN_SEED" % seed)
    for name, way_ms in (("LAN", (lambda chance: 0.3 + chance.uniform(-0.2, 0.2), False)),
                         ("Internet 40 ms + Pareto 10, 1 % lost", (lambda chance: 40 + 20 * (chance.random() ** (-1 / 3) - 1), True))):
        twin = test_page_twins.Twin()
        ends = [Simulated(twin, random.Random(seed + n), way_ms).tell() for n in range(SIMULATED)]
        row("simulated, %s, %d s after opening: error" % (name, SECONDS), [error for error, _ in ends])
        print("simulated, %s: truth outside the bound\t%d\tof %d pages" % (name, sum(not inside for _, inside in ends), len(ends)))
        test_page_twins.compare(twin)


def hub(c_brokers_of, words, hosts):
    """A host with broker and beacon, others that reach it by a bad network."""
    middle, sites = stage.Host(), [stage.Host() for _ in range(hosts)]
    relays = [stage.Relay(middle, site, "seed=%d" % (n + 1), *words) for n, site in enumerate(sites)]
    broker = stage.Broker(middle, config="listener 9001 0.0.0.0\nprotocol websockets\nallow_anonymous true\n")
    c = stage.constellation(900, brokers=c_brokers_of(relays))
    stage.Beacon(c, "--broker", "mqtt://127.0.0.1:1883", "--clock-error", "1ms", host=middle).expect("tick 0")
    return middle, sites, relays, c, broker


def internet():
    _, sites, relays, c, _ = hub(lambda _: [], INTERNET, HOSTS)
    wrong, runs = wrong_clocks(PAGES), []
    for site, relay in zip(sites, relays):
        address = test_page.Hostile("ws://%s:9001" % relay.address[0])
        for _ in range(PAGES // HOSTS):
            runs.append(apart(test_page.Pages(c, [address], [wrong.pop()], for_s=SECONDS, prefix=site.prefix)))
    tell_clock("clock, Internet 40 ms + Pareto 10, 1 % lost", runs)


# The data side of the page, for what is not shown.
HOST = pocket.WATCH + """
const dispatch = EventTarget.prototype.dispatchEvent
EventTarget.prototype.dispatchEvent = function (event) {
  if (this.thought) globalThis.host = this
  return dispatch.call(this, event)
}
"""


def utc_error(page):
    """By how much a page's UTC is ahead of this machine's, how well that is known, its doubt; ms, by the quickest of some looks."""
    looks = []
    for _ in range(50):
        asked = time.time() * 1000
        utc, doubt = page.eval("[host.utc(), host.doubt]")
        heard = time.time() * 1000
        looks.append(((heard - asked) / 2, utc - (asked + heard) / 2, doubt))
    within, error, doubt = min(looks)
    return error, within, doubt


def clocks_of(what, makes, address):
    """A minute of pages in browsers of their own, AT_ONCE at a time."""
    looks = []
    for n in range(0, len(makes), AT_ONCE):
        with contextlib.ExitStack() as stack:
            joined = []
            for make in makes[n:n + AT_ONCE]:
                page = stack.enter_context(make()).open(address, before=HOST)
                pocket.join_by_keyboard(page)
                joined.append((time.time() + SECONDS, apart(page)))
            for until, page in joined:
                stage.sleep_until(until)
                looks.append(utc_error(page))
    row("%s: clock, %d s after Join: error" % (what, SECONDS), [abs(error) for error, _, _ in looks])
    print("%s: clock: mean\t%+.2f\tms, each known within %.2f" % (
        what, statistics.mean(error for error, _, _ in looks), max(within for _, within, _ in looks)))
    outside = sum(abs(error) > doubt + within for error, within, doubt in looks)
    print("%s: truth outside the bound\t%d\tof %d pages" % (what, outside, len(looks)))
    load(what)


def browsers():
    port = stage.free_port()
    broker = stage.Broker(config="listener %d 127.0.0.1\nprotocol websockets\nallow_anonymous true\n" % port)
    c = stage.constellation(900, brokers=["ws://127.0.0.1:%d" % port])
    stage.Beacon(c, "--broker", broker.url, "--clock-error", "1ms").expect("tick 0")
    address = pocket.saved(c, "clocks.html")
    clocks_of("Chromium on a LAN", 16 * [browser.Browser], address)
    if firefox.PROGRAM is not None:
        clocks_of("Firefox on a LAN", 12 * [firefox.Firefox], address)
    _, sites, _, c, _ = hub(lambda relays: ["ws://%s:9001" % relays[0].address[0]], INTERNET, 1)
    clocks_of("Chromium, Internet 40 ms + Pareto 10, 1 % lost", 12 * [lambda: browser.Browser(host=sites[0])],
              pocket.saved(c, "far.html"))


# When the stage first shows that it has begun: the frame that the browser makes after the change.
FRAMES = pocket.WATCH + """
globalThis.frames = []
addEventListener('DOMContentLoaded', () => new MutationObserver(([{ oldValue }]) => {
  if (oldValue !== 'begun' && document.body.dataset.state === 'begun') requestAnimationFrame(() => frames.push(performance.timeOrigin + performance.now()))
}).observe(document.body, {attributeFilter: ['data-state'], attributeOldValue: true}))
"""


def click(path):
    with wave.open(path, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(mixer.RATE)
        out.writeframes(b"".join(struct.pack("<h", 20000) for _ in range(mixer.RATE // 2)))


def sound():
    """The ticks of each second go the bell's way: they are as many measures of it."""
    if not mixer.is_here() or firefox.PROGRAM is None:
        return print("sound: no sound server or no Firefox here (tests/packages deep)")
    port = stage.free_port()
    broker = stage.Broker(config="listener %d 127.0.0.1\nprotocol websockets\nallow_anonymous true\n" % port)
    for name, make in (("Chromium", browser.Browser), ("Firefox", firefox.Firefox)):
        c = stage.constellation(75, 2, brokers=["ws://127.0.0.1:%d" % port])
        for n in range(1, WINDOWS):
            c.window(c.t0 + EVERY_S * n, 2, title="Window %d" % n)
        beacon = stage.Beacon(c, "--broker", broker.url, "--clock-error", "1ms")
        beacon.expect("tick 0")
        click("click.wav")
        with mixer.Mixer() as loudspeaker, mixer.Mixer() as other, make(environment=loudspeaker.environment) as one:
            listener = stage.Listener(c, "--broker", broker.url, "--sound", "click.wav", prefix=["env"] + [
                "%s=%s" % each for each in other.environment.items()])
            page = one.open(pocket.saved(c, "bench.html"), before=FRAMES)
            pocket.join_by_keyboard(page)
            pocket.await_true(page, "document.body.dataset.sure === 'yes'")
            loudspeaker.listen()
            other.listen()
            stage.sleep_until(c.t0 + 3)
            seconds = range(c.t0 - 45, c.t0 - 1)
            late = [1000 * (when - second) for second in seconds for when in loudspeaker.onsets(second, 0.25)[:1]]
            bell = [1000 * (when - c.t0) for when in loudspeaker.bells(c.t0, 0.5)]
            clicked = [1000 * (when - c.t0) for when in other.bells(c.t0, 0.5)]
            said = page.eval("document.getElementById('step').textContent")
            stage.sleep_until(c.t0 + EVERY_S * WINDOWS)
            frames = page.eval("frames")
        print("%s: bell at the mixer\t%s\tms from T-0; the page says: %s" % (name, ", ".join("%+.2f" % ms for ms in bell), said))
        print("tocsin-listen: click at another mixer, the same T-0\t%s\tms from it" % ", ".join("%+.2f" % ms for ms in clicked))
        print("%s: ticks at the mixer: mean\t%+.2f\tms from the second, sd %.2f" % (name, statistics.mean(late), statistics.pstdev(late)))
        row("%s: ticks at the mixer, early or late" % name, [abs(ms) for ms in late])
        half = EVERY_S * 500
        begun = [(at - c.t0 * 1000 + half) % (2 * half) - half for at in frames]  # from the nearest T-0
        row("%s: first changed frame after T-0" % name, begun)
        load(name)
        listener.kill()
        beacon.kill()


IN_STEP = """
globalThis.step = new Promise(resolve => addEventListener('DOMContentLoaded', () => {
  const look = () => /±/.test(document.getElementById('step').textContent) && document.body.dataset.sure === 'yes' && resolve(performance.now())
  new MutationObserver(look).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true})
}))
"""


def cold():
    """From a site that tocsin export wrote, handed out by nginx as our sample says, by a browser that has nothing yet."""
    middle, sites, relays, c, _ = hub(lambda relays: ["ws://%s:9001" % relays[0].address[0]], SLOW, 1)
    bundle = c.write("cold.bundle")
    subprocess.run(["tocsin", "sync", bundle, "--root", bundle, "--store", "cold.store"], check=True, capture_output=True)
    subprocess.run(["tocsin", "export", "cold", "--root", bundle, "--store", "cold.store", "--zone", "Europe/Rome",
                    "--page", pocket.PAGE, "--url", "http://%s/" % relays[0].address[0]], check=True, capture_output=True)
    with open(os.path.join(os.environ["TOCSIN_SOURCE"], "clients/tocsin/serving/nginx.conf")) as file:
        conf = file.read().replace("root /var/www/tocsin;", "root %s/cold;" % stage.HERE)
    with open("cold.conf", "w") as file:
        file.write("daemon off; pid %s/cold.pid; error_log stderr; events {}\nhttp {\n%s\n}\n" % (stage.HERE, conf))
    os.chmod(stage.HERE, 0o755)
    nginx = subprocess.Popen([*middle.prefix, "nginx", "-e", "stderr", "-p", stage.HERE, "-c", stage.HERE + "/cold.conf"])
    took = []
    for _ in range(COLD):
        with browser.Browser(host=sites[0]) as chromium:
            page = chromium.open("http://%s/listen.html#%s" % (relays[0].address[0], c.id), before=IN_STEP + pocket.WATCH)
            took.append(page.eval("step") / 1000)
    nginx.terminate()
    row("cold open at 1.6 Mbit/s, 150 ms, to in step", took, "s")
    load("cold open")


def weight():
    with open(pocket.PAGE, "rb") as file:
        whole = file.read()
    print("page\t%.1f\tkB gzip (%.1f kB)" % (len(gzip.compress(whole, 9)) / 1000, len(whole) / 1000))


for part in parts:
    globals()[part]()
