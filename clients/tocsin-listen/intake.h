/* tocsin-listen/intake.h -- records that brokers sent wait here to be judged, a few signatures at a
 * time: a flood of them costs a start nothing, and keeps nobody else's from being heard.
 *
 * Each constellation has its allowance of signatures, which the brokers that have something waiting
 * share: whoever brought something good before has two turns where another has one, and no more,
 * since anybody can bring what is true and flood then.  After each turn the loop has four times as
 * long for everything else. */
#ifndef LISTEN_INTAKE_H
#define LISTEN_INTAKE_H

#include <uv.h>

#include "listener/listener.h"

enum {
    INTAKE_ROOM = 512 * 1024, /* of each broker */
    INTAKE_NEAR_RATE = 200,   /* signatures a second when a start is near */
    INTAKE_FAR_RATE = 2000,
};

/* Judges one piece: a record and some of its signatures.  Returns whether it brought anything. */
typedef bool (*intake_judge)(void *context, const uint8_t *bytes, size_t size);

struct intake {
    intake_judge judge;
    void (*done)(void *context, bool is_malformed); /* a message was judged to its end */
    void *context;
    struct intake_link {
        uint8_t *bytes; /* owned; messages, each with its head */
        size_t size, at, signature;
        uint64_t good;
        uint64_t had; /* turns, two for one of a broker that brought nothing good */
    } link[LISTENER_LINKS_MAX];
    double allowed[LISTENER_CONSTELLATIONS_MAX];
    uint64_t filled_ns;
    uint64_t now; /* what the last one had, whose turn it was */
};

void intake_open(struct intake *intake, intake_judge judge,
                 void (*done)(void *context, bool is_malformed), void *context);
void intake_close(struct intake *intake);

/* Takes a stream that came over a link, about a constellation; false when there is no room. */
bool intake_put(struct intake *intake, size_t link, size_t constellation, const uint8_t *bytes,
                size_t size);

/* Judges for at most turn_ns; allowances grow with now_ns.  Returns whether something is left. */
bool intake_step(struct intake *intake, uint64_t now_ns, uint64_t turn_ns, bool is_start_near);

#endif
