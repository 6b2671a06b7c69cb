/* tocsin-listen/listen.h -- the whole program but for its main, so that tests can link it. */
#ifndef TOCSIN_LISTEN_LISTEN_H
#define TOCSIN_LISTEN_LISTEN_H

/* Runs tocsin-listen with this command line; the exit code.  Installs signal handlers and bounds
 * the process's memory: once a process. */
int listen_main(int argc, char **argv);

#endif
