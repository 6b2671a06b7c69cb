/* links: rules records words places zones sky instants */
#include "check.h"

#include "dates/dates.h"

#define HEAD                                                                                       \
    "id: lidice\nname: Lidice\nname.cs: Lidice\nrule: 10 june\nsince: 1946\ntone: mourning\n"
#define BODY                                                                                       \
    "continent: europe\nplace: Prague, Czechia\ntag: massacre\nwhat: A village was destroyed.\n"   \
    "kept: By law, since 1946.\n"
#define ONE  "source: statute law 129/2006\nsays: 10 June.\n"
#define TWO  "source: press https://example.org\nsays: The same.\n"
#define GOOD HEAD BODY ONE TWO

static const struct zone *no_zone(void *context, const char *name)
{
    return strcmp(name, "UTC") == 0 ? context : NULL;
}

static struct zone *utc_zone;

static enum dates_result read_first(const char *text, struct dates_entry *out,
                                    struct dates_error *error)
{
    struct dates_reader reader = {.left = {text, strlen(text)}};
    return dates_next(&reader, out, error);
}

static void a_block_gives_all_that_it_says(void **state)
{
    (void)state;
    struct dates_entry entry;
    struct dates_error error;
    assert_int_equal(read_first("# a comment\n\n\n" GOOD "also: x\n", &entry, &error), DATES_BAD);
    assert_int_equal(read_first("# a comment\n\n\n" GOOD, &entry, &error), DATES_ENTRY);
    assert_int_equal(entry.line, 4);
    assert_int_equal(entry.rule_line, 7);
    assert_text_equal(entry.id, "lidice");
    assert_text_equal(entry.name, "Lidice");
    assert_int_equal(entry.other_count, 1);
    assert_text_equal(entry.other[0].tag, "cs");
    assert_text_equal(entry.rule, "10 june");
    assert_int_equal(entry.since, 1946);
    assert_int_equal(entry.tone, TONE_MOURNING);
    assert_int_equal(entry.continents, 1U << DATES_EUROPE);
    assert_text_equal(entry.place, "Prague, Czechia");
    assert_text_equal(entry.position, "Prague, Czechia");
    assert_int_equal(entry.tag_count, 1);
    assert_text_equal(entry.what, "A village was destroyed.");
    assert_text_equal(entry.kept, "By law, since 1946.");
    assert_int_equal(entry.also.len + entry.dispute.len, 0);
    assert_int_equal(entry.source_count, 2);
    assert_int_equal(entry.source[0].kind, DATES_STATUTE);
    assert_text_equal(entry.source[0].where, "law 129/2006");
    assert_text_equal(entry.source[1].says, "The same.");
}

static void a_first_year_that_nobody_knows_is_said(void **state)
{
    (void)state;
    struct dates_entry entry;
    struct dates_error error;
    assert_int_equal(
        read_first("id: a\nname: x\nrule: 10 june\nsince: not known\ntone: vigil\n" BODY ONE TWO,
                   &entry, &error),
        DATES_ENTRY);
    assert_int_equal(entry.since, 0);
    assert_int_equal(
        read_first("id: a\nname: x\nrule: 10 june\ntone: vigil\n" BODY ONE TWO, &entry, &error),
        DATES_BAD);
    assert_string_equal(error.message, "no line \"since: \"");
}

static void a_bad_block_is_told_once_and_the_next_one_is_read(void **state)
{
    (void)state;
    static const char text[] = "id: a\nwhat\nwhat\n\n" GOOD "\nid: b\n\n" GOOD;
    struct dates_reader reader = {.left = {text, sizeof text - 1}};
    struct dates_entry entry;
    struct dates_error error;
    assert_int_equal(dates_next(&reader, &entry, &error), DATES_BAD);
    assert_int_equal(error.line, 2);
    assert_int_equal(dates_next(&reader, &entry, &error), DATES_ENTRY);
    assert_int_equal(dates_next(&reader, &entry, &error), DATES_BAD);
    assert_int_equal(dates_next(&reader, &entry, NULL), DATES_ENTRY);
    assert_int_equal(dates_next(&reader, &entry, &error), DATES_END);
    assert_int_equal(dates_next(&reader, &entry, &error), DATES_END);
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t line, column;
        const char *why; /* part of the message */
    } cases[] = {
        {HEAD BODY TWO "source: museum https://example.org\nsays: x\n", 14, 16, "twice"},
        {HEAD BODY ONE, 1, 1, "two are needed"},
        {"id: a\nname: x\nrule: 10 june\nsince: 1947\ntone: vigil\n" BODY ONE TWO, 1, 1,
         "since: 1947 stands neither"},
        {HEAD BODY TWO "source: press 2\nsays: x\n", 1, 1, "strong kind"},
        {HEAD BODY ONE "source: press 2\n", 1, 1, "says"},
        {HEAD BODY "source: statute 1\nsource: press 2\nsays: x\n", 13, 1, "own words"},
        {HEAD BODY "says: x\n", 12, 1, "after its source"},
        {HEAD BODY "source: blog 2\n", 12, 9, "its kind"},
        {HEAD BODY "source: press\n", 12, 14, "where"},
        {HEAD "continent: atlantis\n", 7, 12, "oceania"},
        {HEAD "continent: asia\ncontinent: asia\n", 8, 12, "twice"},
        {HEAD "tone: vigil\n", 7, 1, "twice"},
        {HEAD "rule: 1 may\n", 7, 1, "twice"},
        {HEAD "tag: x\ncontinent: asia\n", 8, 1, "stands before"},
        {HEAD "continent: asia\ntag: Women\n", 8, 6, "small letters"},
        {HEAD "continent: asia\ntag: a\ntag: a\n", 9, 6, "twice"},
        {HEAD "colour: red\n", 7, 1, "no such key"},
        {HEAD "continent: asia\nplace:  Rome\n", 8, 8, "one space"},
        {HEAD "continent: asia\nplace: Rome \n", 8, 12, "one space"},
        {HEAD "continent: asia\nplace: Rome  Italy\n", 8, 12, "two spaces"},
        {HEAD "continent: asia\nplace: R\tome\n", 8, 9, "a tab"},
        {HEAD "continent: asia\nplace: R\xff\n", 8, 9, ""},
        {HEAD "continent: asia\r\n", 7, 16, "carriage"},
        {HEAD BODY, 1, 1, "source"},
        {HEAD ONE TWO, 1, 1, "continent"},
        {"name: Lidice\n", 1, 1, "begins with its id"},
        {"id: Lidice\n", 1, 5, "small letters"},
        {"id: lidice-\n", 1, 5, "small letters"},
        {"id: a\nrule: 10 june\nname.cs: x\n", 3, 1, "after \"name\""},
        {"id: a\nname: x\nname.en: x\n", 3, 6, "English without"},
        {"id: a\nname: x\nname.it: x\nname.cs: x\n", 4, 6, "by their tags"},
        {"id: a\nname: x\nname.it: x\nname.it: x\n", 4, 6, "each once"},
        {"id: a\nname: \xc3\xa9t\xc3\xa9  x\n", 2, 10, "two spaces"}, /* characters, not bytes */
        {"id: a\nname: x\nrule: 31 june\n", 3, 7, ""},
        {"id: a\nname: x\nrule: 10 june at 25:00\n", 3, 18, ""},
        {"id: a\nname: x\nrule: 10 june\nsince: 46\n", 4, 8, "four digits"},
        {"id: a\nname: x\nrule: 10 june\nsince: 0946\n", 4, 8, "four digits"},
        {"id: a\nname: x\nrule: 10 june\nsince: 194x\n", 4, 8, "\"not known\""},
        {"id: a\nname: x\nrule: 10 june\nsince: unknown\n", 4, 8, "\"not known\""},
        {"id: a\nname: x\nrule: 10 june\ntone: sad\n", 4, 7, "mourning"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dates_entry entry;
        struct dates_error error = {0};
        print_message("%s\n", cases[i].text);
        assert_int_equal(read_first(cases[i].text, &entry, &error), DATES_BAD);
        print_message("%zu:%zu: %s\n", error.line, error.column, error.message);
        assert_int_equal(error.line, cases[i].line);
        assert_int_equal(error.column, cases[i].column);
        assert_non_null(strstr(error.message, cases[i].why));
    }
}

static void values_have_their_limits(void **state)
{
    (void)state;
    char text[4096], long_value[DATES_VALUE_MAX + 2];
    struct dates_entry entry;
    struct dates_error error;
    memset(long_value, 'x', sizeof long_value - 1);
    long_value[sizeof long_value - 1] = '\0';
    snprintf(text, sizeof text, "id: a\nname: %s\n", long_value);
    assert_int_equal(read_first(text, &entry, &error), DATES_BAD);
    assert_non_null(strstr(error.message, "1000 bytes"));
    long_value[DATES_VALUE_MAX] = '\0';
    snprintf(text, sizeof text, "id: a\nname: %s\n", long_value);
    assert_int_equal(read_first(text, &entry, &error), DATES_BAD);
    assert_non_null(strstr(error.message, "no line \"rule: \""));
}

/* Without any one of its lines that must be there, a block is refused. */
static void nothing_that_a_date_needs_may_be_absent(void **state)
{
    (void)state;
    static const char good[] = GOOD;
    for (const char *line = good; *line != '\0'; line = strchr(line, '\n') + 1) {
        char text[sizeof good];
        size_t before = (size_t)(line - good);
        struct dates_entry entry;
        bool is_optional = strncmp(line, "name.", 5) == 0 || strncmp(line, "place", 5) == 0;
        memcpy(text, good, before);
        strcpy(text + before, strchr(line, '\n') + 1);
        print_message("%.*s\n", (int)strcspn(line, "\n"), line);
        assert_int_equal(read_first(text, &entry, NULL), is_optional ? DATES_ENTRY : DATES_BAD);
    }
}

static void a_name_is_looked_for_in_ever_wider_languages(void **state)
{
    (void)state;
    struct dates_entry entry;
    assert_int_equal(
        read_first("id: a\nname: Hope\nname.pt: Esperan\xc3\xa7"
                   "a\nname.zh-hant: X\nrule: 1 may\nsince: 1946\ntone: vigil\n" BODY ONE TWO,
                   &entry, NULL),
        DATES_ENTRY);
    assert_text_equal(dates_name_in(&entry, "pt"), "Esperan\xc3\xa7"
                                                   "a");
    assert_text_equal(dates_name_in(&entry, "pt-br"), "Esperan\xc3\xa7"
                                                      "a");
    assert_text_equal(dates_name_in(&entry, "zh-hant"), "X");
    assert_text_equal(dates_name_in(&entry, "zh"), "Hope");
    assert_text_equal(dates_name_in(&entry, ""), "Hope");
}

/* --- the whole catalogue ---------------------------------------------------------------------- */

static bool is_language(const char *tag, size_t len)
{
    return len != 2 || memcmp(tag, "xx", 2) != 0;
}

static bool is_nfc(const char *text, size_t len)
{
    return memchr(text, '~', len) == NULL; /* what stands here for a combining sign */
}

struct told {
    size_t count;
    char last[640];
};

static void tell(void *context, const char *file, const struct dates_error *error)
{
    struct told *told = context;
    told->count++;
    snprintf(told->last, sizeof told->last, "%s:%zu:%zu: %s", file, error->line, error->column,
             error->message);
    print_message("%s\n", told->last);
}

static struct dates_totals check(const char *first, const char *second, struct told *told)
{
    static const struct dates_letters letters = {is_language, is_nfc};
    struct rule_world world = {.zone_find = no_zone, .zones = utc_zone};
    utc from = {INT64_C(1798761600) * NS_PER_S}; /* 2027 */
    *told = (struct told){0};
    struct dates_check *check = dates_check_new(&world, &letters, from, tell, told);
    assert_non_null(check);
    assert_true(dates_check_file(check, "one", first, strlen(first)));
    if (second != NULL) {
        assert_true(dates_check_file(check, "two", second, strlen(second)));
    }
    struct dates_totals totals = dates_check_totals(check);
    dates_check_free(check);
    assert_int_equal(totals.faults, told->count);
    return totals;
}

#define OTHER(id, name, rule, tone)                                                                \
    "id: " id "\nname: " name "\nrule: " rule "\nsince: not known\ntone: " tone "\n"

static void what_is_good_is_counted(void **state)
{
    (void)state;
    struct told told;
    struct dates_totals totals = check(GOOD, OTHER("b", "B", "5 may", "vigil") BODY ONE TWO, &told);
    assert_int_equal(totals.faults, 0);
    assert_int_equal(totals.dates, 2);
    assert_int_equal(totals.sources, 4);
    assert_int_equal(totals.languages, 2);
    assert_int_equal(totals.of_continent[DATES_EUROPE], 2);
    assert_int_equal(totals.of_continent[DATES_ASIA], 0);
    assert_int_equal(totals.of_tone[TONE_MOURNING], 1);
}

static void what_is_wrong_between_dates_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *second, *told;
    } cases[] = {
        {GOOD, "two:1:1: the id \"lidice\" is that of one:1"},
        {OTHER("b", "Lidice", "10 june", "vigil") BODY ONE TWO,
         "two:1:1: the same name and rule as one:1"},
        {OTHER("b", "B", "10 june", "celebration") BODY ONE TWO,
         "two:1:1: a celebration on 2027-06-10, when \"lidice\" mourns (one:1): a line \"also: \" "
         "must say so"},
        {OTHER("b", "B", "2nd thursday of june", "celebration") BODY ONE TWO,
         "two:1:1: a celebration on 2027-06-10, when \"lidice\" mourns (one:1): a line \"also: \" "
         "must say so"},
        {OTHER("b", "B", "10 june 2020", "vigil") BODY ONE TWO,
         "two:3:7: never in the next 50 years"},
        {OTHER("b", "B", "10 june at 20:00 in Europe/Atlantis", "vigil") BODY ONE TWO, NULL},
        {"id: b\nname: B\nname.xx: B\nrule: 5 may\nsince: 1946\ntone: vigil\n" BODY ONE TWO,
         "two:3:6: name.xx: no language that anybody knows"},
        {"id: b\nname: \xc3\x89~\nrule: 5 may\nsince: 1946\ntone: vigil\n" BODY ONE TWO,
         "two:2:8: not in Unicode's composed form, NFC"},
        {OTHER("b", "B", "5 may", "vigil") "continent: asia\nplace: Xyzzyville\ntag: x\nwhat: x\n"
                                           "kept: x\n" ONE TWO,
         "two:7:8: place: "},
        {"id: b\n", "two:1:1: no line \"name: \""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct told told;
        check(GOOD, cases[i].second, &told);
        assert_int_equal(told.count, 1);
        if (cases[i].told != NULL) {
            assert_memory_equal(told.last, cases[i].told, strlen(cases[i].told)); /* begins so */
        }
    }
}

static void a_page_of_tags_or_of_a_search_is_no_source(void **state)
{
    (void)state;
    static const struct {
        const char *where;
        int faults;
    } cases[] = {
        {"https://example.org/tag/lidice", 1},
        {"Decree 1, words at http://example.org/news/tags/lidice?page=2", 1},
        {"https://example.org/search?f=topic", 1},
        {"https://example.org/?lang=cs&s=lidice", 1},
        {"https://example.org/label/lidice", 1},
        {"https://example.org/heritage/search-for-the-dead?stage=2", 0},
        {"https://example.org/item.aspx?s=1&q=2024", 0},
        {"the folder /tag/ of an archive", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        struct told told;
        snprintf(text, sizeof text, HEAD BODY ONE "source: press %s\nsays: The same.\n",
                 cases[i].where);
        check(text, NULL, &told);
        assert_int_equal(told.count, cases[i].faults);
        if (cases[i].faults > 0) {
            assert_memory_equal(told.last, "one:14:", 7);
            assert_non_null(strstr(told.last, "a page of tags or of a search"));
        }
    }
}

static void a_celebration_that_names_the_loss_is_fine(void **state)
{
    (void)state;
    struct told told;
    check(GOOD, OTHER("b", "B", "10 june", "celebration") BODY "also: Lidice.\n" ONE TWO, &told);
    assert_int_equal(told.count, 0);
    check(OTHER("b", "B", "10 june", "celebration") BODY ONE TWO, GOOD, &told);
    assert_int_equal(told.count, 1); /* told at the celebration, though the loss came later */
    assert_memory_equal(told.last, "one:1:1: a celebration", 22);
}

static void a_file_has_its_limit(void **state)
{
    (void)state;
    struct told told;
    char *text = malloc(DATES_FILE_MAX + 2);
    assert_non_null(text);
    memset(text, '\n', DATES_FILE_MAX + 1);
    text[DATES_FILE_MAX + 1] = '\0';
    check(text, NULL, &told);
    assert_int_equal(told.count, 1);
    text[DATES_FILE_MAX] = '\0';
    check(text, NULL, &told);
    assert_int_equal(told.count, 0);
    free(text);
}

/* --- finding ---------------------------------------------------------------------------------- */

static void words_are_found_without_regard_to_case_and_accents(void **state)
{
    (void)state;
    struct dates_entry entry;
    assert_int_equal(
        read_first("id: s\nname: Massacre\nname.ru: \xd0\xa1\xd0\xb5\xd1\x82\xd0\xb8\xd1\x84\n"
                   "rule: 8 may\nsince: not known\ntone: mourning\ncontinent: africa\nplace: "
                   "S\xc3\xa9tif, Algeria\n"
                   "tag: north-africa\nwhat: Fired at.\nkept: By many.\n" ONE TWO,
                   &entry, NULL),
        DATES_ENTRY);
    static const struct {
        const char *word;
        bool is_found;
    } words[] = {{"setif", true}, {"SÉTIF", true},    {"algeria", true}, {"geria", true},
                 {"fired", true}, {"Сетиф", true},    {"сетиф", true},   {"north-africa", true},
                 {"rome", false}, {"fired at", true}, {"", true},        {"press", false}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct dates_query query = {.word = &words[i].word, .word_count = 1};
        print_message("%s\n", words[i].word);
        assert_int_equal(dates_match(&query, &entry), words[i].is_found);
    }
    static const char *const both[] = {"fired", "algeria"}, *const one[] = {"fired", "rome"};
    assert_true(dates_match(&(struct dates_query){.word = both, .word_count = 2}, &entry));
    assert_false(dates_match(&(struct dates_query){.word = one, .word_count = 2}, &entry));
    assert_true(dates_match(&(struct dates_query){.tag = "North Africa"}, &entry));
    assert_false(dates_match(&(struct dates_query){.tag = "north"}, &entry));
    assert_true(dates_match(&(struct dates_query){.place = "AFRICA"}, &entry));
    assert_false(dates_match(&(struct dates_query){.place = "asia"}, &entry));
    assert_true(dates_match(&(struct dates_query){.language = "ru"}, &entry));
    assert_true(dates_match(&(struct dates_query){.language = "en"}, &entry));
    assert_false(dates_match(&(struct dates_query){.language = "it"}, &entry));
    assert_true(
        dates_match(&(struct dates_query){.has_tone = true, .tone = TONE_MOURNING}, &entry));
    assert_false(dates_match(&(struct dates_query){.has_tone = true, .tone = TONE_VIGIL}, &entry));
}

static void what_is_near_has_a_place_that_is_known(void **state)
{
    (void)state;
    struct dates_entry entry;
    struct place vienna, sydney;
    assert_int_equal(places_find("Vienna", 6, &vienna), PLACES_FOUND);
    assert_int_equal(places_find("Sydney", 6, &sydney), PLACES_FOUND);
    assert_int_equal(read_first(GOOD, &entry, NULL), DATES_ENTRY); /* Prague: 251 km */
    struct dates_query query = {.near = &vienna, .near_km = 300};
    assert_true(dates_match(&query, &entry));
    query.near_km = 200;
    assert_false(dates_match(&query, &entry));
    query = (struct dates_query){.near = &sydney, .near_km = 15000};
    assert_false(dates_match(&query, &entry));
    entry.position = (struct text){"Nowhere that is known", 21};
    query.near_km = 30000;
    assert_false(dates_match(&query, &entry));
}

static void a_place_that_nobody_knows_has_a_name_and_a_position(void **state)
{
    (void)state;
    static const struct {
        const char *value, *name, *position; /* name NULL: refused */
    } places[] = {
        {"Lidice, Czechia (50.14,14.20)", "Lidice, Czechia", "50.14,14.20"},
        {"A (44.1,19.3 in Europe/Sarajevo)", "A", "44.1,19.3 in Europe/Sarajevo"},
        {"Prague", "Prague", "Prague"},
        {"50.14,14.20", NULL, NULL},
        {"-20.45,57.32", NULL, NULL},
        {"(50.14,14.20)", NULL, NULL},
        {"Lidice(50.14,14.20)", NULL, NULL},
        {"Lidice (50.14,14.20", NULL, NULL},
        {"Lidice ()", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char text[1000];
        struct dates_entry entry;
        struct dates_error error;
        snprintf(text, sizeof text,
                 HEAD "continent: europe\nplace: %s\ntag: massacre\nwhat: x\nkept: 1946\n" ONE TWO,
                 places[i].value);
        enum dates_result result = read_first(text, &entry, &error);
        assert_int_equal(result, places[i].name != NULL ? DATES_ENTRY : DATES_BAD);
        if (places[i].name != NULL) {
            assert_text_equal(entry.place, places[i].name);
            assert_text_equal(entry.position, places[i].position);
        } else {
            assert_non_null(strstr(error.message, "in parentheses behind it"));
            assert_int_equal(error.column, 8);
        }
    }
}

static int open_world(void **state)
{
    (void)state;
    utc_zone = zone_fixed("UTC", 0);
    return utc_zone == NULL;
}

static int close_world(void **state)
{
    (void)state;
    zone_free(utc_zone);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_gives_all_that_it_says),
        cmocka_unit_test(a_first_year_that_nobody_knows_is_said),
        cmocka_unit_test(a_bad_block_is_told_once_and_the_next_one_is_read),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(values_have_their_limits),
        cmocka_unit_test(nothing_that_a_date_needs_may_be_absent),
        cmocka_unit_test(a_name_is_looked_for_in_ever_wider_languages),
        cmocka_unit_test(what_is_good_is_counted),
        cmocka_unit_test(what_is_wrong_between_dates_is_told),
        cmocka_unit_test(a_page_of_tags_or_of_a_search_is_no_source),
        cmocka_unit_test(a_celebration_that_names_the_loss_is_fine),
        cmocka_unit_test(a_file_has_its_limit),
        cmocka_unit_test(words_are_found_without_regard_to_case_and_accents),
        cmocka_unit_test(what_is_near_has_a_place_that_is_known),
        cmocka_unit_test(a_place_that_nobody_knows_has_a_name_and_a_position),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
