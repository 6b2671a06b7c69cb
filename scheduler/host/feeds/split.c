#include "feeds/split.h"

#include <stdio.h>
#include <stdlib.h>

/* How soon an entry is wanted in the first file: the how-manieth of its window from now on. */
struct place_in_line {
    size_t entry;
    const struct view_window *window;
    size_t rank;
};

/* Those of one window beside each other: first those to come, in order, then those over, the latest
 * first. */
static int by_window(const void *left, const void *right)
{
    const struct place_in_line *a = left;
    const struct place_in_line *b = right;
    if (a->window != b->window) {
        return a->window < b->window ? -1 : 1; /* of one array */
    }
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    int order = (a->entry > b->entry) - (a->entry < b->entry);
    return a->rank == 0 ? order : -order;
}

static int by_rank(const void *left, const void *right)
{
    const struct place_in_line *a = left;
    const struct place_in_line *b = right;
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static void line_up(const struct feed_entries *entries, utc now, struct place_in_line *line)
{
    for (size_t i = 0; i < entries->count; i++) {
        const struct feed_entry *entry = &entries->entry[i];
        bool is_over = utc_since(entry->time.end, now).ns <= 0;
        line[i] = (struct place_in_line){
            .entry = i, .window = entry->of->in, .rank = is_over ? SIZE_MAX / 2 : 0};
    }
    qsort(line, entries->count, sizeof *line, by_window);
    size_t next = 0;
    for (size_t i = 0; i < entries->count; i++) {
        next = i > 0 && line[i].window == line[i - 1].window ? next + 1 : 0;
        line[i].rank += next;
    }
    qsort(line, entries->count, sizeof *line, by_rank);
}

static bool add_file(struct feed_split *out, size_t *room)
{
    if (out->file_count == *room) {
        size_t wanted = *room == 0 ? 8 : 2 * *room;
        char(*grown)[FEED_NAME_SIZE] = realloc(out->name, wanted * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        out->name = grown;
        *room = wanted;
    }
    out->name[out->file_count++][0] = '\0';
    return true;
}

/* What the first file has no room for, by the year of its start. */
static bool share_rest(const struct feed_entries *entries, const size_t *size, size_t budget,
                       struct feed_split *out, size_t *room)
{
    int32_t year = 0;
    unsigned piece = 0;
    size_t bytes = 0;
    size_t count = 0;
    for (size_t i = 0; i < entries->count; i++) {
        if (out->file[i] == 0) {
            continue;
        }
        int32_t own = civil_from_utc(entries->entry[i].time.start).date.year;
        bool is_new_year = out->file_count == 1 || own != year;
        if (is_new_year || count == FEED_EVENTS_MAX || bytes + size[i] > budget) {
            piece = is_new_year ? 1 : piece + 1;
            year = own;
            bytes = count = 0;
            if (!add_file(out, room)) {
                return false;
            }
            char *name = out->name[out->file_count - 1];
            int len = snprintf(name, FEED_NAME_SIZE, "-%04d", year % 10000);
            if (piece > 1) {
                snprintf(name + len, FEED_NAME_SIZE - (size_t)len, "-%u", piece % 1000000);
            }
        }
        bytes += size[i];
        count++;
        out->file[i] = (uint32_t)(out->file_count - 1);
    }
    return true;
}

bool feed_split(const struct feed_entries *entries, const size_t *size, size_t budget, utc now,
                struct feed_split *out)
{
    size_t room = 0;
    struct feed_split split = {.file = malloc((entries->count + 1) * sizeof *split.file)};
    struct place_in_line *line = malloc((entries->count + 1) * sizeof *line);
    bool done = split.file != NULL && line != NULL && add_file(&split, &room);
    if (done) {
        line_up(entries, now, line);
        size_t bytes = 0;
        bool is_full = false;
        for (size_t i = 0; i < entries->count; i++) {
            bytes += size[line[i].entry];
            is_full = is_full || i == FEED_EVENTS_MAX || (i > 0 && bytes > budget);
            split.file[line[i].entry] = is_full ? 1 : 0;
        }
        done = share_rest(entries, size, budget, &split, &room);
    }
    free(line);
    if (!done) {
        feed_split_free(&split);
        return false;
    }
    *out = split;
    return true;
}

void feed_split_free(struct feed_split *split)
{
    free(split->file);
    free(split->name);
    *split = (struct feed_split){0};
}
