/* map/land_table.h -- the land that tools/make_land.py writes; private to map. */
#ifndef MAP_LAND_TABLE_H
#define MAP_LAND_TABLE_H

/* SVG paths, a piece of land each, in tenths of a degree from 180 W and 90 N; NULL: the end. */
extern const char *const map_land[];

#endif
