/* zone_name.c -- the city that a time zone is named for. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "places/gazetteer.h"
#include "places/places.h"

void places_zone_name(const char *text, size_t len, char out[static PLACE_NAME_SIZE])
{
    static const char fixed[] = "Etc/";
    snprintf(out, PLACE_NAME_SIZE, "%.*s", (int)len, text);
    for (size_t i = 0; i < gazetteer_zones; i++) {
        if (strlen(gazetteer_zone[i]) == len && strncasecmp(gazetteer_zone[i], text, len) == 0) {
            snprintf(out, PLACE_NAME_SIZE, "%s", gazetteer_zone[i]);
            return;
        }
    }
    if (strncasecmp(text, fixed, sizeof fixed - 1) == 0 ||
        (len == 3 && strncasecmp(text, "utc", 3) == 0)) {
        for (char *c = out; *c != '\0'; c++) {
            *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
        }
        if (len > 3) {
            memcpy(out, fixed, sizeof fixed - 1);
        }
    }
}
