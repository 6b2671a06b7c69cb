#include "inbox/inbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"

struct seen {
    char name[NAME_MAX + 1];
    ino_t inode;
    off_t size;
    struct timespec changed;
    bool is_settled, is_done, is_there;
};

struct inbox {
    struct inbox_handlers handlers;
    struct seen file[INBOX_FILES_MAX];
    size_t count, came; /* came: records and signatures, in the present look */
    bool has_looked, was_full_told;
    int closed; /* errno of the folder's last failure, told */
    char dir[];
};

struct inbox *inbox_new(const char *dir, const struct inbox_handlers *handlers)
{
    size_t size = strlen(dir) + 1;
    struct inbox *inbox = calloc(1, sizeof *inbox + size);
    if (inbox != NULL) {
        memcpy(inbox->dir, dir, size);
        inbox->handlers = *handlers;
    }
    return inbox;
}

void inbox_free(struct inbox *inbox)
{
    free(inbox);
}

static void tell(const struct inbox *inbox, const char *name, const char *why)
{
    char sentence[INBOX_SENTENCE_SIZE];
    snprintf(sentence, sizeof sentence, "inbox %.150s%s%.100s: %.200s", inbox->dir,
             *name != '\0' ? "/" : "", name, why);
    inbox->handlers.tell(inbox->handlers.context, sentence);
}

static bool ends_in(const char *name, const char *end)
{
    size_t length = strlen(name), tail = strlen(end);
    return length >= tail && strcmp(name + length - tail, end) == 0;
}

/* Copying programs' own, and what editors leave. */
static bool is_passing(const char *name)
{
    return name[0] == '.' || ends_in(name, "~") || ends_in(name, ".part") || ends_in(name, ".tmp");
}

static struct seen *find(struct inbox *inbox, const char *name)
{
    for (size_t i = 0; i < inbox->count; i++) {
        if (strcmp(inbox->file[i].name, name) == 0) {
            return &inbox->file[i];
        }
    }
    if (inbox->count == INBOX_FILES_MAX) {
        if (!inbox->was_full_told) {
            char why[100];
            snprintf(why, sizeof why, "more than %d files: the rest is not looked at",
                     INBOX_FILES_MAX);
            tell(inbox, "", why);
            inbox->was_full_told = true;
        }
        return NULL;
    }
    struct seen *file = &inbox->file[inbox->count++];
    *file = (struct seen){.is_done = false};
    snprintf(file->name, sizeof file->name, "%s", name);
    return file;
}

/* Whether it is as it was; notes how it is. */
static bool is_same(struct seen *file, const struct stat *status)
{
    bool is_same = file->inode == status->st_ino && file->size == status->st_size &&
                   file->changed.tv_sec == status->st_mtim.tv_sec &&
                   file->changed.tv_nsec == status->st_mtim.tv_nsec;
    file->inode = status->st_ino;
    file->size = status->st_size;
    file->changed = status->st_mtim;
    return is_same;
}

/* Why not all of it was taken; NULL: all was. */
static const char *find_fault(const struct replica_counts *counts)
{
    const struct ledger_counts *merged = &counts->merged;
    if (merged->is_cut_off) {
        return "it breaks off: copy it again";
    }
    if (merged->refused > 0) {
        return counts->first_refusal;
    }
    return merged->records_new + merged->signatures_new + merged->records_known == 0
               ? "no record of a constellation that is trusted here"
               : NULL;
}

/* False for want of memory; says nothing when all of it was known. */
static bool hear(struct inbox *inbox, const char *name, const uint8_t *bytes, size_t size)
{
    char sentence[INBOX_SENTENCE_SIZE] = "";
    struct replica_counts counts = {0};
    struct store_error error;
    enum store_result result = replica_hear(inbox->handlers.replica, bytes, size, &counts, &error);
    const struct ledger_counts *merged = &counts.merged;
    const char *fault = find_fault(&counts);
    if (result == STORE_NO_MEMORY) {
        return false;
    }
    inbox->came += merged->records_new + merged->signatures_new;
    if (result == STORE_FAILED) {
        snprintf(sentence, INBOX_SENTENCE_SIZE, "inbox: %.100s: held, but not kept: %.250s", name,
                 error.message);
    } else if (merged->records_new + merged->signatures_new == 0 && fault != NULL) {
        snprintf(sentence, INBOX_SENTENCE_SIZE, "inbox: %.100s: refused, and left there: %.250s",
                 name, fault);
    } else if (merged->records_new + merged->signatures_new > 0) {
        snprintf(sentence, INBOX_SENTENCE_SIZE,
                 "inbox: %.100s: taken: records %zu, signatures %zu%s%.250s", name,
                 merged->records_new, merged->signatures_new,
                 fault != NULL ? "; refused, and left there: " : "", fault != NULL ? fault : "");
    }
    if (sentence[0] != '\0') {
        inbox->handlers.tell(inbox->handlers.context, sentence);
    }
    return true;
}

static void bring(struct inbox *inbox, struct seen *file)
{
    char path[PATH_MAX];
    uint8_t *bytes;
    size_t size;
    struct store_error error;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", inbox->dir, file->name) >= sizeof path) {
        return;
    }
    file->is_done = true;
    if (access(path, R_OK) != 0 && errno == EACCES) {
        tell(inbox, file->name, "may not be read: chmod a+r it");
        return;
    }
    enum store_result result = store_read_file(path, &bytes, &size, &error);
    if (result == STORE_OK) {
        file->is_done =
            inbox->handlers.replica != NULL
                ? hear(inbox, file->name, bytes, size)
                : inbox->handlers.take(inbox->handlers.context, file->name, bytes, size);
        free(bytes);
    } else if (result == STORE_NO_MEMORY) {
        file->is_done = false;
    } else {
        inbox->handlers.tell(inbox->handlers.context, error.message);
    }
}

/* A signature belongs to a record that lies beside it, which is then brought again. */
static void look_at(struct inbox *inbox, int folder, const char *name)
{
    struct stat status;
    if (is_passing(name) || strlen(name) > NAME_MAX ||
        fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) {
        return;
    }
    struct seen *file = find(inbox, name);
    if (file == NULL) {
        return;
    }
    file->is_there = true;
    file->is_settled = is_same(file, &status) || !inbox->has_looked;
    file->is_done = file->is_done && file->is_settled;
    if (file->is_settled && !file->is_done && ends_in(name, ".minisig")) {
        file->is_done = true;
        for (size_t i = 0; i < inbox->count; i++) {
            struct seen *other = &inbox->file[i];
            other->is_done = other->is_done && ends_in(other->name, ".minisig");
        }
    }
}

size_t inbox_look(struct inbox *inbox)
{
    inbox->came = 0;
    int folder = open(inbox->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = folder < 0 ? NULL : fdopendir(folder);
    if (dir == NULL) {
        if (errno != inbox->closed) {
            inbox->closed = errno;
            tell(inbox, "", strerror(errno));
        }
        if (folder >= 0) {
            close(folder);
        }
        return 0;
    }
    inbox->closed = 0;
    for (size_t i = 0; i < inbox->count; i++) {
        inbox->file[i].is_there = false;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        look_at(inbox, dirfd(dir), entry->d_name);
    }
    size_t kept = 0;
    for (size_t i = 0; i < inbox->count; i++) {
        if (inbox->file[i].is_there) {
            inbox->file[kept++] = inbox->file[i];
        }
    }
    inbox->count = kept;
    for (size_t i = 0; i < inbox->count; i++) {
        if (inbox->file[i].is_settled && !inbox->file[i].is_done) {
            bring(inbox, &inbox->file[i]);
        }
    }
    closedir(dir);
    inbox->has_looked = true;
    return inbox->came;
}
