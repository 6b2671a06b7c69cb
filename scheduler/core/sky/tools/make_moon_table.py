#!/usr/bin/env python3
"""Writes scheduler/core/sky/moon_table.c from the ELP/MPP02 series in the npm package astronomia.

    npm pack astronomia@4.2.0 && tar xzf astronomia-4.2.0.tgz
    make_moon_table.py package/data/elpMppDeFull.js > moon_table.c

Source: J. Chapront & G. Francou, "The lunar theory ELP revisited. Introduction of new planetary
perturbations", Astronomy & Astrophysics 404 (2003) 735, constants fitted to DE405, in the form that
astronomia 4.2.0 (MIT, (c) 2020 mdmunir, commenthol) ships: for each power of the time T in Julian
centuries from J2000, rows of amplitude (arcseconds or km) and a phase polynomial in radians.

Rows below a cut are left out; the others get as many digits as their amplitude deserves.  Phases are
in turns.  Each series is split in rows whose phase needs powers of T above the first (curved) and
rows that do not (straight).  Python 3.9 or later, no other module.
"""
import hashlib
import json
import math
import re
import sys

# The least amplitude kept: longitude and latitude in arcseconds, distance in km.
CUT = {"L": 0.00015, "B": 0.0008, "R": 0.0004}
REACH = 3.0  # centuries from J2000 that matter
NAMES = {"L": "longitude", "B": "latitude", "R": "distance"}
UNIT = {"L": "arcseconds", "B": "arcseconds", "R": "km"}
ROUGH = {"L": 0.3, "B": 0.5, "R": 1.0}  # amplitudes that a rough evaluation takes
SLACK = {"L": 8e-6, "B": 3e-5, "R": 1.5e-5}  # what one row's rounding may cost, in that unit
TURN = 2 * math.pi
LANES = 4


def number(value, slack):
    """The shortest decimal within slack of value."""
    for digits in range(0, 17):
        text = f"{value:.{digits}f}"
        if abs(float(text) - value) <= slack:
            break
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else re.sub(r"^(-?)0\.", r"\1.", text)


def rows(series, power, key):
    weight = REACH**power if power > 1 else 1.0
    kept = []
    for amplitude, *phase in series:
        if abs(amplitude) * weight < CUT[key]:
            continue
        if not any(phase[1:]):  # a constant: folded into the polynomial by the caller
            kept.append((amplitude * math.sin(phase[0]), None))
            continue
        slack = SLACK[key] / weight / abs(amplitude) / TURN
        parts = []
        for k, p in enumerate(phase):
            turns = p / TURN
            if k == 0:
                turns -= math.floor(turns)
            parts.append(number(turns, slack / REACH**k))
        kept.append((amplitude, (parts, number(amplitude, SLACK[key] / weight))))
    return kept


def table(name, columns, lines):
    """One array per column, so that rows can be taken four at a time."""
    out = []
    for column, values in zip(columns, zip(*lines)):
        text, line = "", "   "
        for v in values:
            v = v if re.search(r"[.]", v) else v + "."
            v = re.sub(r"^(-?)\.$", r"\g<1>0.", v)
            if len(line) + len(v) + 2 > 100:
                text, line = text + line + "\n", "   "
            line += f" {v},"
        out.append(f"static const double {name}_{column}[{len(values)}] = {{\n{text}{line}\n}};\n")
    return "\n".join(out)


def main(path):
    raw = open(path, "rb").read()
    text = raw.decode()
    body = text[text.index("{") : text.rindex("}") + 1]
    body = re.sub(r"(?m)^(\s*)([A-Za-z]\w*):", r'\1"\2":', body)
    body = re.sub(r",(\s*[\]}])", r"\1", body)
    data = json.loads(body)
    total = sum(len(data[k][p]) for k in "LBR" for p in data[k])
    out, count, series_list = [], 0, []
    for key in "LBR":
        constants = [0.0] * 4
        for power in range(4):
            curved, straight = [], []
            for amplitude, row in sorted(rows(data[key].get(str(power), []), power, key), key=lambda r: -abs(r[0])):
                if row is None:
                    constants[power] += amplitude
                    continue
                parts, amp = row
                (curved if any(p != "0" for p in parts[2:]) else straight).append((amp, *parts))
            count += len(curved) + len(straight)
            for kind, lines, width in (("curved", curved, 6), ("straight", straight, 3)):
                lines = [line[:width] for line in lines]
                while len(lines) % LANES:
                    lines.append(("0",) * width)
                if lines:
                    name = f"{NAMES[key]}{power}_{kind}"
                    columns = ("amplitude", "p0", "p1", "p2", "p3", "p4")[:width]
                    out.append(table(name, columns, lines))
                    rough = sum(abs(float(line[0])) >= ROUGH[key] for line in lines)
                    series_list.append((key, power, kind, len(lines), width, -(-rough // LANES) * LANES))
        out.append("")
        data[key]["constants"] = constants
    print(f"""/* Written by scheduler/core/sky/tools/make_moon_table.py: not to be edited.
 *
 * The lunar theory ELP/MPP02 of J. Chapront and G. Francou, Astronomy & Astrophysics 404 (2003) 735,
 * constants fitted to DE405: {count} of its {total} terms, generated from
 * elpMppDeFull.js (sha256 {hashlib.sha256(raw).hexdigest()})
 * of the npm package astronomia 4.2.0, which is under the MIT licence:
 * copyright 2013 Sonia Keys, 2016-2020 commenthol, 2020 mdmunir.
 *
 * Cut at {CUT['L']}" in longitude, {CUT['B']}" in latitude, {CUT['R']} km in distance. */
#include "sky/moon_table.h"
""")
    print("/* clang-format off */")
    print("\n".join(out))
    w1 = ", ".join(repr(w) for w in data["W1"])
    print(f"const double moon_mean_longitude[5] = {{{w1}}};\n")
    for key in "LBR":
        entries = []
        for power in range(4):
            fields = [f".constant = {data[key]['constants'][power]!r}"]
            for k, p, kind, n, width, rough in series_list:
                if (k, p) == (key, power):
                    name = f"{NAMES[key]}{power}_{kind}"
                    fields.append(f".{kind}_count = {n}")
                    if rough:
                        fields.append(f".{kind}_rough = {rough}")
                    fields.append(f".{kind}_amplitude = {name}_amplitude")
                    fields += [f".{kind}[{i}] = {name}_p{i}" for i in range(width - 1)]
            entries.append("    {" + ",\n     ".join(fields) + "},")
        print(f"const struct moon_series moon_{NAMES[key]}[4] = {{ /* {UNIT[key]} */")
        print("\n".join(entries) + "\n};\n")


main(sys.argv[1])
