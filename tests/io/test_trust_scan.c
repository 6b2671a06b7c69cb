/* Where a secret key's bytes lie: while it is in use only in pages that are locked and left out of
 * core dumps, and nowhere afterwards.  The whole process is searched, stacks and freed heap
 * included. */
#include "check.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "trust/trust.h"

enum { PIECE = 16, CHUNK = 1 << 20, MASK = 0x5A };

/* The search must not find its own pattern: it is kept masked. */
static uint8_t masked[32];

static void seed_into(uint8_t seed[static 32])
{
    for (int i = 0; i < 32; i++) {
        seed[i] = (uint8_t)(masked[i] ^ MASK);
    }
}

/* Not inlined, so that its stack is below ours and is searched like any other. */
static __attribute__((noinline)) bool is_piece(const uint8_t *at)
{
    for (int half = 0; half < 2; half++) {
        int same = 0;
        while (same < PIECE && (at[same] ^ MASK) == masked[half * PIECE + same]) {
            same++;
        }
        if (same == PIECE) {
            return true;
        }
    }
    return false;
}

static uint8_t *chunk; /* wiped after each look, and skipped by the search */

static size_t search(int memory, uintptr_t from, uintptr_t to)
{
    size_t found = 0;
    while (from < to) {
        size_t want = to - from < CHUNK ? (size_t)(to - from) : CHUNK;
        ssize_t got = pread(memory, chunk, want, (off_t)from);
        if (got < PIECE) {
            break; /* a guard page */
        }
        for (size_t i = 0; i + PIECE <= (size_t)got; i++) {
            found += is_piece(chunk + i);
        }
        sodium_memzero(chunk, (size_t)got);
        from += (size_t)got;
    }
    return found;
}

struct finds {
    size_t in_guarded, elsewhere, bytes;
};

static struct finds look(void)
{
    struct finds finds = {0};
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    FILE *maps = fopen("/proc/self/smaps", "r");
    assert_true(memory >= 0);
    assert_non_null(maps);
    char line[512];
    unsigned long from = 0, to = 0;
    bool is_searched = false;
    while (fgets(line, sizeof line, maps) != NULL) {
        char mode[5];
        unsigned long first, last; /* other lines begin with what looks like a number too */
        if (sscanf(line, "%lx-%lx %4s", &first, &last, mode) == 3) {
            from = first;
            to = last;
            /* guarded memory is unreadable or read-only between uses, and always private */
            is_searched = strchr(line, '/') == NULL || mode[1] == 'w';
        }
        bool is_ours = (uintptr_t)chunk >= from && (uintptr_t)chunk < to;
        if (strncmp(line, "VmFlags:", 8) == 0 && is_searched && !is_ours &&
            strstr(line, " pf") == NULL) {
            size_t found = search(memory, from, to);
            bool is_guarded = strstr(line, " lo") != NULL && strstr(line, " dd") != NULL;
            *(is_guarded ? &finds.in_guarded : &finds.elsewhere) += found;
            finds.bytes += to - from;
        }
    }
    fclose(maps);
    close(memory);
    return finds;
}

/* In its own frame, so that what it left on the stack lies free when the search begins. */
static __attribute__((noinline)) struct trust_secret *live(void)
{
    uint8_t seed[32], id[8] = {1}, salt[32] = {2};
    char text[TRUST_KEY_TEXT_MAX];
    size_t len;
    struct trust_signature signature;
    struct trust_secret *secret = NULL, *first;
    seed_into(seed);
    first = trust_secret_new(seed, id);
    sodium_memzero(seed, sizeof seed);
    assert_non_null(first);
    assert_int_equal(trust_secret_write(first, NULL, 0, salt, text, sizeof text, &len), TRUST_OK);
    trust_secret_free(first);
    assert_int_equal(trust_secret_read(text, len, NULL, 0, &secret), TRUST_OK);
    sodium_memzero(text, sizeof text); /* whoever has the text wipes it: base64 hides nothing */
    assert_int_equal(trust_sign(secret, id, sizeof id, "scan", &signature), TRUST_OK);
    return secret;
}

static void a_key_lies_in_guarded_memory_and_nowhere_afterwards(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip(); /* its shadow memory is terabytes */
#endif
    /* Once with another key: the dynamic linker puts all registers on the stack when it binds a
     * name */
    trust_secret_free(live());
    randombytes_buf(masked, sizeof masked);
    struct trust_secret *secret = live();
    struct finds used = look();
    assert_true(used.in_guarded > 0); /* else the search finds nothing anywhere */
    assert_int_equal(used.elsewhere, 0);
    trust_secret_free(secret);
    struct finds left = look();
    assert_true(left.bytes > 100000);
    assert_int_equal(left.in_guarded, 0);
    assert_int_equal(left.elsewhere, 0);
    /* and a copy that somebody forgot would be seen */
    uint8_t *forgotten = malloc(64);
    assert_non_null(forgotten);
    seed_into(forgotten);
    assert_true(look().elsewhere > 0);
    sodium_memzero(forgotten, 64);
    free(forgotten);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_lies_in_guarded_memory_and_nowhere_afterwards),
    };
    if (sodium_init() < 0) {
        return 1;
    }
    chunk = sodium_malloc(CHUNK); /* a mapping of its own */
    randombytes_buf(masked, sizeof masked);
    return chunk == NULL ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
