/* tocsin/likeness.h -- what looks alike and is not: words for long numbers, so that two people can
 * compare them aloud, and words whose letters come from several alphabets. */
#ifndef CLI_LIKENESS_H
#define CLI_LIKENESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "records/record.h"

enum { LIKENESS_WORDS = 4, LIKENESS_WORDS_SIZE = LIKENESS_WORDS * 6, LIKENESS_WORD_SIZE = 128 };

/* The first 64 bits as four words of five letters, consonants and vowels in turn, each for 16 bits
 * ("lusab babad gutih tugad" is 7f000001 3f54dcc1); by D. S. Wilkerson, "A Proposal for
 * Proquints", arXiv:0901.4016. */
void likeness_words(const uint8_t bytes[static 8], char out[static LIKENESS_WORDS_SIZE]);

/* The first word of text that mixes alphabets which resemble each other (Latin, Greek, Cyrillic,
 * Armenian, Cherokee), copied into word; false when there is none. */
bool likeness_mixes_alphabets(struct text text, char word[static LIKENESS_WORD_SIZE]);

#endif
