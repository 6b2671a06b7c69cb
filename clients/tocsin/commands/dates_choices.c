#include "tocsin/commands/dates_choices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list/list.h"
#include "say/say.h"
#include "tocsin/print/unicode.h"
#include "words/words.h"

/* A tag, a continent or a language, and how many dates have it. */
struct choice {
    const char *kind;
    char word[64], name[UNICODE_LANGUAGE_SIZE];
    size_t count;
};

struct choices {
    struct choice *list; /* owned */
    size_t count, room;
};

static void count_choice(struct choices *choices, const char *kind, const char *word, size_t len)
{
    for (size_t i = 0; i < choices->count; i++) {
        struct choice *choice = &choices->list[i];
        if (choice->kind == kind && strlen(choice->word) == len &&
            memcmp(choice->word, word, len) == 0) {
            choice->count++;
            return;
        }
    }
    if (!LIST_ROOM(choices->list, choices->count, choices->room)) {
        say_no_memory();
    }
    struct choice *choice = &choices->list[choices->count++];
    *choice = (struct choice){.kind = kind, .count = 1};
    snprintf(choice->word, sizeof choice->word, "%.*s", (int)len, word);
}

static const char *const TAG = "tag", *const CONTINENT = "continent", *const LANGUAGE = "language";

static int by_kind_and_count(const void *left, const void *right)
{
    const struct choice *a = left, *b = right;
    int order = strcmp(b->kind, a->kind);
    order = order != 0 ? order : (a->count < b->count) - (a->count > b->count);
    return order != 0 ? order : strcmp(a->word, b->word);
}

/* All choices, tags first, those with the most dates first; English has all. */
static void find_choices(const struct dates_entry *entry, size_t count, struct choices *out)
{
    *out = (struct choices){0};
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < entry[i].tag_count; k++) {
            count_choice(out, TAG, entry[i].tag[k].at, entry[i].tag[k].len);
        }
        for (int k = 0; k < DATES_CONTINENTS; k++) {
            const char *name = dates_continent_name((enum dates_continent)k);
            if ((entry[i].continents >> k & 1) != 0) {
                count_choice(out, CONTINENT, name, strlen(name));
            }
        }
        for (size_t k = 0; k < entry[i].other_count; k++) {
            count_choice(out, LANGUAGE, entry[i].other[k].tag.at, entry[i].other[k].tag.len);
        }
        count_choice(out, LANGUAGE, "en", 2);
    }
    for (size_t i = 0; i < out->count; i++) {
        struct choice *choice = &out->list[i];
        if (choice->kind == LANGUAGE) {
            unicode_language_name(choice->word, strlen(choice->word), choice->name);
        }
    }
    list_sort(out->list, out->count, sizeof *out->list, by_kind_and_count);
}

void dates_choices_list(const struct dates_entry *entry, size_t count, enum rows_format format)
{
    static const struct rows_column columns[] = {
        {"kind", false}, {"word", false}, {"dates", true}, {"name", false}};
    struct choices choices;
    struct rows rows;
    find_choices(entry, count, &choices);
    rows_begin(&rows, format, columns, 4, stdout);
    for (size_t i = 0; i < choices.count; i++) {
        const struct choice *choice = &choices.list[i];
        char dates[24];
        snprintf(dates, sizeof dates, "%zu", choice->count);
        rows_add(&rows, (const char *[]){choice->kind, choice->word, dates, choice->name});
    }
    free(choices.list);
    rows_end(&rows);
}

/* What a word that no date has may have been meant for; NULL: nothing is near. */
static const char *nearest_choice(const struct choices *choices, const char *kind, const char *word)
{
    const char *best = NULL;
    for (size_t i = 0; i < choices->count; i++) {
        const struct choice *choice = &choices->list[i];
        if (choice->kind != kind) {
            continue;
        }
        size_t len = strlen(word);
        if (words_equal(choice->name, strlen(choice->name), word, len)) {
            return choice->word; /* "italian" for it */
        }
        best = words_nearer(word, len, best, choice->word);
    }
    for (size_t i = 0; best == NULL && i < choices->count; i++) {
        const struct choice *choice = &choices->list[i];
        if (choice->kind == kind && words_nearer(word, strlen(word), NULL, choice->name) != NULL) {
            return choice->word;
        }
    }
    return best;
}

/* The nearest part of a place's name, up to a comma; NULL: nothing is near. */
static const char *nearest_place(const struct dates_entry *entry, size_t count, const char *word,
                                 char out[static 2][128])
{
    const char *best = NULL;
    size_t next = 0;
    for (size_t i = 0; i < count; i++) {
        for (struct text left = entry[i].place; left.len > 0;) {
            const char *comma = memchr(left.at, ',', left.len);
            size_t len = comma != NULL ? (size_t)(comma - left.at) : left.len;
            snprintf(out[next], 128, "%.*s", (int)len, left.at);
            const char *nearer = words_nearer(word, strlen(word), best, out[next]);
            next = nearer == out[next] ? 1 - next : next;
            best = nearer;
            len += comma != NULL;
            len += comma != NULL && len < left.len && left.at[len] == ' ';
            left = (struct text){left.at + len, left.len - len};
        }
    }
    return best;
}

static int refuse_filter(const char *option, const char *word, const char *what,
                         const char *nearest)
{
    return nearest != NULL
               ? say_usage("%s \"%s\": %s; did you mean \"%s\"?", option, word, what, nearest)
               : say_usage("%s \"%s\": %s; \"tocsin dates --tags\" lists what there is", option,
                           word, what);
}

int dates_choices_check(const struct dates_query *query, const struct dates_entry *entry,
                        size_t count)
{
    bool has_tag = query->tag == NULL, has_place = query->place == NULL,
         has_language = query->language == NULL;
    for (size_t i = 0; i < count; i++) {
        has_tag = has_tag || dates_match(&(struct dates_query){.tag = query->tag}, &entry[i]);
        has_place =
            has_place || dates_match(&(struct dates_query){.place = query->place}, &entry[i]);
        has_language = has_language ||
                       dates_match(&(struct dates_query){.language = query->language}, &entry[i]);
    }
    struct choices choices;
    char room[2][128];
    int code;
    if (has_tag && has_place && has_language) {
        return EXIT_DONE;
    }
    find_choices(entry, count, &choices);
    if (!has_tag) {
        code = refuse_filter("--tag", query->tag, "no date has this tag",
                             nearest_choice(&choices, TAG, query->tag));
    } else if (!has_place) {
        const char *nearest = nearest_choice(&choices, CONTINENT, query->place);
        code = refuse_filter("--place", query->place, "no date's place, and no continent",
                             nearest != NULL ? nearest
                                             : nearest_place(entry, count, query->place, room));
    } else {
        code = refuse_filter("--lang", query->language, "no date has a name in it",
                             nearest_choice(&choices, LANGUAGE, query->language));
    }
    free(choices.list);
    return code;
}
