/* What a phase, a year of everything and a place's day cost, beside libnova and PyEphem where they
 * are installed (Debian: libnova-0.16-0, python3-ephem).  The others' accuracy is not ours: see
 * tests/golden/sky/README.md.  Prints microseconds; takes some seconds.
 * links: instants */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sky/sky.h"

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static instant at_year(int year)
{
    return (instant){(int64_t)((year - 1970) * 365.2425) * NS_PER_DAY};
}

static size_t count(sky_kinds kinds, const struct sky_place *place, int from, int to)
{
    static struct sky_search search;
    struct sky_event event;
    size_t n = 0;
    if (sky_search_init(&search, kinds, place, at_year(from), at_year(to)) != SKY_OK) {
        abort();
    }
    while (sky_search_next(&search, &event)) {
        n++;
    }
    return n;
}

static void ours(const char *what, sky_kinds kinds, const struct sky_place *place, int from, int to,
                 double per, const char *unit)
{
    double best = 1e300;
    size_t n = 0;
    for (int i = 0; i < 5; i++) {
        double start = now_us();
        n = count(kinds, place, from, to);
        double spent = now_us() - start;
        best = spent < best ? spent : best;
    }
    printf("tocsin   %-34s %9.2f us a %s (%zu events)\n", what, best / (per > 0 ? per : (double)n),
           unit, n);
}

struct place_of_libnova {
    double lng, lat;
};
struct times_of_libnova {
    double rise, set, transit;
};

static void libnova(void)
{
    void *library = dlopen("libnova-0.16.so.0", RTLD_NOW);
    if (library == NULL) {
        printf("libnova  not installed\n");
        return;
    }
    void (*moon)(double, struct place_of_libnova *, double);
    double (*sun)(double, struct place_of_libnova *, struct times_of_libnova *);
    void (*sun_place)(double, struct place_of_libnova *);
    *(void **)&moon = dlsym(library, "ln_get_lunar_ecl_coords");
    *(void **)&sun = dlsym(library, "ln_get_solar_rst");
    *(void **)&sun_place = dlsym(library, "ln_get_solar_ecl_coords");
    struct place_of_libnova a, b, rome = {12.5, 41.9};
    struct times_of_libnova times;
    double start = now_us(), sum = 0;
    enum { PHASES = 200, DAYS = 365 };
    for (int i = 0; i < PHASES; i++) { /* three places of each a phase: a start and two steps */
        for (int k = 0; k < 3; k++) {
            moon(2451550 + 7.38 * i + k * 0.1, &a, 0);
            sun_place(2451550 + 7.38 * i + k * 0.1, &b);
            sum += a.lng - b.lng;
        }
    }
    printf("libnova  %-34s %9.2f us a phase\n", "three places of Moon and Sun",
           (now_us() - start) / PHASES);
    start = now_us();
    for (int i = 0; i < DAYS; i++) {
        sum += sun(2460000.5 + i, &rome, &times);
    }
    printf("libnova  %-34s %9.2f us a day\n", "Sun's rise, set, transit",
           (now_us() - start) / DAYS);
    if (sum < -1e300) {
        puts("?");
    }
}

static void pyephem(void)
{
    fflush(stdout);
    (void)!system(
        "/usr/bin/python3 - <<'E' 2>/dev/null || echo 'PyEphem  not installed'\n"
        "import ephem, time\n"
        "t, d = time.process_time(), ephem.Date('2000/1/1')\n"
        "for i in range(300):\n"
        "    d = ephem.next_full_moon(d)\n"
        "print('PyEphem  %-34s %9.2f us a phase' % ('next_full_moon', "
        "(time.process_time()-t)/300*1e6))\n"
        "o = ephem.Observer(); o.lat, o.lon, o.pressure, o.horizon = '41.9', '12.5', 0, '-0:34'\n"
        "t, s = time.process_time(), ephem.Sun()\n"
        "for i in range(200):\n"
        "    o.date = 45000 + i; o.next_rising(s); o.next_setting(s)\n"
        "print('PyEphem  %-34s %9.2f us a day' % ('Sun: next_rising, next_setting', "
        "(time.process_time()-t)/200*1e6))\n"
        "E");
}

int main(void)
{
    const struct sky_place rome = {0.7313, 0.2182, 0};
    ours("phases, 1900-2100", SKY_PHASE_KINDS, NULL, 1900, 2101, 0, "phase");
    ours("seasons, 1900-2100", SKY_SEASON_KINDS, NULL, 1900, 2101, 0, "season");
    ours("eclipses, 1900-2100", SKY_ECLIPSE_KINDS, NULL, 1900, 2101, 0, "eclipse");
    ours("apsides, 1900-2100", SKY_SET(SKY_PERIGEE) | SKY_SET(SKY_APOGEE), NULL, 1900, 2101, 0,
         "apsis");
    ours("Sun's rise and set, a year", SKY_SET(SKY_SUNRISE) | SKY_SET(SKY_SUNSET), &rome, 2026,
         2027, 365, "day");
    ours("Moon's rise and set, a year", SKY_SET(SKY_MOONRISE) | SKY_SET(SKY_MOONSET), &rome, 2026,
         2027, 365, "day");
    ours("all kinds of a place, a year", SKY_ALL_KINDS, &rome, 2026, 2027, 1, "year");
    libnova();
    pyephem();
    return 0;
}
