/* The bell on ALSA's own devices that write what they are given into a file: no card is needed. */
#include "check.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bell/bell.h"

enum { RATE = 8000, FRAMES = 12000 };

static char folder[] = "/tmp/tocsin-bell-XXXXXX";
static char wave[64], heard[64];

static void put_u32(FILE *out, unsigned value)
{
    for (int i = 0; i < 4; i++) {
        fputc((int)(value >> (8 * i) & 0xff), out);
    }
}

/* A second and a half of a rising saw, as RIFF has it. */
static void write_wave(const char *path, unsigned frames)
{
    FILE *out = fopen(path, "wb");
    fputs("RIFF", out);
    put_u32(out, 36 + 2 * frames);
    fputs("WAVEfmt ", out);
    put_u32(out, 16);
    put_u32(out, 1 | 1 << 16);
    put_u32(out, RATE);
    put_u32(out, 2 * RATE);
    put_u32(out, 2 | 16 << 16);
    fputs("data", out);
    put_u32(out, 2 * frames);
    for (unsigned i = 0; i < frames; i++) {
        fputc((int)(i & 0xff), out);
        fputc((int)(i >> 8 & 0x7f), out);
    }
    fclose(out);
}

static void write_text(const char *name, const char *text)
{
    char path[80];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    fputs(text, out);
    fclose(out);
}

struct heard {
    int ready, wanting, unusable, rung, failed;
    struct bell_news last;
};

static void hear(void *context, const struct bell_news *news)
{
    struct heard *heard_news = context;
    int *const count[] = {
        [BELL_READY] = &heard_news->ready,       [BELL_WANTING] = &heard_news->wanting,
        [BELL_UNUSABLE] = &heard_news->unusable, [BELL_RUNG] = &heard_news->rung,
        [BELL_FAILED] = &heard_news->failed,
    };
    (*count[news->kind])++;
    heard_news->last = *news;
}

/* Turns the loop, with its owner's call in each turn, until something is so; what hangs fails. */
static void turn_until(uv_loop_t *loop, struct bell *bell, void (*keep)(struct bell *),
                       const int *so)
{
    for (int i = 0; i < 6000 && *so == 0; i++) {
        keep(bell);
        uv_run(loop, UV_RUN_NOWAIT);
        nanosleep(&(struct timespec){.tv_nsec = 10 * NS_PER_MS}, NULL);
    }
    assert_int_not_equal(*so, 0);
}

static void end(uv_loop_t *loop, struct bell *bell)
{
    bell_close(bell);
    assert_int_equal(uv_run(loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(loop), 0);
}

static mono now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (mono){at.tv_sec * NS_PER_S + at.tv_nsec};
}

static void a_sound_is_ready_waits_for_go_and_is_played_to_its_end(void **state)
{
    (void)state;
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct heard news = {0};
    struct bell *bell = bell_new(&loop, &(struct bell_options){.sound = wave}, hear, &news);
    turn_until(&loop, bell, bell_prepare, &news.ready);
    assert_string_equal(news.last.text, "1.5 s, 8000 Hz, mono, on the device default");
    for (int i = 0; i < 20; i++) { /* it waits */
        bell_prepare(bell);
        uv_run(&loop, UV_RUN_NOWAIT);
        nanosleep(&(struct timespec){.tv_nsec = 10 * NS_PER_MS}, NULL);
    }
    assert_int_equal(news.rung + news.failed, 0);
    mono go = now();
    bell_release(bell);
    turn_until(&loop, bell, bell_rest, &news.rung);
    assert_true(news.last.at.ns >= go.ns && news.last.at.ns <= now().ns);
    while (!bell_is_idle(bell)) {
        bell_rest(bell);
        uv_run(&loop, UV_RUN_ONCE);
    }
    bell_rest(bell);
    uv_run(&loop, UV_RUN_DEFAULT); /* it has nothing left to wait for, and ends */
    FILE *in = fopen(heard, "rb");
    for (unsigned i = 0; i < FRAMES; i++) {
        assert_int_equal(fgetc(in), (int)(i & 0xff));
        assert_int_equal(fgetc(in), (int)(i >> 8 & 0x7f));
    }
    assert_int_equal(fgetc(in), 0); /* silence to the end of the last period */
    fclose(in);
    /* And a second time, after the process has gone. */
    news = (struct heard){0};
    turn_until(&loop, bell, bell_prepare, &news.ready);
    bell_release(bell);
    turn_until(&loop, bell, bell_rest, &news.rung);
    end(&loop, bell);
}

static void go_without_a_device_is_a_failure_that_says_why(void **state)
{
    (void)state;
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct heard news = {0};
    struct bell *bell =
        bell_new(&loop, &(struct bell_options){.sound = wave, .device = "none-such"}, hear, &news);
    turn_until(&loop, bell, bell_prepare, &news.wanting);
    assert_non_null(strstr(news.last.text, "aplay -L"));
    bell_release(bell);
    turn_until(&loop, bell, bell_rest, &news.failed);
    assert_non_null(strstr(news.last.text, "none-such"));
    assert_int_equal(news.rung, 0);
    end(&loop, bell);
}

static void what_is_no_sound_is_said_before(void **state)
{
    (void)state;
    char path[80];
    snprintf(path, sizeof path, "%s/asoundrc", folder);
    const char *const file[] = {"/nonexistent.wav", path};
    for (int i = 0; i < 2; i++) {
        struct bell_news news =
            bell_try(&(struct bell_options){.sound = file[i]}, (span){60 * NS_PER_S});
        assert_int_equal(news.kind, BELL_UNUSABLE);
        assert_non_null(strstr(news.text, file[i]));
    }
    struct bell_news news = bell_try(&(struct bell_options){.sound = wave}, (span){60 * NS_PER_S});
    assert_int_equal(news.kind, BELL_READY);
}

static pid_t child_of_this(void)
{
    char path[80];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    FILE *in = fopen(path, "r");
    int pid = 0;
    assert_int_equal(fscanf(in, "%d", &pid), 1);
    fclose(in);
    return pid;
}

static void a_bell_that_is_killed_is_there_again_and_one_that_hangs_is_a_failure(void **state)
{
    (void)state;
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct heard news = {0};
    struct bell *bell = bell_new(&loop, &(struct bell_options){.sound = wave}, hear, &news);
    turn_until(&loop, bell, bell_prepare, &news.ready);
    kill(child_of_this(), SIGKILL);
    turn_until(&loop, bell, bell_prepare, &news.wanting);
    assert_non_null(strstr(news.last.text, "signal 9"));
    news = (struct heard){0};
    turn_until(&loop, bell, bell_prepare, &news.ready);
    kill(child_of_this(), SIGSTOP);
    bell_release(bell);
    turn_until(&loop, bell, bell_rest, &news.failed);
    assert_non_null(strstr(news.last.text, "hangs"));
    end(&loop, bell); /* which ends the one that hangs */
}

static void a_line_is_named_or_numbered_low_or_pulsed(void **state)
{
    (void)state;
    char why[BELL_TEXT_SIZE];
    static const char *const good[] = {"GPIO17", "gpiochip0/17", "GPIO17,low", "RELAY 1,500ms",
                                       "gpiochip1/0,low,2s"};
    static const char *const bad[] = {
        "",        ",low",      "GPIO17,",  "/17",      "chip/",      "chip/x",   "chip/1024",
        "chip/-1", "GPIO,high", "GPIO,61s", "GPIO,1ms", "GPIO,1s,1s", "chip/1/2", "GPIO,low,,1s"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(bell_gpio_is_sound(good[i], why));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(bell_gpio_is_sound(bad[i], why));
        assert_non_null(strstr(why, "CHIP/NUMBER"));
    }
}

static void a_line_that_is_not_there_is_said(void **state)
{
    (void)state;
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct heard news = {0};
    struct bell *bell =
        bell_new(&loop, &(struct bell_options){.gpio = "no-such-line,low"}, hear, &news);
    turn_until(&loop, bell, bell_prepare, &news.wanting);
    assert_non_null(strstr(news.last.text, "no-such-line"));
    bell_release(bell);
    turn_until(&loop, bell, bell_rest, &news.failed);
    end(&loop, bell);
}

static int set_up(void **state)
{
    (void)state;
    char text[600], path[80];
    assert_non_null(mkdtemp(folder));
    snprintf(wave, sizeof wave, "%s/bell.wav", folder);
    snprintf(heard, sizeof heard, "%s/heard.raw", folder);
    write_wave(wave, FRAMES);
    snprintf(text, sizeof text,
             "pcm.!default { type file slave.pcm null file \"%s\" format raw }\n"
             "pcm.null { type null }\n",
             heard);
    write_text("asoundrc", text);
    snprintf(path, sizeof path, "%s/asoundrc", folder);
    return setenv("ALSA_CONFIG_PATH", path, 1);
}

static int tear_down(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(int argc, char **argv)
{
    if (strcmp(argv[0], BELL_PROGRAM) == 0) {
        return bell_main(argc, argv);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_is_ready_waits_for_go_and_is_played_to_its_end),
        cmocka_unit_test(go_without_a_device_is_a_failure_that_says_why),
        cmocka_unit_test(what_is_no_sound_is_said_before),
        cmocka_unit_test(a_bell_that_is_killed_is_there_again_and_one_that_hangs_is_a_failure),
        cmocka_unit_test(a_line_is_named_or_numbered_low_or_pulsed),
        cmocka_unit_test(a_line_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
