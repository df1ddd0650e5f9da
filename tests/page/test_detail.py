# SPDX-License-Identifier: MIT
"""A click shows everything that is known of an event."""
import json


def select(browser, seq):
    browser.run("vmm.select(arguments[0])", seq)
    return browser.text("#detail")


def first(events, **wanted):
    return next(event for event in events if all(event.get(key) == value for key, value in wanted.items()))


def facts(browser):
    """The names and values of the panel's tables"""
    return dict(browser.run("return [...document.querySelectorAll('#detail .facts tr')].map("
                            "row => [row.children[0].textContent, row.children[1].textContent])"))


def test_system_call(browser, pages):
    """a system call: registers, arguments decoded, its return, the exits in it"""
    path = pages.shell()
    events = pages.events(path)
    causes = {event["entry"] for event in events if event["type"] == "exit" and "entry" in event}
    call = next(event for event in events if event.get("name") == "write" and event["seq"] in causes)
    back = first(events, entry=call["seq"], type="transition")
    exits = [event["seq"] for event in events if event["type"] == "exit" and event.get("entry") == call["seq"]]
    browser.open(path)
    text = select(browser, call["seq"])
    shown = facts(browser)
    for key in ("rip", "rsp", "rflags", "cr3"):
        assert shown[key].split()[0] == call[key], (key, shown)
    for register, value, words in zip(("rdi", "rsi", "rdx"), call["args"], call["decoded"]):
        assert shown[register] == f"{value} {words}", shown
    assert f"event {back['seq']}" in shown["returns"] and f"write = {back['result']}" in shown["returns"]
    assert [int(seq) for seq in browser.texts("#detail tr:nth-child(2) .event-link")] == exits and exits
    assert "System call" in text and f"{back['exits_inside']} exit" in shown["inside"]
    browser.click("#detail .event-link")
    assert browser.run("return vmm.selected") == back["seq"]
    assert f"event {call['seq']}" in facts(browser)["entry"]


def test_exit(browser, pages):
    """an exit: the hypercall, and a link to the call that caused it"""
    path = pages.tour()
    events = pages.events(path)
    leave = next(event for event in events if event["type"] == "exit" and event.get("call") == "console_write")
    browser.open(path)
    text = select(browser, leave["seq"])
    assert "console_write" in text and leave["port"] in text and leave["symbol"] in text
    assert f"event {leave['entry']}" in facts(browser)["caused by"]
    browser.click("#detail .event-link")
    assert browser.run("return vmm.selected") == leave["entry"]


def test_page_walk(browser, pages):
    """a page fault: why, the walk entry by entry, and the bit that decides is marked"""
    path = pages.tour()
    faults = [event for event in pages.events(path) if event.get("walk")]
    browser.open(path)
    assert len(faults) > 10
    for fault in faults:
        text = select(browser, fault["seq"])
        assert fault["why"] in text and fault["cr2"] in text
        rows = browser.run("return [...document.querySelectorAll('.walk tbody tr')].map("
                           "row => [row.children[0].textContent, row.children[1].textContent])")
        assert rows == [[f"{e['entry']}[{e['index']}]", e["value"]] for e in fault["walk"]]
        indices = browser.texts(".walk-split td")
        assert [int(index) for index in indices[:len(rows)]] == [e["index"] for e in fault["walk"]]
        entry, rest = fault["why"].split(": ")[-1].split(".")
        marked = browser.run("const cell = document.querySelector('.walk-decides'); return [cell.parentNode.firstChild"
                             ".textContent, cell.textContent, [...cell.parentNode.children].indexOf(cell)]")
        bit, value = rest.split(" ")[0].split("=")
        assert marked[0].startswith(f"{entry}[") and marked[1] == value, (marked, fault["why"])
        assert ["entry", "value", "P", "W", "U", "NX"][marked[2]] == bit
    browser.run("document.querySelector('#detail').scrollTop = 0")
    browser.screenshot(f"{pages.folder}/page-fault.png")


def test_frame(browser, pages):
    """an interrupt: the frame that the CPU pushed, each word at its address"""
    path = pages.tour()
    event = first(pages.events(path), cause="interrupt")
    browser.open(path)
    select(browser, event["seq"])
    rows = browser.run("return [...document.querySelectorAll('.frame tr')].map("
                       "row => [...row.children].map(cell => cell.textContent))")
    found = {name: (int(address, 16), value) for address, name, value in rows}
    base = int(event["frame"], 16)
    assert found["RIP"] == (base, event["rip"]) and found["RFLAGS"] == (base + 16, event["rflags"])
    assert found["RSP"] == (base + 24, event["rsp"]) and found["CS"][0] == base + 8
    assert found["CS"][1].startswith(event["cs"]) and "ring 3" in found["CS"][1]


def test_every_event(browser, pages):
    """every event of every run can be shown, and its JSON is the line of the file"""
    for path in (pages.tour(), pages.shell(), pages.cpus()):
        browser.open(path)
        shown = browser.run("""
            const texts = [];
            for (const event of vmm.report.events) {
                vmm.select(event.seq);
                texts.push(document.querySelector('.detail-raw pre').textContent);
            }
            return texts;""")
        assert [json.loads(text) for text in shown] == pages.events(path)


def test_no_undefined(browser, pages):
    """no event is described with a hole in it"""
    for path in (pages.tour(), pages.shell(), pages.cpus()):
        browser.open(path)
        bad = browser.run("""
            return vmm.report.events.filter(event => {
                vmm.select(event.seq);
                const text = vmm.describe(event) + document.querySelector('#detail').innerText.replace(/JSON[^]*/, '');
                return /undefined(?![ _]?(instr|on purpose|\\())|(?<!\\/)\\bnull\\b|NaN|\\[object/.test(text);
            }).map(event => [event.seq, vmm.describe(event)]);""")
        assert not bad, bad
