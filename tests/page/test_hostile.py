# SPDX-License-Identifier: MIT
"""Whatever a guest writes is text, and a file that is cut anywhere opens and says so."""
import os
import shutil
import signal
import subprocess
import time

import generate
from pages import BUSYBOX, Skip
from test_page import list_rows

EVIL = ["</script><script>window.broken=1</script>", "<!--<script>", "</SCRIPT\t>", "\u2028\u2029 \ufeff\u202e",
        "<img src=x onerror=\"window.broken=1\">", "'\"&amp;&lt;", "]]>"]


def assert_unbroken(browser, path, pages):
    events = pages.events(path)
    assert browser.run("return window.broken === undefined")
    assert browser.run("return document.images.length") == 0
    assert browser.run("return vmm.report.events.length") == len(events)
    assert browser.run("return vmm.report.damaged") == 0
    assert browser.run("return document.scripts.length") == 2


def test_hostile_arguments(browser, pages):
    """names, paths, arguments and bytes of a guest that would like to be markup stay text"""
    if not os.access(BUSYBOX, os.X_OK):
        raise Skip("no static busybox")
    program = os.path.join(pages.folder, "busybox<script>window.broken=1<!-- \u2028\"&.elf")
    shutil.copy(BUSYBOX, program)
    script = "printf '\\0<!--</script>\\377\\376\\r\\033' ; cat \"$@\"; $0 true"
    path = pages.vmm("hostile", program, "sh", "-c", script, "sh", *EVIL, b"\xff\xfe\x80</script>")
    os.remove(program)
    browser.open(path)
    assert_unbroken(browser, path, pages)
    assert browser.text("h1") == os.path.basename(program)
    browser.type("#search", "</script")
    found = [row[5] for row in list_rows(browser)]
    assert any("</script>" in text for text in found), found
    browser.run("for (const event of vmm.report.events) vmm.select(event.seq)")
    assert_unbroken(browser, path, pages)
    browser.screenshot(f"{pages.folder}/hostile.png")


def test_hostile_everywhere(browser, pages):
    """every string of every event replaced by markup: still text"""
    def poison(value):
        if isinstance(value, str):
            return value if value.startswith("0x") or value.isidentifier() or value in ("address_space",) else EVIL[0] + EVIL[4]
        if isinstance(value, list):
            return [poison(each) for each in value]
        return {key: value[key] if key in ("type", "when") else poison(value[key]) for key in value} \
            if isinstance(value, dict) else value

    with open(pages.tour(), encoding="utf-8", newline="\n") as page:
        head, events = generate.split(page.read())
    for event in events:
        for key in ("name", "symbol", "why", "text", "decoded", "image", "device", "call", "entry_name", "result_text", "detail",
                    "quirk", "target_symbol", "message", "trace", "protections", "kernel", "regions"):
            if key in event:
                event[key] = poison(event[key]) if isinstance(event[key], (list, dict)) else EVIL[0] + EVIL[4]
    path = pages.path("poisoned")
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        generate.write(head, events, out)
    browser.open(path)
    browser.run("for (const event of vmm.report.events) vmm.select(event.seq)")
    assert_unbroken(browser, path, pages)


def test_no_foreign_script(browser, pages):
    """the page's policy runs no script but its own, and loads nothing"""
    problems = "are expected"
    browser.open(pages.tour())
    browser.run("""
        const script = document.createElement('script');
        script.textContent = "window.broken = 1";
        document.body.append(script);
        const image = new Image();
        image.src = 'http://127.0.0.1:9/x.png';
        document.body.append(image);
        document.body.insertAdjacentHTML('beforeend', '<button id="b" onclick="window.broken = 1">x</button>');
        document.querySelector('#b').click();""")
    assert browser.run("return window.broken === undefined")
    assert len(browser.problems()) >= 3, problems
    assert not [url for url in browser.requests() if not url.startswith("file:")]


def cut_at(pages, browser, place, name):
    with open(pages.tour(), "rb") as page:
        whole = page.read()
    path = pages.write(name, whole[:place(whole)])
    browser.open(path)
    text = browser.run("return document.body ? document.body.innerText : document.documentElement.textContent") or \
        browser.run("return document.documentElement.textContent")
    assert "cut off" in text, text[:300]
    return whole[:place(whole)]


def test_cut_in_events(browser, pages):
    """cut within a line, between lines, between blocks: what is whole is shown, and the page says that it is cut off"""
    begin = generate.BEGIN.encode()
    places = [lambda page: page.index(begin) + len(begin) + 40, lambda page: page.index(b'"seq":100,') + 60,
              lambda page: page.rindex(b"\n", 0, page.index(b'"seq":101,')) + 1, lambda page: page.rindex(b'{"type":"end"') + 20,
              lambda page: page.rindex(b'{"type":"summary"'), lambda page: page.index(begin) + 10]
    for i, place in enumerate(places):
        part = cut_at(pages, browser, place, f"cut-{i}")
        whole_lines = part.split(begin)[1].count(b"\n") if begin in part else 0
        assert browser.run("return vmm.report.events.length") == whole_lines
        assert "cut off" in browser.text("#verdict") and "cut off" in browser.text("#end")
    cut_at(pages, browser, places[1], "cut-shown")
    browser.screenshot(f"{pages.folder}/cut.png")


def test_cut_summary_is_counted(browser, pages):
    """a page without its summary counts one, and it is that of the run"""
    path = pages.tour()
    summary = next(event for event in pages.events(path) if event["type"] == "summary")
    cut_at(pages, browser, lambda page: page.rindex(b'{"type":"summary"'), "cut-summary")
    counted = browser.run("return vmm.report.summary")
    assert counted["counted"] is True
    for key in ("transitions", "entries", "returns"):
        assert counted[key] == summary[key]
    assert counted["exits"]["guest"] == summary["exits"]["guest"]
    assert counted["exits"]["by_reason"] == summary["exits"]["by_reason"]

    def key(row):
        return row["cause"], row["total"], row.get("vector", row.get("number", -1))
    assert sorted(counted["rows"], key=key) == sorted(summary["rows"], key=key)


def test_cut_in_page(browser, pages):
    """cut within the page's own styles and scripts: a line says so"""
    for i, place in enumerate([lambda page: page.index(b"<style>") + 300, lambda page: page.index(b"vmm.makeLanes"),
                               lambda page: page.index(b"</style>") + 8]):
        problems = "a script that is cut off may say so"
        cut_at(pages, browser, place, f"cut-page-{i}")
        assert browser.problems() is not None, problems


def test_full_disk(browser, pages):
    """a report that did not fit on the disk opens and says so"""
    blocks = (os.path.getsize(f"{pages.build}/page.html") + 100000) // 512
    path = pages.vmm("full", f"{pages.build}/guest.elf", limit=blocks)
    assert os.path.getsize(path) == blocks * 512
    browser.open(path)
    assert "cut off" in browser.text("#verdict")
    assert browser.run("return vmm.report.events.length") > 50


def test_killed(browser, pages):
    """a report of a vmm that was killed opens and says so"""
    pages.tour()
    path = pages.path("killed")
    with subprocess.Popen([f"{pages.build}/vmm", "-f", "html", "-o", path, BUSYBOX, "sh", "-c",
                           "while :; do echo; done"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        end = time.monotonic() + 60
        while time.monotonic() < end and (not os.path.exists(path) or os.path.getsize(path) < 400000):
            time.sleep(0.1)
        run.send_signal(signal.SIGKILL)
    browser.open(path)
    assert "cut off" in browser.text("#verdict")
    assert browser.run("return vmm.report.events.length") > 100
