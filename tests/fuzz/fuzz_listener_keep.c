/* What survives a restart, as a disk or a browser gives it back: no crash, and what is read is read
 * again from what would be written. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "listener/keep.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void read_line(struct keep *keep, const char *line, size_t len)
{
    struct listener_mark mark, again;
    if (!keep_read_mark(line, len, &mark)) {
        (void)keep_read_line(keep, line, len);
        return;
    }
    char text[KEEP_MARK_SIZE];
    size_t written = keep_write_mark(&mark, text);
    assert(written > 1 && written <= sizeof text && text[written - 1] == '\n');
    assert(keep_read_mark(text, written - 1, &again));
    assert(again.kind == mark.kind && again.start.ns == mark.start.ns &&
           again.not_before.ns == mark.not_before.ns &&
           listener_name_equal(&again.name, &mark.name));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct keep keep, again;
    static char text[KEEP_SIZE_MAX];
    memset(&keep, 0, sizeof keep);
    memset(&again, 0, sizeof again);
    const char *at = (const char *)bytes, *end = at + size;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop != NULL ? stop : end) - at);
        read_line(&keep, at, len);
        at += len + 1;
    }
    size_t written = keep_write(&keep, text, sizeof text);
    assert(written < sizeof text);
    for (size_t from = 0; from < written;) {
        size_t len = (size_t)((char *)memchr(text + from, '\n', written - from) - (text + from));
        assert(keep_read_line(&again, text + from, len));
        from += len + 1;
    }
    assert(again.memory_count == keep.memory_count);
    return 0;
}
