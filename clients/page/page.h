/* page/page.h -- the library as JavaScript wants it: milliseconds as numbers, and what comes back
 * as JSON.  Compiled to WebAssembly, mind.mjs is the only caller; the same code is compiled and
 * tested natively.
 *
 * Texts that are returned live until the next call, and are NULL only for want of memory. */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "libtocsin/tocsin.h"

/* Texts may be "": none.  zone: a TZif file, NULL for none; secret: 32 bytes, NULL for none; boot:
 * 16 bytes, NULL for none.  A page keeps its memory. */
struct tocsin *page_open(const char *languages, const char *place, const void *zone,
                         size_t zone_size, double latency_ms, const uint8_t *secret,
                         const uint8_t *boot);

bool page_move(struct tocsin *site, const char *languages, const char *place, const void *zone,
               size_t zone_size);

/* {"ok":true,"why":""}; id NULL: whichever root it is */
const char *page_anchor(struct tocsin *site, const char *id, const void *bytes, size_t size);

/* [{"id":,"words":,"name":,"version":,"threshold":,"organizers":}] */
const char *page_roots(const struct tocsin *site);

/* {"ok":true,"records":1,"signatures":2,"known":0,"refused":0}; records and signatures: new ones */
const char *page_put(struct tocsin *site, const void *bytes, size_t size);

/* What the clocks say at the calls that follow.  bound_ms below 0: nothing vouches for utc_ms. */
void page_clock(double mono_ms, double utc_ms, double bound_ms, double slept_ms);

bool page_heard(struct tocsin *site, unsigned broker, const char *topic, const void *bytes,
                size_t size, double arrived_ms, bool is_retained);
void page_link(struct tocsin *site, unsigned broker, bool is_up);

/* question: its 32 bytes */
void page_sent(struct tocsin *site, const uint8_t *question, double sent_ms);

/* The advice, with shots, news, questions, beacons and freshness; mind.mjs documents it. */
const char *page_think(struct tocsin *site);

/* {"topics":[{"name":,"qos":}],"brokers":[url],"windows":[...]}: they change when the advice says
 * so. */
const char *page_lists(struct tocsin *site);

#endif
