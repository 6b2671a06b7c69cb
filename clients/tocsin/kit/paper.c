#include "tocsin/kit/paper.h"

#include <qrencode.h>
#include <string.h>

#include "say/say.h"
#include "text/text.h"

/* In tenths of a millimetre. */
enum {
    WIDTH = 2100,
    HEIGHT = 2970,
    MARGIN = 160,
    CODE_SIDE = 620,
    QUIET_MODULES = 4,
    LINES_MAX = 12,
    LISTED_MAX = 6, /* places, a line each */
    PLACE_LINES = 9,
};

/* Attributes of text; addresses, hours and the words to compare run as they do in Latin script. */
#define PLAIN ""
#define BOLD  " font-weight=\"700\""
#define LATIN " direction=\"ltr\""

static const char *say(const struct paper *paper, const char *name)
{
    return interface_say(paper->language, name);
}

void paper_announce(const struct paper *paper, struct draft *out)
{
    const char *comma = say(paper, "comma");
    draft_print(out, "%s\n\n%s", paper->title, paper->date);
    if (paper->place_count == 0) {
        draft_print(out, "%s%s\n", comma, paper->clock);
    } else {
        draft_add(out, "\n");
    }
    for (size_t i = 0; i < paper->place_count; i++) {
        const struct paper_place *place = &paper->place[i];
        draft_add(out, place->told);
        if (*place->utc != '\0') {
            draft_print(out, " (%s UTC)", place->utc);
        }
        draft_add(out, "\n");
    }
    draft_print(out, "%s%s%s\n%s\n", paper->length, comma, paper->how, paper->gesture);
    if (*paper->about != '\0') {
        draft_print(out, "\n%s\n", paper->about);
    }
    if (paper->url != NULL) {
        draft_print(out, "\n%s\n", paper->url);
    }
    draft_print(out, "\n%s · %s\n", paper->name, paper->words);
}

/* How wide a character is, in hundredths of its height: there is no font here to ask. */
static int width_of(uint32_t point)
{
    return point >= 0x1000 ? 100 : 56;
}

static bool is_one_of(uint32_t point, const char *set)
{
    uint32_t one;
    for (size_t len = strlen(set); len > 0;) {
        size_t used = text_decode(set, len, &one);
        if (one == point) {
            return true;
        }
        set += used;
        len -= used;
    }
    return false;
}

/* Where a line may end in writing without spaces, between two characters of it: JIS X 4051 has what
 * begins no line and what ends none.  *is_phrase: a phrase most likely ends there, after a mark or
 * where hiragana give way to another script. */
static bool may_break(uint32_t before, uint32_t after, bool *is_phrase)
{
    static const char marks[] = "、。，．・：；？！」』）】";
    static const char small[] = "ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々";
    bool is_kana = before >= 0x3041 && before <= 0x309f;
    bool then_kana = after >= 0x3041 && after <= 0x309f;
    *is_phrase = is_one_of(before, marks) || (is_kana && !then_kana);
    return before >= 0x2e80 && after >= 0x2e80 && !is_one_of(after, marks) &&
           !is_one_of(after, small) && !is_one_of(before, "（「『【");
}

/* How much of a text fits on a line: to a space, or to where a phrase ends in its second half. */
static size_t fit(const char *text, int size)
{
    size_t at = 0, space = 0, phrase = 0, allowed = 0;
    size_t len = strcspn(text, "\n");
    uint32_t before = 0;
    int width = 0;
    while (at < len) {
        uint32_t point;
        bool is_phrase;
        size_t used = text_decode(text + at, len - at, &point);
        if (point == ' ') {
            space = at;
        } else if (may_break(before, point, &is_phrase)) {
            allowed = at;
            phrase = is_phrase ? at : phrase;
        }
        width += width_of(point) * size / 100;
        if (width > WIDTH - 2 * MARGIN) {
            size_t best = phrase > allowed / 2 ? phrase : allowed;
            best = best > space ? best : space;
            return best > 0 ? best : at;
        }
        before = point;
        at += used > 0 ? used : 1;
    }
    return at;
}

/* Lines of text around the middle, from y on; where the next ones may begin. */
static int add_text(struct draft *out, const char *text, int size, const char *look, int y)
{
    for (int line = 0; *text != '\0' && line < LINES_MAX; line++) {
        size_t len = fit(text, size);
        y += size * 5 / 4;
        draft_print(out, "<text x=\"%d\" y=\"%d\" font-size=\"%d\"%s>", WIDTH / 2, y, size, look);
        draft_add_escaped(out, text, len);
        draft_add(out, "</text>\n");
        text += len;
        text += strspn(text, " \n");
    }
    return y;
}

static int lines_of(const char *text, int size)
{
    int lines = 0;
    for (; *text != '\0'; lines++) {
        text += fit(text, size);
        text += strspn(text, " \n");
    }
    return lines;
}

static int width(const char *text, int size)
{
    int sum = 0;
    for (size_t at = 0, len = strlen(text); at < len;) {
        uint32_t point;
        size_t used = text_decode(text + at, len - at, &point);
        sum += width_of(point) * size / 100;
        at += used > 0 ? used : 1;
    }
    return sum;
}

/* So many of the places, a line each or as many as a line holds, and how many more there are. */
static void draft_places(struct draft *out, const struct paper *paper, size_t told, int size)
{
    const char *more = say(paper, "more_places");
    size_t mark = strcspn(more, "#");
    int line = 0;
    for (size_t i = 0; i < told; i++) {
        const char *place = paper->place[i].told;
        int wide = width(place, size);
        bool is_beside = paper->place_count > LISTED_MAX && line > 0 &&
                         line + width(" · ", size) + wide <= WIDTH - 2 * MARGIN;
        draft_add(out, i == 0 ? "" : is_beside ? " · " : "\n");
        draft_add(out, place);
        line = is_beside ? line + width(" · ", size) + wide : wide;
    }
    if (told < paper->place_count) {
        draft_print(out, "\n%.*s%zu%s", (int)mark, more, paper->place_count - told,
                    more + mark + 1);
    }
}

/* As many places as the sheet holds: the page has them all. */
static int add_places(struct draft *out, const struct paper *paper, int y)
{
    int size = paper->place_count <= LISTED_MAX ? 90 : 60;
    struct draft text = {0};
    size_t told = paper->place_count + 1;
    do {
        draft_free(&text);
        text = (struct draft){0};
        draft_places(&text, paper, --told, size);
        if (text.is_short_of_memory) {
            say_no_memory();
        }
    } while (told > 1 && lines_of(text.at, size) > PLACE_LINES);
    y = add_text(out, text.at, size, BOLD, y);
    draft_free(&text);
    return y;
}

static bool add_code(struct draft *out, const char *text, int y)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL) {
        return false;
    }
    int side = code->width + 2 * QUIET_MODULES;
    draft_print(out,
                "<svg x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                "shape-rendering=\"crispEdges\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>"
                "<path d=\"",
                (WIDTH - CODE_SIDE) / 2, y, CODE_SIDE, CODE_SIDE, side, side, side, side);
    for (int row = 0; row < code->width; row++) {
        for (int column = 0; column < code->width; column++) {
            if ((code->data[row * code->width + column] & 1U) != 0) {
                draft_print(out, "M%d %dh1v1h-1z", column + QUIET_MODULES, row + QUIET_MODULES);
            }
        }
    }
    draft_add(out, "\"/></svg>\n");
    QRcode_free(code);
    return true;
}

bool paper_poster(const struct paper *paper, struct draft *out)
{
    bool is_whole = true;
    draft_print(out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" "
                "viewBox=\"0 0 %d %d\" xml:lang=\"%s\" text-anchor=\"middle\" fill=\"#2a1c0e\" "
                "font-family=\"system-ui, 'Noto Sans', sans-serif\"%s>\n<title>",
                WIDTH, HEIGHT, interface_calendar(paper->language)->code,
                interface_is_right_to_left(*paper->tag != '\0' ? paper->tag : "en")
                    ? " direction=\"rtl\""
                    : "");
    draft_add_escaped(out, paper->title, strlen(paper->title));
    draft_print(out,
                "</title>\n<rect width=\"%d\" height=\"%d\" fill=\"#fffaf1\"/>"
                "<rect width=\"%d\" height=\"60\" fill=\"#9a5410\"/>\n",
                WIDTH, HEIGHT, WIDTH);
    int y = add_text(out, paper->title, 170, BOLD, 200);
    y = add_text(out, paper->date, 90, PLAIN, y + 130);
    y = paper->place_count > 0 ? add_places(out, paper, y + 20)
                               : add_text(out, paper->clock, 110, BOLD LATIN, y + 20);
    y = add_text(out, paper->gesture, 70, PLAIN, y + 50);
    y = add_text(out, paper->length, 70, PLAIN, y);
    y = add_text(out, paper->how, 70, PLAIN, y);
    add_text(out, paper->about, 56, PLAIN, y + 90);
    if (paper->url != NULL) {
        is_whole = add_code(out, paper->url, HEIGHT - 1030);
        add_text(out, paper->url, 32, LATIN, HEIGHT - 390);
    }
    const char *compare = say(paper, "compare");
    add_text(out, compare, 40, PLAIN, HEIGHT - 280 - 50 * (lines_of(compare, 40) - 1));
    add_text(out, paper->words, 52, BOLD LATIN, HEIGHT - 210);
    add_text(out, paper->name, 44, PLAIN, HEIGHT - 130);
    draft_add(out, "</svg>\n");
    return is_whole;
}
