"""machine.py -- a booted systemd of one's own: systemd-nspawn on an overlay of this machine's files, which it
changes nothing of, without a network.  Says, and skips, where a machine cannot."""
import os
import shutil
import subprocess
import time

from pace import patience

NSPAWN = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network", "--link-journal=no",
          # what systemd's own kernel filter for containers leaves out, and our units ask for
          "--system-call-filter=@clock @memlock seccomp sched_setscheduler sched_setparam bpf", "--console=pipe", "--boot"]
TARGET = "[Unit]\nRequires=basic.target\nAfter=basic.target\n"


def skip(why):
    print("skipped: " + why)
    raise SystemExit(77)


class Machine:
    """One boot.  files: a folder whose tree is its root file system; without one, that of this machine."""

    def __init__(self, folder, files="/"):
        if os.geteuid() != 0 or shutil.which("systemd-nspawn") is None:
            skip("a booted systemd wants root and systemd-nspawn (apt-get install systemd-container)")
        self.top = os.path.join(folder, "machine")
        os.mkdir(self.top)
        # a file system of its own: an overlay's upper part cannot lie in another overlay, and not in its lower part
        self.run_here("mount", "-t", "tmpfs", "tmpfs", self.top)
        self.root = os.path.join(self.top, "root")
        for name in ("up", "work", "root"):
            os.mkdir(os.path.join(self.top, name))
        if subprocess.run(["mount", "-t", "overlay", "overlay", "-o", "lowerdir=%s,upperdir=%s/up,workdir=%s/work" % (
                files, self.top, self.top), self.root], stderr=subprocess.DEVNULL).returncode != 0:
            self.run_here("umount", self.top)
            skip("no overlay file system here")
        with open(os.path.join(self.root, "etc/machine-id"), "w") as file:
            file.write(os.urandom(16).hex() + "\n")
        os.makedirs(os.path.join(self.root, "etc/systemd/system"), exist_ok=True)
        with open(os.path.join(self.root, "etc/systemd/system/test.target"), "w") as file:
            file.write(TARGET)
        self.log = open(os.path.join(folder, "boot.log"), "w+")
        self.process = subprocess.Popen(NSPAWN + ["--directory", self.root, "systemd.unit=test.target"],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.leader = None
        until = time.monotonic() + patience(30)
        while self.leader is None or self.run("systemctl", "is-active", "test.target", check=False) != "active\n":
            if self.process.poll() is not None or time.monotonic() > until:
                self.log.seek(0)
                said = self.log.read()
                self.end()
                skip("no systemd boots here: " + said[-300:])
            children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True).stdout.split()
            self.leader = children[0] if children else None
            time.sleep(0.1)

    @staticmethod
    def run_here(*command):
        if subprocess.run(command, stderr=subprocess.DEVNULL).returncode != 0:
            skip("this machine does not allow: " + " ".join(command))

    def run(self, *command, check=True, seconds=60):
        """Standard output and error of a command inside."""
        out = subprocess.run(["nsenter", "-t", self.leader, "-m", "-u", "-i", "-n", "-p", "--", "env", "-i",
                              "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LANG=C.UTF-8",
                              "TZ=UTC", *command],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             timeout=patience(seconds))
        assert not check or out.returncode == 0, "%s: exit %d\n%s" % (" ".join(command), out.returncode, out.stdout)
        return out.stdout

    def show(self, unit, what):
        return self.run("systemctl", "show", "-P", what, unit).strip()

    def journal(self, unit):
        return self.run("journalctl", "--no-pager", "-o", "cat", "-u", unit, check=False)

    def until(self, holds, what, seconds=20):
        end = time.monotonic() + patience(seconds)
        while not holds():
            assert time.monotonic() < end, "not seen: %s\n%s" % (what, self.journal("tocsin-*"))
            time.sleep(0.1)

    def path(self, name):
        return os.path.join(self.root, name.lstrip("/"))

    def write(self, name, content, mode=0o644):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(self.path(name), mode)

    def changed(self):
        """The paths of what is there besides the files that it began with, or instead of them."""
        top = os.path.join(self.top, "up")
        for folder, folders, files in os.walk(top):
            for name in folders + files:
                yield os.path.join(folder, name)[len(top):]

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()  # nspawn powers it off
            try:
                self.process.wait(patience(20))
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for mount in (self.root, self.top):
            subprocess.run(["umount", "-l", mount], stderr=subprocess.DEVNULL)
