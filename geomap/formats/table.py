"""The rows to write, as clean columns, some thousands at a time: what every format starts from.

A *batch* is a slice of the table: a list of values a column, None for unknown, and nothing in it that a format would
choke on (NaN, lone surrogates, NUL). Rows may be dicts or a pandas DataFrame; neither pandas nor shapely is imported here.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from operator import itemgetter
from typing import Any, TypeAlias

from geomap.columns import COLUMNS, GEOMETRIES, Row

BATCH = 2_000  # rows: large enough to be fast, small enough to be nothing
DECIMALS = 7  # of a degree, about a centimetre: RFC 7946 section 11.2 asks for no more than that
OURS = {*COLUMNS, *GEOMETRIES}


@dataclass(slots=True)
class Batch:
    """Some rows as columns; ``geometries`` holds shapely geometries (or None) under footprint and plausible.

    ``ids``, ``lons`` and ``lats`` (both None where unknown) stay at hand whatever a profile makes of the columns.
    """

    columns: dict[str, list[Any]]
    geometries: dict[str, list[Any]]
    size: int
    ids: list[str | None] = field(default_factory=list)
    lons: list[float | None] = field(default_factory=list)
    lats: list[float | None] = field(default_factory=list)
    ready: frozenset[str] = frozenset()  # columns of a frame that are clean already

    @property
    def points(self) -> Iterator[tuple[float, float] | tuple[None, None]]:
        """Longitude and latitude of each row, both None where unknown."""
        return zip(self.lons, self.lats, strict=True)  # type: ignore[return-value]

    def take(self, names: Iterable[str]) -> list[list[Any]]:
        """These columns; one that these rows do not have is empty."""
        empty = [None] * self.size
        return [self.columns.get(name, empty) for name in names]

    def areas(self, name: str) -> list[Any]:
        """The geometries of that name."""
        return self.geometries.get(name) or [None] * self.size


@dataclass(slots=True)
class Table:
    """Rows on their way into a file; iterate once over its batches. ``notes`` says what had to be left out or changed."""

    rows: Any  # an iterable of rows, or a pandas DataFrame
    change: Callable[[Batch], Batch] | None = None  # a profile, or the coarsening for the public
    kinds: Mapping[str, str] = field(default_factory=dict)  # of the columns that a profile makes
    patient: bool = True  # wait for a full first batch; a stream that is watched does not
    count: int = 0
    unlocated: int = 0
    notes: Counter[str] = field(default_factory=Counter)
    seen: dict[str, set[str]] = field(default_factory=dict)  # what credits depend on: kinds of place ids, data sets
    _first: Batch | None = None
    _rest: Iterator[Batch] | None = None
    _names: list[str] | None = None
    _kinds: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The columns of the table, ours first and then those of foreign tables. A stream is known by its first batch."""
        if self._names is None:
            if self.change:
                self._names = list(self._start().columns)
            else:
                extra = [name for name in self._keys() if name not in COLUMNS and name not in GEOMETRIES]
                self._names = [*COLUMNS, *extra]
        return self._names

    def kind(self, name: str) -> str:
        """text, whole, number or day: as COLUMNS says, else by the values (of a stream: of its first batch)."""
        if kind := self.kinds.get(name) or (COLUMNS[name][0] if name in COLUMNS else None):
            return kind
        if name not in self._kinds:
            if isinstance(self.rows, Sequence) and not self.change:
                self._kinds[name] = kind_of(row.get(name) for row in self.rows)
            else:
                self._kinds[name] = kind_of(self._start().columns.get(name, ()))
        return self._kinds[name]

    def __iter__(self) -> Iterator[Batch]:
        first = self._start()
        assert self._rest is not None
        for batch in chain((first,) if first.size else (), self._rest):
            self.count += batch.size
            self.unlocated += batch.lons.count(None)
            yield batch

    def complete(self) -> Iterator[Batch]:
        """The batches for a format whose columns and kinds stand before its first row: what does not fit is noted."""
        known = {name: self.kind(name) for name in self.names}
        for batch in self:
            for name, values in batch.columns.items():
                if name not in known:
                    if any(value is not None for value in values):
                        self.notes[f"column {name!r} first came after {BATCH} rows of a stream and was left out"] += 1
                elif (self.kinds or name not in COLUMNS) and kind_of(values) != known[name]:
                    batch.columns[name] = CLEAN[known[name]](values)
                    lost = values.count(None) - batch.columns[name].count(None)
                    if lost:
                        self.notes[f"a text in the column of numbers {name!r} was left out"] -= lost
            yield batch

    def _start(self) -> Batch:
        if self._first is None:
            raw = _slices(self.rows) if hasattr(self.rows, "iloc") else _batches(iter(self.rows), self.patient)
            clean = (self._clean(batch) for batch in raw)
            self._rest = clean
            self._first = next(clean, None) or self._clean(Batch({name: [] for name in COLUMNS}, {}, 0))
        return self._first

    def _clean(self, batch: Batch) -> Batch:
        for name, values in batch.columns.items():
            if name in batch.ready or (values[:1] == [None] and values.count(None) == batch.size):
                continue
            kind = COLUMNS[name][0] if name in COLUMNS else kind_of(values)
            batch.columns[name] = CLEAN[kind](values)
            if kind == "day":
                self.check_days(name, batch.columns[name])
        batch.ids = batch.columns["event_id"]
        _place(batch, self.notes)
        self.see(batch.columns["anchor_id"], batch.columns["source"])
        return self.change(batch) if self.change else batch

    def check_days(self, name: str, values: list[Any]) -> None:
        """Empty what is no day, and say so."""
        wrong = {value for value in set(values) - {None} if not _is_day(value)}
        for index, value in enumerate(values) if wrong else ():
            if value in wrong:
                values[index] = None
                self.notes[f"a {name} that is no day (YYYY-MM-DD) was left empty"] += 1

    def see(self, places: Iterable[str | None], sources: Iterable[str | None]) -> None:
        """Keep what the credits depend on."""
        self.seen.setdefault("anchor_id", set()).update(id_.partition(":")[0] + ":" for id_ in set(places) if id_)
        named = self.seen.setdefault("source", set())
        if len(named) < 1000:  # data sets are few; papers, of which there may be many, need no credit here
            named.update(source for source in set(sources) if source)

    def _keys(self) -> Iterable[str]:
        if hasattr(self.rows, "iloc"):
            return [str(name) for name in self.rows.columns]
        if isinstance(self.rows, Sequence):
            if set().union(*self.rows) <= OURS:
                return ()
            return dict.fromkeys(key for row in self.rows for key in row)
        return self._start().columns


def distinct(names: Iterable[str], reserved: Iterable[str] = (), longest: int = 63) -> dict[str, str]:
    """Names for a database that looks at no case and cuts long ones: each to a name of its own."""
    taken, found = {name.casefold() for name in reserved}, {}
    for name in names:
        base = (inert(name).strip() or "column").encode()[:longest].decode(errors="ignore")
        number, new = 2, base
        while new.casefold() in taken:
            new = f"{base.encode()[: longest - 5].decode(errors='ignore')}_{number}"
            number += 1
        taken.add(new.casefold())
        found[name] = new
    return found


def kind_of(values: Iterable[Any]) -> str:
    """The narrowest kind that holds all values of a foreign column."""
    kinds = {type(value) for value in values if value is not None}
    if kinds and kinds <= {int, bool}:
        return "whole"
    return "number" if kinds and kinds <= {int, bool, float} else "text"


def _batches(rows: Iterator[Row], patient: bool) -> Iterator[Batch]:
    """Batches of full size; impatient ones begin small, so that the first events of a slow stream are seen at once."""
    size = BATCH if patient else 1
    while some := list(islice(rows, size)):
        shapes = {name: [row.get(name) for row in some] for name in GEOMETRIES}
        yield Batch(_columns(some), shapes, len(some))
        size = min(size * 2, BATCH)


def _columns(rows: list[Row]) -> dict[str, list[Any]]:
    """Rows as columns, ours first; rows that all have every column of ours, as they should, go quickly."""
    names: Iterable[str] = COLUMNS
    if not set().union(*rows) <= OURS:
        names = dict.fromkeys(chain(COLUMNS, (key for row in rows for key in row if key not in GEOMETRIES)))
    try:
        return dict(zip(names, map(list, zip(*map(itemgetter(*names), rows), strict=True)), strict=True))
    except KeyError:
        return {name: [row.get(name) for row in rows] for name in names}


def _slices(frame: Any) -> Iterator[Batch]:
    """A DataFrame in batches; missing values of every dtype become None."""
    names = [name for name in frame.columns if name not in GEOMETRIES]
    for start in range(0, len(frame), 10 * BATCH):
        part = frame.iloc[start : start + 10 * BATCH]
        empty = [None] * len(part)
        columns = {name: [None] * len(part) for name in COLUMNS} | {str(name): _values(part[name]) for name in names}
        shapes = {name: _values(part[name]) if name in part else empty for name in GEOMETRIES}
        clean = {"number": "f", "whole": "iu"}
        ready = (str(name) for name in names if part[name].dtype.kind in clean.get(COLUMNS.get(str(name), ("number",))[0], ""))
        yield Batch(columns, shapes, len(part), ready=frozenset(ready))


def _values(series: Any) -> list[Any]:
    missing = series.isna()
    if missing.all():
        return [None] * len(series)
    if series.dtype.kind == "f":
        series = series.round(DECIMALS).where(series.abs() < LARGE, series)
        infinite = series.abs() == math.inf
        if infinite.any():
            series, missing = series.where(~infinite), missing | infinite
    values: list[Any] = series.to_numpy(dtype=object, na_value=None).tolist() if missing.any() else series.tolist()
    return values


# -- cleaning: a column at a time, by kind ----------------------------------------------------------------------------

PLACES = 10.0**DECIMALS
LARGE = 1e8  # beyond it a float has no seventh decimal worth rounding, and scaling it would cost its last digit

# Control characters but tab and line ends, lone surrogates (no UTF-8 has them), and non-characters (no XML has them).
CHOKING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
CLOSERS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)


def inert(text: str) -> str:
    """The text without what breaks a file or its neighbours: controls become U+FFFD, open embeddings are closed.

    An unclosed right-to-left override would turn the next cell around; the words themselves are the source's and stay.
    """
    text = CHOKING.sub("\ufffd", text)
    open_: list[str] = []
    for mark in BIDI.findall(text):
        if mark in CLOSERS:
            open_.append(CLOSERS[mark])
        elif mark in open_:  # a closing isolate also closes the embeddings inside it
            while open_.pop() != mark:
                pass
    return text + "".join(reversed(open_))


def _text(value: Any) -> str | None:
    if value is None or value != value:
        return None
    if isinstance(value, date):
        return value.isoformat()
    text = value if isinstance(value, str) else str(value)
    return text if text.isprintable() else inert(text)


def _texts(values: list[Any]) -> list[Any]:
    return values if _printable(values) else [_text(value) for value in values]


def _days(values: list[Any]) -> list[Any]:
    return values if _printable(values) else [_day(value) for value in values]


def _printable(values: list[Any]) -> bool:
    """Are these texts, or None, with nothing in them to look at twice? What is alike is looked at once."""
    try:
        return all(map(str.isprintable, set(values) - {None}))
    except TypeError:
        return False


def _day(value: Any) -> str | None:
    return value.date().isoformat() if isinstance(value, datetime) and value == value else _text(value)


def _is_day(text: str) -> bool:
    """Is it a day of the calendar, YYYY-MM-DD?"""
    try:
        return bool(DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(number):
        return None
    return round(number * PLACES) / PLACES if -LARGE < number < LARGE else number


def _numbers(values: list[Any]) -> list[Any]:
    with suppress(TypeError, ValueError, OverflowError):  # a text among the numbers, or NaN: then one by one
        if max(known := [value for value in values if value is not None], default=0) < LARGE and min(known, default=0) > -LARGE:
            return [None if value is None else round(value * PLACES) / PLACES for value in values]  # twice as quick as round(_, 7)
    return [None if value is None else _number(value) for value in values]


def _whole(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else round(number)


def _wholes(values: list[Any]) -> list[Any]:
    try:
        return [None if value is None else round(value) for value in values]
    except (TypeError, ValueError, OverflowError):
        return [_whole(value) for value in values]


CLEAN: Mapping[str, Callable[[list[Any]], list[Any]]] = {
    "text": _texts,
    "day": _days,
    "number": _numbers,
    "whole": _wholes,
}


def _place(batch: Batch, notes: Counter[str]) -> None:
    """Longitudes into -180..180; half a position, or one outside the earth, is none."""
    batch.lats, batch.lons = lats, lons = batch.columns["lat"], batch.columns["lon"]
    if _all_on_earth(lats, lons):
        return
    for index, (lat, lon) in enumerate(zip(lats, lons, strict=True)):
        if lat is None and lon is None:
            continue
        if lat is None or lon is None or not -90 <= lat <= 90 or not -540 <= lon <= 540:
            lats[index] = lons[index] = None
            notes["a position that is not on earth was left empty"] += 1
        elif not -180 <= lon <= 180:
            lons[index] = round((lon + 180) % 360 - 180, DECIMALS)


def _all_on_earth(lats: list[Any], lons: list[Any]) -> bool:
    """Is nothing to be done for these? Most often so, and then quickly seen."""
    if lats.count(None) != lons.count(None):
        return False
    if None in lats:
        if [lat is None for lat in lats] != [lon is None for lon in lons]:
            return False
        lats, lons = ([value for value in values if value is not None] for values in (lats, lons))
    return not lats or (max(map(abs, lons)) <= 180 and max(map(abs, lats)) <= 90)


# -- reading: rows as chunks of columns -------------------------------------------------------------------------------

Chunk: TypeAlias = dict[str, list[Any]]  # what a format's read() yields: columns of equal length, geometries among them


def chunked(rows: Iterable[Row]) -> Iterator[Chunk]:
    """Rows as chunks."""
    source = iter(rows)
    while some := list(islice(source, BATCH)):
        yield {name: [row.get(name) for row in some] for name in dict.fromkeys(key for row in some for key in row)}
