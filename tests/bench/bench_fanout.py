"""Many listeners on one mosquitto: how far apart a tick arrives at them, and how far apart they would
begin, by how each knows the time.

    bench_fanout.py [LISTENERS [PROCESSES [SECONDS]]]

Everything runs on this one machine: a listener's own lateness, which thousands on as many hosts would not
share, is part of every figure.  Where permitted all of it has priority over what else runs here."""
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ.get("TOCSIN_SOURCE", "."), "tests", "real"))
BIN = os.environ.get("TOCSIN_BIN", "build/bin")
EARS = os.path.join(os.path.dirname(os.path.abspath(BIN)), "bench", "ears")
os.environ["PATH"] = os.path.abspath(BIN) + ":/usr/sbin:" + os.environ["PATH"]
folder = tempfile.mkdtemp(prefix="tocsin-fanout.")
os.chdir(folder)
import stage

LISTENERS = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
PROCESSES = int(sys.argv[2]) if len(sys.argv) > 2 else 4
SECONDS = int(sys.argv[3]) if len(sys.argv) > 3 else 110


def main():
    try:
        os.nice(-10)
    except PermissionError:
        pass
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    c = stage.constellation(SECONDS)
    broker = stage.Broker(log="information")
    beacon = stage.Beacon(c, "--broker", broker.url, "--clock-error", "1ms")
    beacon.expect("tick 0,")
    key = c.beacons[0]
    ears = [subprocess.Popen([EARS, str(broker.port), c.id, key.id.hex(), key.public.hex(), str(c.t0 * 10**9),
                              str(LISTENERS // PROCESSES)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(PROCESSES)]
    stage.sleep_until(c.t0 - 6)
    broker_cpu, begin = broker.cpu_s(), time.time()
    stage.sleep_until(c.t0 - 1)
    broker_cpu = (broker.cpu_s() - broker_cpu) / (time.time() - begin)
    resident = broker.memory_kib("VmHWM") / 1024
    kinds = {}
    for one in ears:
        out, _ = one.communicate(timeout=SECONDS + 60)
        for line in out.splitlines():
            kind, *values = line.split()
            kinds.setdefault(kind, []).append([float(v) / 1000 for v in values])
    print("%d listeners on one mosquitto (%.0f MiB, %.2f of a core at a tick a second)" % (
        LISTENERS, resident, broker_cpu))
    came = sorted(row[4] for rows in kinds.values() for row in rows)
    print("  the last tick came %.2f to %.2f ms after its stamp; spread of 99 in 100 %.2f ms" % (
        came[0], came[-1], came[len(came) - 1 - len(came) // 200] - came[len(came) // 200]))
    names = {"asked": "answered questions", "unanswered": "asked, not answered", "deaf": "heard nothing"}
    for kind in names:
        rows = sorted(kinds.get(kind, []))
        if not rows:
            continue
        errors = [row[0] for row in rows]
        cut = len(errors) // 200
        middle = errors[cut:len(errors) - cut]
        inside = sum(low <= 0 <= high for _, low, high, *_ in rows)
        widths = sorted(high - low for _, low, high, *_ in rows)
        print("  %-24s %4d: begin from %+.2f to %+.2f ms of T-0, p50 %+.2f; spread of 99 in 100 %.2f ms; truth inside the "
              "proved interval %d of %d, which is p50 %.1f ms wide; %.1f answers each" % (names[kind], len(rows), errors[0], errors[-1], errors[len(errors) // 2],
                                            middle[-1] - middle[0], inside, len(rows),
                                            widths[len(rows) // 2], sum(row[3] for row in rows) * 1000 / len(rows)))
    beacon.kill()
    broker.kill()


try:
    main()
finally:
    shutil.rmtree(folder)
