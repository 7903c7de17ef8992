"""Events as plain folium objects, for people who build a map of their own: at most a thousand, each text made safe.

folium reads a popup's text as a Jinja template and writes it into a JavaScript template literal. Escaping the markup is
not enough there: braces run code in Python, a backslash, a backtick or a dollar sign in the browser. So each of those is
written as a character reference too.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

import folium

from geomap.columns import Row
from geomap.errors import UsageError

MOST = 1_000
_COLOUR = "#0068a8"
_SHOWN = (
    "event_type",
    "date_earliest",
    "date_latest",
    "location_text",
    "actor",
    "target",
    "killed_min",
    "quote",
    "source",
)


def safe_text(value: Any) -> str:
    """A text that folium can put into a popup or tooltip: it is shown as it is, and nothing in it runs.

    >>> safe_text("`${x}`")
    '&#96;&#36;&#123;x&#125;&#96;'
    """
    text = html.escape(str(value).encode("utf-8", "replace").decode("utf-8"))
    return text.translate({ord(char): f"&#{ord(char)};" for char in "\\`${}%"})


def _popup(row: Row) -> folium.Popup:
    lines = (
        f'<tr><th style="text-align:start">{name}</th><td dir="auto">{safe_text(row[name])}</td></tr>'
        for name in _SHOWN
        if row.get(name) is not None
    )
    return folium.Popup(f"<table>{''.join(lines)}</table>", max_width=380)


def _layers(row: Row) -> Iterable[Any]:
    """The area, the way from the anchor and the point of one event."""
    here = (float(row["lat"]), float(row["lon"]))
    if row.get("footprint") is not None:
        yield folium.GeoJson(row["footprint"].__geo_interface__, style_function=_area_style)
    elif row.get("uncertainty_m"):
        yield folium.Circle(here, radius=float(row["uncertainty_m"]), color=_COLOUR, weight=1, fill=True, fill_opacity=0.08)
    if row.get("anchor_lat") is not None and row.get("distance_m"):
        way = [(row["anchor_lat"], row["anchor_lon"]), here]
        yield folium.PolyLine(way, color="#333333", weight=1, dash_array="2 5")  # type: ignore[no-untyped-call]
    yield folium.CircleMarker(here, radius=6, color=_COLOUR, fill=True, fill_opacity=0.6, popup=_popup(row))


def _area_style(_feature: Any) -> dict[str, Any]:
    return {"color": _COLOUR, "weight": 1.5, "dashArray": "6 4", "fillOpacity": 0.1}


def to_folium(rows: Any) -> folium.FeatureGroup:
    """The events as one ``folium.FeatureGroup``, to be added to any folium map. Refuses more than a thousand.

    Each object costs folium about a millisecond and the page a kilobyte; ``maps.draw`` has no such bound.
    """
    listed = rows.to_dict("records") if hasattr(rows, "iloc") else list(rows)
    if len(listed) > MOST:
        raise UsageError(f"{len(listed):,} events are too many for plain folium objects (at most {MOST:,}); use maps.draw")
    group = folium.FeatureGroup(name="events")
    for row in listed:
        known = {name: value for name, value in row.items() if value is not None and value == value}
        if "lat" in known and "lon" in known:
            for layer in _layers(known):
                layer.add_to(group)
    return group
