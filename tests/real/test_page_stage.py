"""The whole page as one saved file with records in it, opened from disk in a real Chromium whose clock is 90 s wrong,
with a real mosquitto and a real tocsin-beacon: in step, joined by keyboard, T-0 struck once and in time, and after a
reload not again; and its words."""
import datetime
import io
import json
import os
import re
import subprocess
import time
import zoneinfo

import browser
import pace
import stage
from pocket import DRAWN_MS, PAGE, SOUND_MS, SOURCE, WATCH, await_true, is_quiet, join_by_keyboard, press_by_keyboard, saved, text


AXE = os.path.join(SOURCE, "tests/real/peers/node_modules/axe-core/axe.min.js")
JUDGE = ""
if os.path.exists(AXE):
    with open(AXE) as file:
        JUDGE = file.read()


def is_for_everybody(page):
    """axe-core finds nothing, where npm could be reached."""
    found = page.eval("globalThis.axe ? axe.run().then(({violations}) => violations.map(({id, nodes}) => [id, nodes.map(({html}) => html)])) : []")
    assert not found, found


def strikes_once_from_a_saved_file():
    port = stage.free_port()
    broker = stage.Broker(config="listener %d 127.0.0.1\nprotocol websockets\nallow_anonymous true\n" % port)
    with browser.Browser() as chromium:
        c = stage.constellation(12, brokers=["ws://127.0.0.1:%d" % port])
        c.window(c.t0 + 86400, title="The day after")  # is not what goes on
        address = saved(c, "saved.html")
        with stage.in_time(c.t0):
            stage.Beacon(c, "--broker", broker.url).expect("tick 0")
            page = chromium.open(address, before=WATCH + JUDGE, dark=True)
            join_by_keyboard(page)
            await_true(page, "document.body.dataset.sure === 'yes'")
            said = re.fullmatch(r"in step, ± ([0-9.]+) ms", text(page, "step"))
            assert said, text(page, "step")
            doubt = float(said.group(1))
            assert re.fullmatch(r"0:\d\d", text(page, "count")), text(page, "count")
            assert text(page, "title") == "A minute of silence"
            await_true(page, "document.getElementById('why').textContent.includes('beacon 0')")
        await_true(page, "begun().length > 0", c.t0 - time.time() + 10)
        await_true(page, "struck().length > 0")
        time.sleep(0.3)  # and no second one
        struck, begun = page.eval("struck()"), page.eval("begun()")
        assert len(struck) == 1 and len(begun) == 1, (struck, begun)
        late = begun[0] - c.t0 * 1000
        sound = struck[0]["utc"] - c.t0 * 1000
        print("± %.1f ms; the screen %+.1f ms, the bell %+.1f ms" % (doubt, late, sound))
        if late > doubt + DRAWN_MS + stage.slack_ms() and pace.factor() > 1.5:
            raise pace.TooLate("this machine was too busy to draw at T-0")
        assert -doubt <= late <= doubt + DRAWN_MS + stage.slack_ms(), late
        assert abs(sound) <= doubt + SOUND_MS + stage.slack_ms(), sound
        assert struck[0]["peak"] > 0.05, struck
        assert page.eval("document.body.dataset.state") == "begun" and text(page, "title") == "A minute of silence"
        is_quiet(page)
        # the same file again while the minute lasts: it joins quietly
        page.go(address)
        join_by_keyboard(page)
        await_true(page, "document.body.dataset.state === 'begun'")
        await_true(page, "performance.now() > 3000")
        assert page.eval("[bells.length, begun().length]") == [0, 0]
        is_for_everybody(page)
        is_quiet(page)
        broker.kill()
        await_true(page, "document.getElementById('why').textContent.includes('it counts alone')")


# The count lies in its ring.
WITHIN = """(() => {
  const range = document.createRange(), [count, ring] = ['count', 'ring'].map(id => document.getElementById(id))
  range.selectNodeContents(count)
  const {left, right} = range.getBoundingClientRect(), {top, bottom} = count.getBoundingClientRect(), around = ring.getBoundingClientRect()
  const edge = 0.06 * around.width
  return left >= around.left + edge && right <= around.right - edge && top >= around.top && bottom <= around.bottom
})()"""


LANGUAGES = "en it es fr de pt pl uk ar el he ja".split()


def speak(page, language):
    page.eval("(list => { list.value = %s; list.dispatchEvent(new Event('change')) })(document.getElementById('language'))" % json.dumps(language))
    assert page.eval("document.documentElement.dir") == ("rtl" if language in ("ar", "he") else "ltr")


def is_whole(page, language):
    """On a narrow screen, at twice the text and as it is."""
    for size in ("200%", ""):
        page.eval("document.documentElement.style.fontSize = '%s'" % size)
        assert page.eval("document.getElementById('name').textContent = 'Nachbarschaftsversammlungen',"
                         "document.documentElement.scrollWidth <= 320"), (language, size)  # innerWidth grows with what overflows
        assert page.eval("""(title => {
          const was = title.textContent
          title.textContent = 'Nachbarschaftsversammlung'
          const width = document.documentElement.scrollWidth
          title.textContent = was
          return width
        })(document.getElementById('title'))""") <= 320, (language, size)
        broken = [] if language == "ja" else page.broken_words("option, a, #words, #name")
        assert not broken, (language, size, broken)
        assert page.eval(WITHIN), text(page, "count")
        assert page.eval("document.getElementById('at').getBoundingClientRect().bottom < document.getElementById('title').getBoundingClientRect().top")


def speaks_twelve_languages():
    """Every phrase in each of them, with the same things to put in, and right to left where it is read so."""
    out = subprocess.run(["node", "--input-type=module", "-e", """
        import { LANGUAGES, PHRASES, Words } from %s
        const puts = text => (text.match(/\\{\\w+\\}/g) ?? []).sort().join()
        for (const [name, row] of Object.entries(PHRASES)) {
          if (row.length !== LANGUAGES.length || row.some(text => !text || puts(text) !== puts(row[0]))) console.log(name)
        }
        for (const language of LANGUAGES) { // a date that ends with a stop, 2026 р., is followed by none
          const words = new Words(language, 'UTC'), said = words.say('as_of', { date: words.date(0) })
          if (/\\.\\./.test(said)) console.log(said)
        }""" % json.dumps(SOURCE + "/clients/page/words.mjs")], capture_output=True, text=True)
    assert out.returncode == 0 and not out.stdout, out
    c = stage.constellation(46000)
    address = saved(c, "words.html", made="2026-11-30T00:00:00Z", url="https://example.org/valley")
    with browser.Browser() as chromium:
        page = chromium.open(address, width=320, height=568, languages="xx", before=JUDGE)
        join_by_keyboard(page)
        await_true(page, "!document.getElementById('tune').hidden")
        seen = set()
        for language in LANGUAGES:
            speak(page, language)
            is_whole(page, language)
            assert language not in ("ar", "ja") or "," not in text(page, "at"), text(page, "at")
            seen.add(text(page, "join"))
            if language in ("en", "ar", "ja"):
                is_for_everybody(page)
        for width, height in ((390, 844), (844, 390), (1280, 800)):
            page.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 1000)
            assert page.eval(WITHIN), (width, height)
        assert len(seen) == 12, seen
        is_quiet(page)
        page.go("file://" + PAGE)  # without a root it says what is missing
        await_true(page, "/64/.test(document.getElementById('title').textContent)")


def it_says_when_it_may_be_out_of_date():
    """Whose beacons have not told in time, for most of them, what is in force; where they have, among the details."""
    c, now = stage.constellation(46000, beacons=3), int(time.time())
    for beacon, made in ((0, now - 600), (1, now - 2 * 86400)):
        c.heartbeat(beacon, made)
    shown = "['stale', 'fresh'].filter(id => document.getElementById(id).checkVisibility()).map(id => [id, document.getElementById(id).textContent])"
    with browser.Browser() as chromium:
        page = chromium.open(saved(c, "stale.html"), width=320, height=568, languages="xx", before=JUDGE)
        await_true(page, "document.getElementById('stale').checkVisibility()")
        assert page.eval("performance.now()") >= 5000  # beacons that were only just reached may say so by then
        assert page.eval(shown) == [["stale", "This may be out of date: too few beacons confirm that it still holds (1 of 3)"]]
        for given in (False, True):
            if given:
                c.heartbeat(2, now - 60)
                page.pick("#file", c.write("fresh.bundle"))
                await_true(page, "document.getElementById('fresh').checkVisibility()")
                assert page.eval(shown) == [["fresh", "Up to date, as the beacons confirm (2 of 3)"]]
            seen = set()
            for language in LANGUAGES:
                speak(page, language)
                is_whole(page, language)
                ((which, said),) = page.eval(shown)
                assert which == ("fresh" if given else "stale") and "3" in said and ("2" if given else "1") in said, (language, said)
                seen.add(said)
                if language in ("en", "ar", "ja"):
                    is_for_everybody(page)
            assert len(seen) == 12, seen
            speak(page, "en")
        is_quiet(page)
        late = chromium.open(saved(c, "late.html"), before="const now = Date.now.bind(Date); Date.now = () => now() + %d" % (3 * 86400_000), languages="xx")
        await_true(late, "document.getElementById('stale').textContent.endsWith('(0 of 3)') && document.getElementById('stale').checkVisibility()")
        none = chromium.open(saved(stage.constellation(46000, beacons=3), "nobody.html"), languages="xx")
        await_true(none, "performance.now() > 8000")
        assert none.eval(shown) == [] and text(none, "title") == "A minute of silence", none.eval(shown)  # nobody has told: nothing to miss


def it_names_who_proves_the_time_before_any_tick():
    port = stage.free_port()
    broker = stage.Broker(config="listener %d 127.0.0.1\nprotocol websockets\nallow_anonymous true\n" % port)
    c = stage.constellation(86400, brokers=["ws://127.0.0.1:%d" % port])
    stage.Beacon(c, "--broker", broker.url).expect("link 0 up")
    with browser.Browser() as chromium:
        page = chromium.open(saved(c, "named.html"), before=WATCH)
        await_true(page, "document.body.dataset.sure === 'yes'")
        assert "beacon 0" in text(page, "why"), text(page, "why")
        press_by_keyboard(page, "join")
        await_true(page, "document.getElementById('why').textContent.includes('sound')")
        press_by_keyboard(page, "join")
        await_true(page, "!document.getElementById('why').textContent.includes('sound')")  # who has left hears none


def what_is_not_of_its_organizers_is_said():
    """A link to nobody, another link in the same tab, records by hand: of others, new, known, of others again."""
    c, other = stage.constellation(3600), stage.constellation(3600)

    def paste(text):
        page.eval("""(text => {
          const clipboardData = new DataTransfer()
          clipboardData.setData('text', text)
          document.getElementById('pasted').dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true}))
        })(%s)""" % json.dumps(text))
        return page.eval("document.getElementById('news').lastChild.textContent")

    with browser.Browser() as chromium:
        page = chromium.open("file://%s#%s" % (PAGE, "0" * 64))
        await_true(page, "document.getElementById('why').textContent.startsWith('Nothing signed for this link')")
        assert page.eval("document.getElementById('join').disabled && document.getElementById('step').hidden")
        page.eval("location.hash = '%s'" % c.id)
        chromium.wait("Page.loadEventFired", page.session)
        await_true(page, "document.getElementById('why').textContent !== ''")
        for whose, said in ((other, "not signed"), (c, "New: "), (c, "already"), (other, "not signed")):
            got = paste(whose.bundle().decode())
            assert said in got, (said, got)
        await_true(page, "!document.getElementById('join').disabled")
        assert text(page, "title") == "A minute of silence"
        is_quiet(page)
        refused = page.eval(INTRUDE)
        assert refused == [[], ["connect-src", "img-src", "script-src-attr", "script-src-elem", "style-src-elem"]], refused


# What somebody who got text of his own into the page would do: of that nothing runs, looks or calls home.
INTRUDE = """new Promise(resolve => {
  const did = [], refused = new Set()
  globalThis.intrude = what => did.push(what)
  addEventListener('securitypolicyviolation', ({ effectiveDirective }) => refused.add(effectiveDirective))
  const script = document.createElement('script')
  script.textContent = 'intrude("script")'
  document.body.append(script)
  document.body.insertAdjacentHTML('beforeend', '<img src="http://127.0.0.1:9/x" onerror="intrude(1)"><style>body { outline: 9px solid }</style>')
  document.body.insertAdjacentHTML('beforeend', '<button id="lure" onclick="intrude(2)">')
  document.getElementById('lure').click()
  if (getComputedStyle(document.body).outlineWidth === '9px') did.push('style')
  fetch('http://127.0.0.1:9/').catch(() => setTimeout(() => resolve([did, [...refused].sort()]), 100))
})"""


def it_counts_to_the_place_that_is_chosen_and_not_to_what_is_called_off():
    c = stage.world.Constellation()
    t0 = int(time.time()) + 3000
    at = ["at: w %s %s" % (stage.world.stamp(t0 + late), place) for late, place in ((0, "Athens"), (3600, "Rome"))]
    c.window(t0, moment=False, extra=["on: w " + stage.world.stamp(t0)[:10], "wave: place", *at])
    with browser.Browser() as chromium:
        page = chromium.open(saved(c, "place.html"))
        await_true(page, "document.getElementById('state').textContent.startsWith('Say where you are')")
        page.eval("(list => { list.value = 'Rome'; list.dispatchEvent(new Event('change')) })(document.getElementById('place'))")
        await_true(page, "document.getElementById('gesture').textContent.endsWith('Rome')")
        assert text(page, "count").startswith("1:") and text(page, "state") == "", text(page, "count")
        assert page.eval("document.getElementById('coming').innerText").startswith("A minute of silence · Athens")
        off = stage.constellation(3600)
        off.cancel(off.uid, off.identity)
        page.go(saved(off, "off.html"))
        await_true(page, "document.getElementById('state').textContent === 'Called off: called off'")
        assert text(page, "count") == "–" and text(page, "title") == "A minute of silence"
        is_quiet(page)


def the_zone_is_the_browsers_own():
    """What the browser shows of its clocks, as a TZif file that another reader understands: the same as the browser's,
    which may have other zone data than this system."""
    zones = "Europe/Rome America/New_York Australia/Lord_Howe Africa/Casablanca Asia/Kathmandu America/Sao_Paulo UTC".split()
    out = subprocess.run(["node", "--input-type=module", "-e", """
        import { zoneHere } from %s
        const out = {}, now = Date.UTC(2026, 10, 30)
        for (const zone of %s) {
          process.env.TZ = zone
          const file = Buffer.from(zoneHere(now)).toString('hex'), shown = []
          for (let i = 0; i < 3000; i++) {
            const at = new Date(Math.floor((now + (i / 3000) * 19 * 365 * 864e5) / 1000) * 1000)
            shown.push([at / 1000, -at.getTimezoneOffset() * 60])
          }
          out[zone] = {file, shown}
        }
        console.log(JSON.stringify(out))""" % (json.dumps(SOURCE + "/clients/page/zone.mjs"), json.dumps(zones))],
        capture_output=True, text=True)
    assert out.returncode == 0, out.stderr
    for name, one in json.loads(out.stdout).items():
        zone = zoneinfo.ZoneInfo.from_file(io.BytesIO(bytes.fromhex(one["file"])))
        for at, offset in one["shown"]:
            got = datetime.datetime.fromtimestamp(at, zone).utcoffset().total_seconds()
            assert got == offset, (name, at, got, offset)


def taps_tune_the_sound():
    """The median of taps beside the ticks, early ones too; too few or too uneven ones say nothing."""
    out = subprocess.run(["node", "--input-type=module", "-e", """
        import { Sound } from %s
        const sound = new Sound({ mono: () => 0 }), ahead = 1796000000250
        const tap = late => late.map((ms, i) => 1000 * i + 750 + ms)
        const said = [tap([110, 130, 90, 120, 125, 300, 118]), tap([-20, -35, -28, -31, -40, -25]),
          tap([110, 130, 90]), tap([0, 150, 300, 450, 600, -250, 100])].map(taps => sound.tune(taps, ahead))
        sound.tuned = 100
        said.push(sound.tune(tap([5, 5, 5, 5, 5, 5]), ahead))
        console.log(JSON.stringify(said))""" % json.dumps(SOURCE + "/clients/page/sound.mjs")], capture_output=True, text=True)
    assert json.loads(out.stdout) == [120, -28, None, None, 105], out


def a_tab_that_is_seldom_woken_keeps_the_bell():
    """A browser wakes what is hidden once a minute: the bell is another tab's only when that one has taken it."""
    out = subprocess.run(["node", "--input-type=module", "-e", """
        import { Keep } from %s
        const map = new Map(), said = []
        const storage = {getItem: key => map.get(key) ?? null, setItem: (key, text) => map.set(key, text), removeItem: key => map.delete(key)}
        let now = 0
        const [one, other] = [0, 1].map(() => new Keep(storage, 'ab', {date: {now: () => now}}))
        const tell = () => said.push([one.hasBell, other.hasBell])
        one.takeBell(), tell()
        now = 60000, tell()
        other.takeBell(), tell()
        now = 120000, tell()
        console.log(JSON.stringify(said))
        process.exit()""" % json.dumps(SOURCE + "/clients/page/keep.mjs")], capture_output=True, text=True)
    assert json.loads(out.stdout) == [[True, False], [True, False], [False, True], [False, True]], out


stage.run_all([taps_tune_the_sound, a_tab_that_is_seldom_woken_keeps_the_bell, the_zone_is_the_browsers_own, strikes_once_from_a_saved_file, it_names_who_proves_the_time_before_any_tick, speaks_twelve_languages,
               it_says_when_it_may_be_out_of_date,
               what_is_not_of_its_organizers_is_said, it_counts_to_the_place_that_is_chosen_and_not_to_what_is_called_off])
