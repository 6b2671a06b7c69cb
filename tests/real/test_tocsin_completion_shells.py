"""The completions of fish and zsh, asked in the shells themselves: commands, second words, options with their help, values."""
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time

from ask import TOCSIN, ask
from pace import patience

HERE = pathlib.Path.cwd()
MADE = pathlib.Path(os.environ["TOCSIN_BIN"]).parent / "clients/tocsin"
ENV = {"PATH": os.path.dirname(TOCSIN) + ":" + os.environ["PATH"], "HOME": str(HERE), "TERM": "dumb", "LC_ALL": "C.UTF-8",
       "TOCSIN_HOME": str(HERE / "store"), "TOCSIN_CONFIG": str(HERE / "config")}
for shell in ("fish", "zsh"):
    if not shutil.which(shell):
        print(f"no {shell} here")
        sys.exit(77)

ask(["key", "new", "anna", "--unsealed"], ENV)
ask(["root", "new", "Here", "--organizer", "anna", "--threshold", "1", "--yes"], ENV)
uid = ask(["declare", "--title", "A minute", "--rule", "25 april at 20:00 UTC for 15m", "--yes"], ENV).stdout.decode().strip()

# what is typed, and what must be offered
WANTED = [("decl", "declare"), ("key n", "new"), ("root t", "trust"), ("declare --ru", "--rule"), ("key new --un", "--unsealed"),
          ("list --format t", "tsv"), ("cosign --key an", "anna"), ("declare --tone m", "mourning"), (f"show {uid[:6]}", uid),
          (f"cosign {uid[:6]}", uid), ("revoke ann", "anna"), ("best --place Europe/Ro", "Europe/Rome"), ("declare --date bolog", "bologna"),
          ("root rotate --rem", "--remove"), ("declare --gesture f", "festival"), ("amend --oth", None)]


def all_options():
    for command in re.findall("^  ([a-z]+) ", ask(["--help"], ENV).stdout.decode(), re.M):
        seconds = re.findall(f"^  tocsin {command} ([a-z]+) ", ask([command, "--help"], ENV).stdout.decode(), re.M) or [""]
        for second in seconds:
            words = f"{command} {second}".strip()
            shown = ask([*words.split(), "--help"], ENV).stdout.decode()
            yield words, set(re.findall("--[a-z][a-z-]*", shown[:shown.index("Mandatory")] if "Mandatory" in shown else shown))


def fish():
    asked = [words for words, _ in WANTED] + [f"{words} --" for words, _ in all_options()]
    script = f"source {MADE}/tocsin.fish\n" + "".join(f"echo '=={i}'; complete -C 'tocsin {words}'\n" for i, words in enumerate(asked))
    done = subprocess.run(["fish", "--no-config"], input=script, env=ENV, capture_output=True, text=True, timeout=patience(60))
    assert done.returncode == 0 and not done.stderr, done
    offered = [{line.split("\t")[0] for line in part.splitlines()[1:]} for part in done.stdout.split("==")[1:]]
    for (words, wanted), got in zip(WANTED, offered):
        assert (wanted in got) if wanted else not got, (words, wanted, got)
    for (words, options), got in zip(all_options(), offered[len(WANTED):]):
        assert options <= got, (words, options - got)


class Zsh:
    """An interactive zsh on a terminal of its own."""

    def __init__(self):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe("zsh", ["zsh", "-f", "-i"], ENV)
        self.type(f"PS1='ready> '; fpath=({MADE} $fpath); autoload -U compinit; compinit -u -D; LISTMAX=10000; "
                  "unsetopt beep always_last_prompt; zstyle ':completion:*' list-prompt ''; stty cols 400; echo at''begin\n")
        self.until("atbegin\r?\n")

    def type(self, text):
        os.write(self.fd, text.encode())

    def until(self, pattern):
        seen, deadline = "", time.monotonic() + patience(60)
        while not re.search(pattern, seen):
            assert time.monotonic() < deadline, f"{pattern} does not come: {seen!r}"
            if select.select([self.fd], [], [], 1)[0]:
                seen += os.read(self.fd, 65536).decode(errors="replace")
        return seen


def zsh():
    shell = Zsh()
    for words, wanted in WANTED:
        if wanted:
            shell.type(f"tocsin {words}\t")
            shell.until(re.escape(wanted) + "[ =]")  # what is the only one is put in
            shell.type("\x15")
    shell.type("tocsin root \x04")  # ^D lists
    listed = shell.until("untrust .*")
    assert "trust a root no longer" in listed, listed
    shell.type("\x15tocsin declare --\x04")
    listed = shell.until("--usage")
    assert {"--title", "--rule", "--passphrase-fd", "--full"} <= set(re.findall("--[a-z-]+", listed)), listed
    os.kill(shell.pid, signal.SIGKILL)
    os.waitpid(shell.pid, 0)


fish()
zsh()
print("fish and zsh know", json.dumps([words for words, _ in WANTED]))
