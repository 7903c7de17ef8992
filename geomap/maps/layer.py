"""The layer of events: everything the page shows, as data blocks that no browser would run."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from branca.element import MacroElement
from folium.template import Template

from geomap.columns import Row
from geomap.maps import basemap
from geomap.maps.block import Block, encode, number, numbers, shapes

LINKS = 20_000  # pairs of a comparison that a page carries; the strongest are kept
_NOSCRIPT = 200  # rows of the table for readers without script


def safe_json(value: Any) -> str:
    """JSON for a data block: no character in it can end the block or a line of script."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char in "&<>\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text.encode("utf-8", "replace").decode("utf-8")


def _get(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def add_comparison(block: Block, comparison: Any, ids: Sequence[Any]) -> None:
    """Put the links and incidents of a comparison into the block; both are found by ``event_id`` (see maps.draw)."""
    row = {key: index for index, key in enumerate(ids)}
    links = [link for link in _get(comparison, "links") or () if _get(link, "a") in row and _get(link, "b") in row]
    links.sort(key=lambda link: -(_get(link, "log2_bayes_factor") or 0))
    names = ("distance_m", "log2_bayes_factor")
    block.head["links"] = [
        [row[_get(link, "a")], row[_get(link, "b")], *(_finite(_get(link, name)) for name in names),
         _text(_get(link, "verdict")), _text(_get(link, "relation")), [str(cause) for cause in _get(link, "causes") or ()]]
        for link in links[:LINKS]
    ]  # fmt: skip
    incidents, regions = [], []
    for incident in _get(comparison, "incidents") or ():
        members = [row[member] for member in _get(incident, "members") or () if member in row]
        if members:
            incidents.append(
                [_text(_get(incident, "incident_id")), members, _text(_get(incident, "verdict")),
                 _finite(_get(incident, "lon")), _finite(_get(incident, "lat"))]
            )  # fmt: skip
            regions.append(_get(incident, "region"))
    block.head["incidents"] = incidents
    if any(region is not None for region in regions):
        codes, sections, _ = shapes(regions)
        block.section("region", codes)
        for part, array in sections.items():
            block.section(f"region.{part}", array)


def _finite(value: Any) -> float | None:
    out = number(value)
    return out if out == out else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


class EventLayer(MacroElement):
    """Events, their shapes, a comparison and the ground around them, as the data blocks of a page."""

    _template = Template("")  # the page writes our blocks itself: no template engine ever reads what reports say

    def __init__(
        self, rows: Iterable[Row] | Any, *, comparison: Any = None, places: Iterable[Mapping[str, Any]] = (),
        links: bool = True, vector: bool = True,
    ):  # fmt: skip
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types here
        self._name, self._id = "events", "geomap"
        self.rows = rows if hasattr(rows, "iloc") else list(rows)
        block, table, self.left_out = encode(self.rows)
        self.count: int = block.head["count"]
        if not links:
            for name in ("url", "archived_url"):
                block.head["sections"].pop(name, None)
                block.head["values"].pop(name, None)
        if comparison is not None:
            add_comparison(block, comparison, table.get("event_id", ()))
        lon, lat = (numbers(table.get(name, [None] * self.count)) for name in ("lon", "lat"))
        fit = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
        self.placed = int(fit.sum())
        points = basemap.distinct(lon[fit], lat[fit])
        block.head["places"] = [
            [
                _text(_get(place, "name")),
                _finite(_get(place, "lon")),
                _finite(_get(place, "lat")),
                _text(_get(place, "kind")),
            ]
            for place in places
        ]
        block.head["labels"] = basemap.labels(points) if vector else {"countries": [], "towns": []}
        self._events = block.pack()
        self._ground = basemap.cells(points) if vector else ""
        self._plain = _plain_table(table, min(self.count, _NOSCRIPT))

    def blocks(self) -> str:
        """The data blocks, and a plain table for readers without script."""
        return (
            f'<script type="application/octet-stream" id="geomap-events">{self._events}</script>\n'
            f'<script type="application/octet-stream" id="geomap-ground">{self._ground}</script>\n'
            f"<noscript>{self._plain}</noscript>\n"
        )


def _plain_table(table: Mapping[str, Sequence[Any]], count: int) -> str:
    names = ("date_earliest", "date_latest", "event_type", "location_text", "lat", "lon", "quote", "source")
    lines = []
    for index in range(count):
        cells = [table[name][index] if name in table else None for name in names]
        lines.append(
            "".join(f'<td dir="auto">{html.escape(str(cell)[:2000])}</td>' if cell is not None else "<td></td>" for cell in cells)
        )
    head = "".join(f"<th>{name}</th>" for name in names)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>".encode("utf-8", "replace").decode("utf-8")
