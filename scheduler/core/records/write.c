#include <stdio.h>
#include <string.h>

#include "records/value.h"

/* The values of a field: where, and how many (0 when an optional one is absent). */
struct values {
    const char *first;
    size_t count, size;
};

static struct values values_of(const struct record *record, const struct schema_field *field)
{
    const char *at = (const char *)record + field->offset;
    struct values values = {at, 1, schema_size(field->kind)};
    if (schema_repeats(field)) {
        memcpy(&values.first, at, sizeof values.first);
        memcpy(&values.count, (const char *)record + field->also, sizeof values.count);
    } else if (field->times == AT_MOST_ONCE && field->also != 0) {
        values.count = *(const bool *)((const char *)record + field->also);
    } else if (field->times == AT_MOST_ONCE && field->kind == SCHEMA_WAVE) {
        values.count = record->is.window.wave != WAVE_NONE;
    } else if (field->times == AT_MOST_ONCE) {
        values.count = ((const struct text *)(const void *)at)->len > 0;
    }
    return values;
}

static void put_field(struct draft *draft, const struct record *record,
                      const struct schema_field *field, const struct value_context *context)
{
    struct values values = values_of(record, field);
    for (size_t i = 0; i < values.count; i++) {
        const void *slot = values.first + i * values.size;
        const struct record_prose *prose = slot;
        draft_add(draft, field->key);
        if (field->kind == SCHEMA_PROSE && prose->tag.len > 0) {
            draft_add(draft, ".");
            draft_add_bytes(draft, prose->tag.at, prose->tag.len);
        }
        draft_add(draft, ": ");
        value_write(field->kind, slot, context, draft);
        draft_add(draft, "\n");
    }
}

static bool complain(struct record_error *error, int line, const char *key)
{
    *error = (struct record_error){.line = line, .column = 1};
    snprintf(error->message, sizeof error->message, "this value of `%s` cannot be written as text",
             key);
    return false;
}

static bool fields_equal(const struct values *a, const struct values *b, enum schema_kind kind,
                         size_t *index)
{
    for (*index = 0; *index < a->count && *index < b->count; ++*index) {
        if (!value_equal(kind, a->first + *index * a->size, b->first + *index * b->size)) {
            return false;
        }
    }
    return a->count == b->count;
}

static bool extras_equal(const struct record *a, const struct record *b)
{
    for (size_t i = 0; i < a->extra_count && i < b->extra_count; i++) {
        const struct record_extra *x = &a->extra[i], *y = &b->extra[i];
        if (!value_equal(SCHEMA_TEXT, &x->key, &y->key) ||
            !value_equal(SCHEMA_TEXT, &x->value, &y->value)) {
            return false;
        }
    }
    return a->extra_count == b->extra_count;
}

/* A text with a line feed in it, or half a second in a duration, would be read back as something
 * else: refused here, so that nobody signs what he did not say. */
static bool judge_same(const struct record *given, const struct record *back,
                       struct record_error *error)
{
    const struct schema *schema = schema_of(given->type);
    int line = 2;
    for (int i = 0; i < schema->count; i++) {
        struct values a = values_of(given, &schema->field[i]),
                      b = values_of(back, &schema->field[i]);
        size_t index;
        if (!fields_equal(&a, &b, schema->field[i].kind, &index)) {
            return complain(error, line + (int)index, schema->field[i].key);
        }
        line += (int)a.count;
    }
    return extras_equal(given, back) || complain(error, line, "x-");
}

/* What was written is read back and compared with what was meant, since a text with a line feed in
 * it is another record: nobody signs what he did not say. */
bool record_write(const struct record *record, const struct leap_table *leap,
                  char out[static RECORD_SIZE_MAX], size_t *size, struct record_error *error)
{
    const struct schema *schema = schema_of(record->type);
    struct value_context context = {leap, record->type == RECORD_WINDOW ? record->is.window.wave
                                                                        : WAVE_NONE};
    char text[RECORD_SIZE_MAX + 1];
    struct draft draft = draft_in(text, sizeof text);
    draft_print(&draft, "tocsin %s 1\n", schema->word);
    for (int i = 0; i < schema->count; i++) {
        put_field(&draft, record, &schema->field[i], &context);
    }
    for (size_t i = 0; i < record->extra_count; i++) {
        draft_add_bytes(&draft, record->extra[i].key.at, record->extra[i].key.len);
        draft_add(&draft, ": ");
        draft_add_bytes(&draft, record->extra[i].value.at, record->extra[i].value.len);
        draft_add(&draft, "\n");
    }
    memcpy(out, text, draft.len);
    if (draft.is_short_of_memory) {
        *error = (struct record_error){
            .line = 1, .column = 1, .message = "this record is longer than 16384 bytes"};
        return false;
    }
    struct record *back;
    if (!record_read((const uint8_t *)out, draft.len, leap, &back, error)) {
        return false;
    }
    bool is_same = judge_same(record, back, error);
    record_free(back);
    *size = draft.len;
    return is_same;
}
