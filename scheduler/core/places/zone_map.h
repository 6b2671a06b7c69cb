/* places/zone_map.h -- the map of zones that tools/make_zone_map.py writes.
 *
 * A quadtree: 48 squares of 7.5 degrees from west to east in each of 24 rows from north to south,
 * and below them blocks of four: north-west, north-east, south-west, south-east.  A node is a
 * zone's number from ZONE_MAP_LEAF on, or how many blocks further on than the next its own four are
 * (of the first level: counted from the first block). */
#ifndef PLACES_ZONE_MAP_H
#define PLACES_ZONE_MAP_H

#include <stddef.h>
#include <stdint.h>

enum {
    ZONE_MAP_COLUMNS = 48,
    ZONE_MAP_ROWS = 24,
    ZONE_MAP_LEAF = 0x8000,
    ZONE_MAP_ZONE_SIZE = 40,
};

extern const uint16_t zone_map_node[];
extern const size_t zone_map_nodes;
extern const char zone_map_zone[][ZONE_MAP_ZONE_SIZE]; /* IANA names; Etc/GMT... : at sea */
extern const size_t zone_map_zones;

#endif
