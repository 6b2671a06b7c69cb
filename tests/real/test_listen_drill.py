"""--drill: what is to start at T-0 really starts, knows that it is a drill, and leaves no trace that could silence
the real start."""
import json
import os
import re
import subprocess

import stage
from stage import HERE, constellation


def script(text):
    name = os.path.join(HERE, "drill-" + os.urandom(4).hex())
    with open(name, "w") as file:
        file.write("#!/bin/sh\n" + text)
    os.chmod(name, 0o755)
    return name


def drill(*arguments):
    return subprocess.run(["tocsin-listen", "--drill", "2s", *arguments], capture_output=True, text=True,
                          timeout=stage.patience(30), env=stage.environment(None))


def test_commands_start_and_know_that_it_is_a_drill():
    told = os.path.join(HERE, "told")
    done = drill("--format", "json", "--broker", "mqtt://127.0.0.1:9", "--run", script("cat >%s; echo $TOCSIN_DRILL >>%s\n" % (told, told)),
                 "--pipe", script("cat >%s-pipe\n" % told))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and done.stderr == "", done
    assert [line["event"] for line in lines].count("started") == 1, lines
    assert not any(line["event"] == "broker" for line in lines), lines  # it speaks to none
    occasion, mark = open(told).read().splitlines()
    assert json.loads(occasion)["drill"] is True and mark == "1", (occasion, mark)
    piped = open(told + "-pipe").read().splitlines()
    assert "GO" in piped and json.loads(piped[0])["drill"] is True and json.loads(piped[-1])["state"] == "ended"


def test_a_command_that_fails_fails_the_drill():
    assert drill("--run", script("exit 7\n")).returncode == 3
    for arguments, words in (([], "what is to be tried"), (["--run", "/no/such"], "/no/such"),
                             (["--bell", "--latency", "2s"], "longer than --latency"),
                             (["--check", "--bell"], "one of"), (["--sound", "/no/such"], "--sound /no/such: No such file"),
                             (["--sound", __file__], "Give WAV, FLAC, Ogg, Opus or MP3")):
        done = drill(*arguments)
        assert done.returncode == 2 and words in done.stderr, done


def test_what_is_wanting_is_told_once():
    done = drill("--gpio", "no-such-chip/99")
    assert done.returncode == 3 and done.stdout.count("the bell will not ring, unless this is mended") == 1, done


def test_all_that_can_start_at_t0_can_be_tried():
    help_text = subprocess.run(["tocsin-listen", "--help"], capture_output=True, text=True).stdout
    at_t0 = re.search(r"^ What to do at T-0:\n(.*?)^ The clock:", help_text, re.M | re.S)[1]
    actions = set(re.findall(r"^ +(--[a-z-]+)", at_t0, re.M)) - {"--sound-device", "--big", "--once"}  # how, not what
    said = re.search("what is to be tried with (.*) [(]see", drill().stderr)[1]
    assert set(re.findall("--[a-z-]+", said)) == actions, (said, actions)


def test_the_real_start_comes_all_the_same_while_and_after_a_drill():
    c = constellation(20, 3)
    rung = os.path.join(HERE, "rung")
    one = stage.Listener(c, "--bundle", c.write(os.path.join(HERE, "real.bundle")), "--offline",
                         "--run", script("echo $TOCSIN_DRILL real >>%s\n" % rung))
    one.expect("armed")
    marks = open(os.path.join(one.state, "marks"), "rb").read()
    done = drill("--root", one.name + ".root", "--state", one.state,
                 "--run", script("echo $TOCSIN_DRILL drill >>%s\n" % rung))
    assert done.returncode == 0, done
    now = open(os.path.join(one.state, "marks"), "rb").read()
    assert now.startswith(marks.rstrip(b"\0")) and b"drill" not in now
    one.started(40)
    assert sorted(open(rung).read().splitlines()) == ["1 drill", "real"], open(rung).read()


stage.run_together([value for name, value in list(globals().items()) if name.startswith("test_")])
