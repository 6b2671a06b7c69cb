"""Each recipe of tocsin-emergency(7), tried as it is printed, on machines of their own, from the trouble that it is for."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess

SOURCE = pathlib.Path(os.environ["TOCSIN_SOURCE"])
PAGE = SOURCE / "clients/tocsin/tocsin-emergency.7"
HERE = pathlib.Path.cwd()
ASKS = {("root", "new"), ("root", "trust"), ("root", "rotate"), ("join",), ("declare",), ("amend",), ("cancel",), ("revoke",), ("cosign",)}


class World:
    """Anna, Bela and Chidi, two of whom must sign, and a window that two have signed; files lie where all can read them."""

    def __init__(self, name):
        self.dir = HERE / name
        self.dir.mkdir()
        for who in ("anna", "bela", "chidi", "dora", "beacon", "beacon2"):
            self(who, f"tocsin key new {who} --unsealed")
        self("anna", 'tocsin root new Valley --threshold 2 --organizer anna --organizer bela.pub --organizer chidi.pub --beacon beacon.pub')
        self("anna", 'tocsin declare --title "A minute for Bologna" --rule "2 august at 10:25 in Europe/Rome for 1m" --out first.txt')
        self("bela", "tocsin join first.txt --out minute.txt")
        self("anna", "tocsin sync minute.txt")
        self("chidi", "tocsin root trust minute.txt")

    def __call__(self, who, command):
        home = self.dir / f"home-{who}"
        home.mkdir(exist_ok=True)
        words = shlex.split(command)
        if words[:3] == ["tocsin", "key", "new"] and "--unsealed" not in words:
            command += " --unsealed"  # nobody is here to type
        if words[0] == "tocsin" and (tuple(words[1:2]) in ASKS or tuple(words[1:3]) in ASKS):
            command += " --yes"
        if "NEWROOT" in command:
            command = command.replace("NEWROOT", re.search("^([0-9a-f]{12})[0-9a-f]{52}\tl?.*Valley 2$", self(who, "tocsin root list --format tsv"), re.M)[1])
        if "VERSION" in command:
            command = command.replace("VERSION", re.search("^settle\t[0-9a-f]*\t[0-9a-f]*\t([0-9a-f]{16})", self(who, "tocsin status --format tsv"), re.M)[1])
        done = subprocess.run(["bash", "-c", command], cwd=self.dir, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env={"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"})
        assert done.returncode == 0 or (words[:2] == ["tocsin", "fsck"] and done.returncode == 1), f"{who}$ {command}\n{done.stdout}{done.stderr}"
        for key in home.glob(".config/tocsin/keys/*.pub"):
            shutil.copy(key, self.dir)
        for key in home.glob(".config/tocsin/keys/*.key"):
            shutil.copy(key, self.dir)
        return done.stdout + done.stderr


def status(world, who="anna"):
    return world(who, "tocsin list --format tsv").splitlines()[1].split("\t")[1]


def contest(world):
    for who, other, minute in (("anna", "bela", 30), ("chidi", "bela", 40)):
        world(who, "tocsin sync minute.txt")
        world(who, f'tocsin amend Bologna --rule "2 august at 10:{minute} in Europe/Rome for 1m" --out {who}.txt')
        fresh = f"fresh-{minute}"
        (world.dir / f"home-{fresh}/.config/tocsin/keys").mkdir(parents=True)
        shutil.copy(world.dir / "bela.key", world.dir / f"home-{fresh}/.config/tocsin/keys/")
        world(fresh, f"tocsin join {who}.txt --out {who}2.txt")
    world("anna", "tocsin sync anna2.txt")
    world("anna", "tocsin sync chidi2.txt")
    assert status(world) == "contested"


def fork(world):
    world("chidi", "tocsin sync minute.txt")
    for who, lock in (("anna", 24), ("chidi", 12)):
        world(who, f"tocsin root rotate --lock {lock}h --out {who}.txt")
        fresh = f"fresh-{lock}"
        (world.dir / f"home-{fresh}/.config/tocsin/keys").mkdir(parents=True)
        shutil.copy(world.dir / "bela.key", world.dir / f"home-{fresh}/.config/tocsin/keys/")
        world(fresh, f"tocsin join {who}.txt --out {who}2.txt")
    for who in ("anna", "bela", "chidi"):
        world(who, "tocsin sync anna2.txt")
        assert "frozen since" in world(who, "tocsin sync chidi2.txt")


def damage(world):
    for record in (world.dir / "home-anna/.local/share/tocsin/records").rglob("*.rec"):
        record.write_bytes(record.read_bytes()[:-5])
        os.utime(record, (0, 0))  # what changed just now may still be arriving


def nothing(world):
    del world


RECIPES = {
    "A gesture must be called off": (nothing, lambda w, out: "cancelled" in out),
    "A passphrase is forgotten": (nothing, lambda w, out: "bela2" in out and "version    2" in out and status(w) == "confirmed"
                                 and w("bela", 'tocsin declare --title "Again" --rule "2 august at 11:25 in Europe/Rome for 1m"')
                                 and "bela2" in w("bela", "tocsin show Again")),
    "A laptop is stolen": (nothing, lambda w, out: status(w) == "tentative" and "A minute for Bologna" in out),
    "A window is contested": (contest, lambda w, out: status(w) == "confirmed"),
    "A disk is broken": (damage, lambda w, out: " 0 faults" in out and status(w) == "confirmed"),
    "A beacon's key is stolen": (nothing, lambda w, out: "beacon2" in w("anna", "tocsin root show")),
    "Two next versions": (fork, lambda w, out: all("version    2" in w(who, "tocsin root show") and "frozen" not in w(who, "tocsin root show")
                                                   for who in ("anna", "bela", "chidi"))
                          and w("anna", 'tocsin declare --title "Again" --rule "2 august at 11:25 in Europe/Rome for 1m"')),
    "A root is frozen": (nothing, lambda w, out: "A minute for Bologna" in w("chidi", "tocsin list")),
    "A key is kept on paper": (nothing, lambda w, out: w("elsewhere", "tocsin key list").count("anna") == 1),
}

if shutil.which("mandoc"):
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", PAGE], capture_output=True, text=True)
    assert lint.returncode == 0, lint.stdout + lint.stderr
sections = re.findall(r"^\.Ss (.*)\n((?:.*\n)*?)(?=^\.S[sh] )", PAGE.read_text(), re.M)
assert len(sections) == len(RECIPES), [title for title, _ in sections]
readme = (SOURCE / "README.md").read_text()
for number, (title, text) in enumerate(sections):
    trouble, is_over = next(value for name, value in RECIPES.items() if title.startswith(name))
    world = World(f"w{number}")
    trouble(world)
    for file in ("first.txt", "minute.txt"):  # what a recipe needs it must bring itself
        (world.dir / file).unlink()
    lines = re.findall(r"^([a-z]+)\$ (.*)$", text, re.M)
    assert lines, title
    for who, command in lines:
        out = world(who, command)
    assert is_over(world, out), f"{title}: {out}"
    print(f"{len(lines):2} commands: {title}", flush=True)
assert "tocsin-emergency(7)" in readme
