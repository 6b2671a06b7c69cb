#include "ticks/topic.h"

#include <stdio.h>

static const char *const words[] = {"tick", "records", "status", "ask"};

static void write_hex8(const uint8_t bytes[static 8], char out[static 17])
{
    for (size_t i = 0; i < 8; i++) {
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    }
}

void tick_topic_write(enum tick_topic which, const struct record_id *root,
                      const struct record_key_id *key, char out[static TICK_TOPIC_SIZE])
{
    char root_text[17];
    write_hex8(root->bytes, root_text);
    snprintf(out, TICK_TOPIC_SIZE, "tocsin/1/%s/%s/%s", root_text, words[which],
             record_key_id_text(key).text);
}

void tick_topic_write_answer(const struct record_id *root, const struct record_key_id *key,
                             const uint8_t nonce[static 32], char out[static TICK_TOPIC_SIZE])
{
    char ask[TICK_TOPIC_SIZE], nonce_text[17];
    tick_topic_write(TICK_TOPIC_ASK, root, key, ask);
    write_hex8(nonce, nonce_text);
    snprintf(out, TICK_TOPIC_SIZE, "%.60s/answer/%s", ask, nonce_text);
}
