"""tocsin root: a constellation is made, shown, trusted and renewed, and only by those who may."""
import json
import pathlib
import re

from organizers import BOLOGNA, NAMES, Place, bologna, members, people, run, test, valley, with_a_past


@test
def a_root_needs_its_threshold():
    tocsin = people(*NAMES)
    all_of_them = members(tocsin)
    tocsin("root", "new", "Too much", "--threshold", 4, *all_of_them, "--key", "anna", "--yes", code=2, err="threshold")
    tocsin("root", "new", "Twice", "--threshold", 1, "--organizer", "anna", "--organizer", "anna", "--key", "anna", "--yes",
           code=2, err="refused")
    tocsin("root", "new", "By a stranger", "--threshold", 2, *all_of_them, "--key", "stranger", "--yes", code=2,
           err="not one of the organizers")
    tocsin("root", "new", "Which key", "--threshold", 2, *all_of_them, "--yes", code=2, err="--key anna")
    tocsin("root", "new", "Nobody asked", "--threshold", 2, *all_of_them, "--key", "anna", code=2, err="--yes")
    tocsin("root", "new", "All of them", "--threshold", 3, *all_of_them, "--key", "anna", code=2, err="one lost key")
    tocsin("root", "new", "One alone", "--threshold", 1, "--organizer", "anna", "--key", "anna", code=2, err="warning: one organizer alone")
    tocsin("root", "new", "Over", "--threshold", 2, *all_of_them, "--expires", "2020-01-01T00:00:00Z", "--key", "anna", code=2,
           err=r"warning: this root ends in the past \(2020-01-01T00:00:00Z\)")
    root = tocsin("root", "new", "Tre città", "--threshold", 2, *all_of_them, "--key", "anna", "--yes",
                  err=r"they type: tocsin join FILE\n.*the words of \"Tre città\", .* to compare: ([a-z]{5}( |$)){4}").strip()
    assert re.fullmatch("[0-9a-f]{64}", root), root
    tocsin("root", "show", out="signed     by 1 of 3")
    tocsin("cosign", root, "--key", "stranger", "--yes", code=2, err="not an organizer")
    tocsin("cosign", root, "--key", "anna", "--yes", code=1, err="counts once")
    tocsin("cosign", root, "--key", "bela", "--yes", out=root)
    tocsin("root", "show", out="signed     by 2 of 3")
    tocsin("root", "show", out="Chidi Ọ.")
    words = re.search("^words      (.*)$", tocsin("root", "show"), re.M).group(1)
    assert tocsin("root", "list", "--format", "tsv").split("\n")[1].split("\t") == [
        root, words, "1", "2", "3", "2028-11-23T12:00:00Z", "Tre città"]


@test
def several_roots_must_be_named():
    tocsin = valley()
    root = tocsin.root
    other = tocsin("root", "new", "Another", "--threshold", 1, "--organizer", "stranger", "--beacon", "beacon", "--key", "stranger",
                   "--yes").strip()
    args = ["--title", "x", "--rule", "2027-06-02 at 12:00 UTC for 5m", "--key", "stranger", "--yes"]
    tocsin("declare", *args, code=2, err=f"--root {other[:16]}  Another")
    tocsin("declare", *args, code=2, err=f"--root {root[:16]}  Tre città")
    tocsin("declare", *args, "--root", root[:16], code=2, err="not an organizer")
    tocsin("declare", *args, "--root", other[:16])
    tocsin("cosign", tocsin.declare(*args[:4], "--root", root[:16]), "--key", "bela", "--yes")
    tocsin("list", "--root", "12345678", code=2, err="neither a file nor the beginning .*root list")
    tocsin("list", "--root", root[:7], code=2, err="at least 8 digits .*root list")
    tocsin("list", "--root", root[:8], out=".")


@test
def the_root_is_rotated():
    tocsin = valley()
    tocsin("root", "rotate", "--expires", "2300-01-01", "--key", "anna", code=2, err="from 1700 to 2249")
    tocsin("root", "rotate", "--expires", "2020-01-01", "--key", "bela", code=2, err="this root ends in the past")
    version_2 = tocsin("root", "rotate", "--organizer", "bela", "--organizer", "chidi", "--organizer", "stranger", "--key", "bela",
                       "--yes").strip()
    tocsin("root", "show", out="^version    1$")
    tocsin("cosign", version_2, "--key", "chidi", "--yes")
    tocsin("root", "show", out=r"^version    2 \(" + version_2)


@test
def a_root_given_by_hand_is_enough():
    """--root FILE: no store, no config; the bundle brings the newer versions of the root itself."""
    tocsin, uid = with_a_past()
    tocsin("show", uid, out="^signed     [0-9a-f]{16}  anna, not an organizer now$")
    bare = Place("bare")
    bundle = pathlib.Path.cwd() / "whole.bundle"
    bundle.write_bytes(tocsin("show", uid, "--bundle", raw=True))
    first = tocsin.file(tocsin.root)
    bare("verify", bundle, code=1, out="not trusted here")
    bare("verify", bundle, "--root", first, out="^good .*version 2")
    bare("root", "show", "--root", bundle, out="^version    2")
    bare("list", "--root", bundle, "--format", "tsv", out=f"^{uid}\tconfirmed")
    assert not bare.store.exists(), "looking has written"
    made = bare("declare", "--root", bundle, "--title", "By hand", "--rule", "2027-10-01 at 12:00 UTC for 5m", "--key",
                tocsin.keys / "bela.key", "--yes").strip()
    bare("cosign", made, "--root", bundle, "--key", tocsin.keys / "chidi.key", "--yes")
    bare("list", "--root", first, "--format", "tsv", out=f"^{made}\tconfirmed")


@test
def a_next_version_needs_both_generations():
    store = valley()
    strangers = store.copy("strangers")
    theirs = strangers("root", "rotate", *(f"--organizer={n}" for n in ("dora", "eve", "mallory")), "--key", "dora", "--yes").strip()
    strangers("cosign", theirs, "--key", "eve", "--yes", err="signed by 2 of its organizers now, 2 needed, and by 0 of those of the version before, 2 needed$")
    store("verify", strangers.file(theirs), code=1, out="^no .*by 0 of those of the version before, 2 needed; by ")
    half = store.copy("half")
    next_one = half("root", "rotate", *(f"--organizer={n}" for n in ("anna", "bela", "dora")), "--key", "anna", "--yes").strip()
    half("cosign", next_one, "--key", "dora", "--yes", err="by 1 of those of the version before, 2 needed$")
    half("verify", half.file(next_one), code=1, out="^no ")
    half("root", "show", out=f"^version    1$(.|\n)*^waiting    root {next_one}  version 2 .*by 1 of those of the version before, 2 needed$")
    half("cosign", next_one, "--key", "bela", "--yes", err="by 2 of those of the version before, 2 needed$")
    half("verify", half.file(next_one), out="^good ")
    half("root", "show", out=r"^version    2 \(" + next_one)
    # a rival that as many signed stands against it
    rival = store.copy("rival")
    other = rival("root", "rotate", *(f"--organizer={n}" for n in ("anna", "bela", "eve")), "--key", "anna", "--yes").strip()
    half("sync", rival.store)
    half("status", out=rf'(?s)^Still open: .*^  {other[:16]}  root version 2  "Tre città": signed by anna, .*it freezes .*tocsin root show --take {next_one[:16]} --out FILE')
    safe = half.copy("safe")
    half("root", "show", "--take", next_one[:16], "--out", "by-hand.txt", err="send by-hand.txt to everybody")
    pathlib.Path("linked.txt").symlink_to("by-hand.txt")
    half("root", "show", "--take", next_one[:16], "--out", "linked.txt")
    assert pathlib.Path("linked.txt").is_symlink(), "a link was replaced, not the file that it leads to"
    fresh = Place("fresh")
    words = re.search("^words      (.*)$", fresh("root", "trust", "by-hand.txt", "--yes"), re.M)[1]
    safe("root", "show", "--take", next_one[:16], "--out", "by-hand.txt", err=f"to compare: {words}$")  # its own, not the first version's
    safe("root", "trust", "by-hand.txt", "--yes", err="it takes the place of version 1")
    assert "Still open" not in safe("status")
    rival("cosign", other, "--key", "bela", "--yes")
    half("verify", rival.file(other), code=1, out="^no .*but the root is frozen; by ")
    half("sync", rival.store, err="^tocsin: warning: frozen since: .*tocsin-emergency")
    for one in (next_one, other):
        half("status", out=f"^      tocsin root show --take {one[:16]} --out FILE; then everybody, here too: tocsin root trust FILE$")
    safe("sync", rival.store)
    half("root", "trust", "by-hand.txt", "--yes")
    for place in (safe, half):
        assert "frozen" not in place("root", "show", out="^version    2 ")
    half("root", "show", "--take", "0" * 16, code=1, err="is no version of this root here")


@test
def one_organizer_is_replaced_by_name():
    tocsin, uid = bologna()
    tocsin("root", "show", out="signed     by 2 of 3 organizers, 2 needed: (anna, bela|bela, anna)$")
    tocsin("root", "rotate", "--remove", "nobody", "--key", "anna", code=2, err='--remove "nobody": the root has no organizer')
    tocsin("root", "rotate", "--add", "dora.pub", "--organizer", "anna", "--key", "anna", code=2, err="leave it out")
    two = tocsin("root", "rotate", "--remove", "Chidi Ọ.", "--add", "dora", "--key", "anna", "--yes",
                 err=r"^  leaves    organizer Chidi Ọ\. (.|\n)*^  joins     organizer dora ").strip()
    tocsin("cosign", two, "--key", "bela", "--yes", err='version 2 of "Tre città" is in force')
    assert [r["name"] for r in json.loads(tocsin("root", "show", "--format", "json")) if r["role"] == "organizer"] == ["anna", "bela", "dora"]
    assert tocsin.status(uid) == "confirmed"


@test
def who_is_revoked_is_never_offered_again():
    tocsin, _ = bologna()
    revoke = tocsin("revoke", "Chidi Ọ.", "--key", "anna", "--yes").strip()
    tocsin("cosign", revoke, "--key", "bela", "--yes")
    tocsin("root", "rotate", "--key", "anna", code=2, err=r"Chidi Ọ\. leaves: that key is revoked(.|\n)*all 2 organizers must sign everything", no_err=r"\| organizer: .* Chidi")


@test
def what_is_shown_is_what_will_be_in_force_and_trust_can_be_taken_back():
    tocsin, uid = bologna()
    two = tocsin("root", "rotate", "--remove", "Chidi Ọ.", "--add", "dora", "--key", "anna", "--yes").strip()
    tocsin("cosign", two, "--key", "bela", "--yes", "--out", "valley.txt")
    dora = Place("dora")
    dora("root", "trust", "valley.txt", code=2, out=r"^version    2 \((.|\n)*^organizer .*  dora$", err="Type yes|give --yes")
    dora("root", "trust", "valley.txt", "--yes")
    dora("root", "trust", "valley.txt", err="is trusted here already")
    tocsin("root", "new", "Tre città", "--threshold", 1, "--organizer", "eve", "--key", "eve", "--yes", "--out", "namesake.txt")
    dora("root", "trust", "namesake.txt", "--yes", err="another constellation of this name is trusted here: ([a-z]{5} ?){4}$")
    dora("root", "untrust", "Tre città", "--yes", code=2, err="several trusted roots go by")
    dora("root", "untrust", tocsin.root[:8], code=2, err="give --yes")
    dora("root", "untrust", tocsin.root[:8], "--yes", err="warning: (0 windows|1 window) of it will not be seen here any more")
    assert len(json.loads(dora("root", "list", "--format", "json"))) == 1
    dora("root", "untrust", tocsin.root[:8], "--yes", code=1, err="no trusted root")


@test
def several_constellations_in_one_list_say_whose_each_window_is():
    tocsin, _ = bologna()
    tocsin("list", no_err="x", out="^#  uid .*title *$")
    other = tocsin("root", "new", "Other", "--threshold", 1, "--organizer", "eve", "--key", "eve", "--yes").strip()
    tocsin.declare("--title", "Ours", "--rule", BOLOGNA, "--root", other[:16], key="eve")
    tocsin("list", out="^#  uid .*title +constellation$")
    tocsin("list", out="A minute for Bologna  Tre città$")
    tocsin("status", out="Ours of Other")
    tocsin("root", "new", "Other", "--threshold", 1, "--organizer", "dora", "--key", "dora", "--yes")  # two of one name
    tocsin("list", out=rf"Ours +Other \({other[:8]}\)$")
    tocsin("status", out=rf"Ours of Other \({other[:8]}\)")


@test
def a_rotation_shows_as_kept_what_its_text_keeps_and_as_lost_what_it_does_not():
    tocsin, uid = bologna()
    tocsin("root", "rotate", "--remove", "bela", "--key", "anna", code=2, err='keeps +"A minute for Bologna"', no_err="loses")
    tocsin("root", "rotate", "--remove", "bela", "--no-keep", "--key", "anna", code=2, err='loses +"A minute for Bologna"', no_err="keeps")


run()
