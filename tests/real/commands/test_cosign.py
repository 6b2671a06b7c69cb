"""tocsin cosign: a review and a second signature, here or by post; stock minisign verifies it."""
import json
import pathlib
import shutil
import subprocess

from ask import ask_at_terminal
from organizers import BOLOGNA, NOW, Place, bologna, by_hand, people, run, test, valley, window


@test
def stock_minisign_verifies_what_we_wrote():
    tocsin, _ = bologna()
    records = sorted((tocsin.store / "records").glob("*/*.rec"))
    assert len(records) == 2, records
    for record in records:
        for name in ("anna", "bela"):
            key_id = next(r["id"] for r in json.loads(tocsin("key", "list", "--format", "json")) if r["name"] == name)
            signature = tocsin.store / "sigs" / record.parent.name / f"{record.stem}.{key_id}.minisig"
            done = subprocess.run(["minisign", "-Vm", record, "-x", signature, "-p", tocsin.keys / f"{name}.pub"], capture_output=True)
            assert done.returncode == 0, (done.stdout, done.stderr)
            assert f"tocsin {'root' if record.stem == tocsin.root else 'window'} {record.stem}".encode() in done.stdout, done.stdout


@test
def another_place_takes_the_root_and_cosigns_a_file():
    """Chidi has a computer of his own: a bundle comes by post, his signature goes back by post."""
    tocsin, uid = bologna()
    tocsin("declare", "--title", "By post", "--rule", "2027-03-01 at 12:00 UTC for 5m", "--key", "anna", "--yes")
    post = next(r for r in json.loads(tocsin("list", "--format", "json")) if r["title"] == "By post")["uid"]
    assert post != uid
    bundle, back = (pathlib.Path.cwd() / name for name in ("post.bundle", "back.bundle"))
    bundle.write_bytes(tocsin("show", post, "--bundle", raw=True))
    far = Place("far")
    far.keys.mkdir(parents=True)
    shutil.copy(tocsin.keys / "chidi.key", far.keys / "chidi.key")
    far("cosign", bundle, "--yes", code=2, err="tocsin join FILE")
    far("root", "trust", bundle, code=2, err="--yes")
    far("root", "trust", bundle, "--yes", out=tocsin.root)
    far("cosign", bundle, "--yes")
    far("list", "--format", "tsv", out=f"^{post}\tconfirmed")
    back.write_bytes(far("show", post, "--bundle", raw=True))
    tocsin("verify", back, out="good .*window .*signed by 2")
    tocsin("cosign", back, "--key", "bela", "--yes", code=1, err="nothing in it")  # but it is taken in
    tocsin("list", "--format", "tsv", out=f"^{post}\tconfirmed")


@test
def a_record_that_contradicts_its_rule_is_refused_with_both_lines_side_by_side():
    tocsin = valley()
    honest = window(tocsin, "1 january at 10:25 in Europe/Rome for 1m")
    assert "at: 2027 2027-01-01T09:25:00Z\n" in honest
    record, id_ = by_hand(tocsin, honest.replace("2027-01-01T09:25:00Z", "2027-01-07T03:25:00Z"))
    both = (r"^  moved    2027 +signed  2027-01-07T03:25:00Z  Thu 2027-01-07 04:25:00 Europe/Rome\n"
            r" +by rule 2027-01-01T09:25:00Z  Fri 2027-01-01 10:25:00 Europe/Rome$")
    tocsin("cosign", record, "--key", "bela", "--yes", code=1, err=both)
    tocsin("cosign", id_[:8], "--key", "bela", "--yes", code=1, err=f"not signed: .*--although {id_[:16]}")
    tocsin("cosign", id_[:8], "--key", "bela", "--yes", "--although", "0" * 8, code=1, err="contradict the rule: 1 moved, 0 extra, 0 missing")
    assert tocsin.status(json.loads(tocsin("list", "--format", "json"))[0]["uid"]) == "tentative"
    tocsin("cosign", id_[:8], "--key", "bela", "--yes", "--although", id_[:8], out=id_)
    uid = json.loads(tocsin("list", "--format", "json"))[0]["uid"]
    assert tocsin.status(uid) == "confirmed"
    tocsin("explain", uid, err=both)
    for words in (["show", uid], ["verify", uid], ["verify", record]):
        tocsin(*words, code=None, err=r"what is signed contradicts its rule \(dates: 1 moved, 0 extra, 0 missing\), and what is signed decides: .tocsin explain")


@test
def dates_left_out_put_in_and_waves_are_named():
    tocsin = valley()
    honest = window(tocsin, "every thursday at 15:30 UTC for 30m", err="occurrences")
    gone = [line for line in honest.splitlines() if "2026-12-17" not in line]
    record, _ = by_hand(tocsin, "\n".join(gone) + "\n")
    tocsin("cosign", record, "--key", "bela", "--yes", code=1, err=r"^  missing  2026-12-17 +signed  nothing\n +by rule 2026-12-17T15:30:00Z")
    more = honest.replace("at: 2026-12-17 ", "at: extra 2026-12-16T15:30:00Z\nat: 2026-12-17 ")
    record, _ = by_hand(tocsin, more)
    tocsin("cosign", record, "--key", "bela", "--yes", code=1, err=r"^  extra    extra +signed  2026-12-16T15:30:00Z.*\n +by rule no such date$")
    wave = window(tocsin, "25 april at 20:00 everywhere for 15m")
    assert "on: 2027 2027-04-25\n" in wave and "wave: 20:00\n" in wave
    record, _ = by_hand(tocsin, wave.replace("2027-04-25", "2027-04-26"))
    tocsin("cosign", record, "--key", "bela", "--yes", code=1, err=r"^  moved    2027 +signed  Mon 2027-04-26\n +by rule Sun 2027-04-25$")
    record, _ = by_hand(tocsin, wave.replace("wave: 20:00", "wave: 21:00"))
    tocsin("cosign", record, "--key", "bela", "--yes", code=1, err="signed for 21:00:00; the rule says 20:00:00")
    record, _ = by_hand(tocsin, wave.replace("for: 15m", "for: 16m"))
    tocsin("cosign", record, "--key", "bela", "--yes", code=1, err="signed for 16m; the rule says 15m")


@test
def a_rule_that_cannot_be_read_here_is_not_a_contradiction():
    tocsin = valley()
    honest = window(tocsin, BOLOGNA)
    record, id_ = by_hand(tocsin, honest.replace(f"rule: {BOLOGNA}", "rule: at the third cry of the owl for 1m"))
    tocsin("cosign", record, "--key", "bela", "--yes", out=id_, err="not checked here whether its dates are what its rule says")
    lisbon = window(tocsin, BOLOGNA).replace("zones: ", "zones: 1999")
    record, id_ = by_hand(tocsin, lisbon.replace("T08:25:00Z", "T09:25:00Z"))
    tocsin("cosign", record, "--key", "bela", "--yes", code=1, err="signed with the zone data 1999.*a land that changed its clock may explain it")


@test
def the_second_person_sees_what_the_first_saw():
    tocsin = valley()
    rule = "2 august at 20:00 in Europe/Rome for 10m"
    for title in ("A minute", "Party"):
        uid = tocsin.declare("--title", title, "--gesture", "noise", "--tone", "celebration", "--rule", rule)
    for pattern in (r"^Los Angeles +Mon 2027-08-02 11:00 day", r"^  2027 +2027-08-02T18:00:00Z  Mon 2027-08-02 20:00:00 Europe/Rome$",
                    'warning: 2027: at the same time as "A minute"', "this is a celebration: ", r"\| title: Party"):
        tocsin("cosign", uid, "--key", "bela", code=2, err=pattern)
    tocsin("cosign", uid, "--key", "bela", "--yes", err='with your signature .* "Party" is confirmed')


@test
def an_amendment_is_shown_against_what_is_in_force():
    tocsin, uid = bologna()
    amended = tocsin("amend", uid, "--rule", "2 august at 10:30 in Europe/Rome for 2m", "--title", "Two minutes", "--key", "anna", "--yes").strip()
    for pattern in (r"^  title     was A minute for Bologna\n +is  Two minutes$", "^  for       was 1m\n +is  2m$",
                    r"^  rule      was 2 august at 10:25.*\n +is  2 august at 10:30",
                    r"^  moves: 2027 2027-08-02T08:25:00Z to 2027-08-02T08:30:00Z$"):
        tocsin("cosign", amended, "--key", "bela", code=2, err=pattern)
    tocsin("cosign", amended, "--key", "bela", "--yes", err='this version of .* "Two minutes" is in force')


@test
def what_would_contest_is_said_before():
    tocsin, uid = bologna()
    rival = tocsin.copy("rival")
    ours = tocsin("amend", uid, "--for", "2m", "--rule", "2 august at 10:25 in Europe/Rome", "--key", "anna", "--yes").strip()
    theirs = rival("amend", uid, "--for", "3m", "--rule", "2 august at 10:25 in Europe/Rome", "--key", "chidi", "--yes").strip()
    tocsin("sync", rival.store)
    tocsin("cosign", ours, "--key", "bela", "--yes")
    tocsin("cosign", theirs, "--key", "bela", code=2, err=f'is contested: .*comes back in force(.|\n)*the other version is {ours[:16]}, signed by (anna, bela|bela, anna)')
    assert tocsin.status(uid) == "confirmed"


@test
def a_cancellation_a_revocation_and_a_root_are_shown_in_titles_and_names():
    tocsin, uid = bologna()
    cancel = tocsin("cancel", uid, "--reason", "Storm", "--key", "anna", "--yes").strip()
    tocsin("cosign", cancel, "--key", "bela", code=2, env={"TZ": "Europe/Rome"},
           err=r"^Cancels for good: A minute for Bologna\n  reason: Storm\n  2027 +2027-08-02T08:25:00Z  Mon 2027-08-02 10:25:00 Europe/Rome$")
    tocsin("cosign", cancel, "--key", "bela", code=2, err='"A minute for Bologna" is cancelled, and a cancellation is final')
    revoke = tocsin("revoke", "anna", "--key", "bela", "--yes").strip()
    tocsin("cosign", revoke, "--key", "chidi", code=2, err=r'^Revokes the key of anna \([0-9a-f]{16}\)(.|\n)*^  keeps     "A minute for Bologna"')
    hard = tocsin.copy("hard")
    void = hard("revoke", "bela", "--no-keep", "--key", "anna", "--yes").strip()
    hard("cosign", void, "--key", "chidi", code=2, err='^  loses     "A minute for Bologna"')
    hard("cosign", void, "--key", "chidi", code=2, err='warning: with your signature .* "A minute for Bologna" loses its effect')
    root = tocsin("root", "rotate", "--organizer", "anna", "--organizer", "bela", "--organizer", "dora", "--key", "anna", "--yes").strip()
    tocsin("cosign", root, "--key", "bela", code=2, err=r"^  leaves    organizer Chidi Ọ\. \((.|\n)*^  joins     organizer dora \(")


@test
def several_are_asked_about_each_on_its_own():
    tocsin = valley()
    ids = [tocsin.declare("--title", f"Window {i}", "--rule", f"2027-03-0{i + 1} at 12:00 UTC for 5m") for i in range(4)]
    question = "Sign this record[?] Type yes to go on: "
    seen = ask_at_terminal(["cosign", *ids, "--key", "bela", "--at", NOW], tocsin.env,
                           [(question, "yes"), (question, "y"), ("Please type yes or no: ", "yes"), (question, "no"), (question, "yes")], code=1)
    assert "3 signed, 1 declined" in seen and "nothing was done" not in seen, seen
    assert [tocsin.status(uid) for uid in ids] == ["confirmed", "confirmed", "tentative", "confirmed"]
    tocsin("cosign", ids[0], ids[2], "--key", "bela", "--yes", code=1, err="signed all there is", out="^[0-9a-f]{64}$")
    assert tocsin.status(ids[2]) == "confirmed"


@test
def a_rival_of_what_was_signed_is_told_before_the_question_with_both_lines():
    tocsin, uid = bologna()
    mine = tocsin("amend", uid, "--rule", "2 august at 10:30 in Europe/Rome for 1m", "--key", "anna", "--yes").strip()
    other = tocsin("amend", uid, "--title", "Late", "--key", "chidi", "--yes", err="two versions claim the same step(.|\\n)*the other .*rule 2 august at 10:30").strip()
    tocsin("cosign", other, "--key", "anna", code=2, err=f"this one  {other[:16]}: title Late; signed by Chidi.*\n.*the other {mine[:16]}: rule .*10:30.*; signed by anna"
           "\n.*you have signed the other(.|\\n)*nobody is there to confirm")
    tocsin("cosign", other, "--key", "bela", code=2, err="two versions claim the same step", no_err="you have signed")
    one = tocsin("root", "rotate", "--remove", "bela", "--key", "anna", "--yes", no_err="two versions").strip()
    two = tocsin("root", "rotate", "--lock", "24h", "--key", "chidi", "--yes", err=f"constellation freezes(.|\\n)*the other {one[:16]}: without bela; threshold|without bela; signed by anna").strip()
    tocsin("cosign", two, "--key", "anna", code=2, err="you have signed the other(.|\\n)*nobody is there to confirm")
    tocsin("cosign", two, "--key", "bela", "--yes")
    assert one not in tocsin("root", "show", out=f"^still open: {one[:16]}.* signed by anna; do not sign it; with enough")
    tocsin("status", out=f"^  {one[:16]}  root version 2 .*: signed by anna, 1 of 2 of its organizers")


@test
def two_waiting_amendments_are_told_apart_and_what_is_built_on_one_outvotes_the_other():
    tocsin, uid = bologna()
    early = tocsin("amend", uid, "--rule", "2 august at 10:15 in Europe/Rome for 1m", "--key", "anna", "--yes").strip()
    late = tocsin("amend", uid, "--rule", "2 august at 10:45 in Europe/Rome for 1m", "--key", "chidi", "--yes").strip()
    tocsin("status", "--key", "bela", out="at 10:15 in(.|\\n)*at 10:45 in|at 10:45 in(.|\\n)*at 10:15 in")
    tocsin("show", uid, out=rf"^waiting    amendment {late}, .*\n  changes  rule 2 august at 10:45 .*\n  signed   by Chidi")
    tocsin("cosign", uid, "--key", "bela", code=2, err=f"{early}  amends .*10:15(.|\\n)*{late}  amends .*10:45|{late}  amends .*10:45(.|\\n)*{early}  amends .*10:15")
    tocsin("cosign", late, "--key", "bela", "--yes")
    tocsin("cosign", tocsin("amend", uid, "--key", "chidi", "--yes", err=f"once this has its 2 signatures, {early[:16]}, signed by anna, no longer counts; until then nobody should sign it").strip(), "--key", "bela", "--yes")
    tocsin("cosign", early, "--key", "bela", "--yes", no_err="contested")
    assert tocsin.status(uid) == "confirmed"
    tocsin("show", uid, out="10:45")


@test
def of_several_keys_the_organizers_signs_and_where_several_are_one_the_option_is_named():
    tocsin, uid = bologna()
    for name in ("bela", "chidi", "dora"):
        for suffix in ("key", "pub"):
            (tocsin.keys / f"{name}.{suffix}").unlink()
    record = tocsin("amend", uid, "--title", "Two", "--yes").strip()
    tocsin("show", uid, "--format", "json")
    tocsin("cosign", record, code=1, err="this key has signed it already")
    tocsin("heartbeat", "--yes")
    tocsin("root", "rotate", "--yes", err="waits for bela, Chidi")
    other = people("eve", "mallory", place="other")
    (tocsin.keys / "root.bundle").write_bytes(tocsin("root", "show", "--bundle", raw=True))
    other("root", "trust", tocsin.keys / "root.bundle", "--yes")
    other("declare", "--title", "x", "--rule", BOLOGNA, code=2, err='none of the keys here is an organizer of "Tre città"; choose one with --key:\n.*--key eve\n.*--key mallory')
    again = bologna("again")[0]
    again("declare", "--title", "x", "--rule", BOLOGNA, code=2, err='several keys here are an organizer of "Tre città"; choose one with --key:\n.*--key anna\n.*bela\n.*chidi$')


@test
def of_a_file_with_two_versions_of_one_step_one_is_signed_however_fast_one_answers():
    question = "Sign this record[?] Type yes to go on: "
    for is_asked in (False, True):
        tocsin, uid = bologna(f"both{is_asked:d}")
        for title, key in (("Early", "anna"), ("Late", "chidi")):
            tocsin("amend", uid, "--title", title, "--key", key, "--yes")
        tocsin("show", uid, "--out", f"both{is_asked:d}.txt")
        words = ["join", f"both{is_asked:d}.txt", "--key", "bela"]
        refused = "not signed: you have signed .*claims the same step(.|\\n)*1 signed, 1 declined"
        if is_asked:
            seen = ask_at_terminal([*words, "--at", NOW], tocsin.env, [(question, "yes")], code=1)
            assert "1 signed, 1 declined" in seen, seen
        else:
            tocsin(*words, "--yes", code=1, err=refused)
        assert tocsin.status(uid) == "confirmed"


@test
def what_another_outvotes_is_not_asked_about_and_what_is_in_force_not_contested():
    """The rival alone, then with the amendment that outvotes it: yes to all contests nothing."""
    tocsin, uid = bologna()
    early = tocsin("amend", uid, "--title", "Early", "--key", "anna", "--yes").strip()
    late = tocsin("amend", uid, "--title", "Late", "--key", "chidi", "--yes").strip()
    tocsin("cosign", late, "--key", "bela", "--yes")
    still = f"still open: {early[:16]}.* signed by anna; do not sign it; .*one more amendment outvotes it$"
    tocsin("show", uid, out=f"^{still}")
    tocsin("status", out=f"^  {early[:16]}  amendment  .Early.: signed by anna, 1 of 2$")
    tocsin("show", uid, "--out", "one.txt")
    tocsin("join", "one.txt", "--key", "bela", "--yes", code=1, err=f"{early[:16]}: not signed: ")
    next_ = tocsin("amend", uid, "--key", "chidi", "--yes").strip()
    cancel = tocsin("cancel", uid, "--reason", "Storm", "--key", "chidi", "--yes").strip()
    tocsin("show", uid, "--out", "all.txt")
    seen = ask_at_terminal(["join", "all.txt", "--key", "bela", "--at", NOW], tocsin.env, [("Sign this record[?] Type yes to go on: ", "no"), ("Sign this record[?] Type yes to go on: ", "yes")], code=1)
    assert "1 signed, 1 declined" in seen and f"{early[:16]} is not asked about: {next_[:16]}" in seen, seen
    assert seen.index(cancel) < seen.index(next_)  # the cancellation first
    assert "still open" not in tocsin("show", uid)
    assert tocsin.status(uid) == "confirmed"


run()
