/* mqtt/tls.h -- inside of mqtt: who a broker must be, and why it is not believed.  OpenSSL knows
 * the reason, libmosquitto keeps it to itself. */
#ifndef MQTT_TLS_H
#define MQTT_TLS_H

#include <stddef.h>

#include <openssl/types.h>

#include "mqtt/options.h"

/* A client's context for one host: TLS 1.2 or later, a chain to an authority of login's, the host's
 * name or address in the certificate, and its dates as login wants them judged.  NULL when the
 * files cannot be used.  Connections that use it go on after SSL_CTX_free. */
SSL_CTX *tls_new(const struct mqtt_login *login, const char *host);

/* Why the last handshake failed, with the remedy; false when it did not, as far as is known. */
bool tls_why(const SSL_CTX *tls, char *out, size_t size);

#endif
