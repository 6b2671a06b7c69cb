/* What an ear says, or is told: any bytes, in any pieces, are frames or refused, never read
 * beyond. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ear/frame.h"
#include "ear/login.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t again[FRAME_ROOM];
    struct frame frame;
    size_t at = 0, used;
    while (frame_read(data + at, size - at, &frame, &used) == FRAME_WHOLE) {
        assert(used >= FRAME_HEAD_SIZE && used <= size - at);
        assert(frame_write(&frame, again) == used);
        /* what was read is written back as it was */
        assert(memcmp(again, data + at, used) == 0);
        for (size_t cut = 0; cut < used && cut < 64; cut++) {
            struct frame part;
            size_t ignored;
            assert(frame_read(data + at, cut, &part, &ignored) == FRAME_PART);
        }
        struct mqtt_login login;
        if (frame.size <= LOGIN_SIZE_MAX && login_read(frame.payload, frame.size, &login)) {
            uint8_t bytes[LOGIN_SIZE_MAX];
            size_t written;
            assert(login_write(&login, bytes, &written));
        }
        at += used;
    }
    return 0;
}
