#include "map/map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "map/land_table.h"
#include "places/show.h"
#include "sky/sky.h"

#define DEGREE 0.017453292519943295

enum { WIDTH = 3600, HEIGHT = 1800, BEARINGS = 360, CELL = 15 /* tenths of a degree */ };
enum { COLUMNS = WIDTH / CELL, ROWS = HEIGHT / CELL };

/* A point of the map, before it is rounded. */
struct point {
    double x, y;
};

/* --- caps: all that lies within an angle of a point of the globe ------------------------------ */

struct cap {
    double latitude, longitude, radius; /* radians; the radius below pi / 2 */
};

/* The cap's edge by bearing from its middle, longitudes running on beyond the map's own. */
static void trace(const struct cap *cap, struct point out[static BEARINGS])
{
    double before = 0;
    for (int i = 0; i < BEARINGS; i++) {
        double bearing = i * 2 * M_PI / BEARINGS;
        double sine = sin(cap->latitude) * cos(cap->radius) +
                      cos(cap->latitude) * sin(cap->radius) * cos(bearing);
        double latitude = asin(fmax(-1, fmin(1, sine)));
        double turn = atan2(sin(bearing) * sin(cap->radius) * cos(cap->latitude),
                            cos(cap->radius) - sin(cap->latitude) * sine);
        double x = ((cap->longitude + turn) / DEGREE + 180) * 10;
        x += i == 0 ? 0 : round((before - x) / WIDTH) * WIDTH;
        before = x;
        out[i] = (struct point){x, (90 - latitude / DEGREE) * 10};
    }
}

/* A line to a point, relative to the last one. */
static void add_step(struct draft *out, struct point to, long *x, long *y)
{
    long dx = lround(to.x) - *x;
    long dy = lround(to.y) - *y;
    if (dx != 0 || dy != 0) {
        draft_print(out, "%s%ld%s%ld", dx < 0 ? "" : " ", dx, dy < 0 ? "" : " ", dy);
        *x += dx;
        *y += dy;
    }
}

static void begin_line(struct draft *out, struct point at, long *x, long *y)
{
    *x = lround(at.x);
    *y = lround(at.y);
    draft_print(out, "M%ld %ldl", *x, *y);
}

/* Around a pole: from the map's left edge to its right one, and along that pole's edge. */
static void add_around_pole(struct draft *out, const struct point *edge, double turn, double pole_y)
{
    bool is_forward = turn > 0;
    struct point line[3 * BEARINGS];
    size_t count = 0;
    for (int round = -1; round <= 1; round++) {
        for (int i = 0; i < BEARINGS; i++) {
            int at = is_forward ? i : BEARINGS - 1 - i;
            struct point p = {edge[at].x + round * WIDTH, edge[at].y};
            line[count++] = p;
        }
    }
    /* from the last point left of the map to the first one right of it, however far they are */
    double shift = round(line[BEARINGS].x / WIDTH) * WIDTH;
    size_t first = 0;
    while (first + 1 < count && line[first + 1].x - shift < 0) {
        first++;
    }
    long x;
    long y;
    begin_line(out, (struct point){line[first].x - shift, pole_y}, &x, &y);
    for (size_t i = first; i < count; i++) {
        add_step(out, (struct point){line[i].x - shift, line[i].y}, &x, &y);
        if (line[i].x - shift > WIDTH) {
            break;
        }
    }
    draft_print(out, "V%.0fz", pole_y);
}

/* A closed line, and again where it leaves the map on one side. */
static void add_loop(struct draft *out, const struct point *edge)
{
    double least = edge[0].x;
    double most = edge[0].x;
    for (int i = 1; i < BEARINGS; i++) {
        least = fmin(least, edge[i].x);
        most = fmax(most, edge[i].x);
    }
    for (int round = -2; round <= 2; round++) {
        double shift = round * (double)WIDTH;
        if (most + shift < 0 || least + shift > WIDTH) {
            continue;
        }
        long x;
        long y;
        begin_line(out, (struct point){edge[0].x + shift, edge[0].y}, &x, &y);
        for (int i = 1; i < BEARINGS; i++) {
            add_step(out, (struct point){edge[i].x + shift, edge[i].y}, &x, &y);
        }
        draft_add(out, "z");
    }
}

static void add_cap(struct draft *out, const char *class, const struct cap *cap)
{
    struct point edge[BEARINGS];
    trace(cap, edge);
    bool has_north = cap->latitude + cap->radius > M_PI_2;
    bool has_south = cap->latitude - cap->radius < -M_PI_2;
    draft_print(out, "<path class=\"%s\" d=\"", class);
    if (has_north || has_south) {
        add_around_pole(out, edge, edge[BEARINGS - 1].x - edge[0].x, has_north ? 0 : HEIGHT);
    } else {
        add_loop(out, edge);
    }
    draft_add(out, "\"/>\n");
}

/* --- Sun and Moon ----------------------------------------------------------------------------- */

/* Where the Sun's centre is lower than an altitude: around the point that has it beneath. */
static struct cap below(const struct sky_position *sun, double altitude)
{
    double beneath = sun->overhead_longitude_rad + M_PI;
    return (struct cap){-sun->overhead_latitude_rad, remainder(beneath, 2 * M_PI),
                        M_PI_2 + altitude};
}

static const double REFRACTION = 34.0 / 60 * DEGREE;
static const double EARTH_KM = 6378.137;
static const double MOON_KM = 1737.4;
static const double SUN_SEMIDIAMETER_AU = 959.63 / 3600 * DEGREE;
static const double AU_KM = 149597870.7;

static void add_night(struct draft *out, const struct sky_position *sun)
{
    double rises = -(REFRACTION + SUN_SEMIDIAMETER_AU * AU_KM / sun->distance_km);
    struct cap set = below(sun, rises);
    struct cap civil = below(sun, -6 * DEGREE);
    struct cap nautical = below(sun, -12 * DEGREE);
    struct cap astronomical = below(sun, -18 * DEGREE);
    draft_add(out, "<g class=\"night\">\n");
    add_cap(out, "set", &set);
    add_cap(out, "civil", &civil);
    add_cap(out, "nautical", &nautical);
    add_cap(out, "astronomical", &astronomical);
    draft_add(out, "</g>\n");
}

/* Seen from the Earth's surface the Moon stands lower, by its parallax. */
static void add_moon(struct draft *out, const struct sky_position *moon)
{
    double parallax = asin(EARTH_KM / moon->distance_km);
    double rises = parallax - REFRACTION - asin(MOON_KM / moon->distance_km);
    struct cap up = {moon->overhead_latitude_rad, moon->overhead_longitude_rad, M_PI_2 - rises};
    add_cap(out, "moonlit", &up);
}

static struct point on_map(double latitude_deg, double longitude_deg)
{
    return (struct point){(longitude_deg + 180) * 10, (90 - latitude_deg) * 10};
}

/* The Moon as the north sees it: the lit limb to the right while it waxes. */
static void add_bodies(struct draft *out, const struct sky_position *sun,
                       const struct sky_position *moon, double lit)
{
    struct point at =
        on_map(sun->overhead_latitude_rad / DEGREE, sun->overhead_longitude_rad / DEGREE);
    draft_print(out, "<circle class=\"sun\" cx=\"%.0f\" cy=\"%.0f\" r=\"44\"/>\n", at.x, at.y);
    at = on_map(moon->overhead_latitude_rad / DEGREE, moon->overhead_longitude_rad / DEGREE);
    bool is_waxing = sin(moon->longitude_rad - sun->longitude_rad) > 0;
    double bulge = fabs(1 - 2 * lit) * 40;
    draft_print(out,
                "<g transform=\"translate(%.0f %.0f)%s\"><circle class=\"moon-dark\" r=\"40\"/>"
                "<path class=\"moon\" d=\"M0-40a40 40 0 0 1 0 80a%.0f 40 0 0 %d 0-80z\"/></g>\n",
                at.x, at.y, is_waxing ? "" : " scale(-1 1)", fmax(bulge, 1), lit > 0.5 ? 1 : 0);
}

/* --- a wave ----------------------------------------------------------------------------------- */

enum reached { AHEAD, NOW, PASSED };

static enum reached reached_at(const struct map_request *request, double latitude, double longitude)
{
    const char *name = places_zone_at(latitude, longitude);
    const struct zone *zone = name == NULL ? NULL : request->zone_find(request->context, name);
    if (zone == NULL) {
        return AHEAD;
    }
    int64_t since = utc_since(request->at_utc, zone_start_of(zone, request->wave_at)).ns;
    return since < 0 ? AHEAD : since < request->wave_lasts.ns ? NOW : PASSED;
}

/* Squares of the land that a wave has reached, those of a row that are alike as one. */
static void add_reached(struct draft *out, enum reached wanted, const enum reached *cell)
{
    draft_print(out, "<path class=\"%s\" d=\"", wanted == NOW ? "now" : "passed");
    for (int row = 0; row < ROWS; row++) {
        for (int from = 0; from < COLUMNS;) {
            int to = from;
            while (to < COLUMNS && cell[row * COLUMNS + to] == wanted) {
                to++;
            }
            if (to > from) {
                draft_print(out, "M%d %dh%dv%dh%dz", from * CELL, row * CELL, (to - from) * CELL,
                            CELL, (from - to) * CELL);
            }
            from = to + 1;
        }
    }
    draft_add(out, "\"/>\n");
}

static void add_wave(struct draft *out, const struct map_request *request)
{
    enum reached *cell = calloc((size_t)COLUMNS * ROWS, sizeof *cell);
    if (cell == NULL) {
        out->is_short_of_memory = true;
        return;
    }
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
            cell[row * COLUMNS + column] =
                reached_at(request, 90 - (row + 0.5) * CELL / 10, (column + 0.5) * CELL / 10 - 180);
        }
    }
    draft_add(out, "<g clip-path=\"url(#land)\">\n");
    add_reached(out, PASSED, cell);
    add_reached(out, NOW, cell);
    draft_add(out, "</g>\n");
    free(cell);
}

/* --- words ------------------------------------------------------------------------------------ */

static void add_text(struct draft *out, struct text text)
{
    struct draft clean = {0};
    draft_add_clean(&clean, text.at, text.len, false);
    if (clean.at != NULL) {
        draft_add_escaped(out, clean.at, clean.len);
    }
    out->is_short_of_memory |= clean.is_short_of_memory;
    draft_free(&clean);
}

/* --- names, where they do not cover each other ------------------------------------------------ */

enum { BOXES_MAX = 512 };

/* Names are placed twice, and the picture shows the one that can be read at its width: as letters
 * of 7 px in 720, or of 13 px on a phone, where fewer find room. */
static const struct lettering {
    const char *name; /* its class in the style */
    int letter, line, gap, drop;
} letterings[] = {{"wide", 41, 80, 34, 26}, {"narrow", 76, 140, 50, 46}};

struct box {
    double left, top, right, bottom;
};

struct labels {
    const struct lettering *in;
    struct box box[BOXES_MAX];
    size_t count;
};

static bool is_free(const struct labels *labels, const struct box *wanted)
{
    for (size_t i = 0; i < labels->count; i++) {
        const struct box *box = &labels->box[i];
        if (wanted->left < box->right && wanted->right > box->left && wanted->top < box->bottom &&
            wanted->bottom > box->top) {
            return false;
        }
    }
    return wanted->left >= 0 && wanted->right <= WIDTH && wanted->top >= 0 &&
           wanted->bottom <= HEIGHT;
}

/* Beside the point, else a line above or below; false: there is no room. */
static bool find_room(struct labels *labels, struct point at, double width, struct point *out,
                      bool *is_left)
{
    static const struct {
        int line;
        bool is_left;
    } side[] = {{0, false}, {0, true}, {-1, false}, {-1, true}, {1, false}, {1, true}};
    for (size_t i = 0; i < sizeof side / sizeof *side; i++) {
        *is_left = side[i].is_left;
        const struct lettering *in = labels->in;
        double x = *is_left ? at.x - in->gap - width : at.x + in->gap;
        double y = at.y + side[i].line * in->line;
        const struct box wanted = {x, y - in->line / 2.0, x + width, y + in->line / 2.0};
        if (labels->count < BOXES_MAX && is_free(labels, &wanted)) {
            labels->box[labels->count++] = wanted;
            *out = (struct point){*is_left ? at.x - in->gap : at.x + in->gap, y};
            return true;
        }
    }
    return false;
}

enum { HOUR_LETTERS = 6, KOREAN = 0x1100 }; /* from there on letters are as wide as high */

/* A place on the map, and what one language calls it; "": a position. */
struct mark {
    struct point at;
    struct place known;
    char name[PLACE_NAME_SIZE];
    char hour[8]; /* "20:48"; "": of no zone that is known */
};

static bool find_mark(const struct map_request *request, const struct map_place *place,
                      enum interface_language language, struct mark *out)
{
    if (places_find(place->name.at, place->name.len, &out->known) != PLACES_FOUND) {
        return false;
    }
    out->at = on_map(out->known.latitude_deg, out->known.longitude_deg);
    out->name[0] = '\0';
    if (!out->known.is_position &&
        places_show(place->name.at, place->name.len, language, out->name)) {
        out->name[strcspn(out->name, ",")] = '\0'; /* the map shows where it is */
    }
    const struct zone *zone =
        out->known.zone[0] == '\0' ? NULL : request->zone_find(request->context, out->known.zone);
    out->hour[0] = '\0';
    if (zone != NULL) {
        utc there = place->has_at ? place->at : request->at_utc;
        there.ns += (int64_t)zone_at(zone, there).offset_s * NS_PER_S;
        struct civil_time time = civil_from_utc(there).time;
        snprintf(out->hour, sizeof out->hour, "%02d:%02d", time.hour % 24, time.minute % 60);
    }
    return true;
}

static double width_of(const struct mark *mark, const struct lettering *in)
{
    double width = HOUR_LETTERS * in->letter;
    size_t len = strlen(mark->name);
    uint32_t letter;
    for (size_t at = 0, size; at < len; at += size) {
        size = text_decode(mark->name + at, len - at, &letter); /* our own tables: never 0 */
        width += letter < KOREAN ? in->letter : in->line;
    }
    return width;
}

static void add_dot(struct draft *out, const struct mark *mark)
{
    draft_print(out, "<circle class=\"place\" cx=\"%.0f\" cy=\"%.0f\" r=\"20\"/>", mark->at.x,
                mark->at.y);
}

/* "Rome 20:48" beside its point, where there is room. */
static bool add_label(struct draft *out, const struct mark *mark, struct labels *labels)
{
    struct point text;
    bool is_left;
    const struct lettering *in = labels->in;
    if (!find_room(labels, mark->at, width_of(mark, in), &text, &is_left)) {
        return false;
    }
    draft_print(out, "<text x=\"%.0f\" y=\"%.0f\"%s>", text.x, text.y + in->drop,
                is_left ? " text-anchor=\"end\"" : "");
    add_text(out, text_of(mark->name));
    draft_print(out, "%s%s</text>", mark->hour[0] != '\0' ? " " : "", mark->hour);
    return true;
}

/* Of every part of the Earth one, far enough from each other to be read. */
static const char *const cities[] = {"New York", "Sao Paulo",   "London", "Lagos",  "Delhi",
                                     "Tokyo",    "Los Angeles", "Cairo",  "Sydney", "Mexico City"};

/* What a wave's two colours say, in the South Pacific, where there is neither land nor a name. */
static void add_legend(struct draft *out, enum interface_language language, struct labels *labels)
{
    static const struct {
        const char *class, *word;
    } row[] = {{"now", "wave_now"}, {"passed", "wave_over"}};
    const struct lettering *in = labels->in;
    int side = in->line * 3 / 5;
    int top = HEIGHT * 5 / 6 - 2 * in->line;
    labels->box[labels->count++] = (struct box){0, top, WIDTH / 4.0, top + 2 * in->line};
    for (int i = 0; i < 2; i++) {
        int y = top + i * in->line;
        const char *word = interface_say(language, row[i].word);
        static const char *const layer[] = {"land", NULL, "key"}; /* as it is on land */
        for (int k = 0; k < 3; k++) {
            draft_print(out, "<rect class=\"%s\" x=\"60\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
                        layer[k] != NULL ? layer[k] : row[i].class, y, side, side);
        }
        draft_print(out, "<text x=\"%d\" y=\"%d\">", 60 + side + in->gap, y + side / 2 + in->drop);
        add_text(out, text_of(word));
        draft_add(out, "</text>");
    }
}

/* The names in one language and lettering; a city for which there is no room has no point. */
static void add_names(struct draft *out, const struct map_request *request,
                      enum interface_language language, struct labels *labels)
{
    struct mark mark;
    draft_print(out, "<g class=\"%s\">", labels->in->name);
    if (request->has_wave) {
        add_legend(out, language, labels);
    }
    for (size_t i = 0; i < request->place_count; i++) {
        if (find_mark(request, &request->place[i], language, &mark)) {
            add_label(out, &mark, labels);
        }
    }
    for (size_t i = 0; request->has_cities && i < sizeof cities / sizeof *cities; i++) {
        const struct map_place place = {.name = {cities[i], strlen(cities[i])}};
        if (find_mark(request, &place, language, &mark) && add_label(out, &mark, labels)) {
            add_dot(out, &mark);
        }
    }
    draft_add(out, "</g>");
}

static void add_places(struct draft *out, const struct map_request *request)
{
    static const enum interface_language english = INTERFACE_EN;
    const enum interface_language *language =
        request->language_count > 0 ? request->language : &english;
    size_t count = request->language_count > 0 ? request->language_count : 1;
    struct labels *labels = malloc(sizeof *labels);
    if (labels == NULL) {
        out->is_short_of_memory = true;
        return;
    }
    struct mark mark;
    for (size_t i = 0; i < request->place_count; i++) {
        if (find_mark(request, &request->place[i], INTERFACE_EN, &mark)) {
            add_dot(out, &mark);
        }
    }
    for (size_t i = count; i-- > 0;) { /* the first last: the style shows it unless told else */
        const char *code = interface_calendar(language[i])->code;
        draft_print(out, "\n<g class=\"names\" id=\"%s\" lang=\"%s\">", code, code);
        for (size_t k = 0; k < sizeof letterings / sizeof *letterings; k++) {
            labels->in = &letterings[k];
            labels->count = 0;
            add_names(out, request, language[i], labels);
        }
        draft_add(out, "</g>");
    }
    draft_add(out, "\n");
    free(labels);
}

static const char STYLE[] =
    "svg{--sea:#dfe9ee;--land:#f6efdf;--edge:#c9bda6;--ink:#211c16;--halo:#fffdf9;--night:#1c2340;"
    "--bell:#9a4a12}"
    "@media(prefers-color-scheme:dark){svg{--sea:#26343d;--land:#4a4435;--edge:#6b6250;--ink:#"
    "f3ece1;"
    "--halo:#15120e;--night:#05070f;--bell:#f0a860}}"
    ".sea{fill:var(--sea)}.land{fill:var(--land);stroke:var(--edge);stroke-width:3}"
    ".night path{fill:var(--night);fill-opacity:.22}"
    ".moonlit{fill:none;stroke:#fff;stroke-opacity:.8;stroke-width:7;stroke-dasharray:2 22;"
    "stroke-linecap:round}"
    ".sun{fill:#f6c445;stroke:#fff;stroke-width:8}.moon-dark{fill:#555b70;stroke:#fff;stroke-width:"
    "6}"
    ".moon{fill:#fff}.passed{fill:var(--bell);fill-opacity:.3}.now{fill:var(--bell);fill-opacity:."
    "85}"
    ".key{fill:none;stroke:var(--ink);stroke-width:5}"
    ".place{fill:var(--bell);stroke:var(--halo);stroke-width:6}"
    "text{font:600 72px system-ui,sans-serif;fill:var(--ink);stroke:var(--halo);stroke-width:14;"
    "paint-order:stroke;stroke-linejoin:round}.narrow,.names{display:none}"
    ".names:target,.names:last-child{display:inline}.names:target~.names:last-child{display:none}"
    "@media(max-width:600px){.wide{display:none}.narrow{display:inline}"
    ".narrow text{font-size:130px;stroke-width:24px}.place{r:30px}}";

bool map_write(const struct map_request *request, struct draft *out)
{
    struct sky_position sun;
    struct sky_position moon;
    double lit;
    if (!sky_position_at(SKY_SUN, request->at, &sun) ||
        !sky_position_at(SKY_MOON, request->at, &moon) || !sky_moon_lit(request->at, &lit)) {
        return false;
    }
    char stamp[STAMP_TEXT_SIZE];
    stamp_write(request->at_utc, stamp);
    draft_print(out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"1440\" "
                "height=\"720\" role=\"img\">\n<title>",
                WIDTH, HEIGHT);
    add_text(out, request->title);
    draft_print(out, "%s%s</title>\n<style>%s</style>\n<defs><path id=\"l\" d=\"",
                request->title.len > 0 ? " · " : "", stamp, STYLE);
    for (size_t i = 0; map_land[i] != NULL; i++) {
        draft_add(out, map_land[i]);
    }
    draft_print(out,
                "\"/><clipPath id=\"land\"><use href=\"#l\"/></clipPath></defs>\n"
                "<rect class=\"sea\" width=\"%d\" height=\"%d\"/>\n<use class=\"land\" "
                "href=\"#l\"/>\n",
                WIDTH, HEIGHT);
    add_night(out, &sun);
    if (request->has_wave) {
        add_wave(out, request);
    }
    add_moon(out, &moon);
    add_bodies(out, &sun, &moon, lit);
    add_places(out, request);
    draft_add(out, "</svg>\n");
    return true;
}
