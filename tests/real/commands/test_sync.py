"""tocsin sync and root trust: what comes in from copies of any kind, what is refused and told, what is left as it is."""
import base64
import functools
import http.server
import json
import os
import pathlib
import re
import shutil
import socketserver
import subprocess
import threading

from ask import TOCSIN
from dripper import Dripper, slowly
from organizers import Place, bologna, run, test, valley, with_a_past
from pace import patience


def serve(folder):
    """Any web server will do; here Python's."""
    server = socketserver.TCPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


class Quiet(http.server.SimpleHTTPRequestHandler):
    heads = []

    def log_message(self, *args):
        self.heads.append(str(self.headers))


def declare(place, title, root, keys):
    return place("declare", "--title", title, "--rule", "easter at 10:00 UTC", "--for", "1m", "--root", root[:16], "--key",
                 keys / "anna.key", "--yes").strip()


def cosign(place, what, root, keys):
    place("cosign", what, "--root", root[:16], "--key", keys / "bela.key", "--yes")


def root_bundle(place):
    bundle = pathlib.Path.cwd() / "ours.bundle"
    bundle.write_bytes(place("root", "show", "--bundle", "--root", place.root[:16], raw=True))
    return bundle


def files_in(folder):
    return {p.relative_to(folder): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


def make_root(place, name):
    root = place("root", "new", name, "--threshold", 2, "--organizer", "anna", "--organizer", "bela", "--organizer", "chidi",
                 "--beacon", "beacon", "--key", "anna", "--yes").strip()
    cosign(place, root, root, place.keys)
    return root


@test
def a_library_that_is_not_there_is_missed_by_what_needs_it_alone():
    """libcurl and libmicrohttpd are loaded when a site is asked, or is to be one."""
    place = valley()
    without = pathlib.Path("without")
    without.mkdir()
    for soname in "libcurl.so.4", "libmicrohttpd.so.12":
        (without / soname).touch()
    env = {"LD_LIBRARY_PATH": str(without.absolute())}
    place("explain", "easter at 10:00 UTC for 1m", env=env)
    for words in (["sync", "http://valley.example/"], ["join", "http://valley.example/#" + 64 * "0", "--yes"]):
        place(*words, env=env, code=3, err="libcurl.so.4 cannot be loaded: apt-get install libcurl4")
    place("serve", "--listen", "127.0.0.1:0", at=None, env=env, code=3, err="libmicrohttpd.so.12 cannot be loaded: apt-get install")


@test
def a_root_trusted_at_a_later_version_is_enough():
    """tocsin-records(5): a root given by hand is the anchor at its version; nobody has to have version 1."""
    old, here = valley(), pathlib.Path.cwd()
    keys = old.keys
    first = make_root(old, "Rotated")
    second = old("root", "rotate", "--root", first[:16], "--organizer", "anna", "--organizer", "bela", "--organizer", "dora",
                     "--key", "anna", "--yes").strip()
    cosign(old, second, first, keys)
    for part in ("records", "sigs"):
        for file in (old.store / part / second[:2]).glob(f"{second}*"):
            shutil.copy(file, here)
    record = here / f"{second}.rec"
    new = Place("new")
    new("sync", record, code=2, err="no root is trusted")
    new("root", "trust", record, "--yes", no_err="refused")
    new("root", "show", out="^version    2 ")
    assert new.sync(record, no_err="refused")["refused"] == 0
    uid = declare(new, "Under version 2", first, keys)
    assert new.status(uid) == "tentative"
    cosign(new, uid, first, keys)
    assert new.status(uid) == "confirmed"
    new("show", uid, out="^status     confirmed", no_err="signatures of its own")
    new("fsck", out=" 0 faults$")
    # a store made later has it too, and so has a stick
    new.store = here / "later-store"
    new.env["TOCSIN_HOME"] = str(new.store)
    later = declare(new, "In a new store", first, keys)
    cosign(new, later, first, keys)
    assert new.status(later) == "confirmed"
    sent = new.sync(here / "later-stick", "--create", no_err="refused")
    assert sent["records_sent"] == 2 and sent["signatures_sent"] == 4, sent
    # nobody else's version 2 comes in
    stranger = Place("first")
    stranger("root", "trust", old.store / f"records/{first[:2]}/{first}.rec", "--yes")
    text = record.read_text().replace("name: Rotated", "name: Seized")
    for old_key, new_key in (("anna", "eve"), ("bela", "mallory")):
        line = (keys / f"{new_key}.pub").read_text().split("\n")[1]
        text = text.replace((keys / f"{old_key}.pub").read_text().split("\n")[1], line)
    seized = here / "seized.rec"
    seized.write_text(text)
    subprocess.run(["minisign", "-S", "-s", keys / "eve.key", "-m", seized, "-x", here / "seized.eve.minisig"], check=True,
                   capture_output=True, env=old.env)
    assert stranger.sync(seized, code=1, err="no organizer known here signed this root")["refused"] == 1
    # in a new store a root that only the config has is there as well, and says what it lacks
    old.store = here / "emptied-store"
    old.env["TOCSIN_HOME"] = str(old.store)
    half = declare(old, "Under an unsigned copy", first, keys)
    assert old.status(half) == "tentative"
    assert old.sync(here / "home-store", no_err="refused")["signatures"] >= 4
    cosign(old, half, first, keys)
    assert old.status(half) == "confirmed"


@test
def what_is_refused_is_told():
    """The same reason whether it came as a folder, a file or by a site."""
    home, other, here = valley(), Place("other"), pathlib.Path.cwd()
    root, keys, bundle = home.root, home.keys, root_bundle(home)
    foreign = make_root(home, "Foreign")
    declare(home, "Foreign window", foreign, keys)
    ours = declare(home, "Our window", root, keys)
    other("root", "trust", bundle, "--yes")
    came = other.sync(home.store, "--pull", err=f"refused 2 records of the constellation {foreign[:16]}: its root is not trusted")
    assert came["refused"] == 2 and other.status(ours) == "tentative", came
    other.sync(home.store, err="refused 2 records")
    # a record that somebody put there without a signature
    bare = here / "bare"
    shutil.copytree(home.store, bare)
    shutil.rmtree(bare / "sigs")
    lone = declare(home, "Nobody's", root, keys)
    (record,) = [p for p in (home.store / "records").glob("*/*.rec") if lone.encode() in p.read_bytes()]
    (bare / "records" / record.parent.name).mkdir(exist_ok=True)
    shutil.copy(record, bare / "records" / record.parent.name)
    came = other.sync(bare, "--pull", err=f"refused {record.stem[:12]}: it comes without a signature")
    assert came["refused"] == 3 and other.status(lone) is None, came
    # by a file and by a site
    both = home("show", declare(home, "Another", foreign, keys), "--root", foreign[:16], "--bundle", raw=True)
    site = here / "site"
    site.mkdir()
    (here / "both.bundle").write_bytes(both)
    (site / f"{root[:16]}.tocsin").write_bytes(both)
    assert other.sync(here / "both.bundle", code=1, err="refused [0-9a-f]{12}: it belongs to another")["refused"] == 2
    server, url = serve(site)
    with server:
        assert other.sync(url, err="refused [0-9a-f]{12}: it belongs to another")["refused"] == 2
        other("root", "trust", here / "both.bundle", "--yes")
        (site / f"{root[:16]}.tocsin").write_bytes(bundle.read_bytes())
        (site / f"{foreign[:16]}.tocsin").write_bytes(both)
        came = other.sync(url, no_err="refused")  # the counts of two bundles together
        assert came["known"] == 3 and came["refused"] == 0, came
        server.shutdown()


@test
def a_source_that_is_only_read_stays_as_it_is():
    (home, _), reader, here = bologna(), Place("reader"), pathlib.Path.cwd()
    root = home.root
    reader("root", "trust", root_bundle(home), "--yes")
    source = here / "unsound"
    shutil.copytree(home.store, source)
    record = next(p for p in (source / "records").glob("*/*.rec") if p.stem != root)
    record.chmod(0o600)
    record.write_bytes(record.read_bytes()[:-1])
    os.utime(record, (1e9, 1e9))  # long ago: not a file that is still arriving
    debris = record.parent / ("." + "0" * 70)
    debris.write_text("left by a writer that died")
    os.utime(debris, (1e9, 1e9))
    before = files_in(source)
    reader.sync(source, "--pull", err=f"^tocsin: unsound, and left: {re.escape(str(record))}: ")
    assert files_in(source) == before, "a source that was only read has changed"
    assert not (reader.store / "quarantine").exists()
    reader.sync(source, err=f"^tocsin: put into quarantine: {re.escape(str(record))}: ")
    assert not record.exists() and (source / "quarantine" / record.name).exists()


@test
def a_changed_key_id_is_told():
    """One bit of a signature's key id: the signature is a stranger's, the window lacks one, and the person hears of it."""
    home, reader, here = valley(), Place("bits"), pathlib.Path.cwd()
    root, keys = home.root, home.keys
    uid = declare(home, "Two have signed", root, keys)
    cosign(home, uid, root, keys)
    bundle = home("show", uid, "--bundle", raw=True)
    ids = {r["id"] for r in json.loads(home("key", "list", "--format", "json"))}
    start = bundle.index(b"untrusted comment", bundle.index(b"Two have signed"))
    line = bundle.index(b"\n", start) + 1
    signature = bytearray(base64.b64decode(bundle[line:bundle.index(b"\n", line)]))
    key_id = signature[2:10][::-1].hex()
    assert key_id in ids, (key_id, ids)
    signature[9] ^= 1
    (here / "bit.bundle").write_bytes(bundle[:line] + base64.b64encode(signature) + bundle[bundle.index(b"\n", line):])
    reader("root", "trust", root_bundle(home), "--yes")
    strange = signature[2:10][::-1].hex()
    came = reader.sync(here / "bit.bundle", code=1,
                       err=f"refused [0-9a-f]{{12}}: signature by {strange}: no root here names this key as an organizer")
    assert came["refused"] == 1 and reader.status(uid) == "tentative", came
    (here / "whole.bundle").write_bytes(bundle)
    assert reader.sync(here / "whole.bundle")["refused"] == 0 and reader.status(uid) == "confirmed"


@test
def no_folder_becomes_a_store_unasked():
    (home, _), here = bologna(), pathlib.Path.cwd()
    photos, empty, outer = here / "photos", here / "empty", here / "outer"
    photos.mkdir()
    (photos / "2026.jpg").write_text("a photo")
    empty.mkdir()
    outer.mkdir()
    shutil.copytree(home.store, outer / "store")
    for folder in (photos, empty):
        before = files_in(folder)
        home("sync", folder, code=2, err=f"{folder} is no store; give --create to make a store of it$")
        home("sync", folder, "--pull", code=2, err=f"{folder} is no store$")
        assert files_in(folder) == before
    home("sync", outer, code=2, err=f"{outer} is no store; did you mean {outer}/store\\?; give --create to make a store of it$")
    home("sync", f"{outer}/", "--pull", code=2, err=f"did you mean {outer}/store\\?$")
    home("sync", empty, "--pull", "--create", code=2, err="nothing to --create")
    assert not list(empty.iterdir()) and {p.name for p in outer.iterdir()} == {"store"}
    assert home.sync(photos, "--create")["records_sent"] > 1
    assert home.sync(photos)["records_sent"] == 0 and (photos / "2026.jpg").exists()
    (photos / "sigs").rename(photos / "elsewhere")  # half a store is one
    home.sync(photos, "--pull")


@test
def copies_become_one():
    """A stick, a second computer and a third: union both ways, whatever was where."""
    (tocsin, _), here = with_a_past(), pathlib.Path.cwd()
    stick, second, bundle = here / "stick", Place("second"), root_bundle(tocsin)
    tocsin("sync", stick, code=3, err="--create")
    tocsin("sync", tocsin.store, code=2, err="itself")
    tocsin("sync", "gopher://example.org/", code=2, err="sources are")
    second("sync", stick, code=2, err="no root is trusted")
    second("root", "trust", bundle, "--yes")
    mine = tocsin("list", "--format", "tsv")
    row = tocsin.sync(stick, "--create")
    assert row["records_sent"] >= 5 and row["signatures_sent"] >= 8 and row["records"] == 0, row
    again = tocsin.sync(stick)
    assert again["records_sent"] == again["records"] == 0 and again["known"] == row["records_sent"], again
    came = second.sync(stick)
    assert came["records"] + came["known"] == row["records_sent"] and came["refused"] == 0, came
    assert second("list", "--format", "tsv") == mine
    # what is declared there comes back by the stick; a stranger's records stay out
    shutil.copytree(tocsin.keys, second.keys)
    uid = second.declare("--title", "From the second", "--rule", "2027-09-01 at 12:00 UTC for 5m", key="bela")
    second("sync", stick)
    forged = next((stick / "records").glob("*/*.rec"))
    (stick / "records" / "00").mkdir(exist_ok=True)
    (stick / "records/00" / ("0" * 64 + ".rec")).write_bytes(forged.read_bytes())
    os.utime(stick / "records/00" / ("0" * 64 + ".rec"), (1e9, 1e9))
    tocsin("sync", stick, "--pull", err="0000000")
    tocsin("list", "--format", "tsv", out=f"^{uid}\ttentative")
    tocsin("fsck", out=" 0 faults$")
    forged = tocsin("show", uid, "--bundle", raw=True)
    tocsin("forget", uid[:8], "--yes", out="1 record forgotten")
    (here / "forged.bundle").write_bytes(forged.replace(b"From the second", b"From the secOnd"))
    tocsin("sync", here / "forged.bundle", code=1, err="(?i)signature")
    assert uid not in tocsin("list", "--format", "tsv")
    tocsin("sync", bundle, out="ours.bundle")
    tocsin("sync", stick)
    tocsin("list", "--format", "tsv", out=f"^{uid}\ttentative")


@test
def a_site_is_a_source():
    """Any web server that has ROOT8.tocsin will do."""
    (tocsin, _), here = with_a_past(), pathlib.Path.cwd()
    site, third = here / "site", Place("third")
    site.mkdir()
    windows = [r["uid"] for r in json.loads(tocsin("list", "--format", "json"))]
    parts = [tocsin("show", uid, "--bundle", raw=True) for uid in windows]
    (site / f"{tocsin.root[:16]}.tocsin").write_bytes(b"".join(parts))
    (site / "junk.tocsin").write_text("<html>sorry</html>")
    third("root", "trust", root_bundle(tocsin), "--yes")
    server, url = serve(site)
    with server:
        came = third.sync(url)
        assert came["refused"] == 0 and came["signatures"] > 0, came
        again = third.sync(f"{url}/{tocsin.root[:16]}.tocsin")
        assert again["records"] == again["signatures"] == 0 and again["known"] > 0, again
        third("sync", f"{url}/junk.tocsin", code=3, err="not a bundle")
        third("sync", f"{url}/absent.tocsin", code=3, err="404")
        third("sync", f"{url}/nowhere/", code=3, err="no bundle")
        server.shutdown()
    assert not any("User-Agent" in head or "Cookie" in head for head in Quiet.heads), Quiet.heads
    third("sync", url, "--timeout", 2, code=3, err="(?i)connect")
    assert third("list", "--format", "tsv") == tocsin("list", "--format", "tsv")


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"


@test
def whoever_drips_is_given_up():
    """Every wait for a network has an end, whatever comes: a body or a head byte by byte, a broker's welcome, a message that
    never is whole, welcomes again and again."""
    place, threads = bologna()[0], []
    welcome = b"\x20\x02\0\0"
    slow = [Dripper(lambda: slowly(HEAD, b"7", 0.1)), Dripper(lambda: slowly(b"HTTP/1.1 200 OK\r\nX: ", b"y", 0.1)),
            Dripper(lambda: iter([(HEAD + b"7" * 10, 0)])), Dripper(lambda: slowly(b"", b"", 1)),
            Dripper(lambda: slowly(b"\x20", b"", 1), "mqtt"), Dripper(lambda: slowly(welcome + b"\x30\xff\xff\x03", b"7", 0.1), "mqtt"),
            Dripper(lambda: iter([(welcome, 0)]), "mqtt")]
    codes = {}

    def ask_one(server, *words):
        done = subprocess.run([TOCSIN, *words, server.url + ("/x.tocsin" if server.url[0] == "h" else "")], env=place.env,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=patience(120))
        codes[server] = (done.returncode, done.stderr)
    if "TOCSIN_DEEP" in os.environ:  # quick enough to pass for slow: the whole has an end, too (15 times the timeout; 20 s of verify)
        slow += [Dripper(lambda: slowly(HEAD, b"7" * 50, 0.1))]
        verified, joined = Dripper(lambda: slowly(HEAD, b"7", 0.1)), Dripper(lambda: slowly(HEAD, b"7", 0.1))
        threads += [threading.Thread(target=ask_one, args=(verified, "verify")), threading.Thread(target=ask_one, args=(joined, "join"))]
    threads += [threading.Thread(target=ask_one, args=(server, "sync", "--timeout", "1")) for server in slow]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == len(threads) and all(code in (1, 3) and said for code, said in codes.values()), codes
    assert all(server.connections for server in codes)


@test
def a_password_in_an_address_is_never_said_again():
    tocsin = valley()
    for words in (["sync", "https://anna:geheim@127.0.0.1:1/"], ["sync", "mqtt://anna:geheim@127.0.0.1:1"], ["sync", "anna:geheim@host:/path"],
                  ["verify", "https://geheim@127.0.0.1/"], ["join", "https://anna:geheim@127.0.0.1:1/x"]):
        said = tocsin(*words, code=None, no_err="geheim")
        assert "geheim" not in said, said


@test
def what_looks_like_a_computer_is_explained():
    place = valley()
    for source, why in (("127.0.0.1:28112", "a site is http://127.0.0.1:28112, a broker mqtt://127.0.0.1:28112"),
                        ("user@host:/path", "not reached by ssh"), ("host:x", "not reached by ssh"),
                        ("valley.example", "a site is https://valley.example"), ("b.example:8883", "a broker is mqtts://b.example:8883")):
        assert place("sync", source, code=2, err=re.escape(why)) == "", "zeros of nothing"
    place("sync", f"http://{'a' * 256}/x.tocsin", code=2, err="no host has so long a name")
    for source in ("nowhere", "back.txt"):
        place("sync", source, code=3, err=f"{source}: No such file or directory")
    assert not list(pathlib.Path.cwd().glob("*example*"))
    place("sync", "--create", "valley.example")
    assert (pathlib.Path.cwd() / "valley.example/records").is_dir()


@test
def what_came_is_told_confirmed_changed_called_off_and_a_new_root():
    tocsin, uid = bologna()
    far = tocsin.copy("far")
    tocsin("cosign", tocsin.declare("--title", "Vigil", "--rule", "4 may at 20:00 UTC for 2m"), "--key", "bela", "--yes")
    far("sync", tocsin.store, env={"TZ": "Asia/Tokyo"}, err=r'^tocsin: confirmed since: "Vigil", Wed 2027-05-05 05:00:00 Asia/Tokyo, in 162 d; signed by (anna, bela|bela, anna)$', no_err="Bologna.*since|since.*Bologna")
    tocsin("cosign", tocsin("amend", uid, "--rule", "2 august at 10:30 in Europe/Rome for 1m", "--key", "anna", "--yes").strip(), "--key", "bela", "--yes")
    far("sync", tocsin.store, err='^tocsin: changed since: "A minute for Bologna" [(]rule 2 august at 10:30 in Europe/Rome for 1m[)], Mon 2027-08-02 08:30:00', no_err="Vigil.*since|since.*Vigil")
    tocsin("cosign", tocsin("cancel", uid, "--reason", "Storm", "--key", "anna", "--yes").strip(), "--key", "bela", "--yes")
    tocsin("cosign", tocsin("root", "rotate", "--lock", "24h", "--key", "anna", "--yes").strip(), "--key", "bela", "--yes")
    tocsin("show", uid, "--out", "off.txt")
    other = far.copy("other")
    for words in (["sync", "off.txt"], ["join", "off.txt", "--key", "chidi"]):
        (far if words[0] == "sync" else other)(*words, err='^tocsin: called off since: "A minute for Bologna", Mon 2027-08-02 08:30:00 .*, in .*; reason Storm; signed by (anna, bela|bela, anna)$')
    far("sync", "off.txt", no_err="since:")
    far("status", out="^Called off:\n  Mon 2027-08-02 .*A minute for Bologna.*Storm")


run()
