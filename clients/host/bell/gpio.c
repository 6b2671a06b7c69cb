#include "bell/gpio.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The kernel's own interface, the second of linux/gpio.h, since Linux 5.10: of libgpiod there are
 * two versions with different names, and a Debian has but one of them. */

static const char *remedy(int error)
{
    return error == EACCES || error == EPERM ? ": let this user read and write /dev/gpiochip*"
           : error == EBUSY                  ? ": another program holds it"
           : error == ENOENT                 ? ": gpioinfo lists the lines that there are"
           : error == ENOTTY                 ? ": the kernel is older than Linux 5.10"
                                             : "";
}

static bool is_named(int chip, unsigned offset, const char *name)
{
    struct gpio_v2_line_info info = {.offset = offset};
    return ioctl(chip, GPIO_V2_GET_LINEINFO_IOCTL, &info) == 0 && strcmp(info.name, name) == 0;
}

static bool has_line(int chip, const struct gpio_line *wanted, unsigned *offset)
{
    struct gpiochip_info info = {0};
    if (ioctl(chip, GPIO_GET_CHIPINFO_IOCTL, &info) != 0) {
        return false;
    }
    if (wanted->chip[0] != '\0') {
        *offset = wanted->offset;
        return wanted->offset < info.lines &&
               (strcmp(info.name, wanted->chip) == 0 || strcmp(info.label, wanted->chip) == 0);
    }
    for (*offset = 0; *offset < info.lines; ++*offset) {
        if (is_named(chip, *offset, wanted->name)) {
            return true;
        }
    }
    return false;
}

/* The chip, and which of its lines; -1 with errno. */
static int open_chip(const struct gpio_line *wanted, unsigned *offset)
{
    glob_t found;
    int chip = -1, error = ENOENT;
    if (glob("/dev/gpiochip*", 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc && chip < 0; i++) {
            int fd = open(found.gl_pathv[i], O_RDWR | O_CLOEXEC);
            if (fd < 0) {
                error = errno;
            } else if (has_line(fd, wanted, offset)) {
                chip = fd;
            } else {
                close(fd);
            }
        }
        globfree(&found);
    }
    errno = error;
    return chip;
}

/* An output, inactive; -1 with errno. */
static int take_line(const struct gpio_line *wanted)
{
    struct gpio_v2_line_request request = {
        .consumer = "tocsin",
        .num_lines = 1,
        .config.flags =
            GPIO_V2_LINE_FLAG_OUTPUT | (wanted->is_low ? GPIO_V2_LINE_FLAG_ACTIVE_LOW : 0),
    };
    int chip = open_chip(wanted, &request.offsets[0]);
    if (chip < 0) {
        return -1;
    }
    bool is_taken = ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) == 0;
    int saved = errno;
    close(chip); /* the line stays */
    errno = saved;
    return is_taken ? request.fd : -1;
}

int gpio_open(const struct gpio_line *wanted, char why[static BELL_TEXT_SIZE])
{
    int line = take_line(wanted);
    if (line < 0) {
        int error = errno;
        snprintf(why, BELL_TEXT_SIZE, "the line %s cannot be had: %s%s",
                 wanted->chip[0] != '\0' ? wanted->chip : wanted->name, strerror(error),
                 remedy(error));
    }
    return line;
}

bool gpio_set(int line, bool is_active)
{
    struct gpio_v2_line_values values = {.bits = is_active, .mask = 1};
    return ioctl(line, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) == 0;
}

void gpio_close(int line)
{
    if (line >= 0) {
        (void)gpio_set(line, false);
        close(line);
    }
}
