"""What ten thousand questions a second cost a beacon that ticks once a second: its processor time, and
whether each tick still leaves on time."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(os.environ["TOCSIN_SOURCE"]) / "tests/real"))
import world  # noqa: E402
from forge_key import write_secret  # noqa: E402

SECONDS, RATE, BATCHES = 20, 10000, 20


def scheduled_ns(pid):
    """On a processor, and waiting for one."""
    both = [(thread / "schedstat").read_text().split() for thread in pathlib.Path(f"/proc/{pid}/task").iterdir()]
    return sum(int(one[0]) for one in both), sum(int(one[1]) for one in both)


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    c = world.Constellation()
    c.window(int(time.time()) + 90)
    c.write("root.bundle")
    write_secret(c.beacons[0], "beacon.key")
    program = os.path.join(os.environ["TOCSIN_BIN"], "tocsin-beacon")
    with open("beacon.log", "w") as log:
        beacon = subprocess.Popen([program, "--root", "root.bundle", "--key", "beacon.key", "--store", "store",
                                   "--embedded-broker", "--log", "flight.log"], stdout=log)
    try:
        deadline = time.monotonic() + 15
        while "tick 1," not in open("beacon.log").read():
            if time.monotonic() > deadline:
                sys.exit("the beacon does not tick:\n" + open("beacon.log").read())
            time.sleep(0.1)
        url = next(line.split()[1] for line in open("beacon.log") if line.startswith("broker mqtt"))
        asker = world.Client(int(url.rsplit(":", 1)[1]))
        topic = c.topic("ask").encode()
        ticks = open("beacon.log").read().count("> tick")
        before, began, sent = scheduled_ns(beacon.pid), time.monotonic(), 0
        while time.monotonic() - began < SECONDS:
            body = b"".join(b"\x30" + asker.length(2 + len(topic) + 32) + len(topic).to_bytes(2, "big") + topic +
                            os.urandom(32) for _ in range(RATE // BATCHES))
            asker.socket.sendall(body)
            sent += RATE // BATCHES
            time.sleep(max(0, began + sent / RATE - time.monotonic()))
        took = time.monotonic() - began
        spent, waited = (now - then for now, then in zip(scheduled_ns(beacon.pid), before))
        ticks = open("beacon.log").read().count("> tick") - ticks
        status = pathlib.Path(f"/proc/{beacon.pid}/status").read_text()
        peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    finally:
        beacon.terminate()
        beacon.wait(10)
    stamps = [int(line.split("\t")[1]) for line in open("flight.log") if line.startswith("stamp")]
    late = sorted(at % 10**9 / 1e6 for at in stamps[2:-1])
    print("%.0f questions a second for %.0f s; %d ticks, one signature each" % (sent / took, took, ticks))
    print("processor: %.1f %% of a core (goal: at most 25 %%), %.1f us a question"
          % (spent / took / 1e7, spent / 1e3 / sent))
    print("memory: %.1f MiB at most; ticks stamped after their second by %.1f ms (median), %.1f ms (worst)"
          % (peak / 1024, late[len(late) // 2], late[-1]))
    print("meanwhile it waited %.0f ms a second for a processor that others had" % (waited / took / 1e6))
