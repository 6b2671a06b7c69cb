"""forge_key.py -- minisign's secret-key file, unsealed, from its description."""
import base64
import hashlib
import os


def write_secret(key, path, mode=0o600):
    """key: a world.Key."""
    secret = bytes(key.secret) + key.public
    body = b"Ed\0\0B2" + bytes(48) + key.id + secret
    body += hashlib.blake2b(b"Ed" + key.id + secret, digest_size=32).digest()
    with open(path, "w") as file:
        file.write("untrusted comment: test\n%s\n" % base64.b64encode(body).decode())
    os.chmod(path, mode)
    return path
