"""Nothing that a record says gets into HTML, SVG or JSON but as text: the corpus of the fuzz targets, and more, against a
real HTML parser that forgives nothing, held against the elements and attributes of a page with plain texts."""
import json
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as ElementTree

import html5lib

OURS = os.environ["TOCSIN_TESTS"] + "/ours_site"
CORPUS = pathlib.Path(os.environ["TOCSIN_SOURCE"], "tests/fuzz/corpus")
SCHEMES = re.compile(r"(\.\./|[A-Za-z0-9]+(/|\.html|\.ics|\.svg|\.css|\.png|\.tocsin)|#|webcal://example\.org/|https://example\.org/"
                     r"|https://calendar\.google\.com/calendar/r\?cid=webcal%3A|https://outlook\.live\.com/calendar/0/addfromweb\?url=|https?://[!#-;=?-~]+$)")


def pages_of(name, texts):
    folder = pathlib.Path("pages-" + name)
    subprocess.run([OURS, folder], input=texts, check=True)
    return folder


def html_of(folder):
    """One page of each template, in other languages: without one, with titles in it, and from right to left."""
    return [path for pattern in ("index.html", "where.html", "it/index.html", "plain/*/window/*.html", "ar/*/window/*.html")
            for path in folder.glob(pattern)]


def parsed(path):
    """The elements of a page: (name, attributes); refuses whatever HTML's parser would have to guess at."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    document = parser.parse(path.read_bytes(), transport_encoding="utf-8")
    return list(document.iter())


def kinds(elements):
    return {(one.tag if isinstance(one.tag, str) else "comment", tuple(sorted(map(str, one.attrib)))) for one in elements}


def field(text):
    return text.encode() if isinstance(text, str) else text


def texts_of(first, *fields):
    return bytes([first]) + b"\0".join(map(field, fields))


plain = {}
for first in (0, 4, 8, 12):
    for gesture, place in (("silence", "Bologna"), ("dance", "nowhere at all")):
        folder = pages_of(f"plain-{first}-{gesture}", texts_of(
            first, "Name", "Title", "Titolo", "One\\nTwo", place, gesture, "https://example.org/a"))
        for path in html_of(folder):
            plain.setdefault(path.name if "window" not in path.parts else "window", set()).update(kinds(parsed(path)))
folder = pages_of("plain-empty", texts_of(0, "", "", "", "", "", "", ""))
for path in html_of(folder):
    plain.setdefault(path.name if "window" not in path.parts else "window", set()).update(kinds(parsed(path)))

count = 0
inputs = sorted(CORPUS.glob("feeds_text/*")) + sorted(CORPUS.glob("site_pages/*"))
for number, one in enumerate(inputs):
    texts = one.read_bytes()
    folder = pages_of(f"{number}-{one.name}", texts)
    for path in html_of(folder):
        elements = parsed(path)
        kind = path.name if "window" not in path.parts else "window"
        strange = kinds(elements) - plain[kind]
        assert not strange, (one, path, strange)
        assert sum(e.tag == "script" for e in elements) <= 3 and sum(e.tag == "h1" for e in elements) == 1, (one, path)
        for element in elements:
            for name, value in element.attrib.items():
                assert not str(name).startswith("on"), (one, path, name)
                assert name not in ("href", "src") or SCHEMES.match(value), (one, path, value)
            if element.tag == "script" and element.attrib.get("type") == "application/ld+json":
                said = json.loads(element.text)
                assert set(said) <= {"@context", "@type", "name", "startDate", "endDate", "eventStatus", "eventAttendanceMode",
                                     "location", "organizer", "description", "url"}, (one, said)
                assert said["@type"] == "Event" and said["url"].startswith("https://example.org/"), (one, said)
                assert said["startDate"] == "2027-08-02T08:25:00Z", (one, said)
        count += 1
    for path in folder.rglob("*/*.svg"):
        allowed = {"svg", "title", "style", "defs", "path", "clipPath", "use", "rect", "g", "circle", "text", "tspan"}
        names = {e.tag.split("}")[1] for e in ElementTree.parse(path).iter()}
        assert names <= allowed, (one, path, names - allowed)
        count += 1

# what was written is what is read
texts = texts_of(0, "A <b> & \"c\" 'd'", "</script><script>alert(1)</script>", "Titolo", "<i>\\n&amp;", "x", "silence", "")
folder = pages_of("said", texts)
window = next(path for path in folder.rglob("*.html") if path.match("plain/*/window/*"))
elements = parsed(window)
assert next(e for e in elements if e.tag == "h1").find("span").text == "</script><script>alert(1)</script>"
assert [e.text for e in next(e for e in elements if e.attrib.get("class") == "story").findall("p")] == ["<i>", "&amp;"]
assert json.loads(next(e.text for e in elements if e.attrib.get("type") == "application/ld+json"))["organizer"]["name"] == "A <b> & \"c\" 'd'"
assert next(e for e in parsed(folder / "index.html") if e.tag == "title").text == "A <b> & \"c\" 'd'"
assert count > 80, count
print(f"{count} pages and maps of {len(inputs)} inputs hold nothing but text")
