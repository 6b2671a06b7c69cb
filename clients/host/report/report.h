/* report/report.h -- a site's state for its owner's own house: MQTT topics on the owner's broker,
 * announced as Home Assistant's discovery has it.  Nothing is sent unless an owner asks for it.
 *
 *   BASE/availability   online, offline (retained; offline is also the last will)
 *   BASE/state          JSON, retained: next, title, state, doubt_ms, beacons, brokers ...
 *   BASE/event          JSON, not retained: event_type and what belongs to it
 *   homeassistant/COMPONENT/NODE/NAME/config   retained: what there is
 *
 * An ear (ear/ear.h) of its own speaks to the broker, so that nothing here waits for it.
 *
 * Shell; its outside thing is that broker. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <uv.h>

#include "ear/ear.h"
#include "mqtt/url.h"
#include "report/payload.h"

struct report_options {
    const char *url;  /* mqtt://HOST[:PORT][/BASE], mqtts://..., unix:/PATH; BASE: tocsin/NAME */
    const char *name; /* of the site, for people; and for BASE where the URL has none */
    const struct mqtt_login *login;
};

struct report;

/* Splits and judges a URL without connecting; false with a sentence. */
bool report_is_sound(const struct report_options *options, const char **why);

/* tell hears, once each, that the broker is reached or lost: a sentence.  NULL with *why. */
struct report *report_new(uv_loop_t *loop, const struct report_options *options,
                          void (*tell)(void *context, const char *text), void *context,
                          const char **why);

/* The state as it is now: sent when it has changed; of the figures alone, once a minute. */
void report_set(struct report *report, const struct report_state *state);

/* Something has happened; lost when the broker is not there. */
void report_event(struct report *report, const struct report_event *event);

/* Ends; the broker then tells the will.  Frees once libuv has closed all handles. */
void report_close(struct report *report);

#endif
