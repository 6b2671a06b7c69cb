/* links.c -- what goes out over the links to brokers: subscriptions, and questions with the place
 * for their answers. */
#include <stdio.h>
#include <string.h>

#include "tocsin-listen/internal.h"

const struct record_id *links_root(const struct listen *listen,
                                   const struct listener_beacon *beacon)
{
    return &listen->listener.constellation[beacon->constellation].root;
}

static bool is_subscribed(const struct link *link, const struct record_id *root,
                          const struct record_key_id *key)
{
    for (size_t i = 0; i < LISTENER_BEACONS_MAX; i++) {
        if (link->is_subscribed[i] && record_key_id_equal(&link->subscribed[i].key, key) &&
            record_id_equal(&link->subscribed[i].root, root)) {
            return true;
        }
    }
    return false;
}

void links_subscribe(struct listen *listen)
{
    for (size_t i = 0; i < listen->link_count; i++) {
        struct link *link = &listen->link[i];
        for (size_t j = 0; j < LISTENER_BEACONS_MAX; j++) {
            const struct listener_beacon *beacon = &listen->listener.beacon[j];
            if (!beacon->in_use ||
                is_subscribed(link, links_root(listen, beacon), &beacon->key.id)) {
                continue;
            }
            static const enum tick_topic which[] = {TICK_TOPIC_RECORDS, TICK_TOPIC_STATUS,
                                                    TICK_TOPIC_TICK};
            static const int qos[] = {1, 0, 0};
            for (size_t k = 0; k < 3; k++) {
                char topic[TICK_TOPIC_SIZE];
                tick_topic_write(which[k], links_root(listen, beacon), &beacon->key.id, topic);
                (void)ear_subscribe(link->ear, topic, qos[k]);
            }
            link->is_subscribed[j] = true;
            link->subscribed[j].root = *links_root(listen, beacon);
            link->subscribed[j].key = beacon->key.id;
        }
    }
}

/* A broker serves one connection's packets in order: no answer can come before this. */
static void await_answers(struct link *link, const char *topic)
{
    for (size_t i = 0; i < LINK_BURSTS_MAX; i++) {
        if (strcmp(link->answers[i], topic) == 0) {
            return;
        }
    }
    char *place = link->answers[link->next_answers++ % LINK_BURSTS_MAX];
    if (place[0] != '\0') {
        ear_unsubscribe(link->ear, place);
    }
    snprintf(place, TICK_TOPIC_SIZE, "%s", topic);
    (void)ear_subscribe(link->ear, topic, 0);
}

void links_ask(struct listen *listen)
{
    const struct listener_update *update = &listen->update;
    char topic[TICK_TOPIC_SIZE];
    struct link *link = &listen->link[update->ask_link];
    tick_topic_write_answer(&update->ask_root, &update->ask_beacon, update->ask_nonce, topic);
    await_answers(link, topic);
    tick_topic_write(TICK_TOPIC_ASK, &update->ask_root, &update->ask_beacon, topic);
    ear_publish(link->ear, topic, update->ask_nonce, TICK_NONCE_SIZE, false);
}

size_t links_up_count(const struct listen *listen)
{
    size_t count = 0;
    for (size_t i = 0; i < listen->link_count; i++) {
        count += listen->link[i].ear != NULL && ear_is_connected(listen->link[i].ear);
    }
    return count;
}
