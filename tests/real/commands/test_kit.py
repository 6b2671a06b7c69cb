"""tocsin kit: what travels of a window, each part read by somebody else's reader."""
import base64
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import time
import tomllib
import xml.etree.ElementTree as ElementTree
import zipfile

import icalendar

import browser
from organizers import Place, bologna, declare_bologna, run, test, valley
from world import Constellation

# The page as far as a kit looks at it: the whole one is tried in test_page_stage.py.
WIRE = '<script id="wire">brokers</script>'
PAGE = f"<!doctype html><title>Tocsin</title><!--kit--><p>before{WIRE}<script>after</script>"
BUILT = pathlib.Path(os.environ["TOCSIN_BIN"]).parent / "clients/page/listen.html"
URL = "https://example.org/valley/"


def kit(place, uid, *words, page=PAGE, folder="kit", **more):
    pathlib.Path("page.html").write_text(page)
    place("kit", uid, folder, "--page", "page.html", "--zone", "Europe/Rome", *words, **more)
    return pathlib.Path(folder)


@test
def every_part_is_there_and_says_the_same():
    place, uid = bologna()
    made = kit(place, uid, "--url", URL)
    assert sorted(path.name for path in made.iterdir()) == [
        "README.txt", "announcement-it.txt", "announcement-pt-br.txt", "announcement.txt", "poster-it.svg", "poster-pt-br.svg",
        "poster.svg", "records.tocsin", "tocsin.html", "tocsin.xdc", "window.ics"]
    page = (made / "tocsin.html").read_text()
    before, data, after = re.fullmatch(r'(.*)<div id="kit" hidden (.*?)></div>(.*)', page, re.S).groups()
    assert before + "<!--kit-->" + after == PAGE
    data = dict(re.findall(r'data-(\w+)="([^"]*)"', data))
    records = (made / "records.tocsin").read_bytes()
    assert data.pop("records") == base64.b64encode(records).decode()
    assert data == {"root": place.root, "made": "2026-11-23T00:00:00Z", "url": URL}
    assert records == place("show", uid, "--bundle", raw=True)
    with zipfile.ZipFile(made / "tocsin.xdc") as app:
        assert app.testzip() is None
        assert app.read("index.html").decode() == page.replace(WIRE, "")
        assert app.read("icon.png").startswith(b"\x89PNG\r\n")
        assert tomllib.loads(app.read("manifest.toml").decode()) == {"name": "A minute for Bologna"}
    events = [e for e in icalendar.Calendar.from_ical((made / "window.ics").read_bytes()).walk("VEVENT")]
    assert {str(e.decoded("DTSTART"))[:16] for e in events} >= {"2027-08-02 08:25"}
    italian = (made / "announcement-it.txt").read_text()
    assert italian.startswith("Un minuto per Bologna\n\nlunedì 2 agosto 2027, 10:25 Europe/Rome (08:25 UTC)\n1 minuto, "), italian
    assert "\nsilenzio\n" in italian and ">silenzio<" in (made / "poster-it.svg").read_text(), italian
    assert f"\n{URL}it/{place.root[:16]}/window/{uid}.html\n" in italian
    assert "Two lines\nwith a \\ in it" in (made / "announcement.txt").read_text()
    assert "tocsin.xdc" in (made / "README.txt").read_text()


@test
def a_site_offers_it_with_each_window_that_is_to_come():
    place, uid = bologna()
    made = kit(place, uid, "--url", URL)
    place("export", "site", "--page", "page.html", "--url", URL, "--zone", "Europe/Rome")
    papers = pathlib.Path(f"site/{place.root[:16]}/{uid}.zip")
    with zipfile.ZipFile(papers) as packed:
        assert packed.testzip() is None
        assert {p.name for p in made.iterdir()} - set(packed.namelist()) == {"tocsin.html", "tocsin.xdc"}
        for name in set(packed.namelist()) - {"README.txt"}:
            assert packed.read(name) == (made / name).read_bytes(), name
        assert "tocsin.html" not in packed.read("README.txt").decode()
    page = pathlib.Path(f"site/it/{place.root[:16]}/window/{uid}.html").read_text()
    (link,) = re.findall(r'href="([^"]*\.zip)" download>locandine e annunci', page)
    assert (pathlib.Path(f"site/it/{place.root[:16]}/window") / link).resolve() == papers.resolve()
    place("export", "bare", "--url", URL, "--zone", "Europe/Rome")  # without the page for phones there is none
    assert not list(pathlib.Path("bare").rglob("*.zip"))


@test
def papers_tell_the_hour_by_the_clock_of_the_rule():
    place, uid = bologna()
    place.env["TZ"] = "UTC"
    pathlib.Path("page.html").write_text(PAGE)
    place("kit", uid, "kit", "--page", "page.html")
    assert "10:25 Europe/Rome (08:25 UTC)" in pathlib.Path("kit/announcement-it.txt").read_text()
    assert "10:25 Europe/Rome" in pathlib.Path("kit/poster.svg").read_text()
    place("kit", uid, "tokyo", "--page", "page.html", "--zone", "Asia/Tokyo")
    assert "17:25 Asia/Tokyo" in pathlib.Path("tokyo/announcement.txt").read_text()


@test
def a_title_without_a_language_on_an_english_poster_is_told():
    place, told = valley(), "the title names no language: poster.svg and announcement.txt have their other words in English; with --title.de"
    pathlib.Path("page.html").write_text(PAGE)
    uid = place.declare("--title", "Eine Schweigeminute", "--rule", "2 august at 10:25 in Europe/Rome for 1m")
    place("cosign", uid, "--key", "bela", "--yes")
    place("kit", uid, "kit", "--page", "page.html", err=f"^tocsin: (note: )?{told}")
    assert "Eine Schweigeminute\n\nMonday 2 August 2027" in pathlib.Path("kit/announcement.txt").read_text()
    place("cosign", place("amend", uid, "--title.de", "Eine Schweigeminute", "--key", "anna", "--yes").strip(), "--key", "bela", "--yes")
    place("kit", uid, "kit", "--page", "page.html", err=told)
    assert "Eine Schweigeminute\n\nMontag, 2. August 2027" in pathlib.Path("kit/announcement-de.txt").read_text()
    uid = place.declare("--title", "A minute", "--title.en", "A minute", "--rule", "3 august at 10:25 in Europe/Rome for 1m")
    place("cosign", uid, "--key", "bela", "--yes")
    place("kit", uid, "kit", "--page", "page.html", no_err="names no language")


@test
def of_a_window_by_places_each_is_told_by_its_own_clock():
    place = valley()
    uid = place.declare("--title", "Sunset", "--title.de", "Sonnenuntergang",
                        "--rule", "21 june at sunset in Genoa, Marseille, Barcelona and Tunis for 10m")
    place("cosign", uid, "--key", "bela", "--yes")
    made = kit(place, uid, "--url", URL)
    told = dict(re.findall(r"^(\S+) (\d\d:\d\d(?::\d\d)? \(.* UTC\))$", (made / "announcement-de.txt").read_text(), re.M))
    assert sorted(told) == ["Barcelona", "Genua", "Marseille", "Tunis"], told
    ahead = {"Tunis": 1, "Genua": 2, "Marseille": 2, "Barcelona": 2}  # of UTC in June
    for name, said in told.items():
        hour, utc = re.findall(r"\d\d:\d\d(?::\d\d)?", said)
        assert int(hour[:2]) == int(utc[:2]) + ahead[name] and hour[2:] == utc[2:], (name, said)
    poster = [text.text for text in ElementTree.parse(made / "poster-de.svg").getroot().iter("{http://www.w3.org/2000/svg}text")]
    assert {f"{name} {said.split(' ')[0]}" for name, said in told.items()} <= set(poster), poster
    assert "Africa/Tunis" not in " ".join(poster)
    events = icalendar.Calendar.from_ical((made / "window.ics").read_bytes()).walk("VEVENT")
    first = {str(e["LOCATION"]): e.decoded("DTSTART").strftime("%H:%M") for e in reversed(events)}
    assert len(first) == 4 and set(first.values()) == {re.search(r"\((\d\d:\d\d)", said)[1] for said in told.values()}, (first, told)


@test
def a_poster_has_as_many_places_as_it_holds():
    place = valley()
    cities = ("Rome, Paris, Berlin, Tokyo, Nairobi, Genoa, Marseille, Tunis, Seoul, Beijing, Lisbon, Cairo, Oslo, Lima, Honolulu, Manila, Jakarta, "
              "Hanoi, Prague, Dakar, Accra, Lagos, Vienna, Warsaw, Mumbai, Delhi, New York, Los Angeles")
    uid = place.declare("--title", "Sunset", "--title.ja", "日没", "--rule", f"21 june at sunset at {cities} for 10m")
    place("cosign", uid, "--key", "bela", "--yes")
    made = kit(place, uid, "--url", URL)
    lines = [text.text for text in ElementTree.parse(made / "poster-ja.svg").getroot().iter("{http://www.w3.org/2000/svg}text")]
    hours = sum(len(re.findall(r"\d\d:\d\d", line)) for line in lines)
    assert 10 < hours < 28 and f"ほか{28 - hours}か所" in lines, lines
    assert len(re.findall(r"\(.* UTC\)", (made / "announcement-ja.txt").read_text())) == 28


@test
def posters_are_pictures_whose_code_is_read():
    place, uid = bologna()
    made = kit(place, uid, "--url", URL)
    for name in ("poster.svg", "poster-it.svg"):
        svg = ElementTree.parse(made / name).getroot()
        assert (svg.get("width"), svg.get("height")) == ("210mm", "297mm")
        for text in svg.iter("{http://www.w3.org/2000/svg}text"):
            assert 0 < float(text.get("y")) < 2970, text.text
    if browser.PROGRAM and shutil.which("zbarimg"):
        with browser.Browser() as chromium:
            chromium.open((made / "poster.svg").absolute().as_uri(), width=794, height=1123, mobile=False).picture("poster.png")
        read = subprocess.run(["zbarimg", "-q", "--raw", "poster.png"], check=True, capture_output=True, text=True)
        assert read.stdout.strip() == f"{URL}plain/{place.root[:16]}/window/{uid}.html"


@test
def lines_of_japanese_end_where_a_phrase_may():
    place = valley()
    uid = place.declare("--title", "Hiroshima", "--title.ja", "ヒロシマのために、みんなで黙とうをささげましょう。どこにいても", "--rule", "6 august at 8:15 in Asia/Tokyo for 1m",
                        "--about", "We remember that morning.", "--about.ja", "あの朝に亡くなった人びとと、いまも苦しむ人びとを思い、「二度とくりかえさない」と心にちかって、窓をあけて静かに立ちます。" * 3)
    place("cosign", uid, "--key", "bela", "--yes")
    lines = [text.text for text in ElementTree.parse(kit(place, uid) / "poster-ja.svg").getroot().iter("{http://www.w3.org/2000/svg}text")]
    assert any(len(line) > 20 for line in lines) and len([line for line in lines if "人びと" in line]) >= 3, lines
    for before, line in zip(lines, lines[1:]):
        assert line[0] not in "、。」ーっゃゅょ々" and before[-1] not in "「（", (before, line)


@test
def the_same_records_are_the_same_bytes_and_a_kit_is_small():
    place, uid = bologna()
    first = {p.name: p.read_bytes() for p in kit(place, uid).iterdir()}
    again = {p.name: p.read_bytes() for p in kit(place, uid, folder="again", at="2026-11-23T23:00:00Z").iterdir()}
    assert first == again
    if BUILT.exists():
        whole = kit(place, uid, page=BUILT.read_text(), folder="whole", out=None)
        assert sum(p.stat().st_size for p in whole.iterdir()) <= 1_000_000
        assert (whole / "tocsin.xdc").stat().st_size <= 120_000  # for chats, where small files travel best
        assert len(gzip.compress(BUILT.read_bytes())) <= 230_000  # and for lines that are slow


@test
def what_is_lacking_is_said():
    place = valley()
    uid = declare_bologna(place)
    place("kit", uid, "kit", code=1, err="not in force")
    place("cosign", uid, "--key", "bela", "--yes")
    contested = place.copy("contested")
    for two in [contested("amend", uid, "--title", title, "--key", "anna", "--yes").strip() for title in ("One", "Two")]:
        contested("cosign", two, "--key", "bela", "--yes")
    contested("kit", uid, "kit", code=1, err="the one before them stays in force")
    place("kit", uid, "kit", "--url", "ftp://x", code=2, err="--url")
    place("kit", uid, "kit", "--zone", "Europe/Nowhere", code=2, err="no such zone")
    place("kit", uid, "kit", "--zone", "Rome", code=2, err='did you mean "Europe/Rome"?')
    place("kit", uid, "kit", "--zone", "Europe/Lisboa", code=2, err='did you mean "Europe/Lisbon"?')
    place("kit", uid, "kit", "--page", "nowhere.html", code=3, err="nowhere.html")
    pathlib.Path("odd.html").write_text("<p>no place")
    place("kit", uid, "kit", "--page", "odd.html", code=3, err="has no place for records")
    place("kit", uid, code=2, err="which window, and which folder")
    pathlib.Path("file").write_text("")
    place("kit", uid, "file/kit", code=3)
    assert not pathlib.Path("kit").exists()


@test
def more_titles_than_a_kit_has_room_for_end_nothing():
    """Our own commands make no such window; a record may be one."""
    place, c = Place(), Constellation()
    tags = (f"{a}{b}{d}" for a in "xyz" for b in "abcde" for d in "abcdefghij")
    titles = "\n".join(f"title.{tag}: {tag}" for tag in tags)
    uid, _ = c.window(int(time.time()) + 86400, title="A minute\n" + titles)
    c.write("many.bundle")
    place("root", "trust", "many.bundle", "--yes", at=None)
    place("sync", "many.bundle", at=None)
    made = kit(place, uid, at=None)
    names = [path.name for path in made.iterdir()]
    assert 150 < len(names) <= 160 and "README.txt" in names and "poster-xaa.svg" in names, names
    place("export", "site", "--zone", "Europe/Rome", at=None)


run()
