"""Read a saved web page: with trafilatura where it is installed (the extra [html]), else plainly with the standard library."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from geomap.errors import InputError
from geomap.reports import decode

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w-]{3,20})""", re.IGNORECASE)
_SKIPPED = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "button",
    "select",
    "iframe",
}
_BLOCKS = {
    "p",
    "div",
    "br",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "section",
    "article",
    "blockquote",
    "figcaption",
    "main",
    "title",
    "ul",
    "ol",
    "table",
    "figure",
}
_VOID = {"br", "hr", "img", "input", "meta", "link", "source", "wbr", "col", "area", "base", "embed", "track"}


def read(data: bytes, name: str, suffix: str) -> Iterator[dict[str, str | None]]:
    """One report: the page's text is what all offsets count in, not its HTML."""
    page = _text_of(data, name)
    fields = _extracted(page) or _plain(page)
    if not (fields.get("text") or "").strip():
        raise InputError(f"{name}: no text in the page; save the article as plain text")
    yield {"id": Path(name).stem, **fields, "input_sha256": hashlib.sha256(data).hexdigest(), "where": name}


def _text_of(data: bytes, name: str) -> str:
    declared = _CHARSET.search(data[:4096])
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if encoding not in ("utf-8", "utf8"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data, name)


def _extracted(page: str) -> dict[str, str | None] | None:
    """What trafilatura makes of the page, or None where it is not installed or finds nothing."""
    try:
        import trafilatura
    except ImportError:
        return None
    found = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False, include_tables=False)
    if found is None:
        return None
    record = found if isinstance(found, dict) else found.as_dict()
    return {
        "text": record.get("text"), "title": record.get("title"), "published": record.get("date"),
        "source": record.get("sitename"), "url": record.get("url"),
    }  # fmt: skip


def _plain(page: str) -> dict[str, str | None]:
    parser = _Page()
    parser.feed(page)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.text).split("\n"))
    text = "\n\n".join(line for line in lines if line)
    return {"text": text, "title": " ".join("".join(parser.title).split()) or None, **parser.meta}


_META = {
    "article:published_time": "published", "datepublished": "published", "date": "published", "og:site_name": "source",
    "og:url": "url",
}  # fmt: skip


class _Page(HTMLParser):
    """Collect the visible words of a page, a block a line, and what its meta tags say of date, source and address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.title: list[str] = []
        self.meta: dict[str, str | None] = {}
        self._hidden = 0
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "meta":
            key = _META.get((values.get("property") or values.get("name") or values.get("itemprop") or "").lower())
            if key and values.get("content"):
                self.meta.setdefault(key, values["content"])
        elif tag == "link" and values.get("rel") == "canonical" and values.get("href"):
            self.meta.setdefault("url", values["href"])
        if tag in _SKIPPED:
            self._hidden += 1
        self._in_title = tag == "title" or (self._in_title and tag in _VOID)
        if tag in _BLOCKS:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._hidden = max(0, self._hidden - 1)
        if tag == "title":
            self._in_title = False
        if tag in _BLOCKS:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif not self._hidden:
            self.text.append(data.replace("\n", " "))
