"""Attacks first told as a sum ("eight strikes: four near Kobani, three near Raqqa ..."), which give way to their parts."""

from __future__ import annotations

from itertools import accumulate

from geomap.assembly.drafts import Draft, choose_date, days, dead, hurt, overlap, toll
from geomap.assembly.places import apart, called, country_conflict, holds, in_two_districts, is_division, is_seat, share_anchor
from geomap.assembly.scenes import Site
from geomap.assembly.sites import best_site
from geomap.model import Count, Range

_AROUND = ("region", "region-part")
_DIVISIONS = ("country", "governorate")
_WIDE = ("country", "region", "governorate", "district")
_MOST_OF = 3  # the least share of a sum, as its divisor, that the towns over which it is dealt make
_DEALT = 6  # sentences over which the dead of a lead are dealt out
FILLS = 2  # sentences in which a lead without day and town may still be filled in


def dissolve(drafts: list[Draft]) -> list[Draft]:
    """Drop an attack that only sums up later ones ("eight strikes ... four near Kobani, three ...") and hand on what it knew."""
    kept = list(drafts)
    for summary in reversed(drafts):  # the sum of a country before that of all countries
        parts = _parts(summary, [each for each in kept if each is not summary and _may_follow(each, summary, _is_listed(summary, kept))])
        if len(parts) < 2:
            continue
        kept.remove(summary)
        one_each = summary.strikes is not None and summary.strikes.max == len(parts)
        for part in parts:
            inherit(part, summary)
            if one_each and part.strikes is None:
                part.strikes = Range(1, 1)
    return kept


def _is_listed(draft: Draft, drafts: list[Draft]) -> bool:
    """ "Three raids on A, four on B and two on C", and then two on D: the four are one of a list, and no sum of twos; of a whole country they may be."""
    place = best_site(draft)
    if place is None or place.locality.type in _AROUND or place.rank < 2 or _kind(place) in _DIVISIONS or is_division(place):
        return False
    before = drafts[: drafts.index(draft)]
    return any(draft.passages[0] in each.passages and each.strikes is not None and each.strikes.max is not None for each in before)


def _may_follow(part: Draft, summary: Draft, listed: bool) -> bool:
    """May an attack be a part of a sum told before it? Of one of a list only in its own sentence, where it is of an area: "three on A, eight on the district of B, two of them on C"."""
    if part.lead != summary.lead:
        return part.lead > summary.lead and not listed
    return part.triggers[0].span.start > summary.triggers[0].span.start and not (listed and not _is_wide(summary))


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
    summed = lead is drafts[0] and any(count.total for _, count in lead.killed)  # "the toll of the bombardment rose to 21": told before by others
    if (lead.definite and not summed) or lead.earlier or lead.factuality == "denied" or lead.of is not None:
        return []  # a part itself has none
    whole, others = dead(lead), sum(count.range.min or 0 for _, count in lead.killed if count.more)
    near = [each for each in drafts[drafts.index(lead) + 1 :] if each.lead - lead.lead <= _DEALT]
    near = [each for each in near if (dead(each) or hurt(each)) and (_town(each) or each.other or _is_one_more(each, lead)) and _may_be_part(lead, each)]
    later = [each for each in near if dead(each)]
    if hurt(lead) > 1 and (parts := _that_make((whole, hurt(lead)), near)):
        return parts
    if whole < 2:
        return [] if lead.killed else _details(lead, drafts)
    place = best_site(lead)
    if place is not None and place.locality.type in ("F", "F-near") and len(towns(lead)) < 2 and place.rank >= 2 and not (_kind(place) in _DIVISIONS or is_division(place)):
        later = [each for each in later if (site := best_site(each)) is None or not apart(place, site)]  # five in A are not three in B and two in C
    made = _that_make((whole, None), later) or (_that_make((whole - others, None), later) if others else [])  # "killed 16, with rockets killing three more"
    return made or _within(lead, whole, later)


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
    loose = (place := best_site(lead)) is not None and is_seat(place)  # "ten in Gaza City", after 50 across Gaza
    told_anew = any(dead(each) >= whole or (len(own) == 1 and _town(each) in own and not loose) for each in later)
    vague = any(count.range.max is None for _, count in lead.killed)
    few = sum(map(dead, later)) < whole / _MOST_OF  # "60 died in the valley ... two children died in A": hardly dealt out
    return [] if told_anew or few else [each for each, total in zip(later, accumulate(map(dead, later)), strict=True) if vague or total <= whole]


def _is_wide(draft: Draft) -> bool:
    """Is it of an area, or nowhere: what later ones may deal over its towns?"""
    place = best_site(draft)
    seat = place is not None and _kind(place) is None and is_seat(place)  # "across Gaza": the city, or the land of that name
    return place is None or place.locality.type in _AROUND or place.rank < 2 or _kind(place) in _WIDE or seat


def _details(lead: Draft, drafts: list[Draft]) -> list[Draft]:
    """What the next sentences tell town by town of an attack that opens a report as one on a whole countryside, without a number."""
    if told := _each_in_its_town(lead, drafts) or _rows(lead, drafts):
        return told
    place = best_site(lead)
    if lead is not drafts[0] or place is None or place.locality.type not in _AROUND or (lead.strikes and lead.strikes.max is not None):
        return []
    near = [each for each in drafts if 0 < each.lead - lead.lead <= FILLS]
    return [each for each in near if _town(each) and not each.definite and _may_be_part(lead, each)]


def _rows(lead: Draft, drafts: list[Draft]) -> list[Draft]:
    """ "Coalition aircraft carried out strikes on Wednesday. Near A, two strikes ... Near B, a strike ...": sentence by sentence numbers of a town each."""
    bare = not towns(lead) and lead.strikes is not None and lead.strikes.max is None
    told, last = list[Draft](), lead.lead
    for each in drafts[drafts.index(lead) + 1 :] if bare and lead is drafts[0] else ():
        row = each.strikes is not None and each.strikes.max is not None and _town(each) and not (each.definite or each.other)
        if not (row and last < each.lead <= last + FILLS and _may_be_part(lead, each)):
            break
        told.append(each)
        last = each.lead
    return told if len({_town(each) for each in told}) > 1 else []


def _each_in_its_town(lead: Draft, drafts: list[Draft]) -> list[Draft]:
    """ "Raids hit A and B. The strike on A killed eleven, that on B two": what the next sentences tell of every town of one without a number."""
    named = towns(lead)
    near = [each for each in drafts if 0 < each.lead - lead.lead <= FILLS and dead(each) and _may_be_part(lead, each)]
    told = [here for each in near if len(here := towns(each)) == 1]
    several = len(named) > 1 and len(told) == len(near) == len(named) and set().union(*told) == named
    return near if several and not (lead.strikes and lead.strikes.max == 1) else []


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
    if strikes is None or strikes.min is None or strikes.min < 2 or summary.factuality == "denied":
        return []
    if summary.definite:  # "the strikes were carried out on Tuesday. The first hit A, a second fell on B"
        bare = not (summary.sites or summary.killed or summary.wounded)
        if strikes.max is not None:  # "of the 14 strikes on Monday, eight were near A and six near B"
            return _exact_parts(strikes, [each for each in later if bare and each.lead - summary.lead <= FILLS and _may_be_part(summary, each)])
        return [each for each in later if bare and each.other and each.sites and each.lead - summary.lead <= FILLS and _may_be_part(summary, each)]
    candidates = [each for each in later if _may_be_part(summary, each) and (each.lead > summary.lead or _lies_there(each, summary))]
    listed = [when for date in summary.dates for when in date.list_days]
    if listed:
        dated = [each for each in candidates if each.occurred and any(each.occurred.earliest == when.earliest for when in listed)]
        if len(dated) >= 2:
            return dated
    inside = [each for each in candidates if any(holds(wide, site) for wide in summary.sites for site in each.sites)]
    if len(inside) >= 2 and strikes.max == sum(each.strikes.max or 0 for each in inside if each.strikes):
        return inside  # "two air strikes in Rakhine": one in one township, one in another
    if (told := _inside_a_town(summary, candidates)) and strikes.max is None:
        return told  # "raids on Sanaa: several on Sabaha, west of Sanaa, and on Thawra, north of it"
    if told := _in_turn_on_days(summary, later):
        return told
    dated = [each for each in candidates if each.occurred and each.lead - summary.lead <= FILLS and (not each.sites or _is_told_in(each, summary))]
    if (told := _exact_parts(strikes, dated)) and _on_days_of_their_own(told):
        return told  # "seven strikes on Sirte over three days: four on Friday, one on Saturday, two on Sunday"
    if told := _each_of_its_towns(summary, candidates):
        return told
    whole = Range(strikes.min - 1, strikes.min - 1) if strikes.max is None and strikes.min > FILLS + 1 else strikes
    if told := _exact_parts(whole, [each for each in candidates if each.lead == summary.lead]):
        return told  # "eleven raids on Sanaa, six of them on A and five on B", "more than six raids, four of them on A, ..."
    if (_is_wide(summary) or len(towns(summary)) > 1) and len(told := _exact_parts(strikes, [each for each in candidates if each.lead - summary.lead <= _DEALT])) > 2:
        return told  # "22 raids on three provinces", dealt over the next sentences
    near = [each for each in candidates if each.strikes and each.strikes.max and each.lead - summary.lead <= FILLS]
    if _is_wide(summary) and len(near) > 2 and (strikes.max or 0) / 2 < sum(each.strikes.max or 0 for each in near if each.strikes) <= (strikes.max or 0):
        return near  # "twelve raids on the province: three on A, four on B, one on C": most of them
    if told := _over_its_towns(summary, strikes, candidates):
        return told
    if told := _exact_parts(strikes, [each for each in candidates if each.lead - summary.lead <= FILLS and _is_told_in(each, summary)]):
        return told  # "twelve raids on Sanaa: ten on a camp, two on a ministry"
    if any(site.rank >= 2 for site in summary.sites) and not _killed_sum_fits(summary, candidates):
        ordered = [each for each in candidates if each.other and each.sites and 0 < each.lead - summary.lead <= FILLS and not _in_other_district(each, summary)]  # "the first ..., the second ..."
        return ordered if sum(_strikes_of(each, summary) for each in ordered) == strikes.max else []
    own = [each for each in candidates if any(site.rank >= 2 for site in each.sites) or each.occurred or each.shift is not None or (each.other and each.killed)]
    return own if len(own) >= 2 and _adds_up(strikes, own) else _exact_parts(strikes, own)


def _inside_a_town(summary: Draft, candidates: list[Draft]) -> list[Draft]:
    """The attacks of the next sentences that the words put, by names of their own, into what a sum without dead names."""
    near = [each for each in candidates if each.strikes and not each.definite and 0 < each.lead - summary.lead <= FILLS]
    inside = [each for each in near if any(not site.holders.isdisjoint(wide.names) for wide in summary.sites for site in each.sites)]
    return inside if not summary.killed and len({_town(each) for each in inside} - {None}) > 1 else []


def _in_turn_on_days(summary: Draft, later: list[Draft]) -> list[Draft]:
    """ "Drone attacks have killed four in Bayda: the first on Saturday ..., a day earlier another", "two strikes in July: on 1 July one, on 4 July one"."""
    strikes, place = summary.strikes, best_site(summary)
    if strikes is None or place is None or summary.shift or (summary.occurred and days(summary.occurred) <= FILLS):
        return []
    told = [each for each in later if each.strikes == Range(1, 1) and 0 < each.lead - summary.lead <= FILLS and (each.occurred or each.shift)]
    if strikes.max is None:
        told = [each for each in told if each.other] if _is_wide(summary) or is_division(place) else []
    apart = {each.occurred.edtf if each.occurred else str(each.shift) for each in told}
    whole = strikes.max in (None, len(told)) and sum(map(dead, told)) <= (dead(summary) or sum(map(dead, told)))
    return told if whole and 1 < len(told) == len(apart) else []


def _each_of_its_towns(summary: Draft, candidates: list[Draft]) -> list[Draft]:
    """ "Air strikes near Mosul Dam and Kobani": twelve near Mosul Dam, six near Kobani."""
    named = towns(summary)
    if len(named) < 2 or dead(summary) or summary.strikes is None or summary.strikes.max is not None:
        return []
    parts = [each for each in candidates if each.lead - summary.lead <= FILLS and each.strikes and each.strikes.max and len(towns(each) & named) == 1]
    return parts if len(parts) == len(named) and set().union(*(towns(each) for each in parts)) >= named else []


def _over_its_towns(summary: Draft, strikes: Range, candidates: list[Draft]) -> list[Draft]:
    """ "Fifty raids on Saada, Hajja, Hodeida and Taiz": more than 12 on Saada, more than 25 on Hajja, seven on Hays ..., so most of them."""
    named = [site for site in summary.sites if site.rank >= 2 and not site.locality.aside]
    if len(towns(summary)) < 2 or strikes.max is None or dead(summary):
        return []
    parts, met = list[Draft](), set[frozenset[str]]()
    for each in candidates:
        over = {wide.names for wide in named if any(share_anchor(wide, site) or holds(wide, site) for site in each.sites)}
        if over and over != {wide.names for wide in named}:
            parts.append(each)
            met |= over
    told = sum(each.strikes.min or 0 for each in parts if each.strikes)
    return parts if len(met) > 1 and strikes.max / 2 < told <= strikes.max else []


def _strikes_of(part: Draft, summary: Draft) -> float:
    """How many strikes a part is; "the first attack", in the words of the sum, is one."""
    if part.strikes is not None:
        return part.strikes.max or 0
    kinds = {trigger.event_type for trigger in summary.triggers}
    nouns = [trigger for trigger in part.triggers if trigger.form == "noun"]
    return 1 if nouns and all(trigger.event_type in kinds for trigger in nouns) else 0


def _lies_there(part: Draft, summary: Draft) -> bool:
    """May an attack be in the town that a sum of the same sentence names? "Two raids on A, and another on B", and then one on C: no two of B and C."""
    one, other = best_site(summary), best_site(part)
    if one is None or other is None or len(towns(summary)) > 1 or _is_wide(summary) or is_division(one):
        return True
    if share_anchor(one, other) or not one.names.isdisjoint(other.holders):
        return True
    return not apart(one, other) if one.known and other.known else called(other) in (None, "site")


def _is_told_in(part: Draft, summary: Draft) -> bool:
    """May an attack be in the town or the province that a sum names? "Four southwest of Kobani" are no three northeast of it and one near Raqqa."""
    one, other = best_site(summary), best_site(part)
    if one is None or other is None or one.locality.type not in ("F", "region") or in_two_districts(one, other):
        return False
    return not apart(one, other) or _town(part) in towns(summary)


def _in_other_district(part: Draft, summary: Draft) -> bool:
    """ "Five raids on the district of A ..., three raids on the district of B": not the first and the second of the five."""
    one, other = best_site(summary), best_site(part)
    return one is not None and other is not None and in_two_districts(one, other)


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
    if 0 < dead(summary) < dead(draft) and draft.occurred:
        return False  # "20 died in two raids ... In 2015 a raid killed 131": more than the whole
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
    if whole[0][1].vague:
        return False  # "dozens"
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
