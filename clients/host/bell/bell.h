/* bell/bell.h -- a sound and a line of GPIO at T-0, by a process of their own: decoders, sound
 * servers and drivers may hang or die there, and the listener goes on.
 *
 * The process is this program, executed anew.  It has everything ready before a start: the file is
 * decoded, the device open, the line taken.  GO, a write to its pipe, is all
 * that is left for T-0.
 *
 * Shell; its outside thing is that process. */
#ifndef BELL_BELL_H
#define BELL_BELL_H

#include <uv.h>

#include "instants/instant.h"

enum { BELL_TEXT_SIZE = 300 };

struct bell_options {
    const char *sound;  /* a file; NULL: none */
    const char *device; /* ALSA's name of where it is to be heard; NULL: "default" */
    const char *gpio;   /* a line, as bell_gpio_is_sound takes it; NULL: none */
};

enum bell_news_kind {
    BELL_READY,    /* everything is prepared: the text says what */
    BELL_WANTING,  /* something is not, and is tried again: the text says why */
    BELL_UNUSABLE, /* the same, of a file that is no sound, or of a library that is not there */
    BELL_RUNG,     /* after GO: the first sample was handed on, the line set, at `at` */
    BELL_FAILED,   /* after GO: it did not ring */
};

struct bell_news {
    enum bell_news_kind kind;
    char text[BELL_TEXT_SIZE];
    mono at;
    span after; /* RUNG: since bell_release */
};

typedef void (*bell_tell)(void *context, const struct bell_news *news);

struct bell;

/* The first argument of the process: main calls bell_main when argv[0] is it. */
#define BELL_PROGRAM "tocsin-bell"
int bell_main(int argc, char **argv);

/* Whether a text names a line: NAME or CHIP/OFFSET, then ",low" for one that is active when low and
 * ",500ms" for a pulse.  False with a sentence. */
bool bell_gpio_is_sound(const char *text, char why[static BELL_TEXT_SIZE]);

/* Whether it would ring: prepares everything once, waits for that at most so long, and lets go of
 * it again.  Neither READY, WANTING nor UNUSABLE within that time is WANTING. */
struct bell_news bell_try(const struct bell_options *options, span patience);

/* NULL for want of memory or descriptors.  Options are borrowed. */
struct bell *bell_new(uv_loop_t *loop, const struct bell_options *options, bell_tell tell,
                      void *context);

/* There should be a process, for a start is near: starts it, at once or, when it has just died, a
 * second later.  Call it again and again until the start. */
void bell_prepare(struct bell *bell);

/* T-0.  For the fire thread: one write.  While it sounds, it begins again. */
void bell_release(struct bell *bell);

/* No gesture goes on or is near: the line goes back, and when the sound has come to its end the
 * process ends. */
void bell_rest(struct bell *bell);

/* Whether nothing sounds. */
bool bell_is_idle(const struct bell *bell);

/* Ends the process, silent at once; frees once libuv has closed all handles. */
void bell_close(struct bell *bell);

#endif
