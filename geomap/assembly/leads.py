"""Attacks told with a sum of dead, or on a whole countryside, which give way to those of the towns told next."""

from __future__ import annotations

from itertools import accumulate

from geomap.assembly.drafts import AROUND, Draft, dead, hurt
from geomap.assembly.places import apart, called, is_division, is_seat
from geomap.assembly.sites import best_site
from geomap.assembly.sums import DEALT, DIVISIONS, FILLS, inherit, is_wide, may_be_part, on_days_of_their_own, town, towns
from geomap.model import Range

_QUARTER = "neighbourhood"  # what a part of a town is called
_TOWNS = ("city", "village")
_FEW = 9  # dead: so few are soon the sum of others
_MOST_OF = 3  # the least share of a sum, as its divisor, that the towns over which it is dealt make


def deal(drafts: list[Draft]) -> list[Draft]:
    """Drop an attack whose dead later ones deal over several towns ("18 died in the countryside of Aleppo": three in A, six in B)."""
    kept = list(drafts)
    for lead in drafts:
        parts = _shares(lead, kept)
        if not _are_several(parts):
            continue
        kept.remove(lead)
        for spoken in [each for each in kept if _is_said_of_all(each, lead, parts)]:
            lead.sites = spoken.sites or lead.sites
            kept.remove(spoken)
        for part in parts:
            inherit(part, lead)
    return kept


def _is_said_of_all(draft: Draft, lead: Draft, parts: list[Draft]) -> bool:
    """ "Two attacks killed 11. The attacks took place in Mandi Khel. Seven died in the first ...": where all of them were."""
    several = draft.strikes is not None and (draft.strikes.min or 0) >= 2
    return draft.definite and several and not draft.killed and lead.lead < draft.lead <= min(part.lead for part in parts) and draft not in parts


def _shares(lead: Draft, drafts: list[Draft]) -> list[Draft]:
    """The attacks told after a sum of dead, each in a town of its own, that make it, or no more than it where it is of an area."""
    if (lead.definite and lead is not drafts[0]) or lead.earlier or lead.factuality == "denied" or lead.of is not None:
        return []  # a part itself has none
    whole, others = dead(lead), sum(count.range.min or 0 for _, count in lead.killed if count.more)
    near = [each for each in drafts[drafts.index(lead) + 1 :] if each.lead - lead.lead <= DEALT]
    recalled = [each for each in near if dead(each) and town(each) and _is_only_called_earlier(each)]
    near = [each for each in near if (dead(each) or hurt(each)) and (town(each) or each.other or _is_one_more(each, lead)) and may_be_part(lead, each)]
    later = [each for each in near if dead(each)]
    if hurt(lead) > 1 and (parts := _that_make((whole, hurt(lead)), near)):
        return parts
    if whole < 2:
        return [] if lead.killed else _details(lead, drafts)
    place = best_site(lead)
    if place is not None and place.locality.type in ("F", "F-near") and len(towns(lead)) < 2 and place.rank >= 2 and not (called(place) in DIVISIONS or is_division(place)):
        later = [each for each in later if (site := best_site(each)) is None or not apart(place, site)]  # five in A are not three in B and two in C
    made = _that_make((whole, None), later) or (recalled and _that_make((whole, None), [each for each in drafts if each in later or each in recalled])) or (_that_make((whole - others, None), later) if others else [])  # "killed 16, with rockets killing three more"
    if _is_chance(lead, made, drafts):
        return []
    return made if made or lead.definite else _within(lead, whole, later)  # "the strikes" that a report opens with: only where the parts make them


def _is_chance(lead: Draft, made: list[Draft], drafts: list[Draft]) -> bool:
    """ "Five died and six were hurt in A, four died and three were hurt in B, one died in C": one list, and no sum of the last two."""
    if not all(each.lead == lead.lead for each in made):
        return False
    if any(each.lead == lead.lead for each in drafts[: drafts.index(lead)]):
        return town(lead) is not None  # "sixteen in A, ten in B, six in C, four in D"
    row = all(count.placed for each in made for _, count in each.killed) and not any(called(site) == _QUARTER for each in made for site in each.sites)
    if made and row and town(lead) is not None and not is_wide(lead):
        return True  # "five in A and three in B and two in C"
    return any(called(site) in _TOWNS for site in lead.sites) and dead(lead) <= _FEW and 0 < sum(map(hurt, made)) < hurt(lead)


def _is_only_called_earlier(draft: Draft) -> bool:
    """ "Two died in the countryside: a woman in the shelling of A, and a man in an earlier raid on B": of no other day, as far as is told."""
    return draft.earlier and not draft.dates and draft.shift is None and draft.factuality == "asserted"


def _is_one_more(draft: Draft, lead: Draft) -> bool:
    """ "Raids on Tripoli killed five: three near a petrol station in A ..., two in the bombing of a police post": an attack of its own, wherever the post is."""
    several = lead.strikes is not None and (lead.strikes.min or 0) > 1
    return several and not (draft.definite or draft.sites) and draft.lead > lead.lead


def _that_make(whole: tuple[float, float | None], later: list[Draft]) -> list[Draft]:
    """ "At least 23 died in strikes on the border ... 16 of them in A ... seven in B"; "five died and four were hurt: five and three in A, one in B"."""
    for numbers in (dead, _round):
        totals = zip(accumulate(map(numbers, later)), accumulate(map(hurt, later)), strict=True)
        end = next((number for number, each in enumerate(totals, 1) if each == whole or (whole[1] is None and each[0] == whole[0])), 0)
        if _are_several(later[:end]):
            return later[:end]
    return []


def _round(draft: Draft) -> float:
    """ "80 died: more than 30 in A and more than 50 in B": the numbers themselves."""
    return dead(draft) - sum(count.rounded and count.range.max is None for _, count in draft.killed)


def _are_several(parts: list[Draft]) -> bool:
    """Do they tell of more than one attack: in two towns, in turn, on two days?"""
    return len({town(each) for each in parts}) > 1 or _in_turn(parts) or on_days_of_their_own(parts)


def _in_turn(parts: list[Draft]) -> bool:
    """ "The first strike killed three ..., the second killed ten": of places of which nothing more is said."""
    return len(parts) > 1 and all(each.other and not town(each) for each in parts)


def _within(lead: Draft, whole: float, later: list[Draft]) -> list[Draft]:
    """ "18 died in the countryside of Aleppo: three in A, six in B": not all of them need be told."""
    own = towns(lead)
    if lead.strikes == Range(1, 1) and not any(count.total for _, count in lead.killed):
        return []  # one strike is in no two towns, unless they make just its dead; "the toll rises to five after a raid": of more than it
    if not (is_wide(lead) or _is_over_quarters(lead, later)) and (len(own) < 2 or not any(town(each) in own for each in later)):
        return []
    loose = (place := best_site(lead)) is not None and is_seat(place)  # "ten in Gaza City", after 50 across Gaza
    told_anew = any(dead(each) >= whole or (len(own) == 1 and town(each) in own and not loose) for each in later)
    vague = any(count.range.max is None for _, count in lead.killed)
    few = sum(map(dead, later)) < whole / _MOST_OF  # "60 died in the valley ... two children died in A": hardly dealt out
    return [] if told_anew or few else [each for each, total in zip(later, accumulate(map(dead, later)), strict=True) if vague or total <= whole]


def _is_over_quarters(lead: Draft, later: list[Draft]) -> bool:
    """ "More than 20 died in air strikes on Aleppo: eight in the quarter of A, six in that of B"."""
    place, quarters = best_site(lead), [site for each in later if dead(each) and (site := best_site(each)) is not None and called(site) == _QUARTER]
    several = len({site.names for site in quarters}) > 1 and len(quarters) == len([each for each in later if dead(each)])
    return several and place is not None and called(place) != _QUARTER and lead.strikes != Range(1, 1)


def _details(lead: Draft, drafts: list[Draft]) -> list[Draft]:
    """What the next sentences tell town by town of an attack that opens a report as one on a whole countryside, without a number."""
    if told := _each_in_its_town(lead, drafts) or _rows(lead, drafts):
        return told
    place = best_site(lead)
    if lead is not drafts[0] or place is None or place.locality.type not in AROUND or (lead.strikes and lead.strikes.max is not None):
        return []
    near = [each for each in drafts if 0 < each.lead - lead.lead <= FILLS]
    return [each for each in near if town(each) and not each.definite and may_be_part(lead, each)]


def _rows(lead: Draft, drafts: list[Draft]) -> list[Draft]:
    """ "Coalition aircraft carried out strikes on Wednesday. Near A, two strikes ... Near B, a strike ...": sentence by sentence numbers of a town each."""
    bare = not towns(lead) and lead.strikes is not None and lead.strikes.max is None
    told, last = list[Draft](), lead.lead
    for each in drafts[drafts.index(lead) + 1 :] if bare and lead is drafts[0] else ():
        row = each.strikes is not None and each.strikes.max is not None and town(each) and not (each.definite or each.other)
        if not (row and last < each.lead <= last + FILLS and may_be_part(lead, each)):
            break
        told.append(each)
        last = each.lead
    return told if len({town(each) for each in told}) > 1 else []


def _each_in_its_town(lead: Draft, drafts: list[Draft]) -> list[Draft]:
    """ "Raids hit A and B. The strike on A killed eleven, that on B two": what the next sentences tell of every town of one without a number."""
    named = towns(lead)
    near = [each for each in drafts if 0 < each.lead - lead.lead <= FILLS and dead(each) and may_be_part(lead, each)]
    told = [here for each in near if len(here := towns(each)) == 1]
    several = len(named) > 1 and len(told) == len(near) == len(named) and set().union(*told) == named
    return near if several and not (lead.strikes and lead.strikes.max == 1) else []
