/* write_parts.c -- ordinals, names, places, dates and clocks as canonical text has them. */
#include <string.h>

#include "instants/stamp.h"
#include "rules/write.h"
#include "words/letter.h"

const char *write_ordinal_ending(int32_t n)
{
    return n % 100 >= 11 && n % 100 <= 13 ? "th"
           : n % 10 == 1                  ? "st"
           : n % 10 == 2                  ? "nd"
           : n % 10 == 3                  ? "rd"
                                          : "th";
}

void write_name(struct draft *t, const char *name)
{
    bool is_plain = true;
    for (const char *c = name; *c != '\0'; c++) {
        is_plain = is_plain && is_letter(*c);
    }
    draft_print(t, is_plain ? "%s" : "\"%s\"", name);
}

bool write_is_plain_place(const char *name)
{
    struct place place;
    char known[PLACE_NAME_SIZE] = "";
    if (places_find(name, strlen(name), &place) == PLACES_FOUND &&
        (place.is_position || strchr(name, '.') == NULL)) {
        places_write(&place, known);
    }
    return strcmp(known, name) == 0;
}

void write_place(struct draft *t, const char *name)
{
    if (write_is_plain_place(name)) {
        draft_add(t, name);
    } else {
        write_name(t, name);
    }
}

bool write_is_region_of(const char *before, const char *name)
{
    return strchr(before, ',') == NULL && before[strcspn(before, "0123456789")] == '\0' &&
           places_is_region(name, strlen(name));
}

void write_iso(struct draft *t, struct civil_date date)
{
    draft_print(t, "%04d-%02d-%02d", date.year, date.month, date.day);
}

void write_clock(struct draft *t, struct civil_time clock)
{
    char text[STAMP_TEXT_SIZE];
    stamp_write_time(clock, text);
    draft_add(t, text);
}
