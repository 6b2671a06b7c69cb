/* Any text that a chat may have left: what is read as a bundle, written again, is read as the same.
 * links: stream */
#include <stdlib.h>
#include <string.h>

#include "stream/armour.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint8_t *first = NULL, *again = NULL;
    size_t first_size, again_size;
    if (armour_read((const char *)bytes, size, &first, &first_size) != ARMOUR_OK) {
        return 0;
    }
    char *text = armour_write(first, first_size);
    if (text == NULL || armour_read(text, strlen(text), &again, &again_size) != ARMOUR_OK ||
        again_size != first_size || memcmp(first, again, first_size) != 0) {
        abort();
    }
    free(first);
    free(again);
    free(text);
    return 0;
}
