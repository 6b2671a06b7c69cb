"""A second program that knows ticks from the standards and tocsin-ticks(5) alone (cose.py) accepts every golden
tick and answer, reads the values that were meant, and refuses every one of them with any single bit changed."""
import csv
import os
import pathlib
import sys

try:
    import cbor2
    from cose import Refused, verify, verify_answer
except ImportError as missing:
    print(f"skipped: {missing} (apt-get install python3-cbor2 python3-nacl python3-cryptography)")
    sys.exit(77)

GOLDEN = pathlib.Path(os.environ["TOCSIN_SOURCE"]) / "tests/golden/ticks"


# What the vectors say, written here by hand.
MAX32 = 2**32 - 1
LAST = 8835955200 * 10**9 - 1
FF8, FF16 = b"\xff" * 8, b"\xff" * 16
FULL = [FF16, FF8, LAST, MAX32, 3]
EXPECTED = {
    "first": {1: bytes.fromhex("0011223344556677"), 2: b"sessions", 3: 0, 4: 1795435200123456789, 5: 250000,
              6: 37, 7: None, 8: 60000,
              10: [[b"\xab" * 16, b"\xcd" * 8, 1795435220000000000, 60000, 0]]},
    "greatest-of-one-window": {1: FF8, 2: FF8, 3: MAX32, 4: LAST, 5: 2**63 - 1, 6: 255, 7: FF16, 8: MAX32,
                               10: [FULL]},
    "bare": {1: bytes(8), 2: bytes(8), 3: 7, 4: -1, 5: None, 6: None, 7: bytes(16), 8: 0, 10: []},
    "waves": {1: FF8, 2: FF8, 3: 23, 4: 1795435200000000000, 5: None, 6: None, 7: FF16, 8: MAX32,
              10: [FULL, [FF16, FF8, None, MAX32, 1], [FF16, FF8, LAST, MAX32, 2]]},
    "eight-windows": {1: FF8, 2: FF8, 3: MAX32, 4: LAST, 5: 2**63 - 1, 6: 255, 7: FF16, 8: MAX32, 10: [FULL] * 8},
    "answering": {1: FF8, 2: FF8, 3: MAX32, 4: 1795435200123456789, 5: 1000000, 6: 255, 7: FF16, 8: 0, 10: [],
                  11: b"\xee" * 32},
}

def read(name):
    rows = list(csv.DictReader((GOLDEN / name).open(), delimiter="\t"))
    return rows, {bytes.fromhex(row["key_id"]): bytes.fromhex(row["public_key"]) for row in rows}


def refuses(judge, changed):
    try:
        judge(changed)
    except Refused:
        return True
    return False


def changes(data):
    """Every one with a single bit changed, and some that are cut off."""
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        yield f"bit {bit} changed", bytes(changed)
    for cut in (0, 1, len(data) // 2, len(data) - 1):
        yield f"cut to {cut}", data[:cut]
    yield "a byte more", data + b"\0"


rows, keys = read("vectors.tsv")
assert {row["name"] for row in rows} == set(EXPECTED), "vectors and expectations differ"
flips = 0
for row in rows:
    data = bytes.fromhex(row["tick"])
    values, payload = verify(data, keys)
    assert values == EXPECTED[row["name"]], f"{row['name']}: {values}"
    assert cbor2.dumps(values, canonical=True) == payload, f"{row['name']}: not deterministic"
    assert cbor2.dumps(cbor2.loads(data), canonical=True) == data, f"{row['name']}: not deterministic outside"
    for how, changed in changes(data):
        assert refuses(lambda bytes_: verify(bytes_, keys), changed), f"{row['name']}: accepted with {how}"
        flips += 1
print(f"{len(rows)} good ticks accepted, {flips} changed ones refused")

rows, keys = read("answers.tsv")
NOON = 1795435200 * 10**9
# name: (index, leaves, how many siblings)
PLACES = {"alone": (0, 1, 0), "second-of-three": (1, 3, 2), "odd-one-of-three": (2, 3, 1), "seventh-of-11": (6, 11, 4),
          "last-of-16384": (16383, 16384, 14)}
assert {row["name"] for row in rows} == set(PLACES), "answers and expectations differ"
flips = same = 0
nonces = [bytes.fromhex(row["nonce"]) for row in rows]
for row, nonce in zip(rows, nonces):
    data = bytes.fromhex(row["answer"])
    values, received = verify_answer(data, keys, nonce)
    index, leaves, siblings = PLACES[row["name"]]
    parts = cbor2.loads(data)
    assert parts[1:3] == [index, leaves] and len(parts[3]) == siblings, row["name"]
    assert received == parts[4] == NOON - index and values[4] == NOON + 40000 and values[5] == 10**6, row["name"]
    assert values[8] == 0 and values[10] == [] and len(data) <= 700
    for other in nonces:
        assert other == nonce or refuses(lambda bytes_: verify_answer(bytes_, keys, other), data), "another's answer"
    for how, changed in changes(data):
        if refuses(lambda bytes_: verify_answer(bytes_, keys, nonce), changed):
            flips += 1
        else:  # the leaf count is not proved, as far as the way up is the same
            assert cbor2.loads(changed)[2] != leaves and cbor2.loads(changed)[:2] == parts[:2], f"{row['name']}: {how}"
            same += 1
assert nonces[1][:8] == nonces[2][:8] == nonces[0][:8] and nonces[0][:8] != nonces[4][:8]
print(f"{len(rows)} good answers accepted, {flips} changed ones refused, {same} with another leaf count and the same way up")
