/* Any bytes are lines of options or refused with a line's number; what was read, written again,
 * reads the same. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "conf/lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct conf_line line, again;
    static char text[CONF_NAME_SIZE + CONF_VALUE_SIZE + 8];
    const char *why = NULL;
    size_t at = 0, before = 0;
    line.number = 0;
    enum conf_result result;
    while ((result = conf_next_line((const char *)data, size, &at, &line, &why)) == CONF_LINE) {
        assert(line.number > before && at <= size);
        before = line.number;
        int len = line.has_value ? snprintf(text, sizeof text, "%s=\t%s", line.name, line.value)
                                 : snprintf(text, sizeof text, " %s", line.name);
        size_t from = 0;
        again.number = 0;
        assert(conf_next_line(text, (size_t)len, &from, &again, &why) == CONF_LINE);
        assert(again.number == 1 && again.has_value == line.has_value);
        assert(strcmp(again.name, line.name) == 0);
        assert(!line.has_value || strcmp(again.value, line.value) == 0);
    }
    if (result == CONF_REFUSED) {
        assert(line.number > before && why != NULL);
    } else {
        assert(at == size);
    }
    return 0;
}
