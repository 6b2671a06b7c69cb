/* room.c -- how much the mind is to hold: what the records name, and what rang. */
#include <stdlib.h>

#include "libtocsin/site.h"

static const int64_t PAST_NS = 3600 * NS_PER_S; /* as long as the mind keeps what is over */
enum { STEP = 8 };                              /* not a new room for each */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t in_steps(size_t count)
{
    return (count + STEP - 1) / STEP * STEP;
}

/* As many as could start here, rather more than fewer. */
static size_t count_starts(const struct tocsin *site, const struct view *view,
                           const struct record_id *root, instant now)
{
    size_t count = 0;
    for (size_t i = 0; i < view->window_count; i++) {
        const struct view_window *window = &view->window[i];
        for (size_t j = 0; record_id_equal(&window->root, root) && j < window->occurrence_count;
             j++) {
            const struct view_occurrence *one = &window->occurrence[j];
            bool is_elsewhere = one->place.len > 0 && (site->where.place == NULL ||
                                                       !text_is(one->place, site->where.place));
            bool is_past = one->has_start && instant_since(now, one->end).ns > PAST_NS;
            count += one->state == OCCURRENCE_IN_FORCE && !is_elsewhere && !is_past;
        }
    }
    return count;
}

static bool move(struct tocsin *site, size_t occurrences, size_t beacons, size_t marks)
{
    void *block = malloc(listener_room_size(occurrences, beacons, marks));
    if (block == NULL) {
        return false;
    }
    struct listener_room room = listener_room_in(block, occurrences, beacons, marks);
    if (site->has_started) {
        listener_move(site->mind, &room);
    } else {
        site->mind->room = room;
    }
    free(site->room);
    site->room = block;
    return true;
}

bool site_make_room(struct tocsin *site)
{
    const struct record_id *root;
    size_t roots = 0, occurrences = 0, beacons = 0;
    while (site_root(site, roots) != NULL) {
        roots++;
    }
    for (size_t i = 0; i < roots; i++) {
        const struct view *view = site->view[i];
        root = site_root(site, i);
        const struct view_root *is = view != NULL ? view_find_root(view, root) : NULL;
        if (is == NULL) {
            continue;
        }
        occurrences += smaller(count_starts(site, view, root, site->viewed[i]),
                               LISTENER_OCCURRENCES_MAX / roots);
        beacons += is->newest->is.root.beacon_count;
    }
    const struct listener_room *room = &site->mind->room;
    occurrences = in_steps(occurrences);
    beacons = smaller(beacons, LISTENER_BEACONS_MAX);
    return (occurrences <= room->occurrences && beacons <= room->beacons) ||
           move(site, occurrences > room->occurrences ? occurrences : room->occurrences,
                beacons > room->beacons ? beacons : room->beacons, room->marks);
}

bool site_make_room_for_marks(struct tocsin *site, size_t count)
{
    const struct listener_room *room = &site->mind->room;
    return count <= room->marks || room->marks == LISTENER_MARKS_MAX ||
           move(site, room->occurrences, room->beacons,
                smaller(in_steps(count + STEP), LISTENER_MARKS_MAX));
}
