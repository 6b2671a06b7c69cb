/* Any text: read, written, read again, evaluated for a year in a small world.
 * links: lines zones sky instants */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "calendars/almanac.h"
#include "lines/lines.h"
#include "occurrences/occurrences.h"
#include "rules/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static const struct zone *find_zone(void *context, const char *name)
{
    return strlen(name) > 4 ? context : NULL;
}

static bool count(void *context, const struct rule_occurrence *o)
{
    int *left = context;
    must(o->end.ns >= o->start.ns);
    must(strspn(o->key, "0123456789-abcdefghijklmnopqrstuvwxyz") == strlen(o->key));
    must(strlen(o->key) >= 4);
    return --*left > 0;
}

static void ignore(void *context, const char *line)
{
    (void)context;
    must(strchr(line, '\n') == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct almanac *almanac;
    static struct zone *zone;
    if (almanac == NULL) {
        almanac = almanac_new();
        zone = zone_fixed("Test/Zone", 5400);
        must(almanac != NULL && zone != NULL);
    }
    struct rule *rule, *again;
    struct rule_error error;
    if (lines_read_for((const char *)bytes, size, LANGUAGE_EN, (struct civil_date){2027, 1, 1},
                       &rule, &error) != RULE_OK) {
        must(*error.message != '\0');
        if (*error.nearest != '\0') { /* what is suggested must be right */
            must(lines_read(error.nearest, strlen(error.nearest), &rule, NULL) == RULE_OK);
            rule_free(rule);
        }
        return 0;
    }
    char first[RULE_TEXT_SIZE], second[RULE_TEXT_SIZE];
    size_t len = rule_write(rule, first);
    if (len <= RULE_TEXT_MAX) {
        must(lines_read(first, len, &again, &error) == RULE_OK);
        rule_write(again, second);
        must(strcmp(first, second) == 0);
        must(rule_shape(rule) == rule_shape(again));
        rule_free(again);
    }
    struct rule_world world = {.zone_find = find_zone, .zones = zone, .almanac = almanac};
    utc from = {INT64_C(1798761600) * NS_PER_S}, to = {from.ns + 366 * NS_PER_DAY};
    int left = 400;
    enum rule_result result = rule_evaluate(rule, &world, from, to, count, &left, &error);
    must(result == RULE_OK || *error.message != '\0');
    result = rule_explain(rule, &world, from, to, ignore, NULL, &error);
    must(result == RULE_OK || *error.message != '\0');
    rule_free(rule);
    return 0;
}
