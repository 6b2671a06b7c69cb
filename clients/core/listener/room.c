/* room.c -- where a listener keeps what there may be many of. */
#include <stddef.h>
#include <string.h>

#include "listener/internal.h"

/* The lists lie one behind the other; each begins where the largest type may. */
enum { ALIGNMENT = _Alignof(max_align_t) };

struct carving {
    uint8_t *block; /* NULL: only the size is wanted */
    size_t used;
};

static void *carve(struct carving *carving, size_t count, size_t size)
{
    void *place = carving->block != NULL ? carving->block + carving->used : NULL;
    carving->used += (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return place;
}

static size_t divide(void *block, struct listener_room *room)
{
    struct carving carving = {.block = block};
    size_t some = room->occurrences;
    room->occurrence = carve(&carving, some, sizeof *room->occurrence);
    room->set = carve(&carving, 2 * some, sizeof *room->set);
    room->asked = carve(&carving, some, sizeof *room->asked);
    room->asked_id = carve(&carving, some, sizeof *room->asked_id);
    room->shot = carve(&carving, some, sizeof *room->shot);
    room->beacon = carve(&carving, room->beacons, sizeof *room->beacon);
    room->source = carve(&carving, room->beacons, sizeof *room->source);
    room->proof = carve(&carving, room->beacons, sizeof *room->proof);
    room->mark = carve(&carving, room->marks, sizeof *room->mark);
    return carving.used;
}

size_t listener_room_size(size_t occurrences, size_t beacons, size_t marks)
{
    return divide(NULL, &(struct listener_room){
                            .occurrences = occurrences, .beacons = beacons, .marks = marks});
}

struct listener_room listener_room_in(void *block, size_t occurrences, size_t beacons, size_t marks)
{
    struct listener_room room = {.occurrences = occurrences, .beacons = beacons, .marks = marks};
    memset(block, 0, divide(block, &room));
    return room;
}

struct listener_room listener_room_for_all(void *block)
{
    size_t size =
        listener_room_size(LISTENER_OCCURRENCES_MAX, LISTENER_BEACONS_MAX, LISTENER_MARKS_MAX);
    struct listener_room room =
        listener_room_in(block, LISTENER_OCCURRENCES_MAX, LISTENER_BEACONS_MAX, LISTENER_MARKS_MAX);
    room.gathered = (struct listener_occurrence *)((uint8_t *)block + size);
    return room;
}

void room_enter(struct listener *listener, const struct listener_room *room)
{
    listener->room = *room;
    listener->occurrence = room->occurrence;
    listener->beacon = room->beacon;
    listener->mark = room->mark;
}

/* A list of nothing may lie nowhere. */
static void copy(void *to, const void *from, size_t count, size_t size)
{
    if (count > 0) {
        memcpy(to, from, count * size);
    }
}

void listener_move(struct listener *listener, const struct listener_room *room)
{
    struct listener_room before = listener->room;
    copy(room->occurrence, before.occurrence, before.occurrences, sizeof *room->occurrence);
    copy(room->set, before.set, 2 * before.occurrences, sizeof *room->set);
    copy(room->beacon, before.beacon, before.beacons, sizeof *room->beacon);
    copy(room->source, before.source, before.beacons, sizeof *room->source);
    copy(room->proof, before.proof, before.beacons, sizeof *room->proof);
    copy(room->mark, before.mark, before.marks, sizeof *room->mark);
    if (listener->proof_count > before.beacons) { /* the ring was full */
        listener->proof_count = before.beacons;
    }
    room_enter(listener, room);
    listener->discipline.source = room->source;
    listener->discipline.sources = room->beacons;
}
