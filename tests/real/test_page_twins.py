"""The mind in WebAssembly against the same C on this machine: random stories – beacons that are honest, late, replayed,
forged or lying, clocks that are wrong, drift and sleep, windows of all kinds, restarts – and every answer of the one is
the other's, byte by byte. In each story the truth lies within what the mind proves, and nothing begins before its time.
Sixty every day, thousands in a deep run. Then the rows of the threat table that a mind answers for, and every vector of
the fuzzers' corpora that a page may be given."""
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

        for beacon in range(len(c.beacons)):
            if chance.random() < 0.6:  # in time, overdue soon, overdue
                c.heartbeat(beacon, START_S - chance.choice((600, 86395, 2 * 86400)))

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
            waits = self.chance.choice((0, self.chance.uniform(0, 0.2)))
            self.now += waits
            if waits:
                self.twin("sent", bytes.fromhex(question["payload"]), "%.6f" % self.mono())
            received = self.now + self.chance.uniform(0.001, 0.05)
            self.now -= waits
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


class Row(Story):
    """A story without chance: three honest beacons, a clock that is 90 s behind, one window a minute ahead."""

    def __init__(self, twin, chance, beacons=3):
        super().__init__(twin, chance)
        self.c = world.Constellation(beacons=beacons, made=START_S - 86400, brokers=["wss://a.example"])
        self.wrong_s, self.drift, self.liar, self.place = -90, 30e-6, None, "-"
        self.tickers = [world.Ticker(self.c, n) for n in range(beacons)]
        self.answering = [world.Ticker(self.c, n) for n in range(beacons)]
        self.t0 = START_S + 60
        self.uid, self.identity = self.c.window(self.t0, 60, title="Stillness", uid=chance.randbytes(16).hex())
        self.secret, self.memory, self.spoilt = chance.randbytes(32), "", None
        twin("open", self.secret, "-")
        twin("anchor", self.c.bundle())
        twin("put", self.c.bundle())
        self.think()
        twin("link", 0, 1)

    def send(self, beacon, what, payload):
        self.queue.append((self.now + 0.02, what or self.c.topic("tick", beacon), payload))

    def live(self, seconds):
        """Honest ticks, and answers to what is asked."""
        for _ in range(seconds):
            for beacon, ticker in enumerate(self.tickers):
                tick = ticker.tick(self.true_ns(beacon), error_ns=MS, next_ms=1000)
                self.old.append((beacon, tick))
                self.send(beacon, None, tick)
            self.deliver(self.now + 1)

    def hear(self, payload, beacon=0, what=None):
        self.clock()
        self.twin("heard", 0, what or self.c.topic("tick", beacon), payload, "%.6f" % self.mono(), 0)
        self.think()

    def think(self):
        super().think()
        self.thought = json.loads(next(said for said, call in zip(reversed(self.twin.said), reversed(self.twin.calls)) if call == "think"))

    def windows(self):
        return {one["title"]: one for one in json.loads(self.twin("lists"))["windows"]}

    def is_in_step(self):
        """Proved, to some milliseconds, and set for the true T-0."""
        assert self.thought["proved"] and abs(self.thought["utc"] - (START_S + self.now) * 1000) < 60, self.thought
        (shot,) = self.thought["shots"]
        begin_s = (shot["begin"] / 1000 - 1000 + self.slept) / (1 + self.drift)
        assert abs(begin_s - 60) < 0.06, (begin_s, self.thought)


def row_01_a_window_nobody_of_the_root_declared(row):
    other = world.Constellation(made=START_S - 86400)
    other.window(row.t0 - 10, title="By strangers", uid=row.chance.randbytes(16).hex())
    honest = row.c.bundle()
    row.c.window(row.t0 - 10, title="By one", signers=row.c.organizers[:1], uid=row.chance.randbytes(16).hex())
    row.c.window(row.t0 - 10, title="By beacons", signers=row.c.beacons[:2], uid=row.chance.randbytes(16).hex())
    for bundle in (other.bundle(), row.c.bundle(), honest[:-20], bytes(1000)):
        row.twin("put", bundle)
    row.live(5)
    found = row.windows()
    assert found["By one"]["state"] == "tentative" and not {"By strangers", "By beacons"} & set(found), found
    row.is_in_step()


def row_02_ticks_by_any_other_key(row):
    stranger, ahead = world.Constellation(made=START_S - 86400), 3600 * 10**9
    masks = [world.Key() for _ in range(2)]
    for mask, key in zip(masks, (world.Key(), row.c.organizers[0])):
        mask.secret, mask.id = key.secret, row.c.beacons[0].id
    wrong = [world.Ticker(row.c, key=key) for key in (row.c.organizers[0], stranger.beacons[0], *masks)] + [world.Ticker(stranger)]
    for _ in range(5):
        for ticker in wrong:
            row.hear(ticker.tick(row.true_ns() + ahead))
        row.live(1)
    row.is_in_step()


def row_03_ticks_once_more(row):
    row.live(5)
    old = list(row.old)
    row.live(20)
    for beacon, tick in old:
        row.hear(tick, beacon)
    row.is_in_step()


def row_04_ticks_held_back(row):
    row.live(5)
    held = row.chance.uniform(8, 12)
    late = [(beacon, ticker.tick(row.true_ns(beacon), error_ns=MS, next_ms=1000)) for beacon, ticker in enumerate(row.tickers)]
    row.deliver(row.now + held)
    for beacon, tick in late:
        row.hear(tick, beacon)
    row.is_in_step()


def row_05_a_beacon_whose_clock_lies(row):
    row.liar, row.lie_s = 1, 3600
    row.live(10)
    row.is_in_step()
    assert [one["agrees"] for one in row.thought["beacons"]] == [True, False, True], row.thought["beacons"]


def row_06_two_ticks_of_one_number(row):
    row.live(5)
    row.hear(row.tickers[2].tick(row.true_ns(), counter=row.tickers[2].counter - 1, keep=False, next_ms=7), 2)
    assert [one["liar"] for one in row.thought["beacons"]] == [False, False, True]
    row.memory = row.twin("memory")
    row.open(row.memory)
    row.twin("link", 0, 1)
    row.live(5)
    assert [one["liar"] for one in row.thought["beacons"]] == [False, False, True], "after a restart too"
    row.is_in_step()


def row_07_one_stolen_key(row):
    row.live(5)
    row.c.cancel(row.uid, row.identity, signers=row.c.organizers[:1])
    row.twin("put", row.c.bundle())
    row.live(2)
    assert row.windows()["Stillness"]["state"] == "armed"
    row.is_in_step()


def row_18_what_is_no_record_no_tick_and_no_answer(row):
    """The corpora: whatever has ever been of interest to a reader."""
    row.live(3)
    corpora = os.path.join(SOURCE, "tests/fuzz/corpus")
    for name in ("records_text", "stream_armour", "view_set", "trust_root", "ledger_stream"):
        for file in sorted(os.listdir(os.path.join(corpora, name))):
            with open(os.path.join(corpora, name, file), "rb") as bytes_of:
                row.twin("put", bytes_of.read() or "-")
    for name, topic in (("ticks_tick", row.c.topic("tick")), ("ticks_answer", row.c.topic("ask") + "/answer/0011223344556677"),
                        ("listener_events", row.c.topic("records"))):
        for file in sorted(os.listdir(os.path.join(corpora, name))):
            with open(os.path.join(corpora, name, file), "rb") as bytes_of:
                row.hear(bytes_of.read() or "-", what=topic)
    row.live(3)
    row.is_in_step()


def row_22_a_clock_that_is_set(row):
    row.live(10)
    for wrong in (3600, -3600, 86400 * 365, -90):
        row.wrong_s = wrong
        row.live(1)
    row.is_in_step()
    row.slept += 7
    row.now += 7
    row.live(4)
    row.is_in_step()


class Answers(Row):
    """What a beacon answers is spoilt on the way, or was never honest."""

    def spoil(self, how):
        self.how = how
        self.live(6)
        self.how = None
        self.live(6)

    how = None

    def think(self):
        before = len(self.queue)
        super().think()
        if self.how:
            self.queue[before:] = [one for late, topic, proof in self.queue[before:] for one in (
                self.how(late, topic, proof) if "/ask/" in topic else [(late, topic, proof)])]


def row_31_an_answer_for_another_question_once_more_or_late(row):
    seen = []

    def other(late, topic, proof):
        seen.append(proof)
        return [(late, topic, seen[0]), (late + 0.01, topic, seen[0]), (late + 6, topic, proof)]
    row.spoil(other)
    row.is_in_step()
    for proof in seen:
        row.hear(proof, what=row.c.topic("ask") + "/answer/0011223344556677")
    row.is_in_step()


def row_32_an_answer_with_a_bit_changed(row):
    def changed(late, topic, proof):
        bit = row.chance.randrange(8 * len(proof))
        return [(late, topic, proof[:bit // 8] + bytes([proof[bit // 8] ^ 1 << bit % 8]) + proof[bit // 8 + 1:])]
    row.spoil(changed)
    row.is_in_step()


def row_36_a_beacon_that_lies_by_received(row):
    for lie_ns in (10**9, -6 * 10**9, -4 * 10**9):
        def lying(late, topic, proof, lie_ns=lie_ns):
            if topic.split("/")[4] != row.c.beacons[0].id_text():
                return [(late, topic, proof)]
            tick, index, count, path, received = cbor2.loads(proof)
            return [(late, topic, cbor2.dumps([tick, index, count, path, received + lie_ns]))]
        row.spoil(lying)
        row.is_in_step()


def row_43_never_twice(row):
    row.live(64)
    assert len(row.began) == 1, row.began
    row.open(row.twin("memory"))
    row.twin("link", 0, 1)
    row.live(10)
    assert len(row.began) == 1 and not row.thought["shots"]


def every_bit_of_a_tick(row):
    """None that differs in a bit is believed: each would be a second tick of its number, and its beacon a liar."""
    row.live(2)
    tick = row.tickers[0].tick(row.true_ns(), error_ns=MS, next_ms=1000)
    row.clock()
    for bit in range(8 * len(tick)):
        changed = tick[:bit // 8] + bytes([tick[bit // 8] ^ 1 << bit % 8]) + tick[bit // 8 + 1:]
        assert row.twin("heard", 0, row.c.topic("tick"), changed, "%.6f" % row.mono(), 0) == "0", bit
    row.now += 1  # wrong signatures have a budget, a good one comes after them
    row.hear(tick)
    row.live(5)
    row.is_in_step()
    assert not any(one["liar"] for one in row.thought["beacons"])


def rows_are_the_same_in_both(seed):
    twin = Twin()
    for tell in [tell for name, tell in globals().items() if name.startswith("row_")] + [every_bit_of_a_tick]:
        print(tell.__name__, flush=True)
        tell((Answers if tell.__name__[4:6] in ("31", "32", "36") else Row)(twin, random.Random(seed)))
    compare(twin)


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
    compare(twin)
    assert rang > STORIES / 2
    print("%d stories, %d of them rang, %d calls alike" % (STORIES, rang, len(twin.calls)))


def compare(twin):
    """What WebAssembly makes of the same calls."""
    twin.process.stdin.close()
    with open("calls", "w") as file:
        file.write("\n".join(twin.calls) + "\n")
    ran = subprocess.run(["node", os.path.join(SOURCE, "tests/real/page/twin.mjs"), WASM, "calls"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    other = ran.stdout.split("\n")[:-1]
    differ = [i for i in range(len(twin.calls)) if i >= len(other) or other[i] != twin.said[i]]
    assert not differ, "call %d, %s:\n%s\n%s" % (differ[0], twin.calls[differ[0]][:200], twin.said[differ[0]], other[differ[0]] if
                                                differ[0] < len(other) else "nothing")


if __name__ == "__main__":
    seed = int(os.environ.get("TOCSIN_SEED") or random.randrange(2**32))
    print("TOCSIN_SEED=%d" % seed, flush=True)
    stories_are_the_same_in_both(seed)
    rows_are_the_same_in_both(seed)
