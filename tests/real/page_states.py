"""page_states.py -- a constellation in each state that its pages tell of, and the site that tocsin export writes of it:
nothing yet, one window, three hundred, contested, called off, not yet signed by enough."""
import pathlib
import re
import subprocess
import uuid

from organizers import BOLOGNA, bologna, people, valley

MANY = 300
GESTURES = ("silence", "candles", "noise", "mural", "march", "broadcast", "festival")
TONES = ("mourning", "vigil", "celebration", "reflection")


def second(place, record, key="bela"):
    place("cosign", record, "--key", key, "--yes")
    return record


def empty():
    return valley("empty"), None


def one():
    return bologna("one")


def without_address():
    """A root that names no site: what is exported travels on sticks and in chats."""
    place = people("anna", place="without-address")
    place.root = place("root", "new", "Valley", "--threshold", 1, "--organizer", "anna", "--key", "anna", "--yes").strip()
    return place, place.declare("--title", "A minute; for Bologna, together", "--title.it", "Un minuto; per Bologna, insieme", "--rule", BOLOGNA,
                                "--tone", "mourning", "--gesture", "silence")


def unsigned():
    place = valley("unsigned")
    return place, place.declare("--title", "Perhaps a march", "--rule", "1 may at 12:00 in Europe/Rome for 1h", "--gesture", "march")


def called_off():
    place, uid = bologna("called-off")
    place("cancel", uid, "--reason", "The square is flooded.", "--key", "anna", "--yes")
    second(place, next(p.stem for p in place.store.rglob("*.rec") if p.read_bytes().startswith(b"tocsin cancel")))
    return place, uid


def contest(place, uid, rule):
    """Two versions of its second step, each signed by enough: the first step stays in force."""
    rival = place.copy(f"{uid[:8]}-rival")
    for of, minute in ((place, 30), (rival, 35)):
        second(of, of("amend", uid, "--rule", rule.format(minute), "--key", "anna", "--yes").strip())
    place("sync", rival.store)


def contested():
    place, uid = bologna("contested")
    contest(place, uid, "2 august at 10:{} in Europe/Rome for 1m")
    return place, uid


def wave():
    place = valley("wave")
    return place, second(place, place.declare("--title", "Lights in the windows", "--title.uk", "Світло у вікнах", "--title.ja", "窓に灯りを",
                                              "--title.ar", "أضواء في النوافذ", "--title.it", "Luci alle finestre", "--gesture", "candles", "--tone", "vigil",
                                              "--about", "Whoever is at home puts a candle into the window.", "--rule", "24 february at 20:00 everywhere for 15m"))


def crowd():
    """Three hundred windows: one that the program made, and as many like it, signed by stock minisign in one run each."""
    place, uid = bologna("crowd")
    text = place("show", uid, "--text")
    folder = pathlib.Path("many")
    folder.mkdir()
    for number in range(MANY - 1):
        day = f"{number % 28 + 1:02d}"
        month = f"{number % 12 + 1:02d}"
        more = re.sub(r"^uid: .*$", f"uid: {uuid.UUID(int=number + 1).hex}", text, flags=re.M)
        more = re.sub(r"^title(.*): .*$", rf"title\1: Window number {number + 2}, which has quite a long title", more, flags=re.M)
        more = re.sub(r"^gesture: .*$", f"gesture: {GESTURES[number % len(GESTURES)]}", more, flags=re.M)
        more = re.sub(r"^tone: .*$", f"tone: {TONES[number % len(TONES)]}", more, flags=re.M)
        more = re.sub(r"^(at: \d+ \d+)-\d\d-\d\d", rf"\1-{month}-{day}", more, flags=re.M)
        (folder / f"{number}.rec").write_text(more)
    records = sorted(folder.glob("*.rec"))
    for key in ("anna", "bela"):
        subprocess.run(["minisign", "-S", "-W", "-s", place.keys / f"{key}.key", "-m", *records], check=True, capture_output=True)
        for record in records:
            pathlib.Path(f"{record}.minisig").rename(record.with_suffix(f".{key}.minisig"))
    place("sync", *records)
    return place, uid
