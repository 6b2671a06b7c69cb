#include "site/addresses.h"

#include <stdio.h>
#include <string.h>

void addresses_write(const char *url, const char *path, char out[static ADDRESS_SIZE])
{
    snprintf(out, ADDRESS_SIZE, "webcal%s%s", strstr(url, "://"), path);
}

void addresses_set(struct pages_values *in, const char *name, const char *url, const char *top,
                   const char *path)
{
    char address[ADDRESS_SIZE];
    if (url != NULL) {
        addresses_write(url, path, address);
        pages_set(in, name, address);
    } else {
        pages_print(in, name, "%s%s", top, path);
    }
}

/* A link that has an address as one value of its query: RFC 3986, 2.1. */
static void set_link(struct pages_values *in, const char *name, const char *link,
                     const char *address)
{
    struct draft whole = {0};
    draft_add(&whole, link);
    for (const char *at = address; *at != '\0'; at++) {
        bool is_plain = text_is_letter(*at) || text_is_digit(*at) || strchr("-._~", *at) != NULL;
        draft_print(&whole, is_plain ? "%c" : "%%%02X", (unsigned char)*at);
    }
    pages_set_draft(in, name, &whole);
}

void addresses_set_all(struct pages_values *in, const char *url, const char *top, const char *path)
{
    char address[ADDRESS_SIZE];
    addresses_set(in, "subscribe", url, top, path);
    if (url != NULL) {
        addresses_write(url, path, address);
        set_link(in, "google", "https://calendar.google.com/calendar/r?cid=", address);
        snprintf(address, sizeof address, "%s%s", url, path);
        set_link(in, "outlook", "https://outlook.live.com/calendar/0/addfromweb?url=", address);
        set_link(in, "office", "https://outlook.office.com/calendar/0/addfromweb?url=", address);
    }
}
