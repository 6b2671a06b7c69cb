#include "listener/news.h"

#include <inttypes.h>
#include <stdio.h>

enum listener_news_kind listener_news_kind(enum listener_fact fact)
{
    switch (fact) {
    case SAID_ARMED:
        return NEWS_ARMED;
    case SAID_TOO_NEAR:
    case SAID_BEGAN_BEFORE:
    case SAID_OVER_ALREADY:
        return NEWS_JOINED;
    case SAID_MISSED:
    case SAID_MISSED_AND_OVER:
        return NEWS_MISSED;
    case SAID_STARTED_BEFORE:
        return NEWS_BEFORE;
    case SAID_BEGUN:
        return NEWS_STARTED;
    case SAID_OVER:
    case SAID_CALLED_OFF_AMID:
        return NEWS_ENDED;
    case SAID_MOVED:
        return NEWS_MOVED;
    case SAID_CALLED_OFF:
        return NEWS_WITHDRAWN;
    case SAID_HEARD:
    case SAID_BACK:
    case SAID_GONE:
    case SAID_SILENT:
    case SAID_CONTRADICTS:
    case SAID_AGREES:
    case SAID_READS_AHEAD:
    case SAID_AGAINST_ITSELF:
        return NEWS_BEACON;
    case SAID_LIES:
    case SAID_LIE_PROVEN:
        return NEWS_LIAR;
    case SAID_OLDER_TICK:
    case SAID_BAD_SIGNATURE:
    case SAID_NO_TICK:
    case SAID_FOREIGN_TICK:
    case SAID_UNKNOWN_KEY:
    case SAID_BACK_IN_TIME:
    case SAID_NO_PROOF:
    case SAID_PROOF_UNSIGNED:
        return NEWS_REFUSED;
    case SAID_AWAITS_ANSWER:
    case SAID_ANSWERED:
    case SAID_DOUBT:
    case SAID_TOGETHER:
    case SAID_SLEPT:
    case SAID_STOOD_STILL:
        break;
    }
    return NEWS_CLOCK;
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

#define SAY(...) snprintf(out, LISTENER_NEWS_SIZE, __VA_ARGS__)

/* What is said of the occurrence after its title, and of the beacon after its name, has an argument
 * of its own: the number. */
void listener_news_write(const struct listener_news *news, char out[static LISTENER_NEWS_SIZE])
{
    const char *title = news->occurrence.title, *name = news->name, *where = news->where;
    const char *of = name[0] != '\0' ? ": " : "";
    int64_t n = news->number;
    char beacon[RECORD_KEY_ID_TEXT_SIZE];
    record_key_id_write(&news->beacon, beacon);
    switch (news->fact) {
    case SAID_ARMED:
        SAY("%s is armed", title);
        return;
    case SAID_TOO_NEAR:
        SAY("%s is %" PRId64 " s away, nearer than its latency: joining quietly", title, n);
        return;
    case SAID_BEGAN_BEFORE:
        SAY("%s began %" PRId64 " s ago: joining quietly", title, n);
        return;
    case SAID_OVER_ALREADY:
        SAY("%s is over already, and was not started", title);
        return;
    case SAID_MISSED:
    case SAID_MISSED_AND_OVER:
        SAY("%s was missed by %" PRId64
            " s (this host stood still, its clock jumped or its disk was slow): %s",
            title, n, news->fact == SAID_MISSED ? "joining quietly" : "it is over");
        return;
    case SAID_STARTED_BEFORE:
        SAY("%s was started here before: it is not started again", title);
        return;
    case SAID_BEGUN:
        SAY("%s has begun", title);
        return;
    case SAID_OVER:
        SAY("%s is over", title);
        return;
    case SAID_CALLED_OFF_AMID:
        SAY("%s is called off while it goes on: it is over", title);
        return;
    case SAID_MOVED:
        SAY("%s was moved", title);
        return;
    case SAID_CALLED_OFF:
        SAY("%s is called off", title);
        return;
    case SAID_AWAITS_ANSWER:
        SAY("%s waits up to %" PRId64 " s for a beacon's answer: by the beacons it is earlier",
            title, n);
        return;
    case SAID_HEARD:
    case SAID_BACK:
        SAY("beacon %s %s is %s%s", beacon, name, news->fact == SAID_HEARD ? "heard" : "back",
            n == 1 ? "; its own clock is not synchronised" : "");
        return;
    case SAID_GONE:
        SAY("beacon %s %s is gone; the countdown goes on without it", beacon, name);
        return;
    case SAID_SILENT:
        SAY("beacon %s %s: silent for %" PRId64 " s; the countdown goes on without it", beacon,
            name, n);
        return;
    case SAID_CONTRADICTS:
        SAY("beacon %s %s contradicts the other clocks, by %+.3f s at least: it is not followed",
            beacon, name, (double)n / 1e9);
        return;
    case SAID_AGREES:
        SAY("beacon %s %s agrees with the other clocks again", beacon, name);
        return;
    case SAID_READS_AHEAD:
        SAY("beacon %s %s reads later than it could by its own answer: its clock was put ahead, or "
            "this host stood still; it is asked again",
            beacon, name);
        return;
    case SAID_AGAINST_ITSELF:
        SAY("beacon %s %s contradicts itself in its own stamps: what it said before does not count",
            beacon, name);
        return;
    case SAID_ANSWERED:
        SAY("beacon %s %s answered a fresh question: its ticks are not held back", beacon, name);
        return;
    case SAID_LIES:
        SAY("beacon %s %s signed two different ticks %" PRId64
            " of one session: it lies and is ignored from now on",
            beacon, name, n);
        return;
    case SAID_LIE_PROVEN:
        SAY("beacon %s %s is ignored: its lie is proven in %s", beacon, name, where);
        return;
    case SAID_OLDER_TICK:
        SAY("a tick older than one heard before (%" PRId64 " so far): ignored", n);
        return;
    case SAID_BAD_SIGNATURE:
        SAY("a tick with a wrong signature (%" PRId64 " so far): ignored", n);
        return;
    case SAID_NO_TICK:
        SAY("a message that is not a tick (%" PRId64 " so far): ignored", n);
        return;
    case SAID_FOREIGN_TICK:
        SAY("a tick of another constellation (%" PRId64 " so far): ignored", n);
        return;
    case SAID_UNKNOWN_KEY:
        SAY("a tick by a key that no root given here names (%" PRId64 " so far): ignored", n);
        return;
    case SAID_BACK_IN_TIME:
        SAY("a tick that goes back in time (%" PRId64 " so far): ignored", n);
        return;
    case SAID_NO_PROOF:
        SAY("%s: these are not two ticks that prove a lie: passed over", where);
        return;
    case SAID_PROOF_UNSIGNED:
        SAY("%s: not signed by the key that the root names: nothing is proven, and it is passed "
            "over",
            where);
        return;
    case SAID_DOUBT:
        SAY("%s%s%s", name, of, listener_doubt_text(news->doubt));
        return;
    case SAID_TOGETHER:
        SAY("%s%stogether with beacon %s, UTC unknown", name, of, where);
        return;
    case SAID_SLEPT:
        SAY("this host slept: the beacons are listened to anew");
        return;
    case SAID_STOOD_STILL:
        SAY("this host stood still and no clock shows it: the beacons are listened to anew");
        return;
    }
}
