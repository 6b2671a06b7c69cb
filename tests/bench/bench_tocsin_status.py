"""tocsin status over 5,000 records of which 900 wait for signatures, and the review of one record with 200 occurrences: the
whole program, from its start to its end.  On a busy machine the least of the runs is the one to read."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(os.environ["TOCSIN_SOURCE"]) / "tests/real"))
from forge_key import write_secret
from world import Constellation

TOCSIN = os.environ["TOCSIN_BIN"] + "/tocsin"
RUNS = 3


def run(*words, code=0):
    begun = time.perf_counter()
    done = subprocess.run([TOCSIN, *words], capture_output=True, text=True, env=env)
    assert done.returncode == code and (code == 0 or "nobody is there to confirm" in done.stderr), done
    return 1e3 * (time.perf_counter() - begun), done


def tell(title, *words, code=0):
    print(f"{title:44} least {min(run(*words, code=code)[0] for _ in range(RUNS)):7.0f} ms", flush=True)


with tempfile.TemporaryDirectory() as home:
    env = {"PATH": os.environ["PATH"], "HOME": home, "TZ": "Europe/Rome"}
    os.chdir(home)
    os.makedirs(".config/tocsin/keys")
    world = Constellation()
    write_secret(world.organizers[2], ".config/tocsin/keys/me.key")
    pathlib.Path(".config/tocsin/keys/me.pub").write_text("untrusted comment: me\n" + world.organizers[2].text() + "\n")
    for i in range(4999):
        signers = world.organizers[:1] if i < 450 else world.organizers[1:2] if i < 900 else world.organizers[:2]
        world.window(int(time.time()) + 86400 + i * 60, title=f"Window {i}", signers=signers)
    run("root", "trust", world.write("all.bundle"), "--yes")
    tell("start only (--version)", "--version")
    tell("list over 5,000 records", "list", "--format", "tsv")
    tell("status over 5,000 records, 900 waiting", "status", "--format", "tsv")
with tempfile.TemporaryDirectory() as home:
    env["HOME"] = home
    os.chdir(home)
    for name in ("anna", "bela"):
        run("key", "new", name, "--unsealed")
    run("root", "new", "Valley", "--organizer", "anna", "--organizer", "bela", "--threshold", "2", "--key", "anna", "--yes")
    for title, rule in (("a clock", "every day at 20:00 in Europe/Rome for 10m"), ("the moon", "every full moon for 5m"),
                        ("sunsets at 3 places", "21 june at sunset at Rome, Tokyo, Nairobi for 10m")):
        uid = run("declare", "--title", title, "--rule", rule, "--horizon", "60y", "--key", "anna", "--yes")[1].stdout.strip()
        tell(f"review of 200 occurrences: {title}", "cosign", uid, "--key", "bela", code=2)
