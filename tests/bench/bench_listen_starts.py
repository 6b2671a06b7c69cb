"""200 starts of the whole program, ten at a time at one instant of random phase: how late each released
its hook (by its own figure and by the hook's clock), none early, none twice, and how much memory."""
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ.get("TOCSIN_SOURCE", "."), "tests", "real"))
import world

STARTS, BATCH = int(sys.argv[1]) if len(sys.argv) > 1 else 200, 10


def quantile(values, q):
    return sorted(values)[min(len(values) - 1, int(len(values) * q))]


def main():
    program = os.path.join(os.environ.get("TOCSIN_BIN", "build/bin"), "tocsin-listen")
    folder = tempfile.mkdtemp(prefix="tocsin-starts.")
    os.chdir(folder)
    with open("note", "w") as file:
        file.write("#!/bin/sh\ndate +%s.%N >>\"$1\"\n")
    os.chmod("note", 0o755)
    seed = 1
    random.seed(seed)
    late, host, peaks, early, twice, never = [], [], [], 0, 0, 0
    for batch in range(0, STARTS, BATCH):
        c = world.Constellation()
        t0 = round(time.time() + 2.5 + random.random(), 6)
        c.window(t0, 60)
        c.write("bundle")
        with open("root", "wb") as file:
            file.write(c.root)
        running = []
        for i in range(BATCH):
            name = "%d" % (batch + i)
            running.append((name, subprocess.Popen(
                [program, "--root", "root", "--bundle", "bundle", "--offline", "--once", "--format", "json", "--state",
                 "state-" + name, "--run", folder + "/note rung-" + name], stdout=subprocess.PIPE, text=True)))
        time.sleep(max(0, t0 - time.time() - 0.5))
        for name, process in running:
            try:
                with open("/proc/%d/status" % process.pid) as file:
                    peaks.append(int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)))
            except (OSError, AttributeError):
                pass
        for name, process in running:
            out, _ = process.communicate(timeout=20)
            started = [json.loads(line) for line in out.splitlines() if '"started"' in line]
            rung = open("rung-" + name).read().split() if os.path.exists("rung-" + name) else []
            never += len(started) == 0 or len(rung) == 0
            twice += len(started) > 1 or len(rung) > 1
            for one in started:
                late.append(one["late_us"])
                host.append(one["host_error_us"])
                early += one["late_us"] < 0 or one["host_error_us"] < -1
            early += sum(float(one) < t0 for one in rung)
    print("seed %d, %d starts: early %d, twice %d, never %d; resident at most %.1f MiB" % (
        seed, STARTS, early, twice, never, max(peaks) / 1024))
    for name, values in (("released after the planned instant, us", late), ("by the host's clock, us", host)):
        print("  %-40s p50 %.1f  p99 %.1f  max %.1f" % (name, quantile(values, .5), quantile(values, .99), max(values)))
    shutil.rmtree(folder)
    return 1 if early or twice or never else 0


sys.exit(main())
