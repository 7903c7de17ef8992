"""Write events into files that GIS people trust, and read events back: one module a format.

    from geomap import formats
    formats.write(rows, "strikes.gpkg")
    for row in formats.read("strikes.gpkg"): ...

Heavy libraries are imported in the module that needs them: GeoJSON, CSV and JSON lines of points need none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from geomap.columns import COLUMNS, Row
from geomap.errors import InputError, UsageError
from geomap.files import recover, whole
from geomap.formats.export import Export, Geometry, Written
from geomap.formats.foreign import Scheme, is_events, recognise, translate
from geomap.formats.registry import Format, by_name, by_suffix, formats, suffix_of, suffixes
from geomap.formats.table import Batch, Chunk, Table

if TYPE_CHECKING:
    from geomap.formats.public import Districts

__all__ = ["Written", "formats", "is_events", "read", "read_frame", "recognise", "suffixes", "write"]


def write(
    rows: Iterable[Row] | Any,
    target: Path | str | IO[bytes],
    *,
    format: str | None = None,
    geometry: Geometry = "point",
    profile: str | None = None,
    public: str | None = None,
    drop: Sequence[str] = (),
    districts: Districts | None = None,
    metadata: Mapping[str, Any] | None = None,
    comparison: Any = None,
    places: Iterable[Any] = (),
    **options: Any,
) -> Written:
    """Write rows (dicts of columns.COLUMNS, or a DataFrame of them) whole or not at all; the suffix chooses the format.

    Parameters
    ----------
    target : a path, an open binary file, "-" for standard output, or ``postgresql://...``.
    geometry : the point, the protocol's ``footprint``, or the ``plausible`` region; a GeoPackage, GeoParquet file or
        database always holds all three.
    profile : ``darwincore``, ``ged``, ``acled``, ``timemap`` or ``hxl``: columns and placing rules of that world.
    public : ``grid:10km``, ``radius:5km`` or ``district``: positions fit for the public; ``drop`` takes quotes, names
        and links away too; ``districts`` looks up the district of a point.
    metadata : title, inputs (with their hashes), options, gazetteer_version, credits ... for the record. Formats without
        a place for it get a file beside them, NAME-metadata.json, when it is given.
    comparison : a Comparison of these rows: its links and incidents become lines and layers.
    places : model.Place records for a GeoPackage's layer of places.
    options : ``bom=True`` for a CSV that Excel takes for UTF-8; ``schema="x"`` for PostGIS.

    Raises OutputError, one line with the way out, where the file cannot be written.
    """
    if geometry not in ("point", "footprint", "plausible"):
        raise UsageError(f"no geometry {geometry!r}; known: point footprint plausible")
    if isinstance(target, str) and target.startswith(("postgresql://", "postgres://")):
        entry, path, stream = by_name("postgis"), None, None
    elif isinstance(target, (str, Path)) and str(target) != "-":
        path, stream = Path(target), None
        entry = by_name(format) if format else by_suffix(path.name)
    else:
        path, stream = None, sys.stdout.buffer if isinstance(target, (str, Path)) else target
        if format is None:
            raise UsageError("a stream has no suffix: name the format")
        entry = by_name(format)
    suffix = suffix_of(path.name if path else f".{format}", entry)
    table = Table(rows, patient=entry.header or path is not None)
    export = Export(table, geometry, metadata or {}, places=places, options=options)
    export.said = {
        **_changed(export, profile, public, drop, districts),
        **({"geometry": geometry} if geometry != "point" else {}),
    }
    if comparison is not None:
        _compared(export, comparison)
    if table.kinds and export.options.get("second_header") and entry.name != "csv":
        raise UsageError("the profile hxl is a table with a row of tags: write it to .csv")
    module = entry.load()
    if path is not None:
        beside = metadata is not None and suffix in entry.beside
        digest = ""
        with whole(path, entry.siblings if suffix == ".shp" else ()) as temporary:
            _fill(module, entry, export, temporary, suffix)
            digest = _sha256(temporary) if beside else ""
        if beside:
            _beside(export, path, digest)
    elif stream is not None:
        _pour(module, entry, export, stream, suffix)
    else:
        module.write(export, target, suffix)
    notes = tuple(f"{note} ({abs(count)} times)" if abs(count) > 1 else note for note, count in table.notes.items())
    return Written(str(path or target), entry.name, table.count, table.unlocated, notes)


def _changed(
    export: Export, profile: str | None, public: str | None, drop: Sequence[str], districts: Districts | None
) -> dict[str, Any]:
    """Set what changes the table on its way, coarsening first; what was done, for the record."""
    table = export.table
    said: dict[str, Any] = {}
    steps: list[Callable[[Batch], Batch]] = []
    if public:
        from geomap.formats.public import parse

        coarsen = parse(public, drop=drop, districts=districts)
        said["public"] = coarsen.told()
        table.notes.update(coarsen.notes())
        steps.append(coarsen)
    elif drop:
        raise UsageError("drop belongs to public: say how to coarsen the positions, too")
    if profile:
        from geomap.formats.profiles import profile as known

        made = known(profile)
        table.kinds, said["profile"] = made.kinds, profile
        if made.tags:
            export.options = {**export.options, "second_header": made.tags}
        steps.append(made)
    if steps:
        table.change = lambda batch: reduce(lambda batch, step: step(batch), steps, batch)
    return said


def _compared(export: Export, comparison: Any) -> None:
    """Add each event's incident, and the links and incidents, to an export of the comparison's own events."""
    rows = export.table.rows
    if hasattr(rows, "iloc"):
        export.table.rows = rows.assign(incident_id=[told["incident_id"] for told in comparison.assignments()])
    export.incidents = list(comparison.incidents())
    export.links = [{**link, "line": _line(link)} for link in comparison.links()]


def _line(link: Mapping[str, Any]) -> list[tuple[float, float]] | None:
    """The ends of a link, where both are known and not the same."""
    ends = [(link.get(f"{end}_lon"), link.get(f"{end}_lat")) for end in "ab"]
    return ends if ends[0] != ends[1] and not any(None in end for end in ends) else None  # type: ignore[return-value]


def _sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _beside(export: Export, path: Path, digest: str) -> None:
    """Provenance in a file of its own; of a CSV in the words of CSV on the Web (W3C), which looks for this name."""
    import json

    table, kinds = export.table, {"text": "string", "day": "date", "whole": "integer", "number": "number"}
    columns = [
        {"name": name, "titles": name, "datatype": kinds[table.kind(name)], "dc:description": COLUMNS.get(name, ("", ""))[1]}
        for name in table.names
    ]
    told = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": path.name,
        "dc:title": export.told()["title"],
        "tableSchema": {"columns": columns},
        "notes": [{**export.told(), "sha256": digest}],
    }
    with whole(path.with_name(f"{path.name}-metadata.json")) as temporary:
        temporary.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


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


def read_frame(path: Path | str, *, format: str | None = None, extras: bool = True, empty: bool = True) -> Any:
    """The same as a pandas DataFrame, quickly: texts and days (ISO) as str, numbers and counts as float64, NaN unknown.

    ``extras=False`` leaves out the columns that are none of ours, ``empty=False`` those that hold nothing: a million rows
    of a plain table take a third of the memory without them.
    """
    import pandas as pd

    columns: dict[str, list[Any]] = {}
    size = 0
    for chunk in _chunks(Path(path), format):
        length = len(next(iter(chunk.values())))
        for name, values in chunk.items():
            ours = extras or name in COLUMNS or name in ("footprint", "plausible")
            if ours and (empty or name in columns or any(value is not None for value in values)):
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
    if entry.siblings:
        recover(path)
    try:
        for chunk in entry.load(read=True).read(path):
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
