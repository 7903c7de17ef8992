"""The clauses of a sentence that each tell of one attack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from msgspec.structs import replace

from geomap.assembly.drafts import overlap
from geomap.assembly.places import INSTALLATIONS, apart, called, in_one_division
from geomap.assembly.scenes import Scene, Site, spelling
from geomap.model import FLOWN, Actor, Date, Range, Span, Trigger

_FIRED = frozenset(("missile_attack", "shelling"))
_CAUSED = 9  # characters of "as a result of"
_BESIDE = 2  # characters between a day and the strike that it names
_ON = 4  # ... and of "on" between the verb and its day
_SEVERAL = 3  # the most that a plural without a number is taken to mean at least
_GLUED = 1  # characters of an "and" that is written together with its verb
_FRONT = 7  # characters of "and in "
_AND = 12  # characters of "and three"


def segments(scene: Scene) -> Iterator[tuple[Span, tuple[Trigger, ...]]]:
    """Clauses of a sentence that each tell of one attack, with the triggers that tell it."""
    groups = _groups(scene)
    start = _first_start(scene, groups[0][0]) if groups else scene.passage.span.start
    for number, group in enumerate(groups):
        if number + 1 < len(groups):
            end = _boundary(scene, group, groups[number + 1])
        else:
            end = scene.passage.span.end
        yield Span(start, end), tuple(group)
        start = end


def _first_start(scene: Scene, trigger: Trigger) -> int:
    """ "A reporter was killed by gunmen, while a raid killed five": where other dead are told before the sentence turns to the attack."""
    turn = max((position for position in scene.passage.turns if position <= trigger.span.start), default=None)
    if turn is None or trigger.definite:
        return scene.passage.span.start
    before, after = ([count for count in scene.counts if count.what == "killed" and (count.span.start < turn) is side] for side in (True, False))
    return turn if before and after else scene.passage.span.start


def _groups(scene: Scene) -> list[list[Trigger]]:
    groups: list[list[Trigger]] = []
    for trigger in scene.triggers:
        if trigger.use != "event":
            continue
        if groups and _is_what_it_follows(step := _Step(scene, groups[-1], trigger)):
            groups.append([replace(trigger, earlier=True)])
            continue
        if groups and not _opens_another(step):
            groups[-1].append(trigger)
            continue
        verbs = _leading(scene, groups[-1], trigger) if groups else []
        apart = bool(verbs) and _exact(trigger) and _towns_apart(scene, verbs[-1], trigger)
        groups.extend([verbs, [trigger]] if apart else [[*verbs, trigger]])
    return groups


def _leading(scene: Scene, group: list[Trigger], trigger: Trigger) -> list[Trigger]:
    """ "Sixteen raids on A, and it hit B with two raids": the verb of the second clause goes with its noun."""
    at = next((number for number, each in enumerate(group) if number and _broken(scene, group[number - 1].span.end, each.span.start)), None)
    if at is None or trigger.form != "noun" or any(each.form == "noun" for each in group[at:]):
        return []
    if _broken(scene, group[-1].span.end, trigger.span.start) and any(group[at].span.end <= site.span.start < trigger.span.start for site in scene.sites):
        return []  # "two raids, which hit A, besides raids on B": which hit A goes with the two
    verbs, group[at:] = group[at:], []
    return verbs


@dataclass(frozen=True, eq=False)
class _Step:
    """From the words of one attack to the next words in the same sentence: do these tell of another?"""

    scene: Scene
    group: list[Trigger]  # of the attack before
    trigger: Trigger

    @property
    def before(self) -> Trigger:
        """The words just before."""
        return self.group[-1]

    @cached_property
    def nouns(self) -> list[Trigger]:
        """The nouns for the attack before."""
        return [each for each in self.group if each.form == "noun"]

    @cached_property
    def between(self) -> bool:
        """Does a clause end on the way?"""
        return _broken(self.scene, self.before.span.end, self.trigger.span.start)

    @cached_property
    def placed(self) -> bool:
        """Has each a place of its own after it?"""
        return _places(self.scene, self.before, self.trigger)

    @property
    def since(self) -> Trigger:
        """What the later words are held against: a noun against the last noun."""
        return self.nouns[-1] if self.nouns and self.trigger.form == "noun" else self.before


def _is_other(step: _Step) -> bool:
    """ "Another raid hit B"."""
    if not step.trigger.other or not (step.between or step.placed):
        return False
    return bool(step.nouns) or step.trigger.form == "verb" or (step.between and (step.placed or _set_apart(step.scene, step.trigger)))


def _is_recalled(step: _Step) -> bool:
    """ "After an earlier raid on A"; but "had already struck A in a raid": the noun to its verb."""
    own = step.before.form == "verb" and step.trigger.form == "noun" and not step.between
    return step.trigger.earlier and not (step.before.earlier or step.trigger.definite or own)


def _is_dated(step: _Step) -> bool:
    """ "Came a day after the raids that hit A": even what is known is another."""
    counted = event_date(step.scene, step.before.span.end, step.trigger.span.start)
    return counted is not None and (not step.trigger.definite or (counted.toward and bool(counted.days)))


def _is_of_another_day(step: _Step) -> bool:
    """ "After Sunday's raid on A, jets struck B on Tuesday", "hit A on Sunday, and on Monday it bombed B": each clause with a day and a place of its own."""
    scene, trigger = step.scene, step.trigger
    cut = max((each for each in scene.passage.breaks if step.before.span.end <= each <= trigger.span.start), default=None)
    if cut is None or trigger.definite or trigger.earlier:
        return False
    told = [date for date in scene.dates if date.use == "event" and (date.when or date.toward or date.days)]
    own, later = ([date for date in told if (date.span.start < cut) is side] for side in (True, False))
    if not (own and later) or later[0].toward or any(date.when and later[0].when and overlap(date.when, later[0].when) for date in own):
        return False
    return _places(scene, step.group[0], trigger, named_apart=True)


def _is_what_it_follows(step: _Step) -> bool:
    """ "The attack came hours after a funeral for two men, who were among 21 people killed in a strike on Saturday": the strike that killed them."""
    scene, before, trigger = step.scene, step.before, step.trigger
    if trigger.form != "noun" or before.form != "noun" or trigger.definite or not step.between:
        return False
    dead = [count for count in scene.counts if count.what == "killed"]
    killed = bool(dead) and all(before.span.end <= count.span.start < trigger.span.start and not count.total for count in dead)
    if any(site.rank >= 2 and site.span.start >= trigger.span.end for site in scene.sites):
        return False  # "seven died in a raid on A, four in a raid on B on Monday"
    told = [date for date in scene.dates if date.use == "event" and date.when]
    return killed and any(date.span.start >= trigger.span.end for date in told) and all(date.span.start >= trigger.span.end for date in told)


def _is_answer(step: _Step) -> bool:
    """ "And the army answered with shelling"."""
    return step.trigger.along and not step.before.along and (not step.trigger.definite or step.between)


def _is_known(step: _Step) -> bool:
    """ "The strike", or the verb of a strike that is known."""
    return step.trigger.definite or bool(step.nouns and step.nouns[-1].definite and step.trigger.form == "verb")


def _follows_known(step: _Step) -> bool:
    """ "The shelling of A comes after ..., as jets carried out two raids on B"."""
    known = step.trigger.form == "noun" and len(step.nouns) > 1 and step.before.definite and all(each.definite or each.other for each in step.nouns)
    return known and _exact(step.trigger) and step.between and _places(step.scene, step.group[0], step.trigger, named_apart=True)


def _is_closer(step: _Step) -> bool:
    """ "Bombed targets in the province of A, where it hit the district of B with three raids": in the province just told, of which no number was said."""
    if any(_exact(each) for each in step.nouns) or step.trigger.other or step.trigger.along or not step.between:
        return False
    towns = [site for site in step.scene.sites if site.rank >= 2 and site.locality.type == "F" and not site.locality.aside]
    own = [site for site in towns if step.group[0].span.end <= site.span.start < step.trigger.span.start and called(site) == "governorate"]
    later = next((site for site in towns if site.span.start >= step.trigger.span.end), None)
    return len(own) == 1 and later is not None and called(later) != "governorate" and in_one_division(own[0], later)


def _is_counted_apart(step: _Step) -> bool:
    """ "Three raids on A, and five raids on B"."""
    if step.trigger.form != "noun" or not _exact(step.trigger) or not _broken(step.scene, step.since.span.end, step.trigger.span.start):
        return False
    first = step.group[0]
    if not step.nouns:
        return step.trigger.event_type != "attack" and _towns_apart(step.scene, step.before, step.trigger)
    if not _exact(step.nouns[-1]) or _are_coordinated(step.scene, first, step.nouns[-1], step.trigger):
        return False
    counts = {(each.count.min, each.count.max) for each in (*step.nouns, step.trigger) if each.count and each.form == "noun"}
    return len(counts) > 1 or _towns_apart(step.scene, first, step.trigger)


def _has_own_dead(step: _Step) -> bool:
    """ "Two died in a raid on A, and four from the dropping of barrels on B": those stand right before what killed them."""
    first, last = step.before.span.end, step.trigger.span.start
    led = any(count.what == "killed" and first < count.span.start and 0 <= last - count.span.end <= _CAUSED for count in step.scene.counts)
    return led and not step.trigger.definite and _places(step.scene, step.group[0], step.trigger, named_apart=True)


def _is_suffered(step: _Step) -> bool:
    """ "Two raids on A, and the towns of B and C came under shelling"."""
    bombed = step.trigger.form == "verb" and step.trigger.event_type in ("bombing", "shelling") and step.before.form == "noun"  # "..., as the suburbs of B were bombarded"
    if not (step.trigger.form == "noun" or bombed) or not _broken(step.scene, step.since.span.end, step.trigger.span.start):
        return False
    return _suffered(step.scene, step.before, step.trigger) is not None


def _is_in_another_town(step: _Step) -> bool:
    """ "It carried out a raid on A, and bombed the town of B": a second verb after "and", in a town too far from the first to be a part of it."""
    pair = _joined_by_and(step)
    return pair is not None and step.trigger.form == "verb" and step.trigger.count is None and bool(step.nouns) and all(site.known for site in pair) and apart(*pair)


def _is_same_there(step: _Step) -> bool:
    """ "وقصف مطار نيالا", after "a raid on Nyala": a verb that is written like a noun, and an airport, a port, a barracks of the place just named."""
    pair = _joined_by_and(step)
    bare = step.trigger.form == "noun" and step.trigger.event_type == "bombing" and step.trigger.count is None and step.before.event_type in FLOWN
    if pair is None or not bare or not all(site.known for site in pair) or pair[1].span.start - step.trigger.span.end > _GLUED:
        return False
    return called(pair[1]) in INSTALLATIONS and pair[0].span.start > step.before.span.end and not apart(*pair)


def _joined_by_and(step: _Step) -> tuple[Site, Site] | None:
    """The place told last before an "and" that is written together with the later words, and the first after them."""
    if step.trigger.definite or not _broken(step.scene, step.trigger.span.start - _GLUED, step.trigger.span.start):
        return None
    sites = [site for site in step.scene.sites if site.rank >= 2 and not site.locality.aside and site.locality.type in ("F", "F-near")]
    own = [site for site in sites if step.group[0].span.end <= site.span.start < step.trigger.span.start]
    later = [site for site in sites if site.span.start >= step.trigger.span.end]
    return (own[-1], later[0]) if own and later and own[-1].names.isdisjoint(later[0].names) else None


def _is_placed_apart(step: _Step) -> bool:
    """Has each a clause and a place of its own, and are they words of one form?"""
    scene, group, before, trigger = step.scene, step.group, step.before, step.trigger
    between = _broken(scene, step.since.span.end, trigger.span.start)
    otherwise = trigger.event_type not in ("attack", "bombing", before.event_type)
    if trigger.form == "verb" and step.nouns and (trigger.along or (otherwise and _broken(scene, trigger.span.start - _GLUED, trigger.span.start))):
        return between and (_places(scene, group[0], trigger, named_apart=True) or _is_told_of_a_town_before(scene, group[0], trigger))
    flown = before.event_type in FLOWN and any(each.role == "actor" and each.span.end <= before.span.end for each in scene.actors)
    fired = flown and trigger.event_type in _FIRED  # "Israeli jets bombed A, and militants fired rockets at B"
    alike = (trigger.form == "noun") == bool(step.nouns) or before.other or fired
    return between and alike and _places(scene, step.since, trigger)


#: What later words of attack in a sentence are, in the order of asking, and whether they then open another attack.
_STEPS: tuple[tuple[Callable[[_Step], bool], bool], ...] = (
    (lambda step: (step.trigger.factuality == "denied") != (step.before.factuality == "denied"), True),
    (_is_other, True),
    (_is_recalled, True),
    (_is_dated, True),
    (lambda step: not step.trigger.definite and _other_hand(step.scene, step.before, step.trigger) is not None, True),
    (_is_answer, True),
    (_is_of_another_day, True),
    (lambda step: _own_day(step.scene, step.trigger, step.before.span.end) is not None, True),
    (lambda step: _turned(step.scene, step.before, step.trigger), True),
    (lambda step: not step.trigger.definite and _front(step.scene, step.before.span.end, step.trigger.span.start) is not None, True),
    (_is_known, False),
    (_follows_known, True),
    (_is_closer, False),
    (_is_counted_apart, True),
    (_is_suffered, True),
    (_is_in_another_town, True),
    (_is_same_there, False),
    (_has_own_dead, True),
    (_is_placed_apart, True),
)


def _opens_another(step: _Step) -> bool:
    return next((opens for holds, opens in _STEPS if holds(step)), False)


def event_date(scene: Scene, first: int, last: int) -> Date | None:
    """A date between two positions that belongs to what follows ("less than a week after", "since May, when")."""
    between = (date for date in reversed(scene.dates) if first <= date.span.start < last)
    return next((date for date in between if date.relation == "event" or date.toward), None)


def _own_day(scene: Scene, trigger: Trigger, after: int) -> Date | None:
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


def _other_hand(scene: Scene, before: Trigger, trigger: Trigger) -> Actor | None:
    """ "Thailand launched air strikes as Cambodia fired rockets": who struck next, where it is another than the one before."""
    acting = [actor for actor in scene.actors if actor.role == "actor" and actor.kind != "SIDE"]
    first = [actor for actor in acting if actor.span.end <= before.span.start]
    then = [actor for actor in acting if before.span.end <= actor.span.start and actor.span.end <= trigger.span.start]
    heads = {str(actor.id).partition("_")[0] for actor in first}
    if not first and any(actor.role == "actor" and actor.id == "army" and actor.span.end <= before.span.start for actor in scene.actors):
        return next((actor for actor in then if actor.kind == "GROUP" and _broken(scene, before.span.end, actor.span.start)), None)  # "the military launched strikes after militants fired rockets"
    return next((actor for actor in then if str(actor.id).partition("_")[0] not in heads), None) if first else None


def _exact(trigger: Trigger) -> bool:
    """Is a number said, "more than ten" too?"""
    return trigger.count is not None and (trigger.count.max is not None or (trigger.count.min or 0) > _SEVERAL)


def _broken(scene: Scene, first: int, last: int) -> bool:
    return any(first <= position <= last for position in scene.passage.breaks)


def _turned(scene: Scene, before: Trigger, trigger: Trigger) -> bool:
    """ "Jets bombed A, while helicopters dropped barrels on B": the clause after "while" has a place of its own."""
    turns = [position for position in scene.passage.turns if before.span.end <= position <= trigger.span.start]
    if not turns:
        return False
    days = [any(first <= date.span.start < last for date in scene.dates if date.use == "event") for first, last in (
        (scene.passage.span.start, turns[-1]), (turns[-1], scene.passage.span.end))]  # fmt: skip
    if (all(days) or _by_guns(before, trigger)) and not trigger.definite:
        return True
    own = {name for site in scene.sites if site.rank and site.span.end <= turns[-1] for name in site.names}
    known = before.definite and any(before.span.end <= count.span.start < turns[-1] for count in scene.counts)  # "the raids killed four, while jets struck B"
    later = {name for site in scene.sites if site.rank >= 2 and site.span.start >= turns[-1] for name in site.names}
    return bool(own or (known and not trigger.definite)) and bool(later - own)


def _by_guns(before: Trigger, trigger: Trigger) -> bool:
    """ "The town was shelled, while jets raided it": is one of two attacks by guns, and the other from the air?"""
    kinds = {before.event_type, trigger.event_type}
    return "shelling" in kinds and not kinds.isdisjoint(FLOWN)


def _front(scene: Scene, first: int, last: int) -> int | None:
    """ "In Rafah 17 died in a raid, and in Khan Younis six died in another": where a clause opens with a place of its own."""
    for position in reversed([each for each in scene.passage.breaks if first <= each < last]):
        opening = [site for site in scene.sites if site.rank >= 2 and 0 <= site.span.start - position <= _FRONT and site.span.end <= last]
        told = {name for site in scene.sites if site.rank >= 2 and site.span.end <= position for name in site.names}
        if opening and told and told.isdisjoint(opening[0].names) and opening[0].locality.type == "F" and not opening[0].locality.listed:
            return position
    return None


def _suffered(scene: Scene, before: Trigger, trigger: Trigger) -> int | None:
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


def _places(scene: Scene, before: Trigger, trigger: Trigger, *, named_apart: bool = False) -> bool:
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


def _is_told_of_a_town_before(scene: Scene, before: Trigger, trigger: Trigger) -> bool:
    """ "Four died in A in the bombing of its homes, and helicopters dropped barrels on B": the town of the first clause stands before its words."""
    named = [site for site in scene.sites if site.rank >= 2 and not site.locality.aside]
    own, later = ({name for site in some for name in (*site.names, *site.holders)} for some in (
        [site for site in named if site.span.end <= before.span.start], [site for site in named if site.span.start >= trigger.span.end]))  # fmt: skip
    return bool(own and later) and own.isdisjoint(later) and any(count.what == "killed" and count.span.end <= before.span.start for count in scene.counts)


def _are_coordinated(scene: Scene, first: Trigger, before: Trigger, trigger: Trigger) -> bool:
    """ "Seven raids and three missile strikes on A": both on A, where no place is told before the second."""
    start = max((scene.passage.span.start, *(each for each in scene.passage.breaks if each <= first.span.start)))
    alike = before.event_type == trigger.event_type  # "three raids, two raids on A": of the three
    return not alike and trigger.span.start - before.span.end <= _AND and not any(start <= site.span.start < trigger.span.start for site in scene.sites)


def _towns_apart(scene: Scene, before: Trigger, trigger: Trigger) -> bool:
    """ "Hit a convoy in A, and carried out three raids on B": two towns, of which the text puts neither in the other."""
    sites = [site for site in scene.sites if site.rank >= 2 and site.locality.type in ("F", "F-near") and not site.locality.aside]
    own, later = [site for site in sites if before.span.end <= site.span.start < trigger.span.start], [site for site in sites if site.span.start >= trigger.span.end]
    named, then = ({name for site in each for name in (*site.names, *site.holders)} for each in (own, later))
    one_name = any(a <= b or b <= a for one in own for other in later for a in one.spellings for b in other.spellings)  # "in Misrata ..., with 13 raids on the airbase of Misrata"
    return bool(own and later) and named.isdisjoint(then) and not one_name


def _set_apart(scene: Scene, trigger: Trigger) -> bool:
    """ "In Khost, forces bombed a house ..., speaking of other strikes in Kunar": has what comes last a town that was not named before?"""
    told = frozenset().union(*(site.names for site in scene.sites if site.rank >= 2 and site.span.end <= trigger.span.start))
    own = [site for site in scene.sites if site.rank >= 2 and site.span.start >= trigger.span.end]
    return bool(told and own) and told.isdisjoint(own[0].names)


def _boundary(scene: Scene, group: list[Trigger], following: list[Trigger]) -> int:
    """Where the clause of the next attack begins: the last break before it."""
    first, last = group[-1].span.end, following[0].span.start
    dated = event_date(scene, first, last) or _own_day(scene, following[0], first)
    hand = _other_hand(scene, group[-1], following[0])
    if dated and (dated.span.start < last or (following[0].form == "verb" and hand is None)):
        known = group[-1].definite and dated.relation != "event"  # "the second strike, after 44 were killed in June when a centre was hit"
        dead = [count.span.start for count in scene.counts if known and count.what == "killed" and first <= count.span.start < dated.span.start]
        return min(dead, default=dated.span.start)
    if hand is not None:
        return hand.span.start
    if (front := _front(scene, first, last)) is not None:
        return front
    if (following[0].form == "noun" or following[0].event_type in ("bombing", "shelling")) and (suffered := _suffered(scene, group[-1], following[0])) is not None:
        return suffered
    inside = [position for position in scene.passage.turns or scene.passage.breaks if first <= position <= last]
    inside = inside or [position for position in scene.passage.breaks if first <= position <= last]
    whole = [date.span for date in scene.dates] + [count.span for count in scene.counts if not count.part]  # "12 November, 2014", "13 people, among them a woman and a child, died"
    inside = [each for each in inside if not any(span.start < each < span.end for span in whole)]
    if not inside:  # "a raid by jets of A on B adding that jets of A carried out three raids on C": with the hand named for the second time
        return max((actor.span.start for actor in scene.actors if actor.role == "actor" and actor.kind != "SAME" and first <= actor.span.start and actor.span.end <= last), default=last)
    return inside[-1]
