"""records_peer.py -- another reader and verifier of records, in another language: written from the manual
page tocsin-records(5) alone, by libsodium (PyNaCl) and hashlib, for test_records_peer.py to hold against
ours.  What cannot be written here from the page is a fault of the page: mend it there first."""
import base64
import binascii
import datetime
import hashlib
import re

import nacl.exceptions
import nacl.signing


class Refused(Exception):
    """The bytes are no record (signature, stream), and why."""


# --- TEXT -------------------------------------------------------------------------------------------

FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
UNIT = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def matched(pattern, text, what):
    found = re.fullmatch(pattern, text, re.A | re.S)
    if not found:
        raise Refused("expected %s: %r" % (what, text))
    return found


def hexadecimal(digits):
    return lambda text: matched("[0-9a-f]{%d}" % digits, text, "%d digits" % digits).group()


def number(text):
    value = int(matched("0|[1-9][0-9]{0,9}", text, "a number").group())
    if value > 2147483647:
        raise Refused("the number is too large")
    return value


def positive(text):
    return number(text) or matched("!", text, "a number from 1")


def day(text):
    year, month, date = map(int, matched(r"(\d{4})-(\d\d)-(\d\d)", text, "a date").groups())
    if not 1700 <= year <= 2249:
        raise Refused("the year is out of range")
    try:
        return datetime.date(year, month, date)
    except ValueError:
        raise Refused("no such day") from None


def clock(hours, minutes, seconds):
    if hours > 23 or minutes > 59 or seconds > 59:
        raise Refused("no such time")
    return (hours * 60 + minutes) * 60 + seconds


def instant(text):
    """Nanoseconds since 1970, as clocks in UTC count."""
    found = matched(r"(.{10})T(\d\d):(\d\d):(\d\d)(?:\.(\d{0,8}[1-9]))?Z", text, "an instant")
    date, hours, minutes, seconds, fraction = found.groups()
    days = (day(date) - datetime.date(1970, 1, 1)).days
    at = days * 86400 + clock(int(hours), int(minutes), int(seconds))
    return at * 10**9 + int((fraction or "").ljust(9, "0"))


def duration(text):
    found = matched("([1-9][0-9]*)([smh])", text, "a duration")
    seconds = int(found[1]) * UNIT[found[2]]
    largest = "h" if seconds % 3600 == 0 else "m" if seconds % 60 == 0 else "s"
    if seconds > 720 * 3600 or found[2] != largest:
        raise Refused("the duration is too long, or not in its largest unit")
    return seconds


def whole_days(text):
    return int(matched("([1-9]|[12][0-9]|30)d", text, "whole days")[1]) * 86400


def unpack(text, size):
    """RFC 4648, section 4, in its one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("not base64") from None
    if len(data) != size or base64.b64encode(data) != (text if isinstance(text, bytes) else text.encode()):
        raise Refused("not the base64 of %d bytes" % size)
    return data


def key(text):
    """(id, public key), 8 and 32 bytes."""
    if len(text) != 56:
        raise Refused("expected a key")
    data = unpack(text, 42)
    if data[:2] != b"Ed":
        raise Refused("expected a key")
    return data[2:10], data[10:]


def keyid_text(identity):
    return identity[::-1].hex()


def url(text):
    found = matched(r"(?:mqtts?|wss?|https?)://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]{2,}\])"
                    r"(?::([1-9][0-9]{0,4}))?"
                    r"(?:[/?#](?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?", text, "a URL")
    if found[1] and int(found[1]) > 65535:
        raise Refused("no such port")
    return text


def plain(text):
    return text


def parted(*readers):
    """Values in one line with one space between; a text at the end goes on to its end."""
    def read(value):
        parts = value.split(" ", len(readers) - 1)
        if len(parts) < len(readers) or (readers[-1] is plain and parts[-1].startswith(" ")):
            raise Refused("expected %d values" % len(readers))
        return tuple(reader(part) for reader, part in zip(readers, parts))
    return read


def wave(text):
    if text in ("place", "day"):
        return text
    found = matched(r"(\d\d):(\d\d)(?::(\d\d))?", text, "a wave")
    if found[3] == "00":
        raise Refused("seconds of 00")
    return clock(*(int(part or 0) for part in found.groups()))


def one_of(*words):
    return lambda text: matched("|".join(words), text, "one of " + " ".join(words)).group()


identity, uid, keyid = hexadecimal(64), hexadecimal(32), hexadecimal(16)


def occurrence(text):
    return matched("[0-9a-z-]{1,16}", text, "an occurrence").group()


TABLES = {
    "root": [("root", "?", identity), ("name", "1", plain), ("version", "1", positive), ("prev", "?", identity),
             ("threshold", "1", positive), ("organizer", "+", parted(key, plain)),
             ("beacon", "*", parted(key, plain)), ("feed", "*", parted(key, url)), ("broker", "*", url),
             ("lock", "?", duration), ("keep", "*100", identity), ("made", "1", instant),
             ("expires", "1", instant)],
    "window": [("root", "1", identity), ("uid", "1", uid), ("seq", "1", number), ("prev", "*", identity),
               ("made", "1", instant), ("title", "+", plain), ("about", "*", plain), ("gesture", "1", plain),
               ("tone", "1", one_of("mourning", "vigil", "celebration", "reflection")), ("rule", "1", plain),
               ("zones", "?", plain), ("on", "*200", parted(occurrence, day)), ("wave", "?", wave),
               ("at", "*200", None), ("off", "*", occurrence), ("for", "1", None), ("rest", "?", duration),
               ("url", "?", url), ("beacon", "*", keyid), ("expires", "1", instant)],
    "cancel": [("root", "1", identity), ("uid", "1", uid), ("seq", "1", positive), ("prev", "+", identity),
               ("made", "1", instant), ("reason", "1", plain)],
    "revoke": [("root", "1", identity), ("key", "1", key), ("made", "1", instant), ("keep", "*100", identity)],
    "heartbeat": [("root", "1", identity), ("by", "1", keyid), ("made", "1", instant), ("next", "1", instant),
                  ("count", "1", number), ("digest", "1", identity), ("holds", "*", identity)],
}
TAG = "[a-z]{2,3}(?:-[a-z0-9]{2,8})*"


def judge_times(times, count):
    most = int(times[1:] or 0) if times[0] == "*" else 0
    if (times in "1+" and count == 0) or (times in "1?" and count > 1) or (most and count > most):
        raise Refused("%d lines where %s are allowed" % (count, times))


def ascend(items, what):
    if any(a >= b for a, b in zip(items, items[1:])):
        raise Refused(what + " do not ascend")


def differ(items, what):
    if len(set(items)) != len(items):
        raise Refused("the same " + what + " twice")


def unescape(text, lines):
    if not re.fullmatch(r"(?:[^\\]|\\\\|\\n)*" if lines else r"(?:[^\\]|\\\\)*", text, re.S):
        raise Refused("a lone backslash")
    return re.sub(r"\\(.)", lambda escape: "\n" if escape[1] == "n" else "\\", text)


class Record:
    """One record.  `lines` maps each key to the list of its values; titles and abouts are (tag, text)."""

    def __init__(self, data):
        if len(data) > 16384:
            raise Refused("too long")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("not UTF-8") from None
        if FORBIDDEN.search(text) or not text.endswith("\n"):
            raise Refused("a forbidden character, or no line feed at the end")
        first, *rest = text[:-1].split("\n")
        self.kind = matched("tocsin (%s) 1" % "|".join(TABLES), first, "the first line")[1]
        self.data, self.id = data, hashlib.blake2b(data, digest_size=32).hexdigest()
        self.lines = {}
        self.read([self.split(line) for line in rest])
        getattr(self, "judge_" + self.kind)()
        self.root = self.lines["root"][0] if self.lines["root"] else self.id

    @staticmethod
    def split(line):
        name, colon, value = line.partition(": ")
        if not colon or not name or ":" in name or not value or value[0] == " " or value[-1] == " ":
            raise Refused("not KEY: VALUE: %r" % line)
        return name, value

    def read(self, pairs):
        extra = [name for name, _ in pairs if name.startswith("x-")]
        for name, value in pairs[len(pairs) - len(extra):]:
            matched(r"x-[a-z0-9.-]+", name, "x- and a name")
            unescape(value, False)
        ascend(extra, "x- keys")
        pairs = pairs[:len(pairs) - len(extra)]
        for name, times, reader in TABLES[self.kind]:
            tagged = name in ("title", "about")
            values = []
            while pairs and (pairs[0][0] == name or (tagged and pairs[0][0].startswith(name + "."))):
                value = unescape(pairs[0][1], name == "about")
                if tagged:
                    values.append((pairs[0][0][len(name) + 1:] if pairs[0][0] != name else None, value))
                else:
                    values.append((reader or getattr(self, "read_" + name))(pairs[0][1]))
                pairs = pairs[1:]
            judge_times(times, len(values))
            if tagged and values:
                self.judge_tags([tag for tag, _ in values])
            self.lines[name] = values
        if pairs:
            raise Refused("%r is unknown or out of place" % pairs[0][0])

    @staticmethod
    def judge_tags(tags):
        if tags[0] is not None or None in tags[1:]:
            raise Refused("the line without a tag comes first, once")
        for tag in tags[1:]:
            matched(TAG, tag, "a language tag")
        ascend(tags[1:], "tags")

    def only(self, name):
        return self.lines[name][0] if self.lines[name] else None

    def read_at(self, value):
        if self.only("wave") == "place":
            return parted(occurrence, instant, plain)(value)
        return parted(occurrence, instant)(value) + (None,)

    def read_for(self, value):
        return (whole_days if self.only("wave") == "day" else duration)(value)

    def judge_root(self):
        if {bool(self.lines["root"]), bool(self.lines["prev"])} != {self.only("version") > 1}:
            raise Refused("root and prev go with versions above 1")
        differ(self.lines["keep"], "keep")

    def judge_window(self):
        self.judge_cancel()
        on, at = [one for one, _ in self.lines["on"]], self.lines["at"]
        kind = self.only("wave")
        if kind is None and (on or not at):
            raise Refused("a moment has at lines alone")
        if kind is not None and (not on or (kind == "place") != bool(at)):
            raise Refused("a wave has on lines, and at lines if it is of places")
        if len(on) + len(at) > 200:
            raise Refused("too many occurrences")
        differ(on, "occurrence")
        differ([(one, place) for one, _, place in at], "occurrence")
        if kind == "place" and not set(one for one, _, _ in at) <= set(on):
            raise Refused("an at line without its on line")
        differ(self.lines["off"], "off")
        if not set(self.lines["off"]) <= set(on) | set(one for one, _, _ in at):
            raise Refused("off names no occurrence")
        differ(self.lines["beacon"], "beacon")

    def judge_cancel(self):
        if (self.only("seq") > 0) != bool(self.lines["prev"]):
            raise Refused("prev goes with a seq above 0")
        ascend(self.lines["prev"], "prev ids")

    def judge_revoke(self):
        differ(self.lines["keep"], "keep")

    def judge_heartbeat(self):
        differ(self.lines["holds"], "holds")

    def is_sound(self):
        keys = [one for name in ("organizer", "beacon", "feed") for one, _ in self.lines[name]]
        return (self.only("threshold") <= len(self.lines["organizer"]) and
                len(set(one for one, _ in keys)) == len(set(one for _, one in keys)) == len(keys))

    def keys_for(self, kind):
        """Which keys a root names for records of a kind: organizers, or for heartbeats beacons."""
        if not self.is_sound():
            return []
        return [one for one, _ in self.lines["beacon" if kind == "heartbeat" else "organizer"]]


# --- IDENTITY ---------------------------------------------------------------------------------------

def words(record_id):
    """The four words of an id."""
    spoken = []
    for at in range(0, 16, 4):
        bits = int(record_id[at:at + 4], 16)
        spoken.append("".join(letters[bits >> shift & len(letters) - 1] for shift, letters in (
            (12, "bdfghjklmnprstvz"), (10, "aiou"), (6, "bdfghjklmnprstvz"), (4, "aiou"),
            (0, "bdfghjklmnprstvz"))))
    return " ".join(spoken)


# --- KEYS AND SIGNATURES ----------------------------------------------------------------------------

class Signature:
    def __init__(self, data):
        if len(data) > 4096 or data.count(b"\n") != 4 or data[-1:] != b"\n" or b"\0" in data:
            raise Refused("a signature has four lines, at most 4096 bytes and no zero byte")
        untrusted, first, trusted, second = (line.rstrip(b"\r") for line in data[:-1].split(b"\n"))
        if not untrusted.startswith(b"untrusted comment: ") or not trusted.startswith(b"trusted comment: "):
            raise Refused("the comments are missing")
        packed = unpack(first, 74)
        self.comment = trusted[len(b"trusted comment: "):]
        if packed[:2] != b"ED" or len(self.comment) > 1023:
            raise Refused("not prehashed, or the comment is too long")
        self.id, self.signature, self.whole = packed[2:10], packed[10:], unpack(second, 64)

    def is_good(self, by, data):
        try:
            public = nacl.signing.VerifyKey(by[1])
            public.verify(hashlib.blake2b(data).digest(), self.signature)
            public.verify(self.signature + self.comment, self.whole)
        except nacl.exceptions.BadSignatureError:
            return False
        return by[0] == self.id


# --- SYNC STREAM ------------------------------------------------------------------------------------

def netstring(data, at):
    found = re.compile(rb"(0|[1-9][0-9]{0,7}):").match(data, at)
    if not found or data[found.end() + int(found[1]):][:1] != b",":
        raise Refused("not a netstring")
    return data[found.end():found.end() + int(found[1])], found.end() + int(found[1]) + 1


def stream(data):
    """The items before the bytes stop being a stream: (record, [signature files])."""
    items, at = [], 0
    try:
        while at < len(data) and len(data) - at <= 16777216:
            record, end = netstring(data, at)
            count, end = netstring(data, end)
            if not re.fullmatch(rb"0|[1-9][0-9]?", count) or int(count) > 64:
                raise Refused("not a count")
            files = []
            for _ in range(int(count)):
                one, end = netstring(data, end)
                files.append(one)
            items.append((record, files))
            at = end
    except Refused:
        pass
    return items, at == len(data)


def good_signers(record, files, keys):
    """The public keys of those (id, key) whose good signatures are among the files."""
    signers = set()
    for data in files:
        try:
            signature = Signature(data)
        except Refused:
            continue
        signers |= {by[1] for by in keys if by[0] == signature.id and signature.is_good(by, record.data)}
    return signers


def merge(data, is_by_hand):
    """What a stream brings to who has nothing yet and wants any constellation: id -> public keys."""
    roots, others = [], []
    for bytes_of_record, files in stream(data)[0]:
        try:
            record = Record(bytes_of_record)
        except Refused:
            continue
        (roots if record.kind == "root" else others).append((record, files))
    roots.sort(key=lambda item: item[0].only("version"))
    held, taken = [], {}
    for record, files in roots + others:
        keys = [one for root in held if root.root == record.root for one in root.keys_for(record.kind)]
        signers = good_signers(record, files, keys)
        own = record.keys_for("root") if record.kind == "root" and record.id not in taken else []
        if record.id not in taken:
            if not signers and (not own or not (is_by_hand or record.only("version") == 1)):
                continue
            signers |= good_signers(record, files, own)
            if not signers:
                continue
            taken[record.id] = set()
            if record.kind == "root":
                held.append(record)
        taken[record.id] |= signers
    return taken


# --- MEANING ----------------------------------------------------------------------------------------

class Meaning:
    """What records mean under one anchor at a time.  held: id -> (record, the public keys that signed it).
    Locks are not read here."""

    def __init__(self, held, anchor, now):
        self.now, self.anchor = now, held[anchor][0]
        self.held = {one: pair for one, pair in held.items() if pair[0].root == self.anchor.root}
        self.accepted, self.revokes = [self.anchor], []
        while self.accepted[0].lines["prev"] and self.accepted[0].lines["prev"][0] in self.held:
            self.accepted.insert(0, self.held[self.accepted[0].lines["prev"][0]][0])
        self.is_frozen = False
        self.is_tentative = self.count_own(self.anchor) < self.threshold()
        self.climb()
        self.windows = {}
        for record in self.of("window", "cancel"):
            if self.count(record):
                self.windows.setdefault(record.only("uid"), None)
        self.windows = {one: self.window(one) for one in self.windows}

    def of(self, *kinds):
        return [record for record, _ in self.held.values() if record.kind in kinds]

    def newest(self):
        return self.accepted[-1]

    def threshold(self):
        return self.newest().only("threshold")

    def organizers(self, root):
        return {public for (_, public), _ in root.lines["organizer"]}

    def count_own(self, root):
        return len(self.held[root.id][1] & self.organizers(root))

    def counts(self, public, record):
        naming = [at for at, root in enumerate(self.accepted) if public in self.organizers(root)]
        revokes = [one for one in self.revokes if one.lines["key"][0][1] == public]
        if not naming:
            return False
        if any(record.id in one.lines["keep"] for one in revokes):
            return True
        if naming[-1] == len(self.accepted) - 1:
            return not revokes
        return record.id in self.accepted[naming[-1] + 1].lines["keep"]

    def count(self, record):
        return sum(self.counts(public, record) for public in self.held[record.id][1])

    def judge_revokes(self):
        self.revokes = []
        found = []
        for revoke in self.of("revoke"):
            keys = self.held[revoke.id][1] - {revoke.lines["key"][0][1]}
            if sum(self.counts(public, revoke) for public in keys) >= self.threshold():
                found.append(revoke)
        self.revokes = found

    def climb(self):
        while True:
            self.judge_revokes()
            if self.is_tentative:
                return
            now = self.newest()
            successors = [root for root in self.of("root")
                          if root.is_sound() and root.only("version") == now.only("version") + 1 and
                          root.only("prev") == now.id and self.count(root) >= self.threshold() and
                          self.count_own(root) >= root.only("threshold")]
            revoked = {one.lines["key"][0][1] for one in self.revokes}
            if len(successors) != 1:
                self.is_frozen = bool(successors) or len(self.organizers(now) - revoked) < self.threshold()
                return
            self.accepted += successors

    def takes_effect(self, record):
        return not self.is_tentative and self.count(record) >= self.threshold()

    def in_force(self):
        """What a heartbeat counts, and its digest."""
        records = ([] if self.is_tentative else self.accepted) + self.revokes
        records += [one for one in self.of("window", "cancel") if self.takes_effect(one)]
        ids = sorted({one.id for one in records})
        return ids, hashlib.blake2b(bytes.fromhex("".join(ids)), digest_size=32).hexdigest()

    def window(self, one):
        """Its state in a word, the record in force, the cancels, the occurrences in force."""
        records = [record for record in self.of("window") if record.only("uid") == one and self.takes_effect(record)]
        cancels = [record for record in self.of("cancel") if record.only("uid") == one and self.takes_effect(record)]
        steps = sorted({record.only("seq") for record in records}, reverse=True)
        by_step = {step: [record for record in records if record.only("seq") == step] for step in steps}
        stands = [step for step in steps if len(by_step[step]) == 1 and
                  (len(by_step.get(step - 1, [])) < 2 or
                   {record.id for record in by_step[step - 1]} <= set(by_step[step][0].lines["prev"]))]
        record = by_step[stands[0]][0] if stands else None
        occurrences = self.occurrences(record) if record and not cancels else []
        if cancels:
            state = "cancelled"
        elif steps and stands[:1] != steps[:1]:
            state = "contested"
        elif not record:
            state = "tentative"
        elif (self.now >= min(record.only("expires"), self.newest().only("expires")) and
              all(end <= self.now for _, _, end in occurrences)):
            state = "expired"
        else:
            state = "confirmed"
        return state, record.id if record else None, {cancel.id for cancel in cancels}, [name for _, name, _ in occurrences]

    def occurrences(self, record):
        """(start, occurrence, end) of those in force, ascending."""
        kind, lasts = record.only("wave"), record.only("for") * 10**9
        if kind in (None, "place"):
            starts = [(at, name, 0) for name, at, _ in record.lines["at"]]
        else:
            clock_s = 0 if kind == "day" else kind
            starts = [(instant("%sT00:00:00Z" % date) + clock_s * 10**9, name, 12 * 3600 * 10**9)
                      for name, date in record.lines["on"]]
        end = min(record.only("expires"), self.newest().only("expires"))
        return sorted((start, name, start + lasts + late) for start, name, late in starts
                      if name not in record.lines["off"] and start < end)
