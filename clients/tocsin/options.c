#include "tocsin/options.h"

#include <string.h>

#include "instants/stamp.h"
#include "say/set.h"
#include "text/text.h"
#include "tocsin/session/session.h"
#include "tocsin/windows/environment.h"

enum { KEY_AT = 0x10000, KEY_FORMAT, KEY_PASSPHRASE_FD };

static bool read_end(const char *text, utc *out)
{
    if (strcmp(text, "2250-01-01") == 0) {
        out->ns = UTC_LATEST_S * NS_PER_S;
        return true;
    }
    return stamp_read_given(text, out);
}

void options_read_span(const struct argp_state *state, bool is_end, const char *text, utc *out)
{
    if (!(is_end ? read_end : stamp_read_given)(text, out)) {
        argp_error(state,
                   "%s \"%s\": not a date from 1700 to 2249; write 2027-08-02 or "
                   "2027-08-02T08:25:00Z",
                   is_end ? "--to" : "--from", text);
    }
}

uint32_t options_read_number(const struct argp_state *state, const char *option, const char *text,
                             uint32_t least, uint32_t most, const char *what)
{
    uint32_t number;
    if (!text_read_number(text_of(text), most, &number) || number < least) {
        argp_error(state, "--%s \"%s\": %s", option, text, what);
    }
    return number;
}

const char *options_record(const struct argp_state *state, const char *name, const char *text)
{
    if (!session_may_be_id(text)) {
        argp_error(state, "--%s \"%s\": the record's id, or its first 8 digits", name, text);
    }
    return text;
}

void options_read_place(const struct argp_state *state, const char *text, struct place *out)
{
    struct places_choice choice;
    char why[PLACE_DOUBT_SIZE];
    if (!places_read(text, &choice, why)) {
        places_doubt_in(text, strlen(text), environment_language(), why);
        argp_error(state, "--place: %s", why);
    } else if (choice.kind != PLACES_ONE) {
        argp_error(state, "--place \"%s\": one place is needed here, a city or LAT,LON", text);
    } else {
        *out = choice.one;
    }
}

error_t options_add(const struct argp_state *state, const char *word, const char **list,
                    size_t *count, size_t max, const char *kind)
{
    if (*count == max) {
        argp_error(state, "more than %zu %s", max, kind);
    } else {
        list[(*count)++] = word;
    }
    return 0;
}

/* Options that several commands share, each judged here, so that all refuse the same in the same
 * words. */
static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case KEY_AT:
        if (!stamp_read_given(arg, &options->at)) {
            argp_error(state,
                       "--at \"%s\": not an instant from 1700 to 2249; write 2026-11-23T12:00:00Z",
                       arg);
        }
        options->has_at = true;
        return 0;
    case KEY_FORMAT:
        if (!rows_format_read(arg, &options->format)) {
            argp_error(state, "--format \"%s\": choose table, tsv or json", arg);
        }
        return 0;
    case 'o':
        options->out = arg;
        return 0;
    case 'y':
        options->yes = true;
        return 0;
    case KEY_PASSPHRASE_FD:
        options->passphrase_fd = (int)options_read_number(state, "passphrase-fd", arg, 0, 1023,
                                                          "not a descriptor number");
        return 0;
    default:
        return say_set(key, arg, state);
    }
}

static const struct argp_option common[] = {
    {"store", SAY_SETS(options, store), "DIR", 0,
     "The store (default $TOCSIN_HOME, else the XDG data folder)", 0},
    {"config", SAY_SETS(options, config), "DIR", 0,
     "Keys and trusted roots (default $TOCSIN_CONFIG, else the XDG config folder)", 0},
    {"root", SAY_SETS(options, root), "FILE|ID", 0,
     "The constellation, by its root (default: the only one)", 0},
    {"at", KEY_AT, "INSTANT", 0, "Stand at this instant instead of now", 0},
    {0},
};

static const struct argp_option listing[] = {
    {"format", KEY_FORMAT, "table|tsv|json", 0, "How to print", 0},
    {0},
};

static const struct argp_option key_of[] = {
    {"key", SAY_SETS(options, key), "FILE|NAME", 0,
     "The secret key to sign with (default: the only one)", 0},
    {0},
};

static const struct argp_option yes[] = {
    {"yes", 'y', NULL, 0, "Do not ask for confirmation", 0},
    {0},
};

static const struct argp_option passphrase[] = {
    {"passphrase-fd", KEY_PASSPHRASE_FD, "N", 0, "Read the passphrase from descriptor N", 0},
    {0},
};

static const struct argp_option out[] = {
    {"out", 'o', "FILE", 0, "Write what is to be sent to the others, as text", 0},
    {"qr", SAY_SETS(options, qr), NULL, 0, "Show it as a QR code, where it fits in the terminal",
     0},
    {0},
};

static const struct argp_option picture[] = {
    {"out", 'o', "FILE", 0, "Write the picture there (SVG)", 0},
    {0},
};

static const struct argp_option full[] = {
    {"full", SAY_SETS(options, full), NULL, 0, "Show long lists to their end", 0},
    {0},
};

const struct argp options_common = {.options = common, .parser = parse};
const struct argp options_listing = {.options = listing, .parser = parse};
const struct argp options_key = {.options = key_of, .parser = parse};
const struct argp options_yes = {.options = yes, .parser = parse};
const struct argp options_passphrase = {.options = passphrase, .parser = parse};
const struct argp options_out = {.options = out, .parser = parse};
const struct argp options_picture = {.options = picture, .parser = parse};
const struct argp options_full = {.options = full, .parser = parse};

static const struct argp_child shared[] = {
    {&options_common, 0, NULL, 0},     {&options_listing, 0, NULL, 0},
    {&options_key, 0, NULL, 0},        {&options_yes, 0, NULL, 0},
    {&options_passphrase, 0, NULL, 0}, {&options_out, 0, NULL, 0},
    {&options_full, 0, NULL, 0},       {0}};
const struct argp options_shared = {.children = shared};
