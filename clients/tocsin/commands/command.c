#include "tocsin/commands/command.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "tocsin/say.h"

enum { WORD_MAX = 32 };

/* Levenshtein distance of two short words; anything longer is far away. */
static int distance(const char *a, const char *b)
{
    size_t a_len = strlen(a), b_len = strlen(b);
    if (a_len >= WORD_MAX || b_len >= WORD_MAX) {
        return WORD_MAX;
    }
    int row[WORD_MAX + 1];
    for (size_t j = 0; j <= b_len; j++) {
        row[j] = (int)j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= b_len; j++) {
            int above = row[j];
            int best = diagonal + (a[i - 1] != b[j - 1]);
            if (above + 1 < best) {
                best = above + 1;
            }
            if (row[j - 1] + 1 < best) {
                best = row[j - 1] + 1;
            }
            diagonal = above;
            row[j] = best;
        }
    }
    return row[b_len];
}

const char *command_nearest(const char *word, const char *(*next)(const void *, int),
                            const void *table)
{
    const char *best = NULL;
    int best_distance = 3;
    const char *name;
    for (int i = 0; (name = next(table, i)) != NULL; i++) {
        int d = distance(word, name);
        if (d < best_distance && d < (int)strlen(name)) {
            best_distance = d;
            best = name;
        }
    }
    return best;
}

static const char *sub_name(const void *rows, int i)
{
    return ((const struct subcommand *)rows)[i].name;
}

static void print_help(FILE *to, const char *name, const struct subcommand *table)
{
    fprintf(to, "Usage:\n");
    for (const struct subcommand *row = table; row->name != NULL; row++) {
        fprintf(to, "  %s %-8s %s\n", name, row->name, row->help);
    }
}

int command_run_sub(const struct subcommand *table, int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr, argv[0], table);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0) {
        print_help(stdout, argv[0], table);
        return EXIT_DONE;
    }
    for (const struct subcommand *row = table; row->name != NULL; row++) {
        if (strcmp(argv[1], row->name) == 0) {
            char name[64];
            snprintf(name, sizeof name, "%s %s", argv[0], row->name);
            argv[1] = name;
            return row->run(argc - 1, argv + 1);
        }
    }
    const char *near = command_nearest(argv[1], sub_name, table);
    if (near != NULL) {
        return say_usage("unknown word \"%s\", did you mean \"%s %s\"?", argv[1], argv[0], near);
    }
    return say_usage("unknown word \"%s\"; %s --help lists them", argv[1], argv[0]);
}
