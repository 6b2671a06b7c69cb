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
    tocsin("fsck", code=1, out="[1-9]\\d* faults$", err=record.stem)
    assert not record.exists(), "a damaged record was left where it is believed"
    tocsin("fsck", env={"TOCSIN_HOME": "nowhere"}, code=1, err="no store")


run()
