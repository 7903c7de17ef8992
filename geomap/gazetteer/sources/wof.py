"""Who's On First: extracts as XX.places.tsv.gz, XX.names.tsv.gz and XX.polygons.geojsonl.gz, and its GeoJSON records."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geomap.errors import GazetteerError
from geomap.gazetteer.records import Entry, Origin
from geomap.gazetteer.sources import shapes
from geomap.gazetteer.sources.geonames import addition
from geomap.gazetteer.sources.geonamescache import script_of
from geomap.model import Name

_CODES = {
    "country": "PCLI", "dependency": "TERR", "region": "ADM1", "macroregion": "ADM1", "county": "ADM2", "macrocounty": "ADM2", "localadmin": "ADM3",
    "locality": "PPL", "neighbourhood": "PPLX", "borough": "PPLX", "microhood": "PPLX", "macrohood": "PPLX", "campus": "AIRP",
}  # fmt: skip
_LANGUAGES = {
    "ara": "ar", "eng": "en", "fra": "fr", "ukr": "uk", "rus": "ru", "heb": "he", "fas": "fa", "urd": "ur", "kur": "ku", "pus": "ps", "som": "so",
    "deu": "de", "spa": "es", "por": "pt", "ita": "it", "tur": "tr", "mya": "my", "amh": "am", "hau": "ha",
}  # fmt: skip
_KEPT = ("preferred", "variant", "colloquial", "historical", "official")


class WhosOnFirst:
    """Places, names and shapes; rows that are retired stay findable by their old names, ranked low."""

    def __init__(self, paths: list[Path], skipped: Counter[str], *, countries: tuple[str, ...] = ()) -> None:
        self.paths, self.skipped, self.countries = paths, skipped, frozenset(countries)
        self.origin = Origin(
            "wof-" + "-".join(dict.fromkeys(path.name.split(".")[0].lower() for path in paths)), "Who's On First", "Who's On First licence (CC BY sources)",
            "https://whosonfirst.org/docs/licenses/", "Who's On First, whosonfirst.org",
        )  # fmt: skip

    def entries(self) -> Iterator[Entry]:
        """Places with their names, then shapes."""
        names = {path.name.split(".")[0]: path for path in self.paths if ".names.tsv" in path.name}
        for path in self.paths:
            if ".places.tsv" in path.name:
                yield from self._places(path, names.pop(path.name.split(".")[0], None))
        for path in names.values():
            yield from self._names(path)
        for path in self.paths:
            if ".tsv" not in path.name:
                for feature in shapes.features(path):
                    yield from self._feature(feature)

    def _places(self, path: Path, names: Path | None) -> Iterator[Entry]:
        told = _grouped(names) if names else {}
        for row in _rows(path, ("wof_id", "placetype", "name", "lat", "lon")):
            code = row.get("gn_fcode") or _CODES.get(row["placetype"], "")
            if not code or not row["name"] or (self.countries and row["country"] not in self.countries):
                self.skipped["of a kind, or without a name, that no report would use"] += 1
                continue
            try:
                lon, lat = float(row["lon"]), float(row["lat"])
            except ValueError:
                self.skipped["no coordinates"] += 1
                continue
            if not (-180 <= lon <= 180 and -90 <= lat <= 90) or (lon, lat) == (0, 0):
                self.skipped["coordinates out of range"] += 1
                continue
            yield Entry(
                id=f"wof:{row['wof_id']}", name=row["name"], feature_code=code, lon=lon, lat=lat, countries=(row["country"],) if row["country"] else (),
                population=int(float(row["population"])) or None if row.get("population") else None, names=told.pop(row["wof_id"], []),
                also=tuple(f"{prefix}:{row[column]}" for prefix, column in (("gn", "gn_id"), ("wd", "wd_id")) if row.get(column)),
                relations=tuple(("located_in", f"wof:{row[column]}") for column in ("county_id", "region_id") if row.get(column))[:1],
                retired=bool(row.get("deprecated") or row.get("superseded_by")),
            )  # fmt: skip

    def _names(self, path: Path) -> Iterator[Entry]:
        for identifier, names in _grouped(path).items():
            yield addition(f"wof:{identifier}", names=names)

    def _feature(self, feature: dict[str, Any]) -> Iterator[Entry]:
        """A shape of an extract, or a whole record as Who's On First keeps them."""
        told: dict[str, Any] = feature.get("properties") or {}
        measured = shapes.measured(feature["geometry"]) if feature.get("geometry") else None
        identifier = told.get("wof_id") or told.get("wof:id")
        if identifier is None:
            raise GazetteerError("a feature has no wof_id or wof:id: is it from Who's On First?")
        if "wof:placetype" not in told:
            if measured is None:
                self.skipped["shapes that cannot be measured"] += 1
            else:
                yield addition(f"wof:{identifier}", footprint=measured[3], radial_m=measured[2])
            return
        yield from self._record(identifier, told, measured)

    def _record(
        self, identifier: int, told: dict[str, Any], measured: tuple[float, float, float, bytes] | None
    ) -> Iterator[Entry]:
        code, same = _CODES.get(told["wof:placetype"], ""), told.get("wof:concordances") or {}
        lat, lon = told.get("lbl:latitude", told.get("geom:latitude")), told.get("lbl:longitude", told.get("geom:longitude"))
        if not code or lat is None or lon is None or not told.get("wof:name"):
            self.skipped["of a kind, or without a name, that no report would use"] += 1
            return
        names = [
            Name(name, _LANGUAGES[parts[0]], parts[-1])
            for key, values in sorted(told.items())
            if key.startswith("name:") and (parts := key[5:].split("_x_"))[0] in _LANGUAGES and parts[-1] in _KEPT
            for name in values
        ]
        yield Entry(
            id=f"wof:{identifier}", name=told["wof:name"], feature_code=same.get("gn:fcode") or code, lon=lon, lat=lat,
            countries=(told["wof:country"],) if told.get("wof:country") else (), population=told.get("wof:population"), names=names,
            also=tuple(f"{prefix}:{same[key]}" for prefix, key in (("gn", "gn:id"), ("wd", "wd:id")) if same.get(key)),
            footprint=measured[3] if measured else None, radial_m=measured[2] if measured else None, retired=bool(told.get("edtf:deprecated")),
        )  # fmt: skip


def _grouped(path: Path) -> dict[str, list[Name]]:
    """Names by place: one country's, a few megabytes."""
    found: dict[str, list[Name]] = {}
    for row in _rows(path, ("wof_id", "lang", "kind", "name")):
        language = _LANGUAGES.get(row["lang"])
        if row["kind"] not in _KEPT or script_of(row["name"]) is None or (language is None and row["kind"] != "preferred"):
            continue
        if language == "en" and len(row["name"]) <= 3 and row["kind"] == "variant":
            continue  # codes
        found.setdefault(row["wof_id"], []).append(
            Name(row["name"], language or row["lang"], row["kind"] if language in ("ar", "en", "fr") else "variant")
        )
    return found


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[dict[str, str]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            missing = [column for column in needed if column not in (reader.fieldnames or ())]
            if missing:
                raise GazetteerError(f"{path} has no column {', '.join(missing)}; is it an extract of Who's On First?")
            yield from reader
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise GazetteerError(f"cannot read {path}: {error}; is it cut off?") from error
