/* tocsin/world.h -- the rule_world of the command line: the system's zones, the shipped places, and
 * the calendars, opened once and handed to whoever evaluates a rule. */
#ifndef CLI_WORLD_H
#define CLI_WORLD_H

#include "tocsin/desk.h"
#include "icu/calendars.h"
#include "rules/rule.h"
#include "zoneinfo/zoneinfo.h"

struct world {
    struct rule_world rules;
    struct zoneinfo *zones;          /* owned */
    struct icu_calendars *calendars; /* owned; NULL: rules in these calendars are refused */
};

/* leap is borrowed until world_close. */
int world_open(struct world *world, const struct leap_table *leap);
void world_close(struct world *world);

/* The instant of an option that takes a date, an instant, or a span ahead such as 90d or 5y; none
 * after 2249. */
bool world_read_horizon(const char *text, utc from, utc *out);

/* Says what is wrong with a rule, pointing at the spot. */
int world_refuse_rule(const char *rule, const struct rule_error *error);

#endif
