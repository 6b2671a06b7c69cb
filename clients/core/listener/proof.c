/* proof.c -- two ticks that no honest beacon signs both: judged by the key that a root names, and
 * kept for as long as the run, for a beacon that is named later or again. */
#include <stdio.h>
#include <string.h>

#include "listener/internal.h"

/* Whether both are ticks that name one key and contradict each other; no signature is looked at. */
static bool contradict(const struct listener_event *event, struct record_key_id *beacon,
                       uint8_t root[static 8])
{
    const uint8_t *bytes[2] = {event->bytes, event->second}, *payload;
    const size_t size[2] = {event->size, event->second_size};
    struct tick tick[2];
    struct record_key_id key[2];
    struct tick_hashed hashed[2];
    for (size_t i = 0; i < 2; i++) {
        size_t payload_size;
        if (tick_read(bytes[i], size[i], &tick[i], &key[i], &payload, &payload_size) != TICK_OK) {
            return false;
        }
        hashed[i].tick = &tick[i];
        tick_hash(bytes[i], size[i], hashed[i].hash);
    }
    *beacon = key[0];
    memcpy(root, tick[0].root, sizeof tick[0].root);
    return record_key_id_equal(&key[0], &key[1]) &&
           memcmp(tick[0].root, tick[1].root, sizeof tick[0].root) == 0 &&
           memcmp(tick[0].session, tick[1].session, sizeof tick[0].session) == 0 &&
           (tick_lie(&hashed[0], &hashed[1]) != TICK_NO_LIE ||
            tick_lie(&hashed[1], &hashed[0]) != TICK_NO_LIE);
}

static bool is_signed_by(const struct listener_proof *proof, const struct record_public_key *key)
{
    struct tick tick;
    size_t signer;
    return tick_verify(proof->tick[0], proof->size[0], key, 1, &tick, &signer) == TICK_OK &&
           tick_verify(proof->tick[1], proof->size[1], key, 1, &tick, &signer) == TICK_OK;
}

void proof_keep(struct listener *listener, const struct listener_event *event,
                const struct record_key_id *beacon)
{
    if (listener->room.beacons == 0) {
        return;
    }
    struct listener_proof *proof =
        &listener->room.proof[listener->proof_count++ % listener->room.beacons];
    proof->beacon = *beacon;
    memcpy(proof->tick[0], event->bytes, event->size);
    memcpy(proof->tick[1], event->second, event->second_size);
    proof->size[0] = event->size;
    proof->size[1] = event->second_size;
    snprintf(proof->where, sizeof proof->where, "%s",
             event->where != NULL ? event->where : "what this run heard");
}

bool proof_judge(struct listener *listener, struct listener_beacon *beacon,
                 struct listener_update *update)
{
    for (size_t i = 0; i < listener->proof_count && i < listener->room.beacons; i++) {
        const struct listener_proof *proof = &listener->room.proof[i];
        if (!beacon->is_liar && record_key_id_equal(&proof->beacon, &beacon->key.id) &&
            is_signed_by(proof, &beacon->key)) {
            beacon->is_liar = true;
            discipline_drop(&listener->discipline, number_of(listener, beacon));
            memcpy(tell_of_beacon(update, SAID_LIE_PROVEN, beacon)->where, proof->where,
                   sizeof proof->where);
        }
    }
    return beacon->is_liar;
}

static void pass_over(struct listener_update *update, enum listener_fact fact, const char *where)
{
    snprintf(tell(update, fact)->where, LISTENER_WHERE_SIZE, "%s", where);
}

void proof_hear(struct listener *listener, const struct listener_event *event,
                struct listener_update *update)
{
    const char *where = event->where != NULL ? event->where : "";
    struct record_key_id key;
    uint8_t root[8];
    if (!contradict(event, &key, root)) {
        pass_over(update, SAID_NO_PROOF, where);
        return;
    }
    proof_keep(listener, event, &key);
    struct listener_beacon *beacon = find_beacon(listener, root, &key);
    if (beacon != NULL && !proof_judge(listener, beacon, update)) {
        pass_over(update, SAID_PROOF_UNSIGNED, where);
    }
}
