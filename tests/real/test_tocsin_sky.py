"""The command tocsin sky: its columns, formats, kinds, notes and refusals."""
import json
import os
import subprocess

TOCSIN = os.environ["TOCSIN_BIN"] + "/tocsin"


def sky(*words, code=0, says=None):
    done = subprocess.run([TOCSIN, "sky", *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == code, (words, done.returncode, done.stderr)
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

# South and west, as two words or one.
for option in (("--place", "-33.87,-70.6"), ("--place=-33.87,-70.6,500",)):
    assert "sunrise" in sky("--from", "2026-01-01", "--to", "2026-01-03", *option)
assert "2026-01-01" in sky("--at", "2026-01-01T00:00:00Z", "--kind", "noon", "--place", "0,0")

sky("--from", "2026-05-01", "--to", "2026-08-01", "--place", "69.65,18.96", "--kind", "sunset", says="polar day")
sky("--from", "2026-11-01", "--to", "2027-02-01", "--place", "69.65,18.96", "--kind", "sunset", says="polar night")
sky("--from", "1900-01-01", "--to", "1900-02-01", says="UT1")
sky("--from", "2099-01-01", "--to", "2099-02-01", says="leap seconds")
assert sky("--from", "2026-01-01", "--to", "2026-01-02", "--kind", "march-equinox", "--format", "tsv", code=1).startswith("utc")

for words, says in (
    (("--from", "1699-12-31"), "1700"),
    (("--to", "2250-01-01"), "2249"),
    (("--from", "2026-02-30"), "--from"),
    (("--from", "2027-01-01", "--to", "2026-01-01"), "before"),
    (("--place", "91,0"), "latitude"),
    (("--place", "nan,0"), "latitude"),
    (("--place", "0,181"), "longitude"),
    (("--place", "0"), "LAT,LON"),
    (("--place", "1,2,3,4"), "LAT,LON"),
    (("--place", "1,2,"), "LAT,LON"),
    (("--place", ""), "LAT,LON"),
    (("--kind", "full-mon"), "full-moon"),
    (("--kind", "sunrise"), "--place"),
    (("--format", "xml"), "--format"),
    (("tomorrow",), "--from"),
):
    assert sky(*words, code=2, says=says) == "", words
print("tocsin sky: all as it should be")
