"""pocket.py -- what the tests of the page for phones in real browsers share: the page itself, saved as a kit saves it,
what is watched in it, and a person's hands."""
import base64
import json
import os
import time

import browser
import stage
from pace import patience

SOURCE = os.environ["TOCSIN_SOURCE"]
PAGE = os.path.join(os.path.dirname(os.environ["TOCSIN_BIN"]), "clients/page/listen.html")
if not os.path.exists(PAGE):
    stage.skip("the page is not built here (clients/page/fetch, then cmake)")
if browser.PROGRAM is None:
    stage.skip("no Chromium here")

WRONG_MS = 90_000
DRAWN_MS = 20  # a timer of a browser that has nothing else to do
CLOCKS_MS = 3  # what a browser's Date and performance say, each with its own grain, may be apart
SOUND_MS = 60  # what getOutputTimestamp bounces by where nothing but a null sink plays

# What is done with sound, and how loud it is: bells are longer than a second. The clock is as wrong as people's are.
WATCH = """
const now = Date.now.bind(Date)
Date.now = () => now() + %d
globalThis.bells = []
const start = AudioBufferSourceNode.prototype.start, stop = AudioBufferSourceNode.prototype.stop
AudioBufferSourceNode.prototype.start = function (when) {
  if (this.buffer.duration > 1) {
    const loudness = this.context.createAnalyser()
    this.connect(loudness)
    this.bell = {when, context: this.context, loudness, isStopped: false}
    bells.push(this.bell)
  }
  return start.call(this, when)
}
AudioBufferSourceNode.prototype.stop = function (...at) {
  if (this.bell) this.bell.isStopped = true
  return stop.apply(this, at)
}
globalThis.struck = () => bells.filter(({isStopped}) => !isStopped).map(({when, context, loudness}) => {
  const samples = new Float32Array(loudness.fftSize), {contextTime, performanceTime} = context.getOutputTimestamp()
  loudness.getFloatTimeDomainData(samples)
  return {utc: performance.timeOrigin + performanceTime + (when - contextTime) * 1000, peak: Math.max(...samples)}
})
globalThis.begun = () => performance.getEntriesByName('tocsin-begun').map(({startTime}) => performance.timeOrigin + startTime)
""" % WRONG_MS
RIGHT = WATCH.replace("now() + %d" % WRONG_MS, "now()")  # where nothing but its own clock can tell the time


def saved(constellation, name, **more):
    """The page as a kit saves it."""
    records = base64.b64encode(constellation.bundle()).decode()
    data = {"root": constellation.id, "records": records, **more}
    kit = '<div id="kit" hidden %s></div>' % " ".join('data-%s="%s"' % one for one in data.items())
    with open(PAGE) as file:
        page = file.read()
    assert page.count("<!--kit-->") == 1
    path = os.path.join(stage.HERE, name)
    with open(path, "w") as file:
        file.write(page.replace("<!--kit-->", kit))
    return "file://" + path


def await_true(page, expression, seconds=20):
    until = time.monotonic() + patience(seconds)
    while not page.eval(expression):
        assert time.monotonic() < until, "%s did not come true; the page shows\n%s" % (
            expression, page.eval("document.body.innerText"))
        time.sleep(0.05)


def hand_over(page, c, seconds):
    """A window that begins so soon, as a file, once whoever joined is ready; when that is."""
    t0 = int(time.time() + stage.ahead(seconds))
    c.window(t0)
    page.pick("#file", c.write("handed-over.bundle"))
    await_true(page, "document.getElementById('title').textContent === 'A minute of silence'")
    return t0


def press_by_keyboard(page, button):
    await_true(page, "!document.getElementById('%s').disabled" % button)
    for _ in range(20):
        page.key("Tab")
        if page.eval("document.activeElement.id") == button:
            break
    assert page.eval("document.activeElement.id") == button
    page.key("Enter")


def join_by_keyboard(page):
    press_by_keyboard(page, "join")
    await_true(page, "document.getElementById('join').ariaPressed === 'true'")


def text(page, element):
    return page.eval("document.getElementById(%s).textContent" % json.dumps(element))


def is_quiet(page):
    assert not page.complaints(), page.complaints()
