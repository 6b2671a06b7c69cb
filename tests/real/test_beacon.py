"""tocsin-beacon as a whole: its own broker, a store that changes under it, ticks that another program
verifies, brokers that die, and every way to start it wrongly."""
import collections
import hashlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

from pace import ahead, patience, slack_s
from ports import free_port

try:
    import cose
    import world
    from forge_key import write_secret
except ImportError as missing:
    print(f"skipped: {missing} (apt-get install python3-cbor2 python3-nacl python3-cryptography)")
    sys.exit(77)
if shutil.which("mosquitto") is None:
    print("skipped: no mosquitto")
    sys.exit(77)


def put_in_store(constellation, identity, store):
    """As any copying program would: a hidden name first, then the real one."""
    text, signatures = constellation.items[identity]
    files = [("sigs", "%s.%s.minisig" % (identity, key), data) for key, data in signatures.items()]
    files.append(("records", identity + ".rec", text))
    for kind, name, data in files:
        folder = os.path.join(store, kind, identity[:2])
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "." + name), "wb") as file:
            file.write(data)
        os.rename(os.path.join(folder, "." + name), os.path.join(folder, name))


def take_netstring(data, at):
    colon = data.index(b":", at)
    end = colon + 1 + int(data[at:colon])
    assert data[end:end + 1] == b","
    return data[colon + 1:end], end + 1


def holds(data, constellation):
    """Whether the stream has exactly the constellation's records, each with all its signatures, in order."""
    found = []
    at = 0
    while at < len(data):
        text, at = take_netstring(data, at)
        count, at = take_netstring(data, at)
        for _ in range(int(count)):
            _, at = take_netstring(data, at)
        found.append((world.record_id(text), int(count)))
    return found == sorted((i, len(signatures)) for i, (_, signatures) in constellation.items.items())


class Program:
    """The beacon, its lines as they come."""

    def __init__(self, *arguments, **more):
        self.process = subprocess.Popen(["tocsin-beacon", *arguments], stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, **more)
        self.lines = []
        self.news = threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            with self.news:
                self.lines.append(line.rstrip("\n"))
                self.news.notify_all()

    def expect(self, pattern, seconds=15, after=0):
        """The index of the first line that matches, from `after` on."""
        deadline = time.monotonic() + patience(seconds)
        with self.news:
            while True:
                for i in range(after, len(self.lines)):
                    if re.search(pattern, self.lines[i]):
                        return i
                left = deadline - time.monotonic()
                if left <= 0 or not self.news.wait(left):
                    sys.exit("no line like %r; there were:\n%s" % (pattern, "\n".join(self.lines)))

    def url(self):
        return self.lines[self.expect("^broker mqtt://")].split()[1]

    def stop(self, with_signal=signal.SIGTERM):
        self.process.send_signal(with_signal)
        code = self.process.wait(patience(10))
        assert code == 0, "exit code %d:\n%s" % (code, "\n".join(self.lines))


class Subscriber(world.Client):
    """Hears topics over MQTT 3.1.1 on a plain socket."""

    def __init__(self, url, topics):
        super().__init__(int(url.rsplit(":", 1)[1]))
        for i, topic in enumerate(topics):
            body = (i + 1).to_bytes(2, "big") + len(topic).to_bytes(2, "big") + topic.encode() + b"\1"
            self.socket.sendall(b"\x82" + self.length(len(body)) + body)
        self.messages = []  # (monotonic arrival, realtime arrival, topic, payload, retained)
        self.news = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while True:
                head = self.exactly(1)[0]
                arrived = time.time_ns()
                size = shift = 0
                while True:
                    digit = self.exactly(1)[0]
                    size |= (digit & 127) << shift
                    shift += 7
                    if digit < 128:
                        break
                body = self.exactly(size)
                if head >> 4 != 3:
                    continue
                end = 2 + int.from_bytes(body[:2], "big")
                topic = body[2:end].decode()
                if head >> 1 & 3:
                    self.socket.sendall(b"\x40\2" + body[end:end + 2])  # PUBACK
                    end += 2
                with self.news:
                    self.messages.append((arrived, topic, body[end:], bool(head & 1)))
                    self.news.notify_all()
        except OSError:
            pass

    def expect(self, what, seconds=15, after=0):
        """The index of the first message for which what(topic, payload, retained) holds."""
        deadline = time.monotonic() + patience(seconds)
        with self.news:
            while True:
                for i in range(after, len(self.messages)):
                    if what(*self.messages[i][1:]):
                        return i
                left = deadline - time.monotonic()
                if left <= 0 or not self.news.wait(left):
                    sys.exit("the message did not come; there were %d" % len(self.messages))




c = world.Constellation()
beacon = c.beacons[0]
key = write_secret(beacon, "beacon.key")
root = c.write("root.bundle")
keys = {beacon.id: beacon.public}
topics = [c.topic(what) for what in ("tick", "records", "status")]
common = ["--root", root, "--key", key, "--store", "store"]


def replay(log):
    return subprocess.run(["tocsin-beacon", "--key", key, "--replay", log], capture_output=True, text=True, timeout=patience(20))


def a_countdown_from_declaration_to_the_end():
    program = Program(*common, "--state", "state", "--embedded-broker", "--log", "flight.log")
    url = program.url()
    ear = Subscriber(url, topics)
    ear.expect(lambda topic, data, retained: topic == topics[2] and b"state: up" in data)
    ear.expect(lambda topic, data, retained: topic == topics[1] and holds(data, c))
    program.expect("0 windows in force")

    t0 = int(time.time() + ahead(10))
    uid, identity = c.window(t0, signers=c.organizers[:1])
    put_in_store(c, identity, "store")
    # one signature: listed for those who will sign next, but not counted down
    ear.expect(lambda topic, data, retained: topic == topics[1] and holds(data, c))
    c.add(c.items[identity][0], c.organizers[:2])
    put_in_store(c, identity, "store")
    program.expect("1 window in force, the next moment at " + world.stamp(t0))
    ear.expect(lambda topic, data, retained: topic == topics[1] and holds(data, c))
    program.expect(r"tick \d+, (now|begun 0\.\d s ago)", 20)
    program.expect(r"begun [2-9](\.\d)? s ago", 20)
    late = Subscriber(url, topics)  # who comes later gets all three, marked as kept
    for topic in topics:
        late.expect(lambda t, data, retained: t == topic and retained)

    ticks = []
    for arrived, topic, data, retained in list(ear.messages):
        if topic == topics[0]:
            values, payload = cose.verify(data, keys)
            ticks.append((arrived, values, payload, data))
    assert all(len(data) <= 222 for _, _, _, data in ticks)
    assert len({values[2] for _, values, _, _ in ticks}) == 1, "one session"
    for (_, before, payload, _), (_, values, _, _) in zip(ticks, ticks[1:]):
        assert values[3] == before[3] + 1
        assert values[7] == hashlib.blake2b(payload, digest_size=32).digest()[:16]
        assert values[4] > before[4]
    first = ticks[0][1]
    assert first[1] == bytes.fromhex(c.id)[:8]
    assert first[10] == []  # nothing was in force then
    delays = sorted(arrived - values[4] for arrived, values, _, _ in ticks)
    print("stamp to arrival at a subscriber: median %.0f us, worst %.0f us of %d"
          % (delays[len(delays) // 2] / 1e3, delays[-1] / 1e3, len(delays)))
    assert delays[0] > 0
    for _, values, _, _ in ticks[1:]:
        for window in values[10]:
            assert window[:2] == [bytes.fromhex(uid), bytes.fromhex(identity)[:8]]
            assert window[2] == t0 * 10**9 and window[3] == 60000
            assert window[4] == (0 if values[4] < t0 * 10**9 else 1)
    last = [values[4] - t0 * 10**9 for _, values, _, _ in ticks if -5 * 10**9 <= values[4] - t0 * 10**9 < 0]
    assert 4 <= len(last) <= 6, "%d ticks in the last five seconds" % len(last)
    # each on its second, later by this key's phase, as far as this machine wakes in time
    lateness = min((sorted((at - first) % 10**9 / 1e6 for at in last) for first in last), key=max)
    print("ticks of the last 5 s: %d, late by %.1f ms (median)" % (len(last), lateness[len(lateness) // 2]))
    assert lateness[len(lateness) // 2] < 50 + 1000 * slack_s()
    # `next` told when the following one would come
    for (_, before, _, _), (_, values, _, _) in zip(ticks, ticks[1:]):
        if -4 * 10**9 < before[4] - t0 * 10**9 < 0:
            assert abs(values[4] - before[4] - before[8] * 10**6) < 10**8 + slack_s() * 10**9
    # The screen and every tick say the same of this host's clock, whichever it is.
    program.expect("clock (un)?synchronised")
    unsynchronised = any("clock unsynchronised: running, and every tick says so" in line for line in program.lines)
    assert all((values[5] is None) == unsynchronised for _, values, _, _ in ticks)

    # what changes in the store is told in the status
    told = len(ear.messages)
    _, identity = c.window(t0 + 10**6, signers=c.organizers[:2])
    put_in_store(c, identity, "store")
    ear.expect(lambda topic, data, retained: topic == topics[2] and b"windows: 2\n" in data, after=told)
    program.stop()
    ear.expect(lambda topic, data, retained: topic == topics[2] and b"state: stopped" in data)
    assert os.path.exists("state/last-tick")
    stamp = "step\tstamp\t"
    recorded = [line.split("\t")[7].strip() for line in open("flight.log") if line.startswith(stamp)]
    assert set(data.hex() for _, _, _, data in ticks) <= set(recorded)
    # The flight recorder at a desk, of a store that is gone: the log holds what was in it, as it came.
    os.rename("store", "store-then")
    again = replay("flight.log")
    assert "%d ticks, 0 of them different" % len(recorded) in again.stdout and again.returncode == 0, again
    assert "1 window in force, the next moment at " + world.stamp(t0) in again.stdout and not os.path.exists("store"), again
    os.rename("store-then", "store")
    # another key makes other ticks
    other = subprocess.run(["tocsin-beacon", "--key", write_secret(world.Key(), "other.key"), "--replay", "flight.log"],
                           capture_output=True, text=True)
    assert "%d ticks, %d of them different" % (len(recorded), len(recorded)) in other.stdout and other.returncode == 1, other
    with open("flight.log") as file:
        whole = file.readlines()
    # cut off by a power failure in the middle of a tick: the others are compared
    last = max(i for i, line in enumerate(whole) if line.startswith(stamp))
    for cut in (whole[last][:-40], whole[last][:-1]):
        with open("cut.log", "w") as file:
            file.write("".join(whole[:last]) + cut)
        got = replay("cut.log")
        assert "cut.log: line %d breaks off" % (last + 1) in got.stderr, got
        assert "%d ticks, 0 of" % (len(recorded) - 1) in got.stdout, got
    for text, wrong in (("step\twake\t1\n", "not a flight log"), ("begin\n", "older format"),
                        ("tocsin listen log 1\n", "older format"), ("tocsin flight 2 tocsin-beacon\n", "newer format"),
                        ("tocsin flight 1 tocsin-listen\n", "another program"), (whole[0] + "wake\n", "line 2: not a line"),
                        (whole[0] + "step\twake\t1\n", "line 2: not a step"), (whole[0] + "records\t0\n", "hexadecimal"),
                        (whole[0] + "set\tcadence\tfast\n", "line 2: not a setting"), (whole[0], "no step")):
        with open("bent.log", "w") as file:
            file.write(text)
        bent = replay("bent.log")
        assert bent.returncode == 2 and wrong in bent.stderr, (text, bent)
    refused = subprocess.run(["tocsin-beacon", *common, "--embedded-broker", "--log", "beacon.key"], capture_output=True, text=True)
    assert refused.returncode == 3 and "choose another name" in refused.stderr, refused


def listens_at(url):
    return int(subprocess.run(["sh", "-c", "ss -Hltnp 'sport = :%s' | sed 's/.*pid=\\([0-9]*\\).*/\\1/'" % url.rsplit(":", 1)[1]],
                              capture_output=True, text=True).stdout)


def its_broker_is_killed_and_comes_back():
    program = Program(*common, "--embedded-broker", "--port", str(free_port()))
    url = program.url()
    program.expect("link 0 up")
    os.kill(listens_at(url), signal.SIGKILL)
    down = program.expect("link 0 down")
    up = program.expect("link 0 up", 20, down)
    ear = Subscriber(url, topics)
    ear.expect(lambda topic, data, retained: topic == topics[1])  # told anew to a broker that forgot
    assert up > down
    program.stop(signal.SIGINT)


def its_broker_that_serves_nobody_is_started_again():
    program = Program(*common, "--embedded-broker", "--port", str(free_port()))
    url = program.url()
    program.expect("link 0 up")
    os.kill(listens_at(url), signal.SIGSTOP)
    down = program.expect("link 0 down", 40)
    ended = program.expect("our broker ended", 60, down)
    program.expect("link 0 up", 40, ended)
    program.stop(signal.SIGINT)


def subscriptions_of_a_stranger_fill_no_memory():
    """Each of a topic of its own, as long as topics may be: whoever asks for too much is put out, and with him what he asked for."""
    program = Program(*common, "--embedded-broker")
    url = program.url()
    program.expect("link 0 up")
    pid, port = listens_at(url), int(url.rsplit(":", 1)[1])
    greedy, asked = world.Client(port), 0
    try:
        while asked < 512:
            topics_asked = b"".join(len(topic).to_bytes(2, "big") + topic + b"\0" for topic in (
                (b"tocsin/1/%d/%d/" % (asked, i)).ljust(60000, b"x") for i in range(4)))
            greedy.socket.sendall(b"\x82" + world.Client.length(2 + len(topics_asked)) + b"\0\1" + topics_asked)
            asked += len(topics_asked) / 2**20
    except OSError:
        pass
    assert 100 < asked < 512, asked
    assert int(re.search(r"VmHWM:\s*(\d+)", open("/proc/%d/status" % pid).read())[1]) < 400 * 1024
    ear = Subscriber(url, topics)
    ear.expect(lambda topic, data, retained: topic == topics[1])
    program.stop(signal.SIGINT)


def a_signal_to_the_whole_group_ends_both_quietly():
    program = Program(*common, "--embedded-broker", start_new_session=True)
    port = int(program.url().rsplit(":", 1)[1])
    program.expect("link 0 up")
    program.process.send_signal(signal.SIGSTOP)  # so that the broker ends first
    os.killpg(program.process.pid, signal.SIGTERM)
    await_refusal(port)
    time.sleep(0.2)
    program.process.send_signal(signal.SIGCONT)
    assert program.process.wait(patience(10)) == 0, program.lines
    program.reader.join(patience(5))
    assert program.lines[-1] == "beacon > stopping (asked to)", program.lines


def await_refusal(port):
    deadline = time.monotonic() + patience(10)
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            return
        time.sleep(0.05)
    sys.exit("mosquitto outlived the beacon")


def a_killed_beacon_takes_its_broker_along():
    program = Program(*common, "--embedded-broker")
    url = program.url()
    program.expect("link 0 up")
    program.process.kill()
    program.process.wait()
    await_refusal(int(url.rsplit(":", 1)[1]))


def a_clock_set_back_is_noticed_after_a_power_cut():
    def begin(offset):
        return Program(*common, "--state", "cut", "--embedded-broker",
                       env={**os.environ, "TOCSIN_TEST_CLOCK": "sync=0.002 offset=%d" % offset})

    program = begin(0)
    program.expect("link 0 up")
    deadline = time.monotonic() + patience(10)
    while not os.path.exists("cut/last-tick"):
        assert time.monotonic() < deadline, "the first tick is not kept: %s" % program.lines
        time.sleep(0.05)
    program.process.kill()
    program.process.wait()
    for offset, behind in ((-3600, "3[56]"), (-1800, "1[78]")):  # what ticks under the wrong clock hides nothing
        program = begin(offset)
        program.expect(r"the clock is %s\d\d\.\d+ s behind this beacon's last tick" % behind)
        program.expect("link 0 up")
        program.stop()


class Glutton:
    """A broker that asks and asks and never takes an answer: MQTT 3.1.1 as far as a beacon needs it to say so."""

    def __init__(self, ask):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "mqtt://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.ask, self.asked, self.is_over = ask, 0, False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.is_over:
            peer = self.listener.accept()[0]
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        peer.recv(4096)
        peer.sendall(b"\x20\2\0\0")  # CONNACK
        seen = b""
        while self.ask.encode() not in seen or b"/answer/" in seen:
            got = peer.recv(4096)
            if not got:
                return
            seen = (seen + got)[-4096:]
        topic = self.ask.encode()  # this is the ear: from now on nothing is read
        try:
            while not self.is_over:
                packets = []
                for _ in range(500):
                    body = len(topic).to_bytes(2, "big") + topic + os.urandom(32)
                    packets.append(b"\x30" + bytes([len(body)]) + body)
                peer.sendall(b"".join(packets))
                self.asked += 500
        except OSError:
            pass


def who_asks_and_takes_no_answer_fills_no_memory():
    ask = c.topic("ask")
    glutton = Glutton(ask)
    fair = world.Broker(".", "fair2")
    c.window(int(time.time()) + 25)
    program = Program("--root", c.write("glutton.bundle"), "--key", key, "--store", "glutton", "--broker", glutton.url,
                      "--broker", fair.url, env=synchronised())
    program.expect("link 0 up")
    program.expect("link 1 up")
    time.sleep(1.5)
    nonce = os.urandom(32)
    ear = Subscriber(fair.url, [c.topic("tick"), ask + "/answer/" + nonce[:8].hex()])
    before, asked, began = len(ear.messages), glutton.asked, time.monotonic()
    time.sleep(6)  # as long as the answers to one round are tried
    while glutton.asked - asked <= 10000 and time.monotonic() < began + patience(6):
        time.sleep(0.1)
    took = time.monotonic() - began
    ear.publish(ask, nonce)
    ear.expect(lambda topic, data, retained: topic.startswith(ask) and proves(data, nonce), 5)
    status = open("/proc/%d/status" % program.process.pid).read()
    resident = int(re.search(r"VmHWM:\s*(\d+)", status)[1]) / 1024
    ticks = sum(topic == c.topic("tick") for _, topic, _, _ in ear.messages[before:])
    print("a flood of %.0f questions a second, no answer taken: %.1f MiB at most, %d ticks in %.0f s to others"
          % ((glutton.asked - asked) / took, resident, ticks, took))
    is_sanitized = "asan" in open("/proc/%d/maps" % program.process.pid).read()  # which keeps what is freed
    assert glutton.asked - asked > 10000 and (resident < 32 or is_sanitized) and ticks >= 3
    program.stop()
    glutton.is_over = True
    fair.kill()


def brokers_that_are_gone_are_said_and_tried_for_ever():
    port = free_port()
    program = Program(*common, "--broker", "mqtt://127.0.0.1:%d" % port)
    program.expect("link 0 down: mqtt://127.0.0.1:%d: Connection refused; trying again" % port)
    program.expect("no link: nothing sent")
    broker = world.Broker(".", "late")
    program.stop()
    program = Program(*common, "--broker", "mqtt://127.0.0.1:%d" % port, "--broker", broker.url)
    program.expect("link 1 up")
    ear = Subscriber(broker.url, topics)
    ear.expect(lambda topic, data, retained: topic == topics[2] and b"state: up" in data)
    # who vanishes is reported lost by the broker
    program.process.kill()
    ear.expect(lambda topic, data, retained: topic == topics[2] and b"state: lost" in data)
    broker.kill()


def synchronised(**more):
    """The environment of a beacon whose host's clock is good to a millisecond."""
    return {**os.environ, "TOCSIN_TEST_CLOCK": " ".join(["sync=0.001", *("%s=%s" % pair for pair in more.items())])}


def burst(n):
    """Questions that wait for their answers at one topic."""
    prefix = os.urandom(8)
    return [prefix + os.urandom(24) for _ in range(n)]


def questions_are_answered_at_once():
    t0 = int(time.time()) + 25  # so that a tick comes every second
    c.window(t0)
    asked = ["--root", c.write("asked.bundle"), "--key", key, "--store", "asked"]
    program = Program(*asked, "--embedded-broker", "--log", "asked.log", env=synchronised())
    url = program.url()
    program.expect("tick 0,")
    ask = c.topic("ask")
    bursts = [burst(n) for n in (1, 1, 8, 16, 30, 10)]
    ear = Subscriber(url, [c.topic("tick")] + [ask + "/answer/" + one[0][:8].hex() for one in bursts])
    ear.expect(lambda topic, data, retained: topic == c.topic("tick"))
    ear.publish(ask, b"too short")
    ear.publish(ask, os.urandom(33))
    sessions, counters, waits = set(), [], []
    for nonces in bursts:
        before, sent = len(ear.messages), time.time_ns()
        ear.socket.sendall(b"".join(ear.packet(ask, nonce) for nonce in nonces))
        answers = {}
        topic = ask + "/answer/" + nonces[0][:8].hex()
        deadline = time.monotonic() + patience(5)
        while len(answers) < min(16, len(nonces)):
            assert time.monotonic() < deadline, "%d of %d answers" % (len(answers), len(nonces))
            before = ear.expect(lambda t, data, retained: t == topic, after=before) + 1
            arrived, _, data, retained = ear.messages[before - 1]
            assert not retained and len(data) <= 700
            mine = [nonce for nonce in nonces if nonce not in answers and proves(data, nonce)]
            assert len(mine) == 1, "an answer to none of the questions, or to two"
            values, received = cose.verify_answer(data, keys, mine[0])
            answers[mine[0]] = data
            # all four stamps are this machine's, so they stand in order
            assert sent < received <= values[4] < arrived
            assert values[5] == 10**6 and values[1] == bytes.fromhex(c.id)[:8]
            sessions.add(values[2])
            counters.append(values[3])
            waits.append((arrived - sent) / 1e6)
        assert len(nonces) <= 16 or len(answers) == 16
    assert len(sessions) == 1 and counters == sorted(counters), "one session, counted up"
    # of 30 with one prefix a tree holds no more than 16
    trees = collections.Counter(cose.take_apart(cose.cbor2.loads(data)[0])[4][3] for _, topic, data, _ in ear.messages
                                if topic == ask + "/answer/" + bursts[4][0][:8].hex())
    assert max(trees.values()) <= 16, trees
    print("from question to answer: %.1f ms (median), %.1f ms at most" % (sorted(waits)[len(waits) // 2], max(waits)))
    # regular ticks carry no echo and are another session
    for _, topic, data, _ in ear.messages:
        if topic == c.topic("tick"):
            values, _ = cose.verify(data, keys)
            assert 11 not in values and values[2] not in sessions
    program.expect("tick 3,")
    program.stop()
    # the same records, the same mind at a desk: the same bytes
    again = replay("asked.log")
    ticks = sum(line.startswith("step\tstamp\t") for line in open("asked.log"))
    said = open("asked.log").read()
    assert not any(nonce.hex() in said for nonces in bursts for nonce in nonces), "a stranger's question is in the log"
    assert again.returncode == 0 and "%d ticks, 0 of them different" % ticks in again.stdout, again
    assert ticks > 2 and "beacon > tick 1, " in again.stdout
    # cut off by a power failure, and another run after it in the same log
    with open("asked.log", "r+b") as file:
        file.truncate(os.path.getsize("asked.log") - 9)
    broken = sum(1 for _ in open("asked.log"))
    kept = sum(line.startswith("step\tstamp\t") for line in list(open("asked.log"))[:-1])
    program = Program(*asked, "--embedded-broker", "--log", "asked.log")
    program.expect("tick 1,", 70)
    program.stop()
    again = replay("asked.log")
    ticks = kept + sum(line.startswith("step\tstamp\t") for line in list(open("asked.log"))[broken:])
    assert ticks >= kept + 2 and again.returncode == 0, again
    assert "asked.log: line %d breaks off" % broken in again.stderr, again
    assert "%d ticks, 0 of them different" % ticks in again.stdout, again


def it_writes_a_heartbeat_and_passes_it_on():
    c = world.Constellation()
    c.window(int(time.time()) + 600)
    asked = ["--root", c.write("beating.bundle"), "--key", write_secret(c.beacons[0], "beating.key"), "--store", "beating"]
    for identity in c.items:
        put_in_store(c, identity, "beating")
    program = Program(*asked, "--embedded-broker", env=synchronised())
    url = program.url()
    program.expect(r"heartbeat: \d+ records? in force")
    ear = Subscriber(url, [c.topic("records")])
    ear.expect(lambda topic, data, retained: b"tocsin heartbeat 1\n" in data and b"\nholds: " in data)
    written = [p for p in pathlib.Path("beating/records").rglob("*.rec") if p.read_bytes().startswith(b"tocsin heartbeat 1\n")]
    assert len(written) == 1, written
    for identity in c.items:
        assert b"\nholds: %s\n" % identity.encode() in written[0].read_bytes(), identity
    assert len(list(pathlib.Path("beating/sigs").rglob(written[0].stem + ".*.minisig"))) == 1
    program.stop()
    program = Program(*asked, "--embedded-broker", env=synchronised())  # it is not a day later
    program.url()
    program.expect("tick 0,")
    assert not any("heartbeat:" in line for line in program.lines), program.lines
    program.stop()


def proves(data, nonce):
    try:
        cose.verify_answer(data, keys, nonce)
    except cose.Refused:
        return False
    return True


def a_beacon_without_a_clock_answers_only_when_its_owner_vouches():
    ask = c.topic("ask")
    vouched = ["--clock-error", "20ms"]
    for more, pretend, says, is_answered in (
            ([], "", "clock unsynchronised", False),
            (vouched, "", "clock as its owner vouches for it, within 20.0 ms", True),
            (vouched, "step=1.5:0.5", "somebody has set the clock, or this host slept: --clock-error no longer holds", False)):
        program = Program(*common, *more, "--embedded-broker", env={**os.environ, "TOCSIN_TEST_CLOCK": "unsync " + pretend})
        url = program.url()
        program.expect("link 0 up")
        program.expect(re.escape(says), 20)
        nonce = os.urandom(32)
        ear = Subscriber(url, [ask + "/answer/" + nonce[:8].hex()])
        until = time.monotonic() + (patience(5) if is_answered else 1.5)
        while not ear.messages and time.monotonic() < until:
            ear.publish(ask, nonce)
            time.sleep(0.25)
        assert bool(ear.messages) == is_answered, (says, ear.messages)
        if is_answered:
            values, _ = cose.verify_answer(ear.messages[0][2], keys, nonce)
            # aged by 100 ppm since the start, some seconds ago
            assert 20 * 10**6 < values[5] < 20 * 10**6 + 100 * 60 * 1000, values
        program.stop()


def a_broker_that_keeps_our_ticks_to_itself_is_named():
    """As one whose access list lets this user connect and no more: MQTT 3.1.1 answers nothing to a denied PUBLISH."""
    with open("nothing.acl", "w") as file:
        file.write("topic read tocsin/1/nothing\n")
    broker = world.Broker(".", "mute", "user root\nacl_file %s\n" % os.path.abspath("nothing.acl"))
    other = world.Broker(".", "fair")
    c.window(int(time.time()) + 40)  # so that ticks come often
    program = Program("--root", c.write("mute.bundle"), "--key", key, "--store", "mute", "--broker", broker.url,
                      "--broker", other.url)
    program.expect("our own ticks do not come back from %s: may this user publish to %s, and read it"
                   % (re.escape(broker.url), re.escape(c.topic("tick"))), 30)
    assert not any("do not come back from " + other.url in line for line in program.lines), program.lines
    with open("nothing.acl", "w") as file:
        file.write("topic readwrite tocsin/1/#\n")
    broker.process.send_signal(signal.SIGHUP)
    program.expect("our own ticks come back from " + re.escape(broker.url), 30)
    program.stop()
    broker.kill()
    other.kill()


def a_rehearsal_prints_and_sends_nothing():
    t0 = int(time.time()) + 40 * 86400
    c.window(t0)
    c.write("ahead.bundle")
    out = subprocess.run(["tocsin-beacon", "--root", "ahead.bundle", "--key", key, "--store", "other", "--rehearse",
                          "--at", world.stamp(t0 - 125)], capture_output=True, text=True, timeout=patience(20))
    assert out.returncode == 0, out.stderr
    assert "[   -125.0s] beacon > tick 0, 2 min 5 s left (" in out.stdout, out.stdout
    at = [float(second) for second in re.findall(r"^\[ *(-?[0-9.]+)s\] beacon > tick", out.stdout, re.M)]
    # 125 s before, to the new link and to all, one each ten seconds, one a second from 30 s before, 11 from the start
    # on, all of these later by the same, which is this key's own
    phase = at[2] + 120
    assert 0 <= phase < 0.21, out.stdout
    due = [-125, -125, *range(-120, -30, 10), *range(-30, 11)]
    assert len(at) == len(due), (at, phase)
    lively = subprocess.run(["tocsin-beacon", "--root", "ahead.bundle", "--key", key, "--store", "other", "--rehearse",
                             "--cadence", "lively", "--at", world.stamp(t0 - 125)], capture_output=True, text=True, timeout=patience(20))
    assert len(re.findall(r"^.*> tick", lively.stdout, re.M)) == 2 + 115 + 25 + 11, lively.stdout
    sizes = [int(size) for size in re.findall(r"> tick .*\((\d+) bytes\)$", out.stdout, re.M)]
    assert out.stdout.endswith("\n%d ticks, %d bytes\n" % (len(at), sum(sizes))), out.stdout
    assert all(abs(a - phase - d) <= 0.11 for a, d in zip(at[2:], due[2:])), (at, phase)


def every_wrong_start_is_one_line_with_its_remedy():
    def refuse(code, pattern, *arguments, prefix=(), **more):
        out = subprocess.run([*prefix, "tocsin-beacon", *arguments], capture_output=True, text=True, timeout=patience(20), **more)
        assert out.returncode == code, (arguments, out)
        lines = [line for line in out.stderr.splitlines() if line]
        assert len(lines) == 1, out.stderr
        assert re.search(pattern, lines[0]), out.stderr

    with_broker = ["--embedded-broker"]
    with open("typo.conf", "w") as file:
        file.write("# the beacon of the tower\nroot = root.bundle\ncadence = fast\n")
    refuse(2, r"^tocsin-beacon: typo.conf:3: --cadence fast: give calm or lively", "--config", "typo.conf")
    refuse(2, "no broker: give --broker URL or --embedded-broker", *common)
    refuse(2, "--root FILE and --key FILE are needed", *with_broker)
    refuse(2, "--broker a: a broker is mqtt://HOST", *common, "--broker", "a")
    refuse(2, "--password-fd 199: cannot read the passphrase: Bad file descriptor", *common, *with_broker, "--user", "u", "--password-fd", "199")
    refuse(2, "--port 99999: give a number up to 65535", *common, *with_broker, "--port", "99999")
    refuse(2, "--at belongs to --rehearse", *common, *with_broker, "--at", "2026-11-23T12:00:00Z")
    refuse(2, "--cadence slow: give calm or lively", *common, *with_broker, "--cadence", "slow")
    refuse(2, "--clock-error 2m: give more than 0 and up to 60 s", *common, *with_broker, "--clock-error", "2m")
    refuse(2, "--at 1600-01-01T00:00:00Z: give an instant from 1700 to 2249", *common, "--rehearse", "--at", "1600-01-01T00:00:00Z")
    with open("/dev/full", "w") as full:
        for arguments in (["--help"], ["--version"], [*common, "--rehearse"]):
            out = subprocess.run(["tocsin-beacon", *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=patience(20))
            assert out.returncode == 3 and "standard output" in out.stderr, (arguments, out)
    refuse(2, "missing.key", "--root", root, "--key", "missing.key", "--store", "store", *with_broker)
    refuse(2, "chmod 600|0600", "--root", root, "--key", write_secret(beacon, "open.key", 0o640), "--store", "store",
           *with_broker)
    refuse(2, "nothing", "--root", "nothing", "--key", key, "--store", "store", *with_broker)
    with open("damaged", "wb") as file:
        file.write(c.bundle()[:-100])
    refuse(2, "damaged", "--root", "damaged", "--key", key, "--store", "store", *with_broker)
    refuse(1, "not among the root's beacons", "--root", root, "--key", write_secret(world.Key(), "stranger.key"),
           "--store", "store", *with_broker)
    out = subprocess.run(["tocsin-beacon", "--rehearse", "--root", root, "--key", "stranger.key", "--store", "store"], capture_output=True, text=True)
    assert out.returncode == 1 and (out.stdout + out.stderr).count("not among the root's beacons") == 1, out
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    port = taken.getsockname()[1]
    refuse(3, "port %d is taken: choose another with --port" % port, *common, *with_broker, "--port", str(port))
    taken.close()
    refuse(3, "/proc/store", "--root", root, "--key", key, "--store", "/proc/store", *with_broker)
    if os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"]).returncode == 0:
        hide = "mount --bind /dev/null $(command -v mosquitto) && exec \"$@\""
        refuse(3, "mosquitto is not installed: apt-get install mosquitto", *common, *with_broker,
               prefix=("unshare", "-m", "sh", "-c", hide, "sh"))


wanted = sys.argv[1:]
for test in (every_wrong_start_is_one_line_with_its_remedy, a_countdown_from_declaration_to_the_end,
             its_broker_is_killed_and_comes_back, its_broker_that_serves_nobody_is_started_again, subscriptions_of_a_stranger_fill_no_memory, a_clock_set_back_is_noticed_after_a_power_cut,
             a_signal_to_the_whole_group_ends_both_quietly, a_killed_beacon_takes_its_broker_along, questions_are_answered_at_once,
             who_asks_and_takes_no_answer_fills_no_memory, a_beacon_without_a_clock_answers_only_when_its_owner_vouches, a_broker_that_keeps_our_ticks_to_itself_is_named,
             brokers_that_are_gone_are_said_and_tried_for_ever, a_rehearsal_prints_and_sends_nothing,
             it_writes_a_heartbeat_and_passes_it_on):
    if wanted and test.__name__ not in wanted:
        continue
    began = time.monotonic()
    test()
    print("%-55s %5.1f s" % (test.__name__, time.monotonic() - began), flush=True)
