#!/usr/bin/env python3
"""Writes scheduler/core/calendars/umalqura_data.c from tests/golden/calendars/hijri-umalqura.tsv.

The months of Umm al-Qura are what was published in Saudi Arabia, and is computed ahead: no rule gives
them all.  The file is made by golden_calendars.mjs.
Run: make_umalqura.py > ../umalqura_data.c
"""
import datetime
import os

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../../../../tests/golden/calendars/hijri-umalqura.tsv")
lines = open(GOLDEN, encoding="utf-8").read().splitlines()
rows = [line.split("\t") for line in lines if not line.startswith("#")]
years = [int(row[0]) for row in rows]
assert years == list(range(years[0], years[-1] + 1))
first = (datetime.date.fromisoformat(rows[0][1]) - datetime.date(1970, 1, 1)).days
print(f"""/* Written by scheduler/core/calendars/tools/make_umalqura.py: not to be edited.
 *
 * The months of Umm al-Qura, {years[0]} to {years[-1]} AH, from
 * {lines[0][2:]}. */
#include "calendars/umalqura.h"

/* clang-format off */
const int32_t umalqura_first_day = {first}; /* 1 Muharram {years[0]} */

/* Bit m - 1: the m-th month has 30 days, not 29. */
const uint16_t umalqura_long_months[UMALQURA_YEARS] = {{""")
line = "   "
for row in rows:
    months = [int(part.split(":")[1]) for part in row[2].split()]
    assert len(months) == 12 and set(months) <= {29, 30}
    item = "0x%03x," % sum((days == 30) << m for m, days in enumerate(months))
    if len(line) + len(item) + 1 > 99:
        print(line)
        line = "   "
    line += " " + item
print(line + "\n};")
