#include "tocsin/windows/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list/list.h"
#include "say/say.h"
#include "words/words.h"

bool catalogue_find(const char *id, struct dates_entry *out)
{
    struct text wanted = text_of(id);
    for (size_t i = 0; i < catalogue_file_count; i++) {
        struct dates_reader reader = {.left = catalogue_text(i)};
        enum dates_result result;
        while ((result = dates_next(&reader, out, NULL)) != DATES_END) {
            if (result == DATES_ENTRY && text_equal(out->id, wanted)) {
                return true;
            }
        }
    }
    return false;
}

void catalogue_near(const char *word, char out[static CATALOGUE_NEAR_SIZE])
{
    char best[CATALOGUE_NEAR_SIZE - 32] = "";
    *out = '\0';
    for (size_t i = 0; i < catalogue_file_count; i++) {
        struct dates_reader reader = {.left = catalogue_text(i)};
        struct dates_entry entry;
        enum dates_result result;
        while ((result = dates_next(&reader, &entry, NULL)) != DATES_END) {
            char id[sizeof best], part[sizeof best], *rest = NULL;
            if (result != DATES_ENTRY) {
                continue;
            }
            snprintf(id, sizeof id, "%.*s", (int)entry.id.len, entry.id.at);
            memcpy(part, id, sizeof part);
            for (char *one = id; one != NULL; one = strtok_r(one == id ? part : NULL, "-", &rest)) {
                if (words_nearer(word, strlen(word), *best != '\0' ? best : NULL, one) == one) {
                    snprintf(best, sizeof best, "%s", one);
                    snprintf(out, CATALOGUE_NEAR_SIZE, ": did you mean \"%.*s\"?",
                             (int)entry.id.len, entry.id.at);
                }
            }
        }
    }
}

void catalogue_load(struct dates_entry **out, size_t *count)
{
    struct dates_entry *list = NULL;
    size_t used = 0, room = 0;
    for (size_t i = 0; i < catalogue_file_count; i++) {
        struct dates_reader reader = {.left = catalogue_text(i)};
        enum dates_result result;
        do {
            if (!LIST_ROOM(list, used, room)) {
                say_no_memory();
            }
            result = dates_next(&reader, &list[used], NULL);
            used += result == DATES_ENTRY;
        } while (result != DATES_END);
    }
    *out = list;
    *count = used;
}
