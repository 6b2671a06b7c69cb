/* mqtt/options.h -- how we are known to brokers, and they to us: the same options for every
 * program, as an argp child.
 *
 *   static const struct argp_child children[] = {{&mqtt_argp, 0, "Brokers:", 3}, {0}};
 *
 * and in the program's own parser, at ARGP_KEY_INIT: state->child_inputs[0] = &mine.login, which is
 * all zero.  A new option has its row in options.c (and a case, where it does more than fill a
 * field), its field here, and its use in connection.c. */
#ifndef MQTT_OPTIONS_H
#define MQTT_OPTIONS_H

#include <argp.h>
#include <stddef.h>

#include "keys/passphrase.h"

enum { MQTT_LOGIN_TEXTS = 6, MQTT_SECONDS_SIZE = 24 };

struct mqtt_login {
    union {
        struct {                 /* NULL: none */
            const char *ca_file; /* who vouches for mqtts brokers; NULL: the system's CAs */
            const char *cert_file, *key_file;
            const char *user, *password;
            /* Nothing vouches for this host's clock: that a certificate begins later is not held
             * against it, and whether it has ended is judged at this time, the least that it can
             * be, in seconds since 1970.  NULL: dates are judged by the clock. */
            const char *least_s;
        };
        const char *text[MQTT_LOGIN_TEXTS]; /* the same, for whoever hands a login on */
    };
    struct passphrase
        read; /* owned: what --password-fd or -file gave, which password points into */
};

/* --ca --cert --cert-key --user --password-fd --password-file; what cannot be used ends the program
 * (say_misuse). */
extern const struct argp mqtt_argp;

/* Takes the password from the beginning of a file; option is what names it, in what is said before
 * the program ends where there is none. */
void mqtt_login_take_file(struct mqtt_login *login, const char *option, const char *path);

/* Wipes and frees the password; an empty login is fine. */
void mqtt_login_free(struct mqtt_login *login);

#endif
