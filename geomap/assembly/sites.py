"""Which of the places that a draft names is the one that was struck."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from geomap.assembly.drafts import Draft
from geomap.assembly.places import TOWNS, called, is_division, is_unplaced
from geomap.assembly.scenes import Site, gap
from geomap.model import Georeference, Span, Trigger

_BEARINGS = ("FH", "F-near")
_LARGER = 10  # times the radius of the place that is said to hold it: a border, a river, a front
_ANY_M = 20_000_000.0  # half around the earth
_SPOTS = (*TOWNS, "neighbourhood", "island")
_AND = 8  # characters between two places of a list


def of_the_attack(sites: list[Site]) -> list[Site]:
    """Without the places of those who speak, as long as any other is named."""
    return [site for site in sites if not site.locality.aside] or sites


def best_site(draft: Draft) -> Site | None:
    """The locality that says best where it was: an offset, else the smallest place near the words of the attack.

    A place that the text itself puts into a wider one ("in X, in the district of Y") leaves the wider one no part.
    """
    known, now = draft.best, (len(draft.triggers), len(draft.sites))  # drafts are compared often, and nobody takes these away
    if known is None or known[0] != now:
        known = draft.best = now, _best_site(draft)
    return known[1]


def _best_site(draft: Draft) -> Site | None:
    if len(draft.sites) < 2:
        return draft.sites[0] if draft.sites else None
    sites = of_the_attack(draft.sites)
    told = {site.span for site in sites}
    nameless = [site for site in sites if _nameless(site) and _holder(site) in told]
    sizes = {site.span: _size(site) for site in sites}
    wider = {holder for site in sites if site not in nameless and (holder := _holder(site)) and _size(site) <= _LARGER * sizes.get(holder, _ANY_M)}
    narrow = [site for site in sites if site not in nameless and (site.span not in wider or site.rank == 3)]

    narrow = _spots(_without_bearings(narrow, draft))
    struck = min(narrow or sites, key=lambda site: _distance(site, draft.triggers))

    def order(site: Site) -> tuple[float, ...]:
        wide, inexact, unknown, size = site.standing
        if site is struck and called(site) in TOWNS and site.locality.type == "F":
            unknown = False  # "raids on the village of Hammu ... Jisr al-Shughur": though nobody knows where it is
        return (wide, inexact, unknown, site.span in wider or site.locality.listed, _is_division(site), size, _distance(site, draft.triggers))

    return min(narrow or sites, key=order)


def _without_bearings(sites: list[Site], draft: Draft) -> list[Site]:
    """ "A raid on the town of A ..., after fighting north of B": not north of B, though nobody knows where A is."""
    towns = [site for site in sites if site.locality.type == "F" and site.locality.anchors and site.locality.anchors[0].kind in TOWNS]
    nearest = min((_distance(site, draft.triggers) for site in towns), default=None)
    if nearest is None:
        return sites
    return [site for site in sites if site.locality.type not in _BEARINGS or site.rank == 3 or _distance(site, draft.triggers) <= nearest]


def _spots(sites: list[Site]) -> list[Site]:
    """ "In Kyauk Taw village, in a township held by rebels in Rakhine state": the village, though nobody knows where in the state it lies."""
    spots = [site for site in sites if site.rank >= 2 and not site.known and (called(site) in _SPOTS or (called(site) is None and (site.locality.within is not None or site.locality.type == "F-near")) or site.locality.type in ("F-between", "F-offshore"))]
    known = [site for site in sites if site.known and site.rank >= 2]
    return spots if known and all(is_division(site) for site in known) and spots else sites


def _is_division(site: Site) -> bool:
    """A governorate, or a part of an area, says less than any place in it, however small it is drawn."""
    kind = called(site)
    part = site.locality.type == "region-part" and site.rank > 1 and kind not in (*TOWNS, "district")  # "central Gaza", but not "the centre of the town of Derna"
    return (kind == "governorate" or part) and not site.locality.offsets


def whole_place(draft: Draft, site: Site) -> Georeference | None:
    """Where the site is; of an attack on a list of places ("Gaza City, Rafah and Khan Younis") all of them as one locality."""
    around = sorted((each for each in draft.sites if each.locality.type == "F" and each.known), key=lambda each: each.span)
    if site not in around:
        return _held(site, draft)
    first = last = around.index(site)
    while first > 0 and _goes_on(around[first - 1], around[first]):
        first -= 1
    while last + 1 < len(around) and _goes_on(around[last], around[last + 1]):
        last += 1
    named = [site, *(each for each in around[first : last + 1] if each is not site)]
    if site.located is None or len(named) == 1:
        return _held(site, draft)
    span = Span(around[first].span.start, around[last].span.end)
    anchors = tuple(dict.fromkeys(anchor for each in named for anchor in each.locality.anchors))
    return structs.replace(site.located, locality=replace(site.locality, span=span, anchors=anchors, listed=False))


def _held(site: Site, draft: Draft) -> Georeference | None:
    """Where the site is; of a village that nothing knows, at least in which province, where the report names one."""
    wide = next((each for each in draft.sites if each is not site and each.known and is_division(each)), None)
    if site.located is None or wide is None or not is_unplaced(site):
        return site.located
    return structs.replace(site.located, locality=replace(site.locality, within=wide.locality))


def _goes_on(one: Site, other: Site) -> bool:
    return other.locality.listed and 0 <= other.span.start - one.span.end <= _AND


def _holder(site: Site) -> Span | None:
    """Where the wider place stands that the text puts a site in."""
    return site.locality.within.span if site.locality.within else None


def _size(site: Site) -> float:
    """ "Along the Line of Control in the Poonch sector": what the words put into another place may be larger for all that."""
    return (site.located.uncertainty_m if site.located else None) or 0.0


def _nameless(site: Site) -> bool:
    """A market, a school, a post office that nothing knows: the town around it says better where it was."""
    ref = site.located
    if site.locality.anchors and site.locality.anchors[0].lookup == "":
        return True  # "near the airport in the southern city of Kandahar"
    return bool(site.locality.anchors) and site.locality.anchors[0].kind == "site" and not (ref and ref.resolutions and ref.resolutions[0].place)


def _distance(site: Site, triggers: list[Trigger]) -> int:
    """Characters from a site to the nearest words of the attack."""
    return min((gap(site.span.start, site.span.end, each) for each in triggers), default=0)
