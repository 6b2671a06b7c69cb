/* guard.c -- a plugin of mosquitto: of a question it lets through only what is one.
 *
 * By tocsin-ticks(5) a question is 32 bytes, QoS 0, not retained.  mosquitto's own rules know
 * topics alone: whoever may ask could leave 256 KiB lying there, on as many topics as he likes.
 * What it says of every other topic is mosquitto's to say; so this does for brokers of others, too.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The second wants what the first declares. */
#include <mosquitto.h>

#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>

enum { QUESTION_SIZE = 32 };

static mosquitto_plugin_id_t *identifier;

/* tocsin/1/ROOT8/ask/KEYID; what follows on that is an answer's. */
static bool is_for_questions(const char *topic)
{
    static const char begins[] = "tocsin/1/", asks[] = "/ask/";
    if (strncmp(topic, begins, sizeof begins - 1) != 0) {
        return false;
    }
    const char *after_root = strchr(topic + sizeof begins - 1, '/');
    return after_root != NULL && strncmp(after_root, asks, sizeof asks - 1) == 0 &&
           strchr(after_root + sizeof asks - 1, '/') == NULL;
}

static int on_message(int event, void *event_data, void *context)
{
    (void)event;
    (void)context;
    const struct mosquitto_evt_message *message = event_data;
    bool is_question =
        message->payloadlen == QUESTION_SIZE && message->qos == 0 && !message->retain;
    return is_for_questions(message->topic) && !is_question ? MOSQ_ERR_ACL_DENIED
                                                            : MOSQ_ERR_SUCCESS;
}

int mosquitto_plugin_version(int supported_version_count, const int *supported_versions)
{
    for (int i = 0; i < supported_version_count; i++) {
        if (supported_versions[i] == MOSQ_PLUGIN_VERSION) {
            return MOSQ_PLUGIN_VERSION;
        }
    }
    return -1;
}

int mosquitto_plugin_init(mosquitto_plugin_id_t *own, void **context, struct mosquitto_opt *options,
                          int option_count)
{
    (void)context;
    (void)options;
    (void)option_count;
    identifier = own;
    return mosquitto_callback_register(own, MOSQ_EVT_MESSAGE, on_message, NULL, NULL);
}

int mosquitto_plugin_cleanup(void *context, struct mosquitto_opt *options, int option_count)
{
    (void)context;
    (void)options;
    (void)option_count;
    return mosquitto_callback_unregister(identifier, MOSQ_EVT_MESSAGE, on_message, NULL);
}
