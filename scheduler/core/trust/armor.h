/* trust/armor.h -- the text around minisign's keys and signatures: comment lines and base64. */
#ifndef TRUST_ARMOR_H
#define TRUST_ARMOR_H

#include "records/id.h"

#define ARMOR_UNTRUSTED "untrusted comment: "
#define ARMOR_TRUSTED   "trusted comment: "

/* Cuts the line before the next line feed off *rest, without it and without carriage returns at its
 * end (files that passed through Windows; stock minisign takes them too).  False when there is no
 * line feed, or a zero byte before it, which would end the line for minisign and hide what follows
 * from people: *rest is then what it was. */
TOCSIN_MUST_USE bool armor_cut_line(struct text *rest, struct text *line);

/* Whether line begins with prefix; *value is then what follows. */
TOCSIN_MUST_USE bool armor_has_prefix(struct text line, const char *prefix, struct text *value);

/* Decodes a line that is the base64 of exactly size bytes, in its one spelling. */
TOCSIN_MUST_USE bool armor_decode(struct text line, uint8_t *out, size_t size);

#endif
