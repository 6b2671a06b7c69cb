/* Cities by their names, positions, and the zone of each.
 * links: words instants */
#include "check.h"

#include <math.h>

#include "places/gazetteer.h"
#include "places/internal.h"
#include "places/show.h"

static enum places_answer find(const char *text, struct place *out)
{
    return places_find(text, strlen(text), out);
}

static void assert_found(const char *text, const char *written, const char *zone)
{
    struct place place;
    char out[PLACE_NAME_SIZE];
    if (find(text, &place) != PLACES_FOUND) {
        print_error("%s is not found\n", text);
        fail();
    }
    places_write(&place, out);
    assert_string_equal(out, written);
    assert_string_equal(place.zone, zone);
}

static void assert_doubt(const char *text, enum places_answer answer, const char *doubt)
{
    struct place place;
    char why[PLACE_DOUBT_SIZE];
    assert_int_equal(find(text, &place), answer);
    places_doubt(text, strlen(text), why);
    assert_string_equal(why, doubt);
}

#define OR "  Or write its position, like 44.49,11.34"

static void cities_are_found_by_their_names_in_any_language(void **state)
{
    (void)state;
    static const char *const rome[] = {"Rome",
                                       "roma",
                                       "ROMA",
                                       "Rzym",
                                       "Рим",
                                       "Ρώμη",
                                       "روما",
                                       " Rome ",
                                       "Rom",
                                       "Rome, IT",
                                       "rome,italy",
                                       "Rome, Lazio",
                                       "Rome, Lazio, Italy"};
    for (size_t i = 0; i < sizeof rome / sizeof *rome; i++) {
        assert_found(rome[i], "Rome", "Europe/Rome");
    }
    static const char *const others[][3] = {
        {"Milano", "Milan", "Europe/Rome"},
        {"Muenchen", "Munich", "Europe/Berlin"},
        {"tromso", "Tromsø", "Europe/Oslo"},
        {"Lisboa", "Lisbon", "Europe/Lisbon"},
        {"Київ", "Kyiv", "Europe/Kyiv"},
        {"Kiev", "Kyiv", "Europe/Kyiv"},
        {"Odessa", "Odesa", "Europe/Kyiv"},
        {"القاهرة", "Cairo", "Africa/Cairo"},
        {"Αθήνα", "Athens, GR", "Europe/Athens"},
        {"Москва", "Moscow", "Europe/Moscow"},
        {"københavn", "Copenhagen", "Europe/Copenhagen"},
        {"Praha", "Prague", "Europe/Prague"},
        {"Hà Nội", "Hanoi", "Asia/Bangkok"},
        {"new_york", "New York", "America/New_York"},
        {"Nowy Jork", "New York", "America/New_York"},
        {"ndjamena", "N'Djamena", "Africa/Ndjamena"},
        {"St. Petersburg", "Saint Petersburg", "Europe/Moscow"},
        {"Ramallah", "Ramallah", "Asia/Hebron"},
        {"Luxor", "Luxor", "Africa/Cairo"},
        {"Marzabotto", "Marzabotto", "Europe/Rome"},
        {"Ciudad Juárez", "Ciudad Juárez", "America/Ciudad_Juarez"},
        {"Τήνος", "Tinos", "Europe/Athens"},
        {"Σαντορίνη", "Santorini", "Europe/Athens"},
        {"مكة", "Mecca", "Asia/Riyadh"},
        {"Rio", "Rio de Janeiro", "America/Sao_Paulo"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_found(others[i][0], others[i][1], others[i][2]);
    }
}

static void namesakes_are_asked_back(void **state)
{
    (void)state;
    assert_doubt("Springfield", PLACES_SEVERAL,
                 "\"Springfield\" are several: write \"Springfield, Missouri, US\", \"Springfield, "
                 "Massachusetts, US\", \"Springfield, Illinois, US\"");
    assert_doubt("valencia", PLACES_SEVERAL,
                 "\"valencia\" are several: write \"Valencia, VE\", \"Valencia, ES\" or "
                 "\"Valencia, US\"");
    assert_found("Valencia, Spain", "Valencia, ES", "Europe/Madrid");
    assert_found("springfield, missouri", "Springfield, Missouri, US", "America/Chicago");
    assert_found("Springfield, Massachusetts, US", "Springfield, Massachusetts, US",
                 "America/New_York");
    /* the region or the country by its whole name needs no comma */
    assert_found("Portland Maine", "Portland, Maine, US", "America/New_York");
    assert_found("Portland, ME", "Portland, Maine, US", "America/New_York");
    assert_found("Athens Georgia", "Athens, US", "America/New_York");
    assert_found("london canada", "London, CA", "America/Toronto");
    assert_doubt("Portland Or", PLACES_NONE,
                 "no place \"Portland Or\": did you mean \"Portland, Oregon, US\"?" OR);
    /* one much larger than the others is meant, and is written with its country */
    assert_found("London", "London, GB", "Europe/London");
    assert_found("London, Canada", "London, CA", "America/Toronto");
    assert_found("Athens, Georgia", "Athens, US", "America/New_York");
    assert_found("Barcelona", "Barcelona, ES", "Europe/Madrid");
    /* how a city calls itself goes before what others call it */
    assert_found("Monaco", "Monaco", "Europe/Monaco");
    struct place place;
    assert_int_equal(find("Rome, France", &place), PLACES_NONE);
    assert_int_equal(find("Rome, IT, Lazio, Europe", &place), PLACES_NONE);
}

static void what_is_misspelled_is_answered_with_the_nearest(void **state)
{
    (void)state;
    assert_doubt("Texas", PLACES_NONE,
                 "no place \"Texas\": write its position instead, like 44.49,11.34");
    assert_doubt("winter", PLACES_NONE,
                 "no place \"winter\": write its position instead, like 44.49,11.34");
    assert_doubt("summer", PLACES_NONE,
                 "no place \"summer\": write its position instead, like 44.49,11.34");
    assert_doubt("Bavaria", PLACES_NONE,
                 "no place \"Bavaria\": write its position instead, like 44.49,11.34");
    assert_doubt("Milno", PLACES_NONE, "no place \"Milno\": did you mean \"Milan\"?" OR);
    assert_doubt("Moskva", PLACES_NONE, "no place \"Moskva\": did you mean \"Moscow\"?" OR);
    assert_doubt("Bolonga, IT", PLACES_NONE,
                 "no place \"Bolonga, IT\": did you mean \"Bologna\"?" OR);
    assert_doubt("xyzzyxyzzy", PLACES_NONE,
                 "no place \"xyzzyxyzzy\": write its position instead, like 44.49,11.34");
    assert_doubt("", PLACES_NONE, "no place \"\": write its position instead, like 44.49,11.34");
    assert_doubt(",", PLACES_NONE, "no place \",\": write its position instead, like 44.49,11.34");
}

static void a_position_has_the_clock_of_its_land_or_of_the_zone_after_it(void **state)
{
    (void)state;
    assert_found("44.49,11.34", "44.49,11.34 in Europe/Rome", "Europe/Rome");
    assert_found(" +44.490 , 11.3400 ", "44.49,11.34 in Europe/Rome", "Europe/Rome");
    assert_found("34.05,-118.25", "34.05,-118.25 in America/Los_Angeles", "America/Los_Angeles");
    assert_found("-36.85,174.76", "-36.85,174.76 in Pacific/Auckland", "Pacific/Auckland");
    assert_found("34.05,-118.25 in America/Denver", "34.05,-118.25 in America/Denver",
                 "America/Denver");
    assert_found("0.00000001,-0.00000001 in Etc/GMT+1", "0,0 in Etc/GMT+1", "Etc/GMT+1");
    assert_found("-90,-180 in UTC", "-90,-180 in UTC", "UTC");
    assert_found("-34.123456,-179.123456 in America/Argentina/ComodRivadavia",
                 "-34.123456,-179.123456 in America/Argentina/ComodRivadavia",
                 "America/Argentina/ComodRivadavia");
    struct place place;
    assert_int_equal(find("-16.5,-68.15,3640", &place), PLACES_FOUND);
    assert_within(place.height_m, 3640, 0);
    assert_within(place.latitude_deg, -16.5, 0);
    assert_string_equal(place.zone, "America/La_Paz");
    assert_true(place.is_position);
    static const char *const none[] = {"44.49",      "44.49,",       "44.49,x",       "1e1,2",
                                       "0x10,2",     "nan,2",        "1,2,3,4",       "1..2,3",
                                       "1,2 in ",    "1,2 in Rome!", "1,2inUTC",      "--1,2",
                                       "1,2 at UTC", "1 2",          "1.2.3,4 in UTC"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(find(none[i], &place), PLACES_NONE);
    }
    assert_int_equal(find("1,2 in  ", &place), PLACES_NONE); /* blanks are no zone */
    static const char *const off[] = {"91,0",          "-90.0001,0", "0,180.5",
                                      "0,-181 in UTC", "0,0,9001",   "0,0,-501"};
    for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
        assert_int_equal(find(off[i], &place), PLACES_OFF_EARTH);
    }
}

static void at_sea_there_is_no_clock_until_one_is_named(void **state)
{
    (void)state;
    assert_null(places_zone_at(30, -45));
    assert_null(places_zone_at(90, 0));
    assert_null(places_zone_at((double)NAN, 0));
    assert_string_equal(places_zone_at(-90, 0), "Antarctica/McMurdo");
    assert_found("30,-45", "30,-45", "");
    assert_doubt("30,-45", PLACES_FOUND,
                 "30,-45 lies at sea, and no clock is known there: write its zone after it, as in "
                 "\"30,-45 in Etc/GMT+3\"");
    assert_found("30,-45 in Etc/GMT+3", "30,-45 in Etc/GMT+3", "Etc/GMT+3");
}

static void every_place_that_was_ever_shipped_is_still_known(void **state)
{
    (void)state;
    /* what has grown namesakes since must be asked back */
    static const char several[] = " Bethlehem Chatham Cordoba Davis Merida Norfolk San-Juan ";
    FILE *file = fopen(TESTS_DIR "/golden/places/shipped.tsv", "r");
    assert_non_null(file);
    char line[200], name[64], zone[64], country[3], text[80], known[80];
    double latitude, longitude;
    int count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#') {
            continue;
        }
        assert_int_equal(sscanf(line, "%63[^\t]\t%lf\t%lf\t%63[^\t]\t%2s", name, &latitude,
                                &longitude, zone, country),
                         5);
        struct place place;
        snprintf(text, sizeof text, "%s", name);
        if (find(name, &place) == PLACES_SEVERAL) {
            snprintf(known, sizeof known, " %s ", name);
            for (char *c = known + 1; c[1] != '\0'; c++) {
                *c = *c == ' ' ? '-' : *c;
            }
            if (strstr(several, known) == NULL) {
                print_error("%s is asked back\n", name);
                fail();
            }
            snprintf(text, sizeof text, "%s, %s", name, country);
        }
        if (find(text, &place) != PLACES_FOUND || strcmp(place.zone, zone) != 0 ||
            strcmp(place.country, country) != 0 || fabs(place.latitude_deg - latitude) > 1.2 ||
            fabs(place.longitude_deg - longitude) * cos(latitude * 0.01745) > 1.2) {
            print_error("%s: %s in %s\n", text, place.name, place.zone);
            fail();
        }
        count++;
    }
    assert_int_equal(fclose(file), 0);
    assert_int_equal(count, 504);
}

static void the_table_is_sound_and_each_city_is_found_by_what_is_written(void **state)
{
    (void)state;
    struct key last = {0}, key;
    assert_true(gazetteer_cities >= 5000);
    for (size_t i = 0; i < gazetteer_names; i++) {
        const char *name = gazetteer_string(gazetteer_name[i].text);
        key_of(name, strlen(name), &key);
        assert_in_range(key.count, 1, KEY_MAX);
        size_t n = key.count < last.count ? key.count : last.count, same = 0;
        while (same < n && key.letter[same] == last.letter[same]) {
            same++;
        }
        assert_true(same < n ? key.letter[same] > last.letter[same] : key.count >= last.count);
        assert_true(gazetteer_name[i].city < gazetteer_cities);
        last = key;
    }
    for (size_t i = 0; i < gazetteer_cities; i++) {
        const struct gazetteer_city *city = &gazetteer_city[i];
        const char *code = gazetteer_country[city->country].code;
        char written[120];
        snprintf(written, sizeof written, "%s%s%s%s%s", gazetteer_string(city->name),
                 (city->flags & GAZETTEER_WITH_REGION) != 0 ? ", " : "",
                 (city->flags & GAZETTEER_WITH_REGION) != 0 ? gazetteer_string(city->region) : "",
                 (city->flags & GAZETTEER_WITH_COUNTRY) != 0 ? ", " : "",
                 (city->flags & GAZETTEER_WITH_COUNTRY) != 0 ? code : "");
        struct place place;
        if (find(written, &place) != PLACES_FOUND || strcmp(place.name, written) != 0) {
            print_error("%s is not found\n", written);
            fail();
        }
        assert_within(place.latitude_deg, city->latitude_e4 / 1e4, 0);
        assert_string_equal(place.zone, gazetteer_zone[city->zone]);
        assert_non_null(places_country_name(place.country));
    }
    size_t cursor = 0, principal = 0;
    for (struct place place; places_next(&cursor, &place); principal++) {
    }
    assert_in_range(principal, 400, 504);
}

static void a_city_is_told_in_the_readers_language_and_found_by_that(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum language language;
        const char *said;
    } told[] = {
        {"Athens, GR", LANGUAGE_EL, "Αθήνα"},
        {"Athens, GR", LANGUAGE_EN, "Athens"},
        {"Mecca", LANGUAGE_EN, "Mecca"},
        {"Mecca", LANGUAGE_IT, "La Mecca"},
        {"Zurich", LANGUAGE_DE, "Zürich"},
        {"Rome", LANGUAGE_AR, "روما"},
        {"Valencia, ES", LANGUAGE_ES, "Valencia, ES"}, /* as there is another, as large */
        {"Valencia, ES", LANGUAGE_PL, "Walencja"},
        {"Tinos", LANGUAGE_PL, "Tinos"},
        {"44.49,11.34", LANGUAGE_IT, "44.49,11.34"},
        {"here", LANGUAGE_IT, "here"},
    };
    char said[PLACE_NAME_SIZE];
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        places_write_in(told[i].name, told[i].language, said);
        assert_string_equal(said, told[i].said);
    }
    size_t local = 0;
    for (size_t i = 0; i < gazetteer_names; i += 7) { /* each name of a language, or its city's */
        struct place place, again;
        const struct gazetteer_city *city = &gazetteer_city[gazetteer_name[i].city];
        int language = 0;
        while (language < LANGUAGES && (gazetteer_name[i].languages >> language & 1) == 0) {
            language++;
        }
        snprintf(said, sizeof said, "%s, %s", gazetteer_string(city->name),
                 gazetteer_country[city->country].code);
        if (language == LANGUAGES || find(said, &place) != PLACES_FOUND) {
            continue; /* its region is needed, too */
        }
        places_write_in(place.name, (enum language)language, said);
        assert_int_equal(find(said, &again), PLACES_FOUND);
        assert_string_equal(again.name, place.name);
        local += strcmp(said, place.name) != 0;
    }
    print_message("%zu names of their own\n", local);
    assert_true(local > 300);
}

static void readers_see_a_place_in_their_language(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum interface_language language;
        const char *shown;
    } shown[] = {
        {"Rome", INTERFACE_JA, "ローマ"},
        {"Rome", INTERFACE_HE, "רומא"},
        {"Bologna", INTERFACE_JA, "ボローニャ"}, /* no zone is called after it */
        {"Hiroshima", INTERFACE_JA, "広島"},
        {"Kyiv", INTERFACE_DE, "Kiew"},
        {"Athens, GR", INTERFACE_FR, "Athènes"},
        {"Portland, Maine, US", INTERFACE_DE, "Portland, Maine, Vereinigte Staaten"},
        {"44.49,11.34", INTERFACE_JA, "44.49,11.34"},
    };
    char out[PLACE_NAME_SIZE];
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        assert_true(places_show(shown[i].name, strlen(shown[i].name), shown[i].language, out));
        assert_string_equal(out, shown[i].shown);
    }
    assert_false(places_show("nowhere", 7, INTERFACE_IT, out));
    static const struct {
        const char *zone;
        enum interface_language language;
        const char *shown;
    } zones[] = {
        {"Europe/Rome", INTERFACE_IT, "Roma"},
        {"Asia/Tokyo", INTERFACE_JA, "東京"},
        {"Asia/Calcutta", INTERFACE_HE, "קולקטה"}, /* as browsers call it */
        {"Europe/Kaliningrad", INTERFACE_DE, "Kaliningrad"},
        {"America/Ciudad_Juarez", INTERFACE_ES, "Ciudad Juárez"}, /* newer than CLDR's names */
        {"UTC", INTERFACE_AR, "UTC"},
    };
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        places_show_zone(zones[i].zone, zones[i].language, out);
        assert_string_equal(out, zones[i].shown);
    }
    assert_string_equal(places_show_country("IT", INTERFACE_EL), "Ιταλία");
    assert_null(places_show_country("", INTERFACE_EL));
}

static void a_zone_is_told_by_its_city(void **state)
{
    (void)state;
    static const char *const zones[][2] = {{"Europe/Kyiv", "Kyiv"},
                                           {"America/Argentina/Buenos_Aires", "Buenos Aires"},
                                           {"Asia/Kolkata", "Kolkata"},
                                           {"Europe/London", "London, GB"},
                                           {"Europe/Kiev", NULL}, /* an older name of its */
                                           {"UTC", NULL},
                                           {"Etc/GMT+3", NULL}};
    char city[PLACE_NAME_SIZE];
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        bool has_city = places_of_zone(zones[i][0], city);
        assert_int_equal(has_city, zones[i][1] != NULL);
        assert_string_equal(has_city ? city : "", has_city ? zones[i][1] : "");
    }
}

static void every_capital_is_found_in_its_country(void **state)
{
    (void)state;
    static const char *const capitals[] = {"Kabul, AF",          "Tirana, AL",
                                           "Algiers, DZ",        "Andorra la Vella, AD",
                                           "Luanda, AO",         "Saint John's, AG",
                                           "Buenos Aires, AR",   "Yerevan, AM",
                                           "Canberra, AU",       "Vienna, AT",
                                           "Baku, AZ",           "Nassau, BS",
                                           "Manama, BH",         "Dhaka, BD",
                                           "Bridgetown, BB",     "Minsk, BY",
                                           "Brussels, BE",       "Belmopan, BZ",
                                           "Porto-Novo, BJ",     "Thimphu, BT",
                                           "La Paz, BO",         "Sucre, BO",
                                           "Sarajevo, BA",       "Gaborone, BW",
                                           "Brasília, BR",       "Bandar Seri Begawan, BN",
                                           "Sofia, BG",          "Ouagadougou, BF",
                                           "Gitega, BI",         "Bujumbura, BI",
                                           "Praia, CV",          "Phnom Penh, KH",
                                           "Yaoundé, CM",        "Ottawa, CA",
                                           "Bangui, CF",         "N'Djamena, TD",
                                           "Santiago, CL",       "Beijing, CN",
                                           "Bogotá, CO",         "Moroni, KM",
                                           "Kinshasa, CD",       "Brazzaville, CG",
                                           "San José, CR",       "Yamoussoukro, CI",
                                           "Abidjan, CI",        "Zagreb, HR",
                                           "Havana, CU",         "Nicosia, CY",
                                           "Prague, CZ",         "Copenhagen, DK",
                                           "Djibouti, DJ",       "Roseau, DM",
                                           "Santo Domingo, DO",  "Quito, EC",
                                           "Cairo, EG",          "San Salvador, SV",
                                           "Malabo, GQ",         "Asmara, ER",
                                           "Tallinn, EE",        "Mbabane, SZ",
                                           "Addis Ababa, ET",    "Suva, FJ",
                                           "Helsinki, FI",       "Paris, FR",
                                           "Libreville, GA",     "Banjul, GM",
                                           "Tbilisi, GE",        "Berlin, DE",
                                           "Accra, GH",          "Athens, GR",
                                           "St. George's, GD",   "Guatemala City, GT",
                                           "Conakry, GN",        "Bissau, GW",
                                           "Georgetown, GY",     "Port-au-Prince, HT",
                                           "Tegucigalpa, HN",    "Budapest, HU",
                                           "Reykjavík, IS",      "New Delhi, IN",
                                           "Jakarta, ID",        "Tehran, IR",
                                           "Baghdad, IQ",        "Dublin, IE",
                                           "Jerusalem, IL",      "Rome, IT",
                                           "Kingston, JM",       "Tokyo, JP",
                                           "Amman, JO",          "Astana, KZ",
                                           "Nairobi, KE",        "Tarawa, KI",
                                           "Pristina, XK",       "Kuwait City, KW",
                                           "Bishkek, KG",        "Vientiane, LA",
                                           "Riga, LV",           "Beirut, LB",
                                           "Maseru, LS",         "Monrovia, LR",
                                           "Tripoli, LY",        "Vaduz, LI",
                                           "Vilnius, LT",        "Luxembourg, LU",
                                           "Antananarivo, MG",   "Lilongwe, MW",
                                           "Kuala Lumpur, MY",   "Putrajaya, MY",
                                           "Malé, MV",           "Bamako, ML",
                                           "Valletta, MT",       "Majuro, MH",
                                           "Nouakchott, MR",     "Port Louis, MU",
                                           "Mexico City, MX",    "Palikir, FM",
                                           "Chișinău, MD",       "Monaco, MC",
                                           "Ulaanbaatar, MN",    "Podgorica, ME",
                                           "Rabat, MA",          "Maputo, MZ",
                                           "Naypyidaw, MM",      "Yangon, MM",
                                           "Windhoek, NA",       "Yaren, NR",
                                           "Kathmandu, NP",      "Amsterdam, NL",
                                           "The Hague, NL",      "Wellington, NZ",
                                           "Managua, NI",        "Niamey, NE",
                                           "Abuja, NG",          "Pyongyang, KP",
                                           "Skopje, MK",         "Oslo, NO",
                                           "Muscat, OM",         "Islamabad, PK",
                                           "Ngerulmud, PW",      "Ramallah, PS",
                                           "Gaza, PS",           "Panama City, PA",
                                           "Port Moresby, PG",   "Asunción, PY",
                                           "Lima, PE",           "Manila, PH",
                                           "Warsaw, PL",         "Lisbon, PT",
                                           "Doha, QA",           "Bucharest, RO",
                                           "Moscow, RU",         "Kigali, RW",
                                           "Basseterre, KN",     "Castries, LC",
                                           "Kingstown, VC",      "Apia, WS",
                                           "San Marino, SM",     "São Tomé, ST",
                                           "Riyadh, SA",         "Dakar, SN",
                                           "Belgrade, RS",       "Victoria, SC",
                                           "Freetown, SL",       "Singapore, SG",
                                           "Bratislava, SK",     "Ljubljana, SI",
                                           "Honiara, SB",        "Mogadishu, SO",
                                           "Pretoria, ZA",       "Cape Town, ZA",
                                           "Bloemfontein, ZA",   "Seoul, KR",
                                           "Juba, SS",           "Madrid, ES",
                                           "Colombo, LK",        "Sri Jayawardenepura Kotte, LK",
                                           "Khartoum, SD",       "Paramaribo, SR",
                                           "Stockholm, SE",      "Bern, CH",
                                           "Damascus, SY",       "Taipei, TW",
                                           "Dushanbe, TJ",       "Dodoma, TZ",
                                           "Dar es Salaam, TZ",  "Bangkok, TH",
                                           "Dili, TL",           "Lomé, TG",
                                           "Nuku'alofa, TO",     "Port of Spain, TT",
                                           "Tunis, TN",          "Ankara, TR",
                                           "Ashgabat, TM",       "Funafuti, TV",
                                           "Kampala, UG",        "Kyiv, UA",
                                           "Abu Dhabi, AE",      "London, GB",
                                           "Washington, US",     "Montevideo, UY",
                                           "Tashkent, UZ",       "Port Vila, VU",
                                           "Vatican City, VA",   "Caracas, VE",
                                           "Hanoi, VN",          "Sana'a, YE",
                                           "Aden, YE",           "Lusaka, ZM",
                                           "Harare, ZW",         "Nuuk, GL",
                                           "Tórshavn, FO",       "Nouméa, NC",
                                           "Papeete, PF",        "Cayenne, GF",
                                           "Fort-de-France, MQ", "Pointe-à-Pitre, GP",
                                           "Saint-Denis, RE",    "Mamoudzou, YT",
                                           "San Juan, PR",       "Hamilton, BM",
                                           "Laayoune, EH",       "Hong Kong, HK",
                                           "Macau, MO",          "Edinburgh, GB",
                                           "Cardiff, GB",        "Belfast, GB"};
    for (size_t i = 0; i < sizeof capitals / sizeof *capitals; i++) {
        struct place place;
        if (find(capitals[i], &place) != PLACES_FOUND) {
            print_error("%s is not found\n", capitals[i]);
            fail();
        }
        assert_string_equal(place.country, strrchr(capitals[i], ' ') + 1);
    }
}

static void what_cities_were_called_is_known_and_what_their_post_writes(void **state)
{
    (void)state;
    static const char *const names[][3] = {
        {"Astana", "Astana", "Asia/Almaty"},
        {"Nur-Sultan", "Astana", "Asia/Almaty"},
        {"Leningrad", "Saint Petersburg", "Europe/Moscow"},
        {"Breslau", "Wroclaw", "Europe/Warsaw"},
        {"Auschwitz", "Oświęcim", "Europe/Warsaw"},
        {"Kishinev", "Chișinău", "Europe/Chisinau"},
        {"Port Elizabeth", "Gqeberha", "Africa/Johannesburg"},
        {"Selma", "Selma", "America/Chicago"},
        {"Selma, AL", "Selma", "America/Chicago"},
        {"Halifax, NS", "Halifax, CA", "America/Halifax"},
        {"Washington, DC", "Washington, US", "America/New_York"},
        {"Washington, D.C.", "Washington, US", "America/New_York"},
        {"Portland, OR", "Portland, Oregon, US", "America/Los_Angeles"},
        {"Sinjar", "Sinjār", "Asia/Baghdad"},
        {"Quảng Ngãi", "Quang Ngai", "Asia/Ho_Chi_Minh"},
        {"Прип'ять", "Prypiat", "Europe/Kyiv"},
        {"الرباط", "Rabat", "Africa/Casablanca"},
        {"Гаага", "The Hague", "Europe/Amsterdam"},
        {"Κωνσταντινούπολη", "Istanbul", "Europe/Istanbul"},
        {"Бабин Яр", "Babyn Yar", "Europe/Kyiv"},
        {"Chisinau", "Chișinău", "Europe/Chisinau"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_found(names[i][0], names[i][1], names[i][2]);
    }
}

static void zones_are_known_in_any_case(void **state)
{
    (void)state;
    static const char *const zones[][2] = {
        {"europe/rome", "Europe/Rome"},
        {"AMERICA/ARGENTINA/BUENOS_AIRES", "America/Argentina/Buenos_Aires"},
        {"etc/gmt+3", "Etc/GMT+3"},
        {"utc", "UTC"},
        {"Nowhere/city", "Nowhere/city"},
    };
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        char out[PLACE_NAME_SIZE];
        places_zone_name(zones[i][0], strlen(zones[i][0]), out);
        assert_string_equal(out, zones[i][1]);
    }
    assert_found("34.05,-118.25 in america/los_angeles", "34.05,-118.25 in America/Los_Angeles",
                 "America/Los_Angeles");
}

static uint32_t random_state = 20261129;

static double random_unit(void)
{
    random_state = random_state * 1664525U + 1013904223U;
    return random_state / 4294967296.0;
}

static void add_zone(uint32_t *digest, double latitude, double longitude)
{
    const char *zone = places_zone_at(latitude, longitude);
    for (const char *c = zone != NULL ? zone : ""; *c != '\0'; c++) {
        *digest = (*digest ^ (unsigned char)*c) * 0x01000193U;
    }
    *digest = (*digest ^ '\n') * 0x01000193U;
}

static void the_map_says_what_the_package_says(void **state)
{
    (void)state;
    FILE *file = fopen(TESTS_DIR "/golden/places/zones.tsv", "r");
    assert_non_null(file);
    char line[200], kind[8];
    size_t points = 0, cities = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned long end;
        unsigned digest;
        if (line[0] == '#') {
            continue;
        }
        assert_int_equal(sscanf(line, "%7s %lu %8x", kind, &end, &digest), 3);
        uint32_t ours = 0x811c9dc5U;
        if (strcmp(kind, "point") == 0) {
            for (; points < end; points++) {
                double latitude = -90 + 180 * random_unit();
                add_zone(&ours, latitude, -180 + 360 * random_unit());
            }
        } else {
            for (; cities < end; cities++) {
                add_zone(&ours, gazetteer_city[cities].latitude_e4 / 1e4,
                         gazetteer_city[cities].longitude_e4 / 1e4);
            }
        }
        assert_int_equal(ours, digest);
    }
    assert_int_equal(fclose(file), 0);
    assert_int_equal(points, 100000);
    assert_int_equal(cities, gazetteer_cities);
}

static void a_choice_is_a_place_a_country_or_all(void **state)
{
    (void)state;
    struct places_choice choice;
    char why[PLACE_DOUBT_SIZE];
    assert_true(places_read("Bologna", &choice, why));
    assert_int_equal(choice.kind, PLACES_ONE);
    assert_string_equal(choice.one.zone, "Europe/Rome");
    assert_true(places_read("44.49,11.34", &choice, why));
    assert_int_equal(choice.kind, PLACES_ONE);
    assert_true(places_read("UK", &choice, why));
    assert_string_equal(choice.country, "GB");
    static const char *const italy[] = {"Italy", "italy", "IT", "it"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(places_read(italy[i], &choice, why));
        assert_int_equal(choice.kind, PLACES_COUNTRY);
        assert_string_equal(choice.country, "IT");
    }
    assert_true(places_read("ALL", &choice, why));
    assert_int_equal(choice.kind, PLACES_ALL);
    assert_true(places_read("Singapore", &choice, why));
    assert_int_equal(choice.kind, PLACES_ONE);
    assert_false(places_read("Springfield", &choice, why));
    assert_non_null(strstr(why, "Springfield, Illinois, US"));
    assert_false(places_read("Bolonga", &choice, why));
    assert_string_equal(why, "no place \"Bolonga\": did you mean \"Bologna\"?" OR);
    assert_string_equal(places_country_name("PT"), "Portugal");
    assert_null(places_country_name("QQ"));
    assert_null(places_country_name("Portugal"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cities_are_found_by_their_names_in_any_language),
        cmocka_unit_test(namesakes_are_asked_back),
        cmocka_unit_test(what_is_misspelled_is_answered_with_the_nearest),
        cmocka_unit_test(a_position_has_the_clock_of_its_land_or_of_the_zone_after_it),
        cmocka_unit_test(at_sea_there_is_no_clock_until_one_is_named),
        cmocka_unit_test(every_place_that_was_ever_shipped_is_still_known),
        cmocka_unit_test(the_table_is_sound_and_each_city_is_found_by_what_is_written),
        cmocka_unit_test(the_map_says_what_the_package_says),
        cmocka_unit_test(zones_are_known_in_any_case),
        cmocka_unit_test(a_city_is_told_in_the_readers_language_and_found_by_that),
        cmocka_unit_test(readers_see_a_place_in_their_language),
        cmocka_unit_test(a_zone_is_told_by_its_city),
        cmocka_unit_test(every_capital_is_found_in_its_country),
        cmocka_unit_test(what_cities_were_called_is_known_and_what_their_post_writes),
        cmocka_unit_test(a_choice_is_a_place_a_country_or_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
