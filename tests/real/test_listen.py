"""tocsin-listen as a whole: real files, a real mosquitto, real processes, real time (pace.py: as slow as it is)."""
import base64
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

from pace import ahead, patience, slack_s, slack_us, stretched

try:
    import cose
    import world
except ImportError as missing:
    print(f"skipped: {missing} (apt-get install python3-cbor2 python3-nacl python3-cryptography)")
    sys.exit(77)
if shutil.which("mosquitto") is None:
    print("skipped: no mosquitto")
    sys.exit(77)

HERE = os.getcwd()
count = 0


class Listener:
    """A listener; its JSON lines as they come, with the moment each was read."""

    def __init__(self, *arguments, state=None, clock=None, root=True):
        global count
        count += 1
        self.state = state or os.path.join(HERE, "state-%d" % count)
        env = dict(os.environ)
        env.pop("TOCSIN_TEST_CLOCK", None)
        if clock:
            env["TOCSIN_TEST_CLOCK"] = clock
        command = ["tocsin-listen", "--state", self.state, "--format", "json", *arguments]
        if root:
            command += ["--root", "root"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
        self.events, self.times = [], []
        self.news = threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            with self.news:
                self.events.append(json.loads(line))
                self.times.append(time.time())
                self.news.notify_all()

    def expect(self, event, seconds=20, **fields):
        deadline = time.monotonic() + patience(seconds)
        with self.news:
            while True:
                for one in self.events:
                    if one["event"] == event and all(re.search(v, str(one.get(k))) for k, v in fields.items()):
                        return one
                left = deadline - time.monotonic()
                assert left > 0 and self.news.wait(left) or self.process.poll() is None and left > 0, \
                    "no %s %s among\n%s" % (event, fields, "\n".join(map(str, self.events)))

    def when(self, event):
        """When the first event of this kind was read."""
        return next(at for one, at in zip(self.events, self.times) if one["event"] == event)

    def has(self, event):
        return any(one["event"] == event for one in self.events)

    def end(self, code, seconds=20):
        got = self.process.wait(patience(seconds))
        self.reader.join(patience(5))
        self.errors = self.process.stderr.read()
        assert got == code, "exit %d, not %d: %s\n%s" % (got, code, self.errors, "\n".join(map(str, self.events)))
        return self

    def peak_kib(self):
        with open("/proc/%d/status" % self.process.pid) as file:
            return int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1))

    def processor_s(self):
        with open("/proc/%d/stat" % self.process.pid) as file:
            return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13])) / os.sysconf("SC_CLK_TCK")

    def kill(self):
        self.process.kill()
        self.process.wait()


def script(name, text):
    with open(name, "w") as file:
        file.write("#!/bin/sh\n" + text)
    os.chmod(name, 0o755)
    return os.path.join(HERE, name)


def lines(name):
    try:
        with open(name) as file:
            return file.read().split()
    except FileNotFoundError:
        return []


def fresh(seconds, duration=60, **more):
    """A new constellation with a window that many seconds ahead (more where the machine is slow), in ./root and ./bundle."""
    c = world.Constellation(**more)
    c.t0 = int(time.time() + ahead(seconds))
    c.uid, c.identity = c.window(c.t0, duration)
    c.write("bundle")
    with open("root", "wb") as file:
        file.write(c.root)
    return c


def sleep_until(at):
    time.sleep(max(0, at - time.time()))


def put_in_store(c, store):
    """As any copying program would: a hidden name first, then the real one."""
    for identity, (text, signatures) in c.items.items():
        files = [("sigs", "%s.%s.minisig" % (identity, k), data) for k, data in signatures.items()]
        for kind, name, data in [*files, ("records", identity + ".rec", text)]:
            folder = os.path.join(store, kind, identity[:2])
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, "." + name), "wb") as file:
                file.write(data)
            os.rename(os.path.join(folder, "." + name), os.path.join(folder, name))


def test_a_bundle_alone_rings_once_across_restarts():
    c = fresh(4)
    hook = script("note", "date +%s.%N >>" + HERE + "/rung\n")
    one = Listener("--bundle", "bundle", "--offline", "--once", "--run", hook)
    one.expect("armed")
    peak = one.peak_kib()
    assert peak <= 16 * 1024, "%d KiB resident" % peak
    started = one.expect("started")
    one.end(0)
    # a pretty loose bound: the figures are the bench's
    assert 0 <= started["late_us"] < 200000 + slack_us() and -1 < started["host_error_us"] < 200000 + slack_us(), started
    assert len(lines("rung")) == 1 and float(lines("rung")[0]) >= c.t0
    again = Listener("--bundle", "bundle", "--offline", "--once", "--run", hook, state=one.state)
    again.expect("before")
    again.end(1)
    late = Listener("--bundle", "bundle", "--offline", "--once", "--run", hook)
    late.expect("joined")
    late.end(1)
    assert len(lines("rung")) == 1
    os.remove("rung")


def test_killed_before_t0_and_started_again_it_rings_once():
    fresh(5)
    hook = script("note", "echo rung >>" + HERE + "/rung\n")
    one = Listener("--bundle", "bundle", "--offline", "--run", hook)
    one.expect("armed")
    one.kill()
    two = Listener("--bundle", "bundle", "--offline", "--once", "--run", hook, state=one.state)
    two.end(0)
    three = Listener("--bundle", "bundle", "--offline", "--once", "--run", hook, state=one.state)
    three.end(1)
    assert lines("rung") == ["rung"]
    os.remove("rung")


def test_kill_9_around_t0_never_rings_twice():
    seed = int(time.time())
    print("seed %d" % seed)
    chance = random.Random(seed)
    c = fresh(5)
    hook = script("note", "echo rung >>\"$1\"\n")
    group = []
    for i in range(12):
        rung = os.path.join(HERE, "rung-%d" % i)
        listener = Listener("--bundle", "bundle", "--offline", "--run", hook + " " + rung)
        group.append((chance.uniform(-0.5, 0.25), rung, listener))
    for _, _, listener in group:
        listener.expect("armed")
    scale = stretched(1)
    group = [(offset * scale if offset < 0 else offset, rung, listener) for offset, rung, listener in group]
    again = []
    for offset, rung, listener in sorted(group, key=lambda one: one[0]):
        sleep_until(c.t0 + offset)
        listener.kill()
        again.append((offset, rung, Listener("--bundle", "bundle", "--offline", "--once", "--run", hook + " " + rung,
                                             state=listener.state)))
    for offset, rung, listener in again:
        listener.process.wait(patience(20))
        listener.reader.join(patience(5))
        times = len(lines(rung))
        assert times <= 1, "killed at T%+.3f s: rung %d times" % (offset, times)
        # who was started again and armed before T-0 rings
        assert times == 1 or not listener.has("armed") or listener.when("armed") >= c.t0, "killed at T%+.3f s: never rung\n%s" % (offset, listener.events)


def test_frozen_over_t0_it_starts_nothing_and_says_so():
    hook = script("note", "echo rung >>" + HERE + "/rung\n")
    frozen = []
    for duration in (60, 2):
        c = fresh(5, duration)
        one = Listener("--bundle", "bundle", "--offline", "--once", "--run", hook)
        one.expect("armed")
        frozen.append((c.t0, one, "joining quietly" if duration > 2 else "it is over"))
    sleep_until(frozen[0][0] - stretched(0.5))
    for _, one, _ in frozen:
        one.process.send_signal(signal.SIGSTOP)
    assert time.time() < frozen[0][0], "frozen too late: this machine stood still"
    sleep_until(frozen[1][0] + 3)
    for _, one, text in frozen:
        one.process.send_signal(signal.SIGCONT)
        one.expect("missed", text=r"missed by \d+ s .*: " + text)
        one.end(1)
        assert not one.has("started"), one.events
    assert lines("rung") == []


def test_two_listeners_cannot_share_a_state():
    fresh(100)
    one = Listener("--bundle", "bundle", "--offline")
    one.expect("armed")
    two = Listener("--bundle", "bundle", "--offline", state=one.state).end(3)
    assert "another tocsin-listen uses this folder" in two.errors
    one.process.send_signal(signal.SIGTERM)
    one.end(0)


def test_a_waiting_process_is_told_go():
    c = fresh(4, 3)
    hook = script("lamp", "while read -r line; do echo \"$(date +%s.%N) $line\"; done >" + HERE + "/lamp.log\n")
    Listener("--bundle", "bundle", "--offline", "--once", "--pipe", hook).end(0)
    told = open("lamp.log").read().splitlines()
    go = [i for i, line in enumerate(told) if line.endswith(" GO")]
    assert len(go) == 1, told
    assert c.t0 <= float(told[go[0]].split()[0]) < c.t0 + 0.2 + 2 * slack_s()
    assert json.loads(told[0].split(" ", 1)[1])["state"] == "ready"
    before = [json.loads(line.split(" ", 1)[1]) for line in told[:go[0]]]
    assert len(before) >= 3 and before[-1]["left_s"] <= 1.1 + slack_s()
    assert json.loads(told[-1].split(" ", 1)[1])["state"] == "ended"


def test_a_command_reads_the_occasion_as_it_is_at_the_start():
    c = fresh(4, 3)
    for latency, left in (("0ms", 0), ("80ms", 0.08)):
        hook = script("note", "cat >" + HERE + "/occasion\n")
        Listener("--bundle", "bundle", "--offline", "--once", "--latency", latency, "--run", hook).end(0)
        said = json.loads(open("occasion").read())
        assert (said["state"], said["left_s"], said["uid"], said["for_s"]) == ("started", left, c.uid, 3), said
        c = fresh(4, 3)


def beat(client, topic, ticker, stop, every=0.1, **more):
    while not stop.is_set():
        try:
            client.publish(topic, ticker.tick(**more))
        except OSError:
            return
        time.sleep(every)


def with_beat(function):
    def run():
        broker = world.Broker(HERE)
        stop = threading.Event()
        try:
            function(broker, stop)
        finally:
            stop.set()
            broker.kill()
    run.__name__ = function.__name__
    return run


@with_beat
def test_records_and_clock_come_from_the_broker_which_then_dies(broker, stop):
    c = fresh(8)
    client = world.Client(broker.port)
    client.publish(c.topic("records"), c.bundle(), True)
    threading.Thread(target=beat, args=(client, c.topic("tick"), world.Ticker(c), stop), daemon=True).start()
    ear = world.Ear(broker.port, c)
    # this listener's own clock is 5 s ahead and 80 ppm fast
    one = Listener("--broker", broker.url, "--once", clock="offset=5 ppm=80 unsync")
    one.expect("armed")
    sleep_until(c.t0 - 2)
    broker.kill()
    started = one.expect("started")
    one.end(0)
    # it started by the beacon's clock, which is this host's: 5 s from its own
    error_us = started["host_error_us"] - 5e6
    assert -3000 < error_us < 200000 + slack_us(), started
    assert started["clock"] == "beacons"
    assert started["bound_earliest_us"] <= error_us <= started["bound_latest_us"] + 1000
    one.expect("broker", text="goes on without it")
    assert 8 <= ear.asked <= 16, ear.asked


def begin_beacons(c, broker, stop, count):
    for i in range(count):
        client = world.Client(broker.port)
        client.publish(c.topic("records", i), c.bundle(), True)
        threading.Thread(target=beat, args=(client, c.topic("tick", i), world.Ticker(c, i), stop, 0.5), daemon=True).start()
        world.Ear(broker.port, c, i)


@with_beat
def test_a_host_of_any_date_starts_on_time(broker, stop):
    """What is past by years is no leap second that happens now: once it was 36.9 s late for 1970."""
    c = fresh(14, 5)
    begin_beacons(c, broker, stop, 1)
    dates = (0, 94694400, 315964800, 946684800, 1464739200, 1483228799, 2208988800, random.randrange(0, 2500000000))
    offsets = [date - int(time.time()) for date in dates]
    print("offsets %s" % offsets)
    listeners = [Listener("--broker", broker.url, "--once", clock="offset=%d unsync" % offset) for offset in offsets]
    for offset, one in zip(offsets, listeners):
        started = one.expect("started", 30)
        one.end(0)
        # started by the beacon's clock, which is this host's: the offset from its own, and by no leap second more
        assert -0.02 < started["host_error_us"] / 1e6 - offset < 0.3, (offset, started)
        assert started["clock"] == "beacons" and started["bound_latest_us"] - started["bound_earliest_us"] < 1e6, started


@with_beat
def test_a_relay_moves_nobody(broker, stop):
    """A hidden delay of 150 ms each way: once it moved a synchronised host by all of it."""
    c = fresh(12, 5, beacons=3)
    begin_beacons(c, broker, stop, 3)
    relay = world.Relay(broker.port, 0.15)
    right = Listener("--broker", relay.url, "--once", clock="sync=0.002")
    free = Listener("--broker", relay.url, "--once", clock="offset=3 unsync")
    for one, off_us in ((right, 0), (free, 3e6)):
        started = one.expect("started", 30)
        one.end(0)
        assert -20000 < started["host_error_us"] - off_us < 100000 + slack_us(), started
    assert 290000 < started["bound_latest_us"] - started["bound_earliest_us"] < 1e6, started  # the relay is in it


@with_beat
def test_a_cancellation_at_the_last_second_is_obeyed(broker, stop):
    c = fresh(6)
    client = world.Client(broker.port)
    client.publish(c.topic("records"), c.bundle(), True)
    hook = script("note", "echo rung >>" + HERE + "/rung\n")
    one = Listener("--broker", broker.url, "--once", "--run", hook)
    one.expect("armed")
    sleep_until(c.t0 - stretched(1))
    c.cancel(c.uid, c.identity)
    client.publish(c.topic("records"), c.bundle(), True)
    one.expect("withdrawn")
    one.end(1)
    sleep_until(c.t0 + 0.5)
    assert lines("rung") == []


def test_a_cancellation_in_the_store_is_obeyed_at_the_last_second():
    c = fresh(6)
    put_in_store(c, "shared")
    one = Listener("--store", "shared", "--offline", "--once")
    one.expect("armed")
    sleep_until(c.t0 - stretched(2))
    c.cancel(c.uid, c.identity)
    put_in_store(c, "shared")
    one.expect("withdrawn")
    one.end(1)
    assert not one.has("started"), "noticed only after the start"


def test_moved_to_before_its_end_it_can_no_longer_come():
    c = fresh(60)
    put_in_store(c, "shared")
    one = Listener("--store", "shared", "--offline", "--once")
    one.expect("armed")
    c.window(time.time() - 30, seconds=3, uid=c.uid, seq=1, prev=[c.identity])
    put_in_store(c, "shared")
    one.expect("joined", text="is over already, and was not started")
    one.end(1)


def test_a_quarrel_is_told_once_while_it_lasts():
    c = fresh(60)
    put_in_store(c, "shared")
    one = Listener("--store", "shared", "--offline")
    one.expect("armed")
    two = [c.window(c.t0, title=title, uid=c.uid, seq=1, prev=[c.identity])[1] for title in ("One", "Two")]
    put_in_store(c, "shared")
    one.expect("alert", text="contested: two records claim the same step")
    c.window(c.t0 + 86400)  # looked at again
    put_in_store(c, "shared")
    time.sleep(1)
    c.window(c.t0, title="Three", uid=c.uid, seq=2, prev=sorted(two))
    put_in_store(c, "shared")
    one.expect("armed")
    one.process.send_signal(signal.SIGTERM)
    one.end(0)
    assert sum(e["event"] == "alert" for e in one.events) == 1, one.events


def test_a_flood_of_files_in_the_store_stops_nothing():
    """A cancellation is noticed while the flood goes on, and the flood costs little.  How soon is the watch's own test."""
    c = fresh(300)
    for i in range(400):
        c.window(c.t0 + 86400 + i)
    put_in_store(c, "flooded")
    one = Listener("--store", "flooded", "--offline", "--once")
    one.expect("armed")
    begin, before = time.monotonic(), one.processor_s()
    count, share, until = 0, 1, time.monotonic() + patience(20)
    while not one.has("withdrawn"):
        assert time.monotonic() < until, "not noticed among %d files" % count
        open("flooded/records/passing-%d" % count, "w").close()
        count += 1
        if count == 1000:
            share = (one.processor_s() - before) / (time.monotonic() - begin)
            c.cancel(c.uid, c.identity)
            put_in_store(c, "flooded")
        time.sleep(0.005)
    assert count >= 1000 and share < 0.4, "%d files took %.0f %% of a processor" % (count, 100 * share)
    one.process.send_signal(signal.SIGTERM)
    one.end(1)


def test_what_files_bring_is_kept_in_the_store_but_not_by_a_check():
    c = fresh(86400)
    os.makedirs("kept")
    got = run("--root", "root", "--bundle", "bundle", "--store", "kept", "--check")
    assert got.returncode == 0 and os.listdir("kept") == [], (got, os.listdir("kept"))
    one = Listener("--bundle", "bundle", "--store", "kept", "--offline")
    one.expect("root", text=c.id)
    one.expect("ready", text="2 records")
    one.process.send_signal(signal.SIGTERM)
    one.end(0)
    held = sorted(name for _, _, names in os.walk("kept") for name in names)
    assert held == sorted([f"{i}.rec" for i in c.items] + [f"{i}.{k}.minisig" for i in c.items for k in c.items[i][1]]), held
    got = run("--root", "root", "--store", "kept", "--check", "--format", "json")
    assert got.returncode == 0 and json.loads(got.stdout.splitlines()[0])["would_fire"] is True, got


def test_what_comes_into_the_store_is_in_the_log():
    c = fresh(86400)
    put_in_store(c, "logged")
    one = Listener("--store", "logged", "--offline", "--log", "came.log")
    one.expect("ready")
    c.window(int(time.time()) + 5, 2)
    put_in_store(c, "logged")
    one.expect("ended")
    one.process.send_signal(signal.SIGTERM)
    one.end(0)
    again = [json.loads(line) for line in run("--replay", "came.log", "--format", "json").stdout.splitlines()]
    for event in ("armed", "ended"):
        assert one.expect(event) in again, (one.events, again)


@with_beat
def test_a_cancellation_while_it_goes_on_ends_it(broker, stop):
    c = fresh(4, 25)
    client = world.Client(broker.port)
    client.publish(c.topic("records"), c.bundle(), True)
    hook = script("lamp", "cat >" + HERE + "/lamp.log\n")
    one = Listener("--broker", broker.url, "--once", "--pipe", hook)
    one.expect("started")
    sleep_until(c.t0 + 2)
    c.cancel(c.uid, c.identity)
    client.publish(c.topic("records"), c.bundle(), True)
    one.expect("ended", text="called off while it goes on", uid=c.uid)
    one.end(0)
    assert not one.has("withdrawn") and json.loads(open("lamp.log").read().splitlines()[-1])["state"] == "ended"


@with_beat
def test_a_hostile_broker_moves_nothing(broker, stop):
    c = fresh(8)
    stranger = world.Constellation()
    stranger.window(c.t0 - 3)
    client = world.Client(broker.port)
    client.publish(c.topic("records"), c.bundle() + stranger.bundle(), True)
    ticker, forger = world.Ticker(c), world.Ticker(c, key=world.Key())
    forger.key.id = c.beacons[0].id  # the right id, the wrong key
    one = Listener("--broker", broker.url, "--once", "--no-ask", clock="sync=0.002")
    one.expect("armed")
    old = [ticker.tick() for _ in range(20)]
    for tick in old:
        client.publish(c.topic("tick"), tick)
    while time.time() < c.t0 - 0.2:
        for _ in range(40):
            client.publish(c.topic("tick"), forger.tick(at_ns=time.time_ns() + 10**12))
        for tick in old:
            client.publish(c.topic("tick"), tick)
        client.publish(c.topic("tick"), os.urandom(300))
        client.publish(c.topic("tick"), b"\xd2" * 2000)
        client.publish(c.topic("records"), os.urandom(5000))
        client.publish(c.topic("records"), bytes(300000))
        client.publish(c.topic("status"), b"tocsin status 1\nstate: lost\n")
        time.sleep(0.02)
    peak = one.peak_kib()
    started = one.expect("started")
    one.end(0)
    assert -100 < started["host_error_us"] < 50000 + slack_us(), started
    assert peak <= 64 * 1024
    refused = [e["text"] for e in one.events if e["event"] == "refused"]
    assert any(text.startswith("a broker's records break off") for text in refused), refused
    assert len(refused) < 30, refused  # each of them once, and at ten, a hundred ...
    assert sum(e["event"] == "started" for e in one.events) == 1


@with_beat
def test_a_lying_beacon_is_kept_as_proof(broker, stop):
    c = fresh(100)
    client = world.Client(broker.port)
    ticker = world.Ticker(c)
    one = Listener("--bundle", "bundle", "--broker", broker.url, "--no-ask", clock="sync=0.002")
    one.expect("broker", text="connected")
    until = time.monotonic() + patience(20)
    while not one.has("liar"): # whoever has connected may still be subscribing
        assert time.monotonic() < until, one.events
        client.publish(c.topic("tick"), ticker.tick(counter=0, keep=False))
        time.sleep(0.1)
    one.process.send_signal(signal.SIGTERM)
    one.end(0)
    proofs = sorted(n for n in os.listdir(one.state) if n.startswith("proof-"))
    assert len(proofs) == 2, os.listdir(one.state)
    # anyone can check the proof, years later and without us: two good signatures under one number
    ticks = [open(os.path.join(one.state, name), "rb").read() for name in proofs]
    beacon = c.beacons[0]
    said = [cose.verify(tick, {beacon.id: beacon.public}) for tick in ticks]
    assert said[0][1] != said[1][1], "the same tick twice proves nothing"
    assert [values[3] for values, _ in said] == [0, 0] and said[0][0][2] == said[1][0][2], said
    # nor is it believed again by the next run, whose clock knows nothing; what proves nothing is passed over
    for half, tick in ((1, b"no tick"), (2, ticks[0])):
        with open(os.path.join(one.state, "proof-0123456789abcdef-0123456789abcdef-%d.tick" % half), "wb") as file:
            file.write(tick)
    with open(os.path.join(one.state, "proof-00000000000000ff-00000000000000ff-1.tick"), "wb") as file:
        file.write(ticks[0])
    two = Listener("--bundle", "bundle", "--broker", broker.url, "--no-ask", "--trust-replay", "--log", "liar.log",
                   state=one.state, clock="unsync")
    proven = two.expect("liar", text="is ignored: its lie is proven in .*proof-[0-9a-f]{16}-%s-1.tick" % beacon.id_text())
    two.expect("refused", text="proof-0123456789abcdef-0123456789abcdef-1.tick and -2.tick: these are not two ticks")
    two.expect("state", text="proof-00000000000000ff-00000000000000ff-2.tick.*passed over")
    two.expect("broker", text="connected")
    time.sleep(0.3)
    for _ in range(5):
        client.publish(c.topic("tick"), world.Ticker(c).tick(at_ns=time.time_ns() + 500 * 10**9))
        time.sleep(0.1)
    two.process.send_signal(signal.SIGTERM)
    two.end(0)
    assert sum(e["event"] == "liar" for e in two.events) == 1 and not two.has("beacon"), two.events
    again = [json.loads(line) for line in run("--replay", "liar.log", "--format", "json").stdout.splitlines()]
    assert proven in again and not any(e["event"] == "beacon" for e in again), again


@with_beat
def test_a_log_lived_through_again_tells_the_same(broker, stop):
    c = fresh(5, 2)
    client = world.Client(broker.port)
    threading.Thread(target=beat, args=(client, c.topic("tick"), world.Ticker(c), stop), daemon=True).start()
    client.publish(c.topic("records"), c.bundle(), True)
    client.publish(c.topic("status"), b"tocsin status 1\nstate: lost\n")
    world.Ear(broker.port, c)
    one = Listener("--broker", broker.url, "--log", "whole.log", clock="offset=1 unsync")
    one.expect("ended")
    one.process.send_signal(signal.SIGTERM)
    one.end(0)
    minds = ("armed", "ended", "beacon", "clock", "moved", "refused")
    told = [e for e in one.events if e["event"] in minds and "pretended" not in e["text"]]
    got = run("--replay", "whole.log", "--format", "json")
    assert got.returncode == 0, got
    again = [json.loads(line) for line in got.stdout.splitlines()]
    assert {"armed", "begun", "ended", "beacon"} <= {e["event"] for e in again}, again
    assert [e for e in again if e["event"] in minds] == told, (told, again)
    for change in (b"step\tclock\t", b"set\tnothing\t1\nstep\tclocks\t"):
        with open("whole.log", "rb") as file:
            text = file.read()
        with open("spoilt", "wb") as file:
            file.write(text.replace(b"step\tclocks\t", change, 1))
        got = run("--replay", "spoilt")
        assert got.returncode == 2 and "line" in got.stderr, got


def test_three_hours_wrong_is_put_right_by_a_beacon_that_answers():
    """The whole chain: the real beacon with its own broker, a question, the answer, the start."""
    c = fresh(10)
    key = c.beacons[0]
    secret = bytes(key.secret) + key.public
    body = b"Ed\0\0B2" + bytes(48) + key.id + secret
    body += hashlib.blake2b(b"Ed" + key.id + secret, digest_size=32).digest()
    with open("beacon.key", "w") as file:
        file.write("untrusted comment: test\n%s\n" % base64.b64encode(body).decode())
    os.chmod("beacon.key", 0o600)
    put_in_store(c, "store")
    beacon = subprocess.Popen(["tocsin-beacon", "--root", "root", "--key", "beacon.key", "--store", "store", "--state",
                               "beacon-state", "--clock-error", "1ms", "--embedded-broker"], stdout=subprocess.PIPE, text=True)
    try:
        for line in beacon.stdout:
            if line.startswith("broker mqtt://"):
                break
        threading.Thread(target=beacon.stdout.read, daemon=True).start()
        one = Listener("--broker", line.split()[1], "--once", clock="offset=10800 ppm=-60 unsync")
        one.expect("clock", text="answered a fresh question")
        started = one.expect("started")
        one.end(0)
        error_us = started["host_error_us"] - 10800e6
        assert -3000 < error_us < 200000 + slack_us(), started
    finally:
        beacon.terminate()
        beacon.wait(patience(10))


def test_a_step_of_the_clock_is_followed():
    c = fresh(9)
    # after 2 s its clock jumps 4 s forward: it starts that much before T-0
    one = Listener("--bundle", "bundle", "--offline", "--once", clock="sync=0.01 step=2:4")
    started = one.expect("started")
    one.end(0)
    assert -0.1 < one.when("started") - (c.t0 - 4) < 0.5 + 2 * slack_s(), (started, c.t0)
    assert -100 < started["host_error_us"] < 200000 + slack_us()


def on_a_small_disk(function):
    def on_it():
        os.makedirs("small", exist_ok=True)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=100", "tmpfs", "small"]).returncode != 0:
            print("not tried: a full disk (it takes root to make one)")
            return
        try:
            function(os.path.join(HERE, "small/state"))
        finally:
            subprocess.run(["umount", "small"])
    on_it.__name__ = function.__name__
    return on_it


def fill_up():
    with open("small/fill", "ab", buffering=0) as fill:
        try:
            while True:
                fill.write(bytes(512))
        except OSError:
            pass


@on_a_small_disk
def test_a_full_disk_is_told_and_the_gesture_starts(state):
    c = fresh(14)
    os.makedirs(state)
    fill_up()
    one = Listener("--bundle", "bundle", "--offline", "--once", state=state)
    one.expect("state", text="No space left on device: free some space now")
    assert one.when("state") < c.t0 - 10.5, "told only when the start was near"
    one.expect("state", text="starts all the same, but free some space")
    one.expect("started")
    one.end(0)


@on_a_small_disk
def test_a_disk_that_fills_up_later_loses_no_mark(state):
    c = fresh(13)
    hook = script("note", "echo rung >>" + HERE + "/rung\n")
    one = Listener("--bundle", "bundle", "--offline", "--run", hook, state=state)
    one.expect("ready")
    fill_up()
    assert time.time() < c.t0 - 10.5, "too late for this test: this machine is busy"
    one.expect("started")
    sleep_until(c.t0 + 2)
    assert not one.has("state"), one.events
    one.kill()
    two = Listener("--bundle", "bundle", "--offline", "--once", "--run", hook, state=state, clock="offset=-10")
    two.end(1)
    assert lines("rung") == ["rung"]
    os.remove("rung")


def run(*arguments):
    return subprocess.run(["tocsin-listen", *arguments], capture_output=True, text=True, timeout=patience(20))


def test_bad_input_is_one_line_with_a_remedy():
    c = fresh(86400)
    with open("text", "w") as file:
        file.write("hello\n")
    with open("bundle", "rb") as file:
        good = file.read()
    with open("changed", "wb") as file:
        file.write(good.replace(b"A minute of silence", b"A minute of violence"[:19]))
    with open("cut", "wb") as file:
        file.write(good[:-200])
    other = world.Constellation()
    other.window(c.t0)
    other.write("other")
    cases = [
        ((), 2, "--root"),
        (("--root", "text"), 2, "text"),
        (("--root", "root", "--broker", "mqtts://localhost", "--cert", "text"), 2, "belong together"),
        (("--root", "nowhere"), 2, "nowhere"),
        (("--root", "root", "--bundle", "nowhere", "--check"), 2, "nowhere"),
        (("--root", "root", "--bundle", "other", "--check"), 1, "another constellation"),
        (("--root", "root", "--bundle", "changed", "--check"), 1, "the file was changed"),
        (("--root", "root", "--bundle", "cut", "--check"), None, "breaks off"),
        (("--root", "root", "--uid", "12", "--check"), 2, "32 hexadecimal digits"),
        (("--root", "root", "--broker", "http://x", "--state", "s"), 2, "mqtt://"),
        (("--root", "root", "--run", "no-such-program", "--offline", "--state", "s"), 2, "full path"),
        (("--root", "root", "--zone", "Europe/Nowhere", "--check"), 2, "Europe/Nowhere: no such zone; zones are named like Europe/Rome"),
        (("--root", "root", "--zone", "rome", "--check"), 2, "rome: no such zone; did you mean Europe/Rome?"),
        (("--root", "root", "--place", "Springfield", "--check"), 2, "Springfield, Missouri, US"),
        (("--root", "root", "--latency", "5m", "--check"), 2, "60 s"),
        (("--root", "root", "--run", "no-such-lamp on", "--check"), 2, "--run: no-such-lamp"),
        (("--root", "root", "--pipe", "no-such-lamp", "--rehearse"), 2, "--pipe: no-such-lamp"),
        (("--root", "root", "--at", "2027-01-01"), 2, "--check"),
        (("--root", "root", "--at", "1600-01-01", "--check"), 2, "from 1700 to 2249"),
        (("--root", "root", "--format", "xml"), 2, "json"),
        (("--root", "root", "word"), 2, "word"),
        (("--root", "root", "--state", "/proc/nowhere", "--offline"), 3, "--state"),
    ]
    for arguments, code, words in cases:
        got = run(*arguments)
        assert code is None or got.returncode == code, (arguments, got)
        assert words in got.stderr, (arguments, got)
    assert run("--help").returncode == 0
    assert run("--version").stdout.startswith("tocsin-listen ")
    with open("/dev/full", "w") as full:
        for arguments in (["--help"], ["--version"], ["--root", "root", "--bundle", "bundle", "--check"]):
            got = subprocess.run(["tocsin-listen", *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=patience(20))
            assert got.returncode == 3 and "standard output" in got.stderr, (arguments, got)


def test_check_and_rehearse_fire_nothing():
    c = fresh(86400)
    hook = script("note", "echo rung >>" + HERE + "/rung\n")
    got = run("--root", "root", "--bundle", "bundle", "--check", "--format", "json", "--run", hook)
    assert got.returncode == 0 and json.loads(got.stdout.splitlines()[0])["would_fire"] is True, got
    got = run("--root", "root", "--bundle", "bundle", "--check", "--at", world.stamp(c.t0 + 100))
    assert got.returncode == 1 and "nothing would fire" in got.stderr
    got = run("--root", "root", "--bundle", "bundle", "--rehearse", "--run", hook)
    assert got.returncode == 0 and "has begun" in got.stdout and "is over" in got.stdout, got
    for left in (1, 5, 30):  # as the real one would, however late it is begun
        got = run("--root", "root", "--bundle", "bundle", "--rehearse", "--at", world.stamp(c.t0 - left))
        assert got.returncode == 0 and "has begun" in got.stdout and "joining" not in got.stdout, (left, got)
    got = run("--root", "root", "--bundle", "bundle", "--rehearse", "--at", world.stamp(c.t0 + 5))
    assert got.returncode == 1 and "joining quietly" in got.stdout, got
    assert lines("rung") == []


def test_waves_ring_by_the_zone_of_the_site():
    c = world.Constellation()
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86400 * 3))
    c.window(time.time() + 86400 * 3, moment=False, extra=["on: d " + day, "wave: 20:00"])
    c.write("bundle")
    with open("root", "wb") as file:
        file.write(c.root)
    for zone, hour in (("Asia/Tokyo", "11"), ("UTC", "20"), ("Asia/Kathmandu", "14:15")):
        got = run("--root", "root", "--bundle", "bundle", "--zone", zone, "--check", "--format", "json")
        event = json.loads(got.stdout.splitlines()[0])
        assert event["t0"].split("T")[1].startswith(hour), (zone, event)


def test_waves_by_place_ring_where_the_site_is_in_any_spelling():
    c = world.Constellation()
    soon = time.time() + 86400 * 3
    day = time.strftime("%Y-%m-%d", time.gmtime(soon))
    at = ["at: d %sT%s:00:00Z %s" % (day, hour, place) for hour, place in (("17", "Athens, GR"), ("18", "Rome"), ("19", "Here"))]
    c.window(soon, moment=False, extra=["on: d " + day, "wave: place", *at])
    c.write("bundle")
    with open("root", "wb") as file:
        file.write(c.root)
    for place, hour in (("roma", "18"), ("Αθήνα", "17"), ("Rome", "18"), ("Here", "19")):
        got = run("--root", "root", "--bundle", "bundle", "--place", place, "--check", "--format", "json")
        event = json.loads(got.stdout.splitlines()[0])
        assert event["t0"].split("T")[1].startswith(hour), (place, event)


def main():
    tests = [value for name, value in globals().items() if name.startswith("test_")]
    wanted = sys.argv[1:]
    for test in tests:
        if wanted and test.__name__ not in wanted:
            continue
        begin = time.monotonic()
        test()
        print("%-70s %5.1f s" % (test.__name__, time.monotonic() - begin), flush=True)


main()
