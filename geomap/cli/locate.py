"""The command locate: one phrase, or a file of phrases, to georeferences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.cli import options
from geomap.cli.lines import Lines
from geomap.cli.progress import bar
from geomap.columns import METRES
from geomap.errors import LanguageError, UsageError

if TYPE_CHECKING:
    from geomap.model import Gazetteer, Georeference, Offset, Resolution


@click.command()
@click.argument("phrase", required=False)
@click.option("--json", "as_json", is_flag=True, help="Everything, for scripts.")
@click.option("--format", "format_", type=click.Choice(["text", "geojson", "wkt"]), default="text", show_default=True)
@click.option("--lang", help="Language of the phrase; recognised if not given.")
@click.option("--country", multiple=True, metavar="CC", help="A hint, not a filter: ISO code; repeatable.")
@click.option("--batch", metavar="IN.jsonl", help='JSON lines {"id", "text", "lang"?, "country"?}; - is standard input.')
@click.option("-o", "--output", metavar="FILE", help="With --batch: where the answers go; standard output if not given.")
@options.gazetteer
def locate(
    phrase: str | None, as_json: bool, format_: str, lang: str | None, country: tuple[str, ...], batch: str | None,
    output: str | None, gazetteer: tuple[Path, ...],
) -> None:  # fmt: skip
    """One phrase in, its georeference out: point, radius, region and the doubts.

    \b
    geomap locate "160 km southeast of Sirte"
    geomap locate "240 كيلومترا جنوب شرقي مدينة سرت" --json
    """
    from geomap.pipeline import Settings, open_for

    if (phrase is None) == (batch is None):
        raise UsageError('give one phrase, for example "160 km southeast of Sirte", or --batch IN.jsonl')
    with bar() as progress:
        places = open_for(Settings(gazetteers=gazetteer), progress)
    if batch is not None:
        _batch(batch, output, lang, country, places)
        return
    from geomap.pipeline import locate_phrase

    assert phrase is not None
    found = locate_phrase(phrase, language=lang, countries=country, gazetteer=places)
    if as_json:
        click.echo(json.dumps({"locations": [as_location(ref) for ref in found]}, ensure_ascii=False, indent=1))
    elif not found:
        click.echo(f"geomap: no location found in {phrase!r}", err=True)
    elif format_ == "geojson":
        click.echo(json.dumps({"type": "FeatureCollection", "features": [_feature(ref) for ref in found]}, ensure_ascii=False))
    elif format_ == "wkt":
        for ref in found:
            click.echo(ref.footprint.wkt if ref.footprint is not None else "POINT EMPTY")
    else:
        for ref in found:
            click.echo(in_words(ref))


def _batch(batch: str, output: str | None, lang: str | None, country: tuple[str, ...], places: Gazetteer) -> None:
    from geomap.pipeline import locate_phrase

    lines = Lines(batch, {"id": object, "text": str})

    def answers() -> Iterator[str]:
        for number, row in lines:
            hints = (str(row["country"]).upper(),) if row.get("country") else country
            try:
                found = locate_phrase(row["text"], language=row.get("lang") or lang, countries=hints, gazetteer=places)
            except LanguageError as error:
                lines.fail(number, error)
                continue
            yield json.dumps({"id": row["id"], "locations": [as_location(ref) for ref in found]}, ensure_ascii=False)

    lines.write(answers(), output)


def as_location(ref: Georeference) -> dict[str, Any]:
    """A georeference in the words of the batch format: distances in metres, bearings in degrees, regions as GeoJSON."""
    from shapely.geometry import mapping

    locality = ref.locality
    assert locality is not None
    anchors = [_anchor(resolution) for resolution in ref.resolutions[: len(locality.anchors)]]
    first, *others = locality.offsets or (None,)
    location: dict[str, Any] = {
        "start": locality.span.start, "end": locality.span.end, "type": ref.locality_type,
        "anchor": anchors[0] if anchors else None, **_leg(first), "modifier": locality.modifier,
        "lat": ref.lat, "lon": ref.lon, "uncertainty_m": ref.uncertainty_m,
    }  # fmt: skip
    if len(anchors) > 1:
        location["anchors"] = anchors
    if others:
        location["second"] = {**_leg(others[0]), "anchor": anchors[1] if len(anchors) > 1 else None}
    for name in ("footprint", "plausible", "plausible_80", "plausible_50"):
        region = getattr(ref, name)
        location[name] = mapping(region) if region is not None else None
    location["notes"] = list(ref.remarks)
    return location


def _anchor(resolution: Resolution) -> dict[str, Any]:
    place = resolution.place
    return {
        "name": resolution.toponym.name, "lat": place.lat if place else None, "lon": place.lon if place else None,
        "place_id": place.id if place else None,
    }  # fmt: skip


def _leg(offset: Offset | None) -> dict[str, Any]:
    """Distance and bearing as said; value and unit are the first written ones."""
    distance = offset.distance if offset else None
    if distance is None or distance.by_time:
        said: dict[str, Any] = {"distance_m": None, "distance_value": None, "distance_unit": None}
    else:
        metre = METRES[distance.unit]
        said = {
            "distance_m": [distance.min * metre, distance.max * metre],
            "distance_value": (distance.min + distance.max) / 2,
            "distance_unit": distance.unit,
        }
    return {**said, "bearing_deg": offset.bearing_deg if offset else None}


def _feature(ref: Georeference) -> dict[str, Any]:
    location = as_location(ref)
    properties = {
        key: value for key, value in location.items() if key not in ("footprint", "plausible", "plausible_80", "plausible_50")
    }
    return {"type": "Feature", "geometry": location["footprint"] or ref.__geo_interface__, "properties": properties}


def in_words(ref: Georeference) -> str:
    """A georeference for a person: where, how sure, why."""
    names = ", ".join(_named(resolution) for resolution in ref.resolutions) or "coordinates in the text"
    if ref.lat is None or ref.lon is None:
        return "\n".join([f"not located ({ref.locality_type}; {names})", *(f"  - {remark}" for remark in ref.remarks)])
    radius = f"within {ref.uncertainty_m / 1000:.1f} km" if ref.uncertainty_m is not None else "uncertainty unknown"
    lat, lon = f"{abs(ref.lat):.4f} {'N' if ref.lat >= 0 else 'S'}", f"{abs(ref.lon):.4f} {'E' if ref.lon >= 0 else 'W'}"
    lines = [f"{lat} {lon}, {radius} ({ref.locality_type}; {names})"]
    return "\n".join([*lines, *(f"  - {remark}" for remark in ref.remarks)])


def _named(resolution: Resolution) -> str:
    place = resolution.place
    if place is None:
        return f"{resolution.toponym.name}: which one is not known"
    return f"{resolution.toponym.name} = {place.name}, {place.admin1 or '-'}, {place.country or '-'} [{place.id}]"
