"""XLSX for those who work in spreadsheets: one sheet of events, one that says where they come from.

Written as XML, row by row, in constant memory (ECMA-376, with texts in their cells); read by openpyxl.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import IO, Any

from geomap.errors import InputError, OutputError
from geomap.formats.export import Export
from geomap.formats.foreign import TABLES
from geomap.formats.table import BATCH, Batch, Chunk, inert

LONGEST = 32_767  # characters in a cell, and rows less one in a sheet: the format's own limits
ROWS = 1_048_575
DAYS = date(1899, 12, 30).toordinal()  # Excel's day 0; its calendar is wrong before March 1900, so such days are texts
FIRST = "1900-03-01"
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # what the format takes for an escape, so that the words as such need one
HEAD = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">\
<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>\
<sheetFormatPr defaultRowHeight="15"/><sheetData>
"""


def write(export: Export, path: Path, suffix: str = ".xlsx") -> None:
    """Write texts as texts (never a formula), days as days; a text longer than a cell may be is cut, and that is noted."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        _member(archive, "xl/worksheets/sheet1.xml", _events(export), path.parent)
        about = [_sheet_row(n, map(_text, (key, str(value)[:LONGEST]))) for n, (key, value) in enumerate(export.told().items(), 1)]
        _member(archive, "xl/worksheets/sheet2.xml", [HEAD, *about, "</sheetData></worksheet>"], path.parent)
        for name, part in _parts():
            _member(archive, name, [part], path.parent)


def _parts() -> Iterator[tuple[str, str]]:
    """What a workbook holds beside its sheets; a line "== name" begins each part."""
    for part in (TABLES / "workbook.xml").read_text(encoding="utf-8").split("== ")[1:]:
        name, _, text = part.partition("\n")
        yield name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'


def _member(archive: zipfile.ZipFile, name: str, pieces: Iterable[str], folder: Path) -> None:
    """One part, set aside first: only what is known to be large may take zip64, which not every reader knows; no clock."""
    with tempfile.TemporaryFile(dir=folder) as aside:
        for piece in pieces:
            aside.write(piece.encode())
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type, entry.file_size = zipfile.ZIP_DEFLATED, aside.tell()
        aside.seek(0)
        with archive.open(entry, "w") as part:
            _copy(aside, part)


def _copy(source: IO[bytes], sink: IO[bytes]) -> None:
    while piece := source.read(1 << 20):
        sink.write(piece)


def _events(export: Export) -> Iterator[str]:
    table, row = export.table, 1
    kinds = {name: table.kind(name) for name in table.names}
    letters = [_letters(number) for number in range(len(kinds))]
    yield HEAD + _sheet_row(1, (_text(inert(name)) for name in kinds))
    for batch in table.complete():
        if table.count > ROWS:
            raise OutputError(f"a sheet holds no more than {ROWS} rows; export to .csv or .gpkg")
        numbers = [str(number) for number in range(row + 1, row + 1 + batch.size)]
        columns = list(_columns(batch, kinds, letters, numbers, export))
        yield "".join(f'<row r="{number}">{"".join(cells)}</row>\n' for number, *cells in zip(numbers, *columns, strict=True))
        row += batch.size
    yield f'</sheetData><autoFilter ref="A1:{letters[-1]}{row}"/></worksheet>'


def _columns(
    batch: Batch, kinds: dict[str, str], letters: list[str], numbers: list[str], export: Export
) -> Iterator[list[str]]:
    """The cells of each column that is not empty; what stands in many rows is made once."""
    for letter, (name, kind) in zip(letters, kinds.items(), strict=True):
        column = batch.take([name])[0]
        cells = {value: CELLS[kind](value) for value in set(column) - {None}}
        if long := [value for value in column if value.__class__ is str and len(value) > LONGEST]:
            export.table.notes[f"a text longer than {LONGEST} characters was cut to fit its cell"] += len(long)
        if cells:
            cells[None], head = "", f'<c r="{letter}'
            yield [f"{head}{n}{cell}" if (cell := cells[value]) else "" for n, value in zip(numbers, column, strict=True)]


def _letters(number: int) -> str:
    """A column's name: A, ..., Z, AA, ..."""
    return (_letters(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


def _sheet_row(number: int, cells: Iterable[str]) -> str:
    told = "".join(f'<c r="{_letters(place)}{number}{cell}' for place, cell in enumerate(cells))
    return f'<row r="{number}">{told}</row>\n'


def _text(value: str) -> str:
    """A text, and nothing but a text: "=1+1" stays four characters."""
    text = value[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    if "_x" in text:
        text = ESCAPED.sub(r"_x005F_x\1_", text)
    return f'" t="inlineStr"><is><t xml:space="preserve">{escape(text, quote=False)}</t></is></c>'


def _number(value: float) -> str:
    return f'"><v>{value!r}</v></c>'


def _day(value: str) -> str:
    """A day as a number with the look of a day."""
    return f'" s="1"><v>{date.fromisoformat(value).toordinal() - DAYS}</v></c>' if value >= FIRST else _text(value)


CELLS: Mapping[str, Callable[[Any], str]] = {"text": _text, "day": _day, "number": _number, "whole": _number}


# -- reading ----------------------------------------------------------------------------------------------------------


def read(path: Path) -> Iterator[Chunk]:
    """The first sheet's rows under its header."""
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as error:
        raise InputError(f"{path}: reading a workbook needs {error.name}: pip install 'geomap-conflict[xlsx]'") from error
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
