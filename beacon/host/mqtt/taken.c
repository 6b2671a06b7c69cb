#include "mqtt/taken.h"

/* The kernel's own header: glibc's struct tcp_info ends before tcpi_bytes_received.  The two cannot
 * be included together, hence a file of its own. */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

bool taken_bytes(int fd, uint64_t *out)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    int unread = 0;
    if (fd < 0 || ioctl(fd, FIONREAD, &unread) != 0 ||
        getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
        size < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received) {
        return false;
    }
    uint64_t waiting = unread > 0 ? (uint64_t)unread : 0;
    *out = info.tcpi_bytes_received > waiting ? info.tcpi_bytes_received - waiting : 0;
    return true;
}
