/* completion TEMPLATE -- the bash completion on standard output: the template, its line @TABLE@
 * replaced by a row for each command: its name, its words, its options with what they take, with
 * tabs between them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tocsin/commands/table.h"

static void print_options(const struct argp *argp)
{
    for (const struct argp_option *o = argp->options; o != NULL && o->name != NULL; o++) {
        if ((o->flags & OPTION_HIDDEN) == 0) {
            printf(" --%s%s%s", o->name, o->arg != NULL ? "=" : "", o->arg != NULL ? o->arg : "");
        }
    }
    for (const struct argp_child *c = argp->children; c != NULL && c->argp != NULL; c++) {
        print_options(c->argp);
    }
}

static void print_table(void)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command_row *row = &command_table[i];
        if (row->line != NULL) {
            struct command_argp parsers;
            command_argp_init(&parsers, row);
            printf("%s%s%s\t%s\t--help --usage --version", row->group != NULL ? row->group : "",
                   row->group != NULL ? " " : "", row->name,
                   row->line->words != NULL ? row->line->words : "-");
            print_options(&parsers.argp);
            putchar('\n');
        }
    }
}

int main(int argc, char **argv)
{
    FILE *template = argc == 2 ? fopen(argv[1], "re") : NULL;
    if (template == NULL) {
        fprintf(stderr, "completion TEMPLATE: %s\n", argc == 2 ? strerror(errno) : "which?");
        return 2;
    }
    char line[4096];
    while (fgets(line, sizeof line, template) != NULL) {
        if (strcmp(line, "@TABLE@\n") == 0) {
            print_table();
        } else {
            fputs(line, stdout);
        }
    }
    bool is_whole = !ferror(template) && fflush(stdout) == 0;
    fclose(template);
    return is_whole ? 0 : 3;
}
