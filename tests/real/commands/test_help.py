"""tocsin without a command, with a wrong one, and asked about itself."""
import re
import subprocess

from organizers import TOCSIN, Place, run, test


@test
def the_program_answers_for_itself():
    tocsin = Place()
    tocsin("--version", at=None, out=r"^tocsin \d")
    tocsin("--help", at=None, out="declare")
    tocsin(at=None, code=2, err="Usage")
    tocsin("decalre", at=None, code=2, err='did you mean "tocsin declare"')
    tocsin("xyzzy", at=None, code=2, err="unknown command")
    tocsin("key", "nwe", at=None, code=2, err='did you mean "tocsin key new"')
    names = re.findall(r"^  ([a-z]+) ", tocsin("--help", at=None), re.M)
    for name in names:
        tocsin(name, "--help", at=None, out="(?i)usage")
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


run()
