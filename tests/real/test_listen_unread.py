"""tocsin-listen where nobody reads what it writes: a stopped terminal, one that is not read or has gone, full
pipes, a log that hangs; a disk that hangs; and signals that must not end it.  Each time the command has to start
at T-0."""
import contextlib
import fcntl
import os
import pty
import shutil
import signal
import subprocess
import sys
import time

import stage
from pace import patience
from stage import HERE, constellation, sleep_until

class Site:
    """A listener whose one command writes down when it began."""

    def __init__(self, seconds, *arguments, env=None, **more):
        self.c = constellation(seconds, 30)
        self.name = os.path.join(HERE, "site-" + os.urandom(4).hex())
        self.c.write(self.name + ".bundle")
        with open(self.name + ".hook", "w") as file:
            file.write("#!/bin/sh\ndate +%%s.%%N >>%s.rung\n" % self.name)
        os.chmod(self.name + ".hook", 0o755)
        env = {**os.environ, **(env or {})}
        env.pop("TOCSIN_TEST_CLOCK", None)
        self.process = subprocess.Popen(
            ["tocsin-listen", "--root", self.name + ".bundle", "--offline", "--once", "--state", self.name + ".state",
             "--run", self.name + ".hook", *arguments], env=env, **more)

    def rings(self, code=0):
        """Waits for the command: it began at T-0, and once."""
        got = self.process.wait(max(0, self.c.t0 - time.time()) + patience(20))
        rung = open(self.name + ".rung").read().split() if os.path.exists(self.name + ".rung") else []
        assert len(rung) == 1, "rung %d times, exit %s" % (len(rung), got)
        late = float(rung[0]) - self.c.t0
        assert 0 <= late < 1.5 + stage.slack_s(), "%.3f s late" % late
        assert got == code, got


def fill(descriptor):
    """Until whoever writes there has to wait."""
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    for size in (4096, 1):
        try:
            while True:
                os.write(descriptor, b"." * size)
        except BlockingIOError:
            pass
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags)


def test_a_terminal_that_is_stopped_stops_nothing():
    master, slave = pty.openpty()
    site = Site(7, stdout=slave, stderr=slave)
    sleep_until(site.c.t0 - 4)
    os.write(master, b"\x13")  # Ctrl-S
    site.rings()
    os.write(master, b"\x11")
    os.close(slave)


def test_what_a_stopped_terminal_was_not_shown_it_is_shown_when_it_goes_on():
    master, slave = pty.openpty()
    site = Site(7, stdout=slave, stderr=slave)
    sleep_until(site.c.t0 - 4)
    os.write(master, b"\x13")
    sleep_until(site.c.t0 + 0.1)
    os.write(master, b"\x11")
    os.close(slave)
    shown = b""
    try:
        while True:
            shown += os.read(master, 65536)
    except OSError:
        pass  # its last writer has gone
    site.rings()
    assert b"T-00:00:02" in shown and b"started" in shown, shown


def test_a_terminal_that_nobody_reads_stops_nothing():
    _, slave = pty.openpty()
    fill(slave)
    Site(6, stdout=slave, stderr=slave).rings()


def test_a_terminal_that_has_gone_stops_nothing():
    master, slave = pty.openpty()
    site = Site(6, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    sleep_until(site.c.t0 - 3)
    os.close(master)
    site.rings()


def test_full_pipes_stop_nothing():
    for format in ("table", "json"):
        _, out = os.pipe()
        _, err = os.pipe()
        fill(out)
        fill(err)
        Site(6, "--format", format, stdout=out, stderr=err).rings()


def test_a_log_that_takes_nothing_stops_nothing_and_is_told():
    os.mkfifo("hanging")
    reader = os.open("hanging", os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open("hanging", os.O_WRONLY)
    fill(writer)
    out = open("hanging.out", "w")
    site = Site(8, "--log", "hanging", stdout=out, stderr=out)
    site.rings()
    assert "the end of it could not be written" in open("hanging.out").read(), open("hanging.out").read()
    os.close(reader)
    os.close(writer)


def test_a_log_on_a_full_disk_ends_and_is_told():
    out = open("full.out", "w")
    site = Site(8, "--log", "/dev/full", stdout=out, stderr=out)
    site.rings()
    assert open("full.out").read().count("the log ends here") == 1, open("full.out").read()


def on_a_disk_that_hangs(seconds, hangs_from, goes_on):
    name = os.path.join(HERE, "hangs-%s" % hangs_from)
    flag, out = name + ".flag", open(name + ".out", "w")
    if hangs_from is None:
        open(flag, "w").close()
    # asan's own library wants to come first
    site = Site(seconds, env={"LD_PRELOAD": ":".join(filter(None, (os.environ.get("LD_PRELOAD"), os.path.join(
        os.environ["TOCSIN_TESTS"], "hang.so")))), "HANGS_WHILE": flag}, stdout=out, stderr=out)
    if hangs_from is not None:
        sleep_until(site.c.t0 - hangs_from)
        open(flag, "w").close()
    if goes_on is not None:
        sleep_until(site.c.t0 + goes_on)
        os.unlink(flag)
    site.rings()
    told = open(name + ".out").read()
    assert told.count("this disk hangs: the gesture starts all the same") == 1, told
    assert ("the disk writes again" in told) == (goes_on is not None), told


def test_a_disk_that_hangs_from_the_beginning_stops_nothing():
    on_a_disk_that_hangs(9, None, None)


def test_a_disk_that_hangs_when_the_start_is_to_be_promised_stops_nothing():
    on_a_disk_that_hangs(14, 11, 1)


@contextlib.contextmanager
def a_store_that_hangs(name, before):
    """A site to whose inbox records come so long before T-0, when its store's disk begins to hang."""
    name = os.path.join(HERE, name)
    shutil.rmtree(name + ".inbox", ignore_errors=True)  # of a try that came too late
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name + ".flag")
    os.makedirs(name + ".inbox")
    with open(name + ".out", "w") as out:
        site = Site(14, "--store", name + ".store", "--inbox", name + ".inbox", stdout=out, stderr=out, env={
            "LD_PRELOAD": ":".join(filter(None, (os.environ.get("LD_PRELOAD"), os.path.join(os.environ["TOCSIN_TESTS"], "hang.so")))),
            "HANGS_STORE_WHILE": name + ".flag"})
        sleep_until(site.c.t0 - before)
        open(name + ".flag", "w").close()
        site.c.window(site.c.t0 + 7200, 60, title="It came meanwhile")
        site.c.write(os.path.join(name + ".inbox", "more.bundle.part"))
        os.rename(os.path.join(name + ".inbox", "more.bundle.part"), os.path.join(name + ".inbox", "more.bundle"))
        yield site, name


def test_a_store_whose_disk_hangs_as_the_listener_ends_is_told():
    """It ends with the start, before two seconds of hanging are over."""
    with a_store_that_hangs("hangs-last", 7) as (site, name):
        with stage.in_time(site.c.t0):
            stage.await_told(name + ".out", lambda told: "more.bundle: taken" in told)
        site.rings()
    told = open(name + ".out").read()
    assert told.count("records are used all the same") == 1, told


def test_a_store_whose_disk_hangs_holds_up_no_start_and_no_news():
    """What comes meanwhile is used at once, and is kept when the disk goes on."""
    with a_store_that_hangs("hangs-store", 8) as (site, name):
        with stage.in_time(site.c.t0 - 3):
            stage.await_told(name + ".out", lambda told: "more.bundle: taken" in told)
        sleep_until(site.c.t0 + 1)
        stage.await_told(name + ".out", lambda told: "records are used all the same" in told, 2)
        os.unlink(name + ".flag")
        site.rings()
    told = open(name + ".out").read()
    assert "the disk writes again" in told, told
    last = list(site.c.items)[-1]
    assert os.path.exists(os.path.join(name + ".store", "records", last[:2], last + ".rec"))


def test_signals_that_are_not_meant_end_nothing():
    site = Site(6, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    sleep_until(site.c.t0 - 3)
    for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGPIPE, signal.SIGTTOU):
        site.process.send_signal(number)
    site.rings()


def test_a_hangup_of_its_own_terminal_ends_it():
    master, slave = pty.openpty()
    site = Site(60, stdout=slave, stderr=slave)
    os.close(slave)
    shown = b""
    while b"T-00:00:5" not in shown:
        shown += os.read(master, 65536)
    site.process.send_signal(signal.SIGHUP)
    assert site.process.wait(patience(10)) == 1  # --once, and nothing was started


stage.run_together([value for name, value in list(globals().items()) if name.startswith("test_")])
