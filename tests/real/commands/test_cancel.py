"""tocsin cancel: an occurrence or the whole window, with a reason; what waits for signatures, and what a lock holds up."""
import json
import re

from organizers import run, test, valley


@test
def windows_are_amended_and_cancelled():
    tocsin = valley()
    uid = tocsin.declare("--title", "Vigil", "--rule", "4 may at 20:00 in Europe/Amsterdam for 2m", "--horizon", "2y")
    tocsin("cosign", uid, "--key", "bela", "--yes")
    amendment = tocsin("amend", uid, "--title", "Vigil, longer", "--for", "5m", "--key", "anna", "--yes", code=2,
                       err="different durations")
    amendment = tocsin("amend", uid, "--title", "Vigil, later", "--rule", "4 may at 21:00 in Europe/Amsterdam for 2m", "--key",
                       "anna", "--yes").strip()
    tocsin("show", uid, out=f"^waiting    amendment {amendment}, signed by 1, 2 needed$")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed\t2027-05-04T18:00:00Z\t2m\tVigil$")
    tocsin("cosign", amendment, "--key", "chidi", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed\t2027-05-04T19:00:00Z\t2m\tVigil, later$")
    assert [o["key"] for o in json.loads(tocsin("show", uid, "--format", "json"))] == ["2027", "2028"]
    tocsin("cancel", uid, "--occurrence", "1999", "--key", "anna", "--yes", code=2, err='no occurrence "1999"')
    tocsin("cancel", uid, "--occurrence", "2027", "--key", "anna", "--yes")
    tocsin("cosign", uid, "--key", "bela", "--yes")
    assert [o["state"] for o in json.loads(tocsin("show", uid, "--format", "json"))] == ["off", "in-force"]
    before = sorted(tocsin.store.rglob("*.minisig"))
    tocsin("cancel", uid, "--occurrence", "2027", "--key", "anna", "--yes", code=2, err='"2027" is cancelled already')
    tocsin("amend", uid, "--back", "2028", "--key", "anna", "--yes", code=2, err='"2028" is not cancelled')
    tocsin("amend", uid, "--back", "1999", "--key", "anna", "--yes", code=2, err='no occurrence "1999"')
    tocsin("amend", uid, "--back", "2027", "--off", "2027", "--key", "anna", "--yes", code=2, err="both name")
    for nothing in ([], ["--title", "Vigil, later"], ["--rule", "4 may at 21:00 in Europe/Amsterdam for 2m"]):
        tocsin("amend", uid, *nothing, "--key", "anna", "--yes", code=2, err="changes nothing")
    assert sorted(tocsin.store.rglob("*.minisig")) == before, "an amendment of nothing was signed"
    tocsin("cancel", uid, "--key", "anna", "--yes", code=2, err="--reason")
    tocsin("cancel", uid, "--reason", "a\nb", "--key", "anna", "--yes", code=2, err="no record may hold")
    reason = 'The "square" \\n is closed'
    cancel = tocsin("cancel", uid, "--reason", reason, "--key", "anna", "--yes").strip()
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed")
    ids = {r["name"]: r["id"] for r in json.loads(tocsin("key", "list", "--format", "json"))}
    text = re.escape(reason)
    tocsin("show", uid, out=rf"^waiting    cancellation {cancel}, signed by 1, 2 needed\n  reason   {text}\n  signed   {ids['anna']}  anna\nsigned ")
    tocsin("cosign", uid, "--key", "bela", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tcancelled")
    shown = tocsin("show", uid, out=rf"^cancel     {cancel}\n  reason   {text}\n  signed ")
    assert all(f"  signed   {ids[name]}  {name}\n" in shown for name in ("anna", "bela")), shown
    tocsin("show", uid, "--text", out=r"^expires: .*\n\ntocsin cancel 1\n(?:.*\n)*reason: The \"square\" \\\\n is closed\n\Z",
           err=f"with the cancellation {cancel}, signed by (anna, bela|bela, anna)$")
    for row in (json.loads(tocsin("show", uid, "--format", "json"))[1],
                dict(zip(*(line.split("\t") for line in tocsin("show", uid, "--format", "tsv").split("\n")[:3:2])))):
        assert (row["state"], row["cancel"], row["reason"]) == ("cancelled", cancel, reason), row
        assert sorted(row["cancel_signers"].split()) == sorted([ids["anna"], ids["bela"]]), row
    tocsin("amend", uid, "--title", "x", "--key", "anna", "--yes", code=1, err="final")


@test
def what_waits_is_cosigned_not_doubled():
    """Two organizers who each type a cancellation would cancel nothing."""
    tocsin = valley()
    uid = tocsin.declare("--title", "Doubled", "--rule", "4 may at 20:00 UTC for 2m")
    tocsin("cosign", uid, "--key", "bela", "--yes")
    off = tocsin("cancel", uid, "--occurrence", "2027", "--key", "anna", "--yes").strip()
    later = "2026-11-23T13:00:00Z"
    again = ["cancel", uid, "--occurrence", "2027", "--yes", "--key"]
    tocsin(*again, "anna", at=later, code=1, err=r"waits for other organizers' signatures \(signed by anna\): send them .* they type: tocsin join FILE$")
    tocsin(*again, "bela", at=later, code=1, err=rf"waits for signatures \(signed by anna\): tocsin cosign {off[:16]}$")
    tocsin("amend", uid, "--title", "Other", "--key", "bela", "--yes", at=later,
           err=rf"to sign that one instead: tocsin cosign {off[:16]}\n(.*\n)*.*neither counts.*\n(.*\n)*.*the other {off[:16]}: off 2027; signed by anna$")
    cancel = tocsin("cancel", uid, "--reason", "Rain", "--key", "anna", "--yes").strip()
    tocsin("cancel", uid, "--reason", "Heavy rain", "--key", "anna", "--yes", code=1,
           err=r"this key has signed .*\(signed by anna\): send them .* they type: tocsin join FILE$")
    tocsin("cancel", uid, "--reason", "Heavy rain", "--key", "bela", "--yes", code=1,
           err=rf'already waits for signatures \(signed by anna\): tocsin cosign {cancel[:16]}; its reason is "Rain"')
    other = tocsin("cancel", uid, "--reason", "Heavy rain", "--another", "--key", "bela", "--yes").strip()
    assert other != cancel  # one key alone, perhaps a stolen one, puts no words into the others' mouths
    tocsin("amend", uid, "--title", "Third", "--key", "bela", "--yes", err=rf"warning: a cancellation .*{cancel[:16]}, signed by anna")
    tocsin("cosign", cancel[:16], "--key", "bela", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tcancelled")


@test
def a_lock_is_told_before_and_after():
    """Under a lock two of three change neither when people meet nor what is asked of them."""
    tocsin = valley("home", "--lock", "24h")
    before, near, within = "2027-05-03T10:00:00Z", "2027-05-03T19:45:00Z", "2027-05-04T10:00:00Z"
    uid = tocsin.declare("--title", "Locked", "--rule", "4 may at 20:00 UTC for 2m")
    tocsin("cosign", uid, "--key", "bela", "--yes")
    tocsin("show", uid, at=before, out="^lock       from 24h before its start it takes 3 signatures to move it or call it off$")
    tocsin("show", uid, at=within, out="^lock       the lock is off: 0 beacons vouch .*, 1 must")
    tocsin("list", at=within, err='"Locked": the lock is off')
    tocsin("heartbeat", "--key", "beacon", "--yes", at=before)
    tocsin("show", uid, at=within, out="^lock       locked: it takes 3 signatures to move it or call it off$", no_err="lock is off")
    tocsin("amend", uid, "--rule", "4 may at 21:00 UTC for 2m", "--key", "anna", "--yes", at=near, err="locked in less than 20 minutes(.|\n)*when 2 organizers have signed$")
    words = tocsin("amend", uid, "--title", "Words", "--key", "bela", "--yes", at=within,
                   err="acts on it when 3 organizers have signed, on later ones when 2 have$")
    tocsin("cosign", words.strip(), "--key", "chidi", "--yes", at=within, err='"Locked": a change is refused so near to its start: 1')
    said = tocsin("list", "--format", "tsv", at=within, out=f"^{uid}\tconfirmed\t.*\tLocked$", err="a change is refused")
    said += tocsin("show", uid, at=within, out="^Locked\n(.|\n)* alerted") + tocsin("status", at=within, out="Locked")
    assert "Words" not in said, said
    off = tocsin("cancel", uid, "--occurrence", "2027", "--key", "anna", "--yes", at=within, err="when 3 organizers have signed").strip()
    tocsin("cosign", off, "--key", "bela", "--yes", at=within, err="a change is refused so near to its start")
    tocsin("cancel", uid, "--occurrence", "2027", "--key", "anna", "--yes", at=within, code=2,
           err=f"does not act on it yet: one organizer more must sign: send them .* they type: tocsin join FILE$")
    cancel = tocsin("cancel", uid, "--reason", "Rain", "--key", "anna", "--yes", at=within, err="when 3 organizers have signed").strip()
    tocsin("cosign", cancel, "--key", "bela", "--yes", at=within)
    tocsin("list", "--format", "tsv", at=within, out=f"^{uid}\tconfirmed", err="a cancel is held, but 1 locked occurrences stay in force until 3")
    for again in (["amend", uid, "--title", "x"], ["cancel", uid, "--reason", "x"]):
        tocsin(*again, "--key", "chidi", "--yes", at=within, code=1, no_err="final",
               err=f"is held, {cancel[:16]}, but does not act on what is locked; .* tocsin cosign {cancel[:16]}$")
    tocsin("cosign", cancel, "--key", "chidi", "--yes", at=within)
    tocsin("list", "--format", "tsv", at=within, out=f"^{uid}\tcancelled")
    tocsin("amend", uid, "--title", "x", "--key", "anna", "--yes", at=within, code=1, err="final")


@test
def a_cancellation_within_the_lock_says_so():
    store = valley("home", "--lock", "24h")
    before, within = "2027-05-31T09:00:00Z", "2027-05-31T12:00:00Z"
    uid = store("declare", "--title", "A silence", "--rule", "2027-06-01 at 10:00 UTC for 1m", "--key", "anna", "--yes").strip()
    store("cosign", uid, "--key", "bela", "--yes")
    store("heartbeat", "--key", "beacon", "--yes", at=before)
    cancel = store("cancel", uid, "--reason", "storm", "--key", "anna", "--yes", at=within).strip()
    held = f'{uid[:8]} "A silence": a cancel is held, but 1 locked occurrences stay in force until 3 organizers sign it'
    store("cosign", cancel, "--key", "bela", "--yes", at=within, err=held)
    store("list", "--format", "tsv", at=within, out=f"^{uid}\tconfirmed", err=held)
    store("list", "--format", "tsv", out=f"^{uid}\tcancelled", at="2035-01-01T00:00:00Z")
    by_three = store.copy("by-three")
    by_three("cosign", cancel, "--key", "chidi", "--yes", at=within, no_err="a cancel is held")
    by_three("list", "--format", "tsv", at=within, out=f"^{uid}\tcancelled")
    store("heartbeat", "--key", "beacon", "--yes", at="2027-05-31T09:59:59Z")
    store("list", "--format", "tsv", at=within, out=f"^{uid}\tcancelled", no_err="a cancel is held")


run()
