"""FlatGeobuf: one layer with a packed index, for the web and for quick windows on large files; written by GDAL.

GDAL takes the whole table at once, and its index knows no event without a position: for millions of events prefer .gpkg.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from geomap.formats import gdal
from geomap.formats.export import Export
from geomap.formats.table import Chunk


def write(export: Export, path: Path, suffix: str = ".fgb") -> None:
    """Write the layer "events" with the geometry asked for; areas are MultiPolygons."""
    table = export.table
    kinds = {name: table.kind(name) for name in table.names}
    columns: list[list[Any]] = [[] for _ in kinds]
    shapes: list[Any] = []
    for batch in table.complete():
        for column, values in zip(columns, batch.take(kinds), strict=True):
            column.extend(values)
        shapes.append(gdal.shapes(batch, export))
    geometry = np.concatenate(shapes) if shapes else np.empty(0, dtype=object)
    told = export.told()
    options = {"TITLE": told["title"], "DESCRIPTION": told.get("credits_text", "")}
    if any(shape is None for shape in geometry):
        options["SPATIAL_INDEX"] = "NO"
        table.notes["some events have no position, so the FlatGeobuf has no spatial index"] += 1
    gdal.put(path, "FlatGeobuf", export, kinds, columns, geometry, layer="events", **options)


def read(path: Path) -> Iterator[Chunk]:
    """The layer's features."""
    return gdal.read(path)
