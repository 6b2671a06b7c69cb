"""A sound server whose only loudspeaker is an ear: what leaves its mixer, each sample with the instant at which it does.

with Mixer() as mixer:
    ... programs with mixer.environment play ...
    mixer.listen()
    mixer.bells(at, 0.5)  # when one was struck, from half a second before `at` to half a second after
"""
import array
import os
import shutil
import subprocess
import threading
import time

import stage

RATE = 48000
PLUGIN = "/usr/lib/%s-linux-gnu/alsa-lib/libasound_module_pcm_pulse.so" % os.uname().machine
CHUNK_S = 0.005
LOUD, QUIET_S = 1000, 0.2
AROUND_S = 1


def is_here():
    return shutil.which("pulseaudio") is not None and shutil.which("parec") is not None and os.path.exists(PLUGIN)


class Mixer:
    """A null sink's clock is the system's: it renders each block when its first sample is due, so no sample arrives
    before its time, and the least that one of those around it came late says when it was due. (Of those around it: a
    server that is short of time leaves some out.)"""

    def __init__(self):
        home = os.path.join(stage.HERE, "mixer-" + os.urandom(3).hex())
        os.makedirs(home, mode=0o700)
        conf, listens = os.path.join(home, "asoundrc"), os.path.join(home, "socket")
        with open(conf, "w") as file:
            file.write("pcm_type.pulse { lib %s }\npcm.!default { type pulse }\n" % PLUGIN)
        self.recorder = None
        self.environment = {"PULSE_RUNTIME_PATH": home, "ALSA_CONFIG_PATH": conf, "PULSE_SERVER": "unix:" + listens}
        self.around = {**os.environ, **self.environment, "HOME": home}
        self.server = subprocess.Popen(["pulseaudio", "-n", "--use-pid-file=no", "--exit-idle-time=-1",
                                        "-L", "module-null-sink sink_name=hall rate=%d channels=1" % RATE,
                                        "-L", "module-native-protocol-unix auth-anonymous=1 socket=" + listens],
                                       env=self.around, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + stage.patience(10)
        while not os.path.exists(listens):
            assert time.monotonic() < until and self.server.poll() is None, "no sound server"
            time.sleep(0.05)

    def listen(self):
        """From now on: until then nothing is kept."""
        self.recorder = subprocess.Popen(["parec", "-d", "hall.monitor", "--format=s16le", "--rate=%d" % RATE, "--channels=1",
                                          "--latency-msec=%d" % (CHUNK_S * 1000), "--raw"], env=self.around, stdout=subprocess.PIPE)
        self.lock = threading.Lock()
        self.heard = array.array("h")
        self.chunks = []  # (the number of its first sample, when sample 0 was due by it)
        threading.Thread(target=self.record, daemon=True).start()

    def record(self):
        for data in iter(lambda: os.read(self.recorder.stdout.fileno(), 65536), b""):
            now = time.time()
            with self.lock:
                self.chunks.append((len(self.heard), now - len(self.heard) / RATE))
                self.heard.frombytes(data[:len(data) & ~1])

    def samples(self, begin, end):
        """[(when, sample)] of what was heard in between."""
        with self.lock:
            near = [(at, due) for at, due in self.chunks if begin - AROUND_S < due + at / RATE < end + AROUND_S]
            first = min(due for _, due in near)
            whole = range(max(0, int((begin - first) * RATE)), min(len(self.heard), int((end - first) * RATE)))
            return [(first + i / RATE, self.heard[i]) for i in whole]

    def onsets(self, at, within):
        """When it became loud after some quiet."""
        found, last = [], float("-inf")
        for when, sample in self.samples(at - within, at + within):
            if abs(sample) >= LOUD:
                if when - last > QUIET_S:
                    found.append(when)
                last = when
        return found

    def bells(self, at, within):
        """Those onsets that ring on: a tick is over at once."""
        return [when for when in self.onsets(at, within)
                if max((abs(one) for _, one in self.samples(when + 0.1, when + 0.2)), default=0) > LOUD]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in filter(None, (self.recorder, self.server)):
            process.terminate()
            process.wait()
