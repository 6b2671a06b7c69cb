/* impair -- a bad network between two hosts that are network namespaces, for kernels without
 * sch_netem: a TUN device in each, and every packet carried across with delay, jitter and loss.
 *
 *   impair PID_A PID_B DEVICE [WORD…]
 *
 * PID_A and PID_B are processes inside the two namespaces; DEVICE is the name of both devices (the
 * caller gives them addresses after the line "ready").  Words, on the command line or later as
 * lines on standard input, whose end ends the relay:
 *
 *   there=DELAY_MS,JITTER_MS,LOSS_PERCENT   from A to B
 *   back=DELAY_MS,JITTER_MS,LOSS_PERCENT    from B to A
 *   shape=uniform|pareto                    of the jitter: about the delay, or a tail after it
 *   rate=BITS_PER_SECOND                    each way: what is more waits in a line
 *   order=kept|free                         may a packet overtake another of its connection
 *   twice=PERCENT                           so many packets come twice
 *   blackout=EVERY_S,LENGTH_S               nothing passes for LENGTH_S of every EVERY_S
 *   link=up|cut                             by hand
 *   seed=N
 *
 * At the end it prints how many packets it saw, lost and doubled. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <math.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { PACKET_MAX = 2048, WAITING_MAX = 65536, FLOWS = 256 };

struct packet {
    int64_t due_ns;
    uint64_t number; /* of equals, the earlier goes first */
    int to, size;
    uint8_t bytes[PACKET_MAX];
};

struct way {
    double delay_ms, jitter_ms, loss_percent;
    int64_t is_free_ns; /* from when on the line of it takes more */
    int64_t last_due_ns[FLOWS];
};

static struct {
    struct way way[2]; /* from A, from B */
    bool is_pareto, may_overtake, is_cut;
    double rate_bits_s; /* 0: as fast as it goes */
    double twice_percent, blackout_every_s, blackout_length_s;
    uint64_t random;
    struct packet *waiting[WAITING_MAX]; /* a heap by due time */
    size_t waiting_count;
    uint64_t seen, lost, doubled;
    int64_t begin_ns;
} relay = {.random = 1};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* In (0, 1); xorshift64* (Vigna 2016). */
static double draw(void)
{
    uint64_t x = relay.random;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    relay.random = x;
    return ((double)((x * UINT64_C(2685821657736338717)) >> 11) + 0.5) / 9007199254740992.0;
}

static double draw_delay_ms(const struct way *way)
{
    double delay = way->delay_ms;
    if (relay.is_pareto) { /* shape 3: its mean above the minimum is half the scale */
        double tail = way->jitter_ms * 2 * (pow(draw(), -1 / 3.0) - 1);
        delay += fmin(tail, 40 * way->jitter_ms);
    } else {
        delay += way->jitter_ms * (2 * draw() - 1);
    }
    return fmax(0, delay);
}

static bool goes_before(const struct packet *a, const struct packet *b)
{
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->number < b->number;
}

static void push(struct packet *packet)
{
    size_t i = relay.waiting_count++;
    while (i > 0 && goes_before(packet, relay.waiting[(i - 1) / 2])) {
        relay.waiting[i] = relay.waiting[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    relay.waiting[i] = packet;
}

static struct packet *pop(void)
{
    struct packet *first = relay.waiting[0];
    struct packet *last = relay.waiting[--relay.waiting_count];
    size_t i = 0;
    for (;;) {
        size_t next = 2 * i + 1;
        if (next >= relay.waiting_count) {
            break;
        }
        if (next + 1 < relay.waiting_count &&
            goes_before(relay.waiting[next + 1], relay.waiting[next])) {
            next++;
        }
        if (!goes_before(relay.waiting[next], last)) {
            break;
        }
        relay.waiting[i] = relay.waiting[next];
        i = next;
    }
    relay.waiting[i] = last;
    return first;
}

static bool is_black(int64_t at_ns)
{
    double passed_s = (double)(at_ns - relay.begin_ns) / 1e9;
    return relay.is_cut || (relay.blackout_every_s > 0 && passed_s > relay.blackout_every_s &&
                            fmod(passed_s, relay.blackout_every_s) < relay.blackout_length_s);
}

/* Its two ports.  Order is kept within a connection: were it kept among all of them, the last of
 * many that are spoken to at once would wait for the slowest, which no queue does to it. */
static size_t flow_of(const struct packet *packet)
{
    size_t header = (size_t)(packet->bytes[0] & 15) * 4; /* of IPv4 */
    if (packet->size < (int)header + 4) {
        return 0;
    }
    const uint8_t *ports = packet->bytes + header;
    return (ports[0] * 31u + ports[1] + ports[2] * 31u + ports[3]) % FLOWS;
}

static void send_later(const struct packet *packet, struct way *way, int64_t at_ns, int to)
{
    if (relay.waiting_count == WAITING_MAX) {
        relay.lost++;
        return;
    }
    struct packet *kept = malloc(sizeof *kept);
    if (kept == NULL) {
        relay.lost++;
        return;
    }
    kept->size = packet->size;
    memcpy(kept->bytes, packet->bytes, (size_t)packet->size);
    kept->to = to;
    kept->number = relay.seen + relay.doubled;
    if (relay.rate_bits_s > 0) {
        int64_t takes_ns = (int64_t)(8e9 * packet->size / relay.rate_bits_s);
        way->is_free_ns = (way->is_free_ns > at_ns ? way->is_free_ns : at_ns) + takes_ns;
        at_ns = way->is_free_ns;
    }
    kept->due_ns = at_ns + (int64_t)(draw_delay_ms(way) * 1e6);
    int64_t *last_due_ns = &way->last_due_ns[flow_of(kept)];
    if (!relay.may_overtake && kept->due_ns < *last_due_ns) {
        kept->due_ns = *last_due_ns;
    }
    *last_due_ns = kept->due_ns;
    push(kept);
}

static void take_in(int from, int to, struct way *way)
{
    static struct packet packet;
    for (;;) {
        ssize_t size = read(from, packet.bytes, sizeof packet.bytes);
        if (size <= 0) {
            return;
        }
        packet.size = (int)size;
        int64_t at_ns = now_ns();
        relay.seen++;
        if (is_black(at_ns) || draw() * 100 < way->loss_percent) {
            relay.lost++;
            continue;
        }
        send_later(&packet, way, at_ns, to);
        if (draw() * 100 < relay.twice_percent) {
            relay.doubled++;
            send_later(&packet, way, at_ns, to);
        }
    }
}

static void let_out(void)
{
    while (relay.waiting_count > 0 && relay.waiting[0]->due_ns <= now_ns()) {
        struct packet *packet = pop();
        if (write(packet->to, packet->bytes, (size_t)packet->size) < 0) {
            relay.lost++; /* the device is down */
        }
        free(packet);
    }
}

static bool read_word(const char *word)
{
    double a = 0, b = 0, c = 0;
    unsigned long long seed = 0;
    if (sscanf(word, "there=%lf,%lf,%lf", &a, &b, &c) == 3) {
        relay.way[0].delay_ms = a;
        relay.way[0].jitter_ms = b;
        relay.way[0].loss_percent = c;
    } else if (sscanf(word, "back=%lf,%lf,%lf", &a, &b, &c) == 3) {
        relay.way[1].delay_ms = a;
        relay.way[1].jitter_ms = b;
        relay.way[1].loss_percent = c;
    } else if (sscanf(word, "blackout=%lf,%lf", &a, &b) == 2) {
        relay.blackout_every_s = a;
        relay.blackout_length_s = b;
    } else if (sscanf(word, "rate=%lf", &a) == 1) {
        relay.rate_bits_s = a;
    } else if (sscanf(word, "twice=%lf", &a) == 1) {
        relay.twice_percent = a;
    } else if (sscanf(word, "seed=%llu", &seed) == 1 && seed > 0) {
        relay.random = seed;
    } else if (strncmp(word, "shape=", 6) == 0) {
        relay.is_pareto = strcmp(word + 6, "pareto") == 0;
    } else if (strncmp(word, "order=", 6) == 0) {
        relay.may_overtake = strcmp(word + 6, "free") == 0;
    } else if (strncmp(word, "link=", 5) == 0) {
        relay.is_cut = strcmp(word + 5, "cut") == 0;
    } else {
        fprintf(stderr, "impair: %s: not understood\n", word);
        return false;
    }
    return true;
}

/* False at the end of standard input, or when a word is not understood. */
static bool obey(void)
{
    static char line[256];
    static size_t used;
    ssize_t got = read(STDIN_FILENO, line + used, sizeof line - 1 - used);
    if (got <= 0) {
        return false;
    }
    used += (size_t)got;
    line[used] = '\0';
    for (char *end; (end = strchr(line, '\n')) != NULL;) {
        *end = '\0';
        if (!read_word(line)) {
            return false;
        }
        used -= (size_t)(end + 1 - line);
        memmove(line, end + 1, used + 1);
    }
    return used < sizeof line - 1;
}

static int open_device(const char *pid, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%.20s/ns/net", pid);
    int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    int there = open(path, O_RDONLY | O_CLOEXEC);
    int fd = -1;
    if (home < 0 || there < 0 || setns(there, CLONE_NEWNET) != 0) {
        perror(path);
        exit(77);
    }
    fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &request) != 0) {
        perror("/dev/net/tun");
        exit(77);
    }
    if (setns(home, CLONE_NEWNET) != 0) {
        perror("back home");
        exit(3);
    }
    close(home);
    close(there);
    return fd;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: impair PID_A PID_B DEVICE [WORD...]\n");
        return 2;
    }
    for (int i = 4; i < argc; i++) {
        if (!read_word(argv[i])) {
            return 2;
        }
    }
    int device[2] = {open_device(argv[1], argv[3]), open_device(argv[2], argv[3])};
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    /* Late packets would be our own lateness, not the network's. */
    sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 60});
    relay.begin_ns = now_ns();
    puts("ready");
    fflush(stdout);
    struct pollfd ready[] = {{.fd = device[0], .events = POLLIN},
                             {.fd = device[1], .events = POLLIN},
                             {.fd = timer, .events = POLLIN},
                             {.fd = STDIN_FILENO, .events = POLLIN}};
    for (;;) {
        struct itimerspec when = {0};
        if (relay.waiting_count > 0) {
            int64_t due_ns = relay.waiting[0]->due_ns;
            when.it_value.tv_sec = due_ns / 1000000000;
            when.it_value.tv_nsec = due_ns % 1000000000;
        }
        timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
        if (poll(ready, 4, -1) < 0 && errno != EINTR) {
            return 3;
        }
        uint64_t expired;
        (void)!read(timer, &expired, sizeof expired);
        if (ready[3].revents != 0 && !obey()) {
            break;
        }
        take_in(device[0], device[1], &relay.way[0]);
        take_in(device[1], device[0], &relay.way[1]);
        let_out();
    }
    printf("seen %llu lost %llu doubled %llu\n", (unsigned long long)relay.seen,
           (unsigned long long)relay.lost, (unsigned long long)relay.doubled);
    return 0;
}
