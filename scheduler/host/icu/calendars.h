/* icu/calendars.h -- the calendars of rules that ICU computes: Hebrew, Umm al-Qura, Persian,
 * Indian.  (Also Chinese and Dangi, for comparison only: ICU 72 has the new year of 2027 and the
 * leap month of 1987 wrong, so rules compute these from the sky.)
 *
 * ICU directly, the one that libical links and computes RSCALE with: libical hands out recurrences
 * and no conversions, hides dates that do not exist and keeps global state, while ucal has a strict
 * mode and one object for each caller.  A shell because ICU loads data and locks. */
#ifndef ICU_CALENDARS_H
#define ICU_CALENDARS_H

#include "rules/rule.h"

struct icu_calendars;

/* NULL: no memory, or ICU lacks its data. */
struct icu_calendars *icu_calendars_new(void);
void icu_calendars_free(struct icu_calendars *calendars);

/* What rule_world.calendars takes; lives as long as calendars.  Dates that a calendar's tables do
 * not reach (Umm al-Qura: 1300 to 1600 AH) do not exist. */
const struct rule_calendars *icu_calendars_for_rules(struct icu_calendars *calendars);

#endif
