/* sample.c -- a sample of a file of options, from the table of the program. */
#include <stdio.h>
#include <string.h>

#include "conf/conf.h"
#include "conf/options.h"

enum { WIDTH = 96 };

struct sample {
    const struct conf *conf;
    FILE *to;
    const char *heading; /* not yet written: it may have no option below */
};

/* Comment lines of at most WIDTH columns, broken at blanks; doc ends where argp's \v does. */
static void write_comment(FILE *to, const char *doc)
{
    size_t column = 0;
    while (*doc != '\0') {
        size_t word = strcspn(doc, " \n");
        if (column == 0 || column + 1 + word > WIDTH) {
            fputs(column == 0 ? "#" : "\n#", to);
            column = 1;
        }
        fprintf(to, " %.*s", (int)word, doc);
        column += 1 + word;
        doc += word;
        doc += strspn(doc, " \n");
    }
    fputc('\n', to);
}

static bool write_given(const struct sample *sample, const char *name)
{
    bool has = false;
    for (const struct conf_given *g = sample->conf->given; g != NULL && g->option != NULL; g++) {
        if (strcmp(g->option, name) == 0) {
            if (g->value != NULL) {
                fprintf(sample->to, "%s = %s\n", name, g->value);
            } else {
                fprintf(sample->to, "%s\n", name);
            }
            has = true;
        }
    }
    return has;
}

static void write_option(void *context, const struct argp_option *option)
{
    struct sample *sample = context;
    if (option->name == NULL) {
        sample->heading = option->doc;
        return;
    }
    if (!conf_is_for_file(sample->conf, option)) {
        return;
    }
    if (sample->heading != NULL) {
        fprintf(sample->to, "\n# ---- %s\n", sample->heading);
        sample->heading = NULL;
    }
    fputc('\n', sample->to);
    write_comment(sample->to, option->doc);
    if (!write_given(sample, option->name)) {
        if (option->arg != NULL) {
            fprintf(sample->to, "#%s = %s\n", option->name, option->arg);
        } else {
            fprintf(sample->to, "#%s\n", option->name);
        }
    }
}

void conf_write_sample(const struct conf *conf, FILE *to)
{
    char intro[CONF_WHY_SIZE];
    snprintf(
        intro, sizeof intro,
        "%s(%d) has more on each option. A line is OPTION = VALUE; an option that may be given "
        "several times has several lines; one without a value stands alone.",
        conf->program, conf->section);
    write_comment(to, intro);
    conf_each_option(conf->argp, write_option, &(struct sample){.conf = conf, .to = to});
}
