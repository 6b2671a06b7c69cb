#include "conf/conf.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "conf/lines.h"
#include "conf/options.h"
#include "files/files.h"
#include "say/parse.h"
#include "say/say.h"
#include "words/words.h"

enum {
    KEY_CONFIG = 0x30000,
    KEY_PRINT,
    KEY_PLACE,
    WORDS_MAX = 4096, /* of a file: two for each line */
};

#define PLACE_OPTION ":line" /* where the next word stands; nobody types it */

static const struct argp_option table[] = {
    {"config", KEY_CONFIG, "FILE", 0, "read options from FILE: lines OPTION = VALUE", -1},
    {"print-config", KEY_PRINT, NULL, 0, "print such a file, each option explained", -1},
    {PLACE_OPTION, KEY_PLACE, "PLACE", OPTION_HIDDEN, NULL, -1},
    {0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    (void)state;
    if (key == KEY_PLACE) {
        say_of(*value != '\0' ? value : NULL);
        return 0;
    }
    return key == KEY_CONFIG || key == KEY_PRINT ? 0 : ARGP_ERR_UNKNOWN;
}

const struct argp conf_argp = {.options = table, .parser = parse};
const struct argp conf_place_argp = {.options = table + 1, .parser = parse};

struct search {
    const struct conf *conf;
    const char *name;
    const struct argp_option *found;
    const char *nearest;
};

static void look_at(void *context, const struct argp_option *option)
{
    struct search *search = context;
    if (!conf_is_for_file(search->conf, option)) {
        return;
    }
    if (strcmp(option->name, search->name) == 0) {
        search->found = option;
    }
    search->nearest =
        words_nearer(search->name, strlen(search->name), search->nearest, option->name);
}

/* ---- what was typed ---- */

struct typed {
    const char *file; /* of --config */
    bool is_complete, wants_sample;
};

static bool is_file(const struct conf *conf, const char *path)
{
    struct stat status;
    return !conf->has_folder || (stat(path, &status) == 0 && !S_ISDIR(status.st_mode));
}

/* Finds --config in what was typed, where and however argp will see it, and removes it where it
 * would be taken for a folder.  Mistakes are for argp to tell. */
static struct typed look_at_typed(const struct conf *conf, int *argc, char **argv)
{
    struct typed typed = {0};
    struct say_option option = {.next = 1};
    while (say_next_option(conf->argp, argv, &option)) {
        if (option.is == NULL) { /* a word, or a mistake */
            continue;
        }
        const char *name = option.is->name;
        typed.wants_sample = typed.wants_sample || strcmp(name, "print-config") == 0;
        typed.is_complete = typed.is_complete || conf_is_among(name, conf->complete);
        if (strcmp(name, "config") == 0 && option.value != NULL && is_file(conf, option.value)) {
            typed.file = option.value;
            if (conf->has_folder) {
                memmove(argv + option.at, argv + option.next,
                        (size_t)(*argc - option.next + 1) * sizeof *argv);
                *argc -= option.next - option.at;
                break; /* a second one would be another's mistake, which argp tells */
            }
        }
    }
    return typed;
}

/* ---- the file ---- */

struct file {
    const struct conf *conf;
    const char *path;
    char **word; /* lives as long as the program */
    size_t count;
    char *why; /* CONF_WHY_SIZE */
};

static bool refuse(const struct file *file, size_t number, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool refuse(const struct file *file, size_t number, const char *format, ...)
{
    int len = snprintf(file->why, CONF_WHY_SIZE, "%.150s:%zu: ", file->path, number);
    va_list args;
    va_start(args, format);
    vsnprintf(file->why + len, CONF_WHY_SIZE - (size_t)len, format, args);
    va_end(args);
    return false;
}

static bool add_word(struct file *file, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool add_word(struct file *file, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = file->count < WORDS_MAX ? vasprintf(&file->word[file->count], format, args) : -1;
    va_end(args);
    file->count += len >= 0;
    return len >= 0;
}

/* A line becomes two words for argp: where it stands, for whoever complains of it, and the option.
 * "no" becomes none: it says what holds without the line. */
static bool take_line(struct file *file, const struct conf_line *line)
{
    struct search search = {.conf = file->conf, .name = line->name};
    conf_each_option(file->conf->argp, look_at, &search);
    const struct argp_option *option = search.found;
    if (option == NULL && conf_is_among(line->name, file->conf->only_typed)) {
        return refuse(file, line->number, "\"%s\" is nothing for a file: type --%s", line->name,
                      line->name);
    }
    if (option == NULL) {
        return search.nearest != NULL
                   ? refuse(file, line->number, "there is no option \"%s\"; did you mean \"%s\"?",
                            line->name, search.nearest)
                   : refuse(file, line->number,
                            "there is no option \"%s\": %s%s%s --print-config "
                            "shows those that there are",
                            line->name, file->conf->program, file->conf->command != NULL ? " " : "",
                            file->conf->command != NULL ? file->conf->command : "");
    }
    bool is_switch = option->arg == NULL;
    bool is_needed = !is_switch && (option->flags & OPTION_ARG_OPTIONAL) == 0;
    bool is_yes = line->has_value && strcmp(line->value, "yes") == 0;
    bool is_no = line->has_value && strcmp(line->value, "no") == 0;
    if (is_needed && !line->has_value) {
        return refuse(file, line->number, "write %s = %s", line->name, option->arg);
    }
    if (is_switch && line->has_value && !is_yes && !is_no) {
        return refuse(file, line->number, "%s takes no value: write it alone, or = yes, or = no",
                      line->name);
    }
    if (is_no && !is_needed) {
        return true;
    }
    bool is_bare = !line->has_value || (is_yes && !is_needed);
    bool is_added = add_word(file, "--" PLACE_OPTION "=%s:%zu", file->path, line->number) &&
                    (is_bare ? add_word(file, "--%s", line->name)
                             : add_word(file, "--%s=%s", line->name, line->value));
    return is_added || refuse(file, line->number, "too many lines, or too little memory");
}

static bool take_file(struct file *file, const char *text, size_t size)
{
    struct conf_line line = {0};
    const char *why;
    size_t at = 0;
    enum conf_result result;
    while ((result = conf_next_line(text, size, &at, &line, &why)) == CONF_LINE) {
        if (!take_line(file, &line)) {
            return false;
        }
    }
    return result == CONF_END ? add_word(file, "--" PLACE_OPTION "=")
                              : refuse(file, line.number, "%s", why);
}

static bool read_file(struct file *file, bool must_be_there)
{
    uint8_t *text;
    size_t size;
    struct files_error error;
    switch (
        files_load_at(AT_FDCWD, file->path, FILES_REGULAR, CONF_SIZE_MAX, &text, &size, &error)) {
    case FILES_OK:
        break;
    case FILES_GONE:
        if (!must_be_there) {
            return true;
        }
        __attribute__((fallthrough));
    case FILES_UNFIT:
    case FILES_NO_MEMORY:
    case FILES_FAILED:
        snprintf(file->why, CONF_WHY_SIZE, "--config %s", error.message);
        return false;
    }
    bool is_taken = take_file(file, (const char *)text, size);
    free(text);
    return is_taken;
}

/* argp's callers keep what points into a command line: it lives as long as the program. */
struct command_line {
    struct command_line *before;
    char *word[];
};

static char **new_command_line(size_t words)
{
    static struct command_line *last;
    struct command_line *line = calloc(1, sizeof *line + words * sizeof *line->word);
    if (line == NULL) {
        return NULL;
    }
    line->before = last;
    last = line;
    return line->word;
}

char **conf_argv(const struct conf *conf, int *argc, char **argv, char why[static CONF_WHY_SIZE])
{
    snprintf(why, CONF_WHY_SIZE, "out of memory");
    if (*argc < 1) {
        return argv;
    }
    const struct typed typed = look_at_typed(conf, argc, argv);
    if (typed.wants_sample) {
        conf_write_sample(conf, stdout);
        exit(EXIT_DONE);
    }
    const char *path = typed.file != NULL ? typed.file : typed.is_complete ? NULL : conf->path;
    if (path == NULL) {
        return argv;
    }
    struct file file = {.conf = conf, .path = path, .why = why};
    file.word = new_command_line(WORDS_MAX + (size_t)*argc + 1);
    if (file.word == NULL) {
        return NULL;
    }
    file.word[file.count++] = argv[0];
    if (!read_file(&file, typed.file != NULL)) {
        return NULL;
    }
    memcpy(file.word + file.count, argv + 1, (size_t)*argc * sizeof *argv);
    *argc += (int)file.count - 1;
    return file.word;
}
