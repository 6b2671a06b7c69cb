/* The lines of the tables, as people said them, and lines with slips of the hand.
 * links: rules words places zones sky instants */
#include "deep.h"
#include "lines_canonical.h"

#include <ctype.h>

enum { LINES_MAX = 2000 };

static struct {
    char said[LINE_SIZE], means[LINE_SIZE];
} lines[LINES_MAX];
static size_t line_count;

static void read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[2 * LINE_SIZE];
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        char *tab = strchr(line, '\t');
        assert_non_null(tab);
        assert_true(line_count < LINES_MAX);
        line[strcspn(line, "\n")] = '\0';
        snprintf(lines[line_count].said, LINE_SIZE, "%.*s", (int)(tab - line), line);
        snprintf(lines[line_count++].means, LINE_SIZE, "%s", tab + 1);
    }
    fclose(file);
}

static int read_lines(void **state)
{
    (void)state;
    read_file(TESTS_DIR "/golden/rules/said.tsv");
    read_file(TESTS_DIR "/golden/rules/second.tsv");
    return 0;
}

static void every_line_is_read_as_it_was_meant(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < line_count; i++) {
        char is[RULE_TEXT_SIZE], should[RULE_TEXT_SIZE];
        struct rule_error error;
        bool is_read = canonical(lines[i].said, is, &error);
        bool is_asked = strcmp(lines[i].means, "ASK") == 0;
        if (!is_asked) {
            assert_true(canonical(lines[i].means, should, NULL));
        }
        if (is_asked ? is_read : !is_read || strcmp(is, should) != 0) {
            print_error("%s\n  is read as %s\n  and means  %s\n  %s\n", lines[i].said, is,
                        lines[i].means, is_read ? "" : error.message);
            wrong++;
        }
    }
    print_message("%zu lines\n", line_count);
    assert_int_equal(wrong, 0);
}

/* --- lines with slips of the hand ------------------------------------------------------------- */

static uint64_t seed;

static uint32_t below(uint32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % n;
}

enum { NUMBERS_MAX = 64 };

/* The numbers of a text, those of durations left out: 90m may be written 1h30m. */
static size_t numbers_of(const char *text, int out[static NUMBERS_MAX])
{
    size_t count = 0;
    while (*text != '\0' && count < NUMBERS_MAX) {
        if (!isdigit((unsigned char)*text)) {
            text++;
            continue;
        }
        char *end;
        long n = strtol(text, &end, 10);
        bool is_duration =
            strchr("smhd", *end) != NULL && *end != '\0' && !isalpha((unsigned char)end[1]);
        if (!is_duration) {
            out[count++] = (int)(n > 1000000 ? 1000000 : n);
        }
        text = is_duration ? end + 1 : end;
    }
    return count;
}

static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; (at = strstr(at, word)) != NULL; at++) {
        if ((at == text || !isalpha((unsigned char)at[-1])) && !isalpha((unsigned char)at[len])) {
            return true;
        }
    }
    return false;
}

static bool is_repeated(const int *number, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (number[i] == number[at]) {
            return true;
        }
    }
    return false;
}

/* What of a line is lost in another; NULL: nothing. */
static const char *lost(const char *from, const char *to)
{
    static const char *const words[] = {
        "monday",  "tuesday", "wednesday", "thursday", "friday",  "saturday",   "sunday",
        "nearest", "before",  "after",     "sunset",   "sunrise", "everywhere", "Rome",
        "Kyiv",    "Tromsø",  "full",      "new",      "total",   "easter",     "except",
        "until",   "since",   "skip",      "hebrew",   "round"};
    int had[NUMBERS_MAX], has[NUMBERS_MAX];
    size_t m = numbers_of(from, had), n = numbers_of(to, has);
    for (size_t i = 0; i < m; i++) {
        size_t k = 0;
        while (k < n && has[k] != had[i]) {
            k++;
        }
        if (k == n && had[i] > 1 &&
            !is_repeated(had, i)) { /* "1st sunday after" is "sunday after", 0 a minute */
            return "a number";
        }
        if (k < n) {
            has[k] = -1;
        }
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (has_word(from, words[i]) && !has_word(to, words[i])) {
            return words[i];
        }
    }
    return NULL;
}

/* Whether a line begins with a date that is a friday: it needs no word for it. */
static bool is_friday(const char *line)
{
    int year, month, day;
    return sscanf(line, "%d-%d-%d", &year, &month, &day) == 3 &&
           civil_weekday(civil_day_number((struct civil_date){year, month, day})) == FRIDAY;
}

static void mutate(char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz 0123456789:-,";
    size_t len = strlen(text), at = below((uint32_t)len);
    char *space = strchr(text + at, ' ');
    switch (below(6)) {
    case 0: /* a letter left out */
        memmove(text + at, text + at + 1, len - at);
        return;
    case 1: /* another */
        text[at] = letters[below(sizeof letters - 1)];
        return;
    case 2: /* one too many */
        memmove(text + at + 1, text + at, len - at + 1);
        text[at] = letters[below(sizeof letters - 1)];
        return;
    case 3: /* two changed about */
        if (at + 1 < len) {
            char kept = text[at];
            text[at] = text[at + 1];
            text[at + 1] = kept;
        }
        return;
    case 4: /* a word left out */
        if (space != NULL) {
            char *next = strchr(space + 1, ' ');
            memmove(space, next != NULL ? next : text + len, next != NULL ? strlen(next) + 1 : 1);
        }
        return;
    default: /* a word twice */
        if (space != NULL && len < LINE_SIZE / 2) {
            char rest[LINE_SIZE];
            snprintf(rest, sizeof rest, "%s", space);
            snprintf(text + len, LINE_SIZE - len, "%.*s", 12, rest);
        }
        return;
    }
}

static void a_slip_of_the_hand_changes_no_number_weekday_or_place(void **state)
{
    (void)state;
    static const char *const right[] = {
        "25 april at 20:00 in Europe/Rome for 15m since 1946",
        "4th saturday of november at 16:00 in Europe/Kyiv",
        "sunday on or after 16 july",
        "27 nisan hebrew if friday then previous thursday if sunday then next monday",
        "nearest full moon to 25 april",
        "last full moon before 25 april",
        "13th full moon of year",
        "3rd sunday after june solstice",
        "total solar eclipse",
        "25 april at 20:00 everywhere for 15m",
        "21 june at sunset - 30m at Tromsø else 22:00",
        "every thursday at 15:30 in America/Argentina/Buenos_Aires since 1977",
        "8 may anniversary of 1945-05-08 round",
        "2 days before easter at 18:00 UTC",
        "every day skip saturday, sunday at 18:00 in Europe/Paris",
        "25 april 2027 at 20:00 in Rome",
        "friday 16 april 2027 at 20:00 in Rome",
        "sunset in Kyiv on 24 february",
        "every day at 20:00 in Rome until 3 may 2027",
        "25 april except 2028, 2029-04-25 at 20:00 UTC",
        "every wednesday 19:00 Rome",
        "2027-04-25 20:30 UTC",
    };
    const char *wanted = getenv("TOCSIN_SEED");
    seed = wanted != NULL ? strtoull(wanted, NULL, 10) : UINT64_C(20261129);
    print_message("TOCSIN_SEED=%llu\n", (unsigned long long)seed);
    size_t tries = is_deep() ? 100000 : 500, wrong = 0, suggested = 0, served = 0;
    for (size_t i = 0; i < tries; i++) {
        char text[LINE_SIZE + 8], out[RULE_TEXT_SIZE];
        struct rule_error error;
        snprintf(text, sizeof text, "%s", right[below(sizeof right / sizeof *right)]);
        for (uint32_t slips = 1 + below(2); slips > 0; slips--) {
            mutate(text);
        }
        bool is_read = canonical(text, out, &error);
        if (!is_read && *error.nearest != '\0') {
            suggested++;
            snprintf(out, sizeof out, "%s", error.nearest);
            assert_true(canonical(error.nearest, out, NULL));
            assert_string_equal(out, error.nearest);
        } else if (!is_read) {
            continue;
        }
        served += is_read;
        const char *what = lost(text, out);
        bool is_day_end = strstr(text, "24:00") != NULL; /* the next day's midnight */
        bool is_range = strstr(out, " for ") != NULL && strstr(text, " for ") == NULL;
        bool is_checked = is_friday(out);
        if (what != NULL && !is_day_end && !(is_range && strcmp(what, "a number") == 0) &&
            !(is_checked && strcmp(what, "friday") == 0) &&
            !(strcmp(what, "Rome") == 0 && strstr(out, "Europe/Rome") != NULL) &&
            !(strcmp(what, "Kyiv") == 0 && strstr(out, "Europe/Kyiv") != NULL)) {
            print_error("%s\n  %s %s\n  lost: %s\n", text, is_read ? "is read as" : "suggested",
                        out, what);
            wrong++;
        }
    }
    print_message("%zu lines: %zu read, %zu with a suggestion, %zu wrong\n", tries, served,
                  suggested, wrong);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_is_read_as_it_was_meant),
        cmocka_unit_test(a_slip_of_the_hand_changes_no_number_weekday_or_place),
    };
    return cmocka_run_group_tests(tests, read_lines, NULL);
}
