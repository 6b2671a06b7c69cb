/* zoneinfo/zoneinfo.h -- the system's time zone files: loads zones by IANA name, keeps them, and
 * lists them.  A name is never a path: only letters, digits, + - _ and single inner slashes. */
#ifndef ZONEINFO_ZONEINFO_H
#define ZONEINFO_ZONEINFO_H

#include "zones/zone.h"

enum {
    ZONEINFO_ZONES_MAX = 1024, /* different zones kept at once; tzdata has under 600 names */
    ZONEINFO_VERSION_SIZE = 16,
};

struct zoneinfo;

/* Opens a zoneinfo folder; NULL: /usr/share/zoneinfo.  NULL is returned, errno set, when it cannot
 * be opened. */
struct zoneinfo *zoneinfo_open(const char *folder);

/* Frees the zones too: pointers that zoneinfo_find returned die here. */
void zoneinfo_close(struct zoneinfo *info);

/* Whether text could name a zone; says nothing about whether there is one. */
bool zoneinfo_is_name(const char *name);

/* The zone of an IANA name, any case ("europe/rome"), loaded once; "UTC" always exists.  NULL when
 * there is none: zoneinfo_why then says why. */
const struct zone *zoneinfo_find(struct zoneinfo *info, const char *name);
const char *zoneinfo_why(const struct zoneinfo *info);

/* The tzdata version, e.g. "2026f"; NULL when the system does not say. */
const char *zoneinfo_version(const struct zoneinfo *info);

/* The zones that differ since 1970, from zone1970.tab: 312 in tzdata 2026f.  index < count. */
struct zoneinfo_entry {
    const char *name;
    const char *countries; /* ISO 3166 codes joined by commas; the first is the city's */
    double latitude_deg, longitude_deg; /* the principal city */
};

size_t zoneinfo_count(const struct zoneinfo *info);
struct zoneinfo_entry zoneinfo_entry(const struct zoneinfo *info, size_t index);

/* Every name that a program may give a zone, ascending: those of zone.tab, and what the system's
 * list of zones and links ("backward") has besides: browsers say Asia/Calcutta.  home is the name
 * in zone.tab that is meant by it, else the name itself; country is home's ISO 3166 code, "" when
 * zone.tab has none.  597 in tzdata 2026f. */
struct zoneinfo_name {
    const char *name, *home, *country;
};

size_t zoneinfo_name_count(const struct zoneinfo *info);
struct zoneinfo_name zoneinfo_name_get(const struct zoneinfo *info, size_t index);

/* The entry of a name in any case, or NULL. */
const struct zoneinfo_name *zoneinfo_name_find(const struct zoneinfo *info, const char *name);

/* The name of the host's own zone: TZ where it names one, else /etc/localtime's, else
 * /etc/timezone. False when the host does not say. */
TOCSIN_MUST_USE bool zoneinfo_host(const struct zoneinfo *info, char out[static ZONE_NAME_SIZE]);

#endif
