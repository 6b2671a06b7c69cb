#!/usr/bin/env python3
"""read_machine.py SITE EXPECTED SCHEMA -- events.json by its schema and against EXPECTED (read_feeds.py
has its form), the Atom feeds by the rules of RFC 4287."""
import hashlib
import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as xml

import jsonschema

site, expected, schema = (pathlib.Path(a) for a in sys.argv[1:])
here = pathlib.Path(__file__).resolve().parent

faces = list(site.glob("*/events.json"))
assert len(faces) == 1, faces
events = json.loads(faces[0].read_text())
jsonschema.Draft7Validator.check_schema(json.loads(schema.read_text()))
jsonschema.validate(events, json.loads(schema.read_text()))
root8 = events["root"][:16]
assert faces[0].parent.name == root8

meant = {}
for line in expected.read_text().splitlines():
    feed, uid, kind, start, end, status, title = line.split("\t")
    if feed == f"it/{root8}.ics" and not uid.endswith(".rest"):
        meant[uid] = (start, end, status)
found = {}
for event in events["events"]:
    uid = f"{event['uid']}.{event['key']}.{root8}"
    if "place" in event:
        uid += "." + hashlib.blake2b(event["place"].encode(), digest_size=32).hexdigest()[:16]
    begin = event.get("start", event.get("date"))
    found[uid] = (begin, event["status"].upper(), event["kind"])
    assert (event["kind"] == "wave") == ("time" in event)
assert {u: (m[0], m[2]) for u, m in meant.items()} == {u: f[:2] for u, f in found.items()}, (meant, found)

atoms = list(site.glob("*/*.atom"))
assert atoms
for atom in atoms:
    subprocess.run(["xmllint", "--noout", "--nonet", "--relaxng", str(here / "atom.rng"), str(atom)], check=True,
                   stderr=subprocess.PIPE)
name = "{http://www.w3.org/2005/Atom}"
feed = xml.parse(site / "it" / f"{root8}.atom").getroot()
entries = feed.findall(name + "entry")
assert len(entries) == len(meant), (len(entries), len(meant))
ids = {e.find(name + "id").text for e in entries}
assert len(ids) == len(entries)
titles = [e.find(name + "title").text for e in entries]
assert "2027-06-21 19:03 UTC · Sunset · Bologna" in titles, titles
assert "2027-04-25 02:30 · Candles" in titles and "2027-04-24 · Murals" in titles, titles
print(f"events.json: {len(found)} events; {len(atoms)} Atom feeds")
