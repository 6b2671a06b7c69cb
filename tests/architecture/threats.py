#!/usr/bin/env python3
"""threats.py SOURCE_DIR -- every test named in tests/THREATS.md is there and is run, and every row has one."""
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
wanted = {*range(1, 11), 12, 14, 15, 17, 18, *range(20, 30), *range(31, 47)}
wrong, rows, attacks = [], set(), 0
for number, line in enumerate((source / "tests/THREATS.md").read_text().splitlines(), 1):
    row = re.match(r"\| (?:(\d+) \||(?!#|attack)[^-])", line)
    if not row:
        continue
    named = re.findall(r"`([^`: ]+): ([A-Za-z0-9_]+)`", line)
    if not named:
        wrong.append(f"THREATS.md:{number}: no test")
    elif row[1]:
        rows.add(int(row[1]))
    else:
        attacks += 1
    for file, function in named:
        path = source / file
        if not path.is_file():
            wrong.append(f"THREATS.md:{number}: no file {file}")
            continue
        text = path.read_text()
        form = rf"(^@test\n)?^def {function}\(" if path.suffix == ".py" else rf"^static void {function}\("
        found = re.search(form, text, re.M)
        # marked as a test, or named again besides its definition; main() of a script may run all test_* by name
        is_run = (len(re.findall(rf"\b{function}\b", text)) > 1 or (function.startswith("test_") and '"test_"' in text)
                  or path.suffix == ".py" and found and found[1])
        if not found:
            wrong.append(f"THREATS.md:{number}: {file} has no function {function}")
        elif not is_run:
            wrong.append(f"THREATS.md:{number}: {file} never runs {function}")
wrong += [f"THREATS.md: no test for row {row}" for row in sorted(wanted - rows)]
print("\n".join(wrong) if wrong else f"{len(rows)} rows and {attacks} attacks, all their tests are there")
sys.exit(1 if wrong else 0)
