"""tocsin status: what waits for whom, what is contested, what ends, and what comes next."""
import json
import re
import shutil

from ask import ask
from organizers import BOLOGNA, NOW, bologna, by_hand, people, run, test, valley


def rows(place, *args, **more):
    return json.loads(place("status", "--format", "json", *args, **more))


def of(place, kind, *args, **more):
    return [r for r in rows(place, *args, **more) if r["kind"] == kind]


@test
def a_declaration_waits_for_the_others_and_then_for_nobody():
    tocsin = valley()
    uid = tocsin.declare("--title", "A minute", "--rule", BOLOGNA)
    (waits,) = of(tocsin, "wait", "--key", "anna")
    assert (waits["uid"], waits["what"], waits["signed_by"], waits["wants"]) == (uid, "declaration", "anna", "bela, Chidi Ọ."), waits
    (sign,) = of(tocsin, "sign", "--key", "bela")
    assert sign["command"] == f"tocsin cosign {sign['record'][:16]}", sign
    assert of(tocsin, "sign")[0]["command"].endswith(" --key bela")
    tocsin("status", "--key", "bela", env={"TZ": "Europe/Rome"}, out=r'^Waits for your signature:\n  declaration  "A minute": signed by anna, 1 of 2\n'
           r'      Mon 2027-08-02 10:25:00 Europe/Rome, in 251 d\n      tocsin cosign [0-9a-f]{16}$')
    tocsin(*sign["command"].split()[1:], "--key", "bela", "--yes")
    assert not of(tocsin, "sign", "--key", "bela") and not of(tocsin, "wait", "--key", "anna")
    tocsin("status", "--key", "bela", out="^Nothing waits for you.$")


@test
def the_next_ones_are_in_local_time_and_how_far_off():
    tocsin, uid = bologna()
    tocsin("cosign", tocsin.declare("--title", "Lights", "--rule", "25 april at 20:00 everywhere for 15m"), "--key", "bela", "--yes")
    for zone, minute, wave in (("Europe/Rome", "Mon 2027-08-02 10:25:00", "18:00:00Z"), ("America/Los_Angeles", "Mon 2027-08-02 01:25:00", "")):
        lights, bell = of(tocsin, "next", env={"TZ": zone})
        assert (bell["uid"], bell["local"], bell["until"]) == (uid, f"{minute} {zone}", "in 251 d"), bell
        assert lights["local"] == f"Sun 2027-04-25 20:00:00 {zone}", lights  # each place's own clock
    tocsin("list", env={"TZ": "Europe/Rome"}, out=r"^#  uid +status +next_start +Europe/Rome +for +title\n.*2027-04-25T20:00:00   Sun 2027-04-25 20:00:00 ")
    tocsin("list", "--format", "tsv", env={"TZ": "Europe/Rome"}, out="^uid\tstatus\tnext_start\tfor\ttitle$")
    tocsin("show", uid, env={"TZ": "Europe/Rome"}, out=r"^2027 +2027-08-02T08:25:00Z +2027-08-02T08:26:00Z +Mon 2027-08-02 10:25:00  in-force")
    assert of(tocsin, "next", at="2027-08-02T08:24:15Z")[0]["until"] == "in 45 s"
    assert of(tocsin, "next", at="2027-07-30T04:25:00Z")[0]["until"] == "in 3 d 4 h"


@test
def a_pending_cancellation_and_a_contest_are_seen_beside_what_stands():
    tocsin, uid = bologna()
    cancel = tocsin("cancel", uid, "--reason", "Storm", "--key", "anna", "--yes").strip()
    (sign,) = of(tocsin, "sign", "--key", "bela")
    assert (sign["what"], sign["record"], sign["title"]) == ("cancellation", cancel, "A minute for Bologna"), sign
    tocsin("list", out=r"^1  [0-9a-f]{32}  confirmed, 1 waiting  ")
    tocsin("status", out=r"A minute for Bologna  \(a cancellation waits\)$")
    late = valley("late")
    late("sync", tocsin.store, err=r'^tocsin: next: "A minute for Bologna", .* \(a cancellation waits\)$')
    contested, uid = bologna("contested")
    rival, ids = contested.copy("rival"), []
    for place, minutes in ((contested, 2), (rival, 3)):
        ids.append(place("amend", uid, "--rule", f"2 august at 10:3{minutes} in Europe/Rome for 1m", "--key", "anna", "--yes").strip())
        place("cosign", ids[-1], "--key", "bela", "--yes")
    contested("sync", rival.store, err="contested")
    for one in ids:
        contested("show", uid, env={"TZ": "Europe/Rome"}, out=rf'^version    {one[:16]}  "A minute for Bologna", Mon 2027-08-02 10:3[23]:00, 2 august at 10:3[23].*, signed by (anna, bela|bela, anna)\n  changes  rule 2 august at 10:3[23].*$')
        contested("verify", contested.file(one), code=1, out="^no .*; contested by another version, so not in force$")
    contested("show", uid, out=f"^settle     tocsin amend {uid[:8]} --take VERSION, ")
    versions = of(contested, "settle", env={"TZ": "Europe/Rome"})
    assert sorted(r["record"] for r in versions) == sorted(ids), versions
    assert {r["local"] for r in versions} == {f"Mon 2027-08-02 10:3{m}:00 Europe/Rome" for m in (2, 3)}
    assert all(r["signed_by"] in ("anna, bela", "bela, anna") and r["command"] == f"tocsin amend {uid[:8]} --take {r['record'][:16]}" for r in versions), versions
    for version in versions[:2]:  # each command as it stands takes that version
        taken = contested.copy("taken-" + version["record"][:8])
        settled = taken(*version["command"].split()[1:], "--key", "anna", "--yes", err="^elsewhere").strip()
        taken("cosign", settled, "--key", "bela", "--yes", err="^tocsin: settled now: .*; signed by (anna, bela|bela, anna)$")
        assert not of(taken, "settle")
        assert of(taken, "next", env={"TZ": "Europe/Rome"})[0]["local"] == version["local"], version
    contested("amend", uid, "--take", "0" * 16, "--key", "anna", "--yes", code=1, err="is no version of this window here")


@test
def what_is_still_open_beside_a_version_in_force_is_in_every_format():
    tocsin, uid = bologna()
    rival = tocsin.copy("rival")
    first = tocsin("amend", uid, "--title", "One", "--key", "anna", "--yes").strip()
    other = rival("amend", uid, "--title", "Other", "--key", "chidi", "--yes").strip()
    tocsin("cosign", first, "--key", "bela", "--yes", err=r'^tocsin: changed now: "One" [(]title One[)], .*; signed by (anna, bela|bela, anna)$')
    tocsin("sync", rival.store)
    tocsin("cosign", other, "--key", "anna", code=2, err=f"this one  {other[:16]}: title Other; signed by .*\n.*the other {first[:16]}: title One; signed by .*, and in force$")
    (still,) = of(tocsin, "open")
    assert (still["record"], still["title"], still["signed_by"], still["command"]) == (other, "Other", "Chidi Ọ.", f"tocsin amend {uid[:8]}"), still
    tocsin("status", out=f"^Still open: nobody should sign these any more:\n  {other[:16]}  amendment  .Other.: signed by Chidi Ọ[.], 1 of 2$")


@test
def who_is_no_organizer_any_more_is_told_and_who_is_left():
    tocsin, uid = bologna()
    revoke = tocsin("revoke", "bela", "--key", "anna", "--yes", err="^  left +anna, Chidi Ọ[.], of whom 2 must sign$").strip()
    victim = tocsin.copy("victim")
    for key in victim.keys.glob("*.key"):
        if key.stem != "bela":
            key.unlink()
    tocsin("cosign", revoke, "--key", "chidi", "--yes", err='^tocsin: revoked now: the key of bela, an organizer of "Tre città"; left are anna, Chidi Ọ[.], of whom 2 must sign$')
    victim("sync", tocsin.store, err='(?s)revoked since: the key of bela.*your key bela is revoked in "Tre città", by (anna, Chidi Ọ[.]|Chidi Ọ[.], anna): nothing that it signs counts')
    (gone,) = of(victim, "revoked")
    assert (gone["record"], gone["command"]) == (revoke, "tocsin key new NAME"), gone
    victim("status", out="^No longer an organizer:\n  your key bela is revoked")
    assert not of(tocsin, "revoked")  # another key that is here counts


@test
def of_a_lost_store_is_said_what_brings_it_back():
    tocsin, uid = bologna()
    other = tocsin.copy("other")
    shutil.rmtree(tocsin.store)
    for words, code in ((["status"], 0), (["list"], 1), (["show", "Bologna"], 1)):
        tocsin(*words, code=code, err="nothing is in the store .*tocsin sync SOURCE")
    tocsin("sync", other.store)
    assert tocsin.status(uid) == "confirmed"


@test
def of_a_next_root_both_counts_are_told():
    tocsin, _ = bologna()
    tocsin("root", "rotate", "--lock", "24h", "--key", "anna", "--yes")
    tocsin("status", "--key", "anna", out='^  root version 2  "Tre città": signed by anna, 1 of 2 of its organizers, 1 of 2 of those of the version before$')


@test
def what_ends_and_what_is_overdue_is_told():
    tocsin, uid = bologna()
    tocsin("heartbeat", "--key", "beacon", "--yes")
    assert not of(tocsin, "renew") and not of(tocsin, "overdue")
    assert of(tocsin, "overdue", at="2026-12-23T12:00:00Z")[0]["command"] == "tocsin sync SOURCE"
    renew = of(tocsin, "renew", at="2028-10-01T00:00:00Z")
    assert {r["command"] for r in renew} == {"tocsin root rotate", f"tocsin amend {uid[:8]} --horizon 2y"}, renew
    tocsin("list", at="2028-10-01T00:00:00Z", out="^1  [0-9a-f]{32}  over  ")
    late = tocsin.declare("--title", "Lights", "--rule", "25 april 2029 at 20:00 everywhere for 15m", "--horizon", "4y", err="1 of 1 occurrence comes after the root's end")
    tocsin("cosign", late, "--key", "bela", "--yes", err='confirmed now: "Lights", .*, once "tocsin root rotate" has prolonged the root;')
    tocsin("list", out=rf"{late}  after the root's end")
    assert [r["command"] for r in of(tocsin, "renew")] == ["tocsin root rotate"]


@test
def an_empty_home_is_told_what_to_do():
    people("anna")("status", code=1, err='tocsin join FILE')


@test
def sync_ends_with_what_waits():
    tocsin = valley()
    other = tocsin.copy("other")
    uid = tocsin.declare("--title", "A minute", "--rule", BOLOGNA)
    other("sync", tocsin.store, err=r'^tocsin: waits for your signature: declaration "A minute": tocsin cosign [0-9a-f]{16}')
    assert other.status(uid) == "tentative" and NOW


@test
def every_signing_command_ends_with_what_waits_for_whom_and_what_is_to_be_sent():
    tocsin, uid = bologna()
    for words, waits in ((["declare", "--title", "Vigil", "--rule", "4 may at 20:00 UTC for 2m"], 'declaration "Vigil"'),
                         (["amend", uid, "--title", "Two minutes"], 'amendment "Two minutes"'),
                         (["cancel", uid, "--reason", "Storm"], 'cancellation "A minute for Bologna"'),
                         (["root", "rotate", "--lock", "24h"], 'root version 2 "Tre città"')):
        said = (r"to send it to bela, Chidi Ọ\.: tocsin (root )?show ?[0-9a-f]* --out FILE; they type: tocsin join FILE\n(tocsin: waits for .*\n)*"
                rf"tocsin: waits for bela, Chidi Ọ\.: {waits}( \(.*\))?, signed by 1( of its organizers)?, 2 needed")
        tocsin(*words, "--key", "anna", "--yes", err=said)
    tocsin("revoke", "bela", "--key", "anna", "--yes", err='waits for Chidi Ọ[.]: revocation "Tre città" \\(key of bela\\), signed by 1, 2 needed')
    tocsin("cosign", "Vigil", "--key", "bela", "--yes", env={"TZ": "Asia/Tokyo"}, err='^tocsin: next: "Vigil", Wed 2027-05-05 05:00:00 Asia/Tokyo, in 162 d$', no_err='waits for [^"]*"Vigil"')


@test
def a_heap_of_drafts_by_one_key_hides_nothing():
    """Thirty drafts by a stolen key, with letters that nobody sees: what waits besides comes before them."""
    tocsin, uid = bologna()
    text = tocsin("show", uid, "--text")
    for i in range(30):
        draft = re.sub("^title: .*", f"title: Vi\u200bgil {i}", text, flags=re.M)
        tocsin.sync(by_hand(tocsin, re.sub("^uid: .*", f"uid: {i + 1:08x}{uid[8:]}", draft, flags=re.M))[0])
    change = tocsin("amend", uid, "--title", "Two minutes", "--key", "bela", "--yes").strip()
    revoke = tocsin("revoke", "Chidi Ọ.", "--key", "bela", "--yes").strip()
    said = ask(["status", "--key", "anna", "--at", NOW], tocsin.env)
    waits = re.findall("tocsin cosign ([0-9a-f]{16})", said.stdout.decode())
    assert waits[:2] == [revoke[:16], change[:16]] and len(waits) == 20, said
    assert "  ... and 12 more: tocsin status --full\n" in said.stdout.decode(), said
    warnings = said.stderr.decode().splitlines()
    assert len(warnings) == 21 and "... and 10 more texts with letters" in warnings[-1], warnings
    assert len(re.findall("tocsin cosign [0-9a-f]{16}", tocsin("status", "--key", "anna", "--full"))) == 32


run()
