/* windows.c -- what was declared and is not over, as people want to see it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"
#include "libtocsin/site.h"
#include "list/list.h"

/* A wave goes round the Earth: its last clock stands 12 hours behind Greenwich. */
static const int64_t LAST_ZONE_NS = 12 * INT64_C(3600) * NS_PER_S;

static int by_start(const void *a, const void *b)
{
    const struct site_window *x = a, *y = b;
    int order = instant_compare(x->occurrence->start, y->occurrence->start);
    if (order == 0) {
        order = memcmp(&x->window->uid, &y->window->uid, sizeof x->window->uid);
    }
    return order != 0 ? order : text_compare(x->occurrence->key, y->occurrence->key);
}

static bool is_over(const struct view_occurrence *occurrence, instant now)
{
    int64_t last = occurrence->has_start ? 0 : LAST_ZONE_NS;
    return instant_since(now, occurrence->end).ns >= last;
}

static bool add(struct tocsin *site, const struct site_window *next)
{
    if (!LIST_ROOM(site->window, site->window_count, site->window_room)) {
        return false; /* the list is shorter than it could be */
    }
    site->window[site->window_count++] = *next;
    return true;
}

void site_list(struct tocsin *site)
{
    const struct record_id *root;
    site->window_count = 0;
    for (size_t i = 0; (root = site_root(site, i)) != NULL; i++) {
        const struct view *view = site->view[i];
        for (size_t j = 0; view != NULL && j < view->window_count; j++) {
            const struct view_window *window = &view->window[j];
            for (size_t k = 0; record_id_equal(&window->root, root) && k < window->occurrence_count;
                 k++) {
                const struct view_occurrence *occurrence = &window->occurrence[k];
                if (!is_over(occurrence, site->viewed[i]) &&
                    !add(site, &(struct site_window){window, occurrence, i})) {
                    return;
                }
            }
        }
    }
    if (site->window_count > 1) {
        qsort(site->window, site->window_count, sizeof *site->window, by_start);
    }
}

static void name_of(const struct site_window *one, struct listener_name *out)
{
    *out = (struct listener_name){.root = one->window->root, .uid = one->window->uid};
    size_t len =
        one->occurrence->key.len < sizeof out->key ? one->occurrence->key.len : sizeof out->key - 1;
    memcpy(out->key, one->occurrence->key.at, len);
}

static enum tocsin_state state_here(const struct listener_occurrence *here)
{
    switch (here->state) {
        CALLED(LISTENER_WAITING, TOCSIN_COMING);
        CALLED(LISTENER_ARMED, TOCSIN_ARMED);
        CALLED(LISTENER_RELEASED, TOCSIN_BEGUN);
        CALLED(LISTENER_JOINED, TOCSIN_JOINED);
        CALLED(LISTENER_BEFORE, TOCSIN_BEFORE);
        CALLED(LISTENER_OVER, TOCSIN_OVER);
    }
    return TOCSIN_COMING;
}

/* Of one in force that the mind does not hold: too far away to be held, or not for this site. */
static enum tocsin_state state_elsewhere(const struct tocsin *site,
                                         const struct view_occurrence *occurrence)
{
    switch (occurrence->record->is.window.wave) {
    case WAVE_NONE:
    case WAVE_DAY:
        return TOCSIN_COMING;
    case WAVE_CLOCK:
        return site->where.zone != NULL ? TOCSIN_COMING : TOCSIN_ELSEWHERE;
    case WAVE_PLACE:
        return site->where.place != NULL && text_is(occurrence->place, site->where.place)
                   ? TOCSIN_COMING
                   : TOCSIN_ELSEWHERE;
    }
    return TOCSIN_COMING;
}

static enum tocsin_state state_of(const struct tocsin *site, const struct site_window *one,
                                  const struct listener_occurrence *here)
{
    switch (one->occurrence->state) {
    case OCCURRENCE_IN_FORCE:
        return here != NULL ? state_here(here) : state_elsewhere(site, one->occurrence);
    case OCCURRENCE_OFF:
        return TOCSIN_OFF;
    case OCCURRENCE_CANCELLED:
        return TOCSIN_CANCELLED;
    case OCCURRENCE_NOT_YET:
        return TOCSIN_TENTATIVE;
    case OCCURRENCE_EXPIRED:
        return TOCSIN_EXPIRED;
    }
    return TOCSIN_EXPIRED;
}

static enum tocsin_wave wave_of(enum record_wave wave)
{
    switch (wave) {
        CALLED(WAVE_NONE, TOCSIN_WAVE_NONE);
        CALLED(WAVE_CLOCK, TOCSIN_WAVE_CLOCK);
        CALLED(WAVE_PLACE, TOCSIN_WAVE_PLACE);
        CALLED(WAVE_DAY, TOCSIN_WAVE_DAY);
    }
    return TOCSIN_WAVE_NONE;
}

/* A wave by the clock starts here when the site's clock says. */
static bool start_here(const struct tocsin *site, const struct view_occurrence *occurrence,
                       utc *start)
{
    const struct record_window *record = &occurrence->record->is.window;
    if (record->wave == WAVE_CLOCK && site->where.zone != NULL) {
        *start =
            zone_start_of(site->where.zone, (struct civil){occurrence->date, record->wave_time});
        return true;
    }
    *start = leap_to_utc(leap_builtin(), occurrence->start, NULL);
    return occurrence->has_start;
}

bool tocsin_window(struct tocsin *site, size_t n, struct tocsin_window *out)
{
    if (n >= site->window_count) {
        return false;
    }
    const struct site_window *one = &site->window[n];
    const struct record_window *record = &one->occurrence->record->is.window;
    struct listener_name name;
    name_of(one, &name);
    /* Places of one wave share a key; the mind holds that of this site alone. */
    bool is_ours =
        record->wave != WAVE_PLACE ||
        (site->where.place != NULL && text_is(one->occurrence->place, site->where.place));
    const struct listener_occurrence *here =
        is_ours && site->has_started ? site_find(site, &name) : NULL;
    utc start;
    *out = (struct tocsin_window){
        .root = one->root,
        .tone = record_tone_name(record->tone),
        .wave = wave_of(record->wave),
        .has_t0 = start_here(site, one->occurrence, &start),
        .duration_ns = record->duration.ns,
        .state = state_of(site, one, here),
        .is_contested = one->window->status == VIEW_CONTESTED,
        .is_alerted = one->occurrence->alerted,
        .signatures = one->window->signature_count,
        .threshold = one->window->threshold,
    };
    out->t0_utc_ns = start.ns;
    out->end_utc_ns = start.ns + record->duration.ns;
    site_write_mark(&name, out->mark);
    tocsin_window_text(site, n, TOCSIN_TEXT_TITLE, out->title, sizeof out->title);
    snprintf(out->gesture, sizeof out->gesture, "%.*s", (int)record->gesture.len,
             record->gesture.at);
    return true;
}

static size_t copy(struct text text, char *out, size_t size)
{
    if (size > 0) {
        size_t len = text_cut(text.at, text.len, size - 1);
        memcpy(out, text.at != NULL ? text.at : "", len);
        out[len] = '\0';
    }
    return text.len;
}

static size_t copy_local(const struct view_occurrence *occurrence, char *out, size_t size)
{
    const struct record_window *record = &occurrence->record->is.window;
    char date[STAMP_TEXT_SIZE] = "";
    if (record->wave != WAVE_NONE) {
        stamp_write_date(occurrence->date, date);
    }
    const struct civil_time *at = &record->wave_time;
    return (size_t)(record->wave == WAVE_CLOCK ? snprintf(out, size, "%s %02d:%02d:%02d", date,
                                                          at->hour, at->minute, at->second)
                                               : snprintf(out, size, "%s", date));
}

static size_t copy_why(const struct view_window *window, char *out, size_t size)
{
    if (window->status == VIEW_CANCELLED && window->cancel != NULL) {
        return record_unescape(window->cancel->is.cancel.reason, out, size);
    }
    char why[VIEW_SENTENCE_SIZE];
    view_fact_write(&window->why, why);
    return (size_t)snprintf(out, size, "%s", why);
}

size_t tocsin_window_text(const struct tocsin *site, size_t n, enum tocsin_text which, char *out,
                          size_t size)
{
    if (size > 0) {
        out[0] = '\0';
    }
    if (n >= site->window_count) {
        return 0;
    }
    const struct site_window *one = &site->window[n];
    const struct record_window *record = &one->occurrence->record->is.window;
    const struct record_prose *title =
        record_prose_find(record->title, record->title_count, site->where.languages);
    switch (which) {
    case TOCSIN_TEXT_TITLE:
        return title != NULL ? record_unescape(title->value, out, size) : 0;
    case TOCSIN_TEXT_TITLE_LANGUAGE:
        return title != NULL ? copy(title->tag, out, size) : 0;
    case TOCSIN_TEXT_ABOUT:
        return record_unescape(
            record_prose_in(record->about, record->about_count, site->where.languages), out, size);
    case TOCSIN_TEXT_RULE:
        return copy(record->rule, out, size);
    case TOCSIN_TEXT_URL:
        return copy(record->url, out, size);
    case TOCSIN_TEXT_PLACE:
        return copy(one->occurrence->place, out, size);
    case TOCSIN_TEXT_LOCAL:
        return copy_local(one->occurrence, out, size);
    case TOCSIN_TEXT_WHY:
        return copy_why(one->window, out, size);
    }
    return 0;
}
