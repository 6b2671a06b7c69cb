/* mqtt/tls.h -- inside of mqtt: who a broker must be, and why it is not believed.  OpenSSL knows
 * the reason, libmosquitto keeps it to itself. */
#ifndef MQTT_TLS_H
#define MQTT_TLS_H

#include <stddef.h>

#include "mqtt/options.h"

struct tls;

/* A client's context for one host: TLS 1.2 or later, a chain to an authority of login's, the host's
 * name or address in the certificate, and its dates as login wants them judged.  NULL when the
 * files cannot be used. */
struct tls *tls_new(const struct mqtt_login *login, const char *host);

/* Lets go of it: connections that use it go on. */
void tls_free(struct tls *tls);

/* An SSL_CTX, for MOSQ_OPT_SSL_CTX. */
void *tls_context(const struct tls *tls);

/* Why the last handshake failed, with the remedy; false when it did not, as far as is known. */
bool tls_why(const struct tls *tls, char *out, size_t size);

#endif
