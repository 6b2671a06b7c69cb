/* hang.c -- to be preloaded: a disk that hangs.  While the file that HANGS_WHILE names is there,
 * nothing becomes durable and nobody gets an answer. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int fdatasync(int fd)
{
    const char *while_there = getenv("HANGS_WHILE");
    while (while_there != NULL && access(while_there, F_OK) == 0) {
        usleep(20000);
    }
    return (int)syscall(SYS_fdatasync, fd);
}
