"""What a beacon costs at one tick a second: processor time and memory of tocsin-beacon (its broker not
counted) over a minute, with a store of a hundred windows and one listener."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(os.environ["TOCSIN_SOURCE"]) / "tests/real"))
import world  # noqa: E402
from forge_key import write_secret  # noqa: E402

SECONDS = 60


def run_ns(pid):
    """All threads' time on a processor, to the nanosecond."""
    total = 0
    for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
        total += int((thread / "schedstat").read_text().split()[0])
    return total


def memory_kib(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return {line.split(":")[0]: int(line.split()[1]) for line in status.splitlines() if line.startswith("VmR") or line.startswith("VmH")}


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    c = world.Constellation()
    start = int(time.time()) + 120
    c.window(start)
    for i in range(99):
        c.window(start + (i + 2) * 86400)
    c.write("root.bundle")
    write_secret(c.beacons[0], "beacon.key")
    program = os.path.join(os.environ["TOCSIN_BIN"], "tocsin-beacon")
    with open("beacon.log", "w") as log:
        beacon = subprocess.Popen([program, "--root", "root.bundle", "--key", "beacon.key", "--store", "store",
                                   "--embedded-broker"], stdout=log)
    try:
        deadline = time.monotonic() + 15
        while "tick 3," not in open("beacon.log").read():
            if time.monotonic() > deadline:
                sys.exit("the beacon does not tick:\n" + open("beacon.log").read())
            time.sleep(0.2)
        before, began = run_ns(beacon.pid), time.monotonic()
        ticks = open("beacon.log").read().count("> tick")
        time.sleep(SECONDS)  # the measurement itself
        spent, took = run_ns(beacon.pid) - before, time.monotonic() - began
        ticks = open("beacon.log").read().count("> tick") - ticks
        memory = memory_kib(beacon.pid)
    finally:
        beacon.terminate()
        beacon.wait(10)
    print("%d ticks in %.0f s, a store of %d records" % (ticks, took, len(c.items)))
    print("processor: %.3f %% of a core (goal: at most 0.5 %%), %.0f us a tick"
          % (spent / took / 1e7, spent / 1e3 / max(ticks, 1)))
    print("memory: %.1f MiB resident, %.1f MiB at most (goal: at most 16 MiB)"
          % (memory["VmRSS"] / 1024, memory["VmHWM"] / 1024))
