"""tocsin sky for one year, everything, with and without a place: the whole program from its start to its end, beside a
start that does nothing.  Wall and processor time of 60 runs each; on a busy machine the least is the one to read."""
import os
import resource
import subprocess
import time

TOCSIN = os.environ["TOCSIN_BIN"] + "/tocsin"
YEAR = ("sky", "--from", "2027-01-01", "--to", "2028-01-01", "--format")
RUNS = 60


def spent():
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime


for title, words in (
    ("start only (--version)", ("--version",)),
    ("a year", (*YEAR, "tsv")),
    ("a year at 44.49 N, tsv", (*YEAR, "tsv", "--place", "44.49,11.34")),
    ("a year at 44.49 N, table", (*YEAR, "table", "--place", "44.49,11.34")),
    ("a year at 69.65 N, tsv", (*YEAR, "tsv", "--place", "69.65,18.96")),
):
    wall, cpu = [], []
    for _ in range(RUNS):
        cpu_before, wall_before = spent(), time.perf_counter()
        done = subprocess.run([TOCSIN, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wall.append(1e3 * (time.perf_counter() - wall_before))
        cpu.append(1e3 * (spent() - cpu_before))
        assert done.returncode == 0, words
    print(f"{title:26} wall least {min(wall):5.1f} ms, median {sorted(wall)[RUNS // 2]:5.1f} ms; "
          f"processor least {min(cpu):5.1f} ms   (goal: 20 ms)")
