"""pace.py -- how slow this machine is just now, so that no test on real parts depends on it.

Promises about time are proved in simulated time, or by the order of events.  What is left here are three things:
how long to wait before something counts as hanging (patience), how far ahead to put a T-0 so that what must come
before it does (ahead, stretched; in_time, where even that was too little), and how late this machine itself made a measured instant (slack_s)."""
import contextlib
import os
import sys
import tempfile
import threading
import time

QUIET_FSYNC_S = 0.02
KEPT_S = 5
latest = [0.0]
measured = [1.0, -KEPT_S]
one_at_a_time = threading.Lock()
hurried = threading.local()  # of tests that run beside each other, each is as late as itself


def watch():
    """How late a sleep of 50 ms wakes, again and again: what happens to our own thread happens to the tested too."""
    while True:
        begun = time.monotonic()
        time.sleep(0.05)
        latest[0] = max(latest[0], time.monotonic() - begun - 0.05)


threading.Thread(target=watch, daemon=True).start()


def slack_s():
    """The latest that a sleep has woken since this program began: of a late start, so much may be the machine's."""
    return latest[0]


def slack_us():
    return slack_s() * 1e6


def processor_s(wanted):
    """How long it takes to get so much of a processor."""
    begun, used = time.monotonic(), time.thread_time()
    while time.thread_time() - used < wanted:
        pass
    return time.monotonic() - begun


def disk_s():
    with tempfile.TemporaryFile(dir=os.getcwd()) as file:
        file.write(b"x")
        file.flush()
        begun = time.monotonic()
        os.fsync(file.fileno())
        return time.monotonic() - begun


def factor():
    """1 on a quiet machine; how many times as long as there work takes now, 6 at most."""
    with one_at_a_time:
        if time.monotonic() > measured[1] + KEPT_S:
            busy = max(processor_s(0.02) / 0.02 for _ in range(3))
            measured[0] = min(6.0, max(1.0, busy, 1 + disk_s() / QUIET_FSYNC_S / 10, 1 + slack_s() * 4))
            measured[1] = time.monotonic()
        return measured[0]


def stretched(seconds):
    return seconds * factor()


def ahead(seconds):
    """How far to put a T-0 that is so far ahead on a quiet machine: what must be done before takes longer here."""
    return getattr(hurried, "times", 1) * (seconds + 3 * (factor() - 1))


class TooLate(Exception):
    """What had to be done before a T-0 was not done by then."""


@contextlib.contextmanager
def in_time(t0):
    """What is done herein says nothing if it took until T-0: who runs the test (unhurried) does it again, further ahead."""
    try:
        yield
    finally:
        if time.time() > t0 - 0.5:
            raise TooLate("this machine was too busy to be ready by its T-0")


def unhurried(test):
    """Three times at most, each with twice the time of the one before."""
    for times in (1, 2):
        hurried.times = times
        try:
            return test()
        except TooLate as late:
            print(late, file=sys.stderr)
    hurried.times = 4
    return test()


def patience(seconds):
    """A deadline that ends only what hangs.  Who passes does not wait for it."""
    return 10 * seconds
