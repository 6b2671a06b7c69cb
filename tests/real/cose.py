"""cose.py -- ticks judged by a second program, written from RFC 9052 (COSE_Sign1), RFC 9053 (EdDSA),
RFC 9596 (typ) and the contract alone, over Debian's cbor2; signatures are judged twice, by PyNaCl (libsodium,
as ours are) and by cryptography (OpenSSL), which must agree."""
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


def verify(data, keys):
    """The payload of a good tick, read and raw; keys: {kid: public key}."""
    stream = io.BytesIO(data)
    try:
        message = cbor2.load(stream)
    except Exception as error:  # whatever a CBOR reader may throw
        raise Refused(f"not CBOR: {error}")
    if stream.read():
        raise Refused("trailing bytes")
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
    judged = sodium_accepts(keys[unprotected[4]], signature, to_be_signed)
    assert judged == openssl_accepts(keys[unprotected[4]], signature, to_be_signed), f"libsodium and OpenSSL differ: {data.hex()}"
    if not judged:
        raise Refused("signature")
    return cbor2.loads(payload), payload
