# SPDX-License-Identifier: MIT
"""webdriver.py: a headless Chromium, driven as in the W3C's "WebDriver" recommendation; standard library only."""
import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # "WebDriver", section "Elements": the key of a reference

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-gpu-sandbox", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
         "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb"]


class BrowserError(Exception):
    pass


class Browser:
    """One window. Use as a context manager: what it starts it ends."""

    def __init__(self, width=1400, height=1000):
        self.profile = tempfile.mkdtemp(prefix="vmm-page-")
        # A session of its own, so that the browser's helpers end with it.
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                       text=True, start_new_session=True)
        self.session = None
        self.base = f"http://127.0.0.1:{self._port()}"
        reply = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "goog:chromeOptions": {"args": FLAGS + [f"--user-data-dir={self.profile}",
                                                    f"--window-size={width},{height}"]},
        }}})
        self.session = f"/session/{reply['sessionId']}"
        self.version = reply["capabilities"]["browserVersion"]
        self._call("POST", self.session + "/timeouts", {"script": 120000, "pageLoad": 120000})

    def _port(self):
        for line in self.driver.stdout:
            found = re.search(r"successfully on port (\d+)", line)
            if found:
                return int(found.group(1))
        raise BrowserError("chromedriver did not start")

    def _call(self, method, path, body=None):
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=180) as reply:
                return json.load(reply)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise BrowserError(f"{path}: {value['error']}: {value['message'].splitlines()[0]}") from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            if self.session:
                self._call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait()
            time.sleep(0.2)  # the browser's last helpers still write into the profile
            shutil.rmtree(self.profile, ignore_errors=True)

    def fresh(self, width=1400, height=1000):
        """Nothing is left of what was before: an empty page of the usual size, light."""
        self._call("POST", self.session + "/url", {"url": "about:blank"})
        self.resize(width, height)
        self.media("light")
        self.logs("browser")
        self.logs("performance")

    def open(self, path):
        """Opens a file of the disk; returns the seconds until it was loaded and its scripts had run."""
        begin = time.monotonic()
        self._call("POST", self.session + "/url", {"url": "file://" + os.path.abspath(path)})
        return time.monotonic() - begin

    def run(self, script, *arguments):
        """The value of `return ...` in the page; a promise is waited for."""
        return self._call("POST", self.session + "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, selector):
        return self._call("POST", self.session + "/element", {"using": "css selector", "value": selector})

    def text(self, selector):
        return self.run("const e = document.querySelector(arguments[0]); return e && e.textContent", selector)

    def texts(self, selector):
        return self.run("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector)

    def click(self, selector):
        self._call("POST", f"{self.session}/element/{self.find(selector)[ELEMENT]}/click", {})

    def type(self, selector, text):
        self._call("POST", f"{self.session}/element/{self.find(selector)[ELEMENT]}/value", {"text": text})

    def keys(self, *keys):
        """Presses keys, one after the other, where the focus is."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": actions})

    def click_at(self, selector, x, y):
        """Clicks at a place of an element, in pixels from its upper left corner."""
        left, top = self.run("const e = document.querySelector(arguments[0]); e.scrollIntoView({block: 'nearest'});"
                             "const r = e.getBoundingClientRect(); return [r.left, r.top]", selector)
        self._act({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [
            {"type": "pointerMove", "duration": 0, "x": round(left + x), "y": round(top + y)},
            {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]})

    def wheel(self, selector, x, y, amount):
        left, top = self.run("const r = document.querySelector(arguments[0]).getBoundingClientRect();"
                             "return [r.left, r.top]", selector)
        self._act({"type": "wheel", "id": "wheel", "actions": [
            {"type": "scroll", "x": round(left + x), "y": round(top + y), "deltaX": 0, "deltaY": amount,
             "duration": 0}]})

    def _act(self, source):
        self._call("POST", self.session + "/actions", {"actions": [source]})
        self._call("DELETE", self.session + "/actions")

    def cdp(self, command, **parameters):
        return self._call("POST", self.session + "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def media(self, scheme="light", medium=""):
        """What the system prefers, and the medium (screen, print)."""
        self.cdp("Emulation.setEmulatedMedia", media=medium,
                 features=[{"name": "prefers-color-scheme", "value": scheme}])

    def resize(self, width, height):
        self._call("POST", self.session + "/window/rect", {"width": width, "height": height})

    def screenshot(self, path, whole=False):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        picture = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))

    def logs(self, kind):
        return self._call("POST", self.session + "/se/log", {"type": kind})

    def problems(self):
        """What the page's console said: warnings and errors."""
        return [entry["message"] for entry in self.logs("browser") if entry["level"] in ("WARNING", "SEVERE")
                and "willReadFrequently" not in entry["message"]]  # the tests read what is drawn

    def requests(self):
        """The addresses that were asked for since open()."""
        found = {}
        for entry in self.logs("performance"):
            message = json.loads(entry["message"])["message"]
            params = message["params"]
            if message["method"] == "Network.requestWillBeSent":
                found[params["requestId"]] = params["request"]["url"]
            elif message["method"] == "Network.loadingFailed" and params.get("blockedReason") == "csp":
                found.pop(params["requestId"], None)  # it never left the page
        return list(found.values())
