/* zone_at.c -- the time zone of a position. */
#include <string.h>

#include "places/places.h"
#include "places/zone_map.h"

const char *places_zone_at(double latitude_deg, double longitude_deg)
{
    if (!(latitude_deg >= -90 && latitude_deg < 90 && longitude_deg >= -180 &&
          longitude_deg <= 180)) {
        return NULL; /* the North Pole itself is sea */
    }
    /* a hair less than 360 and 180 would be, so that the last edges stay inside */
    double x = ZONE_MAP_COLUMNS * (180 + longitude_deg) / 360.00000000000006;
    double y = ZONE_MAP_ROWS * (90 - latitude_deg) / 180.00000000000003;
    int column = (int)x, row = (int)y;
    size_t block = 0;
    const uint16_t *square = zone_map_node, *blocks = square + ZONE_MAP_COLUMNS * ZONE_MAP_ROWS;
    uint16_t node = square[ZONE_MAP_COLUMNS * row + column];
    for (bool is_first = true; node < ZONE_MAP_LEAF; is_first = false) {
        block += node + (is_first ? 0U : 1U);
        x = 2 * (x - column);
        y = 2 * (y - row);
        column = (int)x;
        row = (int)y;
        node = blocks[4 * block + 2 * (size_t)row + (size_t)column];
    }
    const char *zone = zone_map_zone[node - ZONE_MAP_LEAF];
    return strncmp(zone, "Etc/", 4) == 0 ? NULL : zone;
}
