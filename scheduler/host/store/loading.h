/* store/loading.h -- inside of the module: a store that is being read. */
#ifndef STORE_LOADING_H
#define STORE_LOADING_H

#include <errno.h>
#include <sys/stat.h>

#include "store/load.h"
#include "store/verify_pool.h"

enum {
    WAITING_MAX = 1024, /* signatures read before they are verified together */
    NO_PREFIX = -1,
};

/* Signature files that were read, over records that are there. */
struct waiting {
    size_t count;
    struct verify_pool_pair pair[WAITING_MAX];
    struct {
        uint8_t *text; /* owned: pair's */
        struct stat status;
        char name[FOLDER_NAME_SIZE];
    } file[WAITING_MAX];
};

struct load {
    struct store *store;
    struct ledger *ledger;
    store_note_sink note;
    void *context;
    struct store_check_counts *counts;
    struct store_error *error;
    struct waiting *waiting;
    bool tells_all;    /* also what is arriving or was put aside before */
    bool is_following; /* the ledger knows some of it, which is not read again */
};

/* An unsound file, and where it lies. */
struct unsound {
    enum folder_part part;
    int prefix; /* of its folder; NO_PREFIX: it lies beside those */
    int folder;
    const char *name;
};

enum store_result load_no_memory(const struct load *load);
enum store_result load_fail_listing(const struct load *load, enum folder_part part);

/* How long ago the file changed; negative: in the future, a little where its file system has a
 * clock of its own. */
int64_t load_age_s(const struct stat *status);

/* Puts an unsound file aside, unless it may still be arriving or the store is left as it is. */
void load_put_aside(const struct load *load, const struct unsound *file, const struct stat *status,
                    struct store_unsound why);

/* What this user may not read somebody else put there, by another name: it is passed over, and the
 * rest is as good as it was.  Told once, as a daemon looks every minute.  False for other errors.
 */
bool load_pass_over(const struct load *load, enum folder_part part, uint8_t prefix,
                    const char *name, int code);

static inline struct store_unsound unsound(enum store_fault fault)
{
    return (struct store_unsound){.fault = fault};
}

/* Reads at most `most` bytes of a file, which have room for one more.  False when there is nothing
 * to judge: it has gone, is not for this user, was put aside, or *result says what failed. */
bool load_read(const struct load *load, const struct unsound *file, uint8_t *bytes, size_t most,
               size_t *size, struct stat *status, enum store_result *result);

/* Counts what was put aside, now or before, and was not brought back since. */
void load_count_aside(const struct load *load);

enum store_result load_record(const struct load *load, int folder, uint8_t prefix,
                              const char *name);

/* Once all is read. */
void load_tell_crowded(const struct load *load);

enum store_result load_signature(const struct load *load, int folder, uint8_t prefix,
                                 const char *name);

/* Verifies all that waits, on all processors, and puts it in. */
enum store_result load_settle(const struct load *load);

void load_forget_waiting(struct waiting *waiting);

#endif
