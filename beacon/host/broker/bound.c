#include "broker/bound.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
static bool judge(pid_t pid, const char *table, const unsigned long *socket, size_t count,
                  int *listening, int *port)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/net/%s", (int)pid, table);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return strcmp(table, "tcp6") == 0; /* a kernel without IPv6 has no such table */
    }
    bool is_good = true;
    char line[512];
    while (is_good && fgets(line, sizeof line, file) != NULL) {
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
        for (size_t i = 0; i < count; i++) {
            if (socket[i] == inode) {
                (*listening)++;
                if (!is_loopback(field[LOCAL])) {
                    *port = (int)strtoul(colon + 1, NULL, 16);
                    is_good = false;
                }
            }
        }
    }
    fclose(file);
    return is_good;
}

bool broker_is_on_loopback(pid_t pid, int *port)
{
    unsigned long socket[SOCKETS_MAX];
    size_t count = sockets_of(pid, socket);
    int listening = 0;
    *port = 0;
    return judge(pid, "tcp", socket, count, &listening, port) &&
           judge(pid, "tcp6", socket, count, &listening, port) && listening > 0;
}
