"""A second program that knows ticks from the standards alone (cose.py) accepts every golden tick, reads
the values that were meant, and refuses every one of them with any single bit changed."""
import csv
import os
import pathlib
import sys

try:
    import cbor2
    from cose import Refused, verify
except ImportError as missing:
    print(f"skipped: {missing} (apt-get install python3-cbor2 python3-nacl python3-cryptography)")
    sys.exit(77)

GOLDEN = pathlib.Path(os.environ["TOCSIN_SOURCE"]) / "tests/golden/ticks/vectors.tsv"


# What the vectors say, written here by hand.
MAX32 = 2**32 - 1
LAST = 8835955200 * 10**9 - 1
FF8, FF16, FF32 = b"\xff" * 8, b"\xff" * 16, b"\xff" * 32
FULL = [FF16, FF8, LAST, MAX32, 3]
EXPECTED = {
    "first": {1: bytes.fromhex("0011223344556677"), 2: b"sessions", 3: 0, 4: 1795435200123456789, 5: 250000,
              6: 37, 7: None, 8: 60000, 9: 310,
              10: [[b"\xab" * 16, b"\xcd" * 8, 1795435220000000000, 60000, 0]]},
    "greatest-of-one-window": {1: FF8, 2: FF8, 3: MAX32, 4: LAST, 5: 2**63 - 1, 6: 255, 7: FF16, 8: MAX32,
                               9: MAX32, 10: [FULL]},
    "bare": {1: bytes(8), 2: bytes(8), 3: 7, 4: -1, 5: None, 6: None, 7: bytes(16), 8: 0, 9: None, 10: []},
    "waves-and-echo": {1: FF8, 2: FF8, 3: 23, 4: 1795435200000000000, 5: None, 6: None, 7: FF16, 8: MAX32,
                       9: None, 10: [FULL, [FF16, FF8, None, MAX32, 1], [FF16, FF8, LAST, MAX32, 2]], 11: FF32},
    "eight-windows": {1: FF8, 2: FF8, 3: MAX32, 4: LAST, 5: 2**63 - 1, 6: 255, 7: FF16, 8: MAX32, 9: MAX32,
                      10: [FULL] * 8, 11: FF32},
}

rows = list(csv.DictReader(GOLDEN.open(), delimiter="\t"))
keys = {bytes.fromhex(row["key_id"]): bytes.fromhex(row["public_key"]) for row in rows}
assert {row["name"] for row in rows} == set(EXPECTED), "vectors and expectations differ"
flips = 0
for row in rows:
    data = bytes.fromhex(row["tick"])
    values, payload = verify(data, keys)
    assert values == EXPECTED[row["name"]], f"{row['name']}: {values}"
    assert list(values) == sorted(values), "keys out of order"
    assert cbor2.dumps(values, canonical=True) == payload, f"{row['name']}: not deterministic"
    assert cbor2.dumps(cbor2.loads(data), canonical=True) == data, f"{row['name']}: not deterministic outside"
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            verify(bytes(changed), keys)
        except Refused:
            flips += 1
        else:
            sys.exit(f"{row['name']}: accepted with bit {bit} changed")
    for cut in (0, 1, len(data) // 2, len(data) - 1):
        try:
            verify(data[:cut], keys)
        except Refused:
            pass
        else:
            sys.exit(f"{row['name']}: accepted when cut to {cut}")
print(f"{len(rows)} good ticks accepted, {flips} changed ones refused")
