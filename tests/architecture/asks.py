"""Every sentence that the reader of lines asks or refuses with is a row of words/asks.tsv, and each row is asked: asks.py SOURCE

A sentence that is changed in one place alone would be asked in English, whatever the reader's language.
"""
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
LITERALS = r'((?:"(?:[^"\\]|\\.)*"\s*(?:PRI\w+\s*)?)+)'
CALL = re.compile(r"\b(line_ask|line_refuse|asks_in)\((?:[^;\"]*?),\s*" + LITERALS)


def text_of(literals):
    """What adjacent string literals say, as the table writes it."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)).replace(r"\"", '"').replace(r"\\", "\\")


said = {}
whole = ""
for path in sorted(path for house in ("scheduler", "beacon", "clients") for path in (source / house).glob("**/*.c")):
    if path.name.endswith("_table.c"):
        continue
    code = path.read_text()
    whole += "".join(text_of(one) + "\0" for one in re.findall(LITERALS, code))
    for call in CALL.finditer(code):
        said[text_of(call[2])] = f"{path.relative_to(source)}:{code.count(chr(10), 0, call.start()) + 1}"
rows = [line.split("\t")[0] for line in (source / "scheduler/core/words/asks.tsv").read_text().splitlines()[1:]]
missing = sorted(f"{where}: {text}" for text, where in said.items() if text not in rows + ["%s"])
idle = sorted(row for row in rows if row + "\0" not in whole)
for text in missing:
    print(f"no row of asks.tsv: {text}")
for text in idle:
    print(f"asked nowhere: {text}")
print(f"{len(said)} sentences of calls, {len(rows)} rows")
sys.exit(bool(missing or idle) or len(said) < 50)
