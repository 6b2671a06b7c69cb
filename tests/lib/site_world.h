/* site_world.h -- a constellation and a window, as bytes, and the library that is given them. */
#ifndef SITE_WORLD_H
#define SITE_WORLD_H

#include "forge.h"

#include "libtocsin/tocsin.h"
#include "stream/stream.h"

static const int64_t boot_ns = INT64_C(7000) * NS_PER_S; /* the monotonic clock at 12:00:00 */

static inline int64_t utc_of(const char *stamp)
{
    utc at;
    assert_true(stamp_read(stamp, strlen(stamp), &at));
    return at.ns;
}

/* The host's clocks `s` seconds after 12:00:00, its wall clock wrong by wrong_ns. */
static inline struct tocsin_clocks clocks_at(double s, int64_t wrong_ns, bool is_synchronised)
{
    int64_t ns = (int64_t)(s * 1e9);
    return (struct tocsin_clocks){.mono_ns = boot_ns + ns,
                                  .utc_ns = utc_of("2027-05-01T12:00:00Z") + ns + wrong_ns,
                                  .is_synchronised = is_synchronised,
                                  .bound_ns = 5 * NS_PER_MS};
}

struct bundle {
    uint8_t bytes[65536];
    size_t size;
};

static inline void bundle_add(struct bundle *bundle, const struct record *record,
                              const unsigned *signer)
{
    bundle->size +=
        stream_write_netstring(record->bytes, record->size, bundle->bytes + bundle->size);
    size_t count = 0;
    while (signer[count] != 0) {
        count++;
    }
    char digits[4];
    int len = snprintf(digits, sizeof digits, "%zu", count);
    bundle->size +=
        stream_write_netstring((const uint8_t *)digits, (size_t)len, bundle->bytes + bundle->size);
    for (size_t i = 0; i < count; i++) {
        struct trust_signature signature = forge_sign(record, signer[i]);
        char text[TRUST_SIGNATURE_TEXT_MAX];
        size_t size = trust_signature_write(&signature, text);
        bundle->size +=
            stream_write_netstring((const uint8_t *)text, size, bundle->bytes + bundle->size);
    }
}

struct constellation {
    struct record *root, *window;
    struct bundle anchor, records;
};

/* Two of three organizers decide; beacon 9; a minute of silence at 12:01:00, signed by `signer`. */
static inline void world_make(struct constellation *world, const unsigned *signer)
{
    *world = (struct constellation){0};
    world->root =
        forge_make_root((struct forge_root){.threshold = 2, .organizer = {1, 2, 3}, .beacon = {9}});
    world->window = forge_make_window(
        (struct forge_window){.root = world->root, .uid = 5, .at = {"2027 2027-05-01T12:01:00Z"}});
    bundle_add(&world->anchor, world->root, (unsigned[]){1, 2, 0});
    bundle_add(&world->records, world->window, signer);
}

static inline void world_free(struct constellation *world)
{
    record_free(world->root);
    record_free(world->window);
}

static inline struct tocsin *site_with(const struct tocsin_options *options,
                                       const struct constellation *world)
{
    struct tocsin *site = tocsin_new(options);
    char why[TOCSIN_WHY_SIZE];
    struct tocsin_counts counts;
    assert_non_null(site);
    assert_int_equal(tocsin_anchor(site, world->anchor.bytes, world->anchor.size, why), TOCSIN_OK);
    assert_int_equal(tocsin_records(site, world->records.bytes, world->records.size, &counts),
                     TOCSIN_OK);
    return site;
}

static inline struct tocsin *site_in(const struct constellation *world)
{
    return site_with(&(struct tocsin_options){0}, world);
}

#endif
