"""GeoParquet 1.1: the point and both areas as geometry columns, a bbox column for quick windows, zstd; by pyarrow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geomap.columns import GEOMETRIES
from geomap.errors import InputError
from geomap.formats import arrow
from geomap.formats.bounds import Bounds
from geomap.formats.export import Export
from geomap.formats.shapes import add_bounds
from geomap.formats.table import Chunk

SIDES = ("xmin", "ymin", "xmax", "ymax")
BOX = pa.struct([(side, pa.float64()) for side in SIDES])


def write(export: Export, path: Path, suffix: str = ".parquet") -> None:
    """Write row groups as they come; ``geometry`` chooses the primary column, the others are there all the same."""
    primary = "geometry" if export.geometry == "point" else export.geometry
    plain = arrow.schema(export.table)
    names = {"point": "geometry", **{name: name for name in GEOMETRIES}}
    boxes = {name: "bbox" if column == primary else f"{column}_bbox" for name, column in names.items()}
    clash = set(plain.names) & {*names.values(), *boxes.values()}
    plain = plain if not clash else pa.schema([f.with_name(f"{f.name}_2") if f.name in clash else f for f in plain])
    full = pa.schema([*plain, *((name, pa.binary()) for name in names.values()), *((box, BOX) for box in boxes.values())])
    bounds = {name: Bounds() for name in names.values()}
    with pq.ParquetWriter(path, full, compression="zstd") as writer:
        for batch, shapes in arrow.batches(export.table):
            _measure(shapes, bounds)
            columns = [*batch.columns, *(arrow.wkb(shapes[name]) for name in names)]
            columns += [_boxes(shapes[name]) for name in names]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=full))
        writer.add_key_value_metadata(
            {"geo": json.dumps(_geo(primary, bounds, {names[name]: box for name, box in boxes.items()}))}
        )
        writer.add_key_value_metadata({"geomap": json.dumps(export.told(), ensure_ascii=False)})


def _measure(shapes: dict[str, Any], bounds: dict[str, Bounds]) -> None:
    points = shapes["point"]
    for side in (points[points[:, 0] <= 0], points[points[:, 0] >= 0]):
        if len(side):
            bounds["geometry"].add(*side.min(axis=0).tolist(), *side.max(axis=0).tolist())
    for name in GEOMETRIES:
        add_bounds(bounds[name], shapes[name])


def _boxes(shapes: Any) -> Any:
    """The extent of each row's primary geometry; west to east, so that a plain comparison finds it."""
    sides = np.tile(shapes, 2) if shapes.ndim == 2 else shapely.bounds(shapes)
    empty = np.isnan(sides[:, 0])
    columns = [pa.array(side, pa.float64(), from_pandas=True) for side in sides.T]
    return pa.StructArray.from_arrays(columns, fields=list(BOX), mask=pa.array(empty))


def _geo(primary: str, bounds: dict[str, Bounds], boxes: dict[str, str]) -> dict[str, Any]:
    """The file's metadata under the key geo, as the specification has it; no crs means longitude, latitude on WGS84."""
    columns: dict[str, Any] = {}
    for name, bound in bounds.items():
        types = ["Point"] if name == "geometry" else ["Polygon", "MultiPolygon"]
        columns[name] = {"encoding": "WKB", "geometry_types": types if bound.known else []}
        if name != "geometry":
            columns[name]["orientation"] = "counterclockwise"
        if bound.known:
            columns[name]["bbox"] = bound.bbox
        columns[name]["covering"] = {"bbox": {side: [boxes[name], side] for side in SIDES}}
    return {"version": "1.1.0", "primary_column": primary, "columns": columns}


def read(path: Path) -> Iterator[Chunk]:
    """Ours with both areas; of any other Parquet table its columns, and its points where it is GeoParquet."""
    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise InputError(f"{path} is not a whole Parquet file ({str(error).splitlines()[0]})") from error
    with file:
        geo = json.loads((file.metadata.metadata or {}).get(b"geo", b"{}")).get("columns", {})
        for batch in file.iter_batches(batch_size=arrow.ROWS):
            boxes = {about["covering"]["bbox"]["xmin"][0] for about in geo.values() if "covering" in about}
            yield _chunk(batch.select([name for name in batch.schema.names if name not in boxes]), geo)


def _chunk(batch: Any, geo: dict[str, Any]) -> Chunk:
    chunk: Chunk = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if name in geo:
            _shapes(chunk, name, shapely.from_wkb(column.to_numpy(zero_copy_only=False)))
        else:
            column = column.cast(pa.string()) if pa.types.is_temporal(column.type) else column
            chunk[name] = column.to_pylist()
    return chunk


def _shapes(chunk: Chunk, name: str, shapes: Any) -> None:
    if name in GEOMETRIES:
        chunk[name] = shapes.tolist()
    elif {"lat", "lon"}.isdisjoint(chunk) and (shapely.get_type_id(shapes) == 0).any():
        for axis, side in (("lon", shapely.get_x(shapes)), ("lat", shapely.get_y(shapes))):
            chunk[axis] = [None if value != value else value for value in side.tolist()]
