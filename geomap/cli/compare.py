"""The command compare: which reported strikes are the same, how far apart they are put, and whether they agree."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.cli import options
from geomap.cli.inputs import Inputs
from geomap.cli.reports import mentioned, wanted

if TYPE_CHECKING:
    import pandas as pd

    from geomap.columns import Row
    from geomap.comparison import Comparison

_TABLES = {".csv", ".tsv", ".parquet"}


@click.command()
@options.inputs
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The suffix chooses: .html .svg .png .pdf .geojson .gpkg .csv .jsonl"
)
@click.option(
    "--format", "format_", type=click.Choice(["html", "geojson", "gpkg", "csv", "jsonl"]), help="If the suffix does not."
)
@click.option("--links", type=click.Path(path_type=Path), help="Also write the pairs with their evidence, a JSON object a line.")
@click.option("--summary", type=click.Path(path_type=Path), help="Also write how well the sources agree as a whole, as JSON.")
@click.option("--plot", type=click.Path(path_type=Path), help="Also draw that as a picture (.svg).")
@options.page
@options.role
@options.reading
def compare(
    inputs: tuple[str, ...],
    output: Path | None,
    format_: str | None,
    links: Path | None,
    summary: Path | None,
    plot: Path | None,
    ui: str,
    no_links: bool,
    basemap: str | None,
    color_by: str | None,
    role: str,
    **reading: Any,
) -> None:
    """Two or more inputs in (reports, event files, data sets); incidents, distances and verdicts out.

    \b
    geomap compare report-a.txt report-b.txt
    geomap compare reports.jsonl ged.csv -o comparison.html --links links.jsonl
    geomap compare acled.csv ged.csv -o incidents.csv --plot agreement.svg
    """
    from geomap.comparison import compare as compare_rows

    told = Inputs(inputs, depth="PLACES", **reading)
    comparison = compare_rows(_frame(told, role))
    if told.usable:
        if links is not None:
            _lines(comparison.links(), links)
        if summary is not None:
            _lines([comparison.agreement()], summary)
        if plot is not None:
            _picture(comparison, plot)
        if not told.quiet:
            for note in comparison.notes:
                click.echo(f"geomap: note: {note}", err=True)
        page = {"lang": ui, "links": not no_links, "basemap": basemap, "color_by": color_by}
        _write(comparison, output, format_, page, told)
    told.finish()


def _frame(told: Inputs, role: str) -> pd.DataFrame:
    """All inputs as one table; tables of events are read as columns, which a million rows need."""
    import pandas as pd

    from geomap import formats
    from geomap.errors import InputError

    frames: list[pd.DataFrame] = []
    for path in told.paths:
        try:
            if Path(path).suffix.lower() in _TABLES and told.kind(path) == "events":
                frames.append(formats.read_frame(path, empty=False))
                told.usable += 1
            else:
                frames.append(pd.DataFrame([row for row in told.rows_of(path, keep=True) if wanted(row, role)]))
        except InputError as error:
            told.fail(error)
    frames = [frame for frame in frames if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _write(comparison: Comparison, output: Path | None, format_: str | None, page: dict[str, Any], told: Inputs) -> None:
    output = None if str(output) == "-" else output
    kind = format_ or (output.suffix.lower().lstrip(".") if output else "text")
    if kind == "text":
        click.echo("\n".join(in_words(comparison)))
    elif kind == "jsonl":
        _lines(comparison.assignments(), output)
    elif kind in ("html", "svg", "png", "pdf"):
        from geomap import maps

        drawn = maps.draw(comparison.events.frame, comparison=comparison.to_draw(), places=mentioned(told), **page)
        drawn.save(options.target(output or "-"), close_file=False)
        if not told.quiet:
            click.echo("\n".join(in_words(comparison)), err=True)
    else:
        from geomap import formats

        formats.write(comparison.events.frame, options.target(output or "-"), format=kind, comparison=comparison)


def _picture(comparison: Comparison, output: Path) -> None:
    from geomap.errors import OutputError
    from geomap.files import whole

    if str(output) == "-":
        click.echo(comparison.plot())
        return
    if output.suffix.lower() != ".svg":
        raise OutputError(f"--plot writes an .svg, not {output.name}")
    with whole(output) as temporary:
        temporary.write_text(comparison.plot(), encoding="utf-8", newline="\n")


def _lines(rows: Iterable[Row], output: Path | None) -> None:
    from geomap.files import whole

    if output is None or str(output) == "-":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    with whole(output) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def in_words(comparison: Comparison) -> Iterator[str]:
    """The comparison for a person: incident by incident, pair by pair, and the agreement of the whole."""
    from geomap.comparison import agreement

    incidents = list(comparison.incidents())
    together: dict[str, list[Row]] = {incident["incident_id"]: [] for incident in incidents}
    member = {event: incident["incident_id"] for incident in incidents for event in incident["members"]}
    parts = []
    for link in comparison.links():
        if link["relation"] == "same":
            together[member[link["a"]]].append(link)
        elif link["relation"] == "part_of":
            parts.append(link)
    yield f"{len(comparison.events)} events, {len(incidents)} incidents told more than once"
    for incident in incidents:
        yield ""
        yield _headline(incident)
        if incident["outlier"]:
            yield f"  apart from the others: {incident['outlier_source'] or 'no source'} [{incident['outlier']}]"
        for link in together[incident["incident_id"]]:
            yield from _pair(link)
    if incidents:
        yield ""
        yield from agreement.in_words(comparison.agreement())
    for link in parts:
        yield f"part of? {_who(link, 'a')} / {_who(link, 'b')}: both told by one source apart, by the other together"


def _headline(incident: Row) -> str:
    days = incident["date_earliest"] or "day unknown"
    if incident["date_latest"] != incident["date_earliest"]:
        days += f" to {incident['date_latest'] or 'unknown'}"
    if incident["lat"] is None:
        where = "place unknown"
    else:
        where = f"near {incident['lat']:.3f}, {incident['lon']:.3f} (90 %: within {incident['uncertainty_m'] / 1000:.0f} km)"
    return f"{incident['incident_id']}  {days}, {where}: the accounts {incident['verdict_text']}"


def _pair(link: Row) -> Iterator[str]:
    far = "distance unknown" if link["distance_m"] is None else f"{link['distance_m'] / 1000:.1f} km apart"
    bits = ", ".join(f"{name} {value:+.1f}" for name, value in link["by_field"].items() if value)
    yield f"  {_who(link, 'a')} / {_who(link, 'b')}: {far}, {link['verdict']}; same strike {link['chance']:.0%} ({bits})"
    for cause in link["causes"]:
        yield f"    likely: {cause}"


def _who(link: Row, end: str) -> str:
    return f"{link[end + '_source'] or 'no source'} [{link[end]}]"
