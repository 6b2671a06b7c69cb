/* tocsin/windows/rule_request.h -- what `tocsin when` and `tocsin explain` are asked: a rule, a
 * span of days, perhaps a place to stand on. */
#ifndef TOCSIN_RULE_REQUEST_H
#define TOCSIN_RULE_REQUEST_H

#include <argp.h>

#include "sentences/sentences.h"
#include "tocsin/session/session.h"
#include "tocsin/windows/environment.h"

enum { RULE_REQUEST_REASONS = 8 };

struct rule_request {
    const char *rule; /* borrowed */
    bool has_from, has_to;
    const char *place; /* of argv; NULL: none */
    utc from, to;
    char from_text[40], to_text[40];
    struct place here;
    char seen_from[RULE_NAME_SIZE]; /* the zone in which eclipses of the rule are seen; "" : UTC */
    bool has_language;
    enum language language;
    size_t reasons; /* why there is none: the first few different ones */
    struct {
        struct civil_date date;
        struct rule_remark why;
    } reason[RULE_REQUEST_REASONS];
};

/* Their options, for argp; the input is a struct rule_request. */
extern const struct argp_option rule_request_options[];
error_t rule_request_parse(int key, char *arg, struct argp_state *state);

/* Reads the rule, and prepares the environment for it; the caller frees the rule.  Without --from
 * and --to the span is five years from now.  The place of --place is "here".  request and text are
 * borrowed as long as the environment is used. */
int rule_request_open(struct rule_request *request, const struct session *session, const char *text,
                      struct environment *environment, struct rule **rule);

/* Says what is wrong with the rule, as environment_refuse_rule does; where "here" is, --place
 * tells. */
int rule_request_refuse(const struct rule_request *request, enum rule_result result,
                        const struct rule_error *error);

/* An occurrence for people: "Sun 2027-04-25 20:00" (with --lang in its words), the zone or place of
 * that clock, and the same in UTC. */
struct rule_request_day {
    char local[2 * SENTENCE_DATE_SIZE + 16], where[RULE_NAME_SIZE], utc[32];
};

void rule_request_write_day(const struct rule_request *request,
                            const struct environment *environment, enum rule_shape shape,
                            const struct rule_occurrence *o, struct rule_request_day *out);

/* Why the span has none, and which one follows it. */
void rule_request_say_none(const struct rule_request *request,
                           const struct environment *environment, const struct rule *rule);

#endif
