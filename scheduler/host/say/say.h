/* say/say.h -- what a program tells a person on a terminal, what it asks, and what its exit code
 * says.  One line a call; bytes that could command a terminal are shown as '?'; colour only where
 * it is a terminal that is not "dumb" (TERM), and NO_COLOR is not set.
 *
 * Shell; its outside thing are the three standard streams. */
#ifndef SAY_SAY_H
#define SAY_SAY_H

#include <stdbool.h>
#include <stdio.h>

#define SAY_PRINTF __attribute__((format(printf, 1, 2)))

/* What the exit code of each of our programs says. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_NO = 1,      /* the answer is no: verification failed, nothing found */
    EXIT_USAGE = 2,   /* usage or bad input */
    EXIT_OUTSIDE = 3, /* the outside failed: disk, network, memory */
};

/* To be called first.  program ("tocsin-beacon") begins each line on standard error; voice
 * ("beacon"), or NULL, each line of news.  Sets what argp says and exits with, and has standard
 * output looked at when the program ends: a full disk behind a redirection must not look like
 * success (EXIT_OUTSIDE).  Both texts outlive the program. */
void say_begin(const char *program, const char *voice);

/* From now on it goes on, whatever becomes of what it prints: a daemon. */
void say_runs_on(void);

/* "PROGRAM: ..." on standard error, the name in red; the three return the exit code that they are
 * named for, so that a command can end with `return say_usage(...)`. */
void say_error(const char *format, ...) SAY_PRINTF;
int say_no(const char *format, ...) SAY_PRINTF;
int say_usage(const char *format, ...) SAY_PRINTF;
int say_outside(const char *format, ...) SAY_PRINTF;

/* Where what is read now stands ("/etc/tocsin/listen.conf:12"), which the following errors say
 * first; NULL: nowhere in particular.  The text outlives the program. */
void say_of(const char *place);

/* An error in what was typed or stands in a file, with a pointer to --help; ends the program with
 * EXIT_USAGE.  For parsers of options, in place of argp_error. */
void say_misuse(const char *format, ...) SAY_PRINTF __attribute__((noreturn));

/* Says that there is no memory, and ends the program (EXIT_OUTSIDE).  For commands, which have
 * nothing else to do then; what runs on sheds what it cannot hold. */
void say_no_memory(void) __attribute__((noreturn));

/* What an allocation gave: where that is nothing, say_no_memory. */
void *say_memory(void *given) __attribute__((returns_nonnull));

/* A note or a warning that changes nothing, on standard error. */
void say_note(const char *format, ...) SAY_PRINTF;
void say_warning(const char *format, ...) SAY_PRINTF;

/* From now on warnings wait for the next question or error, or the program's end, and stand right
 * before it, where they are read.  Once asked or told, they are said at once again. */
void say_hold_warnings(void);

/* News of a program with a voice, on standard output: "VOICE > ...". */
void say_news(const char *format, ...) SAY_PRINTF;

/* Text of others, a name or a title from a file, as a terminal may have it: what that would obey
 * becomes a question mark. */
void say_put(FILE *to, const char *text);

/* The terminal's columns that a text takes, as far as the locale knows them. */
int say_width(const char *text, size_t len);

/* A text and a line feed, as a terminal may have it.  On one it breaks at spaces, but not within a
 * command that it quotes: `used` columns of its first line are taken already, and each further line
 * begins with `indent` spaces, as does what follows a line feed. */
void say_wrapped(FILE *to, int used, int indent, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* For the libraries' note callbacks: one line of news, or a note where there is no voice. */
void say_line(void *context, const char *line);

/* Asks for "yes" on the terminal; what is neither that nor "no" is asked again, and the end of
 * input is a no.  What was typed before the question does not answer it; from the second question
 * on it waits until nobody has typed for a second.  True at once when `yes` is set.  Without a
 * terminal nobody can answer: false, having told to give --yes; *code is then EXIT_USAGE, else
 * EXIT_NO.  say_confirm adds that nothing was done, say_agree leaves that to its caller. */
bool say_confirm(const char *question, bool yes, int *code);
bool say_agree(const char *question, bool yes, int *code);

/* Asks for a line.  On the heap, without its line feed; NULL when nobody is there, nothing was
 * typed or there is no memory. */
char *say_ask(const char *what);

/* The languages that the environment asks for, the best first: LANG's "it_IT.UTF-8" or LANGUAGE's
 * "it:fr" as "it,fr"; "" for none. */
enum { SAY_LANGUAGES_SIZE = 128 };
void say_languages(char out[static SAY_LANGUAGES_SIZE]);

/* Escape sequences for standard output: the empty string when it is no terminal. */
enum say_colour { SAY_PLAIN, SAY_BOLD, SAY_GREEN, SAY_YELLOW, SAY_RED };
const char *say_colour(enum say_colour colour);

#endif
