#include <math.h>

#include "dates/dates.h"
#include "words/words.h"

static bool has(struct text text, struct text word)
{
    return words_has(text.at, text.len, word.at, word.len);
}

static bool has_continent(const struct dates_entry *entry, struct text word)
{
    for (int i = 0; i < DATES_CONTINENTS; i++) {
        struct text name = text_of(dates_continent_name((enum dates_continent)i));
        if ((entry->continents >> i & 1) != 0 &&
            words_equal(name.at, name.len, word.at, word.len)) {
            return true;
        }
    }
    return false;
}

static bool has_tag(const struct dates_entry *entry, struct text word)
{
    for (size_t i = 0; i < entry->tag_count; i++) {
        if (words_equal(entry->tag[i].at, entry->tag[i].len, word.at, word.len)) {
            return true;
        }
    }
    return false;
}

static bool has_word(const struct dates_entry *entry, struct text word)
{
    const struct text said[] = {entry->id,   entry->name, entry->place,  entry->what,
                                entry->kept, entry->also, entry->dispute};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        if (has(said[i], word)) {
            return true;
        }
    }
    for (size_t i = 0; i < entry->other_count; i++) {
        if (has(entry->other[i].value, word)) {
            return true;
        }
    }
    return has_tag(entry, word);
}

static bool has_language(const struct dates_entry *entry, struct text tag)
{
    for (size_t i = 0; i < entry->other_count; i++) {
        struct text other = entry->other[i].tag;
        if (words_equal(other.at, other.len, tag.at, tag.len)) {
            return true;
        }
    }
    return words_equal(tag.at, tag.len, "en", 2);
}

/* The haversine on a sphere: within 0.6 %. */
static double distance_km(const struct place *a, const struct place *b)
{
    static const double degree = 0.017453292519943295, radius_km = 6371.0;
    double north = sin((b->latitude_deg - a->latitude_deg) * degree / 2);
    double east = sin((b->longitude_deg - a->longitude_deg) * degree / 2);
    double h =
        north * north + cos(a->latitude_deg * degree) * cos(b->latitude_deg * degree) * east * east;
    return 2 * radius_km * asin(fmin(1, sqrt(h)));
}

static bool is_near(const struct dates_entry *entry, const struct place *here, double km)
{
    struct place place;
    return places_find(entry->position.at, entry->position.len, &place) == PLACES_FOUND &&
           distance_km(&place, here) <= km;
}

bool dates_match(const struct dates_query *query, const struct dates_entry *entry)
{
    for (size_t i = 0; i < query->word_count; i++) {
        if (!has_word(entry, text_of(query->word[i]))) {
            return false;
        }
    }
    return (!query->has_tone || entry->tone == query->tone) &&
           (query->tag == NULL || has_tag(entry, text_of(query->tag))) &&
           (query->language == NULL || has_language(entry, text_of(query->language))) &&
           (query->place == NULL || has(entry->place, text_of(query->place)) ||
            has_continent(entry, text_of(query->place))) &&
           (query->near == NULL || is_near(entry, query->near, query->near_km));
}
