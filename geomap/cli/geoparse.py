"""`geomap geoparse`: place names with coordinates, for corpora and benchmarks: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap import engine
from geomap.cli import options
from geomap.cli.lines import Lines
from geomap.errors import GeomapError
from geomap.model import Gazetteer, Report, Resolution, Span, Toponym

if TYPE_CHECKING:
    from geomap.annotation import Language


@click.command()
@click.argument("source", metavar="IN.jsonl")
@click.option("-o", "--out", required=True, help="File to write (JSON lines); - is standard output.")
@click.option("--demonyms", is_flag=True, help='Also "Turkish" and the like, as the country they speak of.')
@click.option(
    "--country",
    "countries",
    multiple=True,
    metavar="CC",
    help="Country to prefer (ISO alpha-2); repeatable; a hint, not a filter.",
)
@options.gazetteer
@options.many
def geoparse(
    source: str, out: str, demonyms: bool, countries: tuple[str, ...], gazetteer: tuple[Path, ...], jobs: int, scheduler: str | None,
) -> None:  # fmt: skip
    """Find place names in texts and say which places they are.

    Each line of IN.jsonl is {"doc_id", "text", "lang"?, "published"?, "title"?, "spans"?: [{"start", "end"}]}; with spans
    exactly those are resolved. Each line of the output is {"doc_id", "toponyms": [{"start", "end", "name", "lat", "lon",
    "place_id", "geonameid"?, "score"}]}: always the best candidate; the reader sets the threshold on its score. In Arabic
    start and end take in a particle that is written together with the name, the name leaves it out.

    \b
    geomap geoparse news.jsonl -o toponyms.jsonl --jobs 2
    """
    _opened(gazetteer)  # built once, here, before several processes ask for it
    hints = tuple(code.upper() for code in countries)
    lines = Lines(source, {"text": str})
    lines.write(engine.over(partial(_some, gazetteer, hints, demonyms), _documents(lines), jobs=jobs, scheduler=scheduler), out)


def _documents(lines: Lines) -> Iterator[dict[str, Any]]:
    """The lines that can be parsed: a document's number stands for an id that is not given."""
    for number, document in lines:
        document.setdefault("doc_id", str(number))
        try:
            document["spans"] = _spans(document)
        except (KeyError, TypeError, ValueError):
            lines.fail(number, 'spans are [{"start", "end"}, ...], code points inside the text')
            continue
        yield document


def _spans(document: dict[str, Any]) -> list[Span] | None:
    """The spans to be resolved, where they are given."""
    spans = document.get("spans")
    if spans is None:
        return None
    found = [Span(int(span["start"]), int(span["end"])) for span in spans]
    if any(not 0 <= span.start < span.end <= len(document["text"]) for span in found):
        raise ValueError
    return found


@cache
def _opened(gazetteers: tuple[Path, ...]) -> Gazetteer:
    """The gazetteer, opened once a process; without the pipeline, whose other rooms take a second to import."""
    from geomap.gazetteer import open_gazetteer

    return open_gazetteer(extra=gazetteers)


def _some(gazetteers: tuple[Path, ...], countries: tuple[str, ...], demonyms: bool, documents: list[dict[str, Any]]) -> list[str]:
    """The output lines of some documents; what an engine runs in another process."""
    gazetteer = _opened(gazetteers)
    return [_line(document, gazetteer, countries, demonyms) for document in documents]


def _line(document: dict[str, Any], gazetteer: Gazetteer, countries: tuple[str, ...], demonyms: bool) -> str:
    from geomap.annotation import load_language, recognise  # here, so that --help need not wait for them
    from geomap.annotation.toponyms import find_in
    from geomap.resolution import resolve

    text = document["text"]
    code = document.get("lang") or recognise(text) or "en"
    report = Report(str(document["doc_id"]), text, title=document.get("title"), url=document.get("url"), language=code)
    try:
        language = load_language(code)
    except GeomapError:
        language = load_language("en")
    found = find_in(text, language, gazetteer.names, doubtful=True)
    spans = document.get("spans")
    if spans is not None:
        found = _exactly(text, spans, found, language, gazetteer)
    resolutions = [
        resolution
        for resolution in resolve(report, found, gazetteer, countries=countries, reasons=False)
        if spans is not None
        or resolution.certainty > 0.5
        and (resolution.toponym.use in ("literal", "metonym") or demonyms and resolution.toponym.use == "demonym")
    ]
    toponyms = [_entry(text, resolution, spans is not None) for resolution in resolutions]
    return json.dumps({"doc_id": document["doc_id"], "toponyms": toponyms}, ensure_ascii=False)


def _exactly(
    text: str, spans: list[Span], found: tuple[Toponym, ...], language: Language, gazetteer: Gazetteer
) -> tuple[Toponym, ...]:
    """A toponym for each span: the one found there, so that its cue words and its area go with it, else the bare words."""
    from geomap.annotation.toponyms import name_at

    at = {toponym.span: toponym for toponym in found if toponym.use in ("literal", "metonym")}
    return tuple(at.get(span) or name_at(text, span, language, gazetteer.names) for span in spans)


def _entry(text: str, resolution: Resolution, exact: bool) -> dict[str, Any]:
    toponym, span = resolution.toponym, resolution.toponym.span
    start = span.start
    while not exact and start and text[start].isalpha() and text[start - 1].isalpha():
        start -= 1  # a particle written together with the name
    entry: dict[str, Any] = {"start": start, "end": span.end, "name": toponym.name, "lat": None, "lon": None, "place_id": None}
    if resolution.candidates:
        place = resolution.candidates[0].place
        entry |= {"lat": place.lat, "lon": place.lon, "place_id": place.id}
        if place.id.startswith("gn:"):
            entry["geonameid"] = place.id[3:]
    entry["score"] = round(resolution.score, 4)
    return entry
