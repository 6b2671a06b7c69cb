/* Looking up a place: every name of the table, positions all over the Earth, and what is
 * misspelled. Goal: 50 us a look-up. links: words instants */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "places/gazetteer.h"
#include "places/places.h"

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void say(const char *what, size_t count, double took_s)
{
    printf("%-28s %7zu in %6.3f s, %8.2f us each\n", what, count, took_s,
           took_s / (double)count * 1e6);
}

int main(void)
{
    struct place place;
    size_t found = 0, points = 0;
    char text[PLACE_DOUBT_SIZE];
    double begin = now_s();
    for (size_t i = 0; i < gazetteer_names; i++) {
        const char *name = gazetteer_string(gazetteer_name[i].text);
        found += places_find(name, strlen(name), &place) == PLACES_FOUND;
    }
    say("names", gazetteer_names, now_s() - begin);
    begin = now_s();
    for (size_t i = 0; i < gazetteer_cities; i++) {
        snprintf(text, sizeof text, "%s, %s", gazetteer_string(gazetteer_city[i].name),
                 gazetteer_country[gazetteer_city[i].country].name);
        found += places_find(text, strlen(text), &place) == PLACES_FOUND;
    }
    say("names with their country", gazetteer_cities, now_s() - begin);
    begin = now_s();
    for (int latitude = -899; latitude < 900; latitude += 13) {
        for (int longitude = -1800; longitude < 1800; longitude += 13, points++) {
            snprintf(text, sizeof text, "%.1f,%.1f", latitude / 10.0, longitude / 10.0);
            found += places_find(text, strlen(text), &place) == PLACES_FOUND;
        }
    }
    say("positions", points, now_s() - begin);
    begin = now_s();
    for (int i = 0; i < 20; i++) {
        places_doubt("Bolonga", 7, text);
    }
    say("misspelled, with the nearest", 20, now_s() - begin);
    return found > 0 ? 0 : 1;
}
