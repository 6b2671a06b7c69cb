"""--report on a real broker: what Home Assistant is told, against its documented schemas, and that nothing is told
unless asked for and nothing waits for it."""
import functools
import json
import os
import re
import socket
import struct
import subprocess
import threading
import time

import jsonschema

import stage
import world
from dripper import Dripper, slowly
from stage import HERE, constellation

# https://www.home-assistant.io/integrations/mqtt/#discovery-messages and the pages of sensor.mqtt, binary_sensor.mqtt and
# event.mqtt: the options that they name, as far as we use them; what they do not name is refused here.
TOPIC = {"type": "string", "pattern": "^~/[a-z]+$"}
TEXT = {"type": "string", "minLength": 1}
COMMON = {
    "~": TEXT, "name": TEXT, "unique_id": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}, "object_id": TEXT,
    "availability_topic": TOPIC, "state_topic": TOPIC, "icon": {"type": "string", "pattern": "^mdi:"},
    "entity_category": {"enum": ["diagnostic", "config"]}, "value_template": TEXT, "json_attributes_topic": TOPIC,
    "device": {"type": "object", "required": ["identifiers"], "additionalProperties": False,
               "properties": {"identifiers": {"type": "array", "minItems": 1, "items": TEXT}, "name": TEXT,
                              "manufacturer": TEXT, "model": TEXT, "sw_version": TEXT}},
    "origin": {"type": "object", "required": ["name"], "additionalProperties": False,
               "properties": {"name": TEXT, "sw_version": TEXT}}}


def entity(required, **more):
    return {"type": "object", "additionalProperties": False,
            "required": ["unique_id", "device", "origin", "availability_topic", *required], "properties": {**COMMON, **more}}


SCHEMAS = {
    "sensor": entity(["state_topic", "value_template"], device_class={"enum": ["timestamp", "enum", "duration"]},
                     state_class={"const": "measurement"}, unit_of_measurement={"const": "ms"},
                     options={"type": "array", "items": TEXT}),
    "binary_sensor": entity(["state_topic"], payload_on=TEXT, payload_off=TEXT),
    "event": entity(["state_topic", "event_types"], event_types={"type": "array", "minItems": 1, "items": TEXT}),
}
DISCOVERY = re.compile(r"^homeassistant/([a-z_]+)/([a-zA-Z0-9_-]+)/([a-zA-Z0-9_-]+)/config$")


class House(threading.Thread):
    """Somebody who hears everything that the broker has."""

    def __init__(self, broker):
        super().__init__(daemon=True)
        self.client = world.Client(broker.port)
        self.client.subscribe("#")
        self.heard, self.news = [], threading.Condition()
        self.start()

    def run(self):
        while True:
            try:
                got = self.client.next()
            except (OSError, AssertionError, IndexError):
                return
            with self.news:
                self.heard.append((got[0], got[1]))
                self.news.notify_all()

    def expect(self, fits, seconds=20):
        deadline = time.monotonic() + stage.patience(seconds)
        with self.news:
            while True:
                found = [one for one in self.heard if fits(*one)]
                if found:
                    return found[-1]
                assert time.monotonic() < deadline, self.heard
                self.news.wait(0.5)


def site(c, *arguments, **more):
    return stage.Listener(c, "--bundle", c.write(os.path.join(HERE, "report-" + os.urandom(4).hex())), "--offline",
                          *arguments, **more)


def test_home_assistant_is_told_what_there_is_and_how_it_is():
    broker = stage.Broker()
    house = House(broker)
    c = constellation(9, 4, )
    one = site(c, "--report", broker.url + "/garden/bell", "--report-name", 'The "bell"', "--run", "/bin/true",
               clock="sync=0.002")
    house.expect(lambda topic, payload: topic == "garden/bell/availability" and payload == b"online")
    announced = {}
    for topic, payload in list(house.heard):
        found = DISCOVERY.match(topic)
        if found:
            component, node, name = found.groups()
            config = json.loads(payload)
            jsonschema.validate(config, SCHEMAS[component])
            assert node == "garden_bell" and config["~"] == "garden/bell" and config["device"]["name"] == 'The "bell"'
            announced[name] = config
    assert set(announced) == {"next", "state", "doubt", "beacons", "now", "event"}, announced
    assert len({config["unique_id"] for config in announced.values()}) == len(announced)
    assert announced["next"]["device_class"] == "timestamp"
    state = json.loads(house.expect(lambda topic, payload: topic == "garden/bell/state" and b"armed" in payload)[1])
    assert state["next"] == world.stamp(c.t0) and state["title"] == "A minute of silence", state
    assert state["state"] in announced["state"]["options"] and 0 < state["doubt_ms"] < 100, state
    started = json.loads(house.expect(lambda topic, payload: topic == "garden/bell/event" and b'"started"' in payload)[1])
    assert started["t0"] == world.stamp(c.t0) and started["late_us"] >= 0, started
    for topic, payload in house.heard:
        if topic == "garden/bell/event":
            assert json.loads(payload)["event_type"] in announced["event"]["event_types"], payload
    one.started()
    house.expect(lambda topic, payload: topic == "garden/bell/availability" and payload == b"offline")
    late = world.Client(broker.port)  # retained: whoever comes later
    late.subscribe("garden/bell/#")
    kept = dict(late.next()[:2] for _ in range(2))
    assert kept["garden/bell/availability"] == b"offline" and "garden/bell/event" not in kept, kept
    broker.kill()


def test_nothing_is_said_unless_asked_for_and_a_drill_says_that_it_is_one():
    broker = stage.Broker()
    house = House(broker)
    quiet = stage.Listener(constellation(600), "--broker", broker.url, once=False, clock="sync=0.002")
    quiet.expect("broker", text="connected")
    time.sleep(1)
    quiet.kill()
    assert house.heard == [], house.heard
    done = subprocess.run(["tocsin-listen", "--drill", "2s", "--run", "/bin/false", "--report", broker.url, "--report-name",
                           "square"], env=stage.environment(None), capture_output=True, text=True)
    assert done.returncode == 3, done
    failed = json.loads(house.expect(lambda topic, payload: topic == "tocsin/square/event" and b'"failed"' in payload)[1])
    assert failed["drill"] is True and "exit status 1" in failed["text"], failed
    broker.kill()


def test_a_broker_that_is_not_there_or_drips_holds_nothing_up():
    one = site(constellation(6, 3), "--report", "mqtt://127.0.0.1:1/x", "--run", "/bin/true")
    # a welcome that never is whole, and, after one, a message of half a megabyte byte by byte
    drippers = [Dripper(functools.partial(slowly, first, b"7", 0.1), "mqtt")
                for first in (b"\x20\xff\xff\xff", b"\x20\x02\0\0\x30\xff\xff\x1f")]
    held = [site(constellation(8, 3), "--report", dripping.url + "/x", "--run", "/bin/true") for dripping in drippers]
    held[1].expect("report", text="reported to")
    one.expect("report", text="nothing is reported to mqtt://127.0.0.1:1")
    for each in (one, *held):
        started = each.started()
        assert started["late_us"] < 2e6, started
    assert all(dripping.connections for dripping in drippers)
    for url, words in (("mqtt://h/a#", "topic of letters"), ("http://h/x", "mqtt://HOST")):
        out = site(constellation(600), "--report", url)
        out.end(2)
        assert words in out.errors, out.errors


EXAMPLES = os.path.join(os.environ["TOCSIN_SOURCE"], "clients/tocsin-listen/examples")


def test_the_example_for_node_red_hears_what_is_reported():
    with open(os.path.join(EXAMPLES, "node-red.json")) as file:
        flow = {node["id"]: node for node in json.load(file)}
    for node in flow.values():
        assert all(target in flow for port in node.get("wires", ()) for target in port), node
        assert node.get("z", "tocsin-flow") in flow and node.get("broker", "tocsin-broker") in (*flow, "localhost"), node
    broker = stage.Broker()
    house = House(broker)
    listener = stage.Listener(constellation(600), "--broker", broker.url, "--report", broker.url + "/garden/bell", once=False)
    config = json.loads(house.expect(lambda topic, payload: topic.startswith("homeassistant/event/"))[1])
    listener.kill()
    assert {rule["v"] for rule in flow["tocsin-start"]["rules"]} <= set(config["event_types"]), config
    assert flow["tocsin-event"]["topic"] == config["state_topic"].replace("~", config["~"])


def test_the_example_for_osc_says_go_at_t0():
    desk = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    desk.bind(("127.0.0.1", 0))
    desk.settimeout(stage.patience(20))
    done = subprocess.Popen(["tocsin-listen", "--drill", "3s", "--pipe", "%s 127.0.0.1:%d /cue/1" % (
        os.path.join(EXAMPLES, "osc.py"), desk.getsockname()[1])], env=stage.environment(None), stdout=subprocess.PIPE, text=True)
    heard = []
    while not heard or heard[-1] != b"/cue/1/end\0\0,\0\0\0":
        heard.append(desk.recv(1000))
    assert heard.count(b"/cue/1\0\0,\0\0\0") == 1, heard
    left = [struct.unpack(">f", one[-4:])[0] for one in heard if one.startswith(b"/cue/1/left\0,f\0\0")]
    assert left and left == sorted(left, reverse=True) and left[-1] > 0, heard
    assert "started" in done.communicate(timeout=stage.patience(20))[0] and done.returncode == 0


stage.run_together([value for name, value in list(globals().items()) if name.startswith("test_")])
