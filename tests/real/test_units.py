"""The systemd units without systemd as process 1: their own command lines, under their own filters of system
calls and their own view of /proc, as a user without rights."""
import ctypes
import errno
import mmap
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time

import stage
from pace import patience

try:
    import seccomp
except ImportError as missing:
    stage.skip(f"{missing} (apt-get install python3-seccomp)")
if shutil.which("systemd-analyze") is None:
    stage.skip("no systemd-analyze")

HERE = os.getcwd()
HOUSE = {"tocsin-beacon": "beacon", "tocsin-listen": "clients", "tocsin-serve": "clients"}
PROGRAM = {"tocsin-serve": "tocsin"}  # others are called as their units
NOBODY = 65534


def read_unit(name):
    """Key: all its values, in order."""
    values = {}
    with open(os.path.join(os.environ["TOCSIN_SOURCE"], HOUSE[name], PROGRAM.get(name, name), name + ".service")) as file:
        text = re.sub(r"\\\n", "", file.read())
    for line in text.splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            values.setdefault(key, []).append(value)
    return values


def expand(names):
    """System calls; @GROUPs opened as this systemd opens them."""
    calls = set()
    for name in names:
        if name.startswith("@"):
            told = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", name], capture_output=True,
                                  text=True, check=True).stdout.split("\n")[1:]
            calls |= expand([word.strip() for word in told if word.strip() and not word.strip().startswith("#")])
        else:
            calls.add(name)
    return calls


def allowed_calls(unit):
    """systemd.exec(5): the first line makes a list of what is allowed, ~ takes away, later lines add."""
    assert not unit["SystemCallFilter"][0].startswith("~"), "a list of what is denied: not understood here"
    calls = expand(["@default"])
    for line in unit["SystemCallFilter"]:
        names = expand(line.lstrip("~").split())
        calls = calls - names if line.startswith("~") else calls | names
    return calls


def confine(unit):
    """This process, for good."""
    filters = [seccomp.SyscallFilter(seccomp.ERRNO(getattr(errno, unit["SystemCallErrorNumber"][0])))]
    for call in allowed_calls(unit):
        try:
            filters[0].add_rule(seccomp.ALLOW, call)
        except RuntimeError:
            pass  # another architecture's
    filters.append(seccomp.SyscallFilter(seccomp.ALLOW))
    families = [getattr(socket, name) for name in unit["RestrictAddressFamilies"][0].split()]
    for family in set(range(64)) - set(families):
        filters[-1].add_rule(seccomp.ERRNO(errno.EAFNOSUPPORT), "socket", seccomp.Arg(0, seccomp.EQ, family))
    assert unit["MemoryDenyWriteExecute"] == ["yes"]
    both = mmap.PROT_WRITE | mmap.PROT_EXEC
    filters[-1].add_rule(seccomp.ERRNO(errno.EPERM), "mmap", seccomp.Arg(2, seccomp.MASKED_EQ, both, both))
    filters[-1].add_rule(seccomp.ERRNO(errno.EPERM), "mprotect",
                         seccomp.Arg(2, seccomp.MASKED_EQ, mmap.PROT_EXEC, mmap.PROT_EXEC))
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
    for one in reversed(filters):  # the first would deny loading another
        one.load()


def mount_proc(unit):
    """A command prefix: /proc as the unit wants it, where this machine lets us."""
    options = ["hidepid=" + value for value in unit.get("ProtectProc", [])]
    options += ["subset=" + value for value in unit.get("ProcSubset", [])]
    if not options:
        return []
    prefix = ["unshare", "--mount", "sh", "-c",
              "mount -t proc -o %s proc /proc && exec \"$@\"" % ",".join(options), "sh"]
    if subprocess.run(prefix + ["true"], stderr=subprocess.DEVNULL).returncode != 0:
        print("not tried here: a /proc with " + ",".join(options))
        return []
    return prefix


def command_of(name):
    """The unit's own command line, its folders put into this one, run as the unit says."""
    unit = read_unit(name)
    line = unit["ExecStart"][0]
    for folder in ("/var/lib/", "/var/cache/"):
        line = line.replace(folder + name, os.path.join(HERE, name + ".state"))
    line = line.replace("/etc/tocsin", HERE)
    words = shlex.split(line)
    words[0] = os.path.join(HERE, words[0])
    return mount_proc(unit) + [sys.executable, os.path.abspath(__file__), "confined", name, *words]


def prepare(name):
    """The program and its folder where a user without rights reaches them."""
    os.chmod(HERE, 0o755)
    shutil.copy(shutil.which(PROGRAM.get(name, name)), HERE)
    os.mkdir(name + ".state")
    give_away(name + ".state")


def give_away(path):
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def configure(name, program, **given):
    """The file that the package brings, its folders put into this one, and these options."""
    sample = subprocess.run([*program.split(), "--print-config"], capture_output=True, text=True, check=True).stdout
    for folder in ("/var/lib/", "/var/cache/"):
        sample = sample.replace(folder + name, os.path.join(HERE, name + ".state"))
    os.makedirs("inbox", exist_ok=True)
    sample = sample.replace("/etc/tocsin/inbox", HERE + "/inbox")
    for option, value in given.items():
        sample, count = re.subn(r"^#?%s( =.*)?$" % option, lambda _: "%s = %s" % (option, value), sample, flags=re.M)
        assert count == 1, (option, sample)
    with open(name.replace("tocsin-", "") + ".conf", "w") as file:
        file.write(sample)


def environment(**more):
    # leaks are looked for by ptrace
    with open("/proc/sys/kernel/random/boot_id") as file:  # the unit: Environment=TOCSIN_BOOT_ID=%b
        boot = file.read().strip().replace("-", "")
    return {**os.environ, "ASAN_OPTIONS": "detect_leaks=0", "TOCSIN_BOOT_ID": boot, **more}


def the_beacon_starts_its_broker():
    prepare("tocsin-beacon")
    c = stage.world.Constellation()
    c.write("root")
    give_away(stage.write_secret(c.beacons[0], "key"))
    configure("tocsin-beacon", "tocsin-beacon", root="root", key="key", port=str(stage.free_port()))
    command = command_of("tocsin-beacon")
    beacon = stage.Lines(command, env=environment(RUNTIME_DIRECTORY=os.path.join(HERE, "tocsin-beacon.state")))
    beacon.await_line(lambda line: "link 0 up" in line, "a link to its own broker", 30)
    beacon.process.send_signal(signal.SIGTERM)
    assert beacon.process.wait(patience(20)) == 0, beacon.lines


def the_listener_rings_and_knows_this_boot():
    prepare("tocsin-listen")
    c = stage.constellation(8)
    c.write("bundle")
    with open("root", "wb") as file:
        file.write(c.root)
    with open("hook", "w") as file:
        file.write("#!/bin/sh\necho rung >%s/tocsin-listen.state/rung\n" % HERE)
    os.chmod("hook", 0o755)
    configure("tocsin-listen", "tocsin-listen", root="root", bundle="bundle", offline="yes", once="yes", run=HERE + "/hook")
    assert read_unit("tocsin-listen")["Environment"] == ["TOCSIN_BOOT_ID=%b"]
    command = command_of("tocsin-listen")
    listener = stage.Lines(command, env=environment())
    assert listener.process.wait(patience(20)) == 0, listener.lines
    with open("tocsin-listen.state/rung") as file:
        assert file.read() == "rung\n"
    with open("tocsin-listen.state/marks") as file:
        firing = [line.split() for line in file if line.startswith("firing")]
    with open("/proc/sys/kernel/random/boot_id") as file:
        boot = file.read().strip().replace("-", "")
    # without it, a listener that is started again shortly before T-0 must not ring
    assert [mark[5] for mark in firing] == [boot], firing


def the_feed_server_exports_and_again_when_it_is_told_to():
    prepare("tocsin-serve")
    c = stage.constellation(8)
    with open("root.bundle", "wb") as file:
        file.write(c.root)
    os.rename("root.bundle", "root")
    configure("tocsin-serve", "tocsin serve", root="root", listen="127.0.0.1:0")
    command = command_of("tocsin-serve")
    server = stage.Lines(command, env=environment())
    server.await_line(lambda line: line.startswith("listening http://127.0.0.1:"), "the first export", 60)
    site = "tocsin-serve.state/site"
    style = os.path.join(site, "style.css")
    assert os.path.exists(style), os.listdir(site)
    unit = read_unit("tocsin-serve")
    assert unit["ExecReload"] == ["kill -HUP $MAINPID"], unit["ExecReload"]
    if os.geteuid() == 0:
        os.unlink(style)
        os.kill(server.process.pid, signal.SIGHUP)
        until = time.monotonic() + patience(20)
        while not os.path.exists(style):
            assert time.monotonic() < until, "no export after a hangup"
            time.sleep(0.05)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(patience(20)) == 0, server.lines


if sys.argv[1:2] == ["confined"]:
    confine(read_unit(sys.argv[2]))
    os.execv(sys.argv[3], sys.argv[3:])
stage.run_all([the_beacon_starts_its_broker, the_listener_rings_and_knows_this_boot,
               the_feed_server_exports_and_again_when_it_is_told_to])
