"""geomap georeference: the computation alone, from anchor coordinates; no text is read and no gazetteer opened."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from geomap.errors import InputError
from geomap.files import whole


@click.command()
@click.option(
    "--batch", "source", required=True, type=click.File(encoding="utf-8"), help="JSON lines, a case a line; - is stdin."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where the answers go; stdout without it.")
@click.option("--profile", type=click.Choice(["darwincore"]), help="Answer in Darwin Core terms.")
@click.pass_context
def georeference(ctx: click.Context, source: Any, output: Path | None, profile: str | None) -> None:
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

    lines, claims, failed = [], [], 0
    for number, text in enumerate(source, 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
            if not isinstance(line, dict):
                raise InputError("not a JSON object")
            claims.append(claim_of(line))
            lines.append(line)
        except ValueError as error:  # JSON and our own
            click.echo(f"geomap: {source.name}:{number}: {error}", err=True)
            failed += 1
    located = compute(claims, regions=profile is None)
    if profile is None:
        answers = [answer(line, found) for line, found in zip(lines, located, strict=True)]
    else:
        answers = [
            {"id": line.get("id"), **darwincore.terms(one.lon, one.lat, one.uncertainty_m, one.footprint, remarks=one.remarks)}
            for line, one in zip(lines, located, strict=True)
        ]
    _write((json.dumps(one, ensure_ascii=False) for one in answers), output)
    if failed:
        ctx.exit(3 if answers else 1)


def _write(lines: Any, output: Path | None) -> None:
    if output is None or str(output) == "-":
        sys.stdout.writelines(line + "\n" for line in lines)
        return
    with whole(output) as path, path.open("w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
