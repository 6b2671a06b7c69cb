#!/usr/bin/env python3
"""Prints the heliocentric Earth-Moon barycentre, ICRS axes, au, every STEP days of TDB from JD FROM to
TO, from JPL DE405: "jd x y z".  For make_sun_table.py alone.

    de405_samples.py 2436940 2473400 10 > de405.txt

Needs Debian's casacore-data-jpl-de405 (public domain) and python3-casacore.
"""
import sys

import casacore.tables
import numpy as np
from numpy.polynomial import chebyshev

# Within a 32-day record, without its two dates: first coefficient, how many, parts of the 32 days.
BARYCENTRE, SUN = (228, 13, 2), (750, 11, 2)

table = casacore.tables.table("/usr/share/casacore/data/ephemerides/DE405", ack=False)
record = np.array(table.getcol("x"))
au = table.getkeyword("AU")
starts = np.array(table.getcol("MJD")) + 2400000.5


def place(jd, body):
    first, count, parts = body
    index = np.searchsorted(starts, jd, side="right") - 1
    within = (jd - starts[index]) / (32 / parts)
    part = min(int(within), parts - 1)
    c = record[index][first + part * 3 * count :][: 3 * count].reshape(3, count)
    return np.array([chebyshev.chebval(2 * (within - part) - 1, axis) for axis in c])


start, end, step = map(float, sys.argv[1:])
jd = start
while jd <= end:
    print(f"{jd:.6f}", *(f"{x:.15g}" for x in (place(jd, BARYCENTRE) - place(jd, SUN)) / au))
    jd += step
