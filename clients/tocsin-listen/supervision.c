/* supervision.c -- a listener as a service: its inbox, its watchdog, its line in systemctl
 * status. */
#include <stdio.h>

#include "service/service.h"
#include "tocsin-listen/internal.h"

/* At the start on standard error, as of other files; then as everything else. */
static void tell(void *context, const char *sentence)
{
    struct listen *listen = context;
    if (listen->show.out == NULL) {
        say_note("%s", sentence);
    } else {
        listen_note(listen, "inbox", "%s", sentence);
    }
}

bool supervision_open(struct listen *listen)
{
    const char *dir = listen->options->inbox;
    if (dir == NULL || listen->options->replay != NULL || listen->options->is_drill) {
        return true;
    }
    const struct inbox_handlers handlers = {
        .replica = &listen->replica, .tell = tell, .context = listen};
    listen->inbox = inbox_new(dir, &handlers);
    if (listen->inbox == NULL) {
        return false;
    }
    inbox_look(listen->inbox);
    return true;
}

bool supervision_look(struct listen *listen, mono now)
{
    if (listen->inbox == NULL || now.ns - listen->inbox_at.ns < INBOX_EVERY_MS * NS_PER_MS) {
        return false;
    }
    listen->inbox_at = now;
    return inbox_look(listen->inbox) > 0;
}

/* As coarse as a line that stands for a while. */
static const char *say_doubt(const struct discipline_estimate *estimate)
{
    static const struct {
        int64_t ns;
        const char *text;
    } steps[] = {
        {NS_PER_MS, "within 1 ms"},        {10 * NS_PER_MS, "within 10 ms"},
        {100 * NS_PER_MS, "within 0.1 s"}, {NS_PER_S, "within 1 s"},
        {INT64_MAX, "worse than 1 s"},
    };
    if (!estimate->is_bounded) {
        return "unknown";
    }
    int64_t early = instant_since(estimate->best, estimate->earliest).ns;
    int64_t late = instant_since(estimate->latest, estimate->best).ns;
    size_t i = 0;
    while (steps[i].ns < (early > late ? early : late)) {
        i++;
    }
    return steps[i].text;
}

static void tell_status(const struct listen *listen)
{
    const struct listener_occurrence *next = listener_next(&listen->listener);
    const struct discipline_estimate *estimate = listener_estimate(&listen->listener, NULL);
    char doubt[80], brokers[60] = "";
    const char *rings = options_has_action(listen->options) ? "" : "; nothing rings here";
    snprintf(doubt, sizeof doubt, "clock %s%s%s", say_doubt(estimate),
             estimate->is_bounded ? ", " : "", estimate->is_bounded ? show_rest(estimate) : "");
    if (listen->link_count > 0) {
        snprintf(brokers, sizeof brokers, "; %zu of %zu brokers", links_up_count(listen),
                 listen->link_count);
    }
    if (next == NULL) {
        service_status("nothing to come; %s%s%s", doubt, brokers, rings);
        return;
    }
    service_status("%s: %s, %s; %s%s%s", next->state == LISTENER_ARMED ? "armed" : "next",
                   next->title, show_local(next->start, listen->show.zone).text, doubt, brokers,
                   rings);
}

void supervision_turn(struct listen *listen, mono now)
{
    service_alive(now);
    tell_status(listen);
}
