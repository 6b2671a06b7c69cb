#include "records/validate.h"

#include <string.h>

static bool say(struct validate_fault *fault, const char *key, size_t index, const char *why)
{
    *fault = (struct validate_fault){key, index, why};
    return false;
}

/* The index of the first id, of so many bytes each, that an earlier one equals, or count. */
static size_t find_repeated(const void *id, size_t count, size_t size)
{
    const uint8_t *at = id;
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (memcmp(at + i * size, at + j * size, size) == 0) {
                return i;
            }
        }
    }
    return count;
}

static bool judge_ids(const struct record_id *id, size_t count, const char *key,
                      struct validate_fault *fault)
{
    size_t repeated = find_repeated(id, count, sizeof *id);
    return repeated == count || say(fault, key, repeated, "this id was named above already");
}

static bool judge_prev(uint32_t seq, const struct record_id *prev, size_t count,
                       struct validate_fault *fault)
{
    if (seq == 0 && count > 0) {
        return say(fault, "prev", 0, "seq 0 replaces nothing: no prev");
    }
    if (seq > 0 && count == 0) {
        return say(fault, "seq", 0, "above 0 it needs a prev line: the record that this replaces");
    }
    for (size_t i = 1; i < count; i++) {
        if (record_id_compare(&prev[i - 1], &prev[i]) >= 0) {
            return say(fault, "prev", i, "prev ids ascend, each once");
        }
    }
    return true;
}

/* Keys are unique; for a wave by place the pairs of key and place are. */
static bool judge_keys(const struct record_window *window, struct validate_fault *fault)
{
    for (size_t i = 1; i < window->on_count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (text_equal(window->on[i].key, window->on[j].key)) {
                return say(fault, "on", i, "this key was used above already");
            }
        }
    }
    for (size_t i = 0; i < window->at_count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (text_equal(window->at[i].key, window->at[j].key) &&
                text_equal(window->at[i].place, window->at[j].place)) {
                return say(fault, "at", i, "this key was used above already");
            }
        }
        if (window->wave == WAVE_PLACE && record_on_find(window, window->at[i].key) == NULL) {
            return say(fault, "at", i, "no `on` line has this key");
        }
    }
    return true;
}

static bool judge_occurrences(const struct record_window *window, struct validate_fault *fault)
{
    bool has_at = window->wave == WAVE_NONE || window->wave == WAVE_PLACE;
    if (window->wave == WAVE_NONE && window->on_count > 0) {
        return say(fault, "on", 0, "`on` lines need a `wave` line after them");
    }
    if (window->wave == WAVE_NONE && window->at_count == 0) {
        return say(fault, "rule", 0, "expected `at` lines, or `on` lines and `wave`, after it");
    }
    if (window->wave != WAVE_NONE && window->on_count == 0) {
        return say(fault, "wave", 0, "expected `on` lines before it");
    }
    if (!has_at && window->at_count > 0) {
        return say(fault, "at", 0, "this wave has no instants of its own: no `at` lines");
    }
    if (window->wave == WAVE_PLACE && window->at_count == 0) {
        return say(fault, "wave", 0, "expected an `at` line for each key and place after it");
    }
    if (window->at_count + window->on_count > RECORD_OCCURRENCES_MAX) {
        return say(fault, window->at_count > 0 ? "at" : "on", 0,
                   "more than 200 `at` and `on` lines: extend by amendment");
    }
    return judge_keys(window, fault);
}

static bool judge_window(const struct record_window *window, struct validate_fault *fault)
{
    if (!judge_prev(window->seq, window->prev, window->prev_count, fault) ||
        !judge_occurrences(window, fault)) {
        return false;
    }
    for (size_t i = 0; i < window->off_count; i++) {
        if (!record_has_key(window, window->off[i])) {
            return say(fault, "off", i, "no `at` or `on` line has this key");
        }
        for (size_t j = 0; j < i; j++) {
            if (text_equal(window->off[i], window->off[j])) {
                return say(fault, "off", i, "this key was named above already");
            }
        }
    }
    size_t repeated = find_repeated(window->beacon, window->beacon_count, sizeof *window->beacon);
    return repeated == window->beacon_count ||
           say(fault, "beacon", repeated, "this beacon was named above already");
}

static bool judge_root(const struct record_root *root, struct validate_fault *fault)
{
    if (root->version == 1 && root->has_root) {
        return say(fault, "root", 0, "version 1 has no root line: its own id is the root");
    }
    if (root->version == 1 && root->has_prev) {
        return say(fault, "prev", 0, "version 1 has no prev");
    }
    if (root->version > 1 && !root->has_root) {
        return say(fault, "version", 0, "above 1 it needs a root line: the id of version 1");
    }
    if (root->version > 1 && !root->has_prev) {
        return say(fault, "version", 0,
                   "above 1 it needs a prev line: the id of the version before");
    }
    return judge_ids(root->keep, root->keep_count, "keep", fault);
}

bool validate_record(const struct record *record, struct validate_fault *fault)
{
    switch (record->type) {
    case RECORD_ROOT:
        return judge_root(&record->is.root, fault);
    case RECORD_WINDOW:
        return judge_window(&record->is.window, fault);
    case RECORD_CANCEL:
        return judge_prev(record->is.cancel.seq, record->is.cancel.prev,
                          record->is.cancel.prev_count, fault);
    case RECORD_REVOKE:
        return judge_ids(record->is.revoke.keep, record->is.revoke.keep_count, "keep", fault);
    case RECORD_HEARTBEAT:
        break;
    }
    return judge_ids(record->is.heartbeat.holds, record->is.heartbeat.holds_count, "holds", fault);
}
