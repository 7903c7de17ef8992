"""geomap georeference: the computation alone, from anchor coordinates; no text is read and no gazetteer opened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from geomap.cli.lines import Lines
from geomap.errors import InputError

if TYPE_CHECKING:
    from geomap.georeferencing.claims import Claim

TOGETHER = 4096  # cases are computed so many at a time: vectorised, and memory does not grow with the file


@click.command()
@click.option("--batch", "source", required=True, metavar="IN.jsonl", help="JSON lines, a case a line; - is standard input.")
@click.option("-o", "--output", metavar="FILE", help="Where the answers go; standard output if not given.")
@click.option("--profile", type=click.Choice(["darwincore"]), help="Answer in Darwin Core terms.")
def georeference(source: str, output: str | None, profile: str | None) -> None:
    """Compute points, uncertainty radii and regions from anchor coordinates, a line a case.

    \b
    echo '{"id": "strike-1", "type": "heading", "lat": 31.2089, "lon": 16.5887, "distance": 160, "unit": "km", "heading": "SE", "extent_m": 5000}' | geomap georeference --batch -

    \b
    type: heading, distance_only, orthogonal (ns, nsdir, ew, ewdir), path, named_place, coordinates
    unit: km, mi, nmi, m; heading: one of the 32 winds, or bearing_deg
    distance_precision: the step it was rounded to, in that unit; read from the number if absent
    extent_m, measurement_error_m, coordinate_precision (degrees), datum ("unknown"): what adds doubt
    points: [[lat, lon], ...], each answered in contains: does the footprint hold it?
    """
    from geomap.georeferencing import compute, darwincore
    from geomap.georeferencing.batch import answer, claim_of

    lines = Lines(source)

    def claims() -> Iterator[tuple[dict[str, Any], Claim]]:
        for number, row in lines:
            try:
                yield row, claim_of(row)
            except InputError as error:
                lines.fail(number, error)

    def answers() -> Iterator[str]:
        every = claims()
        while some := list(islice(every, TOGETHER)):
            located = compute([claim for _, claim in some], regions=profile is None)
            for (row, _), found in zip(some, located, strict=True):
                told = answer(row, found) if profile is None else {"id": row.get("id"), **darwincore.terms(
                    found.lon, found.lat, found.uncertainty_m, found.footprint, remarks=found.remarks
                )}  # fmt: skip
                yield json.dumps(told, ensure_ascii=False)

    lines.write(answers(), output)
