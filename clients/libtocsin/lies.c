/* lies.c -- what an earlier run proved of beacons that lie: kept as lines until the mind has room
 * for it. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "libtocsin/site.h"

const char SITE_LIE[] = "lie: ";
enum { LINE_SIZE = sizeof SITE_LIE + 4 * TICK_SIZE_MAX + 2 };

bool site_keep_lie(struct tocsin *site, const char *line, size_t len)
{
    if (len >= LINE_SIZE || site->lies.len + len + 1 > LISTENER_BEACONS_MAX * LINE_SIZE ||
        !draft_reserve(&site->lies, len + 1)) {
        return false;
    }
    draft_add_bytes(&site->lies, line, len);
    draft_add(&site->lies, "\n");
    return true;
}

/* The bytes of hexadecimal digits up to an end; 0: they are no tick. */
static size_t read_hex(const char *text, const char *end, uint8_t out[static TICK_SIZE_MAX])
{
    size_t size = 0, digits = (size_t)(end - text);
    bool is_read = sodium_hex2bin(out, TICK_SIZE_MAX, text, digits, NULL, &size, NULL) == 0;
    return is_read ? size : 0;
}

bool site_take_lie(struct tocsin *site, struct site_lie *out)
{
    if (site->lies.len == 0) {
        return false;
    }
    size_t at = site->lies.len - 1; /* the line end of the last one */
    const char *end = site->lies.at + at;
    while (at > 0 && site->lies.at[at - 1] != '\n') {
        at--;
    }
    const char *first = site->lies.at + at + strlen(SITE_LIE);
    const char *gap = memchr(first, ' ', (size_t)(end - first));
    gap = gap != NULL ? gap : end;
    out->size[0] = read_hex(first, gap, out->tick[0]);
    out->size[1] = gap < end ? read_hex(gap + 1, end, out->tick[1]) : 0;
    site->lies.len = at;
    if (at == 0) {
        draft_free(&site->lies);
    }
    return true;
}
