"""kill -9 at random instants of tocsin serve, with and without its export, while organizers declare.

After each blow whatever stands in the site's folder is whole; after each restart the site is the one
that a fresh export of the store makes, and every acknowledged window is in it.  TOCSIN_KILLS sets how
many (50; 10,000 with TOCSIN_DEEP=1), in rounds of 200 with a store of their own; the seed is printed
and taken again from TOCSIN_SEED.
"""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import time
import urllib.request

from pace import patience

TOCSIN = os.path.join(os.environ["TOCSIN_BIN"], "tocsin")
HERE = pathlib.Path.cwd()
KILLS = int(os.environ.get("TOCSIN_KILLS", 10000 if os.environ.get("TOCSIN_DEEP") == "1" else 50))
ROUND, LOOK = 200, 20  # strokes to a store; strokes between two looks at the whole site
AT = ["--at", "2026-11-23T12:00:00Z"]  # the exports to be compared are of one day
seed = int(os.environ.get("TOCSIN_SEED", time.time_ns() % 2**32))
print(f"TOCSIN_SEED={seed}", flush=True)
dice = random.Random(seed)


class Place:
    def __init__(self, home):
        self.home, self.site = home, home / "site"
        self.env = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "TMPDIR": str(home)}
        home.mkdir()
        self.tocsin("key", "new", "anna", "--unsealed")
        self.tocsin("root", "new", "Killed often", "--threshold", "1", "--organizer", "anna", "--key", "anna", "--yes")
        self.uids = [self.declare()]

    def tocsin(self, *args):
        done = subprocess.run([TOCSIN, *args], env=self.env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert done.returncode == 0, (args, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def declare(self):
        return self.tocsin("declare", "--title", "A minute", "--rule", "2 august at 10:25 in Europe/Rome for 1m",
                           "--key", "anna", "--yes", *AT).strip()

    def serve(self):
        return subprocess.Popen([TOCSIN, "serve", str(self.site), "--listen", "127.0.0.1:0", "--url", "https://example.org/", *AT],
                                env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=open(self.home / "serve.err", "ab"),
                                start_new_session=True)

    def nothing_is_torn(self):
        """Read while an orphaned export may still be writing: a file may go away, never be half there.
        A name that begins with a dot is nobody's yet."""
        for path in list(self.site.rglob("*")) if self.site.exists() else []:
            try:
                if path.name.startswith("."):
                    continue
                if path.suffix == ".ics":
                    text = path.read_bytes()
                    assert text.startswith(b"BEGIN:VCALENDAR\r\n") and text.endswith(b"END:VCALENDAR\r\n"), f"torn: {path}"
                elif path.suffix == ".html":
                    assert path.read_text().rstrip().endswith("</html>"), f"torn: {path}"
            except FileNotFoundError:
                pass

    def the_site_is_whole(self):
        server = self.serve()
        line = server.stdout.readline().decode()
        assert line.startswith("listening "), f"the server did not come back: {line!r} {(self.home / 'serve.err').read_text()[-600:]}"
        url = line.split()[1]
        fresh = self.home / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        self.tocsin("export", str(fresh), "--url", "https://example.org/", *AT)

        def files(top):
            return {str(p.relative_to(top)): p.read_bytes() for p in top.rglob("*") if p.is_file()}

        wanted, until = files(fresh), time.monotonic() + patience(20)
        while files(self.site) != wanted:  # an orphan of the last blow may still be at work
            assert time.monotonic() < until, sorted(set(files(self.site)) ^ set(wanted))
            time.sleep(0.05)
        for name, body in wanted.items():
            if name.endswith((".ics", ".tocsin")) and not name.startswith("."):
                with urllib.request.urlopen(url + name) as answer:
                    assert answer.read() == body, f"{name} is served otherwise than exported"
        everything = b"".join(wanted.values())
        for uid in self.uids:
            assert uid.encode() in everything, f"{uid} was acknowledged and is not in the site"
        server.terminate()
        assert server.wait() == 0


def round_of(kills, home):
    place = Place(home)
    began = time.monotonic()
    server = place.serve()
    assert server.stdout.readline()
    whole = time.monotonic() - began
    server.kill()
    server.wait()
    answered = 0
    for i in range(kills):
        server = place.serve()
        wait = dice.uniform(0, 2 * whole)
        if dice.random() < 0.1:  # a change that wakes the export
            time.sleep(wait / 2)
            place.uids.append(place.declare())
            wait = dice.uniform(0, whole)
        time.sleep(wait)
        if dice.random() < 0.5:
            os.killpg(server.pid, signal.SIGKILL)  # a power switch: server and export
        else:
            server.kill()  # the export is an orphan and goes on
        answered += server.communicate()[0].startswith(b"listening")
        place.nothing_is_torn()
        if i % LOOK == LOOK - 1:
            place.the_site_is_whole()
    place.the_site_is_whole()
    assert place.tocsin("fsck").endswith(" 0 faults\n")
    shutil.rmtree(home)
    return answered


answered = sum(round_of(min(ROUND, KILLS - first), HERE / f"round-{first}") for first in range(0, KILLS, ROUND))
print(f"{KILLS} kills, {answered} of servers that already answered: each site came back whole")
assert KILLS < 50 or 0 < answered < KILLS, "all blows fell on the same side of the start: the test says nothing"
