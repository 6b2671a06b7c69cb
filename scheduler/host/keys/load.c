#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keys/durable.h"

/* Opens for reading; a pipe or a device cannot make us wait. */
static int open_regular(const char *path, int more, struct stat *status, struct keys_error *error)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | more);
    if (fd < 0) {
        if (errno == ELOOP && more == O_NOFOLLOW) {
            keys_complain(error, "%s: is a symbolic link: give the file itself", path);
        } else {
            keys_complain(error, "%s: cannot open: %s", path, strerror(errno));
        }
        return -1;
    }
    if (fstat(fd, status) != 0) {
        keys_complain(error, "%s: cannot look at it: %s", path, strerror(errno));
    } else if (!S_ISREG(status->st_mode)) {
        keys_complain(error, "%s: is not a regular file", path);
    } else {
        return fd;
    }
    close(fd);
    return -1;
}

/* Reads to the end of the file, at most room bytes; -1 on an error, *error filled. */
static ssize_t read_all(int fd, const char *path, void *out, size_t room, struct keys_error *error)
{
    size_t size = 0;
    while (size < room) {
        ssize_t got = read(fd, (char *)out + size, room - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            keys_complain(error, "%s: cannot read: %s", path, strerror(errno));
            return -1;
        }
        if (got == 0) {
            break;
        }
        size += (size_t)got;
    }
    return (ssize_t)size;
}

static bool take_file(int fd, const char *path, const struct stat *status, size_t max,
                      uint8_t **out, size_t *size, struct keys_error *error)
{
    if (status->st_size > (off_t)max) {
        return keys_complain(error, "%s: has %lld bytes, at most %zu are taken", path,
                             (long long)status->st_size, max);
    }
    /* one byte more than it claims: a file that grows meanwhile is noticed */
    size_t room = (size_t)status->st_size + 1;
    uint8_t *bytes = malloc(room);
    if (bytes == NULL) {
        return keys_complain(error, "%s: no memory to read it", path);
    }
    ssize_t got = read_all(fd, path, bytes, room, error);
    if (got < 0 || (size_t)got == room) {
        free(bytes);
        return got >= 0 && keys_complain(error, "%s: grew while it was read: try again", path);
    }
    bytes[got] = '\0';
    *out = bytes;
    *size = (size_t)got;
    return true;
}

bool keys_load_file(const char *path, size_t max, uint8_t **out, size_t *size,
                    struct keys_error *error)
{
    struct stat status;
    int fd = open_regular(path, 0, &status, error);
    if (fd < 0) {
        return false;
    }
    bool done = take_file(fd, path, &status, max, out, size, error);
    close(fd);
    return done;
}

static bool judge_owner(const char *path, const struct stat *status, struct keys_error *error)
{
    if (status->st_uid != geteuid() && status->st_uid != 0) {
        return keys_complain(error,
                             "%s: this secret key belongs to another user (uid %lu): "
                             "chown it, or make a key of your own",
                             path, (unsigned long)status->st_uid);
    }
    if ((status->st_mode & 07777 & ~0600U) != 0) {
        return keys_complain(error,
                             "%s: this secret key has mode %04o, so others may have read it: "
                             "chmod 600 %s",
                             path, (unsigned)status->st_mode & 07777, path);
    }
    return true;
}

/* "anna.pub: this is a public key: the secret one is wanted (anna.key)". */
static bool refuse_public(const char *path, struct keys_error *error)
{
    size_t len = strlen(path);
    if (len > 4 && strcmp(path + len - 4, ".pub") == 0) {
        return keys_complain(error, "%s: this is a public key: the secret one is wanted (%.*s.key)",
                             path, (int)len - 4, path);
    }
    return keys_complain(error, "%s: this is a public key: the secret one is wanted", path);
}

static bool take_secret(int fd, const char *path, const struct stat *status, const char *passphrase,
                        size_t passphrase_len, struct trust_secret **out, enum trust_result *why,
                        struct keys_error *error)
{
    char *text = sodium_init() < 0 ? NULL : sodium_malloc(TRUST_KEY_TEXT_MAX + 1);
    if (text == NULL) {
        *why = TRUST_NO_MEMORY;
        return keys_complain(error, "%s: %s", path, trust_result_text(*why));
    }
    bool done = false;
    struct trust_public_key public;
    ssize_t got = read_all(fd, path, text, TRUST_KEY_TEXT_MAX + 1, error);
    if (got >= 0 && trust_public_key_read(text, (size_t)got, &public) == TRUST_OK) {
        (void)refuse_public(path, error); /* whatever its mode, which others may well read */
    } else if (got >= 0 && judge_owner(path, status, error)) {
        /* longer than TRUST_KEY_TEXT_MAX is malformed, and found so */
        *why = trust_secret_read(text, (size_t)got, passphrase, passphrase_len, out);
        done = *why == TRUST_OK || keys_complain(error, "%s: %s", path, trust_result_text(*why));
    }
    sodium_free(text);
    return done;
}

bool keys_load_secret(const char *path, const char *passphrase, size_t passphrase_len,
                      struct trust_secret **out, enum trust_result *why, struct keys_error *error)
{
    struct stat status;
    *why = TRUST_OK;
    int fd = open_regular(path, O_NOFOLLOW, &status, error);
    if (fd < 0) {
        return false;
    }
    bool done = take_secret(fd, path, &status, passphrase, passphrase_len, out, why, error);
    close(fd);
    return done;
}

bool keys_load_public(const char *path_or_text, struct trust_public_key *out,
                      struct keys_error *error)
{
    if (strlen(path_or_text) == TRUST_PUBLIC_TEXT_SIZE - 1 &&
        trust_public_key_read(path_or_text, TRUST_PUBLIC_TEXT_SIZE - 1, out) == TRUST_OK) {
        return true;
    }
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (!keys_load_file(path_or_text, TRUST_KEY_TEXT_MAX, &bytes, &size, error)) {
        return false;
    }
    enum trust_result result = trust_public_key_read((const char *)bytes, size, out);
    free(bytes);
    return result == TRUST_OK ||
           keys_complain(error, "%s: not a minisign public key (a .pub file, or its 56 characters)",
                         path_or_text);
}
