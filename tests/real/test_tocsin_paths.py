"""An id is never a path: traversal strings where ids are expected open nothing outside the store (120 of them, 500 in a
deep run; strace watches some).
"""
import os
import pathlib
import random
import shutil
import subprocess

TOCSIN = os.path.join(os.environ["TOCSIN_BIN"], "tocsin")
HERE = pathlib.Path.cwd()
ENV = {"PATH": os.environ["PATH"], "HOME": str(HERE), "LANG": "C.UTF-8", "TZ": "UTC"}
seed = int(os.environ.get("TOCSIN_SEED", 17))
dice = random.Random(seed)
(HERE / "secret").write_text("canary")

pieces = ["..", "/", "\\", "%2e%2e", "%2f", "....//", "..;/", "~", "etc/passwd", "secret", "records", "0" * 64, "a" * 32, ".rec", "*",
          "$HOME", "`id`", "\u2215", "\uff0e\uff0e", "C:", "//", "./", "\n", "\x7f", "file://", "' OR 1=1"]
strings = ["../secret", "../../etc/passwd", "/etc/passwd", "..", ".", "/", "0" * 63 + "/", "records/../../secret"]
DEEP = os.environ.get("TOCSIN_DEEP") == "1"
while len(strings) < (500 if DEEP else 120):
    strings.append("".join(dice.choice(pieces) for _ in range(dice.randint(1, 6))))


def run(args, **more):
    return subprocess.run([TOCSIN, *args], env=ENV, stdin=subprocess.DEVNULL, capture_output=True, text=True, **more)


assert run(["key", "new", "anna", "--unsealed"]).returncode == 0
assert run(["root", "new", "x", "--threshold", "1", "--organizer", "anna", "--key", "anna", "--yes"]).returncode == 0
commands = [["show"], ["show", "--bundle"], ["amend", "--title", "x", "--yes"], ["cancel", "--reason", "x", "--yes"],
            ["forget", "--yes"], ["revoke", "--yes"]]


def no_string_is_a_path():
    for i, string in enumerate(strings):
        args = [*commands[i % len(commands)], "--", string]
        done = run(args)
        assert done.returncode in (1, 2), (args, done.returncode, done.stdout, done.stderr)
        assert "canary" not in done.stdout + done.stderr and "root:x:" not in done.stdout + done.stderr, args
    if shutil.which("strace"):
        for i, string in enumerate(strings[:24 if DEEP else 8]):
            for command in commands[:5]:
                done = subprocess.run(["strace", "-qq", "-e", "trace=open,openat,openat2,unlink,unlinkat,rename,renameat2,linkat", "-o",
                                       "trace", TOCSIN, *command, "--", string], env=ENV, stdin=subprocess.DEVNULL, capture_output=True)
                for line in open("trace", errors="replace"):
                    assert "secret" not in line and "passwd" not in line and "/.." not in line, (command, string, line)


no_string_is_a_path()
print(f"{len(strings)} strings, none was a path")
