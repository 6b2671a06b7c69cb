/* pages/look.h -- the files of pages/look: templates, style, script, icons.  Whoever wants to
 * change how the pages look or speak edits those, and words/interface.tsv. */
#ifndef PAGES_LOOK_H
#define PAGES_LOOK_H

#include <stddef.h>

extern const struct look_file {
    const char *name; /* below look/: "style.css", "icons/silence.svg"; NULL after the last */
    const unsigned char *bytes; /* a NUL follows them */
    size_t size;
} look_file[];

/* NULL: there is none of that name. */
const struct look_file *look_find(const char *name);

/* The text of a file that must be there. */
const char *look_text(const char *name);

#endif
