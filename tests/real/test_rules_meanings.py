#!/usr/bin/python3
"""A canonical line keeps its meaning for ever: tests/golden/rules/meanings.tsv."""
import os
import subprocess
import sys

GOLDEN = os.path.join(os.environ["TOCSIN_SOURCE"], "tests/golden/rules/meanings.tsv")
failures = rows = 0
for row in open(GOLDEN, encoding="utf-8"):
    line, count, starts = row.rstrip("\n").split("\t")
    rows += 1
    ran = subprocess.run(["tocsin", "when", line, "--from", "2027-01-01", "--to", "2029-01-01", "--format", "tsv"],
                         capture_output=True, text=True)
    got = [r.split("\t")[0] for r in ran.stdout.split("\n")[1:] if r]
    if len(got) != int(count) or got[:4] != starts.split():
        failures += 1
        print(f"{line}\n  meant {count}: {starts}\n  means {len(got)}: {' '.join(got[:4])}\n{ran.stderr}")
    explained = subprocess.run(["tocsin", "explain", line, "--from", "2027-01-01"], capture_output=True, text=True)
    if explained.stdout.split("\n")[0] != line:
        failures += 1
        print(f"{line}\n  is not canonical: {explained.stdout}{explained.stderr}")
print(f"{rows} lines, {failures} failures")
sys.exit(1 if failures or rows < 60 else 0)
