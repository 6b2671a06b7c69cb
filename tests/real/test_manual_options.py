"""Each option that a program or a command of tocsin shows in --help has its place in the program's manual page."""
import os
import pathlib
import re
import subprocess

SOURCE = pathlib.Path(os.environ["TOCSIN_SOURCE"])
PAGES = {"tocsin": "clients/tocsin/tocsin.1", "tocsin-listen": "clients/tocsin-listen/tocsin-listen.1",
         "tocsin-beacon": "beacon/tocsin-beacon/tocsin-beacon.8"}
OF_ARGP = {"help", "usage", "version"}

rows = re.findall(r"^(?:SUB)?COMMAND\((\w+), (?:([a-z]+),)?", (SOURCE / "clients/tocsin/commands/commands.def").read_text(), re.M)
assert len(rows) > 30, rows
lines = [["tocsin", *filter(None, row)] for row in rows] + [["tocsin-listen"], ["tocsin-beacon"]]
missing = []
for line in lines:
    shown = subprocess.run([*line, "--help"], capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"^ +(?:-., )?--([a-z][a-z0-9-]*)", shown, re.M)) - OF_ARGP
    assert options, shown
    told = set(re.findall(r"Fl Fl ([a-z][a-z0-9-]*)", (SOURCE / PAGES[line[0]]).read_text()))
    missing += ["%s --%s" % (" ".join(line), option) for option in sorted(options - told)]
assert not missing, missing
print("the options of %d lines are in their pages" % len(lines))
