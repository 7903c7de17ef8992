"""Read tables of reports: JSON lines, CSV and TSV, Excel, Parquet; a row a report, ``text`` the one column that must be there."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from geomap.errors import InputError
from geomap.reports import FIELDS, decode

# Other names that tables give the same columns.
_ALIASES = {
    "language": "lang", "date": "published", "publication_date": "published", "body": "text", "content": "text",
    "headline": "title", "link": "url", "doc_id": "id", "report_id": "id", "outlet": "source", "publisher": "source",
}  # fmt: skip
_LATITUDES = {"lat", "latitude", "decimallatitude", "y"}
Fields = dict[str, str | None]


def read(data: bytes, name: str, suffix: str) -> Iterator[Fields | InputError]:
    """Rows as fields; a broken row is yielded as its InputError, which names the line, and the next row follows."""
    rows = {
        ".jsonl": _json_lines, ".ndjson": _json_lines, ".csv": _csv, ".tsv": _csv, ".xlsx": _excel, ".parquet": _parquet,
    }[suffix](data, name)  # fmt: skip
    seen: set[str] = set()
    for line, row in rows:
        if isinstance(row, InputError):
            yield row
            continue
        fields = _fields(row)
        fields["where"] = f"{name}, line {line}"
        canonical = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str)
        fields["input_sha256"] = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
        if not fields.get("text"):
            yield InputError(f"{name}, line {line}: no text; a table of reports needs a column 'text'")
        elif fields.get("id") and fields["id"] in seen:
            yield InputError(f"{name}, line {line}: id {fields['id']!r} stands there twice; only the first is read")
        else:
            seen.add(fields.get("id") or "")
            seen.discard("")
            yield fields


def holds_reports(columns: Iterable[str]) -> bool | None:
    """Do these columns speak of reports (True), of events (False), or is it in doubt (None)?"""
    names = {_ALIASES.get(str(name).strip().lower(), str(name).strip().lower()) for name in columns}
    if names & _LATITUDES or {"event_id", "quote"} <= names:
        return False
    return True if "text" in names else None


def _fields(row: Mapping[str, Any]) -> Fields:
    fields: Fields = {}
    for name, value in row.items():
        key = str(name).strip().lower()
        key = _ALIASES.get(key, key)
        if key in FIELDS or key == "text":
            text = None if value is None or value != value else str(value)
            if text is not None and key != "text":
                text = text.strip() or None
            if text is not None or key not in fields:
                fields[key] = text
    return fields


def _json_lines(data: bytes, name: str) -> Iterator[tuple[int, Mapping[str, Any] | InputError]]:
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, InputError(f"{name}, line {number}: not JSON ({error}); every line must be one object")
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            yield number, InputError(f"{name}, line {number}: not an object; every line must be one, with at least 'text'")


def _csv(data: bytes, name: str) -> Iterator[tuple[int, Mapping[str, Any] | InputError]]:
    csv.field_size_limit(2**31 - 1)
    stream = io.StringIO(decode(data, name), newline="")
    head = stream.readline()
    stream.seek(0)
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(stream, delimiter=delimiter)
    if holds_reports(reader.fieldnames or ()) is None:
        raise InputError(f"{name}: no column 'text'; found: {', '.join(map(str, reader.fieldnames or ()))}")
    try:
        for row in reader:
            if None in row:
                message = f"{name}, line {reader.line_num}: more cells than columns; quote texts that hold {delimiter!r}"
                yield reader.line_num, InputError(message)
            else:
                yield reader.line_num, row
    except csv.Error as error:
        yield reader.line_num, InputError(f"{name}, line {reader.line_num}: broken CSV: {error}")


def _excel(data: bytes, name: str) -> Iterator[tuple[int, Mapping[str, Any] | InputError]]:
    try:
        import openpyxl
    except ImportError:
        way_out = "pip install 'geomap-conflict[xlsx]', or save it as .csv"
        raise InputError(f"{name}: reading .xlsx needs openpyxl: {way_out}") from None
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        lines = sheet.iter_rows(values_only=True)
        columns = [str(cell) if cell is not None else "" for cell in next(lines, ())]
        for number, cells in enumerate(lines, 2):
            if any(cell is not None for cell in cells):
                yield number, dict(zip(columns, cells, strict=False))
    except Exception as error:
        reason = type(error).__name__
        raise InputError(f"{name}: not a readable Excel file ({reason}); save it again as .xlsx or .csv") from error


def _parquet(data: bytes, name: str) -> Iterator[tuple[int, Mapping[str, Any] | InputError]]:
    try:
        import pyarrow.parquet as parquet
    except ImportError:
        raise InputError(f"{name}: reading .parquet needs pyarrow: pip install 'geomap-conflict[parquet]'") from None
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
    except Exception as error:
        raise InputError(f"{name}: not a readable Parquet file ({type(error).__name__})") from error
    number = 0
    for batch in file.iter_batches(batch_size=1000):
        for row in batch.to_pylist():
            number += 1
            yield number, row
