"""The commands that turn reports into events, a map and files: extract, export, map."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import click

from geomap.cli import options
from geomap.cli.inputs import Inputs
from geomap.columns import Row


@click.command()
@options.inputs
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; standard output if not given.")
@click.option(
    "--format", "format_", type=click.Choice(["geojson", "jsonl", "csv"]), help="By default the suffix decides, else geojson."
)
@options.reading
def extract(inputs: tuple[str, ...], output: Path | None, format_: str | None, **reading: Any) -> None:
    """Reports in, events out: GeoJSON on standard output unless told otherwise.

    \b
    geomap extract report.txt --published 2017-09-28
    geomap extract reports.jsonl --format jsonl -o events.jsonl --jobs 2
    """
    from geomap import formats

    told = Inputs(inputs, depth="ROWS", **reading)
    target: Path | str = output or "-"
    formats.write(told.rows(), target, format=format_ or (None if output and output.suffix else "geojson"))
    told.finish()


@click.command()
@options.inputs
@click.option(
    "-o", "--output", required=True, metavar="FILE", help="The suffix chooses the format; or postgresql://user@host/db."
)
@click.option("--format", "format_", help="Where the suffix does not say.")
@click.option("--geometry", type=click.Choice(["point", "footprint", "plausible"]), default="point", show_default=True)
@click.option(
    "--profile", type=click.Choice(["darwincore", "ged", "acled", "timemap", "hxl"]), help="Columns of another standard."
)
@click.option("--public", metavar="HOW", help="Coarsen positions and say so in every record: grid:10km, radius:5km, district.")
@click.option("--drop", multiple=True, type=click.Choice(["quotes", "names", "links"]), help="With --public; repeatable.")
@click.option("--bom", is_flag=True, help="CSV that Excel takes for UTF-8.")
@click.option("--schema", metavar="NAME", help="PostGIS schema.")
@options.role
@options.reading
def export(
    inputs: tuple[str, ...], output: str, format_: str | None, geometry: Literal["point", "footprint", "plausible"],
    profile: str | None, public: str | None, drop: tuple[str, ...], bom: bool, schema: str | None, role: str, **reading: Any,
) -> None:  # fmt: skip
    """Reports or event files in, one GIS file out.

    \b
    geomap export report.txt --published 2017-09-28 -o strikes.geojson
    geomap export events.jsonl -o strikes.gpkg
    geomap export events.jsonl -o public.csv --public grid:10km --drop quotes
    """
    from geomap import formats

    told = Inputs(inputs, **reading)
    chosen = {"bom": bom or None, "schema": schema, "profile": profile, "public": public, "drop": drop or None}
    given: dict[str, Any] = {name: value for name, value in chosen.items() if value is not None}
    models = {"annotators": list(told.annotator)} if told.annotator else {}
    metadata = {"inputs": [_hashed(path) for path in inputs], "options": {"role": role, "geometry": geometry, **given, **models}}
    if public == "district":
        from geomap.pipeline import districts, open_for

        given["districts"] = districts(open_for(told.settings))
    rows = (row for row in told.rows() if wanted(row, role))
    written = formats.write(rows, options.target(output), format=format_, geometry=geometry, metadata=metadata, **given)
    for note in written.notes:
        told.warn(note)
    told.finish()


@click.command("map")
@options.inputs
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="A page (.html) or picture (.svg .png .pdf)."
)
@click.option("--title", help="Headline of the page.")
@options.page
@options.role
@options.reading
def map_(
    inputs: tuple[str, ...],
    output: Path,
    title: str | None,
    ui: str,
    no_links: bool,
    basemap: str | None,
    color_by: str | None,
    role: str,
    **reading: Any,
) -> None:
    """Reports or event files in, one self-contained interactive map out; or a picture of it.

    \b
    geomap map report.txt --published 2017-09-28 -o map.html
    geomap map events.jsonl --ui ar -o map.svg
    """
    from geomap import maps

    told = Inputs(inputs, depth="PLACES", **reading)
    rows = [row for row in told.rows(keep=True) if wanted(row, role)]
    if told.usable:
        chart = maps.draw(
            rows, title=title, lang=ui, links=not no_links, places=mentioned(told), basemap=basemap, color_by=color_by
        )
        chart.save(options.target(output), close_file=False)
        if not told.quiet:
            for line in (f"{len(rows)} events on {output if str(output) != '-' else 'the page'}", *chart.notes):
                click.echo(f"geomap: {line}", err=True)
    told.finish()


def _hashed(path: str) -> dict[str, str]:
    """An input for the record: its name, and the hash of its bytes where it is a file that can be read."""
    file = Path(path)
    known = {"name": file.name}
    if file.is_file():
        with suppress(OSError), file.open("rb") as content:
            known["sha256"] = hashlib.file_digest(content, "sha256").hexdigest()
    return known


def wanted(row: Row, role: str) -> bool:
    """Is the event one for maps, files and comparisons: asserted, with a place or a date, of the role asked for?"""
    placed = row.get("lat") is not None or row.get("date_earliest") or row.get("date_latest")
    return row.get("factuality") in (None, "asserted") and bool(placed) and (role == "all" or row.get("role") in (None, "main"))


def mentioned(told: Inputs) -> list[dict[str, Any]]:
    """The places that the reports mention, each once: shown quietly, never as strikes."""
    places = {
        resolution.place.id: resolution.place
        for reading in told.readings
        for resolution in reading.resolutions
        if resolution.place is not None
    }
    return [
        {"id": place.id, "name": place.name, "lat": place.lat, "lon": place.lon, "kind": place.feature_code}
        for place in places.values()
    ]
