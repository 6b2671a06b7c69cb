/* site/code.h -- inside of the module: QR codes as SVG. */
#ifndef SITE_CODE_H
#define SITE_CODE_H

#include "instants/must_use.h"
#include "text/draft.h"

/* Adds an inline SVG element that shows text as a QR code with the quiet zone that ISO/IEC 18004
 * asks for, dark on white in any colour scheme.  Hidden from screen readers: the words beside it
 * say what it holds.  False when the text is too long or memory is short. */
TOCSIN_MUST_USE bool code_add_svg(struct draft *draft, const char *text);

#endif
