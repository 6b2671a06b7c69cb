"""tocsin-listen and its commands: many at one instant, and commands that cannot start, fail, die before their
time, write without end, or are left behind; and a listener that is frozen over T-0."""
import json
import os
import signal
import subprocess
import threading
import time

import stage
from pace import patience, slack_us
from stage import HERE, constellation, sleep_until

def script(text):
    name = os.path.join(HERE, "hook-" + os.urandom(4).hex())
    with open(name, "w") as file:
        file.write("#!/bin/sh\n" + text)
    os.chmod(name, 0o755)
    return name


class Site(stage.Listener):
    """A listener with its bundle, whose standard error goes to a file."""

    def __init__(self, c, *arguments, **more):
        bundle = c.write(os.path.join(HERE, "bundle-" + os.urandom(4).hex()))
        super().__init__(c, "--bundle", bundle, "--offline", *arguments, **more)


def test_two_hundred_windows_of_one_instant_all_ring():
    c = constellation(25, 8)
    for i in range(199):
        c.window(c.t0, 8, title="Town %d" % i)
    rung = os.path.join(HERE, "rung-many")
    run = Site(c, "--run", script("cat >>%s\n" % rung), once=False)
    pipe = Site(c, "--pipe", script("while read -r line; do if [ \"$line\" = GO ]; then echo GO >>%s-go; fi; done\n" % rung),
                once=False)
    for one in (run, pipe):
        one.expect("ended", 60)
        started = [event for event in one.lines if event["event"] == "started"]
        assert len(started) == 200 and len({event["uid"] for event in started}) == 200, len(started)
        late = [event["late_us"] for event in started]
        print("200 released within %d us of each other, by the one reading of the clock that goes before" % (max(late) - min(late)))
        assert max(late) - min(late) < 1000 + slack_us(), "released %s to %s us late" % (min(late), max(late))
        assert not one.has("hook"), [event for event in one.lines if event["event"] == "hook"][:5]
        one.process.send_signal(signal.SIGTERM)
        one.end(0)
    assert len({json.loads(line)["uid"] for line in open(rung)}) == 200
    assert open(rung + "-go").read().count("GO") == 200


def test_what_cannot_be_prepared_is_told_while_there_is_time():
    c = constellation(7, 3)
    c.window(c.t0, 3, title="The other")
    limits = ["sh", "-c", "ulimit -Hn 32; ulimit -n 32; exec \"$@\"", "sh"]
    for i in range(10):
        c.window(c.t0, 3, title="Town %d" % i)
    one = Site(c, "--run", script("true\n"), "--pipe", script("cat >/dev/null\n"), prefix=limits)
    told = one.expect("hook", text="unless this is mended: .*raise the limit of files")
    assert time.time() < c.t0, told
    one.expect("hook", text="nothing was prepared, and nothing was started")
    one.end(3)
    assert 0 < sum(event["event"] == "started" for event in one.lines) < 12


def test_a_command_that_cannot_start_is_no_start():
    c = constellation(6, 3)
    hook = script("true\n")
    one = Site(c, "--run", hook)
    one.expect("countdown", left_s="^[123]$")
    with open(hook, "w") as file:
        file.write("#!/no/such/interpreter\n")
    one.expect("hook", text="could not be started: No such file")
    one.end(3)
    assert not one.has("started"), one.lines


def test_a_command_that_fails_is_a_failure_of_once():
    for text, words in (("exit 7\n", "ended with exit status 7"), ("kill -9 $$\n", "ended by signal 9")):
        one = Site(constellation(5, 3), "--run", script(text))
        one.expect("started")
        one.expect("hook", text=words)
        one.end(3)


def test_a_waiting_command_that_dies_is_there_again_and_told_go():
    c = constellation(9, 3)
    told = os.path.join(HERE, "again")
    one = Site(c, "--pipe", script("echo $$ >>%s.pid\nexec cat >>%s\n" % (told, told)))
    one.expect("armed")
    deadline = time.monotonic() + patience(10)
    while not os.path.exists(told) or '"ready"' not in open(told).read():  # it reads: not killed before it was told
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(int(open(told + ".pid").read()), signal.SIGKILL)
    one.expect("hook", text="--pipe: the command was ended by signal 9 before the start")
    one.expect("hook", text="--pipe: the command was started again")
    assert time.time() < c.t0
    one.started()
    lines = open(told).read().splitlines()
    assert lines.count("GO") == 1 and sum('"ready"' in line for line in lines) == 2, lines


def test_a_waiting_command_that_never_waits_is_told_at_once_and_a_failure():
    c = constellation(7, 3)
    one = Site(c, "--pipe", "true")
    one.expect("hook", text="ended with exit status 0 before the start")
    assert time.time() < c.t0
    one.expect("hook", text="could not be told GO")
    one.end(3)
    assert not one.has("started"), one.lines


def test_a_command_that_writes_without_end_floods_nothing():
    c = constellation(6, 3)
    said = open("flood.err", "w+")
    process = subprocess.Popen(
        ["tocsin-listen", "--root", c.write("flood.bundle"), "--offline", "--state", "flood.state", "--run",
         "yes it is all right"], stdout=subprocess.PIPE, stderr=said, text=True, env=stage.environment(None))
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout), daemon=True)
    reader.start()
    sleep_until(c.t0 + 4)
    with open("/proc/%d/stat" % process.pid) as file:
        cpu = sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13])) / os.sysconf("SC_CLK_TCK")
    process.terminate()
    assert process.wait(patience(10)) == 0
    reader.join(patience(5))
    size = os.path.getsize("flood.err")
    assert 1000 < size < 300000, size
    assert any("more than is passed on" in line for line in lines), lines
    assert cpu < 2, cpu


def is_there(pid):
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_commands_end_with_a_listener_that_is_killed():
    c = constellation(6, 60)
    pids = os.path.join(HERE, "left")
    one = Site(c, "--run", script("echo $$ >>%s\nexec sleep 1000\n" % pids), "--pipe",
               script("echo $$ >>%s\nexec sleep 1000\n" % pids), once=False)
    one.expect("started")
    deadline = time.monotonic() + patience(10)
    while len(open(pids).read().split()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    one.kill()
    left = [int(pid) for pid in open(pids).read().split()]
    while any(is_there(pid) for pid in left):
        assert time.monotonic() < deadline, "still there"
        time.sleep(0.05)


def freezer(pid):
    """Ways to freeze a process that this machine has: (freeze, thaw) pairs; a cgroup of either kind or none."""
    for parent, content in (("/sys/fs/cgroup", "cgroup.freeze"), ("/sys/fs/cgroup/freezer", "freezer.state")):
        folder = os.path.join(parent, "tocsin-test-%d" % pid)
        try:
            os.mkdir(folder)
        except OSError:
            continue
        try:
            path = os.path.join(folder, content)
            assert os.path.exists(path)
            with open(os.path.join(folder, "cgroup.procs"), "w") as file:
                file.write(str(pid))
        except (OSError, AssertionError):
            os.rmdir(folder)
            continue

        def put(word):
            with open(path, "w") as file:
                file.write(word)
        on, off = ("1", "0") if content == "cgroup.freeze" else ("FROZEN", "THAWED")
        return folder, lambda: put(on), lambda: put(off)
    return None


def test_frozen_in_a_cgroup_over_t0_it_starts_nothing_and_says_so():
    c = constellation(8, 60)
    rung = os.path.join(HERE, "rung-frozen")
    one = Site(c, "--run", script("echo rung >>%s\n" % rung))
    found = freezer(one.process.pid)
    if found is None:
        one.kill()
        print("not tried: a cgroup freezer (none here that may be written to)")
        return
    folder, freeze, thaw = found
    try:
        one.expect("armed")
        sleep_until(c.t0 - 2)
        freeze()
        sleep_until(c.t0 + 5)
    finally:
        thaw()
    one.expect("missed", text=r"missed by \d+ s .*joining quietly")
    one.end(1)
    os.rmdir(folder)
    assert not one.has("started") and not os.path.exists(rung)


def test_frozen_long_before_t0_and_thawed_it_starts():
    c = constellation(14, 10)
    rung = os.path.join(HERE, "rung-thawed")
    one = Site(c, "--run", script("echo rung >>%s\n" % rung))
    one.expect("ready")
    one.process.send_signal(signal.SIGSTOP)
    time.sleep(2)
    one.process.send_signal(signal.SIGCONT)
    one.started(40)
    assert open(rung).read() == "rung\n"


stage.run_together([value for name, value in list(globals().items()) if name.startswith("test_")])
