"""Read reports: text, HTML, JSON lines, CSV, Excel, Parquet; one by one, so that one article and a million travel alike."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path

from geomap.errors import InputError
from geomap.model import Report

# suffix -> module of this room that reads it: read(data, name, given) -> iterator of fields or of InputError
READERS = {
    ".txt": "text", ".text": "text", ".md": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".jsonl": "tables", ".ndjson": "tables", ".csv": "tables", ".tsv": "tables", ".xlsx": "tables", ".parquet": "tables",
}  # fmt: skip
_WAY_OUT = {
    ".pdf": "save its text first (for example: pdftotext -layout report.pdf report.txt) and check the Arabic",
    ".docx": "save it as plain text (.txt, UTF-8) from the word processor",
    ".doc": "save it as plain text (.txt, UTF-8) from the word processor",
    ".odt": "save it as plain text (.txt, UTF-8) from the word processor",
    ".xls": "save it as .xlsx or .csv",
}
FIELDS = ("id", "title", "published", "source", "url", "lang", "archived_url", "retrieved_at")


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller says of all reports of an input; it fills gaps and overrules nothing that a report says itself."""

    published: date | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None


def read(
    path: Path | str,
    *,
    published: date | str | None = None,
    source: str | None = None,
    url: str | None = None,
    language: str | None = None,
    on_error: Callable[[InputError], None] | None = None,
) -> Iterator[Report]:
    """Yield the reports of a file, or of standard input for "-" (plain text, or JSON lines where it opens with a brace).

    A file that cannot be read raises InputError; so does a broken line of a table, unless ``on_error`` takes it, and then
    the other lines go on.
    """
    given = Given(day(published, "--published"), source, url, language)
    data, name, suffix = _open(path)
    module = import_module(f"geomap.reports.{READERS[suffix]}")
    seen = False
    for fields in module.read(data, name, suffix):
        try:
            if isinstance(fields, InputError):
                raise fields
            report = _report(fields, given, name)
        except InputError as error:
            if on_error is None:
                raise
            on_error(error)
            continue
        seen = True
        yield report
    if not seen and on_error is None:
        raise InputError(f"{name}: no report in it")


def of_text(
    text: str,
    *,
    id: str | None = None,
    published: date | str | None = None,
    source: str | None = None,
    url: str | None = None,
    title: str | None = None,
    language: str | None = None,
) -> Report:
    """A report of a text at hand. Without an id it is named after its own hash."""
    sha = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    when = day(published, "published")
    return Report(id or sha[:12], text, title, when, source, url, language, sha)


_PARTIAL = re.compile(r"\d{4}(-\d\d)?")


def day(value: date | str | None, name: str) -> date | None:
    """A day from ISO text ("2017-09-28", a time of day may follow); raises InputError that names the field.

    A year or a month alone is no day: None, since dates counted from an invented day would be invented too.
    """
    if value is None or isinstance(value, date):
        return value
    text = str(value).strip()
    if not text or _PARTIAL.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise InputError(f"{name}: {text!r} is no date; write it as 2017-09-28") from None


def refuse(path: Path | str) -> InputError | None:
    """The reason why nothing of this name can be read as a report, with the way out; None where it can be tried."""
    text = str(path)
    if text.lower().startswith(("http://", "https://", "ftp://", "www.")):
        return InputError(f"{text}: geomap never uses the network; save the page (.html or .txt) and give --url {text}")
    suffix = Path(text).suffix.lower()
    if suffix in _WAY_OUT:
        return InputError(f"{text}: no reader for {suffix!r}; {_WAY_OUT[suffix]}")
    if suffix not in READERS:
        known = " ".join(sorted(READERS))
        return InputError(f"{text}: no reader for {suffix or 'a name without suffix'!r}; known: {known}, or - for standard input")
    return None


def _open(path: Path | str) -> tuple[bytes, str, str]:
    """The bytes of an input, its name for messages, and the suffix that chooses the reader."""
    if str(path) == "-":
        data = sys.stdin.buffer.read()
        suffix = ".jsonl" if data.lstrip()[:1] == b"{" else ".txt"
        return _usable(data, "standard input"), "standard input", suffix
    if reason := refuse(path):
        raise reason
    file = Path(path)
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{file}: no such file") from None
    except IsADirectoryError:
        raise InputError(f"{file}: is a folder; name its files, for example {file}/*.txt") from None
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror or error}") from error
    return _usable(data, str(file)), str(file), file.suffix.lower()


def _usable(data: bytes, name: str) -> bytes:
    if not data.strip():
        raise InputError(f"{name}: is empty")
    if data.startswith(b"%PDF"):
        raise InputError(f"{name}: is a PDF; {_WAY_OUT['.pdf']}")
    return data


def decode(data: bytes, name: str) -> str:
    """Text of UTF-8 bytes (or UTF-16 with its mark); anything else is refused with the way out."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in data[:8192]:
        raise InputError(f"{name}: is a binary file, not text; save the report as plain text (.txt, UTF-8)")
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name}, line {line}: not {encoding[:6].upper()} text; convert it, for example: iconv -f WINDOWS-1256 -t UTF-8"
        ) from None


def _report(fields: dict[str, str | None], given: Given, name: str) -> Report:
    text = fields.get("text") or ""
    where = fields.get("where") or name
    if not text.strip():
        raise InputError(f"{where}: the text is empty")
    sha = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Report(
        id=fields.get("id") or sha[:12],
        text=text,
        title=fields.get("title"),
        published=day(fields.get("published"), f"{where}: published") or given.published,
        source=fields.get("source") or given.source,
        url=fields.get("url") or given.url,
        language=fields.get("lang") or given.language,
        sha256=sha,
        input_sha256=fields.get("input_sha256"),
        archived_url=fields.get("archived_url"),
        retrieved_at=fields.get("retrieved_at"),
        path=name,
    )
