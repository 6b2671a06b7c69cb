/* A record: whatever is read keeps its bytes, writes back the very same and has their hash for id;
 * whatever is not says where. */
#include <stdlib.h>
#include <string.h>

#include "records/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct record *record = NULL;
    struct record_error error = {0};
    if (!record_read(bytes, size, leap_builtin(), &record, &error)) {
        if (record != NULL || error.line < 1 || error.column < 1 || error.message[0] == '\0') {
            abort();
        }
        return 0;
    }
    static char text[RECORD_SIZE_MAX];
    size_t len = 0;
    struct record_id id;
    record_id_of(bytes, size, &id);
    if (record->size != size || memcmp(record->bytes, bytes, size) != 0 ||
        !record_id_equal(&id, &record->id)) {
        abort();
    }
    if (!record_write(record, leap_builtin(), text, &len, &error)) {
        abort();
    }
    /* before 1972 UTC is UT1, and two nanoseconds may share an instant */
    bool is_old = memmem(bytes, size, " 17", 3) != NULL || memmem(bytes, size, " 18", 3) != NULL ||
                  memmem(bytes, size, " 19", 3) != NULL;
    if (!is_old && (len != size || memcmp(text, bytes, size) != 0)) {
        abort();
    }
    record_free(record);
    return 0;
}
