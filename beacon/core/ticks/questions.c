#include "ticks/questions.h"

#include <stdlib.h>
#include <string.h>

/* SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014). */
static uint64_t next_bits(struct tick_questions *questions)
{
    uint64_t bits = questions->chance += UINT64_C(0x9E3779B97F4A7C15);
    bits = (bits ^ bits >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94D049BB133111EB);
    return bits ^ bits >> 31;
}

/* Below limit; favours none by more than 2^-32 where the limit is below 2^32. */
static uint64_t draw_below(struct tick_questions *questions, uint64_t limit)
{
    return next_bits(questions) % limit;
}

void tick_questions_begin(struct tick_questions *questions, uint64_t random)
{
    questions->count = 0;
    questions->seen = 0;
    questions->chance = random;
}

void tick_questions_add(struct tick_questions *questions,
                        const uint8_t nonce[static TICK_NONCE_SIZE], utc received)
{
    questions->seen++;
    uint64_t at = questions->count;
    if (at < TICK_LEAVES_MAX) {
        questions->count++;
    } else { /* Vitter's reservoir, algorithm R */
        at = draw_below(questions, questions->seen);
    }
    if (at < TICK_LEAVES_MAX) {
        memcpy(questions->question[at].nonce, nonce, TICK_NONCE_SIZE);
        questions->question[at].received = received;
    }
}

static void shuffle(struct tick_questions *questions)
{
    for (size_t left = questions->count; left > 1; left--) {
        size_t other = (size_t)draw_below(questions, left);
        struct tick_question kept = questions->question[other];
        questions->question[other] = questions->question[left - 1];
        questions->question[left - 1] = kept;
    }
}

static int by_prefix(const void *left, const void *right)
{
    const struct tick_question *a = left, *b = right;
    return memcmp(a->nonce, b->nonce, TICK_PREFIX_SIZE);
}

void tick_questions_draw(struct tick_questions *questions)
{
    struct tick_question *question = questions->question;
    if (questions->count > TICK_LEAVES_OF_ONE_PREFIX) {
        shuffle(questions); /* so that those of one prefix stand in random order */
        qsort(question, questions->count, sizeof *question, by_prefix);
        size_t kept = 0, alike = 0;
        for (size_t i = 0; i < questions->count; i++) {
            bool is_like_last = kept > 0 && by_prefix(&question[kept - 1], &question[i]) == 0;
            alike = is_like_last ? alike + 1 : 1;
            if (alike <= TICK_LEAVES_OF_ONE_PREFIX) {
                question[kept++] = question[i];
            }
        }
        questions->count = kept;
    }
    shuffle(questions);
}
