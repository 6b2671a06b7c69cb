#include "feeds/split.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feeds/check.h"
#include "feeds/icalendar.h"
#include "list/list.h"

struct split {
    uint32_t *file;               /* owned: for each slot the index of its file, 0 the first */
    char (*name)[FEED_NAME_SIZE]; /* owned: of each file */
    size_t file_count;
};

/* How soon a slot is wanted in the first file: the how-manieth of its series from now on. */
struct place_in_line {
    size_t slot;
    const void *series;
    size_t rank;
};

/* Those of one series beside each other: first those to come, in order, then those over, the latest
 * first. */
static int by_series(const void *left, const void *right)
{
    const struct place_in_line *a = left;
    const struct place_in_line *b = right;
    if (a->series != b->series) {
        return a->series < b->series ? -1 : 1; /* of one array */
    }
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    int order = (a->slot > b->slot) - (a->slot < b->slot);
    return a->rank == 0 ? order : -order;
}

static int by_rank(const void *left, const void *right)
{
    const struct place_in_line *a = left;
    const struct place_in_line *b = right;
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    return (a->slot > b->slot) - (a->slot < b->slot);
}

static void line_up(const struct feed_slot *slot, size_t count, utc now, struct place_in_line *line)
{
    for (size_t i = 0; i < count; i++) {
        bool is_over = utc_since(slot[i].end, now).ns <= 0;
        line[i] = (struct place_in_line){
            .slot = i, .series = slot[i].series, .rank = is_over ? SIZE_MAX / 2 : 0};
    }
    qsort(line, count, sizeof *line, by_series);
    size_t next = 0;
    for (size_t i = 0; i < count; i++) {
        next = i > 0 && line[i].series == line[i - 1].series ? next + 1 : 0;
        line[i].rank += next;
    }
    qsort(line, count, sizeof *line, by_rank);
}

static bool add_file(struct split *out, size_t *room)
{
    if (!LIST_ROOM(out->name, out->file_count, *room)) {
        return false;
    }
    out->name[out->file_count++][0] = '\0';
    return true;
}

/* What the first file has no room for, by the year of its start. */
static bool share_rest(const struct feed_slot *slot, size_t slot_count, size_t budget,
                       struct split *out, size_t *room)
{
    int32_t year = 0;
    unsigned piece = 0;
    size_t bytes = 0;
    size_t count = 0;
    for (size_t i = 0; i < slot_count; i++) {
        if (out->file[i] == 0) {
            continue;
        }
        int32_t own = civil_from_utc(slot[i].start).date.year;
        bool is_new_year = out->file_count == 1 || own != year;
        if (is_new_year || count == FEED_EVENTS_MAX || bytes + slot[i].size > budget) {
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
        bytes += slot[i].size;
        count++;
        out->file[i] = (uint32_t)(out->file_count - 1);
    }
    return true;
}

static void split_free(struct split *split)
{
    free(split->file);
    free(split->name);
    *split = (struct split){0};
}

static bool split_slots(const struct feed_slot *slot, size_t count, size_t budget, utc now,
                        struct split *out)
{
    size_t room = 0;
    struct split split = {.file = malloc((count + 1) * sizeof *split.file)};
    struct place_in_line *line = malloc((count + 1) * sizeof *line);
    bool done = split.file != NULL && line != NULL && add_file(&split, &room);
    if (done && count > 0) {
        line_up(slot, count, now, line);
        size_t bytes = 0;
        bool is_full = false;
        for (size_t i = 0; i < count; i++) {
            bytes += slot[line[i].slot].size;
            is_full = is_full || i == FEED_EVENTS_MAX || (i > 0 && bytes > budget);
            split.file[line[i].slot] = is_full ? 1 : 0;
        }
        done = share_rest(slot, count, budget, &split, &room);
    }
    free(line);
    if (!done) {
        split_free(&split);
        return false;
    }
    *out = split;
    return true;
}

/* One file of what draft holds, which has all but the calendar's end; the draft is taken. */
static enum feed_result take_file(struct draft *draft, const char *name, size_t event_count,
                                  struct feed *out)
{
    draft_add(draft, FEED_CALENDAR_CLOSE);
    size_t size = draft->len;
    char *bytes = draft_take(draft);
    if (bytes == NULL) {
        return FEED_NO_MEMORY;
    }
    *out = (struct feed){.bytes = (uint8_t *)bytes, .size = size, .event_count = event_count};
    snprintf(out->name, sizeof out->name, "%s", name);
    return FEED_OK;
}

static enum feed_result write_files(const struct feed_slot *slot, size_t slot_count,
                                    const struct split *split, const char *open,
                                    struct feed_list *out)
{
    struct draft *draft = calloc(split->file_count, sizeof *draft);
    size_t *count = calloc(split->file_count, sizeof *count);
    out->feed = calloc(split->file_count, sizeof *out->feed);
    enum feed_result result =
        draft != NULL && count != NULL && out->feed != NULL ? FEED_OK : FEED_NO_MEMORY;
    for (size_t i = 0; result == FEED_OK && i < split->file_count; i++) {
        draft_add(&draft[i], open);
    }
    for (size_t i = 0; result == FEED_OK && i < slot_count; i++) {
        draft_add_bytes(&draft[split->file[i]], slot[i].bytes, slot[i].size);
        count[split->file[i]]++;
    }
    for (size_t i = 0; result == FEED_OK && i < split->file_count; i++) {
        result = take_file(&draft[i], split->name[i], count[i], &out->feed[out->count]);
        out->count += result == FEED_OK ? 1 : 0;
    }
    for (size_t i = 0; draft != NULL && i < split->file_count; i++) {
        draft_free(&draft[i]);
    }
    free(draft);
    free(count);
    return result;
}

void feed_list_free(struct feed_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->feed[i].bytes);
    }
    free(list->feed);
    *list = (struct feed_list){0};
}

enum feed_result feed_split_write(const struct feed_slot *slot, size_t count, const char *open,
                                  utc now, struct feed_list *out)
{
    struct split split = {0};
    size_t around = strlen(open) + strlen(FEED_CALENDAR_CLOSE);
    *out = (struct feed_list){0};
    if (!split_slots(slot, count, around < FEED_SIZE_MAX ? FEED_SIZE_MAX - around : 0, now,
                     &split)) {
        return FEED_NO_MEMORY;
    }
    enum feed_result result = write_files(slot, count, &split, open, out);
    if (result != FEED_OK) {
        feed_list_free(out);
    }
    split_free(&split);
    return result;
}

enum feed_result feed_write_one(const char *open, const struct feed_event *event,
                                struct feed_list *out, char error[static FEED_ERROR_SIZE])
{
    struct draft draft = {0};
    draft_add(&draft, open);
    size_t from = draft.len;
    (void)feed_calendar_event(&draft, event);
    *out = (struct feed_list){.feed = calloc(1, sizeof *out->feed), .count = 1};
    enum feed_result result = FEED_NO_MEMORY;
    if (out->feed == NULL) {
        out->count = 0;
    } else if (!draft.is_short_of_memory) {
        bool sound = feed_check_event(draft.at + from, draft.len - from, event, error);
        result = sound ? take_file(&draft, "", 1, out->feed) : FEED_UNSOUND;
    }
    if (result != FEED_OK) {
        feed_list_free(out);
    }
    draft_free(&draft);
    return result;
}
