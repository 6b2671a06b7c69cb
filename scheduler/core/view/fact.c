#include "view/fact.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "instants/stamp.h"
#include "view/internal.h"

#define SAY(...) snprintf(out, VIEW_SENTENCE_SIZE, __VA_ARGS__)

/* Facts are values, so that programs count and compare them and no sentence is searched; this is
 * the only place where one becomes words. */
void view_fact_write(const struct view_fact *fact, char out[static VIEW_SENTENCE_SIZE])
{
    char beacon[RECORD_KEY_ID_TEXT_SIZE], before[DURATION_TEXT_SIZE];
    switch (fact->kind) {
    case FACT_ROOT_VERSION:
        SAY("version %" PRIu32, fact->number);
        return;
    case FACT_ROOT_UNSIGNED:
        SAY("the root has %zu of the %" PRIu32 " signatures of its own organizers that it needs",
            fact->count, fact->number);
        return;
    case FACT_ROOT_FORKED:
        SAY("%zu different roots of version %" PRIu32
            " are signed; agree on one and give it by hand",
            fact->count, fact->number);
        return;
    case FACT_ROOT_KEYS_LEFT:
        SAY("%zu keys are left of the %" PRIu32 " it needs; give a new root by hand", fact->count,
            fact->number);
        return;
    case FACT_SIGNATURES:
        if (fact->count > fact->number) {
            SAY("%zu signatures, %" PRIu32 " needed", fact->count, fact->number);
        } else {
            SAY("%zu of %" PRIu32 " signature%s", fact->count, fact->number, text_s(fact->number));
        }
        return;
    case FACT_NO_WINDOW:
        SAY("a cancel of a window that is not here");
        return;
    case FACT_CANCELLED:
        SAY("called off by the threshold of its organizers");
        return;
    case FACT_CANCELLED_BY_MORE:
        SAY("called off by more than the threshold");
        return;
    case FACT_SPARED_BY_LOCK:
        SAY("a cancel is held, but %zu locked occurrences stay in force until %" PRIu32
            " organizers sign it",
            fact->count, fact->number);
        return;
    case FACT_CONTESTED:
        SAY("two records claim the same step; the one before stays in force until an amendment "
            "names both");
        return;
    case FACT_CONTESTED_FROM_START:
        SAY("two records claim the same step; nothing rings until an amendment names both");
        return;
    case FACT_WINDOW_EXPIRED:
        SAY("past its own expiry");
        return;
    case FACT_EXPIRED_WITH_ROOT:
        SAY("past the expiry of the root");
        return;
    case FACT_LOCKED:
        SAY("a change is refused so near to its start: %zu occurrences stay as they were until "
            "%" PRIu32 " organizers sign it",
            fact->count, fact->number);
        return;
    case FACT_LOCK_AHEAD:
        duration_write((span){(int64_t)fact->count * NS_PER_S}, false, before);
        SAY("from %s before its start it takes %" PRIu32 " signatures to move it or call it off",
            before, fact->number);
        return;
    case FACT_LOCK_NEW:
        SAY("not locked: it was declared too near to its start for a beacon to prove it");
        return;
    case FACT_LOCK_OFF:
        SAY("the lock is off: %zu beacons vouch for what was there before it, %" PRIu32
            " must; sync with another store",
            fact->count, fact->number);
        return;
    case FACT_LOCK_ON:
        SAY("locked: it takes %" PRIu32 " signatures to move it or call it off", fact->number);
        return;
    case FACT_RECORD_MISSING:
        record_key_id_write(&fact->beacon, beacon);
        SAY("beacon %s holds this record and it is missing here: sync with another store", beacon);
        return;
    case FACT_MORE_ALERTS:
        SAY("and %zu more: \"tocsin list\" tells them all", fact->count);
        return;
    }
}

/* What a status or the line of a root says beside the fact, and an alert, which stands alone, must
 * say itself. */
static const char *const openings[FACT_KINDS] = {
    [FACT_ROOT_FORKED] = "the root is frozen: ",
    [FACT_ROOT_KEYS_LEFT] = "the root is frozen: ",
    [FACT_CONTESTED] = "contested: ",
    [FACT_CONTESTED_FROM_START] = "contested: ",
};

void view_alert_write(const struct view_alert *alert, char out[static VIEW_SENTENCE_SIZE])
{
    char sentence[VIEW_SENTENCE_SIZE];
    const char *opening = openings[alert->fact.kind];
    opening = opening != NULL ? opening : "";
    view_fact_write(&alert->fact, sentence);
    snprintf(out, VIEW_SENTENCE_SIZE, "%s%.*s", opening,
             (int)(VIEW_SENTENCE_SIZE - 1 - strlen(opening)), sentence);
}

int view_fact_compare(const struct view_fact *a, const struct view_fact *b)
{
    int order = number_compare(a->kind, b->kind);
    if (order == 0) {
        order = number_compare(a->number, b->number);
    }
    if (order == 0) {
        order = number_compare(a->count, b->count);
    }
    return order != 0 ? order : memcmp(a->beacon.bytes, b->beacon.bytes, sizeof a->beacon.bytes);
}

bool view_alert_equal(const struct view_alert *a, const struct view_alert *b)
{
    return record_id_equal(&a->record, &b->record) && view_fact_compare(&a->fact, &b->fact) == 0;
}
