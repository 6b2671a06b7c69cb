#include "tocsin/tick_pile.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "tocsin/history.h"
#include "tocsin/say.h"
#include "instants/stamp.h"

enum { FIRST_BYTE = 0xd2, SESSION_TEXT_SIZE = 17 };

bool tick_pile_is_tick(const char *path)
{
    FILE *file = fopen(path, "re");
    int first = file != NULL ? getc(file) : EOF;
    if (file != NULL) {
        fclose(file);
    }
    return first == FIRST_BYTE;
}

static bool is_of_root(const struct tick *tick, const struct record *root)
{
    return root->type == RECORD_ROOT &&
           memcmp(record_root_of(root)->bytes, tick->root, sizeof tick->root) == 0;
}

/* The key in any effective version of the root: a beacon may have been struck off since. */
static const struct record_key *find_beacon(const struct desk *desk, const struct tick *tick,
                                            const struct record_key_id *id)
{
    for (size_t i = 0; i < desk->set.entry_count; i++) {
        const struct record *root = desk->set.entry[i].record;
        if (!is_of_root(tick, root) || !history_is_effective(desk, root)) {
            continue;
        }
        for (size_t j = 0; j < root->is.root.beacon_count; j++) {
            if (record_key_id_equal(&root->is.root.beacon[j].id, id)) {
                return &root->is.root.beacon[j];
            }
        }
    }
    return NULL;
}

int tick_pile_verify(struct tick_pile *pile, const struct desk *desk, const char *path)
{
    struct piled_tick *place = &pile->piled[pile->count];
    FILE *file = pile->count < TICK_PILE_MAX ? fopen(path, "re") : NULL;
    if (file == NULL) {
        return say_usage("%s: %s", path,
                         pile->count < TICK_PILE_MAX ? strerror(errno) : "too many ticks at once");
    }
    uint8_t bytes[TICK_SIZE_MAX + 1];
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    struct record_key_id id;
    const uint8_t *payload;
    size_t payload_size, signer;
    if (size > TICK_SIZE_MAX ||
        tick_read(bytes, size, &place->tick, &id, &payload, &payload_size) != TICK_OK) {
        return say_no("%s: %s", path, tick_result_text(TICK_MALFORMED));
    }
    char key[RECORD_KEY_ID_TEXT_SIZE], stamp[STAMP_TEXT_SIZE], session[SESSION_TEXT_SIZE];
    record_key_id_write(&id, key);
    place->beacon = find_beacon(desk, &place->tick, &id);
    if (place->beacon == NULL) {
        return say_no("%s: a tick by %s: no root trusted here names it as its beacon", path, key);
    }
    struct trust_public_key public = {.id = id};
    memcpy(public.key, place->beacon->key, sizeof public.key);
    enum tick_result result = tick_verify(bytes, size, &public, 1, &place->tick, &signer);
    if (result != TICK_OK) {
        return say_no("%s: a tick by %s: %s", path, key, tick_result_text(result));
    }
    stamp_write(place->tick.time, stamp);
    sodium_bin2hex(session, sizeof session, place->tick.session, sizeof place->tick.session);
    printf("%sgood%s  %s: tick %u of session %s by beacon %s %.*s, stamped %s\n",
           say_colour(SAY_GREEN), say_colour(SAY_PLAIN), path, (unsigned)place->tick.counter,
           session, key, (int)place->beacon->name.len, place->beacon->name.at, stamp);
    place->path = path;
    memcpy(place->bytes, bytes, size);
    place->size = size;
    pile->count++;
    return EXIT_DONE;
}

static bool is_of_one_session(const struct piled_tick *a, const struct piled_tick *b)
{
    return memcmp(a->tick.root, b->tick.root, sizeof a->tick.root) == 0 &&
           memcmp(a->tick.session, b->tick.session, sizeof a->tick.session) == 0 &&
           memcmp(a->beacon->key, b->beacon->key, sizeof a->beacon->key) == 0;
}

/* What a and b, in this order, prove; NULL: nothing. */
static const char *lie_of(const struct piled_tick *a, const struct piled_tick *b)
{
    static const char *const lies[] = {
        [TICK_NO_LIE] = NULL,
        [TICK_TWO_OF_ONE_NUMBER] = "two different ticks of one number",
        [TICK_FOLLOWS_ANOTHER] = "a tick that follows another one than this",
    };
    struct tick_hashed first = {.tick = &a->tick}, second = {.tick = &b->tick};
    tick_hash(a->bytes, a->size, first.hash);
    tick_hash(b->bytes, b->size, second.hash);
    return lies[tick_lie(&first, &second)];
}

void tick_pile_tell_lies(const struct tick_pile *pile)
{
    for (size_t i = 0; i < pile->count; i++) {
        for (size_t j = 0; j < pile->count; j++) {
            const struct piled_tick *a = &pile->piled[i], *b = &pile->piled[j];
            bool is_first_look = a->tick.counter != b->tick.counter || i < j;
            const char *lie =
                i != j && is_first_look && is_of_one_session(a, b) ? lie_of(a, b) : NULL;
            if (lie != NULL) {
                char key[RECORD_KEY_ID_TEXT_SIZE];
                record_key_id_write(&a->beacon->id, key);
                printf("%slie%s   %s and %s: beacon %s %.*s signed %s: this proves that it lies\n",
                       say_colour(SAY_RED), say_colour(SAY_PLAIN), a->path, b->path, key,
                       (int)a->beacon->name.len, a->beacon->name.at, lie);
            }
        }
    }
}
