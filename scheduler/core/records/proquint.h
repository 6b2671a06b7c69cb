/* records/proquint.h -- words for long numbers, so that two people can compare them aloud. */
#ifndef RECORDS_PROQUINT_H
#define RECORDS_PROQUINT_H

#include <stdbool.h>
#include <stdint.h>

enum { PROQUINT_WORDS = 4, PROQUINT_SIZE = PROQUINT_WORDS * 6 };

/* The first 64 bits as four words of five letters, consonants and vowels in turn, each for 16 bits
 * ("lusab babad gutih tugad" is 7f000001 3f54dcc1); by D. S. Wilkerson, "A Proposal for
 * Proquints", arXiv:0901.4016. */
void proquint_write(const uint8_t bytes[static 8], char out[static PROQUINT_SIZE]);

/* Whether a text spells these: in any case, with any signs between the words. */
bool proquint_is(const uint8_t bytes[static 8], const char *text);

#endif
