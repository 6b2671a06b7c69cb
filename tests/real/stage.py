"""stage.py -- what the tests of whole programs on a network share: hosts that are network namespaces,
bad networks between them, real brokers with any configuration, beacons and listeners with their lines."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback

from pace import TooLate, ahead, in_time, patience, slack_s, unhurried
from ports import free_port


def skip(why):
    print("skipped: " + why)
    sys.exit(77)


try:
    import world
    from forge_key import write_secret
except ImportError as missing:
    skip(f"{missing} (apt-get install python3-cbor2 python3-nacl python3-cryptography)")
if shutil.which("mosquitto") is None:
    skip("no mosquitto")

HERE = os.getcwd()
DEEP = os.environ.get("TOCSIN_DEEP") == "1"
MARGIN_US = 100  # what a clock read beside another may be out by on a busy machine


class Lines:
    """A program, its lines as they come: standard output, or both."""

    def __init__(self, command, both=True, **more):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT if both else subprocess.PIPE, text=True, **more)
        self.lines = []
        self.news = threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def take(self, line):
        return line.rstrip("\n")

    def read(self):
        for line in self.process.stdout:
            with self.news:
                self.lines.append(self.take(line))
                self.news.notify_all()

    def await_line(self, fits, what, seconds, after=0):
        deadline = time.monotonic() + patience(seconds)
        with self.news:
            while True:
                for i in range(after, len(self.lines)):
                    if fits(self.lines[i]):
                        return i
                left = deadline - time.monotonic()
                assert left > 0, "%s did not come; there were\n%s" % (what, "\n".join(map(str, self.lines[-60:])))
                self.news.wait(min(left, 0.5))
                assert self.process.poll() is None or self.reader.is_alive() or any(
                    fits(line) for line in self.lines[after:]), "%s did not come before the end (exit %s)\n%s" % (
                        what, self.process.poll(), "\n".join(map(str, self.lines[-60:])))

    def kill(self, with_signal=signal.SIGKILL):
        self.process.send_signal(with_signal)
        self.process.wait()

    def memory_kib(self, field):
        with open("/proc/%d/status" % self.process.pid) as file:
            return int(re.search(field + r":\s+(\d+)", file.read()).group(1))

    def cpu_s(self):
        with open("/proc/%d/stat" % self.process.pid) as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Host:
    """A network namespace, gone with its process.  Host(None) is this machine's own."""

    def __init__(self):
        self.process = subprocess.Popen(["unshare", "-n", "sleep", "infinity"], stderr=subprocess.DEVNULL)
        self.prefix = ["nsenter", "-t", str(self.process.pid), "-n", "--"]
        deadline = time.monotonic() + patience(5)
        own = os.readlink("/proc/self/ns/net")
        while True:
            try:
                if os.readlink("/proc/%d/ns/net" % self.process.pid) != own:
                    break
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > deadline:
                skip("no network namespaces here")
            time.sleep(0.01)
        self.run("ip", "link", "set", "lo", "up")

    def run(self, *command):
        out = subprocess.run(self.prefix + list(command), capture_output=True, text=True)
        assert out.returncode == 0, (command, out.stderr)
        return out.stdout


class Relay:
    """The bad network between two hosts; words as impair.c explains them."""
    count = 0

    def __init__(self, a, b, *words):
        n = Relay.count = Relay.count + 1
        self.device = "net%d" % n
        self.address = ["10.77.%d.1" % n, "10.77.%d.2" % n]
        self.process = subprocess.Popen(["impair", str(a.process.pid), str(b.process.pid), self.device, *words],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            assert self.process.wait() == 77
            skip("no TUN devices here")
        for host, address in zip((a, b), self.address):
            host.run("ip", "addr", "add", address + "/24", "dev", self.device)
            host.run("ip", "link", "set", self.device, "mtu", "1400", "up")

    def tell(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def end(self):
        out, _ = self.process.communicate()
        return out.strip()


class Broker(Lines):
    """A mosquitto with its log in our hands.  On a host of its own it listens everywhere, else on loopback."""

    def __init__(self, host=None, config="", port=None, log="all"):
        self.port = port or (1883 if host else free_port())
        self.conf = os.path.join(HERE, "broker-%d-%s.conf" % (self.port, os.urandom(3).hex()))
        address = "0.0.0.0" if host else "127.0.0.1"
        with open(self.conf, "w") as file:
            file.write("log_dest stderr\nlog_type %s\npersistence false\nset_tcp_nodelay true\n" % log
                       + ("user root\n" if os.geteuid() == 0 else "")
                       + "listener %d %s\n" % (self.port, address)
                       + ("" if "allow_anonymous" in config else "allow_anonymous true\n") + config)
        self.host = host
        self.url = "mqtt://127.0.0.1:%d" % self.port
        self.start()

    def start(self):
        super().__init__((self.host.prefix if self.host else []) + ["mosquitto", "-c", self.conf])
        self.await_line(lambda line: "running" in line, "mosquitto's start", 10)


def environment(clock):
    env = dict(os.environ)
    env.pop("TOCSIN_TEST_CLOCK", None)
    if clock:
        env["TOCSIN_TEST_CLOCK"] = clock
    return env


class Beacon(Lines):
    """tocsin-beacon for a constellation whose records lie in its store; it claims a clock good to 1 ms."""

    def __init__(self, constellation, *arguments, beacon=0, host=None, clock="sync=0.001", prefix=(), **more):
        name = os.path.join(HERE, "beacon-" + os.urandom(4).hex())
        key = write_secret(constellation.beacons[beacon], name + ".key")
        root = constellation.write(name + ".bundle")
        command = (host.prefix if host else []) + list(prefix) + [
            "tocsin-beacon", "--root", root, "--key", key, "--store", name + ".store", *arguments]
        super().__init__(command, env=environment(clock), **more)

    def expect(self, pattern, seconds=20, after=0):
        return self.await_line(lambda line: re.search(pattern, line), repr(pattern), seconds, after)


class Listener(Lines):
    """tocsin-listen; its lines are JSON objects.  truth() corrects for the pretended clock."""

    def __init__(self, constellation, *arguments, host=None, clock=None, state=None, prefix=(), once=True, **more):
        self.constellation = constellation
        self.name = os.path.join(HERE, "listener-" + os.urandom(4).hex())
        self.state = state or self.name + ".state"
        self.clock = dict(word.split("=") for word in (clock or "").split() if "=" in word)
        with open(self.name + ".root", "wb") as file:
            file.write(constellation.root)
        self.begun = time.time()
        super().__init__((host.prefix if host else []) + list(prefix) + [
            "tocsin-listen", "--state", self.state, "--format", "json", "--root", self.name + ".root",
            *(["--once"] if once else []), *arguments], both=False, env=environment(clock), **more)

    def take(self, line):
        return json.loads(line)

    def expect(self, event, seconds=20, after=0, **fields):
        def fits(one):
            return one["event"] == event and all(re.search(v, str(one.get(k))) for k, v in fields.items())
        return self.lines[self.await_line(fits, "%s %s" % (event, fields), seconds, after)]

    def has(self, event):
        return any(one["event"] == event for one in self.lines)

    def end(self, code=0, seconds=20):
        got = self.process.wait(patience(seconds))
        self.reader.join(patience(5))
        self.errors = self.process.stderr.read()
        assert got == code, "exit %d, not %d: %s\n%s" % (got, code, self.errors, "\n".join(map(str, self.lines[-40:])))
        return self

    def started(self, seconds=20):
        """Waits for the one start and its end; the event."""
        event = self.expect("started", seconds)
        self.end(0)
        assert sum(one["event"] == "started" for one in self.lines) == 1
        return event

    def error_us(self, event, t0):
        """From T-0 to the release by the true clock of this machine: what the listener's own clock said,
        less what that clock is pretended to be wrong by."""
        wrong = float(self.clock.get("offset", 0)) + float(self.clock.get("ppm", 0)) * 1e-6 * (t0 - self.begun)
        return event["host_error_us"] - wrong * 1e6


def constellation(seconds, duration=60, **more):
    """A new one with a window that many seconds ahead; some more where everybody's start takes longer."""
    c = world.Constellation(**more)
    c.t0 = int(time.time() + ahead(seconds))
    c.uid, c.identity = c.window(c.t0, duration)
    return c


def slack_ms():
    """How late this machine may have made a start: the promises themselves are proved in simulated time."""
    return 1000 * slack_s()


def sleep_until(at):
    time.sleep(max(0, at - time.time()))


def await_file(path, text, seconds=20):
    """Until the file holds just this: what a hook does comes after the word that it was started."""
    await_told(path, text.__eq__, seconds)


def await_told(path, is_there, seconds=20):
    """Until what stands in the file will do."""
    end = time.monotonic() + patience(seconds)
    while not (os.path.exists(path) and is_there(open(path).read())):
        assert time.monotonic() < end, open(path).read() if os.path.exists(path) else "there is no " + path
        time.sleep(0.02)


def quantile(values, q):
    return sorted(values)[min(len(values) - 1, int(len(values) * q))]


def run_all(tests):
    """Those named on the command line, or all; each with the time it took."""
    for test in tests:
        if sys.argv[1:] and test.__name__ not in sys.argv[1:]:
            continue
        begin = time.monotonic()
        unhurried(test)
        print("%-66s %5.1f s" % (test.__name__, time.monotonic() - begin), flush=True)


def run_together(tests):
    """As run_all, all at once: most of their time is waiting.  The first failure ends the program."""
    chosen = [test for test in tests if not sys.argv[1:] or test.__name__ in sys.argv[1:]]
    failures = []

    def one(test):
        try:
            begin = time.monotonic()
            unhurried(test)
            print("%-66s %5.1f s" % (test.__name__, time.monotonic() - begin), flush=True)
        except BaseException as failure:  # sys.exit and asserts alike
            failures.append((test.__name__, failure))
            traceback.print_exc()
    threads = [threading.Thread(target=one, args=(test,)) for test in chosen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        sys.exit("failed: " + ", ".join(name for name, _ in failures))
