#!/usr/bin/env python3
"""The clock of the page on a LAN: pages in Node.js, each a process, a real mosquitto (WebSockets) and beacon, on this machine.
TSV: what, value, unit.  bench_page.py [PAGES [SECONDS]]"""
import gzip
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../real"))
pages, seconds = int((sys.argv[1:] + ["8"])[0]), int((sys.argv[2:] + ["60"])[0])
sys.argv = sys.argv[:1] + ["none"]  # of its tests
import stage  # noqa: E402

try:
    import test_page
except SystemExit:
    sys.exit(0)  # the page is not built, and that was said

c = stage.constellation(900)
broker = test_page.web_broker()
stage.Beacon(c, "--broker", broker.url).expect("tick 0")
wrong = [(n * 7919) % 20011 - 10000 for n in range(pages)]
runs = [test_page.Pages(c, [broker], [ms], for_s=seconds) for ms in wrong]
ends = [one for run in runs for one in run.end(seconds + 20).all("end")]
steps = [one for run in runs for one in run.all("in step")]
assert len(ends) == len(steps) == pages


def row(what, values, unit):
    print("%s p50\t%.3f\t%s\n%s p99\t%.3f\t%s" % (what, stage.quantile(values, 0.5), unit, what, stage.quantile(values, 0.99), unit))


row("page clock, %d s after opening: error" % seconds, [abs(one["error_ms"]) for one in ends], "ms")
row("page clock: doubt", [one["doubt_ms"] for one in ends], "ms")
row("page opened to in step", [one["after_ms"] for one in steps], "ms")
print("truth outside the bound\t%d\tof %d pages" % (sum(len(run.all("outside")) for run in runs), pages))
print("memory of the mind\t%d\tKiB" % (max(one["memory"] for one in ends) // 1024))
page = os.path.getsize(test_page.WASM.replace("mind.wasm", "listen.html"))
with open(test_page.WASM.replace("mind.wasm", "listen.html"), "rb") as file:
    print("page\t%.1f\tkB gzip (%.1f kB)" % (len(gzip.compress(file.read(), 9)) / 1000, page / 1000))
