#include "words/interface.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "words/interface_calendars.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* interface.tsv: a row a phrase, a column a language, in the order of the enum, which the heading
 * must have.  In phrases # and $ stand for numbers, in those of maps # for an hour. */
static const struct {
    const char *name;
    const char *in[INTERFACE_LANGUAGES];
} phrases[] = {
#include "words/interface.inc"
};

static const struct {
    const char *code, *name;
} own_names[] = {
#include "words/own_names.inc"
};

static bool is_primary(const char *tag, const char *wanted)
{
    size_t len = strcspn(tag, "-");
    return strlen(wanted) == len && memcmp(wanted, tag, len) == 0;
}

const struct interface_calendar *interface_calendar(enum interface_language language)
{
    assert(language < INTERFACE_LANGUAGES);
    return &interface_calendars[language];
}

enum interface_language interface_find(const char *tag)
{
    enum interface_language language = INTERFACE_EN;
    while (language < INTERFACE_LANGUAGES && !is_primary(tag, interface_calendars[language].code)) {
        language++;
    }
    return language;
}

const char *interface_say(enum interface_language language, const char *name)
{
    assert(language < INTERFACE_LANGUAGES);
    for (size_t i = 0; i < COUNT(phrases); i++) {
        if (strcmp(phrases[i].name, name) == 0) {
            return phrases[i].in[language];
        }
    }
    return NULL;
}

const char *interface_name(size_t index)
{
    return index < COUNT(phrases) ? phrases[index].name : NULL;
}

const char *interface_own_name(const char *tag)
{
    enum interface_language language = interface_find(tag);
    if (language < INTERFACE_LANGUAGES) {
        return interface_calendars[language].own_name;
    }
    for (size_t i = 0; i < COUNT(own_names); i++) {
        if (is_primary(tag, own_names[i].code)) {
            return own_names[i].name;
        }
    }
    return NULL;
}

bool interface_is_right_to_left(const char *tag)
{
    static const char *const from_the_right[] = {"ar", "fa", "he", "ur", "ps", "yi"};
    for (size_t i = 0; i < sizeof from_the_right / sizeof *from_the_right; i++) {
        if (is_primary(tag, from_the_right[i])) {
            return true;
        }
    }
    return false;
}

/* CLDR 42, plurals.xml, cardinal rules with v = 0. */
enum interface_plural interface_plural(enum interface_language language, uint64_t number)
{
    uint64_t of_ten = number % 10;
    uint64_t of_hundred = number % 100;
    bool is_few = of_ten >= 2 && of_ten <= 4 && (of_hundred < 12 || of_hundred > 14);
    switch (language) {
    case INTERFACE_FR:
        return number <= 1 ? PLURAL_ONE : PLURAL_OTHER;
    case INTERFACE_PL:
        return number == 1 ? PLURAL_ONE : is_few ? PLURAL_FEW : PLURAL_MANY;
    case INTERFACE_UK:
        return of_ten == 1 && of_hundred != 11 ? PLURAL_ONE : is_few ? PLURAL_FEW : PLURAL_MANY;
    case INTERFACE_AR:
        return number == 1                            ? PLURAL_ONE
               : number == 2                          ? PLURAL_TWO
               : of_hundred >= 3 && of_hundred <= 10  ? PLURAL_FEW
               : of_hundred >= 11 && of_hundred <= 99 ? PLURAL_MANY
                                                      : PLURAL_OTHER;
    case INTERFACE_HE:
        return number == 1 ? PLURAL_ONE : number == 2 ? PLURAL_TWO : PLURAL_OTHER;
    case INTERFACE_JA:
        return PLURAL_OTHER;
    case INTERFACE_EN:
    case INTERFACE_IT:
    case INTERFACE_ES:
    case INTERFACE_DE:
    case INTERFACE_PT:
    case INTERFACE_EL:
    case INTERFACE_LANGUAGES:
    default:
        return number == 1 ? PLURAL_ONE : PLURAL_OTHER;
    }
}

void interface_write_date(enum interface_language language, enum interface_date kind, int32_t year,
                          int month, int day, int weekday, char out[static INTERFACE_DATE_SIZE])
{
    assert(month >= 1 && month <= 12 && weekday >= 0 && weekday < 7);
    const struct interface_calendar *of = interface_calendar(language);
    size_t used = 0;
    out[0] = '\0';
    for (const char *at = of->date[kind]; *at != '\0'; at++) {
        char figure[16];
        const char *piece = figure;
        bool is_slot = at[0] == '{' && at[1] != '\0' && at[2] == '}';
        if (!is_slot) {
            snprintf(figure, sizeof figure, "%c", *at);
        } else if (at[1] == 'm') {
            piece = kind != DATE_FULL ? of->month_short[month - 1] : of->month[month - 1];
        } else if (at[1] == 'w') {
            piece = of->weekday[weekday];
        } else {
            snprintf(figure, sizeof figure, "%d", at[1] == 'y' ? (int)year : day);
        }
        size_t len = strlen(piece);
        assert(used + len < INTERFACE_DATE_SIZE);
        memcpy(out + used, piece, len + 1);
        used += len;
        at += is_slot ? 2 : 0;
    }
}

static size_t write_unit(enum interface_language language, enum interface_unit unit,
                         uint64_t number, char *out, size_t size)
{
    const char *const *forms = interface_calendar(language)->unit[unit];
    const char *form = forms[interface_plural(language, number)];
    form = form != NULL ? form : forms[PLURAL_OTHER];
    assert(form != NULL); /* every unit has it: the table's test looks */
    const char *mark = strchr(form, '#');
    int len = mark == NULL ? snprintf(out, size, "%s", form)
                           : snprintf(out, size, "%.*s%llu%s", (int)(mark - form), form,
                                      (unsigned long long)number, mark + 1);
    assert(len > 0 && (size_t)len < size);
    return (size_t)len;
}

void interface_write_length(enum interface_language language, uint64_t seconds,
                            char out[static INTERFACE_LENGTH_SIZE])
{
    static const uint64_t of_unit[INTERFACE_UNITS] = {1, 60, 3600, 86400};
    size_t used = 0;
    int written = 0;
    for (int unit = UNIT_DAY; unit >= 0 && written < 2; unit--) {
        uint64_t number = seconds / of_unit[unit];
        seconds %= of_unit[unit];
        if (number == 0 && !(unit == 0 && written == 0)) {
            continue;
        }
        if (written > 0) {
            out[used++] = ' ';
        }
        used += write_unit(language, (enum interface_unit)unit, number, out + used,
                           INTERFACE_LENGTH_SIZE - used);
        written++;
    }
}
