"""Recognise event tables, ours and others', by their columns, and make their columns ours (tables/foreign.toml).

Everything works on whole columns and once per distinct value, so that a million rows are quick without pandas.
"""

from __future__ import annotations

import csv
import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from geomap.columns import COLUMNS, GEOMETRIES
from geomap.errors import InputError
from geomap.formats.table import Chunk

TABLES = files("geomap.formats") / "tables"
Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one kind of table is recognised and read."""

    name: str
    title: str
    needs: tuple[tuple[str, ...], ...]  # of each of these groups one column must be there
    columns: Mapping[str, Mapping[str, Any]]  # ours -> rule; rule["from"] is a tuple of their columns
    constants: Mapping[str, str]


@cache
def _knowledge() -> dict[str, Any]:
    import tomllib  # only a reader of tables needs it

    known: dict[str, Any] = tomllib.loads((TABLES / "foreign.toml").read_text(encoding="utf-8"))
    return known


@cache
def schemes() -> tuple[Scheme, ...]:
    """The kinds of table that are known, the most particular first."""

    def rule(written: Any) -> Mapping[str, Any]:
        entry: dict[str, Any] = dict(written) if isinstance(written, Mapping) else {"from": written}
        entry["from"] = (entry["from"],) if isinstance(entry["from"], str) else tuple(entry["from"])
        return entry

    return tuple(
        Scheme(
            name,
            entry["title"],
            tuple((need,) if isinstance(need, str) else tuple(need) for need in entry["needs"]),
            {ours: rule(theirs) for ours, theirs in entry["columns"].items()},
            entry.get("constants", {}),
        )
        for name, entry in _knowledge().items()
        if name != "codes"
    )


@cache
def uncertainties(scheme: str) -> Mapping[str, float]:
    """Metres by precision code of a scheme of tables/precision.csv, which tells the basis of each figure."""
    lines = csv.DictReader((TABLES / "precision.csv").read_text(encoding="utf-8").splitlines())
    return {line["code"]: float(line["uncertainty_m"]) for line in lines if line["scheme"] == scheme}


def codes(name: str) -> Mapping[str, Any]:
    """A table of codes: their word (folded) to ours."""
    found: Mapping[str, Any] = _knowledge()["codes"][name]
    return found


def plain_name(name: Any) -> str:
    """A column's name as it is compared: without case, spaces as underscores."""
    return re.sub(r"\s+", "_", str(name).strip().casefold())


def recognise(names: Iterable[Any]) -> Scheme | None:
    """The scheme that a table with these columns follows; None where it holds no events that we can read."""
    known = {plain_name(name) for name in names}
    if "event_id" in known and {"lat", "lon"} <= known:
        return next(scheme for scheme in schemes() if scheme.name == "plain")
    return next((scheme for scheme in schemes() if all(known & set(need) for need in scheme.needs)), None)


def is_events(names: Iterable[Any]) -> bool:
    """Does a table with these columns hold events (a place), rather than reports (a text)?"""
    return recognise(names) is not None


def translate(chunk: Chunk, scheme: Scheme) -> Chunk:
    """A chunk with all our columns, typed; footprint and plausible where there are any; and the columns left over."""
    theirs = {plain_name(name): name for name in chunk}
    size = len(next(iter(chunk.values()), []))
    found: Chunk = {}
    used: set[str] = set()
    for ours in (*COLUMNS, *GEOMETRIES):
        rule = scheme.columns.get(ours) or {"from": (ours,)}
        sources = [theirs[name] for name in rule["from"] if name in theirs]
        if sources:
            found[ours] = _column(ours, rule, [chunk[name] for name in sources], chunk, theirs)
            used.update(sources if len(sources) == 1 and len(rule) == 1 else ())
    constants = {name: value for name, value in scheme.constants.items() if not any(found.get(name, ()))}
    own = {name: found.get(name) or [constants.get(name)] * size for name in COLUMNS}
    _end_of_months(own, [chunk[theirs[name]] for name in (scheme.columns.get("date_earliest") or {"from": ()})["from"] if name in theirs])
    shapes = {name: found[name] for name in GEOMETRIES if name in found}
    taken = {*COLUMNS, *GEOMETRIES}
    rest = {
        (f"{scheme.name}_{name}" if name in taken else str(name)): values for name, values in chunk.items() if name not in used
    }
    return {**own, **shapes, **rest}


def _end_of_months(own: Chunk, sources: list[list[Any]]) -> None:
    """A month or a year that stands in the first column of a pair alone is meant to its end, not as its first day."""
    if None not in own["date_latest"] or not sources:
        return
    for at, (first, last) in enumerate(zip(own["date_earliest"], own["date_latest"], strict=True)):
        if first is not None and last is None:
            start, end = days(_first(source[at] for source in sources))
            if start != end:
                own["date_latest"][at] = _iso(end)


def _column(ours: str, rule: Mapping[str, Any], sources: list[list[Any]], chunk: Chunk, theirs: Mapping[str, str]) -> list[Any]:
    kind = "shape" if ours in GEOMETRIES else COLUMNS[ours][0]
    values = sources[0] if len(sources) == 1 else [_first(cells) for cells in zip(*sources, strict=True)]
    if "part" in rule and kind == "day":
        return _each(values, lambda value: _iso(days(_part(value, rule["part"], "/"))[rule["part"]]))
    if "part" in rule:
        return _each(values, lambda value: _number(_part(value, rule["part"], ",; ")))
    if "precision" in rule:
        metres = uncertainties(rule["precision"])
        return _each(values, lambda value: metres.get(_code(value)))
    if "codes" in rule:
        known = codes(rule["codes"])
        return _each(values, lambda value: known.get(str(value).strip().casefold(), "other"))
    if kind == "day":
        end = 1 if ours.endswith("_latest") else 0
        first = rule.get("days") or day_first(values)
        if "within" in rule and rule["within"] in theirs:
            pairs = zip(values, chunk[theirs[rule["within"]]], strict=True)
            return _each(list(pairs), lambda pair: _iso(_widened(days(pair[0], first), pair[1])[end]))
        return _each(values, lambda value: _iso(days(value, first)[end]))
    if kind == "shape":
        return _shapes(values)
    if ours == "quote":  # the source's own words, to the character
        return _each(values, lambda value: str(value) if str(value).strip() else None)
    return _each(values, {"text": _text, "number": _number, "whole": _whole}[kind])


def _each(values: list[Any], convert: Callable[[Any], Any]) -> list[Any]:
    """Convert a column, each distinct value once."""
    try:
        known = {value: None if value is None else convert(value) for value in set(values)}
    except TypeError:  # lists or dicts among the cells
        return [None if value is None else convert(value) for value in values]
    return [known[value] for value in values]


def _first(cells: Iterable[Any]) -> Any:
    return next((cell for cell in cells if cell is not None and cell != ""), None)


def _part(value: Any, part: int, marks: str) -> Any:
    if not isinstance(value, str):
        return value[part] if isinstance(value, (list, tuple)) else value
    pieces = [piece for piece in re.split(f"[{re.escape(marks)}]+", value.strip()) if piece]
    return pieces[part] if len(pieces) > part else pieces[0] if pieces else None


def _code(value: Any) -> str:
    text = str(value).strip().casefold()
    return text.removesuffix(".0")


def _text(value: Any) -> str | None:
    return str(value).strip() or None if not isinstance(value, (dict, list)) else str(value)


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if number - number == 0 else None


def _whole(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else round(number)


def _shapes(values: list[Any]) -> list[Any]:
    import shapely

    try:
        return [shapely.from_wkt(value) if isinstance(value, str) else value for value in values]
    except shapely.errors.ShapelyError as error:
        raise InputError(f"a footprint is not well-known text ({error}); correct it or leave it empty") from error


# -- days -------------------------------------------------------------------------------------------------------------

ISO = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?(?:[T ].*)?$")
SLASHES = re.compile(r"(\d\d?)[/.-](\d\d?)[/.-](\d{4})(?:[T ].*)?$")
WORDS = ("%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%B %d, %Y", "%b %d, %Y", "%Y%m%d", "%Y/%m/%d")


def day_first(values: list[Any]) -> str | None:
    """Which of 10/4/2017 comes first in a column, "day" or "month"; None where no value of it decides."""
    for value in values:
        found = SLASHES.match(value.strip()) if isinstance(value, str) and len(value) < 30 and "-" not in value[:3] else None
        if found and int(found[1]) > 12:
            return "day"
        if found and int(found[2]) > 12:
            return "month"
    return None


def days(value: Any, first: str | None = None) -> Days:
    """First and last day of a date as tables write it: 2017-09-26, 2017-09, 2017, 26 September 2017, 26/9/2017.

    A date that can be read in two ways, or in none, is unknown at both ends.
    """
    if isinstance(value, datetime):
        return value.date(), value.date()
    if isinstance(value, date):
        return value, value
    text = str(value).strip()
    if found := ISO.match(text):
        return _calendar(int(found[1]), found[2] and int(found[2]), found[3] and int(found[3]))
    if found := SLASHES.match(text):
        a, b, year = int(found[1]), int(found[2]), int(found[3])
        if a > 12 or a == b or first == "day":
            return _calendar(year, b, a)
        return _calendar(year, a, b) if b > 12 or first == "month" else (None, None)
    for pattern in WORDS:
        try:
            day = datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        return day, day
    return None, None


def _calendar(year: int, month: Any, day: Any) -> Days:
    """The days of a date with unknown parts; 0 is unknown, as GTD writes it."""
    try:
        if not month:
            return date(year, 1, 1), date(year, 12, 31)
        if not day:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None, None


def _widened(interval: Days, precision: Any) -> Days:
    """ACLED's time_precision: 1 the day itself, 2 a week about a mid-week day, 3 the month of a mid-month day."""
    start, end = interval
    if start is None or end is None:
        return interval
    match _code(precision):
        case "2":
            return start - timedelta(days=3), end + timedelta(days=3)
        case "3":
            return _calendar(start.year, start.month, None)
    return interval


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
