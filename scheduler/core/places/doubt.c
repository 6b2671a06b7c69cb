/* What to write instead of a place or a zone that is none, or several. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "places/internal.h"
#include "text/text.h"
#include "words/asks.h"
#include "words/words.h"

/* "in winter" is no slip of a city's name. */
static bool is_season(const char *text, size_t len)
{
    static const char *const seasons[] = {
        "spring", "summer", "autumn",   "fall",   "winter",    "primavera", "estate",   "autunno",
        "verano", "otoño",  "invierno", "été",    "automne",   "hiver",     "sommer",   "herbst",
        "verão",  "outono", "inverno",  "wiosna", "lato",      "jesień",    "zima",     "printemps",
        "весна",  "літо",   "осінь",    "άνοιξη", "καλοκαίρι", "φθινόπωρο", "χειμώνας", "frühling"};
    for (size_t i = 0; i < sizeof seasons / sizeof *seasons; i++) {
        if (words_equal(seasons[i], strlen(seasons[i]), text, len)) {
            return true;
        }
    }
    return false;
}

/* The city with the name that is nearest in spelling, one slip away, of longer names two or
 * three, after the first letter; NULL: none is near. */
static const struct gazetteer_city *find_nearest(const char *text, size_t len)
{
    const struct gazetteer_city *nearest = NULL;
    int letters = (int)text_characters(text, len);
    int least = letters <= 6 ? 2 : letters <= 10 ? 3 : 4; /* fewer changes than these */
    bool is_latin = (unsigned char)text[0] < 0xc8;
    for (size_t i = 0; i < gazetteer_names; i++) {
        const char *name = gazetteer_string(gazetteer_name[i].text);
        const struct gazetteer_city *city = &gazetteer_city[gazetteer_name[i].city];
        size_t name_len = strlen(name);
        int longer = (int)text_characters(name, name_len) - letters;
        if (longer > least || -longer > least || ((unsigned char)name[0] < 0xc8) != is_latin) {
            continue; /* so many letters more or less, or those of another script */
        }
        int distance = words_distance(text, len, name, name_len);
        if (distance > 1 && (name[0] | 0x20) != (text[0] | 0x20)) {
            continue; /* Bavaria is no slip of Jakarta */
        }
        if (distance < least ||
            (distance == least && nearest != NULL && city->population > nearest->population)) {
            least = distance;
            nearest = city;
        }
    }
    return nearest;
}

static bool has_digit(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text_is_digit(text[i])) {
            return true;
        }
    }
    return false;
}

/* The cities that a text may mean, those that others call so if it is one alone. */
static size_t find_namesakes(const char *text, size_t len,
                             const struct gazetteer_name *out[static NAMESAKES_MAX])
{
    struct wanted wanted;
    size_t count = wanted_read(text, len, &wanted) ? cities_find(text, len, out) : 0;
    return count == 1 ? cities_find_of_kind(&wanted, names_from(&wanted.name), UINT16_MAX, out)
                      : count;
}

size_t places_namesakes(const char *text, size_t len,
                        char out[static PLACE_NAMESAKES_MAX][PLACE_NAME_SIZE])
{
    const struct gazetteer_name *name[NAMESAKES_MAX];
    struct place place;
    size_t count = find_namesakes(text, len, name);
    count = count < PLACE_NAMESAKES_MAX ? count : PLACE_NAMESAKES_MAX;
    for (size_t i = 0; i < count; i++) {
        city_give(&gazetteer_city[name[i]->city], &place);
        places_write(&place, out[i]);
    }
    return count;
}

static void say(char out[static PLACE_DOUBT_SIZE], enum language reader, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(char out[static PLACE_DOUBT_SIZE], enum language reader, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    format = asks_in(reader, format);
    vsnprintf(out, PLACE_DOUBT_SIZE, format, args);
    va_end(args);
}

void places_doubt(const char *text, size_t len, char out[static PLACE_DOUBT_SIZE])
{
    places_doubt_in(text, len, LANGUAGE_EN, out);
}

/* Why a place was not found, from what it surely is to what it may have been: numbers, namesakes, a
 * country, and a misspelling last, since something is always near. */
void places_doubt_in(const char *text, size_t len, enum language reader,
                     char out[static PLACE_DOUBT_SIZE])
{
    struct wanted wanted;
    struct place place;
    const struct gazetteer_name *name[NAMESAKES_MAX];
    int shown = (int)(len < 60 ? len : 60);
    enum places_answer position = position_read(text, len, &place);
    if (position == PLACES_OFF_EARTH) {
        say(out, reader, "\"%.*s\": latitudes reach 90, longitudes 180 degrees, heights 9000 m",
            shown, text);
        return;
    }
    if (position == PLACES_FOUND) {
        long hours = lround(-place.longitude_deg / 15);
        say(out, reader,
            "%.32s lies at sea, and no clock is known there: write its zone after it, as in "
            "\"%.32s in Etc/GMT%+ld\"",
            place.name, place.name, hours);
        return;
    }
    size_t count = find_namesakes(text, len, name);
    if (count > 1) {
        int used = snprintf(out, PLACE_DOUBT_SIZE, "\"%.*s\" are several: ", shown, text);
        for (size_t i = 0; i < count && used > 0 && used < 120; i++) {
            city_give(&gazetteer_city[name[i]->city], &place);
            used += snprintf(out + used, PLACE_DOUBT_SIZE - (size_t)used, "%s\"%s\"",
                             i == 0           ? "write "
                             : i + 1 == count ? " or "
                                              : ", ",
                             place.name);
        }
        return;
    }
    uint8_t country;
    if (count == 0 && len > 2 && country_find(text, len, &country)) {
        say(out, reader,
            "\"%.*s\" is no single place but a country, or a region of another: write a city in it",
            shown, text);
        return;
    }
    const struct gazetteer_city *nearest = NULL;
    if (wanted_read(text, len, &wanted) && !has_digit(text, len) && !is_season(text, len) &&
        !places_is_region(text, len)) {
        const char *comma = memchr(text, ',', len);
        nearest = find_nearest(text, comma != NULL ? (size_t)(comma - text) : len);
    }
    if (nearest != NULL) {
        city_give(nearest, &place);
        say(out, reader,
            "no place \"%.*s\": did you mean \"%s\"?  Or write its position, like 44.49,11.34",
            shown, text, place.name);
    } else {
        say(out, reader, "no place \"%.*s\": write its position instead, like 44.49,11.34", shown,
            text);
    }
}

static const char *zone_of_city(const char *name)
{
    static char zone[PLACE_NAME_SIZE];
    char city[PLACE_NAME_SIZE];
    struct place place;
    city_of_zone(name, city);
    if (has_digit(city, strlen(city)) || places_find(city, strlen(city), &place) != PLACES_FOUND ||
        *place.zone == '\0') {
        return NULL;
    }
    snprintf(zone, sizeof zone, "%s", place.zone);
    return zone;
}

const char *places_zone_like(const char *name)
{
    const char *nearest = zone_of_city(name);
    if (nearest != NULL) {
        return nearest;
    }
    for (size_t i = 0; i < gazetteer_cities; i++) {
        if ((gazetteer_city[i].flags & GAZETTEER_PRINCIPAL) != 0) { /* every zone has one */
            nearest =
                words_nearer(name, strlen(name), nearest, gazetteer_zone[gazetteer_city[i].zone]);
        }
    }
    return nearest;
}
