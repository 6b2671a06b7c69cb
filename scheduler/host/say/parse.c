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

static struct typed look_up(const struct argp *argp, const char *word)
{
    struct typed typed = {.name = word + 2, .len = strcspn(word + 2, "=")};
    search(&typed, argp);
    hold_against(&typed, own);
    return typed;
}

bool say_next_option(const struct argp *argp, char *const *argv, struct say_option *option)
{
    int at = option->next, letter = option->letter > 0 ? option->letter : 1;
    const char *word = argv[at];
    *option = (struct say_option){.at = at, .next = at + 1};
    if (word == NULL || strcmp(word, "--") == 0) {
        return false;
    }
    if (word[0] != '-' || word[1] == '\0') {
        option->is_word = true;
        return true;
    }
    if (word[1] == '-') {
        struct typed typed = look_up(argp, word);
        option->is = typed.exact > 0 || typed.prefixes == 1 ? typed.found : NULL;
        option->value = typed.name[typed.len] == '=' ? typed.name + typed.len + 1 : NULL;
    } else {
        const char *rest = word + letter + 1;
        option->is = find_short(argp, word[letter]);
        if (option->is != NULL && option->is->arg != NULL) {
            option->value = *rest != '\0' ? rest : NULL;
        } else if (*rest != '\0') {
            option->next = at;
            option->letter = letter + 1;
        }
    }
    if (option->value == NULL && takes_the_next(option->is) && argv[at + 1] != NULL) {
        option->value = argv[at + 1];
        option->next = at + 2;
    }
    return true;
}

/* Tells of a long option that is none; of one that could be several, getopt does. */
static bool is_known(const struct argp *argp, const char *program, const char *word)
{
    if (word[0] != '-' || word[1] != '-') {
        return true;
    }
    const char *slash = strrchr(program, '/');
    struct typed typed = look_up(argp, word);
    program = slash != NULL ? slash + 1 : program;
    if (typed.prefixes > 0) {
        return true;
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

int say_first_word(const struct argp *argp, char *const *argv)
{
    struct say_option option = {.next = 1};
    while (say_next_option(argp, argv, &option) && !option.is_word) {
        if (!is_known(argp, argv[0], argv[option.at])) {
            return 0;
        }
    }
    return option.at;
}

bool say_knows_options(const struct argp *argp, char *const *argv)
{
    struct say_option option = {.next = 1};
    while (say_next_option(argp, argv, &option)) {
        if (!is_known(argp, argv[0], argv[option.at])) {
            return false;
        }
    }
    return true;
}
