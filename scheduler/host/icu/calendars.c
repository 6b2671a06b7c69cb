#include "icu/calendars.h"

#include <stdlib.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

struct icu_calendars {
    struct rule_calendars functions;
    UCalendar *open[RULE_CALENDARS]; /* owned; made when first asked for */
};

static const char *const locales[RULE_CALENDARS] = {
    [RULE_HEBREW] = "en@calendar=hebrew",   [RULE_HIJRI_UMALQURA] = "en@calendar=islamic-umalqura",
    [RULE_PERSIAN] = "en@calendar=persian", [RULE_CHINESE] = "en@calendar=chinese",
    [RULE_DANGI] = "en@calendar=dangi",     [RULE_INDIAN] = "en@calendar=indian",
};

static UCalendar *calendar_of(struct icu_calendars *calendars, enum rule_calendar calendar)
{
    if (calendar >= RULE_CALENDARS || locales[calendar] == NULL) {
        return NULL;
    }
    if (calendars->open[calendar] == NULL) {
        static const UChar gmt[] = {'G', 'M', 'T', 0};
        UErrorCode code = U_ZERO_ERROR;
        UCalendar *open = ucal_open(gmt, 3, locales[calendar], UCAL_DEFAULT, &code);
        if (U_FAILURE(code)) {
            return NULL;
        }
        ucal_setAttribute(open, UCAL_LENIENT, 0);
        calendars->open[calendar] = open;
    }
    return calendars->open[calendar];
}

static bool is_chinese(enum rule_calendar calendar)
{
    return calendar == RULE_CHINESE || calendar == RULE_DANGI;
}

/* Extended years of Chinese count from 2637 BC, of Dangi from 2333 BC: ours are those of the
 * Gregorian year in which theirs begins. */
static int32_t year_offset(enum rule_calendar calendar)
{
    return calendar == RULE_CHINESE ? 2637 : calendar == RULE_DANGI ? 2333 : 0;
}

/* Umm al-Qura is a table of announced months; outside it ICU would go on with arithmetic. */
static bool is_reached(enum rule_calendar calendar, int32_t year)
{
    return calendar != RULE_HIJRI_UMALQURA || (year >= 1300 && year <= 1600);
}

static bool from_day(void *context, enum rule_calendar calendar, int32_t day,
                     struct rule_calendar_date *date)
{
    UCalendar *open = calendar_of(context, calendar);
    UErrorCode code = U_ZERO_ERROR;
    if (open == NULL) {
        return false;
    }
    ucal_setMillis(open, (day + 0.5) * 86400000.0, &code);
    date->year = ucal_get(open, UCAL_EXTENDED_YEAR, &code) - year_offset(calendar);
    date->month = ucal_get(open, UCAL_MONTH, &code) + 1;
    date->day = ucal_get(open, UCAL_DAY_OF_MONTH, &code);
    date->is_leap = is_chinese(calendar) && ucal_get(open, UCAL_IS_LEAP_MONTH, &code) != 0;
    return U_SUCCESS(code) && is_reached(calendar, date->year);
}

static bool to_day(void *context, enum rule_calendar calendar, struct rule_calendar_date date,
                   int32_t *day)
{
    UCalendar *open = calendar_of(context, calendar);
    UErrorCode code = U_ZERO_ERROR;
    if (open == NULL || !is_reached(calendar, date.year)) {
        return false;
    }
    ucal_clear(open);
    ucal_set(open, UCAL_EXTENDED_YEAR, date.year + year_offset(calendar));
    ucal_set(open, UCAL_MONTH, date.month - 1);
    ucal_set(open, UCAL_DAY_OF_MONTH, date.day);
    if (is_chinese(calendar)) {
        ucal_set(open, UCAL_IS_LEAP_MONTH, date.is_leap);
    }
    double millis = ucal_getMillis(open, &code);
    if (U_FAILURE(code) || millis < -1e14 || millis > 1e14) {
        return false;
    }
    int64_t ms = (int64_t)millis;
    int32_t found = (int32_t)(ms / 86400000 - (ms % 86400000 < 0 ? 1 : 0));
    /* what does not come back does not exist, whatever the strict mode thinks of it */
    struct rule_calendar_date back;
    if (!from_day(context, calendar, found, &back) || back.year != date.year ||
        back.month != date.month || back.day != date.day || back.is_leap != date.is_leap) {
        return false;
    }
    *day = found;
    return true;
}

struct icu_calendars *icu_calendars_new(void)
{
    struct icu_calendars *calendars = calloc(1, sizeof *calendars);
    if (calendars == NULL) {
        return NULL;
    }
    calendars->functions = (struct rule_calendars){calendars, to_day, from_day};
    if (calendar_of(calendars, RULE_HEBREW) == NULL) {
        icu_calendars_free(calendars);
        return NULL;
    }
    return calendars;
}

void icu_calendars_free(struct icu_calendars *calendars)
{
    if (calendars == NULL) {
        return;
    }
    for (size_t i = 0; i < RULE_CALENDARS; i++) {
        if (calendars->open[i] != NULL) {
            ucal_close(calendars->open[i]);
        }
    }
    free(calendars);
}

const struct rule_calendars *icu_calendars_for_rules(struct icu_calendars *calendars)
{
    return &calendars->functions;
}
