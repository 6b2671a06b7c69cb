"""tocsin with a person at the terminal: it asks for what is missing, shows before it asks, hides the passphrase, and
opens sealed keys that stock minisign opens too.  One unseal takes about 1 GiB and some seconds: there are three here.
"""
import os
import pathlib
import pty
import re
import shlex
import signal
import subprocess
import sys

from ask import CTRL_C, TOCSIN, ask_at_terminal, watch

HERE = pathlib.Path.cwd()
ENV = {"PATH": os.environ["PATH"], "HOME": str(HERE), "LANG": "C.UTF-8", "TERM": "xterm"}
SECRET = "correct horse, pferd ü"

for line in open("/proc/meminfo"):
    if line.startswith("MemAvailable:") and int(line.split()[1]) < 1300 * 1024:
        print("needs 1.3 GiB of free memory")
        sys.exit(77)


def at_terminal(args, answers, code=0):
    seen = ask_at_terminal(args, ENV, answers, code)
    assert SECRET not in seen, f"the passphrase was shown:\n{seen}"
    return seen


def plain(*args, code=0, **more):
    done = subprocess.run([TOCSIN, *args], env=ENV, stdin=subprocess.DEVNULL, capture_output=True, text=True, **more)
    assert done.returncode == code, (args, done.returncode, done.stdout, done.stderr)
    return done


# passphrases that differ, and none, are asked again before anything is written
at_terminal(["key", "new"], [("which NAME should the key have\\? ", "anna"), ("New passphrase", SECRET), ("The same again", SECRET + "x"), ("differ(.|\\n)*New passphrase", ""),
                             ("typed(.|\\n)*New passphrase", SECRET), ("The same again", SECRET)])
plain("root", "new", "One alone", "--threshold", "1", "--organizer", "anna", "--beacon", "anna", "--key", "anna", "--yes", code=2)
plain("key", "new", "beacon", "--unsealed")

# a person declares: title and rule are asked for, the preview comes before the question, the question before the passphrase
read, write = os.pipe()
os.write(write, SECRET.encode() + b"\n")
os.close(write)
made = plain("root", "new", "One alone", "--threshold", "1", "--organizer", "anna", "--beacon", "beacon", "--key", "anna", "--yes",
             "--passphrase-fd", str(read), pass_fds=[read])
seen = at_terminal(["declare", "--key", "anna"], [
    ("Title", "A minute"), ("Rule", "2 august at 10:25 in Europe/Rome for 1m"), ("Sign this declaration.*yes", "no")], code=1)
assert "\x1b[31mtocsin:\x1b[0m not confirmed: nothing was done" in seen and plain("list", code=1).stdout == ""
seen = at_terminal(["declare", "--title", "A minute", "--rule", "2 august at 10:25 in Europe/Rome for 1m", "--key", "anna"], [
    ("Sign this declaration.*yes", "yes"), ("Passphrase", SECRET)])
order = [seen.index(w) for w in ("occurrences", "Auckland", "The text to be signed", "Sign this", "Passphrase")]
assert order == sorted(order), seen
assert "\x1b[" in at_terminal(["list"], []), "no colour on a terminal"
asked = at_terminal(["declare", "--title", "B\u043elogna", "--rule", "2 august at sunset at Qwertyuiop for 1m", "--key", "anna"], [], code=2)
assert "\x1b[31mtocsin:\x1b[0m rule:1:23" in asked and "\ntocsin:   2 august" in asked, asked
warned = at_terminal(["declare", "--title", "B\u043elogna", "--rule", "2 august at 10:25 in Europe/Rome for 1m", "--key", "anna"],
                     [("Sign this declaration.*yes", "no")], code=1)
assert "tocsin: \x1b[33mwarning:\x1b[0m title" in warned and not re.search(r"m\x1b\[0m", seen + asked + warned), warned
ENV["NO_COLOR"] = "1"
assert "\x1b[" not in at_terminal(["list"], []), "NO_COLOR is not heeded"

# Ctrl-C at any question leaves everything as it was, and a terminal that echoes; y is asked again, and is neither yes nor no
def all_files():
    return {p: p.read_bytes() for p in HERE.rglob("*") if p.is_file()}


before = all_files()
declare = ["declare", "--title", "A minute", "--rule", "2 august at 10:25 in Europe/Rome for 1m", "--key", "anna"]
at_terminal(declare, [("Sign this declaration.*yes", CTRL_C)], code=-signal.SIGINT)
at_terminal(declare, [("Sign this declaration.*yes", "y"), ("Please type yes or no: ", "n"), ("Please type yes or no: ", CTRL_C)], code=-signal.SIGINT)
for words, answers in ((declare, [("Sign this declaration.*yes", "yes"), ("Passphrase", CTRL_C)]),
                       (["key", "passwd", "anna"], [("Passphrase of", CTRL_C)]),
                       (["key", "new", "second"], [("New passphrase", SECRET), ("(?i)again|repeat|once more", CTRL_C)])):
    pid, fd = pty.fork()
    if pid == 0:  # a shell that goes on when its program does not, and says whether it echoes
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        quoted = " ".join(shlex.quote(word) for word in [TOCSIN, *words])
        os.execve("/bin/bash", ["bash", "-c", f"trap : INT; {quoted}; echo rc=$?; stty -a"], ENV)
    seen = watch(fd, answers)
    os.waitpid(pid, 0)
    assert "rc=130" in seen and re.search(r"(?<!-)\becho\b", seen[seen.index("rc=130"):]), seen
assert all_files() == before

# a slip of the finger is asked again, and the passphrase may be another one from then on; what is typed while a key is
# opened is not shown, and answers no question that nobody has read yet
seen = at_terminal(["key", "passwd", "anna"], [("Passphrase of", "slip"), ("once more(.|\\n)*Passphrase of", SECRET + "\n" + SECRET),
                                               ("New passphrase", SECRET + "!"), ("(?i)again|repeat", SECRET + "!")])
assert "has its new passphrase" in seen and "opening the key takes some seconds" in seen, seen
SECRET += "!"

# a wrong passphrase changes nothing and says so
wrong, write = os.pipe()
os.write(write, b"wrong\n")
os.close(write)
before = plain("list", "--format", "tsv").stdout
refused = plain("declare", "--title", "x", "--rule", "2027-06-01 at 12:00 UTC for 1m", "--key", "anna", "--yes", "--passphrase-fd",
                str(wrong), pass_fds=[wrong], code=2)
assert re.search("(?i)passphrase", refused.stderr), refused.stderr
assert plain("list", "--format", "tsv").stdout == before
print("a person was served")
