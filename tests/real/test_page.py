"""The data side of the page, as a browser has it, on real parts: mosquitto's WebSockets, tocsin-beacon, in Node.js."""
import json
import os
import shutil
import subprocess
import sys
import time

import stage

PAGE = os.path.join(os.environ["TOCSIN_SOURCE"], "clients/page")
WASM = os.path.join(os.path.dirname(os.environ["TOCSIN_BIN"]), "clients/page/mind.wasm")
if not os.path.exists(WASM) or shutil.which("node") is None:
    stage.skip("the page is not built here (clients/page/fetch, then cmake)")
HOST = os.path.join(stage.HERE, "host.mjs")


def bundle():
    """What a browser gets of the data side, in one file."""
    with open("entry.mjs", "w") as file:
        file.write("export {Host} from %r\nexport {Clock} from %r\n" % (PAGE + "/host.mjs", PAGE + "/clock.mjs"))
    subprocess.run([PAGE + "/node_modules/.bin/esbuild", "entry.mjs", "--bundle", "--format=esm", "--platform=browser",
                    "--log-level=warning", "--outfile=" + HOST], check=True)


def web_broker():
    """A mosquitto that browsers can talk to; beacons by MQTT as ever."""
    port = stage.world_port()
    broker = stage.Broker(config="listener %d 127.0.0.1\nprotocol websockets\nallow_anonymous true\n" % port)
    broker.web = "ws://127.0.0.1:%d" % port
    return broker


class Pages(stage.Lines):
    """Pages of one constellation, each with a wall clock of its own."""

    def __init__(self, constellation, brokers, wrong_ms=(0,), for_s=30, **more):
        name = os.path.join(stage.HERE, "pages-" + os.urandom(4).hex())
        plan = {"wasm": WASM, "modules": PAGE + "/", "root": constellation.id, "brokers": [b.web for b in brokers],
                "wrong_ms": list(wrong_ms), "for_s": for_s,
                "offset_ns": time.clock_gettime_ns(time.CLOCK_REALTIME) - time.clock_gettime_ns(time.CLOCK_MONOTONIC),
                "bundles": [constellation.write(name + ".bundle")], **more}
        with open(name + ".json", "w") as file:
            json.dump(plan, file)
        super().__init__(["node", os.path.join(os.environ["TOCSIN_SOURCE"], "tests/real/page/pages.mjs"), HOST,
                          name + ".json"], both=False)

    def take(self, line):
        return json.loads(line)

    def all(self, event):
        return [one for one in self.lines if one["event"] == event]

    def expect(self, event, seconds=20, after=0, **fields):
        def fits(one):
            return one["event"] == event and all(one.get(k) == v for k, v in fields.items())
        return self.lines[self.await_line(fits, "%s %s" % (event, fields), seconds, after)]

    def end(self, seconds=20):
        got = self.process.wait(stage.patience(seconds))
        errors = self.process.stderr.read()
        self.reader.join(stage.patience(5))
        assert got == 0, "exit %d: %s\n%s" % (got, errors, "\n".join(map(str, self.lines[-20:])))
        return self


def pages_with_wrong_clocks_ring_together():
    c = stage.constellation(9)
    broker = web_broker()
    stage.Beacon(c, "--broker", broker.url).expect("tick 0")
    wrong = [0, 3000, -3000, 90_000, -3_600_000, 777, -12, 250]
    pages = Pages(c, [broker], wrong, for_s=c.t0 - time.time() + 3)
    for number in range(len(wrong)):
        rang = pages.expect("rang", stage.ahead(14), page=number)
        assert rang["utc_ms"] >= rang["planned_utc_ms"]
        assert abs(rang["planned_utc_ms"] - c.t0 * 1000) <= rang["doubt_ms"], rang
    pages.end()
    assert not pages.all("outside"), pages.all("outside")[:3]
    print(sorted(abs(one["error_ms"]) for one in pages.all("end")))
    print([round(one["after_ms"]) for one in pages.all("in step")])


bundle()
stage.run_all([pages_with_wrong_clocks_ring_together])
