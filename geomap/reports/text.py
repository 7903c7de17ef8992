"""Read a plain text file: perhaps a few header lines ("published: 2017-09-28"), then the report."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from geomap.reports import FIELDS, decode

_HEADER = re.compile(rf"({'|'.join(FIELDS)}|language):[ \t]*(.*)", re.IGNORECASE)


def read(data: bytes, name: str, suffix: str) -> Iterator[dict[str, str | None]]:
    """One report. Line ends become LF, so that a copy made on Windows has the same offsets and the same ids."""
    text = decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    fields, text = headers(text)
    stem = None if name == "standard input" else Path(name).stem
    yield {"id": stem, **fields, "text": text, "input_sha256": hashlib.sha256(data).hexdigest(), "where": name}


def headers(text: str) -> tuple[dict[str, str | None], str]:
    """Take the leading "name: value" lines of a text; what follows them (and one empty line) is the report.

    >>> headers("published: 2017-09-28\\nsource: AFP\\n\\nTwo strikes ...")
    ({'published': '2017-09-28', 'source': 'AFP'}, 'Two strikes ...')
    """
    fields: dict[str, str | None] = {}
    rest = text
    while match := _HEADER.match(rest):
        key = match[1].lower()
        fields["lang" if key == "language" else key] = match[2].strip() or None
        rest = rest[match.end() :].removeprefix("\n")
    return (fields, rest.removeprefix("\n")) if fields else ({}, text)
