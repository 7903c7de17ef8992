"""Events as one compressed block of columns: what a map file carries, and what the page's script unpacks.

A block is a JSON head (its length first, as four bytes) and typed arrays, the whole gzipped without a time stamp and
written as base64. Text that repeats is written once and numbered; days are counted from 1970-01-01; shapes are whole
steps of 1/100,000 degree, each point given from the one before. Text never comes near executable script.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
import re
import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

import numpy as np

from geomap.columns import COLUMNS, GEOMETRIES, Row

STEPS = 100_000  # of a degree: about a metre
MANY = 20_000  # rows; above it the page leaves out hashes, which hardly compress
SHAPE_POINTS = 1_500_000  # points of all shapes together; what comes after is drawn as a circle instead
_HASHES = {"text_sha256", "input_sha256"}
_EPOCH = date(1970, 1, 1).toordinal()
_NO_DAY = np.iinfo(np.int32).min
_WIDTHS = ((np.uint8, 255), (np.uint16, 65_535), (np.uint32, 2**32 - 1))

_LONE = re.compile("[\ud800-\udfff]")

Columns = Mapping[str, Sequence[Any]]


def columns_of(rows: Any) -> tuple[dict[str, Sequence[Any]], int]:
    """Rows (dicts, or a DataFrame) as one sequence a column, and their number. Columns without a value are left out."""
    names = (*COLUMNS, *GEOMETRIES)
    table: dict[str, Sequence[Any]]
    if hasattr(rows, "iloc"):
        frame, total = rows, len(rows)
        present = {name: frame[name] for name in names if name in frame}
        table = {name: column.astype(object).where(column.notna(), None).tolist() for name, column in present.items()}
    else:
        listed = list(rows)
        total, keys = len(listed), list(listed[0]) if listed else []
        if all(list(row) == keys for row in listed):  # as our own rows are: turned over in one go
            turned = dict(zip(keys, zip(*map(dict.values, listed), strict=True), strict=True)) if keys else {}
            table = {name: turned[name] for name in names if name in turned}
        else:
            table = {name: [row.get(name) for row in listed] for name in names}
    return {name: values for name, values in table.items() if values.count(None) < total}, total


class Block:
    """A block in the making: sections are added by name, ``bytes()`` packs them."""

    def __init__(self) -> None:
        self.head: dict[str, Any] = {"sections": {}}
        self._body: list[bytes] = []
        self._size = 0

    def section(self, name: str, array: Any) -> None:
        """Add a typed array, little-endian, at an offset that its type can be read from."""
        data = np.ascontiguousarray(array)
        content = data.astype(data.dtype.newbyteorder("<"), copy=False).tobytes()
        self.head["sections"][name] = [data.dtype.name, self._size, len(data)]
        padding = -len(content) % 8
        self._body.append(content + bytes(padding))
        self._size += len(content) + padding

    def pack(self) -> str:
        """The block as base64. A large one is packed at level 4: half the time of level 6 for half a percent more."""
        head = json.dumps(self.head, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        head_bytes = head.encode("utf-8", "replace")
        head_bytes += b" " * (-(len(head_bytes) + 4) % 8)
        content = b"".join([struct.pack("<I", len(head_bytes)), head_bytes, *self._body])
        return base64.b64encode(gzip.compress(content, 9 if len(content) < 1_000_000 else 4, mtime=0)).decode()


def day(value: Any) -> int:
    """An ISO day (or a date, or the start of a time stamp) as days since 1970; the sentinel where it is none."""
    try:
        return date.fromisoformat(str(value)[:10]).toordinal() - _EPOCH
    except ValueError:
        return _NO_DAY


def number(value: Any) -> float:
    """A finite number, else NaN: a table of someone else's may hold anything."""
    try:
        out = float(value)
    except (TypeError, ValueError):
        return math.nan
    return out if math.isfinite(out) else math.nan


def numbers(values: Sequence[Any]) -> Any:
    """A column of numbers, NaN where there is none."""
    try:
        out = np.array(values, dtype=float)
    except (TypeError, ValueError):
        out = np.array([number(value) for value in values])
    out[~np.isfinite(out)] = np.nan
    return out


def _codes(values: Sequence[Any], convert: Callable[[Any], Any]) -> tuple[list[int], list[Any]]:
    """Each value's number among the different values (0: none), and those values in order of appearance."""
    known: dict[Any, int] = {None: 0}
    for value in dict.fromkeys(values):
        known.setdefault(value, len(known))
    return list(map(known.__getitem__, values)), [convert(value) for value in known if value is not None]


def _narrow(codes: Sequence[int], highest: int) -> Any:
    return np.array(codes, dtype=next(kind for kind, limit in _WIDTHS if highest <= limit))


def _text(block: Block, name: str, values: Sequence[Any]) -> None:
    """Text: numbered where values repeat; else its words numbered where words repeat; else one run of UTF-8."""
    if len(set(values)) <= max(200, len(values) // 2):
        codes, different = _codes(values, str)
        block.head["values"][name] = different
        block.section(name, _narrow(codes, len(different)))
        return
    texts = [str(value) for value in values if value is not None]
    spaced = " ".join(texts)
    if spaced.count(" ") > 2 * len(texts):
        words = spaced.split(" ")
        ids: defaultdict[str, int] = defaultdict(count().__next__)
        numbered = np.fromiter(map(ids.__getitem__, words), dtype=np.uint32, count=len(words))
        if len(ids) <= len(words) * 0.6:
            _words(block, name, values, numbered, list(ids))
            return
    whole = "".join(texts)
    if not _plain(whole):
        texts = list(map(_clean, texts))
        whole = "".join(texts)
    units = iter(len(text.encode("utf-16-le")) // 2 for text in texts) if not _plain(whole) else map(len, texts)
    block.head["texts"].append(name)
    block.section(name, np.frombuffer(whole.encode("utf-8"), dtype=np.uint8))
    lengths = [-1 if value is None else next(units) for value in values]
    block.section(f"{name}.lengths", np.array(lengths, dtype=np.int32))  # in units of UTF-16, as the page counts


def _plain(text: str) -> bool:
    """Has each character one unit of UTF-16 (and so no surrogates, lone or in pairs)?"""
    return text.isascii() or len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text) and not _LONE.search(text)


def _words(block: Block, name: str, values: Sequence[Any], codes: Any, words: list[str]) -> None:
    """The number of each word, in planes of bytes (deflate likes them better), and how many words each text has."""
    block.head["words"][name] = words
    for plane in range(max(1, (len(words).bit_length() + 7) // 8)):
        block.section(f"{name}.{plane}", (codes >> 8 * plane & 255).astype(np.uint8))
    lengths = [0 if value is None else str(value).count(" ") + 1 for value in values]
    block.section(name, np.array(lengths, dtype=np.uint32))


def _clean(text: str) -> str:
    """Lone surrogates have no UTF-8; a question mark stands for each."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _column(block: Block, name: str, values: Sequence[Any]) -> None:
    kind = COLUMNS[name][0]
    if kind == "day":
        codes, days = _codes(values, day)
        block.section(name, np.array([_NO_DAY, *days], dtype=np.int32)[codes])
    elif kind in ("number", "whole"):
        block.section(name, numbers(values).astype(np.float32))
    else:
        _text(block, name, values)


def _point(lon: Any, lat: Any) -> tuple[Any, Any]:
    """Whole steps; where either is missing or off the earth both are the sentinel."""
    lon = np.where((lon > 180) & (lon <= 360), lon - 360, lon)
    fit = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    steps = [np.where(fit, np.rint(np.nan_to_num(part, nan=0.0, posinf=0.0, neginf=0.0) * STEPS), _NO_DAY) for part in (lon, lat)]
    return steps[0].astype(np.int32), steps[1].astype(np.int32)


def shapes(geometries: Sequence[Any]) -> tuple[Any, dict[str, Any], int]:
    """Each geometry's number among the different ones (0: none), the sections that hold them, how many were left out.

    Outlines are thinned to a three-hundredth of their size, which no screen shows.
    """
    import shapely  # heavy, and only tables with shapes need it

    array = np.array(geometries, dtype=object)
    known = ~(shapely.is_missing(array) | shapely.is_empty(array))
    keys = shapely.to_wkb(array[known])
    different: dict[bytes, int] = {}
    codes = np.zeros(len(array), dtype=np.uint32)
    codes[known] = [different.setdefault(key, len(different) + 1) for key in keys]
    outlines = shapely.from_wkb(list(different)) if different else np.array([], dtype=object)
    box = shapely.bounds(outlines).reshape(-1, 4)
    size = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
    outlines = shapely.simplify(outlines, size / 300)
    kept = int(np.searchsorted(np.cumsum(shapely.get_num_coordinates(outlines)), SHAPE_POINTS, side="right"))
    left_out = int(np.sum(codes > kept))
    codes[codes > kept] = 0
    polygons, owner = shapely.get_parts(outlines[:kept], return_index=True)
    flat = shapely.get_type_id(polygons) == 3
    rings, ring_owner = shapely.get_rings(polygons[flat], return_index=True)
    points = np.rint(shapely.get_coordinates(rings) * STEPS).astype(np.int32)
    sections = {
        "points": np.diff(points, axis=0, prepend=np.zeros((1, 2), np.int32)).ravel(),
        "rings": shapely.get_num_coordinates(rings).astype(np.uint32),
        "owner": (owner[flat][ring_owner] + 1).astype(np.uint32),
    }
    return codes, sections, left_out


def precision(kind: str | None, ged: float, acled: float, distance: float, uncertainty_m: float) -> int:
    """Index of exact, place, offset, district, region, unknown: what a symbol's shape and fill tell."""
    if kind == "coordinates":
        return 0
    if kind in ("region", "region-part", "FH", "P", "P-between", "F-between", "F-offshore"):
        return 3 if kind == "region" and ged <= 4 else 4
    if kind in ("FO", "FOH", "FOO", "FPO", "FPOH", "FO-offshore", "F-near") or distance > 0:
        return 2
    code = ged if ged == ged else {1.0: 1.0, 2.0: 3.0, 3.0: 5.0}.get(acled, math.nan)
    if code == code:
        if code == 1 and (kind is not None or uncertainty_m > 1_000):
            return 1
        return (0, 2, 3, 3, 4, 4, 4)[int(min(max(code, 1), 7)) - 1]
    if uncertainty_m == uncertainty_m:
        return next((index for index, limit in enumerate((1_000, 10_000, 30_000, 100_000)) if uncertainty_m <= limit), 4)
    return 5


def encode(rows: Iterable[Row] | Any) -> tuple[Block, Columns, dict[str, int]]:
    """The block of some rows, the columns it was made of, and what was left out (name -> number)."""
    table, rows_in_all = columns_of(rows)
    block = Block()
    block.head.update(count=rows_in_all, values={}, texts=[], words={})
    left_out: dict[str, int] = {}
    missing = np.full(rows_in_all, np.nan)
    lon, lat = (numbers(table[name]) if name in table else missing for name in ("lon", "lat"))
    for name, part in zip(("x", "y"), _point(lon, lat), strict=True):
        block.section(name, part)
    for name, values in table.items():
        if name in GEOMETRIES:
            codes, sections, lost = shapes(values)
            block.section(name, codes)
            for part, array in sections.items():
                block.section(f"{name}.{part}", array)
            if lost:
                left_out[name] = lost
        elif name in _HASHES and rows_in_all > MANY:
            left_out[name] = rows_in_all
        elif name not in ("lon", "lat"):
            _column(block, name, values)
    kinds = table.get("location_type") or [None] * rows_in_all
    parts = [numbers(table[name]) if name in table else missing for name in
             ("precision_ged", "precision_acled", "distance_m", "uncertainty_m")]  # fmt: skip
    block.section(
        "precision",
        np.array([precision(*row) for row in zip(kinds, *(part.tolist() for part in parts), strict=True)], np.uint8),
    )
    return block, table, left_out
