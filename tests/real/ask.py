"""One command of tocsin, run and judged."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from pace import patience

TOCSIN = os.path.join(os.environ["TOCSIN_BIN"], "tocsin")

CTRL_C = "\x03"


def ask(args, env, code=0, out=None, err=None, no_err=None, stdin=None, **more):
    """Runs tocsin; code is the exit code that must come (None: any), out and err patterns that must be found, no_err one that must not."""
    words = [TOCSIN, *map(str, args)]
    done = subprocess.run(words, env=env, input=stdin, stdin=None if stdin is not None else subprocess.DEVNULL, capture_output=True,
                          timeout=patience(60), **more)
    text, errors = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    told = f"{' '.join(words[1:])}\n--- stdout\n{text}--- stderr\n{errors}"
    assert code is None or done.returncode == code, f"exit {done.returncode}, expected {code}: {told}"
    for pattern, where in ((out, text), (err, errors)):
        assert pattern is None or re.search(pattern, where, re.M), f"not found: {pattern}\n{told}"
    assert no_err is None or not re.search(no_err, errors, re.M), f"found: {no_err}\n{told}"
    warnings = [line.removeprefix("tocsin: warning: ") for line in errors.splitlines() if line.startswith("tocsin: warning: ")]
    for i, one in enumerate(warnings):
        assert not any(other.endswith(one) for k, other in enumerate(warnings) if k != i), f"said twice: {one}\n{told}"
    assert "\x1b" not in text + errors, f"colour without a terminal: {told}"
    return done


def ask_at_terminal(args, env, answers, code=0, rows=50, columns=200):
    """Runs tocsin on a terminal of its own; answers are (pattern to wait for, what to type).  Gives all that was to be seen."""
    pid, fd = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs tests in the background ignores it
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))
        os.execve(TOCSIN, ["tocsin", *map(str, args)], env)
    seen = watch(fd, answers)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status == code, f"exit {status}, expected {code}\n{seen}"
    return seen


def watch(fd, answers):
    """Answers what is asked on a terminal until its other side closes; gives all that was to be seen."""
    seen, at, deadline = "", 0, time.monotonic() + patience(90)
    answers = list(answers)
    while True:
        if answers:
            found = re.compile(answers[0][0]).search(seen, at)
            if found:
                at = found.end()
                typed = answers.pop(0)[1]
                os.write(fd, typed.encode() + (b"" if typed == CTRL_C else b"\n"))
                continue
        assert time.monotonic() < deadline, f"no end in sight: {seen}"
        if select.select([fd], [], [], 1)[0]:
            try:
                got = os.read(fd, 4096)
            except OSError:  # Linux: the other side is closed
                break
            if not got:
                break
            seen += got.decode(errors="replace")
    assert not answers, f"not asked: {answers}\n{seen}"
    return seen
