#!/usr/bin/env python3
"""Writes scheduler/core/sky/sun_table.c: the Earth-Moon barycentre around the Sun as sums of sines.

    ./de431_samples 2337000 2547000 10 > de431.txt             # see de431_samples.c
    ./de405_samples.py 2437000 2473400 10 > de405.txt
    npm pack astronomia@4.2.0 && tar xzf astronomia-4.2.0.tgz
    make_sun_table.py de431.txt de405.txt package/data/vsop87Bearth.js > sun_table.c

The frequencies are those that P. Bretagnon and G. Francou found ("Planetary theories in rectangular
and spherical variables. VSOP87 solutions", Astronomy & Astrophysics 202 (1988) 309), as the npm
package astronomia 4.2.0 (MIT) ships them.  The amplitudes and phases are fitted by least squares to
JPL DE431 as the Swiss Ephemeris' CC0 files hold it, over 1686 to 2261 WITHOUT 2000 to 2049.  Those
fifty years are fitted to another ephemeris, JPL DE405 (public domain), led to DE431 by the mean
difference of the two outside of them.  So tests/golden/sky, which was computed from DE431 in those
years, was not fitted to and judges the fit.

Prints the residuals of both parts on standard error.  Needs Debian's python3-numpy.
"""
import json
import re
import sys

import numpy as np

ARCSECOND = np.pi / 648000
HELD_OUT = (2451544.5, 2469807.5)  # 2000-01-01 to 2050-01-01
REACH = 0.3  # millennia
LEAST = {"L": 0.4e-9, "B": 1.2e-9, "R": 2.5e-9}  # radians, radians, au
MONTHLY = 60000.0  # radians a millennium: faster terms are the Moon's
SHARE, FLOOR, NOISE = 1e-2, 1e-8, 5e-9  # expected corrections: relative, absolute; and their noise
ROUGH = {"L": 2e-7, "B": 2e-7, "R": 1e-6}
LANES = 4
POWERS = 5
LINES = 60


def load_vsop(path, key):
    """Rows (power, frequency, cosine, sine); the Earth's monthly swing about the barycentre left out."""
    text = open(path).read()
    body = text[text.index("{") : text.rindex("}") + 1]
    body = re.sub(r"(?m)^(\s*)([A-Za-z]\w*):", r'\1"\2":', body)
    data = json.loads(re.sub(r",(\s*[\]}])", r"\1", body))[key]
    return [
        (int(power), f, a * np.cos(phase), -a * np.sin(phase))
        for power, rows in data.items()
        for a, phase, f in rows
        if f < MONTHLY
    ]


def vsop_value(t, rows):
    total = np.zeros_like(t)
    for power, f, c, s in rows:
        total += t**power * (c * np.cos(f * t) + s * np.sin(f * t))
    return total


def design(t, degree, terms):
    columns = [(t / REACH) ** k for k in range(degree + 1)]
    for power, f, _, _ in terms:
        scale = (t / REACH) ** power
        columns += [scale * np.cos(f * t), scale * np.sin(f * t)]
    return np.stack(columns, axis=1)


def fit(t, y, degree, terms):
    """Corrections to the terms; what these years cannot tell apart stays as VSOP87 has it."""
    n = degree + 1 + 2 * len(terms)
    normal, right = np.zeros((n, n)), np.zeros(n)
    for part in np.array_split(np.arange(len(t)), 20):
        m = design(t[part], degree, terms)
        normal += m.T @ m
        right += m.T @ y[part]
    expected = np.repeat([SHARE * np.hypot(c, s) * REACH**p + FLOOR for p, _, c, s in terms], 2)
    normal[np.diag_indices(n)] += np.concatenate([np.zeros(degree + 1), (NOISE / expected) ** 2])
    return np.linalg.solve(normal, right)


def value(t, solution, degree, terms):
    return np.concatenate([design(p, degree, terms) @ solution for p in np.array_split(t, 20)])


def strongest_lines(t, y, count):
    """Frequencies left in y, evenly sampled: what asteroids do, which VSOP87 does not know."""
    lines, step = [], t[1] - t[0]
    window, size = np.hanning(len(t)), 8 * len(t)
    frequency = 2 * np.pi * np.fft.rfftfreq(size, step)
    for _ in range(count):
        spectrum = abs(np.fft.rfft(y * window, size))
        spectrum[frequency < 20] = 0
        f = frequency[spectrum.argmax()]
        m = np.stack([np.cos(f * t), np.sin(f * t)], axis=1)
        y = y - m @ np.linalg.lstsq(m, y, rcond=None)[0]
        lines.append((0, f, 0.0, 0.0))
    return lines


def number(x, slack):
    for digits in range(0, 17):
        text = f"{x:.{digits}f}"
        if abs(float(text) - x) <= slack:
            break
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = re.sub(r"^(-?)0\.", r"\1.", text) if text not in ("0", "-0") else "0"
    return text if "." in text else text + "."


def spherical(jd, icrs, to_icrs):
    """Longitude less its mean, latitude, distance."""
    emb = icrs @ to_icrs
    t = (jd - 2451545.0) / 365250
    r = np.sqrt((emb**2).sum(axis=1))
    longitude = np.arctan2(emb[:, 1], emb[:, 0]) - (1.75347045673 + 6283.0758499914 * t)
    longitude = np.remainder(longitude + np.pi, 2 * np.pi) - np.pi
    return {"L": longitude, "B": np.arcsin(emb[:, 2] / r), "R": r}


def main(samples_path, other_path, vsop_path):
    data, other = np.loadtxt(samples_path), np.loadtxt(other_path)
    jd = data[:, 0]
    eps, psi = 84381.4091 * ARCSECOND, 0.0475 * ARCSECOND  # as frame_j2000_to_icrs
    ce, se, cp, sp = np.cos(eps), np.sin(eps), np.cos(psi), np.sin(psi)
    to_icrs = np.array([[cp, sp, 0], [-sp, cp, 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [0, ce, -se], [0, se, ce]])
    held = (jd >= HELD_OUT[0]) & (jd < HELD_OUT[1])
    t = (jd - 2451545.0) / 365250
    series = spherical(jd, data[:, 1:4], to_icrs)
    others = spherical(other[:, 0], other[:, 1:4], to_icrs)
    common = np.searchsorted(jd, other[:, 0])
    assert (jd[common] == other[:, 0]).all(), "the two ephemerides must be sampled at the same times"
    outside = ~held[common]
    fitted = {}
    for key in series:
        difference = (others[key] - series[key][common])[outside].mean()
        fitted[key] = series[key].copy()
        fitted[key][held] = (others[key] - difference)[~outside]
        print(f"{key}: DE405 less DE431 outside the held out years: {difference:.3g}", file=sys.stderr)
    degree = {"L": 5, "B": 4, "R": 3}
    out, tables = [], []
    for key, y in series.items():
        vsop = load_vsop(vsop_path, key)
        terms = [row for row in vsop if row[1] > 0 and np.hypot(row[2], row[3]) * REACH ** row[0] >= LEAST[key] and row[0] < POWERS]
        start = degree[key] + 1
        base = vsop_value(t, vsop) - (1.75347045673 + 6283.0758499914 * t if key == "L" else 0)
        base = np.remainder(base + np.pi, 2 * np.pi) - np.pi if key != "R" else base
        solution = fit(t, fitted[key] - base, degree[key], terms)
        if key == "L":
            terms = terms + strongest_lines(t, fitted[key] - base - value(t, solution, degree[key], terms), LINES)
            solution = fit(t, fitted[key] - base, degree[key], terms)
        for p, f, c, s in vsop:
            if f == 0 and p < start:
                solution[p] += c * REACH**p
        if key == "L":
            solution[0] -= 1.75347045673
            solution[1] -= 6283.0758499914 * REACH
        for i, (p, _, c, s) in enumerate(terms):
            solution[start + 2 * i] += c * REACH**p
            solution[start + 2 * i + 1] += s * REACH**p
        error = y - value(t, solution, degree[key], terms)
        error = (np.remainder(error + np.pi, 2 * np.pi) - np.pi) / ARCSECOND if key != "R" else error / 1e-9
        for name, part in (("fitted", ~held), ("held out", held)):
            e = error[part]
            print(f"{key} {len(terms)} terms, {name}: max {abs(e).max():.5f}, rms {np.sqrt((e**2).mean()):.5f}", file=sys.stderr)
        polynomial = [solution[k] / REACH**k for k in range(start)]
        if key == "L":
            polynomial[0] += 1.75347045673
            polynomial[1] += 6283.0758499914
        rows = {p: [] for p in range(POWERS)}
        for (power, f, _, _), c, s in zip(terms, solution[start::2], solution[start + 1 :: 2]):
            a = np.hypot(c, s) / REACH**power
            slack = LEAST[key] / 60 / REACH**power
            turns = np.arctan2(c, s) / (2 * np.pi)
            phase_slack = slack / a / (2 * np.pi)
            rows[power].append(
                (a, number(a * 1e9 / 10**power, slack * 1e9 / 10**power), number(turns - np.floor(turns), phase_slack), number(f / 10 / (2 * np.pi), phase_slack / 3))
            )
        name = {"L": "longitude", "B": "latitude", "R": "distance"}[key]
        entries = []
        for power in range(POWERS):
            lines = sorted(rows[power], key=lambda row: -row[0])
            rough = sum(row[0] * REACH**power >= ROUGH[key] for row in lines) if power == 0 else 0
            lines = [row[1:] for row in lines]
            while len(lines) % LANES:
                lines.append(("0.",) * 3)
            fields = [f".count = {len(lines)}"] + ([f".rough = {-(-rough // LANES) * LANES}"] if rough else [])
            for i, column in enumerate(("amplitude", "p0", "p1")):
                text, line = "", "   "
                for v in (row[i] for row in lines):
                    if len(line) + len(v) + 2 > 100:
                        text, line = text + line + "\n", "   "
                    line += f" {v},"
                if lines:
                    out.append(f"static const double {name}{power}_{column}[{len(lines)}] = {{\n{text}{line}\n}};\n")
                    fields.append(f".{column} = {name}{power}_{column}")
            entries.append("    {" + ", ".join(fields) + "},")
        poly = [f"{float(p / 10**k)!r}" for k, p in enumerate(polynomial)]
        poly = ", ".join(poly)
        unit = "1e-9 au" if key == "R" else "1e-9 radians"
        tables.append(f"const double sun_{name}_mean[{start}] = {{{poly}}};\n")
        tables.append(f"const struct sun_series sun_{name}[{POWERS}] = {{ /* {unit} */\n" + "\n".join(entries) + "\n};\n")
    print(f"""/* Written by scheduler/core/sky/tools/make_sun_table.py: not to be edited.
 *
 * The Earth-Moon barycentre around the Sun, dynamical ecliptic and equinox of J2000.  Frequencies of
 * VSOP87 (Bretagnon & Francou 1988, through the npm package astronomia 4.2.0, MIT licence); amplitudes
 * and phases fitted to JPL DE431 in Debian's swe-standard-data (CC0) over 1686 to 2261, the years 2000
 * to 2049 held out and fitted to JPL DE405 (public domain) instead. */
#include "sky/sun_table.h"
""")
    print("/* clang-format off */")
    print("\n".join(out))
    print("\n".join(tables).rstrip("\n"))


main(*sys.argv[1:])
