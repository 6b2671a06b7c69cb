"""tocsin export --catalogue: all feeds and pages of the catalogue of memory, beside a copy of the same bytes and the limit of 3 s."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

TOCSIN = os.environ["TOCSIN_BIN"] + "/tocsin"
RUNS = 3


def took(*words):
    used, begun = os.times(), time.perf_counter()
    subprocess.run(words, check=True, env={"PATH": os.environ["PATH"], "HOME": home}, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - begun, os.times()
    return wall, after.children_user + after.children_system - used.children_user - used.children_system


with tempfile.TemporaryDirectory() as home:
    os.chdir(home)
    runs = []
    for _ in range(RUNS):
        shutil.rmtree("site", ignore_errors=True)
        shutil.rmtree("copy", ignore_errors=True)
        runs.append((took(TOCSIN, "export", "--catalogue", "site"), took("cp", "-a", "site", "copy")))
    files = [file.stat().st_size for file in pathlib.Path("site").rglob("*") if file.is_file()]
    (wall, cpu), (copy, _) = min(runs)
    print(f"{len(files)} files, {sum(files) / 1e6:.1f} MB: least {wall:.2f} s, ratio to the limit of 3 s {wall / 3:.2f}, to cp -a of them {wall / copy:.1f}; "
          f"of a processor {cpu:.2f} s")
    os.chdir("/")
