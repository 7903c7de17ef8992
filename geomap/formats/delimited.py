"""CSV and TSV (RFC 4180, UTF-8, CRLF as spreadsheets expect): flat events, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from geomap.columns import GEOMETRIES
from geomap.errors import InputError
from geomap.formats.export import Export
from geomap.formats.table import BATCH, Chunk

# What spreadsheets take for a formula (OWASP "CSV injection"), full-width signs too; after any number of quotes that
# are already there, so that reading can take exactly one away again.
FORMULA = re.compile("^'*[=+\\-@\t\r\n＝＋－＠]")
GUARDED = re.compile("^''*[=+\\-@\t\r\n＝＋－＠]")


def write(export: Export, file: IO[bytes], suffix: str = ".csv") -> None:
    """Write a header and the rows. ``bom`` opens the file with a byte order mark, which Excel needs to see UTF-8.

    With an area as geometry a column of that name holds it as WKT.
    """
    table = export.table
    names, area = table.names, None if export.geometry == "point" else export.geometry
    if export.options.get("bom"):
        file.write(b"\xef\xbb\xbf")
    text = [table.kind(name) in ("text", "day") for name in names]
    tabs = csv.excel_tab if suffix == ".tsv" else csv.excel
    out = io.StringIO(newline="")
    writer = csv.writer(out, tabs)
    writer.writerow([guard(name) for name in names] + ([area] if area else []))
    if second := export.options.get("second_header"):  # HXL's row of tags
        writer.writerow([second.get(name, "") for name in names] + (["#geo+bounds+wkt"] if area else []))
    for batch in table.complete():
        columns = [guarded(column) if plain else column for column, plain in zip(batch.take(names), text, strict=True)]
        if area:
            columns.append(_wkt(batch.areas(area)))
        writer.writerows(zip(*columns, strict=True))
        file.write(out.getvalue().encode())
        out.seek(0)
        out.truncate()
    file.write(out.getvalue().encode())


def guard(cell: str) -> str:
    """The cell with a quote before it where a spreadsheet would take it for a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell as it was before ``guard``."""
    return cell[1:] if GUARDED.match(cell) else cell


def guarded(cells: list[Any]) -> list[Any]:
    """A column of texts, guarded."""
    return [cell if cell is None or (cell[:1] not in "'=+-@\t\r\n＝＋－＠") else guard(cell) for cell in cells]


def _wkt(shapes: list[Any]) -> list[str | None]:
    import shapely

    from geomap.formats.shapes import tidy

    return list(shapely.to_wkt(tidy(shapes), rounding_precision=7))


def read(path: Path) -> Iterator[Chunk]:
    """The lines as columns of texts, empty cells None; the separators , ; and tab are told apart by the header."""
    csv.field_size_limit(1 << 30)  # a quote may be as long as its article
    with path.open(encoding="utf-8-sig", newline="") as file:
        mark = separator(file.readline())
        file.seek(0)
        reader = csv.reader(file, delimiter=mark, strict=True)
        try:
            names = [unguard(name) for name in next(reader, [])]
            while some := list(islice(reader, 10 * BATCH)):
                if any(some[0]) and all(cell[:1] in ("", "#") for cell in some[0]):  # HXL's row of tags says more
                    names = [tag or name for tag, name in zip(some.pop(0), names, strict=True)]
                yield _columns(names, some, path, reader.line_num)
        except csv.Error as error:
            raise InputError(f"{path}, line {reader.line_num}: {error}; is a quotation mark missing?") from error
        except UnicodeDecodeError as error:
            raise InputError(f"{path} is not UTF-8 (after line {reader.line_num}); save it as CSV UTF-8") from error


def separator(header: str) -> str:
    """The separator of a table, by its header."""
    return max(",;\t", key=header.count)


def _columns(names: list[str], records: list[list[str]], path: Path, line: int) -> Chunk:
    width = len(names)
    uneven = [record for record in records if len(record) != width]
    for record in uneven:
        if len(record) > width:
            raise InputError(
                f"{path}, before line {line}: a row of {len(record)} cells under a header of {width}; is a quotation mark missing?"
            )
        record.extend([""] * (width - len(record)))  # spreadsheets leave off empty cells at the end; so do empty lines
    if uneven:
        records = [record for record in records if any(record)]
        if not records:
            return {}
    columns = [[unguard(cell) if cell[:1] == "'" else cell or None for cell in column] for column in zip(*records, strict=True)]
    chunk = dict(zip(names, columns, strict=True))
    for name in GEOMETRIES:
        if name in chunk:
            import shapely

            chunk[name] = shapely.from_wkt(chunk[name]).tolist()
    return chunk
