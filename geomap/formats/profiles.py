"""Tables as others want them: Darwin Core, UCDP GED, ACLED, TimeMap, HXL; tables/profiles says how each column is made.

A line of such a table names the column, its kind, the columns of ours it is made from, and one of the rules below.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from geomap.errors import UsageError
from geomap.formats.foreign import TABLES
from geomap.formats.table import Batch

NEAR_M = 25_000  # UCDP GED codes the known point itself for what lies within about 25 km of it (codebook, where_prec 2)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a profile."""

    name: str
    kind: str
    sources: tuple[str, ...]
    rule: str
    argument: str
    tag: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The columns of one target, and what turns a batch of ours into them."""

    name: str
    columns: tuple[Column, ...]

    @property
    def kinds(self) -> dict[str, str]:
        """Kind by column."""
        return {column.name: column.kind for column in self.columns}

    @property
    def tags(self) -> dict[str, str]:
        """HXL's tags by column; empty for other profiles."""
        return {column.name: column.tag for column in self.columns if column.tag}

    def __call__(self, batch: Batch) -> Batch:
        """The batch in the profile's columns; its points follow where the target has placing rules of its own."""
        batch.columns["footprint"] = batch.areas("footprint")
        moved = MOVES.get(self.name)
        made = {column.name: _column(column, batch) for column in self.columns}
        points = moved(batch) if moved else batch.points
        lons, lats = map(list, zip(*points, strict=True)) if batch.size else ([], [])
        return Batch(made, batch.geometries, batch.size, batch.ids, lons, lats)


def names() -> list[str]:
    """The profiles there are."""
    return sorted(file.name.removesuffix(".csv") for file in (TABLES / "profiles").iterdir() if file.name.endswith(".csv"))


@cache
def profile(name: str) -> Profile:
    """The profile of that name."""
    if name not in names():
        raise UsageError(f"no profile {name!r}; known: {' '.join(names())}")
    lines = csv.DictReader((TABLES / "profiles" / f"{name}.csv").read_text(encoding="utf-8").splitlines())
    columns = []
    for line in lines:
        rule, _, argument = line["rule"].partition(":")
        sources = (line["from"],) if rule == "constant" else tuple(line["from"].split())
        columns.append(Column(line["column"], line["kind"], sources, rule, argument, line.get("tag") or ""))
    return Profile(name, tuple(columns))


def _column(column: Column, batch: Batch) -> list[Any]:
    match column.rule:
        case "copy":
            return batch.take(column.sources)[0]
        case "constant":
            value: Any = int(column.sources[0]) if column.kind == "whole" else column.sources[0]
            return [value] * batch.size
        case "empty":
            return [None] * batch.size
        case "json":
            records = zip(*batch.take(column.sources), strict=True)
            return [_json(column.sources, record) for record in records]
        case "prefixed":
            return [None if value is None else f"{column.argument} {value}" for value in batch.take(column.sources)[0]]
        case "codes":
            codes = _codes(column.argument)
            return [None if value is None else codes.get(value) for value in batch.take(column.sources)[0]]
        case "ged_lat" | "acled_lat":
            return [lat for _, lat in MOVES[column.rule.split("_")[0]](batch)]
        case "ged_lon" | "acled_lon":
            return [lon for lon, _ in MOVES[column.rule.split("_")[0]](batch)]
        case "ged_wkt":
            return [None if lon is None else f"POINT ({lon!r} {lat!r})" for lon, lat in _ged_points(batch)]
        case "ged_precision":
            near = _near(batch)
            return [_nearer(code, moved) for code, moved in zip(batch.take(column.sources)[0], near, strict=True)]
    rule = RULES[column.rule]
    return [rule(*values) for values in zip(*batch.take(column.sources), strict=True)]


def _json(sources: Sequence[str], record: Sequence[Any]) -> str | None:
    known = {name: value for name, value in zip(sources, record, strict=True) if value is not None}
    return json.dumps(known, ensure_ascii=False) if known else None


@cache
def _codes(name: str) -> Mapping[str, str]:
    """Ours to theirs: the tables for reading, turned round; of several names the first."""
    from geomap.formats.foreign import codes

    found: dict[str, str] = {}
    for theirs, ours in codes(name).items():
        for one in [ours] if isinstance(ours, str) else ours:
            found.setdefault(one, theirs[:1].upper() + theirs[1:])
    found.setdefault("drone_strike", found.get("air_strike", ""))
    found.setdefault("missile_attack", found.get("shelling", ""))
    return found


# -- placing rules ----------------------------------------------------------------------------------------------------

Points = list[Any]


def _near(batch: Batch) -> list[bool]:
    """Which events UCDP would code at their anchor: a stated offset of up to 25 km from a place that is known."""
    needed = batch.take(("distance_m", "anchor_lat", "anchor_lon", "precision_ged"))
    return [
        distance is not None and 0 < distance <= NEAR_M and lat is not None and lon is not None and (code or 2) <= 2
        for distance, lat, lon, code in zip(*needed, strict=True)
    ]


def _nearer(code: Any, moved: bool) -> Any:
    return 2 if moved else code


def _at_anchor(batch: Batch, moved: list[bool]) -> Points:
    anchors = zip(*batch.take(("anchor_lon", "anchor_lat")), strict=True)
    return [
        anchor if at and point[0] is not None else point for point, anchor, at in zip(batch.points, anchors, moved, strict=True)
    ]


def _ged_points(batch: Batch) -> Points:
    return _at_anchor(batch, _near(batch))


def _acled_points(batch: Batch) -> Points:
    needed = batch.take(("precision_acled", "distance_m", "anchor_lat", "anchor_lon"))
    town = [
        code == 2 and bool(distance) and lat is not None and lon is not None
        for code, distance, lat, lon in zip(*needed, strict=True)
    ]
    return _at_anchor(batch, town)


MOVES: Mapping[str, Callable[[Batch], Points]] = {"ged": _ged_points, "acled": _acled_points}

# -- rules of one row -------------------------------------------------------------------------------------------------


def _interval(first: str | None, last: str | None) -> str | None:
    if first == last:
        return first
    return f"{first or '..'}/{last or '..'}"


def _positive(value: float | None) -> float | None:
    return value or None


def _wkt(shape: Any) -> str | None:
    if shape is None:
        return None
    import shapely

    from geomap.formats.shapes import tidy

    return str(shapely.to_wkt(tidy([shape])[0], rounding_precision=7))


def _year(first: str | None) -> int | None:
    return int(first[:4]) if first else None


def _length(first: str | None, last: str | None) -> int | None:
    """Days in an interval, both ends counted."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1 if first and last else None


def _ged_date_precision(first: str | None, last: str | None) -> int | None:
    days = _length(first, last)
    if days is None:
        return 5 if first or last else None
    return 1 if days <= 1 else 2 if days <= 6 else 3 if days == 7 else 4 if days <= 31 else 5


def _acled_time_precision(first: str | None, last: str | None) -> int | None:
    days = _length(first, last)
    if days is None:
        return 3 if first or last else None
    return 1 if days <= 1 else 2 if days <= 7 else 3


def _middle(first: str | None, last: str | None) -> str | None:
    days = _length(first, last)
    if days is None or first is None:
        return first or last
    return (date.fromisoformat(first) + timedelta(days=(days - 1) // 2)).isoformat()


def _clarity(strikes: int | None) -> int:
    return 2 if (strikes or 1) > 1 else 1


def _required(text: str | None) -> str:
    return text or ""


def _month_day_year(day: str | None) -> str | None:
    return f"{day[5:7]}/{day[8:10]}/{day[:4]}" if day else None


def _span_words(first: str | None, last: str | None) -> str | None:
    days = _length(first, last)
    return None if days is None else "day" if days <= 1 else f"{days} days"


RULES: Mapping[str, Callable[..., Any]] = {
    "interval": _interval,
    "positive": _positive,
    "wkt": _wkt,
    "year": _year,
    "ged_date_precision": _ged_date_precision,
    "acled_time_precision": _acled_time_precision,
    "middle": _middle,
    "clarity": _clarity,
    "required": _required,
    "month_day_year": _month_day_year,
    "span_words": _span_words,
}
