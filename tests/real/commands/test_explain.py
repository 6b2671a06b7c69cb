"""tocsin explain: what a rule means, and whether a window's signed instants are what its rule says."""
import json

from ask import ask_at_terminal
from organizers import BOLOGNA, NOW, Place, bologna, run, test


@test
def a_window_is_explained():
    tocsin, uid = bologna()
    tocsin("explain", uid[:8], out="^All 2 signed instants are what the rule says here")
    tocsin("explain", "0" * 32, code=1, err="no window")
    tocsin("explain", BOLOGNA)
    rows = json.loads(tocsin("explain", uid, "--format", "json"))
    assert [r["kind"] for r in rows] == ["rule", "why", "why", "first", "agrees"], rows
    assert (rows[0]["text"], rows[3]["start"]) == (BOLOGNA, "2027-08-02T08:25:00Z"), rows
    assert {r["kind"] for r in json.loads(tocsin("explain", BOLOGNA, "--lang", "de", "--format", "json"))} == {"said", "rule", "first"}


@test
def a_rule_is_said_in_the_reader_s_language_and_read_again():
    tocsin = Place()
    rule = "4th saturday of november at 16:00 in Europe/Kyiv for 1h since 1990"
    first = {}
    for language in "en it es fr de pt pl uk ar el".split():
        said, line, first[language] = tocsin("explain", "--lang", language, rule, "--from", "2027-01-01").split("\n")[:3]
        assert line == rule and said != rule, (said, line)
        again = tocsin("explain", said, "--from", "2027-01-01").split("\n")[0]
        assert again == rule, (language, said, again)
    assert first["it"] == "→ sabato 27 novembre 2027, 16:00 Europe/Kyiv", first
    assert first["de"] == "→ Samstag, 27. November 2027, 16:00 Europe/Kyiv", first
    assert tocsin("explain", "--lang", "de", "3 may at sunset in cairo for 10m", "--from", "2027-01-01").splitlines() == [
        "3. Mai bei Sonnenuntergang in Kairo für 10 Minuten", "3 may at sunset at Cairo for 10m",
        "→ Montag, 3. Mai 2027, 19:33:30 Kairo"]
    tocsin("when", "--lang", "it", "1 may at 8 in Rome", code=2, err='può voler dire "1 maggio alle 08:00 ora di Roma"')
    tocsin("explain", "--lang", "xx", rule, code=2, err="en, it, es, fr, de, pt, pl, uk, ar or el")


@test
def its_sentences_break_at_words_on_a_terminal_and_nowhere_else():
    tocsin = Place()
    rule = "1st sunday of month at sunset at Madrid, ES, Buenos Aires for 10m"
    seen = ask_at_terminal(["explain", rule, "--at", NOW], {**tocsin.env, "NO_COLOR": "1"}, [], columns=40).splitlines()
    assert len(seen) > 6 and all(len(line) <= 40 for line in seen), seen
    assert " ".join(" ".join(seen).split()) == " ".join(tocsin("explain", rule).split())


run()
