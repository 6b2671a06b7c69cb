"""What a person sees, hears, feels and touches of the page for phones, in a real Chromium whose own interfaces are the outside:
the spoken count, the vibration, what a screen reader is told, the lit screen, the full one, colours without flashes and
without motion, the sound tuned by ear, and all of it without a pointer."""
import functools
import http.server
import json
import os
import threading
import time

import browser
import stage
from pocket import CLOCKS_MS, RIGHT, await_true, hand_over, is_quiet, join_by_keyboard, press_by_keyboard, saved, text

SPY = RIGHT + """
Object.assign(globalThis, {spoken: [], felt: [], told: [], moving: [], locks: [], videos: []})
SpeechSynthesis.prototype.speak = ({text, lang}) => spoken.push({text, lang, utc: Date.now()})
Navigator.prototype.vibrate = pattern => felt.push({pattern, utc: Date.now()})
addEventListener('DOMContentLoaded', () => new MutationObserver(() => told.push(document.getElementById('said').textContent))
  .observe(document.getElementById('said'), {childList: true}))
for (const name of ['transitionrun', 'animationstart']) addEventListener(name, ({type}) => moving.push(type), true)
if (globalThis.WakeLock) {
  const request = WakeLock.prototype.request
  WakeLock.prototype.request = async function (kind) {
    const lock = await request.call(this, kind)
    locks.push(lock)
    return lock
  }
}
const play = HTMLMediaElement.prototype.play
HTMLMediaElement.prototype.play = function () {
  videos.push(this)
  return play.call(this)
}
"""
BELL = [500, 250, 500, 250, 1000]
WITHIN_REACH = """[...document.querySelectorAll('a[href], button, select, textarea, input')]
  .filter(one => !one.disabled && one.checkVisibility()).map(({id, localName}) => id || localName)"""
HAS_FOCUS = """(({id, localName, parentElement}, look = getComputedStyle(id === 'file' ? parentElement : document.activeElement)) =>
  [id || localName, look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2])(document.activeElement)"""


def filmed(page, until):
    """[(when, picture as base64)]: each frame that the browser draws."""
    frames = []
    page.call("Page.startScreencast", format="jpeg", maxWidth=120, maxHeight=260)
    while time.time() < until:
        try:
            frame = page.browser.wait("Page.screencastFrame", page.session, until - time.time())
        except TimeoutError:
            break
        page.call("Page.screencastFrameAck", sessionId=frame["sessionId"])
        frames.append((frame["metadata"]["timestamp"], frame["data"]))
    page.call("Page.stopScreencast")
    return frames


def brightness(page, frames):
    """The relative luminance of each of 96 fields of each picture."""
    return page.eval("""Promise.all(%s.map(async data => {
      const picture = await createImageBitmap(await (await fetch('data:image/jpeg;base64,' + data)).blob())
      const paper = new OffscreenCanvas(8, 12).getContext('2d')
      paper.drawImage(picture, 0, 0, 8, 12)
      const {data: bytes} = paper.getImageData(0, 0, 8, 12)
      const linear = byte => byte > 10 ? ((byte / 255 + 0.055) / 1.055) ** 2.4 : byte / 255 / 12.92
      return Array.from({length: 96}, (_, i) => 0.2126 * linear(bytes[4 * i]) + 0.7152 * linear(bytes[4 * i + 1]) + 0.0722 * linear(bytes[4 * i + 2]))
    }))""" % json.dumps([picture for _, picture in frames]))


def turns(levels):
    """When it became brighter or darker by a tenth, each time against the time before: two of them are a flash (WCAG 2.3.1)."""
    found, (_, extreme), direction = [], levels[0], 0
    for when, level in levels:
        if (level - extreme) * direction > 0:
            extreme = level
        elif abs(level - extreme) >= 0.1:
            direction = 1 if level > extreme else -1
            extreme = level
            found.append(when)
    return found


def all_is_within_reach_of_the_keyboard(page):
    wanted, reached = page.eval(WITHIN_REACH), []
    page.eval("document.activeElement.blur()")
    for _ in range(2 * len(wanted)):
        page.key("Tab")
        one, is_seen = page.eval(HAS_FOCUS)
        if one in reached:
            break
        if one != "body":
            assert is_seen, one
            reached.append(one)
    assert sorted(reached) == sorted(wanted) and len(wanted) >= 8, (reached, wanted)


def it_is_spoken_felt_told_and_seen_without_flashes():
    c = stage.world.Constellation()
    with browser.Browser() as chromium:
        page = chromium.open(saved(c, "senses.html", url="https://example.org/", made="2026-11-30T00:00:00Z"), before=SPY, languages="it", dark=True)
        join_by_keyboard(page)
        await_true(page, "!document.getElementById('choices').hidden")
        all_is_within_reach_of_the_keyboard(page)
        press_by_keyboard(page, "spoken")
        press_by_keyboard(page, "full")
        await_true(page, "document.fullscreenElement !== null && document.getElementById('full').ariaPressed === 'true'")
        press_by_keyboard(page, "full")
        await_true(page, "document.fullscreenElement === null && document.getElementById('full').ariaPressed === 'false'")
        t0 = hand_over(page, c, 14)
        frames = filmed(page, t0 + 3)
        spoken, felt, told = page.eval("[spoken, felt, told]")
        unlocking, *count, now = [one for one in spoken]
        assert unlocking["text"] == "…" and {one["lang"] for one in spoken} == {"it"}, spoken
        numbers = [int(one["text"]) for one in count]
        assert numbers == list(range(10, 0, -1)) or (stage.slack_s() > 0.5 and numbers == sorted(set(numbers), reverse=True)), numbers
        for one in count:  # each in the second that it names, by this machine's own clock
            assert 0 <= one["utc"] - (t0 - int(one["text"])) * 1000 + CLOCKS_MS < 1000, one
        assert now["text"] == "Adesso, insieme" and now["utc"] >= t0 * 1000 - CLOCKS_MS, now
        (joined, struck) = felt
        assert joined["pattern"] == 30 and struck["pattern"] == BELL and struck["utc"] >= t0 * 1000 - CLOCKS_MS, felt
        assert told[-2:] == ["10 secondi: A minute of silence", "Adesso, insieme: A minute of silence"], told
        lit = brightness(chromium.open("about:blank"), frames)
        whole = turns([(when, sum(fields) / 96) for (when, _), fields in zip(frames, lit)])
        assert len(frames) > 5 and len(whole) == 1 and whole[0] >= t0, (len(frames), whole)
        for field in zip(*lit):
            found = turns(list(zip([when for when, _ in frames], field)))
            assert all(sum(when <= other < when + 1 for other in found) <= 6 for when in found), found
        is_quiet(page)


def who_wants_no_motion_has_none():
    """At T-0; whoever does not mind sees the colours fade."""
    with browser.Browser() as chromium:
        for wish in ("no-preference", "reduce"):
            c = stage.world.Constellation()
            page = chromium.page(before=SPY)
            page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": wish}])
            page.go(saved(c, wish + ".html"))
            join_by_keyboard(page)
            hand_over(page, c, 4)
            await_true(page, "document.body.dataset.state === 'begun'")
            if wish == "reduce":
                assert page.eval("new Promise(done => setTimeout(() => requestAnimationFrame(() => done(moving)), 500))") == []
            else:
                await_true(page, "moving.length > 0")


def the_screen_stays_lit():
    """By a wake lock, given back on leaving and taken anew on return; over plain http by a video that each engine keeps the
    screen on for: playing, heard and seen, neither muted nor looped."""
    c = stage.constellation(3600)
    address = saved(c, "awake.html")
    with browser.Browser(names=["box.test"]) as chromium:
        page = chromium.open(address, before=SPY)
        held = "locks.filter(({released}) => !released).length"
        join_by_keyboard(page)
        await_true(page, held + " === 1")
        other = chromium.open("about:blank")
        other.front()
        await_true(page, held + " === 0")
        page.front()
        await_true(page, held + " === 1")
        press_by_keyboard(page, "join")
        await_true(page, held + " === 0 && document.getElementById('join').ariaPressed === 'false'")
        assert page.eval("videos.length") == 0 and text(page, "note") == ""
        is_quiet(page)
        serve = functools.partial(http.server.SimpleHTTPRequestHandler, directory=stage.HERE)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page.go("http://box.test:%d/%s" % (server.server_address[1], os.path.basename(address)))
        assert not page.eval("isSecureContext || 'wakeLock' in navigator")
        join_by_keyboard(page)
        await_true(page, "videos.length === 1 && !videos[0].paused && videos[0].currentTime > 0")
        assert page.eval("(({muted, loop, volume, srcObject}) => [muted, loop, volume, srcObject.getTracks().map(({kind, readyState}) => kind + ' ' + readyState).sort()])"
                         "(videos[0])") == [False, False, 1, ["audio live", "video live"]]
        press_by_keyboard(page, "join")
        await_true(page, "videos[0].paused")


def sound_is_tuned_by_ear_and_stays_so():
    """Thirteen taps, each 300 ms after the tick: the bell is struck so much earlier, after a reload too."""
    c, late = stage.world.Constellation(), 300
    with browser.Browser() as chromium:
        page = chromium.open(saved(c, "tuned.html"), before=SPY)
        join_by_keyboard(page)
        await_true(page, "!document.getElementById('tune').hidden")
        assert text(page, "tune") == "tune it"
        press_by_keyboard(page, "tune")
        assert text(page, "tune") == "Tap here with each tick that you hear (12)"
        page.eval("""(button => {
          const second = Math.floor(Date.now() / 1000) * 1000
          for (let n = 0; n < 12; n++) {
            const tap = new KeyboardEvent('keydown', {key: 'Enter'})
            Object.defineProperty(tap, 'timeStamp', {value: performance.now() + second + 1000 * n + %d - Date.now()})
            button.dispatchEvent(tap)
          }
        })(document.getElementById('tune'))""" % late)
        tuned = page.eval("Number(localStorage.getItem('tocsin/tuned'))")
        assert abs(tuned - late) <= 20, tuned
        await_true(page, "document.getElementById('why').textContent.includes('sound tuned by %d ms')" % tuned)
        page.go("about:blank")
        page.go(saved(c, "tuned.html"))
        join_by_keyboard(page)
        await_true(page, "document.getElementById('why').textContent.includes('sound tuned by %d ms')" % tuned)
        t0 = hand_over(page, c, 4)
        await_true(page, "struck().length > 0")
        early = t0 * 1000 - page.eval("struck()[0].utc")
        assert late / 2 < early < late * 2, early  # a null sink's output bounces
        is_quiet(page)


def a_count_that_was_wished_for_is_spoken_after_a_reload():
    """Some browsers speak only where a gesture began it: joining is one."""
    c = stage.constellation(3600)
    with browser.Browser() as chromium:
        page = chromium.open(saved(c, "again.html"), before=SPY)
        join_by_keyboard(page)
        press_by_keyboard(page, "spoken")
        assert len(page.eval("spoken")) == 1
        page.go(saved(c, "again.html"))
        join_by_keyboard(page)
        assert len(page.eval("spoken")) == 1 and page.eval("document.getElementById('spoken').ariaPressed") == "true"
        press_by_keyboard(page, "spoken")
        page.go(saved(c, "again.html"))
        join_by_keyboard(page)
        assert page.eval("spoken") == [] and page.eval("document.getElementById('spoken').ariaPressed") == "false"


stage.run_all([it_is_spoken_felt_told_and_seen_without_flashes, who_wants_no_motion_has_none, the_screen_stays_lit,
               sound_is_tuned_by_ear_and_stays_so, a_count_that_was_wished_for_is_spoken_after_a_reload])
