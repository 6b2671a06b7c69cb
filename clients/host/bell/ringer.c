/* ringer.c -- the bell itself: gets everything ready, waits for an octet, rings. */
#include "bell/ringer.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bell/bell.h"
#include "bell/gpio.h"
#include "bell/sound.h"
#include "clock/clock.h"

enum { PLAYING_MS = 20, WAITING_MS = 1000, PRIORITY = 40 };

static struct ringer {
    const char *path, *device;
    bool has_sound, has_gpio;
    struct sound *sound; /* NULL: not decoded yet */
    struct gpio_line wanted;
    int line;          /* -1: not taken yet */
    int64_t off_at_ns; /* end of a pulse; 0: none */
    bool is_unusable;
    char wanting[BELL_TEXT_SIZE]; /* "": nothing */
    char told[BELL_TEXT_SIZE];
} bell = {.line = -1};

static void say(char kind, int64_t at_ns, const char *text)
{
    char line[BELL_TEXT_SIZE + 40];
    int length = snprintf(line, sizeof line, "%c %" PRId64 " %s\n", kind, at_ns, text);
    (void)!write(STDOUT_FILENO, line, (size_t)length);
}

static bool prepare_sound(void)
{
    if (!bell.has_sound ||
        (bell.sound != NULL && sound_step(bell.sound, bell.wanting) != SOUND_CLOSED)) {
        return true;
    }
    bell.is_unusable = bell.sound == NULL && !sound_load(bell.path, &bell.sound, bell.wanting);
    return !bell.is_unusable && sound_open(bell.sound, bell.device, bell.wanting);
}

static bool prepare_line(void)
{
    if (bell.has_gpio && bell.line < 0) {
        bell.line = gpio_open(&bell.wanted, bell.wanting);
    }
    return !bell.has_gpio || bell.line >= 0;
}

/* What is not there is tried again each second, and told when it is something new. */
static void prepare(void)
{
    char text[BELL_TEXT_SIZE];
    bool is_ready = prepare_sound() && prepare_line();
    if (is_ready) {
        bell.wanting[0] = '\0';
        if (bell.sound != NULL) {
            sound_describe(bell.sound, text);
        } else {
            snprintf(text, sizeof text, "the line is taken");
        }
    } else {
        snprintf(text, sizeof text, "%s", bell.wanting);
    }
    if (strcmp(text, bell.told) != 0) {
        strcpy(bell.told, text);
        say(is_ready           ? RINGER_READY
            : bell.is_unusable ? RINGER_UNUSABLE
                               : RINGER_WANTING,
            clock_mono().ns, text);
    }
}

static void set_line(bool is_active)
{
    if (bell.line >= 0) {
        (void)gpio_set(bell.line, is_active);
    }
    bell.off_at_ns = 0;
}

/* The line first: it takes a microsecond. */
static void ring(void)
{
    char why[BELL_TEXT_SIZE] = "";
    bool done = bell.wanting[0] == '\0';
    if (!done) {
        strcpy(why, bell.wanting);
    }
    if (bell.line >= 0) {
        if (!gpio_set(bell.line, true)) {
            snprintf(why, sizeof why, "the line could not be set: %s", strerror(errno));
            done = false;
        }
        bell.off_at_ns = bell.wanted.pulse.ns > 0 ? clock_mono().ns + bell.wanted.pulse.ns : 0;
    }
    if (bell.sound != NULL && sound_state(bell.sound) != SOUND_CLOSED) {
        done &= sound_start(bell.sound, why);
    }
    say(done ? RINGER_RUNG : RINGER_FAILED, clock_mono().ns, why);
}

/* Until the end of the sound. */
static void play_on(void)
{
    char why[BELL_TEXT_SIZE];
    if (bell.off_at_ns != 0 && clock_mono().ns >= bell.off_at_ns) {
        set_line(false);
    }
    if (bell.sound != NULL && sound_state(bell.sound) == SOUND_PLAYING &&
        sound_step(bell.sound, why) != SOUND_PLAYING) {
        say(RINGER_OVER, clock_mono().ns, "");
    }
}

static int wait_ms(void)
{
    bool is_playing = bell.sound != NULL && sound_state(bell.sound) == SOUND_PLAYING;
    int64_t left_ms = bell.off_at_ns == 0
                          ? WAITING_MS
                          : (bell.off_at_ns - clock_mono().ns + NS_PER_MS) / NS_PER_MS;
    int64_t most_ms = is_playing ? PLAYING_MS : WAITING_MS;
    return (int)(left_ms < 0 ? 0 : left_ms < most_ms ? left_ms : most_ms);
}

/* False: the end. */
static bool obey(char order)
{
    switch (order) {
    case RINGER_GO:
        ring();
        return true;
    case RINGER_REST:
        set_line(false);
        return true;
    default:
        return false;
    }
}

/* The memory bound of the listener is not for sounds; its priority is worth having. */
static void settle_in(void)
{
    struct rlimit data;
    struct sched_param priority = {.sched_priority = PRIORITY};
    prctl(PR_SET_NAME, BELL_PROGRAM);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getrlimit(RLIMIT_DATA, &data) == 0) {
        data.rlim_cur = data.rlim_max;
        setrlimit(RLIMIT_DATA, &data);
    }
    (void)sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &priority);
}

int bell_main(int argc, char **argv)
{
    enum { ARGUMENTS = 4 };
    if (argc != ARGUMENTS) {
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    settle_in();
    bell.path = argv[1];
    bell.device = argv[2];
    bell.has_sound = bell.path[0] != '\0';
    bell.has_gpio = argv[3][0] != '\0';
    if (bell.has_gpio && !gpio_line_read(argv[3], &bell.wanted, bell.wanting)) {
        return 2;
    }
    char order = RINGER_REST;
    int64_t prepared_ns = 0;
    do {
        bool is_playing = bell.sound != NULL && sound_state(bell.sound) == SOUND_PLAYING;
        if (!is_playing && clock_mono().ns - prepared_ns >= (WAITING_MS - 1) * NS_PER_MS) {
            prepare();
            prepared_ns = clock_mono().ns;
        }
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        if (poll(&input, 1, wait_ms()) > 0 &&
            (read(STDIN_FILENO, &order, 1) != 1 || !obey(order))) {
            break;
        }
        play_on();
    } while (true);
    gpio_close(bell.line);
    sound_close(bell.sound);
    return 0;
}
