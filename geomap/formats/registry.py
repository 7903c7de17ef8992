"""Which formats there are, by name and by suffix; a package of others adds one through the entry point geomap.formats.

A format module has ``write(export, target, suffix)`` and, where events can be read back, ``read(path)`` that yields
chunks of columns. ``target`` is an open binary file where the entry streams, else a path that does not exist yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from geomap.errors import InputError, OutputError


@dataclass(frozen=True, slots=True)
class Format:
    """One format: where its module is, the suffixes it goes by, and what the module needs beyond geomap itself."""

    name: str
    module: str
    suffixes: tuple[str, ...]
    streams: bool = False
    header: bool = True  # the columns stand before the first row
    reads: bool = True
    extra: str | None = None
    siblings: tuple[str, ...] = ()  # suffixes of the files that lie beside it
    beside: tuple[str, ...] = ()  # suffixes under which provenance needs a file of its own

    def load(self, *, read: bool = False) -> Any:
        """The module, or one line that names the extra to install."""
        try:
            return import_module(self.module)
        except ImportError as error:
            if self.extra is None:
                raise
            kind = InputError if read else OutputError
            raise kind(f"{self.name} needs {error.name}: pip install 'geomap-conflict[{self.extra}]'") from error


OURS = (
    Format(
        "geojson",
        "geomap.formats.geojson",
        (".geojson", ".json", ".geojsonl", ".ndgeojson", ".geojsons"),
        True,
        False,
        beside=(".geojsonl", ".ndgeojson", ".geojsons"),
    ),
    Format("jsonl", "geomap.formats.jsonl", (".jsonl", ".ndjson"), True, False, beside=(".jsonl", ".ndjson")),
    Format("csv", "geomap.formats.delimited", (".csv", ".tsv"), True, beside=(".csv", ".tsv")),
    Format("gpkg", "geomap.formats.geopackage", (".gpkg",)),
    Format("fgb", "geomap.formats.flatgeobuf", (".fgb",)),
    Format("kml", "geomap.formats.kml", (".kml", ".kmz"), True, False),
    Format("xlsx", "geomap.formats.spreadsheet", (".xlsx",)),  # read by the extra [xlsx]
    Format(
        "shp",
        "geomap.formats.shapefile",
        (".shz", ".shp", ".shp.zip"),
        siblings=(".dbf", ".shx", ".prj", ".cpg", ".qix", ".sbn", ".sbx"),  # the last three: indexes that others made
        beside=(".shz", ".shp", ".shp.zip"),
    ),
    Format("postgis", "geomap.formats.postgis", (), reads=False, extra="postgis"),
    Format("parquet", "geomap.formats.geoparquet", (".parquet", ".geoparquet"), extra="parquet"),
)


@cache
def formats() -> Mapping[str, Format]:
    """All formats by name, those of other packages too; ours cannot be shadowed."""
    from importlib.metadata import entry_points  # slow, and rarely of use: asked only where ours do not suffice

    others = {}
    for point in entry_points(group="geomap.formats"):
        module = point.load()
        others[point.name] = Format(
            point.name,
            module.__name__,
            tuple(module.SUFFIXES),
            getattr(module, "STREAMS", False),
            reads=hasattr(module, "read"),
        )
    return others | {entry.name: entry for entry in OURS}


def suffixes(*, read: bool = False) -> tuple[str, ...]:
    """Every suffix that can be written, or read."""
    return tuple(suffix for entry in formats().values() if entry.reads or not read for suffix in entry.suffixes)


def suffix_of(name: str, entry: Format) -> str:
    """The suffix of a file name as this format knows it, the longest that fits; its first one where none does."""
    fitting = [suffix for suffix in entry.suffixes if name.lower().endswith(suffix)]
    return max(fitting, key=len, default=entry.suffixes[0] if entry.suffixes else "")


def by_suffix(name: str, *, read: bool = False) -> Format:
    """The format of a file name; an unknown one is refused with what is known."""
    for entry in OURS:
        if name.lower().endswith(entry.suffixes) and (entry.reads or not read):
            return entry
    for entry in formats().values():
        if name.lower().endswith(entry.suffixes) and (entry.reads or not read):
            return entry
    known, kind = " ".join(suffixes(read=read)), InputError if read else OutputError
    raise kind(f"no {'reader for events in' if read else 'format for'} {name!r}; known: {known}")


def by_name(name: str) -> Format:
    """The format of that name, as --format gives it."""
    suffix = f".{name.lower().lstrip('.')}"
    for known in (OURS, None):  # those of other packages are looked for only where ours do not suffice
        for entry in known or formats().values():
            if name == entry.name or suffix in entry.suffixes:
                return entry
    raise OutputError(f"no format {name!r}; known: {' '.join(formats())}")
