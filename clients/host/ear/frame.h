/* ear/frame.h -- what passes between a listener and its ear: frames on a stream socket.
 *
 *   octet 0..3    size of what follows, big-endian, 12 to FRAME_SIZE_MAX
 *   octet 4       kind
 *   octet 5       1: retained (of PUBLISH, at QoS 1); SUBSCRIBE: the QoS
 *   octet 6..7    length of the topic, big-endian
 *   octet 8..15   MESSAGE: arrival, ns of CLOCK_MONOTONIC_RAW, big-endian; else 0
 *   then the topic, then the payload
 *
 * Pure.  Both sides judge what they read: the ear may be in a stranger's hands. */
#ifndef EAR_FRAME_H
#define EAR_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "instants/must_use.h"

enum frame_kind {
    FRAME_OPEN,        /* to the ear, once: topic: the URL; payload: who we are (login.h) */
    FRAME_SUBSCRIBE,   /* to the ear */
    FRAME_UNSUBSCRIBE, /* to the ear */
    FRAME_PUBLISH,     /* to the ear */
    FRAME_UP,          /* from the ear: the broker has welcomed it */
    FRAME_DOWN,        /* from the ear: payload: why */
    FRAME_MESSAGE,     /* from the ear */
    FRAME_BEAT,        /* from the ear, each second: it is there */
    FRAME_WILL,        /* to the ear, before OPEN: a retained last will */
    FRAME_DENIED,      /* from the ear: the broker does not grant a subscription to the topic */
};

enum {
    FRAME_TOPIC_MAX = 1024,
    FRAME_PAYLOAD_MAX = 256 * 1024 + 1024,
    FRAME_HEAD_SIZE = 16,
    FRAME_SIZE_MAX = FRAME_HEAD_SIZE - 4 + FRAME_TOPIC_MAX + FRAME_PAYLOAD_MAX,
    FRAME_ROOM = 4 + FRAME_SIZE_MAX,
};

struct frame {
    enum frame_kind kind;
    uint8_t flag; /* 0 to 2 */
    int64_t arrived_ns;
    const char *topic; /* not terminated; holds no NUL */
    size_t topic_size;
    const uint8_t *payload;
    size_t size;
};

enum frame_result {
    FRAME_WHOLE,
    FRAME_PART, /* more bytes are to come */
    FRAME_BAD,
};

/* Reads the first frame of these bytes; it borrows from them.  *used: how many it took. */
TOCSIN_MUST_USE enum frame_result frame_read(const uint8_t *bytes, size_t size, struct frame *out,
                                             size_t *used);

/* Writes it; the topic and the payload must not be longer than they may be.  Returns its size. */
size_t frame_write(const struct frame *frame, uint8_t out[static FRAME_ROOM]);

#endif
