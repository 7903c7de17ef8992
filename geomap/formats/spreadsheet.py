"""XLSX for those who work in spreadsheets: one sheet of events, one that says where they come from; by openpyxl.

openpyxl both writes and reads, row by row, in pure Python; no other kept library does both.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from geomap.errors import InputError, OutputError
from geomap.formats.export import Export
from geomap.formats.table import BATCH, Chunk

LONGEST = 32_767  # characters in a cell, and rows less one in a sheet: the format's own limits
ROWS = 1_048_575
UNKNOWN = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # no clock in the file: the same events, the same bytes


def write(export: Export, path: Path, suffix: str = ".xlsx") -> None:
    """Write texts as texts (never a formula), days as days; a text longer than a cell may be is cut, and that is noted."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("events")
    sheet.freeze_panes = "B2"
    table = export.table
    try:
        sheet.append([_cell(sheet, name) for name in table.names])
        kinds = [table.kind(name) for name in table.names]
        for batch in table.complete():
            if table.count > ROWS:
                raise OutputError(f"a sheet holds no more than {ROWS} rows; export to .csv or .gpkg")
            for record in zip(*batch.take(table.names), strict=True):
                sheet.append([_value(export, sheet, value, kind) for value, kind in zip(record, kinds, strict=True)])
    finally:
        sheet.close()  # else its half-written part would be missed when it is collected
    about = book.create_sheet("about")
    for key, value in export.told().items():
        about.append([_cell(about, str(key)), _cell(about, str(value)[:LONGEST])])
    book.properties.created = book.properties.modified = UNKNOWN
    book.properties.creator = "geomap"
    book.save(path)
    _without_clock(path)


def _value(export: Export, sheet: Any, value: Any, kind: str) -> Any:
    if kind == "day":
        return None if value is None else date.fromisoformat(value)
    if value is None or kind in ("number", "whole"):
        return value
    if len(value) > LONGEST:
        export.table.notes[f"a text longer than {LONGEST} characters was cut to fit its cell"] += 1
        value = value[:LONGEST]
    return _cell(sheet, value)


def _cell(sheet: Any, text: str) -> Any:
    """A text, and nothing but a text: "=1+1" stays four characters."""
    if text[:1] != "=" and "\r" not in text:
        return text  # openpyxl takes it for a text, too
    cell = WriteOnlyCell(sheet, value="")
    cell.value = text.replace("\r\n", "\n").replace("\r", "\n")
    cell.data_type = "s"
    return cell


def _without_clock(path: Path) -> None:
    """Give the members of the archive, and the properties in it, no time of their own."""
    import re

    made = path.with_name("made.xlsx")
    path.rename(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            entry = zipfile.ZipInfo(member.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with old.open(member) as source, new.open(entry, "w", force_zip64=True) as sink:
                if member.filename == "docProps/core.xml":
                    sink.write(re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", source.read()))
                    continue
                while piece := source.read(1 << 20):
                    sink.write(piece)
    made.unlink()


def read(path: Path) -> Iterator[Chunk]:
    """The first sheet's rows under its header."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise InputError(f"{path} is not a whole workbook ({error})") from error
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        names = [str(name) for name in next(rows, ()) if name is not None]
        some: list[tuple[Any, ...]] = []
        for row in rows:
            if any(cell is not None for cell in row):
                some.append((*row[: len(names)], *[None] * (len(names) - len(row))))
            if len(some) == BATCH:
                yield _chunk(names, some)
                some = []
        if some:
            yield _chunk(names, some)
    finally:
        book.close()


def _chunk(names: list[str], rows: list[tuple[Any, ...]]) -> Chunk:
    chunk: Chunk = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    for name, values in chunk.items():
        if any(isinstance(value, datetime) for value in values):
            chunk[name] = [value.date().isoformat() if isinstance(value, datetime) else value for value in values]
    return chunk
