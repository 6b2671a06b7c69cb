/* links: records trust stream view */
/* A sync stream from anyone: what is taken was signed by a key that a root names, merging it again
 * brings nothing, and every item that the iterator gives lies within the bytes. */
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger.h"
#include "stream/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static bool hear(void *context, const struct record *record,
                 const struct trust_signature *signature, const struct record_public_key *key)
{
    (void)context;
    check(signature == NULL ||
          trust_verify(signature, key, record->bytes, record->size) == TRUST_OK);
    return true;
}

static void walk(const uint8_t *bytes, size_t size)
{
    static struct stream_item item;
    struct stream stream;
    bool malformed;
    stream_init(&stream, bytes, size);
    while (stream_next(&stream, &item, &malformed)) {
        const uint8_t *start = item.record - 1;
        while (*start != ':') { /* the length stands before it */
            start--;
        }
        check(item.record >= bytes && item.record + item.record_size < bytes + size);
        check(item.signature_count <= STREAM_SIGNATURES_MAX);
        for (size_t i = 0; i < item.signature_count; i++) {
            check(item.signature[i].bytes > item.record &&
                  item.signature[i].bytes + item.signature[i].size < bytes + size);
        }
    }
    check(malformed == (stream.at != stream.end));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    walk(bytes, size);
    for (int by_hand = 0; by_hand < 2; by_hand++) {
        struct ledger *ledger = ledger_new(leap_builtin());
        struct ledger_policy policy = {.is_by_hand = by_hand == 1, .quota = 8, .sink = hear};
        struct ledger_counts first, second;
        check(ledger != NULL);
        check(ledger_merge(ledger, bytes, size, &policy, &first) == LEDGER_NEW);
        size_t count, again;
        const struct view_entry *entry = ledger_entries(ledger, &count);
        check(count == first.records_new);
        for (size_t i = 0; i < count; i++) {
            check(entry[i].signer_count > 0);
        }
        check(ledger_merge(ledger, bytes, size, &policy, &second) == LEDGER_NEW);
        ledger_entries(ledger, &again);
        check(again >= count && again - count == second.records_new);
        ledger_free(ledger);
    }
    return 0;
}
