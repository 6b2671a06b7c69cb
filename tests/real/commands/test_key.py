"""tocsin key: keys are made, listed and guarded."""
import json
import pathlib
import re
import shutil

from organizers import Place, bologna, people, run, test


@test
def keys_are_made_and_listed():
    tocsin = Place()
    tocsin("key", "list", code=1, err="no key")
    for name in ("anna", "bela", "chidi", "beacon", "site", "stranger"):
        public = tocsin("key", "new", name, "--unsealed").strip()
        assert re.fullmatch(r"[A-Za-z0-9+/]{56}", public), public
        assert (tocsin.keys / f"{name}.key").stat().st_mode & 0o777 == 0o600
    tocsin("key", "new", "anna", "--unsealed", code=2, err="exists already")
    tocsin("key", "new", "../anna", "--unsealed", code=2, err="letters, digits")
    tocsin("key", "new", code=2)
    tocsin("key", "new", "sealed", code=2, err="--unsealed")  # nobody to type a passphrase
    rows = json.loads(tocsin("key", "list", "--format", "json"))
    assert [r["name"] for r in rows] == ["anna", "beacon", "bela", "chidi", "site", "stranger"], rows
    assert all(re.fullmatch("[0-9a-f]{16}", r["id"]) for r in rows)


@test
def keys_that_others_can_read_are_refused():
    tocsin, uid = bologna()
    bad = pathlib.Path.cwd() / "bad"
    bad.mkdir()
    for name, mode in (("group", 0o640), ("world", 0o604)):
        path = bad / f"{name}.key"
        shutil.copy(tocsin.keys / "chidi.key", path)
        path.chmod(mode)
        tocsin("cosign", uid, "--key", path, "--yes", code=2, err="chmod|0600")
    tocsin("cosign", uid, "--key", tocsin.keys / "chidi.pub", "--yes", code=2, err=r"chidi\.pub: this is a public key: .*chidi\.key",
           no_err="chmod")
    (bad / "link.key").symlink_to(tocsin.keys / "chidi.key")
    tocsin("cosign", uid, "--key", bad / "link.key", "--yes", code=2)
    (bad / "junk.key").write_text("not a key\n")
    (bad / "junk.key").chmod(0o600)
    tocsin("cosign", uid, "--key", bad / "junk.key", "--yes", code=2)
    tocsin("cosign", uid, "--key", bad / "absent.key", "--yes", code=2, err="neither a file nor a key")
    tocsin("cosign", uid, "--yes", code=2, err="choose one with --key")


@test
def a_passphrase_is_taken_away_and_the_key_stays_the_same():
    """Sealing takes a gigabyte and some seconds: the terminal's test does it."""
    tocsin = people("anna")
    before = (tocsin.keys / "anna.key").read_bytes()
    tocsin("key", "passwd", "anna", "--unsealed", err="anna.key has its new passphrase: none")
    assert (tocsin.keys / "anna.key").stat().st_mode & 0o777 == 0o600 and (tocsin.keys / "anna.key").read_bytes() == before
    tocsin("key", "passwd", "nobody", "--unsealed", code=2, err="neither a file nor a key")
    tocsin("key", "passwd", "anna", code=2, err="--unsealed")  # nobody to type a passphrase
    tocsin("key", "new", "anna", code=2, err="exists already", no_err="(?i)passphrase:")


run()
