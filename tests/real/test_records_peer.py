#!/usr/bin/python3
"""A reader and verifier written from tocsin-records(5) alone says the same as ours: of the fuzz corpus, of
random records, good and with one change, of keys, signatures and bundles; of signatures the stock minisign
too.  TOCSIN_SEED repeats a run."""
import glob
import os
import random
import re
import subprocess
import sys

import nacl.signing

import records_peer as peer
import world

SOURCE = os.environ["TOCSIN_SOURCE"]
DEEP = "TOCSIN_DEEP" in os.environ
seed = int(os.environ.get("TOCSIN_SEED") or random.randrange(1, 2**62))
print("TOCSIN_SEED=%d" % seed)
chance = random.Random(seed)
failures = 0


def fail(what, *more):
    global failures
    failures += 1
    if failures <= 10:
        print("DIFFERS:", what, *more, sep="\n  ")


def ours(*words, data=b""):
    ran = subprocess.run(["ours_records", *map(str, words)], input=data, capture_output=True)
    if ran.returncode != 0:
        sys.exit("ours_records %s: %s" % (words, ran.stderr.decode()))
    return ran.stdout


def item(record, *files):
    return b"".join(map(world.netstring, (record, b"%d" % len(files), *files)))


def told(data):
    """The line of ours_records, by the peer."""
    try:
        record = peer.Record(data)
    except peer.Refused:
        return "refused"
    lines = record.lines
    step = (lines.get("seq") or lines.get("version") or [0])[0]
    said = [record.id, peer.words(record.id), record.kind, record.root, str(step)]

    def keys(*pairs):
        return [peer.keyid_text(identity) + "/" + public.hex() for identity, public in pairs]
    if record.kind == "root":
        said += ["sound", str(int(record.is_sound()))]
        said += keys(*(one for name in ("organizer", "beacon", "feed") for one, _ in lines[name]))
    elif record.kind == "revoke":
        said += keys(lines["key"][0])
    elif record.kind == "window":
        said += ["for", str(lines["for"][0])]
        said += ["%s=%s" % (tag or "", text.encode().hex()) for tag, text in lines["title"] + lines["about"]]
        said += [str(at) if at >= 63072000 * 10**9 else "old" for _, at, _ in lines["at"]]
        said += [str((date - peer.day("1970-01-01")).days) for _, date in lines["on"]]
    return " ".join(said)


def compare_records(what, records):
    lines = ours("records", data=b"".join(map(item, records))).decode().splitlines()
    if len(lines) != len(records):
        fail("%d records, %d answers" % (len(records), len(lines)))
    good = 0
    for data, line in zip(records, lines):
        said = told(data)
        good += said != "refused"
        if " refused " in line if said == "refused" else line == said:
            continue
        fail("%s: %r" % (what, data), "ours: " + line, "peer: " + said)
    print("%s: %d records, %d of them good" % (what, len(records), good))
    return good


# --- one change -------------------------------------------------------------------------------------

PIECES = [b"\n", b" ", b": ", b":", b"\\", b"\\n", b"\\\\", b"0", b"9", b"-", b".", b"\t", b"\r", b"\0", b"\x7f",
          b"\xc2\x80", b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\xe2\x81\xa6", b"\xef\xbb\xbf", b"\xc3\xa8",
          b"x-a: b\n", b"x-a.b: c\n", b"title.it: e\n", b"keep: " + b"0" * 64 + b"\n", b"wave: day\n",
          b"wave: place\n", b"lock: 60m\n", b"rest: 1h\n", b"for: 2d\n", b"off: 0\n", b"at: 7 2027-02-29T00:00:00Z\n",
          b"at: 7 2028-02-29T23:59:59.5Z\n", b"on: 7 2249-12-31\n", b"broker: mqtt://a:65536\n",
          b"broker: mqtt://[::]:1/\n", b"url: https://a.b/%zz\n", b"url: http://u@b\n"]


def change(data, other):
    lines, others = data.splitlines(True), other.splitlines(True)
    at, kind = chance.randrange(len(data) + 1), chance.randrange(9)
    n = chance.randrange(len(lines))
    if kind == 0:
        return data[:at] + bytes([chance.randrange(256)]) + data[at + 1:]
    if kind == 1:
        return data[:at] + data[at + 1 + chance.randrange(3):]
    if kind == 2:
        return data[:at] + chance.choice(PIECES) + data[at:]
    if kind == 3:
        return b"".join(lines[:n] + [chance.choice(PIECES)] + lines[n:])
    if kind == 4:
        return b"".join(lines[:n] + [lines[n]] + lines[n:])
    if kind == 5:
        return b"".join(lines[:n] + lines[n + 1:])
    if kind == 6:
        m = chance.randrange(len(lines))
        lines[n], lines[m] = lines[m], lines[n]
        return b"".join(lines)
    if kind == 7:
        return b"".join(lines[:n] + [chance.choice(others)] + lines[n:])
    # a digit to another, or a word of a line to one of another line
    words = re.split(rb"( )", lines[n])
    words[chance.randrange(len(words))] = chance.choice(re.split(rb"[ \n]", chance.choice(others)))
    return b"".join(lines[:n] + [b"".join(words)] + lines[n + 1:])


def number_of(usual):
    return usual * 50 if DEEP else usual


corpus = [open(name, "rb").read() for name in sorted(glob.glob(SOURCE + "/tests/fuzz/corpus/*/*"))
          if os.path.isfile(name)]
if compare_records("the fuzz corpus", corpus) < 5:
    fail("too few good records in the corpus")
compare_records("the corpus, each changed twenty times",
                [change(data, data) for data in corpus if data.startswith(b"tocsin ") for _ in range(20)])
made = [record for record, _ in peer.stream(ours("make", seed, number_of(3000)))[0]]
if compare_records("random records", made) != number_of(3000):
    fail("a random record is refused")
changed = [change(data, chance.choice(made)) for data in made for _ in range(3)]
taken = compare_records("with one change", changed)
if not 50 < taken < len(changed) - 50:
    fail("the changes show little: %d of %d are good" % (taken, len(changed)))

page = open(SOURCE + "/scheduler/core/records/tocsin-records.5", encoding="utf-8").read()
example = re.search(r"^\.Bd -literal\n(tocsin window 1\n.*?)^\.Ed", page, re.M | re.S)[1].encode()
if compare_records("the page's example", [example]) != 1:
    fail("the example of the page is no record")
if peer.words("7f0000013f54dcc1" + "0" * 48) != "lusab babad gutih tugad":
    fail("the words of the page's example")

# --- signatures: ours, the peer, and stock minisign --------------------------------------------------

minisign = subprocess.run(["minisign", "-G", "-W", "-f", "-p", "stock.pub", "-s", "stock.key"], capture_output=True)
if minisign.returncode != 0:
    sys.exit("minisign cannot make a key: %s" % minisign.stderr.decode())
public = open("stock.pub", "rb").read()
stock = peer.key(public.split(b"\n")[1].decode())
if peer.keyid_text(stock[0]).upper().lstrip("0") not in public.decode():  # minisign leaves leading zeros out
    fail("minisign shows another key id than the peer")


def by_stock(data, signature):
    open("signed", "wb").write(data)
    open("signed.minisig", "wb").write(signature)
    return subprocess.run(["minisign", "-V", "-q", "-p", "stock.pub", "-m", "signed"],
                          capture_output=True).returncode == 0


def by_peer(by, data, signature):
    try:
        return peer.Signature(signature).is_good(by, data)
    except peer.Refused:
        return False


def sign(data, *options):
    open("signed", "wb").write(data)
    subprocess.run(["minisign", "-S", "-s", "stock.key", "-m", "signed", *options], check=True, capture_output=True)
    return open("signed.minisig", "rb").read()


def change_signature(signature):
    lines = signature.splitlines(True)
    n, kind = chance.randrange(4), chance.randrange(6)
    at = chance.randrange(len(lines[n]))
    if kind == 0:
        lines[n] = lines[n][:at] + bytes([chance.choice(b"AZaz09+/=\r\n\0 \xff")]) + lines[n][at + 1:]
    elif kind == 1:
        lines[n] = lines[n][:-1] + b"\r\n"
    elif kind == 2:
        lines[n] = lines[n][:at] + lines[n][at + 1:]
    elif kind == 3:
        lines[n] = lines[n] * 2
    elif kind == 4:
        lines = lines[:n] + lines[n + 1:]
    else:
        lines[n] = lines[n].replace(b"=", b"A")
    return b"".join(lines)


cases = []
for data in made[:8]:
    plain, said = sign(data), sign(data, "-t", "any comment \u2014 even in other letters")
    cases += [(data, plain), (data, said), (data + b"\n", plain), (data[:-1], said), (data, sign(data, "-l"))]
    cases += [(data, change_signature(chance.choice([plain, said]))) for _ in range(number_of(10))]
answers = ours("signatures", data=b"".join(item(data, public, signature) for data, signature in cases))
good = 0
for (data, signature), answer in zip(cases, answers.decode().splitlines()):
    verdicts = answer == "ok", by_peer(stock, data, signature), by_stock(data, signature)
    good += verdicts[0]
    if verdicts[0] != verdicts[1]:
        fail("signature %r" % signature, "ours: " + answer, "peer: %s" % verdicts[1])
    # What we take minisign takes.  It takes the older kind besides, and is less strict about lines.
    if verdicts[0] and not verdicts[2]:
        fail("minisign refuses %r" % signature)
print("signatures: %d, %d of them good" % (len(cases), good))
if not 16 <= good < len(cases):
    fail("the signatures show little")

# --- bundles ----------------------------------------------------------------------------------------


def compare_bundle(what, data):
    for hand in ([], ["hand"]):
        *lines, end = ours("bundle", *hand, data=data).decode().splitlines()
        mine = {words[0]: set(words[1:]) for words in map(str.split, lines)}
        taken = {identity: {key.hex() for key in keys} for identity, keys in peer.merge(data, bool(hand)).items()}
        if mine != taken or (end == "whole") != peer.stream(data)[1]:
            fail("%s %s: %r... of %d bytes" % (what, hand, data[:200], len(data)), end, *(
                "%s\n    ours: %s\n    peer: %s" % (record, sorted(mine.get(record, [])), sorted(taken.get(record, [])))
                for record in sorted({*mine, *taken}) if mine.get(record) != taken.get(record)))
    return len(mine)


def shuffled(*items):
    items = list(items)
    chance.shuffle(items)
    return b"".join(items)


def text(*lines):
    return "".join(line + "\n" for line in lines).encode()


def new_key():
    """One that the seed gives again."""
    key = world.Key()
    key.id, key.secret = chance.randbytes(8), nacl.signing.SigningKey(chance.randbytes(32))
    key.public = bytes(key.secret.verify_key)
    return key


def root(organizers, beacons, threshold, of=None):
    return text("tocsin root 1", *(["root: " + of] if of else []), "name: Test", "version: %d" % (2 if of else 1),
                *(["prev: " + of] if of else []), "threshold: %d" % threshold,
                *("organizer: %s an organizer" % key.text() for key in organizers),
                *("beacon: %s a beacon" % key.text() for key in beacons),
                "made: 2026-01-01T00:00:00Z", "expires: 2027-01-01T00:00:00Z")


total = sum(compare_bundle("corpus", data) for data in corpus)
streams = 0
for _ in range(number_of(40)):
    organizers, beacons, strangers, late = [new_key() for _ in range(3)], [new_key()], [new_key()], new_key()
    if chance.random() < 0.2:
        late.id = organizers[0].id # ids may be alike, keys are not
    first, other = root(organizers, beacons, chance.randrange(1, 4)), root(strangers, [], 1)
    identity = world.record_id(first)
    # now and then one that is not sound, as a key has two tasks or the threshold is too high
    second = root(organizers[1:] + [late], beacons + chance.choice([[], [], [late]]), chance.randrange(1, 5), identity)
    cancel = text("tocsin cancel 1", "root: " + identity, "uid: " + "5" * 32, "seq: 1", "prev: " + "a" * 64,
                  "made: 2026-01-01T00:00:00Z", "reason: rain")
    beat = text("tocsin heartbeat 1", "root: " + identity, "by: " + beacons[0].id_text(),
                "made: 2026-01-01T00:00:00Z", "next: 2026-01-02T00:00:00Z", "count: 0", "digest: " + "b" * 64)
    people = organizers + beacons + strangers + [late]

    def signed(record):
        files = [by.sign(record) for by in chance.sample(people, chance.randrange(len(people)))]
        if files and chance.random() < 0.3:
            files.append(change_signature(files[0]))
        return item(record, *files)
    data = shuffled(*(signed(record) for record in (first, first, second, second, cancel, beat, other, beat)))
    total += compare_bundle("made", data)
    for _ in range(5):
        at = chance.randrange(len(data))
        streams += 1
        total += compare_bundle("changed", data[:at] + bytes([chance.choice(b"0123456789:,\n ")]) + data[at + 1:])
        total += compare_bundle("cut", data[:at])
print("bundles: %d records taken of %d" % (total, streams))
if total < 100:
    fail("the bundles show little")

# --- what records mean ------------------------------------------------------------------------------


def some(items, least=0):
    return chance.sample(items, chance.randrange(min(least, len(items)), len(items) + 1))


def window(root_id, uid, seq, prev, title):
    lines = {None: ["at: a 2026-06-01T12:00:00Z", "at: b 2026-08-01T12:00:00Z"],
             "20:00": ["on: a 2026-06-01", "on: b 2026-08-01"], "day": ["on: a 2026-06-01", "on: b 2026-08-01"]}
    wave = chance.choice(list(lines))
    return text("tocsin window 1", "root: " + root_id, "uid: " + uid, "seq: %d" % seq, *("prev: " + one for one in sorted(prev)),
                "made: 2026-01-01T00:00:00Z", "title: " + title, "gesture: silence", "tone: vigil", "rule: none",
                *lines[wave], *(["wave: " + wave] if wave else []), *chance.choice([[], [], ["off: a"]]),
                "for: " + ("1d" if wave == "day" else "2h"),
                "expires: " + chance.choice(["2026-07-01T00:00:00Z", "2027-01-01T00:00:00Z", "2026-06-01T12:00:00Z"]))


def a_history():
    """Roots, revokes, windows and cancels, and who signed what: (bundle, ids of roots)."""
    people, beacons = [new_key() for _ in range(5)], [new_key()]
    records, roots = {}, []

    def add(record, signers):
        records[world.record_id(record)] = (record, signers)
        return world.record_id(record)

    def version(of, prev, organizers, threshold, keep, name):
        number = 1 if of is None else 2 if prev == of else 3
        return text("tocsin root 1", *(["root: " + of] if of else []), "name: " + name, "version: %d" % number,
                    *(["prev: " + prev] if of else []), "threshold: %d" % threshold,
                    *("organizer: %s someone" % key.text() for key in organizers),
                    *("beacon: %s a beacon" % key.text() for key in beacons), *("keep: " + one for one in keep),
                    "made: 2026-01-01T00:00:00Z",
                    "expires: " + chance.choice(["2026-07-15T00:00:00Z", "2028-01-01T00:00:00Z"]))

    threshold = chance.randrange(1, 4)
    first = add(version(None, None, people[:4], threshold, [], "one"), some(people[:4], 2))
    roots.append(first)
    kept = []
    for uid in ("%032x" % n for n in range(3)):
        below = []
        for seq in range(chance.randrange(1, 4)):
            here = []
            for title in ("A", "B")[:1 + (chance.random() < 0.3)]:
                prev = some(below, 1) if below else ["%064x" % 1] if seq else []
                here.append(add(window(first, uid, seq, prev, title), some(people, 1)))
            below = here
            kept += here
        if chance.random() < 0.3:
            kept.append(add(text("tocsin cancel 1", "root: " + first, "uid: " + uid, "seq: 1", "prev: " + below[0],
                                 "made: 2026-01-01T00:00:00Z", "reason: rain"), some(people, 1)))
    for _ in range(chance.randrange(3)):
        add(text("tocsin revoke 1", "root: " + first, "key: " + chance.choice(people).text(), "made: 2026-01-01T00:00:00Z",
                 *("keep: " + one for one in some(kept) if chance.random() < 0.7)), some(people, 1))
    for step in range(2):
        for name in ("x", "y")[:1 + (chance.random() < 0.4)]:
            if chance.random() < 0.8 and len(roots) > step:
                roots.append(add(version(first, roots[step], some(people, 2), chance.randrange(1, 4), some(kept), name),
                                 some(people, 4)))
    return b"".join(item(record, *(key.sign(record) for key in signers))
                    for record, signers in sorted(records.values(), key=lambda _: chance.random())), roots


words = {}
for _ in range(number_of(150)):
    bundle, roots = a_history()
    held = peer.merge(bundle, True)
    of_id = {world.record_id(record): peer.Record(record) for record, _ in peer.stream(bundle)[0]}
    anchor = chance.choice([one for one in roots if one in held and of_id[one].is_sound()] or [None])
    if anchor is None:
        continue
    now = chance.choice(["2026-05-01T00:00:00Z", "2026-06-01T13:00:00Z", "2026-06-02T01:00:00Z", "2026-09-01T00:00:00Z",
                         "2029-01-01T00:00:00Z"])
    mine = ours("view", now, anchor, data=bundle).decode().splitlines()
    means = peer.Meaning({one: (of_id[one], signers) for one, signers in held.items()}, anchor, peer.instant(now))
    standing = "tentative" if means.is_tentative else "frozen" if means.is_frozen else "sound"
    theirs = ["root %s %s %s" % (means.newest().id, standing, means.in_force()[1])]
    words[standing] = words.get(standing, 0) + 1
    told_cancel = {line.split()[1]: line.split()[4] for line in mine[1:]}
    for uid, (state, record, cancels, occurrences) in sorted(means.windows.items()):
        words[state] = words.get(state, 0) + 1
        cancel = told_cancel.get(uid, "-") # of several, any
        theirs.append(" ".join(["window", uid, state, record if record and state != "cancelled" else "-",
                                cancel if cancel in cancels else "none of them" if cancels else "-", *occurrences]))
    if mine != theirs:
        fail("what records mean at %s under %s" % (now, anchor), *("ours: %s\n  peer: %s" % pair for pair in zip(mine, theirs)
                                                                  if pair[0] != pair[1]), "%d and %d lines" % (len(mine), len(theirs)))
print("meanings: %s" % words)
if min(words.get(one, 0) for one in ("sound", "frozen", "tentative", "confirmed", "contested", "cancelled", "expired")) == 0:
    fail("the histories show little")

print("%d differences" % failures)
sys.exit(1 if failures else 0)
