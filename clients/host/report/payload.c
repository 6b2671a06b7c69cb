#include "report/payload.h"

#include <stdio.h>
#include <string.h>

#include "instants/stamp.h"
#include "text/json.h"

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/* What a topic level or an id of Home Assistant's may hold. */
static void put_plain(const char *text, char *out, size_t size)
{
    size_t i = 0;
    for (; text[i] != '\0' && i + 1 < size; i++) {
        out[i] = is_plain(text[i]) ? text[i] : '_';
    }
    out[i] = '\0';
}

bool report_site_make(const char *path, const char *name, struct report_site *out)
{
    if (strlen(path) >= REPORT_BASE_SIZE - 16 || strpbrk(path, "+#") != NULL ||
        strstr(path, "//") != NULL || (path[0] != '\0' && path[strlen(path) - 1] == '/')) {
        return false;
    }
    for (size_t i = 0; path[i] != '\0'; i++) {
        if (!is_plain(path[i]) && path[i] != '/' && path[i] != '.') {
            return false;
        }
    }
    snprintf(out->name, sizeof out->name, "%s", name);
    if (path[0] != '\0') {
        snprintf(out->base, sizeof out->base, "%s", path);
    } else {
        char plain[REPORT_NAME_SIZE];
        put_plain(name, plain, sizeof plain);
        snprintf(out->base, sizeof out->base, "tocsin/%s", plain);
    }
    put_plain(out->base, out->node, sizeof out->node);
    return true;
}

/* https://www.home-assistant.io/integrations/mqtt/, sensor.mqtt/, binary_sensor.mqtt/,
 * event.mqtt/ */
static const struct entity {
    const char *component, *id, *name;
    const char *more; /* of its own, as JSON members */
} ENTITIES[REPORT_ENTITIES] = {
    {"sensor", "next", "Next gesture",
     "\"state_topic\":\"~/state\",\"device_class\":\"timestamp\","
     "\"value_template\":\"{{ value_json.next }}\",\"json_attributes_topic\":\"~/state\","
     "\"icon\":\"mdi:calendar-clock\""},
    {"sensor", "state", "State",
     "\"state_topic\":\"~/state\",\"device_class\":\"enum\","
     "\"options\":[\"nothing\",\"waiting\",\"armed\",\"now\"],"
     "\"value_template\":\"{{ value_json.state }}\",\"icon\":\"mdi:bell-ring\""},
    {"sensor", "doubt", "Doubt of the clock",
     "\"state_topic\":\"~/state\",\"device_class\":\"duration\",\"unit_of_measurement\":\"ms\","
     "\"state_class\":\"measurement\",\"entity_category\":\"diagnostic\","
     "\"value_template\":\"{{ value_json.doubt_ms }}\""},
    {"sensor", "beacons", "Beacons heard",
     "\"state_topic\":\"~/state\",\"state_class\":\"measurement\","
     "\"entity_category\":\"diagnostic\",\"value_template\":\"{{ value_json.beacons }}\","
     "\"icon\":\"mdi:lighthouse-on\""},
    {"binary_sensor", "now", "Gesture",
     "\"state_topic\":\"~/state\",\"payload_on\":\"now\",\"payload_off\":\"off\","
     "\"value_template\":\"{{ 'now' if value_json.state == 'now' else 'off' }}\""},
    {"event", "event", "Start",
     "\"state_topic\":\"~/event\",\"event_types\":[\"armed\",\"started\",\"ended\",\"joined\","
     "\"missed\",\"withdrawn\",\"moved\",\"failed\"]"},
};

bool report_announce(const struct report_site *site, size_t i, char topic[static REPORT_TEXT_SIZE],
                     char out[static REPORT_TEXT_SIZE])
{
    if (i >= REPORT_ENTITIES) {
        return false;
    }
    const struct entity *entity = &ENTITIES[i];
    char id[2 * REPORT_BASE_SIZE];
    snprintf(id, sizeof id, "%s_%s", site->node, entity->id);
    snprintf(topic, REPORT_TEXT_SIZE, "homeassistant/%s/%s/%s/config", entity->component,
             site->node, entity->id);
    struct draft json = draft_in(out, REPORT_TEXT_SIZE);
    json_open(&json, NULL, '{');
    json_text(&json, "~", site->base);
    json_text(&json, "name", entity->name);
    json_text(&json, "unique_id", id);
    json_text(&json, "object_id", id);
    draft_print(&json, ",%s", entity->more);
    json_text(&json, "availability_topic", "~/availability");
    json_open(&json, "device", '{');
    json_open(&json, "identifiers", '[');
    json_text(&json, NULL, site->node);
    json_close(&json, ']');
    json_text(&json, "name", site->name);
    json_text(&json, "manufacturer", "tocsin");
    json_text(&json, "model", "tocsin-listen");
    json_text(&json, "sw_version", TOCSIN_VERSION);
    json_close(&json, '}');
    json_open(&json, "origin", '{');
    json_text(&json, "name", "tocsin-listen");
    json_text(&json, "sw_version", TOCSIN_VERSION);
    json_close(&json, '}');
    json_close(&json, '}');
    return true;
}

static void put_stamp(struct draft *json, const char *name, utc at)
{
    if (utc_is_in_range(at)) {
        json_text(json, name, stamp_text(at).text);
    } else {
        json_null(json, name);
    }
}

/* A timestamp sensor without one is null, which Home Assistant shows as unknown. */
void report_state_write(const struct report_state *state, char out[static REPORT_TEXT_SIZE])
{
    struct draft json = draft_in(out, REPORT_TEXT_SIZE);
    json_open(&json, NULL, '{');
    json_text(&json, "state", state->state);
    if (state->has_next) {
        put_stamp(&json, "next", state->next);
        put_stamp(&json, "end", state->end);
        json_text(&json, "title", state->title);
        json_text(&json, "gesture", state->gesture);
        json_text(&json, "tone", state->tone);
    } else {
        json_null(&json, "next");
    }
    if (state->has_doubt) {
        json_decimal(&json, "doubt_ms", state->doubt.ns / NS_PER_US, 3);
    } else {
        json_null(&json, "doubt_ms");
    }
    json_number(&json, "beacons", (int64_t)state->beacons);
    json_number(&json, "brokers", (int64_t)state->brokers);
    if (state->is_drill) {
        json_flag(&json, "drill", true);
    }
    json_close(&json, '}');
}

void report_event_write(const struct report_event *event, char out[static REPORT_TEXT_SIZE])
{
    struct draft json = draft_in(out, REPORT_TEXT_SIZE);
    json_open(&json, NULL, '{');
    json_text(&json, "event_type", event->type);
    if (event->title != NULL) {
        json_text(&json, "title", event->title);
    }
    if (event->has_start) {
        put_stamp(&json, "t0", event->start);
    }
    if (event->has_late) {
        json_decimal(&json, "late_us", event->late.ns, 3);
    }
    if (event->text != NULL) {
        json_text(&json, "text", event->text);
    }
    if (event->is_drill) {
        json_flag(&json, "drill", true);
    }
    json_close(&json, '}');
}
