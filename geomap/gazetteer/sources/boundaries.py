"""Shapes of divisions: geoBoundaries, and COD-AB (OCHA's administrative boundaries) with their p-codes, as GeoJSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geomap.errors import GazetteerError
from geomap.gazetteer.records import Entry, Origin
from geomap.gazetteer.sources import shapes
from geomap.model import Name

_LEVEL = re.compile(r"^ADM(\d)_(?:PCODE|EN|AR|FR)$|^adm(\d)_(?:pcode|name.*)$")


class Boundaries:
    """Divisions with their shape; one that the gazetteer knows gains it, another becomes a place."""

    def __init__(self, paths: list[Path], skipped: Counter[str], *, countries: tuple[str, ...] = ()) -> None:
        self.paths, self.skipped, self.countries = paths, skipped, countries
        self.origin = Origin(
            "boundaries-" + "-".join(path.name.split(".")[0].lower() for path in paths), f"Boundaries ({', '.join(p.name for p in paths)})",
            "see the file's source (geoBoundaries: CC BY 4.0; COD-AB: CC BY-IGO)", "https://www.geoboundaries.org/", "Boundaries: geoBoundaries or OCHA COD-AB",
        )  # fmt: skip

    def entries(self) -> Iterator[Entry]:
        """Divisions in the files' order."""
        for path in self.paths:
            for feature in shapes.features(path):
                told = feature.get("properties") or {}
                row = _geoboundaries(told) if "shapeName" in told else _cod(told)
                if row is None:
                    raise GazetteerError(
                        f"{path} has neither shapeName (geoBoundaries) nor ADM1_EN, ADM1_PCODE (COD-AB): found {', '.join(list(told)[:6])}"
                    )
                measured = shapes.measured(feature["geometry"]) if feature.get("geometry") else None
                if measured is None or not row["name"]:
                    self.skipped["no shape, no name, or coordinates out of range"] += 1
                    continue
                lon, lat, radius, wkb = measured
                country = row["country"] or (self.countries[0] if self.countries else None)
                yield Entry(
                    id=row["id"], name=row["name"], feature_code=row["code"], lon=lon, lat=lat, countries=(country,) if country else (),
                    radial_m=radius, names=row["names"], also=row["also"], footprint=wkb,
                )  # fmt: skip


def _geoboundaries(told: dict[str, Any]) -> dict[str, Any] | None:
    import pycountry

    level, found = str(told.get("shapeType", "ADM1")), pycountry.countries.get(alpha_3=told.get("shapeGroup") or "")
    iso = told.get("shapeISO") or ""
    return {
        "id": f"gb:{told.get('shapeID') or told['shapeName']}", "name": told["shapeName"], "code": "PCLI" if level == "ADM0" else level,
        "country": found.alpha_2 if found else None, "names": [], "also": (f"iso:{iso}",) if "-" in iso else (),
    }  # fmt: skip


def _cod(told: dict[str, Any]) -> dict[str, Any] | None:
    """The deepest level that the row names is the one it draws."""
    levels = [int(match[1] or match[2]) for key, value in told.items() if value and (match := _LEVEL.match(key))]
    if not levels:
        return None
    level = max(levels)

    def cell(*suffixes: str) -> str:
        for suffix in suffixes:
            for key in (
                f"ADM{level}_{suffix}",
                f"adm{level}_{suffix.lower()}",
                f"adm{level}_name" + ("" if suffix == "EN" else "1"),
            ):
                if told.get(key):
                    return str(told[key])
        return ""

    code, english = cell("PCODE"), cell("EN", "FR", "AR")
    names = [Name(told[key], tag, "preferred") for tag in ("ar", "en", "fr") if told.get(key := f"ADM{level}_{tag.upper()}")]
    return {
        "id": f"pcode:{code or english}", "name": english, "code": "PCLI" if level == 0 else f"ADM{level}", "names": names, "also": (),
        "country": (told.get("ADM0_PCODE") or told.get("adm0_pcode") or code)[:2].upper() or None,
    }  # fmt: skip
