/* sentences/hearer.h -- inside of the module: a sentence that is being understood.  What is heard
 * from `at` on is put into the arena in canonical words; each answer is where it ends, NULL: it is
 * not there. */
#ifndef SENTENCES_HEARER_H
#define SENTENCES_HEARER_H

#include "sentences/sentence.h"
#include "words/letter.h"
#include "words/words.h"

enum { ARENA_SIZE = 16384, NESTED_MAX = 12, KEPT_MAX = 64 };

struct hearer {
    const char *end;
    enum language language;
    const struct language_names *names;
    char arena[ARENA_SIZE]; /* canonical words, one after another */
    size_t used;
    int work, depth;
    struct { /* what is nested at a place, heard once */
        const char *at, *end;
        size_t from, len;
    } kept[KEPT_MAX];
    char keep[ARENA_SIZE];
    size_t keeps, keep_used;
};

static inline bool letter_at(const char *at, const char *end)
{
    return at < end && is_letter(*at);
}

bool hear_put(struct hearer *h, const char *text, size_t len);
bool hear_put_text(struct hearer *h, const char *text);

/* Where text ends that is the same as part but for case and accents; NULL: it is another. */
const char *hear_skip(const char *at, const char *end, const char *part, size_t len);

const char *hear_row(struct hearer *h, const char *at, enum saying saying);

/* The row that reaches farthest. */
const char *hear_group(struct hearer *h, const char *at, enum saying first, enum saying last);

/* What is selected, with the sets and adjustments that follow it. */
const char *hear_selected(struct hearer *h, const char *at);

/* A slot that may be empty. */
const char *hear_optional(struct hearer *h, const char *at, enum saying first, enum saying last);

const char *hear_nested(struct hearer *h, const char *at);

/* What fills {slot}. */
const char *hear_slot(struct hearer *h, const char *at, char slot);

#endif
