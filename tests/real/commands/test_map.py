"""tocsin map: a picture of a moment, of a window, of a wave, and what it refuses."""
import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from ask import ask_at_terminal
from organizers import BOLOGNA, run, test, valley

SVG = "{http://www.w3.org/2000/svg}"


def picture(tocsin, *words, **more):
    return ElementTree.fromstring(tocsin("map", *words, raw=True, **more))


def labels(svg, lettering="wide"):
    return ["".join(text.itertext()) for group in svg.iter(SVG + "g") if group.get("class") == lettering for text in group.iter(SVG + "text")]


def of_class(svg, name):
    return [one for one in svg.iter() if one.get("class") == name]


@test
def a_moment_is_drawn_with_ten_cities_and_their_hours():
    tocsin = valley()
    moment = picture(tocsin, "2027-08-02T08:25:00Z")
    for name in ("sea", "land", "set", "civil", "nautical", "astronomical", "moonlit", "sun", "moon"):
        assert of_class(moment, name), name
    assert not of_class(moment, "now")
    assert moment.find(SVG + "title").text == "2027-08-02T08:25:00Z"
    assert {"London 09:25", "Cairo 11:25", "Delhi 13:55", "Tokyo 17:25", "New York 04:25"} <= set(labels(moment)), labels(moment)
    assert picture(tocsin, at="2027-08-02T08:25:00Z").find(SVG + "title").text == "2027-08-02T08:25:00Z"
    named = picture(tocsin, "2027-08-02T08:25:00Z", "--place", "Rome", "--place=-33.87,151.21")
    assert labels(named) == ["Rome 10:25", " 18:25"], labels(named)


@test
def the_sun_stands_where_tocsin_sky_has_it_highest():
    tocsin = valley()
    sun = of_class(picture(tocsin, "2027-08-02T08:25:00Z"), "sun")[0]
    longitude, latitude = float(sun.get("cx")) / 10 - 180, 90 - float(sun.get("cy")) / 10
    noon = tocsin("sky", "--from", "2027-08-02", "--to", "2027-08-03", "--kind", "noon", "--format", "tsv",
                  f"--place={latitude:.1f},{longitude:.1f}")
    found = re.search(r"^(2027-08-02T08:2[45]:\S+)\t.*altitude (\d+(\.\d+)?)", noon, re.M)
    assert found and float(found[2]) > 89.8, noon


@test
def a_window_is_drawn_when_it_comes_next():
    tocsin = valley()
    tocsin.declare("--title", "A minute for Bologna", "--rule", BOLOGNA)
    window = picture(tocsin, "Bologna")
    assert window.find(SVG + "title").text == "A minute for Bologna · 2027-08-02T08:25:00Z"
    assert "Rome 10:25" in labels(window) and "Rome 10:25" in labels(window, "narrow") and "Tokyo 17:25" in labels(window), labels(window)
    tocsin.declare("--title", "Sunset", "--rule", "21 june at sunset at Rome, Tokyo for 15m")
    by_place = labels(picture(tocsin, "Sunset"))
    assert by_place == ["Tokyo 19:00", "Rome 20:48"], by_place


@test
def a_wave_is_drawn_as_far_as_it_has_come():
    tocsin = valley()
    tocsin.declare("--title", "Candles", "--rule", "25 april at 20:00 everywhere for 15m")
    wave = picture(tocsin, "Candles")
    assert wave.find(SVG + "title").text.endswith("2027-04-25T20:00:00Z")
    assert of_class(wave, "now")[0].get("d") and of_class(wave, "passed")[0].get("d")
    before = picture(tocsin, "Candles", "--moment", "2027-04-25T05:00:00Z")
    paths = [one for name in ("now", "passed") for one in of_class(before, name) if one.tag == SVG + "path"]
    assert [one.get("d") for one in paths] == ["", ""]
    assert "under way" in labels(wave) and "over" in labels(wave), "no legend"
    # 20:00 in Rome: Rome's square is being reached, Athens' was, London's was not
    rome = picture(tocsin, "Candles", "--moment", "2027-04-25T18:05:00Z")

    def holds(name, latitude, longitude):
        x, y = (longitude + 180) * 10, (90 - latitude) * 10
        squares = re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", of_class(rome, name)[0].get("d"))
        return any(int(a) <= x < int(a) + int(w) and int(b) <= y < int(b) + int(h) for a, b, w, h in squares)

    assert holds("now", 42.5, 12.9) and holds("passed", 39.2, 22.5) and not holds("now", 52.3, -1) and not holds("passed", 52.3, -1)


@test
def what_cannot_be_drawn_is_told():
    tocsin = valley()
    tocsin.declare("--title", "Murals", "--rule", "9 october for 1d")
    tocsin("map", "Murals", code=1, err="whole days have no moment")
    tocsin("map", "2027-08-02", "--out", "map.svg")
    assert ElementTree.parse("map.svg").getroot().tag == SVG + "svg" and os.path.getsize("map.svg") < 60000
    limited = subprocess.run(["bash", "-c", 'ulimit -f 8; exec "$@"', "", os.environ["TOCSIN_BIN"] + "/tocsin", "map", "2027-08-02", "--out", "cut.svg"],
                             env=tocsin.env, capture_output=True, text=True)
    assert limited.returncode == 3 and "cut.svg: cannot write the file: File too large" in limited.stderr, limited
    assert not os.path.exists("cut.svg"), "a part of a picture was left"
    tocsin("map", "--out", "/dev/stdout", "2027-08-02", out="^<svg ")
    os.symlink("map.svg", "link.svg")  # as /dev/stdout is one, which nobody may replace
    Path("map.svg").write_text("")
    tocsin("map", "2027-08-02", "--out", "link.svg")
    assert os.path.islink("link.svg") and os.path.getsize("map.svg") > 1000
    tocsin("map", "--out", "no/such/folder.svg", "2027-08-02", code=2, err="no/such/folder.svg: there is no folder no/such")
    Path("notes.svg").write_text("2027 is near")
    tocsin("map", "2027-08-02", "--out", "notes.svg", code=2, err="notes.svg is there already and is no map")
    assert "--out FILE" in ask_at_terminal(["map", "2027-08-02"], tocsin.env, [], code=2)
    assert "<svg" not in ask_at_terminal(["map", "2027-08-02", "--out", "again.svg"], tocsin.env, [])
    assert Path("again.svg").read_bytes() == Path("map.svg").read_bytes()
    tocsin("map", "nothing-of-this-name", code=1)
    tocsin("map", "--moment", "yesterday", code=2, err="an instant such as 2027-08-02T08:25:00Z")
    tocsin("map", "2027-08-02", "--moment", "2027-08-03", code=2, err='"2027-08-02" is a moment already')
    tocsin("map", "--place", "Qwertyuiop", code=2)
    tocsin("map", "2027-08-02", "2027-08-03", code=2, err="one window or instant")


run()
