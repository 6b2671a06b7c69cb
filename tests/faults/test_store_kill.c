/* links: ledger records trust view stream */
/* Writers are killed with SIGKILL at random instants, two at a time in one store: what they had
 * acknowledged is there, nothing is torn, and the next writer goes on.  TOCSIN_KILLS says how many
 * (200 unless told; 10,000 with TOCSIN_DEEP). */
#include "deep.h"
#include "folder.h"
#include "forge.h"
#include "seed.h"

#include <signal.h>
#include <sys/wait.h>

#include "store/store.h"

enum { WINDOWS = 40, WRITERS = 2 };

static struct record *root, *window[WINDOWS];
static struct trust_signature signature[WINDOWS];
static struct record_public_key key;
static struct store_error error;

/* Writes in an order of its own, and says each done thing through the pipe. */
static void write_on(const char *dir, int pipe, unsigned from)
{
    struct store *store;
    if (store_open(dir, true, leap_builtin(), &store, &error) != STORE_OK) {
        _exit(1);
    }
    for (unsigned i = 0;; i++) {
        uint8_t at = (uint8_t)((from + i) % WINDOWS);
        enum store_result result =
            store_add_record(store, window[at]->bytes, window[at]->size, NULL, &error);
        if (result == STORE_OK || result == STORE_ALREADY_THERE) {
            result = store_add_signature(store, &window[at]->id, &signature[at], &key, &error);
        }
        if ((result != STORE_OK && result != STORE_ALREADY_THERE) || write(pipe, &at, 1) != 1) {
            _exit(1);
        }
        if (i >= WINDOWS) { /* all is written: wait for the end */
            pause();
        }
    }
}

static void a_killed_writer_loses_nothing_it_acknowledged(void **state)
{
    (void)state;
    struct seed seed = seed_take("kills");
    const char *wanted = getenv("TOCSIN_KILLS");
    long kills = wanted != NULL ? strtol(wanted, NULL, 10) : is_deep() ? 10000 : 200;
    size_t acknowledged = 0;
    for (long turn = 0; turn < kills; turn++) {
        const char *base = folder_new();
        char dir[500];
        snprintf(dir, sizeof dir, "%s/store", base);
        int pipes[WRITERS][2];
        pid_t child[WRITERS];
        for (int i = 0; i < WRITERS; i++) {
            unsigned from = seed_below(&seed, WINDOWS);
            assert_int_equal(pipe(pipes[i]), 0);
            child[i] = fork();
            assert_true(child[i] >= 0);
            if (child[i] == 0) {
                close(pipes[i][0]);
                write_on(dir, pipes[i][1], from);
            }
            close(pipes[i][1]);
        }
        usleep(seed_below(&seed, 12000));
        bool told[WINDOWS] = {false};
        for (int i = 0; i < WRITERS; i++) {
            int status;
            assert_int_equal(kill(child[i], SIGKILL), 0);
            assert_int_equal(waitpid(child[i], &status, 0), child[i]);
            assert_true(WIFSIGNALED(status)); /* it did not fail by itself */
            for (uint8_t at; read(pipes[i][0], &at, 1) == 1;) {
                told[at] = true;
                acknowledged++;
            }
            close(pipes[i][0]);
        }
        struct store *store;
        struct store_set set;
        struct store_check_counts counts;
        assert_int_equal(store_open(dir, true, leap_builtin(), &store, &error), STORE_OK);
        assert_int_equal(store_add_record(store, root->bytes, root->size, NULL, &error), STORE_OK);
        assert_int_equal(store_check(store, NULL, NULL, &counts, &error), STORE_OK);
        assert_int_equal(counts.quarantined + counts.arriving, 0);
        assert_int_equal(store_load(store, NULL, NULL, &set, &error), STORE_OK);
        for (int i = 0; i < WINDOWS; i++) {
            bool is_there = false;
            for (size_t k = 0; k < set.entry_count; k++) {
                is_there = is_there || (record_id_equal(&set.entry[k].record->id, &window[i]->id) &&
                                        set.entry[k].signer_count == 1);
            }
            assert_true(is_there || !told[i]);
        }
        store_set_free(&set);
        store_close(store);
        folder_remove(base);
    }
    print_message("%ld pairs of writers killed, %zu acknowledged, 0 lost\n", kills, acknowledged);
    assert_true(acknowledged > (size_t)kills);
}

int main(void)
{
    if (access("/dev/shm", W_OK) == 0) {
        setenv("TMPDIR", "/dev/shm", 1); /* a killed process does not need a disk */
    }
    root = forge_make_root((struct forge_root){.threshold = 1, .organizer = {1}});
    key = forge_public(1);
    for (unsigned i = 0; i < WINDOWS; i++) {
        window[i] = forge_make_window(
            (struct forge_window){.root = root, .uid = i + 1, .at = {"2027 2027-08-02T08:25:00Z"}});
        signature[i] = forge_sign(window[i], 1);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_writer_loses_nothing_it_acknowledged),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (int i = 0; i < WINDOWS; i++) {
        record_free(window[i]);
    }
    record_free(root);
    return failed;
}
