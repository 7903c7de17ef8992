"""Shapefile, only for programs that take nothing else: names of ten bytes, texts of 254; what was cut is listed."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from geomap.errors import OutputError
from geomap.formats import gdal
from geomap.formats.export import Export
from geomap.formats.table import Batch, Chunk, distinct

TEXT = 254  # bytes a dBASE field holds
DRIVER = "ESRI Shapefile"
NEW = {"SPATIAL_INDEX": "NO", "DBF_DATE_LAST_UPDATE": "1980-01-01"}  # no clock in the file: the same events, the same bytes
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
    gdal.put(inner, DRIVER, export, kinds, nothing.take(table.names), gdal.shapes(nothing, export), **NEW)
    for batch in table.complete():
        cut = _cut(batch, export)
        gdal.put(inner, DRIVER, export, kinds, cut.take(table.names), gdal.shapes(cut, export), append=True)
    if inner != path:
        _zip(inner, path)


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
