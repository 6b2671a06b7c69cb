#include "tocsin/session/address.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool address_read(const char *url, size_t len, char out[static ADDRESS_SIZE])
{
    if (len + 2 > ADDRESS_SIZE || !text_is_web((struct text){url, len}) ||
        strstr(url, "://")[3] == '/') {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (url[i] <= 0x20 || url[i] >= 0x7f || strchr("\"<>\\^`{|}#?'", url[i]) != NULL) {
            return false;
        }
    }
    memcpy(out, url, len);
    out[len] = '\0';
    if (out[len - 1] != '/') {
        memcpy(out + len, "/", 2);
    }
    return true;
}

bool address_of_root(const struct view *view, const struct trust_secret *secret,
                     char out[static ADDRESS_SIZE])
{
    if (view->root_count != 1) {
        return false;
    }
    struct record_public_key key = {0};
    if (secret != NULL) {
        trust_secret_public(secret, &key);
    }
    const struct record_root *root = &view->root[0].newest->is.root;
    const struct text *chosen = NULL;
    for (size_t i = 0; i < root->feed_count; i++) {
        if (chosen == NULL || memcmp(root->feed[i].public.key, key.key, sizeof key.key) == 0) {
            chosen = &root->feed[i].name;
        }
    }
    return chosen != NULL && address_read(chosen->at, chosen->len, out);
}

enum address_place address_place(const char *address, const char *site)
{
    const char *at = strstr(address, "://"), *of = strstr(site, "://");
    size_t len = of != NULL ? strlen(of) : 0;
    while (len > 3 && of[len - 1] == '/') {
        len--;
    }
    if (at == NULL || len <= 3) {
        return ADDRESS_ELSEWHERE;
    }
    size_t host = 3 + strcspn(of + 3, "/");
    const char *rest = at + (strlen(at) < len ? strlen(at) : len);
    /* RFC 3986 6.2.2.1: scheme and host are without case, the path is not. */
    if (strncasecmp(at, of, host) != 0 || strncmp(at + host, of + host, len - host) != 0 ||
        strchr("/?#", *rest) == NULL) {
        return ADDRESS_ELSEWHERE;
    }
    size_t path = strcspn(rest, "?#");
    for (size_t i = 0; i < path; i++) {
        if (rest[i] == '%' || rest[i] == '\\' || (rest[i] == '/' && rest[i + 1] == '.')) {
            return ADDRESS_ODD;
        }
    }
    bool is_open = text_has_scheme(address, "http://") && !text_has_scheme(site, "http://");
    bool is_web = text_has_scheme(address, "https://") || text_has_scheme(address, "http://") ||
                  text_has_scheme(address, "webcal://") || text_has_scheme(address, "webcals://");
    return !is_web ? ADDRESS_ELSEWHERE : is_open ? ADDRESS_OPEN : ADDRESS_BELOW;
}

void address_names(const char *address, struct address_names *out)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    enum { ROOT_DIGITS = 16 };
    const char *at = strstr(address, "://");
    bool is_path = true;
    *out = (struct address_names){0};
    for (at = at != NULL ? at + 3 : address; *at != '\0'; at++) {
        size_t len = strspn(at, digits);
        bool begins = !isalnum((unsigned char)at[-1]) && !isalnum((unsigned char)at[len]);
        char text[RECORD_ID_TEXT_SIZE];
        for (size_t i = 0; i < len && i < sizeof text; i++) {
            text[i] = (char)tolower((unsigned char)at[i]);
        }
        if (begins && len + 1 == RECORD_UID_TEXT_SIZE && is_path) {
            out->has_uid |= record_uid_read(text, len, &out->uid);
        } else if (begins && len >= ROOT_DIGITS && len < sizeof text &&
                   (is_path ? len == ROOT_DIGITS : at[-1] == '#')) {
            snprintf(out->root, sizeof out->root, "%.*s", (int)len, text);
        }
        if (len > 0) {
            at += len - 1;
        }
        is_path = is_path && strchr("?#", *at) == NULL;
    }
}
