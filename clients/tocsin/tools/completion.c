/* completion TEMPLATE -- a shell's completion on standard output: the template with what is made of
 * the table of commands in the place of a line
 *   @BASH@   a row for each command: its name, its words, its options with what they take
 *   @FISH@   complete ... for each command, word and option
 *   @ZSH@    rows: "c" GROUP NAME HELP, "w" COMMAND KIND, "o" COMMAND OPTION LETTER KIND HELP
 * Between the cells of a row stand tabs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tocsin/commands/table.h"

/* Within '...' of any shell, on one line. */
static void print_quoted(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\'') {
            fputs("\u2019", stdout);
        } else if (*c != '\\') {
            putchar(*c);
        }
    }
}

static void name_of(const struct command_row *row, char out[static 64])
{
    snprintf(out, 64, "%s%s%s", row->group != NULL ? row->group : "", row->group != NULL ? " " : "",
             row->name);
}

typedef void option_line(const char *command, const struct argp_option *option);

static void each_option(const char *command, const struct argp *argp, option_line *line)
{
    for (const struct argp_option *o = argp->options; o != NULL && o->name != NULL; o++) {
        if ((o->flags & OPTION_HIDDEN) == 0) {
            line(command, o);
        }
    }
    for (const struct argp_child *c = argp->children; c != NULL && c->argp != NULL; c++) {
        each_option(command, c->argp, line);
    }
}

static void each_option_of(const struct command_row *row, option_line *line)
{
    static const struct argp_option own[] = {{"help", '?', NULL, 0, "Give this help list", 0},
                                             {"usage", 0, NULL, 0, "Give a short usage message", 0},
                                             {"version", 'V', NULL, 0, "Print program version", 0},
                                             {0}};
    static const struct argp of_argp = {.options = own};
    struct command_argp parsers;
    char command[64];
    name_of(row, command);
    command_argp_init(&parsers, row);
    each_option(command, &of_argp, line);
    each_option(command, &parsers.argp, line);
}

static int letter_of(const struct argp_option *o)
{
    return o->key > ' ' && o->key < 127 ? o->key : 0;
}

static void bash_option(const char *command, const struct argp_option *o)
{
    (void)command;
    printf(" --%s%s%s", o->name, o->arg != NULL ? "=" : "", o->arg != NULL ? o->arg : "");
}

static void print_bash(void)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command_row *row = &command_table[i];
        char command[64];
        if (row->line != NULL) {
            name_of(row, command);
            printf("%s\t%s\t", command, row->line->words != NULL ? row->line->words : "-");
            each_option_of(row, bash_option);
            putchar('\n');
        }
    }
}

static void fish_option(const char *command, const struct argp_option *o)
{
    printf("complete -c tocsin -n '__tocsin_is %s' -l %s", command, o->name);
    if (letter_of(o) != 0 && letter_of(o) != '?') {
        printf(" -s %c", letter_of(o));
    }
    if (o->arg != NULL) {
        fputs(" -x -a '(__tocsin_known \"", stdout);
        print_quoted(o->arg);
        fputs("\")'", stdout);
    }
    fputs(" -d '", stdout);
    print_quoted(o->doc);
    puts("'");
}

static void print_fish(void)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command_row *row = &command_table[i];
        char command[64];
        name_of(row, command);
        printf("complete -c tocsin -n '__tocsin_wants %s' -a %s -d '",
               row->group != NULL ? row->group : "", row->name);
        print_quoted(row->help);
        puts("'");
        if (row->line != NULL && row->line->words != NULL) {
            printf("complete -c tocsin -n '__tocsin_is %s' -a '(__tocsin_known \"", command);
            print_quoted(row->line->words);
            puts("\")'");
        }
        if (row->line != NULL) {
            each_option_of(row, fish_option);
        }
    }
}

static void zsh_option(const char *command, const struct argp_option *o)
{
    printf("o\t%s\t%s\t%c\t%s\t", command, o->name, letter_of(o) != 0 ? letter_of(o) : '-',
           o->arg != NULL ? o->arg : "-");
    print_quoted(o->doc);
    putchar('\n');
}

static void print_zsh(void)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command_row *row = &command_table[i];
        char command[64];
        name_of(row, command);
        printf("c\t%s\t%s\t", row->group != NULL ? row->group : "-", row->name);
        print_quoted(row->help);
        putchar('\n');
        if (row->line != NULL) {
            printf("w\t%s\t%s\n", command, row->line->words != NULL ? row->line->words : "-");
            each_option_of(row, zsh_option);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *line;
        void (*print)(void);
    } shell[] = {{"@BASH@\n", print_bash}, {"@FISH@\n", print_fish}, {"@ZSH@\n", print_zsh}};
    FILE *template = argc == 2 ? fopen(argv[1], "re") : NULL;
    if (template == NULL) {
        fprintf(stderr, "completion TEMPLATE: %s\n", argc == 2 ? strerror(errno) : "which?");
        return 2;
    }
    char line[4096];
    while (fgets(line, sizeof line, template) != NULL) {
        bool is_made = false;
        for (size_t i = 0; i < sizeof shell / sizeof *shell; i++) {
            if (strcmp(line, shell[i].line) == 0) {
                shell[i].print();
                is_made = true;
            }
        }
        if (!is_made) {
            fputs(line, stdout);
        }
    }
    bool is_whole = !ferror(template) && fflush(stdout) == 0;
    fclose(template);
    return is_whole ? 0 : 3;
}
