"""The attacks that one sentence tells of: its clauses, the places and days among which it deals its dead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from msgspec.structs import replace

from geomap.assembly.clauses import segments
from geomap.assembly.dealing import beside, by_place, by_target, by_turns, part
from geomap.assembly.drafts import Draft, add_counts, choose_date, overlap
from geomap.assembly.places import share_anchor
from geomap.assembly.scenes import Scene, Site, gap, within
from geomap.assembly.sites import of_the_attack
from geomap.model import Actor, Count, Date, Range, Span, Trigger, When

_BESIDE = 2  # characters between a day and the clause that it dates
_DAYS = 3  # before it is told, news happens
_OPENING = 7  # characters of "Just a day" and the like, with which a sentence opens that counts its own day


def read(scene: Scene, number: int) -> list[Draft]:
    """The attacks that one sentence tells of."""
    drafts: list[Draft] = []
    for span, triggers in segments(scene):
        aside = beside(scene, _until_another(scene, span, triggers), triggers)
        own = Span(span.start, aside[0].start) if aside else span
        struck = [each for each in aside if not any(count.otherwise and within(each, count.span.start) for count in scene.counts)]
        parts = [_draft(scene, number, own, triggers), *(part(scene, number, each, triggers[0]) for each in struck)]
        _share_raids(parts, own, scene)
        parts = [draft for each in parts for draft in by_place(each, scene, number)]
        parts = [draft for each in parts for draft in by_turns(each, scene, number)]
        drafts.extend(one for each in parts for target in by_target(each, scene, number) for day in by_day(target) for one in _by_spot(day))
    _share_day(drafts)
    _share_place(drafts)
    _share_hand(drafts, scene)
    said = [date for date in scene.dates if date.use == "statement"]
    recalled = any(date.relation == "event" and (date.days or 0) < 0 for date in said)  # "a week earlier, the army said a strike killed two"
    for draft in drafts:
        some_days_ago = any(date.relation == "relative" and (date.days or 0) < 0 for date in draft.dates)
        draft.reported, draft.earlier = said, draft.earlier or ((recalled or some_days_ago) and not draft.definite)
    return drafts


def _share_day(drafts: list[Draft]) -> None:
    """One day said once in a sentence holds for all its attacks: "12 strikes near Raqqa and two near Kobani on Tuesday"."""
    dated = [draft for draft in drafts if draft.occurred]
    if len(dated) != 1:
        return
    if dated[0] is not drafts[0] and any(count.total or count.rival for _, count in dated[0].killed):
        return  # "jets raided A, while the toll of yesterday's attack on B rose to 60"
    own = min((date.span.start for date in dated[0].dates if date.use == "event"), default=0)
    before = drafts[drafts.index(dated[0]) - 1].triggers[-1].span.end if dated[0] is not drafts[0] else 0
    inner = before < own < dated[0].triggers[-1].span.start  # "the raid on A comes after others, as jets carried out on Sunday two raids on B"
    for draft in drafts[drafts.index(dated[0]) :] if dated[0].earlier else drafts:
        before_it = inner and drafts.index(draft) < drafts.index(dated[0])
        if not (before_it or draft.occurred or draft.definite or draft.earlier or draft.framed or draft.shift is not None):
            draft.occurred, draft.earlier, draft.lent = dated[0].occurred, dated[0].earlier, True


def _share_place(drafts: list[Draft]) -> None:
    """ "Two raids near Mosul on Monday, four on Tuesday killed nine": a number of raids with a day of its own, and no place but the one just told."""
    for before, after in pairwise(drafts):
        counted = after.strikes is not None and after.strikes.max is not None and not (after.definite or after.earlier)
        if counted and not after.sites and after.occurred and before.occurred and before.sites and not overlap(before.occurred, after.occurred):
            after.sites.extend(before.sites)
            after.remarks.append("place taken from the attack told before")


def _share_raids(parts: list[Draft], own: Span, scene: Scene) -> None:
    """ "The jets' raids killed five in A, three in B": what raids, of which nobody says how many, did in several towns is of one hand."""
    first, *others = parts
    turn = min((turn for turn in scene.passage.turns if turn >= own.end), default=scene.passage.span.end)
    several = first.strikes is not None and first.strikes.max is None
    for each in others if several else ():
        if each.killed and all(count.span.start < turn for _, count in each.killed):
            each.actors.extend(actor for actor in first.actors if actor.role == "actor")


def _share_hand(drafts: list[Draft], scene: Scene) -> None:
    """ "Jets of the coalition hit A with three raids, and B with two": the number of raids alone, without a hand or a verb, is of the same hand."""
    for before, after in pairwise(drafts):
        hand = [actor for actor in before.actors if actor.role == "actor"]
        bare = all(each.form == "noun" and each.count and each.count.max is not None for each in after.triggers) and not (after.definite or after.earlier or any(actor.kind != "PEOPLE" for actor in after.actors))
        turned = any(before.triggers[-1].span.end <= turn <= after.triggers[0].span.start for turn in scene.passage.turns)
        if hand and bare and not turned and after.factuality == before.factuality:
            after.actors.extend(hand)


def _draft(scene: Scene, number: int, span: Span, triggers: tuple[Trigger, ...]) -> Draft:
    draft = Draft([scene.passage], list(triggers), lead=number, last=number)
    draft.strikes = _strikes(triggers, scene)
    apart = list(_told_aside(scene))
    inside = [date for date in scene.dates if within(span, date.span.start) and not any(within(each, date.span.start) for each in apart)]
    if triggers[0].definite and (turn := _turn(scene, triggers)) is not None:
        inside = [date for date in inside if date.span.start < turn]
    since = _since(scene, triggers)
    inside = [date for date in inside if since is None or since.days is not None or date.span.start >= since.span.start]
    draft.dates = _nearest_first([date for date in inside if date.use == "event"], triggers)
    draft.framed = any(date.use == "frame" for date in inside) and not draft.dates
    span = _until_another(scene, span, triggers)
    sites = [site for site in scene.sites if within(span, site.span.start) and not any(within(each, site.span.start) for each in apart)]
    sites = _after_turn(scene, sites, triggers)
    later = [site for site in sites if since is not None and site.span.start > since.span.end and site.rank >= 2 and not site.locality.aside]
    sites = [site for site in sites if since is None or site.span.start > since.span.end] if later else sites
    draft.sites = of_the_attack(_before_turn(scene, sites, triggers))
    told = _without_aside(scene, [count for count in scene.counts if within(span, count.span.start)], triggers)
    add_counts(draft, [count for count in told if not (draft.framed and count.total)], number)  # "9,000 since October"
    if all(site.locality.aside for site in draft.sites):
        draft.sites, draft.spoken = [], [] if draft.definite else draft.sites
    answered = list(_told_aside(scene, answered=True))  # "came shortly after an attack by the group": whose it was is not who struck
    answered.extend(_threats(scene))
    draft.actors = [actor for actor in scene.actors if within(span, actor.span.start) and not any(within(each, actor.span.start) for each in answered)]
    beside = [actor for actor in draft.actors if actor.role == "actor" and any(within(each, actor.span.start) for each in apart)]
    if any(actor.role == "actor" and actor not in beside for actor in draft.actors):  # "Libya and others carry out raids, and 40 died when jets of the U.S. struck": whose jets it was
        draft.actors = [actor for actor in draft.actors if actor not in beside]
    same = [each for each in scene.same if within(span, each.span.start)]
    draft.same, draft.craft = bool(same), bool(same) and all(each.id == "craft" for each in same)
    draft.earlier = any(each.earlier for each in triggers)
    draft.other = any(each.other for each in triggers)
    draft.along = any(each.along for each in triggers)
    draft.occurred = choose_date(draft.dates)
    _shift(draft, scene, span)
    return draft


def _since(scene: Scene, triggers: tuple[Trigger, ...]) -> Date | None:
    """ "The deaths overnight in A come less than a week after a strike killed nine in B": what the attack is counted from, with a place and a day of its own."""
    first = triggers[0].span.start
    told = [date for date in scene.dates if date.toward and date.relation == "event" and date.span.end <= first]
    return told[-1] if told and _told_of(told[-1], scene, list(triggers)) else None


def _told_aside(scene: Scene, *, answered: bool = False) -> Iterator[Span]:
    """The clauses of attacks that are no event: "the jihadist who masterminded an attack in 2013", "who were preparing a raid on Jufra".

    All of them, or those alone that the attack told here answers.
    """
    ends = (*scene.passage.breaks, scene.passage.span.end)
    told = [each.span.start for each in scene.triggers if each.use == "event"]
    for each in scene.triggers:
        if each.use != "event" and (each.nobody or not answered):
            end = next((end for end in ends if end > each.span.end), scene.passage.span.end)
            if each.nobody:  # "in response to an attack on Aug. 15, when drones hit a base": its day is that of the drones
                end = next((date.span.start for date in scene.dates if 0 <= end - date.span.end <= _BESIDE), end)
            opening = max((first for first in scene.passage.breaks if first <= each.span.start), default=scene.passage.span.start)
            yield Span(each.span.start if any(opening <= start < end for start in told) else opening, end)


def _threats(scene: Scene) -> Iterator[Span]:
    """ "... amid fears of attacks by the group": from the words of an attack that may come to the end of their clause, whoever is named has not struck."""
    ends = (*scene.passage.breaks, scene.passage.span.end)
    for each in scene.triggers:
        if each.use == "plan":
            following = [other.span.start for other in scene.triggers if other.use == "event" and other.span.start > each.span.end]
            yield Span(each.span.start, min([end for end in ends if end > each.span.end] + following, default=scene.passage.span.end))


def told_plainly(scene: Scene) -> list[Count]:
    """What a sentence counts outside the clauses of attacks that are no event: "two cars were destroyed, and 11 charges found that were to hit us"."""
    apart = list(_told_aside(scene))
    return [count for count in scene.counts if not any(within(each, count.span.start) for each in apart)]


def _before_turn(scene: Scene, sites: list[Site], triggers: tuple[Trigger, ...]) -> list[Site]:
    """Where the sentence turns to something else after the words of the attack, the places that follow are not its own."""
    turn = _turn(scene, triggers)
    own = [site for site in sites if turn is None or site.span.end <= turn]
    told = triggers[0].definite  # "the raids were in response to an attack on a college in Mogadishu": where they fell was said before
    return own if told or any(site.rank for site in own) else sites


def _after_turn(scene: Scene, sites: list[Site], triggers: tuple[Trigger, ...]) -> list[Site]:
    """ "Air defences fired over A, while the shelling hit B": what was told before the sentence turns to the attack has its own place."""
    turn = max((position for position in scene.passage.turns if position <= triggers[0].span.start), default=None)
    own = [site for site in sites if turn is not None and site.span.start >= turn]
    towns = [site for site in own if site.rank >= 2 and site.span.start > triggers[0].span.end and not site.locality.aside]
    return own if towns else sites


def _turn(scene: Scene, triggers: tuple[Trigger, ...]) -> int | None:
    """Where the sentence turns to something else after the words of the attack."""
    last = max(each.span.end for each in triggers)
    return min((position for position in scene.passage.turns if position >= last), default=None)


def _without_aside(scene: Scene, counts: list[Count], triggers: tuple[Trigger, ...]) -> list[Count]:
    """ "60 died in a raid on A, while four were killed by a suicide bomber in B": where the sentence turns, others died."""
    last = max(each.span.end for each in triggers)
    turn = min((position for position in scene.passage.turns if position >= last), default=None)
    if turn is not None and triggers[0].definite and not any(count.span.start < turn for count in counts):
        return []  # "the raid came a day after 15 soldiers were abducted and killed"
    if turn is None or not (
        any(site.rank >= 2 and site.span.start >= turn for site in scene.sites)
        or any(actor.role == "source" and actor.span.start >= turn for actor in scene.actors)  # "while Turkey says that it killed three"
    ):
        return counts
    before = {count.what for count in counts if count.span.start < turn}
    return [count for count in counts if count.span.start < turn or "killed" not in before]


def _until_another(scene: Scene, span: Span, triggers: tuple[Trigger, ...]) -> Span:
    """The clause up to "a day after a truck bomb killed 79 in Mogadishu": what the attack is counted from is told there."""
    last = max(each.span.end for each in triggers)
    told = [date.span.start for date in scene.dates if date.toward and date.relation == "event" and last <= date.span.start < span.end]
    return Span(span.start, min(told)) if told else span


def _shift(draft: Draft, scene: Scene, span: Span) -> None:
    """ "Four days earlier, six strikes ...", "came two days after a raid ...": another attack, counted from the one before."""
    counted = next((date for date in draft.dates if date.relation == "event"), None)
    if counted is not None and counted.toward and draft.triggers[0].definite and draft.triggers[0].span.end <= counted.span.start:
        draft.dates = [date for date in draft.dates if date.span.end <= counted.span.start]
        draft.occurred = choose_date(draft.dates)  # "the strikes come more than a week after those of 3 May": that is the day of those
        return
    if counted is not None and _is_counted_from_no_attack(counted, scene, draft.triggers):
        draft.dates = [date for date in draft.dates if date is not counted]
        draft.occurred = choose_date(draft.dates)
        return
    if counted is None or (draft.triggers[0].definite and not draft.along and not (counted.toward and counted.span.start == span.start)):
        return
    if (after := _day_after(counted, scene, draft)) is not None:
        draft.occurred, draft.base, draft.shift, draft.months = None, after, -(counted.days or 0), -counted.months
        return
    if (told := _day_before_it_was_told(counted, scene)) is not None:
        draft.occurred = told
        return
    draft.other = True
    recalled = counted.toward and any(each.earlier and each.span.start >= counted.span.end for each in draft.triggers)
    refers_back = counted.toward and (_comes_after(counted, scene, span) or _told_of(counted, scene, draft.triggers) or _leads_to(counted, scene, draft.triggers))
    draft.earlier = draft.earlier or refers_back or (counted.days or 0) < 0
    if counted.days is not None:  # "it came a week after a similar strike": that one was a week before
        sign = -1 if refers_back or recalled else 1
        draft.shift, draft.months = sign * counted.days, sign * counted.months


def _is_counted_from_no_attack(counted: Date, scene: Scene, triggers: list[Trigger]) -> bool:
    """ "Jets struck A two days after the group claimed the attacks in Paris": of which nobody can say the day, and no other is counted from it."""
    if not counted.toward or counted.span.start < triggers[-1].span.end:
        return False
    later = [each for each in scene.triggers if each.span.start >= counted.span.end]
    dated = any(date.when and date.span.start >= counted.span.end for date in scene.dates)
    return bool(later) and all(each.use == "story" for each in later) and not dated


def _day_before_it_was_told(counted: Date, scene: Scene) -> When | None:
    """ "Announced on 18 February that it had carried out five strikes a day earlier": than it was announced, so the news itself."""
    said = [date.when for date in scene.dates if date.use == "statement" and date.when and date.span.end <= counted.span.start]
    when = said[-1] if said else None
    if counted.toward or counted.months or not -_DAYS <= (counted.days or 0) < 0 or when is None or when.earliest is None or when.latest is None:
        return None
    if any(date.use == "event" and date.when for date in scene.dates if date.span.start < counted.span.start):
        return None  # ... or than another attack
    step = timedelta(days=counted.days or 0)
    first, last = when.earliest + step, when.latest + step
    return When(first, last, str(first) if first == last else f"{first}/{last}", when.text, "counted from the day it was told", counted.span)


def _day_after(counted: Date, scene: Scene, draft: Draft) -> When | None:
    """ "Hundreds marched on Sunday, two days after an air strike ...": the day of what no attack was, from which that of the one attack is counted back."""
    if not counted.toward or not counted.days or any(each.span.start < counted.span.end for each in scene.triggers):
        return None
    last = draft.triggers[-1].span.end
    broken = min((position for position in scene.passage.breaks if position >= last), default=scene.passage.span.end)
    days = [date.when for date in draft.dates if date.when and (date.span.end <= counted.span.start or date.span.start >= broken)]
    own = any(date.when and counted.span.end <= date.span.start < broken for date in draft.dates)
    return days[0] if days and not own else None


def _comes_after(counted: Date, scene: Scene, span: Span) -> bool:
    return counted.span.start == span.start and any(each.span.end <= counted.span.start for each in scene.triggers)


def _leads_to(counted: Date, scene: Scene, triggers: list[Trigger]) -> bool:
    """ "Two days after a raid on A, jets struck B": the sentence opens with what the day of the other is counted from."""
    opens = counted.span.start - scene.passage.span.start <= _OPENING and counted.span.end <= triggers[0].span.start
    return opens and any(each.use == "event" and each.span.start > triggers[-1].span.end for each in scene.triggers)


def _told_of(counted: Date, scene: Scene, triggers: list[Trigger]) -> bool:
    """ "It came a day after a drone killed two": the one attack that the sentence tells is what the day is counted from."""
    opens = counted.span.start - scene.passage.span.start <= _OPENING
    last = triggers[-1].span.start
    broken = any(counted.span.end < position <= last for position in scene.passage.breaks)
    return not opens and not broken and all(each.span.start >= counted.span.end for each in scene.triggers)


def _strikes(triggers: tuple[Trigger, ...], scene: Scene) -> Range | None:
    told = tuple(each for each in triggers if each.event_type != "attack")
    counted = _number([each for each in told if each.count], scene)
    often = next((each.count for each in triggers if each.form == "verb" and each.count and (each.count.min or 0) > 1), None)
    if often is not None and counted is not None and counted.max is None and (counted.min or 0) <= (often.min or 0):
        return often  # "hit the airport three times with air strikes"
    return counted if counted is not None else _number([each for each in triggers if each.count], scene)  # "drones killed a chief in an attack"


def _number(triggers: list[Trigger], scene: Scene) -> Range | None:
    """How many strikes the words of a sentence make, those that tell something new before those of what is known."""
    exact = [each for each in triggers if each.count and each.count.max is not None]
    plain = [each for each in triggers if not each.definite]
    first = next((choice[0] for choice in ([each for each in exact if each in plain], plain, exact, triggers) if choice), None)
    counted = next((each for each in exact if each in plain and each.form == "noun" and each.count and (each.count.min or 0) > 1), None)
    if first is not None and counted is not None and first.form == "verb" and first.count == Range(1, 1):
        return counted.count  # "a drone hit the car in two strikes"
    if first is None or first.count != Range(1, 1) or first.form != "noun":
        return first.count if first else None
    several = next((each for each in plain if each.span > first.span and each.form == "noun" and each.count and each.count.max is None), None)
    dead = several and any(count.what == "killed" and first.span.end <= count.span.start < several.span.start for count in scene.counts)
    return several.count if several and dead else first.count  # "the last strike was on 19 January, when 80 were killed in air strikes"


def _nearest_first(dates: list[Date], triggers: tuple[Trigger, ...]) -> list[Date]:
    return sorted(dates, key=lambda date: min(gap(date.span.start, date.span.end, each) for each in triggers))


def by_day(draft: Draft) -> list[Draft]:
    """ "On 17 and 19 November, forces conducted a strike": one attack a day, where the days do not adjoin or their number fits."""
    listed = next((date for date in draft.dates if len(date.list_days) > 1), None)
    turns = _in_turn(draft, listed) if listed else []
    if listed is None or not (turns or (draft.strikes is not None and draft.strikes.max in (1, len(listed.list_days)))):
        return [draft]
    found: list[Draft] = []
    for when in listed.list_days:
        one = Draft(list(draft.passages), list(draft.triggers), Range(1, 1), list(draft.dates), list(draft.reported), list(draft.sites),
                    list(draft.killed), list(draft.wounded), list(draft.vehicles), list(draft.actors), when, lead=draft.lead)  # fmt: skip
        one.other, one.earlier = True, draft.earlier
        for told in (one.killed, one.wounded):
            dealt = [count.in_turn for _, count in told] == [True] * len(listed.list_days)
            summed = (draft.strikes is not None and (draft.strikes.max or 0) > 1) or any(count.in_turn for _, count in told)  # "on the 19th and 24th, killing 19": on both together
            told[:] = told[len(found) : len(found) + 1] if dealt else [] if summed else told  # "killing eight and eleven, respectively"
        if turns:
            count, group = turns[len(found)]
            others = [actor for actor in draft.actors if actor.kind != "GROUP" or actor.role not in ("target", None)]
            one.remarks.append("as many groups as days: taken to be told in turn")
            one.killed, one.actors = [count], [*others, replace(group, role="target")]
        found.append(one)
    return found


def _by_spot(draft: Draft) -> list[Draft]:
    """ "Two strikes hit positions 30 km north of A on Tuesday and 45 km northwest of A on Thursday": one at each."""
    spots = [site for site in draft.sites if site.rank >= 2 and not site.locality.aside]
    apart = len(spots) == 2 and all(site.legs for site in spots) and spots[0].legs != spots[1].legs and share_anchor(*spots)
    if not apart or draft.strikes != Range(2, 2) or draft.killed or draft.wounded or draft.vehicles or draft.definite:
        return [draft]
    told = [date for date in draft.dates if date.use == "event" and date.when]
    each_day = len(told) == 2 and told[0].span.end <= spots[1].span.start < told[1].span.start
    days = [[date] for date in told] if each_day else [told, told]
    both = [
        Draft(list(draft.passages), list(draft.triggers), Range(1, 1), list(when), list(draft.reported), [site], actors=list(draft.actors), earlier=draft.earlier, lead=draft.lead)
        for site, when in zip(spots, days, strict=True)
    ]
    for one, when in zip(both, days, strict=True):
        one.occurred = when[0].when if each_day else draft.occurred
    both[1].other = True
    return both


def _in_turn(draft: Draft, listed: Date) -> list[tuple[tuple[int, Count], Actor]]:
    """ "On June 6 and 13, the US killed four fighters of one group and a member of another": as many dead of a group of their own as days, in turn."""
    told = sorted((each for each in draft.killed if each[1].span > listed.span), key=lambda each: each[1].span)
    groups = sorted((actor for actor in draft.actors if actor.kind == "GROUP" and actor.role in ("target", None) and actor.span > listed.span), key=lambda actor: actor.span)
    if not len(listed.list_days) == len(told) == len(draft.killed) or len({group.id for group in groups}) != len(told):
        return []
    ends = [*(count.span.start for _, count in told[1:]), draft.passages[-1].span.end]
    own = [[group for group in groups if count.span.start <= group.span.start < end] for (_, count), end in zip(told, ends, strict=True)]
    return [(each, mine[0]) for each, mine in zip(told, own, strict=True)] if all(own) else []


def days_told_after(draft: Draft) -> list[Draft]:
    """ "Two air strikes last week ... The strikes took place on 31 May and 1 June": the days of a sum are told in the next sentence."""
    listed = next((date for date in draft.dates if len(date.list_days) > 1), None)
    if listed is not None and draft.factuality == "asserted" and _in_turn(draft, listed):
        return by_day(draft)
    several = draft.strikes is not None and draft.strikes.max is not None and draft.strikes.max > 1
    harmed = draft.killed or draft.wounded or draft.vehicles
    if listed is None or not several or harmed or draft.earlier or draft.of or draft.factuality != "asserted" or draft.occurred is None:
        return [draft]
    return by_day(draft) if draft.occurred.earliest == listed.list_days[0].earliest else [draft]
