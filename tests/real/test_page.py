"""The data side of the page, as a browser has it, on real parts: mosquitto's WebSockets, tocsin-beacon, in Node.js."""
import json
import os
import shutil
import subprocess
import sys
import time

import stage
import world

PAGE = os.path.join(os.environ["TOCSIN_SOURCE"], "clients/page")
WASM = os.path.join(os.path.dirname(os.environ["TOCSIN_BIN"]), "clients/page/mind.wasm")
if not os.path.exists(WASM) or shutil.which("node") is None:
    stage.skip("the page is not built here (clients/page/fetch, then cmake)")
HOST = os.path.join(stage.HERE, "host.mjs")
KNOWN_MS = 600  # less than any clock here is wrong by: without proofs a page could not know. How much less is the machine's


def bundle():
    """What a browser gets of the data side, in one file."""
    with open("entry.mjs", "w") as file:
        file.write("".join("export {%s} from %r\n" % (name.capitalize(), "%s/%s.mjs" % (PAGE, file_of))
                           for name, file_of in (("host", "host"), ("clock", "clock"), ("link", "wire"))))
    subprocess.run([PAGE + "/node_modules/.bin/esbuild", "entry.mjs", "--bundle", "--format=esm", "--platform=browser",
                    "--log-level=warning", "--outfile=" + HOST], check=True)


def web_broker():
    """A mosquitto that browsers can talk to; beacons by MQTT as ever."""
    port = stage.free_port()
    broker = stage.Broker(config="listener %d 127.0.0.1\nprotocol websockets\nallow_anonymous true\n" % port)
    broker.web = "ws://127.0.0.1:%d" % port
    return broker


def assert_rang_in_time(pages, rang, c):
    """Within what it said, which was less than any clock here is wrong by."""
    assert rang["doubt_ms"] is not None, (rang, pages.all("news"))
    assert abs(rang["planned_utc_ms"] - c.t0 * 1000) <= rang["doubt_ms"] < KNOWN_MS, rang


class Hostile:
    def __init__(self, url):
        self.web = url


class Pages(stage.Lines):
    """Pages of one constellation, each with a wall clock of its own."""

    def __init__(self, constellation, brokers, wrong_ms=(0,), for_s=30, prefix=(), **more):
        self.count = len(wrong_ms)
        name = os.path.join(stage.HERE, "pages-" + os.urandom(4).hex())
        plan = {"wasm": WASM, "modules": PAGE + "/", "root": constellation.id, "brokers": [b.web for b in brokers],
                "wrong_ms": list(wrong_ms), "for_s": for_s,
                "offset_ns": time.clock_gettime_ns(time.CLOCK_REALTIME) - time.clock_gettime_ns(time.CLOCK_MONOTONIC),
                "bundles": [constellation.write(name + ".bundle")], **more}
        with open(name + ".json", "w") as file:
            json.dump(plan, file)
        super().__init__([*prefix, "node", os.path.join(os.environ["TOCSIN_SOURCE"], "tests/real/page/pages.mjs"), HOST,
                          name + ".json"], both=False)

    def take(self, line):
        return json.loads(line)

    def all(self, event):
        return [one for one in self.lines if one["event"] == event]

    def expect(self, event, seconds=20, after=0, **fields):
        def fits(one):
            return one["event"] == event and all(one.get(k) == v for k, v in fields.items())
        return self.lines[self.await_line(fits, "%s %s" % (event, fields), seconds, after)]

    def in_step(self, c):
        """All of them, before their T-0."""
        with stage.in_time(c.t0):
            for number in range(self.count):
                self.expect("in step", page=number)
        if any(one["doubt_ms"] is None for one in self.all("rang")):
            raise stage.TooLate("by a clock that is ahead, T-0 was there first")
        return self

    def end(self, seconds=20):
        self.peak_kib = 0
        while self.process.poll() is None:  # its memory is gone with it
            try:
                self.peak_kib = max(self.peak_kib, self.memory_kib("VmHWM"))
            except (OSError, AttributeError):
                pass
            time.sleep(0.2)
            seconds -= 0.2
            assert seconds > -stage.patience(60), "it goes on and on"
        got = self.process.wait()
        errors = self.process.stderr.read()
        self.reader.join(stage.patience(5))
        assert got == 0, "exit %d: %s\n%s" % (got, errors, "\n".join(map(str, self.lines[-20:])))
        return self


def pages_with_wrong_clocks_ring_together():
    c = stage.constellation(9)
    broker = web_broker()
    stage.Beacon(c, "--broker", broker.url).expect("tick 0")
    wrong = [0, 3000, -3000, 90_000, -3_600_000, 777, -12, 250]
    pages = Pages(c, [broker], wrong, for_s=c.t0 - time.time() + 3).in_step(c)
    for number in range(len(wrong)):
        rang = pages.expect("rang", stage.ahead(14), page=number)
        assert rang["utc_ms"] >= rang["planned_utc_ms"]
        assert abs(rang["planned_utc_ms"] - c.t0 * 1000) <= rang["doubt_ms"], rang
    pages.end()
    assert not pages.all("outside"), pages.all("outside")[:3]
    assert len(pages.all("in step")) == len(wrong) and all(one["proved"] for one in pages.all("end"))
    print("in step after %.0f ms, wrong by %.2f ms at most, doubt %.1f ms" % (
        max(one["after_ms"] for one in pages.all("in step")), max(abs(one["error_ms"]) for one in pages.all("end")),
        max(one["doubt_ms"] for one in pages.all("end"))))


def hostile_brokers_change_nothing():
    c = stage.constellation(12)
    broker = web_broker()
    stage.Beacon(c, "--broker", broker.url).expect("tick 0")
    hostile = stage.Lines(["node", os.path.join(os.environ["TOCSIN_SOURCE"], "tests/real/page/hostile.mjs"), PAGE + "/",
                           c.topic("tick")])
    hostile.await_line(lambda line: "hang" in line, "hostile brokers", 10)
    urls = json.loads(hostile.lines[0])
    pages = [Pages(c, [broker] + [Hostile(urls[kind]) for kind in kinds], [2000, -2000], for_s=c.t0 - time.time() + 3)
             for kinds in (("hang", "garbage", "giant"), ("flood", "hang"))]
    for some in pages:
        some.in_step(c)
    for some in pages:
        for number in (0, 1):
            rang = some.expect("rang", stage.ahead(20), page=number)
            assert_rang_in_time(some, rang, c)
            assert rang["memory"] < 8 * 2**20, rang
        some.end()
        assert not some.all("outside"), some.all("outside")[:3]
    giant, flood = ({link["why"] for one in some.all("links") for link in one["links"]} for some in pages)
    assert "it sent a message that is too long" in giant, giant
    assert flood & {"it flooded this page", "it sent a message that is too long"}, flood  # as it comes, and as it is read
    assert max(some.peak_kib for some in pages) < 300 * 1024


def who_floods_is_left_alone_for_two_minutes():
    """And one that is not there is dialled less and less."""
    done = subprocess.run(["node", os.path.join(os.environ["TOCSIN_SOURCE"], "tests/real/page/waits.mjs"), HOST, PAGE + "/"],
                          capture_output=True, text=True, timeout=stage.patience(60))
    assert done.returncode == 0, done
    gaps = json.loads(done.stdout)
    assert all(120 <= gap <= 241 for gap in gaps["flood"]), gaps
    assert all(gap <= 61 for gap in gaps["gone"]) and all(gap >= 30 for gap in gaps["gone"][-5:]), gaps


def forged_and_replayed_messages_change_nothing():
    c = stage.constellation(12)
    broker = web_broker()
    stage.Beacon(c, "--broker", broker.url).expect("tick 0")
    stranger = world.Constellation()
    one_of_two = c.window(c.t0 - 4, 60, title="By one", signers=c.organizers[:1])[1]
    forged = c.bundle()
    del c.items[one_of_two]
    ear, mouth = world.Client(broker.port).subscribe(c.topic("tick")), world.Client(broker.port)
    pages = Pages(c, [broker], [2000, -2000], for_s=c.t0 - time.time() + 3).in_step(c)
    mouth.publish(c.topic("records"), forged)
    stranger.window(c.t0 - 4, 60, title="By strangers")
    mouth.publish(c.topic("records"), stranger.bundle())
    mouth.publish(c.topic("records"), os.urandom(1000))
    mouth.publish(c.topic("tick"), world.Ticker(c, key=stranger.beacons[0]).tick(time.time_ns() + 3600 * 10**9))
    mouth.publish(c.topic("tick"), world.Ticker(stranger).tick(time.time_ns() + 3600 * 10**9))
    mouth.publish(c.topic("status"), b"tocsin status 1\nstate: lost\n")
    old = ear.next()[1]
    time.sleep(2)
    mouth.publish(c.topic("tick"), old)
    for number in (0, 1):
        rang = pages.expect("rang", stage.ahead(20), page=number)
        assert_rang_in_time(pages, rang, c)
        titles = {window["title"]: window["state"] for one in pages.all("windows") for window in one["windows"]}
        assert titles.get("By one") == "tentative" and "By strangers" not in titles, titles
    pages.end()
    assert len(pages.all("rang")) == 2 and not pages.all("outside")
    refused = [one["text"] for one in pages.all("news") if one["kind"] == "refused"]
    assert any("key" in text for text in refused) and any("constellation" in text or "key" in text for text in refused), refused


def a_root_that_is_not_the_links_is_not_believed():
    c, other = stage.constellation(6), stage.constellation(6)
    broker = web_broker()
    stage.Beacon(c, "--broker", broker.url).expect("tick 0")
    pages = Pages(c, [broker], [0], for_s=5, root=other.id).end()
    (end,) = pages.all("end")
    assert end["doubt"] == "nothing-known" and not pages.all("rang") and not any(one["windows"] for one in pages.all("windows"))


def of_the_tabs_of_one_browser_the_last_one_rings():
    c = stage.constellation(9)
    broker = web_broker()
    stage.Beacon(c, "--broker", broker.url).expect("tick 0")
    pages = Pages(c, [broker], [100, 100, 100], for_s=c.t0 - time.time() + 3, one_browser=True)
    pages.in_step(c).end(stage.ahead(20))
    assert [one["page"] for one in pages.all("rang")] == [2], pages.all("rang")


def who_opens_late_joins_quietly():
    c = world.Constellation()
    c.window(int(time.time()) - 10, 300)
    pages = Pages(c, [], [0], for_s=2, offline=True).end()
    assert [one["kind"] for one in pages.all("news") if one["mark"]] == ["joined"] and not pages.all("rang")


def without_any_network_it_rings_by_its_own_clock():
    c = stage.constellation(5)
    pages = Pages(c, [], [0], for_s=c.t0 - time.time() + 3, offline=True)
    with stage.in_time(c.t0):
        pages.expect("windows")
    pages.end(stage.ahead(15))
    (rang,) = pages.all("rang")
    assert abs(rang["utc_ms"] - c.t0 * 1000) < 50 + stage.slack_ms() and rang["doubt"] == "nothing-known"


def a_machine_that_slept_asks_again():
    c = stage.constellation(14)
    broker = web_broker()
    stage.Beacon(c, "--broker", broker.url).expect("tick 0")
    pages = Pages(c, [broker], [700], for_s=c.t0 - time.time() + 3, sleep={"after_s": 3, "for_s": 2}, grain_ms=1)
    with stage.in_time(c.t0):
        awake = pages.await_line(lambda one: one["event"] == "awake", "awake", 20)
        pages.expect("news", 20, awake, text="the clock is known within the bound shown")
    rang = pages.expect("rang", stage.ahead(25))
    assert_rang_in_time(pages, rang, c)
    pages.end()
    assert any("slept" in one["text"] for one in pages.all("news")) and not pages.all("outside"), pages.all("outside")[:3]


bundle()
stage.run_together([pages_with_wrong_clocks_ring_together, hostile_brokers_change_nothing, who_floods_is_left_alone_for_two_minutes,
                    forged_and_replayed_messages_change_nothing,
                    a_root_that_is_not_the_links_is_not_believed, of_the_tabs_of_one_browser_the_last_one_rings,
                    who_opens_late_joins_quietly, without_any_network_it_rings_by_its_own_clock, a_machine_that_slept_asks_again])
