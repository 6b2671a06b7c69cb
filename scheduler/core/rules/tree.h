/* rules/tree.h -- a rule as it is read: nodes in one array, so that nothing nests in memory. */
#ifndef RULES_TREE_H
#define RULES_TREE_H

#include "calendars/calendar.h"
#include "rules/rule.h"
#include "zones/zone.h"

enum {
    TREE_NODES_MAX = 64,
    TREE_PLACES_MAX = 32,
    TREE_DATES_MAX = 32,
    TREE_MOVES_MAX = 16,
    TREE_TURNS_MAX = 16,
    TREE_NONE = -1,
    TREE_LAST = -1, /* "last" where an ordinal stands */
};

/* What each means by its fields: forms.def. */
enum node_kind {
#define FORM(name, what, days, words) NODE_##name,
#include "rules/forms.def"
#undef FORM
};

/* Apart, so that no switch over node_kind has to name their number. */
enum {
#define FORM(name, what, days, words) NODE_KINDS_UP_TO_##name,
#include "rules/forms.def"
#undef FORM
    NODE_KINDS
};

/* In the order in which the reader tries their words: the longer of two that begin alike first. */
enum relation {
    REL_ON_OR_AFTER,
    REL_ON_OR_BEFORE,
    REL_AFTER,
    REL_BEFORE,
    REL_NEAREST,
    REL_CONTAINING,
};

enum unit { UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_YEAR, UNIT_SEASON, UNIT_LUNATION };

enum set_operation { SET_AND, SET_OR, SET_MINUS };

/* In this order the reader tries their words: "in odd years" before "in march". */
enum predicate {
    ONLY_ODD_YEARS,
    ONLY_EVEN_YEARS,
    ONLY_LEAP_YEARS,
    ONLY_WAXING,
    ONLY_WANING,
    ONLY_WEEKDAYS, /* mask: bit w is weekday w */
    ONLY_MONTHS,   /* mask: bit m is month m */
};

/* Apart, so that no switch has to name them. */
enum { RELATIONS = REL_CONTAINING + 1, SETS = SET_MINUS + 1, PREDICATES = ONLY_MONTHS + 1 };

/* As sky/sky.h's, so that the reader and the writer need no sky. */
enum event {
    EVENT_NEW_MOON,
    EVENT_FIRST_QUARTER,
    EVENT_FULL_MOON,
    EVENT_LAST_QUARTER,
    EVENT_MARCH_EQUINOX,
    EVENT_JUNE_SOLSTICE,
    EVENT_SEPTEMBER_EQUINOX,
    EVENT_DECEMBER_SOLSTICE,
    EVENT_SOLAR_ECLIPSE,
    EVENT_LUNAR_ECLIPSE,
    EVENT_PERIGEE,
    EVENT_APOGEE,
};

/* Bits of an eclipse's mask. */
enum {
    ECLIPSE_PENUMBRAL = 1,
    ECLIPSE_PARTIAL = 2,
    ECLIPSE_ANNULAR = 4,
    ECLIPSE_HYBRID = 8,
    ECLIPSE_TOTAL = 16
};

struct node {
    enum node_kind kind;
    int32_t a, b; /* children, or TREE_NONE */
    int32_t n;
    int32_t weekday, month, from;
    uint32_t mask;
    enum unit unit;
    enum relation relation;
    enum set_operation set;
    enum predicate only;
    enum event event;
    enum calendar calendar;
    struct calendar_date date;
    utc at;
    bool is_orthodox, is_seasonal, is_also;
    int32_t place;         /* index into rule.place */
    int32_t degrees;       /* NODE_TERM */
    int32_t magnitude_pct; /* at least; 0: any */
    int32_t altitude_deg;  /* at least, of the eclipse; 0: the horizon */
};

enum time_kind {
    TIME_NONE,   /* whole days, or the sky's own instant */
    TIME_UTC,    /* 20:00 UTC */
    TIME_ZONE,   /* 20:00 in ZONE */
    TIME_PLACES, /* 20:00 at Rome, Lisboa */
    TIME_EVERYWHERE,
    TIME_SUN,    /* sunset + 30m at PLACES */
    TIME_MINUTE, /* the minute it happened: the anniversary's */
};

enum sun_event {
    SUN_SUNRISE,
    SUN_SUNSET,
    SUN_NOON,
    SUN_CIVIL_DAWN,
    SUN_CIVIL_DUSK,
    SUN_NAUTICAL_DAWN,
    SUN_NAUTICAL_DUSK,
    SUN_ASTRONOMICAL_DAWN,
    SUN_ASTRONOMICAL_DUSK,
    SUN_MOONRISE,
    SUN_MOONSET,
    SUN_EVENTS,
};

enum rotation { TURN_BY_YEAR, TURN_BY_MONTH, TURN_BY_LUNATION };

/* A year (month and day 0) or a date. */
struct bound_date {
    bool is_given;
    struct civil_date date;
};

struct rule {
    struct node node[TREE_NODES_MAX];
    int32_t nodes, root;

    enum time_kind time;
    bool is_day_start; /* "day from ...": the time is where the rule's days begin, the evening
                          before */
    struct civil_time clock;
    enum sun_event sun;
    span sun_offset;
    bool has_else, is_else_skip;
    struct civil_time else_clock;
    char zone[ZONE_NAME_SIZE]; /* TIME_ZONE, or of a rule of days: "in ZONE" */

    size_t places; /* of the time */
    bool is_all_places;
    char country[3]; /* of is_all_places; "" : every one */
    size_t names;    /* all places named, the time's first */
    char place[TREE_PLACES_MAX][RULE_NAME_SIZE];

    span duration; /* 0: none given */
    bool is_duration_days;

    struct bound_date since, until;
    int32_t times;                         /* 0: no limit */
    int32_t every_years, every_years_from; /* 0: every one */
    size_t exceptions, additions, moves, turns;
    struct bound_date exception[TREE_DATES_MAX];
    struct bound_date addition[TREE_DATES_MAX];
    struct {
        struct civil_date from, to;
    } move[TREE_MOVES_MAX];

    bool is_anniversary, is_round, has_minute;
    struct civil_date anniversary;
    struct civil_time minute;

    enum rotation turn_by;
    struct bound_date turn_from; /* by year or month */
    int32_t turn_lunation;
    char turn[TREE_TURNS_MAX][RULE_NAME_SIZE];

    const char *notice; /* what a person should know of how it was read; NULL: nothing */
};

/* How they are read and written. */
extern const char *const tree_relation[RELATIONS];
extern const char *const tree_set[SETS];
extern const char *const tree_only[PREDICATES];

/* Whether a node gives instants of its own rather than days. */
bool tree_is_instant(const struct rule *rule, int32_t node);

/* Whole days a node spans: 2 for a weekend, 7 for a week. */
int32_t tree_days(const struct rule *rule, int32_t node);

/* The words of its own that a form has, with | between them. */
const char *tree_words(enum node_kind kind);

#endif
