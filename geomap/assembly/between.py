"""What stands between two words of an attack in one sentence, and whether it parts them."""

from __future__ import annotations

from geomap.assembly.drafts import head_of
from geomap.assembly.scenes import Scene, spelling
from geomap.model import Actor, Date, Range, Trigger

_BESIDE = 2  # characters between a day and the strike that it names
_ON = 4  # ... and of "on" between the verb and its day
_SEVERAL = 3  # the most that a plural without a number is taken to mean at least
_FRONT = 7  # characters of "and in "


def event_date(scene: Scene, first: int, last: int) -> Date | None:
    """A date between two positions that belongs to what follows ("less than a week after", "since May, when")."""
    between = (date for date in reversed(scene.dates) if first <= date.span.start < last)
    return next((date for date in between if date.relation == "event" or date.toward), None)


def own_day(scene: Scene, trigger: Trigger, after: int) -> Date | None:
    """ "Today's strike is the first since the Nov. 12 strike", "a strike on 1 July ... and a strike on 4 July": a day beside the words of the attack itself, not that of the one before."""
    fresh = trigger.form == "verb" or (trigger.count == Range(1, 1) and not trigger.definite)
    own = next((date for date in scene.dates if date.span.start >= after and (
        0 < trigger.span.start - date.span.end <= _BESIDE or (fresh and 0 < date.span.start - trigger.span.end <= _ON)
    )), None)  # fmt: skip
    if own is None or own.when is None:
        return None
    first = min(own.span.start, trigger.span.start)
    told = [date.when for date in scene.dates if date.span.end <= first and date.use == "event" and date.when]
    return own if told and own.when.earliest != told[-1].earliest else None


def other_hand(scene: Scene, before: Trigger, trigger: Trigger) -> Actor | None:
    """ "Thailand launched air strikes as Cambodia fired rockets": who struck next, where it is another than the one before."""
    acting = [actor for actor in scene.actors if actor.role == "actor" and actor.kind != "SIDE"]
    first = [actor for actor in acting if actor.span.end <= before.span.start]
    then = [actor for actor in acting if before.span.end <= actor.span.start and actor.span.end <= trigger.span.start]
    heads = {head_of(actor) for actor in first}
    if not first and any(actor.role == "actor" and actor.id == "army" and actor.span.end <= before.span.start for actor in scene.actors):
        return next((actor for actor in then if actor.kind == "GROUP" and broken(scene, before.span.end, actor.span.start)), None)  # "the military launched strikes after militants fired rockets"
    return next((actor for actor in then if head_of(actor) not in heads), None) if first else None


def exact(trigger: Trigger) -> bool:
    """Is a number said, "more than ten" too?"""
    return trigger.count is not None and (trigger.count.max is not None or (trigger.count.min or 0) > _SEVERAL)


def broken(scene: Scene, first: int, last: int) -> bool:
    """May a new clause begin between two positions?"""
    return any(first <= position <= last for position in scene.passage.breaks)


def front(scene: Scene, first: int, last: int) -> int | None:
    """ "In Rafah 17 died in a raid, and in Khan Younis six died in another": where a clause opens with a place of its own."""
    for position in reversed([each for each in scene.passage.breaks if first <= each < last]):
        opening = [site for site in scene.sites if site.rank >= 2 and 0 <= site.span.start - position <= _FRONT and site.span.end <= last]
        told = {name for site in scene.sites if site.rank >= 2 and site.span.end <= position for name in site.names}
        if opening and told and told.isdisjoint(opening[0].names) and opening[0].locality.type == "F" and not opening[0].locality.listed:
            return position
    return None


def suffered(scene: Scene, before: Trigger, trigger: Trigger) -> int | None:
    """ "Two raids on A, and the towns of B and C came under shelling": the break before the place that another attack has before its words."""
    start, end = before.span.end, trigger.span.start
    named = [site for site in scene.sites if site.rank >= 2 and not site.locality.aside]
    if any(end <= site.span.start for site in named):
        return None
    for position in reversed([each for each in scene.passage.breaks if start <= each < end]):
        own = [site for site in named if position <= site.span.start < end]
        if own:
            told = {name for site in named if site.span.end <= position for name in site.names}
            return position if told and not own[0].locality.listed and told.isdisjoint(own[0].names) else None
    return None


def places(scene: Scene, before: Trigger, trigger: Trigger, *, named_apart: bool = False) -> bool:
    """Has each of two triggers a place of its own after it? ``named_apart``: by another name?"""
    own = [site for site in scene.sites if before.span.end <= site.span.start < trigger.span.start]
    own = own if any(site.rank >= 2 for site in own) or before.event_type != trigger.event_type else []  # "the last raid in Libya ..., in raids on Sirte"
    turn = min((each for each in scene.passage.turns if each >= trigger.span.end), default=scene.passage.span.end)  # what follows a "while" is another's
    later = [site for site in scene.sites if trigger.span.end <= site.span.start < turn and (site.rank >= 2 or trigger.event_type != "attack")]
    told = frozenset().union(*(site.names for site in own))
    inside = [
        site for site in later
        if before.definite and site.locality.within and not told.isdisjoint(spelling(anchor.name) for anchor in site.locality.within.anchors)
    ]  # fmt: skip
    if named_apart and all(site.names <= told for site in later):
        return False
    return bool(own and len(later) > len(inside))  # "the aggression against A, by raids that hit a port in A": one


def towns_apart(scene: Scene, before: Trigger, trigger: Trigger) -> bool:
    """ "Hit a convoy in A, and carried out three raids on B": two towns, of which the text puts neither in the other."""
    sites = [site for site in scene.sites if site.rank >= 2 and site.locality.type in ("F", "F-near") and not site.locality.aside]
    own, later = [site for site in sites if before.span.end <= site.span.start < trigger.span.start], [site for site in sites if site.span.start >= trigger.span.end]
    named, then = ({name for site in each for name in (*site.names, *site.holders)} for each in (own, later))
    one_name = any(a <= b or b <= a for one in own for other in later for a in one.spellings for b in other.spellings)  # "in Misrata ..., with 13 raids on the airbase of Misrata"
    return bool(own and later) and named.isdisjoint(then) and not one_name
