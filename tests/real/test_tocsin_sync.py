"""tocsin sync and root trust: what comes in from copies of any kind, what is refused and told, what is left as it is.

Works in the current folder, which is its own; TOCSIN_BIN is the folder of the programs.
"""
import base64
import functools
import http.server
import json
import os
import pathlib
import re
import shutil
import socketserver
import subprocess
import sys
import threading

from ask import ask

if shutil.which("minisign") is None:
    sys.exit(77)
NOW = "2026-11-23T12:00:00Z"
HERE = pathlib.Path.cwd()
KEYS = HERE / "home-config/keys"


class Place:
    """A store and a config folder of their own; keys are shared."""

    def __init__(self, name):
        self.store, self.config = HERE / f"{name}-store", HERE / f"{name}-config"
        self.env = {"PATH": os.environ["PATH"], "HOME": str(HERE), "LANG": "C.UTF-8", "TOCSIN_HOME": str(self.store),
                    "TOCSIN_CONFIG": str(self.config)}

    def run(self, *args, raw=False, **more):
        said = ask([*args, "--at", NOW], self.env, **more).stdout
        return said if raw else said.decode(errors="replace").strip()

    def sync(self, source, *args, **more):
        return json.loads(self.run("sync", source, "--format", "json", *args, **more))[0]

    def declare(self, title, root, key="anna"):
        return self.run("declare", "--title", title, "--rule", "easter at 10:00 UTC", "--for", "1m", "--root", root[:16], "--key",
                        KEYS / f"{key}.key", "--yes")

    def cosign(self, what, root, key="bela"):
        self.run("cosign", what, "--root", root[:16], "--key", KEYS / f"{key}.key", "--yes")

    def status(self, uid):
        return {r["uid"]: r["status"] for r in json.loads(self.run("list", "--format", "json"))}.get(uid)


def files_in(folder):
    return {p.relative_to(folder): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


def make_root(place, name):
    root = place.run("root", "new", name, "--threshold", 2, "--organizer", "anna", "--organizer", "bela", "--organizer", "chidi",
                     "--beacon", "beacon", "--key", "anna", "--yes")
    place.cosign(root, root)
    return root


def a_root_trusted_at_a_later_version_is_enough():
    """tocsin-records(5): a root given by hand is the anchor at its version; nobody has to have version 1."""
    old = Place("home")
    first = make_root(old, "Rotated")
    second = old.run("root", "rotate", "--root", first[:16], "--organizer", "anna", "--organizer", "bela", "--organizer", "dora",
                     "--key", "anna", "--yes")
    old.cosign(second, first)
    for part in ("records", "sigs"):
        for file in (old.store / part / second[:2]).glob(f"{second}*"):
            shutil.copy(file, HERE)
    record = HERE / f"{second}.rec"
    new = Place("new")
    new.run("sync", record, code=2, err="no root is trusted")
    new.run("root", "trust", record, "--yes", no_err="refused")
    new.run("root", "show", out="^version    2 ")
    assert new.sync(record, no_err="refused")["refused"] == 0
    uid = new.declare("Under version 2", first)
    assert new.status(uid) == "tentative"
    new.cosign(uid, first)
    assert new.status(uid) == "confirmed"
    new.run("show", uid, out="^status     confirmed", no_err="signatures of its own")
    new.run("fsck", out=" 0 faults$")
    # a store made later has it too, and so has a stick
    new.store = HERE / "later-store"
    new.env["TOCSIN_HOME"] = str(new.store)
    later = new.declare("In a new store", first)
    new.cosign(later, first)
    assert new.status(later) == "confirmed"
    sent = new.sync(HERE / "later-stick", "--create", no_err="refused")
    assert sent["records_sent"] == 2 and sent["signatures_sent"] == 4, sent
    # nobody else's version 2 comes in
    stranger = Place("first")
    stranger.run("root", "trust", old.store / f"records/{first[:2]}/{first}.rec", "--yes")
    text = record.read_text().replace("name: Rotated", "name: Seized")
    for old_key, new_key in (("anna", "eve"), ("bela", "mallory")):
        line = (KEYS / f"{new_key}.pub").read_text().split("\n")[1]
        text = text.replace((KEYS / f"{old_key}.pub").read_text().split("\n")[1], line)
    seized = HERE / "seized.rec"
    seized.write_text(text)
    subprocess.run(["minisign", "-S", "-s", KEYS / "eve.key", "-m", seized, "-x", HERE / "seized.eve.minisig"], check=True,
                   capture_output=True, env=old.env)
    assert stranger.sync(seized, code=1, err="no organizer known here signed this root")["refused"] == 1
    # in a new store a root that only the config has is there as well, and says what it lacks
    old.store = HERE / "emptied-store"
    old.env["TOCSIN_HOME"] = str(old.store)
    half = old.declare("Under an unsigned copy", first)
    assert old.status(half) == "tentative"
    assert old.sync(HERE / "home-store", no_err="refused")["signatures"] >= 4
    old.cosign(half, first)
    assert old.status(half) == "confirmed"


def what_is_refused_is_told(root):
    """The same reason whether it came as a folder, a file or by a site."""
    home, other = Place("home"), Place("other")
    foreign = make_root(home, "Foreign")
    home.declare("Foreign window", foreign)
    ours = home.declare("Our window", root)
    bundle = HERE / "ours.bundle"
    bundle.write_bytes(home.run("root", "show", "--bundle", "--root", root[:16], raw=True))
    other.run("root", "trust", bundle, "--yes")
    came = other.sync(home.store, "--pull", err=f"refused 2 records of the constellation {foreign[:16]}: its root is not trusted")
    assert came["refused"] == 2 and other.status(ours) == "tentative", came
    other.sync(home.store, err="refused 2 records")
    # a record that somebody put there without a signature
    bare = HERE / "bare"
    shutil.copytree(home.store, bare)
    shutil.rmtree(bare / "sigs")
    lone = home.declare("Nobody's", root)
    (record,) = [p for p in (home.store / "records").glob("*/*.rec") if lone.encode() in p.read_bytes()]
    (bare / "records" / record.parent.name).mkdir(exist_ok=True)
    shutil.copy(record, bare / "records" / record.parent.name)
    came = other.sync(bare, "--pull", err=f"refused {record.stem[:12]}: it comes without a signature")
    assert came["refused"] == 3 and other.status(lone) is None, came
    # by a file and by a site
    both = home.run("show", home.declare("Another", foreign), "--root", foreign[:16], "--bundle", raw=True)
    site = HERE / "site"
    site.mkdir()
    (HERE / "both.bundle").write_bytes(both)
    (site / f"{root[:16]}.tocsin").write_bytes(both)
    assert other.sync(HERE / "both.bundle", code=1, err="refused [0-9a-f]{12}: it belongs to another")["refused"] == 2
    with socketserver.TCPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        assert other.sync(url, err="refused [0-9a-f]{12}: it belongs to another")["refused"] == 2
        other.run("root", "trust", HERE / "both.bundle", "--yes")
        (site / f"{root[:16]}.tocsin").write_bytes(bundle.read_bytes())
        (site / f"{foreign[:16]}.tocsin").write_bytes(both)
        came = other.sync(url, no_err="refused")  # the counts of two bundles together
        assert came["known"] == 3 and came["refused"] == 0, came
        server.shutdown()


def a_source_that_is_only_read_stays_as_it_is(root):
    home, reader = Place("home"), Place("reader")
    reader.run("root", "trust", HERE / "ours.bundle", "--yes")
    source = HERE / "unsound"
    shutil.copytree(home.store, source)
    record = next(p for p in (source / "records").glob("*/*.rec") if p.stem != root)
    record.chmod(0o600)
    record.write_bytes(record.read_bytes()[:-1])
    os.utime(record, (1e9, 1e9))  # long ago: not a file that is still arriving
    debris = record.parent / ("." + "0" * 70)
    debris.write_text("left by a writer that died")
    os.utime(debris, (1e9, 1e9))
    before = files_in(source)
    reader.sync(source, "--pull", err=f"^tocsin: unsound, and left: {re.escape(str(record))}: ")
    assert files_in(source) == before, "a source that was only read has changed"
    assert not (reader.store / "quarantine").exists()
    reader.sync(source, err=f"^tocsin: put into quarantine: {re.escape(str(record))}: ")
    assert not record.exists() and (source / "quarantine" / record.name).exists()


def a_changed_key_id_is_told(root):
    """One bit of a signature's key id: the signature is a stranger's, the window lacks one, and the person hears of it."""
    home, reader = Place("home"), Place("bits")
    uid = home.declare("Two have signed", root)
    home.cosign(uid, root)
    bundle = home.run("show", uid, "--bundle", raw=True)
    ids = {r["id"] for r in json.loads(home.run("key", "list", "--format", "json"))}
    start = bundle.index(b"untrusted comment", bundle.index(b"Two have signed"))
    line = bundle.index(b"\n", start) + 1
    signature = bytearray(base64.b64decode(bundle[line:bundle.index(b"\n", line)]))
    key_id = signature[2:10][::-1].hex()
    assert key_id in ids, (key_id, ids)
    signature[9] ^= 1
    (HERE / "bit.bundle").write_bytes(bundle[:line] + base64.b64encode(signature) + bundle[bundle.index(b"\n", line):])
    reader.run("root", "trust", HERE / "ours.bundle", "--yes")
    strange = signature[2:10][::-1].hex()
    came = reader.sync(HERE / "bit.bundle", code=1,
                       err=f"refused [0-9a-f]{{12}}: signature by {strange}: no root here names this key as an organizer")
    assert came["refused"] == 1 and reader.status(uid) == "tentative", came
    (HERE / "whole.bundle").write_bytes(bundle)
    assert reader.sync(HERE / "whole.bundle")["refused"] == 0 and reader.status(uid) == "confirmed"


def no_folder_becomes_a_store_unasked():
    home = Place("home")
    photos, empty, outer = HERE / "photos", HERE / "empty", HERE / "outer"
    photos.mkdir()
    (photos / "2026.jpg").write_text("a photo")
    empty.mkdir()
    outer.mkdir()
    shutil.copytree(home.store, outer / "store")
    for folder in (photos, empty):
        before = files_in(folder)
        home.run("sync", folder, code=2, err=f"{folder} is no store; give --create to make a store of it$")
        home.run("sync", folder, "--pull", code=2, err=f"{folder} is no store$")
        assert files_in(folder) == before
    home.run("sync", outer, code=2, err=f"{outer} is no store; did you mean {outer}/store\\?; give --create to make a store of it$")
    home.run("sync", f"{outer}/", "--pull", code=2, err=f"did you mean {outer}/store\\?$")
    home.run("sync", empty, "--pull", "--create", code=2, err="nothing to --create")
    assert not list(empty.iterdir()) and {p.name for p in outer.iterdir()} == {"store"}
    assert home.sync(photos, "--create")["records_sent"] > 1
    assert home.sync(photos)["records_sent"] == 0 and (photos / "2026.jpg").exists()
    (photos / "sigs").rename(photos / "elsewhere")  # half a store is one
    home.sync(photos, "--pull")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def main():
    home = Place("home")
    for name in ("anna", "bela", "chidi", "dora", "eve", "mallory", "beacon"):
        home.run("key", "new", name, "--unsealed")
    root = make_root(home, "Ours")
    what_is_refused_is_told(root)
    a_source_that_is_only_read_stays_as_it_is(root)
    a_changed_key_id_is_told(root)
    no_folder_becomes_a_store_unasked()
    a_root_trusted_at_a_later_version_is_enough()
    print("copies of every kind answered as they should")


if __name__ == "__main__":
    sys.exit(main())
