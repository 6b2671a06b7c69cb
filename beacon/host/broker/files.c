#include "broker/files.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {"mosquitto.conf", "access", "users"};

/* Mosquitto started by root becomes another user before it reads its files. */
static const struct passwd *other_user(void)
{
    if (geteuid() != 0) {
        return NULL;
    }
    const struct passwd *user = getpwnam("mosquitto");
    return user != NULL ? user : getpwnam("nobody");
}

static bool complain(char error[static 256], const char *what, const char *path)
{
    snprintf(error, 256, "cannot %s %.150s: %s", what, path, strerror(errno));
    return false;
}

/* Whether another user comes there: every folder on the way lets all pass. */
static bool is_open_to_others(const char *path)
{
    char folder[BROKER_PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    struct stat status;
    bool is_open = stat(folder, &status) == 0 && (status.st_mode & S_IROTH) != 0;
    for (char *slash; is_open && (slash = strrchr(folder, '/')) != NULL && slash != folder;) {
        *slash = '\0';
        is_open = stat(folder, &status) == 0 && (status.st_mode & S_IXOTH) != 0;
    }
    return is_open;
}

/* Beside our own program, where it is installed and where it was built. */
bool broker_guard(char out[static BROKER_PATH_MAX])
{
    char program[BROKER_PATH_MAX], path[2 * BROKER_PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    program[size > 0 ? size : 0] = '\0';
    char *slash = strrchr(program, '/');
    out[0] = '\0';
    if (slash == NULL) {
        return false;
    }
    *slash = '\0';
    snprintf(path, sizeof path, "%s/../" BROKER_LIBRARIES "/tocsin-guard.so", program);
    char *real = realpath(path, NULL);
    if (real != NULL && strlen(real) < BROKER_PATH_MAX && access(real, R_OK) == 0 &&
        (other_user() == NULL || is_open_to_others(real))) {
        strcpy(out, real);
    }
    free(real);
    return out[0] != '\0';
}

bool broker_files_make(struct broker_files *files, char error[static 256])
{
    (void)broker_guard(files->guard);
    /* Another user cannot reach into root's own runtime folders. */
    const struct passwd *user = other_user();
    const char *base = user == NULL ? getenv("RUNTIME_DIRECTORY") : NULL;
    if (base == NULL || strchr(base, ':') != NULL) {
        base = user == NULL ? getenv("XDG_RUNTIME_DIR") : NULL;
    }
    if (base == NULL || access(base, W_OK) != 0) {
        base = "/tmp";
    }
    char dir[BROKER_PATH_MAX];
    int len = snprintf(dir, sizeof dir, "%s/tocsin-broker-XXXXXX", base);
    if (len < 0 || (size_t)len >= sizeof dir - 32 || mkdtemp(dir) == NULL) {
        return complain(error, "make a folder in", base);
    }
    memcpy(files->dir, dir, sizeof dir);
    uint8_t random[(BROKER_PASSWORD_SIZE - 1) / 2];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(files->password, sizeof files->password, random, sizeof random);
    sodium_memzero(random, sizeof random);
    if (user != NULL && chown(dir, user->pw_uid, user->pw_gid) != 0) {
        return complain(error, "give away", dir);
    }
    return true;
}

/* PBKDF2 (RFC 8018, 5.2) with HMAC-SHA-512, one block: what mosquitto's password file holds. */
static void stretch(const char *password, const uint8_t *salt, size_t salt_size, int rounds,
                    uint8_t out[static 64])
{
    static const uint8_t first_block[4] = {0, 0, 0, 1};
    uint8_t round[64];
    crypto_auth_hmacsha512_state state;
    const uint8_t *key = (const uint8_t *)password;
    crypto_auth_hmacsha512_init(&state, key, strlen(password));
    crypto_auth_hmacsha512_update(&state, salt, salt_size);
    crypto_auth_hmacsha512_update(&state, first_block, sizeof first_block);
    crypto_auth_hmacsha512_final(&state, round);
    memcpy(out, round, 64);
    for (int i = 1; i < rounds; i++) {
        crypto_auth_hmacsha512_init(&state, key, strlen(password));
        crypto_auth_hmacsha512_update(&state, round, sizeof round);
        crypto_auth_hmacsha512_final(&state, round);
        for (size_t b = 0; b < 64; b++) {
            out[b] ^= round[b];
        }
    }
}

static bool write_file(const struct broker_files *files, const char *name, char error[static 256],
                       const char *format, ...) __attribute__((format(printf, 4, 5)));

static bool write_file(const struct broker_files *files, const char *name, char error[static 256],
                       const char *format, ...)
{
    char path[BROKER_PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/%s", files->dir, name);
    /* Made anew each time: as another user's file it could not be opened again. */
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return complain(error, "write", path);
    }
    va_list arguments;
    va_start(arguments, format);
    bool done = vdprintf(fd, format, arguments) >= 0;
    va_end(arguments);
    const struct passwd *user = other_user();
    if (user != NULL && fchown(fd, user->pw_uid, user->pw_gid) != 0) {
        done = false;
    }
    done = close(fd) == 0 && done;
    return done || complain(error, "write", path);
}

/* Everybody may listen, nobody but the beacon may speak: what keeps strangers from flooding a
 * public port is written here and nowhere else, and made anew at each start with a password of that
 * start. */
bool broker_files_write(const struct broker_files *files, const char *ask_topic, int port,
                        int websockets_port, char error[static 256])
{
    enum { ROUNDS = 101 }; /* mosquitto's own count; the password is 256 random bits */
    uint8_t salt[12], hash[64];
    char salt_text[24], hash_text[96];
    randombytes_buf(salt, sizeof salt);
    stretch(files->password, salt, sizeof salt, ROUNDS, hash);
    sodium_bin2base64(salt_text, sizeof salt_text, salt, sizeof salt,
                      sodium_base64_VARIANT_ORIGINAL);
    sodium_bin2base64(hash_text, sizeof hash_text, hash, sizeof hash,
                      sodium_base64_VARIANT_ORIGINAL);
    char websockets[96] = "";
    if (websockets_port != 0) {
        snprintf(websockets, sizeof websockets, "listener %d 127.0.0.1\nprotocol websockets\n",
                 websockets_port);
    }
    char guard_line[BROKER_PATH_MAX + 16] = "";
    if (files->guard[0] != '\0') {
        snprintf(guard_line, sizeof guard_line, "plugin %s\n", files->guard);
    }
    const struct passwd *user = other_user();
    char user_line[64] = "";
    if (user != NULL) {
        snprintf(user_line, sizeof user_line, "user %.40s\n", user->pw_name);
    }
    return write_file(files, "users", error, BROKER_USER ":$7$%d$%s$%s\n", ROUNDS, salt_text,
                      hash_text) &&
           write_file(files, "access", error,
                      "# Whoever comes without a name listens, and may ask the beacon.\n"
                      "topic read tocsin/1/+/tick/+\n"
                      "topic read tocsin/1/+/records/+\n"
                      "topic read tocsin/1/+/status/+\n"
                      "topic write %s\n"
                      "topic read %s/answer/+\n"
                      "\n"
                      "user " BROKER_USER "\n"
                      "topic readwrite tocsin/1/#\n",
                      ask_topic, ask_topic) &&
           write_file(files, "mosquitto.conf", error,
                      "%s%s"
                      "listener %d 127.0.0.1\n"
                      "%s"
                      "allow_anonymous true\n"
                      "password_file %s/users\n"
                      "acl_file %s/access\n"
                      "persistence false\n"
                      "queue_qos0_messages false\n"
                      "max_packet_size 270336\n"
                      "max_queued_messages 64\n"
                      "memory_limit 268435456\n"
                      "persistent_client_expiration 1h\n"
                      "set_tcp_nodelay true\n"
                      "sys_interval 0\n"
                      "connection_messages false\n"
                      "log_dest stderr\n"
                      "log_type error\nlog_type warning\nlog_type notice\nlog_type information\n",
                      user_line, guard_line, port, websockets, files->dir, files->dir);
}

bool broker_files_user(char reuid[static 64], char regid[static 64])
{
    const struct passwd *user = other_user();
    if (user == NULL) {
        return false;
    }
    snprintf(reuid, 64, "--reuid=%lu", (unsigned long)user->pw_uid);
    snprintf(regid, 64, "--regid=%lu", (unsigned long)user->pw_gid);
    return true;
}

void broker_files_remove(struct broker_files *files)
{
    if (files->dir[0] == '\0') {
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[BROKER_PATH_MAX + 32];
        snprintf(path, sizeof path, "%s/%s", files->dir, names[i]);
        unlink(path);
    }
    rmdir(files->dir);
    files->dir[0] = '\0';
    sodium_memzero(files->password, sizeof files->password);
}
