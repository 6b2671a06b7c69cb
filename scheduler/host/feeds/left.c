/* left.c -- what feeds had of a window and have no more.  Whoever has it in a calendar must hear it
 * there, where it was, also where it stands elsewhere. */
#include <stdlib.h>

#include "feeds/telling.h"

/* An occurrence of the view; NULL: there is none. */
static const struct view_occurrence *find(const struct view_window *in, struct text key,
                                          struct text place)
{
    for (size_t i = 0; i < in->occurrence_count; i++) {
        if (text_equal(in->occurrence[i].key, key) && text_equal(in->occurrence[i].place, place)) {
            return &in->occurrence[i];
        }
    }
    return NULL;
}

/* When it was no proposal any more, as far as records say: signatures have no date. */
static instant decided_at(const struct view_window *in)
{
    return in->held_count > 0   ? in->held[0]->is.window.made
           : in->cancel != NULL ? in->cancel->is.cancel.made
                                : in->record->is.window.made;
}

/* Whose feed tells an occurrence now: a lock may keep one as it was, and others of its window not.
 */
static struct text gesture_of(const struct telling *telling, const struct view_occurrence *now)
{
    bool is_told = now != NULL && now->state != OCCURRENCE_EXPIRED;
    return (is_told ? now->record : telling->said)->is.window.gesture;
}

/* Whether the feed that it may have left tells it as it is now. */
static bool stands(const struct telling *telling, const struct record_window *window,
                   const struct view_occurrence *now, enum feed_left left)
{
    switch (left) {
    case LEFT_NOTHING: /* one that the window's end now comes before is told by nobody */
        return now != NULL && now->state != OCCURRENCE_EXPIRED;
    case LEFT_PROPOSALS:
        return now != NULL && now->state == OCCURRENCE_NOT_YET && !now->is_off;
    case LEFT_GESTURE:
        return text_equal(window->gesture, gesture_of(telling, now));
    case LEFT_ALL:
    default:
        return false;
    }
}

/* What feeds had of a record, and those of today have not: its occurrences or their rests, told in
 * the words of another. */
static void add_lines(struct telling *telling, const struct record_window *window,
                      const struct record *said, enum feed_left left, bool is_rest)
{
    const struct view_window *in = telling->in;
    for (size_t i = 0; i < view_line_count(window); i++) {
        const struct view_occurrence line = view_line(window, i);
        const struct view_occurrence *now = find(in, line.key, line.place);
        if (line.is_off || stands(telling, window, now, left) ||
            telling_is_beyond_end(telling, window, line.start) ||
            telling_has(telling, line.key, line.place)) {
            continue;
        }
        const struct feed_item is = {
            .in = in,
            .record = said,
            .times = window,
            .key = line.key,
            .place = line.place,
            .start = line.start,
            .date = line.date,
            .status = FEED_CANCELLED,
            .revision = telling->revision,
            .left = left,
            .is_rest_alone = is_rest,
            .gesture = left == LEFT_GESTURE ? window->gesture : said->is.window.gesture,
            .elsewhere = now != NULL && now->state == OCCURRENCE_IN_FORCE ? now : NULL,
        };
        const struct had had = {line.key, line.place,
                                left == LEFT_GESTURE ? window->gesture : (struct text){0}, is_rest};
        telling_add(telling, &is,
                    left == LEFT_PROPOSALS ? decided_at(in) : telling_called_off_at(telling, &had));
    }
}

void telling_add_dropped(struct telling *telling)
{
    const struct view_window *in = telling->in;
    for (size_t i = in->held_count; i-- > 0;) {
        add_lines(telling, &in->held[i]->is.window, telling->said, LEFT_NOTHING, false);
    }
}

/* Each gesture that it had is a feed that hears. */
static void add_gesture(struct telling *telling, struct text gesture, struct item_list *out)
{
    const struct view_window *in = telling->in;
    for (int is_rest = 0; is_rest < 2; is_rest++) {
        for (size_t i = in->held_count; i-- > 0;) {
            const struct record_window *window = &in->held[i]->is.window;
            if (text_equal(window->gesture, gesture) && (is_rest == 0 || window->has_rest)) {
                add_lines(telling, window, telling->said, LEFT_GESTURE, is_rest == 1);
            }
        }
        telling_give(telling, out);
    }
}

static void add_gestures(struct telling *telling, struct item_list *out)
{
    const struct view_window *in = telling->in;
    for (size_t i = 0; i < in->held_count; i++) {
        struct text gesture = in->held[i]->is.window.gesture;
        bool was_told = false;
        for (size_t k = 0; k < i && !was_told; k++) {
            was_told = text_equal(gesture, in->held[k]->is.window.gesture);
        }
        if (!was_told) {
            add_gesture(telling, gesture, out);
        }
    }
}

static bool has_rest(const struct feed_item *told, size_t count, const struct feed_item *wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (told[i].times->has_rest && text_equal(told[i].key, wanted->key) &&
            text_equal(told[i].place, wanted->place)) {
            return true;
        }
    }
    return false;
}

/* Those that nothing tells any more. */
static void add_rests(struct telling *telling, const struct feed_item *told, size_t told_count,
                      struct item_list *out)
{
    const struct view_window *in = telling->in;
    for (size_t i = in->held_count; i-- > 0;) {
        if (in->held[i]->is.window.has_rest) {
            add_lines(telling, &in->held[i]->is.window, telling->said, LEFT_ALL, true);
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < telling->gone_count; i++) {
        if (!has_rest(told, told_count, &telling->gone[i].is)) {
            telling->gone[kept++] = telling->gone[i];
        }
    }
    telling->gone_count = kept;
    telling_give(telling, out);
}

/* What too few had signed stood in the feed of what is not in force until enough did, or another
 * took its place. */
static void add_proposal(struct telling *telling, const struct view_entry *proposal)
{
    const struct view_window *in = telling->in;
    const struct record_window *window = &proposal->record->is.window;
    struct view_standing standing;
    if ((in->held_count > 0 && window->seq > in->held[0]->is.window.seq) ||
        !view_standing(telling->source->view, proposal, &standing) || standing.count == 0) {
        return;
    }
    bool is_settled = in->held_count > 0 && in->record != NULL;
    add_lines(telling, window, is_settled ? in->record : proposal->record, LEFT_PROPOSALS, false);
}

void telling_add_left(struct telling *telling, const struct feed_item *told, size_t told_count,
                      const struct view_entry *const *proposal, size_t proposal_count,
                      struct item_list *out)
{
    const struct view_window *in = telling->in;
    if (telling->said != NULL) {
        add_gestures(telling, out);
        add_rests(telling, told, told_count, out);
    }
    bool is_known = in->held_count > 0 || in->cancel != NULL || in->record != NULL;
    for (size_t i = 0; i < proposal_count && is_known; i++) {
        add_proposal(telling, proposal[i]);
    }
    telling_give(telling, out);
}
