/* hang.c -- to be preloaded: a disk that hangs.  While the file that HANGS_WHILE names is there,
 * no mark becomes durable and nobody gets an answer; HANGS_STORE_WHILE: no file. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void hang(const char *variable)
{
    const char *while_there = getenv(variable);
    while (while_there != NULL && access(while_there, F_OK) == 0) {
        usleep(20000);
    }
}

int fdatasync(int fd)
{
    hang("HANGS_WHILE");
    return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    hang("HANGS_STORE_WHILE");
    return (int)syscall(SYS_fsync, fd);
}

int syncfs(int fd)
{
    hang("HANGS_STORE_WHILE");
    return (int)syscall(SYS_syncfs, fd);
}
