/* ticks/tick.h -- the countdown tick: its value, its exact bytes (tagged COSE_Sign1 over
 * deterministic CBOR: tocsin-ticks(5), TICKS), signing and verifying.  Allocates nothing; knows no
 * clock and no socket. */
#ifndef TICKS_TICK_H
#define TICKS_TICK_H

#include "records/record.h"
#include "trust/trust.h"

enum {
    TICK_SIZE_MAX = 1024,
    TICK_WINDOWS_MAX = 8,
    TICK_PREVIOUS_SIZE = 16,
    /* TAI - UTC in a tick: two bytes of CBOR, which is what keeps a tick of one window within the
     * 222 bytes of a LoRa frame at the maximum of every field. */
    TICK_TAI_MIN_S = -256,
    TICK_TAI_MAX_S = 255,
};

enum tick_state { TICK_COMING = 0, TICK_BEGUN = 1, TICK_ENDED = 2, TICK_CANCELLED = 3 };

struct tick_window {
    struct record_uid uid;
    uint8_t record[8]; /* first bytes of the record's id */
    bool has_t0;       /* false for a wave */
    utc t0;
    uint32_t duration_ms;
    enum tick_state state;
};

struct tick {
    uint8_t root[8];
    uint8_t session[8];
    uint32_t counter;
    utc time;
    bool has_error;
    int64_t error_ns;
    bool has_tai;
    int32_t tai_minus_utc_s;
    bool has_previous; /* false exactly at counter 0 */
    uint8_t previous[TICK_PREVIOUS_SIZE];
    uint32_t next_ms;
    size_t window_count;
    struct tick_window window[TICK_WINDOWS_MAX];
    bool has_echo; /* an answering tick (ticks/answer.h): it has an error, no windows, next 0 */
    uint8_t echo[32];
};

enum tick_result {
    TICK_OK = 0,
    TICK_MALFORMED,   /* not the one deterministic encoding of a tick */
    TICK_UNKNOWN_KEY, /* kid is none of the keys given */
    TICK_BAD_SIGNATURE,
};

const char *tick_result_text(enum tick_result result);

/* Signs; returns the length written, at most TICK_SIZE_MAX.  The tick must keep its own rules: time
 * within 1700 to 2250, counts and TAI - UTC within bounds, previous exactly from counter 1 on, an
 * echo only in an answering tick. */
size_t tick_write(const struct tick *tick, const struct trust_secret *secret,
                  uint8_t out[static TICK_SIZE_MAX]);

/* Reads the fixed shape, of TICK_SIZE_MAX bytes at most, and gives the key id and the payload's
 * place inside bytes, checking no signature: for choosing the key, and for the next tick's
 * `previous`. */
TOCSIN_MUST_USE enum tick_result tick_read(const uint8_t *bytes, size_t size, struct tick *out,
                                           struct record_key_id *kid, const uint8_t **payload,
                                           size_t *payload_size);

/* tick_read, then the signature under one of the keys: *signer is its index. */
TOCSIN_MUST_USE enum tick_result tick_verify(const uint8_t *bytes, size_t size,
                                             const struct record_public_key *key, size_t key_count,
                                             struct tick *out, size_t *signer);

/* What the following tick carries as `previous`: 16 bytes of BLAKE2b-256 of this tick's payload.
 * bytes must have been written by tick_write or accepted by tick_read. */
void tick_hash(const uint8_t *bytes, size_t size, uint8_t out[static TICK_PREVIOUS_SIZE]);

/* A tick beside its tick_hash. */
struct tick_hashed {
    const struct tick *tick;
    uint8_t hash[TICK_PREVIOUS_SIZE];
};

enum tick_lie {
    TICK_NO_LIE = 0,
    TICK_TWO_OF_ONE_NUMBER,
    TICK_FOLLOWS_ANOTHER, /* the second is numbered next after the first and names another */
};

/* What two ticks in this order prove of whoever signed both; they must be of one key, root and
 * session. */
enum tick_lie tick_lie(const struct tick_hashed *first, const struct tick_hashed *second);

#endif
