"""What the places of two drafts say for or against their being one attack."""

from __future__ import annotations

from geomap.assembly.drafts import Draft, dead, fits, toll
from geomap.assembly.places import (
    TOWNS,
    alike,
    apart,
    called,
    country_conflict,
    holds,
    in_one_division,
    in_two_districts,
    is_division,
    is_seat,
    is_town,
    is_unknown_site,
    is_unplaced,
    neighbours,
    same_place,
    same_side,
    share_anchor,
    two_towns,
)
from geomap.assembly.scenes import Site
from geomap.assembly.sites import best_site
from geomap.assembly.sums import FILLS, towns

_DIVISIONS = ("governorate", "district")
_BESIDE = ("F-near", "FH")
HARDLY_CHANCE = 5  # dead: so many twice are the same
_A_TOWN = 20_000  # people: of such a name there is hardly another


def by_place(earlier: Draft, later: Draft) -> float:
    """How much the places of two attacks speak for their being one: 1.5 for one town, -3 for two countries."""
    one, other = best_site(earlier), best_site(later)
    if one is None or other is None:
        return 0.0
    if one.locality.aside or other.locality.aside:
        return 0.2 if share_anchor(one, other) else 0.0  # where somebody spoke, or wants to go
    if called(other) == "border" != called(one) and not apart(one, other):
        return 0.0  # "in the Shawal Valley ... close to the Pakistan-Afghanistan border": as many a town is, in either land
    if country_conflict(one, other):
        return -3.0
    if one.rank < 2 or other.rank < 2:
        return 0.2 if share_anchor(one, other) else 0.0
    if later.definite and _lies_in(later, earlier):
        return 0.5
    if later.definite and one.locality.offsets and not other.locality.offsets and called(other) == "village" and later.lead - earlier.lead <= FILLS:
        return 0.5  # "260 km south of the capital", and then, as somebody says, "in the village of A": which that was
    if _is_lead_of(earlier, later, one, other):
        return 1.4
    if one.locality.type == "F-near" and not one.names.isdisjoint(other.holders) and not (later.other or later.along or later.earlier):
        return 1.4  # "on the outskirts of Zawiya ... the port of Maya near Zawiya"
    if later.definite and _is_village_of(one, other, earlier, later) and later.lead - earlier.lead <= FILLS:
        return 0.0
    if not later.definite and later.killed and retells(earlier, later):
        return 0.5
    beside = one.locality.type == "F-near" and not apart(one, other) and (later.definite or _is_beside_it(one, later) or _counts_the_same(earlier, later))
    if (two_towns(one, other) or _other_towns(earlier, later)) and not beside:
        return -2.5 - 2.0 * later.definite  # "the shelling" of another town
    if not later.definite and ((_told_apart(earlier, later) and not _counts_as_many(earlier, later)) or in_two_districts(one, other) or _is_outside(other, one)):
        return -2.5
    holders = [{site.locality.within.span for site in draft.sites if site.locality.within and len(draft.sites) > 1} for draft in (earlier, later)]
    pairs = [(a, b) for a in earlier.sites for b in _told_of(later, earlier) if a.rank >= 2 and b.rank >= 2]
    pairs = [(a, b) for a, b in pairs if a.span not in holders[0] or b.span not in holders[1]]  # two villages of one district are two
    if not later.definite and not is_division(one):  # a lead's province says no more of an attack for which a district of it was told
        pairs = [(a, b) for a, b in pairs if a is one or not is_division(a)]
    pairs = [(a, b) for a, b in pairs if not ((a.span in holders[0] and _is_countryside_of(a, b)) or (b.span in holders[1] and _is_countryside_of(b, a)))]
    if any(same_place(a, b) for a, b in pairs):
        if later.definite:
            return 1.5 if share_anchor(one, other) else 0.5
        if retells(earlier, later):
            return 0.5
        if earlier.killed and later.killed and not share_anchor(one, other) and "FH" in (one.locality.type, other.locality.type):
            return 0.5  # "north of the camp of A", then "in B"
        if later.killed and other.locality.type == "region" and one.locality.type == "F" and not share_anchor(one, other):
            return 0.0  # "on a quarter of Daraa ..., eleven died in the countryside of Daraa"
        if any(_is_somewhere_in(site) for site in (one, other)) and not (share_anchor(one, other) or _lies_in(later, earlier)):
            return 0.0
        named = any(share_anchor(site, other) for site in earlier.sites)  # "in Wadi Abida in the province of Marib", then "in Marib"
        named = named or (_of_one_day(earlier, later) and any(share_anchor(a, b) and is_town(a) for a, b in pairs))  # "on A", then "on the road to B and on A"
        held = any(not site.holders.isdisjoint(other.names) for site in earlier.sites)  # "the camp of A south of B", then "northeast of B"
        if one.locality.type == "F" and other.locality.type == "FH" and not (named or held):
            return 0.0  # "in the district of A", then "west of B": who knows the village names it again
        return -1.0 if neighbours(one, other) and not named else 1.5
    if holds(one, other) or holds(other, one):
        return 0.0
    if later.along is False and any(is_unknown_site(site) for site in (one, other)):
        return 0.0  # "the yard of the academy"
    if not later.definite and any(is_unplaced(a) and (is_town(b) or is_unplaced(b)) for a, b in ((one, other), (other, one))):
        return -1.0  # of two names of towns nobody knows the one
    return -2.5 if apart(one, other) else 0.0


def _is_beside_it(one: Site, later: Draft) -> bool:
    """ "A camp on the outskirts of A", then "the camp of B near A": near the same town."""
    return any(site.locality.type == "F-near" and share_anchor(one, site) for site in later.sites)


def _harms_the_same(earlier: Draft, later: Draft) -> bool:
    """Are as many told to be dead or wounded, and more than one?"""
    for told, before in ((later.killed, earlier.killed), (later.wounded, earlier.wounded)):
        now, then = toll(told), toll(before)
        if now is not None and then is not None:
            return now.min == then.min and (now.min or 0) > 1
    return False


def _counts_the_same(earlier: Draft, later: Draft) -> bool:
    """ "Five died near the town of A", then "in the village of B, killing five": several dead, and as many."""
    dead, before = toll(later.killed), toll(earlier.killed)
    return dead is not None and before is not None and dead.min == before.min and (dead.min or 0) > 1 and not (later.other or later.along)


def _counts_as_many(earlier: Draft, later: Draft) -> bool:
    """ "15 died west of Khan Younis ... the jets hit a house in its northwest, killing 15": so many dead twice are the same."""
    return _counts_the_same(earlier, later) and dead(later) >= HARDLY_CHANCE and later.lead - earlier.lead <= FILLS


def _is_somewhere_in(site: Site) -> bool:
    """A village that nothing knows, for which the governorate or the part of a land around it stands: near everything in it."""
    wide = site.locality.within
    broad = wide is not None and bool(wide.anchors) and (wide.anchors[0].kind == "governorate" or wide.type == "region-part")
    broad = broad or any(each.place is not None and each.place.feature_code == "ADM1" for each in (site.located.resolutions[1:] if site.located else ()))
    return site.place is None and called(site) is not None and called(site) != "site" and broad


def _is_countryside_of(around: Site, town: Site) -> bool:
    """ "A village in the countryside of Idlib", then "the city of Idlib": the one is not in the other."""
    return around.locality.type == "region" and called(town) == "city" and share_anchor(around, town)


def _is_outside(village: Site, town: Site) -> bool:
    """ "Tripoli was bombed ... jets struck near the village of Mezda south of Tripoli": by the words themselves not in the town."""
    wide = village.wide
    beyond = wide is not None and wide.locality.type == "FH" and not town.names.isdisjoint(wide.names)
    return beyond and called(village) in ("city", "village") and town.locality.type == "F" and not share_anchor(village, town)


def _of_one_day(earlier: Draft, later: Draft) -> bool:
    return earlier.occurred is not None and later.occurred is not None and earlier.occurred.edtf == later.occurred.edtf


def _told_of(draft: Draft, earlier: Draft) -> list[Site]:
    """The places of an attack without those that only say where another is: of "in A, near B" A alone.

    Nor is "A in the district of Tyre" in the city of that name.
    """
    held = {site.locality.within.span for site in draft.sites if site.locality.within and site.locality.type == "F"}
    held |= {site.span for site in draft.sites if site.locality.aside and len(draft.sites) > 1}  # "the Houthis, who captured Sanaa last year"
    kinds = {(name, called(site)) for site in earlier.sites for name in site.names}
    return [
        site for site in draft.sites
        if site.span not in held
        or not (site.locality.aside or site.locality.type in _BESIDE or (called(site) in _DIVISIONS and all((name, called(site)) not in kinds for name in site.names)))
    ]  # fmt: skip


def _told_apart(earlier: Draft, later: Draft) -> bool:
    """ "15 miles southwest of Grozny", then "10 miles south of Grozny": two places, however near."""
    pairs = [(a, b) for a in earlier.sites for b in later.sites if a.legs and b.legs and share_anchor(a, b)]
    return bool(pairs) and not any(alike(a.legs[0], b.legs[0]) for a, b in pairs)


def _is_lead_of(earlier: Draft, later: Draft, one: Site, other: Site) -> bool:
    """ "Eight died in the province of Dohuk ... the guns hit a resort in Zakho": a lead names the province, the next sentence the town."""
    told_apart = later.other or later.along or later.earlier or later.shift is not None or (later.definite and not _harms_the_same(earlier, later))
    if told_apart or later.lead == earlier.lead or is_division(other):
        return False
    area = _is_area_of(one, other)
    if (earlier.lead or later.lead > FILLS) and not (area and later.lead - earlier.lead == 1 and not later.dates):
        return False
    counted_next = not (earlier.killed or earlier.wounded) and bool(later.killed) and later.lead - earlier.lead == 1 and not later.dates
    if one.locality.type in _BESIDE and not other.known and not other.locality.offsets and (counted_next or _harms_the_same(earlier, later)):
        return True  # "a camp west of Idlib, wounding three", then "the camp of A, wounding three"; "several died east of A ... three were killed on the road to B"
    region = called(one) == "region" and one.locality.type == "F" and not one.known and other.known and called(other) in TOWNS  # "in the region of Greater Idlib"
    if not (is_division(one) or region or called(one) == "border" or _is_district_of(one, other) or _is_quarter_in(one, other) or area):
        return False
    inside = holds(one, other) or not apart(one, other)  # a province is larger than its radius
    return inside and not share_anchor(one, other) and other.rank >= 2


def _is_area_of(one: Site, other: Site) -> bool:
    """ "In North Waziristan", then a village that no map has: a district, for all that it is not called one."""
    place = one.place
    small = called(other) in ("village", "region") or (called(other) is None and other.locality.within is not None)
    return place is not None and place.feature_code.startswith("ADM") and one.locality.type == "F" and small and not other.known


def _is_district_of(one: Site, other: Site) -> bool:
    """ "In the district of Haydan", then "Marran in the district of Haydan": does the text itself put the other into it?"""
    wide = other.locality.within
    named_first = wide is not None and other.span < wide.span
    return called(one) == "district" and one.locality.type == "F" and named_first and not one.names.isdisjoint(other.holders)


def _is_quarter_in(one: Site, other: Site) -> bool:
    """ "Three died in a strike on the city of Rafah", then "in the Geneina quarter": of that city, unless the text puts it elsewhere."""
    quarter = called(other) == "neighbourhood" and other.locality.type == "F" and not other.locality.listed
    return quarter and called(one) == "city" and one.locality.type == "F" and not one.locality.listed and (other.locality.within is None or not one.names.isdisjoint(other.holders))


def _is_village_of(one: Site, other: Site, earlier: Draft, later: Draft) -> bool:
    """ "A raid on a village in the township of Pale ... The attack on Nyaung Kone": in it, wherever else the map has a village of that name."""
    place = other.place
    seat = called(one) is None and is_seat(one) and in_one_division(one, other)  # "a raid on Saada ... The raid hit the district of Razih"
    division = is_division(one) or called(one) == "district"
    if seat and called(other) == "district" and later.lead - earlier.lead == 1:
        return True
    small = not is_division(other) and called(other) in (None, "village") and (place is None or (place.population or 0) < _A_TOWN)
    within = other.locality.within
    elsewhere = within is not None and within.anchors and within.anchors[0].kind in _DIVISIONS and other.holders.isdisjoint(one.names)
    return division and small and not other.locality.offsets and not elsewhere


def _other_towns(earlier: Draft, later: Draft) -> bool:
    """ "The shelling hit a mill, the town of B and C": does a draft name towns, and none that the earlier one, of a town too, has named?"""
    named, before = ([site for site in draft.sites if site.rank >= 2 and called(site) in TOWNS and not site.locality.aside] for draft in (later, earlier))
    if not named or not before:
        return False
    told = frozenset().union(*(site.names for site in earlier.sites if not (site.locality.type == "region-part" and called(site) == "region")))  # "the south of the Gaza Strip"
    return all(told.isdisjoint(site.names) for site in later.sites)


def has_own_place(later: Draft, earlier: Draft) -> bool:
    """Does an attack name a place that the one before it did not?"""
    held = {site.locality.within.span for site in later.sites if site.locality.within}
    named = [site for site in later.sites if site.rank >= 2 and not site.locality.aside and called(site) != "border"]  # "close to the border": as many a town is
    named = [site for site in named if site.locality.type == "F"] or named  # "in A, south of B": A
    towns = [site for site in named if called(site) != "site"] or named  # there is a cattle market in every town
    own = [site for site in towns if site.span not in held] or towns
    others = earlier.sites
    if not later.definite:  # "a village near Al-Bab ..., while another raid hit Al-Bab"
        holders = {site.locality.within.span for site in others if site.locality.within}
        others = [site for site in others if site.span not in holders] or others
    return bool(own) and not any(share_anchor(site, other) and same_side(site, other) for site in own for other in others)


def is_near(earlier: Draft, later: Draft) -> bool:
    """ "The raids also hit the surroundings of the airport": of the same town."""
    one, other = best_site(earlier), best_site(later)
    if one is None or other is None or apart(one, other) or two_towns(one, other):
        return False
    town = other.locality.type == "F" and (called(other) in TOWNS or is_town(other))  # "it also hit the town of Saraqib", after the countryside of Aleppo
    return not town or share_anchor(one, other) or any(share_anchor(site, other) for site in earlier.sites)


def _lies_in(later: Draft, earlier: Draft) -> bool:
    """ "Strikes on Idlib ... the strikes hit a quarter of Binnish in Idlib": by the words themselves a part of the place told before."""
    one, other = best_site(earlier), best_site(later)
    return one is not None and other is not None and one.rank >= 2 and not share_anchor(one, other) and any(_is_put_into(each, one) or share_anchor(one, each) for each in later.sites)


def _is_put_into(site: Site, wide: Site) -> bool:
    """Do the words put one place into another? "East of the city" is not in it."""
    beside = site.locality.within is not None and site.locality.within.type == "FH" and called(wide) in TOWNS
    return not wide.names.isdisjoint(site.holders) and not beside


def retells(earlier: Draft, later: Draft) -> bool:
    """ "Raids killed more than ten in Saada. 13 died in the raids of the coalition, a doctor said": neither day nor town of its own, and numbers that fit."""
    told = later.occurred or later.other or later.earlier or later.along or later.shift is not None
    if told or later.lead == earlier.lead or later.lead - earlier.lead > FILLS:
        return False
    if any(site.rank >= 2 and not site.locality.aside for site in later.sites):
        dead, before = toll(later.killed), toll(earlier.killed)
        same = dead is None or (before is not None and dead.min == before.min)
        return same and (_lies_in(later, earlier) or _may_lie_in(later, earlier))
    return bool(earlier.killed and later.killed) and fits(earlier.killed[0][1].range, later.killed[0][1].range)


def _may_lie_in(later: Draft, earlier: Draft) -> bool:
    """ "An air strike in southern Somalia killed four. The strike hit a camp 30 km west of A", which no gazetteer knows: nothing speaks for another land."""
    wide = bool(earlier.sites) and all(site.rank == 1 and not site.locality.aside for site in earlier.sites)
    named = [site for site in later.sites if site.rank >= 2 and not site.locality.aside]
    unknown = all(site.place is None and not site.holders for site in named)
    return wide and unknown and later.lead - earlier.lead == 1 and not any(country_conflict(one, other) for one in earlier.sites for other in later.sites)


def dead_elsewhere(earlier: Draft, later: Draft) -> bool:
    """ "Two women died in A in the shelling": not the shelling of B, a town near it."""
    one, other = best_site(earlier), best_site(later)
    if one is None or other is None or not later.killed or one.locality.type not in ("F", "F-near") or other.locality.type != "F":
        return False
    if any(fits(count.range, later.killed[0][1].range) for _, count in earlier.killed):
        return False
    return one.known and other.known and neighbours(one, other)


def is_one_of_several(later: Draft, earlier: Draft) -> bool:
    """Has a draft a place of its own, and the earlier one several towns?"""
    one, other = best_site(earlier), best_site(later)
    return one is not None and other is not None and len(towns(earlier)) > 1 and not share_anchor(one, other)


def towns_of(draft: Draft) -> frozenset[str]:
    """The names of its towns and of those that hold its places, without the countryside around them."""
    named = [each for site in draft.sites for each in (site.locality, site.locality.within) if each is not None and each.type != "region"]
    return frozenset(anchor.name for each in named for anchor in each.anchors)


def is_somewhere(site: Site) -> bool:
    """Is it a place that is known, or a name, or called a town? "The yard of the academy" is none of these."""
    named = called(site) is None and bool(site.locality.anchors) and site.locality.anchors[0].lookup != ""  # "near Zarbuta", wherever that is
    return site.rank >= 2 and (site.known or named or called(site) not in (None, "site"))
