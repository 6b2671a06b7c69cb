#!/usr/bin/env python3
"""Writes scheduler/core/places/zone_map_table.c from the map in the npm package @photostructure/tz-lookup.

    npm pack @photostructure/tz-lookup@11.7.0 && tar xzf photostructure-tz-lookup-11.7.0.tgz
    make_zone_map.py package/tz.js > zone_map_table.c

The package (CC0 1.0) holds a quadtree in two digits of base 56 a node, written as text: 48 by 24
squares of 7.5 degrees, each either a zone or four smaller ones.  The nodes go out as numbers; what they
mean is said in zone_map.h.  Python 3.9 or later, no other module.
"""
import ast
import hashlib
import re
import sys

BASE, FIRST = 56, 35  # digits are the characters from '#' on

source = open(sys.argv[1], encoding="utf-8").read()
packed = ast.literal_eval(re.search(r'X=("(?:[^"\\]|\\.)*")', source).group(1))
zones = re.search(r'T=\[?((?:"[^"]*",?)+)', source)
names = re.findall(r'"([^"]*)"', zones.group(1))
nodes = [BASE * (ord(a) - FIRST) + ord(b) - FIRST for a, b in zip(packed[::2], packed[1::2])]
assert len(packed) % 2 == 0 and max(nodes) < BASE * BASE and (len(nodes) - 48 * 24) % 4 == 0
assert min(n for n in nodes if n >= BASE * BASE - len(names)) >= BASE * BASE - len(names)
# a leaf is a zone's number from ZONE_MAP_LEAVES on; a square is four nodes further on
leaves = BASE * BASE - len(names)


def print_packed(items):
    line = "   "
    for item in items:
        if len(line) + len(item) + 1 > 99:
            print(line)
            line = "   "
        line += " " + item
    print(line)


print(f'''/* Written by scheduler/core/places/tools/make_zone_map.py: not to be edited.
 *
 * The zone map of tz.js (SHA-256
 * {hashlib.sha256(source.encode()).hexdigest()})
 * in the npm package @photostructure/tz-lookup 11.7.0, which is under the licence CC0 1.0. */
#include "places/zone_map.h"

/* clang-format off */
const uint16_t zone_map_node[] = {{''')
print_packed(f"{n if n < leaves else n - leaves + 0x8000}," for n in nodes)
print("};\nconst size_t zone_map_nodes = sizeof zone_map_node / sizeof *zone_map_node;")
print("\nconst char zone_map_zone[][ZONE_MAP_ZONE_SIZE] = {")
print_packed(f'"{name}",' for name in names)
print("};\nconst size_t zone_map_zones = sizeof zone_map_zone / sizeof *zone_map_zone;")
