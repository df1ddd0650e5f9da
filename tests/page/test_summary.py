# SPDX-License-Identifier: MIT
"""The tables of the summary hold the numbers of the event `summary`, sort, and lead to the events."""
COLUMNS = ("count", "errors", "ns", "mean", "ns_min", "ns_max", "exits", "faults", "interrupts")
TABLE = """return [...document.querySelectorAll(arguments[0] + ' tbody tr')].map(row =>
    [...row.cells].map(cell => cell.dataset.value === undefined ? null : cell.dataset.value))"""


def summary_of(pages, path):
    return next(event for event in pages.events(path) if event["type"] == "summary")


def show_all(browser):
    browser.run("for (const button of document.querySelectorAll('#summary .summary-more:not([hidden])')) button.click()")


def name_of(row):
    number = f"number {row.get('number')}"
    if row.get("total"):
        return {"syscall": "system calls", "int": "int n", "exception": "exceptions", "interrupt": "interrupts", "nmi": "NMIs",
                "sysret": "returns by sysret", "iret": "returns by iret"}[row["cause"]]
    if row.get("cause") == "int":
        return f"{row.get('name', number)} by int 0x80" if "number" in row else f"int 0x{row['vector']:x}"
    return row.get("name") or (f"vector {row['vector']}" if "vector" in row else number)


def expected_row(row):
    times = {"ns": row["ns"], "mean": row["ns"] / row["finished"] if row["finished"] else 0, "ns_min": row["ns_min"], "ns_max": row["ns_max"]}
    values = [times[key] if key in times else row[key] for key in COLUMNS]
    return [name_of(row)] + [None if key in times and not row["finished"] else value for key, value in zip(COLUMNS, values)]


def assert_table(browser, selector, rows):
    shown = {row[0]: row[1:] for row in browser.run(TABLE, selector)}
    assert sorted(shown) == sorted(name_of(row) for row in rows), (sorted(shown), rows)
    for row in rows:
        name, *expected = expected_row(row)
        values = [None if value is None or value == "null" else float(value) for value in shown[name]]
        assert all(one == other or one is not None and other is not None and abs(one - other) < 1e-6 * max(1, other)
                   for one, other in zip(values, expected)), (name, values, expected)


def test_summary_numbers(browser, pages):
    """counts, errors, times, exits, faults and interrupts of each cause, call and vector are those of the event"""
    for path in (pages.tour(), pages.shell(), pages.cpus()):
        summary = summary_of(pages, path)
        browser.open(path)
        show_all(browser)
        assert_table(browser, "#summary-causes", [row for row in summary["rows"] if row["total"]])
        assert_table(browser, "#summary-calls", [row for row in summary["rows"] if not row["total"]])
    browser.run("document.querySelector('#summary').scrollIntoView()")
    browser.screenshot(f"{pages.folder}/summary.png")


def test_summary_written(browser, pages):
    """what stands in the cells is the value that they sort by"""
    browser.open(pages.tour())
    cells = browser.run("""return [...document.querySelectorAll('#summary-calls tbody tr')].map(row =>
        [row.cells[0].textContent, row.cells[1].textContent, row.cells[1].dataset.value, row.cells[3].textContent, row.cells[3].dataset.value])""")
    units = {"ns": 1, "µs": 1e3, "ms": 1e6, "s": 1e9}
    for name, count, value, time, ns in cells:
        assert int(count.replace("\u202f", "")) == int(value), (name, count, value)
        if ns not in (None, "null"):
            number, unit = time.split("\u00a0")
            assert abs(float(number) * units[unit] - float(ns)) <= 0.006 * float(ns) + 1, (name, time, ns)
        else:
            assert time == "–"


def test_summary_exits(browser, pages):
    """exits by reason, the guest's own and those of observation"""
    path = pages.tour()
    exits = summary_of(pages, path)["exits"]
    browser.open(path)
    rows = {row[0]: int(row[1]) for row in browser.run(TABLE, "#summary-exits")}
    assert rows == {**exits["by_reason"], "observation": exits["observed"]}
    assert sum(rows.values()) == exits["total"]
    lead = browser.text("#summary-lead")
    assert f"{exits['total']} VM exits" in lead and f"{exits['guest']} of the guest" in lead, lead


def test_summary_bars(browser, pages):
    """a bar is as long as its number is large"""
    browser.open(pages.tour())
    bars = browser.run("""return [...document.querySelectorAll('#summary-calls tbody tr')].map(row => [Number(row.cells[1].dataset.value),
        row.cells[1].querySelector('.summary-track span')?.getBoundingClientRect().width || 0,
        row.cells[1].querySelector('.summary-track').getBoundingClientRect().width])""")
    most = max(value for value, _, _ in bars)
    for value, width, track in bars:
        assert abs(width - max(1, value / most * track)) < 1, (value, width, track)


def test_summary_sorts(browser, pages):
    """a title sorts by its column, pressed again the other way round, with the keyboard, too"""
    browser.open(pages.shell())
    show_all(browser)

    def column(number):
        return [row[number] for row in browser.run(TABLE, "#summary-calls")]

    def sort_of(number):
        return browser.run("return document.querySelectorAll('#summary-calls th')[arguments[0]].ariaSort", number)

    for number in (1, 6, 7):
        browser.run("document.querySelectorAll('#summary-calls th button')[arguments[0]].focus()", number)
        browser.keys("\ue007")  # Enter
        values = [float(value) for value in column(number) if value not in (None, "null")]
        assert sort_of(number) == "descending" and values == sorted(values, reverse=True), values
        browser.keys("\ue007")
        values = [float(value) for value in column(number) if value not in (None, "null")]
        assert sort_of(number) == "ascending" and values == sorted(values), values
        assert all(value in (None, "null") for value in column(number)[len(values):])
    browser.run("document.querySelector('#summary-calls th button').click()")
    names = [name.lower() for name in column(0)]
    assert sort_of(0) == "ascending" and names == sorted(names)


def test_summary_filters(browser, pages):
    """a name shows only its events"""
    path = pages.tour()
    browser.open(path)
    browser.run("[...document.querySelectorAll('#summary-causes .summary-name')].find(e => e.textContent === 'exceptions').click()")
    count = sum(event.get("cause") == "exception" or event.get("entry_cause") == "exception" for event in pages.events(path))
    assert browser.run("return vmm.matching.length") == count > 0
    browser.run("[...document.querySelectorAll('#summary-calls .summary-name')].find(e => e.textContent === 'clone').click()")
    matching = browser.run("return vmm.matching.map(seq => vmm.report.at(seq))")
    assert matching and all("clone" in (event.get("name"), event.get("entry_name")) for event in matching)
    assert browser.run("return document.querySelector('#search').value") == "clone"


def test_summary_sharing(browser, pages):
    """who shares which frames, of the last picture of each process"""
    path = pages.tour()
    spaces = {event["pid"]: event for event in pages.events(path) if event["type"] == "address_space"}
    expected = sorted((pid, region.get("name", ""), region["shared_frames"], region["cow_pages"], len(region["shared_with"]))
                      for pid, space in spaces.items() for region in space["regions"] if region.get("shared_frames"))
    browser.open(path)
    show_all(browser)
    shown = sorted((int(row[0]), row[1], int(row[3]), int(row[4]), int(row[5])) for row in browser.run(TABLE, "#summary-shared"))
    assert shown == expected and shown
    assert "by the same page tables" in browser.text("#summary")


def test_summary_missing_calls(browser, pages):
    """system calls that the kernel lacks, with how often"""
    path = pages.vmm("unknown-calls", f"{pages.build}/tests/unknown-calls.elf")
    calls = pages.events(path)[-1].get("unimplemented", [])
    browser.open(path)
    show_all(browser)
    shown = browser.run(TABLE, "#summary-missing")
    assert sorted((row[0], int(row[1])) for row in shown) == sorted((name_of(call), call["count"]) for call in calls) and shown
