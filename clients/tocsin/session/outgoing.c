#include "tocsin/session/outgoing.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files/files.h"
#include "say/say.h"
#include "stream/stream.h"
#include "text/text.h"
#include "tocsin/session/incoming.h"

static int check_folder(const char *path)
{
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    struct stat status;
    if (slash != NULL) {
        snprintf(folder, sizeof folder, "%.*s", slash > path ? (int)(slash - path) : 1, path);
    }
    if (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode)) {
        return say_usage("%s: there is no folder %s: make it first, or choose another --out", path,
                         folder);
    }
    return EXIT_DONE;
}

static bool is_of_kind(const uint8_t *bytes, size_t size, enum outgoing_kind kind)
{
    return kind == OUTGOING_BUNDLE ? incoming_is_bundle(bytes, size)
                                   : text_begins(bytes, size, "<svg ");
}

int outgoing_check(const char *path, enum outgoing_kind kind)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        return check_folder(path);
    }
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode) && kind == OUTGOING_PICTURE) {
        return EXIT_DONE; /* a pipe or a terminal, which is written to */
    }
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct files_error error;
    bool may_go = files_load(path, STREAM_SIZE_MAX, &bytes, &size, &error) &&
                  (size == 0 || is_of_kind(bytes, size, kind));
    free(bytes);
    return may_go ? EXIT_DONE
                  : say_usage("%s is there already and is no %s of tocsin, so it is not replaced: "
                              "choose another name for --out, or move it away first",
                              path, kind == OUTGOING_BUNDLE ? "bundle" : "map");
}

static int pour(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "w");
    bool done = file != NULL && fwrite(bytes, 1, size, file) == size;
    done = file != NULL && fclose(file) == 0 && done;
    return done ? EXIT_DONE : say_outside("cannot write %s: %s", path, strerror(errno));
}

int outgoing_write(const char *path, mode_t mode, const void *bytes, size_t size)
{
    char real[PATH_MAX];
    struct stat status;
    struct files_error error;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        return pour(path, bytes, size);
    }
    bool is_there = realpath(path, real) != NULL;
    return files_replace(is_there ? real : path, mode, bytes, size, &error)
               ? EXIT_DONE
               : say_outside("%s", error.message);
}
