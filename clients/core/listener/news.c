#include "listener/news.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What each fact is about, and its sentence: %t the occurrence's title, %b the beacon, %n the
 * number, %w `where`, %c the constellation where there are several, %d the doubt. */
static const struct {
    enum listener_news_kind kind;
    const char *sentence;
} facts[] = {
    [SAID_ARMED] = {NEWS_ARMED, "%t is armed"},
    [SAID_TOO_NEAR] = {NEWS_JOINED, "%t is %n s away, nearer than its latency: joining quietly"},
    [SAID_BEGAN_BEFORE] = {NEWS_JOINED, "%t began %n s ago: joining quietly"},
    [SAID_OVER_ALREADY] = {NEWS_JOINED, "%t is over already, and was not started"},
    [SAID_MISSED] = {NEWS_MISSED, "%t was missed by %n s (this host stood still, its clock jumped "
                                  "or its disk was slow): joining quietly"},
    [SAID_MISSED_AND_OVER] = {NEWS_MISSED, "%t was missed by %n s (this host stood still, its "
                                           "clock jumped or its disk was slow): it is over"},
    [SAID_STARTED_BEFORE] = {NEWS_BEFORE, "%t was started here before: it is not started again"},
    [SAID_BEGUN] = {NEWS_STARTED, "%t has begun"},
    [SAID_OVER] = {NEWS_ENDED, "%t is over"},
    [SAID_CALLED_OFF_AMID] = {NEWS_ENDED, "%t is called off while it goes on: it is over"},
    [SAID_MOVED] = {NEWS_MOVED, "%t was moved"},
    [SAID_CALLED_OFF] = {NEWS_WITHDRAWN, "%t is called off"},
    [SAID_AWAITS_ANSWER] = {NEWS_CLOCK, "%t waits up to %n s for a beacon's answer: by the beacons "
                                        "it is earlier"},
    [SAID_CROWDED] = {NEWS_MISSED, "%t is near, and there is no room beside the %n gestures before "
                                   "it: it is not started unless they are over in time"},
    [SAID_HEARD] = {NEWS_BEACON, "%b is heard"},
    [SAID_HEARD_UNSYNCHRONISED] = {NEWS_BEACON, "%b is heard; its own clock is not synchronised"},
    [SAID_BACK] = {NEWS_BEACON, "%b is back"},
    [SAID_BACK_UNSYNCHRONISED] = {NEWS_BEACON, "%b is back; its own clock is not synchronised"},
    [SAID_GONE] = {NEWS_BEACON, "%b is gone; the countdown goes on without it"},
    [SAID_SILENT] = {NEWS_BEACON, "%b: silent for %n s; the countdown goes on without it"},
    [SAID_CONTRADICTS] = {NEWS_BEACON, "%b contradicts the other clocks, by %w at least: it is not "
                                       "followed"},
    [SAID_AGREES] = {NEWS_BEACON, "%b agrees with the other clocks again"},
    [SAID_READS_AHEAD] = {NEWS_BEACON,
                          "%b reads later than it could by its own answer: its clock "
                          "was put ahead, or this host stood still; it is asked again"},
    [SAID_AGAINST_ITSELF] = {NEWS_BEACON, "%b contradicts itself in its own stamps: what it said "
                                          "before does not count"},
    [SAID_ANSWERED] = {NEWS_CLOCK, "%b answered a fresh question: its ticks are not held back"},
    [SAID_LIES] = {NEWS_LIAR, "%b signed two different ticks %n of one session: it lies and is "
                              "ignored from now on"},
    [SAID_LIE_PROVEN] = {NEWS_LIAR, "%b is ignored: its lie is proven in %w"},
    [SAID_OLDER_TICK] = {NEWS_REFUSED, "a tick older than one heard before (%n so far): ignored"},
    [SAID_BAD_SIGNATURE] = {NEWS_REFUSED, "a tick with a wrong signature (%n so far): ignored"},
    [SAID_UNJUDGED] = {NEWS_REFUSED,
                       "a broker brings more forged ticks than are judged: %n of what "
                       "came over it went unjudged so far"},
    [SAID_NO_TICK] = {NEWS_REFUSED, "a message that is not a tick (%n so far): ignored"},
    [SAID_FOREIGN_TICK] = {NEWS_REFUSED, "a tick of another constellation (%n so far): ignored"},
    [SAID_UNKNOWN_KEY] = {NEWS_REFUSED,
                          "a tick by a key that no root given here names (%n so far): ignored"},
    [SAID_BACK_IN_TIME] = {NEWS_REFUSED, "a tick that goes back in time (%n so far): ignored"},
    [SAID_NO_PROOF] = {NEWS_REFUSED, "%w: these are not two ticks that prove a lie: passed over"},
    [SAID_PROOF_UNSIGNED] = {NEWS_REFUSED, "%w: not signed by the key that the root names: nothing "
                                           "is proven, and it is passed over"},
    [SAID_DOUBT] = {NEWS_CLOCK, "%c%d"},
    [SAID_TOGETHER] = {NEWS_CLOCK, "%ctogether with beacon %w, UTC unknown"},
    [SAID_SLEPT] = {NEWS_CLOCK, "this host slept: the beacons are listened to anew"},
    [SAID_STOOD_STILL] = {NEWS_CLOCK,
                          "this host stood still and no clock shows it: the beacons are "
                          "listened to anew"},
};

_Static_assert(sizeof facts / sizeof *facts == SAID_FACTS, "a sentence for each");

enum listener_news_kind listener_news_kind(enum listener_fact fact)
{
    return facts[fact].kind;
}

const char *listener_doubt_text(enum discipline_doubt doubt)
{
    switch (doubt) {
    case DOUBT_NONE:
        return "the clock is known within the bound shown";
    case DOUBT_NOTHING_KNOWN:
        return "this host's clock is not synchronised and no beacon knows better: the doubt is "
               "unknown; start a time service (chrony, systemd-timesyncd)";
    case DOUBT_NOT_VOUCHED:
        return "this host's unsynchronised clock is not behind what was heard, and nothing vouches "
               "that it is not ahead";
    case DOUBT_FAR_BEHIND:
        return "beacons are more than an hour ahead of this host's unsynchronised clock and none "
               "has answered: not corrected; set the clock, or allow --trust-replay";
    case DOUBT_NO_MAJORITY:
        return "the clocks contradict one another and none has a majority: nothing was corrected";
    case DOUBT_CAPPED:
        return "the beacons contradict this host's synchronised clock: corrected by 2 s and no "
               "more";
    case DOUBT_BELOW_FLOOR:
        return "this host's clock shows a date that has passed: nothing starts until it is set or "
               "a beacon is heard";
    case DOUBT_TOGETHER:
        return "together with beacons that do not know the time themselves: UTC unknown";
    case DOUBT_MAY_BE_AHEAD:
        return "most beacons read more than a second behind this host's synchronised clock: they "
               "are asked whether it is ahead";
    }
    return "";
}

enum { PART_SIZE = LISTENER_TITLE_SIZE }; /* nothing that a sentence is about is longer */

/* What stands for a letter of a sentence. */
static void write_part(const struct listener_news *news, char part, char out[static PART_SIZE])
{
    switch (part) {
    case 't':
        snprintf(out, PART_SIZE, "%s", news->occurrence.title);
        return;
    case 'b':
        snprintf(out, PART_SIZE, "beacon %s %s", record_key_id_text(&news->beacon).text,
                 news->name);
        return;
    case 'n':
        snprintf(out, PART_SIZE, "%" PRId64, news->number);
        return;
    case 'w':
        snprintf(out, PART_SIZE, "%s", news->where);
        return;
    case 'c':
        snprintf(out, PART_SIZE, "%s%s", news->name, *news->name != '\0' ? ": " : "");
        return;
    default:
        snprintf(out, PART_SIZE, "%s", listener_doubt_text(news->doubt));
        return;
    }
}

void listener_news_write(const struct listener_news *news, char out[static LISTENER_NEWS_SIZE])
{
    size_t used = 0;
    for (const char *at = facts[news->fact].sentence; *at != '\0' && used + 1 < LISTENER_NEWS_SIZE;
         at++) {
        char part[PART_SIZE] = {*at};
        if (*at == '%') {
            write_part(news, *++at, part);
        }
        used += (size_t)snprintf(out + used, LISTENER_NEWS_SIZE - used, "%s", part);
    }
}
