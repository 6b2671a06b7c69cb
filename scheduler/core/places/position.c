/* position.c -- places given as latitude and longitude, and how a place is written. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "places/internal.h"
#include "text/text.h"

/* A plain decimal: strtod takes much more. */
static bool take_number(const char **at, const char *end, double *out)
{
    char digits[24];
    size_t signs = *at < end && (**at == '-' || **at == '+') ? 1 : 0, len = signs;
    while (*at + len < end && len < sizeof digits - 1 &&
           (text_is_digit((*at)[len]) || (*at)[len] == '.')) {
        len++;
    }
    memcpy(digits, *at, len);
    digits[len] = '\0';
    char *rest;
    *out = strtod(digits, &rest);
    *at += len;
    return len > signs && *rest == '\0';
}

static void pass_blanks(const char **at, const char *end)
{
    while (*at < end && (**at == ' ' || **at == '\t' || **at == '\n' || **at == '\r')) {
        ++*at;
    }
}

static bool take_comma(const char **at, const char *end)
{
    const char *from = *at;
    pass_blanks(at, end);
    if (*at == end || **at != ',') {
        *at = from;
        return false;
    }
    ++*at;
    pass_blanks(at, end);
    return true;
}

/* " in Europe/Rome", up to the end.  False leaves *at where it was, so that something is left over
 * and "1,2 in " is no position.  strchr finds the NUL of its list, too. */
static bool take_zone(const char **at, const char *end, char out[static PLACE_NAME_SIZE])
{
    const char *in = *at;
    pass_blanks(&in, end);
    if (end - in < 4 || in == *at || (in[0] | 0x20) != 'i' || (in[1] | 0x20) != 'n') {
        return false;
    }
    const char *name = in + 2;
    pass_blanks(&name, end);
    size_t len = (size_t)(end - name);
    while (len > 0 && name[len - 1] == ' ') {
        len--;
    }
    if (name == in + 2 || len == 0 || len >= PLACE_NAME_SIZE) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        if (!(text_is_letter(c) || text_is_digit(c) || strchr("/_+-", c) != NULL) || c == '\0') {
            return false;
        }
    }
    memcpy(out, name, len);
    out[len] = '\0';
    *at = end;
    return true;
}

/* A tenth of a metre, as short as can be. */
static size_t write_degrees(double degrees, char *out, size_t size)
{
    double rounded = round(degrees * 1e6) / 1e6; /* + 0.0: no minus zero */
    int n = snprintf(out, size, "%.6f", rounded + 0.0);
    size_t len = n > 0 && (size_t)n < size ? (size_t)n : 0;
    while (len > 0 && out[len - 1] == '0') {
        len--;
    }
    len -= len > 0 && out[len - 1] == '.';
    out[len] = '\0';
    return len;
}

enum places_answer position_read(const char *text, size_t len, struct place *out)
{
    const char *at = text, *end = text + len;
    struct place place = {.is_position = true};
    pass_blanks(&at, end);
    if (!take_number(&at, end, &place.latitude_deg) || !take_comma(&at, end) ||
        !take_number(&at, end, &place.longitude_deg)) {
        return PLACES_NONE;
    }
    if (take_comma(&at, end) && !take_number(&at, end, &place.height_m)) {
        return PLACES_NONE;
    }
    bool has_zone = take_zone(&at, end, place.zone);
    if (has_zone) {
        char zone[PLACE_NAME_SIZE];
        places_zone_name(place.zone, strlen(place.zone), zone);
        memcpy(place.zone, zone, sizeof place.zone);
    }
    pass_blanks(&at, end);
    if (at != end) {
        return PLACES_NONE;
    }
    if (!(fabs(place.latitude_deg) <= 90 && fabs(place.longitude_deg) <= 180 &&
          place.height_m >= -500 && place.height_m <= 9000)) {
        return PLACES_OFF_EARTH;
    }
    /* what is kept is what is written, so that one text is one place */
    size_t used = write_degrees(place.latitude_deg, place.name, sizeof place.name);
    place.name[used++] = ',';
    write_degrees(place.longitude_deg, place.name + used, sizeof place.name - used);
    place.latitude_deg = strtod(place.name, NULL);
    place.longitude_deg = strtod(place.name + used, NULL);
    const char *zone = has_zone ? NULL : places_zone_at(place.latitude_deg, place.longitude_deg);
    if (zone != NULL) {
        memcpy(place.zone, zone, strlen(zone) + 1);
    }
    *out = place;
    return PLACES_FOUND;
}

void places_write(const struct place *place, char out[static PLACE_NAME_SIZE])
{
    size_t used = strlen(place->name), zone = strlen(place->zone);
    memcpy(out, place->name, used + 1);
    if (place->is_position && zone > 0 && used + 4 + zone < PLACE_NAME_SIZE) {
        memcpy(out + used, " in ", 4);
        memcpy(out + used + 4, place->zone, zone + 1);
    }
}
