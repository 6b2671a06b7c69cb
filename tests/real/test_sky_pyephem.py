"""PyEphem (libastro: VSOP87 and Moshier's Moon, its own deltaT) agrees with tocsin sky on phases, rise, set,
twilight and noon within its own accuracy."""
import datetime
import os
import random
import subprocess
import sys

try:
    import ephem
except ImportError as missing:
    print(f"skipped: {missing} (apt-get install python3-ephem)")
    sys.exit(77)

TOCSIN = os.environ["TOCSIN_BIN"] + "/tocsin"
seed = int(os.environ.get("TOCSIN_SEED", "20261123"))
print("seed", seed)
random.seed(seed)


def sky(*options):
    done = subprocess.run([TOCSIN, "sky", "--format", "tsv", *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines()[1:]:
        utc, tt_jd, kind, detail, error_s = line.split("\t")
        when = datetime.datetime.strptime(utc, "%Y-%m-%dT%H:%M:%S.%fZ")
        yield when, float(tt_jd), kind, detail, float(error_s)


def seconds(a, b):
    return (ephem.Date(a) - ephem.Date(b)) * 86400


# Phases in TT, so that the two deltaT do not count: PyEphem's worst over two centuries is 2.7 s.
following = {
    "new-moon": ephem.next_new_moon,
    "first-quarter": ephem.next_first_quarter_moon,
    "full-moon": ephem.next_full_moon,
    "last-quarter": ephem.next_last_quarter_moon,
}
worst, count = 0.0, 0
for year in (1905, 1938, 1969, 2000, 2026, 2061, 2095):
    for _, tt_jd, kind, _, _ in sky("--from", f"{year}-01-01", "--to", f"{year + 1}-01-01", "--kind", ",".join(following)):
        near = ephem.Date(tt_jd - 2415020)
        found = following[kind](near - 2)
        theirs = float(found) + ephem.delta_t(found) / 86400
        worst, count = max(worst, abs(theirs - float(near)) * 86400), count + 1
print(f"{count} phases: at most {worst:.2f} s")
assert count > 340 and worst < 2.8, (count, worst)

# A place's day.  Upper limb at -34', or the centre at the twilights' depth, no pressure: our definition.
DEPTH = {"sun": "-0:34", "moo": "-0:34", "civ": "-6", "nau": "-12", "ast": "-18"}
KINDS = (
    "sunrise,sunset,civil-dawn,civil-dusk,nautical-dawn,nautical-dusk,astronomical-dawn,astronomical-dusk,"
    "moonrise,moonset,noon"
)
worst, count = {}, 0
for _ in range(12):
    latitude, longitude = random.uniform(-60, 60), random.uniform(-180, 180)
    day = datetime.date(1975, 1, 1) + datetime.timedelta(days=random.randrange(50 * 365))
    until = day + datetime.timedelta(days=3)
    options = ("--from", str(day), "--to", str(until), f"--place={latitude:.6f},{longitude:.6f}", "--kind", KINDS)
    for when, _, kind, _, error_s in sky(*options):
        if error_s > 3:  # a twilight that barely happens: seconds mean nothing
            continue
        here = ephem.Observer()
        here.lat, here.lon, here.pressure, here.elevation = str(latitude), str(longitude), 0, 0
        here.date = ephem.Date(when) - 0.04
        body = ephem.Moon() if kind.startswith("moon") else ephem.Sun()
        if kind == "noon":
            found = here.next_transit(body)
        else:
            here.horizon = DEPTH[kind[:3]]
            ask = here.next_rising if kind.endswith(("rise", "dawn")) else here.next_setting
            found = ask(body, use_center=kind[:3] in ("civ", "nau", "ast"))
        off = abs(seconds(found, ephem.Date(when)))
        worst[kind] = max(worst.get(kind, 0), off)
        count += 1
for kind, off in sorted(worst.items()):
    print(f"{kind}: at most {off:.2f} s")
assert count > 250, count
# PyEphem iterates to about half a second at these latitudes, more where the path is flat.
assert all(off < (5 if kind.startswith("moon") else 4) for kind, off in worst.items()), worst
