"""Let a larger place stand in for a hamlet that nothing knows: what the text names with it says where it is, less finely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from geomap.geodesy import distance
from geomap.model import Georeference, Locality

_NEARBY_M = 60_000.0  # a place may lie this far outside of what it is said to belong to: divisions are not round


def stand_in(located: Sequence[Georeference]) -> Iterator[Georeference]:
    """The georeferences, an unknown place ("Tudun Biri, Kaduna State") put where its locality's ``within`` is, with a remark.

    The same where the only place of that name lies far from the town that the text puts it in ("the Mayo neighbourhood of
    Khartoum"). The place itself stays unknown: its resolution comes first and has no place, those of the larger one follow.
    """
    by_locality = {ref.locality: ref for ref in located}
    for ref in located:
        locality = ref.locality
        larger = next((by for each in around(locality) if (by := by_locality.get(each)) and by.lon is not None), None)
        if locality is None or larger is None or larger.lon is None or (ref.lon is not None and not _is_elsewhere(ref, larger)):
            yield ref
            continue
        places = [resolution.place for resolution in larger.resolutions if resolution.place]
        if not places or places[0].is_vast:
            yield ref
            continue
        yield replace(
            larger, locality=locality, locality_type=locality.type,
            resolutions=(*(replace(each, place=None) for each in ref.resolutions), *larger.resolutions),
            remarks=(f"{locality.anchors[0].name}: not known; {places[0].name}, named with it, stands in", *larger.remarks),
        )  # fmt: skip


def around(locality: Locality | None) -> Iterator[Locality]:
    """What a locality lies within, what that lies within, and so on."""
    while locality is not None and (locality := locality.within) is not None:
        yield locality


def _is_elsewhere(ref: Georeference, larger: Georeference) -> bool:
    """Was a place found far outside of what its own words say it belongs to?

    So is a name of no known village outside of where the report plays, and a town in another country than the district it is told to be in.
    """
    if ref.locality is None:
        return False
    own = ref.locality.anchors[0]
    if own.parent is None and (own.known or own.kind != "village") and not _are_of_two_countries(ref, larger):
        return False
    metres = distance(larger.lon, larger.lat, ref.lon, ref.lat)  # type: ignore[arg-type]
    return metres > 1.5 * (larger.uncertainty_m or 0.0) + _NEARBY_M


def _are_of_two_countries(ref: Georeference, larger: Georeference) -> bool:
    """ "The town of Toul in the Nabatieh district": no town of France, where the words say in what it lies."""
    countries = [{place.country for each in one.resolutions if (place := each.place) and place.country} for one in (ref, larger)]
    return ref.locality is not None and ref.locality.type == "F" and all(countries) and countries[0].isdisjoint(countries[1])
