#include "page/page.h"

#include <sodium.h>
#include <stdlib.h>

#include "text/json.h"

/* What is returned: it grows, and stays. */
static struct draft out;

static struct tocsin_clocks now;

static void begin(char bracket)
{
    out.len = 0;
    out.is_short_of_memory = false;
    json_open(&out, NULL, bracket);
}

static const char *end(char bracket)
{
    json_close(&out, bracket);
    return out.is_short_of_memory ? NULL : out.at;
}

static void put_text(const char *name, const char *text)
{
    json_text(&out, name, text);
}

static void put_count(const char *name, size_t value)
{
    json_number(&out, name, (int64_t)value);
}

/* Nanoseconds as milliseconds. */
static void put_ms(const char *name, bool is_known, int64_t ns)
{
    if (is_known) {
        json_decimal(&out, name, ns, 6);
    } else {
        json_null(&out, name);
    }
}

static void put_hex(const char *name, const uint8_t *bytes, size_t size)
{
    char digits[2 * TOCSIN_QUESTION_SIZE + 1];
    sodium_bin2hex(digits, sizeof digits, bytes, size);
    json_text(&out, name, digits);
}

static int64_t ns_of(double ms)
{
    return (int64_t)(ms * 1e6); /* mind.mjs hands finite numbers of this age */
}

static const char *given(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

struct tocsin *page_open(const char *languages, const char *place, const void *zone,
                         size_t zone_size, double latency_ms, const uint8_t *secret,
                         const uint8_t *boot)
{
    return tocsin_new(&(struct tocsin_options){.languages = given(languages),
                                               .place = given(place),
                                               .zone_tzif = zone,
                                               .zone_size = zone_size,
                                               .latency_ns = ns_of(latency_ms),
                                               .secret = secret,
                                               .boot = boot,
                                               .keeps_memory = true});
}

bool page_move(struct tocsin *site, const char *languages, const char *place, const void *zone,
               size_t zone_size)
{
    return tocsin_move(site, given(place), zone, zone_size, given(languages));
}

const char *page_anchor(struct tocsin *site, const char *id, const void *bytes, size_t size)
{
    char why[TOCSIN_WHY_SIZE];
    enum tocsin_result result = id != NULL ? tocsin_anchor_by_id(site, id, bytes, size, why)
                                           : tocsin_anchor(site, bytes, size, why);
    begin('{');
    json_flag(&out, "ok", result == TOCSIN_OK);
    put_text("why", why);
    return end('}');
}

const char *page_roots(const struct tocsin *site)
{
    struct tocsin_root root;
    begin('[');
    for (size_t i = 0; tocsin_root(site, i, &root); i++) {
        json_open(&out, NULL, '{');
        put_text("id", root.id);
        put_text("words", root.words);
        put_text("name", root.name);
        put_count("version", root.version);
        put_count("threshold", root.threshold);
        put_count("organizers", root.organizers);
        json_close(&out, '}');
    }
    return end(']');
}

const char *page_put(struct tocsin *site, const void *bytes, size_t size)
{
    struct tocsin_counts counts;
    bool is_taken = tocsin_records(site, bytes, size, &counts) == TOCSIN_OK;
    begin('{');
    json_flag(&out, "ok", is_taken);
    put_count("records", counts.records_new);
    put_count("signatures", counts.signatures_new);
    put_count("known", counts.records_known);
    put_count("refused", counts.refused);
    return end('}');
}

void page_clock(double mono_ms, double utc_ms, double bound_ms, double slept_ms)
{
    now = (struct tocsin_clocks){.mono_ns = ns_of(mono_ms),
                                 .utc_ns = ns_of(utc_ms),
                                 .is_synchronised = bound_ms >= 0,
                                 .bound_ns = ns_of(bound_ms),
                                 .slept_ns = ns_of(slept_ms)};
}

bool page_heard(struct tocsin *site, unsigned broker, const char *topic, const void *bytes,
                size_t size, double arrived_ms, bool is_retained)
{
    return tocsin_heard(site, &now,
                        &(struct tocsin_message){.topic = topic,
                                                 .bytes = bytes,
                                                 .size = size,
                                                 .is_retained = is_retained,
                                                 .broker = broker,
                                                 .mono_ns = ns_of(arrived_ms)}) == TOCSIN_OK;
}

void page_sent(struct tocsin *site, const uint8_t *question, double sent_ms)
{
    tocsin_sent(site, question, ns_of(sent_ms));
}

void page_link(struct tocsin *site, unsigned broker, bool is_up)
{
    tocsin_link(site, &now, broker, is_up);
}

/* A row of what a kind is called here; the compiler still names the kinds that have none. */
#define NAMED(kind, name)                                                                          \
    case kind:                                                                                     \
        return name

static const char *doubt_name(enum tocsin_doubt doubt)
{
    switch (doubt) {
        NAMED(TOCSIN_DOUBT_NONE, "");
        NAMED(TOCSIN_DOUBT_NOTHING_KNOWN, "nothing-known");
        NAMED(TOCSIN_DOUBT_NOT_VOUCHED, "not-vouched");
        NAMED(TOCSIN_DOUBT_FAR_BEHIND, "far-behind");
        NAMED(TOCSIN_DOUBT_NO_MAJORITY, "no-majority");
        NAMED(TOCSIN_DOUBT_CAPPED, "capped");
        NAMED(TOCSIN_DOUBT_BELOW_FLOOR, "below-floor");
        NAMED(TOCSIN_DOUBT_TOGETHER, "together");
        NAMED(TOCSIN_DOUBT_MAY_BE_AHEAD, "may-be-ahead");
    }
    return "";
}

static const char *rest_name(enum tocsin_rest rest)
{
    switch (rest) {
        NAMED(TOCSIN_RESTS_ON_NOTHING, "nothing");
        NAMED(TOCSIN_RESTS_ON_HOST, "host");
        NAMED(TOCSIN_RESTS_ON_FEW, "few");
        NAMED(TOCSIN_RESTS_ON_BEACONS, "beacons");
    }
    return "";
}

static const char *news_name(enum tocsin_news_kind kind)
{
    switch (kind) {
        NAMED(TOCSIN_NEWS_ARMED, "armed");
        NAMED(TOCSIN_NEWS_JOINED, "joined");
        NAMED(TOCSIN_NEWS_MISSED, "missed");
        NAMED(TOCSIN_NEWS_BEFORE, "before");
        NAMED(TOCSIN_NEWS_STARTED, "started");
        NAMED(TOCSIN_NEWS_ENDED, "ended");
        NAMED(TOCSIN_NEWS_MOVED, "moved");
        NAMED(TOCSIN_NEWS_WITHDRAWN, "withdrawn");
        NAMED(TOCSIN_NEWS_BEACON, "beacon");
        NAMED(TOCSIN_NEWS_LIAR, "liar");
        NAMED(TOCSIN_NEWS_REFUSED, "refused");
        NAMED(TOCSIN_NEWS_CLOCK, "clock");
        NAMED(TOCSIN_NEWS_ALERT, "alert");
    }
    return "";
}

static const char *state_name(enum tocsin_state state)
{
    switch (state) {
        NAMED(TOCSIN_COMING, "coming");
        NAMED(TOCSIN_ARMED, "armed");
        NAMED(TOCSIN_BEGUN, "begun");
        NAMED(TOCSIN_JOINED, "joined");
        NAMED(TOCSIN_BEFORE, "before");
        NAMED(TOCSIN_OVER, "over");
        NAMED(TOCSIN_ELSEWHERE, "elsewhere");
        NAMED(TOCSIN_TENTATIVE, "tentative");
        NAMED(TOCSIN_OFF, "off");
        NAMED(TOCSIN_CANCELLED, "cancelled");
        NAMED(TOCSIN_EXPIRED, "expired");
    }
    return "";
}

static const char *wave_name(enum tocsin_wave wave)
{
    switch (wave) {
        NAMED(TOCSIN_WAVE_NONE, NULL);
        NAMED(TOCSIN_WAVE_CLOCK, "clock");
        NAMED(TOCSIN_WAVE_PLACE, "place");
        NAMED(TOCSIN_WAVE_DAY, "day");
    }
    return NULL;
}

/* "" becomes null. */
static void put_maybe(const char *name, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        json_null(&out, name);
    } else {
        put_text(name, text);
    }
}

static void put_advice(const struct tocsin_advice *advice)
{
    put_ms("utc", true, advice->now_utc_ns);
    json_flag(&out, "bounded", advice->is_bounded);
    put_ms("earliest", advice->is_bounded, advice->earliest_utc_ns);
    put_ms("latest", advice->is_bounded, advice->latest_utc_ns);
    json_flag(&out, "proved",
              advice->is_bounded && advice->earliest_rests == TOCSIN_RESTS_ON_BEACONS &&
                  advice->latest_rests == TOCSIN_RESTS_ON_BEACONS);
    put_text("earliestRests", rest_name(advice->earliest_rests));
    put_text("latestRests", rest_name(advice->latest_rests));
    put_text("doubt", doubt_name(advice->doubt_kind));
    put_text("why", advice->doubt);
    put_maybe("next", advice->mark);
    json_flag(&out, "save", advice->must_save);
    json_flag(&out, "changed", advice->has_changed);
    put_ms("wake", true, advice->wake_mono_ns);
}

static void put_shots(const struct tocsin *site)
{
    char mark[TOCSIN_MARK_SIZE];
    int64_t begin_mono_ns;
    bool may_begin;
    json_open(&out, "shots", '[');
    for (size_t i = 0; tocsin_shot(site, i, mark, &begin_mono_ns, &may_begin); i++) {
        json_open(&out, NULL, '{');
        put_text("mark", mark);
        put_ms("begin", true, begin_mono_ns);
        json_flag(&out, "held", !may_begin);
        json_close(&out, '}');
    }
    json_close(&out, ']');
}

static void put_questions(struct tocsin *site)
{
    struct tocsin_question question;
    json_open(&out, "questions", '[');
    while (tocsin_question(site, &question)) {
        json_open(&out, NULL, '{');
        put_count("broker", question.broker);
        put_text("topic", question.topic);
        put_text("answer", question.answer);
        put_hex("payload", question.bytes, sizeof question.bytes);
        json_close(&out, '}');
    }
    json_close(&out, ']');
}

static void put_news(struct tocsin *site)
{
    struct tocsin_news news;
    json_open(&out, "news", '[');
    while (tocsin_news(site, &news)) {
        json_open(&out, NULL, '{');
        put_text("kind", news_name(news.kind));
        put_text("text", news.text);
        put_maybe("mark", news.mark);
        json_close(&out, '}');
    }
    json_close(&out, ']');
}

static void put_beacons(const struct tocsin *site)
{
    struct tocsin_beacon beacon;
    json_open(&out, "beacons", '[');
    for (size_t i = 0; tocsin_beacon(site, i, &beacon); i++) {
        json_open(&out, NULL, '{');
        put_text("key", beacon.key);
        put_text("name", beacon.name);
        put_count("root", beacon.root);
        json_flag(&out, "heard", beacon.is_heard);
        json_flag(&out, "agrees", beacon.agrees);
        json_flag(&out, "lost", beacon.is_lost);
        json_flag(&out, "liar", beacon.is_liar);
        json_close(&out, '}');
    }
    json_close(&out, ']');
}

static void put_freshness(const struct tocsin *site)
{
    struct tocsin_freshness fresh;
    json_open(&out, "freshness", '[');
    for (size_t i = 0; tocsin_freshness(site, i, &fresh); i++) {
        json_open(&out, NULL, '{');
        put_count("beacons", fresh.beacons);
        put_count("told", fresh.told);
        put_count("needed", fresh.needed);
        json_flag(&out, "stale", fresh.is_stale);
        put_ms("until", fresh.has_until, fresh.until_utc_ns);
        json_close(&out, '}');
    }
    json_close(&out, ']');
}

const char *page_think(struct tocsin *site)
{
    struct tocsin_advice advice;
    tocsin_think(site, &now, &advice);
    begin('{');
    put_advice(&advice);
    put_shots(site);
    put_beacons(site);
    put_freshness(site);
    put_questions(site);
    put_news(site);
    return end('}');
}

static void put_window_text(const struct tocsin *site, size_t n, const char *name,
                            enum tocsin_text which)
{
    size_t size = tocsin_window_text(site, n, which, NULL, 0) + 1;
    char *text = malloc(size);
    if (text == NULL) {
        out.is_short_of_memory = true;
        return;
    }
    tocsin_window_text(site, n, which, text, size);
    put_maybe(name, text);
    free(text);
}

static void put_window(const struct tocsin *site, size_t n, const struct tocsin_window *window)
{
    json_open(&out, NULL, '{');
    put_text("mark", window->mark);
    put_count("root", window->root);
    put_window_text(site, n, "title", TOCSIN_TEXT_TITLE);
    put_window_text(site, n, "lang", TOCSIN_TEXT_TITLE_LANGUAGE);
    put_window_text(site, n, "about", TOCSIN_TEXT_ABOUT);
    put_text("gesture", window->gesture);
    put_text("tone", window->tone);
    put_window_text(site, n, "url", TOCSIN_TEXT_URL);
    put_window_text(site, n, "rule", TOCSIN_TEXT_RULE);
    put_maybe("wave", wave_name(window->wave));
    put_window_text(site, n, "place", TOCSIN_TEXT_PLACE);
    put_window_text(site, n, "local", TOCSIN_TEXT_LOCAL);
    put_ms("t0", window->has_t0, window->t0_utc_ns);
    put_ms("end", window->has_t0, window->end_utc_ns);
    put_ms("duration", true, window->duration_ns);
    put_text("state", state_name(window->state));
    json_flag(&out, "contested", window->is_contested);
    json_flag(&out, "alerted", window->is_alerted);
    put_count("signatures", window->signatures);
    put_count("threshold", window->threshold);
    put_window_text(site, n, "why", TOCSIN_TEXT_WHY);
    json_close(&out, '}');
}

const char *page_lists(struct tocsin *site)
{
    struct tocsin_topic topic;
    struct tocsin_window window;
    char url[TOCSIN_URL_SIZE];
    begin('{');
    json_open(&out, "topics", '[');
    for (size_t i = 0; tocsin_topic(site, i, &topic); i++) {
        json_open(&out, NULL, '{');
        put_text("name", topic.name);
        put_count("qos", (size_t)topic.qos);
        json_close(&out, '}');
    }
    json_close(&out, ']');
    json_open(&out, "brokers", '[');
    for (size_t i = 0; tocsin_broker(site, i, url); i++) {
        put_text(NULL, url);
    }
    json_close(&out, ']');
    json_open(&out, "windows", '[');
    for (size_t i = 0; tocsin_window(site, i, &window); i++) {
        put_window(site, i, &window);
    }
    json_close(&out, ']');
    return end('}');
}
