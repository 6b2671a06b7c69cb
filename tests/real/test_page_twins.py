"""The mind in WebAssembly against the same C on this machine: random stories – beacons that are honest, late, replayed,
forged or lying, clocks that are wrong, drift and sleep, windows of all kinds, restarts – and every answer of the one is
the other's, byte by byte. In each story the truth lies within what the mind proves, and nothing begins before its time.
Sixty every day, thousands in a deep run."""
import hashlib
import json
import os
import random
import shutil
import subprocess
import types

import cbor2
import nacl.signing

import stage
import world

SOURCE = os.environ["TOCSIN_SOURCE"]
WASM = os.path.join(os.path.dirname(os.environ["TOCSIN_BIN"]), "clients/page/mind.wasm")
if not os.path.exists(WASM) or shutil.which("node") is None:
    stage.skip("the page is not built here (clients/page/fetch, then cmake)")
STORIES = 3000 if stage.DEEP else 60
START_S = 1_796_000_000
MS = 10**6


class Twin:
    """The native one; what it is told is written down for the other."""

    def __init__(self):
        self.process = subprocess.Popen(["ours_page"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.calls, self.said = [], []

    def __call__(self, *words):
        line = " ".join(word.hex() if isinstance(word, bytes) else str(word) for word in words)
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        self.calls.append(line)
        self.said.append(self.process.stdout.readline().rstrip("\n"))
        return self.said[-1]


def answer(ticker, nonce, received_ns, later_ns):
    """What tells when a question came, proved by a tick that was signed after it."""
    leaf = hashlib.blake2b(b"\0" + nonce + received_ns.to_bytes(8, "big"), digest_size=32).digest()
    return cbor2.dumps([ticker.tick(received_ns + later_ns, echo=leaf), 0, 1, [], received_ns])


def fix_chance(chance):
    """Keys, sessions and dates are the seed's, too."""
    os.urandom = chance.randbytes
    nacl.signing.SigningKey.generate = lambda: nacl.signing.SigningKey(chance.randbytes(32))
    world.time = types.SimpleNamespace(time=lambda: START_S - 3600)


class Story:
    def __init__(self, twin, chance):
        fix_chance(chance)
        self.twin, self.chance = twin, chance
        self.c = world.Constellation(beacons=chance.choice((1, 1, 3)), made=START_S - 86400, brokers=["wss://a.example", "ws://b.example"])
        self.now = 0.0  # seconds of true time; UTC is START_S later
        self.wrong_s = chance.choice((0, 0.3, -2, 90, -4000, 1e6)) * chance.uniform(0.5, 1)
        self.drift = chance.uniform(-80e-6, 80e-6)
        self.slept = 0.0
        self.tickers = [world.Ticker(self.c, n) for n in range(len(self.c.beacons))]
        self.answering = [world.Ticker(self.c, n) for n in range(len(self.c.beacons))]
        self.liar = chance.choice((None, None, 0)) if len(self.tickers) == 3 else None
        self.lie_s = chance.uniform(-30, 30)
        self.queue = []  # (when, topic, bytes)
        self.old = []
        self.began = set()

    def mono(self):
        return (1000 + self.now * (1 + self.drift) - self.slept) * 1000

    def clock(self):
        self.twin("clock", "%.6f" % self.mono(), "%.6f" % ((START_S + self.now + self.wrong_s) * 1000), -1, "%.6f" % (self.slept * 1000))

    def true_ns(self, beacon=None):
        lie = self.lie_s if beacon is not None and beacon == self.liar else 0
        return int((START_S + self.now + lie) * 1e9)

    def declare(self):
        chance, c = self.chance, self.c
        self.t0 = START_S + chance.randrange(12, 40)
        for _ in range(chance.randrange(1, 4)):
            c.window(self.t0 + chance.choice((0, 0, 5, 30, 86400 * 30)), chance.choice((1, 60, 600)),
                     title="Stillness", uid=chance.randbytes(16).hex())
        c.window(self.t0, 60, uid=chance.randbytes(16).hex(), title="By one", signers=c.organizers[:1])
        uid, identity = c.window(self.t0, 60, uid=chance.randbytes(16).hex(), title="Called off")
        c.cancel(uid, identity)
        c.window(self.t0, 60, uid=chance.randbytes(16).hex(), moment=False, title="A wave",
                 extra=["on: w 2026-12-01", "wave: place", "at: w %s here" % world.stamp(self.t0 + 7)])

    def open(self, memory=None):
        self.twin("open", self.secret, self.chance.choice(("-", "here")) if memory is None else self.place)
        self.place = self.twin.calls[-1].split()[2]
        if memory is not None:
            self.twin("remember", memory)
        self.twin("anchor", self.c.bundle())
        self.twin("put", self.c.bundle())

    def send(self, beacon, what, payload):
        self.queue.append((self.now + self.chance.choice((0.01, 0.05, 0.2)) * self.chance.expovariate(1), self.c.topic("tick", beacon) if
                           what is None else what, payload))

    def beat(self):
        """Ticks of this second, and what means no good."""
        chance = self.chance
        for beacon, ticker in enumerate(self.tickers):
            tick = ticker.tick(self.true_ns(beacon), error_ns=MS, next_ms=1000)
            self.old.append((beacon, tick))
            self.send(beacon, None, tick)
        kind = chance.randrange(12)
        topic = self.c.topic("tick")
        if kind == 0:
            self.send(0, None, world.Ticker(self.c, key=world.Key()).tick(self.true_ns() + 10**12))
        elif kind == 1:
            beacon, tick = chance.choice(self.old)
            self.send(beacon, None, tick)
        elif kind == 2:
            broken = bytearray(self.old[-1][1])
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
            self.send(self.old[-1][0], None, bytes(broken))
        elif kind == 3:
            self.send(0, chance.choice((topic, topic.replace("/tick/", "/records/"), topic.replace("/tick/", "/status/"), "x/y")),
                      chance.randbytes(chance.choice((0, 1, 222, 3000))))
        elif kind == 4 and chance.random() < 0.2 and self.liar is None and len(self.tickers) == 3:
            self.send(2, None, self.tickers[2].tick(self.true_ns(), counter=self.tickers[2].counter - 1, keep=False, next_ms=7))

    def deliver(self, until):
        """What arrives by then, in order; the mind is asked after each."""
        self.queue.sort(key=lambda one: one[0])
        while self.queue and self.queue[0][0] <= until:
            at, topic, payload = self.queue.pop(0)
            self.now = max(self.now, at)
            self.clock()
            self.twin("heard", 0, topic, payload if payload else "", "%.6f" % self.mono(), 0)
            self.think()
        self.now = max(self.now, until)
        self.think()

    def think(self):
        self.clock()
        thought = json.loads(self.twin("think"))
        truth = (START_S + self.now) * 1000
        if thought["bounded"]:
            assert thought["earliest"] - 0.01 <= truth <= thought["latest"] + 0.01, (thought, truth)
        for question in thought["questions"]:
            beacon = [self.c.topic("ask", n) for n in range(len(self.tickers))].index(question["topic"])
            received = self.now + self.chance.uniform(0.001, 0.05)
            proof = answer(self.answering[beacon], bytes.fromhex(question["payload"]),
                           int((START_S + received + (self.lie_s if beacon == self.liar else 0)) * 1e9), self.chance.randrange(1, 3 * MS))
            self.queue.append((received + self.chance.uniform(0.003, 0.05), question["answer"], proof))
        if thought["save"]:
            self.memory = self.twin("memory")
            self.twin("saved")
        for shot in thought["shots"]:
            if not shot["held"] and shot["begin"] <= self.mono():
                assert shot["mark"] not in self.began, "twice"
                self.began.add(shot["mark"])
                self.twin("began", shot["mark"])
                if thought["proved"]:
                    assert truth >= (self.t0 * 1000) - (thought["latest"] - thought["earliest"]) - 1, (truth, self.t0, thought)
        if thought["changed"]:
            self.twin("lists")

    def tell(self):
        chance = self.chance
        self.secret, self.memory = chance.randbytes(32), ""
        self.declare()
        self.open()
        self.think()
        self.twin("link", 0, 1)
        for second in range(int(self.t0 - START_S) + 12):
            if second % chance.choice((1, 1, 5)) == 0:
                self.beat()
            self.deliver(self.now + 1)
            if chance.random() < 0.01:
                asleep = chance.uniform(0.5, 20)
                self.slept += asleep
                self.now += asleep
            if chance.random() < 0.01 and self.memory:
                self.open(self.memory)
                self.twin("link", 0, 1)
        self.twin("lists")
        self.twin("roots")


def stories_are_the_same_in_both(seed):
    twin, rang = Twin(), 0
    for number in range(STORIES):
        story = Story(twin, random.Random(seed + number))
        try:
            story.tell()
        except AssertionError:
            print("story %d: TOCSIN_SEED=%d" % (number, seed + number))
            raise
        rang += len(story.began) > 0
    twin.process.stdin.close()
    with open("calls", "w") as file:
        file.write("\n".join(twin.calls) + "\n")
    ran = subprocess.run(["node", os.path.join(SOURCE, "tests/real/page/twin.mjs"), WASM, "calls"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    other = ran.stdout.rstrip("\n").split("\n") if ran.stdout.strip() else []
    differ = [i for i in range(len(twin.calls)) if i >= len(other) or other[i] != twin.said[i]]
    assert not differ, "call %d, %s:\n%s\n%s" % (differ[0], twin.calls[differ[0]][:200], twin.said[differ[0]], other[differ[0]] if
                                                differ[0] < len(other) else "nothing")
    assert rang > STORIES / 2
    print("%d stories, %d of them rang, %d calls alike" % (STORIES, rang, len(twin.calls)))


seed = int(os.environ.get("TOCSIN_SEED") or random.randrange(2**32))
print("TOCSIN_SEED=%d" % seed, flush=True)
stories_are_the_same_in_both(seed)
