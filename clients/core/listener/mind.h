/* listener/mind.h -- inside of the module: the parts of one step. */
#ifndef LISTENER_MIND_H
#define LISTENER_MIND_H

#include "listener/listener.h"

/* hear.c: ticks, status messages, beacons. */
void hear_tick(struct listener *listener, const struct listener_event *event,
               struct listener_update *update);
void hear_status(struct listener *listener, const struct listener_event *event,
                 struct listener_update *update);
/* NULL: no root names it. */
struct listener_beacon *hear_find_beacon(struct listener *listener,
                                         const struct record_key_id *key);
void hear_roots(struct listener *listener, const struct view *view, struct listener_update *update);
void hear_silence(struct listener *listener, mono now, struct listener_update *update);

/* proof.c: what proves that a beacon lies, kept for when its key is named. */
void proof_hear(struct listener *listener, const struct listener_event *event,
                struct listener_update *update);
void proof_keep(struct listener *listener, const struct listener_event *event,
                const struct record_key_id *beacon);
/* Ignores a beacon whose lie is proven by what was kept, and says so.  Returns whether it is. */
bool proof_judge(struct listener *listener, struct listener_beacon *beacon,
                 struct listener_update *update);

/* ask.c: the question whether a beacon is fresh. */
void ask_plan(struct listener *listener, size_t beacon, size_t link, mono arrived,
              uint32_t next_ms);
void ask_step(struct listener *listener, const struct discipline_clocks *clocks,
              struct listener_update *update);
void ask_hear_answer(struct listener *listener, const struct listener_event *event,
                     struct listener_update *update);

/* leaps.c: UTC counted through leap seconds. */
/* After an estimate: whether a leap second was passed, so that it has to be made anew. */
bool leaps_follow(struct listener *listener, const struct discipline_clocks *clocks,
                  struct listener_update *update);
/* What the estimate's count will have lost until then. */
span leaps_ahead(const struct listener *listener, utc at);
bool leaps_are_near(const struct listener *listener);
/* A tick's stamp as the estimate counts, whichever side of a leap second it was made on. */
utc leaps_count_alike(const struct listener *listener, const struct tick *tick);

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

/* Adds a line of news; occurrence may be NULL. */
void tell(struct listener_update *update, enum listener_news_kind kind,
          const struct listener_occurrence *occurrence, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

void wake_by(struct listener_update *update, mono at);

#endif
