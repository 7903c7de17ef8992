"""The map in real browsers: silent, drawn, clickable, readable by keyboard and screen reader, unmoved by hostile text."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from maps_cases import LINKS, PLACES, STRIKES

from geomap import maps

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
AXE = [
    Path(os.environ.get("AXE_CORE", "")),
    *Path(__file__).parent.glob("data/axe*.js"),
    Path("node_modules/axe-core/axe.min.js"),
]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


@pytest.fixture(scope="module")
def play() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def chromium(play: Any) -> Iterator[Any]:
    browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


class Opened:
    """A page opened from a file with the network switched off; it remembers complaints and requests."""

    def __init__(self, browser: Any, path: Path, anchor: str = "", **context: Any) -> None:
        self.context = browser.new_context(offline=True, reduced_motion="reduce", **context)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on(
            "console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri() + anchor)
        self.page.wait_for_selector("html[data-ready='1']", state="attached", timeout=20_000)

    def close(self) -> None:
        """Every test ends so: no complaint of the browser, and no request but the file itself."""
        self.context.close()
        assert not self.complaints
        assert [url for url in self.requests if not url.startswith(("file:", "data:", "blob:"))] == []
        assert sum(url.startswith("file:") for url in self.requests) == 1


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    pages: list[Opened] = []

    def open_(rows: Any = STRIKES, *, anchor: str = "", context: dict[str, Any] | None = None, **options: Any) -> Any:
        path = tmp_path / f"map{len(pages)}.html"
        maps.draw(rows, **options).save(path)
        pages.append(Opened(chromium, path, anchor, **(context or DESKTOP)))
        return pages[-1].page

    yield open_
    for page in pages:
        page.close()


def dark_pixels_near(page: Any, lon: float, lat: float) -> int:
    """Pixels of the canvas of symbols that are painted within eight pixels of where the projection puts a point."""
    found: int = page.evaluate(
        """([lon, lat]) => {
            const {map} = window.geomap, canvas = document.querySelector('.leaflet-geomap-symbols-pane canvas');
            const at = map.latLngToContainerPoint([lat, lon]), map0 = map.getContainer().getBoundingClientRect();
            const box = canvas.getBoundingClientRect(), ratio = canvas.width / box.width;
            const x = (at.x + map0.x - box.x) * ratio, y = (at.y + map0.y - box.y) * ratio;
            const copy = new OffscreenCanvas(16, 16).getContext('2d', {willReadFrequently: true});
            copy.drawImage(canvas, x - 8, y - 8, 16, 16, 0, 0, 16, 16);
            const data = copy.getImageData(0, 0, 16, 16).data;
            return data.filter((value, k) => k % 4 === 3 && value > 100).length;
        }""",
        [lon, lat],
    )
    return found


def click_at(page: Any, lon: float, lat: float) -> None:
    at = page.evaluate(
        "([lon, lat]) => { const p = geomap.map.latLngToContainerPoint([lat, lon]), b = geomap.map.getContainer().getBoundingClientRect(); return [p.x + b.x, p.y + b.y] }",
        [lon, lat],
    )
    page.mouse.click(*at)


def test_a_strike_is_drawn_where_it_was_computed_and_opens_on_a_click(opened: Any) -> None:
    page = opened(places=PLACES)
    for strike in STRIKES:
        assert dark_pixels_near(page, strike["lon"], strike["lat"]) > 20
        click_at(page, strike["lon"], strike["lat"])
        card = page.locator(".card")
        assert card.get_attribute("data-event") == strike["event_id"]
        quote = card.locator("blockquote")
        assert quote.inner_text() == strike["quote"]
        assert quote.get_attribute("lang") == "ar"
        assert quote.evaluate("node => getComputedStyle(node).direction") == "rtl"
        assert page.locator("path.area.selected").count() == 1
        assert page.locator("path.way.selected").count() == 1
        page.keyboard.press("Escape")
        assert card.count() == 0


def test_a_card_tells_what_when_where_and_who_says_so(opened: Any) -> None:
    page = opened()
    page.click("#events li:has-text('earlier') button")
    text = re.sub("[\u2066-\u2069]", "", page.locator(".card").inner_text())
    for said in (
        "6 air strikes",
        "not later than 24 Sept 2017",
        "Announced",
        "240 km southeast of Sirte",
        "29.7, 18.3",
        "17 killed",
        "3 vehicles",
    ):
        assert said in text
    link = page.locator(".card dd a").first
    assert link.get_attribute("href") == STRIKES[1]["url"]
    assert "noopener" in (link.get_attribute("rel") or "")


def test_only_web_addresses_become_links(opened: Any) -> None:
    rows = [
        {**STRIKES[0], "event_id": f"x{k}", "url": url}
        for k, url in enumerate(("javascript:alert(1)", "data:text/html,x", "//host/x", "ftp://h/x"))
    ]
    page = opened(rows)
    for k in range(len(rows)):
        page.evaluate("k => geomap.select(k)", k)
        assert page.locator(".card dd a").count() == 0


def test_a_page_without_links_has_none(opened: Any) -> None:
    page = opened(links=False)
    page.evaluate("geomap.select(0)")
    assert page.locator("a[href^=http]").count() == 0


def test_footprints_of_few_events_are_drawn_without_a_click(opened: Any) -> None:
    assert opened().locator("path.area.quiet").count() == 2


def test_the_keyboard_alone_opens_and_closes_an_event(opened: Any) -> None:
    page = opened()
    page.locator("#search").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator(".card").get_attribute("data-event") == "e2"
    assert page.evaluate("document.activeElement.id") == "card-title"
    page.keyboard.press("Escape")
    assert page.locator(".card").count() == 0
    assert page.evaluate("document.activeElement.closest('#events') !== null")


QUERIES = {"سرت": 2, "ست ضربات": 1, "sirte": 0, "الأمِيركية": 1, "الاميركيه": 1, "africa COMMAND": 2, "zzz": 0, "": 2}


def test_search_folds_spelling_in_both_scripts(opened: Any) -> None:
    page = opened()
    search = "query => { geomap.state.search(query); return geomap.shown().length; }"
    assert {query: page.evaluate(search, query) for query in QUERIES} == QUERIES


def test_search_folds_as_the_package_does(opened: Any) -> None:
    from geomap.folding import fold

    page = opened(context=DESKTOP)
    texts = ["Al-Jufra", "Ghāt", "مصراتة", "١٢٣ كم", "ﷺ", "Straße", "İstanbul", "ʿAyn", "𝟜𝟚", "۴۵", "a\tb  c", "ؤئأإآ"]
    assert page.evaluate("texts => texts.map(geomap.fold)", texts) == [fold(text) for text in texts]


def test_time_hides_what_is_outside_and_keeps_the_rest(opened: Any) -> None:
    page = opened()
    page.locator("input.from").evaluate("(node) => { node.value = node.max; node.dispatchEvent(new Event('input')); }")
    page.wait_for_timeout(200)
    assert page.evaluate("geomap.shown()") == [0]


def test_the_legend_is_the_filter(opened: Any) -> None:
    page = opened()
    page.locator("fieldset[data-facet=role] input").last.uncheck()
    assert len(page.evaluate("geomap.shown()")) == 1
    assert "1 of 2" in page.locator("[role=status]").inner_text()


def test_an_address_brings_event_view_and_filters_back(opened: Any) -> None:
    page = opened(anchor="#e=e2&v=7/30.1/17.5&off.role=main")
    assert page.locator(".card").get_attribute("data-event") == "e2"
    assert page.evaluate("geomap.map.getZoom()") == 7
    assert page.evaluate("geomap.shown()") == [1]
    assert "e=e2" in page.evaluate("location.hash")


def test_a_hostile_address_does_nothing(opened: Any) -> None:
    opened(anchor="#e=%3Cscript%3E&v=NaN/x/999&t=z..q&q=%00%ff&c=constructor&off.role=__proto__")


def test_what_is_shown_can_be_taken_along(opened: Any, tmp_path: Path) -> None:
    page = opened([*STRIKES, {**STRIKES[0], "event_id": "=1+1", "quote": 'a "quote",\nwith 😀 and a line'}])
    for kind in ("GeoJSON", "CSV"):
        with page.expect_download() as download:
            page.click(f".tools button:has-text('{kind}')")
        download.value.save_as(tmp_path / kind)
    features = json.loads((tmp_path / "GeoJSON").read_text(encoding="utf-8"))["features"]
    assert [feature["id"] for feature in features] == ["e1", "e2", "=1+1"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [17.763, 30.183]}
    assert features[0]["properties"]["quote"] == STRIKES[0]["quote"]
    frame = pd.read_csv(tmp_path / "CSV", encoding="utf-8-sig")
    assert frame["event_id"].tolist() == ["e1", "e2", "'=1+1"]
    assert frame["quote"].tolist()[2] == 'a "quote",\nwith 😀 and a line'
    assert frame["lat"].tolist()[0] == 30.183


def test_events_at_one_point_are_told_apart(opened: Any) -> None:
    page = opened([{**STRIKES[0], "event_id": f"s{k}", "quote": f"quote {k}"} for k in range(5)])
    click_at(page, STRIKES[0]["lon"], STRIKES[0]["lat"])
    seen = set()
    for _ in range(5):
        seen.add(page.locator(".card").get_attribute("data-event"))
        page.click(".pager button >> nth=1")
    assert seen == {"s0", "s1", "s2", "s3", "s4"}


DOUBTS: list[tuple[dict[str, Any], str]] = [
    ({"factuality": "denied"}, "denied"),
    ({"factuality": "possible"}, "unverified"),
    ({"location_type": "region", "distance_m": None}, "only a centre"),
]


def test_doubt_is_marked(opened: Any) -> None:
    page = opened([{**STRIKES[0], **changes, "event_id": f"d{k}"} for k, (changes, _) in enumerate(DOUBTS)])
    for k, (_, word) in enumerate(DOUBTS):
        page.evaluate("k => geomap.select(k)", k)
        assert word in page.locator(".pills").inner_text()


def test_an_event_without_a_place_is_listed_and_readable(opened: Any) -> None:
    page = opened([{**STRIKES[0], "lat": None, "lon": None}])
    page.click("#events button")
    assert "could not be located" in page.locator(".card").inner_text()


def test_a_comparison_draws_its_lines_and_words_its_verdict(opened: Any) -> None:
    page = opened(comparison=LINKS)
    assert page.locator("path.link.differ").count() == 1
    assert "One incident, 2 reports" in page.locator("#events").inner_text()
    page.click("#events li[data-row] button")
    assert page.locator("path.incident").count() >= 1
    page.click(".others button")
    assert page.locator(".card").get_attribute("data-event") == "e2"


def test_a_hundred_thousand_events_become_counted_rings(opened: Any) -> None:
    rows = pd.DataFrame(
        {
            "event_id": [f"n{k}" for k in range(3_000)],
            "lat": [k % 97 / 10 + 25 for k in range(3_000)],
            "lon": [k % 89 / 10 + 10 for k in range(3_000)],
        }
    )
    page = opened(rows)
    assert page.evaluate("geomap.state.symbols.binned")
    assert page.evaluate("geomap.state.symbols.targets.reduce((sum, target) => sum + (target.bin ?? 1), 0)") >= 3_000


def test_the_arabic_page_runs_from_right_to_left(opened: Any) -> None:
    page = opened(lang="ar")
    page.click("#events li[data-row] button")
    assert page.locator(".card h2").inner_text() == "غارتان جويتان"
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    assert page.locator("#panel").bounding_box()["x"] > 600
    assert "نحو 160 كم جنوب شرقي" in page.locator(".card").inner_text()


def test_on_a_phone_the_panel_opens_and_the_card_leaves_the_symbol_free(opened: Any) -> None:
    page = opened(context=PHONE)
    assert not page.locator("#panel").is_visible()
    page.tap(".open-panel")
    page.tap("#events button")
    assert not page.locator("#panel").is_visible()
    card = page.locator("#card").bounding_box()
    y = page.evaluate(
        "geomap.map.latLngToContainerPoint([30.183, 17.763]).y + geomap.map.getContainer().getBoundingClientRect().y"
    )
    assert y < card["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_paper_gets_the_map_the_list_and_the_legend(opened: Any) -> None:
    page = opened()
    page.emulate_media(media="print")
    assert page.locator("#events").is_visible()
    assert not page.locator("#search").is_visible()
    painted = page.evaluate(
        "(() => { const c = document.querySelector('.leaflet-geomap-ground-pane canvas'); return c.getContext('2d').getImageData(c.width >> 1, c.height >> 1, 1, 1).data[3]; })()"
    )
    assert painted == 255


def test_the_policy_holds_in_the_browser(chromium: Any, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    maps.draw(STRIKES).save(path)
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    asked: list[str] = []
    page.route(
        "**/*",
        lambda route: (
            (asked.append(route.request.url), route.abort())[1] if route.request.url.startswith("http") else route.continue_()
        ),
    )
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready='1']", state="attached")
    outcome = page.evaluate("""async () => {
        const fetched = await fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'blocked');
        const image = await new Promise(done => { const node = new Image(); node.onload = () => done('sent'); node.onerror = () => done('blocked'); node.src = 'http://127.0.0.1:9/x.png'; });
        const holder = document.createElement('div'); holder.innerHTML = '<img src=x onerror="window.ran = 1">'; document.body.append(holder);
        const script = document.createElement('script'); script.textContent = 'window.ran = 1'; document.body.append(script);
        await new Promise(done => setTimeout(done, 100));
        return [fetched, image, window.ran ?? 0];
    }""")
    context.close()
    assert outcome == ["blocked", "blocked", 0]
    assert not asked


HOSTILE = ["<script>window.ran=1</script>", "<img src=x onerror='window.ran=1'>", "${window.ran=1}", "`;window.ran=1;`", "\\`${window.ran=1}", "</script><script>window.ran=1</script>",
           "&lt;b&gt;${window.ran=1}", "C:\\new\\u002", "\u202egnirts\u2066", "{{ 7*7 }}{% raw %}", "constructor", "__proto__", "javascript:window.ran=1", "\u2028\u2029", "ـ" * 50 + "\ud800"]  # fmt: skip


def test_hostile_texts_neither_run_nor_break_anything(opened: Any) -> None:
    names = (
        "quote",
        "source",
        "actor",
        "target",
        "location_text",
        "anchor_name",
        "date_text",
        "date_rule",
        "event_type",
        "url",
        "event_id",
        "language",
        "georeference_remarks",
    )
    rows = [{**STRIKES[0], **dict.fromkeys(names, text), "event_id": f"{k}{text}"} for k, text in enumerate(HOSTILE)]
    chance = random.Random(5)
    for k in range(40):  # fragments joined at random, in every field
        broken = {name: "".join(chance.choices([*HOSTILE, "'", '"', "\n", "<", "]]>", "*/", "سرت"], k=4)) for name in names}
        rows.append({**STRIKES[0], **broken, "event_id": f"r{k}"})
    rows.append({**STRIKES[0], "event_id": "long", "quote": "كلمة " * 200_000})
    page = opened(rows, title=HOSTILE[5], places=[{"name": text, "lat": 30, "lon": 17} for text in HOSTILE])
    for k, row in enumerate(rows):
        page.evaluate("k => geomap.select(k, {move: true})", k)
        shown = page.locator(".card blockquote").evaluate("node => node.firstChild.data")
        expected = row["quote"].encode("utf-8", "replace").decode()
        assert shown.replace("…", "") == expected[: len(shown.replace("…", ""))]
        assert len(shown) >= min(4_000, len(expected))
    page.evaluate("geomap.state.search('window.ran')")
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran ?? 0") == 0
    assert page.evaluate("document.querySelectorAll('#map_geomap img, #card img, #panel img, #card script').length") == 0


def axe_source() -> str:
    for path in AXE:
        if path.is_file():
            return path.read_text(encoding="utf-8")
    pytest.skip("axe-core is not here: npm pack axe-core, and AXE_CORE=path/to/axe.min.js")


TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Any) -> list[Any]:
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
    return [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found["violations"]]


@pytest.mark.parametrize("state", ["desktop", "phone", "dark", "arabic", "comparison"])
def test_axe_finds_no_violation(opened: Any, state: str) -> None:
    source = axe_source()
    context = {"phone": PHONE, "dark": {**DESKTOP, "color_scheme": "dark"}}.get(state, DESKTOP)
    page = opened(context=context, lang="ar" if state == "arabic" else "en", comparison=LINKS if state == "comparison" else None)
    page.evaluate(source)
    if state in ("desktop", "phone"):
        assert violations(page) == []
    if state == "phone":
        page.tap(".open-panel")
        assert violations(page) == []
    page.evaluate("geomap.select(0)")
    assert violations(page) == []


def test_firefox_draws_the_same_events(play: Any, tmp_path: Path) -> None:
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    if firefox is None:
        pytest.skip("no firefox on this machine")
    path = tmp_path / "map.html"
    maps.draw(STRIKES).save(path)
    try:
        browser = play.firefox.launch(channel="moz-firefox", executable_path=firefox, timeout=20_000)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
    except sync_api.Error as error:
        pytest.skip(f"playwright cannot start this firefox: {str(error).splitlines()[0]}")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready='1']", state="attached", timeout=30_000)
    page.evaluate("geomap.select(0)")
    text = page.locator(".card blockquote").inner_text()
    drawn = dark_pixels_near(page, STRIKES[0]["lon"], STRIKES[0]["lat"])
    browser.close()
    assert text == STRIKES[0]["quote"]
    assert drawn > 20
    assert not complaints


def test_a_picture_is_the_page_printed(tmp_path: Path) -> None:
    chart = maps.draw(STRIKES, title="Sirte")
    chart.save(tmp_path / "map.png", width=400, height=300, scale=1)
    chart.save(tmp_path / "map.pdf")
    assert (tmp_path / "map.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert (tmp_path / "map.pdf").read_bytes()[:5] == b"%PDF-"
    assert {path.name for path in tmp_path.iterdir()} == {"map.png", "map.pdf"}


def test_plain_folium_popups_are_safe_too(chromium: Any, tmp_path: Path) -> None:
    import folium

    chart = maps.draw([])
    rows = [{**STRIKES[0], "quote": text, "source": text, "footprint": None} for text in HOSTILE]
    rows[0]["footprint"] = STRIKES[0]["footprint"]
    maps.to_folium(rows).add_to(chart)
    chart.save(tmp_path / "plain.html")
    page = Opened(chromium, tmp_path / "plain.html", **DESKTOP)
    shown = page.page.evaluate(
        """() => { const out = []; map_geomap.eachLayer(layer => { if (layer.getPopup && layer.getPopup()) {
               map_geomap.openPopup(layer.getPopup(), [30, 17]);
               out.push(document.querySelector('.leaflet-popup-content td:last-child').textContent); } }); return out; }"""
    )
    ran = page.page.evaluate("window.ran ?? 0")
    page.close()
    assert isinstance(chart, folium.Map)
    assert ran == 0
    assert len(shown) == len(HOSTILE)


def test_a_notebook_frame_opens_the_map(chromium: Any) -> None:
    context = chromium.new_context(offline=True, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_content(maps.draw(STRIKES)._repr_html_())
    page.frame_locator("iframe").locator("#events button").first.click()
    quote = page.frame_locator("iframe").locator(".card blockquote").inner_text()
    context.close()
    assert quote == STRIKES[0]["quote"]
    assert not complaints


def test_the_pointer_is_told_what_it_rests_on(opened: Any) -> None:
    page = opened()
    x, y = page.evaluate(
        "() => { const p = geomap.map.latLngToContainerPoint([30.183, 17.763]), b = geomap.map.getContainer().getBoundingClientRect(); return [p.x + b.x, p.y + b.y] }"
    )
    page.mouse.move(x - 60, y)
    page.mouse.move(x, y)
    assert "2 air strikes" in page.locator(".tip").inner_text()


def test_a_view_that_folium_sets_is_kept(chromium: Any, tmp_path: Path) -> None:
    chart = maps.draw(STRIKES)
    chart.fit_bounds([[48, 30], [50, 33]])
    chart.save(tmp_path / "map.html")
    page = Opened(chromium, tmp_path / "map.html", **DESKTOP)
    centre = page.page.evaluate("map_geomap.getCenter().lat")
    page.close()
    assert 48 < centre < 50


def test_tiles_are_asked_of_their_host_and_of_nobody_else(chromium: Any, tmp_path: Path) -> None:
    maps.draw(STRIKES, basemap="OpenStreetMap.Mapnik").save(tmp_path / "map.html")
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    hosts: set[str] = set()

    def answer(route: Any) -> None:
        if route.request.url.startswith("file:"):
            route.continue_()
            return
        hosts.add(route.request.url.split("/")[2])
        route.abort()

    page.route("**/*", answer)
    page.goto((tmp_path / "map.html").as_uri())
    page.wait_for_selector("html[data-ready='1']", state="attached", timeout=20_000)
    page.wait_for_timeout(300)
    about = page.locator(".about").inner_text()
    context.close()
    assert hosts == {"tile.openstreetmap.org"}
    assert "tile.openstreetmap.org" in about


def test_paper_is_white_even_at_night(opened: Any) -> None:
    page = opened(context={**DESKTOP, "color_scheme": "dark"})
    colour = "getComputedStyle(document.documentElement).getPropertyValue('--land').trim()"
    dark = page.evaluate(colour)
    page.emulate_media(media="print", color_scheme="dark")
    page.wait_for_timeout(200)
    assert page.evaluate(colour) != dark
    page.emulate_media(media="screen", color_scheme="dark")
    page.wait_for_timeout(200)
    assert page.evaluate(colour) == dark


def test_a_strike_at_the_antimeridian_is_one_area_near_its_point(opened: Any) -> None:
    west = shapely.box(179.0, -17.5, 180.0, -16.5)
    event = {**STRIKES[0], "lon": 179.9, "lat": -17.0, "anchor_lon": None, "anchor_lat": None, "plausible": None}
    event["footprint"] = shapely.MultiPolygon([west, shapely.box(-180.0, -17.5, -179.2, -16.5)])
    page = opened([event])
    assert page.evaluate("geomap.map.getZoom()") > 6
    box = page.locator("path.area.quiet").bounding_box()
    assert 100 < box["width"] < 900
    assert 'viewBox="0 0 1200 800"' in maps.draw([event]).svg()
