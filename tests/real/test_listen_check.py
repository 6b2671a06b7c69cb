"""What tocsin-listen says before the day: --check on real brokers and beacons, and what a running listener is told of
brokers that keep something from it."""
import json
import os
import subprocess
import time

import stage
from stage import HERE, constellation

DYNSEC = "/usr/lib/%s-linux-gnu/mosquitto_dynamic_security.so" % os.uname().machine


def check(*arguments, clock=None):
    out = subprocess.run(["tocsin-listen", "--check", *arguments], capture_output=True, text=True,
                         timeout=stage.patience(30), env={**stage.environment(clock), "TZ": "Europe/Rome"})
    return out.returncode, out.stdout + out.stderr


def row(said, name):
    found = [line for line in said.splitlines() if line.startswith(name)]
    assert found, (name, said)
    return "\n".join(found)


def test_it_says_what_would_start_and_how_everything_is():
    c = constellation(3600)
    broker = stage.Broker()
    beacon = stage.Beacon(c, "--broker", broker.url)
    beacon.expect("link 0 up")
    root = os.path.join(HERE, "all.root")
    with open(root, "wb") as file:
        file.write(c.root)
    state = os.path.join(HERE, "all.state")
    bundle = c.write(os.path.join(HERE, "all.bundle"))
    code, said = check("--root", bundle, "--broker", broker.url, "--state", state, "--run", "/bin/echo ring",
                       clock="sync=0.002")
    assert code == 0 and not os.path.exists(state), said
    assert "Europe/Rome" in row(said, "would fire") and "A minute of silence" in row(said, "would fire"), said
    assert "--run /bin/echo ring" in said and "connected" in row(said, "broker"), said
    assert "there" in row(said, "beacon") or "heard" in row(said, "beacon"), said
    assert "synchronised" in row(said, "clock") and "it will be made" in row(said, "state"), said
    # the window is known from the broker alone, and a host without a clock asks
    code, said = check("--root", root, "--broker", broker.url, "--state", state, clock="unsync offset=3")
    assert code == 0 and "A minute of silence" in row(said, "would fire"), said
    assert "answers" in row(said, "beacon") or "heard" in row(said, "beacon"), said
    assert "known +-" in row(said, "clock") or "known -" in row(said, "clock"), said
    beacon.kill()
    broker.kill()
    code, said = check("--root", root, "--broker", broker.url, "--state", state, "--offline")
    assert code == 2, said
    code, said = check("--root", root, "--broker", broker.url, "--state", state)
    assert code == 1 and "refused" in row(said, "broker") and "not heard" in row(said, "beacon"), said
    assert "nothing would fire: no window is known here: give its bundle with --bundle" in said, said


def test_one_beacon_of_three_does_not_vouch_that_nothing_is_missing():
    c, now = constellation(3600, beacons=3), int(time.time())
    for beacon, made in ((0, now - 600), (1, now - 3 * 86400), (2, now - 2 * 86400)):
        c.heartbeat(beacon, made)
    stale = os.path.join(HERE, "stale.bundle")
    code, said = check("--root", c.write(stale), "--offline", "--state", os.path.join(HERE, "stale.state"))
    assert code == 0 and "1 of 3 beacons have told in time what is in force, 2 must: this copy may be stale" in row(said, "records"), said
    c.heartbeat(1, now - 60)
    code, said = check("--root", c.write(stale), "--offline", "--state", os.path.join(HERE, "stale.state"))
    assert code == 0 and row(said, "records").endswith("2 of 3 beacons have told in time what is in force, 2 must"), said


def test_anothers_clock_makes_no_copy_stale():
    """A second constellation's only beacon is 30 days ahead, where each heartbeat of the first would be overdue."""
    c, now = constellation(3600, beacons=3), int(time.time())
    for beacon in (0, 1):
        c.heartbeat(beacon, now - 600)
    other = constellation(3600)
    broker = stage.Broker()
    ahead = stage.Beacon(other, "--broker", broker.url, clock="offset=%d sync=0.001" % (30 * 86400))
    ahead.expect("link 0 up")
    bundles = [one.write(os.path.join(HERE, "%s.bundle" % name)) for name, one in (("first", c), ("second", other))]
    listener = stage.Listener(c, "--root", bundles[1], "--bundle", bundles[0], "--broker", broker.url, clock="unsync", once=False)
    listener.expect("clock", text="known within")
    time.sleep(5)
    listener.kill()
    assert not listener.has("records"), [one for one in listener.lines if one["event"] == "records"]
    for program in (ahead, broker):
        program.kill()


def test_before_the_first_start_there_is_no_store_and_a_check_makes_none():
    c = constellation(600)
    store = os.path.join(HERE, "not-yet", "store")
    code, said = check("--root", c.write(os.path.join(HERE, "not-yet.bundle")), "--offline", "--store", store, "--state",
                       os.path.dirname(store))
    assert code == 0 and "would fire" in said and "is not there yet" in said, said
    assert not os.path.exists(os.path.dirname(store)), said


def test_it_says_why_not():
    c = constellation(3600)
    c.window(c.t0 + 60, 60, title="Half", signers=c.organizers[:1])
    called_off, identity = c.window(c.t0 + 120, 60, title="Off")
    c.cancel(called_off, identity)
    day = time.strftime("%Y-%m-%d", time.gmtime(c.t0 + 86400 * 2))
    c.window(c.t0, moment=False, title="Sunset", extra=[
        "on: d " + day, "wave: place", "at: d %sT17:00:00Z Lisboa" % day, "at: d %sT18:00:00Z Rome" % day])
    bundle = c.write(os.path.join(HERE, "why.bundle"))
    said = check("--root", bundle, "--offline")[1]
    for words in ("1 of 2 signatures", "called off by the threshold of its organizers", "Lisboa; Rome: say with --place"):
        assert words in said, (words, said)
    for place, words in (("Lisbon", "your place Lisbon is none of them (nearest: Lisboa)"),
                         ("Atlantis", "your place Atlantis is none of them"), ("ROME", "Sunset")):
        said = check("--root", bundle, "--offline", "--place", place)[1]
        assert words in said, (place, said)
        assert ("none of them" in said) == (place != "ROME"), (place, said)
    # with the mark of an earlier run, and nothing but that
    one = constellation(5, 60)
    kept = one.write(os.path.join(HERE, "before.bundle"))
    rang = stage.Listener(one, "--bundle", kept, "--offline", "--run", "/bin/true")
    with stage.in_time(one.t0):
        rang.expect("armed")
    rang.started(30)
    code, said = check("--root", kept, "--offline", "--state", rang.state)
    assert code == 1 and ("would join quietly" in said or "was started here before" in said), said
    # a running listener says it once, and of itself
    site = stage.Listener(c, "--bundle", bundle, "--offline", "--place", "Atlantis", once=False)
    site.expect("place", text="Sunset does not ring here: by place: it lists Lisboa; Rome")
    site.kill()


def test_a_subscription_that_is_not_granted_is_told():
    if not os.path.exists(DYNSEC):
        print("not tried: a broker that refuses subscriptions (no mosquitto_dynamic_security.so)")
        return
    c = constellation(600)
    bundle = c.write(os.path.join(HERE, "denied.bundle"))
    rules = os.path.join(HERE, "dynsec.json")
    with open(rules, "w") as file:
        json.dump({"defaultACLAccess": {"publishClientSend": True, "publishClientReceive": True, "subscribe": False,
                                        "unsubscribe": True},
                   "clients": [], "groups": [{"groupname": "all", "roles": []}], "roles": [],
                   "anonymousGroup": "all"}, file)
    os.chmod(rules, 0o666)
    broker = stage.Broker(config="plugin %s\nplugin_opt_config_file %s\n" % (DYNSEC, rules))
    one = stage.Listener(c, "--bundle", bundle, "--broker", broker.url, once=False, clock="sync=0.002")
    one.expect("broker", text="it grants none of the topics, such as tocsin/1/.*may this user read it")
    one.kill()
    said = check("--root", bundle, "--broker", broker.url, "--state", os.path.join(HERE, "denied.state"))[1]
    assert "does not grant tocsin/1/" in row(said, "broker"), said
    broker.kill()


def test_questions_that_may_not_be_asked_are_told():
    """A beacon that does not know the time is asked, too, but that it answers nothing is nobody's fault."""
    c = constellation(600, beacons=2)
    acl = os.path.join(HERE, "acl")
    with open(acl, "w") as file:
        file.write("topic read tocsin/#\nuser beacon\ntopic readwrite tocsin/#\n")
    os.chmod(acl, 0o644)
    broker = stage.Broker(config="acl_file %s\nallow_anonymous true\n" % acl)
    beacons = [stage.Beacon(c, "--broker", broker.url, "--user", "beacon", beacon=i, clock=clock)
               for i, clock in enumerate(("unsync", "sync=0.001"))]
    one = stage.Listener(c, "--bundle", c.write(os.path.join(HERE, "ask.bundle")), "--broker", broker.url, once=False,
                         clock="unsync offset=2")
    one.expect("broker", 90, text="answers no question: may this user publish to tocsin/1/.*/ask/")
    assert not any("beacon 0 answers" in str(event.get("text")) for event in one.lines), one.lines
    one.kill()
    for beacon in beacons:
        beacon.kill()
    broker.kill()


def test_a_broker_without_a_beacon_is_told_after_two_minutes():
    if not stage.DEEP:
        print("not tried: two minutes of silence (only --deep waits for them)")
        return
    broker = stage.Broker()
    c = constellation(600)
    one = stage.Listener(c, "--bundle", c.write(os.path.join(HERE, "quiet.bundle")), "--broker", broker.url, once=False)
    one.expect("broker", 200, text="connected for 2 min, and no beacon is heard there")
    one.kill()
    broker.kill()


stage.run_together([value for name, value in list(globals().items()) if name.startswith("test_")])
