"""kill -9 at random instants of tocsin declare and cosign: what was acknowledged is there, nothing is torn.

TOCSIN_KILLS sets how many (200); the seed is printed and taken again from TOCSIN_SEED.
"""
import json
import os
import pathlib
import random
import signal
import subprocess
import time

TOCSIN = os.path.join(os.environ["TOCSIN_BIN"], "tocsin")
HERE = pathlib.Path.cwd()
ENV = {"PATH": os.environ["PATH"], "HOME": str(HERE), "LANG": "C.UTF-8"}
KILLS = int(os.environ.get("TOCSIN_KILLS", 200))
seed = int(os.environ.get("TOCSIN_SEED", time.time_ns() % 2**32))
print(f"TOCSIN_SEED={seed}", flush=True)
dice = random.Random(seed)


def tocsin(*args, code=0):
    done = subprocess.run([TOCSIN, *args], env=ENV, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == code, (args, done.returncode, done.stdout, done.stderr)
    return done.stdout


tocsin("key", "new", "anna", "--unsealed")
tocsin("key", "new", "bela", "--unsealed")
tocsin("root", "new", "Killed often", "--threshold", "1", "--organizer", "anna", "--organizer", "bela", "--key", "anna", "--yes")
declare = ["declare", "--title", "x", "--rule", "2 august at 10:25 in Europe/Rome for 1m", "--key", "anna", "--yes"]
began = time.monotonic()
acknowledged = [tocsin(*declare).strip()]
whole = time.monotonic() - began
cosigned = set()
for i in range(KILLS):
    is_cosign = i % 3 == 2 and len(acknowledged) > len(cosigned)
    target = next((u for u in acknowledged if u not in cosigned), None) if is_cosign else None
    args = ["cosign", target, "--key", "bela", "--yes"] if target else declare
    process = subprocess.Popen([TOCSIN, *args], env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
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
print(f"{KILLS} kills within {whole * 1.3 * 1000:.0f} ms of the start: {len(acknowledged) - 1} declarations and {len(cosigned)} "
      f"signatures acknowledged, all there")
assert len(acknowledged) > 1 or KILLS < 50, "no command lived long enough: the test says nothing"
