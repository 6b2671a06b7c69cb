"""A real Firefox, told what to do by WebDriver BiDi; its pages understand what those of browser.py do.

with Firefox(names=["box.test"]) as firefox:
    page = firefox.open("http://box.test:8080/", before="...")
    page.eval("document.title")
"""
import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

import pace

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")
KEYS = {"Tab": "\ue004", "Enter": "\ue006", "Escape": "\ue00c"}
# Nothing but the page under test is to use the network or the processor.
PREFERENCES = {
    "app.update.enabled": False, "browser.shell.checkDefaultBrowser": False, "browser.startup.page": 0,
    "browser.newtabpage.enabled": False, "browser.safebrowsing.update.enabled": False, "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False, "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
    "extensions.update.enabled": False, "services.settings.server": "", "browser.region.update.enabled": False,
    "media.gmp-manager.updateEnabled": False, "termsofuse.bypassNotification": True, "intl.locale.requested": "en-GB",
}


class Firefox:
    def __init__(self, names=(), trusts=None, environment=None):
        """names: hosts that are this machine; trusts: given, whatever certificate is good."""
        import websocket
        self.folder = tempfile.mkdtemp(prefix="firefox-")
        wanted = {**PREFERENCES, "network.dns.localDomains": ",".join(names)}
        with open(os.path.join(self.folder, "user.js"), "w") as file:
            file.writelines("user_pref(%s, %s);\n" % (json.dumps(name), json.dumps(value)) for name, value in wanted.items())
        with open(os.path.join(self.folder, "said"), "wb") as said:
            self.process = subprocess.Popen(
                [PROGRAM, "--headless", "--no-remote", "--profile", self.folder, "--remote-debugging-port=0"], stdin=subprocess.DEVNULL,
                stdout=said, stderr=said, env={**os.environ, **(environment or {}), "HOME": self.folder, "MOZ_CRASHREPORTER_DISABLE": "1"})
        self.socket = websocket.create_connection(self.address() + "/session", suppress_origin=True, timeout=pace.patience(60))
        self.number = 0
        self.heard = []
        self.call("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": trusts is not None}})
        self.call("session.subscribe", events=["log.entryAdded", "browsingContext.load"])

    def address(self):
        until = time.monotonic() + pace.patience(60)
        while time.monotonic() < until and self.process.poll() is None:
            with open(os.path.join(self.folder, "said")) as file:
                found = re.search(r"BiDi listening on (ws://\S+)", file.read())
            if found:
                return found.group(1)
            time.sleep(0.1)
        raise ConnectionError("Firefox did not begin")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, **parameters):
        self.number += 1
        number = self.number
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        until = time.monotonic() + pace.patience(60)
        while time.monotonic() < until:
            said = json.loads(self.socket.recv())
            if said.get("id") == number:
                if said["type"] == "error":
                    raise RuntimeError("%s: %s: %s" % (method, said["error"], said["message"]))
                return said["result"]
            self.heard.append(said)
        raise TimeoutError("Firefox said nothing in time")

    def page(self, **look):
        return Page(self, **look)

    def open(self, address, **look):
        page = Page(self, **look)
        page.go(address)
        return page


class Page:
    def __init__(self, browser, width=390, height=844, zone=None, languages=None, before=None):
        """before: a script that runs before the page's own."""
        self.browser = browser
        self.context = browser.call("browsingContext.create", type="tab")["context"]
        self.call("browsingContext.setViewport", viewport={"width": width, "height": height})
        if zone:
            browser.call("emulation.setTimezoneOverride", timezone=zone, contexts=[self.context])
        if languages:
            browser.call("emulation.setLocaleOverride", locale=languages, contexts=[self.context])
        if before:
            browser.call("script.addPreloadScript", functionDeclaration="() => {%s}" % before, contexts=[self.context])

    def call(self, method, **parameters):
        return self.browser.call(method, context=self.context, **parameters)

    def go(self, address):
        self.call("browsingContext.navigate", url=address, wait="complete")

    def eval(self, text):
        """An expression; as JSON, for what BiDi itself tells of an object is a tree of its own."""
        said = self.browser.call("script.evaluate", expression="(async () => JSON.stringify(await (%s)))()" % text,
                                 target={"context": self.context}, awaitPromise=True)
        if said["type"] == "exception":
            raise RuntimeError(said["exceptionDetails"]["text"])
        value = said["result"].get("value")
        return None if value is None else json.loads(value)

    def key(self, name):
        self.call("input.performActions", actions=[{"type": "key", "id": "keys", "actions": [
            {"type": "keyDown", "value": KEYS[name]}, {"type": "keyUp", "value": KEYS[name]}]}])

    def pick(self, selector, path):
        """A file, as a person would."""
        (node,) = self.call("browsingContext.locateNodes", locator={"type": "css", "value": selector})["nodes"]
        self.call("input.setFiles", element={"sharedId": node["sharedId"]}, files=[os.path.abspath(path)])

    def front(self):
        self.call("browsingContext.activate")

    def offline(self):
        self.browser.call("emulation.setNetworkConditions", networkConditions={"type": "offline"}, contexts=[self.context])

    def complaints(self):
        return [one["params"].get("text") for one in self.browser.heard if one.get("method") == "log.entryAdded"
                and one["params"]["level"] == "error" and one["params"]["source"].get("context") == self.context]

    def picture(self, path, whole=False):
        data = self.call("browsingContext.captureScreenshot", origin="document" if whole else "viewport")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        self.call("browsingContext.close")
