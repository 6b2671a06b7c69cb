/* tocsin/windows/rule_request.h -- what `tocsin when` and `tocsin explain` are asked: a rule, a
 * span of days, perhaps a place to stand on. */
#ifndef TOCSIN_RULE_REQUEST_H
#define TOCSIN_RULE_REQUEST_H

#include "tocsin/options.h"
#include "tocsin/windows/environment.h"

enum { RULE_REQUEST_REASONS = 8 };

struct rule_request {
    struct options options;
    const char *rule; /* of argv */
    bool has_from, has_to, has_place;
    utc from, to;
    char from_text[40], to_text[40];
    struct rule_place here;
    size_t reasons; /* why there is none: the first few different ones */
    struct {
        struct civil_date date;
        char why[160];
    } reason[RULE_REQUEST_REASONS];
};

/* Reads the command line; without --from and --to, five years from --at or, without that, from
 * today. */
int rule_request_read(struct rule_request *request, int argc, char **argv, const char *doc);

/* Opens the environment and reads the rule; the caller frees both.  The place of --place is "here".
 */
int rule_request_open(struct rule_request *request, struct environment *environment,
                      struct rule **rule);

/* Says what is wrong with the rule, as environment_refuse_rule does; where "here" is, --place
 * tells. */
int rule_request_refuse(const struct rule_request *request, enum rule_result result,
                        const struct rule_error *error);

void rule_request_say_reasons(const struct rule_request *request);

#endif
