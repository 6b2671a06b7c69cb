/* mqtt/attempt.h -- one try to resolve and connect, on a thread of its own, because libmosquitto
 * does both with blocking calls (its non-blocking form tries only the first address of a name, and
 * given an address instead of a name it cannot check a certificate).
 *
 * The thread may hang for as long as the resolver or the kernel pleases.  The loop never waits for
 * it: an attempt that is given up cleans up after itself when it wakes. */
#ifndef MQTT_ATTEMPT_H
#define MQTT_ATTEMPT_H

#include <mosquitto.h>
#include <uv.h>

#include "mqtt/url.h"

struct attempt;

/* Starts; takes mosq and, where MQTT 5 is spoken, properties.  done is sent to once the attempt has
 * ended.  NULL when no thread is to be had: mosq and properties are then still the caller's. */
struct attempt *attempt_start(struct mosquitto *mosq, const struct mqtt_url *url, int keepalive_s,
                              mosquitto_property *properties, uv_async_t *done);

/* Whether it has ended.  If so: *result is libmosquitto's (*error_number is errno, for
 * MOSQ_ERR_ERRNO), *mosq belongs to the caller again, and the attempt is freed. */
bool attempt_take(struct attempt *attempt, int *result, int *error_number, struct mosquitto **mosq);

/* Leaves an attempt alone for good; from then on it does not touch `done`. */
void attempt_give_up(struct attempt *attempt);

#endif
