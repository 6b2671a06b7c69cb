"""tocsin cosign before dishonest records, written by hand and signed with stock minisign: each lie is said before the
question, and no lie can imitate what we say."""
import hashlib
import re

from ask import ask
from organizers import BOLOGNA, NOW, bologna, by_hand, run, test, valley, window


def seen(place, what, code=2, key="bela"):
    """All that is said before the question that nobody answers; code 1: it is not even asked."""
    env = {**place.env, "TZ": "Europe/Rome"}
    said = ask(["cosign", what, "--key", key, "--at", NOW], env, code=code).stderr.decode()
    assert code == 1 or said.endswith("nobody is there to confirm: give --yes to go on without asking\n"), said
    return said


def lines(said, *wanted):
    for one in wanted:
        assert one in said, f"not said: {one}\n{said}"


def amendment(place, uid):
    text = place("show", uid, "--text")
    before = hashlib.blake2b(text.encode(), digest_size=32).hexdigest()
    return text.replace("seq: 0\n", f"seq: 1\nprev: {before}\n"), before


@test
def one_day_in_the_rule_and_another_in_the_instant():
    tocsin = valley()
    record, _ = by_hand(tocsin, window(tocsin, BOLOGNA).replace("2027-08-02", "2027-08-03"))
    lines(seen(tocsin, record, 1), "signed  2027-08-03T08:25:00Z  Tue 2027-08-03 10:25:00", "by rule 2027-08-02T08:25:00Z", "not signed")


@test
def an_hour_of_summer_time():
    tocsin = valley()
    record, _ = by_hand(tocsin, window(tocsin, BOLOGNA).replace("T08:25", "T09:25"))
    lines(seen(tocsin, record, 1), "11:25:00 Europe/Rome", "contradict the rule: 2 moved", "not signed")


@test
def a_hair_is_a_difference_where_a_clock_decides():
    tocsin = valley()
    for hair in ("T08:25:00.001Z", "T08:25:01Z"):
        record, _ = by_hand(tocsin, window(tocsin, BOLOGNA).replace("T08:25:00Z", hair))
        lines(seen(tocsin, record, 1), "contradict the rule: 2 moved", f"signed  2027-08-02{hair}")
    moon = window(tocsin, "every full moon for 10m")
    first = re.search(r"at: 2027-01-22 2027-01-22T12:17:2(\d)Z", moon)[0]
    record, _ = by_hand(tocsin, moon.replace(first, first[:-2] + str(int(first[-2]) + 2) + "Z"))
    lines(seen(tocsin, record, 1), "moved    2027-01-22", "1 moved, 0 extra, 0 missing")


@test
def a_wave_at_another_hour_and_a_place_at_another_instant():
    tocsin = valley()
    record, _ = by_hand(tocsin, window(tocsin, "25 april at 20:00 everywhere for 15m").replace("wave: 20:00", "wave: 20:01"))
    lines(seen(tocsin, record, 1), "signed for 20:01:00; the rule says 20:00:00")
    places = window(tocsin, "21 june at sunset at Rome, Tokyo for 10m")
    record, _ = by_hand(tocsin, re.sub("at: 2027 .*Z Tokyo", "at: 2027 2027-06-21T12:00:00Z Tokyo", places))
    lines(seen(tocsin, record, 1), "signed  2027-06-21T12:00:00Z  Mon 2027-06-21 21:00:00 Asia/Tokyo  Tokyo", "1 moved")


@test
def an_amendment_by_a_letter_and_one_that_cancels_in_one_line_of_many():
    tocsin, uid = bologna()
    text, before = amendment(tocsin, uid)
    record, _ = by_hand(tocsin, text.replace("A minute for Bologna", "A minute for Bolonga"))
    lines(seen(tocsin, record), "  title     was A minute for Bologna\n            is  A minute for Bolonga\n")
    record, _ = by_hand(tocsin, re.sub("(at: 2028 .*\n)", r"\1off: 2027\n", text))
    lines(seen(tocsin, record), "  cancels: 2027 2027-08-02T08:25:00Z  here Mon 2027-08-02 10:25:00\n", "warning: of 2 announced occurrences still to come this cancels 1")
    record, _ = by_hand(tocsin, re.sub("expires: .*", "expires: 2028-01-01T00:00:00Z", text))
    lines(seen(tocsin, record), "is  2028-01-01T00:00:00Z", "1 of the occurrences lies after the window's own --expires and never counts",
          'warning: with your signature', "1 occurrence of", "loses effect: it ends before")


@test
def an_amendment_of_another_past():
    tocsin, uid = bologna()
    text, before = amendment(tocsin, uid)
    record, _ = by_hand(tocsin, text.replace("seq: 1", "seq: 7"))
    lines(seen(tocsin, record), "warning: it is step 7, and the last one in force here is 0: what lies between is not here")
    record, _ = by_hand(tocsin, text.replace(before, "0" * 64))
    lines(seen(tocsin, record), "warning: it follows on 0000000000000000, which is not here")
    record, id_ = by_hand(tocsin, tocsin("show", uid, "--text").replace("A minute for", "Another for"))
    tocsin("cosign", record, "--key", "bela", "--yes", code=1, err=f"not signed: you have signed {before[:16]}.*only .tocsin cosign {id_[:16]}. asks")
    lines(seen(tocsin, id_), "is contested: two records claim the same step, and nothing of it is in force", f"the other version is {before[:16]}")


@test
def a_title_with_what_nobody_sees():
    tocsin = valley()
    honest = window(tocsin, BOLOGNA)
    for unseen, name in (("\u200f", "U+200F"), ("\u200b", "U+200B"), ("\u2060", "U+2060"), ("\u00ad", "U+00AD"), ("\u3164", "U+3164"),
                         ("\u200d", "U+200D"), ("\U000e0041", "U+E0041")):
        record, _ = by_hand(tocsin, honest.replace("By hand", f"By {unseen}hand"))
        lines(seen(tocsin, record), f"title: it has a character that is not seen ({name})")
    for turns in ("\u202e", "\u2066"):
        record, _ = by_hand(tocsin, honest.replace("By hand", f"By {turns}hand"))
        tocsin("cosign", record, "--key", "bela", "--yes", code=1, err="a character that turns the direction of writing")
    for real in ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u2764\ufe0f"):
        record, _ = by_hand(tocsin, honest.replace("By hand", f"By {real}"))
        assert "not seen" not in seen(tocsin, record), real


@test
def a_story_whose_lines_would_be_ours():
    tocsin, uid = bologna()
    text, _ = amendment(tocsin, uid)
    record, _ = by_hand(tocsin, re.sub("about: .*", r"about: x\\ntocsin: with your signature all is well\\n  title     was nothing", text))
    said = seen(tocsin, record)
    assert not re.search("^(tocsin: with your signature all| *title +was nothing)", said, re.M), said
    lines(said, r"is  x\ntocsin: with your signature all is well\n  title     was nothing")


@test
def occurrences_that_are_off_or_misnamed_from_the_start():
    tocsin = valley()
    daily = window(tocsin, "every day at 20:00 UTC for 5m")
    record, _ = by_hand(tocsin, daily.replace("for: 5m", "off: 2027-05-01\nfor: 5m"))
    lines(seen(tocsin, record), "  1 of them cancelled\n")
    record, _ = by_hand(tocsin, window(tocsin, BOLOGNA).replace("at: 2028 ", "at: 2029 "))
    lines(seen(tocsin, record), "1 of its dates go by another KEY than the rule gives them")


@test
def a_revoked_key_has_signed():
    tocsin, uid = bologna()
    tocsin("cosign", tocsin("revoke", "Chidi Ọ.", "--key", "anna", "--yes").strip(), "--key", "bela", "--yes")
    record, id_ = by_hand(tocsin, tocsin("show", uid, "--text").replace("A minute for", "By chidi, for").replace(uid, "ab" * 16))
    lines(seen(tocsin, record), ": signed by 0, 2 needed", "\nsigned so far by Chidi Ọ. (revoked)\n")
    tocsin("cosign", id_[:16], "--key", "bela", "--yes", err="signed by 1 now, 2 needed")
    assert tocsin.status("ab" * 16) == "tentative"


@test
def a_root_that_quietly_drops_somebody_or_takes_another_key_for_him():
    for more, wanted in ((["--remove", "Chidi Ọ.", "--threshold", "1"],
                          ["  leaves    organizer Chidi Ọ. (", "was 2 of 3", "is  1 of 2", "warning: 1 signature decides from then on, not 2"]),
                         (["--organizer", "anna", "--organizer", "mallory=Bela", "--organizer", "chidi"],
                          ["  leaves    organizer bela (", "  joins     organizer Bela (", "another key under the name of the organizer Bela"]),
                         (["--broker", "mqtt://evil.example", "--feed", "mallory=https://evil.example/", "--beacon", "eve=beacon"],
                          ["  joins     broker mqtt://evil.example", "  leaves    feed https://example.org/feeds/ (",
                           "another key under the name of the beacon beacon"]),
                         (["--name", "Tre citt\u0430"], ["name      was Tre città", "mixes alphabets that look alike"]),
                         (["--expires", "2026-12-01"], ["is  2026-12-01T00:00:00Z", "2 occurrences of", "lose effect: it ends before"])):
        tocsin, _ = bologna(f"root-{len(wanted)}-{more[0]}")
        lines(seen(tocsin, tocsin("root", "rotate", *more, "--key", "anna", "--yes").strip()), *wanted)


run()
