/* tocsin/commands/command.h -- the exit codes of every command. */
#ifndef TOCSIN_COMMAND_H
#define TOCSIN_COMMAND_H

enum command_exit {
    EXIT_DONE = 0,
    EXIT_NO = 1,      /* the answer is no: verification failed, nothing found */
    EXIT_USAGE = 2,   /* usage or bad input */
    EXIT_OUTSIDE = 3, /* the outside failed: disk, network, memory */
};

#endif
