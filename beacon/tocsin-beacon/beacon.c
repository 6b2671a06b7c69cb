/* tocsin-beacon -- counts down, signed, to the windows of a constellation. */
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "keys/keys.h"
#include "sandbox/sandbox.h"
#include "say/say.h"
#include "service/service.h"
#include "tocsin-beacon/beacon.h"
#include "tocsin-beacon/clocks.h"
#include "tocsin-beacon/options.h"
#include "tocsin-beacon/recorder.h"
#include "tocsin-beacon/records.h"
#include "tocsin-beacon/rehearse.h"
#include "tocsin-beacon/run.h"

/* A hostile broker may announce 256 MiB, which libmosquitto would take; a store that is filled to
 * the brim takes 200. */
static const size_t memory_max = (size_t)256 << 20;

static struct trust_secret *load_key(const char *path)
{
    struct trust_secret *secret;
    enum trust_result why;
    struct keys_error error;
    if (keys_load_secret(path, NULL, 0, &secret, &why, &error)) {
        return secret;
    }
    if (why == TRUST_SEALED) {
        say_error("%s is sealed with a passphrase: a beacon runs unattended and takes an unsealed "
                  "key (`tocsin key new NAME --unsealed`)",
                  path);
    } else {
        say_error("%s", error.message);
    }
    return NULL;
}

static void keep_memory_to_ourselves(void)
{
    sandbox_keep_to_itself();
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    (void)mqtt_bound_memory(memory_max);
#else
    (void)memory_max;
#endif
}

/* Running and rehearsing see the same records. */
static int serve(const struct options *options, const struct leap_table *leap,
                 struct records *records, const struct trust_secret *secret, struct flight *flight)
{
    struct record_public_key key;
    int exit_code = records_open(records, options->root, options->store);
    utc now = options->has_at ? options->at : clocks_read(leap).utc;
    trust_secret_public(secret, &key);
    if (exit_code != EXIT_DONE || !records_choose(records, options->root, &key, now, &exit_code)) {
        return exit_code;
    }
    records_introduce(records);
    if (options->is_rehearsal) {
        return rehearse(options, leap, records, secret);
    }
    recorder_begin(flight, &records->root, options->cadence);
    return run(options, leap, records, secret, flight);
}

/* The key is opened before the records: one that cannot be used is told before the store is
 * touched. */
int beacon_main(int argc, char **argv)
{
    struct options options;
    options_read(argc, argv, &options);
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGXFSZ, SIG_IGN); /* a limit on files is an error to tell, not a way to die */
    service_open();
    if (sodium_init() < 0) {
        return say_outside("libsodium does not start: is there no /dev/urandom?");
    }
    keep_memory_to_ourselves();
    const char *pretence;
    if (!clocks_begin(&pretence)) {
        return say_usage("%s", pretence);
    }
    if (pretence != NULL) {
        say_error("%s", pretence);
    }
    if (options.has_clock_error) {
        clocks_vouch(options.clock_error);
    }
    const struct leap_table *leap = clock_leap();
    int exit_code = EXIT_USAGE;
    struct trust_secret *secret = load_key(options.key);
    struct flight *flight = NULL;
    struct records records;
    char why[FLIGHT_WHY_SIZE];
    if (secret == NULL) {
        goto undo_options;
    }
    if (options.log != NULL && !options.is_rehearsal && options.replay == NULL &&
        !flight_open(options.log, RECORDER_PROGRAM, &flight, why)) {
        exit_code = say_outside("--log %s: %s", options.log, why);
        goto undo_secret;
    }
    if (!records_init(&records, leap)) {
        exit_code = say_outside("out of memory");
    } else if (options.replay != NULL) {
        exit_code = recorder_replay(options.replay, leap, &records, secret);
    } else {
        records.replica.tell = flight != NULL ? flight_came : NULL;
        records.replica.tell_context = flight;
        exit_code = serve(&options, leap, &records, secret, flight);
    }
    records_close(&records);
    if (!flight_close(flight)) {
        say_error("--log %s: the end of it could not be written", options.log);
    }

undo_secret:
    trust_secret_free(secret);
undo_options:
    mqtt_login_free(&options.login);
    return exit_code;
}
