#!/usr/bin/env python3
"""Writes scheduler/core/map/land_table.c from the land of Natural Earth in the npm package world-atlas.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    make_land.py package/land-110m.json > land_table.c

The map is Natural Earth's 1:110m land, which is in the public domain; the package (ISC licence) has it as
TopoJSON.  The rings go out as an SVG path in tenths of a degree, from 180 W and 90 N, without the points
that lie within 0.3 degrees of the line beside them.  Python 3.9 or later, no other module.
"""
import hashlib
import json
import sys

NEAR = 3  # tenths of a degree

source = open(sys.argv[1], "rb").read()
topology = json.loads(source)
scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]


def arc(index):
    x = y = 0
    points = []
    for dx, dy in topology["arcs"][index if index >= 0 else ~index]:
        x, y = x + dx, y + dy
        points.append(((x * scale[0] + shift[0] + 180) * 10, (90 - y * scale[1] - shift[1]) * 10))
    return points if index >= 0 else points[::-1]


def ring(arcs):
    points = []
    for index in arcs:
        points += arc(index)[1 if points else 0:]
    return points


def unrolled(points):
    """Longitudes that run on where a ring crosses 180 degrees; around a pole it is closed along the map's edge."""
    out = [points[0]]
    for x, y in points[1:]:
        x += round((out[-1][0] - x) / 3600) * 3600
        out.append((x, y))
    if abs(out[-1][0] - out[0][0]) > 1800:
        edge = 1800 if sum(y for _, y in out) > 900 * len(out) else 0
        first = out[0]
        out += [(out[-1][0], edge), (first[0], edge), first]
    return out


def simpler(points):
    """Douglas and Peucker 1973."""
    (ax, ay), (bx, by) = points[0], points[-1]
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
    worst, at = 0, 0
    for i, (x, y) in enumerate(points[1:-1], 1):
        away = (abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length if length > 0
                else ((x - ax) ** 2 + (y - ay) ** 2) ** 0.5)
        if away > worst:
            worst, at = away, i
    if worst <= NEAR:
        return [points[0], points[-1]]
    return simpler(points[:at + 1])[:-1] + simpler(points[at:])


sys.setrecursionlimit(10000)
pieces, count = [], 0
for geometry in topology["objects"]["land"]["geometries"]:
    for polygon in geometry["arcs"]:
        for arcs in polygon:
            points = unrolled(ring(arcs))
            middle = len(points) // 2
            points = simpler(points[:middle + 1])[:-1] + simpler(points[middle:])
            points = [(round(x), round(y)) for x, y in points]
            if len(set(points)) < 3:
                continue
            least, most = min(x for x, _ in points), max(x for x, _ in points)
            for turn in (-3600, 0, 3600):
                if most + turn <= 0 or least + turn >= 3600:
                    continue
                x, y = points[0][0] + turn, points[0][1]
                text = f"M{x} {y}l"
                for px, py in points[1:-1]:
                    px += turn
                    if (px, py) == (x, y):
                        continue
                    for step in (px - x, py - y):
                        text += f"{'' if text[-1] == 'l' or step < 0 else ' '}{step}"
                    x, y = px, py
                    count += 1
                pieces.append(text + "z")

print(f'''/* Written by scheduler/core/map/tools/make_land.py: not to be edited.
 *
 * Land of Natural Earth 1:110m (public domain), from land-110m.json (SHA-256
 * {hashlib.sha256(source).hexdigest()})
 * in the npm package world-atlas 2.0.2: {count} points. */
#include "map/land_table.h"

/* clang-format off */
const char *const map_land[] = {{''')
for piece in pieces:
    for i in range(0, len(piece), 90):
        print(f'    "{piece[i:i + 90]}"{"," if i + 90 >= len(piece) else ""}')
print("    0,\n};")
