#include "show/big.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "text/draft.h"
#include "text/text.h"

/* Five rows of three; the colon and the d are one and three wide. */
enum { GLYPH_ROWS = 5, GLYPH_COLUMNS = 3, TEXT_ROWS = 6 };

static const char *const GLYPHS[12][GLYPH_ROWS] = {
    {"###", "# #", "# #", "# #", "###"}, {" # ", "## ", " # ", " # ", "###"},
    {"###", "  #", "###", "#  ", "###"}, {"###", "  #", "###", "  #", "###"},
    {"# #", "# #", "###", "  #", "  #"}, {"###", "#  ", "###", "  #", "###"},
    {"###", "#  ", "###", "# #", "###"}, {"###", "  #", "  #", "  #", "  #"},
    {"###", "# #", "###", "# #", "###"}, {"###", "# #", "###", "  #", "###"},
    {" ", "#", " ", "#", " "},           {"  #", "  #", "###", "# #", "###"},
};

static const char *const *glyph_of(char c)
{
    return GLYPHS[c == ':' ? 10 : c == 'd' ? 11 : c - '0'];
}

void big_digits(span left, char out[static 40])
{
    int64_t s = left.ns > 0 ? (left.ns + NS_PER_S - 1) / NS_PER_S : 0;
    int hours = (int)(s / 3600 % 24), minutes = (int)(s / 60 % 60), seconds = (int)(s % 60);
    if (s >= 86400) {
        snprintf(out, 40, "%" PRId64 "d%02d:%02d", s / 86400, hours, minutes);
    } else if (s >= 3600) {
        snprintf(out, 40, "%d:%02d:%02d", hours, minutes, seconds);
    } else if (s >= 60) {
        snprintf(out, 40, "%d:%02d", minutes, seconds);
    } else {
        snprintf(out, 40, "%d", seconds);
    }
}

/* How many columns the character that begins here takes, nearly: none if it is combined with the
 * one before, two of East Asia's and of pictures.  *bytes: how long it is. */
static size_t width_of(const char *at, size_t *bytes)
{
    uint32_t code = 0;
    *bytes = text_decode(at, strlen(at), &code);
    *bytes = *bytes > 0 ? *bytes : 1;
    bool is_combined = (code >= 0x300 && code < 0x370) || (code >= 0x200b && code < 0x2010) ||
                       (code >= 0x64b && code < 0x660) || (code >= 0xfe00 && code < 0xfe10);
    bool is_wide = (code >= 0x1100 && code < 0x1160) || (code >= 0x2e80 && code < 0xa4d0) ||
                   (code >= 0xac00 && code < 0xd7a4) || (code >= 0xf900 && code < 0xfb00) ||
                   (code >= 0xfe30 && code < 0xfe70) || (code >= 0xff00 && code < 0xff61) ||
                   code >= 0x1f000;
    return is_combined ? 0 : is_wide ? 2 : 1;
}

/* In one row, cut at a character; from the given column, or in the middle (0). */
static void put_text(struct draft *draft, const struct big_scene *scene, size_t row, size_t column,
                     const char *style, const char *text)
{
    size_t bytes = 0, columns = 0, room = scene->columns - (column > 0 ? column - 1 : 0);
    while (text[bytes] != '\0') {
        size_t size, width = width_of(text + bytes, &size);
        if (columns + width > room) {
            break;
        }
        bytes += size;
        columns += width;
    }
    size_t at = column > 0 ? column : (scene->columns - columns) / 2 + 1;
    draft_print(draft, "\033[%zu;1H\033[K\033[%zu;%zuH\033[%sm%.*s\033[0m", row, row, at, style,
                (int)bytes, text);
}

/* Of a digit's pixel. */
struct scale {
    size_t columns, rows;
};

/* Of a string of digits, in pixels. */
static size_t pixels_of(const char *digits)
{
    size_t pixels = strlen(digits) - 1;
    for (; *digits != '\0'; digits++) {
        pixels += strlen(glyph_of(*digits)[0]);
    }
    return pixels;
}

/* A terminal's cell is twice as high as it is wide; taller digits are read from farther. */
static struct scale choose_scale(size_t pixels, size_t columns, size_t rows)
{
    struct scale scale = {(columns - 2) / pixels, rows / GLYPH_ROWS};
    size_t highest = scale.columns * 3 / 4 > 0 ? scale.columns * 3 / 4 : 1;
    scale.rows = scale.rows < highest ? scale.rows : highest;
    size_t widest = scale.rows * 5 / 2;
    scale.columns = scale.columns < widest ? scale.columns : widest;
    return scale;
}

static void put_row(struct draft *draft, const char *digits, size_t row, size_t columns,
                    const char *ink)
{
    for (; *digits != '\0'; digits++) {
        for (const char *pixel = glyph_of(*digits)[row]; *pixel != '\0'; pixel++) {
            draft_print(draft, "\033[%sm%*s", *pixel == '#' ? ink : "0", (int)columns, "");
        }
        draft_print(draft, "\033[0m%*s", digits[1] != '\0' ? (int)columns : 0, "");
    }
}

/* Between the given row and the text at the foot; what is too small for digits gets a plain
 * line. */
static void put_digits(struct draft *draft, const struct big_scene *scene, size_t top, size_t rows,
                       const char *ink)
{
    char digits[40];
    big_digits(scene->left, digits);
    size_t pixels = pixels_of(digits);
    struct scale scale =
        scene->columns > 2 ? choose_scale(pixels, scene->columns, rows) : (struct scale){0, 0};
    if (scale.columns == 0 || scale.rows == 0) {
        put_text(draft, scene, top + rows / 2, 0, "1", digits);
        return;
    }
    size_t above = (rows - scale.rows * GLYPH_ROWS) / 2;
    size_t left = (scene->columns - scale.columns * pixels) / 2;
    for (size_t i = 0; i < rows; i++) {
        draft_print(draft, "\033[%zu;1H\033[K", top + i);
        if (i >= above && i < above + scale.rows * GLYPH_ROWS) {
            draft_print(draft, "\033[%zu;%zuH", top + i, left + 1);
            put_row(draft, digits, (i - above) / scale.rows, scale.columns, ink);
        }
    }
}

size_t big_draw(const struct big_scene *scene, char out[static BIG_SIZE])
{
    /* No red, no flashing: it hangs in a room with many people. */
    static const char *const inks[] = {[BIG_NOTHING] = "100",
                                       [BIG_WAITING] = "44",
                                       [BIG_ARMED] = "46",
                                       [BIG_NEAR] = "43",
                                       [BIG_NOW] = "42"};
    struct draft draft = draft_in(out, BIG_SIZE);
    const char *ink = scene->has_colour ? inks[scene->state] : "7";
    bool is_small = scene->rows < TEXT_ROWS + BIG_NEWS_MAX;
    size_t news_rows = is_small ? 0 : BIG_NEWS_MAX;
    if (scene->rows < 3 || scene->columns < 4) {
        return 0;
    }
    put_text(&draft, scene, 1, 0, "1", scene->title);
    put_text(&draft, scene, 2, 0, "0", scene->when);
    size_t last = scene->rows - news_rows; /* the foot's row */
    if (scene->state != BIG_NOTHING && last > 3) {
        put_digits(&draft, scene, 3, last - 3, ink);
    } else if (last > 3) {
        for (size_t row = 3; row < last; row++) {
            draft_print(&draft, "\033[%zu;1H\033[K", row);
        }
    }
    put_text(&draft, scene, last, 0, "0", scene->foot);
    for (size_t i = 0; i < news_rows; i++) {
        put_text(&draft, scene, last + 1 + i, 1, "2", scene->news[i] != NULL ? scene->news[i] : "");
    }
    return draft.len;
}
