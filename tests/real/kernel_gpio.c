/* kernel_gpio.c -- a kernel with one GPIO chip, for the real libgpiod: loaded before a program, it
 * answers the requests of linux/gpio.h at whatever stands as /dev/gpiochip0, and writes each level
 * of a pin, with the time, into the file $KERNEL_GPIO.  Few test machines have a kernel with GPIO;
 * pins and relays are tried by hand. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { LINES = 4, BELL = 2 };

static struct {
    int fd; /* 0: nobody has the line */
    bool is_low;
} taken[LINES];

static void write_level(unsigned line, bool is_active)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    char text[80];
    int size = snprintf(text, sizeof text, "%u %d %lld.%09ld\n", line,
                        is_active != taken[line].is_low, (long long)now.tv_sec, now.tv_nsec);
    int out = open(getenv("KERNEL_GPIO"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (out < 0 || write(out, text, (size_t)size) != size) {
        abort();
    }
    close(out);
}

static int tell_line(struct gpioline_info *line)
{
    unsigned number = line->line_offset;
    memset(line, 0, sizeof *line);
    line->line_offset = number;
    snprintf(line->name, sizeof line->name, "%s", number == BELL ? "BELL" : "");
    line->flags = taken[number].fd > 0 ? GPIOLINE_FLAG_KERNEL : 0;
    return 0;
}

static int take_line(struct gpiohandle_request *wanted)
{
    unsigned number = wanted->lineoffsets[0];
    if (wanted->lines != 1 || number >= LINES || !(wanted->flags & GPIOHANDLE_REQUEST_OUTPUT)) {
        errno = EINVAL;
        return -1;
    }
    if (taken[number].fd > 0) {
        errno = EBUSY;
        return -1;
    }
    taken[number].fd = wanted->fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    taken[number].is_low = wanted->flags & GPIOHANDLE_REQUEST_ACTIVE_LOW;
    write_level(number, wanted->default_values[0]);
    return 0;
}

static int set_line(int fd, const struct gpiohandle_data *data)
{
    for (unsigned i = 0; i < LINES; i++) {
        if (taken[i].fd == fd) {
            write_level(i, data->values[0]);
            return 0;
        }
    }
    errno = EBADF;
    return -1;
}

/* NOLINTNEXTLINE(cert-dcl50-cpp): the library's own prototype */
int ioctl(int fd, unsigned long request, ...)
{
    static int (*next)(int, unsigned long, ...);
    va_list rest;
    va_start(rest, request);
    void *data = va_arg(rest, void *);
    va_end(rest);
    switch (request) {
    case GPIO_GET_CHIPINFO_IOCTL:
        *(struct gpiochip_info *)data =
            (struct gpiochip_info){.name = "gpiochip0", .label = "of the tests", .lines = LINES};
        return 0;
    case GPIO_GET_LINEINFO_IOCTL:
        return tell_line(data);
    case GPIO_GET_LINEHANDLE_IOCTL:
        return take_line(data);
    case GPIOHANDLE_SET_LINE_VALUES_IOCTL:
        return set_line(fd, data);
    default:
        if (next == NULL) {
            void *found = dlsym(RTLD_NEXT, "ioctl");
            memcpy(&next, &found, sizeof next);
        }
        return next(fd, request, data);
    }
}
