"""The map as a file: deterministic, silent, safe against what a report may hold. Browsers: test_maps_page."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import folium
import folium.plugins
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maps_cases import LINKS, PLACES, STRIKES, unpack

from geomap import maps
from geomap.columns import COLUMNS
from geomap.errors import LanguageError, OutputError, UsageError
from geomap.maps import basemap, block


class Scripts(HTMLParser):
    """Collects script elements and every attribute that could load something."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script":
            self.kinds.append(given.get("type") or "script")
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "action", "data", "poster")]


def parsed(html: str) -> Scripts:
    found = Scripts()
    found.feed(html)
    return found


def test_the_same_rows_give_the_same_bytes() -> None:
    assert maps.draw(STRIKES, places=PLACES).to_html() == maps.draw(STRIKES, places=PLACES).to_html()


def test_a_child_of_folium_keeps_the_bytes_the_same_too() -> None:
    def drawn() -> str:
        chart = maps.draw(STRIKES)
        chart.add_child(folium.Marker([31.2, 16.6], popup="Sirte"))
        return chart.to_html()

    assert drawn() == drawn()


def test_nothing_on_the_page_points_to_another_host() -> None:
    assert set(parsed(maps.draw(STRIKES).to_html()).links) == {"data:,"}


def test_a_dataframe_and_dicts_draw_the_same_map() -> None:
    assert maps.draw(pd.DataFrame(STRIKES)).to_html() == maps.draw(STRIKES).to_html()


def test_the_policy_names_only_constants_of_the_package() -> None:
    one, other = maps.draw(STRIKES).to_html(), maps.draw([], title="</script><script>alert(1)</script>").to_html()
    policy = re.search(r'Security-Policy" content="([^"]+)"', one)
    assert policy is not None
    assert policy[0] in other
    assert policy[1].count("sha256-") == 3
    assert "unsafe" not in policy[1]
    assert parsed(other).kinds == [
        "application/json",
        "application/octet-stream",
        "application/octet-stream",
        "script",
        "script",
    ]


def test_something_that_would_load_from_another_host_is_refused() -> None:
    for child in (
        folium.TileLayer("OpenStreetMap"),
        folium.plugins.Fullscreen(),
        folium.Html('<img src="//host/x.png">', script=True),
    ):
        chart = maps.draw(STRIKES)
        chart.add_child(child if not isinstance(child, folium.Html) else folium.Marker([31, 17], popup=folium.Popup(child)))
        with pytest.raises(UsageError, match=r"without requests|no requests"):
            chart.to_html()


def test_tiles_widen_the_policy_by_their_own_host_only() -> None:
    html = maps.draw(STRIKES, basemap="OpenStreetMap.Mapnik").to_html()
    policy = re.search(r"img-src ([^;]+);", html)
    assert policy is not None
    assert policy[1].split()[2:] == ["https://tile.openstreetmap.org"]


def test_an_unknown_basemap_names_a_way_out() -> None:
    with pytest.raises(UsageError, match="OpenStreetMap"):
        maps.draw(STRIKES, basemap="Nowhere")


def test_tiles_from_a_host_that_would_end_the_policy_are_refused() -> None:
    with pytest.raises(UsageError, match="https"):
        _ = basemap.Tiles("https://a;script-src *//{z}/{x}/{y}", "", 18, "").sources


def test_without_links_no_address_reaches_the_page() -> None:
    page = unpack(maps.draw(STRIKES, links=False).to_html())
    assert "url" not in page["values"]
    assert "url" not in page["sections"]
    assert "example.org" not in json.dumps(page)


def test_every_column_with_a_value_travels() -> None:
    page = unpack(maps.draw(STRIKES).to_html())
    expected = {name for row in STRIKES for name, value in row.items() if value is not None and name in COLUMNS} - {
        "lat",
        "lon",
    }
    assert expected <= set(page["sections"])


def test_a_comparison_travels_by_row_numbers() -> None:
    page = unpack(maps.draw(STRIKES, comparison=LINKS).to_html())
    assert page["links"][0][:2] == [0, 1]
    assert page["incidents"][0][1] == [0, 1]


def test_an_event_without_a_place_is_told_of() -> None:
    chart = maps.draw([*STRIKES, {**STRIKES[0], "event_id": "e3", "lat": None, "lon": None}])
    assert any("1 events are in the list" in note for note in chart.notes)


def test_an_unknown_language_lists_those_that_are_there() -> None:
    with pytest.raises(LanguageError, match="ar en"):
        maps.draw(STRIKES, lang="xx")


def test_every_arabic_word_of_the_interface_is_there() -> None:
    import tomllib

    english, arabic = (
        tomllib.loads((Path(maps.__file__).parent / "words" / f"{code}.toml").read_text(encoding="utf-8"))
        for code in ("en", "ar")
    )
    for table, words in english.items():
        if table != "columns" and isinstance(words, dict):
            assert set(words) - {"one"} <= set(arabic[table]), table


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("FOH", 5.0, 3.0, 160_000.0, 41_000.0), "offset"),
        (("F", 1.0, 1.0, float("nan"), 5_000.0), "place"),
        (("F", 4.0, 3.0, float("nan"), 90_000.0), "district"),
        (("region", 6.0, 3.0, float("nan"), float("nan")), "region"),
        (("coordinates", 1.0, 1.0, float("nan"), 100.0), "exact"),
        ((None, 1.0, float("nan"), float("nan"), float("nan")), "exact"),
        ((None, 1.0, float("nan"), float("nan"), 5_000.0), "place"),
        ((None, 4.0, float("nan"), float("nan"), float("nan")), "district"),
        ((None, float("nan"), 3.0, float("nan"), float("nan")), "region"),
        ((None, float("nan"), float("nan"), float("nan"), 500.0), "exact"),
        ((None, float("nan"), float("nan"), float("nan"), float("nan")), "unknown"),
    ],
)
def test_the_symbol_follows_the_precision(row: tuple[str | None, float, float, float, float], expected: str) -> None:
    assert ("exact", "place", "offset", "district", "region", "unknown")[block.precision(*row)] == expected


NASTY = [
    "<script>x()</script>",
    "<img src=x onerror=x()>",
    "${x()}",
    "`",
    "\\`${x()}",
    "</script>",
    "<!--",
    "\u2028",
    "\u202eabc",
    "\ud800",
    "\0",
    "]]>",
]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=30)), min_size=6, max_size=6))
def test_no_text_becomes_markup(texts: list[str]) -> None:
    names = ("quote", "source", "actor", "location_text", "event_type", "event_id")
    row = {**STRIKES[0], **dict(zip(names, texts, strict=True))}
    html = maps.draw([row], title=texts[0] or "t", places=[{"name": texts[1], "lat": 31.0, "lon": 17.0}]).to_html()
    html.encode("utf-8")
    assert parsed(html).kinds == [
        "application/json",
        "application/octet-stream",
        "application/octet-stream",
        "script",
        "script",
    ]
    assert set(parsed(html).links) == {"data:,"}


@pytest.mark.parametrize("value", [None, "", "north", float("nan"), float("inf"), 91, -200, "12.5", True])
def test_a_strange_coordinate_breaks_nothing(value: object) -> None:
    maps.draw([{**STRIKES[0], "lat": value}]).to_html()


def test_an_empty_table_still_draws() -> None:
    assert "geomap-events" in maps.draw([]).to_html()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_svg_needs_no_browser_and_is_sound_xml(lang: str) -> None:
    hostile = {**STRIKES[0], "event_id": "h", "actor": "<script>x()</script> & \u202e", "anchor_name": ']]><image href="//x"/>'}
    picture = maps.draw([*STRIKES, hostile], title="<b>&amp;", lang=lang).svg()
    root = ElementTree.fromstring(picture)
    names = {element.tag.split("}")[1] for element in root.iter()}
    assert names == {"svg", "title", "rect", "path", "g", "text", "circle"}
    assert picture == maps.draw([*STRIKES, hostile], title="<b>&amp;", lang=lang).svg()


def test_the_ground_of_the_picture_is_land_where_land_is() -> None:
    import shapely

    rings = [
        shapely.Polygon(points)
        for layer, points, _ in basemap.lines(2, (10.0, 28.0), (20.0, 33.0))
        if layer == "land" and len(points) > 3
    ]
    assert any(ring.contains(shapely.Point(16.0, 29.5)) for ring in rings)
    assert not any(ring.contains(shapely.Point(18.5, 32.0)) for ring in rings)


def test_a_picture_without_a_browser_names_the_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(OutputError, match=r"\.svg"):
        maps.draw(STRIKES).save(tmp_path / "map.png")
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_place_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="choose a folder"):
        maps.draw(STRIKES).save(tmp_path / "nowhere" / "map.html")


def test_plain_folium_takes_a_thousand_and_no_more() -> None:
    group = maps.to_folium(STRIKES)
    assert isinstance(group, folium.FeatureGroup)
    with pytest.raises(UsageError, match="too many"):
        maps.to_folium([STRIKES[0]] * 1_001)


def test_a_notebook_gets_a_frame() -> None:
    assert maps.draw(STRIKES)._repr_html_().startswith("<iframe srcdoc=")


def test_a_page_in_another_language_is_a_file_of_words(tmp_path: Path) -> None:
    words = tmp_path / "eo.toml"
    words.write_text('lang = "eo"\nlocale = "eo"\ndir = "ltr"\n[panel]\nsearch = "Serĉi"\n', encoding="utf-8")
    html = maps.draw(STRIKES, lang=str(words)).to_html()
    assert '<html lang="eo" dir="ltr">' in html
    assert "Serĉi" in html
    assert "Legend and filters" in html  # what the file leaves out stays English


def test_a_broken_file_of_words_is_named(tmp_path: Path) -> None:
    words = tmp_path / "xx.toml"
    words.write_text("lang = ", encoding="utf-8")
    with pytest.raises(LanguageError, match=r"xx\.toml"):
        maps.draw(STRIKES, lang=str(words))
