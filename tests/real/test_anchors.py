"""Roots given by hand, in all four programs that take them: the same file means the same to each of them."""
import os
import subprocess
import sys
import time

try:
    import world
    from forge_key import write_secret
except ImportError as missing:
    print(f"skipped: {missing} (apt-get install python3-cbor2 python3-nacl)")
    sys.exit(77)

HERE = os.getcwd()
SOURCE = os.environ["TOCSIN_SOURCE"]
ARCHIVE = os.path.join(os.path.dirname(os.environ["TOCSIN_BIN"]), "libtocsin.a")
DAY = 86400
NOW = int(time.time())
START = {"Honest": NOW + 30 * DAY, "Other": NOW + 31 * DAY, "By the newer": NOW + 25 * DAY, "Forged": NOW + 20 * DAY}
count = 0


def words(identity):
    """Proquints, by arXiv:0901.4016."""
    value, vowel = "bdfghjklmnprstvz", "aiou"
    bits = [int(identity[i:i + 4], 16) for i in range(0, 16, 4)]
    return " ".join(value[b >> 12] + vowel[b >> 10 & 3] + value[b >> 6 & 15] + vowel[b >> 4 & 3] + value[b & 15] for b in bits)


class Valley(world.Constellation):
    """A constellation with a window in force a month ahead, and what strangers make of it."""

    def __init__(self, name="Honest"):
        super().__init__()
        self.key = write_secret(self.beacons[0], name + ".key")
        self.uid, window = self.window(START[name], title=name)
        self.first = (self.root, self.organizers[:2])
        self.honest = (self.items[window][0], self.organizers[:2])
        self.strangers = [world.Key() for _ in range(3)]
        self.forged = (self.next(self.root, 2, self.strangers), self.strangers[:2])
        _, early = self.window(START["Forged"], title="Forged", signers=self.strangers[:2])
        self.early = (self.items[early][0], self.strangers[:2])

    def next(self, prev, version, organizers, more=()):
        """A root that says it is the next one of this constellation, whoever its organizers are."""
        lines = ["tocsin root 1", "root: " + self.id, "name: Test constellation", "version: %d" % version,
                 "prev: " + world.record_id(prev), "threshold: 2"]
        lines += ["organizer: %s organizer %d" % (k.text(), i) for i, k in enumerate(organizers)]
        lines += ["beacon: %s beacon %d" % (k.text(), i) for i, k in enumerate(self.beacons)]
        lines += ["made: " + world.stamp(NOW - DAY), "expires: " + world.stamp(NOW + 300 * DAY)]
        return ("\n".join(lines) + "\n").encode()


def bundle(name, *items):
    """(text, signers)... in a file."""
    with open(name, "wb") as file:
        for text, signers in items:
            file.write(world.netstring(text) + world.netstring(b"%d" % len(signers)))
            for key in signers:
                file.write(world.netstring(key.sign(text)))
    return name


# --- the four programs: (exit code, all that was said) ----------------------------------------------------------------

def run(*command, **more):
    global count
    count += 1
    env = dict(os.environ, TOCSIN_HOME=f"{HERE}/store-{count}", TOCSIN_CONFIG=f"{HERE}/config-{count}")
    done = subprocess.run(command, capture_output=True, text=True, env=env, **more)
    return done.returncode, done.stdout + done.stderr, env


def tocsin(file, **_):
    code, said, env = run("tocsin", "root", "trust", file, "--yes")
    for more in (["root", "list"], ["list"]) if code == 0 else ():
        said += subprocess.run(["tocsin", *more], capture_output=True, text=True, env=env).stdout
    return code, said


def beacon(file, key="Honest.key"):
    return run("tocsin-beacon", "--root", file, "--key", key, "--rehearse")[:2]


def listener(file, **_):
    return run("tocsin-listen", "--root", file, "--check", "--state", "none", "--format", "json")[:2]


def library(file, **_):
    """The library's example, for as long as it takes to say what it waits for."""
    if not os.path.exists("example"):
        subprocess.run(["cc", "-std=c17", "-I", SOURCE + "/clients/libtocsin", SOURCE + "/clients/libtocsin/example.c", "-o",
                        "example", ARCHIVE, "-lsodium", "-lm"], check=True)
    code, said, _ = run("timeout", "--preserve-status", "-s", "INT", "1", "stdbuf", "-oL", "./example", file, file)
    return 0 if code == 130 else code, said


PROGRAMS = [tocsin, beacon, listener]
if b"asan" not in subprocess.run(["nm", ARCHIVE], capture_output=True).stdout:
    PROGRAMS.append(library)


def each(file, code, says=(), hides=(), **more):
    for program in PROGRAMS:
        got, said = program(file, **more)
        wanted = 0 if code == 0 else 1 if program is library else code
        assert got == wanted, (program.__name__, file, got, said)
        for text in [*says, *hides]:
            # a beacon tells of windows by their start alone
            sought = "next moment at " + world.stamp(START[text]) if program is beacon and text in START else text
            assert (sought in said) == (text in says), (program.__name__, file, sought, said[:2000])


def a_root_is_shown_by_its_own_content():
    """A forged root that names the honest one has words and an id of its own, wherever it is shown."""
    c = Valley()
    honest = world.record_id(c.root)
    each(bundle("honest", c.first, c.honest), 0, says=[words(honest), honest, "Honest"])
    forged = world.record_id(c.forged[0])
    each(bundle("forged", c.forged, c.early), 0, says=[words(forged), forged], hides=[words(honest), honest, "Honest"])


def who_appends_to_a_bundle_gains_nothing():
    c = Valley()
    honest, forged = world.record_id(c.root), world.record_id(c.forged[0])
    for name, items in (("after", (c.first, c.honest, c.forged, c.early)), ("before", (c.early, c.forged, c.honest, c.first))):
        each(bundle(name, *items), 0, says=[words(honest), "Honest"], hides=[words(forged), "Forged"])


def a_newer_version_comes_by_the_chain():
    """Of a file the oldest is the anchor; the window that only the newest organizers signed rings all the same."""
    c = Valley()
    newer = [*c.organizers[:2], world.Key(), world.Key()]
    second = (c.next(c.root, 2, newer), c.organizers[:2])
    _, late = c.window(START["By the newer"], title="By the newer", signers=newer[2:])
    each(bundle("chain", (c.items[late][0], newer[2:]), second, c.first), 0, says=[words(world.record_id(c.root)), "By the newer"])


def a_file_of_two_constellations_is_two_anchors():
    one, two = Valley(), Valley("Other")
    both = bundle("two", one.first, one.honest, two.first, two.honest)
    a, b = words(one.id), words(two.id)
    for program in PROGRAMS:
        for key in ("Honest.key", "Other.key"):
            code, said = program(both, key=key)
            assert code == 0 and a in said and b in said, (program.__name__, said)
            if program in (tocsin, listener):
                assert "Honest" in said and "Other" in said, said
    # a beacon serves the one whose beacon its key is
    for key, mine in (("Honest.key", one), ("Other.key", two)):
        code, said = beacon(both, key=key)
        assert code == 0 and mine.topic("tick") in said and said.count("not served") == 1, said
    write_secret(world.Key(), "stranger.key")
    code, said = beacon(both, key="stranger.key")
    assert code == 1 and "is a beacon of none of the 2 constellations in two: give the key of one that is" in said, said
    three = Valley()
    three.beacons = one.beacons  # as their rotation would have it
    again = three.next(three.root, 2, three.organizers)
    write_secret(one.beacons[0], "shared.key")
    code, said = beacon(bundle("shared", one.first, (again, three.organizers[:2])), key="shared.key")
    assert code == 2 and "is a beacon of 2 constellations in shared: give a file with one of them" in said, said


def rivals_and_unsound_roots_are_refused_everywhere():
    c = Valley()
    honest = (c.next(c.root, 2, c.organizers), c.organizers[:2])
    each(bundle("rivals", honest, c.forged), 2, says=["rivals: two different roots of version 2 for one constellation"])
    third = (c.next(honest[0], 3, c.organizers), c.organizers[:2])  # a mirror adds one below it, to be the anchor in its stead
    each(bundle("below", third, c.honest, c.early, c.forged), 2,
         says=["below: the roots in it do not follow on that of version 2, which somebody may have added"])
    each(bundle("unsound", (c.root.replace(b"threshold: 2", b"threshold: 4"), c.organizers[:2])), 2,
         says=["unsound: this root is refused: a threshold of 4 cannot be met by 3 organizers"])
    each(bundle("rootless", c.honest), 2, says=["rootless: there is no root in this file"])
    with open("honest", "rb") as file, open("cut", "wb") as cut:
        cut.write(file.read()[:-100])
    each("cut", 2, says=["cut short"])


def what_a_thief_puts_beside_the_line_spoils_no_file_of_ours():
    """His roots follow on nothing that anybody has; in a file with an anchor above the first version they would be refused."""
    c = Valley()
    thief = c.organizers[2]
    second = (c.next(c.root, 2, c.organizers), c.organizers[:2])
    third = (c.next(second[0], 3, c.organizers), c.organizers[:2])
    strays = [(c.next(b"nothing", version, [thief, *c.strangers]), [thief]) for version in (2, 5)]
    code, said, env = run("tocsin", "root", "trust", bundle("third", third), "--yes")
    assert code == 0, said
    taken = subprocess.run(["tocsin", "sync", bundle("all", c.honest, *strays)], capture_output=True, text=True, env=env)
    assert taken.returncode == 0 and taken.stdout.splitlines()[1].split()[1] == "3", taken
    for name, command in (("of-root", ["root", "show", "--bundle"]), ("of-window", ["show", c.uid, "--bundle"])):
        with open(name, "wb") as file:
            subprocess.run(["tocsin", *command], stdout=file, env=env, check=True)
        with open(name, "rb") as file:
            given = file.read()
        assert third[0] in given and not any(stray in given for stray, _ in strays), name
        for program in [tocsin] if name == "of-root" else PROGRAMS:  # the others want something to wait for
            code, said = program(name)
            assert code == 0 and words(world.record_id(third[0])) in said, (program.__name__, said)


def of_several_files_the_newest_counts():
    """Organizers mend a root that is frozen by giving the one they agreed on by hand."""
    c = Valley()
    first, second = bundle("first", c.first, c.honest), (c.next(c.root, 2, c.organizers[:2]), c.organizers[:2])
    bundle("second", second)
    bundle("rival", c.forged)
    newer = words(world.record_id(second[0]))
    for files in (("first", "second"), ("second", "first")):
        code, said, _ = run("tocsin-listen", "--check", "--format", "json", "--state", "none", *(a for f in files for a in ("--root", f)))
        assert code == 0 and newer in said and words(c.id) not in said and "Honest" in said, said
    code, said, _ = run("tocsin-listen", "--check", "--root", "second", "--root", "rival")
    assert code == 2 and "rival: two different roots of version 2" in said, said
    code, said, env = run("tocsin", "root", "trust", first, "--yes")
    assert code == 0, said

    def trust(file):
        done = subprocess.run(["tocsin", "root", "trust", file, "--yes"], capture_output=True, text=True, env=env)
        return done.returncode, done.stdout + done.stderr
    code, said = trust("second")
    assert code == 0 and "it takes the place of version 1 (%s), which you trust" % words(c.id) in said, said
    code, said = trust("rival")
    assert code == 2 and "two different roots of version 2" in said and "roots" in said, said
    code, said = trust("first")
    assert code == 0 and "version 2 (%s), which was given by hand too, stays in force" % newer in said, said
    said = subprocess.run(["tocsin", "root", "list"], capture_output=True, text=True, env=env).stdout
    assert newer in said and words(c.id) not in said, said
    # what is given to others begins where we begin
    given = subprocess.run(["tocsin", "root", "show", "--bundle"], capture_output=True, env=env, check=True).stdout
    assert second[0] in given and c.root not in given


def main():
    for test in (a_root_is_shown_by_its_own_content, who_appends_to_a_bundle_gains_nothing, a_newer_version_comes_by_the_chain,
                 a_file_of_two_constellations_is_two_anchors, rivals_and_unsound_roots_are_refused_everywhere,
                 what_a_thief_puts_beside_the_line_spoils_no_file_of_ours, of_several_files_the_newest_counts):
        if sys.argv[1:] and test.__name__ not in sys.argv[1:]:
            continue
        begin = time.monotonic()
        test()
        print("%-60s %5.1f s" % (test.__name__, time.monotonic() - begin), flush=True)


main()
