"""Shapefile, only for programs that take nothing else: names of ten bytes, texts of 254; what was cut is listed."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from geomap.errors import OutputError
from geomap.formats import gdal
from geomap.formats.export import Export
from geomap.formats.shapes import multi, tidy
from geomap.formats.table import Batch, Chunk, distinct

TEXT = 254  # bytes a dBASE field holds
MEMBERS = (".prj", ".cpg", ".dbf", ".shx", ".shp")  # the .shp last: a reader starts from it


def write(export: Export, path: Path, suffix: str = ".shz") -> None:
    """Write one archive (.shz, .shp.zip), which is replaced whole and opens in GDAL and QGIS as it is; or five files."""
    table = export.table
    table.notes["a Shapefile cuts names and texts: prefer .gpkg"] += 1
    if suffix == ".shp":
        table.notes["its five files cannot be replaced in one step: .shz is one file, and is"] += 1
    names = distinct(table.names, longest=10)
    for name, short in names.items():
        if short != name:
            table.notes[f"column {name} is called {short}"] += 1
    inner = path if suffix == ".shp" else path.with_name("events.shp")
    kinds = {names[name]: table.kind(name) for name in table.names}
    nothing = Batch({name: [] for name in table.names}, {}, 0)  # no events make a Shapefile, too
    try:
        _append(nothing, export, inner, kinds, SPATIAL_INDEX="NO", DBF_DATE_LAST_UPDATE="1980-01-01")
        for batch in table.complete():
            _append(_cut(batch, export), export, inner, kinds, append=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError, pyogrio.errors.DataLayerError) as error:
        reason = " ".join(str(error).split())
        raise OutputError(f"the Shapefile cannot be written: {reason}; is the disk full, or does it grow beyond 2 GB?") from error
    if inner != path:
        _zip(inner, path)


def _append(batch: Batch, export: Export, path: Path, kinds: Mapping[str, str], **options: Any) -> None:
    """Put a batch at the end of the Shapefile."""
    if export.geometry == "point":
        shapes = shapely.points(np.column_stack([_floats(batch.lons), _floats(batch.lats)]))
        shapes[[lon is None for lon in batch.lons]] = None
    else:
        shapes = multi(tidy(batch.areas(export.geometry)))
    arrays = [_array(values, kind) for values, kind in zip(batch.take(export.table.names), kinds.values(), strict=True)]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapes),
        field_data=[array for array, _ in arrays],
        field_mask=[mask for _, mask in arrays],
        fields=np.array(list(kinds), dtype=object),
        driver="ESRI Shapefile",
        geometry_type="Point" if export.geometry == "point" else "MultiPolygon",
        crs="EPSG:4326",
        encoding="UTF-8",
        **options,
    )


def _floats(values: list[float | None]) -> Any:
    return np.array(values, dtype=float)  # None becomes NaN


def _array(values: list[Any], kind: str) -> tuple[Any, Any]:
    """A numpy column and the mask of what is unknown in it."""
    mask = np.array([value is None for value in values], dtype=bool)
    if kind == "day":
        return np.array(["NaT" if value is None else value for value in values], dtype="datetime64[D]"), mask
    if kind in ("whole", "number"):
        known = [0 if value is None else value for value in values]
        return np.array(known, dtype="int64" if kind == "whole" else "float64"), mask
    return np.array([*values, None], dtype=object)[:-1], mask


def _cut(batch: Batch, export: Export) -> Batch:
    for name, values in batch.columns.items():
        texts = {value for value in set(values) if value.__class__ is str and len(value) > TEXT // 4}
        cuts = {text: raw[:TEXT].decode(errors="ignore") for text in texts if len(raw := text.encode()) > TEXT}
        if cuts:
            export.table.notes[f"a text of {name} was cut to {TEXT} bytes"] += sum(value in cuts for value in values)
            batch.columns[name] = [cuts.get(value, value) for value in values]
    return batch


def _zip(inner: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in MEMBERS:
            file = inner.with_suffix(member)
            if not file.exists():
                raise OutputError(f"GDAL made no {member} of the Shapefile")
            entry = zipfile.ZipInfo(f"events{member}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with file.open("rb") as source, archive.open(entry, "w") as sink:
                shutil.copyfileobj(source, sink)
            file.unlink()


def read(path: Path) -> Iterator[Chunk]:
    """The features, with the names that were cut made whole again where they are ours."""
    from geomap.columns import COLUMNS

    whole = {short: name for name, short in distinct(COLUMNS, longest=10).items()}
    for chunk in gdal.read(path):
        yield {whole.get(name, name): values for name, values in chunk.items()}
