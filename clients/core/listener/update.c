/* What a step tells: news, and when the next one is due. */
#include <string.h>

#include "listener/internal.h"

/* One step cannot say more than there is room for; what matters is also in the state. */
struct listener_news *tell(struct listener_update *update, enum listener_fact fact)
{
    struct listener_news *news = &update->news[update->news_count];
    update->news_count += update->news_count < LISTENER_NEWS_MAX;
    news->fact = fact;
    news->kind = listener_news_kind(fact);
    return news;
}

struct listener_news *tell_of(struct listener_update *update, enum listener_fact fact,
                              const struct listener_occurrence *occurrence)
{
    struct listener_news *news = tell(update, fact);
    news->has_occurrence = true;
    news->occurrence = *occurrence;
    return news;
}

struct listener_news *tell_of_beacon(struct listener_update *update, enum listener_fact fact,
                                     const struct listener_beacon *beacon)
{
    struct listener_news *news = tell(update, fact);
    news->beacon = beacon->key.id;
    memcpy(news->name, beacon->name, sizeof news->name);
    return news;
}

void wake_by(struct listener_update *update, mono at)
{
    if (at.ns < update->wake.ns) {
        update->wake = at;
    }
}

bool counts_for(const struct listener_event *event, const struct record_id *root)
{
    return !event->has_root || record_id_equal(&event->root, root);
}

bool listener_is_worth_telling(uint64_t count)
{
    while (count >= 10 && count % 10 == 0) {
        count /= 10;
    }
    return count == 1;
}
