/* note.c -- lines that any part of a running listener says. */
#include <stdarg.h>
#include <string.h>

#include "tocsin-listen/internal.h"

void listen_note(struct listen *listen, const char *event, const char *format, ...)
{
    bool is_kept = strcmp(event, "broker") == 0 || strcmp(event, "clock") == 0;
    if (listen->is_looking && is_kept) {
        return; /* it is part of what is told at the end */
    }
    char text[SHOW_LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    show_note(&listen->show, listener_now(&listen->listener, NULL), event, text);
}

void listen_alert(void *context, const struct view_alert *alert)
{
    struct listen *listen = context;
    char sentence[VIEW_SENTENCE_SIZE];
    view_alert_write(alert, sentence);
    listen_note(listen, "alert", "%s", sentence);
}

void listen_show_news(struct listen *listen)
{
    for (size_t i = 0; i < listen->update.news_count; i++) {
        show_news(&listen->show, listener_now(&listen->listener, NULL), &listen->update.news[i]);
    }
}

void listen_introduce_anchors(struct listen *listen)
{
    const struct anchors *anchors = &listen->replica.anchors;
    for (size_t i = 0; i < anchors->count; i++) {
        if (anchors_is_in_force(anchors, i)) {
            char said[ANCHORS_TEXT_SIZE];
            anchors_describe(anchors->record[i], said);
            if (listen->is_looking) {
                show_finding(&listen->show, listener_now(&listen->listener, NULL), "root", said);
            } else {
                listen_note(listen, "root", "root: %s", said);
            }
        }
    }
}
