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

built = {path.name: str(path) for path in build.glob("**/libtocsin_*.a")}
module_of = {built[name]: module for module in modules if (name := f"libtocsin_{module}.a") in built}
wrong = [f"{module}: no archive under {build}" for module in modules if module not in module_of.values()]
checked = 0
ours = set()
needs = {module: set() for module in module_of.values()}
for line in subprocess.run(["nm", "-P", "-A", *module_of], check=True, capture_output=True, text=True).stdout.splitlines():
    where, symbol, kind = line.split()[:3]
    if kind in "Uw":
        needs[module_of[where.rsplit("[", 1)[0]]].add(symbol)
    elif kind.isupper():
        ours.add(symbol)
for module, undefined in needs.items():
    for symbol in sorted(undefined - ours):
        checked += 1
        if not any(fnmatch.fnmatchcase(symbol, p) for p in patterns):
            wrong.append(f"{module}: asks for {symbol}, which is not in core-symbols.txt")
if checked == 0:
    wrong.append("nothing was checked")
print("\n".join(wrong) or f"{len(needs)} core archives ask for nothing outside the list ({checked} symbols)")
sys.exit(1 if wrong else 0)
