"""The library's binding for Python: the ten lines of tocsin(3), with paho, against a real mosquitto and beacon."""
import os
import pathlib
import re
import subprocess
import sys
import time

import stage

try:
    import paho.mqtt.client
except ImportError:
    stage.skip("no paho (apt-get install python3-paho-mqtt)")
SOURCE = pathlib.Path(os.environ["TOCSIN_SOURCE"]) / "clients/libtocsin"
LIBRARY = pathlib.Path(os.environ["TOCSIN_BIN"]).parent / "clients/libtocsin/libtocsin.so.0"
if "asan" in subprocess.run(["nm", "-D", LIBRARY], capture_output=True, text=True).stdout:
    stage.skip("the library is instrumented")
os.environ |= {"LIBTOCSIN": str(LIBRARY), "PYTHONPATH": str(SOURCE)}
sys.path.insert(0, str(SOURCE))
import tocsin  # noqa: E402


def example():
    """The ten lines, as the manual page and the module have them."""
    page = re.search(r"\.Bd -literal[^\n]*\n(import sys.*?)\n\.Ed", (SOURCE / "tocsin.3").read_text(), re.S)[1]
    module = "\n".join(line[4:] for line in tocsin.__doc__.splitlines() if line.startswith("    "))
    assert page == module, "the manual page and the module have different ten lines"
    assert len(page.splitlines()) <= 10
    return page


def with_broker(c, port):
    """The constellation again, its root naming the broker."""
    c.root = c.root.replace(b"made: ", b"broker: mqtt://127.0.0.1:%d\nmade: " % port, 1)
    c.id = stage.world.record_id(c.root)
    c.items = {}
    c.add(c.root, c.organizers[:c.threshold])


def the_ten_lines_ring():
    c = stage.world.Constellation()
    broker = stage.Broker()
    with_broker(c, broker.port)
    c.t0 = int(time.time() + stage.ahead(9))
    c.window(c.t0, 60)
    stage.Beacon(c, "--broker", broker.url).expect("tick 0")
    with open("root.bundle", "wb") as file:
        file.write(c.root)
    listener = stage.Lines([sys.executable, "-c", example(), "root.bundle"])
    listener.await_line(lambda line: line == "begin A minute of silence", "the start", stage.ahead(15))
    late = time.time() - c.t0
    assert 0 <= late < 1 + stage.slack_s(), late
    listener.kill()


def what_it_keeps_survives_it():
    c = stage.constellation(6, duration=1800)
    bundle = c.bundle()
    one = tocsin.Site(root=c.root, bound=0.01, memory="memory", languages="it,en")
    assert one.put(bundle) == 1 and [root.id for root in one.roots()] == [c.id]
    start = next(one.starts())
    assert abs(time.time() - c.t0) < 0.05 + stage.slack_s() and start.title == "A minute of silence"
    assert one.think().must_save is False
    del one
    other = tocsin.Site(root=c.root, bound=0.01, memory="memory")
    other.put(bundle)
    other.think()
    assert [(window.state, window.mark) for window in other.windows()] == [(tocsin.State.BEFORE, start.mark)]
    with open("memory", "a") as file:
        file.write("fired somewhere\n")
    try:
        tocsin.Site(root=c.root, memory="memory")
        raise AssertionError("it took a broken memory")
    except tocsin.Refused as refused:
        assert "memory" in str(refused)


def of_a_wave_by_place_it_tells_its_own():
    c = stage.world.Constellation()
    t0 = int(time.time() + stage.ahead(5))
    at = ["at: w %s %s" % (stage.world.stamp(t0 + late), place) for late, place in ((3600, "Athens"), (0, "Rome"))]
    c.window(t0, moment=False, extra=["on: w " + stage.world.stamp(t0)[:10], "wave: place", *at])
    site = tocsin.Site(root=c.root, bound=0.01, place="Rome")
    site.put(c.bundle())
    start = next(site.starts())
    assert (start.t0, start.state) == (t0, tocsin.State.BEGUN), start


def too_few_beacons_make_a_copy_stale():
    c, now = stage.constellation(3600, beacons=3), int(time.time())
    site = tocsin.Site(root=c.root, bound=0.01)

    def thought_of():
        site.put(c.bundle())
        site.think()
        return site.freshness()
    assert thought_of() == [tocsin.Freshness(beacons=3, told=0, needed=2, is_stale=False, until=None)]
    c.heartbeat(0, now - 600)
    assert thought_of() == [tocsin.Freshness(beacons=3, told=1, needed=2, is_stale=True, until=now - 600)]
    c.heartbeat(2, now - 60)
    assert thought_of() == [tocsin.Freshness(beacons=3, told=2, needed=2, is_stale=False, until=now - 600 + 86400)]


def by_an_id_only_that_root_is_believed():
    c, other = stage.constellation(60), stage.constellation(60)
    both = other.bundle() + c.bundle()
    site = tocsin.Site(root=both, root_id=c.id)
    assert [root.id for root in site.roots()] == [c.id] and len(site.topics()) == 3
    try:
        tocsin.connect(site, paho.mqtt.client.Client())
        raise AssertionError("it found a broker")
    except ValueError as none:
        assert "names no broker" in str(none)
    for bytes_, id_ in ((other.bundle(), c.id), (both, "12"), (b"", c.id)):
        try:
            tocsin.Site(root=bytes_, root_id=id_)
            raise AssertionError("it believes somebody")
        except tocsin.Refused:
            pass


def its_types_are_sound():
    subprocess.run(["mypy", "--strict", "--python-version", "3.11", str(SOURCE / "tocsin.py"), "--cache-dir", "mypy"], check=True)


def its_layouts_are_the_headers():
    """Each structure as the C compiler lays it out."""
    kinds = {name[1:].lower(): kind for name, kind in vars(tocsin).items()
             if isinstance(kind, type) and issubclass(kind, tocsin.c.Structure)}
    assert len(kinds) > 8
    lines = ['#include <tocsin.h>', '#include <stdio.h>', '#include <stddef.h>', 'int main(void) {']
    for name, kind in kinds.items():
        lines += [f'printf("{name} - %zu\\n", sizeof(struct tocsin_{name}));']
        lines += [f'printf("{name} {field[0]} %zu\\n", offsetof(struct tocsin_{name}, {field[0]}));' for field in kind._fields_]
    pathlib.Path("layout.c").write_text("\n".join(lines + ["}"]))
    subprocess.run(["cc", "-I", SOURCE, "layout.c", "-o", "layout"], check=True)
    for line in subprocess.run("./layout", capture_output=True, text=True).stdout.splitlines():
        name, field, at = line.split()
        ours = tocsin.c.sizeof(kinds[name]) if field == "-" else getattr(kinds[name], field).offset
        assert ours == int(at), line


stage.run_together([the_ten_lines_ring, what_it_keeps_survives_it, of_a_wave_by_place_it_tells_its_own, too_few_beacons_make_a_copy_stale,
                    by_an_id_only_that_root_is_believed, its_types_are_sound, its_layouts_are_the_headers])
