#include "report/report.h"

#include <stdlib.h>
#include <string.h>

enum { FIGURES_MS = 60 * 1000 };

struct report {
    struct report_site site;
    struct ear *ear;
    uv_loop_t *loop;
    void (*tell)(void *context, const char *text);
    void *context;
    bool was_told;
    char state[REPORT_TEXT_SIZE]; /* as it is; "": not known yet */
    char sent[REPORT_TEXT_SIZE];  /* what is told of it when the figures are left out */
    uint64_t sent_ms;
};

/* "mqtt://host:1883/garden/bell" is a broker and a topic. */
static bool split(const struct report_options *options, char url[static 400],
                  struct report_site *site, const char **why)
{
    const char *rest = strstr(options->url, "://");
    const char *slash = rest != NULL ? strchr(rest + 3, '/') : NULL;
    size_t length = slash != NULL ? (size_t)(slash - options->url) : strlen(options->url);
    *why = "the URL is too long";
    if (length >= 400) {
        return false;
    }
    memcpy(url, options->url, length);
    url[length] = '\0';
    *why = "after the host comes a topic of letters, digits, - _ . and /: mqtt://HOST/garden/bell";
    return report_site_make(slash != NULL ? slash + 1 : "", options->name, site);
}

bool report_is_sound(const struct report_options *options, const char **why)
{
    char url[400];
    struct report_site site;
    struct mqtt_url read;
    return split(options, url, &site, why) && mqtt_url_read(url, &read, why);
}

static void publish(struct report *report, const char *name, const char *payload, bool is_retained)
{
    char topic[REPORT_BASE_SIZE + 32];
    snprintf(topic, sizeof topic, "%s/%s", report->site.base, name);
    ear_publish(report->ear, topic, payload, strlen(payload), is_retained);
}

static void on_connected(void *context, struct ear *ear)
{
    struct report *report = context;
    char topic[REPORT_TEXT_SIZE], payload[REPORT_TEXT_SIZE];
    for (size_t i = 0; report_announce(&report->site, i, topic, payload); i++) {
        ear_publish(ear, topic, payload, strlen(payload), true);
    }
    if (report->state[0] != '\0') {
        publish(report, "state", report->state, true);
    }
    publish(report, "availability", "online", true);
    report->was_told = false;
    snprintf(payload, sizeof payload, "reported to %.300s: %s/state", ear_url(ear),
             report->site.base);
    report->tell(report->context, payload);
}

static void on_lost(void *context, struct ear *ear, const char *why)
{
    struct report *report = context;
    char text[600];
    if (!report->was_told) {
        report->was_told = true;
        snprintf(text, sizeof text, "nothing is reported to %.300s: %.160s: it is tried again",
                 ear_url(ear), why);
        report->tell(report->context, text);
    }
}

static void on_message(void *context, struct ear *ear, const struct ear_message *message)
{
    (void)context; /* nothing is asked for */
    (void)ear;
    (void)message;
}

struct report *report_new(uv_loop_t *loop, const struct report_options *options,
                          void (*tell)(void *context, const char *text), void *context,
                          const char **why)
{
    char url[400], topic[REPORT_BASE_SIZE + 32];
    struct report *report = calloc(1, sizeof *report);
    if (report == NULL) {
        *why = "out of memory";
        return NULL;
    }
    report->loop = loop;
    report->tell = tell;
    report->context = context;
    const struct ear_handlers handlers = {
        .connected = on_connected, .lost = on_lost, .message = on_message, .context = report};
    if (!split(options, url, &report->site, why) ||
        (report->ear = ear_new(loop, url, options->login, &handlers, why)) == NULL) {
        free(report);
        return NULL;
    }
    snprintf(topic, sizeof topic, "%s/availability", report->site.base);
    (void)ear_set_will(report->ear, topic, "offline", strlen("offline"));
    return report;
}

/* A doubt of other digits each second is no news. */
void report_set(struct report *report, const struct report_state *state)
{
    struct report_state without = *state;
    char now[REPORT_TEXT_SIZE], plain[REPORT_TEXT_SIZE];
    without.has_doubt = false;
    report_state_write(state, now);
    report_state_write(&without, plain);
    bool is_news = strcmp(plain, report->sent) != 0;
    bool is_due = uv_now(report->loop) - report->sent_ms >= FIGURES_MS;
    if (is_news || (is_due && strcmp(now, report->state) != 0)) {
        strcpy(report->state, now);
        strcpy(report->sent, plain);
        report->sent_ms = uv_now(report->loop);
        publish(report, "state", now, true);
    }
}

void report_event(struct report *report, const struct report_event *event)
{
    char payload[REPORT_TEXT_SIZE];
    report_event_write(event, payload);
    publish(report, "event", payload, false);
}

void report_close(struct report *report)
{
    ear_finish(report->ear);
    free(report);
}
