#include "records/form.h"

#include <assert.h>

#define AT(member)      .offset = offsetof(struct record, is.member)
#define ALSO(member)    .also = offsetof(struct record, is.member)
#define LIST(member)    AT(member), ALSO(member##_count)
#define COUNT_OF(array) ((int)(sizeof(array) / sizeof *(array)))

static const struct form_field root_fields[] = {
    {"root", AT_MOST_ONCE, FORM_ID, AT(root.root), ALSO(root.has_root)},
    {"name", ONCE, FORM_TEXT, AT(root.name)},
    {"version", ONCE, FORM_NUMBER, AT(root.version), .is_positive = true},
    {"prev", AT_MOST_ONCE, FORM_ID, AT(root.prev), ALSO(root.has_prev)},
    {"threshold", ONCE, FORM_NUMBER, AT(root.threshold), .is_positive = true},
    {"organizer", AT_LEAST_ONCE, FORM_KEY_NAME, LIST(root.organizer)},
    {"beacon", ANY_NUMBER, FORM_KEY_NAME, LIST(root.beacon)},
    {"feed", ANY_NUMBER, FORM_KEY_URL, LIST(root.feed)},
    {"broker", ANY_NUMBER, FORM_URL, LIST(root.broker)},
    {"lock", AT_MOST_ONCE, FORM_DURATION, AT(root.lock), ALSO(root.has_lock)},
    {"keep", ANY_NUMBER, FORM_ID, LIST(root.keep), .most = RECORD_KEEP_MAX},
    {"made", ONCE, FORM_INSTANT, AT(root.made)},
    {"expires", ONCE, FORM_INSTANT, AT(root.expires)},
};

/* on, wave, at in this order serve every wave: a moment has `at` alone, a wave by place all three.
 */
static const struct form_field window_fields[] = {
    {"root", ONCE, FORM_ID, AT(window.root)},
    {"uid", ONCE, FORM_UID, AT(window.uid)},
    {"seq", ONCE, FORM_NUMBER, AT(window.seq)},
    {"prev", ANY_NUMBER, FORM_ID, LIST(window.prev)},
    {"made", ONCE, FORM_INSTANT, AT(window.made)},
    {"title", AT_LEAST_ONCE, FORM_PROSE, LIST(window.title)},
    {"about", ANY_NUMBER, FORM_PROSE, LIST(window.about), .has_lines = true},
    {"gesture", ONCE, FORM_TEXT, AT(window.gesture)},
    {"tone", ONCE, FORM_TONE, AT(window.tone)},
    {"rule", ONCE, FORM_TEXT, AT(window.rule)},
    {"zones", AT_MOST_ONCE, FORM_TEXT, AT(window.zones)},
    {"on", ANY_NUMBER, FORM_ON, LIST(window.on), .most = RECORD_OCCURRENCES_MAX},
    {"wave", AT_MOST_ONCE, FORM_WAVE, AT(window)},
    {"at", ANY_NUMBER, FORM_AT, LIST(window.at), .most = RECORD_OCCURRENCES_MAX},
    {"off", ANY_NUMBER, FORM_OCCURRENCE, LIST(window.off)},
    {"for", ONCE, FORM_LENGTH, AT(window.duration)},
    {"rest", AT_MOST_ONCE, FORM_DURATION, AT(window.rest), ALSO(window.has_rest)},
    {"url", AT_MOST_ONCE, FORM_URL, AT(window.url)},
    {"beacon", ANY_NUMBER, FORM_KEY_ID, LIST(window.beacon)},
    {"expires", ONCE, FORM_INSTANT, AT(window.expires)},
};

static const struct form_field cancel_fields[] = {
    {"root", ONCE, FORM_ID, AT(cancel.root)},
    {"uid", ONCE, FORM_UID, AT(cancel.uid)},
    {"seq", ONCE, FORM_NUMBER, AT(cancel.seq), .is_positive = true},
    {"prev", AT_LEAST_ONCE, FORM_ID, LIST(cancel.prev)},
    {"made", ONCE, FORM_INSTANT, AT(cancel.made)},
    {"reason", ONCE, FORM_TEXT, AT(cancel.reason)},
};

static const struct form_field revoke_fields[] = {
    {"root", ONCE, FORM_ID, AT(revoke.root)},
    {"key", ONCE, FORM_KEY, AT(revoke.key)},
    {"made", ONCE, FORM_INSTANT, AT(revoke.made)},
    {"keep", ANY_NUMBER, FORM_ID, LIST(revoke.keep), .most = RECORD_KEEP_MAX},
};

static const struct form_field heartbeat_fields[] = {
    {"root", ONCE, FORM_ID, AT(heartbeat.root)},
    {"by", ONCE, FORM_KEY_ID, AT(heartbeat.by)},
    {"made", ONCE, FORM_INSTANT, AT(heartbeat.made)},
    {"next", ONCE, FORM_INSTANT, AT(heartbeat.next)},
    {"count", ONCE, FORM_NUMBER, AT(heartbeat.count)},
    {"digest", ONCE, FORM_ID, AT(heartbeat.digest)},
    {"holds", ANY_NUMBER, FORM_ID, LIST(heartbeat.holds)},
};

#define FIELDS(array)    .field = (array), .count = COUNT_OF(array)
#define OF(what, member) .what = offsetof(struct record, is.member)

/* Everything that the house asks of a type without knowing it: a new type is a row here. */
static const struct form forms[] = {
    [RECORD_ROOT] = {"root", FIELDS(root_fields), RECORD_OF_KEYS, OF(root, root.root),
                     OF(has_root, root.has_root), OF(step, root.version)},
    [RECORD_WINDOW] = {"window", FIELDS(window_fields), RECORD_OF_WINDOW, OF(root, window.root),
                       OF(uid, window.uid), OF(step, window.seq)},
    [RECORD_CANCEL] = {"cancel", FIELDS(cancel_fields), RECORD_OF_WINDOW, OF(root, cancel.root),
                       OF(uid, cancel.uid), OF(step, cancel.seq)},
    [RECORD_REVOKE] = {"revoke", FIELDS(revoke_fields), RECORD_OF_KEYS, OF(root, revoke.root)},
    [RECORD_HEARTBEAT] = {"heartbeat", FIELDS(heartbeat_fields), RECORD_OF_STORE,
                          OF(root, heartbeat.root), OF(beacon, heartbeat.by)},
};

_Static_assert(COUNT_OF(forms) == RECORD_TYPES, "every type has a row");
_Static_assert(sizeof window_fields / sizeof *window_fields <= FORM_FIELDS_MAX, "raise it");
_Static_assert(sizeof(struct record_id) == 32, "a digest is read as an id");

const struct form *form_of(enum record_type type)
{
    assert((size_t)type < sizeof forms / sizeof *forms);
    return &forms[type];
}

int form_find(const struct form *form, struct text key)
{
    for (int i = 0; i < form->count; i++) {
        if (text_is(key, form->field[i].key)) {
            return i;
        }
    }
    return FORM_NONE;
}

size_t form_size(enum form_kind kind)
{
    switch (kind) {
    case FORM_ID:
        return sizeof(struct record_id);
    case FORM_UID:
        return sizeof(struct record_uid);
    case FORM_KEY_ID:
        return sizeof(struct record_key_id);
    case FORM_NUMBER:
        return sizeof(uint32_t);
    case FORM_INSTANT:
        return sizeof(instant);
    case FORM_PROSE:
        return sizeof(struct record_prose);
    case FORM_TONE:
        return sizeof(enum record_tone);
    case FORM_AT:
        return sizeof(struct record_at);
    case FORM_ON:
        return sizeof(struct record_on);
    case FORM_WAVE:
        return sizeof(struct record_window);
    case FORM_DURATION:
    case FORM_LENGTH:
        return sizeof(span);
    case FORM_KEY:
        return sizeof(struct record_public_key);
    case FORM_KEY_NAME:
    case FORM_KEY_URL:
        return sizeof(struct record_key);
    case FORM_TEXT:
    case FORM_OCCURRENCE:
    case FORM_URL:
        break;
    }
    return sizeof(struct text);
}
