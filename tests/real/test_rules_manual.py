#!/usr/bin/python3
"""The manual of the rule language: every rule in it reads, every example gives what it shows."""
import os
import re
import subprocess
import sys

page = open(os.path.join(os.environ["TOCSIN_SOURCE"], "scheduler/core/rules/tocsin-rules.5"),
            encoding="utf-8").read()
failures = 0

rules = re.findall(r"^\.It Li (.*)$", page, re.M)
for rule in rules:
    ran = subprocess.run(["tocsin", "explain", rule, "--from", "2027-01-01", "--to", "2028-01-01"],
                         capture_output=True, text=True)
    if ran.returncode != 0:
        failures += 1
        print("%s\n%s" % (rule, ran.stderr))

examples = 0
for block in re.findall(r"^\.Bd -literal\n(\$ .*?)^\.Ed", page, re.M | re.S):
    command, expected = block.split("\n", 1)
    ran = subprocess.run(["bash", "-c", command[2:]], capture_output=True, text=True)
    examples += 1
    if ran.stdout.rstrip("\n") != expected.rstrip("\n"):
        failures += 1
        print("%s\nexpected\n%sgot\n%s%s" % (command, expected, ran.stdout, ran.stderr))

print("%d rules, %d examples, %d failures" % (len(rules), examples, failures))
if len(rules) < 50 or examples < 6:
    sys.exit("the manual could not be taken apart")
sys.exit(1 if failures else 0)
