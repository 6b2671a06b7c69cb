/* digest.c -- one hash over everything that a view means.  Reasons and alerts are words about it
 * and stay outside; every field has a fixed length or its length before it. */
#include <sodium.h>

#include "view/internal.h"

static void put(crypto_generichash_state *state, const void *bytes, size_t size)
{
    crypto_generichash_update(state, bytes, size);
}

static void put_number(crypto_generichash_state *state, uint64_t value)
{
    for (int shift = 56; shift >= 0; shift -= 8) { /* big-endian, whatever the machine is */
        const uint8_t byte = (uint8_t)(value >> shift);
        put(state, &byte, sizeof byte);
    }
}

static void put_text(crypto_generichash_state *state, struct text text)
{
    put_number(state, text.len);
    put(state, text.at, text.len);
}

/* A record by its id; none is a flag. */
static void put_record(crypto_generichash_state *state, const struct record *record)
{
    put_number(state, record != NULL);
    if (record != NULL) {
        put(state, record->id.bytes, sizeof record->id.bytes);
    }
}

static void put_pending(crypto_generichash_state *state, const struct view_pending *pending,
                        size_t count)
{
    put_number(state, count);
    for (size_t i = 0; i < count; i++) {
        put_record(state, pending[i].record);
        put_number(state, pending[i].signature_count);
    }
}

static void put_root(crypto_generichash_state *state, const struct view_root *root)
{
    put(state, root->id.bytes, sizeof root->id.bytes);
    put_record(state, root->newest);
    put_number(state, root->is_tentative);
    put_number(state, root->is_frozen);
    put_pending(state, root->pending, root->pending_count);
    put(state, root->effective_digest, sizeof root->effective_digest);
    put_record(state, root->heartbeat);
    put_number(state, root->beating_count);
    for (size_t i = 0; i < root->beating_count; i++) {
        put_record(state, root->beating[i]);
    }
}

static void put_occurrence(crypto_generichash_state *state, const struct view_occurrence *one)
{
    put_text(state, one->key);
    put_text(state, one->place);
    put_number(state, one->has_start);
    if (one->has_start) {
        put_number(state, (uint64_t)one->start.tai_ns);
        put_number(state, (uint64_t)one->end.tai_ns);
    } else {
        put_number(state, (uint64_t)one->date.year);
        put_number(state, (uint64_t)one->date.month);
        put_number(state, (uint64_t)one->date.day);
    }
    put_record(state, one->record);
    put_number(state, one->lock);
    put_number(state, one->state);
    put_number(state, one->is_off);
    put_number(state, one->alerted);
}

static void put_window(crypto_generichash_state *state, const struct view_window *window)
{
    put(state, window->root.bytes, sizeof window->root.bytes);
    put(state, window->uid.bytes, sizeof window->uid.bytes);
    put_record(state, window->record);
    put_record(state, window->cancel);
    put_number(state, window->status);
    put_number(state, window->signature_count);
    put_number(state, window->threshold);
    put_number(state, window->occurrence_count);
    for (size_t i = 0; i < window->occurrence_count; i++) {
        put_occurrence(state, &window->occurrence[i]);
    }
    put_pending(state, window->pending, window->pending_count);
}

void digest_build(const struct view *view, uint8_t out[static 32])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, 32);
    put_number(&state, view->root_count);
    for (size_t i = 0; i < view->root_count; i++) {
        put_root(&state, &view->root[i]);
    }
    put_number(&state, view->window_count);
    for (size_t i = 0; i < view->window_count; i++) {
        put_window(&state, &view->window[i]);
    }
    crypto_generichash_final(&state, out, 32);
}
