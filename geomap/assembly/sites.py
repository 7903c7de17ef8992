"""Which of the places that a draft names is the one that was struck."""

from __future__ import annotations

from msgspec.structs import replace

from geomap.assembly.drafts import Draft
from geomap.assembly.places import TOWNS, called, in_one_division, is_division, is_quarter, is_seat, is_unplaced, share_anchor
from geomap.assembly.scenes import Site, gap
from geomap.assembly.ties import goes_on, loose
from geomap.model import Georeference, Span, Trigger

_BEARINGS = ("FH", "F-near")
_LARGER = 10  # times the radius of the place that is said to hold it: a border, a river, a front
_ANY_M = 20_000_000.0  # half around the earth
_SPOTS = (*TOWNS, "neighbourhood", "island", "district")
_LANDS = ("region", "wadi", "mountain")
_DIVISIONS = ("district", "governorate")
_LONG = ("border", "river", "road", "desert", "sea", "country")
_STRUCK = (*TOWNS, "district", "region", "neighbourhood", "wadi", "mountain", "island")
_FRONT = 12  # characters of "In the capital"
_BESIDE = 120  # characters from "was hit" to "in the area of A"


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
    sites = _without_lands_beside(_without_byname(of_the_attack(draft.sites), draft))
    told = {site.span for site in sites}
    nameless = [site for site in sites if _nameless(site) and _holder(site) in told]
    sizes = {site.span: _size(site) for site in sites}
    # a border is long: a district on it says more
    wider = {holder for site in sites if site not in nameless and called(site) != "border" and (holder := _holder(site)) and (_size(site) <= _LARGER * sizes.get(holder, _ANY_M) or _is_of_a_division(site))}
    held = {site.names for site in sites if site.span in wider and _is_by_name(site) and called(site) != "governorate"}  # the governorate of Hodeida is not the city
    wider |= {site.span for site in sites if site.locality.type == "F" and site.names in held}  # "in the town of A ... in the quarter of B in A", "Badama, of the town of Jisr ... in the town"
    around = {site.names for site in sites if site.span in wider and site.locality.type == "region"}
    wider |= {site.span for site in sites if site.locality.type == "F" and called(site) == "region" and site.names in around}  # "in the area of A ... in the town of B in the countryside of A"
    wider |= _opening(draft, [site for site in sites if site.span not in wider])
    wider |= {site.span for site in sites if any(_is_around(site, other) for other in sites if other not in nameless)}
    wider |= {site.span for site in sites if site.locality.type in _BEARINGS and any(other.locality.type == "FO" and share_anchor(site, other) for other in sites)}
    narrow = [site for site in sites if site not in nameless and (site.span not in wider or site.rank == 3)]

    narrow = _spots(_without_bearings(narrow, draft), draft)
    struck = min(narrow or sites, key=lambda site: _distance(site, draft.triggers))

    towns = any(called(site) in TOWNS for site in narrow)
    apart = loose(narrow, draft)

    def order(site: Site) -> tuple[float, ...]:
        wide, inexact, unknown, size = site.standing
        bare = towns and not site.known and called(site) is None and site.locality.type == "F"  # "at their foes in A ... in the town of B"
        if site is struck and not site.known and not bare and called(site) in (*TOWNS, None) and site.locality.type == "F":
            unknown, size = False, 0  # "raids on the village of Hammu ... Jisr al-Shughur": though nobody knows where it is
        return (wide, inexact, site.span in apart, unknown, bare, site.span in wider or site.locality.listed, _is_division(site), size, _distance(site, draft.triggers))

    return min(narrow or sites, key=order)


def _without_byname(sites: list[Site], draft: Draft) -> list[Site]:
    """ "Near Murzuq ... the Murzuq airstrike": what a strike goes by says no better where it was."""
    names = [site for site in sites if site.locality.type == "F" and any(each.form == "noun" and 0 <= each.span.start - site.span.end <= 1 for each in draft.triggers[1:])]
    first = [site for site in sites if site not in names]
    return [site for site in sites if site not in names or not any(share_anchor(site, other) for other in first)]


def _without_lands_beside(sites: list[Site]) -> list[Site]:
    """ "On the east of the province of Quneitra near the Golan": the land that a place lies near says no better where it was."""
    return [site for site in sites if not (site.locality.type == "F-near" and is_division(site) and any(0 <= site.span.start - other.span.end <= 1 for other in sites))]


def _is_by_name(site: Site) -> bool:
    """Does it stand there by its own name, and not as "the town"?"""
    return site.locality.type == "F" and all(site.span.start <= anchor.span.start < site.span.end for anchor in site.locality.anchors)


def _opening(draft: Draft, sites: list[Site]) -> set[Span]:
    """ "In the capital Sanaa, the jets hit the district of Sabin": what opens the sentence, where something of its own kind is struck after it."""
    first, start = draft.triggers[0].span, draft.passages[0].span.start
    opening = [site for site in sites if 0 <= site.span.start - start <= _FRONT and site.span.end <= first.start and site.locality.type == "F"]
    after = [site for site in sites if first.end <= site.span.start < draft.passages[0].span.end and site.locality.type == "F" and called(site) in _STRUCK and not site.locality.aside]
    return {site.span for site in opening} if after else set()


def _is_of_a_division(site: Site) -> bool:
    """ "Marran in the district of Haydan": whatever the sizes, which are those of two villages; a border is in many districts."""
    wide = site.locality.within
    return wide is not None and bool(wide.anchors) and wide.anchors[0].kind in _DIVISIONS and called(site) not in (*_LONG, *_DIVISIONS, None)


def _is_around(wide: Site, site: Site) -> bool:
    """ "A raid on Saada ..., which hit Marran in the district of Haydan", "a raid on A in the province of Saada, ... in Saada": the province, by its bare name."""
    if wide.locality.type != "F" or wide.locality.listed or site.locality.listed or not wide.names.isdisjoint(site.names):
        return False
    if is_quarter(site) and called(wide) == "city" and in_one_division(wide, site):
        return True  # "in the capital Sanaa, the jets hit Bani al-Harith"
    if called(wide) == "district":
        return _is_of_a_division(site) and not wide.names.isdisjoint(site.holders)  # "in the district of Haydan ... in Marran in the district of Haydan"
    if called(wide) not in (None, "governorate"):
        return False
    return not wide.names.isdisjoint(site.holders) or (is_seat(wide) and (site.locality.within is not None or called(site) == "district") and in_one_division(wide, site))


def _without_bearings(sites: list[Site], draft: Draft) -> list[Site]:
    """ "A raid on the town of A ..., after fighting north of B": not north of B, though nobody knows where A is."""
    if any(site.locality.type == "F" for site in sites):  # "north of" what nobody knows says less than any name
        sites = [site for site in sites if site.known or site.locality.type != "FH"]
    towns = [site for site in sites if site.locality.type == "F" and site.locality.anchors and site.locality.anchors[0].kind in TOWNS]
    nearest = min((_distance(site, draft.triggers) for site in towns), default=None)
    if nearest is None:
        return sites
    return [site for site in sites if site.locality.type not in _BEARINGS or site.rank == 3 or _distance(site, draft.triggers) <= nearest]


def _is_spot(site: Site) -> bool:
    """May the name stand for less than the division around it: a town, a name of no kind ("in X", "near X"), a place between others?"""
    kind = called(site)
    bare = kind is None and site.locality.type in ("F", "F-near")
    return bare or kind in _SPOTS or site.locality.type in ("F-between", "F-offshore", "P-between")


def _spots(sites: list[Site], draft: Draft) -> list[Site]:
    """ "In Kyauk Taw village, in a township held by rebels in Rakhine state": the village, though nobody knows where in the state it lies."""
    spots = [site for site in sites if site.rank >= 2 and not site.known and _is_spot(site)]
    told = {site.span: site.known for site in draft.sites}  # "the area of A in the area of B", of which nothing knows either
    lost = [site for site in sites if is_unplaced(site) or (not site.known and told.get(_holder(site) or site.span) is False)]
    spots = spots or [site for site in lost if called(site) in _LANDS and site.rank >= 2 and site.locality.type == "F" and _distance(site, draft.triggers) <= _BESIDE]
    known = [site for site in sites if site.known and site.rank >= 2]
    if not (known and spots):
        return sites
    called_so = all(called(site) is not None for site in spots)  # "in the Majzar district in Marib": the land of which Marib is the seat
    around = all(is_division(site) or site.locality.type == "region" or (called_so and called(site) is None and is_seat(site)) for site in known)
    return spots if around else sites


def _is_division(site: Site) -> bool:
    """A governorate, or a part of an area, says less than any place in it, however small it is drawn."""
    kind = called(site)
    part = site.locality.type == "region-part" and site.rank > 1 and kind not in (*TOWNS, "district")  # "central Gaza", but not "the centre of the town of Derna"
    along = kind == "border" and site.place is None  # "in the province of A, on the border with the province of B", which no map has
    return (kind == "governorate" or part or along or site.rank < 2) and not site.locality.offsets


def whole_place(draft: Draft, site: Site) -> Georeference | None:
    """Where the site is; of an attack on a list of places ("Gaza City, Rafah and Khan Younis") all of them that are known as one locality."""
    around = sorted((each for each in draft.sites if each.locality.type in ("F", "F-near")), key=lambda each: each.span)
    if site not in around:
        return _held(site, draft)
    first = last = around.index(site)
    while first > 0 and goes_on(around[first - 1], around[first]):
        first -= 1
    while last + 1 < len(around) and goes_on(around[last], around[last + 1]):
        last += 1
    named = [each for each in (site, *(each for each in around[first : last + 1] if each is not site)) if each.place is not None]
    if first == last or not named or named[0].located is None or named == [site] or (site.known and site.place is None):
        return _held(site, draft)
    span = Span(around[first].span.start, around[last].span.end)
    anchors = tuple(dict.fromkeys(anchor for each in named for anchor in each.locality.anchors))
    kind = around[first].locality.type  # "near A, B and C": near each of them
    return replace(named[0].located, locality=replace(named[0].locality, type=kind, span=span, anchors=anchors, listed=False))


def _held(site: Site, draft: Draft) -> Georeference | None:
    """Where the site is; of a village that nothing knows, at least in which province, where the report names one."""
    divisions = [each for each in draft.sites if each is not site and each.known and is_division(each)]
    wide = min(divisions, key=lambda each: each.rank < 2, default=None)  # the first, but the province rather than "the northeast of the country"
    if wide is None and called(site) == "neighbourhood":  # "a raid on the town of Murzuq ... the jets hit the quarter of A": of the one town told
        towns = {each.names: each for each in draft.sites if each is not site and each.known and each.rank == 2 and each.locality.type == "F" and called(each) in (*TOWNS, None)}
        wide = next(iter(towns.values())) if len(towns) == 1 else None
    if site.located is None or wide is None or not is_unplaced(site):
        return site.located
    return replace(site.located, locality=replace(site.locality, within=wide.locality))


def _holder(site: Site) -> Span | None:
    """Where the wider place stands that the text puts a site in."""
    return site.locality.within.span if site.locality.within else None


def _size(site: Site) -> float:
    """ "Along the Line of Control in the Poonch sector": what the words put into another place may be larger for all that."""
    return site.reach


def _nameless(site: Site) -> bool:
    """A market, a school, a post office that nothing knows: the town around it says better where it was."""
    ref = site.located
    if site.locality.anchors and site.locality.anchors[0].lookup == "":
        return True  # "near the airport in the southern city of Kandahar"
    return bool(site.locality.anchors) and site.locality.anchors[0].kind == "site" and not (ref and ref.resolutions and ref.resolutions[0].place)


def _distance(site: Site, triggers: list[Trigger]) -> int:
    """Characters from a site to the nearest words of the attack."""
    return min((gap(site.span.start, site.span.end, each) for each in triggers), default=0)
