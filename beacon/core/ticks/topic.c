#include "ticks/topic.h"

#include <sodium.h>
#include <stdio.h>

static const char *const words[] = {"tick", "records", "status", "ask"};

void tick_topic_write(enum tick_topic which, const struct record_id *root,
                      const struct record_key_id *key, char out[static TICK_TOPIC_SIZE])
{
    snprintf(out, TICK_TOPIC_SIZE, "tocsin/1/%.16s/%s/%s", record_id_text(root).text, words[which],
             record_key_id_text(key).text);
}

void tick_topic_write_answer(const struct record_id *root, const struct record_key_id *key,
                             const uint8_t nonce[static 32], char out[static TICK_TOPIC_SIZE])
{
    char ask[TICK_TOPIC_SIZE], nonce_text[17];
    tick_topic_write(TICK_TOPIC_ASK, root, key, ask);
    sodium_bin2hex(nonce_text, sizeof nonce_text, nonce, 8);
    snprintf(out, TICK_TOPIC_SIZE, "%.60s/answer/%s", ask, nonce_text);
}
