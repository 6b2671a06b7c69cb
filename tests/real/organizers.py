"""organizers.py -- what the tests of tocsin's commands share: places where organizers work, with keys and a
constellation made by the program itself, and a runner.  Each test has a folder and places of its own, and the
tests of a file run in an order that chance gives: TOCSIN_SEED gives it again."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time
import traceback

from ask import TOCSIN, ask

NOW = "2026-11-23T12:00:00Z"
NAMES = ("anna", "bela", "chidi", "dora", "eve", "mallory", "stranger", "beacon", "site")
BOLOGNA = "2 august at 10:25 in Europe/Rome for 1m"
TOP = pathlib.Path.cwd()


class Place:
    """A store and a config folder, below the current folder.  Calling it runs a command there; ask() judges it."""

    def __init__(self, name="home"):
        here = pathlib.Path.cwd()
        self.store, self.config = here / f"{name}-store", here / f"{name}-config"
        self.keys, self.root = self.config / "keys", None
        self.env = {"PATH": os.environ["PATH"], "HOME": str(here), "TMPDIR": str(here), "LANG": "C.UTF-8",
                    "TOCSIN_HOME": str(self.store), "TOCSIN_CONFIG": str(self.config)}

    def __call__(self, *args, at=NOW, env=None, raw=False, **more):
        said = ask([*args, *(["--at", at] if at else [])], {**self.env, **(env or {})}, **more).stdout
        return said if raw else said.decode(errors="replace")

    def declare(self, *args, key="anna", **more):
        return self("declare", *args, "--key", key, "--yes", **more).strip()

    def sync(self, source, *args, **more):
        return json.loads(self("sync", source, "--format", "json", *args, **more))[0]

    def status(self, uid):
        return {r["uid"]: r["status"] for r in json.loads(self("list", "--format", "json"))}.get(uid)

    def file(self, record):
        return self.store / f"records/{record[:2]}/{record}.rec"

    def copy(self, name):
        """Another place with the same store and the same config."""
        other = Place(name)
        other.root = self.root
        for old, new in ((self.store, other.store), (self.config, other.config)):
            if old.exists():
                shutil.copytree(old, new)
        return other


def people(*names, place="home"):
    """A place with unsealed keys."""
    here = Place(place)
    for name in names:
        here("key", "new", name, "--unsealed")
    return here


def members(place):
    """The organizers of the valley, each named in another way, its beacon and its site."""
    return ["--organizer", "anna", "--organizer", place.keys / "bela.pub", "--organizer",
            (place.keys / "chidi.pub").read_text().split("\n")[1] + "=Chidi Ọ.", "--beacon", "beacon",
            "--feed", "site=https://example.org/feeds/"]


made = {}


def valley(name="home", *root_options):
    """A place where two of anna, bela and chidi decide: made once, copied for each test."""
    if root_options not in made:
        back = pathlib.Path.cwd()
        folder = TOP / f"made-{len(made)}"
        folder.mkdir()
        os.chdir(folder)
        first = people(*NAMES)
        first.root = first("root", "new", "Tre città", "--threshold", 2, *members(first), *root_options, "--key", "anna", "--yes").strip()
        first("cosign", first.root, "--key", "bela", "--yes")
        os.chdir(back)
        made[root_options] = first
    return made[root_options].copy(name)


def declare_bologna(place, **more):
    return place.declare("--title", "A minute for Bologna", "--title.it", "Un minuto per Bologna", "--title.pt-br=Um minuto",
                         "--gesture", "silence", "--tone", "mourning", "--rule", BOLOGNA, "--rest", "24h",
                         "--about", "Two lines\nwith a \\ in it", "--url", "https://example.org/bologna", **more)


def bologna(name="home", *root_options):
    """The valley, and a window that anna and bela have signed."""
    place = valley(name, *root_options)
    uid = declare_bologna(place)
    place("cosign", uid, "--key", "bela", "--yes")
    return place, uid


def with_a_past(name="home"):
    """The valley after a year: a second window, a heartbeat, anna's key revoked, the root at version 2."""
    place, uid = bologna(name)
    place("cosign", place.declare("--title", "Vigil", "--rule", "4 may at 20:00 UTC for 2m"), "--key", "bela", "--yes")
    place("heartbeat", "--key", "beacon", "--yes")
    place("cosign", place("revoke", "anna", "--key", "bela", "--yes").strip(), "--key", "chidi", "--yes")
    rotated = place("root", "rotate", "--organizer", "bela", "--organizer", "chidi", "--organizer", "stranger", "--key", "bela", "--yes")
    place("cosign", rotated.strip(), "--key", "chidi", "--yes")
    return place, uid


def by_hand(place, text, key="chidi"):
    """A record that somebody wrote in an editor and signed with stock minisign: no program of ours looked at its dates."""
    record = pathlib.Path.cwd() / f"{hashlib.sha256(text.encode()).hexdigest()[:8]}.rec"
    record.write_text(text)
    done = subprocess.run(["minisign", "-S", "-W", "-s", place.keys / f"{key}.key", "-m", record], capture_output=True, text=True)
    assert done.returncode == 0, done
    return record, hashlib.blake2b(text.encode(), digest_size=32).hexdigest()


def window(place, rule, **more):
    """The text of an honest window, which is not in the store any more."""
    uid = place.declare("--title", "By hand", "--rule", rule, **more)
    text = place("show", uid, "--text")
    place("forget", uid, "--yes")
    return text


tests = []


def test(function):
    tests.append(function)
    return function


def run():
    """Those named on the command line, or all."""
    seed = int(os.environ.get("TOCSIN_SEED") or time.time_ns() % 2**32)
    print(f"TOCSIN_SEED={seed}", flush=True)
    random.Random(seed).shuffle(tests)
    failed = []
    for one in tests:
        if sys.argv[1:] and one.__name__ not in sys.argv[1:]:
            continue
        folder = TOP / one.__name__
        folder.mkdir()
        os.chdir(folder)
        begun = time.monotonic()
        try:
            one()
        except Exception:
            traceback.print_exc()
            failed.append(one.__name__)
        print("%-66s %5.1f s" % (one.__name__, time.monotonic() - begun), flush=True)
    sys.exit("failed: " + ", ".join(failed) if failed else 0)
