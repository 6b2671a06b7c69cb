"""tocsin revoke: a lost key is void, and what it had signed in force stays."""
import pathlib
import shutil
import subprocess

from organizers import bologna, run, test, valley


@test
def a_lost_key_is_revoked():
    tocsin, uid = bologna()
    tocsin("revoke", "nobody", "--key", "anna", "--yes", code=2, err="root show")
    tocsin("revoke", "anna", "--key", "anna", "--yes", code=2, err="cannot revoke itself")
    before = tocsin.declare("--title", "Half signed", "--rule", "2027-07-01 at 12:00 UTC for 5m")
    revocation = tocsin("revoke", "anna", "--key", "bela", "--yes").strip()
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed")
    tocsin("cosign", revocation, "--key", "chidi", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed")  # kept: it was in force
    tocsin("cosign", before, "--key", "bela", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{before}\ttentative")  # signed by the lost key and one more: not enough
    tocsin("declare", "--title", "By the thief", "--rule", "2027-07-01 at 12:00 UTC for 5m", "--key", "anna", "--yes", code=2,
           err="revoked")
    other = tocsin.declare("--title", "By another", "--rule", "2027-08-01 at 12:00 UTC for 5m", key="chidi")
    tocsin("cosign", other, "--key", "anna", "--yes", code=2, err="the key [0-9a-f]{16} is revoked: what it signs is void$")
    tocsin("cosign", before, "--key", "chidi", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{before}\tconfirmed")
    pathlib.Path("bela").mkdir()  # a folder of that name is nobody's key
    tocsin("revoke", "bela", "--key", "chidi", "--yes", err="^  left +Chidi Ọ[.], of whom 2 must sign$(.|\n)*too few are left: with it the constellation is frozen", no_err="to send it to :")


@test
def the_review_of_a_revocation_is_silent_on_what_is_cancelled_for_good():
    tocsin, uid = bologna()
    for words in (["amend", uid, "--title", "An hour"], ["amend", uid, "--title", "Two hours"], ["cancel", uid, "--reason", "Storm"]):
        tocsin("cosign", tocsin(*words, "--key", "anna", "--yes").strip(), "--key", "chidi" if "Two hours" in words else "bela", "--yes")
    revocation = tocsin("revoke", "Chidi Ọ.", "--no-keep", "--key", "anna", "--yes").strip()
    tocsin("cosign", revocation, "--key", "bela", "--yes", no_err="with your signature .*Bologna|with your signature .*hour")
    tocsin("cosign", tocsin("root", "rotate", "--remove", "Chidi Ọ.", "--key", "anna", "--yes").strip(), "--key", "bela", "--yes")
    tocsin("verify", tocsin.file(revocation), out=r"^good .*revokes the key [0-9a-f]{16} \(key of Chidi Ọ\.\)")


@test
def nobody_revokes_himself():
    store, here = valley(), pathlib.Path.cwd()
    revocation = store("revoke", "Chidi Ọ.", "--key", "anna", "--yes").strip()
    store("root", "show", out=f"^waiting    revoke {revocation}  .*signed by 1, 2 needed$")
    store("cosign", revocation, "--key", "chidi", "--yes", code=2, err="cannot revoke itself")
    stock = store.copy("stock")  # a program that lets the key sign its own revocation changes nothing
    subprocess.run(["minisign", "-Sm", stock.file(revocation), "-s", store.keys / "chidi.key", "-W", "-x",
                    here / "own.minisig"], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    for one in (stock.store / f"sigs/{revocation[:2]}").glob(f"{revocation}.*"):
        shutil.copy(one, here / "revocation.anna.minisig")
    shutil.copy(stock.file(revocation), here / "revocation.rec")
    shutil.copy(here / "own.minisig", here / "revocation.chidi.minisig")
    store("verify", here / "revocation.rec", code=1, out="^no .*signed by 1, 2 needed; by .* of .Tre città.$")
    store("cosign", revocation, "--key", "bela", "--yes", err="signed by 2 now, 2 needed$")
    store("root", "show", out=r"^organizer .* Chidi Ọ\.  \(revoked\)$")
    store("root", "show", "--format", "tsv", out="^role\tid\tkey\tstatus\tname\n(.*\n)*organizer\t.*\trevoked\tChidi Ọ\.$")
    store("verify", store.file(revocation), out="^good ")


run()
