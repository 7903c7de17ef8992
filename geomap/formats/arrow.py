"""The table as Arrow record batches: what GeoParquet, and GDAL's quick way in, are made from.

Rows come by way of table.Batch. A DataFrame with nothing to change takes a shorter way: its columns become Arrow's as
they are, and only a column in which something looks unclean is gone through value by value.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geomap.columns import GEOMETRIES
from geomap.formats.shapes import tidy
from geomap.formats.table import BATCH, CLEAN, DECIMALS, Batch, Table

KINDS = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "day": pa.date32()}
POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("place", "<f8", 2)])  # of WKB
ROWS = 16 * BATCH  # a record batch, and a row group of a GeoParquet file


def schema(table: Table) -> Any:
    """Names and types of the columns without geometry."""
    return pa.schema([(name, KINDS[table.kind(name)]) for name in table.names])


def batches(table: Table) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Record batches with the table's schema, and beside each its shapes: point, footprint, plausible as arrays."""
    wanted = schema(table)
    if hasattr(table.rows, "iloc") and not table.change:
        yield from _quick(table, wanted)
        return
    held: list[Batch] = []
    for batch in table.complete():
        held.append(batch)
        if sum(batch.size for batch in held) >= ROWS:
            yield _joined(held, wanted)
            held = []
    if held:
        yield _joined(held, wanted)


def _joined(held: list[Batch], wanted: Any) -> tuple[Any, dict[str, Any]]:
    size = sum(batch.size for batch in held)
    arrays = []
    for field in wanted:
        values = [value for batch in held for value in batch.take([field.name])[0]]
        arrays.append(_array(values, field.type))
    lonlat = np.empty((size, 2))  # where None becomes NaN
    lonlat[:, 0] = [lon for batch in held for lon in batch.lons]
    lonlat[:, 1] = [lat for batch in held for lat in batch.lats]
    shapes = {name: tidy([shape for batch in held for shape in batch.areas(name)]) for name in GEOMETRIES}
    return pa.RecordBatch.from_arrays(arrays, schema=wanted), {"point": lonlat, **shapes}


def _array(values: list[Any], kind: Any) -> Any:
    if pa.types.is_date(kind):
        return pa.array(values, pa.string()).cast(kind)
    return pa.array(values, kind)


def _quick(table: Table, wanted: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    frame = table.rows
    for start in range(0, len(frame), ROWS):
        part = frame.iloc[start : start + ROWS]
        arrays = {field.name: _column(part, field, table) for field in wanted}
        lon, lat = (arrays[name].to_numpy(zero_copy_only=False) for name in ("lon", "lat"))
        if not _on_earth(lon, lat):  # rare: the careful way corrects and notes it
            checked = Table(part)
            for batch in checked.complete():
                arrays |= {name: pa.array(batch.columns[name], pa.float64()) for name in ("lon", "lat")}
            table.notes.update(checked.notes)
            lon, lat = (arrays[name].to_numpy(zero_copy_only=False) for name in ("lon", "lat"))
        table.see(*(arrays[name].to_pylist() for name in ("anchor_id", "source")))
        table.count += len(part)
        table.unlocated += int(np.isnan(lon).sum())
        shapes = {name: tidy(part[name].tolist() if name in part else [None] * len(part)) for name in GEOMETRIES}
        yield pa.RecordBatch.from_arrays(list(arrays.values()), schema=wanted), {"point": np.column_stack([lon, lat]), **shapes}


def _on_earth(lon: Any, lat: Any) -> bool:
    known = ~np.isnan(lon)
    inside = (np.abs(lon[known]) <= 180).all() and (np.abs(lat[known]) <= 90).all()
    return bool(inside and (known == ~np.isnan(lat)).all())


def _column(part: Any, field: Any, table: Table) -> Any:
    """One column of a frame in its type; whatever is not plainly clean goes the careful way."""
    if field.name not in part:
        return pa.nulls(len(part), field.type)
    kind = table.kind(field.name)
    with suppress(pa.ArrowInvalid, pa.ArrowTypeError):  # mixed types, a day that is none: then value by value
        array = pa.Array.from_pandas(part[field.name])
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        if pa.types.is_null(array.type):
            return pa.nulls(len(part), field.type)
        if kind in ("text", "day") and (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
            if _clean(array):
                return array.cast(field.type)
        elif kind in ("number", "whole") and _plain(array):
            return pc.round(array, DECIMALS if kind == "number" else 0).cast(field.type)
    values = [None if missing else value for value, missing in zip(part[field.name], part[field.name].isna(), strict=True)]
    values = CLEAN[kind](values)
    if kind == "day":
        table.check_days(field.name, values)
    return _array(values, field.type)


def _clean(array: Any) -> bool:
    """Is there nothing in these texts that ``table.inert`` would change?"""
    wide = pa.types.is_large_string(array.type)
    _, ends, data = array.buffers()
    if data is None:
        return True
    offsets = np.frombuffer(ends, np.int64 if wide else np.int32)[array.offset : array.offset + len(array) + 1]
    text = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]
    # Bytes that may begin what table.CHOKING and table.BIDI look for, in UTF-8: controls; C2 80-9F; E2 80 AA-AE and
    # E2 81 A6-A9; EF BF BE-BF. All others are clean, Arabic among them.
    suspect = text < 32
    for byte in (0x7F, 0xC2, 0xE2, 0xEF):
        suspect |= text == byte
    found = np.flatnonzero(suspect)
    if not len(found):
        return True
    after = np.concatenate([text, np.zeros(2, np.uint8)])
    one, two, three = text[found], after[found + 1], after[found + 2]
    return not bool(
        ((one < 32) & (one != 9) & (one != 10) & (one != 13) | (one == 0x7F)).any()
        or ((one == 0xC2) & (two >= 0x80) & (two <= 0x9F)).any()
        or ((one == 0xE2) & (two == 0x80) & (three >= 0xAA) & (three <= 0xAE)).any()
        or ((one == 0xE2) & (two == 0x81) & (three >= 0xA6) & (three <= 0xA9)).any()
        or ((one == 0xEF) & (two == 0xBF) & (three >= 0xBE)).any()
    )


def _plain(array: Any) -> bool:
    """Are all known values finite numbers?"""
    if not (pa.types.is_floating(array.type) or pa.types.is_integer(array.type)):
        return False
    return pc.all(pc.is_finite(array)).as_py() is not False


def wkb(shapes: Any) -> Any:
    """Geometries as an Arrow column of WKB; an (n, 2) array is taken as points, NaN as none."""
    if shapes.ndim == 1:
        empty = shapely.is_missing(shapes).all()
        return pa.nulls(len(shapes), pa.binary()) if empty else pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())
    points = np.empty(len(shapes), POINT)
    points["order"], points["kind"], points["place"] = 1, 1, shapes
    ends = np.arange(len(shapes) + 1, dtype=np.int32) * POINT.itemsize
    known = np.packbits(~np.isnan(shapes[:, 0]), bitorder="little")
    return pa.Array.from_buffers(pa.binary(), len(shapes), [pa.py_buffer(known), pa.py_buffer(ends), pa.py_buffer(points)])
