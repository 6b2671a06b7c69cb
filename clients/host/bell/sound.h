/* bell/sound.h -- inside of the process: a sound, decoded whole, and the device that waits for it.
 * libsndfile and libasound are loaded when a sound is: a site without one needs neither. */
#ifndef BELL_SOUND_H
#define BELL_SOUND_H

#include <poll.h>

#include "bell/bell.h"

enum { SOUND_SIZE_MAX = 64 * 1024 * 1024 }; /* decoded: six minutes of stereo at 44.1 kHz */

struct sound;

enum sound_state {
    SOUND_CLOSED, /* no device */
    SOUND_READY,  /* it waits for the first sample */
    SOUND_PLAYING,
};

/* Decodes; false with a sentence. */
bool sound_load(const char *path, struct sound **out, char why[static BELL_TEXT_SIZE]);

/* Opens and prepares the device; false with a sentence. */
bool sound_open(struct sound *sound, const char *device, char why[static BELL_TEXT_SIZE]);

/* What it is, for people: "3.2 s, 44100 Hz, stereo, on default". */
void sound_describe(const struct sound *sound, char out[static BELL_TEXT_SIZE]);

/* Starts, from the beginning, also when it plays already; false with a sentence. */
bool sound_start(struct sound *sound, char why[static BELL_TEXT_SIZE]);

/* Keeps the buffer full; once all is heard it is READY again.  CLOSED, with a sentence, when the
 * device was lost.  Call it at least every 50 ms while it plays, every second otherwise. */
enum sound_state sound_step(struct sound *sound, char why[static BELL_TEXT_SIZE]);

/* Silent at once; takes NULL. */
void sound_close(struct sound *sound);

enum sound_state sound_state(const struct sound *sound);

#endif
