#include "feeds/rule_said.h"

#include <stdio.h>
#include <string.h>

#include "feeds/feed.h"
#include "feeds/words.h"
#include "lines/lines.h"
#include "rules/rule.h"
#include "sentences/sentences.h"
#include "text/draft.h"

/* That of our words for the tag: a sentence in English stands only beside English. */
static enum language language_of(const char *tag)
{
    return language_find(feed_words_for(tag)->language);
}

static void add_said(struct draft *draft, const struct rule *rule, enum language language,
                     bool said[static LANGUAGES])
{
    char sentence[SENTENCE_SIZE];
    if (language == LANGUAGES || said[language]) {
        return;
    }
    said[language] = true;
    sentence_say(rule, language, sentence);
    draft_add(draft, draft->len > 0 ? "\n" : "");
    draft_add_clean(draft, sentence, strlen(sentence), false);
}

char *feed_rule_said(const struct record_window *window, const char *language)
{
    struct draft draft = {0};
    struct rule *rule;
    bool said[LANGUAGES] = {false};
    draft_add(&draft, "");
    if (lines_read(window->rule.at, window->rule.len, &rule, NULL) != RULE_OK) {
        return draft_take(&draft);
    }
    bool is_many = strcmp(language, FEED_MANY_LANGUAGES) == 0;
    for (size_t i = 0; is_many && i < window->title_count; i++) {
        char tag[FEED_LANGUAGE_SIZE];
        struct text of = window->title[i].tag;
        snprintf(tag, sizeof tag, "%.*s", (int)of.len, of.len > 0 ? of.at : "");
        add_said(&draft, rule, language_of(tag), said);
    }
    if (!is_many) {
        add_said(&draft, rule, language_of(language), said);
    }
    rule_free(rule);
    return draft_take(&draft);
}
