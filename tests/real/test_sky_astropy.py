"""Astropy (its own frames, ERFA's Earth, IERS' Earth rotation) agrees with tocsin sky on the Sun's seasons and on
its altitude at rise, set and twilight."""
import os
import subprocess
import sys

try:
    import astropy.units as u
    from astropy.coordinates import AltAz, EarthLocation, GeocentricTrueEcliptic, get_sun
    from astropy.time import Time
    from astropy.utils import iers
except ImportError as missing:
    print(f"skipped: {missing} (apt-get install python3-astropy)")
    sys.exit(77)

iers.conf.auto_download = False
iers.conf.iers_degraded_accuracy = "warn"
TOCSIN = os.environ["TOCSIN_BIN"] + "/tocsin"


def sky(*options):
    done = subprocess.run([TOCSIN, "sky", "--format", "tsv", *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()[1:]]


# Seasons, TT.  ERFA's Epv00 is good to 0.45 s of them.
TARGET = {"march-equinox": 0, "june-solstice": 90, "september-equinox": 180, "december-solstice": 270}
rows = sky("--from", "1972-01-01", "--to", "2022-01-01", "--kind", ",".join(TARGET))
when = Time([float(row[1]) for row in rows], format="jd", scale="tt")


def longitude(time):
    return get_sun(time).transform_to(GeocentricTrueEcliptic(equinox=time, obstime=time)).lon.deg


here, later = longitude(when), longitude(when + 0.01 * u.day)
worst = 0.0
for row, a, b in zip(rows, here, later):
    off = (a - TARGET[row[2]] + 180) % 360 - 180
    rate = ((b - a + 180) % 360 - 180) / 864  # degrees a second
    worst = max(worst, abs(off / rate))
print(f"{len(rows)} seasons: at most {worst:.3f} s")
assert len(rows) == 200 and worst < 0.6, worst

# Altitudes within the years that Astropy's IERS table covers.
EDGE = {"civil": -6, "nautical": -12, "astronomical": -18}
KINDS = "sunrise,sunset,civil-dawn,civil-dusk,nautical-dawn,nautical-dusk,astronomical-dawn,astronomical-dusk"
for latitude, longitude_deg in ((0.0, 0.0), (44.49, 11.34), (-33.87, 151.21), (59.0, 10.75), (69.65, 18.96)):
    rows = []
    for start, end in (("1985-02-01", "1985-02-12"), ("2021-09-01", "2021-09-12")):
        rows += sky("--from", start, "--to", end, f"--place={latitude},{longitude_deg}", "--kind", KINDS)
    utc = Time([row[0][:-1] for row in rows], format="isot", scale="utc")
    place = EarthLocation.from_geodetic(longitude_deg * u.deg, latitude * u.deg, 0 * u.m)
    sun = get_sun(utc)
    seen = sun.transform_to(AltAz(obstime=utc, location=place)).alt.deg
    soon = get_sun(utc + 10 * u.s).transform_to(AltAz(obstime=utc + 10 * u.s, location=place)).alt.deg
    worst = 0.0
    for row, altitude, after, distance in zip(rows, seen, soon, sun.distance.au):
        edge = EDGE.get(row[2].split("-")[0], -34 / 60 - 959.63 / 3600 / distance)
        worst = max(worst, abs((altitude - edge) / ((after - altitude) / 10)))
    print(f"{latitude:6.2f} {longitude_deg:7.2f}: {len(rows)} crossings, at most {worst:.2f} s")
    assert len(rows) > 150 and worst < (2 if abs(latitude) < 60 else 4), worst
