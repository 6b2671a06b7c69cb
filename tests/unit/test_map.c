/* links: sky places instants */
#include "check.h"

#include <math.h>
#include <stdio.h>

#include "instants/leap.h"
#include "instants/stamp.h"
#include "map/map.h"
#include "sky/sky.h"

#define DEGREE 0.017453292519943295

static utc at_utc(const char *stamp)
{
    utc at;
    assert_true(stamp_read(stamp, strlen(stamp), &at));
    return at;
}

static instant at_instant(const char *stamp)
{
    return leap_from_utc(leap_builtin(), at_utc(stamp), NULL);
}

static const struct zone *no_zone(void *context, const char *name)
{
    (void)context;
    (void)name;
    return NULL;
}

static char *drawn(const char *stamp, const struct map_place *place, size_t count)
{
    struct map_request request = {
        .at = at_instant(stamp),
        .at_utc = at_utc(stamp),
        .title = {"<script>\"&'\x01", 12},
        .place = place,
        .place_count = count,
        .has_cities = true,
        .zone_find = no_zone,
    };
    struct draft draft = {0};
    assert_true(map_write(&request, &draft));
    return draft_take(&draft);
}

/* The path of a class as the points of its loops, in tenths of a degree; on_edge: along a side of
 * the map, where no horizon runs. */
enum { POINTS_MAX = 4000 };
struct path {
    struct {
        double x, y;
        bool begins;
    } point[POINTS_MAX];
    size_t count;
};

static void read_path(const char *svg, const char *class, struct path *out)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "<path class=\"%s\" d=\"", class);
    const char *at = strstr(svg, wanted);
    assert_non_null(at);
    at += strlen(wanted);
    double x = 0;
    double y = 0;
    out->count = 0;
    bool begins = false;
    bool is_relative = false;
    while (*at != '"') {
        char *end;
        if (*at == 'M' || *at == 'l') {
            begins = *at == 'M';
            is_relative = *at == 'l';
            at++;
        } else if (*at == 'V') {
            y = strtod(at + 1, &end);
            at = end;
            out->point[out->count].x = x;
            out->point[out->count++].y = y;
        } else if (*at == 'z') {
            at++;
        } else {
            double dx = strtod(at, &end);
            assert_ptr_not_equal(end, at);
            at = end;
            double dy = strtod(at, &end);
            assert_ptr_not_equal(end, at);
            at = end;
            x = is_relative ? x + dx : dx;
            y = is_relative ? y + dy : dy;
            assert_true(out->count < POINTS_MAX);
            out->point[out->count].x = x;
            out->point[out->count].y = y;
            out->point[out->count++].begins = begins;
            begins = false;
        }
    }
    assert_true(out->count > 100);
}

static struct sky_place at_point(double x, double y)
{
    return (struct sky_place){.latitude_rad = (90 - y / 10) * DEGREE,
                              .longitude_rad = remainder((x / 10 - 180) * DEGREE, 2 * M_PI)};
}

static double altitude_deg(enum sky_body body, double x, double y, instant at)
{
    struct sky_place place = at_point(x, y);
    double altitude;
    double azimuth;
    assert_true(sky_altitude_at(body, &place, at, &altitude, &azimuth));
    return altitude / DEGREE;
}

static bool is_inside(const struct path *path, double x, double y)
{
    bool inside = false;
    size_t first = 0;
    for (size_t i = 0; i < path->count; i++) {
        first = path->point[i].begins ? i : first;
        bool is_last = i + 1 == path->count || path->point[i + 1].begins;
        size_t k = is_last ? first : i + 1;
        double ax = path->point[i].x;
        double ay = path->point[i].y;
        double bx = path->point[k].x;
        double by = path->point[k].y;
        if ((ay > y) != (by > y) && x < ax + (y - ay) * (bx - ax) / (by - ay)) {
            inside = !inside;
        }
    }
    return inside;
}

static const char *const moments[] = {
    "2027-08-02T08:25:00Z", /* sun north, around the south pole */
    "2026-12-21T03:00:00Z", /* sun south */
    "2027-03-20T20:25:00Z", /* equinox: around no pole, or hardly */
    "2027-06-21T12:00:00Z", "2249-12-31T00:00:00Z", "1700-01-02T23:59:00Z",
};

/* Points all over the Earth, and how high a body stands there by the sky's own reckoning. */
enum { ROWS = 52, COLUMNS = 52 };
static double point_y(int row)
{
    return 5 + 35 * row;
}
static double point_x(int column)
{
    return 5 + 70 * column;
}
static double altitude_at_point[ROWS][COLUMNS];

static void look_from_points(enum sky_body body, instant at)
{
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
            altitude_at_point[row][column] = altitude_deg(body, point_x(column), point_y(row), at);
        }
    }
}

/* Whether the area of a class is where the body, at which all points have looked, stands on the
 * right side of its horizon. */
static void area_is_right(const char *svg, const char *class, enum sky_body body, double limit_deg,
                          bool is_below, instant at)
{
    static struct path path;
    read_path(svg, class, &path);
    size_t compared = 0;
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
            double x = point_x(column);
            double y = point_y(row);
            double above = altitude_at_point[row][column] - limit_deg;
            if (fabs(above) < 0.15) {
                continue; /* a tenth of a degree is what the map shows */
            }
            if (is_inside(&path, x, y) != (is_below ? above < 0 : above > 0)) {
                print_error("%s: %.1f,%.1f is %.3f deg above its limit\n", class, 90 - y / 10,
                            x / 10 - 180, above);
                fail();
            }
            compared++;
        }
    }
    assert_true(compared > 2000);
    /* and its edge is that horizon */
    for (size_t i = 0; i < path.count; i++) {
        double x = path.point[i].x;
        double y = path.point[i].y;
        bool is_on_map = y > 10 && y < 1790 && x > 0 && x < 3600;
        if (is_on_map && fabs(altitude_deg(body, x, y, at) - limit_deg) > 0.08) {
            print_error("%s: the edge at %.1f,%.1f is %.3f deg above its limit\n", class,
                        90 - y / 10, x / 10 - 180, altitude_deg(body, x, y, at) - limit_deg);
            fail();
        }
    }
}

static void day_and_night_are_where_the_sky_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        instant at = at_instant(moments[i]);
        char *svg = drawn(moments[i], NULL, 0);
        struct sky_position sun;
        struct sky_position moon;
        assert_true(sky_position_at(SKY_SUN, at, &sun));
        assert_true(sky_position_at(SKY_MOON, at, &moon));
        double sun_radius = 959.63 / 3600 * 149597870.7 / sun.distance_km;
        double moon_radius = asin(1737.4 / moon.distance_km) / DEGREE;
        look_from_points(SKY_SUN, at);
        area_is_right(svg, "set", SKY_SUN, -34.0 / 60 - sun_radius, true, at);
        area_is_right(svg, "civil", SKY_SUN, -6, true, at);
        area_is_right(svg, "nautical", SKY_SUN, -12, true, at);
        area_is_right(svg, "astronomical", SKY_SUN, -18, true, at);
        look_from_points(SKY_MOON, at);
        area_is_right(svg, "moonlit", SKY_MOON, -34.0 / 60 - moon_radius, false, at);
        free(svg);
    }
}

/* At a sunset that the search finds, the place lies on the line between day and night. */
static void a_sunset_lies_on_the_line(void **state)
{
    (void)state;
    static const struct {
        double latitude, longitude;
    } place[] = {{41.9, 12.5}, {-33.9, 151.2}, {64.1, -21.9}, {0, 0}, {-54.8, -68.3}};
    for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
        struct sky_place here = {place[i].latitude * DEGREE, place[i].longitude * DEGREE, 0};
        struct sky_search search;
        struct sky_event sunset;
        assert_int_equal(sky_search_init(&search, SKY_SET(SKY_SUNSET), &here,
                                         at_instant("2027-04-25T00:00:00Z"),
                                         at_instant("2027-04-27T00:00:00Z")),
                         SKY_OK);
        assert_true(sky_search_next(&search, &sunset));
        struct map_request request = {.at = sunset.at, .zone_find = no_zone};
        struct draft draft = {0};
        assert_true(map_write(&request, &draft));
        static struct path path;
        read_path(draft.at, "set", &path);
        double x = (place[i].longitude + 180) * 10;
        double y = (90 - place[i].latitude) * 10;
        bool is_dark_east = is_inside(&path, x + 3, y);
        bool is_dark_west = is_inside(&path, x - 3, y);
        assert_true(is_dark_east && !is_dark_west); /* within 0.3 degrees, 72 s */
        draft_free(&draft);
    }
}

static void what_people_wrote_is_text(void **state)
{
    (void)state;
    const struct map_place place[] = {
        {.name = {"Rome", 4}},
        {.name = {"</svg><script>", 14}},
        {.name = {"41.9,12.5", 9}},
    };
    char *svg = drawn("2027-08-02T08:25:00Z", place, 3);
    assert_non_null(
        strstr(svg, "<title>&lt;script&gt;&quot;&amp;&#39; · 2027-08-02T08:25:00Z</title>"));
    assert_null(strstr(svg, "<script>"));
    assert_non_null(strstr(svg, ">Rome</text>"));
    assert_null(strstr(svg, "/svg>&"));
    free(svg);
}

/* Two letterings, one for phones, in each language: in none a name covers another or leaves the
 * map.
 */
static void names_can_be_read_at_any_width(void **state)
{
    (void)state;
    static const struct {
        const char *class;
        double letter, line;
        size_t least;
    } lettering[] = {{"wide", 38, 72, 10}, {"narrow", 70, 130, 5}};
    const struct map_place rome = {.name = {"Rome", 4}};
    enum interface_language language[INTERFACE_LANGUAGES];
    for (size_t i = 0; i < INTERFACE_LANGUAGES; i++) {
        language[i] = (enum interface_language)i;
    }
    struct map_request request = {
        .at = at_instant("2027-08-02T08:25:00Z"),
        .at_utc = at_utc("2027-08-02T08:25:00Z"),
        .place = &rome,
        .place_count = 1,
        .has_cities = true,
        .language = language,
        .language_count = INTERFACE_LANGUAGES,
        .zone_find = no_zone,
    };
    struct draft draft = {0};
    assert_true(map_write(&request, &draft));
    char *svg = draft_take(&draft);
    const char *last = strstr(svg, "<g class=\"names\" id=\"en\" lang=\"en\">");
    assert_non_null(last); /* what is shown unless told else */
    assert_null(strstr(last + 10, "class=\"names\""));
    for (size_t l = 0; l < 2 * (size_t)INTERFACE_LANGUAGES; l++) {
        struct {
            double left, right, y;
        } box[16];
        size_t count = 0;
        bool is_japanese = l / 2 == INTERFACE_JA;
        char wanted[64];
        snprintf(wanted, sizeof wanted, " id=\"%s\"",
                 interface_calendar((enum interface_language)(l / 2))->code);
        const char *at = strstr(svg, wanted);
        assert_non_null(at);
        snprintf(wanted, sizeof wanted, "<g class=\"%s\">", lettering[l % 2].class);
        at = strstr(at, wanted);
        const char *end_of = strstr(at, "</g>");
        for (; (at = strstr(at, "<text x=\"")) != NULL && at < end_of && count < 16; count++) {
            char *end;
            double x = strtod(at + strlen("<text x=\""), &end);
            double y = strtod(strchr(end + 1, '"') + 1, &end);
            bool is_left = strncmp(end, "\" text-anchor=\"end\"", 19) == 0;
            double letters = 0;
            at = strchr(end, '>') + 1;
            for (const char *c = at; *c != '<'; c++) {
                letters += ((unsigned char)*c & 0xc0) != 0x80;
            }
            double width =
                letters * (is_japanese ? lettering[l % 2].line : lettering[l % 2].letter);
            assert_true(count > 0 || strncmp(at, "Rome", 4) == 0 || l / 2 != INTERFACE_EN);
            assert_true(count > 0 || strncmp(at, "ローマ", 9) == 0 || !is_japanese);
            box[count].left = is_left ? x - width : x;
            box[count].right = is_left ? x : x + width;
            box[count].y = y;
            assert_true(box[count].left >= 0 && box[count].right <= 3600 && y > 0 && y < 1800);
            for (size_t i = 0; i < count; i++) {
                assert_true(box[i].right <= box[count].left || box[count].right <= box[i].left ||
                            fabs(box[i].y - y) >= lettering[l % 2].line);
            }
        }
        assert_true(count >= lettering[l % 2].least);
    }
    free(svg);
}

static void the_sky_is_not_known_for_ever(void **state)
{
    (void)state;
    struct map_request request = {.at = {-8600000000000000000} /* 1697 */, .zone_find = no_zone};
    struct draft draft = {0};
    assert_false(map_write(&request, &draft));
    assert_int_equal(draft.len, 0);
    draft_free(&draft);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(day_and_night_are_where_the_sky_says),
        cmocka_unit_test(a_sunset_lies_on_the_line),
        cmocka_unit_test(what_people_wrote_is_text),
        cmocka_unit_test(names_can_be_read_at_any_width),
        cmocka_unit_test(the_sky_is_not_known_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
