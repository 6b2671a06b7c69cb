/* mqtt over TLS to a real mosquitto, with authorities of our own: who is let in, and who is not. */
#include "check.h"

#include "mqtt/mqtt.h"
#include "real_broker.h"

static void shell(const char *command)
{
    if (system(command) != 0) {
        print_error("failed: %s\n", command);
        fail();
    }
}

/* Two authorities; from the first: a good certificate, one for another name, one that has expired,
 * one for a client. */
static int make_certificates(void **state)
{
    (void)state;
    shell("for ca in good other; do openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
          "-nodes -keyout $ca-ca.key -out $ca-ca.pem -days 2 -subj /CN=$ca 2>>openssl.log; done");
    shell(
        "issue() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $1.key "
        "-out $1.csr -subj /CN=$1 2>>openssl.log && printf 'subjectAltName=%s' \"$2\" >$1.ext && "
        "openssl x509 -req -in $1.csr -CA good-ca.pem -CAkey good-ca.key -CAcreateserial "
        "-out $1.pem -extfile $1.ext $3 2>>openssl.log; };"
        "issue good DNS:localhost '-days 1' && issue elsewhere DNS:elsewhere.example '-days 1' && "
        "issue expired DNS:localhost '-days -1' && issue client DNS:client '-days 1'");
    shell(
        "issue_early() { : >index.txt; echo 01 >serial; printf 'subjectAltName=DNS:localhost' "
        ">early.ext; openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "
        "early.key -out early.csr -subj /CN=early 2>>openssl.log && printf "
        "'[ca]\\ndefault_ca=d\\n[d]"
        "\\ndatabase=index.txt\\nserial=serial\\nnew_certs_dir=.\\ndefault_md=sha256\\npolicy=p\\n["
        "p]"
        "\\ncommonName=supplied\\n' >ca.cnf && openssl ca -batch -config ca.cnf -in early.csr -out "
        "early.pem -cert good-ca.pem -keyfile good-ca.key -notext -extfile early.ext -startdate "
        "$(date -u -d +1day +%Y%m%d%H%M%SZ) -enddate $(date -u -d +2days +%Y%m%d%H%M%SZ) "
        "2>>openssl.log; }; issue_early");
    shell(": >empty.pem; chmod 644 *.key");
    return 0;
}

struct ear {
    uv_loop_t loop;
    struct mqtt *mqtt;
    int connections, losses, messages;
    bool is_closed;
    char why[160];
};

/* Why the last one was not let in, and who judges dates when. */
static char last_why[160];
static const char *least_s;

static void on_connected(void *context, struct mqtt *mqtt)
{
    (void)mqtt;
    ((struct ear *)context)->connections++;
}

static void on_lost(void *context, struct mqtt *mqtt, const char *why)
{
    (void)mqtt;
    struct ear *ear = context;
    ear->losses++;
    snprintf(ear->why, sizeof ear->why, "%s", why);
}

static void on_message(void *context, struct mqtt *mqtt, const struct mqtt_message *message)
{
    (void)mqtt;
    (void)message;
    ((struct ear *)context)->messages++;
}

static void on_closed(void *context)
{
    ((struct ear *)context)->is_closed = true;
}

static bool has_outcome(void *context)
{
    struct ear *ear = context;
    return ear->connections > 0 || ear->losses > 0;
}

static bool has_all(void *context)
{
    return ((struct ear *)context)->messages >= 300;
}

static bool has_closed(void *context)
{
    return ((struct ear *)context)->is_closed;
}

/* Whether the broker is accepted (and accepts) with these options. */
static bool enters(const struct real_broker *broker, const char *ca, bool with_certificate,
                   bool and_listens)
{
    struct ear ear = {0};
    uv_loop_init(&ear.loop);
    char url[64];
    snprintf(url, sizeof url, "mqtts://localhost:%d", broker->port);
    const char *why = NULL;
    const struct mqtt_login login = {
        .ca_file = ca,
        .cert_file = with_certificate ? "client.pem" : NULL,
        .key_file = with_certificate ? "client.key" : NULL,
        .least_s = least_s,
    };
    ear.mqtt = mqtt_new(
        &ear.loop,
        &(struct mqtt_options){
            .url = url,
            .login = &login,
            .use_v5 = true,
        },
        &(struct mqtt_handlers){
            .connected = on_connected, .lost = on_lost, .message = on_message, .context = &ear},
        &why);
    assert_non_null(ear.mqtt);
    assert_true(mqtt_subscribe(ear.mqtt, "x/tick", 0));
    assert_true(real_run_until(&ear.loop, has_outcome, &ear));
    bool entered = ear.connections > 0;
    if (entered && and_listens) {
        /* More than one TLS record holds, so that bytes wait inside the library while the socket is
         * dry; all must come without another packet to wake them. */
        static uint8_t payload[200];
        for (int i = 0; i < 300; i++) {
            assert_true(mqtt_publish(ear.mqtt, "x/tick", payload, sizeof payload, 0, false, 0));
        }
        assert_true(real_run_until(&ear.loop, has_all, &ear));
        assert_int_equal(ear.losses, 0);
    }
    strcpy(last_why, ear.why);
    mqtt_close(ear.mqtt, on_closed, &ear);
    assert_true(real_run_until(&ear.loop, has_closed, &ear));
    uv_run(&ear.loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&ear.loop), 0);
    return entered;
}

static struct real_broker start(const char *certificate, const char *more)
{
    struct real_broker broker = {0};
    snprintf(broker.extra, sizeof broker.extra, "certfile %s.pem\nkeyfile %s.key\n%s", certificate,
             certificate, more);
    assert_true(real_broker_start(&broker));
    return broker;
}

static void the_right_authority_and_name_are_let_in(void **state)
{
    (void)state;
    struct real_broker broker = start("good", "");
    assert_true(enters(&broker, "good-ca.pem", false, true));
    real_broker_stop(&broker, SIGTERM);
}

static void assert_refused(const struct real_broker *broker, const char *ca, const char *words)
{
    assert_false(enters(broker, ca, false, false));
    if (strstr(last_why, words) == NULL) {
        print_error("\"%s\" is not in \"%s\"\n", words, last_why);
        fail();
    }
}

static void every_other_broker_is_refused_for_its_own_reason(void **state)
{
    (void)state;
    struct real_broker broker = start("good", "");
    assert_refused(&broker, "other-ca.pem", "--ca FILE");
    assert_refused(&broker, "empty.pem", "TLS files cannot be used");
    assert_refused(&broker, "missing.pem", "TLS files cannot be used");
    assert_refused(&broker, NULL, "--ca FILE"); /* the system's authorities know it not */
    real_broker_stop(&broker, SIGTERM);
    static const char *const bad[][2] = {{"elsewhere", "another name than localhost"},
                                         {"expired", "expired on 20"},
                                         {"early", "not valid before 20"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        broker = start(bad[i][0], "");
        assert_refused(&broker, "good-ca.pem", bad[i][1]);
        real_broker_stop(&broker, SIGTERM);
    }
    struct real_broker plain = {0};
    assert_true(real_broker_start(&plain));
    assert_refused(&plain, "good-ca.pem", "no TLS is spoken there");
    real_broker_stop(&plain, SIGTERM);
}

/* A board that wakes in 1970 must be able to hear what puts its clock right. */
static void with_a_clock_that_nothing_vouches_for_dates_are_judged_by_what_is_known(void **state)
{
    (void)state;
    char now[MQTT_SECONDS_SIZE];
    snprintf(now, sizeof now, "%lld", (long long)time(NULL));
    struct real_broker broker = start("early", "");
    least_s = now;
    assert_true(enters(&broker, "good-ca.pem", false, true));
    assert_refused(&broker, "other-ca.pem", "--ca FILE"); /* nothing else is forgiven */
    real_broker_stop(&broker, SIGTERM);
    broker = start("expired", "");
    assert_refused(&broker, "good-ca.pem", "expired on 20");
    least_s = "1793491200"; /* 2026-11-01: it may be earlier than the host believes */
    assert_true(enters(&broker, "good-ca.pem", false, false));
    least_s = NULL;
    real_broker_stop(&broker, SIGTERM);
}

static void a_broker_may_ask_for_our_certificate(void **state)
{
    (void)state;
    struct real_broker broker = start("good", "cafile good-ca.pem\nrequire_certificate true\n");
    assert_refused(&broker, "good-ca.pem", "--cert and --cert-key");
    assert_true(enters(&broker, "good-ca.pem", true, true));
    real_broker_stop(&broker, SIGTERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_authority_and_name_are_let_in),
        cmocka_unit_test(every_other_broker_is_refused_for_its_own_reason),
        cmocka_unit_test(with_a_clock_that_nothing_vouches_for_dates_are_judged_by_what_is_known),
        cmocka_unit_test(a_broker_may_ask_for_our_certificate),
    };
    return cmocka_run_group_tests(tests, make_certificates, NULL);
}
