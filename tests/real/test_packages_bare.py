"""The packages on a bare Debian 12, as a crew has it: apt-get install, boot, root, options, --check, --drill, enable, a
bundle for the inbox, T-0, remove, purge, and nothing of ours left.  Only with TOCSIN_DEEP=1: it wants a mirror."""
import atexit
import glob
import os
import shutil
import subprocess
import time

import machine
import stage

if not stage.DEEP:
    stage.skip("only with TOCSIN_DEEP=1")
SOURCE = os.environ["TOCSIN_SOURCE"]
made = subprocess.run([SOURCE + "/tests/real/bare-debian"], stdout=subprocess.PIPE, text=True)
if made.returncode != 0:
    raise SystemExit(made.returncode)
PACKAGES = [path for name in ("tocsin", "tocsin-beacon", "tocsin-listen", "tocsin-calendars")
            for path in glob.glob("%s/packages/%s_*.deb" % (os.environ["TOCSIN_TESTS"], name))]
assert len(PACKAGES) == 4, "test_packages makes them"

# what wants the mirror is done before the boot, which has no network
here = os.path.join(os.getcwd(), "here")
os.mkdir(here)
machine.Machine.run_here("mount", "-t", "tmpfs", "tmpfs", here)
atexit.register(subprocess.run, ["umount", "-l", here + "/root", here], stderr=subprocess.DEVNULL)
for name in ("up", "work", "root"):
    os.mkdir(os.path.join(here, name))
machine.Machine.run_here("mount", "-t", "overlay", "overlay", "-o", "lowerdir=%s,upperdir=%s/up,workdir=%s/work" % (
    made.stdout.strip(), here, here), here + "/root")


def there(*command):
    out = subprocess.run(["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--console=pipe",
                          "--resolv-conf=copy-host", "--setenv=DEBIAN_FRONTEND=noninteractive", "--directory=" + here + "/root",
                          *command], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert out.returncode == 0, (command, out.stdout[-2000:], out.stderr[-2000:])


there("apt-get", "update")
there("apt-get", "install", "-y", "--no-install-recommends", "systemd-sysv", "iproute2", "adduser")
for path in PACKAGES:
    shutil.copy(path, here + "/root/root/")
there("apt-get", "install", "-y", *("/root/" + os.path.basename(path) for path in PACKAGES))
for path in PACKAGES:
    os.unlink(here + "/root/root/" + os.path.basename(path))

m = machine.Machine(os.getcwd(), here + "/root")
atexit.register(m.end)
m.run("ip", "link", "set", "lo", "up")
c = stage.world.Constellation()
key = stage.write_secret(c.beacons[0], "beacon.key")
m.write("/etc/tocsin/root.bundle", c.root)
with open(key, "rb") as file:
    m.write("/etc/tocsin/beacon.key", file.read(), 0o600)
m.write("/usr/local/bin/ring", "#!/bin/sh\ncat >>/var/lib/tocsin-listen/rung\n", 0o755)
m.run("sed", "-i", "s|^#run = CMD|run = /usr/local/bin/ring|; s|^#broker = URL|broker = mqtt://127.0.0.1:1883|",
      "/etc/tocsin/listen.conf")
m.run("systemctl", "enable", "--now", "tocsin-beacon", "tocsin-serve", seconds=120)
said = m.run("tocsin-listen", "--check", check=False)
assert "no occurrence in force" in said and "127.0.0.1:1883" in said and "/usr/local/bin/ring" in said, said
m.run("systemctl", "enable", "--now", "tocsin-listen", seconds=120)
m.run("systemctl", "start", "tocsin-listen-drill", seconds=120)
rung = m.path("/var/lib/private/tocsin-listen/rung")
with open(rung) as file:
    assert '"drill":true' in file.read()
os.unlink(rung)
m.run("mv", "/usr/local/bin/ring", "/usr/local/bin/away")
said = m.run("systemctl", "start", "tocsin-listen-drill", check=False, seconds=120)
assert "failed" in said and "/usr/local/bin/ring" in m.journal("tocsin-listen-drill"), said
m.run("mv", "/usr/local/bin/away", "/usr/local/bin/ring")
m.run("adduser", "--quiet", "--disabled-password", "--gecos", "", "pi")
m.run("adduser", "--quiet", "pi", "tocsin")
t0 = int(time.time() + stage.ahead(8))
c.window(t0, 60)
m.write("/home/pi/minute.bundle", c.bundle())
m.run("runuser", "-u", "pi", "--", "cp", "/home/pi/minute.bundle", "/etc/tocsin/inbox/")
m.until(lambda: "A minute of silence" in m.show("tocsin-listen", "StatusText"), "the next window")
m.until(lambda: os.path.exists(rung) and "A minute of silence" in open(rung).read(), "the start", t0 - time.time() + 20)

names = ["tocsin", "tocsin-beacon", "tocsin-listen", "tocsin-calendars"]
m.run("apt-get", "remove", "-y", *names, seconds=120)
assert "tocsin" not in m.run("ps", "-eo", "args", check=False)
assert os.path.exists(rung) and os.path.exists(m.path("/etc/tocsin/listen.conf"))
m.run("dpkg", "--purge", *names[:3], seconds=120)  # calendars has nothing left to be purged
left = m.run("find", "/", "-xdev", "-name", "*tocsin*", "-not", "-path", "/proc/*").split()
print(left)
assert left == ["/etc/tocsin"], left
assert sorted(os.listdir(m.path("/etc/tocsin"))) == ["beacon.key", "inbox", "root.bundle"]
print("installed on a bare Debian, checked, tried, rang at T-0, removed and purged")
