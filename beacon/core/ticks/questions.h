/* ticks/questions.h -- the questions that wait for the next answering tick, and which of them it
 * answers where there are too many: a random choice, so that nobody is served for having shouted
 * first, and no more than TICK_LEAVES_OF_ONE_PREFIX of one burst (tocsin-ticks(5), ANSWERS).
 *
 * Pure: whoever holds it gives 64 random bits a round.  They need only be unknown to whoever asks.
 */
#ifndef TICKS_QUESTIONS_H
#define TICKS_QUESTIONS_H

#include "ticks/answer.h"

struct tick_questions {
    struct tick_question *question; /* room for TICK_LEAVES_MAX, the caller's */
    size_t count;
    uint64_t seen;   /* since the round began, those included that found no room */
    uint64_t chance; /* state of the random numbers */
};

/* Empties it for another round. */
void tick_questions_begin(struct tick_questions *questions, uint64_t random);

/* Takes one in; where there is no room each one seen in this round is as likely to be held. */
void tick_questions_add(struct tick_questions *questions,
                        const uint8_t nonce[static TICK_NONCE_SIZE], utc received);

/* Ends the round: what is left is in random order, and at most TICK_LEAVES_OF_ONE_PREFIX of each
 * prefix, these too at random. */
void tick_questions_draw(struct tick_questions *questions);

#endif
