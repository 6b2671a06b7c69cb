"""What brokers suffer in a countdown, with real beacons, brokers and listeners: killed and started again,
bridged in a tree, two at once, and flooded with forged ticks.  No start moves by more than a millisecond."""
import os
import random
import threading
import time

import stage
import world

WRONG = "offset=86400 ppm=80 unsync"  # far off, so that what is heard is all there is to go by
MOVED_MS = 1 if stage.DEEP else 3  # the goal is 1; other tests may run beside the short one


def clock_part_ms(listener, c, seconds=40):
    """How far from T-0 by the true clock the plan was; the lateness of the wake-up is this machine's."""
    started = listener.started(seconds)
    return (listener.error_us(started, c.t0) - started["late_us"]) / 1000, started


def judge(name, listeners, c):
    said = []
    for what, listener in listeners:
        error, started = clock_part_ms(listener, c)
        said.append("%s %+.2f ms (late %.2f)" % (what, error, started["late_us"] / 1000))
        assert abs(error) <= MOVED_MS + stage.slack_ms(), (name, said)
    print("  %s: %s" % (name, ", ".join(said)), flush=True)


def a_broker_is_killed_and_comes_back_twice():
    c = stage.constellation(31)
    one, two = stage.Broker(), stage.Broker()
    beacon = stage.Beacon(c, "--broker", one.url, "--broker", two.url)
    beacon.expect("tick 1,")
    listeners = [("its only broker", stage.Listener(c, "--broker", one.url, clock=WRONG)),
                 ("one of two", stage.Listener(c, "--broker", one.url, "--broker", two.url, clock=WRONG)),
                 ("the other", stage.Listener(c, "--broker", two.url, clock=WRONG))]
    stage.sleep_until(c.t0 - 19)
    one.kill()
    stage.sleep_until(c.t0 - 17)  # three tries in vain, hardly ever four: the next within 8 s
    one.start()
    stage.sleep_until(c.t0 - 4)
    one.kill()
    stage.sleep_until(c.t0 - 3)
    one.start()
    judge("killed at T-19 s and T-4 s", listeners, c)
    for _, listener in listeners[:2]:
        assert any(e["event"] == "broker" and "goes on without it" in e["text"] for e in listener.lines)
    assert sum(e["event"] == "broker" and "connected" in e["text"] for e in listeners[0][1].lines) >= 2
    for program in (beacon, one, two):
        program.kill()


def every_broker_and_beacon_dies_at_t_minus_5():
    c = stage.constellation(24)
    broker = stage.Broker()
    beacon = stage.Beacon(c, "--broker", broker.url)
    beacon.expect("tick 1,")
    listeners = [("far clock", stage.Listener(c, "--broker", broker.url, clock=WRONG)),
                 ("good clock", stage.Listener(c, "--broker", broker.url, clock="sync=0.002"))]
    stage.sleep_until(c.t0 - 5)
    broker.kill()
    beacon.kill()
    judge("all gone at T-5 s", listeners, c)


def a_tree_of_bridges_carries_the_countdown():
    """Three storeys: ticks and records come down, questions go up; the middle one is killed and returns."""
    c = stage.constellation(26)

    def bridge(up):
        return ("connection up\naddress 127.0.0.1:%d\nbridge_protocol_version mqttv50\ncleansession true\n"
                "try_private true\nnotifications false\nrestart_timeout 1 2\ntopic tocsin/# in 0\n"
                "topic tocsin/1/+/ask/+ out 0\n" % up)
    top = stage.Broker()
    middle = stage.Broker(config=bridge(top.port))
    leaves = [stage.Broker(config=bridge(middle.port)) for _ in range(2)]
    beacon = stage.Beacon(c, "--broker", top.url)
    beacon.expect("tick 1,")
    listeners = [("leaf %d" % i, stage.Listener(c, "--broker", leaf.url, clock=WRONG)) for i, leaf in enumerate(leaves)]
    listeners.append(("middle", stage.Listener(c, "--broker", middle.url, clock=WRONG)))
    for _, listener in listeners:
        listener.expect("clock", text="answered a fresh question", seconds=15)
    stage.sleep_until(c.t0 - 9)
    middle.kill()
    stage.sleep_until(c.t0 - 7)
    middle.start()
    judge("through bridges", listeners, c)
    for program in (beacon, top, middle, *leaves):
        program.kill()


def a_relay_of_600_bytes_a_second_moves_no_good_clock_and_makes_no_bound_false():
    """Everything comes, and late: what a queue adds widens what is stated, and T-0 lies in it."""
    c = stage.constellation(28)
    broker = stage.Broker()
    relay = world.Relay(broker.port, 0, bytes_s=600)
    beacon = stage.Beacon(c, "--broker", broker.url)
    beacon.expect("tick 1,")
    bundle = c.write("slow.bundle")
    good, lost = [stage.Listener(c, "--bundle", bundle, "--broker", relay.url, clock=clock)
                  for clock in ("sync=0.002", "unsync offset=2")]
    lost.expect("clock", text="answered a fresh question", seconds=20)
    judge("by a relay of 600 B/s", [("good clock", good)], c)
    started = lost.started(40)
    error = lost.error_us(started, c.t0)
    print("  without a clock: %+.1f ms, stated %+.1f to %+.1f" % (
        error / 1e3, started["bound_earliest_us"] / 1e3, started["bound_latest_us"] / 1e3), flush=True)
    assert started["bound_earliest_us"] - stage.MARGIN_US <= error <= started["bound_latest_us"] + stage.MARGIN_US, started
    for program in (beacon, broker):
        program.kill()


def forged(c, seed, count=4000):
    """Ticks that only a signature tells from good ones: the right root and key id, sessions and times of
    their own choice, half a day off."""
    draw = random.Random(seed)
    out = []
    good = world.Ticker(c)
    base = good.tick(at_ns=int(c.t0 * 1e9) + 10**14)
    at = base.index(good.session)
    for _ in range(count):
        out.append(base[:at] + draw.randbytes(8) + base[at + 8:-64] + draw.randbytes(64))
    return out


def twenty_thousand_forged_ticks_a_second():
    c = stage.constellation(22)
    broker = stage.Broker()
    calm = stage.Broker()
    beacon = stage.Beacon(c, "--broker", broker.url, "--broker", calm.url)
    beacon.expect("tick 1,")
    flooded = stage.Listener(c, "--broker", broker.url, clock=WRONG)
    beside = stage.Listener(c, "--broker", calm.url, clock=WRONG)
    good = stage.Listener(c, "--broker", broker.url, clock="sync=0.002")
    flooded.expect("clock", text="answered a fresh question", seconds=15)
    topic = c.topic("tick").encode()
    packets = []
    for tick in forged(c, 1):
        body = len(topic).to_bytes(2, "big") + topic + tick
        packets.append(b"\x30" + world.Client.length(len(body)) + body)
    client = world.Client(broker.port)
    bursts = [b"".join(packets[i:i + 200]) for i in range(0, len(packets), 200)]
    stage.sleep_until(c.t0 - 10)
    cpu, begin, sent, memory = (flooded.cpu_s(), good.cpu_s()), time.monotonic(), 0, 0
    while time.time() < c.t0 - 0.3:
        if sent % 2000 == 0:
            memory = flooded.memory_kib("VmHWM")  # while it certainly runs: sending may last beyond the start
        client.socket.sendall(bursts[sent // 200 % len(bursts)])
        sent += 200
        time.sleep(max(0, begin + sent / 20000 - time.monotonic()))
    took = time.monotonic() - begin
    used = [(after - before) / took for after, before in zip((flooded.cpu_s(), good.cpu_s()), cpu)]
    refused = [e["text"] for e in flooded.lines if e["event"] == "refused"]
    print("  %.0f forged ticks/s for %.1f s: %.2f and %.2f of a core; %s" % (
        sent / took, took, *used, refused[-1] if refused else ""), flush=True)
    # how many this machine can send beside what else it does is not for a test to judge
    assert refused and sent >= 2000, (refused, sent)
    assert max(used) < 1, used
    assert 0 < memory < 64 * 1024, memory
    judge("flooded", [("flooded", flooded), ("beside it", beside), ("good clock", good)], c)
    for program in (beacon, broker, calm):
        program.kill()


stage.run_together((a_broker_is_killed_and_comes_back_twice, every_broker_and_beacon_dies_at_t_minus_5,
                    a_tree_of_bridges_carries_the_countdown,
                    a_relay_of_600_bytes_a_second_moves_no_good_clock_and_makes_no_bound_false))
stage.run_all((twenty_thousand_forged_ticks_a_second,))
