/* links: ledger records trust view stream replica listen */
/* How long 5,000 signed records take to come in, to be read again and to be looked at; what they
 * cost a listener that hears them from a broker, turn by turn, beside bare libsodium; and a durable
 * write beside the bare recipe in the same run.  Processor seconds are those of all
 * threads: where other work runs too they say more than the clock.  Goals: import <= 1 s, view <=
 * 50 ms, heard <= 1.5 x, write <= 1.3 x. */
#include <sodium.h>

#include "add_stream.h"
#include "folder.h"
#include "forge.h"

#include "replica/replica.h"
#include "store/store.h"
#include "stream/stream.h"
#include "tocsin-listen/intake.h"

enum { RECORDS = 5000, WRITES = 400, ROUNDS = 5 };

static double read_s(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double now_s(void)
{
    return read_s(CLOCK_MONOTONIC);
}

static int by_id(const void *a, const void *b)
{
    const struct record *const *x = a, *const *y = b;
    return record_id_compare(&(*x)->id, &(*y)->id);
}

static struct record *record[RECORDS];
static uint8_t *bundle;
static size_t bundle_size;
static struct store_error error;

static void make_bundle(void)
{
    struct forge_key key = forge_key(1);
    record[0] = forge_make_root((struct forge_root){.threshold = 1, .organizer = {1}});
    const struct record *root = record[0];
    for (unsigned i = 1; i < RECORDS; i++) {
        record[i] = forge_make_window(
            (struct forge_window){.root = root,
                                  .uid = i,
                                  .at = {"2027 2027-08-02T08:25:00Z", "2028 2028-08-02T08:25:00Z",
                                         "2029 2029-08-02T08:25:00Z"}});
    }
    struct record *sorted[RECORDS];
    memcpy(sorted, record, sizeof sorted);
    qsort(sorted, RECORDS, sizeof *sorted, by_id);
    bundle = malloc(STREAM_SIZE_MAX);
    assert_non_null(bundle);
    for (int i = 0; i < RECORDS; i++) {
        struct trust_signature signature;
        char text[TRUST_SIGNATURE_TEXT_MAX];
        assert_int_equal(
            trust_sign(key.secret, sorted[i]->bytes, sorted[i]->size, "bench", &signature),
            TRUST_OK);
        size_t size = trust_signature_write(&signature, text);
        bundle_size +=
            stream_write_netstring(sorted[i]->bytes, sorted[i]->size, bundle + bundle_size);
        bundle_size += stream_write_netstring((const uint8_t *)"1", 1, bundle + bundle_size);
        bundle_size += stream_write_netstring((const uint8_t *)text, size, bundle + bundle_size);
    }
    trust_secret_free(key.secret);
}

/* The floor: each minisign file is two Ed25519 signatures. */
static double verify_all(double *processor_s)
{
    struct record_public_key key = forge_public(1);
    struct trust_signature signature = forge_sign(record[0], 1);
    double start = now_s(), start_cpu = read_s(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < RECORDS; i++) {
        assert_int_equal(trust_verify(&signature, &key, record[0]->bytes, record[0]->size),
                         TRUST_OK);
    }
    *processor_s = read_s(CLOCK_PROCESS_CPUTIME_ID) - start_cpu;
    return now_s() - start;
}

/* The stores stay until the end: ext4 walks around inodes deleted in the last minutes, so that
 * removing one store would slow down the next. */
static void import_and_view(void)
{
    char *base[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        base[round] = strdup(folder_new());
        assert_non_null(base[round]);
        char dir[500];
        snprintf(dir, sizeof dir, "%s/store", base[round]);
        struct store *store;
        struct ledger_counts counts;
        struct store_set set;
        assert_int_equal(store_open(dir, true, leap_builtin(), &store, &error), STORE_OK);
        double start = now_s(), start_cpu = read_s(CLOCK_PROCESS_CPUTIME_ID);
        assert_int_equal(add_stream(store, bundle, bundle_size, NULL, &counts, &error), STORE_OK);
        double imported = now_s(), imported_cpu = read_s(CLOCK_PROCESS_CPUTIME_ID);
        assert_int_equal(counts.records_new, RECORDS);
        assert_int_equal(counts.signatures_new, RECORDS);
        double again = now_s();
        assert_int_equal(add_stream(store, bundle, bundle_size, NULL, &counts, &error), STORE_OK);
        double known = now_s();
        assert_int_equal(store_load(store, NULL, NULL, &set, &error), STORE_OK);
        double loaded = now_s();
        struct view_anchor anchor = {record[0]};
        struct view *view;
        assert_true(view_build(set.entry, set.entry_count, &anchor, 1,
                               forge_instant("2027-01-01T00:00:00Z"), &view));
        double seen = now_s();
        assert_int_equal(view->window_count, RECORDS - 1);
        double processor_s, alone = verify_all(&processor_s);
        printf("verifying %d signatures alone %.3f s (processor %.3f s); import of as many records "
               "%.3f s (processor %.3f s), the same again %.3f s, load %.3f s, view %.2f ms\n",
               RECORDS, alone, processor_s, imported - start, imported_cpu - start_cpu,
               known - again, loaded - known, (seen - loaded) * 1e3);
        view_free(view);
        store_set_free(&set);
        store_close(store);
    }
    for (int round = 0; round < ROUNDS; round++) {
        folder_remove(base[round]);
        free(base[round]);
    }
}

static int by_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The least that must be done for a stream: each record hashed, two verifications a signature. */
static void verify_bare(const struct record_public_key *key)
{
    static struct stream_item item;
    static struct trust_signature signature;
    struct stream stream;
    bool malformed;
    stream_init(&stream, bundle, bundle_size);
    while (stream_next(&stream, &item, &malformed)) {
        uint8_t hash[64], covered[64 + TRUST_COMMENT_MAX];
        assert_int_equal(
            trust_signature_read(item.signature[0].bytes, item.signature[0].size, &signature),
            TRUST_OK);
        crypto_generichash(hash, sizeof hash, item.record, item.record_size, NULL, 0);
        assert_int_equal(crypto_sign_verify_detached(signature.signature, hash, 64, key->key), 0);
        memcpy(covered, signature.signature, 64);
        memcpy(covered + 64, signature.comment, signature.comment_len);
        assert_int_equal(crypto_sign_verify_detached(signature.global, covered,
                                                     64 + signature.comment_len, key->key),
                         0);
    }
}

static bool hear_piece(void *context, const uint8_t *bytes, size_t size)
{
    struct replica *replica = context;
    struct replica_counts counts;
    assert_int_equal(replica_hear(replica, bytes, size, &counts, &error), STORE_OK);
    return counts.merged.records_new + counts.merged.signatures_new > 0;
}

static void end_message(void *context, bool is_malformed)
{
    (void)context;
    assert_false(is_malformed);
}

/* The next message of the bundle: what fits a broker's. */
static size_t next_message(size_t at)
{
    static struct stream_item item;
    struct stream stream;
    bool malformed;
    size_t size = 0;
    stream_init(&stream, bundle + at, bundle_size - at);
    while (stream_next(&stream, &item, &malformed) &&
           (size_t)(stream.at - (bundle + at)) <= (size_t)256 * 1024) {
        size = (size_t)(stream.at - (bundle + at));
    }
    return size;
}

/* As the listener does: turns of 5 ms, four times as long for everything else, and a look at what
 * it all means each quarter of a second meanwhile.  The clock of the allowances runs as fast as the
 * work does; what counts is the processor's time. */
static void hear_all(void)
{
    enum { TURN_NS = 5 * NS_PER_MS, TURNS_A_VIEW = 10 };
    static struct intake intake;
    struct replica replica;
    char why[ANCHORS_WHY_SIZE];
    size_t count, turns = 0, at = 0;
    uint64_t now_ns = NS_PER_S;
    struct view *view;
    assert_true(replica_open(&replica, leap_builtin(), 1));
    assert_true(replica_take_root(&replica, record[0]->bytes, record[0]->size, why));
    intake_open(&intake, hear_piece, end_message, &replica);
    for (bool is_more = true; is_more || at < bundle_size; turns++) {
        size_t size = next_message(at);
        at += size > 0 && intake_put(&intake, 0, 0, bundle + at, size) ? size : 0;
        is_more = intake_step(&intake, now_ns, TURN_NS, false);
        now_ns += (uint64_t)5 * TURN_NS;
        if (turns % TURNS_A_VIEW == 0 || (!is_more && at == bundle_size)) {
            assert_true(replica_view(&replica, forge_instant("2027-01-01T00:00:00Z"), &view));
            view_free(view);
        }
    }
    replica_entries(&replica, &count);
    assert_int_equal(count, RECORDS);
    intake_close(&intake);
    replica_close(&replica);
}

static void hear_by_turns(void)
{
    struct record_public_key key = forge_public(1);
    double bare_s[ROUNDS], ratio[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        double start = read_s(CLOCK_PROCESS_CPUTIME_ID);
        verify_bare(&key);
        double middle = read_s(CLOCK_PROCESS_CPUTIME_ID);
        hear_all();
        bare_s[round] = middle - start;
        ratio[round] = (read_s(CLOCK_PROCESS_CPUTIME_ID) - middle) / bare_s[round];
    }
    qsort(bare_s, ROUNDS, sizeof *bare_s, by_double);
    qsort(ratio, ROUNDS, sizeof *ratio, by_double);
    printf("heard from a broker, turn by turn: %.2f x bare libsodium's %.3f s of the processor "
           "(median of %d; goal <= 1.5)\n",
           ratio[ROUNDS / 2], bare_s[ROUNDS / 2], ROUNDS);
}

/* The recipe with nothing around it. */
static void bare_write(int folder, const struct record *one)
{
    char name[RECORD_ID_TEXT_SIZE + 4], path[40];
    record_id_write(&one->id, name);
    int fd = openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, one->bytes, one->size), one->size);
    assert_int_equal(fsync(fd), 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    assert_int_equal(linkat(AT_FDCWD, path, folder, name, AT_SYMLINK_FOLLOW), 0);
    assert_int_equal(fsync(folder), 0);
    close(fd);
}

static void durable_writes(void)
{
    const char *base = folder_new();
    char dir[500], bare[500];
    static double store_s[WRITES], bare_s[WRITES];
    snprintf(dir, sizeof dir, "%s/store", base);
    struct store *store;
    assert_int_equal(store_open(dir, true, leap_builtin(), &store, &error), STORE_OK);
    int folder[256];
    for (int i = 0; i < 256; i++) { /* the same 256 folders, made beforehand on both sides */
        char one[600];
        snprintf(bare, sizeof bare, "%s/%02x", base, i);
        assert_int_equal(mkdir(bare, 0700), 0);
        folder[i] = open(bare, O_RDONLY | O_DIRECTORY);
        snprintf(one, sizeof one, "%s/records/%02x", dir, i);
        assert_int_equal(mkdir(one, 0700), 0);
    }
    sync();
    for (int i = 0; i < WRITES; i++) { /* in turns, so that the disk's moods fall on both */
        double start = now_s();
        assert_int_equal(store_add_record(store, record[i]->bytes, record[i]->size, NULL, &error),
                         STORE_OK);
        double middle = now_s();
        bare_write(folder[record[i]->id.bytes[0]], record[i]);
        store_s[i] = middle - start;
        bare_s[i] = now_s() - middle;
    }
    qsort(store_s, WRITES, sizeof *store_s, by_double);
    qsort(bare_s, WRITES, sizeof *bare_s, by_double);
    printf("durable write, median of %d: %.0f us, bare recipe %.0f us, ratio %.2f\n", WRITES,
           store_s[WRITES / 2] * 1e6, bare_s[WRITES / 2] * 1e6,
           store_s[WRITES / 2] / bare_s[WRITES / 2]);
    for (int i = 0; i < 256; i++) {
        close(folder[i]);
    }
    store_close(store);
    folder_remove(base);
}

int main(void)
{
    make_bundle();
    import_and_view();
    hear_by_turns();
    durable_writes();
    for (int i = 0; i < RECORDS; i++) {
        record_free(record[i]);
    }
    free(bundle);
    return 0;
}
