"""Attacks first told as a sum ("eight strikes: four near Kobani, three near Raqqa ..."), which give way to their parts."""

from __future__ import annotations

from itertools import accumulate

from geomap.assembly.drafts import Draft, choose_date, dead, overlap, toll
from geomap.assembly.places import apart, country_conflict, holds, is_division
from geomap.assembly.scenes import Site
from geomap.assembly.sites import best_site
from geomap.model import Count, Range

_AROUND = ("region", "region-part")
_DIVISIONS = ("country", "governorate")
_WIDE = ("country", "region", "governorate", "district")
_DEALT = 6  # sentences over which the dead of a lead are dealt out
FILLS = 2  # sentences in which a lead without day and town may still be filled in


def dissolve(drafts: list[Draft]) -> list[Draft]:
    """Drop an attack that only sums up later ones ("eight strikes ... four near Kobani, three ...") and hand on what it knew."""
    kept = list(drafts)
    for summary in reversed(drafts):  # the sum of a country before that of all countries
        parts = _parts(summary, [each for each in kept if each is not summary and each.lead >= summary.lead])
        if len(parts) < 2:
            continue
        kept.remove(summary)
        for part in parts:
            inherit(part, summary)
    return kept


def deal(drafts: list[Draft]) -> list[Draft]:
    """Drop an attack whose dead later ones deal over several towns ("18 died in the countryside of Aleppo": three in A, six in B)."""
    kept = list(drafts)
    for lead in drafts:
        parts = _shares(lead, kept)
        if not _are_several(parts):
            continue
        kept.remove(lead)
        for part in parts:
            inherit(part, lead)
    return kept


def _shares(lead: Draft, drafts: list[Draft]) -> list[Draft]:
    """The attacks told after a sum of dead, each in a town of its own, that make it, or no more than it where it is of an area."""
    whole = dead(lead)
    if lead.definite or lead.earlier or lead.factuality == "denied":
        return []
    if whole < 2:
        return [] if lead.killed else _details(lead, drafts)
    later = drafts[drafts.index(lead) + 1 :]
    later = [each for each in later if each.lead - lead.lead <= _DEALT and dead(each) and (_town(each) or each.other) and _may_be_part(lead, each)]
    if lead.of is not None:
        return []  # a part itself
    place = best_site(lead)
    if place is not None and place.locality.type == "F" and len(towns(lead)) < 2 and place.rank >= 2 and not (_kind(place) in _DIVISIONS or is_division(place)):
        later = [each for each in later if (site := best_site(each)) is None or not apart(place, site)]  # five in A are not three in B and two in C
    return _that_make(whole, later) or _within(lead, whole, later)


def _that_make(whole: float, later: list[Draft]) -> list[Draft]:
    """ "At least 23 died in strikes on the border ... 16 of them in A ... seven in B"."""
    totals = list(accumulate(map(dead, later)))
    parts = later[: totals.index(whole) + 1] if whole in totals else []
    return parts if _are_several(parts) else []


def _are_several(parts: list[Draft]) -> bool:
    """Do they tell of more than one attack: in two towns, in turn, on two days?"""
    return len({_town(each) for each in parts}) > 1 or _in_turn(parts) or _on_days_of_their_own(parts)


def _on_days_of_their_own(parts: list[Draft]) -> bool:
    """ "Struck two targets, killing eight: one strike on 6 October killed two ..., a second on 18 October killed six", both in one province."""
    told = {each.occurred.edtf for each in parts if each.occurred}
    return len(parts) > 1 and len(told) == len(parts)


def _in_turn(parts: list[Draft]) -> bool:
    """ "The first strike killed three ..., the second killed ten": of places of which nothing more is said."""
    return len(parts) > 1 and all(each.other and not _town(each) for each in parts)


def _within(lead: Draft, whole: float, later: list[Draft]) -> list[Draft]:
    """ "18 died in the countryside of Aleppo: three in A, six in B": not all of them need be told."""
    own = towns(lead)
    if not _is_wide(lead) and (len(own) < 2 or not any(_town(each) in own for each in later)):
        return []
    told_anew = any(dead(each) >= whole or (len(own) == 1 and _town(each) in own) for each in later)
    vague = any(count.range.max is None for _, count in lead.killed)
    return [] if told_anew else [each for each, total in zip(later, accumulate(map(dead, later)), strict=True) if vague or total <= whole]


def _is_wide(draft: Draft) -> bool:
    """Is it of an area, or nowhere: what later ones may deal over its towns?"""
    place = best_site(draft)
    return place is None or place.locality.type in _AROUND or place.rank < 2 or _kind(place) in _WIDE


def _details(lead: Draft, drafts: list[Draft]) -> list[Draft]:
    """What the next sentences tell town by town of an attack that opens a report as one on a whole countryside, without a number."""
    place = best_site(lead)
    if lead is not drafts[0] or place is None or place.locality.type not in _AROUND or (lead.strikes and lead.strikes.max is not None):
        return []
    near = [each for each in drafts if 0 < each.lead - lead.lead <= FILLS]
    return [each for each in near if _town(each) and not each.definite and _may_be_part(lead, each)]


def towns(draft: Draft) -> set[frozenset[str]]:
    """All that it names, without those who speak and what its places lie in."""
    holders = {site.locality.within.span for site in draft.sites if site.locality.within}
    return {site.names for site in draft.sites if site.rank >= 2 and not site.locality.aside and site.span not in holders}


def _town(draft: Draft) -> frozenset[str] | None:
    site = best_site(draft)
    return site.names if site is not None and site.rank >= 2 and site.locality.type not in _AROUND else None


def _kind(site: Site) -> str | None:
    return site.locality.anchors[0].kind if site.locality.anchors else None


def _parts(summary: Draft, later: list[Draft]) -> list[Draft]:
    strikes = summary.strikes
    if strikes is None or strikes.min is None or strikes.min < 2 or summary.definite or summary.factuality == "denied":
        return []
    candidates = [each for each in later if _may_be_part(summary, each)]
    listed = [when for date in summary.dates for when in date.list_days]
    if listed:
        dated = [each for each in candidates if each.occurred and any(each.occurred.earliest == when.earliest for when in listed)]
        if len(dated) >= 2:
            return dated
    inside = [each for each in candidates if any(holds(wide, site) for wide in summary.sites for site in each.sites)]
    if len(inside) >= 2 and strikes.max == sum(each.strikes.max or 0 for each in inside if each.strikes):
        return inside  # "two air strikes in Rakhine": one in one township, one in another
    if told := _exact_parts(strikes, [each for each in candidates if each.lead - summary.lead <= FILLS and _lies_there(each, summary)]):
        return told  # "twelve raids on Sanaa: ten on a camp, two on a ministry"
    if any(site.rank >= 2 for site in summary.sites) and not _killed_sum_fits(summary, candidates):
        ordered = [each for each in candidates if each.other and each.sites and each.lead - summary.lead <= FILLS]  # "the first ..., the second ..."
        return ordered if sum(each.strikes.max or 0 for each in ordered if each.strikes) == strikes.max else []
    own = [each for each in candidates if any(site.rank >= 2 for site in each.sites) or each.occurred or each.shift is not None or (each.other and each.killed)]
    return own if len(own) >= 2 and _adds_up(strikes, own) else _exact_parts(strikes, own)


def _lies_there(part: Draft, summary: Draft) -> bool:
    """May an attack be in the town or the province that a sum names? "Four southwest of Kobani" are no three northeast of it and one near Raqqa."""
    one, other = best_site(summary), best_site(part)
    if one is None or other is None or one.locality.type not in ("F", "region"):
        return False
    return not apart(one, other) or _town(part) in towns(summary)


def _adds_up(strikes: Range, parts: list[Draft]) -> bool:
    """Do the parts together make no more than the sum?"""
    total = sum(each.strikes.min or 1 if each.strikes else 1 for each in parts)
    return strikes.max is None or total == strikes.max or (total < strikes.max and all(each.strikes for each in parts))


def _exact_parts(strikes: Range, parts: list[Draft]) -> list[Draft]:
    """The first of the parts that together make just the sum."""
    chosen: list[Draft] = []
    total = 0.0
    for part in parts:
        if part.strikes is not None and part.strikes.max is not None:
            chosen.append(part)
            total += part.strikes.max
        if total == strikes.max and len(chosen) >= 2:
            return chosen
    return []


def _may_be_part(summary: Draft, draft: Draft) -> bool:
    if draft.earlier or draft.factuality == "denied":
        return False
    if summary.occurred and draft.occurred and not overlap(summary.occurred, draft.occurred):
        return False
    said = [date.when.latest for date in summary.reported if date.when and date.when.latest]
    if draft.occurred and draft.occurred.earliest and said and draft.occurred.earliest > max(said):
        return False
    other = best_site(draft)
    return other is None or not summary.sites or not all(country_conflict(site, other) for site in summary.sites)


def _killed_sum_fits(summary: Draft, parts: list[Draft]) -> bool:
    if not summary.killed:
        return bool(summary.wounded) and _makes(summary.wounded, [part.wounded for part in parts])
    return _makes(summary.killed, [part.killed for part in parts])


def _makes(whole: list[tuple[int, Count]], parts: list[list[tuple[int, Count]]]) -> bool:
    sums = [told.min or 0 for part in parts if (told := toll(part))]
    return len(sums) >= 2 and sum(sums) == whole[0][1].range.min


def inherit(part: Draft, summary: Draft) -> None:
    """A part takes day, announcement, actors and targets of its sum where it has none."""
    part.of = summary
    if part.occurred is None and not any(date.list_days for date in summary.dates):
        part.occurred = summary.occurred
        part.dates.extend(summary.dates)
    part.reported.extend(each for each in summary.reported if each not in part.reported)
    for role in ("actor", "target"):
        told = [actor for actor in summary.actors if actor.role == role and actor.kind != "SITE"]
        hands = {str(actor.id).partition("_")[0] for actor in told}
        if len(hands) == 1 and not any(actor.role == role and actor.kind != "SITE" for actor in part.actors):  # of two hands nobody can say which
            part.actors.extend(told)
    if not part.sites:
        part.sites.extend(summary.sites)


def settle_dates(draft: Draft) -> None:
    """Choose the day again once all sentences are read."""
    if draft.occurred is None:
        draft.occurred = choose_date(draft.dates)
