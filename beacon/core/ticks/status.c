#include "ticks/status.h"

#include <stdio.h>
#include <string.h>

static const char *const states[] = {"up", "stopped", "lost"};
static const char *const clocks[] = {"unsynchronised", "synchronised"};

size_t tick_status_write(const struct tick_status *status, char out[static TICK_STATUS_SIZE])
{
    int len =
        snprintf(out, TICK_STATUS_SIZE, "tocsin status 1\nstate: %s\n", states[status->state]);
    if (status->state == TICK_STATUS_UP) {
        len += snprintf(out + len, TICK_STATUS_SIZE - (size_t)len,
                        "clock: %s\nwindows: %u\nomitted: %u\n", clocks[status->is_synchronised],
                        status->windows, status->omitted);
    }
    return (size_t)len;
}

/* Takes "KEY: VALUE\n" for exactly this key; the value's place. */
static bool take_line(const char **at, const char *end, const char *key, const char **value,
                      size_t *len)
{
    size_t key_len = strlen(key);
    const char *line_end = memchr(*at, '\n', (size_t)(end - *at));
    if (line_end == NULL || (size_t)(line_end - *at) <= key_len + 2 ||
        memcmp(*at, key, key_len) != 0 || memcmp(*at + key_len, ": ", 2) != 0) {
        return false;
    }
    *value = *at + key_len + 2;
    *len = (size_t)(line_end - *value);
    *at = line_end + 1;
    return true;
}

static bool take_word(const char **at, const char *end, const char *key, const char *const *words,
                      size_t count, size_t *out)
{
    const char *value;
    size_t len;
    if (!take_line(at, end, key, &value, &len)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (strlen(words[i]) == len && memcmp(words[i], value, len) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool take_number(const char **at, const char *end, const char *key, uint32_t *out)
{
    const char *value;
    size_t len;
    if (!take_line(at, end, key, &value, &len) || len > 10 || (len > 1 && value[0] == '0')) {
        return false;
    }
    uint64_t number = 0;
    for (size_t i = 0; i < len; i++) {
        if (value[i] < '0' || value[i] > '9') {
            return false;
        }
        number = number * 10 + (uint64_t)(value[i] - '0');
    }
    *out = (uint32_t)number;
    return number <= UINT32_MAX;
}

bool tick_status_read(const char *text, size_t size, struct tick_status *out)
{
    static const char first[] = "tocsin status 1\n";
    const char *at = text + sizeof first - 1;
    const char *end = text + size;
    if (size < sizeof first - 1 || memcmp(text, first, sizeof first - 1) != 0) {
        return false;
    }
    struct tick_status status = {0};
    size_t word;
    if (!take_word(&at, end, "state", states, 3, &word)) {
        return false;
    }
    status.state = (enum tick_status_state)word;
    if (status.state == TICK_STATUS_UP) {
        if (!take_word(&at, end, "clock", clocks, 2, &word) ||
            !take_number(&at, end, "windows", &status.windows) ||
            !take_number(&at, end, "omitted", &status.omitted)) {
            return false;
        }
        status.is_synchronised = word == 1;
    }
    *out = status;
    return true;
}
