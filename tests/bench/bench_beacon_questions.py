"""What questions cost a beacon that ticks once a second: ten thousand of them a second for a minute – its
processor time, and how much later its ticks leave than in the half minute before – and how soon a question
is answered that nobody else asks."""
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(os.environ["TOCSIN_SOURCE"]) / "tests/real"))
import cose  # noqa: E402
import world  # noqa: E402
from forge_key import write_secret  # noqa: E402

QUIET, SECONDS, RATE, BATCHES, ALONE, PATIENCE_S = 30, 60, 10000, 50, 100, 5


def scheduled_ns(pid):
    """On a processor, and waiting for one."""
    both = [(thread / "schedstat").read_text().split() for thread in pathlib.Path(f"/proc/{pid}/task").iterdir()]
    return sum(int(one[0]) for one in both), sum(int(one[1]) for one in both)


def take(client, head):
    """The next packet of this kind."""
    while True:
        first = client.socket.recv(1, 0x100)[0]  # MSG_WAITALL
        size = shift = 0
        while True:
            digit = client.socket.recv(1, 0x100)[0]
            size |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                break
        body = client.socket.recv(size, 0x100) if size else b""
        if first >> 4 == head:
            return body


def ask_alone(port, constellation, keys):
    """Milliseconds from the SUBACK to the answer, and of the round trip to the broker on this connection; None where
    no answer came: a beacon that was preempted between the readings of its clocks drops the question."""
    time.sleep(0.03)  # nobody else asks, not even we a moment ago
    client = world.Client(port)
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", PATIENCE_S, 0))
    nonce = os.urandom(32)
    ask = constellation.topic("ask")
    topic = (ask + "/answer/" + nonce[:8].hex()).encode()
    body = b"\0\1" + len(topic).to_bytes(2, "big") + topic + b"\0"
    client.socket.sendall(b"\x82" + client.length(len(body)) + body)
    take(client, 9)
    began = time.monotonic()
    client.publish(ask, nonce)
    try:
        answer = take(client, 3)
    except BlockingIOError:
        return None
    took = time.monotonic() - began
    cose.verify_answer(answer[2 + len(topic):], keys, nonce)
    began = time.monotonic()
    client.socket.sendall(b"\xc0\0")
    take(client, 13)
    round_trip = time.monotonic() - began
    client.socket.close()
    return took * 1e3, round_trip * 1e3


def flood(port, topic, seconds):
    """Whole bursts of eight with a prefix of their own, as many a second as were asked for; how many, in how long."""
    asker = world.Client(port)
    began, sent = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        packets = []
        for _ in range(RATE // BATCHES // 8):
            prefix = os.urandom(8)
            packets += [asker.packet(topic, prefix + os.urandom(24)) for _ in range(8)]
        asker.socket.sendall(b"".join(packets))
        sent += len(packets)
        time.sleep(max(0, began + sent / RATE - time.monotonic()))
    return sent, time.monotonic() - began


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    c = world.Constellation()
    c.window(int(time.time()) + QUIET + SECONDS + 40)
    c.write("root.bundle")
    write_secret(c.beacons[0], "beacon.key")
    keys = {c.beacons[0].id: c.beacons[0].public}
    program = os.path.join(os.environ["TOCSIN_BIN"], "tocsin-beacon")
    with open("beacon.log", "w") as log:
        # ahead of whatever else this machine does, where that is allowed
        beacon = subprocess.Popen(["nice", "-n", "-19", program, "--root", "root.bundle", "--key", "beacon.key", "--store", "store", "--cadence", "lively",
                                   "--embedded-broker", "--log", "flight.log", "--clock-error", "1ms"], stdout=log)
    try:
        deadline = time.monotonic() + 30
        while "tick 1," not in open("beacon.log").read():
            if time.monotonic() > deadline:
                sys.exit("the beacon does not tick:\n" + open("beacon.log").read())
            time.sleep(0.1)
        port = int(next(line for line in open("beacon.log") if line.startswith("broker mqtt")).rsplit(":", 1)[1])
        time.sleep(2)
        asked = [ask_alone(port, c, keys) for _ in range(ALONE)]
        quiet_from = time.time_ns()
        time.sleep(QUIET)  # the measurement itself
        flood_from = time.time_ns()
        before = scheduled_ns(beacon.pid)
        sent, took = flood(port, c.topic("ask"), SECONDS)
        spent, waited = (now - then for now, then in zip(scheduled_ns(beacon.pid), before))
        flood_to = time.time_ns()
        status = pathlib.Path(f"/proc/{beacon.pid}/status").read_text()
        peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    finally:
        beacon.terminate()
        beacon.wait(10)
    stamps = [int(line.split("\t")[2]) for line in open("flight.log") if line.startswith("step\tstamp")]
    phases = {name: sorted(at % 10**9 / 1e6 for at in stamps if begin < at < end)
              for name, begin, end in (("quiet", quiet_from, flood_from), ("flood", flood_from, flood_to))}
    first = phases["quiet"][0]
    late = {name: [at - first for at in all_] for name, all_ in phases.items()}
    alone = [one for one in asked if one is not None]
    over = sorted(took - round_trip for took, round_trip in alone)
    trips = sorted(round_trip for _, round_trip in alone)
    count = len(alone)
    if count == 0:
        sys.exit("the beacon answered nobody")
    print("asked alone, %d times: %d answered, in the round trip of %.2f ms (median) and %.2f ms more (median), %.2f (p99) (goal: at most 50 ms)"
          % (ALONE, count, trips[count // 2], over[count // 2], over[count * 99 // 100]))
    print("%.0f questions a second for %.0f s" % (sent / took, took))
    print("processor: %.1f %% of a core (goal: at most 15 %%), %.1f us a question" % (spent / took / 1e7, spent / 1e3 / sent))
    for name, all_ in late.items():
        print("%s: %d ticks stamped after the earliest of the quiet ones by %.2f ms (median), %.2f (p95), %.2f (worst)"
              % (name, len(all_), all_[len(all_) // 2], all_[len(all_) * 95 // 100], all_[-1]))
    print("later by %.2f ms (median) (goal: at most 1 ms); memory %.1f MiB at most"
          % (late["flood"][len(late["flood"]) // 2] - late["quiet"][len(late["quiet"]) // 2], peak / 1024))
    print("meanwhile it waited %.0f ms a second for a processor that others had" % (waited / took / 1e6))
