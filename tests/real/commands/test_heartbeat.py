"""tocsin heartbeat: a beacon says what it holds."""
import pathlib
import re
import shutil

from organizers import bologna, people, run, test, valley


@test
def a_beacon_signs_a_heartbeat():
    tocsin, _ = bologna()
    tocsin("cosign", tocsin.declare("--title", "Vigil", "--rule", "4 may at 20:00 UTC for 2m"), "--key", "bela", "--yes")
    tocsin("heartbeat", "--key", "bela", "--yes", code=2, err="only a beacon")
    beat = tocsin("heartbeat", "--key", "beacon", "--yes", err=r"\| holds: [0-9a-f]{64}").strip()
    tocsin("verify", tocsin.file(beat), out="^good .*heartbeat")
    # a copy from which somebody has taken a record is told apart by it
    held = re.findall("^holds: (.*)$", tocsin.file(beat).read_text(), re.M)
    trimmed = pathlib.Path.cwd() / "trimmed"
    shutil.copytree(tocsin.store, trimmed)
    gone = next(i for i in held if "\nuid: " in (trimmed / f"records/{i[:2]}/{i}.rec").read_text())
    (trimmed / f"records/{gone[:2]}/{gone}.rec").unlink()
    tocsin("list", env={"TOCSIN_HOME": str(trimmed)}, err=f"holds the record {gone}, which this store lacks",
           no_err="missing here")
    tocsin("list", at="2026-11-25", err="may be stale")


@test
def an_alert_is_told_whether_or_not_a_heartbeat_names_the_record():
    store = valley()
    uid = store("declare", "--title", "Twice", "--rule", "2027-06-01 at 10:00 UTC for 1m", "--key", "anna", "--yes").strip()
    store("cosign", uid, "--key", "bela", "--yes")
    other = store.copy("other")
    for place, title in ((store, "One"), (other, "Two")):
        place("cosign", place("amend", uid, "--title", title, "--key", "anna", "--yes").strip(), "--key", "bela", "--yes")
    store("sync", other.store)
    told = f"{uid[:8]} .*contested: two records claim the same step"
    store("list", err=told)
    store("heartbeat", "--key", "beacon", "--yes")
    store("list", err=told)


@test
def one_beacon_of_three_vouches_for_no_freshness():
    """Who keeps the others' heartbeats away, and has stolen one beacon's key, does not hide that the copy is stale."""
    store = people("anna", "bela", "beacon", "second", "third")
    store("root", "new", "Three beacons", "--organizer", "anna", "--organizer", "bela", "--threshold", 1,
          *(word for name in ("beacon", "second", "third") for word in ("--beacon", name)), "--key", "anna", "--yes")
    store("list", code=1, no_err="stale")  # nobody has told yet; there is no window
    for name in ("beacon", "second", "third"):
        store("heartbeat", "--key", name, "--yes")
    store("list", code=1, no_err="stale")
    later, told = "2026-11-26T12:00:00Z", "1 of 3 beacons have told in time what is in force, 2 must: this copy may be stale"
    store("heartbeat", "--key", "beacon", "--next", "720h", "--yes", at=later)
    store("list", code=1, at=later, err=f"since 2026-11-24T12:00:00Z {told}")
    assert "too few beacons" in store("status", at=later)
    store("heartbeat", "--key", "third", "--yes", at=later)
    store("list", code=1, at=later, no_err="stale")


run()
