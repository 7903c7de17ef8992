"""Whether two places of a report may be one: by their names, by what they are called, by how far apart they lie."""

from __future__ import annotations

from geomap.assembly.scenes import Site, spelling
from geomap.geodesy import distance

_NEAR_M = 30_000.0  # two places nearer than this (and their radii) may be one
_STREETS_M = 1_000.0  # two names nearer than their radii and this may be one place; of two towns and camps, half their radii
_SHORTEST_DEGREE_M = 110_574.0  # of latitude, on WGS84: at the equator
INSTALLATIONS = ("airport", "airbase", "camp", "port", "oilfield", "dam")
_DIVISIONS = ("governorate", "district", "region")
TOWNS = ("city", "village", "camp")
_TURN = 23.0  # degrees between two headings told of one place
_AN_EIGHTH = 46.0  # ... where only one of them says how far: "north of A", and then "46 km northeast of A"
_ROUNDED = 1.4  # ... and how many times the one distance may be the other


def same_place(one: Site, other: Site) -> bool:
    """May two localities be one place?"""
    if share_anchor(one, other):
        return same_side(one, other) and not _is_land_of(one, other) and not _is_land_of(other, one)
    if not (one.known and other.known) or apart(one, other):
        return False
    countries = {_country(site) for site in (one, other)} - {None}
    return len(countries) < 2  # Al Qaim and Abu Kamal are near each other, on two sides of a border


def _is_land_of(land: Site, town: Site) -> bool:
    """ "The south of the Gaza Strip" beside "the city of Gaza": named alike, and not in it."""
    return land.locality.type == "region-part" and called(land) == "region" and called(town) == "city"


def share_anchor(one: Site, other: Site) -> bool:
    """Are both told from one name, spellings apart ("Al-Watiya air base", "the base of Watiya")?"""
    if not one.names.isdisjoint(other.names) or _is_one_entry(one, other):
        return True
    kind = called(one)
    if kind not in INSTALLATIONS or kind != called(other):
        return not one.spellings.isdisjoint(other.spellings)
    return any(a <= b or b <= a for a in one.spellings for b in other.spellings)  # "the military airport of Watiya", "Watiya airport"


def _is_one_entry(one: Site, other: Site) -> bool:
    """ "Misrata air base", "Misrata airport": by two names one entry of the gazetteer, and each found by its own."""
    refs = [site.located.resolutions for site in (one, other) if site.located and len(site.located.resolutions) == 1 and not site.locality.offsets]
    own = [ref[0].place for site, ref in zip((one, other), refs, strict=False) if spelling(ref[0].toponym.name) in site.names]
    return len(own) == len(refs) == 2 and own[0] is not None and own[1] is not None and own[0].id == own[1].id


def same_side(one: Site, other: Site) -> bool:
    """ "East of Beirut" and "south of Beirut" are two places, and so are two countrysides of Hama; "240 km southeast of Sirte" is southeast of it."""
    parts = {one.locality.part, other.locality.part} if one.locality.type == other.locality.type == "region" else set()
    if len(parts - {None}) > 1:
        return False
    if len(one.legs) != len(other.legs):
        return not one.legs or not other.legs
    return all(a == b or (None in (a[1], b[1]) and alike(a, b)) for a, b in zip(one.legs, other.legs, strict=True))


def apart(one: Site, other: Site) -> bool:
    """Are two places too far from each other to be one?"""
    a, b = one.located, other.located
    if a is None or b is None or a.lon is None or b.lon is None or a.lat is None or b.lat is None:
        return not share_anchor(one, other) and one.rank == other.rank == 3
    reach = one.reach + other.reach
    return _farther(a.lon, a.lat, b.lon, b.lat, max(_NEAR_M, reach))


def neighbours(one: Site, other: Site) -> bool:
    """Are two small places with names of their own near each other, and yet not one: two camps of Gaza?"""
    a, b = one.located, other.located
    measured = any(leg[1] is not None for site in (one, other) for leg in site.legs)
    if share_anchor(one, other) or a is None or b is None or measured:
        return False
    if a.lon is None or b.lon is None or a.lat is None or b.lat is None:
        return False
    reach = one.reach + other.reach
    towns = all(called(site) in TOWNS for site in (one, other))
    return _farther(a.lon, a.lat, b.lon, b.lat, (0.5 if towns else 1.2) * reach + _STREETS_M)


def two_towns(one: Site, other: Site) -> bool:
    """Are both called town, village or camp, or both a quarter, by names of their own, and is neither said to lie in the other?"""
    pair = (one, other)
    divisions = called(one) == called(other) and all(map(_is_division_of_its_own, pair))  # "the Chouf region", "the Aley region"
    quarters = all(called(site) == "neighbourhood" for site in pair)
    if share_anchor(one, other) or any(site.locality.listed or not (divisions or quarters or called(site) in TOWNS or _is_bare_town(site)) for site in pair):
        return False
    if any(wide.locality.type == "region" and _is_in(small, wide) for wide, small in (pair, pair[::-1])):
        return False  # "the northern countryside of Raqqa", then a village in it
    if any(a <= b or b <= a for a in one.spellings for b in other.spellings):
        return False  # "مواصي خان يونس" and "خان يونس", "النبطية" and "النبطية التحتا"
    if {"F"} < {site.locality.type for site in pair} <= {"F", "FH", "FOH"} and any(called(site) == "village" and site.locality.type == "F" for site in pair):
        return False  # "a car west of the town of Qamishlo", then "in the village of Himo"
    if any(called(site) is None for site in pair) and any(site.locality.type != "F" for site in pair):
        return False  # "a village west of Raqqa", then its name
    # not "Beit Sawa, next to Hamouriya", nor the city of Idlib for a town in its countryside
    holders = [Site(each, None).names if (each := site.locality.within) and each.type == "F" else frozenset() for site in pair]
    return holders[0].isdisjoint(other.names) and holders[1].isdisjoint(one.names)


def in_two_districts(one: Site, other: Site) -> bool:
    """ "Marran in the district of Haydan", "Al Mutayi in the district of Sahar": by the words themselves each in a district of its own."""
    a, b = (_district(site) for site in (one, other))
    return bool(a and b) and a.isdisjoint(b) and not share_anchor(one, other)


def _district(site: Site) -> frozenset[str]:
    """The names of the district that a place is, or is put into."""
    for each in (site.locality, site.locality.within):
        if each is not None and each.anchors and each.anchors[0].kind == "district" and not each.offsets:
            return Site(each, None).names
    return frozenset()


def _is_in(small: Site, countryside: Site) -> bool:
    within = small.locality.within
    return within is not None and within.type == "region" and not Site(within, None).names.isdisjoint(countryside.names)


def alike(one: tuple[float | None, float | None], other: tuple[float | None, float | None]) -> bool:
    """May two legs, heading and metres, be one, once rounded and once not?"""
    turn = 0.0 if one[0] is None or other[0] is None else abs((one[0] - other[0] + 180) % 360 - 180)
    far = sorted(each for each in (one[1], other[1]) if each is not None)
    return turn <= (_AN_EIGHTH if len(far) == 1 else _TURN) and (len(far) < 2 or far[1] <= _ROUNDED * far[0])


def country_conflict(one: Site, other: Site) -> bool:
    """Is one of two places a country, or a part of one, and the other in another country?"""
    if any(site.rank < 2 and site.locality.type == "F-near" for site in (one, other)):
        return False  # "in a tribal region near Afghanistan": not in it
    a, b = _country(one), _country(other)
    return a is not None and b is not None and a != b and (one.rank < 2 or other.rank < 2)


def other_countries(one: Site, other: Site) -> bool:
    """Do two places lie in two countries, as far as is known?"""
    a, b = _country(one), _country(other)
    return a is not None and b is not None and a != b


def holds(wide: Site, small: Site) -> bool:
    """Is one a first-level division and the other a place in it: "a village in the Sagaing region", "in Moe Tarr Lay"?"""
    region, place = (ref.resolutions[0].place if (ref := site.located) and ref.resolutions else None for site in (wide, small))
    if region is None or place is None or region.feature_code != "ADM1" or place.feature_code == "ADM1":
        return False
    return region.country == place.country and region.admin1 == place.admin1


def called(site: Site) -> str | None:
    """What the words say that a site is; coordinates are called nothing."""
    return site.locality.anchors[0].kind if site.locality.anchors else None


def is_division(site: Site) -> bool:
    """Is it a province, a region, or a part of one: what a lead names before the town is told?"""
    place = ref.resolutions[0].place if (ref := site.located) and ref.resolutions else None
    return called(site) in ("governorate", "sea") or site.locality.type == "region-part" or (place is not None and place.feature_code in ("ADM1", "RGN"))


def _is_division_of_its_own(site: Site) -> bool:
    """Is it called a province, a district or a region, and known as one?"""
    place = ref.resolutions[0].place if (ref := site.located) and ref.resolutions else None
    return called(site) in _DIVISIONS and place is not None and place.feature_code.startswith("ADM")


def is_seat(site: Site) -> bool:
    """Is it the seat of a first-level division of the same name: "Saada" is the town, or the province?"""
    place = ref.resolutions[0].place if (ref := site.located) and ref.resolutions else None
    return place is not None and place.feature_code.startswith("PPLA") and place.admin1 is not None and spelling(place.name) == spelling(place.admin1)


def is_quarter(site: Site) -> bool:
    """Does the gazetteer have it as a part of a town?"""
    place = ref.resolutions[0].place if (ref := site.located) and ref.resolutions else None
    return place is not None and place.feature_code == "PPLX"


def in_one_division(one: Site, other: Site) -> bool:
    """Do two places lie in one first-level division?"""
    a, b = (ref.resolutions[0].place if (ref := site.located) and ref.resolutions else None for site in (one, other))
    return a is not None and b is not None and a.country == b.country and a.admin1 is not None and a.admin1 == b.admin1


def is_town(site: Site) -> bool:
    """Is it a town that the gazetteer knows?"""
    place = ref.resolutions[0].place if (ref := site.located) and ref.resolutions else None
    return place is not None and place.feature_code.startswith("PPL") and not site.locality.offsets


def _is_bare_town(site: Site) -> bool:
    """A town that the gazetteer knows, though the words do not call it one; a capital may stand for what it is the capital of."""
    place = ref.resolutions[0].place if called(site) is None and is_town(site) and (ref := site.located) else None
    return place is not None and place.feature_code == "PPL"


def is_unplaced(site: Site) -> bool:
    """Is it a name that nothing knows and nothing beside it places?"""
    return site.rank >= 2 and not site.known and site.locality.within is None


def is_unknown_site(site: Site) -> bool:
    """A yard, a hall, a school that no gazetteer has: where it is taken to be is only a guess."""
    ref = site.located
    known = ref is not None and any(resolution.place is not None and spelling(resolution.toponym.name) in site.names for resolution in ref.resolutions)
    return called(site) == "site" and not known


def _country(site: Site) -> str | None:
    ref = site.located
    place = ref.resolutions[0].place if ref and ref.resolutions else None
    return place.country if place else None


def _farther(lon: float, lat: float, other_lon: float, other_lat: float, metres: float) -> bool:
    """Are two points farther apart than so much? Where their latitudes alone say so, no geodesic is drawn."""
    return abs(lat - other_lat) * _SHORTEST_DEGREE_M > metres or distance(lon, lat, other_lon, other_lat) > metres
