"""Ticks judged by a second program, written from RFC 9052 (COSE_Sign1), RFC 9053 (EdDSA), RFC 9596
(typ) and the contract alone, over Debian's cbor2 and PyNaCl: it must accept every golden tick, read
the same values, and refuse every one of them with any single bit changed."""
import csv
import io
import os
import pathlib
import sys

try:
    import cbor2
    import nacl.exceptions
    import nacl.signing
except ImportError as missing:
    print(f"skipped: {missing} (apt-get install python3-cbor2 python3-nacl)")
    sys.exit(77)

GOLDEN = pathlib.Path(os.environ["TOCSIN_SOURCE"]) / "tests/golden/ticks/vectors.tsv"


class Refused(Exception):
    pass


def verify(data, keys):
    """The payload of a good tick; keys: {kid: public key}."""
    try:
        message = cbor2.loads(data)
    except Exception as error:  # whatever a CBOR reader may throw
        raise Refused(f"not CBOR: {error}")
    if not isinstance(message, cbor2.CBORTag) or message.tag != 18:
        raise Refused("not a tagged COSE_Sign1")
    if not isinstance(message.value, list) or len(message.value) != 4:
        raise Refused("not four parts")
    protected, unprotected, payload, signature = message.value
    if not isinstance(protected, bytes) or not isinstance(payload, bytes) or not isinstance(signature, bytes):
        raise Refused("parts of the wrong types")
    try:
        header = cbor2.loads(protected)
    except Exception as error:
        raise Refused(f"protected header: {error}")
    if not isinstance(header, dict) or header.get(1) not in (-8, -19) or header.get(16) != "tocsin-tick":
        raise Refused("not EdDSA, or not a tick")
    if not isinstance(unprotected, dict) or unprotected.get(4) not in keys:
        raise Refused("unknown key")
    # RFC 9052, 4.4
    to_be_signed = cbor2.dumps(["Signature1", protected, b"", payload])
    try:
        nacl.signing.VerifyKey(keys[unprotected[4]]).verify(to_be_signed, signature)
    except (nacl.exceptions.BadSignatureError, nacl.exceptions.ValueError, ValueError) as error:
        raise Refused(f"signature: {error}")
    # nothing after the message: decode again and see where the reader stopped
    stream = io.BytesIO(data)
    cbor2.load(stream)
    if stream.read():
        raise Refused("trailing bytes")
    return cbor2.loads(payload), payload


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
