# SPDX-License-Identifier: MIT
"""What the page says of a run is what is in the run: header, filters, list."""
import os
import pty
import subprocess
from collections import Counter

import generate

ENTRIES = ("syscall", "int", "exception", "interrupt", "nmi")


def digits(text):
    return int("".join(letter for letter in text if letter.isdigit()))


def kind_of(event):
    if event["type"] == "transition":
        return event["cause"] if event["cause"] in ENTRIES else event.get("entry_cause", "other")
    return "exit" if event["type"] == "exit" else "other"


def exact(value):
    """Integers that a double would round are strings in the page."""
    if isinstance(value, list):
        return [exact(each) for each in value]
    if isinstance(value, dict):
        return {key: exact(each) for key, each in value.items()}
    return str(value) if isinstance(value, int) and abs(value) >= 2 ** 53 else value


def list_rows(browser):
    """The rows that exist in the list, once it is drawn: [[text of each column]]"""
    browser.run("return new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 30))")
    return browser.run("return [...document.querySelectorAll('#list .list-body .list-row')].map("
                       "row => [...row.children].map(cell => cell.textContent))")


def test_header(browser, pages):
    """the header names the image, the host, the method, and the verdict"""
    path = pages.tour()
    start, end = pages.events(path)[0], pages.events(path)[-1]
    browser.open(path)
    assert browser.text("h1") == "guest.elf"
    facts = browser.text(".header-facts")
    assert f"KVM {start['host']['kvm']}" in facts and f"method {start['method']}" in facts, facts
    assert f"ended with status {end['status']}" in browser.text("#verdict")
    assert "Complete" in browser.text("#verdict") and end["verdict"] == "complete"
    assert digits(browser.text("#end p").split("transitions")[0].split(".")[-1]) == end["transitions"]
    browser.screenshot(f"{pages.folder}/tour.png")


def test_all_events(browser, pages):
    """every line of the file is an event of the page, and the same one"""
    for path in (pages.tour(), pages.shell(), pages.cpus()):
        events = pages.events(path)
        browser.open(path)
        assert browser.run("return vmm.report.events.length") == len(events)
        assert browser.run("return vmm.report.damaged") == 0
        assert exact(browser.run("return vmm.report.events")) == exact(events)
        assert digits(browser.text("#matching")) == len(events)


def test_counts_per_cause(browser, pages):
    """the number on each filter is that of its events"""
    for path in (pages.tour(), pages.shell()):
        counts = Counter(kind_of(event) for event in pages.events(path))
        browser.open(path)
        shown = dict(browser.run("return [...document.querySelectorAll('.kind')].map("
                                 "b => [b.dataset.kind, b.lastChild.textContent])"))
        assert {kind: digits(text) for kind, text in shown.items()} == counts


def test_filter_cause(browser, pages):
    """a click on a cause shows its events only, a second cause adds to it, a second click takes it away"""
    path = pages.tour()
    counts = Counter(kind_of(event) for event in pages.events(path))
    browser.open(path)
    browser.click("[data-kind=exception]")
    assert digits(browser.text("#matching").split("of")[0]) == counts["exception"]
    assert browser.run("return document.querySelector('[data-kind=exception]').ariaPressed") == "true"
    assert all(row[4] in ("exception", "iret") for row in list_rows(browser))
    browser.click("[data-kind=interrupt]")
    assert digits(browser.text("#matching").split("of")[0]) == counts["exception"] + counts["interrupt"]
    browser.screenshot(f"{pages.folder}/filtered.png")
    browser.click("[data-kind=exception]")
    browser.click("[data-kind=interrupt]")
    assert digits(browser.text("#matching")) == len(pages.events(path))


def test_filter_process(browser, pages):
    """one process alone"""
    path = pages.shell()
    pids = Counter(event.get("pid") for event in pages.events(path))
    browser.open(path)
    for pid in (1, 2, 3):
        browser.run("const who = document.querySelector('#who'); who.value = `pid ${arguments[0]}`;"
                    "who.dispatchEvent(new Event('change'))", pid)
        assert digits(browser.text("#matching").split("of")[0]) == pids[pid] > 0
        assert all(row[2] == str(pid) for row in list_rows(browser))


def test_search(browser, pages):
    """what is typed into the search box is searched in names, symbols and arguments; Enter goes on to the next"""
    path = pages.shell()
    browser.open(path)
    browser.keys("/")
    browser.type("#search", "pipe2")
    wanted = [event["seq"] for event in pages.events(path) if "pipe2" in (event.get("name"), event.get("entry_name"))]
    assert [int(row[0]) for row in list_rows(browser)] == wanted and wanted
    browser.keys("\ue007", "\ue007")  # Enter
    assert browser.run("return vmm.selected") == wanted[1]
    browser.keys("\ue00c")  # Escape
    assert digits(browser.text("#matching")) == len(pages.events(path))
    browser.type("#search", "nothing has this name")
    assert list_rows(browser) == [] and browser.run("return !document.querySelector('.list-empty').hidden")


def test_list_rows(browser, pages):
    """the rows of the list have the numbers, times, rings and words of their events"""
    path = pages.shell()
    events = pages.events(path)
    browser.open(path)
    seen = set()
    for part in (0, 0.3, 0.6, 1):
        browser.run("const l = document.querySelector('#list'); l.scrollTop = l.scrollHeight * arguments[0];"
                    "return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))", part)
        for row in list_rows(browser):
            event = events[int(row[0])]
            assert digits(row[1]) == event["ns"], row
            seen.add(event["seq"])
            if event["type"] == "transition" and event["cause"] in ENTRIES:
                assert row[3] == f"{event['from']} › {event['to']}" and row[4] == event["cause"], row
                assert event.get("name", "vector") in row[5], row
            elif event["type"] == "exit":
                assert row[3] == f"{event['from']} › H" and row[4] == event["reason"], row
    assert len(seen) > 60 and max(seen) == len(events) - 1, f"{len(seen)} rows seen, the last is {max(seen)}"


def test_list_keys(browser, pages):
    """arrows, Home and End walk through the list, and the timeline and the details follow"""
    path = pages.tour()
    last = len(pages.events(path)) - 1
    browser.open(path)
    browser.run("document.querySelector('#list').focus()")
    browser.keys("\ue015", "\ue015")  # ArrowDown
    assert browser.run("return vmm.selected") == 1
    browser.keys("\ue010")  # End
    assert browser.run("return vmm.selected") == last
    assert browser.run("return document.querySelector('#list').getAttribute('aria-activedescendant')") == f"event-{last}"
    assert browser.run("return document.querySelector(`#event-${arguments[0]}`).ariaSelected", last) == "true"
    browser.keys("\ue013", "\ue011")  # ArrowUp, Home
    assert browser.run("return vmm.selected") == 0
    browser.keys("\ue007")  # Enter: the details have the focus
    assert browser.run("return document.activeElement.id") == "detail"


def test_save(browser, pages):
    """the button at the end gives the events back as they were written"""
    path = pages.tour()
    browser.open(path)
    browser.run("HTMLAnchorElement.prototype.click = () => {};"
                "const make = URL.createObjectURL; URL.createObjectURL = blob => { window.blob = blob; return make(blob); }")
    browser.click("#save")
    text = browser.run("return window.blob.text()")
    with open(path, encoding="utf-8", newline="\n") as page:
        written = "".join(block.split("</script>")[0] for block in page.read().split(generate.BEGIN)[1:])
    assert text == written.replace("\\u003c", "<")


def test_terminal(browser, pages):
    """without -o, a page is not written to a terminal: a clear line says what to do"""
    pages.tour()
    ours, theirs = pty.openpty()
    status = subprocess.run([f"{pages.build}/vmm", "-f", "html", f"{pages.build}/guest.elf"], stderr=theirs,
                            stdout=subprocess.DEVNULL, check=False).returncode
    os.close(theirs)
    said = os.read(ours, 4000).decode()
    os.close(ours)
    assert status == 125 and said.startswith("vmm: --format html: ") and "-o FILE" in said and said.count("\n") == 1, said


def test_options(browser, pages):
    """whatever the options leave out: every part of the page is built"""
    image = f"{pages.build}/guest.elf"
    for name, options in {"off": ["-m", "off"], "quiet": ["-q"], "nothing": ["-e", "none", "--layout=never"], "calls": ["-e", "write"],
                          "returns": ["-e", "return"], "switch": ["--layout=switch"], "killed-by": ["--timeout", "0.05"]}.items():
        path = pages.vmm(f"option-{name}", *options, image)
        browser.open(path)
        assert browser.run("return vmm.report.events.length") == len(pages.events(path)), name
        assert browser.run("return document.documentElement.dataset.ready") == "true", name
        assert not browser.texts(".problem"), (name, browser.texts(".problem"))
        assert browser.texts("h1") == ["guest.elf"] and browser.text("#end")
        browser.run("for (const event of vmm.report.events) vmm.select(event.seq)")
        assert not browser.problems(), name


def test_address_of_event(browser, pages):
    """report.html#event-5 opens with that event"""
    path = pages.tour()
    browser.open(path)
    browser.run("location.hash = '#event-5'")
    assert browser.run("return vmm.selected") == 5
    assert "event 5" in browser.text("#detail")
