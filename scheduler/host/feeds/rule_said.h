/* feeds/rule_said.h -- a window's rule as a sentence, as feeds and pages tell it next to the
 * gesture. */
#ifndef FEEDS_RULE_SAID_H
#define FEEDS_RULE_SAID_H

#include "records/record.h"

/* The sentence in a language of BCP 47, of FEED_MANY_LANGUAGES in each of the titles' languages, a
 * line each; "" where rules are not said in the language, or this program cannot read the rule.
 * The caller frees it; NULL: no memory. */
char *feed_rule_said(const struct record_window *window, const char *language);

#endif
