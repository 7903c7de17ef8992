"""OpenStreetMap place nodes as GeoJSON (Overpass, ohsome) or CSV. ODbL: they are kept as a layer of their own."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geomap.errors import GazetteerError
from geomap.gazetteer.records import Entry, Origin
from geomap.gazetteer.sources import shapes
from geomap.model import Name

_CODES = {
    "country": "PCLI", "state": "ADM1", "region": "RGN", "province": "ADM1", "district": "ADM2", "county": "ADM2", "city": "PPLA2", "town": "PPL",
    "village": "PPL", "hamlet": "PPL", "isolated_dwelling": "PPL", "suburb": "PPLX", "quarter": "PPLX", "neighbourhood": "PPLX", "borough": "PPLX",
    "locality": "LCTY", "island": "ISL", "islet": "ISL", "sea": "SEA", "farm": "FRM",
}  # fmt: skip
_PEOPLE = {"city": 100_000, "town": 10_000}  # what OSM's own definition of the value says, where no population is given


class OpenStreetMap:
    """Nodes with a place tag."""

    def __init__(self, paths: list[Path], skipped: Counter[str], *, countries: tuple[str, ...] = ()) -> None:
        self.paths, self.skipped, self.countries = paths, skipped, countries
        self.origin = Origin(
            "osm-" + "-".join(path.name.split(".")[0].lower() for path in paths), "OpenStreetMap places", "ODbL 1.0",
            "https://www.openstreetmap.org/copyright", "© OpenStreetMap contributors",
        )  # fmt: skip

    def entries(self) -> Iterator[Entry]:
        """Places in the files' order."""
        for path in self.paths:
            rows = self._table(path) if path.name.endswith(".csv") else self._features(path)
            for identifier, tags, lon, lat in rows:
                entry = self._entry(identifier, tags, lon, lat)
                if entry is not None:
                    yield entry

    def _features(self, path: Path) -> Iterator[tuple[str, dict[str, Any], Any, Any]]:
        for feature in shapes.features(path):
            tags, geometry = feature.get("properties") or {}, feature.get("geometry") or {}
            if geometry.get("type") != "Point":
                self.skipped["no point"] += 1
                continue
            nested = tags.get("tags")
            identifier = str(feature.get("id") or tags.get("@id") or tags.get("osm_id") or tags.get("id") or "")
            yield identifier, nested if isinstance(nested, dict) else tags, *geometry["coordinates"][:2]

    def _table(self, path: Path) -> Iterator[tuple[str, dict[str, Any], Any, Any]]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = {name.lower().lstrip("@"): name for name in reader.fieldnames or ()}
            if not {"lat", "lon", "name", "place"} <= set(columns):
                raise GazetteerError(
                    f"{path} needs the columns lat, lon, name and place; found {', '.join(reader.fieldnames or ())}"
                )
            for row in reader:
                tags = {key: row[name] for key, name in columns.items() if row[name]}
                yield tags.get("id", ""), tags, tags.get("lon"), tags.get("lat")

    def _entry(self, identifier: str, tags: dict[str, Any], lon: Any, lat: Any) -> Entry | None:
        code, name = _CODES.get(tags.get("place", "")), tags.get("name") or tags.get("name:en") or tags.get("name:ar")
        if not code or not name:
            self.skipped["no name, or a place value that no report would use"] += 1
            return None
        try:
            x, y = float(lon), float(lat)
        except (TypeError, ValueError):
            self.skipped["no coordinates"] += 1
            return None
        if not (-180 <= x <= 180 and -90 <= y <= 90):
            self.skipped["coordinates out of range"] += 1
            return None
        number = identifier.rsplit("/", 1)[-1] or f"{x:.5f},{y:.5f}"
        people = str(tags.get("population", "")).replace(",", "").replace(" ", "")
        names = [
            Name(value, key[5:], "preferred")
            for key, value in sorted(tags.items())
            if key.startswith("name:") and len(key) in (7, 8) and value
        ]
        names += [
            Name(part.strip(), None, "historical" if key == "old_name" else "variant")
            for key in ("alt_name", "int_name", "old_name", "official_name") for part in str(tags.get(key) or "").split(";") if part.strip()
        ]  # fmt: skip
        country = tags.get("is_in:country_code") or tags.get("ISO3166-1") or tags.get("addr:country")
        return Entry(
            id=f"osm:{number}", name=tags.get("name:en") or name, feature_code=code, lon=x, lat=y,
            countries=(country.upper(),) if country else self.countries[:1], population=int(people) if people.isdigit() else _PEOPLE.get(tags["place"]),
            names=[Name(name), *names], also=(f"wd:{tags['wikidata']}",) if tags.get("wikidata") else (),
        )  # fmt: skip
