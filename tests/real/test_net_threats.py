"""The rows of the threat table that need real programs on a real network.  Row 27 has its own file; rows 20
and 21 are tests of the feed server and of a flood (test_net_faults.py)."""
import os
import re
import signal
import socket
import subprocess
import threading
import time

import stage
import cbor2
import cose
import world

FAR = "offset=86400 ppm=-60 unsync"
GOOD = "sync=0.002"


def error_ms(listener, c, seconds=40):
    started = listener.started(seconds)
    return listener.error_us(started, c.t0) / 1000, started


def with_its_broker(c, *arguments, **more):
    broker = stage.Broker()
    beacon = stage.Beacon(c, "--broker", broker.url, **more)
    beacon.expect("tick 1,")
    return broker, beacon


def of_another_type(c, at_ns):
    """Signed by the right key, but as something else than a tick."""
    payload = {1: bytes.fromhex(c.id)[:8], 2: os.urandom(8), 3: 0, 4: at_ns, 5: 10**6, 6: 37, 7: None, 8: 200, 9: 100,
               10: []}
    body, protected = cbor2.dumps(payload), cbor2.dumps({1: -8, 16: "tocsin-tock"})
    signature = c.beacons[0].secret.sign(cbor2.dumps(["Signature1", protected, b"", body])).signature
    return cbor2.dumps(cbor2.CBORTag(18, [protected, {4: c.beacons[0].id}, body, signature]))


def row_02_ticks_by_any_other_key_have_no_effect():
    """By an organizer (under its own id and the beacon's), by another constellation's beacon, by a stranger
    under the right id, by the right key for another root or as another type: all an hour ahead, to a host
    that would follow any beacon.  Honest ticks between them are followed."""
    c, other = stage.constellation(18), world.Constellation()
    broker, beacon = with_its_broker(c)
    client = world.Client(broker.port)
    listener = stage.Listener(c, "--broker", broker.url, clock=FAR)
    disguised = []
    for key in (world.Key(), c.organizers[0]):
        mask = world.Key()
        mask.secret, mask.public, mask.id = key.secret, key.public, c.beacons[0].id
        disguised.append(mask)
    wrong = [world.Ticker(c, key=key) for key in (c.organizers[0], *disguised, other.beacons[0])]
    wrong += [world.Ticker(other), world.Ticker(other, key=c.beacons[0])]
    while time.time() < c.t0 - 0.3:
        ahead = time.time_ns() + 3600 * 10**9
        for ticker in wrong:
            client.publish(c.topic("tick"), ticker.tick(at_ns=ahead))
        client.publish(c.topic("tick"), of_another_type(c, ahead))
        time.sleep(0.1)
    error, started = error_ms(listener, c)
    refused = {e["text"].split(" (")[0] for e in listener.lines if e["event"] == "refused"}
    print("  row 2: %+.2f ms; refused: %s" % (error, "; ".join(sorted(refused))), flush=True)
    assert -3 < error < 50 + stage.slack_ms() and started["clock"] == "beacons"
    # a slow machine may hear more of them at once than are judged, and says that, too
    refused = {why for why in refused if not why.startswith("a broker brings more forged ticks than are judged")}
    assert refused == {"a message that is not a tick", "a tick by a key that no root given here names",
                       "a tick of another constellation", "a tick with a wrong signature"}, refused
    beacon.kill()
    broker.kill()


def row_03_a_replayed_session_moves_nothing():
    c = stage.constellation(22)
    broker, beacon = with_its_broker(c)
    kept = []
    tap = Tap(broker.port, [c.topic("tick")], kept)
    listener = stage.Listener(c, "--broker", broker.url, clock=FAR)
    control = stage.Listener(c, "--broker", broker.url, clock=GOOD)
    stage.sleep_until(c.t0 - 10)
    client = world.Client(broker.port)
    old = list(kept)
    assert len(old) >= 5
    while time.time() < c.t0 - 0.1:
        for i in range(len(old)):
            client.publish(c.topic("tick"), old[i * 7 % len(old)])
            client.publish(c.topic("tick"), old[i * 5 % len(old)], True)
        time.sleep(0.1)
    moved, _ = error_ms(listener, c)
    calm, _ = error_ms(control, c)
    print("  row 3: %d ticks replayed for 10 s: %+.2f ms, a good clock %+.2f ms" % (len(old), moved, calm), flush=True)
    assert -5 < moved < 5 + stage.slack_ms() and -0.1 < calm < 5 + stage.slack_ms()
    tap.close()
    beacon.kill()
    broker.kill()


def row_04_delayed_ticks_and_a_black_hole():
    """Delays of half a second to a minute, then nothing from T-5 s: a good clock does not care; a host that
    joins while everything is 2 s late and asks says an interval that holds the truth."""
    c = stage.constellation(40)
    hub, site, slow = stage.Host(), stage.Host(), stage.Host()
    relay = stage.Relay(hub, site, "there=1,0,0", "back=1,0,0")
    held = stage.Relay(hub, slow, "there=2000,0,0", "back=1,0,0")
    broker = stage.Broker(hub)
    beacon = stage.Beacon(c, "--broker", broker.url, host=hub)
    beacon.expect("tick 1,")
    url = "mqtt://%s:1883" % relay.address[0]
    good = stage.Listener(c, "--broker", url, host=site, clock=GOOD)
    far = stage.Listener(c, "--broker", url, host=site, clock=FAR)
    late = stage.Listener(c, "--broker", "mqtt://%s:1883" % held.address[0], host=slow, clock=FAR)
    for when, delay in ((22, 500), (16, 5000), (10, 60000)):
        stage.sleep_until(c.t0 - when)
        relay.tell("there=%d,0,0" % delay)
    stage.sleep_until(c.t0 - 5)
    relay.tell("link=cut")
    held.tell("link=cut")
    (a, _), (b, told) = error_ms(good, c), error_ms(far, c)
    d, said = error_ms(late, c)
    print("  row 4: delays up to a minute, then nothing: a good clock %+.2f ms, one a day off %+.2f ms (stated "
          "%+.0f to %+.0f); joined 2 s behind: %+.0f ms (stated %+.0f to %+.0f)" % (
              a, b, told["bound_earliest_us"] / 1e3, told["bound_latest_us"] / 1e3, d,
              said["bound_earliest_us"] / 1e3, said["bound_latest_us"] / 1e3), flush=True)
    assert max(abs(a), abs(b)) <= 50 + stage.slack_ms()
    for error, event in ((b, told), (d, said)):
        assert event["bound_earliest_us"] / 1e3 - 0.1 <= error <= event["bound_latest_us"] / 1e3 + 0.1
    beacon.kill()
    broker.kill()
    for host in (hub, site, slow):
        host.process.kill()


def row_05_one_lying_clock_of_three_is_named_two_move_little():
    cases = []
    for lies in ((1,), (-1,), (86400,), (-3600,), (40, 40), (-0.9, -0.9)):
        c = stage.constellation(24, beacons=3)
        for lie in set(lies):
            c.window(c.t0 + lie)  # so that by the liar's clock, too, something is near, and it ticks each second
        broker = stage.Broker()
        beacons = [stage.Beacon(c, "--broker", broker.url, beacon=i, clock="offset=%r sync=0.001" % lie)
                   for i, lie in enumerate((*lies, 0, 0)[:3])]
        for beacon in beacons:
            beacon.expect("tick 0,")
        # with one liar the host itself knows nothing; with two it claims to
        clock = "offset=30 ppm=50 unsync" if len(lies) == 1 else GOOD
        listener = stage.Listener(c, "--broker", broker.url, "--uid", c.uid, clock=clock)
        cases.append((c, lies, listener, [*beacons, broker]))
    for c, lies, listener, programs in cases:
        error, started = error_ms(listener, c, 60)
        named = {e["text"].split()[1] for e in listener.lines if "contradicts the other clocks" in e.get("text", "")}
        print("  row 5: off by %s s: %+.2f ms; named %d" % (lies, error, len(named)), flush=True)
        if len(lies) == 1:
            assert abs(error) <= 50 + stage.slack_ms(), (lies, error)
            assert named == {c.beacons[0].id_text()}, (named, [b.id_text() for b in c.beacons], listener.lines)
        else:
            assert abs(error) <= 2000 + 50 + stage.slack_ms(), (lies, error)
        for program in programs:
            program.kill()


def row_06_the_proof_of_a_lying_beacon_convinces_another_program():
    c = stage.constellation(100)
    broker = stage.Broker()
    client = world.Client(broker.port)
    client.publish(c.topic("records"), c.bundle(), True)
    listener = stage.Listener(c, "--broker", broker.url, "--no-ask", clock=GOOD, once=False)
    listener.expect("armed")
    ticker = world.Ticker(c)
    while not listener.has("liar"):  # who has connected may still be subscribing
        assert listener.process.poll() is None
        client.publish(c.topic("tick"), ticker.tick(keep=False))
        time.sleep(0.1)
    listener.expect("liar")
    listener.kill(signal.SIGTERM)
    names = [os.path.join(listener.state, name) for name in sorted(os.listdir(listener.state))
             if name.startswith("proof-")]
    proofs = [open(name, "rb").read() for name in names]
    keys = {c.beacons[0].id: c.beacons[0].public}
    (first, one), (second, two) = (cose.verify(data, keys) for data in proofs)
    assert (first[2], first[3]) == (second[2], second[3]) and one != two
    broker.kill()
    # and our own, on a desk that has nothing but the root
    tocsin = [os.path.join(os.environ["TOCSIN_BIN"], "tocsin"), "verify", "--store", "desk", "--config", "desk",
              "--root", c.write("desk.bundle")]
    said = subprocess.run([*tocsin, *names], capture_output=True, text=True, timeout=stage.patience(20))
    assert said.returncode == 0 and said.stdout.count("good") == 2 and "this proves that it lies" in said.stdout, said
    assert "lies" not in subprocess.run([*tocsin, names[0], names[0]], capture_output=True, text=True).stdout
    with open("bent.tick", "wb") as file:
        file.write(proofs[0][:-1] + bytes([proofs[0][-1] ^ 1]))
    with open("long.tick", "wb") as file:
        file.write(proofs[0] + bytes(2000))
    for bent, why in (("bent.tick", "signature"), ("long.tick", "not ")):
        said = subprocess.run([*tocsin, bent], capture_output=True, text=True)
        assert said.returncode == 1 and why in said.stderr, said
    stranger = stage.constellation(100)
    said = subprocess.run([*tocsin[:-1], stranger.write("stranger.bundle"), names[0]], capture_output=True, text=True)
    assert said.returncode == 1 and "no root trusted here" in said.stderr, said


class Tap:
    """Subscribes over MQTT 3.1.1 and keeps the payloads."""

    def __init__(self, port, topics, kept):
        self.client = world.Client(port)
        for i, topic in enumerate(topics):
            body = (i + 1).to_bytes(2, "big") + len(topic).to_bytes(2, "big") + topic.encode() + b"\0"
            self.client.socket.sendall(b"\x82" + world.Client.length(len(body)) + body)
        self.kept = kept
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while True:
                head, size, shift = self.client.exactly(1)[0], 0, 0
                while True:
                    digit = self.client.exactly(1)[0]
                    size |= (digit & 127) << shift
                    shift += 7
                    if digit < 128:
                        break
                body = self.client.exactly(size)
                if head >> 4 == 3 and not head & 1:
                    self.kept.append(body[2 + int.from_bytes(body[:2], "big"):])
        except OSError:
            pass

    def close(self):
        self.client.socket.close()


class Hostile:
    """A peer that accepts and then does what `serve` says."""

    def __init__(self, serve):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.url = "mqtt://127.0.0.1:%d" % self.socket.getsockname()[1]
        self.serve = serve
        self.visits = 0
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            threading.Thread(target=self.one, args=(peer,), daemon=True).start()

    def one(self, peer):
        try:
            with peer:
                request = peer.recv(512)
                self.serve(peer, request)
        except OSError:
            pass


def welcome(request):
    """CONNACK in the version that was asked for (its level follows "MQTT")."""
    return b"\x20\x03\0\0\0" if request[request.index(b"MQTT") + 4] == 5 else b"\x20\x02\0\0"


def giant(size):
    def serve(peer, request):
        peer.sendall(welcome(request))
        peer.sendall(b"\x30" + world.Client.length(size) + b"\0\4tick\0")
        for _ in range(size // 65536):
            peer.sendall(bytes(65536))
        time.sleep(2)
    return serve


def babble(peer, request):
    peer.sendall(welcome(request))
    while True:
        peer.sendall(os.urandom(1000))
        time.sleep(0.01)


def many_small(peer, request):
    """As many small messages as the socket takes, on a topic nobody asked for."""
    peer.sendall(welcome(request))
    packet = b"\x30\x08\0\4junkxx" * 1000
    while True:
        peer.sendall(packet)


def a_million_packets_to_confirm(peer, request):
    """QoS 2 messages that are never released: the client keeps each."""
    peer.sendall(welcome(request))
    body = b"\0\4junk%s" + (b"\0" if request[request.index(b"MQTT") + 4] == 5 else b"") + bytes(30000)
    for i in range(1, 65536):
        one = body.replace(b"%s", i.to_bytes(2, "big"), 1)
        peer.sendall(b"\x34" + world.Client.length(len(one)) + one)


def row_10_hostile_brokers_cost_little_memory_and_no_start():
    c = stage.constellation(22)
    c.write("hostile.bundle")
    kinds = {
        "256 MiB": giant(268435455), "60 MiB": giant(60 << 20), "16 MiB": giant((16 << 20) - 70000), "12 MiB": giant(12 << 20),  # what an ear may have, nearly
        "noise": babble, "small": many_small, "unreleased": a_million_packets_to_confirm,
        "hangs up": lambda peer, request: peer.sendall(welcome(request)),
        "refuses": lambda peer, request: peer.sendall(b"\x20\2\0\5"),
        "mute": lambda peer, request: time.sleep(60),
        "http": lambda peer, request: peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        "half": lambda peer, request: (peer.sendall(welcome(request)), peer.sendall(b"\x30\xff\xff\x03\0"), time.sleep(60)),
    }
    names = list(kinds)
    peers = {name: Hostile(serve) for name, serve in kinds.items()}
    listeners = []
    for i in range(0, len(names), 4):
        arguments = [word for name in names[i:i + 4] for word in ("--broker", peers[name].url)]
        listeners.append((names[i:i + 4], stage.Listener(c, "--bundle", "hostile.bundle", "--run", "/bin/true",
                                                                    *arguments, clock=GOOD)))
    stage.sleep_until(c.t0 - 1.5)
    for kind, listener in listeners:
        assert listener.process.poll() is None, (kind, listener.end(0))
    peaks = [listener.memory_kib("VmHWM") for _, listener in listeners]
    for (kind, listener), peak in zip(listeners, peaks):
        error, _ = error_ms(listener, c)
        print("  row 10: %s: peak %.1f MiB, %+.2f ms" % (", ".join(kind), peak / 1024, error), flush=True)
        assert -0.1 < error < 50 + stage.slack_ms()
        assert peak < 64 * 1024, (kind, peak)
    assert all(peer.visits > 0 for peer in peers.values()), {name: peer.visits for name, peer in peers.items()}


class Wiretap:
    """Between listeners and a broker: what each client says, byte for byte."""

    def __init__(self, port):
        self.port = port
        self.said = []
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = "mqtt://127.0.0.1:%d" % self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            client, _ = self.socket.accept()
            said = bytearray()
            self.said.append(said)
            broker = socket.create_connection(("127.0.0.1", self.port))
            threading.Thread(target=self.carry, args=(client, broker, said), daemon=True).start()
            threading.Thread(target=self.carry, args=(broker, client, None), daemon=True).start()

    @staticmethod
    def carry(source, to, kept):
        try:
            while data := source.recv(65536):
                if kept is not None:
                    kept += data
                to.sendall(data)
        except OSError:
            pass
        for end in (source, to):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def packets(said):
    """(first byte, body) of every MQTT packet of a client."""
    out, at = [], 0
    while at < len(said):
        head, size, shift = said[at], 0, 0
        at += 1
        while True:
            digit = said[at]
            at += 1
            size |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                break
        out.append((head, bytes(said[at:at + size])))
        at += size
    return out


def row_14_listeners_cannot_be_told_apart():
    """A hundred of them, over a whole countdown: the same bytes but for a random id, nothing published; those
    whose clock knows nothing publish their questions, no two of them alike."""
    many = 100 if stage.DEEP else 30
    c = stage.constellation(26)
    broker, beacon = with_its_broker(c)
    tap = Wiretap(broker.port)
    listeners = [stage.Listener(c, "--broker", tap.url, clock=GOOD) for _ in range(many)]
    asking = Wiretap(broker.port)
    lost = [stage.Listener(c, "--broker", asking.url, clock=FAR) for _ in range(3)]
    for listener in [*listeners, *lost]:
        listener.started(40)
    time.sleep(0.3)
    assert len(tap.said) == many and len(asking.said) == 3
    ids, faces = set(), set()
    for said in tap.said:
        sent = packets(said)
        head, connect = sent[0]
        assert head == 0x10
        name = re.search(rb"t-[0-9a-f]{18}", connect)[0]
        ids.add(name)
        assert connect[7] & 0xfe == 2, "clean start, no will, no user, no password"
        assert all(kind >> 4 != 3 for kind, _ in sent), "a listener published"
        # pings come by the clock; all else is the same, in the same order
        faces.add(b"".join(bytes([kind]) + body for kind, body in sent if kind != 0xc0).replace(name, b"NAME"))
    assert len(ids) == many and len(faces) == 1, (len(ids), len(faces), list(faces)[:3])
    for said in asking.said:
        published = [body for kind, body in packets(said) if kind >> 4 == 3]
        assert 8 <= len(published) <= 24, len(published)
        topic = c.topic("ask").encode()
        head = len(topic).to_bytes(2, "big") + topic
        assert all(body.startswith(head) and len(body) <= len(head) + 1 + 32 for body in published)
        nonces = [body[len(head):] for body in published]
        assert len(set(nonces)) == len(nonces), "a question asked twice"
        bursts = {}
        for nonce in nonces:
            bursts[nonce[:8]] = bursts.get(nonce[:8], 0) + 1
        assert max(bursts.values()) <= 8, bursts
    # and what the broker itself could write down: a PUBLISH by nobody but the beacon, and those questions
    beacons = set(re.findall(r"Received PUBLISH from (\S+) \(.*(?:%s|%s/answer/)" % (
        re.escape(c.topic("tick")), re.escape(c.topic("ask"))), "\n".join(broker.lines)))
    others = [line for line in broker.lines if "Received PUBLISH from" in line and line.split()[4] not in beacons]
    assert len(beacons) == 2 and all("'%s'" % c.topic("ask") in line for line in others), others[:5]  # its voice and its ear
    assert len({line.split()[4] for line in others}) == 3
    print("  row 14: %d listeners, %d bytes each but for the id alike, nothing published; 3 asked, %d questions" % (
        many, len(next(iter(faces))), len(others)), flush=True)
    beacon.kill()
    broker.kill()


def row_15_no_message_becomes_a_command():
    c = world.Constellation()
    c.t0 = int(time.time()) + 8
    title = "$(touch canary) `touch canary`; touch canary | touch canary -rf --help ' \" \\\\ LD_PRELOAD=./x.so %n"
    c.window(c.t0, 60, title=title)
    c.write("canary.bundle")
    with open("gesture", "w") as file:
        file.write("#!/bin/sh\n{ echo \"$#\"; printf '%s\\n' \"$@\"; } >arguments\nenv >environment\ncat >occasion\n"
                   "sleep 0.1; ulimit -d >limit\n")
    os.chmod("gesture", 0o755)
    listener = stage.Listener(c, "--bundle", "canary.bundle", "--offline", "--run",
                              os.path.join(stage.HERE, "gesture") + " one 'two words'", clock=GOOD,
                              cwd=stage.HERE)
    listener.started()
    assert open("limit").read() == "unlimited\n"  # our own bound on memory is not the gesture's
    assert open("arguments").read() == "2\none\ntwo words\n"
    assert not os.path.exists("canary")
    allowed = {"PATH", "HOME", "USER", "LANG", "TZ", "TERM", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY", "PWD",
               "SHLVL", "OLDPWD", "_"}
    assert {line.split("=")[0] for line in open("environment").read().splitlines()} <= allowed
    occasion = open("occasion").read()
    assert occasion.count("\n") == 1 and "canary" in occasion


def row_22_steps_of_the_clock_and_a_stopped_process():
    c = stage.constellation(22)
    broker, beacon = with_its_broker(c)
    bundle = c.write("steps.bundle")
    stepped = [("%+d s" % by, stage.Listener(c, "--broker", broker.url, clock="offset=7 ppm=40 unsync step=12:%d" % by))
               for by in (3600, -3600, 31536000, -31536000)]
    paused = stage.Listener(c, "--broker", broker.url, clock=FAR)
    over, long_over = (stage.Listener(c, "--bundle", bundle, "--offline", clock=GOOD) for _ in range(2))
    stage.sleep_until(c.t0 - 4)
    paused.process.send_signal(signal.SIGSTOP)
    stage.sleep_until(c.t0 - 2)
    paused.process.send_signal(signal.SIGCONT)
    over.process.send_signal(signal.SIGSTOP)
    long_over.process.send_signal(signal.SIGSTOP)
    stage.sleep_until(c.t0 + 1.5)
    over.process.send_signal(signal.SIGCONT)
    stage.sleep_until(c.t0 + 2.2)
    long_over.process.send_signal(signal.SIGCONT)
    for name, listener in [*stepped, ("stopped for 2 s", paused)]:
        started = listener.started(20)
        step = float(name.split()[0]) * 1e6 if " s" in name and name[0] in "+-" else 0
        error = (listener.error_us(started, c.t0) - step) / 1000
        print("  row 22: %s: %+.2f ms" % (name, error), flush=True)
        assert -1 < error < 50 + stage.slack_ms(), (name, error)
    over.process.wait(stage.patience(20))
    over.reader.join(stage.patience(5))
    starts = [e for e in over.lines if e["event"] == "started"]
    print("  row 22: stopped over T-0: %s" % ([(e["event"], e.get("late_us")) for e in over.lines[-3:]]), flush=True)
    assert len(starts) <= 1 and (not starts or starts[0]["late_us"] > 10**6)
    long_over.expect("missed", text="missed by [2-9] s")
    long_over.end(1)
    assert not long_over.has("started")
    again = stage.Listener(c, "--bundle", bundle, "--offline", clock=GOOD, state=over.state)
    again.end(1)
    assert not again.has("started")
    beacon.kill()
    broker.kill()


stage.run_together((row_02_ticks_by_any_other_key_have_no_effect, row_03_a_replayed_session_moves_nothing,
                    row_04_delayed_ticks_and_a_black_hole, row_06_the_proof_of_a_lying_beacon_convinces_another_program,
                    row_15_no_message_becomes_a_command, row_22_steps_of_the_clock_and_a_stopped_process,
                    row_05_one_lying_clock_of_three_is_named_two_move_little))
stage.run_together((row_10_hostile_brokers_cost_little_memory_and_no_start, row_14_listeners_cannot_be_told_apart))
