#include <math.h>
#include <stdio.h>
#include <string.h>

#include "places/gazetteer.h"
#include "places/internal.h"
#include "words/words.h"

/* --- names as they are compared -----------------------------------------------------------------
 */

/* The letters of a text's key, one after another. */
struct letters {
    const char *at, *end;
    bool has_begun;
    uint32_t kept; /* after the space that stands for blanks before it */
};

static uint32_t next_letter(struct letters *letters)
{
    uint32_t c = letters->kept;
    bool is_apart = false;
    letters->kept = 0;
    while (c == 0 && (c = words_fold(&letters->at, letters->end)) != 0) {
        if (c == ' ' || c == '-' || c == '_' || c == '\t') {
            is_apart = letters->has_begun;
            c = 0;
        } else if (c == '.' || c == '\'') {
            c = 0;
        } else if (is_apart) {
            letters->kept = c;
            return ' ';
        }
    }
    letters->has_begun = true;
    return c;
}

void key_of(const char *text, size_t len, struct key *out)
{
    struct letters letters = {.at = text, .end = text + len};
    out->count = 0;
    for (uint32_t c; out->count <= KEY_MAX && (c = next_letter(&letters)) != 0; out->count++) {
        if (out->count < KEY_MAX) {
            out->letter[out->count] = c;
        }
    }
}

static int compare_with(const struct key *key, const char *text)
{
    struct letters letters = {.at = text, .end = text + strlen(text)};
    for (size_t i = 0; i < key->count && i < KEY_MAX; i++) {
        uint32_t c = next_letter(&letters);
        if (c != key->letter[i]) {
            return key->letter[i] < c ? -1 : 1;
        }
    }
    return next_letter(&letters) != 0 ? -1 : key->count > KEY_MAX;
}

static bool is_called(const struct key *key, const char *text)
{
    return compare_with(key, text) == 0;
}

/* --- countries
 * ------------------------------------------------------------------------------------
 */

static bool find_country(const char *text, size_t len, uint8_t *out)
{
    struct key key;
    key_of(text, len, &key);
    size_t i = 0, first = 0;
    while (i < gazetteer_countries && !is_called(&key, gazetteer_country[i].name) &&
           !(key.count == 2 && is_called(&key, gazetteer_country[i].code))) {
        i++;
    }
    if (i == gazetteer_countries) {
        return false;
    }
    while (memcmp(gazetteer_country[first].code, gazetteer_country[i].code, 2) != 0) {
        first++;
    }
    *out = (uint8_t)first;
    return true;
}

bool places_find_country(const char *text, size_t len, char out[static 3])
{
    uint8_t country;
    if (!find_country(text, len, &country)) {
        return false;
    }
    memcpy(out, gazetteer_country[country].code, 3);
    return true;
}

const char *places_country_name(const char *code)
{
    uint8_t country;
    return strlen(code) == 2 && find_country(code, 2, &country) ? gazetteer_country[country].name
                                                                : NULL;
}

/* --- cities -------------------------------------------------------------------------------------
 */

static void give(const struct gazetteer_city *city, struct place *out)
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
            give(city, out);
            return true;
        }
    }
    return false;
}

/* States and provinces as their post abbreviates them: "Selma, AL". */
static const struct {
    char country[3], letters[4];
    const char *region;
} abbreviations[] = {
    {"US", "AL", "Alabama"},
    {"US", "AK", "Alaska"},
    {"US", "AZ", "Arizona"},
    {"US", "AR", "Arkansas"},
    {"US", "CA", "California"},
    {"US", "CO", "Colorado"},
    {"US", "CT", "Connecticut"},
    {"US", "DE", "Delaware"},
    {"US", "DC", "District of Columbia"},
    {"US", "FL", "Florida"},
    {"US", "GA", "Georgia"},
    {"US", "HI", "Hawaii"},
    {"US", "ID", "Idaho"},
    {"US", "IL", "Illinois"},
    {"US", "IN", "Indiana"},
    {"US", "IA", "Iowa"},
    {"US", "KS", "Kansas"},
    {"US", "KY", "Kentucky"},
    {"US", "LA", "Louisiana"},
    {"US", "ME", "Maine"},
    {"US", "MD", "Maryland"},
    {"US", "MA", "Massachusetts"},
    {"US", "MI", "Michigan"},
    {"US", "MN", "Minnesota"},
    {"US", "MS", "Mississippi"},
    {"US", "MO", "Missouri"},
    {"US", "MT", "Montana"},
    {"US", "NE", "Nebraska"},
    {"US", "NV", "Nevada"},
    {"US", "NH", "New Hampshire"},
    {"US", "NJ", "New Jersey"},
    {"US", "NM", "New Mexico"},
    {"US", "NY", "New York"},
    {"US", "NC", "North Carolina"},
    {"US", "ND", "North Dakota"},
    {"US", "OH", "Ohio"},
    {"US", "OK", "Oklahoma"},
    {"US", "OR", "Oregon"},
    {"US", "PA", "Pennsylvania"},
    {"US", "RI", "Rhode Island"},
    {"US", "SC", "South Carolina"},
    {"US", "SD", "South Dakota"},
    {"US", "TN", "Tennessee"},
    {"US", "TX", "Texas"},
    {"US", "UT", "Utah"},
    {"US", "VT", "Vermont"},
    {"US", "VA", "Virginia"},
    {"US", "WA", "Washington"},
    {"US", "WV", "West Virginia"},
    {"US", "WI", "Wisconsin"},
    {"US", "WY", "Wyoming"},
    {"CA", "AB", "Alberta"},
    {"CA", "BC", "British Columbia"},
    {"CA", "MB", "Manitoba"},
    {"CA", "NB", "New Brunswick"},
    {"CA", "NL", "Newfoundland and Labrador"},
    {"CA", "NS", "Nova Scotia"},
    {"CA", "ON", "Ontario"},
    {"CA", "PE", "Prince Edward Island"},
    {"CA", "QC", "Quebec"},
    {"CA", "SK", "Saskatchewan"},
    {"CA", "YT", "Yukon"},
    {"AU", "NSW", "New South Wales"},
    {"AU", "NT", "Northern Territory"},
    {"AU", "QLD", "Queensland"},
    {"AU", "SA", "South Australia"},
    {"AU", "TAS", "Tasmania"},
    {"AU", "VIC", "Victoria"},
    {"AU", "WA", "Western Australia"},
};

static bool is_abbreviated(const struct gazetteer_city *city, const struct key *key)
{
    const char *country = gazetteer_country[city->country].code;
    for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++) {
        if (strcmp(abbreviations[i].country, country) == 0 &&
            strcmp(abbreviations[i].region, gazetteer_string(city->region)) == 0) {
            return is_called(key, abbreviations[i].letters);
        }
    }
    return false;
}

/* NAME, REGION, COUNTRY: the last two may be missing. */
struct wanted {
    bool by_abbreviation; /* as there is none by the names of countries and regions */
    struct key name;
    size_t parts;
    struct part {
        struct key key;
        bool is_country; /* or a region, or both */
        uint8_t country;
    } part[2];
};

static void read_part(const char *text, size_t len, struct part *out)
{
    key_of(text, len, &out->key);
    out->is_country = find_country(text, len, &out->country);
}

static bool read_wanted(const char *text, size_t len, struct wanted *out)
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

static bool lies_in(const struct gazetteer_city *city, const struct wanted *wanted)
{
    for (size_t i = 0; i < wanted->parts; i++) {
        const struct part *part = &wanted->part[i];
        if (!(part->is_country && part->country == city->country) &&
            !is_called(&part->key, gazetteer_string(city->region)) &&
            !(wanted->by_abbreviation && is_abbreviated(city, &part->key))) {
            return false;
        }
    }
    return true;
}

/* The first name from which on keys are no less. */
static size_t first_name(const struct key *key)
{
    size_t low = 0, high = gazetteer_names;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_with(key, gazetteer_string(gazetteer_name[middle].text)) > 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

enum { NAMESAKES_MAX = 16 };

/* The cities with such a name, the largest first. */
static size_t find_of_kind(const struct wanted *wanted, uint16_t kind,
                           const struct gazetteer_name *out[static NAMESAKES_MAX])
{
    size_t count = 0;
    for (size_t i = first_name(&wanted->name);
         i < gazetteer_names && count < NAMESAKES_MAX &&
         is_called(&wanted->name, gazetteer_string(gazetteer_name[i].text));
         i++) {
        const struct gazetteer_name *name = &gazetteer_name[i];
        bool is_known = count > 0 && out[count - 1]->city == name->city; /* other accents */
        if (!is_known && (name->languages & kind) != 0 &&
            lies_in(&gazetteer_city[name->city], wanted)) {
            out[count++] = name;
        }
    }
    return count;
}

/* Those that are written with the name go before those whose people use it, and these before those
 * that others call so. */
static size_t find_namesakes(const struct wanted *wanted,
                             const struct gazetteer_name *out[static NAMESAKES_MAX])
{
    static const uint16_t kind[] = {GAZETTEER_NAME, GAZETTEER_OWN, UINT16_MAX};
    size_t count = 0;
    for (size_t k = 0; k < 3 && count == 0; k++) {
        count = find_of_kind(wanted, kind[k], out);
    }
    return count;
}

/* Whether the first of namesakes is what people mean who do not say which. */
static bool is_much_larger(const struct gazetteer_name *const *name, size_t count)
{
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
        if (find_namesakes(&wanted, out) == 0) {
            continue;
        }
        read_part(text + at, rest, &wanted.part[0]);
        wanted.parts = 1;
        size_t count = find_namesakes(&wanted, out);
        if (count > 0) {
            return count;
        }
    }
    return 0;
}

/* The cities that a text may mean, the largest first. */
static size_t find_cities(const char *text, size_t len,
                          const struct gazetteer_name *out[static NAMESAKES_MAX])
{
    struct wanted wanted;
    if (!read_wanted(text, len, &wanted)) {
        return 0;
    }
    size_t count = find_namesakes(&wanted, out);
    if (count == 0 && wanted.parts > 0) {
        wanted.by_abbreviation = true;
        count = find_namesakes(&wanted, out);
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
    size_t count = find_cities(text, len, name);
    if (count == 0 || !is_much_larger(name, count)) {
        return count == 0 ? PLACES_NONE : PLACES_SEVERAL;
    }
    give(&gazetteer_city[name[0]->city], out);
    return PLACES_FOUND;
}

static bool is_city(const char *text, size_t len, uint16_t city)
{
    const struct gazetteer_name *name[NAMESAKES_MAX];
    size_t count = find_cities(text, len, name);
    return count > 0 && name[0]->city == city && is_much_larger(name, count);
}

void places_write_in(const char *name, enum language language, char out[static PLACE_NAME_SIZE])
{
    const struct gazetteer_name *known[NAMESAKES_MAX];
    struct place place;
    size_t len = strlen(name);
    snprintf(out, PLACE_NAME_SIZE, "%s", name);
    if (position_read(name, len, &place) != PLACES_NONE || find_cities(name, len, known) == 0) {
        return;
    }
    uint16_t city = known[0]->city;
    for (size_t i = 0; i < gazetteer_names; i++) {
        if (gazetteer_name[i].city != city || (gazetteer_name[i].languages >> language & 1) == 0) {
            continue;
        }
        const char *said = gazetteer_string(language == LANGUAGE_EN ? gazetteer_city[city].name
                                                                    : gazetteer_name[i].text);
        const char *country = gazetteer_country[gazetteer_city[city].country].code;
        snprintf(out, PLACE_NAME_SIZE, "%s", said);
        if (!is_city(out, strlen(out), city)) {
            snprintf(out, PLACE_NAME_SIZE, "%s, %s", said, country);
        }
        if (!is_city(out, strlen(out), city)) {
            snprintf(out, PLACE_NAME_SIZE, "%s", name);
        }
        return;
    }
}

/* "Buenos Aires" of America/Argentina/Buenos_Aires */
static void city_of_zone(const char *zone, char out[static PLACE_NAME_SIZE])
{
    const char *slash = strrchr(zone, '/');
    snprintf(out, PLACE_NAME_SIZE, "%s", slash != NULL ? slash + 1 : zone);
    for (char *c = out; *c != '\0'; c++) {
        *c = *c == '_' ? ' ' : *c;
    }
}

bool places_of_zone(const char *zone, char out[static PLACE_NAME_SIZE])
{
    const struct gazetteer_name *name[NAMESAKES_MAX];
    char last[PLACE_NAME_SIZE];
    struct place place;
    city_of_zone(zone, last);
    size_t count = strchr(zone, '/') != NULL ? find_cities(last, strlen(last), name) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct gazetteer_city *city = &gazetteer_city[name[i]->city];
        if (strcmp(gazetteer_zone[city->zone], zone) == 0) {
            give(city, &place);
            places_write(&place, out);
            return true;
        }
    }
    return false;
}

bool places_has_namesake(const char *text, size_t len, const char *countries)
{
    enum { SMALLER = 15 }; /* times: still meant by those who live near it */
    struct wanted wanted;
    const struct gazetteer_name *name[NAMESAKES_MAX];
    size_t count = read_wanted(text, len, &wanted) ? find_namesakes(&wanted, name) : 0;
    for (size_t i = 1; i < count; i++) {
        const struct gazetteer_city *first = &gazetteer_city[name[0]->city],
                                    *city = &gazetteer_city[name[i]->city];
        if (city->country != first->country &&
            strstr(countries, gazetteer_country[city->country].code) != NULL &&
            SMALLER * (int64_t)city->population >= first->population) {
            return true;
        }
    }
    return false;
}

bool places_has_other(const char *text, size_t len, enum language language, bool is_spoken)
{
    struct wanted wanted;
    const struct gazetteer_name *first[NAMESAKES_MAX];
    if (!read_wanted(text, len, &wanted) || find_namesakes(&wanted, first) == 0) {
        return false;
    }
    const struct gazetteer_city *is = &gazetteer_city[first[0]->city];
    if (is_spoken && (is->flags & GAZETTEER_PRINCIPAL) != 0) {
        return false;
    }
    for (size_t i = first_name(&wanted.name);
         i < gazetteer_names && is_called(&wanted.name, gazetteer_string(gazetteer_name[i].text));
         i++) {
        const struct gazetteer_city *city = &gazetteer_city[gazetteer_name[i].city];
        if (city != is && (gazetteer_name[i].languages >> language & 1) != 0 &&
            lies_in(city, &wanted) && 5 * (int64_t)city->population > 2 * (int64_t)is->population) {
            return true;
        }
    }
    return false;
}

bool places_is_region_elsewhere(const char *text, size_t len, const char *zone)
{
    struct key key;
    key_of(text, len, &key);
    for (size_t i = 0; i < gazetteer_cities; i++) {
        if (is_called(&key, gazetteer_string(gazetteer_city[i].region)) &&
            strcmp(gazetteer_zone[gazetteer_city[i].zone], zone) != 0) {
            return true;
        }
    }
    return false;
}

bool places_is_region(const char *text, size_t len)
{
    struct wanted wanted;
    const struct gazetteer_name *name[NAMESAKES_MAX];
    const char *comma = memchr(text, ',', len);
    if (!read_wanted(text, comma != NULL ? (size_t)(comma - text) : len, &wanted)) {
        return false;
    }
    size_t count = find_namesakes(&wanted, name);
    for (size_t i = 0; i < count; i++) {
        if (is_called(&wanted.name, gazetteer_string(gazetteer_city[name[i]->city].region))) {
            return false;
        }
    }
    for (size_t i = 0; i < gazetteer_cities; i++) {
        if (is_called(&wanted.name, gazetteer_string(gazetteer_city[i].region))) {
            return true;
        }
    }
    return false;
}

/* --- what to write instead
 * ------------------------------------------------------------------------
 */

static int count_letters(const char *text, size_t len)
{
    int count = 0;
    for (size_t i = 0; i < len; i++) {
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return count;
}

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
    int letters = count_letters(text, len);
    int least = letters <= 6 ? 2 : letters <= 10 ? 3 : 4; /* fewer changes than these */
    bool is_latin = (unsigned char)text[0] < 0xc8;
    for (size_t i = 0; i < gazetteer_names; i++) {
        const char *name = gazetteer_string(gazetteer_name[i].text);
        const struct gazetteer_city *city = &gazetteer_city[gazetteer_name[i].city];
        size_t name_len = strlen(name);
        int longer = count_letters(name, name_len) - letters;
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
        if (text[i] >= '0' && text[i] <= '9') {
            return true;
        }
    }
    return false;
}

void places_doubt(const char *text, size_t len, char out[static PLACE_DOUBT_SIZE])
{
    struct wanted wanted;
    struct place place;
    const struct gazetteer_name *name[NAMESAKES_MAX];
    int shown = (int)(len < 60 ? len : 60);
    enum places_answer position = position_read(text, len, &place);
    if (position == PLACES_OFF_EARTH) {
        snprintf(out, PLACE_DOUBT_SIZE,
                 "\"%.*s\": latitudes reach 90, longitudes 180 degrees, heights 9000 m", shown,
                 text);
        return;
    }
    if (position == PLACES_FOUND) {
        long hours = lround(-place.longitude_deg / 15);
        snprintf(out, PLACE_DOUBT_SIZE,
                 "%.32s lies at sea, and no clock is known there: write its zone after it, as in "
                 "\"%.32s in Etc/GMT%+ld\"",
                 place.name, place.name, hours);
        return;
    }
    wanted.name.count = 0;
    size_t count = read_wanted(text, len, &wanted) ? find_cities(text, len, name) : 0;
    if (count == 1) { /* it is asked about all the same: others are called so elsewhere */
        count = find_of_kind(&wanted, UINT16_MAX, name);
    }
    if (count > 1) {
        int used = snprintf(out, PLACE_DOUBT_SIZE, "\"%.*s\" are several: ", shown, text);
        for (size_t i = 0; i < count && used > 0 && used < PLACE_DOUBT_SIZE - 80; i++) {
            give(&gazetteer_city[name[i]->city], &place);
            used += snprintf(out + used, PLACE_DOUBT_SIZE - (size_t)used, "%s\"%s\"",
                             i == 0           ? "write "
                             : i + 1 == count ? " or "
                                              : ", ",
                             place.name);
        }
        return;
    }
    uint8_t country;
    if (count == 0 && len > 2 && find_country(text, len, &country)) {
        snprintf(
            out, PLACE_DOUBT_SIZE,
            "\"%.*s\" is no single place but a country, or a region of another: write a city in it",
            shown, text);
        return;
    }
    const struct gazetteer_city *nearest = NULL;
    if (wanted.name.count > 0 && !has_digit(text, len) && !is_season(text, len) &&
        !places_is_region(text, len)) {
        const char *comma = memchr(text, ',', len);
        nearest = find_nearest(text, comma != NULL ? (size_t)(comma - text) : len);
    }
    if (nearest != NULL) {
        give(nearest, &place);
        snprintf(out, PLACE_DOUBT_SIZE,
                 "no place \"%.*s\": did you mean \"%s\"?  Or write its position, like 44.49,11.34",
                 shown, text, place.name);
    } else {
        snprintf(out, PLACE_DOUBT_SIZE,
                 "no place \"%.*s\": write its position instead, like 44.49,11.34", shown, text);
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
