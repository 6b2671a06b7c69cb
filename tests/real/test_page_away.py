"""Deep. An hour in the background, then T-0: the page for phones in a tab that nobody looks at, in Chromium and Firefox, with
its tick and without, and one that the browser freezes over T-0. What rang is heard as it leaves the mixer; what did not is
said on return. TOCSIN_AWAY_S: how long, where it is not to be an hour."""
import os
import time

import browser
import firefox
import mixer
import stage
from pocket import SOUND_MS, WATCH, await_true, join_by_keyboard, press_by_keyboard, saved, text

if not stage.DEEP or not mixer.is_here() or firefox.PROGRAM is None:
    stage.skip("an hour in the background is of a deep run, with a sound server and Firefox")
AWAY_S = float(os.environ.get("TOCSIN_AWAY_S", 65 * 60))
FROZEN_S = 30


class Away:
    """A browser of its own, with a loudspeaker of its own."""

    def __init__(self, name, make, address, ticks):
        self.name = name
        self.mixer = mixer.Mixer()
        self.browser = make(environment=self.mixer.environment)
        self.page = self.browser.page(before=WATCH)
        self.page.go(address)
        join_by_keyboard(self.page)
        await_true(self.page, "document.body.dataset.sure === 'yes'")
        if not ticks:
            press_by_keyboard(self.page, "tick")
            assert self.page.eval("document.getElementById('tick').ariaPressed") == "false"
        self.browser.page().front()
        await_true(self.page, "document.visibilityState === 'hidden'")

    def close(self):
        self.browser.__exit__()
        self.mixer.__exit__()


def rings_after_an_hour_in_the_background():
    port = stage.free_port()
    broker = stage.Broker(config="listener %d 127.0.0.1\nprotocol websockets\nallow_anonymous true\n" % port, log="information")
    c = stage.constellation(AWAY_S, 300, brokers=["ws://127.0.0.1:%d" % port])
    stage.Beacon(c, "--broker", broker.url).expect("tick 0")
    address = saved(c, "away.html")
    all_of_them = [Away(name, make, address, ticks) for name, make, ticks in (
        ("chromium, ticking", browser.Browser, True), ("chromium, still", browser.Browser, False),
        ("chromium, frozen", browser.Browser, False), ("firefox, ticking", firefox.Firefox, True),
        ("firefox, still", firefox.Firefox, False))]
    frozen = all_of_them[2]
    stage.sleep_until(c.t0 - 60)
    for one in all_of_them:
        one.mixer.listen()
    stage.sleep_until(c.t0 - FROZEN_S)
    frozen.page.call("Page.setWebLifecycleState", state="frozen")
    stage.sleep_until(c.t0 + FROZEN_S)
    frozen.page.call("Page.setWebLifecycleState", state="active")
    failed = []
    for one in all_of_them:
        heard = [1000 * (when - c.t0) for when in one.mixer.bells(c.t0, 25)]
        begun = [at - c.t0 * 1000 for at in one.page.eval("begun()")]
        one.page.front()
        await_true(one.page, "document.visibilityState === 'visible'")
        time.sleep(3)
        said = one.page.eval("[document.getElementById('state').textContent, document.getElementById('news').textContent, "
                             "document.getElementById('step').textContent].join(' | ')")
        print("%-18s heard at %s ms, begun at %s ms; says: %s; load %.1f" % (
            one.name, ["%+.1f" % ms for ms in heard], ["%+.1f" % ms for ms in begun], said, os.getloadavg()[0]), flush=True)
        rang = len(heard) == 1 and abs(heard[0]) < SOUND_MS + 1000 * stage.slack_s()
        if not (rang or (not heard and "slept" in text(one.page, "news"))):
            failed.append(one.name)
        one.close()
    assert not failed, failed


stage.run_all([rings_after_an_hour_in_the_background])
