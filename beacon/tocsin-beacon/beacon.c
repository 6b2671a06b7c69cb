/* tocsin-beacon -- counts down, signed, to the windows of a constellation. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "clock/clock.h"
#include "keys/keys.h"
#include "say/say.h"
#include "tocsin-beacon/beacon.h"
#include "tocsin-beacon/clocks.h"
#include "tocsin-beacon/flight.h"
#include "tocsin-beacon/options.h"
#include "tocsin-beacon/records.h"
#include "tocsin-beacon/rehearse.h"
#include "tocsin-beacon/run.h"

/* A hostile broker may announce 256 MiB; libmosquitto would take them. */
static const size_t memory_max = (size_t)64 << 20;

static struct trust_secret *load_key(const char *path)
{
    struct trust_secret *secret;
    enum trust_result why;
    struct keys_error error;
    if (!keys_load_secret(path, NULL, 0, &secret, &why, &error)) {
        if (why == TRUST_SEALED) {
            say_error("%s is sealed with a passphrase: a beacon runs unattended and takes an "
                      "unsealed key (`tocsin key new NAME --unsealed`)",
                      path);
        } else {
            say_error("%s", error.message);
        }
        return NULL;
    }
    return secret;
}

/* The key is in memory: no core file may hold it. */
static void keep_memory_to_ourselves(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    (void)mqtt_bound_memory(memory_max);
#else
    (void)memory_max;
#endif
}

/* The key is opened before the records: one that cannot be used is told before the store is
 * touched.  Running, rehearsing and replaying differ only in the function at the end, so that all
 * three see the same records. */
int beacon_main(int argc, char **argv)
{
    struct options options;
    options_read(argc, argv, &options);
    setvbuf(stdout, NULL, _IOLBF, 0);
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
    struct records records;
    struct record_public_key key;
    utc now;
    if (secret == NULL) {
        goto undo_options;
    }
    if (!records_open(&records, options.root, options.store, leap, &exit_code)) {
        goto undo_secret;
    }
    exit_code = EXIT_OUTSIDE;
    trust_secret_public(secret, &key);
    now = options.has_at ? options.at : clocks_read(leap).utc;
    if (records_load(&records) && records_choose(&records, options.root, &key, now, &exit_code)) {
        records_introduce(&records);
        exit_code = (options.replay != NULL ? flight_replay
                     : options.is_rehearsal ? rehearse
                                            : run)(&options, leap, &records, secret);
    }
    records_close(&records);

undo_secret:
    trust_secret_free(secret);
undo_options:
    mqtt_login_free(&options.login);
    return exit_code;
}
