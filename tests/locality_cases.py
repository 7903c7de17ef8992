"""Location phrases as a person would note them: one line for one locality, and a small gazetteer to read them with."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geomap.folding import fold
from geomap.model import Distance, Locality, Offset

CASES = Path(__file__).parent / "cases"
_WORDS = {"approx": "about ", "at_least": "at least ", "less_than": "less than ", "few": "few ", "range": "", None: ""}


@dataclass(frozen=True)
class Info:
    """What the small gazetteer says of a name."""

    feature_classes: str
    population: int = 50_000
    preferred: bool = True
    curated: bool = True


class SmallNames:
    """Names for scanning, from two lists: towns and areas."""

    def __init__(self, towns: list[str], areas: list[str]) -> None:
        self.names = {fold(name): Info("P") for name in towns} | {fold(name): Info("AC") for name in areas}
        self.openings = {key.rsplit(" ", count)[0] for key in self.names for count in range(1, key.count(" ") + 1)}

    def get(self, key: str) -> Info | None:
        return self.names.get(key)

    def begins(self, key: str) -> bool:
        return key in self.openings


def read(name: str) -> dict[str, Any]:
    """A file of cases."""
    return tomllib.loads((CASES / name).read_text(encoding="utf-8"))


def in_words(locality: Locality) -> str:
    """A locality as the cases note it: "FOH: about 160 km SE of Sirte"."""
    gloss = "gloss " if locality.gloss else ""
    part = f" {locality.part}" if locality.part else ""
    if locality.point:
        return f"coordinates: {locality.point[1]:g} {locality.point[0]:g}"
    legs = [_leg(offset) for offset in locality.offsets]
    anchors = [anchor.name for anchor in locality.anchors]
    if len(legs) == len(anchors) > 0:
        said = " + ".join(f"{leg} of {anchor}" for leg, anchor in zip(legs, anchors, strict=True))
    else:
        said = " + ".join(legs) + (" of " if legs else "") + " + ".join(anchors)
    hedge = "about " if not legs and locality.modifier == "approx" else ""
    doubt = " (contradiction)" if locality.notes else ""
    return f"{gloss}{locality.type}{part}: {hedge}{said}{doubt}"


def _leg(offset: Offset) -> str:
    heading = offset.wind or (f"{offset.bearing_deg:g}°" if offset.bearing_deg is not None else "")
    return " ".join(filter(None, (_distance(offset.distance) if offset.distance else "", heading)))


def _distance(distance: Distance) -> str:
    hedge = _WORDS[distance.modifier]
    if distance.modifier == "few":
        return f"few {distance.unit}"
    ends = f"{distance.min:g}" if distance.min == distance.max else f"{distance.min:g}-{distance.max:g}"
    return f"{hedge}{ends} {distance.unit}"
