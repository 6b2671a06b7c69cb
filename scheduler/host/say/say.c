#include "say/say.h"

#include <argp.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "text/draft.h"
#include "text/text.h"

static const char *program = "tocsin", *voice, *place;
static bool runs_on;

static const char *const sequence[] = {"\033[0m", "\033[1m", "\033[32m", "\033[33m", "\033[31m"};

static const char *colour_on(int fd, enum say_colour colour)
{
    const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");
    bool is_plain =
        (none != NULL && *none != '\0') || (terminal != NULL && strcmp(terminal, "dumb") == 0);
    return !is_plain && isatty(fd) ? sequence[colour] : "";
}

const char *say_colour(enum say_colour colour)
{
    return colour_on(STDOUT_FILENO, colour);
}

/* The size of the character at the front; *is_obeyed: a terminal obeys it (C0, C1), or turns the
 * rest of the line around for it, or it is no character.  Names of files and hosts may hold
 * anything. */
static size_t look(const char *text, size_t len, bool *is_obeyed)
{
    uint32_t point;
    size_t size = text_decode(text, len, &point);
    *is_obeyed = size == 0 || !draft_is_clean(point);
    return size == 0 ? 1 : size;
}

static void clean(char *text)
{
    size_t len = strlen(text), to = 0, size;
    for (size_t at = 0; at < len; at += size) {
        bool is_obeyed;
        size = look(text + at, len - at, &is_obeyed);
        if (is_obeyed) {
            text[to++] = '?';
        } else {
            memmove(text + to, text + at, size);
            to += size;
        }
    }
    text[to] = '\0';
}

static void put_bytes(FILE *to, const char *text, size_t len)
{
    for (size_t at = 0, size; at < len; at += size) {
        bool is_obeyed;
        size = look(text + at, len - at, &is_obeyed);
        if (is_obeyed) {
            putc('?', to);
        } else {
            fwrite(text + at, 1, size, to);
        }
    }
}

void say_put(FILE *to, const char *text)
{
    put_bytes(to, text, strlen(text));
}

/* How wide the terminal is that a stream goes to; 0: it goes to none, or that one does not say. */
static int columns_of(FILE *to)
{
    struct winsize window;
    return isatty(fileno(to)) && ioctl(fileno(to), TIOCGWINSZ, &window) == 0 ? window.ws_col : 0;
}

int say_width(const char *text, size_t len)
{
    int width = 0;
    for (size_t at = 0, size; at < len; at += size) {
        uint32_t point;
        size = text_decode(text + at, len - at, &point);
        int columns = size > 0 ? wcwidth((wchar_t)point) : 1;
        width += columns >= 0 ? columns : 1;
        size = size > 0 ? size : 1;
    }
    return width;
}

/* The next word, or the whole of a command, which people copy: half of one does something else.
 * Those stand in quotes or brackets, behind a colon, or first. */
static size_t piece_len(const char *text, char before)
{
    static const char name[] = "tocsin ";
    const char *end = text;
    bool is_within = *text == '"' || *text == '(';
    if (is_within && strncmp(text + 1, name, strlen(name)) == 0) {
        end = strchr(text + 1, *text == '"' ? '"' : ')');
    } else if ((before == ':' || before == '\0') && strncmp(text, name, strlen(name)) == 0) {
        end += strcspn(text, ";\n");
    }
    end = end != NULL ? end : text;
    return (size_t)(end - text) + strcspn(end, " \n");
}

/* Of what two spaces set apart, a date from a date, the whole stands on one line where it can. */
static size_t column_len(const char *text)
{
    const char *end = strstr(text, "  ");
    size_t line = strcspn(text, "\n");
    return end != NULL && (size_t)(end - text) < line ? (size_t)(end - text) : line;
}

/* Breaks at blanks.  Two blanks or more part columns: a column that would fit a line of its own is
 * not broken within.  Where nobody looks (no columns) nothing is broken but at a newline. */
static void put_wrapped(FILE *to, const char *text, int used, int indent)
{
    int columns = columns_of(to), at = used;
    bool is_first = true;
    char before = '\0';
    while (*text != '\0') {
        if (*text == '\n') {
            fprintf(to, "\n%*s", indent, "");
            at = indent;
            is_first = true;
            text++;
            continue;
        }
        size_t spaces = strspn(text, " "), len = piece_len(text + spaces, before);
        int width = say_width(text, spaces + len);
        int whole = spaces > 1 ? say_width(text + spaces, column_len(text + spaces)) : 0;
        bool fits = at + width <= columns &&
                    (at + (int)spaces + whole <= columns || indent + whole > columns);
        if (!is_first && columns > 0 && !fits && at + (int)spaces > indent) {
            fprintf(to, "\n%*s", indent, "");
            at = indent;
            width -= (int)spaces;
            text += spaces;
            spaces = 0;
        }
        put_bytes(to, text, spaces + len);
        at += width;
        text += spaces + len;
        before = len > 0 ? text[-1] : before;
        is_first = false;
    }
    putc('\n', to);
}

void say_wrapped(FILE *to, int used, int indent, const char *format, ...)
{
    char *text;
    va_list args;
    va_start(args, format);
    if (vasprintf(&text, format, args) >= 0) {
        put_wrapped(to, text, used, indent);
        free(text);
    }
    va_end(args);
}

enum { LINE_MAX_SIZE = 2048 };
__attribute__((format(printf, 2, 0))) static void make_line(char out[static LINE_MAX_SIZE],
                                                            const char *format, va_list args)
{
    vsnprintf(out, LINE_MAX_SIZE, format, args);
    text_hide_passwords(out);
    clean(out);
}

enum weight { NOTE, WARNING, ERROR };

static bool holds;
enum { HELD_MAX = 256 };
static char *held[HELD_MAX];
static size_t held_count;

static void put_text(enum weight weight, const char *text)
{
    const char *plain = colour_on(STDERR_FILENO, SAY_PLAIN);
    if (!runs_on) { /* in their order; what a daemon prints may hang */
        fflush(stdout);
    }
    enum { INDENT = 4 };
    int used = (int)strlen(program) + 2;
    if (weight == ERROR) {
        fprintf(stderr, "%s%s:%s ", colour_on(STDERR_FILENO, SAY_RED), program, plain);
        used += place != NULL ? fprintf(stderr, "%s: ", place) : 0;
    } else if (weight == WARNING) {
        fprintf(stderr, "%s: %swarning:%s ", program, colour_on(STDERR_FILENO, SAY_YELLOW), plain);
        used += (int)strlen("warning: ");
    } else {
        fprintf(stderr, "%s: ", program);
    }
    put_wrapped(stderr, text, used, INDENT);
}

static void tell_held(void)
{
    holds = false;
    for (size_t i = 0; i < held_count; i++) {
        put_text(WARNING, held[i]);
        free(held[i]);
    }
    held_count = 0;
}

__attribute__((format(printf, 2, 0))) static void put(enum weight weight, const char *format,
                                                      va_list args)
{
    char text[LINE_MAX_SIZE];
    make_line(text, format, args);
    if (weight == WARNING && holds && held_count < HELD_MAX &&
        (held[held_count] = strdup(text)) != NULL) {
        held_count++;
        return;
    }
    if (weight == ERROR) {
        tell_held();
    }
    put_text(weight, text);
}

void say_hold_warnings(void)
{
    holds = true;
}

#define PUT(weight)                                                                                \
    do {                                                                                           \
        va_list args;                                                                              \
        va_start(args, format);                                                                    \
        put(weight, format, args);                                                                 \
        va_end(args);                                                                              \
    } while (0)

void say_error(const char *format, ...)
{
    PUT(ERROR);
}

int say_no(const char *format, ...)
{
    PUT(ERROR);
    return EXIT_NO;
}

int say_usage(const char *format, ...)
{
    PUT(ERROR);
    return EXIT_USAGE;
}

int say_outside(const char *format, ...)
{
    PUT(ERROR);
    return EXIT_OUTSIDE;
}

void say_of(const char *where)
{
    place = where;
}

void say_misuse(const char *format, ...)
{
    char text[LINE_MAX_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    say_error("%s (see %s --help)", text, program);
    exit(EXIT_USAGE);
}

void say_no_memory(void)
{
    exit(say_outside("out of memory"));
}

void *say_memory(void *given)
{
    if (given == NULL) {
        say_no_memory();
    }
    return given;
}

void say_note(const char *format, ...)
{
    PUT(NOTE);
}

void say_warning(const char *format, ...)
{
    PUT(WARNING);
}

void say_news(const char *format, ...)
{
    char text[LINE_MAX_SIZE];
    va_list args;
    va_start(args, format);
    make_line(text, format, args);
    va_end(args);
    printf("%s > %s\n", voice != NULL ? voice : program, text);
    fflush(stdout);
}

void say_line(void *context, const char *line)
{
    (void)context;
    (voice != NULL ? say_news : say_note)("%s", line);
}

/* At exit, because argp ends the program itself after --help. */
static void check_stdout(void)
{
    tell_held();
    errno = 0; /* an earlier write that failed has left no number */
    if (!runs_on && (fflush(stdout) != 0 || ferror(stdout))) {
        _exit(say_outside("standard output: %s",
                          errno != 0 ? strerror(errno) : "not everything could be written"));
    }
}

void say_begin(const char *name, const char *speaks_as)
{
    static char version[64];
    static bool is_checked;
    program = name;
    voice = speaks_as;
    snprintf(version, sizeof version, "%s %s", name, TOCSIN_VERSION);
    argp_program_version = version;
    argp_err_exit_status = EXIT_USAGE;
    if (!is_checked) { /* there is room for 32 of these (C17 7.22.4.2) */
        is_checked = atexit(check_stdout) == 0;
    }
}

void say_runs_on(void)
{
    runs_on = true;
}

static bool is_somebody_there(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* What was typed before a question is no answer to it.  Between two of one command there is time to
 * see that another record is meant: whoever types on gets his answer back. */
static void forget_typed(bool waits)
{
    enum { QUIET_MS = 1000 };
    struct pollfd typed = {.fd = STDIN_FILENO, .events = POLLIN};
    bool is_told = false;
    fflush(stdout);
    while (poll(&typed, 1, waits ? QUIET_MS : 0) > 0 && typed.revents == POLLIN) {
        tcflush(STDIN_FILENO, TCIFLUSH);
        if (!is_told) {
            say_note("typed before the question, so it is no answer to it");
        }
        is_told = true;
    }
    tcflush(STDIN_FILENO, TCIFLUSH); /* half a line, too */
}

/* The answer to a question that only "yes" and "no" answer; whoever types another word is asked
 * again. */
static bool hear_yes(void)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    bool is_yes = false;
    while ((len = getline(&line, &room, stdin)) > 0) {
        is_yes = strcmp(line, "yes\n") == 0 || strcmp(line, "yes") == 0;
        if (is_yes || strcmp(line, "no\n") == 0 || line[len - 1] != '\n') {
            break;
        }
        fputs("Please type yes or no: ", stderr);
    }
    free(line);
    return is_yes;
}

bool say_agree(const char *question, bool yes, int *code)
{
    static bool was_asked;
    *code = EXIT_DONE;
    tell_held();
    if (yes) {
        return true;
    }
    if (!is_somebody_there()) {
        *code = say_usage("nobody is there to confirm: give --yes to go on without asking");
        return false;
    }
    forget_typed(was_asked);
    was_asked = true;
    fprintf(stderr, "%s Type yes to go on: ", question);
    if (!hear_yes()) {
        *code = EXIT_NO;
        return false;
    }
    return true;
}

bool say_confirm(const char *question, bool yes, int *code)
{
    bool agrees = say_agree(question, yes, code);
    if (*code == EXIT_NO) {
        say_no("not confirmed: nothing was done");
    }
    return agrees;
}

char *say_ask(const char *what)
{
    if (!is_somebody_there()) {
        return NULL;
    }
    size_t len_asked = strlen(what);
    bool is_question = len_asked > 0 && what[len_asked - 1] == '?';
    tell_held();
    forget_typed(false);
    fprintf(stderr, "%s%s ", what, is_question ? "" : ":");
    char *line = NULL;
    size_t room = 0;
    ssize_t len = getline(&line, &room, stdin);
    if (len <= 1) {
        free(line);
        return NULL;
    }
    line[len - 1] = '\0';
    return line;
}
