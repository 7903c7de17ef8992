"""Where a phrase points to, and how far that may be wrong: point, radius, footprint and plausible region of a locality.

>>> from geomap.model import Distance, Locality, Offset, Place, Resolution, Span, Toponym
>>> sirte = Toponym(Span(20, 25), "Sirte")
>>> offset = Offset(Span(0, 16), Distance(Span(0, 6), 160, 160, "km", "160"), 135.0, "SE")
>>> phrase = Locality(Span(0, 25), "FOH", (sirte,), (offset,))
>>> place = Place("gn:2210554", "Sirte", "PPLA", 16.5887, 31.2089, 5000.0, "LY")
>>> where = locate(phrase, [Resolution(sirte, place)])
>>> round(where.lat, 3), round(where.lon, 3), round(where.uncertainty_m)
(30.183, 17.763, 66222)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geomap.georeferencing.claims import Claim, claim, meant
from geomap.georeferencing.constraints import narrow, opened
from geomap.georeferencing.shapes import Located, compute
from geomap.georeferencing.standing import around, stand_in
from geomap.model import Georeference, Locality, Place, Resolution

__all__ = ["Claim", "Located", "around", "claim", "compute", "locate", "locate_many", "stand_in"]


def locate(
    locality: Locality,
    resolutions: Sequence[Resolution],
    *,
    within: Sequence[Place] = (),
    land: Any = None,
    named: Place | None = None,
    regions: bool = True,
) -> Georeference:
    """One phrase, a batch of one; ``resolutions`` are those of its anchors (more do no harm).

    Explicit choices, each told in the remarks: ``within`` are countries or districts that the text names for the spot,
    ``land`` a geometry to clip to (or off, for an offshore phrase), ``named`` a place that the text gives for the same spot
    and that the offset is checked against.
    """
    return locate_many([locality], [resolutions], within=[within], land=land, named=[named], regions=regions)[0]


def locate_many(
    localities: Sequence[Locality],
    resolutions: Sequence[Sequence[Resolution]],
    *,
    within: Sequence[Sequence[Place]] | None = None,
    land: Any = None,
    named: Sequence[Place | None] | None = None,
    footprints: bool = True,
    regions: bool = True,
    bounds: bool = True,
) -> list[Georeference]:
    """A table of phrases in one calculation, each with what ``locate`` takes.

    ``regions=False`` leaves the plausible ones out; ``footprints=False`` what is only drawn, so that points and radii
    stay, and the outlines that these follow from; ``bounds=False`` what areas named around a place take from its footprint
    and no point follows from.
    A phrase whose place is unknown comes back with lon and lat None and a remark, never with an invented point.
    """
    count = len(localities)
    bounding = within if within is not None else [()] * count
    second = named if named is not None else [None] * count
    chosen = [_of(locality, known) for locality, known in zip(localities, resolutions, strict=True)]
    claims = [
        opened(read, areas)
        if isinstance(read := claim(locality, [meant(r) if r else None for r in mine]), Claim) and areas
        else read
        for locality, mine, areas in zip(localities, chosen, bounding, strict=True)
    ]
    pairs = [(read, areas) for read, areas in zip(claims, bounding, strict=True) if isinstance(read, Claim)]
    needed = [footprints or land is not None or bool(areas) and (bounds or read.type == "FH") for read, areas in pairs]
    found = iter(zip(compute([read for read, _ in pairs], footprints=needed, regions=regions), needed, strict=True))
    out = []
    for locality, mine, read, areas, other in zip(localities, chosen, claims, bounding, second, strict=True):
        if isinstance(read, str):
            out.append(_unlocated(locality, mine, read))
            continue
        where, drawn = next(found)
        if drawn and where.footprint is not None and (areas or land is not None or other is not None):
            narrow(where, areas, land, other)
        out.append(_georeference(locality, mine, where))
    return out


def _of(locality: Locality, resolutions: Sequence[Resolution]) -> tuple[Resolution | None, ...]:
    """The resolution of each anchor, in the locality's order: by toponym, or by position where one was made apart."""
    if len(resolutions) == len(locality.anchors) == 1 and resolutions[0].toponym is locality.anchors[0]:
        return (resolutions[0],)
    known = {r.toponym: r for r in resolutions}
    by_place = [known.get(anchor) for anchor in locality.anchors]
    if None in by_place and len(resolutions) == len(locality.anchors):
        return tuple(resolutions)
    return tuple(by_place)


def _unlocated(locality: Locality, mine: Sequence[Resolution | None], why: str) -> Georeference:
    kept = tuple(r for r in mine if r is not None)
    return Georeference(
        None,
        None,
        None,
        locality_type=locality.type,
        remarks=(why, *locality.notes),
        resolutions=kept,
        locality=locality,
    )


def _georeference(locality: Locality, mine: Sequence[Resolution | None], found: Located) -> Georeference:
    return Georeference(
        found.lon, found.lat, found.uncertainty_m or None,  # never 0: a place without an extent is one whose extent is unknown
        found.footprint, found.plausible, found.plausible_80, found.plausible_50,
        locality_type=locality.type,
        remarks=tuple(dict.fromkeys((*found.remarks, *locality.notes))) if locality.notes else found.remarks,
        resolutions=tuple(r for r in mine if r is not None), locality=locality,
    )  # fmt: skip
