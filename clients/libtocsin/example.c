/* example.c -- the smallest listener: prints when the next gesture of a bundle begins, and waits.
 *
 *     cc example.c $(pkg-config --cflags --libs tocsin) -o example
 *     ./example ROOT.bundle RECORDS.bundle */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tocsin.h>

static unsigned char *load(const char *path, size_t *size)
{
    static unsigned char room[2][1 << 20];
    static int used;
    FILE *file = fopen(path, "rb");
    if (file == NULL || used == 2) {
        perror(path);
        exit(3);
    }
    unsigned char *bytes = room[used++];
    *size = fread(bytes, 1, sizeof room[0], file);
    fclose(file);
    return bytes;
}

static int64_t read_clock(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("example (tocsin %s)\n", tocsin_version());
        return 0;
    }
    if (argc != 3) {
        fprintf(stderr, "usage: example ROOT.bundle RECORDS.bundle\n");
        return 2;
    }
    struct tocsin *site = tocsin_new(&(struct tocsin_options){0});
    if (site == NULL) {
        return 3;
    }
    size_t size;
    unsigned char *bytes = load(argv[1], &size);
    char why[TOCSIN_WHY_SIZE];
    if (tocsin_anchor(site, bytes, size, why) != TOCSIN_OK) {
        fprintf(stderr, "%s: %s\n", argv[1], why);
        tocsin_free(site);
        return 1;
    }
    struct tocsin_root root;
    for (size_t n = 0; tocsin_root(site, n, &root); n++) {
        printf("%s\n", root.line);
    }
    struct tocsin_counts counts;
    bytes = load(argv[2], &size);
    if (tocsin_records(site, bytes, size, &counts) != TOCSIN_OK) {
        fprintf(stderr, "%s: nothing in it could be read\n", argv[2]);
        tocsin_free(site);
        return 1;
    }
    int status = 1;
    for (;;) {
        struct tocsin_clocks clocks = {.mono_ns = read_clock(CLOCK_MONOTONIC),
                                       .utc_ns = read_clock(CLOCK_REALTIME)};
        struct tocsin_advice advice;
        tocsin_think(site, &clocks, &advice);
        if (!advice.has_next) {
            printf("nothing in force lies ahead\n");
            break;
        }
        if (advice.is_late) {
            printf("%s goes on already: join quietly\n", advice.title);
            status = 0;
            break;
        }
        int64_t until = advice.begin_mono_ns;
        if (clocks.mono_ns >= until) {
            tocsin_began(site, advice.mark);
            printf("%s: begin (%s), %lld us after the planned instant\n", advice.title,
                   advice.gesture, (long long)(clocks.mono_ns - until) / 1000);
            status = 0;
            break;
        }
        printf("%s in %.1f s%s%s\n", advice.title, (double)(until - clocks.mono_ns) / 1e9,
               *advice.doubt ? ": " : "", advice.doubt);
        if (until > advice.wake_mono_ns) {
            until = advice.wake_mono_ns;
        }
        struct timespec wake = {until / 1000000000, until % 1000000000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, NULL);
    }
    tocsin_free(site);
    return status;
}
