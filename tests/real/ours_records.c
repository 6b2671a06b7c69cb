/* Our reader and verifier, for test_records_peer.py to hold another one against.
 *
 *   ours_records make SEED COUNT   writes a sync stream of random records, unsigned
 *   ours_records records           for each record of the stream on stdin, a line of what it says
 *   ours_records signatures        for each item (a file; a public key and a signature as its two
 *                                  "signatures"), ok or why not
 *   ours_records bundle [hand]     what a merge takes of the stream on stdin: id and public keys
 *   ours_records view NOW ANCHOR   what the stream on stdin means under the root of this id in it
 * links: ledger stream trust records view */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "ledger/ledger.h"
#include "records/proquint.h"
#include "records_random.h"
#include "stream/stream.h"
#include "view/view.h"

static void fail(const char *what)
{
    fprintf(stderr, "ours_records: %s\n", what);
    exit(1);
}

static uint8_t *read_input(size_t *size)
{
    size_t room = (size_t)1 << 20;
    uint8_t *bytes = malloc(room);
    *size = 0;
    for (size_t came; bytes != NULL && (came = fread(bytes + *size, 1, room - *size, stdin)) > 0;) {
        *size += came;
        if (*size == room) {
            room *= 2;
            bytes = realloc(bytes, room);
        }
    }
    if (bytes == NULL) {
        fail("no memory");
    }
    return bytes;
}

static void put_netstring(const void *bytes, size_t size)
{
    printf("%zu:", size);
    fwrite(bytes, 1, size, stdout);
    putchar(',');
}

static void make(uint64_t state, int count)
{
    static struct random_record made;
    static char text[RECORD_SIZE_MAX];
    struct seed seed = {state};
    for (int i = 0; i < count; i++) {
        size_t size;
        struct record_error error;
        random_record(&made, &seed);
        if (!record_write(&made.record, leap_builtin(), text, &size, &error)) {
            fail(error.message);
        }
        put_netstring(text, size);
        put_netstring("0", 1);
    }
}

static void put_hex(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        printf("%02x", bytes[i]);
    }
}

/* Nanoseconds of UTC; from 1972 on, as before it UTC means UT1 and is not counted so finely. */
static void put_instant(instant at)
{
    utc shown = leap_to_utc(leap_builtin(), at, NULL);
    if (shown.ns < INT64_C(63072000) * NS_PER_S) {
        printf(" old");
    } else {
        printf(" %lld", (long long)shown.ns);
    }
}

static void put_key(const struct record_public_key *key)
{
    char id[RECORD_KEY_ID_TEXT_SIZE];
    record_key_id_write(&key->id, id);
    printf(" %s/", id);
    put_hex(key->key, sizeof key->key);
}

static void put_keys(const struct record_key *key, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_key(&key[i].public);
    }
}

static void put_prose(const struct record_prose *prose, size_t count)
{
    static char text[RECORD_SIZE_MAX];
    for (size_t i = 0; i < count; i++) {
        size_t len = record_unescape(prose[i].value, text, sizeof text);
        printf(" %.*s=", (int)prose[i].tag.len, prose[i].tag.at);
        put_hex((const uint8_t *)text, len);
    }
}

static void put_window(const struct record_window *window)
{
    printf(" for %lld", (long long)(window->duration.ns / NS_PER_S));
    put_prose(window->title, window->title_count);
    put_prose(window->about, window->about_count);
    for (size_t i = 0; i < window->at_count; i++) {
        put_instant(window->at[i].at);
    }
    for (size_t i = 0; i < window->on_count; i++) {
        printf(" %d", (int)civil_day_number(window->on[i].date));
    }
}

static void put_record(const uint8_t *bytes, size_t size)
{
    struct record_error error;
    struct record_id id;
    struct record *record;
    char text[RECORD_ID_TEXT_SIZE], words[PROQUINT_SIZE];
    record_id_of(bytes, size, &id);
    record_id_write(&id, text);
    if (!record_read(bytes, size, leap_builtin(), &record, &error)) {
        printf("%s refused %d:%d: %s\n", text, error.line, error.column, error.message);
        return;
    }
    proquint_write(id.bytes, words);
    printf("%s %s %s ", text, words, record_type_name(record->type));
    put_hex(record_root_of(record)->bytes, RECORD_ID_SIZE);
    printf(" %u", (unsigned)record_step_of(record));
    switch (record->type) {
    case RECORD_ROOT:
        printf(" sound %d", trust_root_is_sound(&record->is.root, NULL));
        put_keys(record->is.root.organizer, record->is.root.organizer_count);
        put_keys(record->is.root.beacon, record->is.root.beacon_count);
        put_keys(record->is.root.feed, record->is.root.feed_count);
        break;
    case RECORD_WINDOW:
        put_window(&record->is.window);
        break;
    case RECORD_REVOKE:
        put_key(&record->is.revoke.key);
        break;
    case RECORD_CANCEL:
    case RECORD_HEARTBEAT:
        break;
    }
    printf("\n");
    record_free(record);
}

static void put_verdict(const struct stream_item *item)
{
    static struct trust_signature signature;
    struct record_public_key key;
    enum trust_result result = TRUST_MALFORMED;
    if (item->signature_count != 2 ||
        trust_public_key_read((const char *)item->signature[0].bytes, item->signature[0].size,
                              &key) != TRUST_OK) {
        fail("expected a public key and a signature");
    }
    result = trust_signature_read(item->signature[1].bytes, item->signature[1].size, &signature);
    if (result == TRUST_OK) {
        result = trust_verify(&signature, &key, item->record, item->record_size);
    }
    printf("%s\n", result == TRUST_OK ? "ok" : trust_result_text(result));
}

static void put_bundle(const uint8_t *bytes, size_t size, bool by_hand)
{
    struct ledger *ledger = ledger_new(leap_builtin());
    struct ledger_policy policy = {.is_by_hand = by_hand};
    struct ledger_counts counts;
    if (ledger == NULL || ledger_merge(ledger, bytes, size, &policy, &counts) != LEDGER_NEW) {
        fail("the merge failed");
    }
    size_t count;
    const struct view_entry *entry = ledger_entries(ledger, &count);
    for (size_t i = 0; i < count; i++) {
        put_hex(entry[i].record->id.bytes, RECORD_ID_SIZE);
        for (size_t k = 0; k < entry[i].signer_count; k++) {
            printf(" ");
            put_hex(entry[i].signer[k].key, RECORD_PUBLIC_KEY_SIZE);
        }
        printf("\n");
    }
    printf("%s\n", counts.is_cut_off ? "cut off" : "whole");
    ledger_free(ledger);
}

static void put_id(const struct record *record)
{
    printf(" ");
    if (record == NULL) {
        printf("-");
    } else {
        put_hex(record->id.bytes, RECORD_ID_SIZE);
    }
}

/* The newest root and how it stands; for each window its status, the record in force (if it is
 * more than tentative), the cancel, and the occurrences in force. */
static void put_meaning(const struct view *view)
{
    for (size_t i = 0; i < view->root_count; i++) {
        const struct view_root *root = &view->root[i];
        printf("root");
        put_id(root->newest);
        printf(" %s ", root->is_tentative ? "tentative" : root->is_frozen ? "frozen" : "sound");
        put_hex(root->effective_digest, sizeof root->effective_digest);
        printf("\n");
    }
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *window = &view->window[i];
        printf("window ");
        put_hex(window->uid.bytes, sizeof window->uid.bytes);
        printf(" %s", view_status_name(window->status));
        put_id(window->status == VIEW_TENTATIVE || window->status == VIEW_CANCELLED
                   ? NULL
                   : window->record);
        put_id(window->cancel);
        for (size_t k = 0; k < window->occurrence_count; k++) {
            const struct view_occurrence *one = &window->occurrence[k];
            if (one->state == OCCURRENCE_IN_FORCE) {
                printf(" %.*s", (int)one->key.len, one->key.at);
            }
        }
        printf("\n");
    }
}

static void put_view(const uint8_t *bytes, size_t size, const char *now, const char *anchor)
{
    struct ledger *ledger = ledger_new(leap_builtin());
    struct ledger_policy policy = {.is_by_hand = true};
    struct ledger_counts counts;
    struct record_id id;
    utc at = {0};
    if (ledger == NULL || ledger_merge(ledger, bytes, size, &policy, &counts) != LEDGER_NEW ||
        !record_id_read(anchor, strlen(anchor), &id) || ledger_find(ledger, &id) == NULL ||
        !stamp_read(now, strlen(now), &at)) {
        fail("the anchor is not in the stream, or now is no instant");
    }
    size_t count;
    const struct view_entry *entry = ledger_entries(ledger, &count);
    struct view_anchor by_hand = {ledger_find(ledger, &id)->record};
    struct view *view;
    if (!view_build(entry, count, &by_hand, 1, leap_from_utc(leap_builtin(), at, NULL), &view)) {
        fail("no memory");
    }
    put_meaning(view);
    view_free(view);
    ledger_free(ledger);
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0 || argc < 2) {
        fail("say what to do");
    }
    if (argc == 4 && strcmp(argv[1], "make") == 0) {
        make(strtoull(argv[2], NULL, 10), atoi(argv[3]));
        return 0;
    }
    size_t size;
    uint8_t *bytes = read_input(&size);
    if (strcmp(argv[1], "bundle") == 0) {
        put_bundle(bytes, size, argc == 3);
        free(bytes);
        return 0;
    }
    if (argc == 4 && strcmp(argv[1], "view") == 0) {
        put_view(bytes, size, argv[2], argv[3]);
        free(bytes);
        return 0;
    }
    static struct stream_item item;
    struct stream stream;
    bool malformed = false;
    stream_init(&stream, bytes, size);
    while (stream_next(&stream, &item, &malformed)) {
        if (strcmp(argv[1], "records") == 0) {
            put_record(item.record, item.record_size);
        } else {
            put_verdict(&item);
        }
    }
    free(bytes);
    return malformed;
}
