"""FlatGeobuf: one layer with a packed index, for the web and for quick windows on large files; written by GDAL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geomap.formats import gdal
from geomap.formats.export import Export
from geomap.formats.table import Chunk


def write(export: Export, path: Path, suffix: str = ".fgb") -> None:
    """Write the layer "events" with the geometry asked for; areas are MultiPolygons. Provenance goes into its metadata."""
    gdal.write(export, path, "FlatGeobuf", late=_told)


def _told(export: Export) -> dict[str, Any]:
    told = export.told()
    return {"TITLE": told["title"], "DESCRIPTION": told.get("credits_text", "")}


def read(path: Path) -> Iterator[Chunk]:
    """The layer's features."""
    return gdal.read(path)
