"""cose.py -- ticks and answers judged by a second program, written from RFC 9052 (COSE_Sign1), RFC 9053 (EdDSA),
RFC 9596 (typ) and tocsin-ticks(5) alone, over Debian's cbor2 and hashlib; signatures are judged twice, by PyNaCl
(libsodium, as ours are) and by cryptography (OpenSSL), which must agree."""
import hashlib
import io

import cbor2
import cryptography.exceptions
import nacl.exceptions
import nacl.signing
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Refused(Exception):
    pass


def sodium_accepts(key, signature, message):
    try:
        nacl.signing.VerifyKey(key).verify(message, signature)
    except (nacl.exceptions.BadSignatureError, nacl.exceptions.ValueError, ValueError):
        return False
    return True


def openssl_accepts(key, signature, message):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (cryptography.exceptions.InvalidSignature, ValueError):
        return False
    return True


def load_all(data):
    """The one CBOR value that these bytes are."""
    stream = io.BytesIO(data)
    try:
        value = cbor2.load(stream)
    except Exception as error:  # whatever a CBOR reader may throw
        raise Refused(f"not CBOR: {error}")
    if stream.read():
        raise Refused("trailing bytes")
    return value


def is_deterministic(value, data):
    """RFC 8949, 4.2: whether this is the one encoding of what was read from it."""
    try:
        return cbor2.dumps(value, canonical=True) == data
    except Exception:  # what cbor2 reads it cannot always write
        return False


def is_tick(values):
    """Whether a payload keeps the rules of tocsin-ticks(5) that concern its fields as a whole."""
    if not isinstance(values, dict) or list(values) not in ([1, 2, 3, 4, 5, 6, 7, 8, 10], [1, 2, 3, 4, 5, 6, 7, 8, 10, 11]):
        return False
    if not all(type(values[key]) is int for key in (3, 4, 8)) or (values[7] is None) != (values[3] == 0):
        return False
    return 11 not in values or (values[5] is not None and values[8] == 0 and values[10] == [])


def take_apart(data):
    """The four parts of a COSE_Sign1 of the form that ticks have, and its payload's values; nothing is verified."""
    message = load_all(data)
    if not isinstance(message, cbor2.CBORTag) or message.tag != 18:
        raise Refused("not a tagged COSE_Sign1")
    if not isinstance(message.value, list) or len(message.value) != 4:
        raise Refused("not four parts")
    protected, unprotected, payload, signature = message.value
    if not isinstance(protected, bytes) or not isinstance(payload, bytes) or not isinstance(signature, bytes):
        raise Refused("parts of the wrong types")
    header, values = load_all(protected), load_all(payload)
    if not isinstance(header, dict) or header.get(1) not in (-8, -19) or header.get(16) != "tocsin-tick":
        raise Refused("not EdDSA, or not a tick")
    if not is_tick(values):
        raise Refused("a payload that breaks its own rules")
    return protected, unprotected, payload, signature, values


def verify(data, keys):
    """The payload of a good tick, read and raw; keys: {kid: public key}."""
    protected, unprotected, payload, signature, values = take_apart(data)
    if not isinstance(unprotected, dict) or unprotected.get(4) not in keys:
        raise Refused("unknown key")
    # RFC 9052, 4.4
    to_be_signed = cbor2.dumps(["Signature1", protected, b"", payload])
    judged = sodium_accepts(keys[unprotected[4]], signature, to_be_signed)
    assert judged == openssl_accepts(keys[unprotected[4]], signature, to_be_signed), f"libsodium and OpenSSL differ: {data.hex()}"
    if not judged:
        raise Refused("signature")
    return values, payload


def node(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def climb(nonce, index, leaves, siblings, received):
    """The root that an answer claims."""
    here = node(b"\0" + nonce + received.to_bytes(8, "big"))
    siblings = list(siblings)
    while leaves > 1:
        if index ^ 1 < leaves:
            if not siblings:
                raise Refused("too few siblings")
            beside = siblings.pop(0)
            here = node(b"\1" + here + beside) if index % 2 == 0 else node(b"\1" + beside + here)
        index, leaves = index // 2, (leaves + 1) // 2
    if siblings:
        raise Refused("too many siblings")
    return here


def verify_answer(data, keys, nonce):
    """The payload of the answering tick and `received`, if this is an answer to this question."""
    answer = load_all(data)
    if not isinstance(answer, list) or len(answer) != 5 or not is_deterministic(answer, data):
        raise Refused("not five parts, or not in their one encoding")
    tick, index, leaves, siblings, received = answer
    if not isinstance(tick, bytes) or not all(type(n) is int for n in (index, leaves, received)):
        raise Refused("parts of the wrong types")
    if not 0 <= index < leaves <= 16384 or not 0 <= received < 2**63:
        raise Refused("a number out of range")
    if not isinstance(siblings, list) or not all(isinstance(s, bytes) and len(s) == 32 for s in siblings):
        raise Refused("not siblings")
    values = take_apart(tick)[4]
    if climb(nonce, index, leaves, siblings, received) != values.get(11):
        raise Refused("not the answer to this question")  # and no signature was checked
    if not 0 <= values[4] - received <= 5 * 10**9:
        raise Refused("stamps that cannot both be true")
    verify(tick, keys)
    return values, received
