/* tocsin declare: a new window, resolved, shown, signed and stored. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "say/say.h"
#include "say/set.h"
#include "tocsin/commands/table.h"
#include "tocsin/session/signer.h"
#include "tocsin/windows/agenda.h"
#include "tocsin/windows/catalogue.h"
#include "tocsin/windows/window.h"

struct request {
    struct window_options window;
    const char *date;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &request->window;
        return 0;
    default:
        return say_set(key, arg, state);
    }
}

static const struct argp_option own_options[] = {
    {"date", SAY_SETS(request, date), "ID", 0,
     "Titles, rule, tone and story of a date of the catalogue (tocsin dates), where no other "
     "option says otherwise",
     0},
    {0}};

static const char *keep(struct text text)
{
    return proposal_keep(strndup(text.at, text.len));
}

/* What no option said is as the catalogue has it. */
static int take_date(const char *id, struct window_options *options)
{
    struct dates_entry entry;
    if (!catalogue_find(id, &entry)) {
        char meant[CATALOGUE_NEAR_SIZE];
        catalogue_near(id, meant);
        return say_no("no date \"%s\" in the catalogue; \"tocsin dates\" lists them%s", id, meant);
    }
    if (options->title_count == 0) {
        options->title[0] = (struct window_prose){"", keep(entry.name)};
        for (size_t i = 0; i < entry.other_count; i++) {
            options->title[i + 1] =
                (struct window_prose){keep(entry.other[i].tag), keep(entry.other[i].value)};
        }
        options->title_count = entry.other_count + 1;
    }
    if (options->about_count == 0) {
        options->about[0] = (struct window_prose){"", keep(entry.what)};
        options->about_count = 1;
    }
    options->rule = options->rule != NULL ? options->rule : keep(entry.rule);
    options->tone = options->tone != NULL ? options->tone : record_tone_name(entry.tone);
    return EXIT_DONE;
}
_Static_assert((int)DATES_NAMES_MAX < (int)WINDOW_PROSE_MAX,
               "a date's names fit a window's titles");

static int complete(struct window_options *options)
{
    if (options->title_count == 0) {
        char *title = proposal_ask("Title");
        if (title == NULL) {
            return say_usage("give a --title, e.g. --title \"A minute of silence\"");
        }
        options->title[0].tag = "";
        options->title[0].value = title;
        options->title_count = 1;
    }
    if (options->rule == NULL &&
        (options->rule = proposal_ask("Rule (e.g. 25 april at 20:00 in Europe/Rome "
                                      "for 15m)")) == NULL) {
        return say_usage("give a --rule, e.g. --rule \"25 april at 20:00 in Europe/Rome for 15m\"");
    }
    return EXIT_DONE;
}

/* All that can be wrong is looked for before the preview, and the preview comes before the key is
 * opened: nobody types a passphrase for what is refused afterwards, or signs what was not shown. */
static int declare(struct session *session, const struct environment *environment,
                   const struct window_options *options, bool rule_is_dates)
{
    const struct view_root *root = session->root;
    static struct window_draft draft;
    draft = (struct window_draft){.record.type = RECORD_WINDOW};
    struct record_window *is = &draft.record.is.window;
    is->root = root->id;
    randombytes_buf(is->uid.bytes, sizeof is->uid.bytes);
    is->gesture = proposal_text("silence");
    is->tone = TONE_VIGIL;
    int code = window_apply(session, environment, root, options, NULL, &draft);
    if (code == EXIT_DONE) {
        code = proposal_check(session, &draft.record);
    }
    if (code == EXIT_DONE) {
        code = signer_may_sign(session, root);
    }
    if (code == EXIT_DONE) {
        if (root->is_tentative || root->is_frozen) {
            char why[VIEW_SENTENCE_SIZE];
            view_fact_write(&root->why, why);
            say_warning("%s", why);
        }
        window_preview(session, environment, &draft);
        if (rule_is_dates && is->wave == WAVE_DAY) {
            say_note("the date has no hour, so people keep the whole day where they are; for one "
                     "shared moment give --rule, with one such as \"at 18:00 in Europe/Rome for "
                     "1m\"");
        }
        window_judge(session, root, &draft);
        code = proposal_sign(session, &draft.record, "Sign this declaration?");
    }
    if (code == EXIT_DONE) {
        uint32_t threshold = root->newest->is.root.threshold;
        if (threshold > 1) {
            say_note("tentative until %u organizers have signed", threshold);
        }
        puts(record_uid_text(&is->uid).text);
        code = agenda_conclude_one(session, &draft.record);
    }
    plan_free(draft.plan);
    return code;
}

static const struct argp_child children[] = {{&window_argp, 0, "The window:", -1}, {0}};

const struct command_line line_declare = {
    .options = own_options,
    .parser = parse,
    .children = children,
    .size = sizeof(struct request),
    .rewrite = window_rewrite,
    .surplus = "quote texts with spaces",
    .doc = "Declares a window: resolves its rule into instants, shows them, asks, signs and stores "
           "the record, and prints the window's uid.",
};

int cmd_declare(struct session *session, const struct command_call *call)
{
    struct request request = *(const struct request *)call->options;
    struct window_options options = request.window;
    bool rule_is_dates = request.date != NULL && options.rule == NULL;
    int code = request.date != NULL ? take_date(request.date, &options) : EXIT_DONE;
    if (code == EXIT_DONE) {
        code = complete(&options);
    }
    return code == EXIT_DONE ? declare(session, call->environment, &options, rule_is_dates) : code;
}
