# SPDX-License-Identifier: MIT
"""Light and dark, contrast, names for those who hear the page, paper, small windows."""
import base64

TEXT = [("ink", "paper"), ("soft", "paper"), ("accent", "paper"), ("warning", "paper"), ("ink", "band"), ("soft", "band"),
        ("ink", "raised"), ("paper", "accent")]


def luminance(colour):
    """WCAG 2, "relative luminance" """
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_themes(browser, pages):
    """the page follows the system's light and dark, and the button changes it"""
    path = pages.shell()
    papers = {}
    for scheme in ("light", "dark"):
        browser.media(scheme)
        browser.open(path)
        browser.run("localStorage.clear()")
        browser.open(path)
        assert browser.run("return document.documentElement.dataset.theme") == scheme
        papers[scheme] = browser.run("return getComputedStyle(document.body).backgroundColor")
        browser.run("vmm.select(60)")
        browser.screenshot(f"{pages.folder}/{scheme}.png")
    assert papers["light"] != papers["dark"]
    browser.click("#theme")
    assert browser.run("return getComputedStyle(document.body).backgroundColor") == papers["light"]
    browser.open(path)
    assert browser.run("return document.documentElement.dataset.theme") == "light"  # it is remembered
    browser.run("localStorage.clear()")


def test_contrast(browser, pages):
    """text has a contrast of at least 4.5:1 in both themes, lanes and causes are told apart"""
    for scheme in ("light", "dark"):
        browser.media(scheme)
        browser.open(pages.tour())
        for front, back in TEXT:
            values = browser.run("return arguments[0].map(name => vmm.colour(name))", [front, back])
            assert contrast(*values) >= 4.5, f"{scheme}: {front} on {back}: {contrast(*values):.2f}"
        for name in ("syscall", "int", "exception", "interrupt", "host", "process1", "process2", "process3"):
            ink, colour = browser.run("const c = vmm.timeline.picture.colours; return [c.on[arguments[0]], c[arguments[0]]]", name)
            assert contrast(ink, colour) >= 4.5, f"{scheme}: text on {name}: {contrast(ink, colour):.2f}"


def test_names(browser, pages):
    """everything that can be pressed or focused has a name"""
    browser.open(pages.shell())
    browser.run("vmm.select(30)")
    browser.cdp("Accessibility.enable")
    nodes = browser.cdp("Accessibility.getFullAXTree")["nodes"]
    roles = ("button", "textbox", "searchbox", "combobox", "application", "grid", "link", "DisclosureTriangle", "region")
    named = 0
    for node in nodes:
        if node.get("role", {}).get("value") in roles and not node.get("ignored"):
            assert node.get("name", {}).get("value"), node
            named += 1
    assert named > 15, named


def test_tab_order(browser, pages):
    """Tab leads through search, filters, timeline, list; each shows that it has the focus"""
    browser.open(pages.tour())
    seen = []
    for _ in range(22):
        browser.keys("\ue004")
        seen.append(browser.run("""
            const e = document.activeElement, style = getComputedStyle(e);
            return [e.id || e.className || e.tagName, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0];"""))
    names = [name for name, _ in seen]
    assert names.index("theme") < names.index("search") < names.index("who") < names.index("timeline-canvas") < names.index("list"), names
    assert all(outlined for name, outlined in seen if name != "BODY"), seen


def test_print(browser, pages):
    """on paper: light, no controls, the timeline, the first events as a table"""
    browser.media("dark")
    browser.open(pages.shell())
    browser.run("""
        window.seen = {};
        addEventListener('beforeprint', () => setTimeout(() => {}, 0));
        addEventListener('beforeprint', () => {
            window.seen.theme = document.documentElement.dataset.theme;
            window.seen.rows = document.querySelectorAll('.list-paper [data-seq]').length;
        });""")
    pdf = base64.b64decode(browser.cdp("Page.printToPDF", printBackground=True)["data"])
    with open(f"{pages.folder}/print.pdf", "wb") as file:
        file.write(pdf)
    assert browser.run("return window.seen") == {"theme": "light", "rows": 200}
    assert browser.run("return document.documentElement.dataset.theme") == "dark"
    assert browser.run("return document.querySelectorAll('.list-paper [data-seq]').length") == 0
    browser.media("light", "print")
    assert browser.run("return getComputedStyle(document.querySelector('#toolbar')).display") == "none"


def test_small_window(browser, pages):
    """in a narrow window nothing is wider than the window"""
    browser.resize(600, 900)
    browser.open(pages.shell())
    wide, window = browser.run("return [document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window, (wide, window)
    browser.run("vmm.select(60)")
    browser.screenshot(f"{pages.folder}/narrow.png")
