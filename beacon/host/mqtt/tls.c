#include "mqtt/tls.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 160 };

/* What a handshake came to; it belongs to the context, as connections may outlive us. */
struct verdict {
    pthread_mutex_t lock; /* handshakes begin on a thread of libmosquitto's connect */
    char why[TEXT_SIZE];  /* "": nothing is known */
    char host[TEXT_SIZE];
    bool ignores_beginning; /* of a certificate */
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int verdict_index;

static void free_verdict(void *parent, void *pointer, CRYPTO_EX_DATA *data, int index,
                         long argument, void *context)
{
    (void)parent;
    (void)data;
    (void)index;
    (void)argument;
    (void)context;
    struct verdict *verdict = pointer;
    if (verdict != NULL) {
        pthread_mutex_destroy(&verdict->lock);
        free(verdict);
    }
}

static void take_index(void)
{
    verdict_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, free_verdict);
}

static struct verdict *verdict_of(const SSL *ssl)
{
    return SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), verdict_index);
}

/* The first reason is the cause. */
static void conclude(struct verdict *verdict, const char *why)
{
    pthread_mutex_lock(&verdict->lock);
    if (verdict->why[0] == '\0') {
        snprintf(verdict->why, sizeof verdict->why, "%s", why);
    }
    pthread_mutex_unlock(&verdict->lock);
}

/* "2026-11-29" */
static void write_date(const ASN1_TIME *time, char out[static 16])
{
    struct tm date = {0};
    if (time == NULL || ASN1_TIME_to_tm(time, &date) != 1 ||
        strftime(out, 16, "%Y-%m-%d", &date) == 0) {
        strcpy(out, "?");
    }
}

/* OpenSSL has many reasons, and people can do one thing about several of them.  Where a date is the
 * reason, the clock of this host may be as wrong as the certificate, and both are named. */
static void explain(struct verdict *verdict, int error, const X509 *certificate)
{
    char text[TEXT_SIZE], date[16];
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        write_date(X509_get0_notAfter(certificate), date);
        snprintf(text, sizeof text,
                 "TLS failed: a certificate expired on %s: the broker needs a new one, unless this "
                 "host's clock is ahead",
                 date);
        break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        write_date(X509_get0_notBefore(certificate), date);
        snprintf(text, sizeof text,
                 "TLS failed: a certificate is not valid before %s: is this host's clock behind?",
                 date);
        break;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        snprintf(text, sizeof text,
                 "TLS failed: the certificate is for another name than %.60s: give the name that "
                 "is in it",
                 verdict->host);
        break;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        snprintf(text, sizeof text,
                 "TLS failed: no authority that is trusted here vouches for the broker: give its "
                 "own with --ca FILE");
        break;
    default:
        snprintf(text, sizeof text, "TLS failed: %.120s", X509_verify_cert_error_string(error));
        break;
    }
    conclude(verdict, text);
}

/* OpenSSL asks at each certificate and each fault. */
static int judge(int is_good, X509_STORE_CTX *store)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct verdict *verdict = verdict_of(ssl);
    int error = X509_STORE_CTX_get_error(store);
    if (is_good) {
        return 1;
    }
    if (error == X509_V_ERR_CERT_NOT_YET_VALID && verdict->ignores_beginning) {
        X509_STORE_CTX_set_error(store, X509_V_OK);
        return 1;
    }
    explain(verdict, error, X509_STORE_CTX_get_current_cert(store));
    return 0;
}

/* How a handshake ends that never came to certificates. */
static void watch(const SSL *ssl, int where, int result)
{
    struct verdict *verdict = verdict_of(ssl);
    if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT) {
        char text[TEXT_SIZE];
        snprintf(text, sizeof text,
                 "TLS failed: the broker says \"%.60s\": does it ask for --cert and --cert-key?",
                 SSL_alert_desc_string_long(result));
        if (result >> 8 == SSL3_AL_FATAL) {
            conclude(verdict, text);
        }
        return;
    }
    int reason = ERR_GET_REASON(ERR_peek_error());
    bool is_other = reason == SSL_R_WRONG_VERSION_NUMBER ||
                    reason == SSL_R_PACKET_LENGTH_TOO_LONG || reason == SSL_R_HTTP_REQUEST ||
                    reason == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    if ((where & SSL_CB_EXIT) != 0 && result <= 0 && is_other) {
        conclude(verdict, "TLS failed: no TLS is spoken there: another port, or mqtt:// instead?");
    }
}

/* By name, or by address where it is one. */
static bool expect_host(X509_VERIFY_PARAM *wanted, const char *host)
{
    uint8_t address[sizeof(struct in6_addr)];
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1) {
        return X509_VERIFY_PARAM_set1_ip_asc(wanted, host) == 1;
    }
    return X509_VERIFY_PARAM_set1_host(wanted, host, 0) == 1;
}

/* libmosquitto says of Debian's folder of authorities what OpenSSL calls the default one. */
static bool load_files(SSL_CTX *context, const struct mqtt_login *login)
{
    bool done = login->ca_file != NULL
                    ? SSL_CTX_load_verify_locations(context, login->ca_file, NULL) == 1
                    : SSL_CTX_set_default_verify_paths(context) == 1;
    if (done && login->cert_file != NULL) {
        const char *key = login->key_file != NULL ? login->key_file : login->cert_file;
        done = SSL_CTX_use_certificate_chain_file(context, login->cert_file) == 1 &&
               SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1 &&
               SSL_CTX_check_private_key(context) == 1;
    }
    ERR_clear_error();
    return done;
}

SSL_CTX *tls_new(const struct mqtt_login *login, const char *host)
{
    pthread_once(&once, take_index);
    struct verdict *verdict = calloc(1, sizeof *verdict);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (verdict == NULL || context == NULL) {
        free(verdict);
        goto undo;
    }
    pthread_mutex_init(&verdict->lock, NULL);
    snprintf(verdict->host, sizeof verdict->host, "%s", host);
    verdict->ignores_beginning = login->least_s != NULL;
    if (SSL_CTX_set_ex_data(context, verdict_index, verdict) != 1) {
        free_verdict(NULL, verdict, NULL, 0, 0, NULL);
        goto undo;
    }
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        !expect_host(SSL_CTX_get0_param(context), host) || !load_files(context, login)) {
        goto undo;
    }
    if (login->least_s != NULL) {
        X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context),
                                   (time_t)strtoll(login->least_s, NULL, 10));
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, judge);
    SSL_CTX_set_info_callback(context, watch);
    return context;

undo:
    SSL_CTX_free(context);
    return NULL;
}

bool tls_why(const SSL_CTX *tls, char *out, size_t size)
{
    struct verdict *verdict = SSL_CTX_get_ex_data(tls, verdict_index);
    pthread_mutex_lock(&verdict->lock);
    bool is_known = verdict->why[0] != '\0';
    if (is_known) {
        snprintf(out, size, "%s", verdict->why);
    }
    pthread_mutex_unlock(&verdict->lock);
    return is_known;
}
