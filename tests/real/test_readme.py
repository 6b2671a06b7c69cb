"""The commands of README.md, as they are printed there and in their order, on a machine each: three
organizers, a beacon and a site's server.  Only what a person would do is added: an answer to "go on?",
a file carried from one machine to another."""
import os
import pathlib
import re
import select
import shlex
import shutil
import subprocess
import time

from pace import patience

HERE = pathlib.Path.cwd()
README = (pathlib.Path(os.environ["TOCSIN_SOURCE"]) / "README.md").read_text()
NEEDS_YES = {("root", "new"), ("root", "trust"), ("join",), ("declare",)}


def blocks(title):
    """The indented blocks of a section, each a list of commands without their comments."""
    section = re.search(r"^## %s\n(.*?)(?=^## |\Z)" % re.escape(title), README, re.M | re.S)[1]
    for block in re.findall(r"(?:^    .*\n)+", section, re.M):
        yield [re.sub(r"\s+#.*", "", line).strip() for line in block.replace("\\\n", " ").splitlines()]


def run(machine, command, until=()):
    """What it printed; of what does not end by itself, until it has said all these."""
    home = HERE / machine
    home.mkdir(exist_ok=True)
    words = shlex.split(command.split(" >")[0])
    if words[:3] == ["tocsin", "key", "new"] and "--unsealed" not in words:
        command = command.replace("tocsin key new", "tocsin key new --unsealed")  # nobody is here to type
    if words[0] == "tocsin" and (tuple(words[1:2]) in NEEDS_YES or tuple(words[1:3]) in NEEDS_YES):
        command += " --yes"
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"}
    if until:
        return watch(command, home, env, until)
    done = subprocess.run(["bash", "-c", command], cwd=home, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=patience(20))
    assert done.returncode == 0, f"{machine}: {command}: {done}"
    return done.stdout + done.stderr


def watch(command, home, env, until):
    with subprocess.Popen(["bash", "-c", f"exec {command}"], cwd=home, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as program:
        said, deadline = "", time.monotonic() + patience(60)
        while not all(words in said for words in until):
            ready = select.select([program.stdout], [], [], max(0, deadline - time.monotonic()))[0]
            got = os.read(program.stdout.fileno(), 4096).decode() if ready else ""
            if not got:
                program.kill()
                raise AssertionError(f"{command} did not say {until}: {said}")
            said += got
        program.terminate()
    return said


def carry(name, source, *targets):
    for target in targets:
        (HERE / target).mkdir(exist_ok=True)
        shutil.copy(HERE / source / name, HERE / target / pathlib.Path(name).name)


def mentioned(command):
    assert f"`{command}`" in README, command
    return command


def declare():
    """Six commands and two things handed over, from nothing to a window that two of three have signed."""
    at_anna, at_bela, back_at_anna = blocks("Declare")
    for name in ("bela", "chidi", "beacon", "site"):
        unsealed = name in ("beacon", "site")
        run(name, f"tocsin key new {name}" + (" --unsealed" if unsealed else ""))
        carry(f".config/tocsin/keys/{name}.pub", name, "anna")
    for command in at_anna:
        run("anna", command)
    assert len(at_anna + at_bela) + 2 == 6, "Bela's key, and the sync"
    carry("minute.txt", "anna", "bela")
    for command in at_bela:
        run("bela", command)
    carry("back.txt", "bela", "anna")
    for command in back_at_anna:
        out = run("anna", command)
        if command == "tocsin status":
            assert "Nothing waits for you" in out and "A minute for Bologna" in out, out
    assert "confirmed: 2 of 2" in run("anna", "tocsin show Bologna")
    carry("valley.bundle", "anna", "beacon", "site", "listener")
    carry("minute.bundle", "anna", "beacon", "site", "listener")


def subscribe():
    (export, serve), = blocks("Subscribe")
    run("site", "tocsin root trust valley.bundle")
    run("site", "tocsin sync minute.bundle")
    assert " 0 signatures" not in run("site", export)
    feed = next((HERE / "site/DIR/plain").glob("????????????????.ics"))  # not the tentative ones, nor the sky
    assert "CONFIRMED" in feed.read_text()
    run("site", mentioned("minisign -Vm FEED.ics -p site.pub").replace("FEED.ics", str(feed)).replace(
        "site.pub", ".config/tocsin/keys/site.pub"))
    run("site", serve.replace("0.0.0.0:8080", "127.0.0.1:0"), ["listening"])


def tick_and_listen():
    (beacon, listen, check), = blocks("Tick and listen")
    run("beacon", mentioned("tocsin root trust valley.bundle"))
    run("beacon", mentioned("tocsin sync minute.bundle"))
    nowhere = "mqtt://127.0.0.1:1"
    run("beacon", beacon.replace("mqtt://broker.example", nowhere), ["1 window in force", "refused; trying again"])
    run("beacon", beacon.replace("--broker mqtt://broker.example", "--embedded-broker"), ["link 0 up"])
    run("listener", listen.replace("mqtt://broker.example", nowhere).replace("/usr/local/bin/ring", "/bin/echo ring"),
        ["goes on without it"])
    assert "would fire" in run("listener", check)


for step in (declare, subscribe, tick_and_listen):
    step()
print("every command of the README works as printed")
