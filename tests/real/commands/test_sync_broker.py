"""tocsin sync from a broker: what a beacon has left retained on a real mosquitto comes in, the rest stays out.

The constellation is made by independent tools (world.py), so this is also a second maker of records for tocsin.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from world import Broker, Client, Constellation, netstring

if shutil.which("mosquitto") is None:
    sys.exit(77)
TOCSIN = os.path.join(os.environ["TOCSIN_BIN"], "tocsin")
HERE = pathlib.Path.cwd()
ENV = {"PATH": os.environ["PATH"], "HOME": str(HERE), "LANG": "C.UTF-8"}


def tocsin(*args, code=0, err=None):
    done = subprocess.run([TOCSIN, *map(str, args)], env=ENV, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    told = f"{args}\n--- stdout\n{done.stdout}--- stderr\n{done.stderr}"
    assert done.returncode == code, f"exit {done.returncode}, expected {code}: {told}"
    assert err is None or re.search(err, done.stderr, re.M), f"not found: {err}\n{told}"
    return done.stdout


ours, strangers = Constellation(), Constellation()
root_only = ours.write(HERE / "root.bundle")
tocsin("root", "trust", root_only, "--yes")
uid, _ = ours.window(int(time.time()) + 86400, title="By broker")
stranger, _ = strangers.window(int(time.time()) + 86400, title="A stranger's")
broker = Broker(str(HERE))
try:
    tocsin("sync", broker.url, code=1, err="no beacon of a trusted root has left records")
    client = Client(broker.port)
    client.publish(ours.topic("records"), ours.bundle() + strangers.bundle(), retain=True)
    client.publish(strangers.topic("records"), strangers.bundle(), retain=True)
    client.settle()
    came = json.loads(tocsin("sync", broker.url, "--format", "json", err="refused [0-9a-f]{12}: it belongs to another"))[0]
    assert came["records"] == 1 and came["signatures"] == 2 and came["refused"] == 2, came
    rows = json.loads(tocsin("list", "--format", "json"))
    assert [(r["uid"], r["status"]) for r in rows] == [(uid, "confirmed")], rows
    # junk where records should be: refused, and nothing lost
    client.publish(ours.topic("records"), b"<html>", retain=True)
    client.settle()
    tocsin("sync", broker.url)
    assert json.loads(tocsin("list", "--format", "json")) == rows
    # flooding: a thousand records signed by one organizer of two are more than one root's quota
    flood = Constellation.bundle(ours)
    for i in range(1100):
        ours.window(int(time.time()) + 86400 + i, title=f"Flood {i}", signers=ours.organizers[:1])
    (HERE / "flood.bundle").write_bytes(ours.bundle())
    tocsin("sync", HERE / "flood.bundle", code=1, err="quota")
    kept = sum(1 for _ in (HERE / ".local/share/tocsin/records").glob("*/*.rec"))
    assert kept <= 1010, f"{kept} records kept of a flood"
    assert any(r["uid"] == uid and r["status"] == "confirmed" for r in json.loads(tocsin("list", "--format", "json")))
finally:
    broker.kill()
tocsin("sync", broker.url, "--timeout", "2", code=3, err=r"Connection refused; trying again for 2 s[^\n]*\n.*Connection refused$")
tocsin("sync", "mqtt://user@localhost", code=2, err="no user")
print("a broker is a source")
