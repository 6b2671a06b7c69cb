#include "records/value.h"

#include <string.h>

#include "instants/stamp.h"
#include "records/letters.h"
#include "records/url.h"

static const char expected_key[] = "a minisign public key (56 characters of base64)";
static const char expected_instant[] = "an instant such as 2026-11-23T12:00:00Z, 1700 to 2249";

/* Cuts the text before the first space off *rest, which keeps what follows that space; when there
 * is none *rest becomes empty, at its own end. */
static struct text cut_word(struct text *rest)
{
    const char *space = memchr(rest->at, ' ', rest->len);
    struct text word = {rest->at, space != NULL ? (size_t)(space - rest->at) : rest->len};
    size_t used = word.len + (space != NULL);
    *rest = (struct text){rest->at + used, rest->len - used};
    return word;
}

static bool read_number(struct text text, uint32_t *out)
{
    if (text.len == 0 || text.len > 10 || (text.at[0] == '0' && text.len > 1)) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            return false;
        }
        value = value * 10 + (uint64_t)(text.at[i] - '0');
    }
    if (value > RECORD_NUMBER_MAX) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

static bool read_instant(struct text text, const struct value_context *context, instant *out)
{
    utc at;
    if (!stamp_read(text.at, text.len, &at)) {
        return false;
    }
    *out = leap_from_utc(context->leap, at, NULL);
    return true;
}

bool record_tone_read(struct text word, enum record_tone *out)
{
    static const enum record_tone tones[] = {TONE_MOURNING, TONE_VIGIL, TONE_CELEBRATION,
                                             TONE_REFLECTION};
    for (size_t i = 0; i < sizeof tones / sizeof *tones; i++) {
        if (text_is(word, record_tone_name(tones[i]))) {
            *out = tones[i];
            return true;
        }
    }
    return false;
}

/* [0-9a-z-]{1,16} */
static bool is_occurrence_key(struct text text)
{
    if (text.len < 1 || text.len > RECORD_OCCURRENCE_KEY_MAX) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (!(text_is_digit(c) || text_is_lower(c) || c == '-')) {
            return false;
        }
    }
    return true;
}

static const char *read_at(struct text text, const struct value_context *context,
                           struct record_at *out, const char **fault)
{
    out->key = cut_word(&text);
    if (!is_occurrence_key(out->key)) {
        return "the occurrence's key, 1 to 16 of 0-9, a-z and -";
    }
    *fault = text.at;
    struct text stamp = cut_word(&text);
    if (!read_instant(stamp, context, &out->at)) {
        return expected_instant;
    }
    out->place = text;
    *fault = text.at;
    if (context->wave == WAVE_PLACE) {
        return text.len > 0 && text.at[0] != ' ' ? NULL : "one space and the place's name";
    }
    return text.at == stamp.at + stamp.len ? NULL
                                           : "the end of the line: only `wave: place` names places";
}

static const char *read_on(struct text text, struct record_on *out, const char **fault)
{
    out->key = cut_word(&text);
    if (!is_occurrence_key(out->key)) {
        return "the occurrence's key, 1 to 16 of 0-9, a-z and -";
    }
    *fault = text.at;
    return stamp_read_date(text.at, text.len, &out->date)
               ? NULL
               : "a date such as 2026-11-23, 1700 to 2249";
}

/* A wave's time has one spelling: seconds only where they are not zero. */
static const char *read_wave(struct text text, struct record_window *out)
{
    if (text_is(text, "place")) {
        out->wave = WAVE_PLACE;
        return NULL;
    }
    if (text_is(text, "day")) {
        out->wave = WAVE_DAY;
        return NULL;
    }
    struct civil_time time;
    if (!stamp_read_time(text.at, text.len, &time) || (text.len == 8 && time.second == 0)) {
        return "HH:MM (HH:MM:SS where the seconds are not zero), place or day";
    }
    out->wave = WAVE_CLOCK;
    out->wave_time = time;
    return NULL;
}

static const char *read_named_key(enum schema_kind kind, struct text text, struct record_key *out,
                                  const char **fault)
{
    struct text rest = text;
    if (!record_public_key_read(cut_word(&rest), &out->public)) {
        return expected_key;
    }
    out->name = rest;
    *fault = rest.at;
    if (rest.len == 0 || rest.at[0] == ' ') {
        return kind == SCHEMA_KEY_NAME ? "one space and a name" : "one space and a URL";
    }
    return kind == SCHEMA_KEY_URL ? url_judge(rest, fault) : NULL;
}

/* Returns what was expected in place of what stands at *fault: a person mends the line by it. */
const char *value_read(enum schema_kind kind, struct text text, const struct value_context *context,
                       void *slot, const char **fault)
{
    *fault = text.at;
    switch (kind) {
    case SCHEMA_ID:
        return record_id_read(text.at, text.len, slot) ? NULL : "64 lower-case hex digits";
    case SCHEMA_UID:
        return record_uid_read(text.at, text.len, slot) ? NULL : "32 lower-case hex digits";
    case SCHEMA_KEY_ID:
        return record_key_id_read(text.at, text.len, slot) ? NULL : "16 lower-case hex digits";
    case SCHEMA_NUMBER:
        return read_number(text, slot) ? NULL : "a number from 0 to 2147483647, no leading zero";
    case SCHEMA_INSTANT:
        return read_instant(text, context, slot) ? NULL : expected_instant;
    case SCHEMA_PROSE:
        ((struct record_prose *)slot)->value = text;
        return NULL;
    case SCHEMA_TONE:
        return record_tone_read(text, slot) ? NULL : "mourning, vigil, celebration or reflection";
    case SCHEMA_AT:
        return read_at(text, context, slot, fault);
    case SCHEMA_ON:
        return read_on(text, slot, fault);
    case SCHEMA_WAVE:
        return read_wave(text, slot);
    case SCHEMA_OCCURRENCE:
        *(struct text *)slot = text;
        return is_occurrence_key(text) ? NULL : "the key of an occurrence above";
    case SCHEMA_LENGTH:
        if (context->wave == WAVE_DAY) {
            return duration_read(text.at, text.len, true, slot) ? NULL : "whole days, 1d to 30d";
        }
        /* fall through */
    case SCHEMA_DURATION:
        return duration_read(text.at, text.len, false, slot)
                   ? NULL
                   : "1s to 720h in the largest exact unit of h, m, s";
    case SCHEMA_URL:
        *(struct text *)slot = text;
        return url_judge(text, fault);
    case SCHEMA_KEY:
        return record_public_key_read(text, slot) ? NULL : expected_key;
    case SCHEMA_KEY_NAME:
    case SCHEMA_KEY_URL:
        return read_named_key(kind, text, slot, fault);
    case SCHEMA_TEXT:
        break;
    }
    *(struct text *)slot = text;
    return NULL;
}

static void put_text(struct draft *draft, struct text text)
{
    draft_add_bytes(draft, text.at, text.len);
}

static void put_instant(struct draft *draft, instant at, const struct value_context *context)
{
    utc shown = leap_to_utc(context->leap, at, NULL);
    /* before 1972 the way there and back may round to a neighbour */
    for (int64_t off = -2; off <= 2; off++) {
        utc near = {shown.ns + off};
        if (leap_from_utc(context->leap, near, NULL).tai_ns == at.tai_ns) {
            shown = near;
            break;
        }
    }
    char text[STAMP_TEXT_SIZE] = "(out of range)";
    if (utc_is_in_range(shown)) {
        stamp_write(shown, text);
    }
    draft_add(draft, text);
}

static void put_key(struct draft *draft, const struct record_public_key *key)
{
    char text[RECORD_PUBLIC_KEY_TEXT_SIZE];
    record_public_key_write(key, text);
    draft_add(draft, text);
}

static void put_wave(struct draft *draft, const struct record_window *window)
{
    char text[STAMP_TEXT_SIZE];
    switch (window->wave) {
    case WAVE_PLACE:
        draft_add(draft, "place");
        break;
    case WAVE_DAY:
        draft_add(draft, "day");
        break;
    case WAVE_CLOCK:
        stamp_write_time(window->wave_time, text);
        draft_add(draft, text);
        break;
    case WAVE_NONE:
        break; /* the line is not written */
    }
}

/* value_read backwards, byte for byte: a record is signed as it is written, so each kind has one
 * spelling alone. */
void value_write(enum schema_kind kind, const void *slot, const struct value_context *context,
                 struct draft *draft)
{
    char text[RECORD_ID_TEXT_SIZE] = ""; /* the longest of all */
    _Static_assert((int)STAMP_TEXT_SIZE <= (int)RECORD_ID_TEXT_SIZE, "a date fits");
    const struct record_at *at = slot;
    const struct record_on *on = slot;
    const struct record_key *key = slot;
    switch (kind) {
    case SCHEMA_ID:
        record_id_write(slot, text);
        break;
    case SCHEMA_UID:
        record_uid_write(slot, text);
        break;
    case SCHEMA_KEY_ID:
        record_key_id_write(slot, text);
        break;
    case SCHEMA_NUMBER:
        draft_print(draft, "%lu", (unsigned long)*(const uint32_t *)slot);
        break;
    case SCHEMA_INSTANT:
        put_instant(draft, *(const instant *)slot, context);
        break;
    case SCHEMA_PROSE:
        put_text(draft, ((const struct record_prose *)slot)->value);
        break;
    case SCHEMA_TONE:
        draft_add(draft, record_tone_name(*(const enum record_tone *)slot));
        break;
    case SCHEMA_AT:
        put_text(draft, at->key);
        draft_add(draft, " ");
        put_instant(draft, at->at, context);
        draft_add(draft, at->place.len > 0 ? " " : "");
        put_text(draft, at->place);
        break;
    case SCHEMA_ON:
        put_text(draft, on->key);
        draft_add(draft, " ");
        stamp_write_date(on->date, text);
        break;
    case SCHEMA_WAVE:
        put_wave(draft, slot);
        break;
    case SCHEMA_DURATION:
    case SCHEMA_LENGTH:
        duration_write(*(const span *)slot, kind == SCHEMA_LENGTH && context->wave == WAVE_DAY,
                       text);
        break;
    case SCHEMA_KEY:
        put_key(draft, slot);
        break;
    case SCHEMA_KEY_NAME:
    case SCHEMA_KEY_URL:
        put_key(draft, &key->public);
        draft_add(draft, " ");
        put_text(draft, key->name);
        break;
    case SCHEMA_TEXT:
    case SCHEMA_OCCURRENCE:
    case SCHEMA_URL:
        put_text(draft, *(const struct text *)slot);
        break;
    }
    draft_add(draft, text);
}

const struct record_on *record_on_find(const struct record_window *window, struct text key)
{
    for (size_t i = 0; i < window->on_count; i++) {
        if (text_equal(window->on[i].key, key)) {
            return &window->on[i];
        }
    }
    return NULL;
}

bool record_has_key(const struct record_window *window, struct text key)
{
    for (size_t i = 0; i < window->at_count; i++) {
        if (text_equal(window->at[i].key, key)) {
            return true;
        }
    }
    return record_on_find(window, key) != NULL;
}

bool record_is_off(const struct record_window *window, struct text key)
{
    for (size_t i = 0; i < window->off_count; i++) {
        if (text_equal(window->off[i], key)) {
            return true;
        }
    }
    return false;
}

static bool wave_equal(const struct record_window *a, const struct record_window *b)
{
    return a->wave == b->wave &&
           (a->wave != WAVE_CLOCK ||
            (a->wave_time.hour == b->wave_time.hour && a->wave_time.minute == b->wave_time.minute &&
             a->wave_time.second == b->wave_time.second && a->wave_time.ns == b->wave_time.ns));
}

bool value_equal(enum schema_kind kind, const void *a, const void *b)
{
    const struct record_prose *prose[] = {a, b};
    const struct record_at *at[] = {a, b};
    const struct record_on *on[] = {a, b};
    const struct record_key *key[] = {a, b};
    switch (kind) {
    case SCHEMA_ID:
    case SCHEMA_UID:
    case SCHEMA_KEY_ID:
    case SCHEMA_NUMBER:
    case SCHEMA_INSTANT:
    case SCHEMA_TONE:
    case SCHEMA_DURATION:
    case SCHEMA_LENGTH:
        return memcmp(a, b, schema_size(kind)) == 0; /* no padding in any of them */
    case SCHEMA_PROSE:
        return text_equal(prose[0]->tag, prose[1]->tag) &&
               text_equal(prose[0]->value, prose[1]->value);
    case SCHEMA_AT:
        return text_equal(at[0]->key, at[1]->key) && at[0]->at.tai_ns == at[1]->at.tai_ns &&
               text_equal(at[0]->place, at[1]->place);
    case SCHEMA_ON:
        return text_equal(on[0]->key, on[1]->key) &&
               civil_date_compare(on[0]->date, on[1]->date) == 0;
    case SCHEMA_WAVE:
        return wave_equal(a, b);
    case SCHEMA_KEY:
        return memcmp(a, b, sizeof(struct record_public_key)) == 0; /* bytes alone */
    case SCHEMA_KEY_NAME:
    case SCHEMA_KEY_URL:
        return memcmp(&key[0]->public, &key[1]->public, sizeof key[0]->public) == 0 &&
               text_equal(key[0]->name, key[1]->name);
    case SCHEMA_TEXT:
    case SCHEMA_OCCURRENCE:
    case SCHEMA_URL:
        break;
    }
    return text_equal(*(const struct text *)a, *(const struct text *)b);
}
