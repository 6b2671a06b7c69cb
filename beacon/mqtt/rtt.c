#include "mqtt/rtt.h"

/* The kernel's own header: glibc's struct tcp_info ends before tcpi_min_rtt.  The two cannot be
 * included together, hence a file of its own. */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

bool rtt_of_socket(int fd, uint32_t *out_us)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    if (fd < 0 || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
        size < offsetof(struct tcp_info, tcpi_min_rtt) + sizeof info.tcpi_min_rtt ||
        info.tcpi_min_rtt == UINT32_MAX || info.tcpi_min_rtt == 0) {
        return false;
    }
    *out_us = info.tcpi_min_rtt;
    return true;
}
