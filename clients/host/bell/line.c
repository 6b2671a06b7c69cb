/* line.c -- how an output line of the host is written: chip, number, which level is on. */
#include "bell/gpio.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instants/stamp.h"

static bool refuse(char why[static BELL_TEXT_SIZE], const char *text)
{
    snprintf(why, BELL_TEXT_SIZE,
             "--gpio %.100s: give a line by its name or as CHIP/NUMBER: GPIO17, gpiochip0/17; then "
             "\",low\" where it is active when low, \",500ms\" for a pulse of 10ms to 60s",
             text);
    return false;
}

static bool read_word(const char *word, struct gpio_line *out)
{
    if (strcmp(word, "low") == 0) {
        out->is_low = true;
        return true;
    }
    return out->pulse.ns == 0 && span_read(word, (span){60 * NS_PER_S}, &out->pulse) &&
           out->pulse.ns >= 10 * NS_PER_MS;
}

static bool read_place(char *place, struct gpio_line *out)
{
    char *slash = strchr(place, '/');
    if (slash == NULL) {
        snprintf(out->name, sizeof out->name, "%s", place);
        return place[0] != '\0';
    }
    *slash = '\0';
    char *end;
    errno = 0;
    unsigned long offset = strtoul(slash + 1, &end, 10);
    snprintf(out->chip, sizeof out->chip, "%s", place);
    out->offset = (unsigned)offset;
    return place[0] != '\0' && slash[1] >= '0' && slash[1] <= '9' && *end == '\0' && errno == 0 &&
           offset < 1024;
}

bool gpio_line_read(const char *text, struct gpio_line *out, char why[static BELL_TEXT_SIZE])
{
    char copy[GPIO_NAME_SIZE];
    *out = (struct gpio_line){0};
    if (strlen(text) >= sizeof copy) {
        return refuse(why, text);
    }
    strcpy(copy, text);
    char *rest = copy, *place = strsep(&rest, ",");
    while (rest != NULL) {
        if (!read_word(strsep(&rest, ","), out)) {
            return refuse(why, text);
        }
    }
    return read_place(place, out) || refuse(why, text);
}

bool bell_gpio_is_sound(const char *text, char why[static BELL_TEXT_SIZE])
{
    struct gpio_line ignored;
    return gpio_line_read(text, &ignored, why);
}
