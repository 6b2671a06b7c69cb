/* tocsin/windows/window.h -- a window record put together from options, for declare and amend. */
#ifndef TOCSIN_WINDOW_H
#define TOCSIN_WINDOW_H

#include <argp.h>

#include "plan/plan.h"
#include "tocsin/session/proposal.h"
#include "tocsin/session/session.h"
#include "tocsin/windows/environment.h"
#include "tocsin/windows/history.h"

enum { WINDOW_PROSE_MAX = 40, WINDOW_BEACONS_MAX = 16 };

struct window_prose {
    const char *tag, *value; /* tag "": the plain one */
};

struct window_options {
    struct window_prose title[WINDOW_PROSE_MAX], about[WINDOW_PROSE_MAX];
    size_t title_count, about_count;
    const char *gesture, *tone, *rule, *duration, *rest, *url, *expires, *horizon;
    const char *beacon[WINDOW_BEACONS_MAX];
    size_t beacon_count;
};

/* The options --title --title.TAG ... --horizon; its input is a struct window_options. */
extern const struct argp window_argp;

/* argp knows no option with a changing name: turns "--title.it TEXT" into "--title-in=it=TEXT", and
 * the same for about.  The copy is the whole program's. */
char **window_rewrite(const struct argp *argp, int *argc, char **argv);

struct window_draft {
    struct record record;
    struct record_prose title[WINDOW_PROSE_MAX], about[WINDOW_PROSE_MAX];
    struct record_key_id beacon[WINDOW_BEACONS_MAX];
    struct record_id prev[HISTORY_HEADS_MAX];
    struct text off[RECORD_OCCURRENCES_MAX];
    char rule[RULE_TEXT_SIZE]; /* its canonical line */
    struct plan *plan;         /* owned; NULL when the dates of the version before stay */
};

/* Puts into the draft what the options say; what they leave out stays as it is in the draft.
 * before: the version that is amended, or NULL. */
int window_apply(const struct session *session, const struct environment *environment,
                 const struct view_root *root, const struct window_options *options,
                 const struct record_window *before, struct window_draft *draft);

/* Warns of what will not be as the makers think: occurrences after the root's end. */
void window_judge(const struct session *session, const struct view_root *root,
                  const struct window_draft *draft);

/* Shows on standard error what a person should see before signing: dates, ten places' clocks,
 * clashes, tone. */
void window_preview(const struct session *session, const struct environment *environment,
                    const struct window_draft *draft);

/* Shows which occurrences still to come an amendment drops or moves, and warns of their number.
 * Whether any of them is otherwise than before, be it off, on again, or of another length. */
bool window_preview_changes(const struct session *session, const struct environment *environment,
                            const struct record_window *before, const struct window_draft *draft);

#endif
