/* report.c -- --report: what the site's owner hears of it in their own house. */
#include <string.h>
#include <unistd.h>

#include "tocsin-listen/internal.h"

static void tell(void *context, const char *text)
{
    listen_note(context, "report", "%s", text);
}

struct report_options report_options_of(const struct options *options)
{
    static char name[REPORT_NAME_SIZE];
    if (options->report_name != NULL) {
        snprintf(name, sizeof name, "%s", options->report_name);
    } else if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') {
        strcpy(name, "listener");
    }
    return (struct report_options){
        .url = options->report, .name = name, .login = &options->report_login};
}

bool report_open(struct listen *listen)
{
    const char *why = "";
    if (listen->options->report != NULL) {
        struct report_options options = report_options_of(listen->options);
        listen->report = report_new(&listen->loop, &options, tell, listen, &why);
        if (listen->report == NULL) {
            say_error("--report %.300s: %s", listen->options->report, why);
            listen->exit_code = EXIT_USAGE;
            return false;
        }
    }
    return true;
}

/* Once a second, and after each step that matters; nothing waits for it. */
void report_look(struct listen *listen)
{
    if (listen->report == NULL) {
        return;
    }
    const struct listener_occurrence *next = listener_next(&listen->listener);
    const struct discipline_estimate *estimate = listener_estimate(&listen->listener, NULL);
    struct report_state state = {
        .state = "nothing",
        .has_doubt = estimate->is_bounded,
        .beacons = estimate->agreeing,
        .brokers = links_up_count(listen),
        .is_drill = listen->options->is_drill,
    };
    int64_t early = instant_since(estimate->best, estimate->earliest).ns;
    int64_t late = instant_since(estimate->latest, estimate->best).ns;
    state.doubt.ns = early > late ? early : late;
    if (next != NULL) {
        bool is_on = next->starts.tai_ns <= estimate->best.tai_ns;
        state.has_next = true;
        state.next = next->start;
        state.end = next->end;
        state.title = next->title;
        state.gesture = next->gesture;
        state.tone = record_tone_name(next->tone);
        state.state = is_on ? "now" : next->state == LISTENER_WAITING ? "waiting" : "armed";
    }
    report_set(listen->report, &state);
}

void report_started(struct listen *listen, const struct show_start *start)
{
    if (listen->report != NULL) {
        report_event(listen->report, &(struct report_event){.type = "started",
                                                            .title = start->occurrence.title,
                                                            .has_start = true,
                                                            .start = start->occurrence.start,
                                                            .has_late = true,
                                                            .late = start->late,
                                                            .is_drill = listen->options->is_drill});
    }
}

void report_failure(struct listen *listen, const char *text)
{
    if (listen->report != NULL) {
        report_event(listen->report, &(struct report_event){.type = "failed",
                                                            .text = text,
                                                            .is_drill = listen->options->is_drill});
    }
}

void report_news(struct listen *listen, const struct listener_news *news)
{
    const char *type = NULL;
    switch (news->kind) {
    case NEWS_ARMED:
        type = "armed";
        break;
    case NEWS_JOINED:
    case NEWS_BEFORE:
        type = "joined";
        break;
    case NEWS_MISSED:
        type = "missed";
        break;
    case NEWS_ENDED:
        type = "ended";
        break;
    case NEWS_MOVED:
        type = "moved";
        break;
    case NEWS_WITHDRAWN:
        type = "withdrawn";
        break;
    case NEWS_STARTED: /* with its figures, once the hook has */
    case NEWS_BEACON:
    case NEWS_LIAR:
    case NEWS_REFUSED:
    case NEWS_CLOCK:
        return;
    }
    if (listen->report != NULL && news->has_occurrence) {
        report_event(listen->report, &(struct report_event){.type = type,
                                                            .title = news->occurrence.title,
                                                            .has_start = true,
                                                            .start = news->occurrence.start,
                                                            .is_drill = listen->options->is_drill});
    }
}
