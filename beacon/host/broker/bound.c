#include "broker/bound.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SOCKETS_MAX = 256, TCP_LISTEN_STATE = 10 };

/* The inodes of the sockets that the process holds. */
static size_t sockets_of(pid_t pid, unsigned long out[static SOCKETS_MAX])
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    size_t count = 0;
    if (folder == NULL) {
        return 0;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL && count < SOCKETS_MAX;) {
        char link[400], target[64];
        snprintf(link, sizeof link, "%s/%s", path, entry->d_name);
        ssize_t len = readlink(link, target, sizeof target - 1);
        if (len <= 0) {
            continue;
        }
        target[len] = '\0';
        if (strncmp(target, "socket:[", 8) == 0) {
            out[count++] = strtoul(target + 8, NULL, 10);
        }
    }
    closedir(folder);
    return count;
}

/* The address as /proc/net/tcp prints it: 32-bit words in host order, hexadecimal. */
static bool is_loopback(const char *address)
{
    if (strlen(address) == 8) {
        uint32_t word = (uint32_t)strtoul(address, NULL, 16);
        uint8_t bytes[4];
        memcpy(bytes, &word, sizeof bytes);
        return bytes[0] == 127;
    }
    uint32_t one;
    static const uint8_t last_word[4] = {0, 0, 0, 1};
    memcpy(&one, last_word, sizeof one);
    return strlen(address) == 32 && strncmp(address, "000000000000000000000000", 24) == 0 &&
           (uint32_t)strtoul(address + 24, NULL, 16) == one;
}

/* Looks the sockets up in one of /proc/PID/net/tcp and tcp6. */
static void look_up(pid_t pid, const char *table, unsigned long *socket, size_t count,
                    struct bound_socket out[static BOUND_MAX], size_t *found)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/net/%s", (int)pid, table);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return; /* a kernel without IPv6 has no tcp6 */
    }
    char line[512];
    while (fgets(line, sizeof line, file) != NULL) {
        /* sl local:port remote:port state queues timer retransmits uid timeout inode ... */
        enum { LOCAL = 1, STATE = 3, INODE = 9, FIELDS };
        char *field[FIELDS];
        size_t fields = 0;
        for (char *save = NULL, *at = strtok_r(line, " \n", &save); at != NULL && fields < FIELDS;
             at = strtok_r(NULL, " \n", &save)) {
            field[fields++] = at;
        }
        char *colon = fields == FIELDS ? strchr(field[LOCAL], ':') : NULL;
        if (colon == NULL || strtoul(field[STATE], NULL, 16) != TCP_LISTEN_STATE) {
            continue;
        }
        *colon = '\0';
        unsigned long inode = strtoul(field[INODE], NULL, 10);
        for (size_t i = 0; i < count && *found < BOUND_MAX; i++) {
            if (socket[i] == inode && inode != 0) {
                socket[i] = 0; /* while others come and go the kernel may tell of one twice */
                out[(*found)++] =
                    (struct bound_socket){.port = (int)strtoul(colon + 1, NULL, 16),
                                          .is_on_loopback = is_loopback(field[LOCAL])};
            }
        }
    }
    fclose(file);
}

size_t bound_sockets(pid_t pid, struct bound_socket out[static BOUND_MAX])
{
    unsigned long socket[SOCKETS_MAX];
    size_t count = sockets_of(pid, socket), found = 0;
    look_up(pid, "tcp", socket, count, out, &found);
    look_up(pid, "tcp6", socket, count, out, &found);
    return found;
}

bool bound_is_taken(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1; /* as a broker does: what lingers of an earlier one is not in the way */
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                             .sin_port = htons((uint16_t)port)};
    if (fd < 0) {
        return false;
    }
    bool is_taken = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                    bind(fd, (struct sockaddr *)&at, sizeof at) != 0 && errno == EADDRINUSE;
    close(fd);
    return is_taken;
}
