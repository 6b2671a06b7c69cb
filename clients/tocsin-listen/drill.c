/* drill.c -- --drill: a constellation of one organizer, made for this run and forgotten with it,
 * declares a window that begins at once.  From there on everything is as on the day: records are
 * verified, the fire thread releases, hooks and bells start.  But for the state: nothing is
 * kept. */
#include <sodium.h>
#include <string.h>

#include "instants/stamp.h"
#include "stream/stream.h"
#include "tocsin-listen/internal.h"
#include "trust/trust.h"

enum { TEXT_SIZE = 1024, BUNDLE_SIZE = 4 * TEXT_SIZE, LASTS_S = 10 };

struct drill {
    struct trust_secret *secret;
    char key[RECORD_PUBLIC_KEY_TEXT_SIZE], beacon[RECORD_PUBLIC_KEY_TEXT_SIZE];
    char made[STAMP_TEXT_SIZE], start[STAMP_TEXT_SIZE], expires[STAMP_TEXT_SIZE];
    uint8_t bundle[BUNDLE_SIZE];
    size_t size;
};

static struct trust_secret *make_key(char out[static RECORD_PUBLIC_KEY_TEXT_SIZE])
{
    uint8_t seed[32], id[8];
    struct record_public_key key;
    randombytes_buf(seed, sizeof seed);
    randombytes_buf(id, sizeof id);
    struct trust_secret *secret = trust_secret_new(seed, id);
    sodium_memzero(seed, sizeof seed);
    if (secret != NULL) {
        trust_secret_public(secret, &key);
        record_public_key_write(&key, out);
    }
    return secret;
}

/* Signs a record, and adds it to the bundle. */
static bool add(struct drill *drill, const char *text)
{
    struct trust_signature signature;
    char signed_text[TRUST_SIGNATURE_TEXT_MAX];
    if (trust_sign(drill->secret, (const uint8_t *)text, strlen(text), "a drill", &signature) !=
        TRUST_OK) {
        return false;
    }
    size_t length = trust_signature_write(&signature, signed_text);
    uint8_t *at = drill->bundle + drill->size;
    at += stream_write_netstring((const uint8_t *)text, strlen(text), at);
    at += stream_write_netstring((const uint8_t *)"1", 1, at);
    at += stream_write_netstring((const uint8_t *)signed_text, length, at);
    drill->size = (size_t)(at - drill->bundle);
    return true;
}

static bool declare(struct drill *drill)
{
    char root[TEXT_SIZE], window[TEXT_SIZE], uid[33];
    struct record_id id;
    uint8_t random[16];
    snprintf(root, sizeof root,
             "tocsin root 1\nname: A drill\nversion: 1\nthreshold: 1\norganizer: %s drill\n"
             "beacon: %s drill\nmade: %s\nexpires: %s\n",
             drill->key, drill->beacon, drill->made, drill->expires);
    record_id_of((const uint8_t *)root, strlen(root), &id);
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(uid, sizeof uid, random, sizeof random);
    snprintf(window, sizeof window,
             "tocsin window 1\nroot: %s\nuid: %s\nseq: 0\nmade: %s\ntitle: A drill\n"
             "gesture: noise\ntone: vigil\nrule: %s for %ds\nat: drill %s\nfor: %ds\nexpires: %s\n",
             record_id_text(&id).text, uid, drill->made, drill->start, LASTS_S, drill->start,
             LASTS_S, drill->expires);
    return add(drill, root) && add(drill, window);
}

int listen_take_drill(struct listen *listen)
{
    static struct drill drill;
    struct trust_secret *beacon = make_key(drill.beacon);
    drill.secret = make_key(drill.key);
    utc host = listen_read_clocks(listen).host;
    int64_t now = host.ns - host.ns % NS_PER_S, day = 86400 * NS_PER_S;
    stamp_write((utc){now - day}, drill.made);
    int64_t start = host.ns + listen->options->drill.ns + NS_PER_S - 1;
    stamp_write((utc){start - start % NS_PER_S}, drill.start); /* on the second, as most are */
    stamp_write((utc){now + 2 * day}, drill.expires);
    char why[ANCHORS_WHY_SIZE];
    struct replica_counts counts;
    struct store_error error;
    bool done =
        beacon != NULL && drill.secret != NULL && declare(&drill) &&
        replica_take_root(&listen->replica, drill.bundle, drill.size, why) &&
        replica_hear(&listen->replica, drill.bundle, drill.size, &counts, &error) == STORE_OK;
    trust_secret_free(beacon);
    trust_secret_free(drill.secret);
    return done ? EXIT_DONE
                : say_outside("no drill can be made: too little memory that can be locked, or a "
                              "clock outside 1700 to 2250");
}
