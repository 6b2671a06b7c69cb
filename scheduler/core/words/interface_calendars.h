/* words/interface_calendars.h -- the table in interface_calendars.c; private to words. */
#ifndef WORDS_INTERFACE_CALENDARS_H
#define WORDS_INTERFACE_CALENDARS_H

#include "words/interface.h"

extern const struct interface_calendar interface_calendars[INTERFACE_LANGUAGES];

#endif
