#include "tocsin-listen/state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/files.h"
#include "instants/stamp.h"

enum {
    MARKS_FILE_MAX = 4 * 1024 * 1024,
    MEMORY_FILE_MAX = 65536,
    /* Set aside for marks; more than 50 starts at once take more. */
    ROOM_SIZE = 32 * 1024,
    ROOM_LEAST = 4 * 1024,
};

static bool refuse(char why[static 300], const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static bool refuse(char why[static 300], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, 300, format, arguments);
    va_end(arguments);
    return false;
}

static const char *remedy(int code)
{
    return code == ENOSPC || code == EDQUOT ? "free some space" : "see to this file system";
}

bool state_default_dir(char *out, size_t size)
{
    const char *base = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (base != NULL && base[0] == '/') {
        length = snprintf(out, size, "%s/tocsin/listen", base);
    } else if (home != NULL && home[0] == '/') {
        length = snprintf(out, size, "%s/.local/state/tocsin/listen", home);
    }
    return length > 0 && (size_t)length < size;
}

static void file_path(const struct state *state, const char *name, char out[static 4096])
{
    snprintf(out, 4096, "%s/%s", state->dir, name);
}

static void keep_mark(struct state *state, const struct listener_mark *mark)
{
    for (size_t i = 0; i < state->mark_count; i++) {
        if (listener_name_equal(&state->mark[i].name, &mark->name)) {
            listener_mark_update(&state->mark[i], mark);
            return;
        }
    }
    if (state->mark_count == LISTENER_MARKS_MAX) {
        memmove(&state->mark[0], &state->mark[1], (LISTENER_MARKS_MAX - 1) * sizeof state->mark[0]);
        state->mark_count--;
    }
    state->mark[state->mark_count++] = *mark;
}

/* Rewrites the file once it holds many lines more than marks. */
static bool compact(const struct state *state, char why[static 300])
{
    size_t room = state->mark_count * KEEP_MARK_SIZE + 1, used = 0;
    char *text = malloc(room);
    if (text == NULL) {
        return refuse(why, "no memory to rewrite %.200s/marks", state->dir);
    }
    for (size_t i = 0; i < state->mark_count; i++) {
        char line[KEEP_MARK_SIZE];
        size_t length = keep_write_mark(&state->mark[i], line);
        memcpy(text + used, line, length);
        used += length;
    }
    char path[4096];
    file_path(state, "marks", path);
    struct files_error error;
    bool done = files_replace(path, 0600, text, used, &error);
    free(text);
    return done || refuse(why, "%.256s", error.message);
}

/* What the marks' file holds. */
struct marks_file {
    size_t lines;
    off_t whole; /* the size of its whole lines */
    bool is_torn;
};

static bool load_marks(struct state *state, struct marks_file *out, char why[static 300])
{
    char path[4096];
    *out = (struct marks_file){0};
    file_path(state, "marks", path);
    struct files_error error;
    uint8_t *bytes;
    size_t size;
    if (!files_load(path, MARKS_FILE_MAX, &bytes, &size, &error)) {
        return error.code == ENOENT || refuse(why, "%.256s", error.message);
    }
    bool sound = true;
    size_t at = 0;
    while (sound && at < size) {
        uint8_t *end = memchr(bytes + at, '\n', size - at);
        if (end == NULL) {
            break; /* torn by a power cut: it was never reported as done */
        }
        struct listener_mark mark;
        out->lines++;
        if (!keep_read_mark((char *)bytes + at, (size_t)(end - bytes) - at, &mark)) {
            sound = refuse(why,
                           "%.200s:%zu: not a mark: this file keeps gestures from starting twice; "
                           "restore it, or remove the line",
                           path, out->lines);
        } else {
            keep_mark(state, &mark);
        }
        at = (size_t)(end - bytes) + 1;
    }
    free(bytes);
    out->whole = (off_t)at;
    out->is_torn = at < size;
    return sound;
}

/* Nothing in it is vital: what cannot be read is learned anew. */
static void load_memory(struct state *state)
{
    char path[4096];
    file_path(state, "memory", path);
    struct files_error error;
    uint8_t *bytes;
    size_t size;
    if (!files_load(path, MEMORY_FILE_MAX, &bytes, &size, &error)) {
        return;
    }
    for (size_t at = 0; at < size;) {
        uint8_t *end = memchr(bytes + at, '\n', size - at);
        if (end == NULL) {
            break;
        }
        (void)keep_read_line(&state->keep, (const char *)bytes + at, (size_t)(end - bytes) - at);
        at = (size_t)(end - bytes) + 1;
    }
    free(bytes);
}

/* This boot of the kernel; all zero where it cannot be read. */
static void read_this_boot(struct listener_boot *out)
{
    enum { TEXT_MAX = 63 };
    char hex[TEXT_MAX + 1] = "";
    struct files_error error;
    uint8_t *text;
    size_t size, length = 0;
    if (files_load("/proc/sys/kernel/random/boot_id", TEXT_MAX, &text, &size, &error)) {
        for (size_t i = 0; i < size; i++) {
            if (text[i] != '-' && text[i] != '\n') {
                hex[length++] = (char)text[i];
            }
        }
        free(text);
    } else if (getenv("TOCSIN_BOOT_ID") != NULL) { /* a unit that hides that part of /proc */
        snprintf(hex, sizeof hex, "%s", getenv("TOCSIN_BOOT_ID"));
    }
    struct record_uid id; /* 16 bytes in hexadecimal, too */
    *out = (struct listener_boot){{0}};
    if (record_uid_read(hex, strlen(hex), &id)) {
        memcpy(out->bytes, id.bytes, sizeof out->bytes);
    }
}

static bool refuse_folder(char why[static 300], const char *path)
{
    bool is_full = errno == ENOSPC || errno == EDQUOT;
    return refuse(why, "%.200s: %s: %schoose another folder with --state", path, strerror(errno),
                  is_full ? "free some space, or " : "");
}

/* The lock first: two listeners with one memory would each ring.  Then what was kept, and the file
 * of marks is made whole before one is added: a line behind a torn one would be lost with it. */
bool state_open(struct state *state, const char *dir, char why[static 300])
{
    memset(state, 0, sizeof *state);
    state->lock = state->marks = -1;
    read_this_boot(&state->boot);
    if (strlen(dir) >= sizeof state->dir) {
        return refuse(why, "--state: the path is too long");
    }
    strcpy(state->dir, dir);
    struct files_error error;
    if (!files_make_folder(AT_FDCWD, dir, 0700, &error)) {
        errno = error.code;
        return refuse_folder(why, dir);
    }
    char path[4096];
    file_path(state, "lock", path);
    state->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (state->lock < 0) {
        return refuse_folder(why, path);
    }
    if (flock(state->lock, LOCK_EX | LOCK_NB) != 0) {
        state_close(state);
        return refuse(why,
                      "%.150s: another tocsin-listen uses this folder and would ring too: stop it, "
                      "or give this one its own with --state",
                      dir);
    }
    struct marks_file marks;
    if (!load_marks(state, &marks, why)) {
        state_close(state);
        return false;
    }
    load_memory(state);
    if (marks.lines > 2 * state->mark_count + 64 && compact(state, why)) {
        marks.is_torn = false; /* otherwise the file goes on as it is */
    }
    file_path(state, "marks", path);
    state->marks = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done =
        state->marks >= 0 && folder >= 0 && fsync(folder) == 0 &&
        (!marks.is_torn || (ftruncate(state->marks, marks.whole) == 0 && fsync(state->marks) == 0));
    int saved = errno;
    if (folder >= 0) {
        close(folder);
    }
    if (!done) {
        state_close(state);
        errno = saved;
        return refuse_folder(why, path);
    }
    return true;
}

void state_look(struct state *state, const char *dir)
{
    memset(state, 0, sizeof *state);
    state->lock = state->marks = -1;
    read_this_boot(&state->boot);
    char why[300];
    if (strlen(dir) < sizeof state->dir) {
        strcpy(state->dir, dir);
        struct marks_file marks;
        (void)!load_marks(state, &marks, why);
        load_memory(state);
    }
}

void state_close(struct state *state)
{
    if (state->marks >= 0) {
        close(state->marks);
    }
    if (state->lock >= 0) {
        close(state->lock);
    }
    state->marks = state->lock = -1;
}

bool state_keep_room(struct state *state, char why[static 300])
{
    if (state->lock < 0) {
        return true; /* a drill */
    }
    struct stat file;
    if (fstat(state->marks, &file) != 0 ||
        (!state->is_short && state->room_end - file.st_size > ROOM_SIZE / 2)) {
        return true;
    }
    int code = 0;
    off_t size = ROOM_SIZE;
    do { /* beyond the file's end: who reads it sees nothing of it */
        code = fallocate(state->marks, FALLOC_FL_KEEP_SIZE, file.st_size, size) == 0 ? 0 : errno;
    } while (code != 0 && (size /= 2) >= ROOM_LEAST);
    bool was_short = state->is_short;
    state->is_short = code != 0 && code != EOPNOTSUPP && code != ENOSYS;
    if (code == 0) {
        state->room_end = file.st_size + size;
        (void)fsync(state->marks); /* a failure is told with the mark that meets it */
    }
    return !state->is_short || was_short ||
           refuse(
               why,
               "%.100s/marks: %.60s: %s now: a gesture starts without its mark, too, but after a "
               "restart it could start again",
               state->dir, strerror(code), remedy(code));
}

/* Durable when it returns true. */
static bool append(struct state *state, const char *text, size_t length, char why[static 300])
{
    ssize_t written;
    do {
        written = write(state->marks, text, length);
    } while (written < 0 && errno == EINTR);
    if (written != (ssize_t)length || fdatasync(state->marks) != 0) {
        int saved = written < 0 || written == (ssize_t)length ? errno : ENOSPC;
        if (written > 0 && written < (ssize_t)length) {
            /* Half a line must not join the next one. */
            state->room_end = 0; /* cutting gives up what was set aside */
            off_t end = lseek(state->marks, 0, SEEK_END);
            if (end >= written && ftruncate(state->marks, end - written) != 0) {
                saved = errno;
            }
        }
        return refuse(why,
                      "%.120s/marks: %.60s: the gesture starts all the same, but %s: after a "
                      "restart it could start again",
                      state->dir, strerror(saved), remedy(saved));
    }
    return true;
}

bool state_add_marks(struct state *state, const struct listener_mark *mark, size_t count,
                     char why[static 300])
{
    static char text[LISTENER_SHOTS_MAX * KEEP_MARK_SIZE];
    size_t length = 0;
    bool done = true;
    for (size_t i = 0; i < count; i++) {
        keep_mark(state, &mark[i]);
        length += keep_write_mark(&mark[i], text + length);
        if (sizeof text - length < KEEP_MARK_SIZE || i + 1 == count) {
            done = append(state, text, length, why) && done;
            length = 0;
        }
    }
    return done;
}

bool state_save_memory(struct state *state, const struct keep *keep, char why[static 300])
{
    static char text[KEEP_SIZE_MAX];
    char path[4096];
    file_path(state, "memory", path);
    struct files_error error;
    return files_replace(path, 0600, text, keep_write(keep, text, sizeof text), &error) ||
           refuse(why, "%.256s", error.message);
}

bool state_save_proof(struct state *state, const struct record_id *root,
                      const struct record_key_id *beacon, const uint8_t *const tick[2],
                      const size_t size[2], char why[static 300])
{
    char name[64], path[4096];
    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "proof-%.16s-%s-%d.tick", record_id_text(root).text,
                 record_key_id_text(beacon).text, i + 1);
        file_path(state, name, path);
        struct files_error error;
        if (!files_replace(path, 0600, tick[i], size[i], &error)) {
            return refuse(why, "%.256s", error.message);
        }
    }
    return true;
}
