/* links: ledger records trust view stream */
/* wraps: open openat __openat_2 write fsync linkat mkdirat sync_file_range syncfs close */
/* The power goes at every system call of every write, before and after it, on real file systems on
 * a loop device: the shutdown ioctl stops the file system without writing its journal, and the next
 * mount recovers it as after a real cut.  Whatever the store had acknowledged is there and whole;
 * nothing is torn.  The same test without fsync of folders must lose something: else it proves
 * nothing.
 *
 * TOCSIN_CUTS says how many cuts a file system (one round of all places unless told; 10,000 with
 * TOCSIN_DEEP), TOCSIN_FILE_SYSTEM which one (ext4 and xfs unless told).  Needs root and loop
 * devices; without them it is skipped (77). */
#include "add_stream.h"
#include "deep.h"
#include "folder.h"
#include "forge.h"

#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>

#include "store/store.h"
#include "stream/stream.h"

enum { CUT_WITHOUT_JOURNAL = 2 };
#define IOCTL_SHUTDOWN _IOR('X', 125, uint32_t) /* the same for ext4 and xfs */

static struct {
    bool is_armed, skips_folder_sync;
    bool dies_named, has_named; /* a writer that comes to no sync after its first linkat */
    long count, at;             /* two places a call: before it and after it */
    int fd;                     /* any folder of the file system */
    bool is_cut;
} power;

static void tick(void)
{
    if (power.is_armed && ++power.count == power.at) {
        uint32_t flags = CUT_WITHOUT_JOURNAL;
        assert_int_equal(ioctl(power.fd, IOCTL_SHUTDOWN, &flags), 0);
        power.is_cut = true;
    }
}

#define WRAP(type, name, parameters, arguments)                                                    \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        tick();                                                                                    \
        type result = __real_##name arguments;                                                     \
        int code = errno;                                                                          \
        tick();                                                                                    \
        errno = code;                                                                              \
        return result;                                                                             \
    }

WRAP(int, open, (const char *a, int b, mode_t c), (a, b, c))
WRAP(int, openat, (int a, const char *b, int c, mode_t d), (a, b, c, d))
WRAP(int, __openat_2, (int a, const char *b, int c), (a, b, c)) /* openat where libc checks calls */
WRAP(ssize_t, write, (int a, const void *b, size_t c), (a, b, c))
WRAP(int, mkdirat, (int a, const char *b, mode_t c), (a, b, c))
WRAP(int, sync_file_range, (int a, off64_t b, off64_t c, unsigned d), (a, b, c, d))
WRAP(int, close, (int a), (a))

int __real_linkat(int a, const char *b, int c, const char *d, int e);
int __wrap_linkat(int a, const char *b, int c, const char *d, int e);
int __wrap_linkat(int a, const char *b, int c, const char *d, int e)
{
    tick();
    int result = __real_linkat(a, b, c, d, e), code = errno;
    power.has_named = true;
    tick();
    errno = code;
    return result;
}

int __real_syncfs(int fd);
int __wrap_syncfs(int fd);
int __wrap_syncfs(int fd)
{
    tick();
    int result = power.dies_named && power.has_named ? 0 : __real_syncfs(fd), code = errno;
    tick();
    errno = code;
    return result;
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    struct stat status;
    tick();
    if (power.dies_named && power.has_named) {
        return 0;
    }
    if (power.skips_folder_sync && fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        return 0; /* the control: what a careless writer does */
    }
    int result = __real_fsync(fd);
    int code = errno;
    tick();
    errno = code;
    return result;
}

enum { WINDOWS = 12 };
static struct record *root, *window[WINDOWS];
static struct trust_signature signature[WINDOWS];
static struct record_public_key key;
static uint8_t *bundle;
static size_t bundle_size;
static char mountpoint[500], device[200], image[600];
static const char *kind;

static bool run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static bool run(const char *format, ...)
{
    char command[1500];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    return system(command) == 0;
}

static void attach(void)
{
    assert_int_equal(mount(device, mountpoint, kind, 0, ""), 0);
}

static void detach(void)
{
    for (int i = 0; umount(mountpoint) != 0; i++) { /* another process may be looking around */
        assert_true(errno == EBUSY && i < 500);
        usleep(10000);
    }
}

/* What the store has said is done. */
struct told {
    bool record[WINDOWS], signature[WINDOWS], bundle;
};

static bool is_good(enum store_result result)
{
    return result == STORE_OK || result == STORE_ALREADY_THERE;
}

/* Whether someone was told so while there was power.  After it nobody is: a machine without power
 * says nothing, but a process on a file system that was shut down lives on, and xfs then answers
 * fsync of a folder with success. */
static bool is_told(enum store_result result)
{
    return is_good(result) && !power.is_cut;
}

/* Declares windows one after the other, then takes the bundle; stops at the first that fails. */
static void live(const char *dir, struct told *told)
{
    struct store_error error;
    struct store *store;
    if (store_open(dir, true, leap_builtin(), &store, &error) != STORE_OK) {
        return;
    }
    bool goes_on = true;
    for (int i = 0; i < WINDOWS / 2 && goes_on; i++) {
        told->record[i] = goes_on =
            is_told(store_add_record(store, window[i]->bytes, window[i]->size, NULL, &error));
        if (goes_on) {
            told->signature[i] = goes_on =
                is_told(store_add_signature(store, &window[i]->id, &signature[i], &key, &error));
        }
    }
    struct ledger_counts counts;
    told->bundle =
        goes_on && is_told(add_stream(store, bundle, bundle_size, NULL, &counts, &error));
    store_close(store);
}

static bool has(const struct store_set *set, const struct record *record, bool is_signed)
{
    for (size_t i = 0; i < set->entry_count; i++) {
        if (record_id_equal(&set->entry[i].record->id, &record->id)) {
            return !is_signed || set->entry[i].signer_count > 0;
        }
    }
    return false;
}

/* After the power is back: how much of what was told is missing. */
static size_t inspect(const char *dir, const struct told *told)
{
    struct store_error error;
    struct store *store;
    struct store_set set;
    struct store_check_counts counts;
    size_t lost = 0;
    assert_int_equal(store_open(dir, true, leap_builtin(), &store, &error), STORE_OK);
    /* without the root no signature could be judged; it is as good as new */
    assert_true(is_good(store_add_record(store, root->bytes, root->size, NULL, &error)));
    if (store_check(store, NULL, NULL, &counts, &error) != STORE_OK) {
        fail_msg("%s, cut at place %ld: %s", kind, power.at, error.message);
    }
    if (counts.quarantined + counts.arriving > 0) {
        run("find %s -type f -printf '%%s %%p\n' | sort -n", dir);
        fail_msg("%s, cut at place %ld: %zu files are torn", kind, power.at,
                 counts.quarantined + counts.arriving);
    }
    assert_int_equal(store_load(store, NULL, NULL, &set, &error), STORE_OK);
    for (int i = 0; i < WINDOWS; i++) {
        bool is_in_bundle = i >= WINDOWS / 2;
        lost += (told->record[i] || (is_in_bundle && told->bundle)) && !has(&set, window[i], false);
        lost +=
            (told->signature[i] || (is_in_bundle && told->bundle)) && !has(&set, window[i], true);
    }
    store_set_free(&set);
    store_close(store);
    return lost;
}

/* A folder of its own for a cut, in a file system that has nothing left to write. */
static int settle(long turn, char dir[static 600])
{
    snprintf(dir, 600, "%s/store%ld", mountpoint, turn % 50);
    (void)nftw(dir, folder_drop, 16, FTW_DEPTH | FTW_PHYS); /* none: not there yet */
    int settled = __real_open(mountpoint, O_RDONLY | O_DIRECTORY, 0);
    assert_true(settled >= 0);
    assert_int_equal(__real_syncfs(settled), 0);
    return settled;
}

/* How many places there are to cut at. */
static long count_places(void)
{
    char dir[600];
    struct told told = {0};
    __real_close(settle(0, dir));
    power.count = 0;
    power.at = -1;
    power.is_cut = false;
    power.is_armed = true;
    live(dir, &told);
    power.is_armed = false;
    assert_true(told.bundle);
    return power.count;
}

/* Cuts at every place in turn, around and around; how much was lost. */
static size_t cut_everywhere(long cuts, long places)
{
    size_t lost = 0;
    for (long turn = 0; turn < cuts; turn++) {
        char dir[600];
        struct told told = {0};
        power.fd = settle(turn, dir);
        power.count = 0;
        power.at = 1 + turn % places;
        power.is_cut = false;
        power.is_armed = true;
        live(dir, &told);
        power.is_armed = false;
        assert_true(power.is_cut);
        __real_close(power.fd);
        detach();
        attach();
        lost += inspect(dir, &told);
    }
    return lost;
}

/* One round of all places; with TOCSIN_DEEP 10,000 cuts. */
static long cuts_for(long places)
{
    const char *cuts = getenv("TOCSIN_CUTS");
    long wanted = cuts != NULL ? strtol(cuts, NULL, 10) : is_deep() ? 10000 : places;
    return wanted < 120 && cuts == NULL ? 120 : wanted;
}

static void nothing_acknowledged_is_lost(void **state)
{
    (void)state;
    power.skips_folder_sync = false;
    long places = count_places(), cuts = cuts_for(places);
    size_t lost = cut_everywhere(cuts, places);
    print_message("%s: %ld places, %ld cuts, %zu lost\n", kind, places, cuts, lost);
    assert_int_equal(lost, 0);
}

static void without_folder_sync_something_is_lost(void **state)
{
    (void)state;
    power.skips_folder_sync = true;
    long places = count_places();
    size_t lost = cut_everywhere(places, places);
    power.skips_folder_sync = false;
    print_message("%s, control without fsync of folders: %ld cuts, %zu lost\n", kind, places, lost);
    assert_true(lost > 0);
}

/* The first so many items of the bundle, the root before all; returns their size. */
static size_t first_of(int items, uint8_t *out)
{
    static struct stream_item item;
    struct stream stream;
    bool malformed;
    size_t size = 0;
    for (int turn = 0; turn < 2; turn++) { /* the root, then the others */
        stream_init(&stream, bundle, bundle_size);
        for (const uint8_t *at = stream.at; items > 0 && stream_next(&stream, &item, &malformed);
             at = stream.at) {
            bool is_root =
                item.record_size == root->size && memcmp(item.record, root->bytes, root->size) == 0;
            if (is_root == (turn == 0)) {
                memcpy(out + size, at, (size_t)(stream.at - at));
                size += (size_t)(stream.at - at);
                items--;
            }
        }
    }
    return size;
}

/* A writer dies between giving names and making them durable; the next one is told the same, whole
 * or with more, and says that it is known.  Then the power goes. */
static void what_a_dead_writer_named_is_durable_once_it_is_known(void **state)
{
    (void)state;
    static const struct {
        int first, then; /* items of the bundle */
    } lives[] = {{1, 1}, {2, 2}, {7, 7}, {1, 2}, {2, 3}, {3, 7}};
    size_t lost = 0;
    for (size_t i = 0; i < 2 * sizeof lives / sizeof *lives; i++) {
        bool is_careless = i >= sizeof lives / sizeof *lives; /* the second dies like the first */
        size_t life = i % (sizeof lives / sizeof *lives);
        char dir[600];
        struct store *store;
        struct store_error error;
        struct ledger_counts counts;
        static uint8_t bytes[64 * 1024];
        power.fd = settle((long)i, dir);
        power.is_armed = power.is_cut = power.has_named = false;
        assert_int_equal(store_open(dir, true, leap_builtin(), &store, &error), STORE_OK);
        power.dies_named = true;
        size_t size = first_of(lives[life].first, bytes);
        assert_int_equal(add_stream(store, bytes, size, NULL, &counts, &error), STORE_OK);
        store_close(store);
        power.dies_named = is_careless;
        assert_int_equal(store_open(dir, true, leap_builtin(), &store, &error), STORE_OK);
        size = first_of(lives[life].then, bytes);
        assert_int_equal(add_stream(store, bytes, size, NULL, &counts, &error), STORE_OK);
        size_t known = counts.records_known, said = known + counts.records_new;
        store_close(store);
        uint32_t flags = CUT_WITHOUT_JOURNAL;
        assert_int_equal(ioctl(power.fd, IOCTL_SHUTDOWN, &flags), 0);
        power.dies_named = false;
        __real_close(power.fd);
        detach();
        attach();
        struct store_set set = {0};
        assert_int_equal(store_open(dir, true, leap_builtin(), &store, &error), STORE_OK);
        assert_int_equal(store_load(store, NULL, NULL, &set, &error), STORE_OK);
        size_t held = set.entry_count;
        store_set_free(&set);
        store_close(store);
        if (is_careless) {
            lost += said - held;
        } else {
            assert_true(known > 0);
            assert_int_equal(held, said);
        }
    }
    print_message("%s: nothing known was lost; of a second dead writer's %zu records\n", kind,
                  lost);
    assert_true(lost > 0); /* else the test says nothing */
}

static uint8_t *bundle_of(size_t *size)
{
    const char *base = folder_new();
    char dir[500];
    snprintf(dir, sizeof dir, "%s/store", base);
    struct store *store;
    struct store_set set;
    struct store_error error;
    uint8_t *bytes;
    assert_int_equal(store_open(dir, true, leap_builtin(), &store, &error), STORE_OK);
    assert_int_equal(store_add_record(store, root->bytes, root->size, NULL, &error), STORE_OK);
    struct trust_signature by = forge_sign(root, 1);
    assert_int_equal(store_add_signature(store, &root->id, &by, &key, &error), STORE_OK);
    for (int i = WINDOWS / 2; i < WINDOWS; i++) {
        assert_int_equal(store_add_record(store, window[i]->bytes, window[i]->size, NULL, &error),
                         STORE_OK);
        assert_int_equal(store_add_signature(store, &window[i]->id, &signature[i], &key, &error),
                         STORE_OK);
    }
    assert_int_equal(store_load(store, NULL, NULL, &set, &error), STORE_OK);
    assert_int_equal(store_write_stream(store, set.entry, set.entry_count, &bytes, size, &error),
                     STORE_OK);
    store_set_free(&set);
    store_close(store);
    folder_remove(base);
    return bytes;
}

static int make_records(void **state)
{
    (void)state;
    root = forge_make_root((struct forge_root){.threshold = 1, .organizer = {1}});
    key = forge_public(1);
    for (unsigned i = 0; i < WINDOWS; i++) {
        window[i] = forge_make_window(
            (struct forge_window){.root = root, .uid = i + 1, .at = {"2027 2027-08-02T08:25:00Z"}});
        signature[i] = forge_sign(window[i], 1);
    }
    bundle = bundle_of(&bundle_size);
    return 0;
}

static int free_records(void **state)
{
    (void)state;
    record_free(root);
    for (int i = 0; i < WINDOWS; i++) {
        record_free(window[i]);
    }
    free(bundle);
    return 0;
}

/* A file system in a file, on a loop device.  False: this machine has none to offer. */
static bool set_up_device(const char *of)
{
    kind = of;
    const char *base = folder_new();
    snprintf(image, sizeof image, "%s/image", base);
    snprintf(mountpoint, sizeof mountpoint, "%s/mounted", base);
    if (mkdir(mountpoint, 0700) != 0 || !run("truncate -s 512M %s && mkfs.%s %s -q %s", image, kind,
                                             strcmp(kind, "xfs") == 0 ? "-f" : "-F", image)) {
        return false;
    }
    char command[800];
    snprintf(command, sizeof command, "losetup -f --show %s", image);
    FILE *answer = popen(command, "r");
    bool is_there = answer != NULL && fgets(device, sizeof device, answer) != NULL;
    if (answer != NULL && pclose(answer) != 0) {
        is_there = false;
    }
    device[strcspn(device, "\n")] = '\0';
    return is_there && mount(device, mountpoint, kind, 0, "") == 0;
}

static void take_down_device(void)
{
    umount(mountpoint);
    run("losetup -d %s", device);
    *strrchr(image, '/') = '\0';
    folder_remove(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_acknowledged_is_lost),
        cmocka_unit_test(without_folder_sync_something_is_lost),
        cmocka_unit_test(what_a_dead_writer_named_is_durable_once_it_is_known),
    };
    static const char *const kinds[] = {"ext4", "xfs"};
    if (geteuid() != 0 || !run("command -v losetup mkfs.ext4 mkfs.xfs >/dev/null")) {
        printf("needs root, losetup, mkfs.ext4 and mkfs.xfs: skipped\n");
        return 77;
    }
    /* Mounts of our own: a process elsewhere that copies the machine's (ip netns does) would keep
     * the dead file system alive, and the next mount would find it as it was: shut down. */
    if (unshare(CLONE_NEWNS) != 0 || mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        printf("needs a mount namespace of its own: skipped\n");
        return 77;
    }
    if (access("/dev/shm", W_OK) == 0) {
        setenv("TMPDIR", "/dev/shm",
               1); /* the image is sparse, and need not outlive this machine */
    }
    int failed = 0, tried = 0;
    const char *only = getenv("TOCSIN_FILE_SYSTEM");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (only != NULL && strcmp(only, kinds[i]) != 0) {
            continue;
        }
        if (set_up_device(kinds[i])) {
            tried++;
            failed += cmocka_run_group_tests_name(kinds[i], tests, make_records, free_records);
        } else {
            printf("no %s on a loop device here\n", kinds[i]);
        }
        take_down_device();
    }
    return tried == 0 ? 77 : failed;
}
