# SPDX-License-Identifier: MIT
"""The picture of the address spaces holds the regions of the events, in their order, and tells what is known of them."""
import json
import os
import subprocess

import generate

KERNEL_HALF = 1 << 63
REGIONS = """return [...document.querySelectorAll('.space-region')].map(region => {
    const box = region.querySelector('.space-box'), {pid, start, end, ring, rights, name} = region.dataset;
    return {pid: Number(pid), start, end, ring: Number(ring), rights, name, y: Number(box.getAttribute('y')),
        height: Number(box.getAttribute('height')), x: Number(box.getAttribute('x')), width: Number(box.getAttribute('width')),
        text: [...region.querySelectorAll('text')].map(text => text.textContent), danger: region.matches('.space-is-danger')};
})"""


def facts(region, pid):
    return pid, region["start"], region["end"], region["ring"], region["rights"], region.get("name", "")


def last_spaces(events):
    """The last picture of each process"""
    return {event["pid"]: event for event in events if event["type"] == "address_space"}


def all_columns(browser):
    """The regions of every page of columns"""
    regions = browser.run(REGIONS)
    while browser.run("const next = document.querySelector('.space-pager button:last-child');"
                      "return !document.querySelector('.space-pager').hidden && !next.disabled"):
        browser.click(".space-pager button:last-child")
        regions += browser.run(REGIONS)
    return regions


def folded(browser):
    return browser.run("return [...document.querySelectorAll('.space-fold')].reduce((sum, fold) => sum + Number(fold.dataset.regions), 0)")


def is_user(region):
    return int(region["start"], 16) < KERNEL_HALF


def assert_drawn(browser, events):
    drawn = {facts(region, region["pid"]) for region in all_columns(browser)}
    spaces = last_spaces(events)
    for pid, space in spaces.items():
        for region in filter(is_user, space["regions"]):
            assert facts(region, pid) in drawn, (pid, region)
    known = {facts(region, pid) for pid, space in spaces.items() for region in space["regions"]}
    assert drawn <= known, drawn - known
    latest = max(spaces.values(), key=lambda space: space["seq"])
    kernel = {facts(region, latest["pid"]) for region in latest["regions"] if not is_user(region)}
    shown = {region for region in drawn if int(region[1], 16) >= KERNEL_HALF and region[0] == latest["pid"]}
    assert len(kernel - shown) == folded(browser), (kernel - shown, folded(browser))


def test_space_regions(browser, pages):
    """every region of the last picture of each process is drawn, and no other"""
    for path in (pages.tour(), pages.shell()):
        browser.open(path)
        assert_drawn(browser, pages.events(path))


def test_space_one_process(browser, pages):
    """one process: one column; a screenshot"""
    path = pages.vmm("one", "--layout=end", f"{pages.build}/guest.elf")
    browser.resize(1400, 1500)
    browser.open(path)
    regions = browser.run(REGIONS)
    space, = [event for event in pages.events(path) if event["type"] == "address_space"]
    assert {facts(region, 1) for region in regions} == {facts(region, 1) for region in space["regions"]}
    browser.run("document.querySelector('#space').scrollIntoView()")
    browser.screenshot(f"{pages.folder}/space-one.png")


def test_space_three_processes(browser, pages):
    """three processes: the kernel half once, across all of them; the user halves side by side; a screenshot"""
    path = pages.shell()
    browser.resize(1400, 1700)
    browser.open(path)
    regions = browser.run(REGIONS)
    columns = {region["x"] for region in regions if is_user(region)}
    assert len(columns) >= 3, columns
    kernel = [region for region in regions if not is_user(region)]
    assert len({region["start"] for region in kernel}) == len(kernel) > 15
    right = max(region["x"] + region["width"] for region in regions if is_user(region))
    assert all(region["x"] == min(columns) and region["x"] + region["width"] == right for region in kernel)
    assert "the same tables in all" in browser.text(".space-facts")
    browser.run("document.querySelector('#space').scrollIntoView()")
    browser.screenshot(f"{pages.folder}/space-three.png")


def test_space_order(browser, pages):
    """higher addresses are above lower ones, the same address is at the same height, nothing overlaps"""
    browser.open(pages.shell())
    regions = browser.run(REGIONS)
    bottoms = {}
    for region in regions:
        bottoms.setdefault(region["start"], set()).add(region["y"] + region["height"])
    assert all(len(heights) == 1 for heights in bottoms.values()), bottoms
    for one in regions:
        for other in regions:
            if int(one["start"], 16) >= int(other["end"], 16) and (one["pid"] == other["pid"] or not is_user(one)):
                assert one["y"] + one["height"] <= other["y"] + 0.01, (one, other)


def test_space_labels(browser, pages):
    """a region has its name, rights and size in writing, and its limits stand on the left"""
    browser.open(pages.tour())
    text = next(region for region in browser.run(REGIONS) if region["name"] == ".user.text")
    assert text["text"] == ["3", text["text"][1], "4\u00a0KiB", "r-x"] and text["text"][1].startswith(".user"), text
    addresses = browser.texts(".space-address")
    assert "0x400000" in addresses and "0x401000" in addresses and "2^64" in addresses


def test_space_keys(browser, pages):
    """arrow keys go from region to region; each tells its range, rights and frames; Enter selects the event"""
    path = pages.tour()
    browser.open(path)
    browser.run("document.querySelector('.space-region[tabindex=\"0\"]').focus()")
    first = browser.run("return document.activeElement.dataset.start")
    assert first == browser.run(REGIONS + "[0].start")
    assert first in browser.text(".space-tip")
    browser.keys("\ue015")  # ArrowDown
    second = browser.run("return document.activeElement.dataset.start")
    assert int(second, 16) < int(first, 16)
    tip = browser.text(".space-tip")
    assert second in tip and "r--" in tip and "frames" in tip, tip
    browser.keys("\ue010")  # End
    assert browser.run("return document.activeElement.getAttribute('aria-label')").startswith("null guard: range: 0x0")
    browser.keys("\ue014" if browser.run("return document.activeElement.dataset.pid") == "1" else "\ue012", "\ue007")
    chosen = browser.run("return vmm.selected")
    assert pages.events(path)[chosen]["type"] == "address_space"


def test_space_pointer(browser, pages):
    """the pointer shows what is known of a region, and marks where its frames are mapped besides"""
    path = pages.tour()
    browser.resize(1400, 1700)
    browser.open(path)
    child = last_spaces(pages.events(path))[2]
    text = next(region for region in child["regions"] if region["name"] == ".user.text")
    browser.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", "#space .space-figure")
    browser.click_at(".space-region[data-pid='2'][data-name='.user.text'] .space-box", 40, 8)
    tip = browser.text(".space-tip")
    assert text["phys"] in tip and f"{text['shared_frames']} page" in tip and "direct map" in tip, tip
    same = browser.run("return [...document.querySelectorAll('.space-same')].map(region => region.dataset.name)")
    assert ".user.text" in same and "direct map" in same, same


def test_space_moments(browser, pages):
    """at an earlier moment, only who is alive then, as it was then; and the moments of one process side by side"""
    path = pages.shell()
    spaces = [event for event in pages.events(path) if event["type"] == "address_space"]
    browser.open(path)
    choose = ("const select = document.querySelector(arguments[0]); select.value = arguments[1];"
              "select.dispatchEvent(new Event('change'))")
    browser.run(choose, "#space-moment", str(spaces[0]["seq"]))
    drawn = {facts(region, region["pid"]) for region in browser.run(REGIONS)}
    assert drawn == {facts(region, 1) for region in spaces[0]["regions"]}
    browser.run(choose, "#space-who", "1")
    moments = [space for space in spaces if space["pid"] == 1]
    shown = browser.texts(".space-who a")
    assert shown == [f"at the {space['when']}" for space in moments] and len(shown) > 1, shown
    columns = {}
    for region in filter(is_user, browser.run(REGIONS)):
        columns.setdefault(region["x"], set()).add(facts(region, 1))
    expected = [{facts(region, 1) for region in filter(is_user, space["regions"])} for space in moments]
    assert [columns[x] for x in sorted(columns)] == expected


def test_space_dead_processes(browser, pages):
    """at the moment at which the third process of the tour starts, the second one is gone"""
    path = pages.tour()
    third = next(event for event in pages.events(path) if event["type"] == "address_space" and event["pid"] == 3)
    assert any(event.get("event") == "exit" and event["pid"] == 2 and event["seq"] < third["seq"] for event in pages.events(path))
    browser.open(path)
    browser.run("vmm.select(arguments[0])", third["seq"])  # an event of that type brings its moment
    assert browser.run("return document.querySelector('#space-moment').value") == str(third["seq"])
    assert browser.texts(".space-who b") == ["guest.elf (1)", "guest.elf (3)"]


def test_space_filter(browser, pages):
    """a process that the filter chose is the only column"""
    browser.open(pages.tour())
    browser.run("vmm.setFilter({pids: new Set([2])})")
    assert {region["pid"] for region in browser.run(REGIONS)} == {2}
    browser.run("vmm.setFilter({pids: null})")
    assert len({region["pid"] for region in browser.run(REGIONS)}) > 2


def make_page(pages, name, change):
    """A page of the tour with its address spaces changed"""
    with open(pages.tour(), encoding="utf-8", newline="\n") as page:
        head, events = generate.split(page.read())
    events = change(events)
    for seq, event in enumerate(events):
        event["seq"] = seq
        event.pop("entry", None)
    with open(pages.path(name), "w", encoding="utf-8", newline="\n") as out:
        generate.write(head, events, out)
    return pages.path(name), events


def test_space_none(browser, pages):
    """without an address space, the page says so"""
    path, _ = make_page(pages, "space-none", lambda events: [each for each in events if each["type"] != "address_space"])
    browser.open(path)
    assert "no address space" in browser.text("#space")


def test_space_256_processes(browser, pages):
    """256 processes: as many columns as fit, the others on further pages; 256 kernel stacks are folded"""
    def many(events):
        space = next(event for event in events if event["type"] == "address_space" and event["pid"] == 2)
        base = 0xffffc90000000000
        stacks = []
        for i in range(256):
            guard, stack = base + i * 0x4000, base + i * 0x4000 + 0x2000
            stacks.append({"start": hex(guard), "end": hex(stack), "ring": 0, "rights": "---", "kernel_rights": "---",
                           "guard": True, "name": "guard"})
            stacks.append(dict(space["regions"][-1], start=hex(stack), end=hex(stack + 0x2000), name="kernel stack", rights="rw-"))
        regions = [region for region in space["regions"] if not 0 <= int(region["start"], 16) - base < 0x400000]
        regions = sorted(regions + stacks, key=lambda region: int(region["start"], 16))
        spaces = [json.loads(json.dumps(dict(space, pid=pid, regions=regions))) for pid in range(1, 257)]
        return [events[0], *spaces, *events[-2:]]

    path, _ = make_page(pages, "space-256", many)
    seconds = browser.open(path)
    assert browser.text(".space-pager output").endswith("of 256 processes"), browser.text(".space-pager output")
    assert folded(browser) > 500
    assert browser.run("return document.querySelector('.space-picture').getBoundingClientRect().height") < 2500
    assert {region["pid"] for region in all_columns(browser) if is_user(region)} == set(range(1, 257))
    return f"opened in {seconds:.2f} s"


def test_space_danger(browser, pages):
    """a page that is writable and executable glares, and so does one of the kernel half that ring 3 reaches"""
    source, program = os.path.join(pages.folder, "wx.S"), os.path.join(pages.folder, "wx.elf")
    with open(source, "w", encoding="ascii") as out:
        out.write(".globl _start\n_start: mov $60, %eax\nxor %edi, %edi\nsyscall\n")
    subprocess.run(["cc", "-nostdlib", "-static", "-Wl,-N,--no-warn-rwx-segments", "-o", program, source], check=True)
    path = pages.vmm("space-wx", "--allow-wx", program)
    browser.resize(1400, 1500)
    browser.open(path)
    dangers = [region for region in browser.run(REGIONS) if region["danger"]]
    assert [region["rights"] for region in dangers] == ["rwx"] and dangers[0]["text"][1].startswith("W+X"), dangers
    assert "1 region as it must not be" in browser.text(".space-warning") and "0x400000" in browser.text(".space-warning")
    browser.run("document.querySelector('#space').scrollIntoView()")
    browser.screenshot(f"{pages.folder}/space-wx.png")

    def reach(events):
        for event in events:
            for region in event.get("regions", []):
                if region.get("name") == ".rodata":
                    region["ring"] = 3
        return events

    browser.open(make_page(pages, "space-reached", reach)[0])
    dangers = [region for region in browser.run(REGIONS) if region["danger"]]
    assert [region["name"] for region in dangers] == [".rodata"] and dangers[0]["text"][1].startswith("ring 3!"), dangers
    browser.open(pages.tour())
    assert not [region for region in browser.run(REGIONS) if region["danger"]]
    assert browser.run("return document.querySelector('.space-warning').hidden")


def test_space_colours(browser, pages):
    """labels can be read on their boxes in both themes; rights and rings differ in more than colour"""
    def luminance(text):
        values = [int(value) / 255 for value in text[text.index("(") + 1:text.index(")")].split(",")[:3]]
        parts = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for scheme in ("light", "dark"):
        browser.media(scheme)
        browser.open(pages.tour())
        pairs = browser.run("""return [...document.querySelectorAll('.space-region:not(.space-is-guard)')].map(region => [
            getComputedStyle(region.querySelector('.space-box')).fill, getComputedStyle(region.querySelector('text.space-name')).fill,
            region.querySelector('.space-rights').textContent, region.dataset.rights])""")
        for box, name, written, rights in pairs:
            light, dark = sorted((luminance(box), luminance(name)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (scheme, box, name)
            assert written == rights
