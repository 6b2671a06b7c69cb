"""tocsin without a command, with a wrong one, and asked about itself."""
import os
import re
import subprocess

from organizers import TOCSIN, Place, bologna, run, test


@test
def the_program_answers_for_itself():
    tocsin = Place()
    tocsin("--version", at=None, out=r"^tocsin \d")
    tocsin("--help", at=None, out="declare")
    tocsin(at=None, code=2, err="Usage")
    tocsin("decalre", at=None, code=2, err='did you mean "tocsin declare"')
    for word in ("why", "foo", "dir", "xyzzy"):  # which half of its letters would make another
        tocsin(word, at=None, code=2, err=f'unknown command "{word}"; tocsin --help lists them')
    tocsin("key", "nwe", at=None, code=2, err='did you mean "tocsin key new"')
    names = re.findall(r"^  ([a-z]+) ", tocsin("--help", at=None), re.M)
    for name in names:
        said = tocsin(name, "--help", at=None, out="(?i)usage")
        torn = re.search("^ [^ -].*[^:]$", said, re.M)  # headings end in a colon; two spaces where a line is broken leave one
        assert torn is None, (name, torn[0])
    groups = [line.split()[1:3] for name in ("key", "root") for line in tocsin(name, "--help", at=None).splitlines()[1:]]
    for words in ([TOCSIN], *([TOCSIN, *words] for words in [[name] for name in names] + groups), *([f"{os.path.dirname(TOCSIN)}/{name}"] for name in ("tocsin-beacon", "tocsin-listen"))):
        said = subprocess.run([*words, "--help"], capture_output=True, text=True, env=tocsin.env).stdout
        blank = re.search("[ \t]$", said, re.M)  # where a line is as wide as help is, argp goes on in an empty one
        assert said.count("\n") > 3 and blank is None, (words, said)
    with open("/dev/full", "wb") as full:
        for words in (["--help"], ["key", "--help"], ["when", "--version"], *([name, "--help"] for name in names)):
            done = subprocess.run([TOCSIN, *words], stdout=full, stderr=subprocess.PIPE, env=tocsin.env)
            assert done.returncode == 3 and re.match(b"tocsin: standard output: (No space left|not everything)", done.stderr), done


@test
def help_about_a_command_is_its_own():
    tocsin = Place()
    for words in (["declare"], ["root", "trust"], ["status"]):
        assert tocsin("help", *words, at=None) == tocsin(*words, "--help", at=None)
    tocsin("help", "decalre", at=None, code=2, err='did you mean "tocsin declare"')
    tocsin("help", "key", at=None, out="tocsin key passwd")


@test
def an_option_that_is_none_is_told_with_the_one_that_was_meant():
    tocsin = Place()
    for words, meant in ((["declare", "--titel", "x"], "tocsin declare --title"), (["list", "--stroe", "x"], "tocsin list --store"),
                         (["root", "list", "--fromat=tsv"], "tocsin root list --format"), (["--hepl"], "tocsin --help"),
                         (["sync", "x", "--timeut", "3"], "tocsin sync --timeout")):
        tocsin(*words, at=None, code=2, err=f'^tocsin: unknown option "[^"]*", did you mean "{meant}"[?]$')
    tocsin("list", "--xyzzy", at=None, code=2, err='unknown option "--xyzzy"; tocsin list --help lists them')
    for program in ("tocsin-beacon", "tocsin-listen"):
        done = subprocess.run([f"{os.path.dirname(TOCSIN)}/{program}", "--brokre", "mqtt://x"], capture_output=True, text=True)
        assert done.returncode == 2 and f'did you mean "{program} --broker"?' in done.stderr, done
    tocsin("declare", "--title", "--rule", "--rule", "x", at=None, code=2, err="no root is trusted")  # a value is no option
    tocsin("list", "--", "--xyzzy", at=None, code=2, err="one argument too many")


@test
def options_may_stand_before_the_command():
    tocsin = Place()
    tocsin("--store", "here", "list", code=1, err="no root is trusted")
    tocsin("--format", "json", "root", "list", code=1, out=r"^\[\]$")
    tocsin("root", "--format=json", "list", code=1, out=r"^\[\]$")
    tocsin("--store", "x", "lst", code=2, err='did you mean "tocsin list"')
    tocsin("--store", "x", code=2, at=None, err="^Usage")
    tocsin("--usage", at=None, out="^Usage")


@test
def a_slip_in_an_argument_is_answered_with_what_was_meant():
    tocsin, uid = bologna()
    tocsin("show", uid, "--out", "minute.txt")
    for words, code, meant in ((["show", "Bolonga"], 1, rf'"A minute for Bologna" \({uid[:8]}\)'), (["amend", "Bologne"], 1, "A minute for Bologna"),
                               (["map", "Bolonga"], 1, "A minute for Bologna"), (["verify", "Bolonga"], 1, "A minute for Bologna"),
                               (["verify", "minute.tx"], 1, "minute.txt"), (["amend", uid, "--off", "2026", "--key", "anna"], 2, "2027"),
                               (["revoke", "bella", "--key", "anna"], 2, "bela"), (["root", "rotate", "--remove", "bella"], 2, "bela"),
                               (["root", "untrust", "Tre citta"], 1, "Tre città"), (["key", "passwd", "anma"], 2, "anna"), (["dates", "lidise"], 1, "lidice"),
                               (["declare", "--date", "lidise"], 1, "lidice")):
        tocsin(*words, code=code, err=f"did you mean \"?{meant}")
    tocsin("explain", "Bologna", out="All . signed instants are what the rule says here")
    tocsin("explain", "Bolonga", code=2, err="^tocsin: rule:1:1")
    for words in (["declare", "-h"], ["root", "show", "-h"], ["-h"]):
        tocsin(*words, at=None, out="[Uu]sage:")


run()
