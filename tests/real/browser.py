"""A real Chromium, told what to do over the pipe that it opens on request (Chrome DevTools Protocol).

with Browser() as browser:
    page = browser.open("http://127.0.0.1:8080/", width=390, height=844, dark=True)
    page.eval("document.title")
"""
import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

import pace

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    def __init__(self, agent=None, flags=(), names=(), trusts=None, environment=None, host=None, is_headless=True):
        """names: hosts that are this machine; trusts: the hash of a site's key, as base64; host: where it runs (stage.Host)."""
        self.folder = tempfile.mkdtemp(prefix="chromium-")
        to_read, self.write_fd = os.pipe()
        self.read_fd, to_write = os.pipe()
        line = [PROGRAM, *(["--headless=new"] if is_headless else []), "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--use-mock-keychain", f"--user-data-dir={self.folder}", "--lang=en-GB", *flags]
        if names:
            line.append("--host-resolver-rules=" + ", ".join("MAP %s 127.0.0.1" % name for name in names))
        if trusts:
            line.append("--ignore-certificate-errors-spki-list=" + trusts)
        if agent:
            line.append(f"--user-agent={agent}")
        # Chromium takes exactly the descriptors 3 and 4; those that are moved there must be neither
        line = (host.prefix if host else []) + line
        moved = [fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (to_read, to_write)]
        shell = 'exec 3<&%d 4>&%d && exec "$@"' % tuple(moved)
        self.process = subprocess.Popen(["bash", "-c", shell, "bash", *line], pass_fds=moved, env={**os.environ, **(environment or {})},
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in (to_read, to_write, *moved):
            os.close(fd)
        self.number = 0
        self.left = b""
        self.heard = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.write_fd)
        os.close(self.read_fd)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _next(self, until):
        while b"\0" not in self.left:
            ready, _, _ = select.select([self.read_fd], [], [], max(0, until - time.monotonic()))
            if not ready:
                raise TimeoutError("Chromium said nothing in time")
            more = os.read(self.read_fd, 1 << 20)
            if not more:
                raise ConnectionError("Chromium is gone")
            self.left += more
        one, self.left = self.left.split(b"\0", 1)
        return json.loads(one)

    def call(self, method, session=None, **parameters):
        self.number += 1
        number = self.number
        asked = {"id": number, "method": method, "params": parameters}
        if session:
            asked["sessionId"] = session
        data = json.dumps(asked).encode() + b"\0"
        while data:
            data = data[os.write(self.write_fd, data):]
        until = time.monotonic() + pace.patience(60)
        while True:
            said = self._next(until)
            if said.get("id") == number:
                if "error" in said:
                    raise RuntimeError(f"{method}: {said['error']}")
                return said["result"]
            self.heard.append(said)

    def wait(self, method, session, seconds=None):
        """The next event of this name, heard already or to come."""
        until = time.monotonic() + (pace.patience(60) if seconds is None else seconds)
        while True:
            for i, said in enumerate(self.heard):
                if said.get("method") == method and said.get("sessionId") == session:
                    return self.heard.pop(i)["params"]
            self.heard.append(self._next(until))

    def page(self, **look):
        return Page(self, **look)

    def open(self, address, **look):
        page = Page(self, **look)
        page.go(address)
        return page


class Page:
    def __init__(self, browser, width=390, height=844, scale=1, dark=False, zone=None, script=True, mobile=True, link=None,
                 languages=None, at=None, before=None):
        """zone: the browser's; link: (bits a second, milliseconds); at: what its clock says, in ms; before: a script that
        runs before the page's own."""
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.target = target
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=mobile)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        if zone:
            self.call("Emulation.setTimezoneOverride", timezoneId=zone)
        if not script:
            self.call("Emulation.setScriptExecutionDisabled", value=True)
        if languages:
            agent = browser.call("Browser.getVersion")["userAgent"]
            self.call("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=languages)
        if at is not None:
            self.call("Page.addScriptToEvaluateOnNewDocument", source=f"Date.now=()=>{int(at)}")
        if before:
            self.call("Page.addScriptToEvaluateOnNewDocument", source=before)
        if link:
            self.call("Network.setCacheDisabled", cacheDisabled=True)
            self.call("Network.emulateNetworkConditions", offline=False, latency=link[1], downloadThroughput=link[0] / 8,
                      uploadThroughput=link[0] / 8)

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def go(self, address):
        self.browser.heard = [s for s in self.browser.heard if s.get("sessionId") != self.session]
        self.call("Page.navigate", url=address)
        self.browser.wait("Page.loadEventFired", self.session)

    def eval(self, text):
        said = self.call("Runtime.evaluate", expression=text, returnByValue=True, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in said:
            raise RuntimeError(said["exceptionDetails"].get("exception", {}).get("description", str(said["exceptionDetails"])))
        return said["result"].get("value")

    def events(self, method):
        return [s["params"] for s in self.browser.heard if s.get("method") == method and s.get("sessionId") == self.session]

    def key(self, name):
        codes = {"Tab": 9, "Enter": 13, "Escape": 27}
        text = {"Enter": "\r"}.get(name, "")
        self.call("Input.dispatchKeyEvent", type="keyDown", key=name, code=name, windowsVirtualKeyCode=codes[name], text=text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=name, code=name, windowsVirtualKeyCode=codes[name])

    def pick(self, selector, path):
        """A file, as a person would."""
        node = self.call("DOM.querySelector", nodeId=self.call("DOM.getDocument")["root"]["nodeId"], selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[os.path.abspath(path)])

    def broken_words(self, but="option"):
        """Words that go on in the next line; but: what may."""
        return self.eval("""(() => {
          const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
          for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            const of = node.parentElement, range = document.createRange()
            if (!of.checkVisibility() || of.closest(%s)) continue
            for (const {index, 0: word} of node.data.matchAll(/[^\\s-]+/g)) {
              range.setStart(node, index)
              range.setEnd(node, index + word.length)
              if (new Set([...range.getClientRects()].map(({top}) => Math.round(top))).size > 1) found.push(word)
            }
          }
          return found
        })()""" % json.dumps(but))

    def front(self):
        self.call("Page.bringToFront")

    def offline(self):
        self.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)

    def complaints(self):
        logged = [e["entry"] for e in self.events("Log.entryAdded")]
        return [e["text"] for e in logged if e["level"] == "error"] + self.events("Runtime.exceptionThrown")

    def picture(self, path, whole=False):
        parameters = {}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            parameters = {"captureBeyondViewport": True,
                          "clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}
        data = self.call("Page.captureScreenshot", format="png", **parameters)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
