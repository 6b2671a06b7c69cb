/* service/service.h -- what a daemon tells whoever supervises it: that it is ready, that its loop
 * turns, and a line for people.
 *
 * The protocol of sd_notify(3), which is a datagram to the socket that the environment names;
 * without one nothing is told.  Nothing here waits: a supervisor that does not read loses what is
 * told.
 *
 * Shell; its outside thing is that socket.  One a process. */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include "instants/instant.h"

enum { SERVICE_STATUS_SIZE = 400 };

/* Takes NOTIFY_SOCKET and WATCHDOG_USEC out of the environment, so that no child speaks for us. */
void service_open(void);

/* How long the loop may stand still before the supervisor ends us; 0: it does not look. */
span service_patience(void);

void service_ready(void);
void service_stopping(void);

/* A sign of life, from the loop that must not stand still; three in the time of service_patience at
 * the most, however often it is called. */
void service_alive(mono now);

/* One line, which `systemctl status` shows; told when it differs from the last. */
void service_status(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
