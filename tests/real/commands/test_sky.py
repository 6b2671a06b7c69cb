"""The command tocsin sky: its columns, formats, kinds, notes and refusals."""
import json
import os
import re
import subprocess

TOCSIN = os.environ["TOCSIN_BIN"] + "/tocsin"


def sky(*words, code=0, says=None):
    done = subprocess.run([TOCSIN, "sky", *words], capture_output=True, text=True)
    assert code is None or done.returncode == code, (words, done.returncode, done.stderr)
    if says is not None:
        assert says in done.stderr, (says, done.stderr)
    return done.stdout


text = sky("--from", "2027-08-01", "--to", "2027-09-01", "--format", "tsv", "--kind", "solar-eclipse,full-moon")
rows = [line.split("\t") for line in text.splitlines()]
assert rows[0] == ["utc", "tt_jd", "kind", "detail", "error_s"], rows[0]
assert [row[2] for row in rows[1:]] == ["solar-eclipse", "full-moon"], rows
# NASA's canon: 2 August 2027, greatest 10:07:50 TD, total, saros 136, gamma 0.1421, magnitude 1.0790
assert abs((float(rows[1][1]) - 2461619.5) * 86400 - (10 * 3600 + 7 * 60 + 50)) < 0.7, rows[1]
assert rows[1][0].startswith("2027-08-02T10:06:4") and rows[1][0].endswith("Z"), rows[1]
for word in ("total", "saros 136", "gamma 0.142", "magnitude 1.079"):
    assert word in rows[1][3], rows[1]
assert 0 < float(rows[1][4]) < 1, rows[1]

here = sky("--from", "2027-08-02", "--to", "2027-08-03", "--format", "json", "--place", "41.9,12.5")
events = json.loads(here)
kinds = [event["kind"] for event in events]
assert {"sunrise", "sunset", "noon", "civil-dawn", "astronomical-dusk", "moonrise", "solar-eclipse"} <= set(kinds), kinds
assert [event["utc"] for event in events] == sorted(event["utc"] for event in events)
assert "here partial" in next(e["detail"] for e in events if e["kind"] == "solar-eclipse")

# Dallas, 20 May 2012: the Sun sets while it is covered, and nothing is told of what came after.
dallas = [line.split("\t") for line in sky("--from", "2012-05-20", "--to", "2012-05-22", "--format", "tsv", "--place", "Dallas").splitlines()]
told = next(row[3] for row in dallas if row[2] == "solar-eclipse")
assert told.endswith(", sets before it ends") and "annular for" not in told, told
end = told.split(" to ")[1][:8]
assert any(row[2] == "sunset" and abs(int(row[0][17:19]) - int(end[6:])) <= 1 and row[0][11:17] == end[:6] for row in dallas), (end, dallas)

# South and west, as two words or one.
for option in (("--place", "-33.87,-70.6"), ("--place=-33.87,-70.6,500",)):
    assert "sunrise" in sky("--from", "2026-01-01", "--to", "2026-01-03", *option)
assert "2026-01-01" in sky("--at", "2026-01-01T00:00:00Z", "--kind", "noon", "--place", "0,0")

sky("--from", "2026-05-01", "--to", "2026-08-01", "--place", "69.65,18.96", "--kind", "sunset", says="polar day")
sky("--from", "2026-11-01", "--to", "2027-02-01", "--place", "69.65,18.96", "--kind", "sunset", says="polar night")
sky("--from", "1900-01-01", "--to", "1900-02-01", says="UT1")
sky("--from", "2099-01-01", "--to", "2099-02-01", says="leap seconds")
assert sky("--from", "2026-01-01", "--to", "2026-01-02", "--kind", "march-equinox", "--format", "tsv", code=1).startswith("utc")

# What is printed lies in the span, and can be asked for again: --from is in it and --to is not.
year = ("--from", "2027-01-01", "--to", "2028-01-01", "--format", "tsv")
for place in ((), ("--place", "44.49,11.34"), ("--place", "-89.9,0")):
    whole = [row.split("\t") for row in sky(*year, *place).splitlines()[1:]]
    for row in (whole[0], whole[len(whole) // 2], whole[-1]):
        stamp = row[0].rstrip("Z").rstrip("0").rstrip(".") + "Z"
        at_it = sky("--from", stamp, "--to", "2028-01-01", "--format", "tsv", *place).splitlines()[1].split("\t")
        assert at_it[0] == row[0], (at_it, row)
        before_it = [line.split("\t") for line in sky("--from", "2027-01-01", "--to", stamp, "--format", "tsv",
                                                      *place, code=None).splitlines()[1:]]
        assert before_it == [other for other in whole if other[0] < row[0]], (place, row)
    for row in whole:
        assert len(row) == 5 and all(row) and float(row[4]) > 0, row

# The details, as tocsin(1) has them.
NUMBER = r"-?\d+\.\d+"
CLOCK = r"\d\d:\d\d:\d\d"
ECLIPSE = rf"(penumbral|partial|annular|hybrid|total), saros \d+, gamma {NUMBER}, magnitude {NUMBER}"
VIEW = (rf"; (not here|below the horizon here|here (penumbral|partial) {CLOCK} to {CLOCK}, best {CLOCK}, "
        rf"altitude {NUMBER}, magnitude {NUMBER}(, obscured {NUMBER}%)?(, (annular|total) {CLOCK} to {CLOCK} for \d+ s)?"
        r"(, (sets before it ends|rises after it began))?)")
DETAIL = {"moon": r"lunation \d+", "quarter": r"lunation \d+", "equinox": "-", "solstice": "-",
          "solar-eclipse": ECLIPSE + rf", greatest at {NUMBER},{NUMBER}(, \d+ s)?({VIEW})?",
          "lunar-eclipse": ECLIPSE + rf"(, \d+ s)?({VIEW})?", "perigee": r"\d+\.\d km", "apogee": r"\d+\.\d km",
          "shower": r".+, (about \d+ an hour|rate varies)", "noon": rf"altitude {NUMBER}", "": rf"azimuth \d+\.\d"}
told = set()
for place in ((), ("--place", "41.9,12.5"), ("--place", "69.65,18.96"), ("--place", "-33.9,151.2,300")):
    for line in sky("--from", "2026-01-01", "--to", "2029-01-01", "--format", "tsv", *place).splitlines()[1:]:
        _, _, kind, detail, _ = line.split("\t")
        pattern = DETAIL.get(kind) or DETAIL.get(kind.rsplit("-", 1)[-1]) or DETAIL[""]
        assert re.fullmatch(pattern, detail), (kind, detail)
        told.add(kind)
assert len(told) == 24, told

for empty in (("--from", "2027-01-01", "--to", "2027-01-01"),
              ("--from", "2027-08-02T10:06:40.983Z", "--to", "2027-08-02T10:06:40.983Z")):
    assert sky(*empty, "--format", "tsv", code=1) == "utc\ttt_jd\tkind\tdetail\terror_s\n"
    assert json.loads(sky(*empty, "--format", "json", code=1)) == []

for words, says in (
    (("--from", "1699-12-31"), "1700"),
    (("--to", "2250-01-02"), "2249"),
    (("--from", "2026-02-30"), "--from"),
    (("--from", "2027-01-01", "--to", "2026-01-01"), "before"),
    (("--place", "91,0"), "latitude"),
    (("--place", "nan,0"), "like 44.49,11.34"),
    (("--place", "0,181"), "longitude"),
    (("--place", "0"), "like 44.49,11.34"),
    (("--place", "1,2,3,4"), "like 44.49,11.34"),
    (("--place", "1,2,"), "like 44.49,11.34"),
    (("--place", ""), "like 44.49,11.34"),
    (("--kind", "full-mon"), "full-moon"),
    (("--kind", "moon"), "which of them: new-moon full-moon moonrise moonset?"),
    (("--kind", "sunrise"), "--place"),
    (("--place", "-90.0001,0"), "latitude"),
    (("--place", "0,-181"), "longitude"),
    (("--place", "inf,0"), "inf,0"),
    (("--place", "0x10,0"), "0x10,0"),
    (("--place", "0,0,9001"), "height"),
    (("--place", "0,0,-501"), "height"),
    (("--place", "44.49N,11.34E"), "like 44.49,11.34"),
    (("--place", "44,49 11,34"), "like 44.49,11.34"),
    (("--place", "Springfield"), "Missouri"),
    (("--kind", ""), "--kind"),
    (("--kind", "full-moon,"), "--kind"),
    (("--kind", ",full-moon"), "--kind"),
    (("--kind", "FULL-MOON"), "full-moon"),
    (("--kind", "moonrize", "--place", "0,0"), "moonrise"),
    (("--from", "0000-01-01"), "1700"),
    (("--from", "2251-01-01"), "1700"),
    (("--from", "99999-01-01"), "1700"),
    (("--from", ""), "--from"),
    (("--to", "2027-13-01"), "--to"),
    (("--from", "2027-01-01T00:00:60Z"), "--from"),
    (("--format", "xml"), "--format"),
    (("tomorrow",), "--from"),
):
    assert sky(*words, code=2, says=says) == "", words
# People read weekday, local time and what fits a terminal.
table = sky("--from", "2027-08-02", "--to", "2027-08-03", "--place", "Luxor").splitlines()
assert table[0].split() == ["Africa/Cairo", "kind", "detail"], table[0]
assert any(line.startswith("Mon 2027-08-02 13:06:41  solar-eclipse") for line in table), table
assert any("total 13:02:07 to" in line for line in table) and any("Mon 2027-08-02 19:35 " in line for line in table), table
assert all(len(line) <= 80 for line in table), table
print("tocsin sky: all as it should be")
