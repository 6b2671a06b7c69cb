#include "tocsin/commands/table.h"

#include <string.h>

#include "tocsin/options.h"
#include "words/words.h"

const struct command_row command_table[] = {
#define GROUP(name, help)          {NULL, #name, 0, help, NULL, NULL},
#define COMMAND(name, needs, help) {NULL, #name, needs, help, &line_##name, cmd_##name},
#define SUBCOMMAND(group, name, needs, help)                                                       \
    {#group, #name, needs, help, &line_##group##_##name, cmd_##group##_##name},
#include "tocsin/commands/commands.def"
#undef GROUP
#undef COMMAND
#undef SUBCOMMAND
};
const size_t command_count = sizeof command_table / sizeof *command_table;

size_t command_least(const struct command_line *line)
{
    size_t most = command_most(line);
    return line->words == NULL || *line->words == '[' ? 0 : most == SIZE_MAX ? 1 : most;
}

size_t command_most(const struct command_line *line)
{
    size_t count = line->words != NULL;
    for (const char *at = line->words; at != NULL && (at = strchr(at, ' ')) != NULL; at++) {
        count++;
    }
    return line->words != NULL && strstr(line->words, "...") != NULL ? SIZE_MAX : count;
}

bool command_is_in(const struct command_row *row, const char *group)
{
    return group == NULL ? row->group == NULL
                         : row->group != NULL && strcmp(row->group, group) == 0;
}

const struct command_row *command_find(const char *group, const char *name)
{
    for (size_t i = 0; i < command_count; i++) {
        if (command_is_in(&command_table[i], group) && strcmp(command_table[i].name, name) == 0) {
            return &command_table[i];
        }
    }
    return NULL;
}

const char *command_nearest(const char *group, const char *word)
{
    const char *best = NULL;
    for (size_t i = 0; i < command_count; i++) {
        if (command_is_in(&command_table[i], group)) {
            best = words_nearer(word, strlen(word), best, command_table[i].name);
        }
    }
    return best;
}

void command_argp_init(struct command_argp *out, const struct command_row *row)
{
    const struct command_line *line = row->line;
    *out = (struct command_argp){
        .own = {.options = line->options, .parser = line->parser, .children = line->children},
        .argp = {.args_doc = line->words, .doc = line->doc, .children = out->child},
        .child = {{&out->own, 0, NULL, 0}},
    };
    const struct argp_child shared[] = {
        {&options_common, 0, "", 0},
        {row->needs & TAKE_FORMAT ? &options_listing : NULL, 0, NULL, 0},
        {row->needs & TAKE_KEY ? &options_key : NULL, 0, NULL, 0},
        {row->needs & TAKE_YES ? &options_yes : NULL, 0, NULL, 0},
        {row->needs & TAKE_PASSPHRASE ? &options_passphrase : NULL, 0, NULL, 0},
        {row->needs & TAKE_OUT ? &options_out : NULL, 0, NULL, 0},
        {row->needs & TAKE_PICTURE ? &options_picture : NULL, 0, NULL, 0},
        {row->needs & TAKE_FULL ? &options_full : NULL, 0, NULL, 0}};
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        if (shared[i].argp != NULL) {
            out->child[1 + out->shared++] = shared[i];
        }
    }
}
