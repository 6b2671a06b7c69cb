/* Whatever people's texts hold, even what no record may, the feed reads back as meant: feed_write
 * compares every property with libical's reading and refuses otherwise.  Input: as texts_view.h
 * takes it; its first byte also chooses the language and the part. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "texts_view.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const language[] = {"", "it", FEED_MANY_LANGUAGES, "ar"};
    if (size == 0) {
        return 0;
    }
    struct texts_view of;
    texts_view_init(&of, bytes, size);
    struct feed_request request = {
        .root = &of.of,
        .language = language[bytes[0] & 3],
        .is_tentative = (bytes[0] & 8) != 0,
        .has_alarms = (bytes[0] & 16) != 0,
    };
    struct feed_list list;
    char error[FEED_ERROR_SIZE];
    struct feed_book *book = feed_book_new(&of.source);
    assert(book != NULL);
    enum feed_result result = feed_write(book, &request, &list, error);
    if (result != FEED_OK) {
        fprintf(stderr, "%s\n", error);
        abort();
    }
    assert(list.count == 1 && list.feed[0].event_count == 1);
    feed_list_free(&list);
    feed_book_free(book);
    return 0;
}
