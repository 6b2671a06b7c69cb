"""Daemons under a supervisor that speaks sd_notify(3), and bundles dropped into their inbox."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import time

import stage
from pace import patience

HERE = os.getcwd()


class Supervisor:
    """The socket to which a daemon says that it is ready, alive, and what it does."""

    def __init__(self, watchdog_s=None):
        self.name = "@tocsin-supervisor-%d-%s" % (os.getpid(), os.urandom(4).hex())
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + self.name[1:])
        self.heard = []
        self.watchdog_s = watchdog_s

    def environment(self):
        more = {"WATCHDOG_USEC": str(int(self.watchdog_s * 1e6))} if self.watchdog_s else {}
        return {**stage.environment("sync=0.001"), "NOTIFY_SOCKET": self.name, **more}

    def expect(self, pattern, seconds=20):
        until = time.monotonic() + patience(seconds)
        while True:
            self.socket.settimeout(max(0.01, until - time.monotonic()))
            try:
                self.heard.append(self.socket.recv(2000).decode())
            except TimeoutError:
                raise AssertionError("%s was not told; there were\n%s" % (pattern, "\n".join(self.heard[-20:])))
            if re.search(pattern, self.heard[-1]):
                return self.heard[-1]

    def drain(self):
        self.socket.setblocking(False)
        try:
            while True:
                self.socket.recv(2000)
        except BlockingIOError:
            pass


def drop(data, folder, name):
    """As cp does: the file has its name before its bytes."""
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def beacon(constellation, supervisor, folder, *more):
    key = stage.write_secret(constellation.beacons[0], folder + ".key")
    with open(folder + ".root", "wb") as file:
        file.write(constellation.root)
    os.mkdir(folder)
    with open(folder + ".conf", "w") as file:
        file.write("root = %s\nkey = %s\nstore = %s\ninbox = %s\nembedded-broker\n" % tuple(
            os.path.join(HERE, folder + end) for end in (".root", ".key", ".store", "")))
    return stage.Lines(["tocsin-beacon", "--config", folder + ".conf", *more], env=supervisor.environment())


def a_beacon_is_ready_alive_and_says_what_comes_next():
    c = stage.constellation(600)
    supervisor = Supervisor(watchdog_s=1.5)
    one = beacon(c, supervisor, "inbox-b")
    supervisor.expect("^READY=1$")
    supervisor.expect("^WATCHDOG=1$")
    supervisor.expect("^STATUS=nothing declared to come; 1 of 1 brokers; clock within [0-9]+ ms$")
    drop(c.bundle(), "inbox-b", "minute.bundle")
    one.await_line(lambda line: re.search("inbox: minute.bundle: taken: records 1, signatures [0-9]+$", line),
                   "the word of the inbox", 20)
    told = supervisor.expect("^STATUS=next: A minute of silence, ")
    assert time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(c.t0)) in told, told
    for _ in range(3):
        supervisor.expect("^WATCHDOG=1$")
    os.kill(one.process.pid, signal.SIGSTOP)  # as a loop that hangs
    supervisor.drain()
    time.sleep(1.5)
    supervisor.socket.setblocking(False)
    try:
        raise AssertionError("a process that stands still said " + supervisor.socket.recv(2000).decode())
    except BlockingIOError:
        pass
    os.kill(one.process.pid, signal.SIGCONT)
    supervisor.expect("^WATCHDOG=1$")
    one.process.send_signal(signal.SIGTERM)
    supervisor.expect("^STOPPING=1$")
    assert one.process.wait(patience(20)) == 0, one.lines


def what_an_inbox_refuses_is_said_and_left():
    c = stage.constellation(600)
    supervisor = Supervisor()
    os.mkdir("inbox-r.store")
    os.makedirs("inbox-r.store/records/c3", mode=0o700)
    one = beacon(c, supervisor, "inbox-r")
    supervisor.expect("^READY=1$")
    drop(stage.constellation(600).bundle(), "inbox-r", "strangers.bundle")
    drop(c.bundle()[:-40], "inbox-r", "cut.bundle")
    drop(b"a holiday photograph" * 3000, "inbox-r", "photo.jpg")
    for pattern in ("inbox: strangers.bundle: refused, and left there: ",
                    "inbox: cut.bundle: .*refused, and left there: it breaks off: copy it again",
                    "photo.jpg is neither a record nor a bundle"):
        one.await_line(lambda line, pattern=pattern: re.search(pattern, line), pattern, 20)
    assert sorted(os.listdir("inbox-r")) == ["cut.bundle", "photo.jpg", "strangers.bundle"]
    one.process.send_signal(signal.SIGTERM)
    assert one.process.wait(patience(20)) == 0, one.lines


def a_listener_rings_what_was_dropped_into_its_inbox():
    c = stage.constellation(14)
    supervisor = Supervisor(watchdog_s=1.5)
    os.mkdir("inbox-l")
    with open("l.root", "wb") as file:
        file.write(c.root)
    with open("hook", "w") as file:
        file.write("#!/bin/sh\necho rung ${NOTIFY_SOCKET:-alone} >%s/rung\n" % HERE)
    os.chmod("hook", 0o755)
    with open("l.conf", "w") as file:
        file.write("# by hand\nroot = {0}/l.root\ninbox = {0}/inbox-l\nstate = {0}/l.state\nstore = {0}/l.store\n"
                   "offline\nonce\nrun = {0}/hook\n".format(HERE))
    listener = stage.Lines(["tocsin-listen", "--config", "l.conf"], env=supervisor.environment())
    supervisor.expect("^READY=1$")
    supervisor.expect("^STATUS=nothing to come; clock within 1 ms, assumed$")
    supervisor.expect("^WATCHDOG=1$")
    drop(c.bundle(), "inbox-l", "minute.bundle")
    listener.await_line(lambda line: "inbox: minute.bundle: taken: records 1" in line, "the word of the inbox", 12)
    told = supervisor.expect("^STATUS=(next|armed): A minute of silence, ")
    assert time.strftime("%a %Y-%m-%d %H:%M:%S", time.gmtime(c.t0)) in told, told
    os.unlink("inbox-l/minute.bundle")  # it is kept
    supervisor.expect("^STOPPING=1$", 60)
    assert listener.process.wait(patience(20)) == 0, listener.lines
    assert supervisor.heard.count("WATCHDOG=1") >= 5, supervisor.heard
    with open("rung") as file:
        assert file.read() == "rung alone\n"  # no hook speaks for us
    check = subprocess.run(["tocsin-listen", "--config", "l.conf", "--check"], capture_output=True, text=True, timeout=patience(20))
    assert check.returncode == 1 and "A minute of silence" in check.stdout, check
    with open("l.conf") as file:
        mute = file.read().replace("run =", "# run =").replace("once\n", "")
    with open("mute.conf", "w") as file:
        file.write(mute)
    listener = stage.Lines(["tocsin-listen", "--config", "mute.conf"], env=supervisor.environment())
    listener.await_line(lambda line: "nothing rings here: a gesture would only be shown" in line, "its word on that", 12)
    supervisor.expect("^STATUS=nothing to come; .*; nothing rings here$")
    listener.process.terminate()
    assert listener.process.wait(patience(20)) == 0, listener.lines


def a_site_shows_what_was_dropped_into_its_inbox():
    c = stage.constellation(3600)
    supervisor = Supervisor(watchdog_s=1.5)
    os.mkdir("inbox-s")
    with open("s.root", "wb") as file:
        file.write(c.root)
    with open("s.conf", "w") as file:
        file.write("listen = 127.0.0.1:0\nzone = Europe/Rome\ninbox = {0}/inbox-s\nroot = {0}/s.root\n"
                   "store = {0}/s.store\nconfig = {0}/s.config\n".format(HERE))
    server = stage.Lines(["tocsin", "serve", "--config", "s.conf", "s.site"], env=supervisor.environment())
    supervisor.expect("^READY=1$", 60)
    supervisor.expect(r"^STATUS=http://127.0.0.1:[0-9]+/; exported 20..-..-..T..:..:..Z$")
    drop(b"a holiday photograph", "inbox-s", "photo.jpg")
    server.await_line(lambda line: re.search("refused .*line 1", line), "the word of the sync", 30)
    drop(c.bundle(), "inbox-s", "minute.bundle")
    until = time.monotonic() + patience(60)
    while not any("A minute of silence" in pathlib.Path(folder, name).read_text()
                  for folder, _, names in os.walk("s.site") for name in names if name.endswith(".ics")):
        assert time.monotonic() < until, server.lines
        time.sleep(0.1)
    supervisor.expect("^WATCHDOG=1$")
    server.process.send_signal(signal.SIGTERM)
    supervisor.expect("^STOPPING=1$")
    assert server.process.wait(patience(20)) == 0, server.lines
    wrong = subprocess.run(["tocsin", "serve", "--config", "s.config"], capture_output=True, text=True, timeout=patience(20))
    assert wrong.returncode == 1, wrong  # a folder is what it was: no root is trusted in this one


def a_wrong_line_of_a_file_is_named():
    with open("wrong.conf", "w") as file:
        file.write("root = /etc/tocsin/root.bundle\n\nlatency = soon\n")
    out = subprocess.run(["tocsin-listen", "--config", "wrong.conf"], capture_output=True, text=True)
    assert out.returncode == 2 and out.stderr.startswith(
        "tocsin-listen: wrong.conf:3: --latency soon: give 0 to 60 s"), out
    for program in ("tocsin-listen", "tocsin-beacon"):
        sample = subprocess.run([program, "--print-config"], capture_output=True, text=True, check=True).stdout
        known = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
        in_file = set(re.findall(r"^#?([a-z-]+)(?: = .*)?$", sample, re.M))
        on_line = set(re.findall(r"--([a-z-]+)", known.split("Mandatory or optional")[0]))
        missing = on_line - in_file - {"help", "usage", "version", "config", "print-config"}
        assert missing <= {"check", "drill", "rehearse", "replay", "at"}, missing
        assert not in_file - on_line, in_file - on_line


stage.run_together([a_listener_rings_what_was_dropped_into_its_inbox, a_site_shows_what_was_dropped_into_its_inbox, a_wrong_line_of_a_file_is_named,
                    a_beacon_is_ready_alive_and_says_what_comes_next, what_an_inbox_refuses_is_said_and_left])
