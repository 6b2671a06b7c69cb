#include "mqtt/attempt.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct attempt {
    pthread_mutex_t lock;
    struct mosquitto *mosq;
    struct mqtt_url url;
    int keepalive_s;
    mosquitto_property *properties; /* owned */
    int result;
    int error_number;
    bool has_ended;
    uv_async_t *done; /* NULL once given up */
};

static void attempt_free(struct attempt *attempt)
{
    mosquitto_property_free_all(&attempt->properties);
    pthread_mutex_destroy(&attempt->lock);
    free(attempt);
}

static void *attempt_run(void *context)
{
    struct attempt *attempt = context;
    errno = 0;
    int result = mosquitto_connect_bind_v5(attempt->mosq, attempt->url.host, attempt->url.port,
                                           attempt->keepalive_s, NULL, attempt->properties);
    int error_number = errno;
    pthread_mutex_lock(&attempt->lock);
    bool is_wanted = attempt->done != NULL;
    attempt->result = result;
    attempt->error_number = error_number;
    attempt->has_ended = true;
    if (is_wanted) {
        uv_async_send(attempt->done); /* under the lock: give_up may not close it meanwhile */
    }
    pthread_mutex_unlock(&attempt->lock);
    if (!is_wanted) {
        mosquitto_destroy(attempt->mosq);
        attempt_free(attempt);
    }
    return NULL;
}

struct attempt *attempt_start(struct mosquitto *mosq, const struct mqtt_url *url, int keepalive_s,
                              mosquitto_property *properties, uv_async_t *done)
{
    struct attempt *attempt = calloc(1, sizeof *attempt);
    if (attempt == NULL) {
        return NULL;
    }
    attempt->mosq = mosq;
    attempt->url = *url;
    attempt->keepalive_s = keepalive_s;
    attempt->done = done;
    attempt->properties = properties;
    pthread_mutex_init(&attempt->lock, NULL);

    /* Signals belong to the loop's thread. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, (size_t)512 * 1024);
    pthread_t thread;
    int failed = pthread_create(&thread, &attributes, attempt_run, attempt);
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed != 0) {
        attempt->properties = NULL;
        attempt_free(attempt);
        return NULL;
    }
    return attempt;
}

bool attempt_take(struct attempt *attempt, int *result, int *error_number, struct mosquitto **mosq)
{
    pthread_mutex_lock(&attempt->lock);
    bool has_ended = attempt->has_ended;
    *result = attempt->result;
    *error_number = attempt->error_number;
    *mosq = attempt->mosq;
    pthread_mutex_unlock(&attempt->lock);
    if (has_ended) {
        attempt_free(attempt);
    }
    return has_ended;
}

void attempt_give_up(struct attempt *attempt)
{
    pthread_mutex_lock(&attempt->lock);
    bool has_ended = attempt->has_ended;
    attempt->done = NULL;
    pthread_mutex_unlock(&attempt->lock);
    if (has_ended) {
        mosquitto_destroy(attempt->mosq);
        attempt_free(attempt);
    }
}
