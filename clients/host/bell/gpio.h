/* bell/gpio.h -- inside of the process: one line of GPIO.  Whatever kernel
 * there is, this is all that is known of it. */
#ifndef BELL_GPIO_H
#define BELL_GPIO_H

#include "bell/bell.h"

enum { GPIO_NAME_SIZE = 64 };

struct gpio_line {
    char chip[GPIO_NAME_SIZE]; /* "": the line has a name */
    char name[GPIO_NAME_SIZE];
    unsigned offset;
    bool is_low; /* active when low */
    span pulse;  /* 0: as long as the gesture */
};

bool gpio_line_read(const char *text, struct gpio_line *out, char why[static BELL_TEXT_SIZE]);

/* Takes the line, inactive: its descriptor, not the chip's; -1 with a sentence. */
int gpio_open(const struct gpio_line *wanted, char why[static BELL_TEXT_SIZE]);

/* False with errno. */
bool gpio_set(int line, bool is_active);

/* Inactive, and given back; takes -1. */
void gpio_close(int line);

#endif
