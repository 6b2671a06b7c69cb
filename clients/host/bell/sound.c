#include "bell/sound.h"

#include <alsa/asoundlib.h>
#include <errno.h>
#include <inttypes.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock/clock.h"
#include "library/library.h"
#include "text/draft.h"

enum { BUFFER_US = 400 * 1000, CHANNELS_MAX = 8, CHUNK = 4096, MARGIN_MS = 200 };

static struct {
    __typeof__(sf_open) *open;
    __typeof__(sf_readf_short) *read;
    __typeof__(sf_close) *close;
    __typeof__(sf_strerror) *why;
} file;

static struct {
    __typeof__(snd_pcm_open) *open;
    __typeof__(snd_pcm_close) *close;
    __typeof__(snd_pcm_set_params) *set;
    __typeof__(snd_pcm_writei) *write;
    __typeof__(snd_pcm_start) *start;
    __typeof__(snd_pcm_drop) *drop;
    __typeof__(snd_pcm_prepare) *prepare;
    __typeof__(snd_pcm_state) *state;
    __typeof__(snd_pcm_avail) *avail;
    __typeof__(snd_pcm_get_params) *sizes;
    __typeof__(snd_strerror) *why;
    __typeof__(snd_lib_error_set_handler) *tell;
} alsa;

struct sound {
    struct draft samples; /* 16 bits each */
    size_t frames;
    unsigned channels, rate;
    char device[64];
    snd_pcm_t *pcm;         /* NULL: closed */
    snd_pcm_uframes_t room; /* of its buffer, in frames */
    size_t at;              /* frames handed on */
    int64_t heard_by_ns;    /* playing: its last frame, by the clock */
    enum sound_state state;
};

static bool load_files(void)
{
    const struct library_function wanted[] = {
        {"sf_open", &file.open},
        {"sf_readf_short", &file.read},
        {"sf_close", &file.close},
        {"sf_strerror", &file.why},
    };
    return file.why != NULL ||
           library_load("libsndfile.so.1", wanted, sizeof wanted / sizeof *wanted);
}

/* Its own words go to standard error otherwise. */
static void say_nothing(const char *path, int line, const char *function, int error,
                        const char *format, ...)
{
    (void)path;
    (void)line;
    (void)function;
    (void)error;
    (void)format;
}

static bool load_alsa(void)
{
    const struct library_function wanted[] = {
        {"snd_pcm_open", &alsa.open},       {"snd_pcm_close", &alsa.close},
        {"snd_pcm_set_params", &alsa.set},  {"snd_pcm_writei", &alsa.write},
        {"snd_pcm_start", &alsa.start},     {"snd_pcm_drop", &alsa.drop},
        {"snd_pcm_prepare", &alsa.prepare}, {"snd_pcm_state", &alsa.state},
        {"snd_pcm_avail", &alsa.avail},     {"snd_pcm_get_params", &alsa.sizes},
        {"snd_strerror", &alsa.why},        {"snd_lib_error_set_handler", &alsa.tell},
    };
    if (alsa.tell == NULL &&
        library_load("libasound.so.2", wanted, sizeof wanted / sizeof *wanted)) {
        alsa.tell(say_nothing);
    }
    return alsa.tell != NULL;
}

/* --- the file --------------------------------------------------------------------------------- */

/* A header may claim any length: what is read is counted. */
static bool decode(struct sound *sound, SNDFILE *from)
{
    static int16_t chunk[CHUNK * CHANNELS_MAX];
    sf_count_t got;
    while ((got = file.read(from, chunk, CHUNK)) > 0) {
        draft_add_bytes(&sound->samples, chunk, (size_t)got * sound->channels * sizeof *chunk);
        sound->frames += (size_t)got;
        if (sound->samples.len > SOUND_SIZE_MAX || sound->samples.is_short_of_memory) {
            return false;
        }
    }
    return true;
}

/* Silence after the end: a card plays its last period to the end, with whatever is in it. */
static bool add_silence(struct sound *sound)
{
    size_t more = (size_t)sound->rate * BUFFER_US / 1000000;
    size_t size = more * sound->channels * sizeof(int16_t);
    if (!draft_reserve(&sound->samples, size)) {
        return false;
    }
    memset(sound->samples.at + sound->samples.len, 0, size);
    sound->samples.len += size;
    sound->frames += more;
    return true;
}

static void sound_free(struct sound *sound)
{
    draft_free(&sound->samples);
    free(sound);
}

bool sound_load(const char *path, struct sound **out, char why[static BELL_TEXT_SIZE])
{
    if (!load_files()) {
        snprintf(why, BELL_TEXT_SIZE, "--sound needs libsndfile: apt-get install libsndfile1");
        return false;
    }
    SF_INFO info = {0};
    SNDFILE *from = file.open(path, SFM_READ, &info);
    if (from == NULL) {
        if (access(path, R_OK) != 0) {
            snprintf(why, BELL_TEXT_SIZE, "--sound %.120s: %s", path, strerror(errno));
        } else {
            snprintf(why, BELL_TEXT_SIZE,
                     "--sound %.120s: %.120s  Give WAV, FLAC, Ogg, Opus or MP3", path,
                     file.why(NULL));
        }
        return false;
    }
    struct sound *sound = calloc(1, sizeof *sound);
    bool is_sound = info.channels >= 1 && info.channels <= CHANNELS_MAX &&
                    info.samplerate >= 4000 && info.samplerate <= 192000;
    snprintf(why, BELL_TEXT_SIZE, "--sound %.120s: %s", path,
             !is_sound
                 ? "it must have 1 to 8 channels and 4 to 192 kHz"
                 : "it is longer than 64 MiB once decoded, six minutes of stereo at 44.1 kHz: "
                   "start a player of your own with --pipe");
    bool done = sound != NULL && is_sound;
    if (done) {
        sound->channels = (unsigned)info.channels;
        sound->rate = (unsigned)info.samplerate;
        done = decode(sound, from);
    }
    file.close(from);
    if (done && sound->frames == 0) {
        snprintf(why, BELL_TEXT_SIZE, "--sound %.120s: there is no sound in it", path);
        done = false;
    }
    if (!done || !add_silence(sound)) {
        if (sound != NULL) {
            sound_free(sound);
        }
        return false;
    }
    *out = sound;
    return true;
}

void sound_describe(const struct sound *sound, char out[static BELL_TEXT_SIZE])
{
    double seconds = (double)sound->frames / sound->rate - BUFFER_US / 1e6;
    char channels[24];
    snprintf(channels, sizeof channels, "%u channels", sound->channels);
    snprintf(out, BELL_TEXT_SIZE, "%.1f s, %u Hz, %s, on the device %s", seconds, sound->rate,
             sound->channels == 1   ? "mono"
             : sound->channels == 2 ? "stereo"
                                    : channels,
             sound->device);
}

/* --- the device ------------------------------------------------------------------------------- */

static void close_device(struct sound *sound)
{
    if (sound->pcm != NULL) {
        (void)alsa.drop(sound->pcm); /* what waits is not to be heard */
        alsa.close(sound->pcm);
    }
    sound->pcm = NULL;
    sound->state = SOUND_CLOSED;
}

/* As much as there is room for; 0 or ALSA's error. */
static int fill(struct sound *sound)
{
    while (sound->at < sound->frames) {
        const char *from = sound->samples.at + sound->at * sound->channels * sizeof(int16_t);
        snd_pcm_sframes_t taken = alsa.write(sound->pcm, from, sound->frames - sound->at);
        if (taken == -EAGAIN || taken == 0) {
            return 0;
        }
        if (taken < 0) {
            return (int)taken;
        }
        sound->at += (size_t)taken;
    }
    return 0;
}

/* Not a sample before the start: PulseAudio plays what it is given, whatever threshold it was
 * told. */
static int rewind_all(struct sound *sound)
{
    sound->at = 0;
    sound->state = SOUND_CLOSED;
    (void)alsa.drop(sound->pcm);
    int result = alsa.prepare(sound->pcm);
    sound->state = result < 0 ? SOUND_CLOSED : SOUND_READY;
    return result;
}

static bool fail(struct sound *sound, int error, char why[static BELL_TEXT_SIZE])
{
    snprintf(why, BELL_TEXT_SIZE, "the sound device %s: %.100s%s", sound->device, alsa.why(error),
             error == -ENOENT || error == -ENODEV  ? ": aplay -L lists those that there are"
             : error == -EBUSY                     ? ": another program holds it"
             : error == -EACCES || error == -EPERM ? ": let this user in with adduser USER audio"
                                                   : "");
    close_device(sound);
    return false;
}

bool sound_open(struct sound *sound, const char *device, char why[static BELL_TEXT_SIZE])
{
    if (!load_alsa()) {
        snprintf(why, BELL_TEXT_SIZE, "--sound needs ALSA's library: apt-get install libasound2");
        return false;
    }
    snprintf(sound->device, sizeof sound->device, "%s", device);
    snd_pcm_uframes_t period;
    int result = alsa.open(&sound->pcm, device, SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK);
    if (result < 0) {
        sound->pcm = NULL;
        return fail(sound, result, why);
    }
    result = alsa.set(sound->pcm, SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED,
                      sound->channels, sound->rate, 1, BUFFER_US);
    result = result < 0 ? result : alsa.sizes(sound->pcm, &sound->room, &period);
    result = result < 0 ? result : rewind_all(sound);
    return result >= 0 || fail(sound, result, why);
}

bool sound_start(struct sound *sound, char why[static BELL_TEXT_SIZE])
{
    int result = sound->state == SOUND_PLAYING ? rewind_all(sound) : 0;
    result = result < 0 ? result : fill(sound);
    if (result >= 0 && alsa.state(sound->pcm) == SND_PCM_STATE_PREPARED) {
        result = alsa.start(sound->pcm);
    }
    if (result < 0) {
        return fail(sound, result, why);
    }
    sound->heard_by_ns = clock_mono().ns + (int64_t)sound->frames * NS_PER_S / sound->rate;
    sound->state = SOUND_PLAYING;
    return true;
}

/* All was handed on and the device has come to the end of it: not before its time, as a sound
 * server takes more than its buffer, and not much later, as its plugin may never say so. */
static bool is_over(const struct sound *sound, snd_pcm_sframes_t room)
{
    bool says_so = room == -EPIPE || alsa.state(sound->pcm) != SND_PCM_STATE_RUNNING ||
                   (room > 0 && (snd_pcm_uframes_t)room >= sound->room);
    int64_t past_ns = clock_mono().ns - sound->heard_by_ns;
    return sound->at == sound->frames &&
           ((says_so && past_ns >= -BUFFER_US * NS_PER_US) || past_ns > MARGIN_MS * NS_PER_MS);
}

enum sound_state sound_step(struct sound *sound, char why[static BELL_TEXT_SIZE])
{
    int result = 0;
    if (sound->state == SOUND_READY) {
        snd_pcm_state_t now = alsa.state(sound->pcm);
        result = now == SND_PCM_STATE_PREPARED       ? 0
                 : now == SND_PCM_STATE_DISCONNECTED ? -ENODEV
                                                     : rewind_all(sound);
    } else if (sound->state == SOUND_PLAYING) {
        snd_pcm_sframes_t room = alsa.avail(sound->pcm);
        if (is_over(sound, room)) {
            result = rewind_all(sound);
        } else if (room == -EPIPE &&
                   sound->at < sound->frames) { /* we were too slow: on from here */
            int64_t left = (int64_t)(sound->frames - sound->at + sound->room);
            sound->heard_by_ns = clock_mono().ns + left * NS_PER_S / sound->rate;
            result = alsa.prepare(sound->pcm);
            result = result < 0 ? result : fill(sound);
            result = result < 0 ? result : alsa.start(sound->pcm);
        } else {
            result = room < 0 && room != -EPIPE ? (int)room : fill(sound);
        }
    }
    if (result < 0) {
        (void)fail(sound, result, why);
    }
    return sound->state;
}

void sound_close(struct sound *sound)
{
    if (sound != NULL) {
        close_device(sound);
        sound_free(sound);
    }
}

enum sound_state sound_state(const struct sound *sound)
{
    return sound->state;
}
