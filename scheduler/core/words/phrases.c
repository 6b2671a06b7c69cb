#include "words/phrases.h"

#include <string.h>

#include "words/words.h"

/* Ordinary use, as in the dictionaries of each language and the CLDR's date formats; a line a
 * phrase in phrases/LL.tsv.  Of phrases alike the first counts.  Parts of the day: morning,
 * evening, late (at night) and midday say which half of the day an hour is in, and "12 at night" is
 * asked. */
static const struct phrase en[] = {
#include "words/phrases/en.inc"
};
static const struct phrase it[] = {
#include "words/phrases/it.inc"
};
static const struct phrase es[] = {
#include "words/phrases/es.inc"
};
static const struct phrase fr[] = {
#include "words/phrases/fr.inc"
};
static const struct phrase de[] = {
#include "words/phrases/de.inc"
};
static const struct phrase pt[] = {
#include "words/phrases/pt.inc"
};
static const struct phrase pl[] = {
#include "words/phrases/pl.inc"
};
static const struct phrase uk[] = {
#include "words/phrases/uk.inc"
};
static const struct phrase ar[] = {
#include "words/phrases/ar.inc"
};
static const struct phrase el[] = {
#include "words/phrases/el.inc"
};

enum language language_find(const char *code)
{
    static const char codes[LANGUAGES][3] = {"en", "it", "es", "fr", "de",
                                             "pt", "pl", "uk", "ar", "el"};
    enum language language = LANGUAGE_EN;
    while (language < LANGUAGES && strcmp(codes[language], code) != 0) {
        language++;
    }
    return language;
}

const struct phrase *phrases_of(enum language language, size_t *count)
{
#define TABLE(name) .phrase = (name), .count = sizeof(name) / sizeof *(name)
    static const struct {
        const struct phrase *phrase;
        size_t count;
    } tables[LANGUAGES] = {
        [LANGUAGE_EN] = {TABLE(en)}, [LANGUAGE_IT] = {TABLE(it)}, [LANGUAGE_ES] = {TABLE(es)},
        [LANGUAGE_FR] = {TABLE(fr)}, [LANGUAGE_DE] = {TABLE(de)}, [LANGUAGE_PT] = {TABLE(pt)},
        [LANGUAGE_PL] = {TABLE(pl)}, [LANGUAGE_UK] = {TABLE(uk)}, [LANGUAGE_AR] = {TABLE(ar)},
        [LANGUAGE_EL] = {TABLE(el)},
    };
#undef TABLE
    *count = tables[language].count;
    return tables[language].phrase;
}

const char *phrases_find(enum language language, const char *text, size_t len)
{
    size_t count;
    const struct phrase *phrase = phrases_of(language, &count);
    const char *means = NULL;
    for (size_t i = 0; i < count; i++) {
        if (len > 0 && words_may_equal(phrase[i].text, text) &&
            words_equal(phrase[i].text, strlen(phrase[i].text), text, len)) {
            means = means == NULL ? phrase[i].means : means;
            if (strncmp(phrase[i].text, text, len) == 0) {
                return phrase[i].means; /* with its accents: às is not as */
            }
        }
    }
    return means;
}

/* Where the feast of many or most is that of another church's calendar, or as many keep each: as
 * the civil calendars in python-holidays have it, which names each law (vacanza/holidays at
 * c382fdec). */
#define EASTERN_LANDS "GR CY RS BG RO MK ME GE UA RU BY MD ET EG ER AL BA XK LB PS SY SD"
#define JULIAN_LANDS  "RS RU GE ET EG ER MK ME BY MD BA XK PS KZ KG SD"

static const char *find_feast(const char *name)
{
    /* As civil calendars have them; of countries that are not named here it is asked. Found in
     * python-holidays (as above) and date-holidays 3.37.0; weekends also in CLDR 48.2's weekData,
     * Nepal's as decided on 6 June 2022 (fiscalnepal.com), those of Palestine and Somalia without a
     * source, thus asked as all after "?" are; days of mothers that neither has at
     * fleurop.at/en/s/mothers-day-2020-dates-worldwide, Romania's in its law 319/2009, of fathers
     * at themystica.com/when-is-fathers-day; Denmark is free on the 5th, as announced on the
     * evening of the 4th. */
    static const char *const feasts[][2] = {
        {"easter", "?easter=easter:*|orthodox easter:?" EASTERN_LANDS},
        {"1 day before easter",
         "?easter=1 day before easter:*|1 day before orthodox easter:?" EASTERN_LANDS},
        {"2 days before easter",
         "?easter=2 days before easter:*|2 days before orthodox easter:?" EASTERN_LANDS},
        {"3 days before easter",
         "?easter=3 days before easter:*|3 days before orthodox easter:?" EASTERN_LANDS},
        {"7 days before easter",
         "?easter=7 days before easter:*|7 days before orthodox easter:?" EASTERN_LANDS},
        {"1 day after easter",
         "?easter=1 day after easter:*|1 day after orthodox easter:?" EASTERN_LANDS},
        {"7 days after easter",
         "?easter=7 days after easter:*|7 days after orthodox easter:?" EASTERN_LANDS},
        {"39 days after easter",
         "?easter=39 days after easter:*|39 days after orthodox easter:?" EASTERN_LANDS},
        /* As the bishops of each land keep them: on the day, or on a sunday. */
        {"ascension",
         "?country=39 days after easter:DE AT CH LI FR BE NL LU DK SE NO FI IS CZ SK HR ID|"
         "42 days after easter:IT SM ES PT PL BR MX AR CL PE UY|43 days after easter:CO|"
         "39 days after orthodox easter:GR CY RS BG RO MK ME GE"},
        {"corpus",
         "?country=60 days after easter:DE AT LI PL PT BR HR HT TT GD|63 days after easter:IT SM "
         "FR BE NL IE GB US CA AU MX AR CL HU|64 days after easter:CO"},
        {"49 days after easter",
         "?easter=49 days after easter:*|49 days after orthodox easter:?" EASTERN_LANDS},
        {"50 days after easter",
         "?easter=50 days after easter:*|50 days after orthodox easter:?" EASTERN_LANDS},
        {"56 days after easter",
         "?easter=56 days after easter:*|49 days after orthodox easter:?" EASTERN_LANDS},
        {"25 december", "?calendar=25 december:*|7 january:?" JULIAN_LANDS},
        {"24 december", "?calendar=24 december:*|6 january:?" JULIAN_LANDS},
        {"6 january", "?calendar=6 january:*|19 january:?" JULIAN_LANDS},
        {"weekdays",
         "?weekend=every day skip saturday, sunday:*|"
         "every day skip friday, saturday:?EG IL PS SA BH KW QA OM JO SY IQ YE LY SD DZ "
         "BD MV AF DJ|every day skip friday:?IR SO|every day skip saturday:?NP|"
         "every day skip friday, sunday:?BN"},
        {"mother",
         "?country=21 days before easter:GB IE|2nd sunday of may:IT DE AT CH BE NL US CA AU NZ BR "
         "UA "
         "GR CY DK FI CZ SK EE LV MT TR PE CL CO EC VE UY CU PR ZA JP IN HR SM LI CV|1st "
         "sunday of may:ES PT HU LT RO AO MZ|2nd sunday of june:LU|21 march:EG LB SY JO PS IQ "
         "SA AE KW QA BH OM YE SD LY|26 may:PL|10 may:MX GT SV|3rd sunday of october:AR|last "
         "sunday of may:SE DZ MA TN HT DO|27 may:BO|15 august:CR|8 december:PA"},
        {"father",
         "?country=19 march:IT ES PT HR BO SM AO MZ|39 days after easter:DE|"
         "3rd sunday of june:GB IE US CA FR NL GR CY UA MX AR CL CO PE EC VE IN JP ZA TR CZ SK HU|"
         "2nd sunday of june:AT BE|1st sunday of june:CH LT|23 june:PL|2nd sunday of august:BR|"
         "1st sunday of september:AU NZ|21 june:EG LB SY JO"},
        {"labour",
         "?country=1st monday of september:US CA|4th monday of october:NZ|1 may:GB IE IT ES FR DE "
         "AT CH PT "
         "PL UA GR CY BE LU MT BR AR MX CL CO PE BO EC UY VE ZA IN KE NG GH EG LB MA TN DZ"},
        {"independence",
         "?country=4 july:US|24 august:UA|11 november:PL|15 august:IN KR|6 december:FI|16 "
         "september:MX|7 "
         "september:BR|9 july:AR SS|25 march:GR|22 november:LB|20 march:TN|5 july:DZ VE|28 "
         "july:PE|20 july:CO|18 september:CL|12 june:PH|12 december:KE|1 october:NG CY|6 "
         "march:GH|14 august:PK|25 may:JO|6 august:BO JM|10 august:EC|25 august:UY|24 "
         "february:EE|16 february:LT|18 november:LV MA|15 september:GT SV HN CR NI|27 "
         "february:DO|17 august:ID|1 january:HT SD|24 december:LY|11 november:AO|25 june:MZ|5 "
         "july:CV|21 september:MT|26 march:BD|31 august:MY"},
        {"liberation",
         "?country=25 april:IT|5 may:NL DK|8 may:FR NO CZ SK|3 march:BG|26 february:KW|"
         "29 november:AL"},
        {"thanksgiving", "?country=4th thursday of november:US|2nd monday of october:CA"},
    };
    for (size_t i = 0; i < sizeof feasts / sizeof *feasts; i++) {
        if (strcmp(feasts[i][0], name) == 0) {
            return feasts[i][1];
        }
    }
    return "=";
}

struct phrase_days phrases_days(const char *means)
{
    static const char *const asked[] = {
        [ASK_NOTHING] = "",        [ASK_WHICH] = "which",   [ASK_HEMISPHERE] = "hemisphere",
        [ASK_COUNTRY] = "country", [ASK_EASTER] = "easter", [ASK_CALENDAR] = "calendar",
        [ASK_WEEKEND] = "weekend", [ASK_MONTH] = "month",   [ASK_SATURDAY] = "saturday",
        [ASK_WEEKS] = "weeks"};
    means = *means == '&' ? find_feast(means + 1) : means;
    size_t ask = *means == '?' ? sizeof asked / sizeof *asked - 1 : 0, len = strcspn(means, "=");
    while (ask > 0 && strncmp(asked[ask], means + 1, len - 1) != 0) {
        ask--;
    }
    return (struct phrase_days){(enum days_ask)ask, means + len + 1};
}
