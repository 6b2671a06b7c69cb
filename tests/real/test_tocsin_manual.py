"""The examples of tocsin(1) do what the page says, in order, from an empty folder; the page is sound mdoc;
each command has its place there and a test of its own."""
import os
import pathlib
import re
import shutil
import subprocess

from pace import patience

page = pathlib.Path(os.environ["TOCSIN_SOURCE"]) / "clients/tocsin/tocsin.1"
if shutil.which("mandoc"):
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True)
    assert lint.returncode == 0, lint.stdout + lint.stderr
examples = re.findall(r"^\$ (.*)$", page.read_text(), re.M)
assert len(examples) >= 15, examples
script = "set -euo pipefail\n" + "\n".join(f"echo '+ example {n}' >&2\n{line}" for n, line in enumerate(examples, 1))
env = {"PATH": os.environ["TOCSIN_BIN"] + ":/usr/bin:/bin", "HOME": os.getcwd(), "LANG": "C.UTF-8"}
done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=env, stdin=subprocess.DEVNULL, timeout=patience(120))
assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
for expected in ("threshold  2 of 3", "A minute for Bologna", "confirmed", "good", "off"):
    assert expected in done.stdout, f"not found: {expected}\n{done.stdout}"
commands = subprocess.run(["tocsin", "--help"], capture_output=True, text=True, env=env, check=True).stdout
for name in re.findall(r"^  ([a-z]+) ", commands, re.M):
    assert re.search(rf"^\.It Ic {name}\b", page.read_text(), re.M), f"tocsin {name} is not in the page"
    has_test = pathlib.Path(os.environ["TOCSIN_SOURCE"], f"tests/real/commands/test_{name}.py").exists()
    assert has_test or name in ("export", "serve"), f"tocsin {name} has no test_{name}.py"  # theirs is test_serve.sh
print(f"{len(examples)} examples ran")
