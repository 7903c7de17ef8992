"""Write events into files that GIS people trust, and read events back: one module a format.

    from geomap import formats
    formats.write(rows, "strikes.gpkg")
    for row in formats.read("strikes.gpkg"): ...

Heavy libraries are imported in the module that needs them: GeoJSON, CSV and JSON lines of points need none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from geomap.columns import COLUMNS, Row
from geomap.errors import InputError, UsageError
from geomap.files import whole
from geomap.formats.export import Export, Geometry, Written
from geomap.formats.foreign import Scheme, is_events, recognise, translate
from geomap.formats.registry import Format, by_name, by_suffix, formats, suffix_of, suffixes
from geomap.formats.table import Chunk, Table

__all__ = ["Written", "formats", "is_events", "read", "read_frame", "recognise", "suffixes", "write"]


def write(
    rows: Iterable[Row] | Any,
    target: Path | str | IO[bytes],
    *,
    format: str | None = None,
    geometry: Geometry = "point",
    metadata: Mapping[str, Any] | None = None,
    places: Iterable[Any] = (),
    **options: Any,
) -> Written:
    """Write rows (dicts of columns.COLUMNS, or a DataFrame of them) whole or not at all; the suffix chooses the format.

    ``geometry`` is the point, the protocol's footprint or the plausible region; a GeoPackage always holds all three.
    Raises OutputError, one line with the way out, where the file cannot be written.
    """
    if geometry not in ("point", "footprint", "plausible"):
        raise UsageError(f"no geometry {geometry!r}; known: point footprint plausible")
    if str(target) == "-":
        target = sys.stdout.buffer
    path = Path(target) if isinstance(target, (str, Path)) else None
    if path is None and format is None:
        raise UsageError("a stream has no suffix: name the format")
    entry = by_name(format) if format else by_suffix(path.name if path else "")
    suffix = suffix_of(path.name if path else f".{format}", entry)
    export = Export(
        Table(rows, patient=entry.header or path is not None),
        geometry,
        dict(metadata or {}),
        places=places,
        options=options,
    )
    module = entry.load()
    if path is None:
        assert not isinstance(target, (str, Path))
        _pour(module, entry, export, target, suffix)
    else:
        with whole(path, entry.siblings if suffix == ".shp" else ()) as temporary:
            _fill(module, entry, export, temporary, suffix)
    notes = tuple(f"{note} ({count} times)" if count > 1 else note for note, count in export.table.notes.items())
    return Written(str(path or "-"), entry.name, export.table.count, export.table.unlocated, notes)


def _fill(module: Any, entry: Format, export: Export, path: Path, suffix: str) -> None:
    if not entry.streams:
        module.write(export, path, suffix)
        return
    with path.open("wb") as file:
        module.write(export, file, suffix)


def _pour(module: Any, entry: Format, export: Export, file: IO[bytes], suffix: str) -> None:
    """Into an open stream; a format that needs a file of its own is made aside first."""
    if entry.streams:
        module.write(export, file, suffix)
        return
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory(prefix="geomap-") as folder:
        path = Path(folder) / f"events{suffix}"
        module.write(export, path, suffix)
        with path.open("rb") as made:
            shutil.copyfileobj(made, file)


def read(path: Path | str, *, format: str | None = None) -> Iterator[Row]:
    """The events of a file, ours or of a kind that ``recognise`` knows, as rows with every column.

    Columns that are none of ours stay in the row under their own names.
    """
    for chunk in _chunks(Path(path), format):
        names = list(chunk)
        for values in zip(*chunk.values(), strict=True):
            yield dict(zip(names, values, strict=True))


def read_frame(path: Path | str, *, format: str | None = None, extras: bool = True) -> Any:
    """The same as a pandas DataFrame, quickly: texts and days (ISO) as str, numbers and counts as float64, NaN unknown.

    ``extras=False`` leaves out the columns that are none of ours.
    """
    import pandas as pd

    columns: dict[str, list[Any]] = {}
    size = 0
    for chunk in _chunks(Path(path), format):
        length = len(next(iter(chunk.values())))
        for name, values in chunk.items():
            if extras or name in COLUMNS or name in ("footprint", "plausible"):
                columns.setdefault(name, [None] * size).extend(values)
        size += length
        for values in columns.values():
            values.extend([None] * (size - len(values)))
    return pd.DataFrame({name: _series(pd, name, values) for name, values in (columns or {name: [] for name in COLUMNS}).items()})


def _series(pd: Any, name: str, values: list[Any] | None) -> Any:
    kind = COLUMNS[name][0] if name in COLUMNS else None
    if kind in ("number", "whole"):
        return pd.Series(values, dtype="float64")
    return pd.Series(values, dtype="str" if kind else None)


def _chunks(path: Path, format: str | None) -> Iterator[Chunk]:
    """Chunks of the file in our columns; every failure to read is one line."""
    entry = by_name(format) if format else by_suffix(path.name, read=True)
    scheme: Scheme | None = None
    try:
        for chunk in entry.load().read(path):
            if not chunk:
                continue
            scheme = scheme or _scheme(chunk, path)
            yield translate(chunk, scheme)
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8; save it as UTF-8") from error
    except OSError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error


def _scheme(chunk: Chunk, path: Path) -> Scheme:
    scheme = recognise(chunk)
    if scheme is None:
        some = ", ".join(str(name) for name in list(chunk)[:6])
        raise InputError(
            f"{path} holds no events: its columns ({some} ...) have no place; it needs id, source, lat, lon and date"
        )
    return scheme
