"""The bells of tocsin-listen: a sound on a real ALSA device (one that writes what it is given into a file), lines of
GPIO, and what is said of those that cannot ring."""
import calendar
import fcntl
import json
import os
import pty
import select
import shutil
import struct
import subprocess
import termios
import threading
import time
import wave

import stage
from stage import HERE, constellation

FRAMES = 12000
SAMPLES = b"".join(struct.pack("<h", i & 0x7fff) for i in range(FRAMES))


def device(name):
    """A configuration of ALSA whose default device writes into a file; its environment and that file."""
    heard = os.path.join(HERE, name + ".raw")
    conf = os.path.join(HERE, name + ".asoundrc")
    with open(conf, "w") as file:
        file.write('pcm.!default { type file slave.pcm null file "%s" format raw }\npcm.null { type null }\n' % heard)
    return {"ALSA_CONFIG_PATH": conf}, heard


def sound(name):
    path = os.path.join(HERE, name + ".wav")
    with wave.open(path, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(SAMPLES)
    return path


class Site(stage.Listener):
    def __init__(self, c, environment, *arguments, around=(), **more):
        bundle = c.write(os.path.join(HERE, "bundle-" + os.urandom(4).hex()))
        super().__init__(c, "--bundle", bundle, "--offline", *arguments,
                         prefix=[*around, "env"] + ["%s=%s" % one for one in environment.items()], **more)


def test_a_sound_waits_for_t0_and_is_played_to_its_end():
    environment, heard = device("heard")
    one = Site(constellation(6, 3), environment, "--sound", sound("bell"))
    one.expect("bell", text="ready: 1.5 s, 8000 Hz, mono")
    started = one.expect("started")
    rang = one.expect("bell", text="the bell rang, [0-9]+ us after the release")
    one.end(0)
    with open(heard, "rb") as file:
        assert file.read(len(SAMPLES)) == SAMPLES
    print("sound: %s us late, %s" % (started["late_us"], rang["text"]))


def test_what_is_no_sound_is_refused_before_anything_is_done():
    environment, _ = device("refused")
    c = constellation(600)
    root = c.write(os.path.join(HERE, "refused.bundle"))
    for option, words in ((["--sound", "/no/such.wav"], "such.wav"), (["--sound", root], "refused.bundle"),
                          (["--gpio", "GPIO1,high"], "CHIP/NUMBER"), (["--sound-device", "null"], "is for --sound"),
                          (["--broker", "tcp://127.0.0.1"], "mqtt://HOST"),
                          (["--broker", "wss://127.0.0.1"], "for browsers"), (["--run", "/no/such"], "/no/such")):
        run = subprocess.run(["tocsin-listen", "--root", root, "--state", "refused.state", *option],
                             capture_output=True, text=True, timeout=stage.patience(20),
                             env={**stage.environment(None), **environment})
        assert run.returncode == 2 and words in run.stderr, (option, run)
        assert not os.path.exists("refused.state") and run.stdout == "", (option, run)


def test_a_bell_that_cannot_ring_is_told_at_once_and_is_a_failure():
    environment, _ = device("absent")
    one = Site(constellation(6, 3), environment, "--sound", sound("absent"), "--sound-device", "no-such-card")
    told = one.expect("bell", text="will not ring, unless this is mended: the sound device no-such-card")
    one.expect("started")
    one.expect("bell", text="did not ring")
    one.end(3)
    assert one.lines.index(told) < next(i for i, event in enumerate(one.lines) if event["event"] == "started")


def test_a_line_that_is_not_there_is_told_at_once_and_is_a_failure():
    one = Site(constellation(6, 3), {}, "--gpio", "no-such-line,low")
    one.expect("bell", text="no-such-line cannot be had")
    one.expect("bell", text="did not ring")
    one.end(3)


BOARD = """dev=$(mktemp -d) && mount -t tmpfs tmpfs "$dev" && cd /dev && cp -a null zero full random urandom "$dev" &&
mknod "$dev/gpiochip0" c 1 3 && ln -s /proc/self/fd "$dev/fd" && mount --move "$dev" /dev &&
cd "$OLDPWD" && exec "$@"
"""


def test_lines_are_quiet_until_t0_and_on_for_the_gesture_or_a_pulse():
    """A chip whose kernel is kernel_gpio.c, by its name, its label and the name of a line: not tried are a pin and what hangs on it."""
    around = ["unshare", "--mount", "sh", "-c", BOARD, "sh"]
    if subprocess.run([*around, "true"], capture_output=True).returncode != 0:
        print("not tried: lines of GPIO (no mount namespaces here)")
        return
    kernel = os.path.join(os.environ["TOCSIN_TESTS"], "kernel_gpio.so")
    c = constellation(6, 3)
    sites = []
    for line, levels, pulse_s in (("BELL,low", [1, 0, 1], None), ("gpiochip0/3,300ms", [0, 1, 0], 0.3),
                                   ("of the tests/1", [0, 1, 0], None)):
        log = os.path.join(HERE, "levels-%d" % len(sites))
        sites.append((line, levels, pulse_s, log, Site(
            c, {"LD_PRELOAD": kernel, "KERNEL_GPIO": log}, "--gpio", line, around=around)))
    for line, levels, pulse_s, log, one in sites:
        one.expect("started")
        one.end(0)
        with open(log) as file:
            found = [entry.split() for entry in file]
        changes = [entry for i, entry in enumerate(found) if i == 0 or entry[1] != found[i - 1][1]]
        assert [int(level) for _, level, _ in changes] == levels, (line, found)
        taken, on, off = (float(at) - c.t0 for _, _, at in changes)
        print("gpio %s: taken at T%+.1f s, on at T%+.3f ms, off at T%+.3f s" % (line, taken, on * 1000, off))
        assert taken < 0 <= on < 0.05 + stage.slack_s(), (line, found)
        assert pulse_s is None or on + pulse_s - 0.001 <= off < on + pulse_s + 0.1 + stage.slack_s(), (line, found)
        assert pulse_s is not None or 3 <= off, (line, found)


def test_a_bell_that_dies_in_the_countdown_is_there_again_and_rings():
    environment, _ = device("dies")
    c = constellation(12, 3)
    one = Site(c, environment, "--sound", sound("dies"))
    one.expect("armed")
    deadline = time.monotonic() + stage.patience(10)
    while True:
        out = subprocess.run(["pgrep", "-P", str(one.process.pid), "-x", "tocsin-bell"], capture_output=True, text=True)
        if out.stdout.strip():
            break
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(int(out.stdout), 9)
    one.expect("bell", text="its process ended: signal 9")
    one.expect("bell", text="the bell rang")
    one.end(0)


def test_big_fills_a_terminal_follows_its_size_and_is_plain_in_a_pipe():
    c = constellation(60, 3)
    root = c.write(os.path.join(HERE, "big.bundle"))
    command = ["tocsin-listen", "--root", root, "--offline", "--big", "--state"]
    piped = subprocess.Popen(command + ["big-piped.state"], stdout=subprocess.PIPE, env=stage.environment(None))
    assert b"armed" in b"".join(piped.stdout.readline() for _ in range(5))
    piped.terminate()
    assert b"\033" not in piped.communicate()[0]

    def size(rows, columns):
        fcntl.ioctl(main, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(words, after=b""):
        seen, deadline = b"", time.monotonic() + stage.patience(20)
        while after not in seen or words not in seen[seen.find(after):]:
            left = deadline - time.monotonic()
            assert left > 0 and select.select([main], [], [], left)[0], seen
            seen += os.read(main, 65536)
        return seen
    main, terminal = pty.openpty()
    size(24, 80)
    one = subprocess.Popen(command + ["big-tty.state"], stdout=terminal, stderr=terminal,
                           env={**stage.environment(None), "TERM": "xterm", "TZ": "Europe/Rome", "NO_COLOR": ""})
    first = until(b"\033[21;1H")  # the foot of 24 rows
    assert all(words in first for words in (b"\033[?1049h", b"Europe/Rome")), first
    if b"\033[46m" not in first:
        until(b"\033[46m")  # armed
    size(50, 132)
    until(b"\033[47;1H")  # the foot of 50
    one.terminate()
    until(b"A minute of silence is armed", after=b"\033[?1049l")  # what was said stays
    one.wait(stage.patience(10))


def test_titles_are_in_the_language_of_the_environment():
    c = constellation(600, 3)
    c.window(c.t0 - 60, 3, title="A minute\ntitle.it: Un minuto")
    root = c.write(os.path.join(HERE, "language.bundle"))
    for lang, title in (("it_IT.UTF-8", "Un minuto"), ("C", "A minute"), ("pl_PL", "A minute")):
        out = subprocess.run(["tocsin-listen", "--root", root, "--offline", "--format", "json", "--check"],
                             capture_output=True, text=True,
                             env={**stage.environment(None), "LANG": lang, "LC_ALL": "", "LANGUAGE": ""})
        assert '"title":"%s"' % title in out.stdout, (lang, out)


def test_a_sound_server_is_silent_before_t0_and_plays_from_it_to_the_end():
    """PulseAudio with a sink of no sound card, whose monitor hears what would be heard, and when."""
    plugin = "/usr/lib/%s-linux-gnu/alsa-lib/libasound_module_pcm_pulse.so" % os.uname().machine
    if not stage.DEEP or shutil.which("parec") is None or not os.path.exists(plugin):
        print("not tried: a real sound server (only --deep brings pulseaudio, pulseaudio-utils, libasound2-plugins)")
        return
    home = os.path.join(HERE, "pulse")
    os.makedirs(home)
    conf, listens = os.path.join(home, "asoundrc"), os.path.join(home, "socket")
    with open(conf, "w") as file:
        file.write("pcm_type.pulse { lib %s }\npcm.!default { type pulse }\n" % plugin)
    environment = {**stage.environment(None), "HOME": home, "PULSE_RUNTIME_PATH": home, "ALSA_CONFIG_PATH": conf,
                   "PULSE_SERVER": "unix:" + listens}
    server = subprocess.Popen(["pulseaudio", "-n", "--exit-idle-time=-1", "-L", "module-null-sink sink_name=hall rate=48000",
                               "-L", "module-native-protocol-unix auth-anonymous=1 socket=" + listens],
                              env=environment, stderr=subprocess.DEVNULL)
    tone = os.path.join(home, "tone.wav")
    with wave.open(tone, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48000)
        out.writeframes(struct.pack("<h", 20000) * 48000)
    deadline = time.monotonic() + stage.patience(10)
    while not os.path.exists(listens):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    recorder = subprocess.Popen(["parec", "-d", "hall.monitor", "--format=s16le", "--rate=48000", "--channels=1",
                                 "--latency-msec=5", "--raw"], env=environment, stdout=subprocess.PIPE)
    heard = []  # (when it was on, sample): every change

    def record():
        on = False
        for data in iter(lambda: os.read(recorder.stdout.fileno(), 4096), b""):
            now, samples = time.time(), struct.unpack("<%dh" % (len(data) // 2), data)
            for i, one in enumerate(samples):
                if (abs(one) > 1000) != on:
                    on = not on
                    heard.append((now - (len(samples) - i) / 48000, on))
    threading.Thread(target=record, daemon=True).start()
    done = subprocess.run(["tocsin-listen", "--drill", "4s", "--format", "json", "--sound", tone], env=environment,
                          capture_output=True, text=True)
    started = next(json.loads(line) for line in done.stdout.splitlines() if '"started"' in line)
    t0 = calendar.timegm(time.strptime(started["planned"], "%Y-%m-%dT%H:%M:%SZ"))
    recorder.terminate()
    server.terminate()
    assert done.returncode == 0 and [on for _, on in heard] == [True, False], (done, heard)
    begun, ended = heard[0][0] - t0, heard[1][0] - t0
    print("sound server: the first sample at T%+.1f ms, the last at T%+.1f ms" % (begun * 1000, ended * 1000))
    assert -0.01 < begun < 0.1 + stage.slack_s() and abs(ended - begun - 1) < 0.05 + stage.slack_s(), heard


stage.run_together([value for name, value in list(globals().items()) if name.startswith("test_")])
