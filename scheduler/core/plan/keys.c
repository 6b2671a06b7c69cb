/* keys.c -- occurrences keep their keys through a change of the rule. */
#include <stdio.h>
#include <string.h>

#include "plan/plan.h"

/* The key that the earlier version gave to this very occurrence. */
static bool key_before(const struct plan *plan, size_t index, const struct record_window *before,
                       struct text *key)
{
    if (plan->wave == WAVE_NONE) {
        for (size_t i = 0; i < before->at_count; i++) {
            if (before->at[i].at.tai_ns == plan->at[index].at.tai_ns) {
                *key = before->at[i].key;
                return true;
            }
        }
        return false;
    }
    for (size_t i = 0; i < before->on_count; i++) {
        if (civil_date_compare(before->on[i].date, plan->occurrence[index].date) == 0) {
            *key = before->on[i].key;
            return true;
        }
    }
    return false;
}

static bool is_ours(const struct plan *plan, const char *key, size_t except)
{
    for (size_t i = 0; i < plan->occurrence_count; i++) {
        bool same_occurrence =
            plan->wave == WAVE_PLACE &&
            civil_date_compare(plan->occurrence[i].date, plan->occurrence[except].date) == 0;
        if (i != except && !same_occurrence && strcmp(plan->occurrence[i].key, key) == 0) {
            return true;
        }
    }
    return false;
}

/* Year, then date, then date and a number: the first that nobody has. */
static void invent(struct plan *plan, size_t index, const struct record_window *before)
{
    struct civil_date date = plan->occurrence[index].date;
    char key[64];
    for (int i = 0; i < 1000; i++) {
        if (i == 0) {
            snprintf(key, sizeof key, "%04d-%02d-%02d", date.year, date.month, date.day);
        } else {
            snprintf(key, sizeof key, "%04d-%02d-%02d-%d", date.year, date.month, date.day, i + 1);
        }
        if (!record_has_key(before, text_of(key)) && !is_ours(plan, key, index)) {
            break;
        }
    }
    snprintf(plan->occurrence[index].key, sizeof plan->occurrence[index].key, "%.16s", key);
}

/* An annual occurrence that only moved (the same year's key, no longer at the old date) keeps its
 * key: who has marked it in a calendar sees it move. */
static bool moved(const struct plan *plan, size_t index, const struct record_window *before)
{
    const char *key = plan->occurrence[index].key;
    for (size_t i = 0; i < plan->occurrence_count; i++) {
        struct text other;
        if (i != index && key_before(plan, i, before, &other) && text_is(other, key)) {
            return false; /* the old occurrence of that key is still there */
        }
    }
    return true;
}

void plan_keep_keys(struct plan *plan, const struct record_window *before)
{
    bool kept[RECORD_OCCURRENCES_MAX] = {false};
    for (size_t i = 0; i < plan->occurrence_count; i++) {
        struct text key;
        kept[i] = key_before(plan, i, before, &key);
        if (kept[i]) {
            snprintf(plan->occurrence[i].key, sizeof plan->occurrence[i].key, "%.*s", (int)key.len,
                     key.at);
        }
    }
    for (size_t i = 0; i < plan->occurrence_count; i++) {
        const char *key = plan->occurrence[i].key;
        if (!kept[i] && (is_ours(plan, key, i) ||
                         (record_has_key(before, text_of(key)) && !moved(plan, i, before)))) {
            invent(plan, i, before);
        }
    }
    /* The lines point at the occurrences' keys: their lengths may have changed. */
    for (size_t i = 0; i < plan->at_count; i++) {
        plan->at[i].key.len = strlen(plan->at[i].key.at);
    }
    for (size_t i = 0; i < plan->on_count; i++) {
        plan->on[i].key.len = strlen(plan->on[i].key.at);
    }
}
