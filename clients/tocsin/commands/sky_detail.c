#include "tocsin/commands/sky_detail.h"

#include <math.h>

#include "clock/clock.h"
#include "text/draft.h"

static const double degree = 0.017453292519943295;

utc sky_detail_round(utc at)
{
    int64_t ms = (at.ns - (at.ns < 0 ? NS_PER_MS - 1 : 0) + NS_PER_MS / 2) / NS_PER_MS;
    return (utc){ms * NS_PER_MS};
}

static char *put_digits(char *at, int64_t value, int count)
{
    for (int i = count; i-- > 0;) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + count;
}

void sky_detail_stamp(utc at, char out[static STAMP_TEXT_SIZE])
{
    struct civil civil = civil_from_ns(sky_detail_round(at).ns);
    char *c = put_digits(out, civil.date.year, 4);
    *c++ = '-';
    c = put_digits(c, civil.date.month, 2);
    *c++ = '-';
    c = put_digits(c, civil.date.day, 2);
    *c++ = 'T';
    c = put_digits(c, civil.time.hour, 2);
    *c++ = ':';
    c = put_digits(c, civil.time.minute, 2);
    *c++ = ':';
    c = put_digits(c, civil.time.second, 2);
    *c++ = '.';
    c = put_digits(c, civil.time.ns / NS_PER_MS, 3);
    *c++ = 'Z';
    *c = '\0';
}

void sky_detail_number(double value, int decimals, char out[static 32])
{
    static const int64_t power[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    int64_t parts = llrint(fabs(value) * (double)power[decimals]);
    int64_t whole = parts / power[decimals];
    int digits = 1;
    for (int64_t left = whole; left >= 10; left /= 10) {
        digits++;
    }
    if (value < 0 && parts > 0) {
        *out++ = '-';
    }
    out = put_digits(out, whole, digits);
    if (decimals > 0) {
        *out++ = '.';
        out = put_digits(out, parts % power[decimals], decimals);
    }
    *out = '\0';
}

struct line {
    struct draft text;
    const struct zone *zone; /* of its clocks; NULL: UTC */
};

/* Hours, minutes and whole seconds. */
static void add_clock(struct line *line, const char *before, instant at)
{
    char text[STAMP_TEXT_SIZE];
    utc rounded = {leap_to_utc(clock_leap(), at, NULL).ns + NS_PER_S / 2};
    sky_detail_stamp(
        line->zone != NULL ? civil_to_utc(zone_to_civil(line->zone, rounded)) : rounded, text);
    draft_print(&line->text, "%s%.8s", before, text + 11);
}

/* The upper limb, lifted by 34' of refraction. */
static bool is_up(const struct sky_eclipse_phase *phase)
{
    return phase->altitude_rad > -50.0 / 60 * degree;
}

/* What of [*from, *to] the body is above the horizon; it may rise or set on the way. */
static void keep_what_is_up(enum sky_body body, const struct sky_place *place, instant *from,
                            instant *to)
{
    struct sky_crossings crossings;
    if (sky_crossings_find(body, SKY_HORIZON, place, *from, *to, &crossings) != SKY_OK ||
        crossings.count > 2 || (crossings.count == 2 && !crossings.at[0].is_rising)) {
        return;
    }
    for (size_t i = 0; i < crossings.count; i++) {
        *(crossings.at[i].is_rising ? from : to) = crossings.at[i].at;
    }
}

static void add_view(struct line *line, const struct sky_event *event,
                     const struct sky_place *place)
{
    struct sky_local_eclipse view;
    if (!sky_eclipse_from(event, place, &view)) {
        draft_add(&line->text, "; not here");
        return;
    }
    if (!view.is_visible) {
        draft_add(&line->text, "; below the horizon here");
        return;
    }
    /* the middle is told only where some of it is above the horizon */
    bool has_middle =
        view.inner_first.happens && (is_up(&view.inner_first) || is_up(&view.inner_last));
    bool is_partial = view.type != SKY_PENUMBRAL;
    draft_print(&line->text, "; here %s",
                is_partial ? "partial" : sky_eclipse_type_name(view.type));
    enum sky_body body = event->kind == SKY_SOLAR_ECLIPSE ? SKY_SUN : SKY_MOON;
    instant from = view.first.at, to = view.last.at;
    keep_what_is_up(body, place, &from, &to);
    add_clock(line, " ", from);
    add_clock(line, " to ", to);
    add_clock(line, ", best ", view.best.at);
    draft_print(&line->text, ", altitude %.1f, magnitude %.3f", view.best.altitude_rad / degree,
                view.magnitude);
    if (event->kind == SKY_SOLAR_ECLIPSE) {
        draft_print(&line->text, ", obscured %.1f%%", view.obscuration * 100);
    }
    if (has_middle) {
        draft_print(&line->text, ", %s", sky_eclipse_type_name(view.type));
        from = view.inner_first.at;
        to = view.inner_last.at;
        keep_what_is_up(body, place, &from, &to);
        add_clock(line, " ", from);
        add_clock(line, " to ", to);
        draft_print(&line->text, " for %.0f s", (double)instant_since(to, from).ns * 1e-9);
    }
    if (!is_up(&view.first) || !is_up(&view.last)) {
        draft_print(&line->text, ", %s",
                    is_up(&view.first) ? "sets before it ends" : "rises after it began");
    }
}

static void add_eclipse(struct line *line, const struct sky_event *event)
{
    const struct sky_eclipse *e = &event->eclipse;
    draft_print(&line->text, "%s, saros %d, gamma %.4f, magnitude %.4f",
                sky_eclipse_type_name(e->type), e->saros, e->gamma,
                event->kind == SKY_LUNAR_ECLIPSE && e->type == SKY_PENUMBRAL ? e->penumbral
                                                                             : e->magnitude);
    if (event->kind == SKY_SOLAR_ECLIPSE) {
        draft_print(&line->text, ", greatest at %.2f,%.2f", e->latitude_rad / degree,
                    e->longitude_rad / degree);
    }
    if (e->duration_s > 0) {
        draft_print(&line->text, ", %.0f s", e->duration_s);
    }
}

static void add_number(struct line *line, const char *before, double value, int decimals,
                       const char *after)
{
    char text[32];
    sky_detail_number(value, decimals, text);
    draft_print(&line->text, "%s%s%s", before, text, after);
}

void sky_detail_write(const struct sky_event *event, const struct sky_place *place,
                      const struct zone *zone, char out[static SKY_DETAIL_SIZE])
{
    struct line line = {draft_in(out, SKY_DETAIL_SIZE), zone};
    if (event->kind <= SKY_LAST_QUARTER) {
        draft_print(&line.text, "lunation %d", event->lunation);
    } else if (event->kind <= SKY_DECEMBER_SOLSTICE) {
        draft_add(&line.text, "-");
    } else if (event->kind <= SKY_LUNAR_ECLIPSE) {
        add_eclipse(&line, event);
        if (place != NULL) {
            add_view(&line, event, place);
        }
    } else if (event->kind <= SKY_APOGEE) {
        add_number(&line, "", event->distance_km, 1, " km");
    } else if (event->kind == SKY_METEOR_SHOWER) {
        const struct sky_shower *shower = sky_shower_get(event->shower);
        draft_print(&line.text, "%s, ", shower->name);
        if (shower->zhr > 0) {
            draft_print(&line.text, "about %d an hour", shower->zhr);
        } else {
            draft_add(&line.text, "rate varies");
        }
    } else if (event->kind == SKY_NOON) {
        add_number(&line, "altitude ", event->place.altitude_rad / degree, 2, "");
    } else {
        add_number(&line, "azimuth ", event->place.azimuth_rad / degree, 1, "");
    }
}
