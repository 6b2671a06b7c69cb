/* proofs.c -- the proofs in the state folder: pairs of ticks, read and handed on unjudged. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/files.h"
#include "tocsin-listen/state.h"

static const char BEGIN[] = "proof-", END[] = "-1.tick";
enum { KEY_LENGTH = RECORD_KEY_ID_TEXT_SIZE - 1 };

/* proof-ROOT8-KEYID-1.tick */
static bool is_first_half(const char *name)
{
    struct record_key_id root, key; /* both of sixteen digits */
    size_t begin = sizeof BEGIN - 1, middle = begin + KEY_LENGTH + 1, end = middle + KEY_LENGTH;
    return strlen(name) == end + sizeof END - 1 && strncmp(name, BEGIN, begin) == 0 &&
           name[middle - 1] == '-' && strcmp(name + end, END) == 0 &&
           record_key_id_read(name + begin, KEY_LENGTH, &root) &&
           record_key_id_read(name + middle, KEY_LENGTH, &key);
}

/* For people: with its folder where that is short. */
static void say_where(const char *dir, const char *name, char out[static LISTENER_WHERE_SIZE])
{
    bool is_short = strlen(dir) <= 64;
    snprintf(out, LISTENER_WHERE_SIZE, "%.64s%s%.48s and -2.tick", is_short ? dir : "",
             is_short ? "/" : "", name);
}

static bool load_half(const char *dir, const char *name, int half, struct state_proof *proof)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%.*s%d.tick", dir, (int)(strlen(name) - strlen("1.tick")), name,
             half + 1);
    struct files_error error;
    uint8_t *bytes;
    size_t size;
    if (!files_load(path, TICK_SIZE_MAX, &bytes, &size, &error)) {
        snprintf(proof->why, sizeof proof->why, "%.200s: this proof is passed over", error.message);
        return false;
    }
    memcpy(proof->tick[half], bytes, size);
    proof->size[half] = size;
    free(bytes);
    return true;
}

void state_load_proofs(const struct state *state,
                       void (*found)(void *context, const struct state_proof *proof), void *context)
{
    DIR *folder = opendir(state->dir);
    if (folder == NULL) {
        return;
    }
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (is_first_half(entry->d_name)) {
            struct state_proof proof = {.is_read = false};
            say_where(state->dir, entry->d_name, proof.where);
            proof.is_read = load_half(state->dir, entry->d_name, 0, &proof) &&
                            load_half(state->dir, entry->d_name, 1, &proof);
            found(context, &proof);
        }
    }
    closedir(folder);
}
