"""Airports and air bases from the package airportsdata."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from geomap.gazetteer.records import Entry, Origin
from geomap.gazetteer.sources.installed import folder, version

_BASE = re.compile(r"\b(?:air ?base|air force base|afb|ab|raf|air station|military|army|naval)\b", re.IGNORECASE)
_STRIP = re.compile(r"\b(?:air ?strip|air ?field|landing)\b", re.IGNORECASE)


def files() -> list[Path]:
    """The files read here."""
    return [folder("airportsdata") / "airports.csv"]


class Airports:
    """Airfields with an ICAO or IATA code; a strip known only by a local number is left to imports."""

    def __init__(self) -> None:
        self.origin = Origin(
            "airportsdata",
            "airportsdata",
            "MIT",
            "https://github.com/mborsetti/airportsdata",
            "Airports from airportsdata",
            version("airportsdata"),
        )

    def entries(self) -> Iterator[Entry]:
        """Airports in the file's order."""
        with files()[0].open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                code, name = row["icao"] or row["iata"], row["name"].strip()
                if not name or not code or (row["country"] == "US" and not row["iata"]):
                    continue
                feature = "AIRB" if _BASE.search(name) else "AIRF" if _STRIP.search(name) else "AIRP"
                yield Entry(
                    id=f"icao:{code}",
                    name=name,
                    feature_code=feature,
                    lon=float(row["lon"]),
                    lat=float(row["lat"]),
                    countries=(row["country"],) if row["country"] else (),
                    relations=(("airport_of", row["city"]),) if row["city"] else (),
                )
