/* A city by its name, with its region or country where that is told. */
#include <stdio.h>
#include <string.h>

#include "places/internal.h"
#include "words/words.h"

void city_give(const struct gazetteer_city *city, struct place *out)
{
    const struct gazetteer_country *country = &gazetteer_country[city->country];
    bool has_region = (city->flags & GAZETTEER_WITH_REGION) != 0;
    bool has_country = has_region || (city->flags & GAZETTEER_WITH_COUNTRY) != 0;
    *out = (struct place){.latitude_deg = city->latitude_e4 / 1e4,
                          .longitude_deg = city->longitude_e4 / 1e4};
    snprintf(out->name, sizeof out->name, "%s%s%s%s%s", gazetteer_string(city->name),
             has_region ? ", " : "", has_region ? gazetteer_string(city->region) : "",
             has_country ? ", " : "", has_country ? country->code : "");
    snprintf(out->zone, sizeof out->zone, "%s", gazetteer_zone[city->zone]);
    memcpy(out->country, country->code, sizeof out->country);
}

bool places_next(size_t *cursor, struct place *out)
{
    while (*cursor < gazetteer_cities) {
        const struct gazetteer_city *city = &gazetteer_city[(*cursor)++];
        if ((city->flags & GAZETTEER_PRINCIPAL) != 0) {
            city_give(city, out);
            return true;
        }
    }
    return false;
}

static void read_part(const char *text, size_t len, struct part *out)
{
    key_of(text, len, &out->key);
    out->is_country = country_find(text, len, &out->country);
}

bool wanted_read(const char *text, size_t len, struct wanted *out)
{
    out->by_abbreviation = false;
    const char *end = text + len, *comma = memchr(text, ',', len);
    key_of(text, comma != NULL ? (size_t)(comma - text) : len, &out->name);
    for (out->parts = 0; comma != NULL; out->parts++) {
        if (out->parts == 2) {
            return false;
        }
        text = comma + 1;
        comma = memchr(text, ',', (size_t)(end - text));
        read_part(text, (size_t)((comma != NULL ? comma : end) - text), &out->part[out->parts]);
    }
    return out->name.count > 0 && out->name.count <= KEY_MAX;
}

bool city_lies_in(const struct gazetteer_city *city, const struct wanted *wanted)
{
    for (size_t i = 0; i < wanted->parts; i++) {
        const struct part *part = &wanted->part[i];
        if (!(part->is_country && part->country == city->country) &&
            !key_is(&part->key, gazetteer_string(city->region)) &&
            !(wanted->by_abbreviation && is_abbreviated(city, &part->key))) {
            return false;
        }
    }
    return true;
}

size_t names_from(const struct key *key)
{
    size_t low = 0, high = gazetteer_names;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (key_compare(key, gazetteer_string(gazetteer_name[middle].text)) > 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t cities_find_of_kind(const struct wanted *wanted, size_t from, uint16_t kind,
                           const struct gazetteer_name *out[static NAMESAKES_MAX])
{
    size_t count = 0;
    for (size_t i = from; i < gazetteer_names && count < NAMESAKES_MAX &&
                          key_is(&wanted->name, gazetteer_string(gazetteer_name[i].text));
         i++) {
        const struct gazetteer_name *name = &gazetteer_name[i];
        bool is_known = count > 0 && out[count - 1]->city == name->city; /* other accents */
        if (!is_known && (name->languages & kind) != 0 &&
            city_lies_in(&gazetteer_city[name->city], wanted)) {
            out[count++] = name;
        }
    }
    return count;
}

size_t cities_find_namesakes(const struct wanted *wanted,
                             const struct gazetteer_name *out[static NAMESAKES_MAX])
{
    static const uint16_t kind[] = {GAZETTEER_NAME, GAZETTEER_OWN, UINT16_MAX};
    size_t count = 0, from = names_from(&wanted->name);
    for (size_t k = 0; k < 3 && count == 0; k++) {
        count = cities_find_of_kind(wanted, from, kind[k], out);
    }
    return count;
}

/* Names by which people far from each other mean the city near them, however large the other is. */
static bool is_contested(const char *text)
{
    static const char *const names[] = {
        "Augusta",   "Bayeux", "Burlington", "Cartagena",   "Córdoba",  "Cuenca",   "Durham",
        "Gallipoli", "Mérida", "Granada",    "Guadalajara", "Hamilton", "Jackson",  "Laval",
        "León",      "Loja",   "Lancaster",  "Olympia",     "Orange",   "Pamplona", "Plymouth",
        "Reading",   "Salem",  "Santa Fe",   "Scarborough", "Trujillo", "Victoria"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (words_equal(names[i], strlen(names[i]), text, strlen(text))) {
            return true;
        }
    }
    return false;
}

bool is_much_larger(const struct gazetteer_name *const *name, size_t count)
{
    if (count > 1 && is_contested(gazetteer_string(name[0]->text))) {
        return false;
    }
    for (size_t i = 1; i < count; i++) {
        if ((name[i]->languages & GAZETTEER_SHIPPED) != 0 ||
            2 * (int64_t)gazetteer_city[name[0]->city].population <
                5 * (int64_t)gazetteer_city[name[i]->city].population) {
            return false;
        }
    }
    return true;
}

/* "Portland Maine": a city of which the country or the region is told without a comma, by its whole
 * name, since short words are others, too. */
static size_t find_in_region(const char *text, size_t len,
                             const struct gazetteer_name *out[static NAMESAKES_MAX])
{
    enum { REGION_LEAST = 4 };
    struct wanted wanted = {.parts = 0};
    for (size_t at = len; at > 1; at--) {
        size_t rest = len - at;
        if (text[at - 1] != ' ' || rest < REGION_LEAST) {
            continue;
        }
        wanted.parts = 0;
        key_of(text, at - 1, &wanted.name);
        if (cities_find_namesakes(&wanted, out) == 0) {
            continue;
        }
        read_part(text + at, rest, &wanted.part[0]);
        wanted.parts = 1;
        size_t count = cities_find_namesakes(&wanted, out);
        if (count > 0) {
            return count;
        }
    }
    return 0;
}

size_t cities_find(const char *text, size_t len,
                   const struct gazetteer_name *out[static NAMESAKES_MAX])
{
    struct wanted wanted;
    if (!wanted_read(text, len, &wanted)) {
        return 0;
    }
    size_t count = cities_find_namesakes(&wanted, out);
    if (count == 0 && wanted.parts > 0) {
        wanted.by_abbreviation = true;
        count = cities_find_namesakes(&wanted, out);
    }
    return count == 0 && wanted.parts == 0 ? find_in_region(text, len, out) : count;
}

enum places_answer places_find(const char *text, size_t len, struct place *out)
{
    const struct gazetteer_name *name[NAMESAKES_MAX];
    enum places_answer answer = position_read(text, len, out);
    if (answer != PLACES_NONE) {
        return answer;
    }
    size_t count = cities_find(text, len, name);
    if (count == 0 || !is_much_larger(name, count)) {
        return count == 0 ? PLACES_NONE : PLACES_SEVERAL;
    }
    city_give(&gazetteer_city[name[0]->city], out);
    return PLACES_FOUND;
}
