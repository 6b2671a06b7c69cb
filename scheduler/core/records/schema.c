#include "records/schema.h"

#include <assert.h>

#define AT(member)      .offset = offsetof(struct record, is.member)
#define ALSO(member)    .also = offsetof(struct record, is.member)
#define LIST(member)    AT(member), ALSO(member##_count)
#define COUNT_OF(array) ((int)(sizeof(array) / sizeof *(array)))

static const struct schema_field root_fields[] = {
    {"root", AT_MOST_ONCE, SCHEMA_ID, AT(root.root), ALSO(root.has_root)},
    {"name", ONCE, SCHEMA_TEXT, AT(root.name)},
    {"version", ONCE, SCHEMA_NUMBER, AT(root.version), .is_positive = true},
    {"prev", AT_MOST_ONCE, SCHEMA_ID, AT(root.prev), ALSO(root.has_prev)},
    {"threshold", ONCE, SCHEMA_NUMBER, AT(root.threshold), .is_positive = true},
    {"organizer", AT_LEAST_ONCE, SCHEMA_KEY_NAME, LIST(root.organizer)},
    {"beacon", ANY_NUMBER, SCHEMA_KEY_NAME, LIST(root.beacon)},
    {"feed", ANY_NUMBER, SCHEMA_KEY_URL, LIST(root.feed)},
    {"broker", ANY_NUMBER, SCHEMA_URL, LIST(root.broker)},
    {"lock", AT_MOST_ONCE, SCHEMA_DURATION, AT(root.lock), ALSO(root.has_lock)},
    {"keep", ANY_NUMBER, SCHEMA_ID, LIST(root.keep), .most = RECORD_KEEP_MAX},
    {"made", ONCE, SCHEMA_INSTANT, AT(root.made)},
    {"expires", ONCE, SCHEMA_INSTANT, AT(root.expires)},
};

/* on, wave, at in this order serve every wave: a moment has `at` alone, a wave by place all
 * three. */
static const struct schema_field window_fields[] = {
    {"root", ONCE, SCHEMA_ID, AT(window.root)},
    {"uid", ONCE, SCHEMA_UID, AT(window.uid)},
    {"seq", ONCE, SCHEMA_NUMBER, AT(window.seq)},
    {"prev", ANY_NUMBER, SCHEMA_ID, LIST(window.prev)},
    {"made", ONCE, SCHEMA_INSTANT, AT(window.made)},
    {"title", AT_LEAST_ONCE, SCHEMA_PROSE, LIST(window.title)},
    {"about", ANY_NUMBER, SCHEMA_PROSE, LIST(window.about), .has_lines = true},
    {"gesture", ONCE, SCHEMA_TEXT, AT(window.gesture)},
    {"tone", ONCE, SCHEMA_TONE, AT(window.tone)},
    {"rule", ONCE, SCHEMA_TEXT, AT(window.rule)},
    {"zones", AT_MOST_ONCE, SCHEMA_TEXT, AT(window.zones)},
    {"on", ANY_NUMBER, SCHEMA_ON, LIST(window.on), .most = RECORD_OCCURRENCES_MAX},
    {"wave", AT_MOST_ONCE, SCHEMA_WAVE, AT(window)},
    {"at", ANY_NUMBER, SCHEMA_AT, LIST(window.at), .most = RECORD_OCCURRENCES_MAX},
    {"off", ANY_NUMBER, SCHEMA_OCCURRENCE, LIST(window.off)},
    {"for", ONCE, SCHEMA_LENGTH, AT(window.duration)},
    {"rest", AT_MOST_ONCE, SCHEMA_DURATION, AT(window.rest), ALSO(window.has_rest)},
    {"url", AT_MOST_ONCE, SCHEMA_URL, AT(window.url)},
    {"beacon", ANY_NUMBER, SCHEMA_KEY_ID, LIST(window.beacon)},
    {"expires", ONCE, SCHEMA_INSTANT, AT(window.expires)},
};

static const struct schema_field cancel_fields[] = {
    {"root", ONCE, SCHEMA_ID, AT(cancel.root)},
    {"uid", ONCE, SCHEMA_UID, AT(cancel.uid)},
    {"seq", ONCE, SCHEMA_NUMBER, AT(cancel.seq), .is_positive = true},
    {"prev", AT_LEAST_ONCE, SCHEMA_ID, LIST(cancel.prev)},
    {"made", ONCE, SCHEMA_INSTANT, AT(cancel.made)},
    {"reason", ONCE, SCHEMA_TEXT, AT(cancel.reason)},
};

static const struct schema_field revoke_fields[] = {
    {"root", ONCE, SCHEMA_ID, AT(revoke.root)},
    {"key", ONCE, SCHEMA_KEY, AT(revoke.key)},
    {"made", ONCE, SCHEMA_INSTANT, AT(revoke.made)},
    {"keep", ANY_NUMBER, SCHEMA_ID, LIST(revoke.keep), .most = RECORD_KEEP_MAX},
};

static const struct schema_field heartbeat_fields[] = {
    {"root", ONCE, SCHEMA_ID, AT(heartbeat.root)},
    {"by", ONCE, SCHEMA_KEY_ID, AT(heartbeat.by)},
    {"made", ONCE, SCHEMA_INSTANT, AT(heartbeat.made)},
    {"next", ONCE, SCHEMA_INSTANT, AT(heartbeat.next)},
    {"count", ONCE, SCHEMA_NUMBER, AT(heartbeat.count)},
    {"digest", ONCE, SCHEMA_ID, AT(heartbeat.digest)},
    {"holds", ANY_NUMBER, SCHEMA_ID, LIST(heartbeat.holds)},
};

#define FIELDS(array)    .field = (array), .count = COUNT_OF(array)
#define OF(what, member) .what = offsetof(struct record, is.member)

/* Everything that the house asks of a type without knowing it: a new type is a row here. */
static const struct schema forms[] = {
    [RECORD_ROOT] = {"root", FIELDS(root_fields), RECORD_OF_KEYS, OF(root, root.root),
                     OF(made, root.made), OF(has_root, root.has_root), OF(step, root.version)},
    [RECORD_WINDOW] = {"window", FIELDS(window_fields), RECORD_OF_WINDOW, OF(root, window.root),
                       OF(made, window.made), OF(uid, window.uid), OF(step, window.seq)},
    [RECORD_CANCEL] = {"cancel", FIELDS(cancel_fields), RECORD_OF_WINDOW, OF(root, cancel.root),
                       OF(made, cancel.made), OF(uid, cancel.uid), OF(step, cancel.seq)},
    [RECORD_REVOKE] = {"revoke", FIELDS(revoke_fields), RECORD_OF_KEYS, OF(root, revoke.root),
                       OF(made, revoke.made)},
    [RECORD_HEARTBEAT] = {"heartbeat", FIELDS(heartbeat_fields), RECORD_OF_STORE,
                          OF(root, heartbeat.root), OF(made, heartbeat.made)},
};

_Static_assert(COUNT_OF(forms) == RECORD_TYPES, "every type has a row");
_Static_assert(sizeof window_fields / sizeof *window_fields <= SCHEMA_FIELDS_MAX,
               "raise SCHEMA_FIELDS_MAX in schema.h");
_Static_assert(sizeof(struct record_id) == 32, "a digest is read as an id");

const struct schema *schema_of(enum record_type type)
{
    assert((size_t)type < sizeof forms / sizeof *forms);
    return &forms[type];
}

int schema_find(const struct schema *schema, struct text key)
{
    for (int i = 0; i < schema->count; i++) {
        if (text_is(key, schema->field[i].key)) {
            return i;
        }
    }
    return SCHEMA_NONE;
}

size_t schema_size(enum schema_kind kind)
{
    static const size_t size[] = {
        [SCHEMA_ID] = sizeof(struct record_id),
        [SCHEMA_UID] = sizeof(struct record_uid),
        [SCHEMA_KEY_ID] = sizeof(struct record_key_id),
        [SCHEMA_NUMBER] = sizeof(uint32_t),
        [SCHEMA_INSTANT] = sizeof(instant),
        [SCHEMA_TEXT] = sizeof(struct text),
        [SCHEMA_PROSE] = sizeof(struct record_prose),
        [SCHEMA_TONE] = sizeof(enum record_tone),
        [SCHEMA_AT] = sizeof(struct record_at),
        [SCHEMA_ON] = sizeof(struct record_on),
        [SCHEMA_WAVE] = sizeof(struct record_window),
        [SCHEMA_OCCURRENCE] = sizeof(struct text),
        [SCHEMA_DURATION] = sizeof(span),
        [SCHEMA_LENGTH] = sizeof(span),
        [SCHEMA_URL] = sizeof(struct text),
        [SCHEMA_KEY] = sizeof(struct record_public_key),
        [SCHEMA_KEY_NAME] = sizeof(struct record_key),
        [SCHEMA_KEY_URL] = sizeof(struct record_key),
    };
    assert((size_t)kind < sizeof size / sizeof *size && size[kind] > 0);
    return size[kind];
}
