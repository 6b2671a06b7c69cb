/* tocsin/windows/environment.h -- the rule_world of the command line: the system's zones and
 * the almanac, opened once and handed to whoever evaluates a rule. */
#ifndef TOCSIN_ENVIRONMENT_H
#define TOCSIN_ENVIRONMENT_H

#include "instants/stamp.h"
#include "occurrences/occurrences.h"
#include "rules/rule.h"
#include "tocsin/session/session.h"
#include "zoneinfo/zoneinfo.h"

struct environment {
    struct rule_world rules;
    struct zoneinfo *zones; /* owned */
};

/* leap is borrowed until environment_close. */
int environment_open(struct environment *environment, const struct leap_table *leap);
void environment_close(struct environment *environment);

/* The instant of an option that takes a date, an instant, or a span ahead such as 90d or 5y; none
 * after 2249. */
bool environment_read_horizon(const char *text, utc from, utc *out);

/* When a rule that has no occurrence to come had its last one, within the 200 years before. */
bool environment_last(const struct environment *environment, const struct rule *rule, utc before,
                      char out[static STAMP_TEXT_SIZE]);

/* The language of who writes rules, by LC_ALL, LC_MESSAGES or LANG; English where rules are not
 * said in it. */
enum language environment_language(void);

/* A phrase of words/interface.h. */
const char *environment_say(enum language language, const char *phrase);

/* Says what is wrong with a rule, pointing at the spot, or what it could mean: the readings in the
 * language, with the line of each. */
int environment_refuse_rule(const char *rule, const struct rule_error *error,
                            enum language language);

#endif
