/* tocsin/say.h -- what tocsin tells a person on standard error, and what it asks.  Colour only
 * where standard error is a terminal and NO_COLOR is not set. */
#ifndef TOCSIN_SAY_H
#define TOCSIN_SAY_H

#include <stdbool.h>

#include "tocsin/commands/command.h"

#define SAY_PRINTF __attribute__((format(printf, 1, 2)))

/* One line "tocsin: ..." on standard error; each returns the exit code that it is named for, so
 * that a command can end with `return say_usage(...)`.  Bytes that could command a terminal are
 * shown as '?'. */
int say_no(const char *format, ...) SAY_PRINTF;
int say_usage(const char *format, ...) SAY_PRINTF;
int say_outside(const char *format, ...) SAY_PRINTF;

/* A note or a warning that changes nothing. */
void say_note(const char *format, ...) SAY_PRINTF;
void say_warning(const char *format, ...) SAY_PRINTF;

/* For the libraries' note callbacks: one line, context unused. */
void say_note_line(void *context, const char *line);

/* Asks for "yes" on the terminal.  True at once when `yes` is set.  Without a terminal nobody can
 * answer: false, having told to give --yes; *code is then EXIT_USAGE, else EXIT_NO. */
bool say_confirm(const char *question, bool yes, int *code);

/* Escape sequences for standard output: the empty string when it is no terminal. */
enum say_colour { SAY_PLAIN, SAY_BOLD, SAY_GREEN, SAY_YELLOW, SAY_RED };
const char *say_colour(enum say_colour colour);

#endif
