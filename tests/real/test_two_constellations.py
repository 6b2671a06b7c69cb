"""A constellation that somebody trusts besides another declares a window with the uid of the other's, names its people
and its site, and comes before it or after it in every list: nothing that is said or done of the one is of the other."""
import hashlib
import re
import subprocess

from ask import TOCSIN
from organizers import NOW, bologna, by_hand, run, test

SITE = "https://example.org/feeds/"
TITLE = "Scratch, please call off"


def rival(place, uid, is_first, title=TITLE, seq=0, **window):
    """Trusts a root of mallory's with anna and bela, whom nobody asked, among its organizers, whose id is less or greater
    than the valley's, and takes in a window of it: the other's uid, mallory's words."""
    keys = [(place.keys / f"{name}.pub").read_text().split("\n")[1] for name in ("mallory", "anna", "bela", "stranger")]
    number = 0
    while True:
        text = (f"tocsin root 1\nname: Rival {number}\nversion: 1\nthreshold: 1\norganizer: {keys[0]} mallory\norganizer: {keys[1]} anna\n"
                f"organizer: {keys[2]} bela\nfeed: {keys[3]} {SITE}\nmade: 2026-11-01T00:00:00Z\nexpires: 2030-01-01T00:00:00Z\n")
        root = hashlib.blake2b(text.encode(), digest_size=32).hexdigest()
        if (root < place.root) == is_first:
            break
        number += 1
    place("root", "trust", by_hand(place, text, "mallory")[0], "--yes")
    words = place("show", uid, "--text")
    for key, value in {"root": root, "title": title, **window}.items():
        words = re.sub(f"^{key}: .*", f"{key}: {value}", words, flags=re.M)
    words = re.sub("^title\\..*\n", "", words, flags=re.M)
    if seq > 0:
        words = re.sub("^seq: 0", f"seq: {seq}\nprev: {'0' * 64}", words, flags=re.M)
    record, id_ = by_hand(place, words, "mallory")
    place.sync(record)
    return root, id_


def both():
    """Places where the rival is the first of both, and the last."""
    for is_first in (True, False):
        yield *bologna(f"first-{is_first}"), is_first


def said(place, *words):
    done = subprocess.run([TOCSIN, *map(str, words), "--at", NOW], env=place.env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return done.stdout + done.stderr


def call_off(place, uid):
    record = place("cancel", f"{place.root[:16]}/{uid}", "--reason", "Storm", "--root", place.root, "--key", "anna", "--yes").strip()
    place("cosign", record, "--key", "bela", "--yes")


@test
def whoever_signs_is_told_of_the_window_that_it_is():
    for place, uid, is_first in both():
        rival(place, uid, is_first)
        record = place("cancel", f"{place.root[:16]}/{uid[:8]}", "--reason", "Storm", "--root", place.root, "--key", "anna", "--yes").strip()
        review = said(place, "cosign", record, "--key", "bela")
        assert "Cancels for good: A minute for Bologna\n" in review and TITLE not in review, review
        amendment = place("amend", f"{place.root[:16]}/{uid[:8]}", "--title", "Two minutes", "--root", place.root, "--key", "chidi", "--yes").strip()
        review = said(place, "cosign", amendment, "--key", "bela")
        assert "was A minute for Bologna" in review and "a cancellation of this window waits" in review, review


@test
def what_was_called_off_is_not_good():
    for place, uid, is_first in both():
        copy = place.keys / "copy.bundle"
        copy.write_bytes(place("show", uid, "--bundle", raw=True))
        place("export", place.keys / "site", "--yes", code=None)
        feed = next((place.keys / "site").glob(f"**/window/{uid}.ics"))
        page = f"{SITE}{place.root[:16]}/window/{uid}.html"
        root, _ = rival(place, uid, is_first)
        for what in (copy, feed, page):
            place("verify", what, out="good .*A minute for Bologna")
        place("verify", page.replace(place.root[:16], root[:16]), out=f"good .*{TITLE}")
        call_off(place, uid)
        for what in (copy, feed, page):
            place("verify", what, code=1, out="no .*A minute for Bologna.*cancelled")
        place("verify", uid, code=1, out=f"(?s)(?=.*good .*\"{TITLE}\" of \"Rival)(?=.*no .*A minute for Bologna.*cancelled)")
        place("verify", f"{place.root[:16]}/{uid}", code=1, out="no .*A minute for Bologna")


@test
def a_cancellation_stays_whatever_became_of_the_others():
    for place, uid, is_first in both():
        rival(place, uid, is_first, expires="2026-11-02T00:00:00Z")
        call_off(place, uid)
        place("forget", f"{place.root[:16]}/{uid}", "--yes", err="the cancellation [0-9a-f]{16} stays")


@test
def digits_and_titles_sign_for_one_window_alone():
    """bela was named an organizer of the rival's, whose window is many steps ahead and has the very title."""
    for place, uid, is_first in both():
        amendment = place("amend", uid, "--title", "Two minutes", "--key", "anna", "--yes").strip()
        root, forged = rival(place, uid, is_first, "A minute for Bologna", 7)
        names = [f"{of[:16]}/{uid[:8]}" for of in (place.root, root)]
        for word in (uid, uid[:8], "minute for bologna"):
            refused = said(place, "cosign", word, "--key", "bela", "--yes")
            assert all(name in refused for name in names) and forged not in refused, refused
        place("cosign", names[0], "--key", "bela", "--yes", out=f"^{amendment}$")
        listed = place("list", "--format", "tsv").splitlines()
        assert sorted(line.split("\t")[4] for line in listed[1:]) == ["A minute for Bologna", "Two minutes"], listed


@test
def eight_digits_that_two_have_are_not_what_one_is_told_to_type():
    """One key of three declares a window whose uid begins as another's does."""
    place, uid = bologna()
    text = place("show", uid, "--text")
    other = uid[:10] + "".join("0" if c != "0" else "1" for c in uid[10:])
    place.sync(by_hand(place, re.sub("^uid: .*", f"uid: {other}", text, flags=re.M), "chidi")[0])
    place("show", uid[:8], code=2, err=f"(?s)say which:.*  {uid[:11]}  confirmed")
    place("cosign", uid[:8], "--key", "bela", code=2, err=f"(?s)(?=.*{uid[:11]})(?=.*{other[:11]})")
    place("cancel", uid[:11], "--reason", "Storm", "--key", "anna", "--yes", err=f"tocsin show {uid[:11]} --out FILE")


run()
