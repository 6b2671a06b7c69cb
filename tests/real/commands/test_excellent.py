"""What newcomers found excellent, and what must stay so: a test for each, named for it.  Ctrl-C at the passphrase is in
test_tocsin_terminal, completion in test_tocsin_completion*, lintian in test_packages, a broker that dies in test_demo and
test_net_faults, sync by broker in test_sync_broker."""
import datetime
import functools
import http.server
import os
import pathlib
import re
import shutil
import subprocess
import threading

from organizers import BOLOGNA, Place, bologna, declare_bologna, people, run, test, valley
from pace import patience, stretched

BIN = pathlib.Path(os.environ["TOCSIN_BIN"])


@test
def in_an_empty_home_each_message_names_the_next_command():
    tocsin = Place("empty")
    for words, code, command in ((["list"], 1, "tocsin join FILE"), (["status"], 1, "tocsin join FILE"), (["sync", "."], 2, "tocsin join FILE"),
                                 (["declare", "--title", "x", "--rule", BOLOGNA], 2, "tocsin join FILE"), (["cosign", "0" * 8], 2, "tocsin key new NAME"),
                                 (["root", "list"], 1, "no root is trusted here"), (["show", "x"], 1, "tocsin join FILE")):
        tocsin(*words, code=code, err=command)
    assert not tocsin.config.exists()


@test
def the_preview_has_ten_cities_and_warns_of_clashes_and_of_days_of_mourning():
    tocsin = valley()
    declare_bologna(tocsin)
    for city in ("Los Angeles", "Mexico City", "New York", "São Paulo", "Lagos", "Rome", "Nairobi", "Delhi", "Tokyo", "Auckland"):
        tocsin("declare", "--title", "Party", "--tone", "celebration", "--rule", BOLOGNA, "--key", "anna", code=2, err=f"^{city} +Mon 2027-08-02")
    for said in ('at the same time as "A minute for Bologna"', r"2027 is a day of mourning.*\(tocsin dates [a-z-]+\)"):
        tocsin("declare", "--title", "Party", "--tone", "celebration", "--rule", BOLOGNA, "--key", "anna", code=2, err="warning: .*" + said)


@test
def a_refusal_quotes_the_column_and_what_was_meant():
    tocsin = valley()
    tocsin("declare", "--title", "x", "--rule", "2 augst at 10:25 in Europe/Rome for 1m", "--key", "anna", code=2,
           err=r'^tocsin: rule:1:3: .*\n(tocsin: .*\n)*tocsin:   2 augst at 10:25.*\ntocsin:     \^')
    tocsin("declare", "--title", "x", "--rule", "2 augst at 10:25 in Europe/Rome for 1m", "--key", "anna", code=2, err='did you mean "')


@test
def the_same_amendment_is_refused_with_cosign_it():
    tocsin, uid = bologna()
    first = tocsin("amend", uid, "--title", "Two", "--key", "anna", "--yes").strip()
    tocsin("amend", uid, "--title", "Two", "--key", "bela", "--yes", code=1, err=f"tocsin cosign {first[:16]}")


@test
def a_second_cancellation_is_refused_unless_another_is_meant():
    tocsin, uid = bologna()
    tocsin("cancel", uid, "--reason", "Storm", "--key", "anna", "--yes")
    tocsin("cancel", uid, "--reason", "Rain", "--key", "bela", "--yes", code=1, err="--another")
    tocsin("cancel", uid, "--reason", "Rain", "--another", "--key", "bela", "--yes")


@test
def a_full_disk_asks_for_room_and_leaves_nothing_half_written():
    tocsin = valley()
    shutil.copytree(tocsin.store, "before")
    disk = f"""mount -t tmpfs -o size=1m none {tocsin.store} && cp -r before/. {tocsin.store}
        dd if=/dev/zero of={tocsin.store}/full bs=4096 2>/dev/null
        {BIN}/tocsin declare --title x --rule '{BOLOGNA}' --key anna --yes --at 2026-11-23T12:00:00Z; echo rc=$?
        rm {tocsin.store}/full; diff <(cd before; find . -type f | sort) <(cd {tocsin.store}; find . -type f | sort) && {BIN}/tocsin fsck"""
    done = subprocess.run(["unshare", "-rm", "bash", "-c", disk], env=tocsin.env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert "make room and try again" in done.stderr and "rc=3\n" in done.stdout and " 0 faults\n" in done.stdout, done


@test
def a_damaged_record_is_set_aside_and_healed_by_the_next_sync():
    tocsin, uid = bologna()
    other = tocsin.copy("other")
    for file in (p for p in tocsin.store.rglob("*.rec") if uid in p.read_text()):
        file.write_bytes(file.read_bytes().replace(b"Bologna", b"Bolonga", 1))
        os.utime(file, (0, 0))  # what changed just now may still be arriving
    tocsin("list", code=1, err="put into quarantine")
    tocsin("sync", other.store)
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed")
    tocsin("fsck", out=" 0 faults$")
    assert list((tocsin.store / "quarantine").iterdir())


@test
def a_heartbeat_tells_of_a_source_that_may_be_trimmed():
    tocsin, uid = bologna()
    trimmed = tocsin.copy("trimmed")
    tocsin("heartbeat", "--key", "beacon", "--yes")
    trimmed("forget", uid, "--yes")
    bundle = pathlib.Path("root.bundle")
    bundle.write_bytes(tocsin("root", "show", "--bundle", raw=True))
    trimmed("sync", tocsin.store, "--pull")
    trimmed("forget", uid, "--yes")
    trimmed("list", code=1, err="a source that did not send it may be trimmed; sync with another")


@test
def a_key_that_others_can_read_is_refused_with_the_exact_chmod():
    tocsin = valley()
    key = tocsin.keys / "anna.key"
    key.chmod(0o644)
    tocsin("declare", "--title", "x", "--rule", BOLOGNA, "--key", "anna", "--yes", code=2, err=f"chmod 600 {re.escape(str(key))}$")


@test
def a_wrong_broker_changes_nothing_at_the_start():
    tocsin = valley()
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=int(stretched(6)))  # time to sign, and to start
    uid = tocsin.declare("--title", "Now", "--rule", f"{soon:%Y-%m-%d} at {soon:%H:%M:%S} UTC for 1m", at=None)
    tocsin("cosign", uid, "--key", "bela", "--yes", at=None)
    pathlib.Path("now.bundle").write_bytes(tocsin("show", uid, "--bundle", raw=True, at=None))
    done = subprocess.run([BIN / "tocsin-listen", "--root", "now.bundle", "--bundle", "now.bundle", "--broker", "mqtt://127.0.0.1:1", "--state", "state",
                           "--run", "/bin/touch rang", "--once"], env=tocsin.env, capture_output=True, text=True, timeout=patience(60))
    assert done.returncode == 0 and pathlib.Path("rang").exists(), done
    assert "the countdown goes on without it, and it is tried again" in done.stdout + done.stderr, done


@test
def a_beacon_whose_key_no_root_names_says_which_command_adds_it():
    tocsin = valley()
    pathlib.Path("root.bundle").write_bytes(tocsin("root", "show", "--bundle", raw=True))
    done = subprocess.run([BIN / "tocsin-beacon", "--root", "root.bundle", "--key", tocsin.keys / "eve.key", "--broker", "mqtt://127.0.0.1:1", "--store",
                           "beacon-store"], env=tocsin.env, capture_output=True, text=True, timeout=patience(60))
    assert done.returncode == 1 and "tocsin root rotate" in done.stderr + done.stdout, done


@test
def sync_by_folder_and_web_works_the_first_time():
    tocsin, uid = bologna()
    pathlib.Path("root.bundle").write_bytes(tocsin("root", "show", "--bundle", raw=True))
    tocsin("export", "site", "--key", "site", "--zone", "Europe/Rome", "--yes")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="site")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for name, source in (("folder", tocsin.store), ("web", f"http://127.0.0.1:{server.server_port}/")):
            other = people(place=name)
            other("root", "trust", "root.bundle", "--yes")
            other("sync", source)
            assert other.status(uid) == "confirmed", name
        server.shutdown()


run()
