#include "bell/gpio.h"

#include <errno.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bell/library.h"

/* libgpiod 1, of Debian 12; 2 has other names, and another soname. */
static const char LIBRARY[] = "libgpiod.so.2";

static struct {
    __typeof__(gpiod_chip_open_lookup) *open;
    __typeof__(gpiod_chip_close) *close;
    __typeof__(gpiod_chip_get_line) *get;
    __typeof__(gpiod_line_find) *find;
    __typeof__(gpiod_line_request_output_flags) *request;
    __typeof__(gpiod_line_set_value) *set;
    __typeof__(gpiod_line_close_chip) *give_back;
} library;

static bool load(void)
{
    const struct library_function wanted[] = {
        {"gpiod_chip_open_lookup", &library.open},
        {"gpiod_chip_close", &library.close},
        {"gpiod_chip_get_line", &library.get},
        {"gpiod_line_find", &library.find},
        {"gpiod_line_request_output_flags", &library.request},
        {"gpiod_line_set_value", &library.set},
        {"gpiod_line_close_chip", &library.give_back},
    };
    return library_load(LIBRARY, wanted, sizeof wanted / sizeof *wanted);
}

struct gpio {
    struct gpiod_line *line;
};

static const char *remedy(int error)
{
    return error == EACCES || error == EPERM ? ": let this user read and write /dev/gpiochip*"
           : error == EBUSY                  ? ": another program holds it"
           : error == ENOENT                 ? ": gpioinfo lists the lines that there are"
                                             : "";
}

/* By its name on whichever chip, or by its number. */
static struct gpiod_line *find_line(const struct gpio_line *wanted)
{
    errno = ENOENT; /* where the library says nothing */
    if (wanted->chip[0] == '\0') {
        return library.find(wanted->name);
    }
    struct gpiod_chip *chip = library.open(wanted->chip);
    struct gpiod_line *line = chip != NULL ? library.get(chip, wanted->offset) : NULL;
    if (chip != NULL && line == NULL) {
        int saved = errno;
        library.close(chip);
        errno = saved;
    }
    return line;
}

bool gpio_open(const struct gpio_line *wanted, struct gpio **out, char why[static BELL_TEXT_SIZE])
{
    if (library.give_back == NULL && !load()) {
        snprintf(why, BELL_TEXT_SIZE, "--gpio needs libgpiod 1: apt-get install libgpiod2");
        return false;
    }
    struct gpio *gpio = calloc(1, sizeof *gpio);
    struct gpiod_line *line = gpio != NULL ? find_line(wanted) : NULL;
    int flags = wanted->is_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
    if (line == NULL || library.request(line, "tocsin", flags, 0) != 0) {
        int error = errno;
        snprintf(why, BELL_TEXT_SIZE, "the line %s cannot be had: %s%s",
                 wanted->chip[0] != '\0' ? wanted->chip : wanted->name, strerror(error),
                 remedy(error));
        if (line != NULL) {
            library.give_back(line);
        }
        free(gpio);
        return false;
    }
    gpio->line = line;
    *out = gpio;
    return true;
}

bool gpio_set(struct gpio *gpio, bool is_active)
{
    return library.set(gpio->line, is_active) == 0;
}

void gpio_close(struct gpio *gpio)
{
    if (gpio != NULL) {
        (void)gpio_set(gpio, false);
        library.give_back(gpio->line);
        free(gpio);
    }
}
