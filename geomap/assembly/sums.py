"""Attacks first told as a sum ("eight strikes: four near Kobani, three near Raqqa ..."), which give way to their parts."""

from __future__ import annotations

from geomap.assembly.drafts import AROUND, Draft, choose_date, days, dead, head_of, overlap, toll
from geomap.assembly.hands import UNNAMED
from geomap.assembly.places import apart, called, country_conflict, holds, in_two_districts, is_division, is_seat, share_anchor
from geomap.assembly.sites import best_site
from geomap.model import Count, Range

DIVISIONS = ("country", "governorate")
_WIDE = ("country", "region", "governorate", "district")
DEALT = 6  # sentences over which the dead of a lead are dealt out
FILLS = 2  # sentences in which a lead without day and town may still be filled in


def dissolve(drafts: list[Draft]) -> list[Draft]:
    """Drop an attack that only sums up later ones ("eight strikes ... four near Kobani, three ...") and hand on what it knew."""
    kept = list(drafts)
    for summary in reversed(drafts):  # the sum of a country before that of all countries
        parts = _parts(summary, [each for each in kept if each is not summary and _may_follow(each, summary, _is_listed(summary, kept))])
        if len(parts) < 2 and (twin := _retold_in_a_town(summary, kept)) is not None:
            kept.remove(summary)
            inherit(twin, summary)
        if len(parts) < 2:
            continue
        kept.remove(summary)
        if _of_all(summary, parts):
            parts[-1].killed, parts[-1].wounded = [], []
        one_each = summary.strikes is not None and summary.strikes.max == len(parts)
        for part in parts:
            inherit(part, summary)
            if one_each and part.strikes is None:
                part.strikes = Range(1, 1)
    return kept


def _of_all(summary: Draft, parts: list[Draft]) -> bool:
    """ "Two strikes, one near A and one near B, killed twelve": nobody says how many in B, behind which alone they stand."""
    *others, last = parts
    harmed, place = [*last.killed, *last.wounded], best_site(last)
    bare = all(part.lead == summary.lead and part.triggers[0].bits is None for part in parts)  # "one", "another": no words of their own
    if not (bare and harmed and place) or any(part.killed or part.wounded for part in others):
        return False
    first = min(count.span.start for _, count in harmed)
    return any(place.span.end <= cut <= first for passage in last.passages for cut in passage.breaks)


def _retold_in_a_town(summary: Draft, drafts: list[Draft]) -> Draft | None:
    """ "In Syria, forces conducted six air strikes ... Near Hasakah, six air strikes hit": the one attack of just so many, in a town."""
    place, strikes = best_site(summary), summary.strikes
    if place is None or place.rank > 1 or summary.killed or summary.definite or strikes is None or strikes.max is None or strikes.max < 2:
        return None
    same = [each for each in drafts[drafts.index(summary) + 1 :] if each.strikes == strikes and town(each) and each.lead - summary.lead <= DEALT and may_be_part(summary, each)]
    return same[0] if len(same) == 1 and not same[0].killed else None


def _is_listed(draft: Draft, drafts: list[Draft]) -> bool:
    """ "Three raids on A, four on B and two on C", and then two on D: the four are one of a list, and no sum of twos; of a whole country they may be."""
    place = best_site(draft)
    if place is None or place.locality.type in AROUND or place.rank < 2 or called(place) in DIVISIONS or is_division(place):
        return False
    before = drafts[: drafts.index(draft)]
    return any(draft.passages[0] in each.passages and each.strikes is not None and each.strikes.max is not None for each in before)


def _may_follow(part: Draft, summary: Draft, listed: bool) -> bool:
    """May an attack be a part of a sum told before it? Of one of a list only in its own sentence, where it is of an area: "three on A, eight on the district of B, two of them on C"."""
    if part.lead != summary.lead:
        return part.lead > summary.lead and not listed
    return part.triggers[0].span.start > summary.triggers[0].span.start and not (listed and not is_wide(summary))


def on_days_of_their_own(parts: list[Draft]) -> bool:
    """ "Struck two targets, killing eight: one strike on 6 October killed two ..., a second on 18 October killed six", both in one province."""
    told = {each.occurred.edtf for each in parts if each.occurred}
    return len(parts) > 1 and len(told) == len(parts)


def is_wide(draft: Draft) -> bool:
    """Is it of an area, or nowhere: what later ones may deal over its towns?"""
    place = best_site(draft)
    seat = place is not None and called(place) is None and is_seat(place) and place.locality.type == "F"  # "across Gaza": the city, or the land; but "near Hasakah"
    return place is None or place.locality.type in AROUND or place.rank < 2 or called(place) in _WIDE or seat


def towns(draft: Draft) -> set[frozenset[str]]:
    """All that it names, without those who speak and what its places lie in."""
    holders = {site.locality.within.span for site in draft.sites if site.locality.within}
    return {site.names for site in draft.sites if site.rank >= 2 and not site.locality.aside and site.span not in holders}


def town(draft: Draft) -> frozenset[str] | None:
    """The names of the place it is at; None where that is a countryside, a country or nowhere."""
    site = best_site(draft)
    return site.names if site is not None and site.rank >= 2 and site.locality.type not in AROUND else None


def _parts(summary: Draft, later: list[Draft]) -> list[Draft]:
    strikes = summary.strikes
    if strikes == Range(1, 1) and (told := _in_order(summary, later)):
        return told
    if strikes is None or strikes.min is None or strikes.min < 2 or summary.factuality == "denied":
        return []
    if summary.definite:  # "the strikes were carried out on Tuesday. The first hit A, a second fell on B"
        bare = not (summary.sites or summary.killed or summary.wounded)
        if strikes.max is not None:  # "of the 14 strikes on Monday, eight were near A and six near B"
            return _exact_parts(strikes, [each for each in later if bare and each.lead - summary.lead <= FILLS and may_be_part(summary, each)])
        return [each for each in later if bare and each.other and each.sites and each.lead - summary.lead <= FILLS and may_be_part(summary, each)]
    candidates = [each for each in later if may_be_part(summary, each) and (each.lead > summary.lead or _lies_there(each, summary))]
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
    placeless = [each for each in candidates if each.strikes and each.strikes.max and not each.sites and 0 < each.lead - summary.lead <= FILLS + 1]
    harmed = any(each.killed or each.wounded for each in placeless) or not (summary.killed or summary.wounded)  # else the dead and the hurt would be nobody's
    if len(placeless) > 1 and harmed and sum(each.strikes.max or 0 for each in placeless if each.strikes) == strikes.max:
        return placeless  # "nine air strikes in Sirte ... Five of them were on the first day. Four subsequent air strikes ...": all of them there
    dated = [each for each in candidates if each.occurred and each.lead - summary.lead <= FILLS and (not each.sites or _is_told_in(each, summary))]
    if (told := _exact_parts(strikes, dated)) and on_days_of_their_own(told):
        return told  # "seven strikes on Sirte over three days: four on Friday, one on Saturday, two on Sunday"
    if told := _each_of_its_towns(summary, candidates):
        return told
    whole = Range(strikes.min - 1, strikes.min - 1) if strikes.max is None and strikes.min > FILLS + 1 else strikes
    if told := _exact_parts(whole, [each for each in candidates if each.lead == summary.lead]):
        return told  # "eleven raids on Sanaa, six of them on A and five on B", "more than six raids, four of them on A, ..."
    if (is_wide(summary) or len(towns(summary)) > 1) and len(told := _exact_parts(strikes, [each for each in candidates if each.lead - summary.lead <= DEALT])) > 2:
        return told  # "22 raids on three provinces", dealt over the next sentences
    near = [each for each in candidates if each.strikes and each.strikes.max and each.lead - summary.lead <= FILLS]
    if is_wide(summary) and len(near) > 2 and (strikes.max or 0) / 2 < sum(each.strikes.max or 0 for each in near if each.strikes) <= (strikes.max or 0):
        return near  # "twelve raids on the province: three on A, four on B, one on C": most of them
    if told := _over_its_towns(summary, strikes, candidates):
        return told
    if told := _exact_parts(strikes, [each for each in candidates if each.lead - summary.lead <= FILLS and _is_told_in(each, summary)]):
        return told  # "twelve raids on Sanaa: ten on a camp, two on a ministry"
    if told := _that_begin_there(summary, strikes, candidates):
        return told
    if any(site.rank >= 2 for site in summary.sites) and not _killed_sum_fits(summary, candidates):
        ordered = [each for each in candidates if each.other and each.sites and 0 < each.lead - summary.lead <= FILLS and not _in_other_district(each, summary)]  # "the first ..., the second ..."
        return ordered if sum(_strikes_of(each, summary) for each in ordered) == strikes.max else []
    own = [each for each in candidates if any(site.rank >= 2 for site in each.sites) or each.occurred or each.shift is not None or (each.other and each.killed)]
    return own if len(own) >= 2 and _adds_up(strikes, own) else _exact_parts(strikes, own)


def _in_order(summary: Draft, later: list[Draft]) -> list[Draft]:
    """ "A strike was carried out in A and B ... The first hit A, the second hit B": one after all, for each of its towns."""
    named = towns(summary)
    parts = [each for each in later if each.other and 0 < each.lead - summary.lead <= FILLS + 1 and town(each) in named and may_be_part(summary, each)]
    return parts if 1 < len(named) == len(parts) == len({town(each) for each in parts}) else []


def _that_begin_there(summary: Draft, strikes: Range, candidates: list[Draft]) -> list[Draft]:
    """ "Three strikes hit fighters in A: two killed two in A, and one killed two in B": the parts make just the sum, and the first is in its town."""
    told = _exact_parts(strikes, [each for each in candidates if 0 < each.lead - summary.lead <= FILLS])
    fresh = any(each.earlier or each.shift is not None or each.definite for each in told) or (bool(told) and (told[0].other or told[0].along))
    sided = any(site.locality.offsets for each in (summary, *told[:1]) for site in each.sites)  # four southwest of A are no three northeast of it and one near B
    there = bool(told) and not sided and town(told[0]) is not None and town(told[0]) in towns(summary) and any(town(each) != town(told[0]) for each in told[1:])
    return told if there and not fresh and sum(map(dead, told)) >= dead(summary) else []


def _inside_a_town(summary: Draft, candidates: list[Draft]) -> list[Draft]:
    """The attacks of the next sentences that the words put, by names of their own, into what a sum without dead names."""
    near = [each for each in candidates if each.strikes and not each.definite and 0 < each.lead - summary.lead <= FILLS]
    inside = [each for each in near if any(not site.holders.isdisjoint(wide.names) for wide in summary.sites for site in each.sites)]
    return inside if not summary.killed and len({town(each) for each in inside} - {None}) > 1 else []


def _in_turn_on_days(summary: Draft, later: list[Draft]) -> list[Draft]:
    """ "Drone attacks have killed four in Bayda: the first on Saturday ..., a day earlier another", "two strikes in July: on 1 July one, on 4 July one"."""
    strikes, place = summary.strikes, best_site(summary)
    if strikes is None or place is None or summary.shift or (summary.occurred and days(summary.occurred) <= FILLS):
        return []
    ones = [each for each in later if each.strikes == Range(1, 1) and 0 < each.lead - summary.lead <= DEALT and (each.occurred or each.shift)]
    all_dead = 0 < dead(summary) == sum(map(dead, ones))  # "13 died in two strikes ...": five in one, eight in the other
    told = [each for each in ones if all_dead or each.lead - summary.lead <= FILLS]
    if strikes.max is None:
        told = [each for each in told if each.other] if is_wide(summary) or is_division(place) else []
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
    if one is None or other is None or len(towns(summary)) > 1 or is_wide(summary) or is_division(one):
        return True
    if share_anchor(one, other) or not one.names.isdisjoint(other.holders):
        return True
    return not apart(one, other) if one.known and other.known else called(other) in (None, "site")


def _is_told_in(part: Draft, summary: Draft) -> bool:
    """May an attack be in the town or the province that a sum names? "Four southwest of Kobani" are no three northeast of it and one near Raqqa."""
    one, other = best_site(summary), best_site(part)
    if one is None or other is None or one.locality.type not in ("F", "region") or in_two_districts(one, other):
        return False
    return not apart(one, other) or town(part) in towns(summary)


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


def may_be_part(summary: Draft, draft: Draft) -> bool:
    """Do day, land, hand and number of dead leave it open that an attack is one of those summed up?"""
    if draft.earlier or draft.factuality == "denied" or _are_of_others(summary, draft):
        return False
    if summary.occurred and draft.occurred and not overlap(summary.occurred, draft.occurred):
        return False
    if 0 < dead(summary) < dead(draft) and draft.occurred:
        return False  # "20 died in two raids ... In 2015 a raid killed 131": more than the whole
    said = [date.when.latest for date in summary.reported if date.when and date.when.latest]
    if draft.occurred and draft.occurred.earliest and said and draft.occurred.earliest > max(said):
        return False
    other = best_site(draft)
    if summary.killed and _is_of_another_town(summary, draft):
        return False
    return other is None or not summary.sites or not all(country_conflict(site, other) for site in summary.sites)


def _is_of_another_town(summary: Draft, draft: Draft) -> bool:
    """ "Nine died in the town of A ... four in the town of B": not of the nine, though nobody may know where A is."""
    one, other = best_site(summary), best_site(draft)
    if one is None or other is None or len(towns(summary)) != 1 or not {called(one), called(other)} <= {"city", "village"} or one.locality.type != "F":
        return False
    return not share_anchor(one, other) and one.names.isdisjoint(other.holders) and holds(one, other) is False


def _are_of_others(summary: Draft, draft: Draft) -> bool:
    """ "Three died in Russian raids on the area of A ... one in a raid by planes of the regime on B": not of the three."""
    one, other = ({head_of(actor) for actor in each.actors if actor.role == "actor" and actor.kind == "NATION"} for each in (summary, draft))
    return bool(one and other) and one.isdisjoint(other)


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
        told = [actor for actor in summary.actors if actor.role == role and actor.kind not in UNNAMED]
        hands = {head_of(actor) for actor in told}
        if len(hands) == 1 and not any(actor.role == role and actor.kind not in UNNAMED for actor in part.actors):  # of two hands nobody can say which
            part.actors.extend(told)
    if not part.sites:
        part.sites.extend(summary.sites)


def settle_dates(draft: Draft) -> None:
    """Choose the day again once all sentences are read."""
    if draft.occurred is None:
        draft.occurred = choose_date(draft.dates)
