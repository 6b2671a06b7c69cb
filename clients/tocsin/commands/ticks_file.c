#include "tocsin/commands/ticks_file.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files/files.h"
#include "instants/stamp.h"
#include "say/say.h"
#include "tocsin/windows/history.h"

enum { FIRST_BYTE = 0xd2, SESSION_TEXT_SIZE = 17 };

bool ticks_file_is_tick(const char *path)
{
    struct stat about; /* what comes once is not for a look */
    bool is_file = stat(path, &about) == 0 && S_ISREG(about.st_mode);
    FILE *file = is_file ? fopen(path, "re") : NULL;
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
static const struct record_key *find_beacon(const struct session *session, const struct tick *tick,
                                            const struct record_key_id *id)
{
    for (size_t i = 0; i < session->set.entry_count; i++) {
        const struct record *root = session->set.entry[i].record;
        if (!is_of_root(tick, root) || !session_is_effective(session, root)) {
            continue;
        }
        for (size_t j = 0; j < root->is.root.beacon_count; j++) {
            if (record_key_id_equal(&root->is.root.beacon[j].public.id, id)) {
                return &root->is.root.beacon[j];
            }
        }
    }
    return NULL;
}

/* A tick is kept with its bytes: two of one beacon that contradict each other prove that it lies to
 * whoever verifies both, long after they were sent. */
int ticks_file_verify(struct ticks_file *pile, const struct session *session, const char *path)
{
    struct piled_tick *place = &pile->piled[pile->count];
    if (pile->count == TICKS_FILE_MAX) {
        return say_usage("%s: too many ticks at once", path);
    }
    uint8_t *loaded;
    size_t size;
    struct files_error error;
    if (!files_load(path, TICK_SIZE_MAX, &loaded, &size, &error)) {
        return error.code == EFBIG ? say_no("%s: %s", path, tick_result_text(TICK_MALFORMED))
                                   : say_usage("%s", error.message);
    }
    memcpy(place->bytes, loaded, size);
    place->size = size;
    free(loaded);
    struct record_key_id id;
    const uint8_t *payload;
    size_t payload_size, signer;
    if (tick_read(place->bytes, size, &place->tick, &id, &payload, &payload_size) != TICK_OK) {
        return say_no("%s: %s", path, tick_result_text(TICK_MALFORMED));
    }
    char key[RECORD_KEY_ID_TEXT_SIZE], session_hex[SESSION_TEXT_SIZE];
    record_key_id_write(&id, key);
    place->beacon = find_beacon(session, &place->tick, &id);
    if (place->beacon == NULL) {
        return say_no("%s: a tick by %s: no root trusted here names it as its beacon", path, key);
    }
    enum tick_result result =
        tick_verify(place->bytes, size, &place->beacon->public, 1, &place->tick, &signer);
    if (result != TICK_OK) {
        return say_no("%s: a tick by %s: %s", path, key, tick_result_text(result));
    }
    sodium_bin2hex(session_hex, sizeof session_hex, place->tick.session,
                   sizeof place->tick.session);
    printf("%sgood%s  ", say_colour(SAY_GREEN), say_colour(SAY_PLAIN));
    say_put(stdout, path);
    printf(": tick %u of session %s by beacon %s %.*s, stamped %s\n", (unsigned)place->tick.counter,
           session_hex, key, (int)place->beacon->name.len, place->beacon->name.at,
           stamp_text(place->tick.time).text);
    place->path = path;
    pile->count++;
    return EXIT_DONE;
}

static bool is_of_one_session(const struct piled_tick *a, const struct piled_tick *b)
{
    return memcmp(a->tick.root, b->tick.root, sizeof a->tick.root) == 0 &&
           memcmp(a->tick.session, b->tick.session, sizeof a->tick.session) == 0 &&
           trust_public_key_equal(&a->beacon->public, &b->beacon->public);
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

void ticks_file_tell_lies(const struct ticks_file *pile)
{
    for (size_t i = 0; i < pile->count; i++) {
        for (size_t j = 0; j < pile->count; j++) {
            const struct piled_tick *a = &pile->piled[i], *b = &pile->piled[j];
            bool is_first_look = a->tick.counter != b->tick.counter || i < j;
            const char *lie =
                i != j && is_first_look && is_of_one_session(a, b) ? lie_of(a, b) : NULL;
            if (lie != NULL) {
                printf("%slie%s   ", say_colour(SAY_RED), say_colour(SAY_PLAIN));
                say_put(stdout, a->path);
                fputs(" and ", stdout);
                say_put(stdout, b->path);
                printf(": beacon %s %.*s signed %s: this proves that it lies\n",
                       record_key_id_text(&a->beacon->public.id).text, (int)a->beacon->name.len,
                       a->beacon->name.at, lie);
            }
        }
    }
}
