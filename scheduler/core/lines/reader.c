/* reader.c -- a line as it stands, or as people say it, and what is told of one that is neither. */
#include "lines/front.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines/lines.h"
#include "sentences/sentences.h"
#include "words/words.h"

/* The places where a byte order mark, control bytes or malformed UTF-8 would hide. */
static bool is_clean(const char *text, size_t len)
{
    const char *end = text + len;
    for (const char *at = text; at < end;) {
        unsigned char c = (unsigned char)*at;
        if (c < 0x20 ? c != '\n' && c != '\t' && c != '\r' : c == 0x7f) {
            return false;
        }
        if (c < 0x80) {
            at++;
        } else if (words_fold(&at, end) >= 0x110000) {
            return false;
        }
    }
    return true;
}

/* Three short lines like the one that was meant, in its language. */
static void show_examples(const struct front_trouble *trouble, struct parser *p, struct rule *rule,
                          struct rule_error *error)
{
    static const char *const examples[][3] = {
        [ABOUT_DATES] = {"25 april at 20:00 in Europe/Rome",
                         "1st sunday of may at 12:00 in Europe/Rome",
                         "2 days before easter at 18:00 UTC"},
        [ABOUT_WEEKDAYS] = {"every friday at 18:00 in Europe/Rome",
                            "last friday of month at 18:00 in Europe/Rome",
                            "every 2 weeks from 2027-05-07 at 18:00 in Europe/Rome"},
        [ABOUT_EVENTS] = {"every full moon", "nearest full moon to 25 april",
                          "every full moon at 21:00 in Europe/Rome"},
        [ABOUT_SUN] = {"25 april at sunset at Rome", "25 april at sunrise - 30m at Rome",
                       "every full moon at sunset at Rome"},
    };
    for (size_t i = 0; i < 3; i++) {
        const char *example = examples[trouble->about][i];
        char said[SENTENCE_SIZE];
        if (read_once(example, strlen(example), p, rule) == RULE_OK) {
            sentence_say(rule, trouble->language, said);
            snprintf(error->example[i], RULE_READING_SIZE, "%.*s", RULE_READING_SIZE - 1, said);
        }
    }
}

/* A line that goes farther as people say it: what is not known there is asked for. */
static void tell_trouble(const struct front_trouble *trouble, struct parser *p, struct rule *rule,
                         struct rule_error *error)
{
    if (trouble->is_all && trouble->language == LANGUAGE_EN) {
        memcpy(error->nearest, trouble->nearest, sizeof error->nearest);
    }
    if (trouble->reached + 1 < error->column ||
        (trouble->is_all && trouble->language == LANGUAGE_EN)) {
        return;
    }
    *error = (struct rule_error){.is_question = true, .line = error->line, .column = error->column};
    show_examples(trouble, p, rule, error);
    if (trouble->is_all) {
        read_ask(p->reader, error, "how is this meant?  Each word is known, but not together");
        return;
    }
    error->line = 1;
    error->column = trouble->reached + 1;
    if (trouble->is_region) {
        read_ask(p->reader, error,
                 "no such place in \"%.*s\" is known: write a city near it, or a position like "
                 "44.49,11.34",
                 (int)strlen(trouble->word), trouble->word);
        return;
    }
    read_ask(
        p->reader, error,
        "what is \"%s\"?  It is no word of a rule in any of ten languages, and no place that is "
        "known: write a city near it, its position, or other words",
        trouble->word);
    memcpy(error->nearest, trouble->nearest, sizeof error->nearest);
}

/* The line as it stands, or as people say it. */
static enum rule_result read_line(const char *text, size_t len, struct parser *p, struct rule *rule,
                                  struct rule_error *error, bool is_why_asked)
{
    p->is_trial = true;
    if (read_once(text, len, p, rule) == RULE_OK) {
        return RULE_OK;
    }
    struct front_trouble trouble;
    enum front_answer answer = front_read(text, len, p, rule, error, is_why_asked, &trouble);
    if (answer == FRONT_UNKNOWN && is_why_asked) {
        p->is_trial = false;
        (void)read_once(text, len, p, rule); /* again, for what was wrong */
        read_trouble(p, error);
        bool is_word = trouble.is_all || strcspn(trouble.word, "0123456789") > 0;
        if (*error->nearest == '\0' && !p->has_failed && is_word) {
            tell_trouble(&trouble, p, rule, error);
        }
    }
    return answer == FRONT_READ ? RULE_OK : RULE_BAD_TEXT;
}

enum rule_result lines_read(const char *text, size_t len, struct rule **out,
                            struct rule_error *error)
{
    return lines_read_for(text, len, LANGUAGE_EN, (struct civil_date){0}, out, error);
}

enum rule_result lines_read_for(const char *text, size_t len, enum language reader,
                                struct civil_date today, struct rule **out,
                                struct rule_error *error)
{
    struct rule_error unwanted;
    bool is_why_asked = error != NULL;
    error = is_why_asked ? error : &unwanted;
    *error = (struct rule_error){0};
    if (len > RULE_TEXT_MAX || !is_clean(text, len)) {
        if (len > RULE_TEXT_MAX) {
            read_ask(reader, error, "a rule of more than %d bytes", RULE_TEXT_MAX);
        } else {
            read_ask(reader, error, "not clean UTF-8 text");
        }
        return RULE_BAD_TEXT;
    }
    struct parser *p = malloc(sizeof *p);
    struct rule *rule = malloc(sizeof *rule);
    enum rule_result result = RULE_NO_MEMORY;
    if (p != NULL && rule != NULL) {
        p->reader = reader;
        p->today = today;
        result = read_line(text, len, p, rule, error, is_why_asked);
        if (result == RULE_OK) {
            *out = rule;
            rule = NULL;
        }
    } else {
        snprintf(error->message, sizeof error->message, "out of memory");
    }
    free(rule);
    free(p);
    return result;
}

enum lines_spelling lines_spell(const char *text, size_t len, char out[static RULE_TEXT_SIZE])
{
    struct rule *rule;
    if (lines_read(text, len, &rule, NULL) != RULE_OK) {
        return LINES_UNREAD;
    }
    size_t used = rule_write(rule, out);
    rule_free(rule);
    return used == len && memcmp(out, text, len) == 0 ? LINES_CANONICAL : LINES_READS_AS;
}
