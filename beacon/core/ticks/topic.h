/* ticks/topic.h -- the names of the topics, all exact: no wildcard is ever needed.
 *
 *   tocsin/1/ROOT8/tick/KEYID      tocsin/1/ROOT8/records/KEYID     tocsin/1/ROOT8/status/KEYID
 *   tocsin/1/ROOT8/ask/KEYID       tocsin/1/ROOT8/ask/KEYID/answer/NONCE8
 *
 * ROOT8 and NONCE8: the first 16 hex digits of the id of root version 1 and of the nonce. */
#ifndef TICKS_TOPIC_H
#define TICKS_TOPIC_H

#include "records/id.h"

enum { TICK_TOPIC_SIZE = 96 };

enum tick_topic { TICK_TOPIC_TICK, TICK_TOPIC_RECORDS, TICK_TOPIC_STATUS, TICK_TOPIC_ASK };

void tick_topic_write(enum tick_topic which, const struct record_id *root,
                      const struct record_key_id *key, char out[static TICK_TOPIC_SIZE]);

void tick_topic_write_answer(const struct record_id *root, const struct record_key_id *key,
                             const uint8_t nonce[static 32], char out[static TICK_TOPIC_SIZE]);

#endif
