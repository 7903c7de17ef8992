"""XLSX for those who work in spreadsheets: one sheet of events, one that says where they come from.

Written by XlsxWriter row by row, in constant memory; read by openpyxl, also row by row.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from xlsxwriter import Workbook

from geomap.errors import InputError, OutputError
from geomap.formats.export import Export
from geomap.formats.table import BATCH, Chunk, inert

LONGEST = 32_767  # characters in a cell, and rows less one in a sheet: the format's own limits
ROWS = 1_048_575
FIRST = "1900-03-01"  # Excel's calendar is wrong before, so such days are texts
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # what the format takes for an escape
UNKNOWN = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # no clock in the file: the same events, the same bytes


def write(export: Export, path: Path, suffix: str = ".xlsx") -> None:
    """Write texts as texts (never a formula), days as days; a text longer than a cell may be is cut, and that is noted."""
    with Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)}) as book:
        book.set_properties({"author": "geomap", "created": UNKNOWN})
        _write_events(export, book, book.add_worksheet("events"))
        about = book.add_worksheet("about")
        for number, (key, value) in enumerate(export.told().items()):
            about.write_string(number, 0, key)
            about.write_string(number, 1, _text(str(value)))


def _write_events(export: Export, book: Any, sheet: Any) -> None:
    """The table under its names, the first column and the names always in sight."""
    table, row = export.table, 0
    names = list(table.names)
    writers = [_writer(table.kind(name), book, sheet) for name in names]
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(names):
        sheet.write_string(0, place, inert(name))
    for batch in table.complete():
        if table.count > ROWS:
            raise OutputError(f"a sheet holds no more than {ROWS} rows; export to .csv or .gpkg")
        columns = batch.take(names)
        long = sum(value.__class__ is str and len(value) > LONGEST for column in columns for value in column)
        if long:
            export.table.notes[f"a text longer than {LONGEST} characters was cut to fit its cell"] += long
        for cells in zip(*columns, strict=True):
            row += 1
            for place, value in enumerate(cells):
                if value is not None:
                    writers[place](row, place, value)
    sheet.autofilter(0, 0, row, len(names) - 1)


def _writer(kind: str, book: Any, sheet: Any) -> Callable[[int, int, Any], Any]:
    """What writes a cell of a column: numbers as numbers, days with the look of a day, all else as a text."""
    if kind in ("number", "whole"):
        return sheet.write_number  # type: ignore[no-any-return]
    if kind == "text":
        return lambda row, place, value: sheet.write_string(row, place, _text(value))
    look = book.add_format({"num_format": "yyyy-mm-dd"})

    def write_day(row: int, place: int, value: str) -> None:
        if value >= FIRST:
            sheet.write_datetime(row, place, date.fromisoformat(value), look)
        else:
            sheet.write_string(row, place, value)

    return write_day


def _text(value: str) -> str:
    """A text as a cell takes it: cut, and with one line end."""
    return value[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")


# -- reading ----------------------------------------------------------------------------------------------------------


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
        chunk[name] = values = [_unescaped(value) if value.__class__ is str and "_x" in value else value for value in values]
        if any(isinstance(value, datetime) for value in values):
            chunk[name] = [value.date().isoformat() if isinstance(value, datetime) else value for value in values]
    return chunk


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
