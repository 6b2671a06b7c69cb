/* kernel_gpio.c -- a kernel with one GPIO chip: loaded before a program, it answers the requests of
 * linux/gpio.h, the second version, at whatever stands as /dev/gpiochip0, and writes each level of
 * a pin, with the time, into the file $KERNEL_GPIO.  Few test machines have a kernel with GPIO;
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

static int tell_line(struct gpio_v2_line_info *line)
{
    unsigned number = line->offset;
    memset(line, 0, sizeof *line);
    line->offset = number;
    snprintf(line->name, sizeof line->name, "%s", number == BELL ? "BELL" : "");
    line->flags = taken[number].fd > 0 ? GPIO_V2_LINE_FLAG_USED : GPIO_V2_LINE_FLAG_INPUT;
    return 0;
}

/* The levels that a request begins with, of its first line; inactive where it says nothing. */
static bool first_level(const struct gpio_v2_line_config *config)
{
    for (unsigned i = 0; i < config->num_attrs; i++) {
        if (config->attrs[i].attr.id == GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES) {
            return config->attrs[i].attr.values & config->attrs[i].mask & 1;
        }
    }
    return false;
}

static int take_line(struct gpio_v2_line_request *wanted)
{
    unsigned number = wanted->offsets[0];
    if (wanted->num_lines != 1 || number >= LINES ||
        !(wanted->config.flags & GPIO_V2_LINE_FLAG_OUTPUT)) {
        errno = EINVAL;
        return -1;
    }
    if (taken[number].fd > 0) {
        errno = EBUSY;
        return -1;
    }
    taken[number].fd = wanted->fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    taken[number].is_low = wanted->config.flags & GPIO_V2_LINE_FLAG_ACTIVE_LOW;
    write_level(number, first_level(&wanted->config));
    return 0;
}

static int set_line(int fd, const struct gpio_v2_line_values *data)
{
    for (unsigned i = 0; i < LINES; i++) {
        if (taken[i].fd == fd && data->mask == 1) {
            write_level(i, data->bits & 1);
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
    switch ((unsigned)request) { /* as the kernel reads it: libgpiod 2 extends the sign */
    case GPIO_GET_CHIPINFO_IOCTL:
        *(struct gpiochip_info *)data =
            (struct gpiochip_info){.name = "gpiochip0", .label = "of the tests", .lines = LINES};
        return 0;
    case GPIO_V2_GET_LINEINFO_IOCTL:
        return tell_line(data);
    case GPIO_V2_GET_LINE_IOCTL:
        return take_line(data);
    case GPIO_V2_LINE_SET_VALUES_IOCTL:
        return set_line(fd, data);
    default:
        if (next == NULL) {
            void *found = dlsym(RTLD_NEXT, "ioctl");
            memcpy(&next, &found, sizeof next);
        }
        return next(fd, request, data);
    }
}
