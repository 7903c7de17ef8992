"""JSON lines: an event a line, flat, in the columns' order; for pipes and for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from geomap.columns import GEOMETRIES, Row
from geomap.errors import InputError
from geomap.formats.export import Export
from geomap.formats.geojson import ENCODE
from geomap.formats.table import Chunk, chunked


def write(export: Export, file: IO[bytes], suffix: str = ".jsonl") -> None:
    """Write the rows; with an area as geometry each line also holds it, as a GeoJSON geometry under its name."""
    for batch in export.table:
        names = list(batch.columns)
        records = zip(*batch.columns.values(), strict=True)
        if export.geometry == "point":
            lines = [ENCODE(dict(zip(names, record, strict=True))) for record in records]
        else:
            import shapely

            from geomap.formats.shapes import tidy

            areas = shapely.to_geojson(tidy(batch.areas(export.geometry)))
            lines = [
                f'{ENCODE(dict(zip(names, record, strict=True)))[:-1]},"{export.geometry}":{area or "null"}}}'
                for record, area in zip(records, areas, strict=True)
            ]
        file.write(("\n".join(lines) + "\n").encode())


def read(path: Path) -> Iterator[Chunk]:
    """The lines as rows; a broken line names itself."""
    with path.open(encoding="utf-8-sig") as file:
        yield from chunked(_row(line, path, number) for number, line in enumerate(file, 1) if line.strip())


def _row(line: str, path: Path, number: int) -> Row:
    try:
        row: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"{path}, line {number}: not JSON ({error.msg}); correct or remove the line") from error
    if not isinstance(row, dict):
        raise InputError(f"{path}, line {number}: not a JSON object; each line must be one event")
    for name in GEOMETRIES:
        if isinstance(row.get(name), dict):
            import shapely

            row[name] = shapely.from_geojson(json.dumps(row[name]))
    return row
