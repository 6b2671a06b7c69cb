"""tocsin dates: the shipped catalogue is sound, is found, is told, and is declared from; what is wrong with a file is told."""
import json
import os
import pathlib
import re
import subprocess

from ask import ask_at_terminal

TOCSIN = os.environ["TOCSIN_BIN"] + "/tocsin"
SOURCE = pathlib.Path(os.environ["TOCSIN_SOURCE"])
FILES = sorted((SOURCE / "calendars").glob("*/*.txt"))
ENV = {"PATH": "/usr/bin:/bin", "HOME": os.getcwd(), "LANG": "C.UTF-8"}


def tocsin(*words, code=0, says=None):
    done = subprocess.run([TOCSIN, *words, "--at", "2027-01-01T00:00:00Z"], capture_output=True, text=True, env=ENV,
                          stdin=subprocess.DEVNULL)
    assert code is None or done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    assert says is None or re.search(says, done.stderr), (says, done.stderr)
    return done.stdout


def the_catalogue_is_sound():
    own, of_files = tocsin("dates", "--check"), tocsin("dates", "--check", *map(str, FILES))
    assert own == of_files, (own, of_files)
    dates, sources, languages = map(int, re.match(r"(\d+) dates with (\d+) sources and names in (\d+) languages\n", own).groups())
    assert dates >= 120 and sources >= 2 * dates and languages >= 12, own
    least = {"africa": 15, "asia": 15, "europe": 15, "north-america": 15, "south-america": 15, "oceania": 6}
    for continent, count in re.findall(r"([a-z-]+) (\d+)", own.splitlines()[1]):
        assert int(count) >= least.get(continent, 0), own
    ids = re.findall(r"^id: (.*)$", "".join(file.read_text() for file in FILES), re.M)
    assert len(ids) == dates == len(set(ids))


def every_date_is_listed_once_a_year_and_told():
    rows = [line.split("\t") for line in tocsin("dates", "--format", "tsv").splitlines()]
    assert rows[0] == ["date", "id", "tone", "place", "name"], rows[0]
    listed = [row[1] for row in rows[1:]]
    assert len(listed) == len(set(listed)) and [row[0] for row in rows[1:]] == sorted(row[0] for row in rows[1:])
    for row in rows[1:]:
        told = tocsin("dates", row[1])
        for part in (row[4], f"\nnext       {row[0]}\n", f"\ntone       {row[2]}\n", "\nWhat happened\n", "\nSources\n"):
            assert part in told, (row, told)
        story = told.split("\nWhat happened\n")[1].split("\nSources\n")[0]
        assert all(len(line) <= 80 for line in story.splitlines()), told
    sources = json.loads(tocsin("dates", "srebrenica", "--format", "json"))
    assert len(sources) >= 2 and all(source["kind"] and source["where"] and source["says"] for source in sources), sources


def ids(*words, code=0):
    return [line.split("\t")[1] for line in tocsin("dates", *words, "--format", "tsv", code=code).splitlines()[1:]]


def dates_are_found():
    assert "setif" in ids("sétif", "1945") and "setif" in ids("SETIF", "8 May")
    assert ids("no such word anywhere", code=1) == []
    assert "hiroshima" in ids("--tag", "nuclear", "--tone", "mourning") and not set(ids("--tag", "nuclear")) & {"bologna"}
    assert {"parihaka", "mabo-day"} <= set(ids("--place", "oceania")) and "bologna" not in ids("--place", "oceania")
    assert "bologna" in ids("--place", "italy") and "bologna" in ids("--near", "Milan") and "bologna" not in ids("--near", "Sydney", code=None)
    assert ids("--from", "2027-08-01", "--to", "2027-08-03") and "bologna" in ids("--from", "2027-08-01", "--to", "2027-08-03")
    assert "Strage di Bologna" in tocsin("dates", "bologna", "station", "--lang", "it")
    tocsin("dates", "--near", "Xyzzyville", code=2, says="no place")
    tocsin("dates", "--tone", "sad", code=2, says="mourning, vigil")
    tocsin("dates", "--from", "2027-02-01", "--to", "2027-01-01", code=2, says="--to lies before --from")


def what_can_be_asked_for_is_listed():
    """The counts are those of the files, and what nobody has is told with what is near."""
    rows = [line.split("\t") for line in tocsin("dates", "--tags", "--format", "tsv").splitlines()]
    assert rows[0] == ["kind", "word", "dates", "name"], rows[0]
    listed = {(row[0], row[1]): int(row[2]) for row in rows[1:]}
    text = "".join(file.read_text() for file in FILES)
    for kind in ("tag", "continent"):
        words = re.findall(rf"^{kind}: (.*)$", text, re.M)
        assert {word: words.count(word) for word in words} == {word: n for (k, word), n in listed.items() if k == kind}, kind
    for language in set(re.findall(r"^name\.(\S+): ", text, re.M)):
        assert listed["language", language] == len(ids("--lang", language)), language
    assert [row[3] for row in rows if row[:2] == ["language", "arn"]] == ["Mapuche"]
    for option, word, says in (("--tag", "womens", 'did you mean "women"'), ("--tag", "xyzzy", "tocsin dates --tags"),
                               ("--place", "Itly", 'did you mean "Italy"'), ("--place", "ocenia", 'did you mean "oceania"'),
                               ("--lang", "italian", 'did you mean "it"'), ("--lang", "germn", 'did you mean "de"')):
        tocsin("dates", option, word, code=2, says=says)
    assert "lidice" in ids("--near", "Prague") and "position   16.97,-88.23" in tocsin("dates", "garifuna")


def what_is_wrong_is_told():
    good = (SOURCE / "calendars/europe/italy.txt").read_text()
    first = good.split("\n\n")[1]
    for name, text, says in (
            ("one-source", re.sub(r"(?s)(source: .*?says: [^\n]*\n).*", r"\1", first + "\n"), "one-source:1:1: one source: two are needed"),
            ("weak", re.sub("source: (statute|un|archive|court|museum|scholarly) ", "source: press ", first), "weak:1:1: no source of the strong"),
            ("no-rule", re.sub("rule: .*", "rule: 31 june", first), r"no-rule:\d+:7: "),
            ("language", first.replace("name.it", "name.qzz"), r"language:\d+:6: name\.qzz: no language"),
            ("not-nfc", first.replace("what: ", "what: e\u0301 "), r"not-nfc:\d+:8: not in Unicode's composed form"),
            ("silent", re.sub("since: .*\n", "", first), "silent:1:1: no line \"since: \""),
            ("twice", first + "\n\n" + first, "the id \".*\" is that of twice:1"),
            ("bare", re.sub("place: .*", "place: 50.14,14.20", first), r"bare:\d+:8: place: a name, and a position in parentheses"),
            ("nowhere", re.sub("place: .*", "place: Lidice (500,14.20)", first), r"nowhere:\d+:16: place: "),
            ("never", re.sub("rule: .*", "rule: 2 june 1946", first), r"never:\d+:7: never in the next 50 years")):
        pathlib.Path(name).write_text(text)
        tocsin("dates", "--check", name, code=1, says=says)
    for alone in (["--tags", "--tone", "vigil"], ["--tags", "may"], ["--tags", "--check"], ["--check", "x", "--from", "2027-01-01"]):
        tocsin("dates", *alone, code=2, says=f"{alone[0]} is of all dates")
    tocsin("dates", "--check", "not-there", code=3, says="not-there")
    pathlib.Path("large").write_bytes(b"\n" * (2 << 20))
    tocsin("dates", "--check", "large", code=3, says="large")
    tocsin("dates", "zzzz", code=1, says='no date for "zzzz" in the catalogue; "tocsin dates" lists them all$')


def a_date_is_declared():
    tocsin("key", "new", "anna", "--unsealed")
    tocsin("root", "new", "We remember", "--organizer", "anna", "--threshold", "1", "--key", "anna", "--yes")
    uid = tocsin("declare", "--date", "bologna", "--key", "anna", "--yes").strip()
    told = tocsin("show", uid, "--text")
    for line in ("title: Massacre at Bologna Station", "title.it: Strage di Bologna", "tone: mourning",
                 "rule: 2 august at 10:25 in Europe/Rome for 1m"):
        assert f"\n{line}\n" in told, told
    other = tocsin("declare", "--date", "bologna", "--title", "Ours", "--tone", "vigil", "--key", "anna", "--yes").strip()
    told = tocsin("show", other, "--text")
    assert "\ntitle: Ours\n" in told and "title.it" not in told and "\ntone: vigil\n" in told, told
    tocsin("declare", "--date", "lidice", "--key", "anna", "--yes", says="the date has no hour")
    tocsin("declare", "--date", "lidice", "--for", "1m", "--key", "anna", "--yes", code=2, says="a rule of whole days an hour")
    tocsin("declare", "--date", "no-such-date", "--key", "anna", "--yes", code=1, says='no date "no-such-date"')
    tocsin("declare", "--title", "A feast", "--rule", "2 august at 20:00 in Europe/Rome for 1h", "--tone", "celebration", "--key", "anna",
           "--yes", says="day of mourning, and this is a celebration: Massacre at Bologna Station")


def a_date_is_told_in_the_columns_that_there_are():
    for columns in (40, 80):
        seen = ask_at_terminal(["dates", "bologna", "--at", "2027-01-01"], {**ENV, "NO_COLOR": "1"}, [], columns=columns).splitlines()
        wide = [line for line in seen if len(line) > columns and not line.strip().startswith("http")]
        assert not wide, (columns, wide)
        assert " ".join(" ".join(seen).split()) == " ".join(tocsin("dates", "bologna").split())
    for words in (["dates", "--tag", "workers"], ["best", "--place", "all"]):
        seen = ask_at_terminal([*words, "--at", "2027-01-01"], {**ENV, "NO_COLOR": "1"}, [], columns=80).splitlines()
        assert len(seen) > 5 and max(map(len, seen)) <= 80, (words, seen)


the_catalogue_is_sound()
every_date_is_listed_once_a_year_and_told()
dates_are_found()
what_can_be_asked_for_is_listed()
what_is_wrong_is_told()
a_date_is_declared()
a_date_is_told_in_the_columns_that_there_are()
