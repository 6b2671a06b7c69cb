"""Deep. Whoever joined on the page for phones has a screen that stays lit: what a real Chromium asks of its desktop, an X server
and a session manager of our own, by a wake lock on a page of this machine, by the video that stands for it over plain http."""
import functools
import http.server
import os
import shutil
import subprocess
import threading

import browser
import stage
from pocket import await_true, press_by_keyboard, saved

try:
    from gi.repository import Gio, GLib
except ImportError:
    stage.skip("no python3-gi")
if not stage.DEEP or shutil.which("Xvfb") is None or shutil.which("dbus-daemon") is None:
    stage.skip("a desktop of its own is of a deep run, with Xvfb and dbus")

MANAGER = "org.gnome.SessionManager"
SPEAKS = """<node><interface name="%s">
  <method name="Inhibit"><arg type="s"/><arg type="u"/><arg type="s"/><arg type="u"/><arg type="u" direction="out"/></method>
  <method name="Uninhibit"><arg type="u"/></method>
</interface></node>""" % MANAGER
IDLE = 8  # of gnome-session's flags: the session is not to be marked as idle


class Desktop:
    """What keeps its screen on, by the reasons that were given."""

    def __init__(self):
        self.number, self.held, self.news = 0, {}, threading.Condition()
        read, write = os.pipe()
        self.screen = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "800x900x24"], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as said:
            display = ":" + said.readline().strip()
        self.bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address", "--address=unix:path=%s/bus" % stage.HERE],
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        address = self.bus.stdout.readline().strip()
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.connection = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.connection.register_object("/org/gnome/SessionManager", Gio.DBusNodeInfo.new_for_xml(SPEAKS).interfaces[0], self.asked, None, None)
        Gio.bus_own_name_on_connection(self.connection, MANAGER, Gio.BusNameOwnerFlags.NONE, None, None)
        threading.Thread(target=GLib.MainLoop().run, daemon=True).start()
        self.environment = {"DISPLAY": display, "DBUS_SESSION_BUS_ADDRESS": address, "XDG_CURRENT_DESKTOP": "GNOME"}

    def asked(self, _connection, _sender, _path, _interface, method, given, call):
        with self.news:
            if method == "Inhibit":
                _, _, reason, flags = given.unpack()
                self.number += 1
                if flags & IDLE:
                    self.held[self.number] = reason
                call.return_value(GLib.Variant("(u)", (self.number,)))
            else:
                self.held.pop(given.unpack()[0], None)
                call.return_value(None)
            self.news.notify_all()

    def await_held(self, *reasons):
        with self.news:
            assert self.news.wait_for(lambda: sorted(self.held.values()) == sorted(reasons), stage.patience(20)), (self.held, reasons)

    def close(self):
        for process in (self.bus, self.screen):
            process.kill()
            process.wait()


def whoever_joins_has_a_lit_screen():
    desktop = Desktop()
    address = saved(stage.constellation(3600), "awake.html")
    serve = functools.partial(http.server.SimpleHTTPRequestHandler, directory=stage.HERE)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    plain = "http://box.test:%d/%s" % (server.server_address[1], os.path.basename(address))
    with browser.Browser(names=["box.test"], environment=desktop.environment, is_headless=False) as chromium:
        for one, reason in ((address, "Blink Wake Lock"), (plain, "Video Wake Lock")):
            page = chromium.open(one)
            page.front()
            assert page.eval("'wakeLock' in navigator") == (one is address)
            desktop.await_held()
            press_by_keyboard(page, "join")
            desktop.await_held(reason)
            press_by_keyboard(page, "join")
            await_true(page, "document.getElementById('join').ariaPressed === 'false'")
            desktop.await_held()
    desktop.close()


stage.run_all([whoever_joins_has_a_lit_screen])
