/* tocsin/commands/run.h -- from the words of a command line to its exit code. */
#ifndef TOCSIN_RUN_H
#define TOCSIN_RUN_H

/* Reads the command line, opens what the command's row needs, calls it, and closes all again.  argp
 * ends the process where it is asked for help or told nonsense. */
int command_run(int argc, char **argv);

#endif
