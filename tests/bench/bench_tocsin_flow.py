"""From nothing to a window that two of three have signed: commands, things handed over and seconds of the machine, by the
way that the README shows and by the way without join and --out, with sealed keys; most of it is the scrypt of each key made or opened."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

TOCSIN = os.environ["TOCSIN_BIN"] + "/tocsin"
RULE = "2 august at 10:25 in Europe/Rome for 1m"


class Flow:
    def __init__(self, top):
        self.top, self.commands, self.handed, self.seconds = pathlib.Path(top), 0, 0, 0.0

    def __call__(self, who, *words, to=None):
        home = self.top / who
        home.mkdir(exist_ok=True)
        sealed, more = words[0] in ("declare", "cosign", "join") or words[:2] in (("root", "new"), ("key", "new")), []
        sealed = sealed and "--unsealed" not in words
        if sealed:
            read, write = os.pipe()
            os.write(write, b"a phrase\n" * 2)
            os.close(write)
            more = ["--passphrase-fd", str(read)]
        if words[0] != "key" and (sealed or words[:2] == ("root", "trust")):
            more += ["--yes"]
        begun = time.perf_counter()
        done = subprocess.run([TOCSIN, *words, *more], cwd=home, env={"HOME": str(home), "PATH": os.environ["PATH"]}, capture_output=True,
                              pass_fds=[read] if sealed else [], check=True)
        self.seconds += time.perf_counter() - begun
        self.commands += 1
        if sealed:
            os.close(read)
        if to:
            (home / to).write_bytes(done.stdout)
        return done.stdout.decode().strip()

    def hand(self, name, source, target, counted=True):
        shutil.copy(self.top / source / name, self.top / target / pathlib.Path(name).name)
        self.handed += counted


def keys(flow):
    for who in ("anna", "bela"):
        flow(who, "key", "new", who)
    commands, seconds = flow.commands, flow.seconds
    for who in ("chidi", "beacon", "site"):  # theirs to do, in both flows
        flow(who, "key", "new", who, "--unsealed")
    flow.commands, flow.seconds = commands, seconds
    for who in ("bela", "chidi", "beacon", "site"):
        flow.hand(f".config/tocsin/keys/{who}.pub", who, "anna", counted=False)
    return flow("anna", "root", "new", "Valley", "--threshold", "2", "--organizer", "anna", "--organizer", "bela.pub", "--organizer", "chidi.pub",
                "--beacon", "beacon.pub", "--feed", "site.pub=https://valley.example/")


def short(flow):
    keys(flow)
    uid = flow("anna", "declare", "--title", "A minute for Bologna", "--rule", RULE, "--out", "minute.txt")
    flow.hand("minute.txt", "anna", "bela")
    flow("bela", "join", "minute.txt", "--out", "back.txt")
    flow.hand("back.txt", "bela", "anna")
    flow("anna", "sync", "back.txt")
    return uid


def long(flow):
    root = keys(flow)
    flow("anna", "root", "show", "--bundle", to="valley.bundle")
    flow.hand("valley.bundle", "anna", "bela")
    flow("bela", "root", "trust", "valley.bundle")
    flow("bela", "cosign", root)
    flow("bela", "root", "show", "--bundle", to="valley.bundle")
    flow.hand("valley.bundle", "bela", "anna")
    flow("anna", "sync", "valley.bundle")
    uid = flow("anna", "declare", "--title", "A minute for Bologna", "--rule", RULE)
    flow("anna", "show", uid, "--bundle", to="minute.bundle")
    flow.hand("minute.bundle", "anna", "bela")
    flow("bela", "cosign", "minute.bundle")
    flow("bela", "show", uid, "--bundle", to="minute.bundle")
    flow.hand("minute.bundle", "bela", "anna")
    flow("anna", "sync", "minute.bundle")
    return uid


for name, way in (("with join and --out", short), ("without them", long)):
    with tempfile.TemporaryDirectory() as top:
        flow = Flow(top)
        uid = way(flow)
        commands, seconds = flow.commands, flow.seconds
        assert f"{uid}\tconfirmed" in flow("anna", "list", "--format", "tsv")
        print(f"to a window signed by 2 of 3, {name:20} {commands:3} commands {flow.handed:2} handed over {seconds:6.1f} s", flush=True)
