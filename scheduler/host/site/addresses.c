#include "site/addresses.h"

#include <stdio.h>
#include <string.h>

/* RFC 3986, 2.1: as one value of a query. */
static void write_encoded(const char *text, char out[static 3 * ADDRESS_SIZE])
{
    size_t used = 0;
    for (const char *at = text; *at != '\0' && used + 4 < 3 * (size_t)ADDRESS_SIZE; at++) {
        char c = *at;
        bool is_plain = text_is_letter(c) || text_is_digit(c) || strchr("-._~", c) != NULL;
        used += (size_t)snprintf(out + used, 4, is_plain ? "%c" : "%%%02X",
                                 is_plain ? c : (unsigned char)c);
    }
    out[used] = '\0';
}

void addresses_write(const char *url, const char *path, struct addresses *out)
{
    char whole[ADDRESS_SIZE];
    char encoded[3 * ADDRESS_SIZE];
    snprintf(out->webcal, sizeof out->webcal, "webcal%s%s", strstr(url, "://"), path);
    write_encoded(out->webcal, encoded);
    snprintf(out->google, sizeof out->google, "https://calendar.google.com/calendar/r?cid=%s",
             encoded);
    snprintf(whole, sizeof whole, "%s%s", url, path);
    write_encoded(whole, encoded);
    snprintf(out->outlook, sizeof out->outlook,
             "https://outlook.live.com/calendar/0/addfromweb?url=%s", encoded);
    snprintf(out->office, sizeof out->office,
             "https://outlook.office.com/calendar/0/addfromweb?url=%s", encoded);
}
