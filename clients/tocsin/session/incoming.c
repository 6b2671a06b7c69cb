#include "tocsin/session/incoming.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "say/say.h"
#include "store/store.h"

static bool is_well_formed(const uint8_t *bytes, size_t size)
{
    static struct stream_item item;
    struct stream stream;
    stream_init(&stream, bytes, size);
    bool malformed = false;
    while (stream_next(&stream, &item, &malformed)) {
    }
    return !malformed;
}

static int load(const char *path, uint8_t **out, size_t *size)
{
    struct store_error error;
    enum store_result result = store_read_file(path, out, size, &error);
    if (result != STORE_OK) {
        return result == STORE_REFUSED ? say_usage("%s", error.message)
                                       : say_outside("%s", error.message);
    }
    if (!is_well_formed(*out, *size)) {
        free(*out);
        *out = NULL;
        return say_usage("%s: this bundle is damaged or cut short; fetch it again", path);
    }
    return EXIT_DONE;
}

/* What was pasted on standard input is there once only; it is kept for who asks again. */
static int load_pasted(uint8_t **out, size_t *size)
{
    static uint8_t *pasted;
    static size_t pasted_size;
    if (pasted == NULL) {
        int code = load("/dev/stdin", out, size);
        if (code != EXIT_DONE) {
            return code;
        }
        assert(*out != NULL);
        pasted = *out; /* until the program ends */
        pasted_size = *size;
    }
    *out = malloc(pasted_size + 1);
    if (*out == NULL) {
        return say_outside("out of memory");
    }
    memcpy(*out, pasted, pasted_size);
    *size = pasted_size;
    return EXIT_DONE;
}

int incoming_load(const char *path, uint8_t **out, size_t *size)
{
    return strcmp(path, "-") == 0 ? load_pasted(out, size) : load(path, out, size);
}
