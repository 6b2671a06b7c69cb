#include "records/url.h"

#include <string.h>

static bool is_one_of(char letter, const char *set)
{
    return letter != '\0' && strchr(set, letter) != NULL;
}

static bool is_alphanumeric(char c)
{
    return text_is_digit(c) || text_is_letter(c);
}

static bool is_hex(char c)
{
    return text_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The length of the scheme and "://", 0 when it is none of ours. */
static size_t scheme_len(struct text url)
{
    static const char *const schemes[] = {"mqtt://", "mqtts://", "ws://",
                                          "wss://",  "http://",  "https://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (text_begins(url.at, url.len, schemes[i])) {
            return strlen(schemes[i]);
        }
    }
    return 0;
}

/* RFC 3986 3.2 less the user info: a name, an IPv4 address or [IPv6], and perhaps a port. */
static const char *judge_authority(const char *at, const char *end, const char **fault)
{
    const char *user = memchr(at, '@', (size_t)(end - at));
    if (user != NULL) {
        *fault = user;
        return "a URL without user name or password";
    }
    const char *host = at;
    if (at < end && *at == '[') {
        for (at++; at < end && (is_hex(*at) || *at == ':' || *at == '.'); at++) {
        }
        *fault = at;
        if (at == end || *at != ']' || at - host < 3) {
            return "an IPv6 address in brackets";
        }
        at++;
    } else {
        for (; at < end && (is_alphanumeric(*at) || is_one_of(*at, "-._")); at++) {
        }
    }
    *fault = at;
    if (at == host) {
        return "a host's name or address";
    }
    if (at == end) {
        return NULL;
    }
    if (*at != ':') {
        return "a host's name in ASCII letters, digits, - and ., then a port or a path";
    }
    int port;
    *fault = at + 1;
    return text_read_port((struct text){at, (size_t)(end - at)}, &port) ? NULL
                                                                        : "a port from 1 to 65535";
}

/* Stricter than RFC 3986, which allows what no two programs read alike: no user info, no schemes
 * but ours, ASCII only.  What is signed here is opened by browsers and brokers of others. */
const char *url_judge(struct text url, const char **fault)
{
    *fault = url.at;
    size_t scheme = scheme_len(url);
    if (scheme == 0) {
        return "a URL that begins with mqtt://, mqtts://, ws://, wss://, http:// or https://";
    }
    const char *end = url.at + url.len;
    const char *host = url.at + scheme;
    const char *path = host;
    while (path < end && !is_one_of(*path, "/?#")) {
        path++;
    }
    const char *expected = judge_authority(host, path, fault);
    if (expected != NULL) {
        return expected;
    }
    for (const char *at = path; at < end; at++) {
        *fault = at;
        if (*at == '%') {
            if (end - at < 3 || !is_hex(at[1]) || !is_hex(at[2])) {
                return "two hex digits after %";
            }
        } else if (!is_alphanumeric(*at) && !is_one_of(*at, "-._~:/?#[]@!$&'()*+,;=")) {
            return "only the ASCII characters of a URL: write others as %XX";
        }
    }
    return NULL;
}
