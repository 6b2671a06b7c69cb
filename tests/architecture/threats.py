#!/usr/bin/env python3
"""threats.py SOURCE_DIR -- every test named in tests/THREATS.md and tests/HARD-DAYS.md is there and is run, and every
row has one."""
import functools
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
wanted = set(range(1, 48))
wrong, threats, others = [], set(), 0


@functools.cache
def text_of(file):
    path = source / file
    return path.read_text() if path.is_file() else None


def fault(file, function):
    """What is wrong with a test that is named so; None: nothing."""
    path, text = source / file, text_of(file)
    if text is None:
        return f"no file {file}"
    form = rf"(^@test\n)?^def {function}\(" if path.suffix == ".py" else rf"^static void {function}\("
    found = re.search(form, text, re.M)
    if not found:
        return f"{file} has no function {function}"
    # marked as a test, or named again besides its definition; main() of a script may run all test_* by name
    is_run = (len(re.findall(rf"\b{function}\b", text)) > 1 or (function.startswith("test_") and '"test_"' in text)
              or path.suffix == ".py" and found[1])
    return None if is_run else f"{file} never runs {function}"


for table in ("THREATS.md", "HARD-DAYS.md"):
    for number, line in enumerate((source / "tests" / table).read_text().splitlines(), 1):
        row = re.match(r"\| (?:(\d+) \||(?!#|attack|day)[^-])", line)
        if not row:
            continue
        named = re.findall(r"`([^`: ]+): ([A-Za-z0-9_]+)`", line)
        if not named:
            wrong.append(f"{table}:{number}: no test")
        elif row[1]:
            threats.add(int(row[1]))
        else:
            others += 1
        wrong += [f"{table}:{number}: {what}" for what in (fault(*one) for one in named) if what]
wrong += [f"THREATS.md: no test for row {row}" for row in sorted(wanted - threats)]
print("\n".join(wrong) if wrong else f"{len(threats)} threats, {others} attacks and hard days, all their tests are there")
sys.exit(1 if wrong else 0)
