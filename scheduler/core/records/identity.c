/* identity.c -- what every record tells of itself, of whatever type. */
#include "records/record.h"

#include <assert.h>

#include "records/schema.h"

bool record_says_root(const uint8_t *bytes, size_t size)
{
    return text_begins(bytes, size, "tocsin root ");
}

/* The value of a record at an offset of its schema; NULL: its type has none. */
static const void *value_at(const struct record *record, size_t offset)
{
    return offset != 0 ? (const char *)record + offset : NULL;
}

const struct record_id *record_root_of(const struct record *record)
{
    const struct schema *schema = schema_of(record->type);
    const bool *has_root = value_at(record, schema->has_root);
    return has_root != NULL && !*has_root ? &record->id : value_at(record, schema->root);
}

enum record_subject record_subject_of(const struct record *record)
{
    return schema_of(record->type)->subject;
}

const struct record_uid *record_uid_of(const struct record *record)
{
    return value_at(record, schema_of(record->type)->uid);
}

instant record_made(const struct record *record)
{
    return *(const instant *)value_at(record, schema_of(record->type)->made);
}

uint32_t record_step_of(const struct record *record)
{
    const uint32_t *step = value_at(record, schema_of(record->type)->step);
    return step != NULL ? *step : 0;
}

bool record_belongs_to(const struct record *record, const struct record_id *root,
                       const struct record_uid *uid)
{
    const struct record_uid *own = record_uid_of(record);
    const struct record_id *of = record_root_of(record);
    return of != NULL && record_id_equal(of, root) &&
           (record_subject_of(record) == RECORD_OF_KEYS ||
            (uid != NULL && own != NULL && record_uid_equal(own, uid)));
}

const char *record_type_name(enum record_type type)
{
    return schema_of(type)->word;
}

const char *record_tone_name(enum record_tone tone)
{
    static const char *const names[] = {[TONE_MOURNING] = "mourning",
                                        [TONE_VIGIL] = "vigil",
                                        [TONE_CELEBRATION] = "celebration",
                                        [TONE_REFLECTION] = "reflection"};
    assert((size_t)tone < sizeof names / sizeof *names);
    return names[tone];
}
