"""What programs give up before they speak to strangers, as the kernel tells it, and where a broker's password lies meanwhile."""
import contextlib
import glob
import os
import re
import shutil
import subprocess
import tempfile

import stage
import world
from organizers import bologna
from pace import patience
from stage import HERE, constellation

PASSWORD = "correct-horse-%s" % os.urandom(6).hex()


def facts(pid):
    with open("/proc/%d/status" % pid) as file:
        return {line.split(":")[0]: line.split(":")[1].strip() for line in file}


def is_shut_in(pid):
    """A filter of calls, no way to more rights, and no core file; whoever else is of its user sees nothing of its memory."""
    one = facts(pid)
    assert one["NoNewPrivs"] == "1" and one["Seccomp"] == "2", one
    with open("/proc/%d/limits" % pid) as file:
        assert re.search("^Max core file size +0 +0 ", file.read(), re.M)


def is_undumpable(pid):
    """The kernel then gives its files to root, whoever runs it."""
    assert os.getuid() == 0 or os.stat("/proc/%d/mem" % pid).st_uid == 0


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid)) as file:
        return [int(word) for word in file.read().split()]


def test_a_beacon_with_and_without_a_broker_of_its_own():
    c = constellation(60)
    one = stage.Beacon(c, "--embedded-broker", "--state", os.path.join(HERE, "state"))
    one.expect("link 0 up")
    broker, = [pid for pid in children(one.process.pid) if facts(pid)["Name"] == "mosquitto"]
    for pid in (one.process.pid, broker):
        is_shut_in(pid)
    is_undumpable(one.process.pid)
    other_broker = world.Broker(HERE, "other")
    two = stage.Beacon(c, "--broker", other_broker.url)
    two.expect("link 0 up")
    is_shut_in(two.process.pid)
    assert not any("this kernel" in line for line in one.lines + two.lines if os.path.exists("/sys/kernel/security/landlock"))
    one.kill()
    two.kill()
    other_broker.kill()


@contextlib.contextmanager
def far_away():
    """The beacon and its plugin where Landlock lets nobody read by itself, as it does /usr and /tmp."""
    built = os.path.dirname(os.environ["TOCSIN_BIN"])
    plugin, = glob.glob(os.path.join(built, "lib", "**", "tocsin-guard.so"), recursive=True)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as far:
        os.chmod(far, 0o755)  # mosquitto, started by root, is another user
        for path in (os.path.join(built, "bin", "tocsin-beacon"), plugin):
            copy = os.path.join(far, os.path.relpath(path, built))
            os.makedirs(os.path.dirname(copy))
            shutil.copy(path, copy)
        yield ("env", "PATH=%s/bin:/usr/bin:/bin" % far), copy


def test_a_beacon_built_anywhere_has_its_broker_with_the_plugin():
    with far_away() as (prefix, _):
        one = stage.Beacon(constellation(60), "--embedded-broker", prefix=prefix)
        one.expect("link 0 up")
        assert not any("questions of any size" in line for line in one.lines), one.lines
        one.kill()


def test_a_broker_that_cannot_load_the_plugin_does_without():
    with far_away() as (prefix, plugin):
        with open(plugin, "w") as file:
            file.write("no library")
        one = stage.Beacon(constellation(60), "--embedded-broker", prefix=prefix)
        one.expect("link 0 up")
        assert any("questions of any size" in line for line in one.lines), one.lines
        one.kill()


def test_serve_and_what_it_starts():
    place, _ = bologna()
    server = subprocess.Popen([os.path.join(os.environ["TOCSIN_BIN"], "tocsin"), "serve", "--listen", "127.0.0.1:0", "site"],
                              env=place.env, stdout=subprocess.PIPE, text=True)
    assert server.stdout.readline().startswith("listening")
    is_shut_in(server.pid)
    is_undumpable(server.pid)
    assert os.listdir("site")
    server.terminate()
    assert server.wait(patience(10)) == 0


def mappings(pid):
    """(first, last, flags) of each mapping that can be read."""
    with open("/proc/%d/smaps" % pid) as file:
        for line in file:
            head = re.match("([0-9a-f]+)-([0-9a-f]+) (....) ", line)
            if head:
                at, last, mode = int(head[1], 16), int(head[2], 16), head[3]
            elif line.startswith("VmFlags:") and last < 1 << 63:
                yield at, last, line.split()[1:]


def places_of(pid, secret):
    """The flags of the mappings that hold these bytes."""
    found = []
    with open("/proc/%d/mem" % pid, "rb", buffering=0) as memory:
        for at, last, flags in mappings(pid):
            try:
                memory.seek(at)
                if secret in memory.read(last - at):
                    found.append(flags)
            except OSError:
                pass  # a guard page, or the kernel's own
    return found


def test_a_password_lies_in_guarded_memory_alone():
    """Of the process that holds records, clock and hooks: locked, and left out of core files.  (Who speaks to the broker is
    another; libmosquitto keeps a copy there.)"""
    c = constellation(60)
    broker = world.Broker(HERE, "password")
    path = os.path.join(HERE, "password.txt")
    with open(path, "w") as file:
        file.write(PASSWORD + "\n")
    os.chmod(path, 0o600)
    one = stage.Listener(c, "--bundle", c.write(os.path.join(HERE, "password.bundle")), "--no-ask", "--broker", broker.url, "--user", "site",
                         "--password-file", path)
    one.expect("broker", text="connected")
    is_undumpable(one.process.pid)
    if os.getuid() == 0:
        found = places_of(one.process.pid, PASSWORD.encode())
        assert found and all("dd" in flags and ("lo" in flags or "lf" in flags) for flags in found), found
        ear, = children(one.process.pid)
        assert places_of(ear, PASSWORD.encode()), "the search finds nothing at all"
    one.kill()
    broker.kill()


stage.run_all([function for name, function in list(globals().items()) if name.startswith("test_")])
