#include "fire/fire.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "clock/clock.h"

enum { FIRE_STACK_SIZE = 128 * 1024, FIRE_PRIORITY = 50 };

enum shot_state { ARMED, RELEASED, MISSED };

struct fire {
    struct fire_options options;
    struct fire_grants grants;
    pthread_t thread;
    pthread_mutex_t
        lock;  /* inherits priority, so that the loop cannot hold the thread up for long */
    int timer; /* timerfd, CLOCK_MONOTONIC */
    int kick;  /* eventfd: the set changed */
    int told;  /* eventfd: a report was added */
    /* under lock */
    bool stopping;
    struct {
        struct fire_shot shot;
        int64_t slept_ns; /* of the host until this target was set */
        enum shot_state state;
    } armed[FIRE_SHOTS_MAX]; /* by target */
    size_t armed_count;
    struct fire_report report[FIRE_REPORTS_MAX];
    size_t report_first, report_count;
};

/* How long the host was suspended since its boot: the monotonic clock stood still meanwhile. */
static int64_t read_slept_ns(void)
{
    struct timespec now;
    mono before = clock_mono();
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec - before.ns;
}

/* Neither ever waits, so that no signal interrupts it. */
static void signal_event(int descriptor)
{
    (void)eventfd_write(descriptor, 1);
}

static void drain(int descriptor)
{
    uint64_t value;
    (void)!read(descriptor, &value, sizeof value);
}

/* The index of the earliest shot neither released nor missed, or armed_count.  Called with the lock
 * held. */
static size_t find_next(const struct fire *fire)
{
    size_t next = 0;
    while (next < fire->armed_count && fire->armed[next].state != ARMED) {
        next++;
    }
    return next;
}

/* Called with the lock held. */
static void add_report(struct fire *fire, const struct fire_report *report)
{
    if (fire->report_count == FIRE_REPORTS_MAX) { /* nobody reads: the oldest gives way */
        fire->report_first = (fire->report_first + 1) % FIRE_REPORTS_MAX;
        fire->report_count--;
    }
    fire->report[(fire->report_first + fire->report_count) % FIRE_REPORTS_MAX] = *report;
    fire->report_count++;
}

static void set_timer(const struct fire *fire, int64_t at_ns)
{
    if (at_ns < 1) {
        at_ns = 1; /* 0 would disarm; a past instant expires at once */
    }
    struct itimerspec when = {
        .it_value = {.tv_sec = at_ns / NS_PER_S, .tv_nsec = at_ns % NS_PER_S}};
    timerfd_settime(fire->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void disarm_timer(const struct fire *fire)
{
    struct itimerspec none = {.it_value = {0}};
    timerfd_settime(fire->timer, 0, &none, NULL);
}

/* A suspend that nobody has planned anew for since counts, too; what separates two clocks that were
 * not read at one moment does not make a shot less late. */
static bool is_missed(const struct fire *fire, size_t i, mono now, int64_t slept_ns)
{
    int64_t slept_since_ns = slept_ns - fire->armed[i].slept_ns;
    int64_t late_ns =
        now.ns - fire->armed[i].shot.target.ns + (slept_since_ns > 0 ? slept_since_ns : 0);
    return fire->options.late_max.ns > 0 && late_ns > fire->options.late_max.ns;
}

/* Releases all that is due, at one moment.  Called with the lock held; the release itself happens
 * under it, so that fire_set can promise what it promises. */
static void release_due(struct fire *fire)
{
    uint64_t due[FIRE_SHOTS_MAX];
    size_t due_count = 0, first = find_next(fire);
    int64_t slept_ns = read_slept_ns();
    mono now = clock_mono();
    for (size_t i = first; i < fire->armed_count && fire->armed[i].shot.target.ns <= now.ns; i++) {
        if (fire->armed[i].state == ARMED && !is_missed(fire, i, now, slept_ns)) {
            due[due_count++] = fire->armed[i].shot.id;
        }
    }
    if (due_count > 0) {
        fire->options.release(fire->options.context, due, due_count);
    }
    for (size_t i = first; i < fire->armed_count && fire->armed[i].shot.target.ns <= now.ns; i++) {
        if (fire->armed[i].state == ARMED) {
            bool missed = is_missed(fire, i, now, slept_ns);
            fire->armed[i].state = missed ? MISSED : RELEASED;
            add_report(fire, &(struct fire_report){.id = fire->armed[i].shot.id,
                                                   .target = fire->armed[i].shot.target,
                                                   .released = now,
                                                   .is_missed = missed});
            signal_event(fire->told);
        }
    }
}

static void *run(void *context)
{
    struct fire *fire = context;
    prctl(PR_SET_NAME, "tocsin-fire");
    prctl(PR_SET_TIMERSLACK, 1UL); /* 50 us by default for a thread without FIFO */
    int64_t spin_ns = fire->options.spin_us * NS_PER_US;
    pthread_mutex_lock(&fire->lock);
    while (!fire->stopping) {
        release_due(fire);
        size_t next = find_next(fire);
        bool has_next = next < fire->armed_count;
        int64_t target_ns = has_next ? fire->armed[next].shot.target.ns : 0;
        pthread_mutex_unlock(&fire->lock);

        if (has_next) {
            set_timer(fire, target_ns - spin_ns);
        } else {
            disarm_timer(fire);
        }
        struct pollfd ready[] = {{.fd = fire->timer, .events = POLLIN},
                                 {.fd = fire->kick, .events = POLLIN}};
        poll(ready, 2, -1);
        if (ready[0].revents != 0) {
            drain(fire->timer);
        }
        if (ready[1].revents != 0) {
            drain(fire->kick);
        } else {
            /* At most spin_ns long; a change of plan is seen when the lock is taken again. */
            while (spin_ns > 0 && clock_mono().ns < target_ns) {
            }
        }
        pthread_mutex_lock(&fire->lock);
    }
    pthread_mutex_unlock(&fire->lock);
    return NULL;
}

/* Locking all memory is safe only where no limit can make a later allocation fail; only touched
 * pages are locked, so that the resident size stays what it is. */
static bool lock_memory(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 ||
        (limit.rlim_cur != RLIM_INFINITY && geteuid() != 0)) {
        return false;
    }
    return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
}

static bool start_thread(struct fire *fire)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    pthread_attr_setstacksize(&attributes, FIRE_STACK_SIZE);
    /* Signals are the loop's business. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&fire->thread, &attributes, run, fire) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (started && !fire->options.without_privilege) {
        /* Hooks must not inherit the priority: reset on fork. */
        struct sched_param priority = {.sched_priority = FIRE_PRIORITY};
        fire->grants.has_fifo =
            pthread_setschedparam(fire->thread, SCHED_FIFO | SCHED_RESET_ON_FORK, &priority) == 0;
    }
    return started;
}

static void free_fire(struct fire *fire)
{
    const int descriptor[] = {fire->timer, fire->kick, fire->told};
    for (size_t i = 0; i < sizeof descriptor / sizeof *descriptor; i++) {
        if (descriptor[i] >= 0) {
            close(descriptor[i]);
        }
    }
    free(fire);
}

/* All that T-0 needs is taken now: descriptors, locked memory, the thread and its priority; later
 * there is nothing left to fail.  The lock inherits priority, so that the loop cannot hold up a
 * thread that runs before it. */
bool fire_start(const struct fire_options *options, struct fire **out, const char **why)
{
    struct fire *fire = calloc(1, sizeof *fire);
    if (fire == NULL) {
        *why = "no memory for the fire thread";
        return false;
    }
    fire->options = *options;
    if (fire->options.spin_us == 0) {
        fire->options.spin_us = FIRE_SPIN_US;
    } else if (fire->options.spin_us < 0) {
        fire->options.spin_us = 0;
    }
    fire->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    fire->kick = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    fire->told = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (fire->timer < 0 || fire->kick < 0 || fire->told < 0) {
        *why = "no file descriptor for the fire thread's timer: raise the limit (ulimit -n)";
        free_fire(fire);
        return false;
    }
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_setprotocol(&kind, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&fire->lock, &kind);
    pthread_mutexattr_destroy(&kind);
    if (!fire->options.without_privilege) {
        fire->grants.has_locked_memory = lock_memory();
    }
    if (!start_thread(fire)) {
        *why = "the fire thread did not start: too many processes or too little memory";
        pthread_mutex_destroy(&fire->lock);
        free_fire(fire);
        return false;
    }
    *out = fire;
    return true;
}

void fire_stop(struct fire *fire)
{
    if (fire == NULL) {
        return;
    }
    pthread_mutex_lock(&fire->lock);
    fire->stopping = true;
    fire->armed_count = 0;
    pthread_mutex_unlock(&fire->lock);
    signal_event(fire->kick);
    pthread_join(fire->thread, NULL);
    pthread_mutex_destroy(&fire->lock);
    free_fire(fire);
}

struct fire_grants fire_granted(const struct fire *fire)
{
    return fire->grants;
}

static int by_target(const void *a, const void *b)
{
    const struct fire_shot *one = a, *other = b;
    if (one->target.ns != other->target.ns) {
        return one->target.ns < other->target.ns ? -1 : 1;
    }
    return one->id < other->id ? -1 : one->id > other->id;
}

/* What became of a shot in the set before; looked for first where it stood.  Called with the lock
 * held. */
static enum shot_state state_before(const struct fire *fire, const struct fire_shot *shot,
                                    size_t at)
{
    for (size_t i = 0; i < fire->armed_count; i++) {
        size_t j = (at + i) % fire->armed_count;
        if (fire->armed[j].shot.id == shot->id) {
            bool is_same_plan = fire->armed[j].shot.target.ns == shot->target.ns;
            return fire->armed[j].state == RELEASED || is_same_plan ? fire->armed[j].state : ARMED;
        }
    }
    return ARMED;
}

void fire_set(struct fire *fire, const struct fire_shot *shot, size_t count)
{
    count = count < FIRE_SHOTS_MAX ? count : FIRE_SHOTS_MAX;
    struct fire_shot sorted[FIRE_SHOTS_MAX];
    enum shot_state state[FIRE_SHOTS_MAX] = {ARMED};
    if (count > 0) {
        memcpy(sorted, shot, count * sizeof *shot);
        qsort(sorted, count, sizeof *sorted, by_target);
    }
    int64_t slept_ns = read_slept_ns();
    pthread_mutex_lock(&fire->lock);
    for (size_t i = 0; i < count; i++) {
        state[i] = state_before(fire, &sorted[i], i);
    }
    for (size_t i = 0; i < count; i++) {
        fire->armed[i].shot = sorted[i];
        fire->armed[i].slept_ns = slept_ns;
        fire->armed[i].state = state[i];
    }
    fire->armed_count = count;
    pthread_mutex_unlock(&fire->lock);
    signal_event(fire->kick);
}

int fire_descriptor(const struct fire *fire)
{
    return fire->told;
}

bool fire_take_report(struct fire *fire, struct fire_report *out)
{
    pthread_mutex_lock(&fire->lock);
    drain(fire->told);
    bool has = fire->report_count > 0;
    if (has) {
        *out = fire->report[fire->report_first];
        fire->report_first = (fire->report_first + 1) % FIRE_REPORTS_MAX;
        fire->report_count--;
    }
    pthread_mutex_unlock(&fire->lock);
    return has;
}
