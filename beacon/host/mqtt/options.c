#include "mqtt/options.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "say/say.h"
#include "say/set.h"
#include "text/text.h"

enum {
    OPTION_PASSWORD_FD = 0x20000,
    OPTION_PASSWORD_FILE,
    DESCRIPTOR_MAX = 1 << 20,
};

_Static_assert(offsetof(struct mqtt_login, read) == MQTT_LOGIN_TEXTS * sizeof(const char *),
               "MQTT_LOGIN_TEXTS counts the texts of a login, each of which is a pointer");

static const struct argp_option table[] = {
    {"ca", SAY_SETS(mqtt_login, ca_file), "FILE", 0,
     "who vouches for mqtts brokers (default: the system's)", 0},
    {"cert", SAY_SETS(mqtt_login, cert_file), "FILE", 0, "our certificate for them", 0},
    {"cert-key", SAY_SETS(mqtt_login, key_file), "FILE", 0, "and its key", 0},
    {"user", SAY_SETS(mqtt_login, user), "NAME", 0, "our name at the brokers", 0},
    {"password-fd", OPTION_PASSWORD_FD, "N", 0, "descriptor from which to read our password", 0},
    {"password-file", OPTION_PASSWORD_FILE, "FILE", 0, "or the file that begins with it", 0},
    {0},
};

static void take_password(int fd, const char *option, const char *value, struct mqtt_login *login)
{
    struct keys_error why;
    passphrase_free(&login->read);
    if (!passphrase_read(fd, &login->read, &why)) {
        say_misuse("%s %s: %s", option, value, why.message);
    }
    login->password = login->read.text;
}

static void read_password(const char *value, struct mqtt_login *login)
{
    uint32_t fd;
    if (!text_read_number(text_of(value), DESCRIPTOR_MAX, &fd)) {
        say_misuse("--password-fd %s: give the number of an open descriptor", value);
    }
    take_password((int)fd, "--password-fd", value, login);
}

void mqtt_login_take_file(struct mqtt_login *login, const char *option, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        say_misuse("%s %s: %s", option, path, strerror(errno));
    }
    take_password(fd, option, path, login);
    close(fd);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct mqtt_login *login = state->input;
    switch (key) {
    case OPTION_PASSWORD_FD:
        read_password(value, login);
        return 0;
    case OPTION_PASSWORD_FILE:
        mqtt_login_take_file(login, "--password-file", value);
        return 0;
    case ARGP_KEY_END:
        if ((login->cert_file == NULL) != (login->key_file == NULL)) {
            say_misuse("--cert and --cert-key belong together");
        }
        if (login->password != NULL && login->user == NULL) {
            say_misuse("--password-fd and --password-file need --user");
        }
        return 0;
    default:
        return say_set(key, value, state);
    }
}

const struct argp mqtt_argp = {.options = table, .parser = parse};

void mqtt_login_free(struct mqtt_login *login)
{
    passphrase_free(&login->read);
}
