#include "ear/frame.h"

#include <string.h>

static void put_be(uint64_t value, size_t size, uint8_t *out)
{
    for (size_t i = size; i > 0; i--) {
        out[i - 1] = (uint8_t)value;
        value >>= 8;
    }
}

static uint64_t get_be(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

enum frame_result frame_read(const uint8_t *bytes, size_t size, struct frame *out, size_t *used)
{
    if (size < 4) {
        return FRAME_PART;
    }
    size_t length = (size_t)get_be(bytes, 4);
    if (length < FRAME_HEAD_SIZE - 4 || length > FRAME_SIZE_MAX) {
        return FRAME_BAD; /* at once: a size that cannot be is not waited for */
    }
    if (size < 4 + length) {
        return FRAME_PART;
    }
    size_t topic_size = (size_t)get_be(bytes + 6, 2);
    size_t rest = length - (FRAME_HEAD_SIZE - 4);
    const char *topic = (const char *)bytes + FRAME_HEAD_SIZE;
    if (bytes[4] > FRAME_DENIED || bytes[5] > 2 || topic_size > FRAME_TOPIC_MAX ||
        topic_size > rest || rest - topic_size > FRAME_PAYLOAD_MAX ||
        memchr(topic, '\0', topic_size) != NULL) {
        return FRAME_BAD;
    }
    *out = (struct frame){
        .kind = (enum frame_kind)bytes[4],
        .flag = bytes[5],
        .arrived_ns = (int64_t)get_be(bytes + 8, 8),
        .topic = topic,
        .topic_size = topic_size,
        .payload = bytes + FRAME_HEAD_SIZE + topic_size,
        .size = rest - topic_size,
    };
    *used = 4 + length;
    return FRAME_WHOLE;
}

size_t frame_write(const struct frame *frame, uint8_t out[static FRAME_ROOM])
{
    put_be(FRAME_HEAD_SIZE - 4 + frame->topic_size + frame->size, 4, out);
    out[4] = (uint8_t)frame->kind;
    out[5] = frame->flag;
    put_be(frame->topic_size, 2, out + 6);
    put_be((uint64_t)frame->arrived_ns, 8, out + 8);
    if (frame->topic_size > 0) {
        memcpy(out + FRAME_HEAD_SIZE, frame->topic, frame->topic_size);
    }
    if (frame->size > 0) {
        memcpy(out + FRAME_HEAD_SIZE + frame->topic_size, frame->payload, frame->size);
    }
    return FRAME_HEAD_SIZE + frame->topic_size + frame->size;
}
