"""tocsin-listen between an honest broker and hostile ones: its ears killed, stopped and flooded.  The start keeps to
its plan, and a cancellation by the honest broker is obeyed."""
import copy
import os
import signal
import socket
import threading
import time

import stage
import world
from pace import patience, slack_us, stretched
from stage import HERE, constellation, sleep_until


class Hostile:
    """A broker that says welcome to everybody, and then whatever `flood` sends to each connection."""

    def __init__(self, flood):
        self.flood = flood
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = "mqtt://127.0.0.1:%d" % self.socket.getsockname()[1]
        self.sent = self.connections = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            client.recv(4096)
            client.sendall(b"\x20\x02\x00\x00")
            self.connections += 1
            while True:
                for packet in self.flood():
                    client.sendall(packet)
                    self.sent += len(packet)
        except OSError:
            client.close()


def publish(topic, payload):
    body = len(topic).to_bytes(2, "big") + topic.encode() + payload
    return b"\x30" + world.Client.length(len(body)) + body


def huge():
    """48 MB in one packet, which nobody wants."""
    yield b"\x30" + world.Client.length(48 * 1024 * 1024)
    for _ in range(48):
        yield bytes(1024 * 1024)


def signatures(c):
    """A true window with all the signatures that fit, each by an organizer's key id and none by his key."""
    text, _ = c.items[c.identity]
    forger = world.Key()
    count = 0
    out = b""
    while len(out) < 200000:
        many = b""
        for _ in range(60):
            forger.id = c.organizers[count % 3].id
            many += world.netstring(forger.sign(b"%d" % count))
            count += 1
        out += world.netstring(text) + world.netstring(b"60") + many
    return publish(c.topic("records"), out)


def stolen(c):
    """Windows that one organizer did sign, each with signatures of nobody's beside it that go by another's key id."""
    thief = copy.copy(c)
    thief.items = {}
    forger = world.Key()
    forger.id = c.organizers[1].id
    out = b""
    while len(out) < 200000:
        _, identity = thief.window(c.t0 + 60, signers=[c.organizers[0]])
        text, signatures = thief.items[identity]
        out += world.netstring(text) + world.netstring(b"41") + b"".join(map(world.netstring, signatures.values()))
        out += b"".join(world.netstring(forger.sign(b"%d" % i)) for i in range(40))
    return publish(c.topic("records"), out)


def ticks(c):
    forger = world.Ticker(c, key=world.Key())
    forger.key.id = c.beacons[0].id
    return [publish(c.topic("tick"), forger.tick()) for _ in range(200)]


class Site(stage.Listener):
    def __init__(self, c, *arguments, **more):
        bundle = c.write(os.path.join(HERE, "bundle-" + os.urandom(4).hex()))
        self.rung = os.path.join(HERE, "rung-" + os.urandom(4).hex())
        hook = self.rung + ".hook"
        with open(hook, "w") as file:
            file.write("#!/bin/sh\necho rung >>%s\n" % self.rung)
        os.chmod(hook, 0o755)
        super().__init__(c, "--bundle", bundle, "--no-ask", "--run", hook, *arguments, **more)

    def ears(self):
        with open("/proc/%d/task/%d/children" % (self.process.pid, self.process.pid)) as file:
            children = file.read().split()
        found = []
        for pid in children:
            try:
                with open("/proc/%s/cmdline" % pid) as file:
                    if file.read().startswith("tocsin-ear"):
                        found.append(int(pid))
            except OSError:
                pass
        return found

    def rings_on_time(self):
        event = self.expect("started", max(0, self.constellation.t0 - time.time()) + 20)
        self.end(0, 40)
        assert open(self.rung).read() == "rung\n"
        assert event["late_us"] < 5000 + slack_us(), event
        return event


def with_limit(pid, percent):
    """Holds a process and what it starts to a share of one processor; False where that cannot be done."""
    for parent, content in (("/sys/fs/cgroup", ("cpu.max", "%d 100000" % (percent * 1000))),
                            ("/sys/fs/cgroup/cpu", ("cpu.cfs_quota_us", "%d" % (percent * 1000)))):
        folder = os.path.join(parent, "tocsin-limit-%d" % pid)
        try:
            os.mkdir(folder)
        except OSError:
            continue
        try:
            with open(os.path.join(folder, content[0]), "w") as file:
                file.write(content[1])
            with open(os.path.join(folder, "cgroup.procs"), "w") as file:
                file.write(str(pid))
            return True
        except OSError:
            os.rmdir(folder)
    return False


def test_an_ear_that_is_killed_or_stopped_changes_nothing():
    c = constellation(16, 30)
    broker = world.Broker(HERE, "killed")
    one = Site(c, "--broker", broker.url)
    one.expect("broker", text="connected")
    first, = one.ears()
    os.kill(first, signal.SIGKILL)
    one.expect("broker", text="its ear has ended: the countdown goes on")
    deadline = time.monotonic() + patience(10)
    while one.ears() in ([], [first]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    sleep_until(c.t0 - 2)
    for pid in one.ears():
        os.kill(pid, signal.SIGSTOP)
    one.rings_on_time()
    broker.kill()


def test_an_ear_that_hangs_is_started_anew_and_hears_a_cancellation():
    c = constellation(35, 30)
    broker = world.Broker(HERE, "hung")
    client = world.Client(broker.port)
    one = Site(c, "--broker", broker.url)
    one.expect("broker", text="connected")
    hung, = one.ears()
    os.kill(hung, signal.SIGSTOP)
    one.expect("broker", 25, text="its ear hangs")
    client.socket.close()
    client = world.Client(broker.port)
    one.expect("broker", 25, after=[e["event"] for e in one.lines].index("broker") + 2, text="connected")
    c.cancel(c.uid, c.identity)
    client.publish(c.topic("records"), c.bundle(), True)
    one.expect("withdrawn")
    one.end(1)
    assert not os.path.exists(one.rung)
    broker.kill()


def test_an_ear_has_no_authority():
    c = constellation(60)
    broker = world.Broker(HERE, "sandbox")
    one = Site(c, "--broker", broker.url)
    one.expect("broker", text="connected")
    pid, = one.ears()
    with open("/proc/%d/status" % pid) as file:
        status = dict(line.split(":", 1) for line in file)
    assert status["NoNewPrivs"].strip() == "1" and status["Seccomp"].strip() == "2", status
    with open("/proc/%d/limits" % pid) as file:
        limits = file.read()
    assert "Max file size             0 " in limits and "Max data size             16777216" in limits, limits
    one.kill()
    deadline = time.monotonic() + patience(10)
    while os.path.exists("/proc/%d" % pid):
        assert time.monotonic() < deadline, "the ear outlives the listener"
        time.sleep(0.05)
    broker.kill()


def among_hostile_brokers(seconds, cancel, percent):
    c = constellation(seconds, 30)
    floods = [[signatures(c)], [stolen(c)], ticks(c)]
    if cancel:  # a listener speaks to four brokers
        floods = [floods[0] + floods[1], floods[2]]
    hostile = [Hostile(huge), *[Hostile(lambda flood=flood: flood) for flood in floods]]
    honest = world.Broker(HERE, "honest-%s-%d" % (cancel, percent))
    client = world.Client(honest.port)
    brokers = [broker.url for broker in hostile] + ([honest.url] if cancel else [])
    one = Site(c, *[word for url in brokers for word in ("--broker", url)], clock="sync=0.002")
    if percent < 100 and not with_limit(one.process.pid, percent):
        print("not tried with %d %%: a limit on the processor (no cgroup here that may be written to)" % percent)
    one.expect("armed", 30)
    if cancel:
        sleep_until(c.t0 - stretched(5))
        c.cancel(c.uid, c.identity)
        client.publish(c.topic("records"), c.bundle(), True)
        one.expect("withdrawn", 20)
        left_s = c.t0 - time.time()
        assert left_s > 0, "noticed only after the start"
        print("on %d %% of a processor: called off %.2f s before the start" % (percent, left_s))
        one.end(1, 40)
        assert not os.path.exists(one.rung)
    else:
        print("on %d %% of a processor: released %d us after the planned instant" % (percent, one.rings_on_time()["late_us"]))
    assert all(broker.connections > 0 for broker in hostile), [broker.connections for broker in hostile]
    assert min(broker.sent for broker in hostile) > 1000000, [broker.sent for broker in hostile]
    honest.kill()


def test_hostile_brokers_delay_no_start():
    among_hostile_brokers(20, False, 100)


def test_hostile_brokers_keep_no_cancellation_away():
    among_hostile_brokers(20, True, 100)


def test_hostile_brokers_delay_no_start_on_a_tenth_of_a_processor():
    among_hostile_brokers(40, False, 10)


def test_hostile_brokers_keep_no_cancellation_away_on_a_tenth_of_a_processor():
    among_hostile_brokers(40, True, 10)


stage.run_together((test_an_ear_that_is_killed_or_stopped_changes_nothing, test_an_ear_has_no_authority,
                    test_an_ear_that_hangs_is_started_anew_and_hears_a_cancellation))
stage.run_all((test_hostile_brokers_delay_no_start, test_hostile_brokers_keep_no_cancellation_away))
stage.run_together((test_hostile_brokers_delay_no_start_on_a_tenth_of_a_processor,
                    test_hostile_brokers_keep_no_cancellation_away_on_a_tenth_of_a_processor))
