"""Let a larger place stand in for a hamlet that nothing knows: what the text names with it says where it is, less finely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from geomap.geodesy import distance, inverse
from geomap.georeferencing import protocol
from geomap.georeferencing.claims import DISTRICT_M, Claim
from geomap.georeferencing.shapes import compute
from geomap.model import Georeference, Locality, Place

_ABROAD_M = 300_000.0  # a namesake that lies farther than this from what is told with it is another place
_OVER_A_BORDER_M = 150_000.0  # ... or than this, where it lies in another land: "the tents (الخيام) in Khan Yunis" are not Lebanon's Khiam
_SURE = 0.85
_NAMED = 0.95  # a town may lie anywhere if it is all but certain that it is meant
_LOST_M = 1_500_000.0
_FAR_M = 1_200_000.0  # what is told of by its heading from a town is in that land
_THAT_WAY = 45.0  # degrees to either side of a heading
_ALONE_M = 600_000.0
_TWICE = 2.0  # a distance may be told as half of what it is
_NEARBY_M = 60_000.0  # a place may lie this far outside of what it is said to belong to: divisions are not round


def stand_in(located: Sequence[Georeference]) -> Iterator[Georeference]:
    """The georeferences, an unknown place ("Tudun Biri, Kaduna State") put where its locality's ``within`` is, with a remark.

    The same where the only place of that name lies far from the town that the text puts it in ("the Mayo neighbourhood of
    Khartoum"). The place itself stays unknown: its resolution comes first and has no place, those of the larger one follow.
    """
    by_locality = {ref.locality: ref for ref in located}
    stood: dict[str, Georeference] = {}  # by the names of the villages
    for ref in located:
        locality = ref.locality
        if locality is not None and locality.anchors and (known := stood.get(locality.anchors[0].name)) is not None and _is_the_other(ref, known):
            ref = replace(known, locality=locality, locality_type=locality.type)  # "in the village of Urman in Sweida ... in Urman": not the one in Russia
        larger = _larger(locality, by_locality)
        if ref.lon is not None and (larger is None or larger.lon is None or not _is_elsewhere(ref, larger)):
            larger = _division_told_of(ref, located)
        if locality is None or larger is None or larger.lon is None:
            yield ref
            continue
        places = [resolution.place for resolution in larger.resolutions if resolution.place]
        if not places or places[0].is_vast or _is_alone(locality, larger, located):
            yield ref
            continue
        stands = replace(
            _about(larger, places[0]) if locality.anchors[0].kind == "village" or _is_a_district(larger) else larger, locality=locality, locality_type=locality.type,
            resolutions=(*(replace(each, place=None) for each in ref.resolutions), *larger.resolutions),
            remarks=(f"{locality.anchors[0].name}: not known; {places[0].name}, named with it, stands in", *larger.remarks),
        )  # fmt: skip
        if locality.anchors[0].kind == "village":
            stood[locality.anchors[0].name] = stands
        yield stands


def _division_told_of(ref: Georeference, located: Sequence[Georeference]) -> Georeference | None:
    """ "In the province of Khost ... in Piri", where only Angola has a Piri: the division told before a town that lies on another side of the earth than all else."""
    own, found = ref.locality, ref.resolutions[0] if ref.resolutions else None
    if own is None or own.type not in ("F", "F-near") or len(own.anchors) != 1 or ref.lon is None or ref.lat is None or found is None or found.place is None:
        return None
    if found.place.feature_code != "PPL" or found.score > _NAMED:  # the seat of a division is known abroad
        return None
    others = [each for each in located if each.lon is not None and each.locality is not None and each.locality.anchors[0].name != own.anchors[0].name]
    if any(distance(each.lon or 0.0, each.lat or 0.0, ref.lon, ref.lat) - (each.uncertainty_m or 0.0) < _LOST_M for each in others):
        return None
    told = (each for each in reversed(others) if each.locality is not None and each.locality.span < own.span and not each.locality.aside)
    return next((each for each in told if _is_sure(each) and _is_division(each)), None)


def _is_division(ref: Georeference) -> bool:
    place = ref.resolutions[0].place
    return place is not None and place.feature_code.startswith("ADM") and not place.is_vast


def _is_the_other(ref: Georeference, known: Georeference) -> bool:
    """Is a bare name far from the village of that name told before?"""
    if ref.locality is None or ref.locality.type != "F" or ref.locality.within is not None or ref.lon is None or ref.lat is None:
        return False
    return distance(known.lon or 0.0, known.lat or 0.0, ref.lon, ref.lat) > _ABROAD_M


def _is_a_district(larger: Georeference) -> bool:
    return larger.locality is not None and larger.locality.anchors[0].kind in ("district", "governorate")


def _about(larger: Georeference, town: Place) -> Georeference:
    """Where a village of a town is: somewhere in the district that is called after it."""
    if larger.locality_type != "F" or not town.feature_code.startswith("PPL") or (larger.uncertainty_m or 0.0) >= DISTRICT_M:
        return larger
    (found,) = compute([Claim("F", town.lon, town.lat, slack_m=DISTRICT_M, extent_m=DISTRICT_M)])
    return replace(
        larger, uncertainty_m=found.uncertainty_m, footprint=found.footprint, plausible=found.plausible,
        plausible_80=found.plausible_80, plausible_50=found.plausible_50,
    )  # fmt: skip


def _is_alone(locality: Locality, larger: Georeference, located: Sequence[Georeference]) -> bool:
    """Is the larger only a part of the name ("جبل تيندا"), and a namesake far from every other place that the report tells of?"""
    part = larger.locality
    if part is None or not (locality.span.start <= part.span.start and part.span.end <= locality.span.end) or larger.lon is None or larger.lat is None:
        return False
    others = [each for each in located if each.lon is not None and each.lat is not None and each.locality not in (locality, part)]
    metres = [distance(larger.lon, larger.lat, each.lon or 0.0, each.lat or 0.0) - (each.uncertainty_m or 0.0) for each in others]
    return bool(metres) and min(metres) > _ALONE_M


def _larger(locality: Locality | None, by_locality: Mapping[Locality | None, Georeference]) -> Georeference | None:
    """The nearest that holds a locality and has a place, unless that is itself a namesake of what the text means."""
    holders = [by for each in around(locality) if (by := by_locality.get(each)) and by.lon is not None]
    return next((by for index, by in enumerate(holders) if index + 1 == len(holders) or not _is_elsewhere(by, holders[index + 1])), None)


def around(locality: Locality | None) -> Iterator[Locality]:
    """What a locality lies within, what that lies within, and so on."""
    while locality is not None and (locality := locality.within) is not None:
        yield locality


def _is_elsewhere(ref: Georeference, larger: Georeference) -> bool:
    """Was a place found far outside of what its own words say it belongs to, or on another side of the earth than what is told with it?

    A village of a name that no gazetteer has belongs to what is told with it.
    """
    if ref.locality is None or ref.lon is None or ref.lat is None or larger.lon is None or larger.lat is None:
        return False
    own = ref.locality.anchors[0]
    owned = own.parent is not None or (own.kind == "village" and not own.known)
    if not owned and (len(ref.locality.anchors) > 1 or ref.locality.offsets or not _is_sure(larger)):
        return False
    if larger.locality is not None and larger.locality.type == "FH" and _lies_that_way(ref, larger):
        return False  # "Ubari (south of Tripoli)": how far, nobody says
    metres = distance(larger.lon, larger.lat, ref.lon, ref.lat)
    apart = _NEARBY_M if owned else _OVER_A_BORDER_M if _in_another_land(ref, larger) else _ABROAD_M
    return _is_farther_than_said(ref, larger) or metres > 1.5 * (larger.uncertainty_m or 0.0) + apart


def _in_another_land(ref: Georeference, larger: Georeference) -> bool:
    lands = [{each.place.country for each in one.resolutions if each.place is not None and each.place.country} for one in (ref, larger)]
    return all(lands) and lands[0].isdisjoint(lands[1])


def _is_farther_than_said(ref: Georeference, larger: Georeference) -> bool:
    """ "Husayba (7 km east of Ramadi)" is not the one at the border, 240 km away; a heading may be told wrongly."""
    said = [protocol.read(offset.distance).high for offset in larger.locality.offsets if offset.distance] if larger.locality else []
    anchor = next((each.place for each in larger.resolutions if each.place is not None), None)
    if len(said) != 1 or anchor is None or ref.lon is None or ref.lat is None:
        return False
    return distance(anchor.lon, anchor.lat, ref.lon, ref.lat) > _TWICE * said[0] + _NEARBY_M + (ref.uncertainty_m or 0.0)


def _lies_that_way(ref: Georeference, larger: Georeference) -> bool:
    """Does a place lie at the heading, however far, of what is told with it?"""
    heading = next((offset.bearing_deg for offset in larger.locality.offsets if offset.bearing_deg is not None), None) if larger.locality else None
    anchor = next((each.place for each in larger.resolutions if each.place is not None), None)
    if heading is None or anchor is None or ref.lon is None or ref.lat is None:
        return False
    metres, bearing = inverse(anchor.lon, anchor.lat, ref.lon, ref.lat)
    return float(metres) < _FAR_M and abs((float(bearing) - heading + 180.0) % 360.0 - 180.0) <= _THAT_WAY


def _is_sure(larger: Georeference) -> bool:
    """Is it all but certain which place holds the other: "the town of Burno northwest of the city of Kadugli"?"""
    return bool(larger.resolutions) and all(each.place is not None and each.score > _SURE for each in larger.resolutions)
