/* Looking at a listener, which changes nothing. */
#include <string.h>

#include "listener/internal.h"

size_t find_constellation(const struct listener *listener, const struct record_id *root)
{
    size_t i = 0;
    while (i < LISTENER_CONSTELLATIONS_MAX &&
           !(listener->constellation[i].in_use &&
             record_id_equal(&listener->constellation[i].root, root))) {
        i++;
    }
    return i;
}

struct listener_beacon *next_beacon(const struct listener *listener,
                                    const struct listener_beacon *before)
{
    size_t i = before != NULL ? number_of(listener, before) + 1 : 0;
    while (i < listener->room.beacons && !listener->beacon[i].in_use) {
        i++;
    }
    return i < listener->room.beacons ? &listener->beacon[i] : NULL;
}

size_t number_of(const struct listener *listener, const struct listener_beacon *beacon)
{
    return (size_t)(beacon - listener->beacon);
}

struct listener_beacon *find_beacon(struct listener *listener, const uint8_t root[static 8],
                                    const struct record_key_id *key)
{
    for (struct listener_beacon *beacon = NULL; (beacon = next_beacon(listener, beacon)) != NULL;) {
        if (record_key_id_equal(&beacon->key.id, key) &&
            memcmp(listener->constellation[beacon->constellation].root.bytes, root, 8) == 0) {
            return beacon;
        }
    }
    return NULL;
}

const struct listener_occurrence *listener_next(const struct listener *listener)
{
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        const struct listener_occurrence *occurrence = &listener->occurrence[i];
        if (occurrence->ends.tai_ns >
            listener_estimate(listener, &occurrence->name.root)->best.tai_ns) {
            return occurrence;
        }
    }
    return NULL;
}

const struct discipline_estimate *listener_estimate(const struct listener *listener,
                                                    const struct record_id *root)
{
    const struct listener_occurrence *next = root == NULL ? listener_next(listener) : NULL;
    root = next != NULL ? &next->name.root : root;
    size_t which = root != NULL ? find_constellation(listener, root) : LISTENER_CONSTELLATIONS_MAX;
    return &listener->constellation[which < LISTENER_CONSTELLATIONS_MAX ? which : 0].estimate;
}

utc listener_utc(const struct listener *listener, instant at)
{
    return leap_to_utc(&listener->options.leap, at, NULL);
}

utc listener_now(const struct listener *listener, const struct record_id *root)
{
    return listener_utc(listener, listener_estimate(listener, root)->best);
}

const struct listener_occurrence *listener_find(const struct listener *listener, uint64_t id)
{
    for (size_t i = 0; i < listener->occurrence_count; i++) {
        if (listener->occurrence[i].id == id) {
            return &listener->occurrence[i];
        }
    }
    return NULL;
}
