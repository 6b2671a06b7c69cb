"""A listener of your own, in Python: libtocsin(3) as it is, and ten lines of it that hear brokers.

    import sys, tocsin, paho.mqtt.client as paho
    site = tocsin.Site(root=open(sys.argv[1], "rb").read())
    client = tocsin.connect(site, paho.Client())
    for start in site.starts(client):
        print("begin", start.title, flush=True)

The library verifies and decides; this file carries values over.  Times are seconds, as floats: `mono` is time.monotonic(),
`utc` counts from 1970.  It keeps no threads of its own: call `think` from one thread alone.
"""
from __future__ import annotations

import ctypes as c
import dataclasses
import enum
import os
import queue
import time
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

_WHY, _MARK, _TITLE, _GESTURE, _LINE, _ID, _WORDS, _TOPIC, _URL, _NEWS, _KEY, _NAME = (
    256, 128, 256, 64, 384, 65, 24, 96, 512, 512, 17, 64)


class _Options(c.Structure):
    _fields_ = [("place", c.c_char_p), ("zone_tzif", c.c_char_p), ("zone_size", c.c_size_t), ("languages", c.c_char_p),
                ("latency_ns", c.c_int64), ("secret", c.c_char_p), ("boot", c.c_char_p), ("keeps_memory", c.c_bool),
                ("trust_replay", c.c_bool)]


class _Clocks(c.Structure):
    _fields_ = [("mono_ns", c.c_int64), ("utc_ns", c.c_int64), ("is_synchronised", c.c_bool), ("bound_ns", c.c_int64),
                ("slept_ns", c.c_int64)]


class _Root(c.Structure):
    _fields_ = [("id", c.c_char * _ID), ("words", c.c_char * _WORDS), ("name", c.c_char * _TITLE), ("version", c.c_uint),
                ("threshold", c.c_uint), ("organizers", c.c_size_t), ("line", c.c_char * _LINE)]


class _Counts(c.Structure):
    _fields_ = [(name, c.c_size_t) for name in
                ("records_new", "records_known", "signatures_new", "signatures_known", "refused")]


class _Message(c.Structure):
    _fields_ = [("topic", c.c_char_p), ("bytes", c.c_char_p), ("size", c.c_size_t), ("is_retained", c.c_bool),
                ("broker", c.c_uint), ("mono_ns", c.c_int64)]


class _Topic(c.Structure):
    _fields_ = [("name", c.c_char * _TOPIC), ("qos", c.c_int)]


class _Question(c.Structure):
    _fields_ = [("broker", c.c_uint), ("topic", c.c_char * _TOPIC), ("answer", c.c_char * _TOPIC), ("bytes", c.c_uint8 * 32)]


class _Advice(c.Structure):
    _fields_ = [("has_next", c.c_bool), ("is_late", c.c_bool), ("may_begin", c.c_bool), ("t0_utc_ns", c.c_int64),
                ("end_utc_ns", c.c_int64), ("begin_mono_ns", c.c_int64), ("title", c.c_char * _TITLE),
                ("gesture", c.c_char * _GESTURE), ("mark", c.c_char * _MARK), ("now_utc_ns", c.c_int64),
                ("is_bounded", c.c_bool), ("earliest_utc_ns", c.c_int64), ("latest_utc_ns", c.c_int64),
                ("earliest_rests", c.c_int), ("latest_rests", c.c_int), ("doubt_kind", c.c_int), ("doubt", c.c_char_p),
                ("must_save", c.c_bool), ("has_changed", c.c_bool), ("wake_mono_ns", c.c_int64)]


class _Window(c.Structure):
    _fields_ = [("mark", c.c_char * _MARK), ("root", c.c_size_t), ("title", c.c_char * _TITLE),
                ("gesture", c.c_char * _GESTURE), ("tone", c.c_char_p), ("wave", c.c_int), ("has_t0", c.c_bool),
                ("t0_utc_ns", c.c_int64), ("end_utc_ns", c.c_int64), ("duration_ns", c.c_int64), ("state", c.c_int),
                ("is_contested", c.c_bool), ("is_alerted", c.c_bool), ("signatures", c.c_size_t), ("threshold", c.c_size_t)]


class _Freshness(c.Structure):
    _fields_ = [("beacons", c.c_size_t), ("told", c.c_size_t), ("needed", c.c_size_t), ("is_stale", c.c_bool),
                ("has_until", c.c_bool), ("until_utc_ns", c.c_int64)]


class _News(c.Structure):
    _fields_ = [("kind", c.c_int), ("mark", c.c_char * _MARK), ("text", c.c_char * _NEWS)]


class State(enum.Enum):
    """What became of an occurrence here; tocsin.h says what each means."""
    COMING, ARMED, BEGUN, JOINED, BEFORE, OVER, ELSEWHERE, TENTATIVE, OFF, CANCELLED, EXPIRED = range(11)


@dataclasses.dataclass(frozen=True)
class Root:
    """What people compare."""
    id: str
    words: str
    name: str
    version: int
    threshold: int
    organizers: int


@dataclasses.dataclass(frozen=True)
class Freshness:
    """Whether the records of a root are known to be all: stale when fewer of its beacons than needed have told in time what
    is in force.  until: when it is so no more, or since when it is stale; None: no beacon ever told."""
    beacons: int
    told: int
    needed: int
    is_stale: bool
    until: float | None


@dataclasses.dataclass(frozen=True)
class Window:
    """One occurrence of a declared window; t0 is None where it depends on a zone that was not given."""
    mark: str
    title: str
    gesture: str
    tone: str
    t0: float | None
    duration: float
    state: State


@dataclasses.dataclass(frozen=True)
class Shot:
    """A start that is planned: begin when the monotonic clock reads `begin`, if it is not held."""
    mark: str
    begin: float
    is_held: bool


@dataclasses.dataclass(frozen=True)
class Question:
    broker: int
    topic: str
    answer: str
    payload: bytes


@dataclasses.dataclass(frozen=True)
class Thought:
    utc: float
    earliest: float | None
    latest: float | None
    doubt: str
    next: str | None
    wake: float
    has_changed: bool
    must_save: bool
    shots: list[Shot]
    questions: list[Question]
    news: list[str]


class Refused(ValueError):
    """The bytes are not what they should be."""


def _library() -> c.CDLL:
    found = c.CDLL(os.environ.get("LIBTOCSIN", "libtocsin.so.0"))
    for name in ("new", "free", "anchor", "anchor_by_id", "root", "records", "freshness", "window", "broker", "topic", "heard", "link",
                 "question", "think", "shot", "news", "began", "memory", "saved", "remember", "version"):
        function = getattr(found, "tocsin_" + name)
        function.restype = c.c_int
        if name in ("root", "freshness", "window", "broker", "topic", "question", "shot", "news", "began"):
            function.restype = c.c_bool
    found.tocsin_new.restype = c.c_void_p
    found.tocsin_memory.restype = c.c_size_t
    found.tocsin_version.restype = c.c_char_p
    return found


class Site:
    """One listener.  root: the file that was given to this site by hand, or bytes of whomever with root_id.
    bound: the half-width in seconds within which somebody vouches for this host's clock; None: nobody does, and beacons
    are asked.  memory: a file in which it keeps what must survive a restart."""

    def __init__(self, root: bytes, root_id: str | None = None, *, languages: str = "", place: str | None = None,
                 zone: bytes | None = None, latency: float = 0, bound: float | None = None, memory: str | None = None) -> None:
        self._c = _library()
        self.bound, self.memory = bound, memory
        boot = None
        if os.path.exists("/proc/sys/kernel/random/boot_id"):
            with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
                boot = bytes.fromhex(file.read().strip().replace("-", ""))
        options = _Options(languages=languages.encode() or None, place=place.encode() if place else None, zone_tzif=zone,
                           zone_size=len(zone or b""), latency_ns=int(latency * 1e9), secret=os.urandom(32), boot=boot,
                           keeps_memory=memory is not None)
        self._site = c.c_void_p(self._c.tocsin_new(c.byref(options)))
        if not self._site:
            raise MemoryError("no memory, or the zone is not a TZif file")
        if memory is not None and os.path.exists(memory):
            with open(memory, "rb") as file:
                text = file.read()
            if self._c.tocsin_remember(self._site, text, c.c_size_t(len(text))) != 0:
                raise Refused(f"{memory}: not all of it is a memory; it keeps gestures from beginning twice")
        why = c.create_string_buffer(_WHY)
        size = c.c_size_t(len(root))
        result = (self._c.tocsin_anchor(self._site, root, size, why) if root_id is None else
                  self._c.tocsin_anchor_by_id(self._site, root_id.encode(), root, size, why))
        if result != 0:
            raise Refused(why.value.decode())
        self._heard: queue.SimpleQueue[tuple[str, bytes, bool, float] | bool] = queue.SimpleQueue()

    def __del__(self) -> None:
        if getattr(self, "_site", None):
            self._c.tocsin_free(self._site)

    def _clocks(self) -> Any:
        slept = time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.monotonic_ns() if hasattr(time, "CLOCK_BOOTTIME") else 0
        return c.byref(_Clocks(mono_ns=time.monotonic_ns(), utc_ns=time.time_ns(), is_synchronised=self.bound is not None,
                               bound_ns=int((self.bound or 0) * 1e9), slept_ns=slept // 10**8 * 10**8))

    def _list(self, function: Any, kind: Callable[[], Any]) -> Iterator[Any]:
        n, out = 0, kind()
        while function(self._site, c.c_size_t(n), c.byref(out)):
            yield out
            n, out = n + 1, kind()

    def roots(self) -> list[Root]:
        return [Root(one.id.decode(), one.words.decode(), one.name.decode(), one.version, one.threshold, one.organizers)
                for one in self._list(self._c.tocsin_root, _Root)]

    def freshness(self) -> list[Freshness]:
        """Of each of roots(), at the time of the last think."""
        return [Freshness(one.beacons, one.told, one.needed, one.is_stale, one.until_utc_ns / 1e9 if one.has_until else None)
                for one in self._list(self._c.tocsin_freshness, _Freshness)]

    def brokers(self) -> list[str]:
        return [one.value.decode() for one in self._list(self._c.tocsin_broker, lambda: c.create_string_buffer(_URL))]

    def topics(self) -> list[tuple[str, int]]:
        return [(one.name.decode(), one.qos) for one in self._list(self._c.tocsin_topic, _Topic)]

    def windows(self) -> list[Window]:
        return [Window(one.mark.decode(), one.title.decode(), one.gesture.decode(), one.tone.decode(),
                       one.t0_utc_ns / 1e9 if one.has_t0 else None, one.duration_ns / 1e9, State(one.state))
                for one in self._list(self._c.tocsin_window, _Window)]

    def put(self, records: bytes) -> int:
        """Takes records, whoever sent them; how many were new."""
        counts = _Counts()
        if self._c.tocsin_records(self._site, records, c.c_size_t(len(records)), c.byref(counts)) != 0:
            raise Refused("nothing in it could be read or verified")
        return int(counts.records_new)

    def link(self, broker: int, is_up: bool) -> None:
        self._c.tocsin_link(self._site, self._clocks(), c.c_uint(broker), c.c_bool(is_up))

    def heard(self, topic: str, payload: bytes, is_retained: bool, mono: float, broker: int = 0) -> bool:
        """A message of a broker; false: nothing was learnt from it."""
        message = _Message(topic.encode(), payload, len(payload), is_retained, broker, int(mono * 1e9))
        return bool(self._c.tocsin_heard(self._site, self._clocks(), c.byref(message)) == 0)

    def think(self) -> Thought:
        advice = _Advice()
        self._c.tocsin_think(self._site, self._clocks(), c.byref(advice))
        if advice.must_save and self.memory is not None:
            self._save()
            self._c.tocsin_think(self._site, self._clocks(), c.byref(advice))
        return Thought(advice.now_utc_ns / 1e9, advice.earliest_utc_ns / 1e9 if advice.is_bounded else None,
                       advice.latest_utc_ns / 1e9 if advice.is_bounded else None, advice.doubt.decode(),
                       advice.mark.decode() or None, advice.wake_mono_ns / 1e9, advice.has_changed, advice.must_save,
                       list(self._shots()), list(self._questions()), list(self._news()))

    def _shots(self) -> Iterator[Shot]:
        n, mark, begin, may_begin = 0, c.create_string_buffer(_MARK), c.c_int64(), c.c_bool()
        while self._c.tocsin_shot(self._site, c.c_size_t(n), mark, c.byref(begin), c.byref(may_begin)):
            yield Shot(mark.value.decode(), begin.value / 1e9, not may_begin.value)
            n += 1

    def _questions(self) -> Iterator[Question]:
        one = _Question()
        while self._c.tocsin_question(self._site, c.byref(one)):
            yield Question(one.broker, one.topic.decode(), one.answer.decode(), bytes(one.bytes))

    def _news(self) -> Iterator[str]:
        one = _News()
        while self._c.tocsin_news(self._site, c.byref(one)):
            yield one.text.decode()

    def _save(self) -> None:
        assert self.memory is not None
        size = self._c.tocsin_memory(self._site, None, c.c_size_t(0)) + 1
        text = c.create_string_buffer(size)
        self._c.tocsin_memory(self._site, text, c.c_size_t(size))
        with open(self.memory + ".new", "wb") as file:
            file.write(text.value)
            file.flush()
            os.fsync(file.fileno())
        os.replace(self.memory + ".new", self.memory)
        folder = os.open(os.path.dirname(os.path.abspath(self.memory)), os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        self._c.tocsin_saved(self._site)

    def sent(self, question: Question) -> None:
        """The question is about to be written: half of what passed since its thought would count as an error of the clock."""
        self._c.tocsin_sent(self._site, question.payload, c.c_int64(time.monotonic_ns()))

    def began(self, mark: str) -> bool:
        """It begins, or began elsewhere or before: never again.  False: not a mark."""
        return bool(self._c.tocsin_began(self._site, mark.encode()))

    def starts(self, client: Any = None) -> Iterator[Window]:
        """Waits, and yields each window at the moment in which it begins.  client: what connect() returned."""
        while True:
            thought = self.think()
            if client is not None:
                for question in thought.questions:
                    client.subscribe(question.answer, 0)
                    self.sent(question)
                    client.publish(question.topic, question.payload, 0)
                if thought.has_changed and client.is_connected():
                    client.subscribe(self.topics())
            due = [shot for shot in thought.shots if not shot.is_held and shot.begin <= time.monotonic()]
            for shot in due:
                self.began(shot.mark)
                yield next(window for window in self.windows()  # the places of one wave share a mark
                           if window.mark == shot.mark and window.state is not State.ELSEWHERE)
            if due:
                continue
            wake = min([thought.wake] + [shot.begin for shot in thought.shots])
            if wake - time.monotonic() < 0.02 and wake in [shot.begin for shot in thought.shots]:
                while time.monotonic() < wake:  # the last milliseconds are not a queue's to give away
                    pass
                continue
            try:
                self._take(self._heard.get(timeout=max(0.001, wake - 0.015 - time.monotonic())))
            except queue.Empty:
                pass

    def _take(self, heard: tuple[str, bytes, bool, float] | bool) -> None:
        if isinstance(heard, bool):
            self.link(0, heard)
        else:
            self.heard(*heard)


def connect(site: Site, client: Any, url: str | None = None) -> Any:
    """Joins a client of paho-mqtt to the first broker that the root names, or to url, and starts its thread: what it hears
    waits for starts()."""
    url = url or next((one for one in site.brokers() if one.startswith("mqtt")), None)
    if url is None:
        raise ValueError("the root names no broker by mqtt:// or mqtts://: connect(site, client, url)")
    parts = urllib.parse.urlsplit(url)

    def on_connect(*_: Any) -> None:
        site._heard.put(True)
        client.subscribe(site.topics())

    def on_message(_client: Any, _data: Any, message: Any) -> None:
        site._heard.put((message.topic, message.payload, bool(message.retain), time.monotonic()))

    client.on_connect, client.on_message = on_connect, on_message
    client.on_disconnect = lambda *_: site._heard.put(False)
    if parts.scheme == "mqtts":
        client.tls_set()
    client.connect_async(parts.hostname, parts.port or (8883 if parts.scheme == "mqtts" else 1883))
    client.loop_start()
    return client
