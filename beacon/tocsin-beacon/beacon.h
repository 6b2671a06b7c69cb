/* tocsin-beacon/beacon.h -- the whole program but for its main, so that tests can link it. */
#ifndef TOCSIN_BEACON_BEACON_H
#define TOCSIN_BEACON_BEACON_H

/* Runs tocsin-beacon with this command line; the exit code.  Reads the environment, installs signal
 * handlers and bounds the process's memory: once a process. */
int beacon_main(int argc, char **argv);

#endif
