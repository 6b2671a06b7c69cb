/* Reading goes over the lines twice: the first time judges letters, shape and order and counts the
 * lines of each key; then one block is taken, and the second time reads the values into it. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "records/letters.h"
#include "records/validate.h"
#include "records/value.h"
#include "text/text.h"

struct seen {
    const char *first; /* where the first line of this key begins */
    size_t count;
};

struct reading {
    const char *start, *end, *body; /* body: after the first line */
    const struct leap_table *leap;
    enum record_type type;
    const struct schema *schema;
    struct seen seen[SCHEMA_FIELDS_MAX];
    struct seen extra;
    struct record_error *error;
};

struct line {
    const char *start;
    struct text key, value;
    const char *next;
};

/* Tells the fault at a byte of the text; always false. */
__attribute__((format(printf, 3, 4))) static bool complain(const struct reading *r, const char *at,
                                                           const char *format, ...)
{
    int line = 1;
    const char *start = r->start;
    for (const char *lf; (lf = memchr(start, '\n', (size_t)(at - start))) != NULL; start = lf + 1) {
        line++;
    }
    *r->error = (struct record_error){.line = line, .column = (int)(at - start) + 1};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(r->error->message, sizeof r->error->message, format, arguments);
    va_end(arguments);
    return false;
}

/* The same for a fixed text, with an end that an analyzer can follow: always false. */
static bool refuse(const struct reading *r, const char *at, const char *what)
{
    complain(r, at, "%s", what);
    return false;
}

/* The line at *at, which lies before the end, as key and value. */
static bool split_line(const struct reading *r, const char *at, struct line *out)
{
    const char *lf = memchr(at, '\n', (size_t)(r->end - at));
    if (lf == NULL) {
        return refuse(r, r->end, "expected a line feed at the end of the last line");
    }
    if (lf == at) {
        return refuse(r, at, "a blank line: expected `key: value`");
    }
    const char *colon = memchr(at, ':', (size_t)(lf - at));
    if (colon == NULL || colon == at) {
        return refuse(r, at, "expected `key: value`");
    }
    const char *value = colon + 2;
    if (colon[1] != ' ') {
        return refuse(r, colon + 1, "expected one space after the colon");
    }
    if (value == lf) {
        return refuse(r, value, "expected a value after the space");
    }
    if (*value == ' ') {
        return refuse(r, value, "expected exactly one space after the colon");
    }
    if (lf[-1] == ' ') {
        return refuse(r, lf - 1, "a space at the end of the line");
    }
    *out = (struct line){at, {at, (size_t)(colon - at)}, {value, (size_t)(lf - value)}, lf + 1};
    return true;
}

static bool judge_first_line(struct reading *r)
{
    char known[80] = "";
    for (int type = 0; type < RECORD_TYPES; type++) {
        const struct schema *schema = schema_of((enum record_type)type);
        char first[32];
        size_t len = (size_t)snprintf(first, sizeof first, "tocsin %s 1\n", schema->word);
        if ((size_t)(r->end - r->start) >= len && memcmp(r->start, first, len) == 0) {
            r->type = (enum record_type)type;
            r->schema = schema;
            r->body = r->start + len;
            return true;
        }
        text_join(known, sizeof known, ", ", "%s", schema->word);
        assert(strlen(known) + 1 < sizeof known);
    }
    return complain(r, r->start, "expected `tocsin TYPE 1`, TYPE one of %s", known);
}

static bool is_letter_or_digit(char c)
{
    return text_is_lower(c) || text_is_digit(c);
}

/* [a-z]{2,3}(-[a-z0-9]{2,8})* */
static bool is_tag(struct text tag)
{
    size_t part = 0, parts = 0;
    for (size_t i = 0; i <= tag.len; i++) {
        if (i == tag.len || tag.at[i] == '-') {
            if (part < 2 || part > (parts == 0 ? 3 : 8)) {
                return false;
            }
            parts++;
            part = 0;
        } else if (!is_letter_or_digit(tag.at[i]) || (parts == 0 && tag.at[i] < 'a')) {
            return false;
        } else {
            part++;
        }
    }
    return true;
}

static bool is_extra(struct text key)
{
    return key.len >= 2 && memcmp(key.at, "x-", 2) == 0;
}

static bool is_extra_name(struct text key)
{
    for (size_t i = 2; i < key.len; i++) {
        if (!is_letter_or_digit(key.at[i]) && key.at[i] != '-' && key.at[i] != '.') {
            return false;
        }
    }
    return key.len > 2;
}

/* The key without its tag, where the form has such a key; the tag (perhaps empty) into *tag. */
static struct text base_of(const struct schema *schema, struct text key, struct text *tag)
{
    *tag = (struct text){key.at + key.len, 0};
    const char *dot = memchr(key.at, '.', key.len);
    if (dot == NULL) {
        return key;
    }
    struct text base = {key.at, (size_t)(dot - key.at)};
    int index = schema_find(schema, base);
    if (index == SCHEMA_NONE || schema->field[index].kind != SCHEMA_PROSE) {
        return key;
    }
    *tag = (struct text){dot + 1, key.len - base.len - 1};
    return base;
}

static bool complain_unknown(const struct reading *r, const struct line *line)
{
    for (size_t i = 0; i < line->key.len; i++) {
        if (line->key.at[i] < ' ' || line->key.at[i] > '~' || i > 40) {
            return complain(r, line->start, "unknown key");
        }
    }
    return complain(r, line->start, "unknown key `%.*s` in a %s record", (int)line->key.len,
                    line->key.at, r->schema->word);
}

/* Tagged prose: the plain line first, then the tags, ascending. */
static bool judge_tag(const struct reading *r, const struct line *line, struct text tag,
                      bool has_dot, const struct seen *seen, struct text before)
{
    const char *base = line->start;
    if (!has_dot) {
        return seen->count == 0 || complain(r, line->start, "this key was given above already");
    }
    if (!is_tag(tag)) {
        return complain(r, tag.at, "expected a language tag such as it or pt-br");
    }
    if (seen->count == 0) {
        complain(r, base, "expected the plain line, without a tag, before the tagged ones");
        r->error->lacks_plain = true;
        return false;
    }
    return text_compare(before, tag) < 0 ||
           complain(r, tag.at, "language tags ascend by their bytes, each once");
}

static bool judge_extra(struct reading *r, const struct line *line, struct text before)
{
    if (!is_extra_name(line->key)) {
        return complain(r, line->start, "expected a key of a-z, 0-9, - and . after x-");
    }
    if (r->extra.count > 0 && text_compare(before, line->key) >= 0) {
        return complain(r, line->start, "x- keys ascend by their bytes, each once");
    }
    if (letters_judge_escapes(line->value.at, line->value.len, false) != NULL) {
        return complain(r, line->value.at, "a lone backslash: write \\\\");
    }
    r->extra.count++;
    return true;
}

static bool is_required(const struct schema_field *field)
{
    return field->times == ONCE || field->times == AT_LEAST_ONCE;
}

/* The fields from..to-1 that should have been seen before the byte at. */
static bool judge_missing(const struct reading *r, int from, int to, const char *at)
{
    for (int i = from; i < to; i++) {
        if (is_required(&r->schema->field[i]) && r->seen[i].count == 0) {
            return complain(r, at, "expected a `%s` line here", r->schema->field[i].key);
        }
    }
    return true;
}

static bool judge_repeated(const struct reading *r, const struct line *line, int index)
{
    const struct schema_field *field = &r->schema->field[index];
    const struct seen *seen = &r->seen[index];
    if (!schema_repeats(field) && seen->count > 0) {
        return complain(r, line->start, "`%s` was given above already", field->key);
    }
    if (field->most > 0 && seen->count == field->most) {
        return complain(r, line->start, "more than %zu `%s` lines", field->most, field->key);
    }
    const char *escape = letters_judge_escapes(line->value.at, line->value.len, field->has_lines);
    return escape == NULL || complain(r, escape, "a lone backslash: write \\\\");
}

/* Order, number and shape of all lines. */
static bool judge_lines(struct reading *r)
{
    int field = 0;
    struct text before = {"", 0}; /* the tag or x- key of the line before */
    for (const char *at = r->body; at < r->end;) {
        struct line line;
        struct text tag;
        if (!split_line(r, at, &line)) {
            return false;
        }
        at = line.next;
        if (is_extra(line.key)) {
            if (!judge_missing(r, field, r->schema->count, line.start) ||
                !judge_extra(r, &line, before)) {
                return false;
            }
            field = r->schema->count;
            before = line.key;
            continue;
        }
        struct text base = base_of(r->schema, line.key, &tag);
        int index = schema_find(r->schema, base);
        if (index == SCHEMA_NONE) {
            return complain_unknown(r, &line);
        }
        if (r->extra.count > 0) {
            return complain(r, line.start, "x- keys come last");
        }
        if (index < field) {
            return complain(r, line.start, "`%s` comes before `%s`", r->schema->field[index].key,
                            r->schema->field[field].key);
        }
        if (!judge_missing(r, field, index, line.start) || !judge_repeated(r, &line, index)) {
            return false;
        }
        struct seen *seen = &r->seen[index];
        if (r->schema->field[index].kind == SCHEMA_PROSE &&
            !judge_tag(r, &line, tag, base.len < line.key.len, seen, before)) {
            return false;
        }
        before = tag;
        field = index;
        if (seen->count++ == 0) {
            seen->first = line.start;
        }
    }
    return judge_missing(r, field, r->schema->count, r->end);
}

static size_t align(size_t size)
{
    return (size + 15) / 16 * 16;
}

/* One block: the record, the arrays of its repeatable keys, the x- lines, the bytes. */
static struct record *take_block(const struct reading *r)
{
    size_t total = align(sizeof(struct record));
    for (int i = 0; i < r->schema->count; i++) {
        if (schema_repeats(&r->schema->field[i])) {
            total += align(r->seen[i].count * schema_size(r->schema->field[i].kind));
        }
    }
    total += align(r->extra.count * sizeof(struct record_extra));
    size_t size = (size_t)(r->end - r->start);
    char *block = calloc(1, total + size);
    if (block == NULL) {
        return NULL;
    }
    struct record *record = (struct record *)(void *)block;
    char *at = block + align(sizeof(struct record));
    for (int i = 0; i < r->schema->count; i++) {
        const struct schema_field *field = &r->schema->field[i];
        if (schema_repeats(field) && r->seen[i].count > 0) {
            void *array = at;
            memcpy(block + field->offset, &array, sizeof array);
            memcpy(block + field->also, &r->seen[i].count, sizeof r->seen[i].count);
            at += align(r->seen[i].count * schema_size(field->kind));
        }
    }
    if (r->extra.count > 0) {
        record->extra = (struct record_extra *)(void *)at;
        record->extra_count = r->extra.count;
        at += align(r->extra.count * sizeof(struct record_extra));
    }
    record->type = r->type;
    memcpy(at, r->start, size);
    record->bytes = (const uint8_t *)at;
    record->size = size;
    return record;
}

/* Where the value of the nth line of a field goes. */
static void *slot_of(struct record *record, const struct schema_field *field, size_t n)
{
    char *at = (char *)record + field->offset;
    if (!schema_repeats(field)) {
        return at;
    }
    void *array;
    memcpy(&array, at, sizeof array);
    return (char *)array + n * schema_size(field->kind);
}

static bool read_value(const struct reading *r, struct record *record, const struct line *line,
                       struct text tag, int index, size_t n)
{
    const struct schema_field *field = &r->schema->field[index];
    struct value_context context = {r->leap,
                                    r->type == RECORD_WINDOW ? record->is.window.wave : WAVE_NONE};
    void *slot = slot_of(record, field, n);
    const char *fault;
    const char *expected = value_read(field->kind, line->value, &context, slot, &fault);
    if (expected == NULL && field->is_positive && *(const uint32_t *)slot == 0) {
        expected = "a number from 1";
    }
    if (expected != NULL) {
        return complain(r, fault, "expected %s", expected);
    }
    if (field->kind == SCHEMA_PROSE) {
        ((struct record_prose *)slot)->tag = tag;
    }
    if (field->times == AT_MOST_ONCE && field->also != 0) {
        *((bool *)((char *)record + field->also)) = true;
    }
    return true;
}

/* The second time over the lines, which are in order now, into the block. */
static bool read_values(struct reading *r, struct record *record)
{
    struct seen done[SCHEMA_FIELDS_MAX] = {{0}};
    void *list; /* const for readers, ours to fill */
    memcpy(&list, &record->extra, sizeof list);
    struct record_extra *extra = list;
    for (const char *at = r->body; at < r->end;) {
        struct line line;
        struct text tag;
        bool is_line = split_line(r, at, &line);
        assert(is_line);
        (void)is_line;
        at = line.next;
        if (is_extra(line.key)) {
            *extra++ = (struct record_extra){line.key, line.value};
            continue;
        }
        int index = schema_find(r->schema, base_of(r->schema, line.key, &tag));
        assert(index != SCHEMA_NONE);
        if (!read_value(r, record, &line, tag, index, done[index].count)) {
            return false;
        }
        done[index].count++;
    }
    return true;
}

/* Points the reading at the block's own copy of the bytes, where all texts are to lie. */
static void move_to(struct reading *r, const char *start)
{
    for (int i = 0; i < r->schema->count; i++) {
        if (r->seen[i].count > 0) {
            r->seen[i].first = start + (r->seen[i].first - r->start);
        }
    }
    r->body = start + (r->body - r->start);
    r->end = start + (r->end - r->start);
    r->start = start;
}

static bool judge_sound(const struct reading *r, const struct record *record)
{
    struct validate_fault fault;
    if (validate_record(record, &fault)) {
        return true;
    }
    int index = schema_find(r->schema, text_of(fault.key));
    assert(index != SCHEMA_NONE && r->seen[index].count > fault.index);
    const char *at = r->seen[index].first; /* lines of one key stand together */
    for (size_t i = 0; i < fault.index; i++) {
        at = (const char *)memchr(at, '\n', (size_t)(r->end - at)) + 1;
    }
    return complain(r, at, "%s", fault.why);
}

/* From the cheapest question to the dearest, so that junk costs little: size, letters, shape; then
 * one block of memory, values, and what must hold between lines.  The hash comes last: only a
 * record has an id. */
bool record_read(const uint8_t *bytes, size_t size, const struct leap_table *leap,
                 struct record **out, struct record_error *error)
{
    struct reading r = {.leap = leap, .error = error, .start = (const char *)bytes};
    if (size > RECORD_SIZE_MAX) {
        *error = (struct record_error){.line = 1, .column = 1};
        snprintf(error->message, sizeof error->message,
                 "a record has at most %d bytes, this one has %zu", RECORD_SIZE_MAX, size);
        return false;
    }
    r.end = r.start + size;
    const char *why;
    const char *fault = letters_judge(r.start, size, &why);
    if (fault != NULL) {
        return complain(&r, fault, "%s", why);
    }
    if (!judge_first_line(&r) || !judge_lines(&r)) {
        return false;
    }
    struct record *record = take_block(&r);
    if (record == NULL) {
        *error = (struct record_error){.line = 0, .message = "no memory for this record"};
        return false;
    }
    move_to(&r, (const char *)record->bytes);
    if (!read_values(&r, record) || !judge_sound(&r, record)) {
        free(record);
        return false;
    }
    record_id_of(bytes, size, &record->id);
    *out = record;
    return true;
}

void record_free(struct record *record)
{
    free(record);
}
