/* tocsin/windows/here.h -- when an occurrence is on the clock of whoever asks. */
#ifndef TOCSIN_HERE_H
#define TOCSIN_HERE_H

#include "tocsin/print/times.h"
#include "tocsin/session/session.h"
#include "tocsin/windows/environment.h"

/* The clock of this computer; where it says no zone, UTC. */
struct here {
    const struct zone *zone; /* NULL: not even UTC is known */
    char name[ZONE_NAME_SIZE];
    bool is_utc;
};

struct here here_find(const struct environment *environment);

/* When an occurrence starts here: a wave without an instant, when this clock shows it. */
utc here_start(const struct session *session, const struct here *here,
               const struct view_occurrence *one);

/* "Mon 2027-08-02 10:25:00"; of whole days "Mon 2027-08-02". */
enum { HERE_TEXT_SIZE = 48 };
void here_write(const struct session *session, const struct here *here,
                const struct record_window *is, const struct view_occurrence *one,
                char out[static HERE_TEXT_SIZE]);

/* The same in a sentence of its own, with whose clock it is: "Mon 2027-08-02 10:25:00
 * Europe/Rome", "Sun 2027-04-25 20:00:00, each place's own clock".  Looks the clock up by itself;
 * where there is no zone data, in UTC. */
enum { HERE_SENTENCE_SIZE = HERE_TEXT_SIZE + ZONE_NAME_SIZE + 32 };
void here_sentence(const struct session *session, const struct record_window *is,
                   const struct view_occurrence *one, char out[static HERE_SENTENCE_SIZE]);

#endif
