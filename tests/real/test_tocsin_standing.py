"""What the program says of signatures is what the rules make of them: a rotation that strangers signed, a revocation
that its own key signed, a cancellation that the lock holds up."""
import os
import pathlib
import shutil
import subprocess

from ask import TOCSIN, ask

HERE = pathlib.Path.cwd()
ENV = {"PATH": os.environ["PATH"], "HOME": str(HERE), "LANG": "C.UTF-8", "TMPDIR": str(HERE), "TOCSIN_CONFIG": str(HERE / "config")}
NOW = "2026-11-23T12:00:00Z"


class Store:
    """One store, and the only constellation that is looked at in it."""

    def __init__(self, name, *root):
        self.path, self.root = HERE / name, []
        if root:
            made = self("root", "new", name, "--threshold", 2, *root, *(f"--organizer={n}" for n in ("anna", "bela", "chidi")),
                        "--beacon", "beacon", "--key", "anna", "--yes").strip()
            self.root = ["--root", made[:16]]
            self("cosign", made, "--key", "bela", "--yes")

    def __call__(self, *args, at=NOW, **more):
        return ask([*args, *self.root, "--store", self.path, "--at", at], ENV, **more).stdout.decode()

    def copy(self, name):
        other = Store(name)
        other.root = self.root
        shutil.copytree(self.path, other.path)
        return other

    def file(self, record):
        return self.path / f"records/{record[:2]}/{record}.rec"


def a_next_version_needs_both_generations(store):
    strangers = store.copy("strangers")
    theirs = strangers("root", "rotate", *(f"--organizer={n}" for n in ("dora", "emil", "fatou")), "--key", "dora", "--yes").strip()
    strangers("cosign", theirs, "--key", "emil", "--yes", err="signed by 2 now, 2 needed of its own; by 0 of the version before, 2 needed$")
    store("verify", strangers.file(theirs), code=1, out="^no .*by 0 of the version before, 2 needed$")
    half = store.copy("half")
    next_one = half("root", "rotate", *(f"--organizer={n}" for n in ("anna", "bela", "dora")), "--key", "anna", "--yes").strip()
    half("cosign", next_one, "--key", "dora", "--yes", err="by 1 of the version before, 2 needed$")
    half("verify", half.file(next_one), code=1, out="^no ")
    half("root", "show", out=f"^version    1$(.|\n)*^waiting    root {next_one}  version 2 .*by 1 of the version before, 2 needed$")
    half("cosign", next_one, "--key", "bela", "--yes", err="by 2 of the version before, 2 needed$")
    half("verify", half.file(next_one), out="^good ")
    half("root", "show", out=r"^version    2 \(" + next_one)
    # a rival that as many signed stands against it
    rival = store.copy("rival")
    other = rival("root", "rotate", *(f"--organizer={n}" for n in ("anna", "bela", "emil")), "--key", "anna", "--yes").strip()
    rival("cosign", other, "--key", "bela", "--yes")
    half("verify", rival.file(other), code=1, out="^no .*but the root is frozen$")


def nobody_revokes_himself(store):
    revocation = store("revoke", "chidi", "--key", "anna", "--yes").strip()
    store("root", "show", out=f"^waiting    revoke {revocation}  .*signed by 1, 2 needed$")
    store("cosign", revocation, "--key", "chidi", "--yes", code=2, err="cannot revoke itself")
    stock = store.copy("stock")  # a program that lets the key sign its own revocation changes nothing
    subprocess.run(["minisign", "-Sm", stock.file(revocation), "-s", HERE / "config/keys/chidi.key", "-W", "-x",
                    HERE / "own.minisig"], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    for one in (stock.path / f"sigs/{revocation[:2]}").glob(f"{revocation}.*"):
        shutil.copy(one, HERE / "revocation.anna.minisig")
    shutil.copy(stock.file(revocation), HERE / "revocation.rec")
    shutil.copy(HERE / "own.minisig", HERE / "revocation.chidi.minisig")
    store("verify", HERE / "revocation.rec", code=1, out="^no .*signed by 1, 2 needed$")
    store("cosign", revocation, "--key", "bela", "--yes", err="signed by 2 now, 2 needed$")
    store("root", "show", out=r"^organizer .* chidi  \(revoked\)$")
    store("root", "show", "--format", "tsv", out="^role\tid\tkey\tstatus\tname\n(.*\n)*organizer\t.*\trevoked\tchidi$")
    store("verify", store.file(revocation), out="^good ")


def a_cancellation_within_the_lock_says_so(store):
    uid = store("declare", "--title", "A silence", "--rule", "2027-06-01 at 10:00 UTC for 1m", "--key", "anna", "--yes").strip()
    store("cosign", uid, "--key", "bela", "--yes")
    cancel = store("cancel", uid, "--reason", "storm", "--key", "anna", "--yes").strip()
    held = f'{uid[:8]} "A silence": a cancel is held, but 1 occurrences stay in force until 3 organizers sign it or a heartbeat'
    store("cosign", cancel, "--key", "bela", "--yes", err=held)
    store("list", "--format", "tsv", out=f"^{uid}\tconfirmed", err=held)
    store("list", "--format", "tsv", out=f"^{uid}\texpired", at="2035-01-01T00:00:00Z")
    by_three = store.copy("by-three")
    by_three("cosign", cancel, "--key", "chidi", "--yes", no_err="a cancel is held")
    by_three("list", "--format", "tsv", out=f"^{uid}\tcancelled")
    store("heartbeat", "--key", "beacon", "--yes")
    store("list", "--format", "tsv", out=f"^{uid}\tcancelled", no_err="a cancel is held")


def an_alert_is_told_whether_or_not_a_heartbeat_names_the_record(store):
    uid = store("declare", "--title", "Twice", "--rule", "2027-06-01 at 10:00 UTC for 1m", "--key", "anna", "--yes").strip()
    store("cosign", uid, "--key", "bela", "--yes")
    other = store.copy("other")
    for place, title in ((store, "One"), (other, "Two")):
        place("cosign", place("amend", uid, "--title", title, "--key", "anna", "--yes").strip(), "--key", "bela", "--yes")
    store("sync", other.path)
    told = f"{uid[:8]} .*contested: two records claim the same step"
    store("list", err=told)
    store("heartbeat", "--key", "beacon", "--yes")
    store("list", err=told)


def main():
    for name in ("anna", "bela", "chidi", "dora", "emil", "fatou", "beacon"):
        subprocess.run([TOCSIN, "key", "new", name, "--unsealed"], env=ENV, check=True, capture_output=True)
    plain, locked = Store("plain", "--expires", "2029-01-01T00:00:00Z"), Store("locked", "--lock", "24h")
    a_next_version_needs_both_generations(plain)
    an_alert_is_told_whether_or_not_a_heartbeat_names_the_record(plain.copy("contested"))
    nobody_revokes_himself(plain)
    a_cancellation_within_the_lock_says_so(locked)


main()
