"""tocsin fsck: what does not belong is found and put aside."""
import os

from organizers import bologna, run, test


@test
def fsck_finds_what_does_not_belong():
    tocsin, _ = bologna()
    tocsin("fsck", out=" 0 faults$")
    record = sorted((tocsin.store / "records").glob("*/*.rec"))[0]
    whole = record.read_bytes()
    record.chmod(0o600)
    record.write_bytes(whole[:-1])
    os.utime(record, (1e9, 1e9))  # long ago: not a file that is still arriving
    tocsin("fsck", code=1, out=" 1 fault$", err=record.stem)
    assert not record.exists(), "a damaged record was left where it is believed"
    for words in (["status"], ["status"], ["list"]):  # not only on the day when it is found
        tocsin(*words, code=None, err="^tocsin: warning: 1 file of this store is damaged, and put aside: \"tocsin fsck\" names it")
    tocsin("fsck", code=1, out=" 1 fault$", err=f"in quarantine, and nothing has taken its place: .*{record.name}; a sync with another copy")
    tocsin("fsck", env={"TOCSIN_HOME": "nowhere"}, code=1, err="no store")


@test
def what_was_damaged_just_now_is_told_and_is_no_clean_bill():
    tocsin, _ = bologna()
    whole = tocsin.copy("whole")
    for kind in ("rec", "minisig"):
        file = sorted(tocsin.store.glob(f"*/*/*.{kind}"))[0]
        file.chmod(0o600)
        file.write_bytes(file.read_bytes()[:-5])
        tocsin("fsck", code=1, out=" 1 fault$", err=f"changed just now, and unsound so far: .*{file.name}")
        tocsin("status", code=None, err="^tocsin: warning: 1 file of this store changed just now and is not sound")
        os.utime(file, (1e9, 1e9))
        tocsin("fsck", code=1, err=file.name)
        tocsin("sync", whole.store, no_err="damaged, and put aside")
        tocsin("fsck", out=" 0 faults$")
        tocsin("status", no_err="damaged|sound")


run()
