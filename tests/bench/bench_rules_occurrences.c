/* Civil occurrences a second, and a thousand mixed rules over ten years.
 * links: lines zoneinfo zones sky instants */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "calendars/almanac.h"
#include "lines/lines.h"
#include "occurrences/occurrences.h"
#include "rules/rule.h"
#include "zoneinfo/zoneinfo.h"

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const struct zone *find_zone(void *context, const char *name)
{
    return zoneinfo_find(context, name);
}

static bool count(void *context, const struct rule_occurrence *o)
{
    (void)o;
    ++*(size_t *)context;
    return true;
}

static size_t run(const char *text, const struct rule_world *world, int32_t first, int32_t after)
{
    struct rule *rule;
    struct rule_error error;
    size_t n = 0;
    if (lines_read(text, strlen(text), &rule, &error) != RULE_OK ||
        rule_evaluate(rule, world, civil_to_utc((struct civil){.date = {first, 1, 1}}),
                      civil_to_utc((struct civil){.date = {after, 1, 1}}), count, &n,
                      &error) != RULE_OK) {
        fprintf(stderr, "%s: %s\n", text, error.message);
        exit(EXIT_FAILURE);
    }
    rule_free(rule);
    return n;
}

int main(void)
{
    struct zoneinfo *info = zoneinfo_open(NULL);
    if (info == NULL) {
        return EXIT_FAILURE;
    }
    struct rule_world world = {.zone_find = find_zone, .zones = info};
    static const char *const civil[] = {
        "every day at 20:00 in Europe/Rome for 15m",
        "every thursday at 15:30 in America/Argentina/Buenos_Aires since 1977",
        "25 april at 20:00 in Europe/Rome for 15m",
        "4th saturday of november at 16:00 in Europe/Kyiv",
        "2 days before easter",
    };
    for (size_t i = 0; i < sizeof civil / sizeof *civil; i++) {
        size_t n = 0, rounds = 0;
        double begun = now_s(), took;
        do {
            n += run(civil[i], &world, 1800, 2200);
            rounds++;
            took = now_s() - begun;
        } while (took < 0.5);
        printf("%10.0f occurrences/s  %s\n", (double)n / took, civil[i]);
    }
    static const char *const mixed[] = {
        "%d april at 20:00 in Europe/Rome for 15m since 1946",
        "%d days after easter at 18:00 in Europe/Athens",
        "sunday on or after %d july at sunset at Rome else 21:00",
        "nearest full moon to %d april",
        "every new moon rotate [a, b, c] by lunation from %d",
        "%d nisan hebrew if friday then previous thursday if sunday then next monday",
        "%d yekatit ethiopic",
        "last friday of month at 18:%d in America/New_York",
        "weekend containing %d april",
        "every %d weeks from 2020-01-01 at 12:00 in Asia/Tokyo",
        "%d days before june solstice",
        "total solar eclipse or lunar eclipse for %dm",
    };
    double begun = now_s();
    size_t n = 0, rules = 0;
    world.almanac = almanac_new();
    for (int i = 0; rules < 1000; i++) {
        for (size_t k = 0; k < sizeof mixed / sizeof *mixed && rules < 1000; k++, rules++) {
            char text[200];
            snprintf(text, sizeof text, "%.*s%d%s", (int)(strchr(mixed[k], '%') - mixed[k]),
                     mixed[k], 10 + i % 18, strchr(mixed[k], '%') + 2);
            n += run(text, &world, 2025, 2035);
        }
    }
    printf("%10.3f s for %zu mixed rules over 10 years, reading included, %zu occurrences\n",
           now_s() - begun, rules, n);
    almanac_free(world.almanac);
    zoneinfo_close(info);
    return EXIT_SUCCESS;
}
