/* tocsin explain: what a rule means, and how its first occurrence in a span came about. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/rule_request.h"
#include "cli/say.h"

static void print(void *context, const char *line)
{
    (void)context;
    puts(line);
}

int cmd_explain(int argc, char **argv)
{
    struct rule_request request;
    struct world world;
    struct rule *rule;
    struct rule_error error;
    int code =
        rule_request_read(&request, argc, argv,
                          "What a rule means, and why its first occurrence lies where it does.\v"
                          "The language of rules: tocsin-rules(5).");
    if (code == EXIT_DONE) {
        code = rule_request_open(&request, &world, &rule);
    }
    if (code != EXIT_DONE) {
        return code;
    }
    if (rule_explain(rule, &world.rules, request.from, request.to, print, NULL, &error) !=
        RULE_OK) {
        code = world_refuse_rule(request.rule, &error);
    }
    rule_free(rule);
    world_close(&world);
    return code;
}
