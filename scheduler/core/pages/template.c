#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "pages/internal.h"
#include "pages/look.h"

void pages_add_json(struct draft *draft, const char *text, size_t len)
{
    draft_add(draft, "\"");
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7f || strchr("\"\\<>&'", c) != NULL) {
            draft_print(draft, "\\u%04x", c);
        } else {
            draft_add_bytes(draft, &text[i], 1);
        }
    }
    draft_add(draft, "\"");
}

/* One place of a template: "{{" at "}}" rest. */
struct place {
    char kind; /* # ^ / > & ' or 0 */
    const char *name;
    size_t len;
    const char *from, *after; /* its braces and what follows */
};

/* The next place from `at` on; false: there is none more. */
static bool next_place(const char *at, const char *end, struct place *out)
{
    const char *open = memmem(at, (size_t)(end - at), "{{", 2);
    if (open == NULL) {
        return false;
    }
    const char *close = memmem(open, (size_t)(end - open), "}}", 2);
    assert(close != NULL && close > open + 2);
    *out = (struct place){.name = open + 2, .from = open, .after = close + 2};
    if (strchr("#^/>&'", *out->name) != NULL) {
        out->kind = *out->name++;
    }
    out->len = (size_t)(close - out->name);
    return true;
}

/* Where the section that begins at `section` ends: the place that closes it. */
static struct place closing(const struct place *section, const char *end)
{
    struct place at = *section;
    size_t depth = 1;
    while (depth > 0) {
        bool found = next_place(at.after, end, &at);
        assert(found);
        if (at.len == section->len && memcmp(at.name, section->name, at.len) == 0) {
            depth += at.kind == '#' || at.kind == '^' ? 1 : 0;
            depth -= at.kind == '/' ? 1 : 0;
        }
    }
    return at;
}

static void add_value(struct draft *out, const struct place *place, const struct pages_values *in)
{
    static const char say[] = "say.";
    const size_t say_len = sizeof say - 1;
    if (place->len > say_len && memcmp(place->name, say, say_len) == 0) {
        char name[64] = "";
        assert(place->len - say_len < sizeof name);
        memcpy(name, place->name + say_len, place->len - say_len);
        const char *phrase = interface_say(in->page->language, name);
        assert(phrase != NULL);
        draft_add_escaped(out, phrase, strlen(phrase));
        return;
    }
    const struct pages_value *value = pages_find(in, place->name, place->len);
    if (value == NULL || value->text.at == NULL) {
        return;
    }
    if (place->kind == '&') {
        assert(value->is_markup);
        draft_add_bytes(out, value->text.at, value->text.len);
    } else if (place->kind == '\'') {
        pages_add_json(out, value->text.at, value->text.len);
    } else {
        draft_add_escaped(out, value->text.at, value->text.len);
    }
}

static void fill(struct draft *out, const char *at, const char *end, const struct pages_values *in);

static void fill_file(struct draft *out, const struct place *place, const struct pages_values *in)
{
    char name[64] = "";
    assert(place->len < sizeof name);
    memcpy(name, place->name, place->len);
    const char *text = look_text(name);
    fill(out, text, text + strlen(text), in);
}

/* Returns what follows the section. */
static const char *fill_section(struct draft *out, const struct place *section, const char *end,
                                const struct pages_values *in)
{
    struct place close = closing(section, end);
    const struct pages_value *value = pages_find(in, section->name, section->len);
    size_t count = value == NULL ? 0 : value->count;
    bool is_there = count > 0 || (value != NULL && value->text.len > 0);
    if (section->kind == '^') {
        if (!is_there) {
            fill(out, section->after, close.from, in);
        }
    } else if (count > 0) {
        for (size_t i = 0; i < count; i++) {
            fill(out, section->after, close.from, value->item[i]);
        }
    } else if (is_there) {
        fill(out, section->after, close.from, in);
    }
    return close.after;
}

static void fill(struct draft *out, const char *at, const char *end, const struct pages_values *in)
{
    struct place place;
    while (next_place(at, end, &place)) {
        draft_add_bytes(out, at, (size_t)(place.from - at));
        at = place.after;
        if (place.kind == '#' || place.kind == '^') {
            at = fill_section(out, &place, end, in);
        } else if (place.kind == '>') {
            fill_file(out, &place, in);
        } else {
            assert(place.kind != '/');
            add_value(out, &place, in);
        }
    }
    draft_add_bytes(out, at, (size_t)(end - at));
}

char *pages_write(const struct pages_values *values, const char *template)
{
    const char *text = look_text(template);
    struct draft draft = {0};
    fill(&draft, text, text + strlen(text), values);
    char *page = draft_take(&draft);
    if (values->page->is_short_of_memory) {
        free(page);
        return NULL;
    }
    return page;
}
