/* pages/pages.h -- HTML for people: templates filled with values.
 *
 * A template is a file of pages/look.  In it stand, between double braces:
 *   {{name}}      a value, safe in text and in a quoted attribute
 *   {{'name}}     the value as a JSON string with its quotes, safe inside of <script>
 *   {{&name}}     markup, as it is: what this program wrote itself
 *   {{say.name}}  a phrase of words/interface.tsv, in the page's language
 *   {{#name}}...{{/name}}  once for each item of a list, or once if a value is not empty
 *   {{^name}}...{{/name}}  if there is no such value or item
 *   {{>file}}     another file of pages/look
 * A name is looked for in the item, then in what surrounds it.  Nothing that a record says is ever
 * markup: there is no way to set markup but from a literal, a look file or an SVG of ours. */
#ifndef PAGES_PAGES_H
#define PAGES_PAGES_H

#include "text/draft.h"
#include "text/text.h"
#include "words/interface.h"

/* Values by name.  Memory that runs out is remembered: pages_write then has no page. */
struct pages_values;

/* The outermost values of a page, with what every page has: "lang", "dir" (empty or "rtl"), "style"
 * and "script" and "policy" (the Content-Security-Policy that allows that script by its hash).
 * tag: of the page; a language that we do not speak has English phrases, and "lang" says so.
 * NULL: no memory. */
struct pages_values *pages_new(const char *tag);
void pages_free(struct pages_values *values);

enum interface_language pages_language(const struct pages_values *values);

/* name is borrowed; the text is copied.  A name that was set before gets the new value. */
void pages_set(struct pages_values *in, const char *name, const char *value);
void pages_set_text(struct pages_values *in, const char *name, struct text value);
/* What was drafted, which it takes. */
void pages_set_draft(struct pages_values *in, const char *name, struct draft *value);
void pages_print(struct pages_values *in, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void pages_set_markup(struct pages_values *in, const char *name, const char *markup);

/* One more item of a list; never NULL. */
struct pages_values *pages_add(struct pages_values *in, const char *name);

/* The page: a template filled.  A heap string; NULL: no memory.  A template that names no value, or
 * does not end what it begins, is our mistake. */
char *pages_write(const struct pages_values *values, const char *template);

enum { PAGES_POLICY_SIZE = 256 };

/* The same policy for the header of an answer. */
void pages_policy(char out[static PAGES_POLICY_SIZE]);

/* Text as a JSON string with its quotes, also inside of a <script>: < > & are escapes (RFC 8259
 * 7). */
void pages_add_json(struct draft *draft, const char *text, size_t len);

#endif
