"""FlatGeobuf: one layer with a packed index, for the web and for quick windows on large files (flatgeobuf.org, version 3).

Features are set aside in a temporary file until all are known, then put in the order of the index; of an event no more
than its box and its length stays in memory, 40 bytes. Read by GDAL.
"""

from __future__ import annotations

import json
import struct
import tempfile
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np
import shapely

from geomap.columns import COLUMNS
from geomap.formats import gdal, hilbert
from geomap.formats.export import Export
from geomap.formats.flatbuffer import Fields, Piece, root, table, tables, text, vector
from geomap.formats.shapes import multi, tidy
from geomap.formats.table import BATCH, Batch, Chunk

MAGIC = b"fgb\x03fgb\x01"
KINDS = {"whole": 7, "number": 10, "text": 11, "day": 13}  # Long, Double, String, DateTime
POINT, POLYGON, MULTIPOLYGON = 1, 3, 6
NOWHERE = (float("nan"),) * 4
# A feature of a point, by far the most frequent one, as flatbuffer.table would make it: size, root; table and vtable of the
# feature and of its geometry; two coordinates; the length of the properties, which follow.
FEATURE = struct.Struct("<II4HiII4HiII2dI")
FIXED = (12, 8, 12, 4, 8, 8, 16, 40, 8, 8, 0, 4, 8, 4, 2)


def write(export: Export, path: Path, suffix: str = ".fgb") -> None:
    """Write the layer "events" with the geometry asked for; areas are MultiPolygons. Provenance goes into its metadata."""
    kinds = {name: export.table.kind(name) for name in export.table.names}
    boxes, ends = array("d"), array("q", [0])
    with tempfile.TemporaryFile(dir=path.parent) as aside:
        for batch in export.table.complete():
            features = _points(batch, kinds, boxes) if export.geometry == "point" else _areas(batch, kinds, export.geometry, boxes)
            for feature in features:
                ends.append(ends[-1] + len(feature))
                aside.write(feature)
        if export.table.unlocated:
            export.table.notes["GDAL and QGIS read events without a position; FlatGeobuf's JavaScript reader stops at them"] += 1
        with path.open("wb") as file:
            _assemble(export, kinds, file, aside, np.asarray(boxes).reshape(-1, 4), np.asarray(ends))


def _assemble(export: Export, kinds: Mapping[str, str], file: IO[bytes], aside: IO[bytes], boxes: Any, ends: Any) -> None:
    """Header, index, and the features in its order."""
    order = hilbert.order(boxes)
    begins, lengths = ends[:-1][order], np.diff(ends)[order]
    file.write(MAGIC + _header(export, kinds, boxes))
    if len(order):
        file.write(hilbert.index(boxes[order], np.cumsum(lengths) - lengths))
    for start in range(0, len(order), BATCH):
        part = slice(start, start + BATCH)
        for begin, length in zip(begins[part].tolist(), lengths[part].tolist(), strict=True):
            aside.seek(begin)
            file.write(aside.read(length))


def _header(export: Export, kinds: Mapping[str, str], boxes: Any) -> bytes:
    told = {key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for key, value in export.told().items()}
    columns = [table(_column(name, kind)) for name, kind in kinds.items()]
    known = boxes[~np.isnan(boxes[:, 0])]
    envelope = [*known[:, :2].min(axis=0), *known[:, 2:].max(axis=0)] if len(known) else []
    fields: Fields = {
        0: text("events"),
        2: ("B", POINT if export.geometry == "point" else MULTIPOLYGON),
        7: tables(columns),
        8: ("Q", len(boxes)),
        9: ("H", hilbert.NODE if len(boxes) else 0),
        10: table({0: text("EPSG"), 1: ("i", 4326), 2: text("WGS 84")}),
        11: text(told["title"]),
        12: text(told.get("credits_text", "")),
        13: text(json.dumps(told, ensure_ascii=False)),
    }
    return root(table(fields | ({1: vector("d", envelope)} if envelope else {})))


def _column(name: str, kind: str) -> Fields:
    told: Fields = {3: text(COLUMNS[name][1])} if name in COLUMNS else {}
    return {0: text(name), 1: ("B", KINDS[kind]), **told}


# -- features ---------------------------------------------------------------------------------------------------------


def _properties(batch: Batch, kinds: Mapping[str, str]) -> Iterator[bytes]:
    """What is known of each event: the number of a column and its value, one after the other."""
    columns = []
    for number, (column, kind) in enumerate(zip(batch.take(kinds), kinds.values(), strict=True)):
        cells = _cells(number, set(column) - {None}, kind)
        if cells:
            cells[None] = b""
            columns.append(list(map(cells.__getitem__, column)))
    if not columns:
        return iter([b""] * batch.size)
    return map(b"".join, zip(*columns, strict=True))


def _cells(number: int, values: set[Any], kind: str) -> dict[Any, bytes]:
    """Each value as a property; what stands in many rows is made once."""
    head = number.to_bytes(2, "little")
    match kind:
        case "whole" | "number":
            pack = struct.Struct("<Hq" if kind == "whole" else "<Hd").pack
            return {value: pack(number, value) for value in values}
        case "day":  # there are only moments: its first one
            return {value: head + b"\x13\0\0\0" + f"{value}T00:00:00".encode() for value in values}
    return {value: head + len(data := value.encode()).to_bytes(4, "little") + data for value in values}


def _points(batch: Batch, kinds: Mapping[str, str], boxes: array[float]) -> Iterator[bytes]:
    pack, size = FEATURE.pack, FEATURE.size
    for (lon, lat), told in zip(batch.points, _properties(batch, kinds), strict=True):
        if lon is None or lat is None:
            boxes.extend(NOWHERE)
            yield _feature(None, told)
        else:
            boxes.extend((lon, lat, lon, lat))
            more = -(size + len(told)) % 8
            yield pack(size - 4 + len(told) + more, *FIXED, lon, lat, len(told)) + told + bytes(more)


def _areas(batch: Batch, kinds: Mapping[str, str], name: str, boxes: array[float]) -> Iterator[bytes]:
    shapes = multi(tidy(batch.areas(name)))
    boxes.extend(chain.from_iterable(shapely.bounds(shapes).tolist()))
    for shape, told in zip(shapes, _properties(batch, kinds), strict=True):
        yield _feature(None if shape is None else _multipolygon(shape), told)


def _feature(geometry: Piece | None, told: bytes) -> bytes:
    fields: Fields = {1: vector("B", told)}
    return root(table(fields if geometry is None else {0: geometry, **fields}))


def _multipolygon(shape: Any) -> Piece:
    return table({6: ("B", MULTIPOLYGON), 7: tables([_polygon(part) for part in shape.geoms])})


def _polygon(polygon: Any) -> Piece:
    """Coordinates of all rings in one, and, where there are holes, where each ring ends."""
    rings: Sequence[Any] = shapely.get_rings(polygon)
    fields: Fields = {1: vector("d", shapely.get_coordinates(rings).astype("<f8").tobytes()), 6: ("B", POLYGON)}
    if len(rings) > 1:
        fields[0] = vector("I", np.cumsum(shapely.get_num_coordinates(rings)).tolist())
    return table(fields)


def read(path: Path) -> Iterator[Chunk]:
    """The layer's features."""
    return gdal.read(path)
