/* sentences/sentence.h -- inside of the module: a rule said in a person's language, and such a
 * sentence understood: both by the rows of words/sayings.h, so that what is said is what is heard.
 */
#ifndef SENTENCES_SENTENCE_H
#define SENTENCES_SENTENCE_H

#include "rules/tree.h"
#include "words/sayings.h"

/* Whether the noun says the number by itself: يوم واحد, يومان. */
static inline bool sentence_counts_without_number(enum language language, int32_t n)
{
    return language == LANGUAGE_AR && (n == 1 || n == 2);
}

/* The first ten, which Arabic says in words. */
extern const char *const sentence_arabic_ordinals[10];

/* The forms (a|b) of a preposition before a name. */
enum sentence_form {
    SENTENCE_PLAIN,
    SENTENCE_VOWEL, /* d'Athènes, all'Aquila, no Rio */
    SENTENCE_LE,    /* au Caire, al Cairo */
    SENTENCE_LES,   /* aux Abymes; alla Mecca */
    SENTENCE_A,     /* ad Atene */
};

/* Before a name; *article: how many bytes of the name the preposition takes in. */
enum sentence_form sentence_form_before(const char *name, enum language language, size_t *article);

/* The place that a sentence of sentence_say calls so, where a preposition may have taken its
 * article. */
TOCSIN_MUST_USE bool sentence_place_heard(const char *text, size_t len, enum language language,
                                          struct place *out);

/* A zone as people call its clock: by the city that it is called after, or by hours from UTC. */
void sentence_zone(const char *zone, enum language language, char out[static PLACE_NAME_SIZE]);
TOCSIN_MUST_USE bool sentence_zone_heard(const char *text, size_t len, enum language language,
                                         char out[static PLACE_NAME_SIZE]);

#endif
