/* tocsin-beacon/say.h -- what the beacon tells people: news on standard output in the words of the
 * stories, one-line errors with their remedy on standard error. */
#ifndef DAEMON_SAY_H
#define DAEMON_SAY_H

#define SAY_PRINTF __attribute__((format(printf, 1, 2)))

/* What a program's exit code says. */
enum { EXIT_DONE = 0, EXIT_NO = 1, EXIT_BAD_INPUT = 2, EXIT_OUTSIDE = 3 };

/* "beacon > ..." */
void say(const char *format, ...) SAY_PRINTF;

/* "tocsin-beacon: ..." */
void say_error(const char *format, ...) SAY_PRINTF;

/* For libraries that give notes: context unused. */
void say_note(void *context, const char *line);

#endif
