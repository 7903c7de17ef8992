"""`geomap gazetteer`: look names up, see what is loaded, build, add sources, take wrong names away."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.cli.lines import Lines
from geomap.cli.progress import bar
from geomap.errors import GazetteerError, UsageError

if TYPE_CHECKING:
    from geomap.gazetteer import Layers, Lookup
    from geomap.model import Candidate, Place

_KM = 1000.0


@click.group()
def gazetteer() -> None:
    """The index of places: find names in it, see what it holds, add places of your own.

    \b
    geomap gazetteer find سرت
    geomap gazetteer add geonames LY.zip
    """


@gazetteer.command()
@click.argument("name", required=False)
@click.option("--country", "countries", multiple=True, metavar="CC", help="Country to look in first (ISO alpha-2); repeatable.")
@click.option("--near", metavar="LAT,LON|NAME", help="Nearest first, with the distance.")
@click.option("--kind", help="What a cue word would say: city, district, airbase, camp, wadi, ...")
@click.option("-n", "--limit", type=click.IntRange(1), default=10, show_default=True, help="How many to show.")
@click.option("--exact", is_flag=True, help="Only as written (or but for the article), nothing alike.")
@click.option("--map", "map_", type=click.Path(path_type=Path), metavar="FILE.html", help="Draw them on a map.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line, for scripts.")
@click.option("--batch", metavar="IN.jsonl", help='Names from a file: {"id", "name", "country"?} a line; - is standard input.')
@click.option("-o", "--out", default="-", help="Where the answers of --batch go; - is standard output.")
@click.option(
    "--gazetteer", "extra", multiple=True, type=click.Path(path_type=Path), help="CSV file with places of your own; repeatable."
)
def find(
    name: str | None, countries: tuple[str, ...], near: str | None, kind: str | None, limit: int, exact: bool, map_: Path | None, as_json: bool,
    batch: str | None, out: str, extra: tuple[Path, ...],
) -> None:  # fmt: skip
    """Places that may bear a name, best first, with the step that found them and why they stand where they stand.

    \b
    geomap gazetteer find Jufra --country LY --kind airbase
    geomap gazetteer find طرابلس --map tripoli.html
    geomap gazetteer find --batch names.jsonl -o found.jsonl
    """
    from geomap.gazetteer import open_gazetteer
    from geomap.gazetteer.features import KINDS

    if (name is None) == (batch is None):
        raise UsageError("give one name, for example: geomap gazetteer find Sirte, or --batch IN.jsonl")
    if kind is not None and kind not in KINDS:
        raise UsageError(f"no kind {kind!r}; known: {', '.join(KINDS)}")
    with bar() as progress:
        places = open_gazetteer(extra=extra, progress=progress)
    wanted = tuple(code.upper() for code in countries)
    if batch is not None:
        _answer(batch, out, places, wanted, kind, limit, not exact)
        return
    assert name is not None
    found = list(places.find(name, countries=wanted, kind=kind, fuzzy=not exact, limit=200 if near else limit))
    away = _nearest(found, _point(near, places), limit) if near else {}
    if as_json:
        for one in found:
            click.echo(
                json.dumps(
                    _row(one) | {"reasons": [(reason.text, round(reason.bits, 1)) for reason in one.reasons]}, ensure_ascii=False
                )
            )
    elif not found:
        click.echo(f"geomap: no place called {name!r} is known; add it in a CSV file (geomap gazetteer add csv my.csv)", err=True)
    else:
        _table(name, found, away)
    if map_ is not None:
        _draw(name, found, map_)


@gazetteer.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.option("--countries", "by_country", is_flag=True, help="Also the places of each country and the names of each language.")
def info(as_json: bool, by_country: bool) -> None:
    """What the gazetteer holds: version, sources, licences, counts.

    \b
    geomap gazetteer info --countries
    """
    from geomap.gazetteer import open_gazetteer
    from geomap.gazetteer.contents import contents

    with bar() as progress:
        opened = open_gazetteer(progress=progress)
    told = [contents(layer.path, by_country=by_country) for layer in getattr(opened, "layers", (opened,))]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for layer in told:
        click.echo(
            f"{layer['path']}\nversion {layer['version']}: {layer['places']:,} places, {layer['names']:,} names, {layer['shapes']:,} shapes"
        )
        _print(
            ["source", "version", "places", "merged", "names", "licence"],
            [
                [s["id"], s["version"], f"{s['places']:,}", f"{s['merged']:,}", f"{s['names']:,}", s["licence"]]
                for s in layer["sources"]
            ],
        )
        for source in layer["sources"]:
            for why, count in source["skipped"].items():
                click.echo(f"  {source['id']}: left out {count:,}: {why}")
        if by_country:
            _print(["country", "places"], [[code, f"{count:,}"] for code, count in layer["countries"].items()])
            _print(["language of names", "names"], [[code, f"{count:,}"] for code, count in layer["languages"].items()])
        click.echo("Please credit: " + "; ".join(dict.fromkeys(source["attribution"] for source in layer["sources"])))


@gazetteer.command()
@click.option("--again", is_flag=True, help="Even if it is built already.")
def build(again: bool) -> None:
    """Build the gazetteer now, not at the first question. The old one serves until the new one stands.

    \b
    geomap gazetteer build
    """
    from geomap.gazetteer import Lookup
    from geomap.gazetteer.build import built
    from geomap.gazetteer.inputs import cache_folder, default_inputs

    for inputs in default_inputs():
        with bar() as progress:
            folder = built(inputs, cache_folder(), progress, again=again)
        opened = Lookup(folder)
        click.echo(f"{opened.path} (version {opened.version})")


@gazetteer.command()
@click.argument("source", metavar="SOURCE")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--country",
    "countries",
    multiple=True,
    metavar="CC",
    help="Only places of this country; for files that name none, their country.",
)
def add(source: str, files: tuple[Path, ...], countries: tuple[str, ...]) -> None:
    """Add a SOURCE: geonames, wof, osm, boundaries or csv. Its rows are merged with what is there, and the merging is told.

    \b
    geomap gazetteer add geonames LY.zip alternateNamesV2.zip --country LY
    geomap gazetteer add wof LY.places.tsv.gz LY.names.tsv.gz LY.polygons.geojsonl.gz
    geomap gazetteer add boundaries geoBoundaries-LBY-ADM1.geojson
    geomap gazetteer add my-places.csv
    """
    if source.endswith(".csv"):  # a table of one's own needs no other word
        source, files = "csv", (Path(source), *files)
    if not files:
        raise UsageError("which files? for example: geomap gazetteer add geonames LY.zip")
    from geomap.gazetteer import open_gazetteer
    from geomap.gazetteer.contents import merges
    from geomap.gazetteer.imports import add as keep

    with _counter() as progress:
        kept, count, skipped = keep(source, files, countries=countries, progress=progress)
    click.echo(f"{kept.id}: {count:,} rows read")
    for why, number in skipped.most_common():
        click.echo(f"  left out {number:,}: {why}")
    try:
        with bar() as built:
            opened = open_gazetteer(progress=built)
    except GazetteerError:
        kept.path.unlink()  # what cannot be built in shall not stand in the way of every later question
        raise
    for layer in getattr(opened, "layers", (opened,)):
        told = merges(layer.path, kept.origin.id)
        if told is not None:
            click.echo(
                f"  {told['places']:,} new places, {told['merged']:,} merged with places that were there, {told['names']:,} names"
            )
            for entry, place, why in told["examples"]:
                click.echo(f"    {entry} is {place}: {why}")
            for why, number in told["skipped"].items():
                click.echo(f"  left out {number:,}: {why}")


@gazetteer.command()
@click.argument("what", metavar="NAME|ID|SOURCE")
@click.option("--country", metavar="CC", help="The name only in this country.")
@click.option("--place", "identifier", metavar="ID", help="The name only of this place.")
@click.option("--reason", default="", help="Why, for whoever reads your remove.csv.")
def remove(what: str, country: str | None, identifier: str | None, reason: str) -> None:
    """Take a wrong name away, a place (by its id), or a source that was added.

    \b
    geomap gazetteer remove الجفرة --place wof:85673605 --reason "Jifarah is not Jufra"
    geomap gazetteer remove geonames-ly
    """
    from geomap.gazetteer.imports import forget, take_away

    gone = forget(what)
    if gone is not None:
        click.echo(f"{gone.id} is no longer part of the gazetteer")
        return
    is_id = ":" in what and " " not in what
    path = take_away(None if is_id else what, what if is_id else identifier, country.upper() if country else None, reason)
    click.echo(f"written to {path}; it takes effect at the next question")


# -- showing ----------------------------------------------------------------------------------------------------------


def _row(one: Candidate) -> dict[str, Any]:
    place = one.place
    return {
        "place_id": place.id, "name": place.name, "lat": place.lat, "lon": place.lon, "country": place.country, "admin1": place.admin1,
        "feature_code": place.feature_code, "population": place.population, "radial_m": round(place.radial_m), "match": one.match,
        "score": round(one.score, 4), "source": place.source,
    }  # fmt: skip


def _table(name: str, found: Sequence[Candidate], away: dict[str, float]) -> None:
    header = ["place", "id", "country", "division", "what", "people", "lat, lon", "radius km", "match", "score"] + (
        ["km away"] if away else []
    )
    rows = []
    for one in found:
        place = one.place
        rows.append(
            [
                place.name, place.id, "/".join(place.countries), place.admin1 or "", place.feature_code,
                f"{place.population:,}" if place.population else "", f"{place.lat:.4f}, {place.lon:.4f}", f"{place.radial_m / _KM:.1f}",
                one.match, f"{one.score:.2f}", *([f"{away[place.id] / _KM:.0f}"] if away else []),
            ]
        )  # fmt: skip
    _print(header, rows, title=name)
    click.echo("first because: " + "; ".join(reason.text for reason in found[0].reasons))


def _print(header: list[str], rows: list[list[str]], title: str | None = None) -> None:
    """A table on a terminal, tab-separated lines in a pipe."""
    if not sys.stdout.isatty():
        for row in [header, *rows]:
            click.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*header, title=title)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _draw(name: str, found: Sequence[Candidate], path: Path) -> None:
    from geomap import maps

    shown = [
        {"name": one.place.name, "lat": one.place.lat, "lon": one.place.lon, "kind": one.place.feature_code} for one in found
    ]
    maps.draw([], places=shown, title=name).save(path)
    click.echo(f"drawn: {path}", err=True)


# -- near -------------------------------------------------------------------------------------------------------------


def _point(near: str, places: Lookup | Layers) -> tuple[float, float]:
    """lon, lat of "31.2,16.6" or of a name."""
    parts = near.split(",")
    if len(parts) == 2:
        try:
            lat, lon = (float(part) for part in parts)
        except ValueError:
            pass
        else:
            if not (-90 <= lat <= 90 and -180 <= lon <= 180):
                raise UsageError(f"--near {near}: latitude first, then longitude, in degrees")
            return lon, lat
    found = places.find(near, limit=1)
    if not found:
        raise UsageError(f"--near: no place called {near!r} is known; give LAT,LON")
    return found[0].place.lon, found[0].place.lat


def _nearest(found: list[Candidate], point: tuple[float, float], limit: int) -> dict[str, float]:
    """Put the nearest first and keep ``limit``; metres by place id."""
    from geomap import geodesy

    def metres(place: Place) -> float:
        return float(geodesy.inverse(*point, place.lon, place.lat)[0])

    away = {one.place.id: metres(one.place) for one in found}
    found.sort(key=lambda one: away[one.place.id])
    del found[limit:]
    return away


def _answer(
    batch: str, out: str, places: Lookup | Layers, countries: tuple[str, ...], kind: str | None, limit: int, fuzzy: bool
) -> None:
    """One line of answers for each line of names."""

    def answer(asked: dict[str, Any]) -> str:
        hints = (str(asked["country"]).upper(),) if asked.get("country") else countries
        found = places.find(asked["name"], countries=hints, kind=asked.get("kind", kind), fuzzy=fuzzy, limit=limit)
        return json.dumps({"id": asked["id"], "candidates": [_row(one) for one in found]}, ensure_ascii=False)

    lines = Lines(batch, {"id": object, "name": str})
    lines.write((answer(asked) for _, asked in lines), out)


@contextmanager
def _counter() -> Iterator[Callable[[int], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading") as status:
        yield lambda count: status.update(f"reading: {count:,} rows")
