/* tocsin/program.h -- the whole program but for its main, so that tests can link it. */
#ifndef TOCSIN_PROGRAM_H
#define TOCSIN_PROGRAM_H

/* Runs tocsin with this command line; the exit code.  Sets the locale, ignores SIGXFSZ and watches
 * over standard output at exit: once a process. */
int tocsin_main(int argc, char **argv);

#endif
