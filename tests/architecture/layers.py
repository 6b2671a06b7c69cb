#!/usr/bin/env python3
"""layers.py SOURCE_DIR -- every #include "module/…" follows layers.txt; every module is in it."""
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
allowed = {}
for line in (source / "tests/architecture/layers.txt").read_text().splitlines():
    line = line.split("#")[0].strip()
    if line:
        name, _, others = line.partition(":")
        allowed[name.strip()] = set(others.split())

wrong = []
seen = set()
for house in ("scheduler", "beacon", "clients"):
    for path in sorted((source / house).glob("*/**/*.[ch]")):
        module = path.relative_to(source / house).parts[0]
        seen.add(module)
        if module not in allowed:
            wrong.append(f"{path.relative_to(source)}: module {module} is not in layers.txt")
            continue
        for number, text in enumerate(path.read_text().splitlines(), 1):
            found = re.match(r'\s*#\s*include\s+"([a-z0-9_]+)/', text)
            if found and found[1] != module and found[1] not in allowed[module]:
                wrong.append(f"{path.relative_to(source)}:{number}: {module} may not include {found[1]}")

# the map itself must have no circle
state = {}
def visit(name, trail):
    if state.get(name) == "done":
        return
    if name in trail:
        wrong.append("layers.txt: circle " + " -> ".join(trail + [name]))
        return
    for other in allowed.get(name, ()):
        visit(other, trail + [name])
    state[name] = "done"
for name in allowed:
    visit(name, [])

# the two promises of the contract
for program in ("daemon", "listen", "library", "herald", "listener"):
    for banned in ("sky", "rules"):
        if banned in allowed[program]:
            wrong.append(f"layers.txt: {program} must never see {banned}")

if not seen:
    wrong.append("no modules found: is the path right?")
print("\n".join(wrong) or f"{len(seen)} modules follow the map")
sys.exit(1 if wrong else 0)
