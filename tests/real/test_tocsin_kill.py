"""kill -9 at random instants of tocsin declare and cosign: what was acknowledged is there, nothing is torn.

TOCSIN_KILLS sets how many (200; 10,000 with TOCSIN_DEEP=1), in rounds of 200, each with a store of its
own; the seed is printed and taken again from TOCSIN_SEED.
"""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import time

TOCSIN = os.path.join(os.environ["TOCSIN_BIN"], "tocsin")
HERE = pathlib.Path.cwd()
KILLS = int(os.environ.get("TOCSIN_KILLS", 10000 if os.environ.get("TOCSIN_DEEP") == "1" else 200))
ROUND = 200  # a store that grows for ever would outgrow the moments at which we strike
DECLARE = ["declare", "--title", "x", "--rule", "2 august at 10:25 in Europe/Rome for 1m", "--key", "anna", "--yes"]
seed = int(os.environ.get("TOCSIN_SEED", time.time_ns() % 2**32))
print(f"TOCSIN_SEED={seed}", flush=True)
dice = random.Random(seed)


def round_of(kills, home):
    """Strikes so often; returns what was acknowledged: declarations, signatures."""
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}

    def tocsin(*args):
        done = subprocess.run([TOCSIN, *args], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert done.returncode == 0, (args, done.returncode, done.stdout, done.stderr)
        return done.stdout

    home.mkdir()
    tocsin("key", "new", "anna", "--unsealed")
    tocsin("key", "new", "bela", "--unsealed")
    tocsin("root", "new", "Killed often", "--threshold", "1", "--organizer", "anna", "--organizer", "bela", "--key", "anna", "--yes")
    began = time.monotonic()
    acknowledged = [tocsin(*DECLARE).strip()]
    whole = time.monotonic() - began
    cosigned = set()
    for i in range(kills):
        is_cosign = i % 3 == 2 and len(acknowledged) > len(cosigned)
        target = next((u for u in acknowledged if u not in cosigned), None) if is_cosign else None
        args = ["cosign", target, "--key", "bela", "--yes"] if target else DECLARE
        process = subprocess.Popen([TOCSIN, *args], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0, 1.3 * whole))
        process.send_signal(signal.SIGKILL)
        said = process.communicate()[0].decode().strip()
        if said and target:
            cosigned.add(target)
        elif said:
            acknowledged.append(said)
    rows = {r["uid"]: r for r in json.loads(tocsin("list", "--format", "json"))}
    for uid in acknowledged:
        assert rows[uid]["status"] == "confirmed", f"{uid} was acknowledged and is {rows.get(uid)}"
    for uid in cosigned:
        assert " 2, 1 needed" in tocsin("show", uid), f"the second signature of {uid} was acknowledged and is not there"
    assert tocsin("fsck").endswith(" 0 faults\n")
    shutil.rmtree(home)
    return len(acknowledged) - 1, len(cosigned)


declared = signed = 0
for first in range(0, KILLS, ROUND):
    more = round_of(min(ROUND, KILLS - first), HERE / f"round-{first}")
    declared, signed = declared + more[0], signed + more[1]
print(f"{KILLS} kills: {declared} declarations and {signed} signatures acknowledged, all there")
assert declared > 0 or KILLS < 50, "no command lived long enough: the test says nothing"
