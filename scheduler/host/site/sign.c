#include "site/sign.h"

#include <stdio.h>
#include <stdlib.h>

enum site_result sign_beside(struct site *site, const char *path, size_t content,
                             const struct trust_secret *key, struct site_error *error)
{
    char comment[2 * SITE_PATH_SIZE];
    struct trust_signature signature;
    snprintf(comment, sizeof comment, "tocsin feed %s", path);
    enum trust_result signing = trust_sign(key, site->content[content].bytes,
                                           site->content[content].size, comment, &signature);
    if (signing != TRUST_OK) {
        snprintf(error->message, sizeof error->message, "%s: %s", path, trust_result_text(signing));
        return signing == TRUST_NO_MEMORY ? SITE_NO_MEMORY : SITE_UNSOUND;
    }
    char *text = malloc(TRUST_SIGNATURE_TEXT_MAX);
    if (text == NULL) {
        return SITE_NO_MEMORY;
    }
    size_t len = trust_signature_write(&signature, text);
    char beside[2 * SITE_PATH_SIZE];
    snprintf(beside, sizeof beside, "%s.minisig", path);
    return site_take(site, beside, (uint8_t *)text, len, error);
}

enum site_result sign_no_feed(enum feed_result result, const char *path, const char *why,
                              struct site_error *error)
{
    if (result != FEED_UNSOUND) {
        return SITE_NO_MEMORY;
    }
    snprintf(error->message, sizeof error->message, "%.80s: %.160s", path, why);
    return SITE_UNSOUND;
}
