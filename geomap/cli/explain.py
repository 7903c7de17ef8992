"""The command explain: every mention, candidate and reason behind every event, for a person or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct, structs

from geomap.cli import options
from geomap.cli.inputs import Inputs
from geomap.cli.locate import in_words
from geomap.model import Span

if TYPE_CHECKING:
    from geomap.columns import Row
    from geomap.model import Resolution
    from geomap.pipeline import Reading


@click.command()
@options.inputs
@click.option("--json", "as_json", is_flag=True, help="The whole reading as JSON, one object a report.")
@options.reading
def explain(inputs: tuple[str, ...], as_json: bool, **reading: Any) -> None:
    """Why does each pin stand where it stands? Mentions, candidates, reasons, events.

    \b
    geomap explain report.txt --published 2017-09-28
    """
    told = Inputs(inputs, depth="ALL", **reading)
    for found in told.all_readings():
        if as_json:
            click.echo(json.dumps(_plain(found), ensure_ascii=False))
        else:
            click.echo("\n".join(_lines(found)))
    told.finish()


def _plain(value: Any) -> Any:
    """Records as JSON: they become objects, days ISO text, geometries GeoJSON."""
    if is_dataclass(value) or isinstance(value, Struct):
        skipped = {"report"} if type(value).__name__ == "Event" else set()
        names = value.__struct_fields__ if isinstance(value, Struct) else [field.name for field in fields(value)]
        named = {name: _plain(getattr(value, name)) for name in names if name not in skipped}
        return {"kind": type(value).__name__, **named}
    if isinstance(value, Span):
        return {"kind": "Span", **value._asdict()}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return getattr(value, "__geo_interface__", value)


def _lines(reading: Reading) -> Iterator[str]:
    report = reading.report
    title = report.title or report.text.strip().split("\n", 1)[0][:70]
    yield click.style(f"{report.id}: {title}", bold=True)
    yield f"  language {report.language or 'unknown'}, published {report.published or 'unknown'}, {len(report.text)} characters"
    yield from _section("Mentions", (_mention(mention, report.text) for mention in reading.mentions))
    yield from _section("Places", (line for resolution in reading.resolutions for line in _resolution(resolution)))
    yield from _section("Locations", (line for ref in reading.georeferences for line in in_words(ref).split("\n")))
    yield from _section("Events", (line for row in reading.rows for line in _event(row)))
    yield ""


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield ""
    yield click.style(f"  {title}", underline=True)
    empty = True
    for line in lines:
        empty = False
        yield f"    {line}"
    if empty:
        yield "    none"


def _mention(mention: Any, text: str) -> str:
    words = " ".join(mention.span.of(text).split())
    said = [
        f"{name} {_short(value)}"
        for name, value in structs.asdict(mention).items()
        if name != "span" and value not in (None, (), False, "literal", "asserted")
    ]
    return f"{mention.span.start:>5}-{mention.span.end:<5} {type(mention).__name__:<9} «{words}»  {', '.join(said)}"


def _short(value: Any) -> str:
    kind = type(value).__name__
    if kind == "Range":
        return f"{_end(value.min)}..{_end(value.max)}"
    if kind == "When":
        return f"{value.edtf or 'open'} ({value.rule})"
    if kind == "Toponym":
        return str(value.name)
    if kind == "Offset":
        distance = value.distance
        far = f"{distance.min:g}-{distance.max:g} {distance.unit}" if distance else ""
        return f"{far} {'' if value.bearing_deg is None else f'{value.bearing_deg:g}°'}".strip()
    if isinstance(value, tuple):
        return " + ".join(map(_short, value))
    return str(value)


def _end(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"


def _resolution(resolution: Resolution) -> Iterator[str]:
    toponym, place = resolution.toponym, resolution.place
    meant = (
        f"{place.name} ({place.feature_code}, {place.admin1 or '-'}, {place.country or '-'}) {place.id}" if place else "in doubt"
    )
    yield f"«{toponym.name}» at {toponym.span.start}: {meant}, score {resolution.score:.2f}"
    for note in resolution.notes:
        yield f"    ! {note}"
    for candidate in resolution.candidates[:4]:
        found = candidate.place
        reasons = ", ".join(f"{reason.text} {reason.bits:+.1f}" for reason in candidate.reasons)
        where = f"{found.admin1 or '-'}, {found.country or '-'}"
        named = f"{found.name} ({found.feature_code}, {where}; {candidate.match})"
        yield f"    {candidate.score:.2f} {named}: {reasons or 'no reason noted'}"


_SHOWN = (
    "event_id", "event_type", "factuality", "role", "strikes_min", "strikes_max", "date_edtf", "date_text", "date_rule",
    "time_text", "reported_earliest", "reported_latest", "reported_text", "actor", "target", "target_kind", "killed_min", "killed_max",
    "wounded_min", "wounded_max", "vehicles_destroyed_min", "vehicles_destroyed_max", "location_text", "location_type", "lat",
    "lon", "uncertainty_m", "precision_ged", "precision_acled", "confidence", "georeference_remarks",
)  # fmt: skip


def _event(row: Row) -> Iterator[str]:
    yield f"«{row['quote']}»"
    for name in _SHOWN:
        if row.get(name) is not None:
            yield f"    {name:<24}{row[name]}"
