#include "tocsin/session/address.h"

#include <string.h>

bool address_read(const char *url, size_t len, char out[static ADDRESS_SIZE])
{
    bool is_http = len > 7 && memcmp(url, "http://", 7) == 0 && url[7] != '/';
    bool is_https = len > 8 && memcmp(url, "https://", 8) == 0 && url[8] != '/';
    if (len + 2 > ADDRESS_SIZE || (!is_http && !is_https)) {
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
