"""Organizers in two places and a third who only looks on, over HTTP and a folder that is carried around: crossed
amendments, contested, settled; and a copy from which a record was taken away.  Prints what each of them typed.
"""
import json
import os
import pathlib
import re
import select
import shutil
import subprocess
import time

from pace import patience

TOCSIN = os.path.join(os.environ["TOCSIN_BIN"], "tocsin")
HERE = pathlib.Path.cwd()
NOW = ["--at", "2026-11-23T12:00:00Z"]


class Place:
    """A computer with a home of its own."""

    def __init__(self, name):
        self.name, self.home = name, HERE / name
        self.home.mkdir()
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "C.UTF-8", "TMPDIR": str(self.home)}
        self.store = self.home / ".local/share/tocsin"

    def tocsin(self, *args, code=0, err=None):
        done = subprocess.run([TOCSIN, *map(str, args), *NOW], env=self.env, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=patience(60))
        print(f"{self.name}$ tocsin {' '.join(map(str, args))}", flush=True)
        said = done.stderr.decode()
        assert done.returncode == code, (args, done.returncode, done.stdout, said)
        assert err is None or re.search(err, said), (args, err, said)
        return done.stdout

    def text(self, *args, **more):
        return self.tocsin(*args, **more).decode().strip()

    def window(self, uid):
        """(status, next start) as this place sees it."""
        row = next(r for r in json.loads(self.text("list", "--format", "json")) if r["uid"] == uid)
        return row["status"], row["next_start"]

    def serve(self):
        process = subprocess.Popen([TOCSIN, "serve", "--listen", "127.0.0.1:0", *NOW], env=self.env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, text=True)
        assert select.select([process.stdout], [], [], 20)[0], "the server does not answer"
        line = process.stdout.readline()
        assert line.startswith("listening http://"), line
        return process, line.split()[1]


def at(rule_hour):
    return ["--rule", f"4 may at {rule_hour}:00 UTC for 2m"]


def two(place, first, second, *args):
    """Both organizers of a place sign; returns what the first command printed."""
    made = place.text(*args, "--key", first, "--yes")
    place.text("cosign", made, "--key", second, "--yes")
    return made


def everybody_sees(places, uid, status, start):
    for place in places:
        assert place.window(uid) == (status, start), (place.name, place.window(uid), status, start)
    views = {place.text("list", "--format", "tsv") for place in places}
    assert len(views) == 1, views


def await_site(place, url, uid, wanted):
    """The served site follows the store by itself; asks as often as a patient person would."""
    until = time.monotonic() + patience(20)
    while True:
        place.text("sync", url)
        if place.window(uid) == wanted or time.monotonic() > until:
            return
        time.sleep(0.3)


def crossed_amendments_are_settled():
    bologna, kyoto, reader = Place("bologna"), Place("kyoto"), Place("reader")
    everybody = [bologna, kyoto, reader]
    for place, names in ((bologna, ("anna", "dora", "beacon")), (kyoto, ("bela", "chidi"))):
        for name in names:
            place.text("key", "new", name, "--unsealed")
    public = kyoto.home / ".config/tocsin/keys"
    root = bologna.text("root", "new", "Two cities", "--threshold", 2, "--organizer", "anna", "--organizer", "dora", "--organizer",
                        public / "bela.pub", "--organizer", public / "chidi.pub", "--beacon", "beacon", "--key", "anna", "--yes")
    bologna.text("cosign", root, "--key", "dora", "--yes")
    bundle = HERE / "root.bundle"
    bundle.write_bytes(bologna.tocsin("root", "show", "--bundle"))
    for place in (kyoto, reader):
        place.text("root", "trust", bundle, "--yes")

    uid = two(bologna, "anna", "dora", "declare", "--title", "Vigil", *at(20))
    server, url = bologna.serve()
    for place in (kyoto, reader):
        place.text("sync", url)
    everybody_sees(everybody, uid, "confirmed", "2027-05-04T20:00:00Z")

    # Bologna and Kyoto do not hear of each other: each moves the hour, each is sure of it.
    two(bologna, "anna", "dora", "amend", uid, *at(21))
    two(kyoto, "bela", "chidi", "amend", uid, *at(22))
    assert bologna.window(uid) == ("confirmed", "2027-05-04T21:00:00Z")
    assert kyoto.window(uid) == ("confirmed", "2027-05-04T22:00:00Z")

    # The reader hears of both, by HTTP and by a folder on a stick: neither is in force, the first one stays.
    await_site(reader, url, uid, ("confirmed", "2027-05-04T21:00:00Z"))
    stick = HERE / "stick"
    kyoto.text("sync", stick, "--create")
    reader.tocsin("sync", stick, err="contested")
    assert reader.window(uid) == ("contested", "2027-05-04T20:00:00Z")
    bologna.tocsin("sync", stick, err="contested")
    kyoto.tocsin("sync", stick, err="contested")
    everybody_sees(everybody, uid, "contested", "2027-05-04T20:00:00Z")

    # Kyoto settles: one signature is only a proposal, two of them name both and end it.
    settled = kyoto.text("amend", uid, *at(23), "--key", "bela", "--yes")
    assert kyoto.window(uid) == ("contested", "2027-05-04T20:00:00Z")
    text = (kyoto.store / f"records/{settled[:2]}/{settled}.rec").read_text()
    assert len(re.findall("^prev: ", text, re.M)) == 2 and "\nseq: 2\n" in text, text
    kyoto.text("sync", stick)
    bologna.text("sync", stick)
    bologna.text("cosign", settled, "--key", "anna", "--yes")  # an organizer of the other place agrees
    bologna.text("sync", stick)
    kyoto.text("sync", stick)
    await_site(reader, url, uid, ("confirmed", "2027-05-04T23:00:00Z"))
    everybody_sees(everybody, uid, "confirmed", "2027-05-04T23:00:00Z")
    for place in everybody:
        assert place.text("fsck").endswith(" 0 faults")
    server.terminate()
    assert server.wait() == 0
    return bologna, bundle, settled


def who_hides_a_record_is_found_out(bologna, bundle, settled):
    """A stick that lacks one record which the beacon has named: the newcomer is told which."""
    bologna.text("heartbeat", "--key", "beacon", "--yes")
    trimmed = HERE / "trimmed"
    shutil.copytree(bologna.store, trimmed)
    (trimmed / f"records/{settled[:2]}/{settled}.rec").unlink()
    newcomer = Place("newcomer")
    newcomer.text("root", "trust", bundle, "--yes")
    newcomer.tocsin("sync", trimmed, "--pull", err=f"holds the record {settled}, which this store lacks")
    whole = HERE / "whole"
    shutil.copytree(bologna.store, whole)
    newcomer.tocsin("sync", whole, "--pull")
    assert newcomer.text("list", "--format", "tsv") == bologna.text("list", "--format", "tsv")


who_hides_a_record_is_found_out(*crossed_amendments_are_settled())
