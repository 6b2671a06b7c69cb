"""An hour of everything at once: ten listeners, three beacons, three brokers, two hundred windows, and all the while
processes killed and frozen, disks filled, brokers restarted, names that resolve to nothing, clocks that are wrong and
stepped.  None rings early, none twice, none is missing that could ring.  Only with TOCSIN_DEEP=1; TOCSIN_CHAOS_S says how
many seconds (3600), TOCSIN_SEED repeats a run's dice (not its machine)."""
import collections
import os
import random
import signal
import subprocess
import threading
import time

import stage
import world
from stage import HERE

if not stage.DEEP:
    stage.skip("only with TOCSIN_DEEP=1: it takes an hour")

LASTS = int(os.environ.get("TOCSIN_CHAOS_S", "3600"))
SEED = int(os.environ.get("TOCSIN_SEED", str(random.randrange(1 << 30))))
LISTENERS, WINDOWS, BROKERS = 10, 200, 3
SETTLED_S = 6       # alive and thawed so long before T-0, it must ring
CLOCKLESS_S = 30    # one without a clock needs a broker for some time, too
AFTER_S = 3
LONG_S = 30         # or a slow machine's command is told to end before it has written that it began
dice = random.Random(SEED)
print("TOCSIN_SEED=%d TOCSIN_CHAOS_S=%d" % (SEED, LASTS), flush=True)

CLOCKS = ["sync=0.05"] * 6 + ["unsync offset=1.5", "unsync offset=-1.5 step=150:1", "unsync offset=0.5 ppm=80 step=90:-1",
                              "unsync offset=-0.7 ppm=-80"]


def small_disk(name):
    """A file system of one mebibyte, or None where nobody may make one."""
    os.makedirs(name)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", name], capture_output=True)
    return os.path.join(HERE, name) if done.returncode == 0 else None


class Site:
    """One place: a listener that is started again whenever it was killed, and a diary of when it could not act."""

    def __init__(self, number, urls):
        self.number, self.clock = number, CLOCKS[number]
        self.disk = small_disk("disk%d" % number) if number in (0, 1, 6) else None
        self.state = os.path.join(self.disk or HERE, "state%d" % number)
        self.rung = os.path.join(HERE, "rung%d" % number)
        hook = os.path.join(HERE, "hook%d" % number)
        with open(hook, "w") as file:
            file.write("#!/bin/sh\nread -r line\necho \"$(date +%%s.%%N) $line\" >>%s\n" % self.rung)
        os.chmod(hook, 0o755)
        self.command = ["tocsin-listen", "--root", "chaos.bundle", "--bundle", "chaos.bundle", "--state", self.state,
                        "--run", hook, "--format", "json"]
        for url in urls:
            self.command += ["--broker", url]
        self.log = open("site%d.log" % number, "ab")
        self.away = []   # (from, to): dead or frozen
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log, env=stage.environment(self.clock))

    def kill(self):
        begun = time.time()
        self.process.kill()
        self.process.wait()
        time.sleep(dice.uniform(0, 5))
        told = os.path.getsize(self.log.name)
        self.start()
        # however long this machine takes to start a program
        while b'"event":"ready"' not in self.said(told):
            assert self.process.poll() is None and time.time() < begun + stage.patience(30), self.said(told)
            time.sleep(0.1)
        self.away.append((begun, time.time()))

    def said(self, since=0):
        with open(self.log.name, "rb") as file:
            file.seek(since)
            return file.read()

    def freeze(self):
        begun = time.time()
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(dice.uniform(0.2, 8))
        self.process.send_signal(signal.SIGCONT)
        self.away.append((begun, time.time()))

    def fill(self):
        if self.disk is None:
            return
        try:
            with open(os.path.join(self.disk, "ballast"), "wb", buffering=0) as file:
                while True:
                    file.write(b"x" * 4096)
        except OSError:
            pass
        time.sleep(dice.uniform(5, 40))
        os.unlink(os.path.join(self.disk, "ballast"))

    def could_ring(self, at, dark):
        """Whether nothing kept it from it: awake, for long enough, and with a broker where it has no clock."""
        before = SETTLED_S if self.clock.startswith("sync") else CLOCKLESS_S
        spans = self.away if self.clock.startswith("sync") else self.away + dark
        return all(end < at - before or begin > at + AFTER_S for begin, end in spans)


def watch_machine(stalls):
    """What this machine itself took from everybody: processor and disk."""
    file = os.open("stalls", os.O_WRONLY | os.O_CREAT)
    while True:
        begun = time.time()
        time.sleep(0.05)
        os.pwrite(file, b"x", 0)
        os.fsync(file)
        if time.time() - begun > 0.6:
            stalls.append((begun, time.time()))


def main():
    c = world.Constellation(beacons=BROKERS)
    begun = time.time()
    last = begun + LASTS - 20
    starts = {}
    for i in range(WINDOWS):
        # every tenth at the instant of the one before
        at = at if i % 10 == 9 else int(dice.uniform(begun + 50, last))
        uid, _ = c.window(at, LONG_S, title="Window %d" % i)
        starts[uid] = at
    c.write("chaos.bundle")
    brokers = [stage.Broker(log="information") for _ in range(BROKERS)]
    beacons = [stage.Beacon(c, "--broker", brokers[i].url, "--broker", brokers[(i + 1) % BROKERS].url, beacon=i)
               for i in range(BROKERS)]
    sites = [Site(i, [brokers[i % BROKERS].url, brokers[(i + 1) % BROKERS].url, "mqtt://tocsin.invalid"])
             for i in range(LISTENERS)]
    stalls, dark, did = [], [], collections.Counter()
    threading.Thread(target=watch_machine, args=(stalls,), daemon=True).start()
    busy = {}

    def restart(i):
        """A broker that dies takes its beacons' and listeners' links; the dark time is what they need to come back."""
        down = time.time()
        brokers[i].kill()
        time.sleep(dice.uniform(0, 8))
        brokers[i].start()
        dark.append((down, time.time() + 5))

    def rekindle(i):
        down = time.time()
        beacons[i].kill()
        time.sleep(dice.uniform(0, 8))
        beacons[i] = stage.Beacon(c, "--broker", brokers[i].url, "--broker", brokers[(i + 1) % BROKERS].url, beacon=i)
        dark.append((down, time.time() + 5))

    def act():
        what = dice.choices(["kill", "freeze", "fill", "broker", "beacon"], [5, 5, 3, 2, 1])[0]
        i = dice.randrange(LISTENERS if what in ("kill", "freeze", "fill") else BROKERS)
        one = ("site" if what in ("kill", "freeze", "fill") else what, i)
        if one in busy and busy[one].is_alive():
            return
        did[what] += 1
        target = {"kill": sites[i].kill, "freeze": sites[i].freeze, "fill": sites[i].fill} if one[0] == "site" else {
            "broker": lambda: restart(i), "beacon": lambda: rekindle(i)}
        busy[one] = threading.Thread(target=target[what])
        busy[one].start()

    while time.time() < last:
        time.sleep(dice.uniform(0.2, 2.5))
        act()
    for thread in busy.values():
        thread.join()
    stage.sleep_until(last + 10)
    for site in sites:
        site.process.terminate()
        assert site.process.wait(stage.patience(10)) == 0, "site %d" % site.number
    early, twice, warned, missing, rang, excused = [], [], [], [], 0, 0
    for site in sites:
        times = collections.defaultdict(list)
        for line in open(site.rung) if os.path.exists(site.rung) else []:
            stamp, rest = line.split(" ", 1)
            times[rest.split('"uid":"')[1][:32]].append(float(stamp))
        told = site.said().decode(errors="replace")
        doubt = 0 if site.clock.startswith("sync") else 2.6  # what its clock is wrong by at the most
        for uid, at in starts.items():
            found = times.get(uid, [])
            rang += len(found) > 0
            early += [(site.number, uid, t - at) for t in found if t < at - doubt]
            if len(found) > 1:  # a full disk keeps no mark, which is told beforehand
                (warned if site.disk and "could start again" in told else twice).append(
                    (site.number, uid, [t - at for t in found]))
            if not found:
                could = site.could_ring(at, dark) and not any(e > at - 3 and b < at + 3 for b, e in stalls)
                if could:
                    missing.append((site.number, world.stamp(at), [line for line in told.splitlines()
                                                                   if uid in line and '"countdown"' not in line][-4:]))
                excused += not could
    for site in sites:
        if site.disk:
            subprocess.run(["umount", site.disk])
    for one in beacons + brokers:
        one.kill()
    print("%s; %d starts of %d, %d that could not be, %d twice without room for a mark; %d stalls of the machine" % (
        ", ".join("%s %d" % one for one in sorted(did.items())), rang, LISTENERS * WINDOWS, excused, len(warned), len(stalls)),
        flush=True)
    assert not early, "early: %s" % early
    assert not twice, "twice: %s" % twice
    assert not missing, "missing: %d\n%s" % (len(missing), "\n".join(map(str, missing)))
    assert rang > LISTENERS * WINDOWS / 4, rang


main()
