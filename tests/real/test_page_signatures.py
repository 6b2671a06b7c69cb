"""The page's check of signatures gives the verdict of this machine's libsodium, edge by edge: the pinned edge cases, those
of Project Wycheproof, and signatures, keys and messages with a few bits changed (100,000 in a deep run)."""
import ctypes
import ctypes.util
import os
import random
import shutil
import subprocess
import sys

SOURCE = os.environ["TOCSIN_SOURCE"]
WASM = os.path.join(os.path.dirname(os.environ["TOCSIN_BIN"]), "clients/page/mind.wasm")
if not os.path.exists(WASM) or shutil.which("node") is None:
    print("skipped: the page is not built here (clients/page/fetch, then cmake)")
    sys.exit(77)
DEEP = os.environ.get("TOCSIN_DEEP") == "1"
sodium = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
assert sodium.sodium_init() >= 0
ORDER = 2**252 + 27742317777372353535851937790883648493


def verdict(message, key, signature):
    return sodium.crypto_sign_verify_detached(signature, message, ctypes.c_ulonglong(len(message)), key) == 0


def golden(name):
    with open(os.path.join(SOURCE, "tests/golden/ed25519", name)) as file:
        for line in file:
            if not line.startswith("#"):
                _, wanted, message, key, signature = line.rstrip("\n").split("\t")[:5]
                parts = [bytes.fromhex(part.replace("-", "")) for part in (message, key, signature)]
                if len(parts[2]) == 64:  # others never come to be checked: a signature has 64 bytes where it is kept
                    yield parts, wanted == "accept"


def sign(chance):
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
    sodium.crypto_sign_seed_keypair(public, secret, chance.randbytes(32))
    message = chance.randbytes(chance.choice((0, 1, 31, 64, 64, 200)))
    signature = ctypes.create_string_buffer(64)
    sodium.crypto_sign_detached(signature, None, message, ctypes.c_ulonglong(len(message)), secret)
    return [message, public.raw, signature.raw]


def mutate(case, chance):
    """Bits, mostly; and S plus the group's order, or points of small order, which are what verifiers differ by."""
    parts = [bytearray(part) for part in case]
    kind = chance.randrange(8)
    if kind == 0:
        s = int.from_bytes(parts[2][32:], "little") + ORDER
        parts[2][32:] = s.to_bytes(33, "little")[:32]
    elif kind == 1:
        small = chance.choice(SMALL)
        parts[chance.choice((1, 2))][:32] = small
    elif kind > 2:  # 2: nothing is changed
        for _ in range(chance.randrange(1, 4)):
            part = parts[chance.choice((0, 1, 2, 2, 2))]
            if part:
                part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)
    return [bytes(part) for part in parts]


seed = int(os.environ.get("TOCSIN_SEED") or random.randrange(2**32))
print("TOCSIN_SEED=%d" % seed, flush=True)
chance = random.Random(seed)
pinned = list(golden("speccheck.tsv")) + list(golden("wycheproof.tsv"))
SMALL = sorted({parts[1] for parts, _ in golden("speccheck.tsv")})
cases = [parts for parts, _ in pinned]
originals = [sign(chance) for _ in range(50)]
cases += [mutate(chance.choice(originals), chance) for _ in range(100000 if DEEP else 3000)]
with open("cases", "wb") as file:
    for message, key, signature in cases:
        file.write(len(message).to_bytes(4, "little") + message + key + signature)
wanted = [verdict(*case) for case in cases]
assert wanted[:len(pinned)] == [is_accepted for _, is_accepted in pinned]
ran = subprocess.run(["node", os.path.join(SOURCE, "tests/real/page/signatures.mjs"), WASM, "cases"], capture_output=True,
                     text=True, check=True)
got = [digit == "1" for digit in ran.stdout.strip()]
differ = [i for i in range(len(cases)) if got[i] != wanted[i]]
assert len(got) == len(cases) and not differ, [tuple(part.hex() for part in cases[i]) for i in differ[:3]]
assert 0.05 < sum(got) / len(got) < 0.5, "both verdicts occur"
print("%d cases, %d accepted, %s" % (len(cases), sum(got), ran.stderr.strip()))
