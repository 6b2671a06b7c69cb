/* The rows are matched from left to right, the longest first, as the sentence is one of
 * sentence_say; what each slot holds is written down in canonical words, and the row's own
 * canonical form made of them.  Nothing is guessed: a sentence that leaves a letter over is none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/write.h"
#include "sentences/hearer.h"
#include "sentences/sentences.h"

enum { WORK_MAX = 40000, TAKEN = 128 };

/* The canonical words that slots took. */
struct taken {
    struct {
        size_t from, len;
    } slot[TAKEN];
};

/* <day|days>, [last m|f|n], (a|b): the longest of the forms that stands here. */
static const char *hear_forms(const struct hearer *h, const char *at, const char *form,
                              const char *last)
{
    const char *best = NULL;
    while (form <= last) {
        const char *stop = form;
        while (stop < last && *stop != '|') {
            stop++;
        }
        const char *to = hear_skip(at, h->end, form, (size_t)(stop - form));
        best = to != NULL && (best == NULL || to > best) ? to : best;
        form = stop + 1;
    }
    return best;
}

static const char *end_of_forms(const char *at)
{
    return *at == '<' || *at == '(' || (*at == '[' && at[1] != '{') ? strchr(at, *at == '<'   ? '>'
                                                                                 : *at == '(' ? ')'
                                                                                              : ']')
                                                                    : NULL;
}

/* A noun that says its number by itself, where a row has it after a figure. */
static const char *hear_counted(struct hearer *h, const char *at, const char *forms,
                                struct taken *taken)
{
    const char *last = strchr(forms, '>'), *best = NULL;
    size_t from = h->used;
    for (int32_t n = 1; n <= 2; n++) {
        size_t len = strcspn(forms, "|>");
        const char *to = hear_skip(at, h->end, forms, len);
        if (sentence_counts_without_number(h->language, n) && to != NULL &&
            (best == NULL || to > best)) {
            best = to;
            h->used = from;
            taken->slot['n'].from = from;
            taken->slot['n'].len = hear_put_text(h, n == 1 ? "1" : "2") ? 1 : 0;
        }
        forms += forms + len < last ? len + 1 : len;
    }
    return best;
}

/* A row as words/sayings.h has it, from left to right, with no way back: the first form or name
 * that fits longest is taken.  A word must end where the row's does, or "in" would be heard in
 * "indeed". */
static const char *match(struct hearer *h, const char *at, const char *row, struct taken *taken)
{
    bool is_word = false;
    while (*row != '\0' && at != NULL) {
        const char *last = end_of_forms(row), *counted = NULL;
        if (strncmp(row, "{n} <", 5) == 0) {
            counted = hear_counted(h, at, row + 5, taken);
        }
        if (counted != NULL) {
            at = counted;
            row = strchr(row, '>') + 1;
            is_word = true;
        } else if (*row == '{') {
            size_t from = h->used;
            at = hear_slot(h, at, row[1]);
            taken->slot[(unsigned char)row[1] % TAKEN].from = from;
            taken->slot[(unsigned char)row[1] % TAKEN].len = h->used - from;
            row += 3;
            is_word = false;
        } else if (last != NULL) {
            at = hear_forms(h, at, row + 1, last);
            row = last + 1;
            is_word = true;
        } else {
            size_t len = strcspn(row, "{<(");
            const char *bracket = memchr(row, '[', len);
            while (bracket != NULL && bracket[1] == '{') {
                bracket = memchr(bracket + 1, '[', len - (size_t)(bracket + 1 - row));
            }
            len = bracket != NULL ? (size_t)(bracket - row) : len;
            at = hear_skip(at, h->end, row, len);
            is_word = row[len - 1] != ' ' && row[len - 1] != '\'';
            row += len;
        }
    }
    return at != NULL && is_word && letter_at(at, h->end) && letter_at(at - 1, h->end) ? NULL : at;
}

/* The canonical form of a row, made of what its slots took. */
static bool make(struct hearer *h, enum saying saying, const struct taken *taken)
{
    char text[RULE_TEXT_SIZE];
    struct draft out = draft_in(text, sizeof text);
    for (const char *row = sayings_of(saying, SAYING_CANONICAL); *row != '\0'; row++) {
        const char *last = *row == '<' ? strchr(row, '>') : NULL;
        if (*row == '{') {
            const char *words = h->arena + taken->slot[(unsigned char)row[1]].from;
            draft_print(&out, "%.*s", (int)taken->slot[(unsigned char)row[1]].len, words);
            row += 2;
        } else if (last != NULL) {
            bool is_one = taken->slot['n'].len == 1 && h->arena[taken->slot['n'].from] == '1';
            const char *form = is_one ? row + 1 : strchr(row, '|') + 1;
            draft_print(&out, "%.*s", (int)strcspn(form, "|>"), form);
            row = last;
        } else {
            draft_print(&out, "%c", *row);
        }
    }
    return !out.is_short_of_memory && hear_put(h, text, out.len);
}

/* A date with its year is written in figures. */
static bool make_date(struct hearer *h, const struct taken *taken)
{
    char text[32], month[24];
    int number[2];
    for (int i = 0; i < 2; i++) {
        size_t slot = i == 0 ? 'D' : 'Y';
        snprintf(text, sizeof text, "%.*s", (int)taken->slot[slot].len,
                 h->arena + taken->slot[slot].from);
        number[i] = (int)strtol(text, NULL, 10);
    }
    snprintf(month, sizeof month, "%.*s", (int)taken->slot['m'].len,
             h->arena + taken->slot['m'].from);
    const struct word *word = words_find(WORD_MONTH, month, strlen(month), NULL);
    if (word == NULL || number[1] > 9999) {
        return false;
    }
    snprintf(text, sizeof text, "%04d-%02d-%02d", number[1], word->value, number[0]);
    return hear_put_text(h, text);
}

const char *hear_row(struct hearer *h, const char *at, enum saying saying)
{
    struct taken taken = {0};
    size_t from = h->used;
    if (h->work++ > WORK_MAX) {
        return NULL;
    }
    const char *to = match(h, at, sayings_of(saying, (int)h->language), &taken);
    size_t heard = h->used;
    bool is_made =
        to != NULL && (saying == SAY_FULL_DATE ? make_date(h, &taken) : make(h, saying, &taken));
    if (is_made) {
        memmove(h->arena + from, h->arena + heard, h->used - heard);
        h->used = from + (h->used - heard);
    } else {
        h->used = from;
    }
    return is_made ? to : NULL;
}

const char *hear_group(struct hearer *h, const char *at, enum saying first, enum saying last)
{
    const char *best = NULL;
    size_t from = h->used, kept = from;
    for (int saying = (int)first; saying <= (int)last; saying++) {
        if (saying >= SAY_MONTH_NUMBER && saying <= SAY_LEAP_MONTH && first < SAY_MONTH_NUMBER) {
            continue; /* parts of the rows before them */
        }
        if (saying >= SAY_WORKING_DAYS && saying <= SAY_WORKING_WITH && first < SAY_WORKING_DAYS) {
            continue;
        }
        const char *to = hear_row(h, at, (enum saying)saying);
        if (to != NULL && (best == NULL || to > best)) {
            size_t len = h->used - kept;
            memmove(h->arena + from, h->arena + kept, len);
            kept = from + len;
            best = to;
        }
        h->used = kept;
    }
    return best;
}

const char *hear_selected(struct hearer *h, const char *at)
{
    const char *to = hear_nested(h, at);
    while (to != NULL) {
        size_t used = h->used;
        const char *next = hear_group(h, to, SAY_AND, SAY_MINUS);
        next = next != NULL ? hear_nested(h, next) : NULL;
        if (next == NULL) {
            h->used = used;
            break;
        }
        to = next;
    }
    while (to != NULL) {
        const char *next = hear_optional(h, to, SAY_IF, SAY_ONLY_IN);
        if (next == to) {
            break;
        }
        to = next;
    }
    return to;
}

bool sentence_hear(const char *text, size_t len, enum language language,
                   char out[static RULE_TEXT_SIZE])
{
    struct hearer *h = malloc(sizeof *h);
    if (h == NULL) {
        return false;
    }
    h->end = text + len;
    h->language = language;
    h->names = &language_names[language];
    h->used = h->keeps = h->keep_used = 0;
    h->work = h->depth = 0;
    const char *at = hear_selected(h, text);
    if (at != NULL) {
        at = hear_optional(h, at, SAY_IN_ZONE, SAY_DAY_FROM);
        at = hear_optional(h, at, SAY_FOR, SAY_FOR);
        for (const char *from = NULL; at != from;) {
            from = at;
            at = hear_optional(h, at, SAY_SINCE, SAY_ROTATE_LUNATION);
        }
    }
    bool is_heard = at == h->end && h->used < RULE_TEXT_SIZE;
    if (is_heard) {
        memcpy(out, h->arena, h->used);
        out[h->used] = '\0';
    }
    free(h);
    return is_heard;
}
