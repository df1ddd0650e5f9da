# SPDX-License-Identifier: MIT
"""The timeline draws what happened, and does what wheel, mouse and keys ask."""
CANVAS = "#timeline-canvas"


def view(browser):
    """The window on the axis, after what was asked for has been drawn"""
    data = browser.run("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {"
                       "const d = document.querySelector('#timeline-canvas').dataset; done([d.from, d.to, d.axis]); })))")
    return float(data[0]), float(data[1]), data[2]


def show(browser, begin, end):
    browser.run("vmm.timeline.scale.set(arguments[0], arguments[1]); vmm.timeline.drawNow()", begin, end)


def pixel_of(browser, ns):
    """Computed here, from the window alone"""
    begin, end, _ = view(browser)
    gutter, width = browser.run("return [vmm.timeline.picture.gutter, vmm.timeline.scale.width]")
    return gutter + (ns - begin) / (end - begin) * width


def place_of(browser, cpu=0):
    return browser.run("return vmm.timeline.picture.places[arguments[0]]", cpu)


def colour_at(browser, x, y):
    """What is on the canvas there, as #rrggbb"""
    return browser.run("""
        const canvas = document.querySelector('#timeline-canvas');
        const [r, g, b] = canvas.getContext('2d').getImageData(Math.round(arguments[0] * devicePixelRatio),
            Math.round(arguments[1] * devicePixelRatio), 1, 1).data;
        return '#' + [r, g, b].map(part => part.toString(16).padStart(2, '0')).join('');""", x, y)


def colour(browser, name):
    return browser.run("return vmm.colour(arguments[0])", name)


def crossings(events):
    """Pairs of an entry and its return, without anything between them on that CPU but exits"""
    for event in events:
        if event["type"] == "transition" and "entry" in event and event["depth"] == 0:
            entry = events[event["entry"]]
            between = events[entry["seq"] + 1:event["seq"]]
            if not any(other["type"] == "transition" and other["cpu"] == event["cpu"] for other in between):
                yield entry, event


def test_slices_are_drawn(browser, pages):
    """in ring 0 a crossing has the colour of its cause from entry to return, in ring 3 the process is on both sides"""
    path = pages.tour()
    pairs = [pair for pair in crossings(pages.events(path)) if pair[1]["to"] == 3][::4]
    browser.open(path)
    place = place_of(browser)
    nothing = colour(browser, "band"), colour(browser, "line")
    assert len(pairs) > 20
    for entry, back in pairs:
        length = back["ns"] - entry["ns"]
        show(browser, entry["ns"] - length, back["ns"] + length)
        left, right = pixel_of(browser, entry["ns"]), pixel_of(browser, back["ns"])
        row = place["ring0"] + 3
        for x in (left + 2, right - 4):
            assert colour_at(browser, x, row) == colour(browser, entry["cause"]), (entry["seq"], x)
        after = next((event for event in pages.events(path)[back["seq"] + 1:] if event["type"] == "transition"), None)
        if after is None or after["ns"] - back["ns"] < length / 50:
            continue  # too short to be seen
        wanted = browser.run("return vmm.colour(vmm.processColourName(arguments[0]))", back["pid"])
        assert colour_at(browser, right + 2, place["user"] + 4) == wanted, back["seq"]
        assert colour_at(browser, (left + right) / 2, place["user"] + 4) in nothing, entry["seq"]


def test_exits_are_drawn(browser, pages):
    """an exit is a mark in the host's lane, with an arrow from the crossing that caused it"""
    path = pages.tour()
    events = pages.events(path)
    browser.open(path)
    place = place_of(browser)
    drawn = 0
    for leave in [event for event in events if event["type"] == "exit" and "entry" in event][::6]:
        show(browser, leave["ns"] - 20000, leave["ns"] + 20000)
        x = pixel_of(browser, leave["ns"])
        assert colour_at(browser, x, place["host"] + 8) == colour(browser, "host"), leave["seq"]
        depth = events[leave["entry"]]["depth"]
        gap = place["ring0"] + 20 * place["rows"] + 3
        assert colour_at(browser, x, gap) not in (colour(browser, "paper"), colour(browser, "band")), (leave, depth)
        drawn += 1
    assert drawn > 10


def test_click_selects(browser, pages):
    """a click on a slice selects its entry, on a mark its exit, on nothing nothing; list and details follow"""
    path = pages.tour()
    events = pages.events(path)
    browser.open(path)
    place = place_of(browser)
    for entry, back in list(crossings(events))[3::9]:
        length = back["ns"] - entry["ns"]
        show(browser, entry["ns"] - length, back["ns"] + length)
        middle = (pixel_of(browser, entry["ns"]) + pixel_of(browser, back["ns"])) / 2
        browser.click_at(CANVAS, middle, place["ring0"] + 8)
        assert browser.run("return vmm.selected") == entry["seq"]
        assert f"event {entry['seq']} " in browser.text(".detail-kind")
        assert browser.text(f"#event-{entry['seq']}[aria-selected=true]")
    leave = next(event for event in events if event["type"] == "exit")
    show(browser, leave["ns"] - 100000, leave["ns"] + 100000)
    browser.click_at(CANVAS, pixel_of(browser, leave["ns"]), place["host"] + 8)
    assert browser.run("return vmm.selected") == leave["seq"]
    browser.click_at(CANVAS, pixel_of(browser, leave["ns"]), 5)
    assert browser.run("return vmm.selected") is None


def test_wheel(browser, pages):
    """the wheel zooms around the mouse, and out of it to the whole run"""
    browser.open(pages.tour())
    begin, end, _ = view(browser)
    box = browser.run("const s = vmm.timeline.scale; return s.x(400)")
    browser.wheel(CANVAS, 92 + 400, 60, -300)
    closer = view(browser)
    assert closer[1] - closer[0] < (end - begin) / 2, closer
    assert abs(browser.run("return vmm.timeline.scale.x(400)") - box) < (end - begin) / 200
    browser.wheel(CANVAS, 492, 60, 900)
    assert view(browser)[:2] == (begin, end)


def test_keys(browser, pages):
    """+, -, arrows, Home, End, f, z, n, p, Enter and Escape"""
    path = pages.tour()
    events = pages.events(path)
    browser.open(path)
    whole = view(browser)
    browser.run("document.querySelector('#timeline-canvas').focus()")
    browser.keys("+", "+", "+")
    near = view(browser)
    assert near[1] - near[0] < (whole[1] - whole[0]) / 3
    browser.keys("\ue014")  # ArrowRight
    assert view(browser)[0] > near[0]
    browser.keys("\ue012")  # ArrowLeft
    assert abs(view(browser)[0] - near[0]) < 1
    browser.keys("\ue011")  # Home
    assert view(browser)[0] <= 0
    browser.keys("\ue010")  # End
    assert view(browser)[1] >= events[-1]["ns"]
    browser.keys("-")
    assert view(browser)[1] - view(browser)[0] > near[1] - near[0]
    browser.keys("f")
    assert view(browser) == whole
    browser.keys("n", "n", "n", "p")
    assert browser.run("return vmm.selected") == 1
    browser.run("vmm.select(6)")
    browser.keys("z")
    back = next(event for event in events if event.get("entry") == 6 and event["type"] == "transition")
    begin, end, _ = view(browser)
    assert begin < events[6]["ns"] and end > back["ns"] and end - begin < 3 * (back["ns"] - events[6]["ns"])
    browser.keys("\ue00c")  # Escape
    assert browser.run("return vmm.selected") is None


def test_step_through_filtered(browser, pages):
    """n and p go over what the filter shows"""
    path = pages.tour()
    wanted = [event["seq"] for event in pages.events(path) if event.get("cause") == "interrupt"
              or event.get("entry_cause") == "interrupt"]
    browser.open(path)
    browser.click("[data-kind=interrupt]")
    browser.run("document.querySelector('#timeline-canvas').focus()")
    seen = []
    for _ in range(5):
        browser.keys("n")
        seen.append(browser.run("return vmm.selected"))
    assert seen == wanted[:5]
    assert f"event {wanted[4]}" in browser.text("[role=status]")


def test_axis(browser, pages):
    """on the axis of event numbers all events are equally wide, and the same stretch stays in sight"""
    path = pages.tour()
    events = pages.events(path)
    browser.open(path)
    browser.click(".timeline-controls button:nth-child(4)")
    assert view(browser)[2] == "sequence"
    assert view(browser)[0] < 0 and view(browser)[1] > len(events) - 1
    first, second = (browser.run("const s = vmm.timeline.scale; return s.pixel(s.xOf(arguments[0]))", seq) for seq in (100, 101))
    third = browser.run("const s = vmm.timeline.scale; return s.pixel(s.xOf(102))")
    assert abs((third - second) - (second - first)) < 1e-6
    browser.screenshot(f"{pages.folder}/sequence.png")
    browser.run("vmm.timeline.scale.set(100, 120)")
    browser.click(".timeline-controls button:nth-child(4)")
    begin, end, axis = view(browser)
    assert axis == "time" and abs(begin - events[100]["ns"]) < 1000 and abs(end - events[120]["ns"]) < 1000


def test_drag(browser, pages):
    """dragging moves, and selects nothing"""
    browser.open(pages.tour())
    show(browser, 50e6, 60e6)
    browser.run("""
        const c = document.querySelector('#timeline-canvas'), box = c.getBoundingClientRect();
        const at = (type, x) => c.dispatchEvent(new PointerEvent(type, {pointerId: 1, clientX: box.left + x,
            clientY: box.top + 60, button: 0, buttons: 1, bubbles: true}));
        c.setPointerCapture = () => {};
        at('pointerdown', 700); at('pointermove', 600); at('pointermove', 500); at('pointerup', 500);""")
    begin, end, _ = view(browser)
    width = browser.run("return vmm.timeline.scale.width")
    assert abs(begin - (50e6 + 200 / width * 10e6)) < 1000 and abs(end - begin - 10e6) < 1
    assert browser.run("return vmm.selected") is None


def test_lanes_of_cpus(browser, pages):
    """two CPUs have two groups of lanes, and each event is on its own"""
    path = pages.cpus()
    events = pages.events(path)
    browser.open(path)
    assert browser.run("return vmm.timeline.picture.places.length") == 2
    for cpu in (0, 1):
        leave = [event for event in events if event["type"] == "exit" and event["cpu"] == cpu][3]
        show(browser, leave["ns"] - 5000, leave["ns"] + 5000)
        x = pixel_of(browser, leave["ns"])
        assert colour_at(browser, x, place_of(browser, cpu)["host"] + 8) == colour(browser, "host")
    browser.run("vmm.timeline.scale.fit(); vmm.timeline.drawNow()")
    browser.screenshot(f"{pages.folder}/cpus.png")


def test_no_overlap(browser, pages):
    """in a lane nothing lies over anything else, and all of a CPU's time has a place"""
    for path in (pages.tour(), pages.shell(), pages.cpus()):
        browser.open(path)
        bad = browser.run("""
            const {ns} = vmm.report, bad = [];
            for (const lane of vmm.timeline.picture.lanes) {
                for (const row of [lane.user, lane.exits, ...lane.crossings])
                    for (let i = 1; i < row.count; i++)
                        if (ns[row.from[i]] < ns[row.to[i - 1]])
                            bad.push([row.seq[i - 1], row.seq[i]]);
                const time = row => row.seq.reduce((sum, _, i) => sum + ns[row.to[i]] - ns[row.from[i]], 0);
                const first = Math.min(lane.user.from[0], lane.crossings[0].from[0]);
                const last = Math.max(lane.user.to[lane.user.count - 1], lane.crossings[0].to[lane.crossings[0].count - 1]);
                if (Math.abs(time(lane.user) + time(lane.crossings[0]) - (ns[last] - ns[first])) > 1)
                    bad.push(['time', time(lane.user), time(lane.crossings[0]), ns[last] - ns[first]]);
            }
            return bad;""")
        assert not bad, bad
