"""A map as one SVG picture, without a browser: ground, areas, symbols and names as on the page, for print and reports."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from geomap.maps import basemap
from geomap.maps.block import columns_of, numbers, precision

WIDTH, HEIGHT, FOOT = 1200, 800, 88  # px; the foot holds the legend
_COLOURS = ("#0068a8", "#c24a00", "#007f5f", "#9a3f80", "#8a6200", "#4b4fbf", "#0a7f8c")
_OTHER, _INK, _QUIET, _SEA, _LAND = "#5c636b", "#16191d", "#555d66", "#cfdde6", "#f5f2ea"
_FONT = "'Noto Sans', 'Noto Sans Arabic', 'Segoe UI', sans-serif"
_PRECISIONS = ("exact", "place", "offset", "district", "region", "unknown")
# Outlines around 0,0: path, fill opacity, dash; the same as on the page.
GLYPHS: Mapping[str, tuple[tuple[str, float, str], ...]] = {
    "exact": (("M5.5,0A5.5,5.5 0 1,1 -5.5,0A5.5,5.5 0 1,1 5.5,0", 1, ""),),
    "place": (("M6.5,0A6.5,6.5 0 1,1 -6.5,0A6.5,6.5 0 1,1 6.5,0", 0.22, ""), ("M2,0A2,2 0 1,1 -2,0A2,2 0 1,1 2,0", 1, "")),
    "offset": (("M0,-7.5L7.5,0L0,7.5L-7.5,0Z", 0.38, ""),),
    "district": (("M-5.5,-5.5H5.5V5.5H-5.5Z", 0.12, "3 2"),),
    "region": (("M7.5,0A7.5,7.5 0 1,1 -7.5,0A7.5,7.5 0 1,1 7.5,0", 0.05, "2.6 2.6"),),
    "unknown": (("M5,0A5,5 0 1,1 -5,0A5,5 0 1,1 5,0", 0, "1 2.2"),),
}


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    s = math.sin(math.radians(max(-85.0511, min(85.0511, lat))))
    return (lon + 180) / 360, 0.5 - math.log((1 + s) / (1 - s)) / (4 * math.pi)


@dataclass(slots=True)
class View:
    """From degrees to pixels: a Web Mercator frame around what is to be seen."""

    left: float
    top: float
    scale: float  # pixels for the whole world
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    @classmethod
    def around(cls, box: tuple[float, float, float, float]) -> View:
        """A frame that holds west, south, east, north with a margin of a tenth, no closer than zoom 9."""
        (x0, y1), (x1, y0) = _mercator(box[0], box[1]), _mercator(box[2], box[3])
        high = HEIGHT - FOOT
        scale = min(0.82 * WIDTH / max(x1 - x0, 1e-9), 0.82 * high / max(y1 - y0, 1e-9), 256 * 2**9)
        return cls((x0 + x1) / 2 - WIDTH / 2 / scale, (y0 + y1) / 2 - high / 2 / scale, scale)

    @property
    def zoom(self) -> float:
        """Leaflet's number for this scale."""
        return math.log2(self.scale / 256)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point falls, in pixels."""
        x, y = _mercator(lon, lat)
        return (x - self.left) * self.scale, (y - self.top) * self.scale

    def path(self, points: Any, close: bool) -> str:
        """A line of lon, lat as path data, thinned to what the picture can show."""
        lat = np.clip(points[:, 1], -85.0511, 85.0511)
        sine = np.sin(np.radians(lat))
        x = ((points[:, 0] + 180) / 360 - self.left) * self.scale
        y = (0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi) - self.top) * self.scale
        if x.max() < -20 or x.min() > WIDTH + 20 or y.max() < -20 or y.min() > HEIGHT + 20:
            return ""
        steps = np.c_[np.round(x, 1), np.round(y, 1)]
        keep = np.r_[True, np.abs(np.diff(steps, axis=0)).sum(axis=1) > 0.4]
        text = "L".join(f"{a:g},{b:g}" for a, b in steps[keep].tolist())
        return f"M{text}{'Z' if close else ''}"

    def room(self, x: float, y: float, width: float, high: float) -> bool:
        """Is a box free? If so it is taken."""
        box = (x, y, x + width, y + high)
        if x < 2 or y < 2 or x + width > WIDTH - 2 or y + high > HEIGHT - FOOT - 2:
            return False
        if any(box[0] < o[2] and box[2] > o[0] and box[1] < o[3] and box[3] > o[1] for o in self.taken):
            return False
        self.taken.append(box)
        return True


def _text(
    x: float, y: float, words: str, size: float = 12, colour: str = _INK, weight: str = "400", anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" font-weight="{weight}" fill="{colour}" text-anchor="{anchor}" '
        f'stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">{html.escape(words)}</text>'
    )


def glyph(name: str, x: float, y: float, colour: str) -> str:
    """The symbol of a precision at a point."""
    parts = (
        f'<path d="{d}" fill="{colour}" fill-opacity="{fill:g}" stroke="{colour}" stroke-width="1.9"'
        + (f' stroke-dasharray="{dash}"/>' if dash else "/>")
        for d, fill, dash in GLYPHS[name]
    )
    return f'<g transform="translate({x:.1f},{y:.1f})">{"".join(parts)}</g>'


def _ground(view: View) -> Iterator[str]:
    level = 0 if view.zoom < 4 else 1 if view.zoom < 6 else 2
    layers: dict[str, list[str]] = {name: [] for name in ("land", "lakes", "borders", "divisions", "rivers")}
    coast: list[str] = []
    corners = _degrees(view, 0, HEIGHT), _degrees(view, WIDTH, 0)
    for name, points, pieces in basemap.lines(level, corners[0], corners[1]):
        layers[name].append(view.path(points, name in ("land", "lakes")))
        if name in ("land", "lakes"):
            coast += [view.path(piece, False) for piece in pieces]
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_SEA}"/>'
    yield f'<path d="{"".join(layers["land"])}" fill="{_LAND}" stroke="{_LAND}" stroke-width=".8" fill-rule="evenodd"/>'
    yield f'<path d="{"".join(layers["lakes"])}" fill="{_SEA}" fill-rule="evenodd"/>'
    strokes = (("#a9c3d4", 1.0, "", layers["rivers"]), ("#93a3ad", 0.9, "", coast),
               ("#d3cabb", 0.9, "4 3", layers["divisions"]), ("#8d8478", 1.2, "7 3 1.5 3", layers["borders"]))  # fmt: skip
    for colour, width, dash, lines in strokes:
        yield f'<path d="{"".join(lines)}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dash or "none"}"/>'


def _degrees(view: View, x: float, y: float) -> tuple[float, float]:
    mx, my = view.left + x / view.scale, view.top + y / view.scale
    return mx * 360 - 180, math.degrees(2 * math.atan(math.exp((0.5 - my) * 2 * math.pi)) - math.pi / 2)


def _towns(view: View, arabic: bool, points: tuple[Any, Any, Any]) -> Iterator[str]:
    for lon, lat, rank, latin, native in basemap.labels(points)["towns"]:
        if rank > view.zoom + 1.6:
            break
        x, y = view.at(lon / 1000, lat / 1000)
        name = (native or latin) if arabic else latin
        if 0 < x < WIDTH and 0 < y < HEIGHT - FOOT and view.room(x - 3, y - 9, 16 + 6.6 * len(name), 18):
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" fill="#33383d" stroke="#fff"/>'
            yield _text(x + 7, y + 4, name, 12, "#33383d")


def _rings(shape: Any, lon: float) -> list[Any]:
    """The rings of an area, all on the side of the antimeridian where its point lies."""
    parts = getattr(shape, "geoms", [shape])
    found = [ring for part in parts if part.geom_type == "Polygon" for ring in (part.exterior, *part.interiors)]
    out = []
    for ring in found:
        points = np.asarray(ring.coords)[:, :2]
        away = points[0, 0] - lon
        out.append(points - (360.0, 0.0) if away > 180 else points + (360.0, 0.0) if away < -180 else points)
    return out


def _area(view: View, event: Event, style: str) -> str:
    path = "".join(view.path(ring, True) for ring in _rings(event.footprint, event.lon))
    return f'<path d="{path}" fill-rule="evenodd" {style}/>'


@dataclass(slots=True)
class Event:
    """What the picture needs of one row."""

    lon: float
    lat: float
    precision: str
    group: str | None
    footprint: Any
    anchor: tuple[float, float, str] | None
    label: str | None


def _events(rows: Any, color_by: str, label: Callable[[float, float], str]) -> list[Event]:
    table, count = columns_of(rows)
    names = (
        "lon",
        "lat",
        "precision_ged",
        "precision_acled",
        "distance_m",
        "uncertainty_m",
        "bearing_deg",
        "anchor_lon",
        "anchor_lat",
    )
    values = {name: numbers(table[name]).tolist() if name in table else [math.nan] * count for name in names}
    empty: Sequence[Any] = [None] * count
    out = []
    for k in range(count):
        lon, lat = values["lon"][k], values["lat"][k]
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            continue
        kind = table.get("location_type", empty)[k]
        code = precision(kind, *(values[name][k] for name in names[2:6]))
        anchor_lon, anchor_lat, distance, bearing = (
            values[name][k] for name in ("anchor_lon", "anchor_lat", "distance_m", "bearing_deg")
        )
        way = distance == distance and anchor_lon == anchor_lon
        out.append(
            Event(
                lon, lat, _PRECISIONS[code], table.get(color_by, empty)[k], table.get("footprint", empty)[k],
                (anchor_lon, anchor_lat, str(table.get("anchor_name", empty)[k] or "")) if way else None,
                label(distance, bearing) if way else None,
            )
        )  # fmt: skip
    return out


def _box(events: Sequence[Event]) -> tuple[float, float, float, float]:
    west, south, east, north = [], [], [], []
    for event in events:
        rings = _rings(event.footprint, event.lon) if event.footprint is not None and len(events) <= 200 else []
        anchor = [event.anchor[:2]] if event.anchor else []
        points = np.vstack([[(event.lon, event.lat)], *rings, *([anchor] if anchor else [])])
        ends, sides = points[:, 0].tolist(), points[:, 1].tolist()
        west.append(min(ends))
        east.append(max(ends))
        south.append(min(sides))
        north.append(max(sides))
    return (min(west), min(south), max(east), max(north)) if events else (-120.0, -40.0, 140.0, 60.0)


def _legend(events: Sequence[Event], colours: Mapping[str | None, str], says: Mapping[str, Any]) -> Iterator[str]:
    top = HEIGHT - FOOT
    yield f'<rect y="{top}" width="{WIDTH}" height="{FOOT}" fill="#fff"/><path d="M0,{top}H{WIDTH}" stroke="#d5d9de"/>'
    x = 20.0
    for name in _PRECISIONS:
        if any(event.precision == name for event in events):
            words = says["precision"][name]
            yield glyph(name, x, top + 24, _INK) + _text(x + 14, top + 28, words, 13)
            x += 40 + 7.0 * len(words)
    x = 20.0
    for group, colour in colours.items():
        words = group or "-"
        if x + 7 * len(words) < WIDTH - 40:
            yield f'<rect x="{x - 6:.0f}" y="{top + 44}" width="12" height="12" rx="3" fill="{colour}"/>' + _text(
                x + 14, top + 54, words, 13
            )
            x += 40 + 7.0 * len(words)
    yield _text(WIDTH - 14, HEIGHT - 10, says["map"]["credits"].replace("Leaflet · ", ""), 11, _QUIET, anchor="end")


def _scale(view: View) -> str:
    _, lat = _degrees(view, WIDTH / 2, (HEIGHT - FOOT) / 2)
    metres = 40_075_016.7 * math.cos(math.radians(lat)) / view.scale  # a pixel
    length = max(
        n * 10**power for power in range(7) for n in (1, 2, 5) if n * 10**power <= 160 * metres / 1000 or n * 10**power == 1
    )
    wide = length * 1000 / metres
    x, y = WIDTH - 24 - wide, HEIGHT - FOOT - 20
    bar = f'<path d="M{x:.1f},{y - 6}V{y}H{x + wide:.1f}V{y - 6}" fill="none" stroke="{_INK}" stroke-width="1.5"/>'
    return bar + _text(x + wide / 2, y - 8, f"{length:,} km", 12, anchor="middle")


def svg(rows: Any, *, title: str, says: Mapping[str, Any], color_by: str) -> str:
    """The picture. Colours follow the commonest values of a column; the rest share grey."""

    def label(distance: float, bearing: float) -> str:
        far = f"{distance / 1000:,.0f} km"
        return far if bearing != bearing else f"{far} {says['winds_short'][round(bearing / 22.5) % 16]}"

    events = _events(rows, color_by, label)
    groups: dict[str, int] = {}
    for event in events:
        if event.group is not None:
            groups[event.group] = groups.get(event.group, 0) + 1
    ranked = sorted(groups, key=lambda name: (-groups[name], name))
    colours: dict[str | None, str] = dict(zip(ranked, _COLOURS, strict=False))
    view = View.around(_box(events))
    points = basemap.distinct(np.array([event.lon for event in events]), np.array([event.lat for event in events]))
    body = [*_ground(view), *_marks(view, events, colours), *_towns(view, says["dir"] == "rtl", points), _scale(view)]
    body += _legend(events, colours, says)
    body.append(_text(20, 34, title, 22, weight="700"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="{_FONT}" role="img"><title>{html.escape(title)}</title>\n' + "\n".join(body) + "\n</svg>\n"
    )


def _marks(view: View, events: Sequence[Event], colours: Mapping[str | None, str]) -> Iterator[str]:
    """Areas and ways below, symbols above; labels where there is room."""
    few = len(events) <= 200
    anchors: dict[tuple[float, float], str] = {}
    view.room(14, 12, 500, 30)
    labels = []
    for event in events if few else ():
        colour = colours.get(event.group, _OTHER)
        if event.footprint is not None:
            yield _area(
                view,
                event,
                f'fill="{colour}" fill-opacity=".12" stroke="{colour}" stroke-width="1.4" stroke-dasharray="6 4"',
            )
        if event.anchor is not None:
            (x0, y0), (x1, y1) = view.at(*event.anchor[:2]), view.at(event.lon, event.lat)
            yield f'<path d="M{x0:.1f},{y0:.1f}L{x1:.1f},{y1:.1f}" stroke="{_INK}" stroke-opacity=".65" stroke-dasharray="2 5" fill="none"/>'
            anchors[event.anchor[:2]] = event.anchor[2]
            labels.append((x0 + (x1 - x0) * 0.62, y0 + (y1 - y0) * 0.62, event.label or ""))
    for event in events:
        x, y = view.at(event.lon, event.lat)
        view.taken.append((x - 9, y - 9, x + 9, y + 9))
        yield glyph(event.precision, x, y, colours.get(event.group, _OTHER))
    for (lon, lat), name in anchors.items():
        x, y = view.at(lon, lat)
        view.taken.append((x - 9, y - 9, x + 16 + 8 * len(name), y + 9))
        yield f'<path d="M{x - 9:.1f},{y:.1f}h18M{x:.1f},{y - 9:.1f}v18" stroke="{_INK}" stroke-width="1.6"/>'
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="none" stroke="{_INK}" stroke-width="1.6"/>' + _text(
            x + 13, y + 4, name, 13, weight="700"
        )
    for x, y, words in labels:
        wide = 14 + 6.6 * len(words)
        if view.room(x - wide / 2, y - 11, wide, 22):
            yield f'<rect x="{x - wide / 2:.1f}" y="{y - 11:.1f}" width="{wide:.1f}" height="22" rx="8" fill="#fff" stroke="{_QUIET}"/>'
            yield _text(x, y + 4, words, 12, anchor="middle")
