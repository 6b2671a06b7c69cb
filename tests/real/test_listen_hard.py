"""Hard days that a listener has to live through, with whole programs on real parts: every change of a window in the
countdown, late starts, states that cannot be written, brokers that take a connection and say nothing, names that no
resolver answers for, several constellations, another zone, a leap second."""
import json
import os
import signal
import socket
import subprocess
import time

import stage
import world
from stage import HERE, constellation, sleep_until


def named(name):
    return os.path.join(HERE, name + "-" + os.urandom(4).hex())


def offline(c, *arguments, **more):
    return stage.Listener(c, "--bundle", c.write(named("bundle")), "--offline", *arguments, **more)


def script(text):
    name = named("hook")
    with open(name, "w") as file:
        file.write("#!/bin/sh\n" + text)
    os.chmod(name, 0o755)
    return name


def test_every_change_in_the_countdown_is_obeyed():
    """One broker brings six amendments and cancellations, at their worst moments."""
    c = constellation(28, 30)
    t0 = c.t0
    first = {name: c.window(t0 + shift, 30, title=name) for name, shift in (
        ("earlier", 20), ("later", -5), ("off at 3", -8), ("later at 2", -3), ("off while on", -12), ("shorter", -14))}
    broker = stage.Broker()
    client = world.Client(broker.port)

    def tell():
        client.publish(c.topic("records"), c.bundle(), True)
    tell()
    rung = named("rung")
    one = stage.Listener(c, "--broker", broker.url, "--run", script("cat >>%s\n" % rung), once=False, clock="sync=0.002")
    for name in first:
        one.expect("armed", title=name)
    starts = {"A minute of silence": 0, "earlier": 10, "later": 5, "later at 2": 7, "off while on": -12, "shorter": -14}
    changes = [(t0 - 20, "earlier", "window", 10, 30), (t0 - 15, "later", "window", 5, 30), (t0 - 11, "off at 3", "cancel", 0, 0),
               (t0 - 9, "shorter", "window", -14, 8), (t0 - 8, "off while on", "cancel", 0, 0),
               (t0 - 5, "later at 2", "window", 7, 30)]
    for at, name, what, shift, seconds in changes:
        sleep_until(at)
        uid, identity = first[name]
        if what == "cancel":
            c.cancel(uid, identity)
        else:
            c.window(t0 + shift, seconds, title=name, uid=uid, seq=1, prev=[identity])
        tell()
    one.expect("withdrawn", title="off at 3")
    one.expect("ended", title="off while on", text="called off while it goes on")
    one.expect("ended", title="shorter")
    one.expect("started", 40, title="earlier")
    one.expect("started", 40, title="later at 2")
    deadline = time.monotonic() + stage.patience(5)
    while len(open(rung).read().splitlines()) < len(starts):  # or the last is told to end before it has written
        assert time.monotonic() < deadline, open(rung).read()
        time.sleep(0.05)
    one.kill(signal.SIGTERM)
    started = [event for event in one.lines if event["event"] == "started"]
    assert sorted(event["title"] for event in started) == sorted(starts), started
    for event in started:
        assert event["planned"] == world.stamp(t0 + starts[event["title"]]), event
        assert -1000 < event["late_us"] < 2e6, event
    assert len(open(rung).read().splitlines()) == len(starts)
    broker.kill()


def test_who_comes_late_rings_as_long_as_it_lies_ahead():
    c = constellation(14, 60)
    soon = {}
    for left in (3, 1.5):
        sleep_until(c.t0 - left)
        soon[left] = offline(c, "--run", "/bin/true")
    sleep_until(c.t0 + 3)
    after = offline(c, "--run", "/bin/true")
    for left, one in soon.items():
        if one.lines and any(event["event"] == "joined" for event in one.lines):
            continue  # this machine took longer than that to begin
        one.started()
    after.expect("joined", text="joining quietly")
    after.end(1)
    assert not after.has("started")


def test_a_state_that_cannot_be_kept_is_refused_with_the_remedy():
    c = constellation(600)
    in_the_way = named("file")
    open(in_the_way, "w").close()
    for state in ("/proc/no-such/state", os.path.join(in_the_way, "state")):
        one = offline(c, state=state)
        one.end(3)
        assert "--state" in one.errors and state.split("/state")[0] in one.errors, one.errors
        assert one.errors.count("\n") == 1, one.errors
    state = named("read-only")
    os.mkdir(state)
    prefix = ["unshare", "--mount", "sh", "-c", "mount -t tmpfs -o ro tmpfs %s && exec \"$@\"" % state, "sh"]
    if subprocess.run(prefix + ["true"], capture_output=True).returncode != 0:
        print("not tried: a state on a read-only file system (no mount namespaces here)")
        return
    one = offline(c, state=state, prefix=prefix)
    one.end(3)
    assert "--state" in one.errors and "Read-only" in one.errors and one.errors.count("\n") == 1, one.errors


def test_a_store_that_a_thief_has_filled_is_read_as_far_as_it_goes():
    """A thousand of the largest drafts that there can be, of one stolen key, with long comments: the window in force is in
    there somewhere, and starts; so does one that comes besides."""
    c = constellation(20)
    store = named("store")

    def put(identity, text, signatures):
        for kind, name, data in [("records", identity + ".rec", text), *(
                ("sigs", "%s.%s.minisig" % (identity, key), signature) for key, signature in signatures.items())]:
            folder = os.path.join(store, kind, identity[:2])
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
    for identity, (text, signatures) in c.items.items():
        put(identity, text, signatures)
    thief = c.organizers[0]
    middle = ["gesture: silence", "tone: vigil", "rule: %s for 60s" % world.stamp(c.t0),
              *("at: k%d %s" % (i, world.stamp(c.t0 + 60 * i)) for i in range(200)), "for: 1m",
              "expires: " + world.stamp(c.t0 + 30 * 86400)]
    for i in range(1000):
        head = ["tocsin window 1", "root: " + c.id, "uid: %032x" % i, "seq: 0", "made: " + world.stamp(c.t0 - 86400), "title: x"]
        room = 16384 - sum(len(line) + 1 for line in head + middle) - len("about: \n")
        text = ("\n".join([*head, "about: " + "y" * room, *middle]) + "\n").encode()
        put(world.record_id(text), text, {thief.id_text(): thief.sign(text, "z" * 1000)})
    rung = named("rung")
    other = world.Constellation()
    other.organizers, other.id, other.items = c.organizers, c.id, {c.id: c.items[c.id]}
    other.window(c.t0 + 1, title="Besides")
    site = stage.Listener(c, "--offline", "--store", store, "--bundle", other.write(named("bundle")), "--run", script("echo rung >>%s" % rung), once=False)
    for title in ("A minute of silence", "Besides"):
        site.expect("started", 40, title=title)
    stage.await_file(rung, "rung\n" * 2)
    site.kill()
    assert "is too large" in site.process.stderr.read()


def test_limits_of_a_small_board_are_told_and_end_nothing():
    """No file may grow: it starts all the same, as the beacon runs; too few descriptors are refused at once."""
    c = constellation(16, 30)
    one = offline(c, prefix=["prlimit", "--fsize=0"])
    broker = stage.Broker()
    beacon = stage.Beacon(c, "--broker", broker.url, prefix=["prlimit", "--fsize=0"])
    beacon.expect("tick 1,")
    for few in (8, 17, 24):
        refused = offline(c, prefix=["prlimit", "--nofile=%d" % few]).end(3)
        assert "ulimit -n" in refused.errors and not refused.lines, (few, refused.errors)
    one.expect("state", text="marks: File too large: the gesture starts all the same", seconds=30)
    one.started(30)
    beacon.kill()
    broker.kill()


def test_brokers_that_say_nothing_and_names_that_no_resolver_answers_hold_nothing_up():
    """Three black holes and an unknown name beside a good broker, in a world whose only name server is mute."""
    mute = socket.create_server(("127.0.0.1", 0), backlog=64)
    good = stage.Broker()
    c = constellation(16, 3)
    hole = "mqtt://127.0.0.1:%d" % mute.getsockname()[1]
    prefix = []
    conf = named("resolv")
    with open(conf, "w") as file:
        file.write("nameserver 127.0.0.1\noptions timeout:30 attempts:5\n")
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        silent.bind(("127.0.0.1", 53))
        prefix = ["unshare", "-m", "sh", "-c", "mount --bind %s /etc/resolv.conf && exec \"$@\"" % conf, "sh"]
        if subprocess.run(prefix + ["true"], capture_output=True).returncode != 0:
            prefix = []
    except OSError:
        prefix = []
    if not prefix:
        print("not tried: a resolver that never answers (no root, or port 53 is taken)")
    client = world.Client(good.port)
    client.publish(c.topic("records"), c.bundle(), True)
    one = stage.Listener(c, "--broker", hole, "--broker", hole, "--broker", "mqtt://nobody.example", "--broker", good.url,
                         "--run", "/bin/true", prefix=prefix, clock="sync=0.002")
    one.expect("broker", text="connected")
    started = one.started()
    assert started["late_us"] < 2e6, started
    mute.close()
    silent.close()
    good.kill()


def test_the_windows_of_three_constellations_all_ring():
    rung = named("rung")
    all_of_them = [constellation(8 + i // 2, 3) for i in range(3)]  # two of them at one instant
    others = []
    for c in all_of_them[1:]:
        path = c.write(named("other"))
        others += ["--root", path, "--bundle", path]
    one = offline(all_of_them[0], *others, "--run", script("cat >>%s\n" % rung), once=False, clock="sync=0.002")
    for c in all_of_them:
        one.expect("started", uid=c.uid)
        one.expect("ended", uid=c.uid)
    one.process.send_signal(signal.SIGTERM)
    one.end(0)
    assert sorted(json.loads(line)["uid"] for line in open(rung)) == sorted(c.uid for c in all_of_them)


def test_a_wave_goes_by_the_hosts_own_zone():
    c = world.Constellation()
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86400 * 3))
    c.window(time.time() + 86400 * 3, moment=False, extra=["on: d " + day, "wave: 20:00"])
    bundle = c.write(named("wave"))
    for zone, utc in (("Asia/Kathmandu", "14:15"), ("UTC", "20:00"), ("Pacific/Kiritimati", "06:00")):
        out = subprocess.run(["tocsin-listen", "--root", bundle, "--offline", "--check", "--format", "json"],
                             env={**stage.environment(None), "TZ": zone}, capture_output=True, text=True)
        event = json.loads(out.stdout.splitlines()[0])
        assert event["t0"][11:16] == utc and zone in event["local"] and "20:00:00" in event["local"], (zone, event)


def test_a_rehearsal_goes_through_a_leap_second():
    c = world.Constellation(made=1480000000)
    c.window(1483228800, 60, title="New Year", expires=1483500000)  # 2017-01-01T00:00:00Z, after 23:59:60
    out = subprocess.run(["tocsin-listen", "--root", c.write(named("leap")), "--offline", "--rehearse", "--at",
                          "2016-12-31T23:59:50Z", "--format", "json"], env=stage.environment(None), capture_output=True, text=True)
    lines = [json.loads(line) for line in out.stdout.splitlines()]
    begun = next(event for event in lines if event["event"] == "begun")
    assert out.returncode == 0 and begun["t0"] == "2017-01-01T00:00:00Z", out
    left = [event["left_s"] for event in lines if event["event"] == "countdown"]
    assert 11 in left or 10 in left, left  # eleven seconds lie between, by any clock that counts them
    assert begun["at"] == "2017-01-01T00:00:00Z", begun


stage.run_together([value for name, value in list(globals().items()) if name.startswith("test_")])
