/* The page's mind as this machine runs it, for test_page_twins.py to hold WebAssembly against: a
 * call a line on stdin, its words separated by spaces, bytes in hexadecimal, "-" for none; a line
 * of what came of it on stdout.
 *
 *   open SECRET PLACE     anchor BYTES             put BYTES           clock MONO UTC BOUND SLEPT
 *   link BROKER UP        heard BROKER TOPIC BYTES ARRIVED RETAINED    think    lists    roots
 *   began MARK            memory                   saved               remember TEXT
 * links: libtocsin */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page/page.h"

enum { WORDS = 8, BYTES = 1 << 20 };

struct call {
    char *word[WORDS];
};

static uint8_t bytes[BYTES];

/* The bytes of a word; NULL: none. */
static const void *bytes_of(const struct call *call, int n, size_t *size)
{
    const char *hex = call->word[n];
    *size = 0;
    if (hex == NULL || strcmp(hex, "-") == 0) {
        return NULL;
    }
    if (sodium_hex2bin(bytes, BYTES, hex, strlen(hex), NULL, size, NULL) != 0) {
        fprintf(stderr, "ours_page: not hexadecimal: %.40s\n", hex);
        exit(2);
    }
    return bytes;
}

static double number(const struct call *call, int n)
{
    return call->word[n] != NULL ? strtod(call->word[n], NULL) : 0;
}

static void split(char *line, struct call *call)
{
    *call = (struct call){0};
    line[strcspn(line, "\n")] = '\0';
    for (int n = 0; n < WORDS && line != NULL; n++) {
        call->word[n] = strsep(&line, " ");
    }
}

static void say(const char *text)
{
    puts(text != NULL ? text : "no memory");
}

static void say_memory(struct tocsin *site)
{
    static char text[BYTES];
    tocsin_memory(site, text, sizeof text);
    for (const char *at = text; *at != '\0'; at++) {
        printf("%02x", (unsigned char)*at);
    }
    puts("");
}

static struct tocsin *open_site(const struct call *call)
{
    static const uint8_t boot[16] = {7};
    static uint8_t secret[32];
    size_t size;
    memcpy(secret, bytes_of(call, 1, &size), sizeof secret);
    return page_open("it,en", call->word[2], NULL, 0, 0, secret, boot);
}

static void make(const struct call *call, struct tocsin *site)
{
    const char *what = call->word[0];
    size_t size;
    if (strcmp(what, "anchor") == 0) {
        const void *root = bytes_of(call, 1, &size);
        say(page_anchor(site, NULL, root, size));
    } else if (strcmp(what, "put") == 0) {
        const void *records = bytes_of(call, 1, &size);
        say(page_put(site, records, size));
    } else if (strcmp(what, "clock") == 0) {
        page_clock(number(call, 1), number(call, 2), number(call, 3), number(call, 4));
        say("");
    } else if (strcmp(what, "link") == 0) {
        page_link(site, (unsigned)number(call, 1), number(call, 2) > 0);
        say("");
    } else if (strcmp(what, "sent") == 0) {
        page_sent(site, bytes_of(call, 1, &size), number(call, 2));
        say("");
    } else if (strcmp(what, "heard") == 0) {
        const void *payload = bytes_of(call, 3, &size);
        say(page_heard(site, (unsigned)number(call, 1), call->word[2], payload, size,
                       number(call, 4), number(call, 5) > 0)
                ? "1"
                : "0");
    } else if (strcmp(what, "think") == 0) {
        say(page_think(site));
    } else if (strcmp(what, "lists") == 0) {
        say(page_lists(site));
    } else if (strcmp(what, "roots") == 0) {
        say(page_roots(site));
    } else if (strcmp(what, "began") == 0) {
        say(tocsin_began(site, call->word[1]) ? "1" : "0");
    } else if (strcmp(what, "memory") == 0) {
        say_memory(site);
    } else if (strcmp(what, "saved") == 0) {
        tocsin_saved(site);
        say("");
    } else if (strcmp(what, "remember") == 0) {
        const void *text = bytes_of(call, 1, &size);
        printf("%d\n", (int)tocsin_remember(site, text, size));
    } else {
        fprintf(stderr, "ours_page: what is %s?\n", what);
        exit(2);
    }
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    struct tocsin *site = NULL;
    if (sodium_init() < 0) {
        return 3;
    }
    while (getline(&line, &room, stdin) > 0) {
        struct call call;
        split(line, &call);
        if (strcmp(call.word[0], "open") == 0) {
            tocsin_free(site);
            site = open_site(&call);
            say(site != NULL ? "1" : "0");
        } else {
            make(&call, site);
        }
        fflush(stdout);
    }
    tocsin_free(site);
    free(line);
    return 0;
}
