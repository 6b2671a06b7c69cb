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
    if (len >= LINE_SIZE || site->lies_size + len + 1 > LISTENER_BEACONS_MAX * LINE_SIZE) {
        return false;
    }
    char *lies = realloc(site->lies, site->lies_size + len + 1);
    if (lies == NULL) {
        return false;
    }
    memcpy(lies + site->lies_size, line, len);
    lies[site->lies_size + len] = '\n';
    site->lies = lies;
    site->lies_size += len + 1;
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
    if (site->lies_size == 0) {
        return false;
    }
    size_t at = site->lies_size - 1; /* the line end of the last one */
    const char *end = site->lies + at;
    while (at > 0 && site->lies[at - 1] != '\n') {
        at--;
    }
    const char *first = site->lies + at + strlen(SITE_LIE);
    const char *gap = memchr(first, ' ', (size_t)(end - first));
    gap = gap != NULL ? gap : end;
    out->size[0] = read_hex(first, gap, out->tick[0]);
    out->size[1] = gap < end ? read_hex(gap + 1, end, out->tick[1]) : 0;
    site->lies_size = at;
    if (at == 0) {
        free(site->lies);
        site->lies = NULL;
    }
    return true;
}
