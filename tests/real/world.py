"""world.py -- a constellation made with other people's tools: keys, records, minisign signatures and
bundles by PyNaCl and hashlib, ticks by cbor2, for tests of the listener.  Written from the formats'
descriptions, not from our C, so that both must agree."""
import base64
import datetime
import hashlib
import os
import queue
import socket
import subprocess
import threading
import time

import cbor2
import nacl.signing

from pace import patience
from ports import free_port


def stamp(seconds):
    at = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    text = at.strftime("%Y-%m-%dT%H:%M:%S")
    if at.microsecond:
        text += (".%06d" % at.microsecond).rstrip("0")
    return text + "Z"


class Key:
    def __init__(self):
        self.secret = nacl.signing.SigningKey.generate()
        self.id = os.urandom(8)
        self.public = bytes(self.secret.verify_key)

    def text(self):
        return base64.b64encode(b"Ed" + self.id + self.public).decode()

    def id_text(self):
        return self.id[::-1].hex()

    def sign(self, message, comment="test"):
        """A minisign signature file, prehashed."""
        digest = hashlib.blake2b(message).digest()
        signature = self.secret.sign(digest).signature
        whole = self.secret.sign(signature + comment.encode()).signature
        return ("untrusted comment: test\n%s\ntrusted comment: %s\n%s\n" % (
            base64.b64encode(b"ED" + self.id + signature).decode(), comment,
            base64.b64encode(whole).decode())).encode()


def record_id(text):
    return hashlib.blake2b(text, digest_size=32).hexdigest()


def netstring(data):
    return b"%d:%s," % (len(data), data)


class Constellation:
    """n organizers of whom m decide, and some beacons."""

    def __init__(self, organizers=3, threshold=2, beacons=1, made=None, brokers=()):
        now = time.time()
        made = made if made is not None else now - 86400
        self.organizers = [Key() for _ in range(organizers)]
        self.beacons = [Key() for _ in range(beacons)]
        self.threshold = threshold
        lines = ["tocsin root 1", "name: Test constellation", "version: 1", "threshold: %d" % threshold]
        lines += ["organizer: %s organizer %d" % (k.text(), i) for i, k in enumerate(self.organizers)]
        lines += ["beacon: %s beacon %d" % (k.text(), i) for i, k in enumerate(self.beacons)]
        lines += ["broker: " + url for url in brokers]
        lines += ["made: " + stamp(int(made)), "expires: " + stamp(int(made) + 300 * 86400)]
        self.root = ("\n".join(lines) + "\n").encode()
        self.id = record_id(self.root)
        self.items = {}
        self.add(self.root, self.organizers[:threshold])

    def add(self, text, signers):
        identity = record_id(text)
        _, signatures = self.items.setdefault(identity, (text, {}))
        for key in signers:
            signatures[key.id_text()] = key.sign(text)
        return identity

    def window(self, start, seconds=60, title="A minute of silence", uid=None, seq=0, prev=(), signers=None,
               key="one", expires=None, extra=(), moment=True):
        """A moment (or, with moment=False, `extra` carries the on and wave lines)."""
        uid = uid or os.urandom(16).hex()
        lines = ["tocsin window 1", "root: " + self.id, "uid: " + uid, "seq: %d" % seq]
        lines += ["prev: " + p for p in prev]
        lines += ["made: " + stamp(int(time.time()) - 60), "title: " + title, "gesture: silence",
                  "tone: vigil", "rule: %s for %ds" % (stamp(start), seconds)]
        if moment:
            lines += ["at: %s %s" % (key, stamp(start))]
        lines += list(extra)
        minutes = seconds % 60 == 0
        lines += ["for: " + ("%dm" % (seconds // 60) if minutes and seconds < 3600 else "%ds" % seconds)]
        lines += ["expires: " + stamp(int(expires if expires is not None else start + 30 * 86400))]
        text = ("\n".join(lines) + "\n").encode()
        identity = self.add(text, self.organizers[:self.threshold] if signers is None else signers)
        return uid, identity

    def cancel(self, uid, prev, seq=1, signers=None):
        text = ("tocsin cancel 1\nroot: %s\nuid: %s\nseq: %d\nprev: %s\nmade: %s\nreason: called off\n" % (
            self.id, uid, seq, prev, stamp(int(time.time())))).encode()
        return self.add(text, self.organizers[:self.threshold] if signers is None else signers)

    def heartbeat(self, beacon, made):
        """As the beacon with this number signs it: good for a day."""
        text = ("tocsin heartbeat 1\nroot: %s\nby: %s\nmade: %s\nnext: %s\ncount: 1\ndigest: %s\nholds: %s\n" % (
            self.id, self.beacons[beacon].id_text(), stamp(made), stamp(made + 86400),
            record_id(bytes.fromhex(self.id)), self.id)).encode()
        self.add(text, [self.beacons[beacon]])

    def bundle(self):
        out = b""
        for identity in sorted(self.items):
            text, signatures = self.items[identity]
            out += netstring(text) + netstring(b"%d" % len(signatures))
            for key in sorted(signatures):
                out += netstring(signatures[key])
        return out

    def write(self, path):
        with open(path, "wb") as file:
            file.write(self.bundle())
        return path

    def topic(self, what, beacon=0):
        return "tocsin/1/%s/%s/%s" % (self.id[:16], what, self.beacons[beacon].id_text())


class Ticker:
    """One session of one beacon: signs ticks as COSE_Sign1, with an echo answering ones."""

    def __init__(self, constellation, beacon=0, key=None):
        self.root = bytes.fromhex(constellation.id)[:8]
        self.key = key or constellation.beacons[beacon]
        self.session = os.urandom(8)
        self.counter = 0
        self.previous = None

    def tick(self, at_ns=None, error_ns=1000000, next_ms=200, echo=None, counter=None, keep=True):
        payload = {1: self.root, 2: self.session, 3: self.counter if counter is None else counter,
                   4: at_ns if at_ns is not None else time.time_ns(), 5: error_ns, 6: 37, 7: self.previous,
                   8: next_ms if echo is None else 0, 10: []}
        if echo is not None:
            payload[11] = echo
        body = cbor2.dumps(payload)
        protected = cbor2.dumps({1: -8, 16: "tocsin-tick"})
        signature = self.key.secret.sign(cbor2.dumps(["Signature1", protected, b"", body])).signature
        out = cbor2.dumps(cbor2.CBORTag(18, [protected, {4: self.key.id}, body, signature]))
        if keep:
            self.previous = hashlib.blake2b(body, digest_size=32).digest()[:16]
            self.counter += 1
        return out


class Client:
    """Publishes over MQTT 3.1.1 on a plain socket: enough for a beacon, and for a bad one."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        name = os.urandom(6).hex().encode()
        body = b"\0\4MQTT\4\2\0\0" + len(name).to_bytes(2, "big") + name
        self.socket.sendall(b"\x10" + self.length(len(body)) + body)
        assert self.socket.recv(4)[3] == 0

    @staticmethod
    def length(n):
        out = b""
        while True:
            n, digit = n >> 7, n & 127
            out += bytes([digit | (128 if n else 0)])
            if not n:
                return out

    def packet(self, topic, payload, retain=False):
        body = len(topic).to_bytes(2, "big") + topic.encode() + payload
        return bytes([0x30 | (1 if retain else 0)]) + self.length(len(body)) + body

    def publish(self, topic, payload, retain=False):
        self.socket.sendall(self.packet(topic, payload, retain))

    def settle(self):
        """What was published is with the broker, which takes a connection's packets in order: it has answered a ping.
        Not for who subscribes."""
        self.socket.sendall(b"\xc0\0")
        answer = b""
        while len(answer) < 2:
            answer += self.socket.recv(2 - len(answer))
        assert answer == b"\xd0\0", answer

    def subscribe(self, topic):
        body = b"\0\1" + len(topic).to_bytes(2, "big") + topic.encode() + b"\0"
        self.socket.sendall(b"\x82" + self.length(len(body)) + body)
        return self

    def exactly(self, size):
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise OSError("the broker hung up")
            data += more
        return data

    def next(self):
        """The next message, as (topic, payload)."""
        while True:
            kind, size, shift = self.exactly(1)[0], 0, 0
            while True:
                digit = self.exactly(1)[0]
                size |= (digit & 127) << shift
                shift += 7
                if digit < 128:
                    break
            body = self.exactly(size)
            if kind >> 4 == 3:
                end = 2 + int.from_bytes(body[:2], "big")
                return body[2:end].decode(), body[end:]


class Ear(threading.Thread):
    """A beacon's other connection: answers each question at once, in a tree of one leaf."""

    def __init__(self, port, constellation, beacon=0, off_ns=0):
        super().__init__(daemon=True)
        self.asked = 0
        self.off_ns = off_ns
        self.ticker = Ticker(constellation, beacon)
        self.topic = constellation.topic("ask", beacon)
        self.client = Client(port).subscribe(self.topic)
        self.start()

    def run(self):
        try:
            while True:
                _, nonce = self.client.next()
                received = time.time_ns() + self.off_ns
                leaf = hashlib.blake2b(b"\0" + nonce + received.to_bytes(8, "big"), digest_size=32).digest()
                tick = self.ticker.tick(at_ns=time.time_ns() + self.off_ns, echo=leaf)
                answer = cbor2.dumps([tick, 0, 1, [], received])
                self.client.publish("%s/answer/%s" % (self.topic, nonce[:8].hex()), answer)
                self.asked += 1
        except OSError:
            return


class Relay:
    """Ends TCP on the way and holds everything for a while, as satellite accelerators and balancers do; or lets no
    more through than so many bytes a second, each way."""

    def __init__(self, port, seconds, bytes_s=None):
        self.to, self.seconds, self.bytes_s = port, seconds, bytes_s
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.url = "mqtt://127.0.0.1:%d" % self.port
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.server.accept()
            far = socket.create_connection(("127.0.0.1", self.to))
            for a, b in ((near, far), (far, near)):
                a.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                held = queue.Queue()
                threading.Thread(target=self.take, args=(a, held), daemon=True).start()
                threading.Thread(target=self.give, args=(b, held), daemon=True).start()

    def take(self, side, held):
        while True:
            try:
                data = side.recv(65536)
            except OSError:
                data = b""
            held.put((time.monotonic() + self.seconds, data))
            if not data:
                return

    def give(self, side, held):
        while True:
            due, data = held.get()
            time.sleep(max(0, due - time.monotonic()))
            try:
                if not data:
                    side.shutdown(socket.SHUT_WR)
                    return
                for at in range(0, len(data), 60) if self.bytes_s else []:
                    side.sendall(data[at:at + 60])
                    time.sleep(len(data[at:at + 60]) / self.bytes_s)
                if not self.bytes_s:
                    side.sendall(data)
            except OSError:
                return


class Broker:
    """A mosquitto on a free loopback port."""

    def __init__(self, folder, name="broker", more=""):
        self.port = free_port()
        self.conf = os.path.join(folder, name + ".conf")
        with open(self.conf, "w") as file:
            file.write("listener %d 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n%s"
                       % (self.port, more))
        self.url = "mqtt://127.0.0.1:%d" % self.port
        self.start()

    def start(self):
        self.process = subprocess.Popen(["mosquitto", "-c", self.conf], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + patience(10)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert time.monotonic() < deadline, "mosquitto does not answer"
                time.sleep(0.05)

    def kill(self):
        self.process.kill()
        self.process.wait()
