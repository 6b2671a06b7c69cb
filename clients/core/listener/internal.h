/* listener/internal.h -- inside of the module: the parts of one step. */
#ifndef LISTENER_INTERNAL_H
#define LISTENER_INTERNAL_H

#include "listener/listener.h"

/* room.c */
void room_enter(struct listener *listener, const struct listener_room *room);

/* hear.c: ticks, status messages, beacons. */
void hear_tick(struct listener *listener, const struct listener_event *event,
               struct listener_update *update);
void hear_status(struct listener *listener, const struct listener_event *event,
                 struct listener_update *update);
/* The beacons in use: the first for NULL, the next for the one before it, NULL after the last. */
struct listener_beacon *next_beacon(const struct listener *listener,
                                    const struct listener_beacon *before);
/* A beacon's number, by which others tell of it. */
size_t number_of(const struct listener *listener, const struct listener_beacon *beacon);
/* By the first bytes of its root's id.  NULL: no root names it. */
struct listener_beacon *find_beacon(struct listener *listener, const uint8_t root[static 8],
                                    const struct record_key_id *key);
/* A tick whose signature was verified, though not as a beat: whether it contradicts what else the
 * beacon signed; then it is a liar from now on. */
bool hear_answering(struct listener *listener, struct listener_beacon *beacon,
                    const struct tick_answer *answer, const struct listener_event *event,
                    struct listener_update *update);
/* tick_verify by the beacon's key, if the link it came over may still bring a wrong signature. */
bool hear_verifies(struct listener *listener, const struct listener_beacon *beacon,
                   enum listener_kind_of_tick kind, const uint8_t *bytes, size_t size,
                   const struct listener_event *event, struct listener_update *update,
                   struct tick *out);
/* When we had the message ourselves: not before it arrived, whoever tells when that was. */
mono_raw hear_read_at(const struct listener_event *event);
/* What became of a stamp that was given to the discipline. */
void hear_judge(struct listener *listener, struct listener_beacon *beacon,
                enum discipline_heard heard, mono_raw at, struct listener_update *update);
void hear_roots(struct listener *listener, const struct listener_event *event,
                struct listener_update *update);
void hear_silence(struct listener *listener, mono_raw now, struct listener_update *update);

/* proof.c: what proves that a beacon lies, kept for when its key is named. */
void proof_hear(struct listener *listener, const struct listener_event *event,
                struct listener_update *update);
void proof_keep(struct listener *listener, const struct listener_event *event,
                const struct record_key_id *beacon);
/* Ignores a beacon whose lie is proven by what was kept, and says so.  Returns whether it is. */
bool proof_judge(struct listener *listener, struct listener_beacon *beacon,
                 struct listener_update *update);

/* ask.c: questions to beacons. */
void ask_step(struct listener *listener, const struct discipline_clocks *clocks,
              struct listener_update *update);
/* All edges are void: everybody of a constellation is asked as at first. */
void ask_anew(struct listener *listener, size_t constellation);
/* The next question is due at once. */
void ask_soon(struct listener *listener, size_t constellation);
/* Until when a start of this constellation should wait for the first answer; false: none is on its
 * way. */
bool ask_awaits(const struct listener *listener, size_t constellation, mono_raw *until);

/* answer.c: their answers. */
void answer_hear(struct listener *listener, const struct listener_event *event,
                 struct listener_update *update);

/* leaps.c: the one table by which stamps of clocks become instants. */
instant leaps_of_host(const struct listener *listener, const struct discipline_clocks *clocks);
instant leaps_of_tick(const struct listener *listener, size_t constellation,
                      const struct tick *tick, mono_raw arrived);

/* The constellation of a root that is known; LISTENER_CONSTELLATIONS_MAX otherwise. */
size_t find_constellation(const struct listener *listener, const struct record_id *root);

/* marking.c: marks. */
/* At the first step: which marks of earlier runs mean that a gesture was, or may have been,
 * released. They stay in listener->mark, the others go. */
void marking_judge(struct listener *listener, mono now);
bool marking_is_rung(struct listener *listener, const struct listener_name *name);
void marking_keep_fired(struct listener *listener, const struct listener_mark *mark);
/* Asks for what an occurrence that is to be released at target still lacks. */
void marking_plan(struct listener *listener, struct listener_occurrence *occurrence, mono target,
                  mono now, struct listener_update *update);
/* Whether a release at target is covered by a durable mark. */
bool marking_is_covered(const struct listener_occurrence *occurrence, mono target);
void marking_durable(struct listener *listener, uint64_t id);

/* plan.c: from occurrences and the estimate to marks and shots. */
void plan_records(struct listener *listener, const struct listener_event *event,
                  struct listener_update *update);
void plan_fired(struct listener *listener, const struct listener_event *event,
                struct listener_update *update);
void plan_step(struct listener *listener, const struct discipline_clocks *clocks,
               struct listener_update *update);

/* Whether a view of records is about this root. */
bool counts_for(const struct listener_event *event, const struct record_id *root);

/* Adds news; to be completed by the caller, and never NULL.  Of an occurrence (as it is now), of a
 * beacon, or of neither. */
struct listener_news *tell(struct listener_update *update, enum listener_fact fact);
struct listener_news *tell_of(struct listener_update *update, enum listener_fact fact,
                              const struct listener_occurrence *occurrence);
struct listener_news *tell_of_beacon(struct listener_update *update, enum listener_fact fact,
                                     const struct listener_beacon *beacon);

void wake_by(struct listener_update *update, mono at);

#endif
