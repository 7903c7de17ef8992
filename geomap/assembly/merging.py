"""Join the drafts that tell of one attack."""

from __future__ import annotations

from itertools import pairwise

from geomap.assembly.drafts import A_DAY, Draft, absorb, days, fits, is_before, near, overlap
from geomap.assembly.leads import deal
from geomap.assembly.likeness import SAME, likeness
from geomap.assembly.sums import FILLS, dissolve
from geomap.assembly.whereabouts import has_own_place
from geomap.model import Range

_ALONE = -1.5  # ... where there is no other that a definite one can mean
_HAPPENED = 8  # characters of "took place on", between an attack and its day


def merge_all(drafts: list[Draft]) -> list[Draft]:
    """Drafts of one attack joined, in the order they were first told."""
    kept: list[Draft] = []
    told = drafts[:1] + [draft for before, draft in pairwise(drafts) if not _is_told_no_more(draft, before)]
    for draft in deal(told):
        if _is_dealt_in_turn(draft, kept) or _speaks_of_all(draft, kept) or _dates_all(draft, kept):
            continue
        if (meant := _dated_by(draft, kept)) is not None:
            meant.triggers.extend(draft.triggers)
            meant.passages.extend(each for each in draft.passages if each not in meant.passages)
            continue
        scored = [(likeness(earlier, draft), -number, earlier) for number, earlier in enumerate(reversed(kept))]
        best = max(scored, key=lambda each: each[:2], default=None)
        if best and best[0] >= (_ALONE if len(kept) == 1 and _is_meant(draft, kept[0]) else SAME + 1.0 * _is_told_beside(draft, best[2], kept)):
            absorb(best[2], _without_old_toll(draft, best[2]))
        else:
            kept.append(draft)
    return dissolve(kept)


def _without_old_toll(draft: Draft, known: Draft) -> Draft:
    """ "71 died, he said on Thursday ... Sources had spoken on Wednesday of 40 dead and 25 hurt": numbers that are no longer right."""
    said = [[date.when for date in each.reported if date.when] for each in (draft, known)]
    if all(said) and all(is_before(one, other) for one in said[0] for other in said[1]):
        draft.killed, draft.wounded = ([] if own else told for own, told in ((known.killed, draft.killed), (known.wounded, draft.wounded)))
    return draft


def _dated_by(draft: Draft, kept: list[Draft]) -> Draft | None:
    """ "A raid killed eight, as the army retook the town on Saturday ... The bombing happened on Friday": the one told, where a sentence says no more than a day."""
    told = [each for each in kept if not each.earlier and each.factuality == draft.factuality]
    date = next((date for date in draft.dates if date.when == draft.occurred), None)
    if len(told) != 1 or not _only_dates(draft) or date is None or date.relation == "event" or any(each.shift is not None for each in kept):
        return None  # "on Tuesday, a day after jets hit A ... Monday's air strike": that of the day before
    when, said = told[0].occurred, draft.occurred
    if not (when and said) or overlap(when, said) or days(said) > A_DAY or not near(when, said, A_DAY):
        return None
    if date.span.start - draft.triggers[0].span.end >= _HAPPENED:  # but "today's strike is the second this week": only how many there were
        told[0].occurred = said
    return told[0]


def _is_told_beside(draft: Draft, earlier: Draft, kept: list[Draft]) -> bool:
    """ "The guns fired on A, while jets raided B", after an attack on C: the second of a sentence hardly goes on with one told before it."""
    beside = any(each.lead == draft.lead for each in kept if each is not earlier)
    town = any(site.rank >= 2 and site.locality.type == "F" for site in earlier.sites)
    return beside and town and earlier.lead < draft.lead and not draft.definite and has_own_place(draft, earlier)


def _is_meant(draft: Draft, only: Draft) -> bool:
    """ "The strikes", after one attack alone was told of: that one, wherever its quarter may lie; but not where others died."""
    if only.killed and draft.killed and has_own_place(draft, only) and not fits(only.killed[0][1].range, draft.killed[0][1].range):
        return False
    return draft.definite and not draft.other and draft.lead - only.lead <= FILLS and only.occurred is None and only.factuality == draft.factuality


def _is_told_no_more(draft: Draft, before: Draft) -> bool:
    """ "Strikes on three villages killed 15, as media reported further strikes elsewhere": others, of which nothing is said."""
    told = draft.sites or draft.killed or draft.wounded or draft.vehicles
    return draft.other and draft.lead == before.lead and not told and draft.shift is None and draft.strikes is not None and draft.strikes.max is None


def _is_dealt_in_turn(draft: Draft, kept: list[Draft]) -> bool:
    """ "The strikes occurred near A on Wednesday and near B on Thursday. They killed 11 and four people, respectively": each its own."""
    in_turn = [(number, count) for number, count in draft.killed if count.in_turn]
    singles = kept[-len(in_turn) :]
    if len(in_turn) < 2 or not draft.definite or len(singles) != len(in_turn) or any(site.rank >= 2 for site in draft.sites) or any(each.killed or each.lead != singles[0].lead for each in singles):
        return False
    for single, told in zip(singles, in_turn, strict=True):
        single.killed.append(told)
        single.triggers.extend(draft.triggers)
        single.actors.extend(draft.actors)
        single.passages.extend(each for each in draft.passages if each not in single.passages)
    return True


def _speaks_of_all(draft: Draft, kept: list[Draft]) -> bool:
    """ "Both strikes occurred near Fuqaha": what is said of the last two belongs to each of them."""
    plural = draft.definite and not draft.other and draft.strikes is not None and draft.strikes.min is not None and draft.strikes.min >= 2
    singles = [each for each in kept[-2:] if each.other] if plural else []
    if plural and len(singles) < 2 and draft.strikes is not None:
        singles = _that_make(draft.strikes, kept)
    if len(singles) < 2:
        return False
    for single in singles:
        strikes = single.strikes
        absorb(single, draft)
        single.strikes = strikes
    return True


def _dates_all(draft: Draft, kept: list[Draft]) -> bool:
    """ "All the strikes were conducted on Tuesday", after several of which no day was told: the day of each."""
    told = [each for each in kept if not each.earlier and each.factuality == draft.factuality]
    several = draft.strikes is None or draft.strikes.max is None
    if len(told) < 2 or not (several and draft.occurred and _only_dates(draft)) or any(each.occurred or each.shift is not None for each in told):
        return False
    for each in told:
        each.occurred = draft.occurred
        each.dates.extend(draft.dates)
        each.passages.extend(passage for passage in draft.passages if passage not in each.passages)
    return True


def _only_dates(draft: Draft) -> bool:
    """Does a sentence say no more than the day of what was told before?"""
    more = draft.killed or draft.wounded or draft.vehicles or any(site.rank >= 2 for site in draft.sites)
    fresh = draft.other or draft.earlier or draft.along or draft.shift is not None or len(draft.triggers) > 1
    return draft.definite and not more and not fresh


def _that_make(strikes: Range, kept: list[Draft]) -> list[Draft]:
    """ "All six": the last attacks told that together make the number."""
    total, chosen = 0.0, list[Draft]()
    for draft in reversed(kept):
        if draft.strikes is None or draft.strikes.max is None:
            return []
        chosen.append(draft)
        total += draft.strikes.max
        if total >= (strikes.min or 0):
            break
    return chosen if total == strikes.max else []


