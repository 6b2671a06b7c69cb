#include "conf/lines.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void trim(const char **at, const char **end)
{
    while (*at < *end && is_blank(**at)) {
        (*at)++;
    }
    while (*end > *at && is_blank((*end)[-1])) {
        (*end)--;
    }
}

static bool is_name(const char *at, const char *end)
{
    bool is_fine = at < end && end - at < CONF_NAME_SIZE;
    for (const char *c = at; is_fine && c < end; c++) {
        is_fine = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || (*c == '-' && c > at);
    }
    return is_fine;
}

/* One line that is no comment; what is wrong with it, or NULL. */
static const char *read_line(const char *at, const char *end, struct conf_line *out)
{
    for (const char *c = at; c < end; c++) {
        if ((unsigned char)*c < 0x20 && *c != '\t') {
            return "a control character: this is not a text file";
        }
    }
    const char *equals = memchr(at, '=', (size_t)(end - at));
    const char *name_end = equals != NULL ? equals : end;
    trim(&at, &name_end);
    if (!is_name(at, name_end)) {
        return "write OPTION = VALUE, the option as on the command line but without its dashes; "
               "comments begin with #";
    }
    memcpy(out->name, at, (size_t)(name_end - at));
    out->name[name_end - at] = '\0';
    out->has_value = equals != NULL;
    if (equals != NULL) {
        const char *value = equals + 1;
        trim(&value, &end);
        if (value == end) {
            return "nothing stands after the =: give a value, or put # before the line";
        }
        if (end - value >= CONF_VALUE_SIZE) {
            return "this value is too long: 4095 bytes at most";
        }
        memcpy(out->value, value, (size_t)(end - value));
        out->value[end - value] = '\0';
    }
    return NULL;
}

enum conf_result conf_next_line(const char *text, size_t size, size_t *at, struct conf_line *out,
                                const char **why)
{
    while (*at < size) {
        const char *line = text + *at;
        const char *feed = memchr(line, '\n', size - *at);
        const char *end = feed != NULL ? feed : text + size;
        *at = feed != NULL ? (size_t)(feed - text) + 1 : size;
        out->number++;
        if (end > line && end[-1] == '\r') { /* written on a Windows machine */
            end--;
        }
        trim(&line, &end);
        if (line == end || *line == '#') {
            continue;
        }
        *why = read_line(line, end, out);
        return *why == NULL ? CONF_LINE : CONF_REFUSED;
    }
    return CONF_END;
}
