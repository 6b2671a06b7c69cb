#include "store/verify_pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "list/index.h"
#include "list/list.h"
#include "stream/stream.h"

enum { THREADS_MAX = 8 };

enum { QUESTION_FREE, QUESTION_TAKEN, QUESTION_ANSWERED };

/* One signature and whose it says it is. */
struct question {
    atomic_int state;
    struct {
        const uint8_t *bytes; /* the caller's */
        size_t size;
    } record, signature;
    struct record_public_key key;
    struct record_id hash;     /* of all that the verdict depends on */
    enum trust_result verdict; /* written by whoever took the question, before it is answered */
};

struct verify_pool {
    struct question *question; /* owned */
    size_t count, room;
    struct list_index by_hash;
    atomic_size_t next; /* those before it have been offered to somebody */
    pthread_t thread[THREADS_MAX];
    int threads;
};

/* The keys that may sign, ascending by id. */
struct keys {
    struct record_public_key *list; /* owned */
    size_t count, room;
};

static bool add_keys(struct keys *keys, const struct record_key *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!LIST_ROOM(keys->list, keys->count, keys->room)) {
            return false;
        }
        keys->list[keys->count++] = from[i].public;
    }
    return true;
}

static bool add_root(struct keys *keys, const struct record *record)
{
    const struct record_root *root = &record->is.root;
    return record->type != RECORD_ROOT || (add_keys(keys, root->organizer, root->organizer_count) &&
                                           add_keys(keys, root->beacon, root->beacon_count));
}

static int by_id(const void *a, const void *b)
{
    const struct record_public_key *x = a, *y = b;
    return memcmp(x->id.bytes, y->id.bytes, sizeof x->id.bytes);
}

static bool add_ledger(struct keys *keys, const struct ledger *ledger)
{
    size_t count;
    const struct view_entry *entry = ledger_entries(ledger, &count);
    for (size_t i = 0; i < count; i++) {
        if (!add_root(keys, entry[i].record)) {
            return false;
        }
    }
    return true;
}

static bool add_stream(struct keys *keys, const uint8_t *bytes, size_t size,
                       const struct leap_table *leap, struct stream_item *item)
{
    struct stream stream;
    bool malformed, has_memory = true;
    stream_init(&stream, bytes, size);
    while (has_memory && stream_next(&stream, item, &malformed)) {
        struct record *root;
        struct record_error error;
        if (record_says_root(item->record, item->record_size) &&
            record_read(item->record, item->record_size, leap, &root, &error)) {
            has_memory = add_root(keys, root);
            record_free(root);
        }
    }
    return has_memory;
}

/* Everything that a verdict depends on, in one hash. */
static struct record_id hash_of(const struct trust_signature *signature,
                                const struct record_public_key *key, const struct record_id *record)
{
    uint8_t all[sizeof record->bytes + sizeof key->key + sizeof key->id.bytes +
                sizeof signature->id.bytes + sizeof signature->signature +
                sizeof signature->global + TRUST_COMMENT_MAX];
    struct record_id hash;
    uint8_t *at = all;
    at = mempcpy(at, record->bytes, sizeof record->bytes);
    at = mempcpy(at, key->key, sizeof key->key);
    at = mempcpy(at, key->id.bytes, sizeof key->id.bytes);
    at = mempcpy(at, signature->id.bytes, sizeof signature->id.bytes);
    at = mempcpy(at, signature->signature, sizeof signature->signature);
    at = mempcpy(at, signature->global, sizeof signature->global);
    at = mempcpy(at, signature->comment, signature->comment_len);
    record_id_of(all, (size_t)(at - all), &hash);
    return hash;
}

/* What the ledger is going to ask, as far as one key has the id.  entry: NULL while the record is
 * not in the ledger. */
static bool ask(struct verify_pool *pool, const struct keys *keys, const struct view_entry *entry,
                const struct record_id *id, const struct question *about)
{
    struct trust_signature signature;
    struct record_public_key wanted, *key;
    if (trust_signature_read(about->signature.bytes, about->signature.size, &signature) !=
        TRUST_OK) {
        return true;
    }
    wanted.id = signature.id;
    key = bsearch(&wanted, keys->list, keys->count, sizeof *key, by_id);
    if (key == NULL || (entry != NULL && view_is_signed_by(entry, key))) {
        return true;
    }
    if (!LIST_ROOM(pool->question, pool->count, pool->room)) {
        return false;
    }
    struct question *asked = &pool->question[pool->count++];
    *asked = *about;
    asked->key = *key;
    asked->hash = hash_of(&signature, key, id);
    return true;
}

static bool ask_item(struct verify_pool *pool, const struct ledger *ledger, const struct keys *keys,
                     const struct stream_item *item)
{
    struct record_id id;
    bool has_memory = true;
    record_id_of(item->record, item->record_size, &id);
    for (size_t i = 0; i < item->signature_count && has_memory; i++) {
        struct question about = {.record = {item->record, item->record_size},
                                 .signature = {item->signature[i].bytes, item->signature[i].size}};
        has_memory = ask(pool, keys, ledger_find(ledger, &id), &id, &about);
    }
    return has_memory;
}

/* Answers the question unless somebody else has taken it. */
static void answer(struct question *one)
{
    int is = QUESTION_FREE;
    if (!atomic_compare_exchange_strong(&one->state, &is, QUESTION_TAKEN)) {
        return;
    }
    struct trust_signature signature;
    enum trust_result form =
        trust_signature_read(one->signature.bytes, one->signature.size, &signature);
    one->verdict = form == TRUST_OK
                       ? trust_verify(&signature, &one->key, one->record.bytes, one->record.size)
                       : form;
    atomic_store(&one->state, QUESTION_ANSWERED);
}

/* Answers the next one that was offered to nobody; false when none is left. */
static bool answer_next(struct verify_pool *pool)
{
    size_t next = atomic_fetch_add(&pool->next, 1);
    if (next >= pool->count) {
        atomic_store(&pool->next, pool->count); /* so that it never wraps */
        return false;
    }
    answer(&pool->question[next]);
    return true;
}

static void *answer_all(void *context)
{
    while (answer_next(context)) {
    }
    return NULL;
}

/* As many threads as there are processors, less the caller's; where none can be started the caller
 * does it all, as it asks. */
static void start_threads(struct verify_pool *pool)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    while (pool->threads < THREADS_MAX && pool->threads + 1 < processors &&
           pthread_create(&pool->thread[pool->threads], NULL, answer_all, pool) == 0) {
        pool->threads++;
    }
}

static const uint8_t *hash_at(const void *list, size_t i)
{
    const struct question *question = list;
    return question[i].hash.bytes;
}

static const uint32_t *find(const struct verify_pool *pool, const struct record_id *hash)
{
    return list_index_find(&pool->by_hash, pool->question, hash_at, hash->bytes);
}

/* Makes them found by their hashes; one that is asked again is answered by the first. */
static bool index_questions(struct verify_pool *pool)
{
    if (!list_index_room(&pool->by_hash, pool->question, pool->count, hash_at)) {
        return false;
    }
    for (size_t i = 0; i < pool->count; i++) {
        if (*find(pool, &pool->question[i].hash) != i + 1) {
            atomic_init(&pool->question[i].state, QUESTION_ANSWERED);
        }
    }
    return true;
}

/* Starts the threads, or lets go of it where it is not worth while. */
static struct verify_pool *begin(struct verify_pool *pool, bool is_asked)
{
    if (is_asked && pool->count >= VERIFY_POOL_MIN && index_questions(pool)) {
        start_threads(pool);
        return pool;
    }
    verify_pool_free(pool);
    return NULL;
}

struct verify_pool *verify_pool_begin(const struct ledger *ledger, const uint8_t *bytes,
                                      size_t size, bool is_by_hand, const struct leap_table *leap)
{
    struct verify_pool *pool = calloc(1, sizeof *pool);
    struct stream_item *item = malloc(sizeof *item);
    struct keys keys = {0};
    bool is_asked = pool != NULL && item != NULL && add_ledger(&keys, ledger) &&
                    (!is_by_hand || add_stream(&keys, bytes, size, leap, item)) && keys.count > 0;
    struct stream stream;
    bool malformed;
    list_sort(keys.list, keys.count, sizeof *keys.list, by_id);
    stream_init(&stream, bytes, size);
    while (is_asked && stream_next(&stream, item, &malformed)) {
        is_asked = ask_item(pool, ledger, &keys, item);
    }
    free(keys.list);
    free(item);
    return begin(pool, is_asked);
}

struct verify_pool *verify_pool_pairs(const struct ledger *ledger,
                                      const struct verify_pool_pair *pair, size_t count)
{
    struct verify_pool *pool = calloc(1, sizeof *pool);
    struct keys keys = {0};
    bool is_asked = pool != NULL && add_ledger(&keys, ledger) && keys.count > 0;
    list_sort(keys.list, keys.count, sizeof *keys.list, by_id);
    for (size_t i = 0; is_asked && i < count; i++) {
        const struct record *record = pair[i].record;
        struct question about = {.record = {record->bytes, record->size},
                                 .signature = {pair[i].text, pair[i].size}};
        is_asked = ask(pool, &keys, ledger_find(ledger, &record->id), &record->id, &about);
    }
    free(keys.list);
    return begin(pool, is_asked);
}

void verify_pool_free(struct verify_pool *pool)
{
    if (pool != NULL) {
        atomic_store(&pool->next, pool->count);
        while (pool->threads > 0) {
            pthread_join(pool->thread[--pool->threads], NULL);
        }
        free(pool->question);
        list_index_free(&pool->by_hash);
        free(pool);
    }
}

size_t verify_pool_count(const struct verify_pool *pool)
{
    return pool->count;
}

enum trust_result verify_pool_verify(void *context, const struct trust_signature *signature,
                                     const struct record_public_key *key, const uint8_t *bytes,
                                     size_t size)
{
    struct verify_pool *pool = context;
    struct record_id record;
    record_id_of(bytes, size, &record);
    struct record_id hash = hash_of(signature, key, &record);
    uint32_t number = *find(pool, &hash);
    if (number == 0) {
        return trust_verify(signature, key, bytes, size);
    }
    struct question *question = &pool->question[number - 1];
    answer(question);
    while (atomic_load(&question->state) != QUESTION_ANSWERED) {
        if (!answer_next(pool)) {
            sched_yield(); /* for as long as one verification takes */
        }
    }
    return question->verdict;
}
