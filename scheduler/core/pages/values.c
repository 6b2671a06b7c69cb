/* values.c -- what is put into the places of a template. */
#include "pages/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "list/list.h"
#include "pages/look.h"

void pages_policy(char out[static PAGES_POLICY_SIZE])
{
    const struct look_file *script = look_find("page.js");
    unsigned char hash[crypto_hash_sha256_BYTES] = {0};
    char base64[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL)];
    if (script != NULL) {
        crypto_hash_sha256(hash, script->bytes, script->size);
    }
    sodium_bin2base64(base64, sizeof base64, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    snprintf(out, PAGES_POLICY_SIZE,
             "default-src 'none'; script-src 'sha256-%s'; style-src 'self'; img-src 'self'; "
             "base-uri 'none'; form-action 'none'",
             base64);
}

struct pages_values *pages_new(const char *tag)
{
    struct pages_values *page = calloc(1, sizeof *page);
    struct pages_values *spare = calloc(1, sizeof *spare);
    if (page == NULL || spare == NULL) {
        free(page);
        free(spare);
        return NULL;
    }
    page->page = spare->page = page;
    page->spare = spare;
    page->language = interface_find(tag);
    bool is_spoken = page->language < INTERFACE_LANGUAGES;
    page->language = is_spoken ? page->language : INTERFACE_EN;
    pages_set(page, "lang", is_spoken ? tag : "en");
    pages_set(page, "dir", is_spoken && interface_is_right_to_left(tag) ? "rtl" : "");
    pages_set_markup(page, "script", look_text("page.js"));
    char policy[PAGES_POLICY_SIZE];
    pages_policy(policy);
    pages_set_markup(page, "policy", policy);
    return page;
}

static void free_values(struct pages_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        for (size_t k = 0; k < values->value[i].count; k++) {
            free_values(values->value[i].item[k]);
        }
        free(values->value[i].item);
        draft_free(&values->value[i].text);
    }
    free(values->value);
    free(values);
}

void pages_free(struct pages_values *values)
{
    if (values != NULL) {
        free_values(values->spare);
        free_values(values);
    }
}

enum interface_language pages_language(const struct pages_values *values)
{
    return values->page->language;
}

static struct pages_value *find_here(const struct pages_values *in, const char *name, size_t len)
{
    for (size_t i = 0; i < in->count; i++) {
        if (strlen(in->value[i].name) == len && memcmp(in->value[i].name, name, len) == 0) {
            return &in->value[i];
        }
    }
    return NULL;
}

const struct pages_value *pages_find(const struct pages_values *in, const char *name, size_t len)
{
    const struct pages_value *found = NULL;
    for (; in != NULL && found == NULL; in = in->outer) {
        found = find_here(in, name, len);
    }
    return found;
}

/* The value of a name here, made if need be; NULL: no memory. */
static struct pages_value *make(struct pages_values *in, const char *name)
{
    struct pages_value *value = find_here(in, name, strlen(name));
    if (value == NULL && !LIST_ROOM(in->value, in->count, in->room)) {
        in->page->is_short_of_memory = true;
        return NULL;
    }
    if (value == NULL) {
        value = &in->value[in->count++];
        *value = (struct pages_value){.name = name};
    }
    return value;
}

static void set(struct pages_values *in, const char *name, const char *at, size_t len,
                bool is_markup)
{
    struct pages_value *value = make(in, name);
    if (value != NULL) {
        value->text.len = 0;
        value->is_markup = is_markup;
        draft_add_bytes(&value->text, at, len);
        in->page->is_short_of_memory |= value->text.is_short_of_memory;
    }
}

void pages_set(struct pages_values *in, const char *name, const char *value)
{
    set(in, name, value, strlen(value), false);
}

void pages_set_text(struct pages_values *in, const char *name, struct text value)
{
    set(in, name, value.at, value.len, false);
}

void pages_set_draft(struct pages_values *in, const char *name, struct draft *value)
{
    set(in, name, value->at, value->len, false);
    in->page->is_short_of_memory |= value->is_short_of_memory;
    draft_free(value);
}

void pages_set_markup(struct pages_values *in, const char *name, const char *markup)
{
    set(in, name, markup, strlen(markup), true);
}

void pages_print(struct pages_values *in, const char *name, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    size_t kept = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    set(in, name, text, kept, false);
}

struct pages_values *pages_add(struct pages_values *in, const char *name)
{
    struct pages_value *list = make(in, name);
    struct pages_values *item = list == NULL ? NULL : calloc(1, sizeof *item);
    if (item != NULL && !LIST_ROOM(list->item, list->count, list->room)) {
        free(item);
        item = NULL;
    }
    if (item == NULL) {
        in->page->is_short_of_memory = true;
        return in->page->spare;
    }
    item->outer = in;
    item->page = in->page;
    list->item[list->count++] = item;
    return item;
}
