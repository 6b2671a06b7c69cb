/* tocsin/kit/icon.h -- what a chat shows of the app. */
#ifndef TOCSIN_ICON_H
#define TOCSIN_ICON_H

#include <stdint.h>

enum { KIT_ICON_SIZE = 278 };
extern const uint8_t kit_icon[KIT_ICON_SIZE];

#endif
