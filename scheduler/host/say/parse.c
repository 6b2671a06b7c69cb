#include "say/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"
#include "words/words.h"

/* argp's own. */
static const struct argp_option own[] = {{"help", '?', NULL, 0, NULL, 0},
                                         {"usage", 0x10000000, NULL, 0, NULL, 0},
                                         {"version", 'V', NULL, 0, NULL, 0},
                                         {0}};

/* A long option as it was typed: its name without the dashes and without a value. */
struct typed {
    const char *name;
    size_t len;
    int exact, prefixes; /* how many options are it, or begin with it */
    const struct argp_option *found;
    const char *nearest;
};

static bool is_end(const struct argp_option *o)
{
    return o == NULL || (o->name == NULL && o->key == 0 && o->doc == NULL && o->group == 0);
}

static void hold_against(struct typed *typed, const struct argp_option *option)
{
    for (const struct argp_option *o = option; !is_end(o); o++) {
        bool begins = o->name != NULL && strncmp(o->name, typed->name, typed->len) == 0;
        bool is_it = begins && o->name[typed->len] == '\0';
        if (o->name == NULL || ((o->flags & OPTION_HIDDEN) != 0 && !is_it)) {
            continue;
        }
        if (is_it || (begins && typed->exact == 0)) {
            typed->found = o;
        }
        typed->exact += is_it;
        typed->prefixes += begins;
        typed->nearest = words_nearer(typed->name, typed->len, typed->nearest, o->name);
    }
}

static void search(struct typed *typed, const struct argp *argp)
{
    hold_against(typed, argp->options);
    for (const struct argp_child *c = argp->children; c != NULL && c->argp != NULL; c++) {
        search(typed, c->argp);
    }
}

static const struct argp_option *find_short(const struct argp *argp, int key)
{
    for (const struct argp_option *o = argp->options; !is_end(o); o++) {
        if (o->key == key) {
            return o;
        }
    }
    const struct argp_option *found = NULL;
    for (const struct argp_child *c = argp->children; found == NULL && c != NULL && c->argp != NULL;
         c++) {
        found = find_short(c->argp, key);
    }
    return found;
}

static bool takes_the_next(const struct argp_option *option)
{
    return option != NULL && option->arg != NULL && (option->flags & OPTION_ARG_OPTIONAL) == 0;
}

/* A word that begins with two dashes; *takes: the next one is its value. */
static bool judge_long(const struct argp *argp, const char *program, const char *word, bool *takes)
{
    const char *sign = strchr(word, '='), *slash = strrchr(program, '/');
    program = slash != NULL ? slash + 1 : program;
    struct typed typed = {.name = word + 2};
    typed.len = sign != NULL ? (size_t)(sign - typed.name) : strlen(typed.name);
    search(&typed, argp);
    hold_against(&typed, own);
    if (typed.exact > 0 || typed.prefixes == 1) {
        *takes = sign == NULL && takes_the_next(typed.found);
        return true;
    }
    if (typed.prefixes > 1) {
        return true; /* getopt lists them */
    }
    if (typed.nearest == NULL) {
        say_error("unknown option \"--%.*s\"; %s --help lists them", (int)typed.len, typed.name,
                  program);
    } else {
        say_error("unknown option \"--%.*s\", did you mean \"%s --%s\"?", (int)typed.len,
                  typed.name, program, typed.nearest);
    }
    return false;
}

/* How many words from argv[i] on are one option and its value: 0 of what is none, -1 of an unknown
 * one, which is told. */
static int length_at(const struct argp *argp, char *const *argv, int i)
{
    const char *word = argv[i];
    bool takes = false;
    if (word[0] != '-' || word[1] == '\0') {
        return 0;
    }
    if (word[1] == '-') {
        return !judge_long(argp, argv[0], word, &takes) ? -1 : 1 + takes;
    }
    return 1 + (word[2] == '\0' && takes_the_next(find_short(argp, word[1])));
}

int say_first_word(const struct argp *argp, int argc, char *const *argv)
{
    int i = 1;
    while (i < argc && strcmp(argv[i], "--") != 0) {
        int length = length_at(argp, argv, i);
        if (length <= 0) {
            return length < 0 ? 0 : i;
        }
        i += length;
    }
    return i;
}

bool say_knows_options(const struct argp *argp, int argc, char *const *argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0;) {
        int length = length_at(argp, argv, i);
        if (length < 0) {
            return false;
        }
        i += length > 0 ? length : 1;
    }
    return true;
}
