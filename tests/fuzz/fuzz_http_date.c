/* Any If-Modified-Since: what is read as a date is written again, and read as the same instant.
 * links: http instants */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = malloc(size + 1); /* of its own size, so that reading on is noticed */
    if (text == NULL) {
        abort();
    }
    if (size > 0) {
        memcpy(text, bytes, size);
    }
    text[size] = '\0';
    const utc now = {1795000000 * NS_PER_S};
    utc first, again;
    if (http_date_read(text, now, &first)) {
        char out[HTTP_DATE_SIZE];
        http_date_write(first, out);
        if (!http_date_read(out, now, &again) || again.ns != first.ns) {
            abort();
        }
    }
    free(text);
    return 0;
}
