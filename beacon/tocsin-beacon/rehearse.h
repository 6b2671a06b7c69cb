/* tocsin-beacon/rehearse.h -- the real mind on a pretend clock: what would be sent, and when. */
#ifndef DAEMON_REHEARSE_H
#define DAEMON_REHEARSE_H

#include "tocsin-beacon/options.h"
#include "tocsin-beacon/records.h"

/* From --at (else from a little before the next moment) until ten seconds after that moment. */
int rehearse(const struct options *options, const struct leap_table *leap, struct records *records,
             const struct trust_secret *secret);

#endif
