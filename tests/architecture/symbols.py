#!/usr/bin/env python3
"""symbols.py ALLOWED BUILD_DIR MODULE… -- what the archives of core modules ask of the linker is on the list.

A core module knows no clock, file, socket or random source; a stray time() or open() fails here by name.
"""
import fnmatch
import pathlib
import subprocess
import sys

patterns = []
for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
    line = line.split("#")[0].strip()
    patterns += line.split()
build = pathlib.Path(sys.argv[2])
modules = sys.argv[3:]

wrong = []
checked = 0
archives = {m: next(build.glob(f"**/{m}/libtocsin_{m}.a"), None) for m in modules}
ours = set()
needs = {}
for module, archive in archives.items():
    if archive is None:
        wrong.append(f"{module}: no archive under {build}")
        continue
    undefined = set()
    for line in subprocess.run(["nm", "-P", str(archive)], check=True, capture_output=True, text=True).stdout.splitlines():
        parts = line.split()
        if len(parts) >= 2 and not parts[0].endswith(":"):
            if parts[1] in "Uw":
                undefined.add(parts[0])
            elif parts[1].isupper():
                ours.add(parts[0])
    needs[module] = undefined
for module, undefined in needs.items():
    for symbol in sorted(undefined - ours):
        checked += 1
        if not any(fnmatch.fnmatchcase(symbol, p) for p in patterns):
            wrong.append(f"{module}: asks for {symbol}, which is not in core-symbols.txt")
if checked == 0:
    wrong.append("nothing was checked")
print("\n".join(wrong) or f"{len(needs)} core archives ask for nothing outside the list ({checked} symbols)")
sys.exit(1 if wrong else 0)
