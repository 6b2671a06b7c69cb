/* sentences/speaker.h -- inside of the module: a rule that is being said in a language. */
#ifndef SENTENCES_SPEAKER_H
#define SENTENCES_SPEAKER_H

#include <assert.h>

#include "rules/write.h"
#include "sentences/sentence.h"
#include "words/words.h"

struct speaker {
    const struct rule *rule;
    enum language language;
    const struct language_names *names;
    struct draft text;
    size_t article; /* bytes of the name that comes next which its preposition has said */
};

/* What fills the slots of one saying. */
struct slots {
    const struct node *node;
    int32_t n, year;
    const struct node *nested, *events;
    bool is_followed; /* what is nested is not the last */
    char gender;
    struct civil_date date, other;
    const struct bound_date *bounds;
    size_t count;
    const char *name;
    struct civil_time clock;
    span duration;
};

/* A row of words/sayings.h with its slots filled. */
void speak(struct speaker *s, enum saying saying, const struct slots *slots);

/* What a node selects. */
void speak_node(struct speaker *s, const struct node *node);

/* ... between parentheses, where what is written of it needs them. */
void speak_nested(struct speaker *s, const struct node *node, bool is_followed);

/* What fills {slot}. */
void speak_slot(struct speaker *s, char slot, const struct slots *slots);

void speak_date(struct speaker *s, struct civil_date date);

/* A place as the language calls it; "": it is written between quotation marks. */
void speak_place_name(const struct speaker *s, const char *name, char out[static PLACE_NAME_SIZE]);

char gender_of_events(const struct speaker *s, const struct node *node);

/* NULL: there is none. */
static inline const struct node *node_at(const struct speaker *s, int32_t index)
{
    return index == TREE_NONE ? NULL : &s->rule->node[index];
}

/* A node that its parent always has. */
static inline const struct node *child_of(const struct speaker *s, int32_t index)
{
    assert(index >= 0);
    return &s->rule->node[index];
}

static inline int32_t month_of(const struct node *node)
{
    return node->month != 0 ? node->month : node->date.month;
}

#endif
