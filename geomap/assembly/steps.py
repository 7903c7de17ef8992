"""From the words of one attack to the next in the same sentence: do these tell of another?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from geomap.assembly.between import broken, event_date, exact, front, other_hand, own_day, places, suffered, towns_apart
from geomap.assembly.drafts import overlap
from geomap.assembly.places import INSTALLATIONS, apart, called, in_one_division
from geomap.assembly.scenes import Scene, Site
from geomap.model import FLOWN, Trigger

_FIRED = frozenset(("missile_attack", "shelling"))
_CAUSED = 9  # characters of "as a result of"
_GLUED = 1  # characters of an "and" that is written together with its verb
_AND = 12  # characters of "and three"


@dataclass(frozen=True, eq=False)
class Step:
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
        return broken(self.scene, self.before.span.end, self.trigger.span.start)

    @cached_property
    def placed(self) -> bool:
        """Has each a place of its own after it?"""
        return places(self.scene, self.before, self.trigger)

    @property
    def since(self) -> Trigger:
        """What the later words are held against: a noun against the last noun."""
        return self.nouns[-1] if self.nouns and self.trigger.form == "noun" else self.before


def _is_other(step: Step) -> bool:
    """ "Another raid hit B"."""
    if not step.trigger.other or not (step.between or step.placed):
        return False
    return bool(step.nouns) or step.trigger.form == "verb" or (step.between and (step.placed or _set_apart(step.scene, step.trigger)))


def _is_recalled(step: Step) -> bool:
    """ "After an earlier raid on A", "in retaliation for the drone strike on A"; but "had already struck A in a raid": the noun to its verb."""
    own = step.before.form == "verb" and step.trigger.form == "noun" and not step.between
    known = step.trigger.definite and (step.before.definite or not step.trigger.nobody or step.trigger.event_type == "attack")
    return step.trigger.earlier and not (step.before.earlier or known or own)


def _is_dated(step: Step) -> bool:
    """ "Came a day after the raids that hit A": even what is known is another."""
    counted = event_date(step.scene, step.before.span.end, step.trigger.span.start)
    return counted is not None and (not step.trigger.definite or (counted.toward and bool(counted.days)))


def _is_of_another_day(step: Step) -> bool:
    """ "After Sunday's raid on A, jets struck B on Tuesday", "hit A on Sunday, and on Monday it bombed B": each clause with a day and a place of its own."""
    scene, trigger = step.scene, step.trigger
    cut = max((each for each in scene.passage.breaks if step.before.span.end <= each <= trigger.span.start), default=None)
    if cut is None or trigger.definite or trigger.earlier:
        return False
    told = [date for date in scene.dates if date.use == "event" and (date.when or date.toward or date.days)]
    own, later = ([date for date in told if (date.span.start < cut) is side] for side in (True, False))
    if not (own and later) or later[0].toward or any(date.when and later[0].when and overlap(date.when, later[0].when) for date in own):
        return False
    return places(scene, step.group[0], trigger, named_apart=True)


def is_what_it_follows(step: Step) -> bool:
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


def _is_answer(step: Step) -> bool:
    """ "And the army answered with shelling"."""
    also = step.between and places(step.scene, step.group[0], step.trigger, named_apart=True)  # "a raid also killed six in A, the bombing also hit B"
    return step.trigger.along and (also or not step.before.along) and (not step.trigger.definite or step.between)


def _is_known(step: Step) -> bool:
    """ "The strike", or the verb of a strike that is known."""
    return step.trigger.definite or bool(step.nouns and step.nouns[-1].definite and step.trigger.form == "verb")


def _follows_known(step: Step) -> bool:
    """ "The shelling of A comes after ..., as jets carried out two raids on B"."""
    known = step.trigger.form == "noun" and len(step.nouns) > 1 and step.before.definite and all(each.definite or each.other for each in step.nouns)
    return known and exact(step.trigger) and step.between and places(step.scene, step.group[0], step.trigger, named_apart=True)


def _is_closer(step: Step) -> bool:
    """ "Bombed targets in the province of A, where it hit the district of B with three raids": in the province just told, of which no number was said."""
    if any(exact(each) for each in step.nouns) or step.trigger.other or step.trigger.along or not step.between:
        return False
    towns = [site for site in step.scene.sites if site.rank >= 2 and site.locality.type == "F" and not site.locality.aside]
    own = [site for site in towns if step.group[0].span.end <= site.span.start < step.trigger.span.start and called(site) == "governorate"]
    later = next((site for site in towns if site.span.start >= step.trigger.span.end), None)
    return len(own) == 1 and later is not None and called(later) != "governorate" and in_one_division(own[0], later)


def _is_counted_apart(step: Step) -> bool:
    """ "Three raids on A, and five raids on B"."""
    if step.trigger.form != "noun" or not exact(step.trigger) or not broken(step.scene, step.since.span.end, step.trigger.span.start):
        return False
    first = step.group[0]
    if not step.nouns:
        return step.trigger.event_type != "attack" and towns_apart(step.scene, step.before, step.trigger)
    if not exact(step.nouns[-1]) or _are_coordinated(step.scene, first, step.nouns[-1], step.trigger):
        return False
    counts = {(each.count.min, each.count.max) for each in (*step.nouns, step.trigger) if each.count and each.form == "noun"}
    return len(counts) > 1 or towns_apart(step.scene, first, step.trigger)


def _has_own_dead(step: Step) -> bool:
    """ "Two died in a raid on A, and four from the dropping of barrels on B": those stand right before what killed them."""
    first, last = step.before.span.end, step.trigger.span.start
    led = any(count.what == "killed" and first < count.span.start and 0 <= last - count.span.end <= _CAUSED for count in step.scene.counts)
    return led and not step.trigger.definite and places(step.scene, step.group[0], step.trigger, named_apart=True)


def _is_suffered(step: Step) -> bool:
    """ "Two raids on A, and the towns of B and C came under shelling"."""
    bombed = step.trigger.form == "verb" and step.trigger.event_type in ("bombing", "shelling") and step.before.form == "noun"  # "..., as the suburbs of B were bombarded"
    if not (step.trigger.form == "noun" or bombed) or not broken(step.scene, step.since.span.end, step.trigger.span.start):
        return False
    return suffered(step.scene, step.before, step.trigger) is not None


def _is_in_another_town(step: Step) -> bool:
    """ "It carried out a raid on A, and bombed the town of B": a second verb after "and", in a town too far from the first to be a part of it."""
    pair = _joined_by_and(step)
    return pair is not None and step.trigger.form == "verb" and step.trigger.count is None and bool(step.nouns) and all(site.known for site in pair) and apart(*pair)


def _is_same_there(step: Step) -> bool:
    """ "وقصف مطار نيالا", after "a raid on Nyala": a verb that is written like a noun, and an airport, a port, a barracks of the place just named."""
    pair = _joined_by_and(step)
    bare = step.trigger.form == "noun" and step.trigger.event_type == "bombing" and step.trigger.count is None and step.before.event_type in FLOWN
    if pair is None or not bare or not all(site.known for site in pair) or pair[1].span.start - step.trigger.span.end > _GLUED:
        return False
    return called(pair[1]) in INSTALLATIONS and pair[0].span.start > step.before.span.end and not apart(*pair)


def _joined_by_and(step: Step) -> tuple[Site, Site] | None:
    """The place told last before an "and" that is written together with the later words, and the first after them."""
    if step.trigger.definite or not broken(step.scene, step.trigger.span.start - _GLUED, step.trigger.span.start):
        return None
    sites = [site for site in step.scene.sites if site.rank >= 2 and not site.locality.aside and site.locality.type in ("F", "F-near")]
    own = [site for site in sites if step.group[0].span.end <= site.span.start < step.trigger.span.start]
    later = [site for site in sites if site.span.start >= step.trigger.span.end]
    return (own[-1], later[0]) if own and later and own[-1].names.isdisjoint(later[0].names) else None


def _is_placed_apart(step: Step) -> bool:
    """Has each a clause and a place of its own, and are they words of one form?"""
    scene, group, before, trigger = step.scene, step.group, step.before, step.trigger
    between = broken(scene, step.since.span.end, trigger.span.start)
    otherwise = trigger.event_type not in ("attack", "bombing", before.event_type)
    if trigger.form == "verb" and step.nouns and (trigger.along or (otherwise and broken(scene, trigger.span.start - _GLUED, trigger.span.start))):
        return between and (places(scene, group[0], trigger, named_apart=True) or _is_told_of_a_town_before(scene, group[0], trigger))
    flown = before.event_type in FLOWN and any(each.role == "actor" and each.span.end <= before.span.end for each in scene.actors)
    fired = flown and trigger.event_type in _FIRED  # "Israeli jets bombed A, and militants fired rockets at B"
    alike = (trigger.form == "noun") == bool(step.nouns) or before.other or fired
    return between and alike and places(scene, step.since, trigger)


#: What later words of attack in a sentence are, in the order of asking, and whether they then open another attack.
_STEPS: tuple[tuple[Callable[[Step], bool], bool], ...] = (
    (lambda step: (step.trigger.factuality == "denied") != (step.before.factuality == "denied"), True),
    (_is_other, True),
    (_is_recalled, True),
    (_is_dated, True),
    (lambda step: not step.trigger.definite and other_hand(step.scene, step.before, step.trigger) is not None, True),
    (_is_answer, True),
    (_is_of_another_day, True),
    (lambda step: own_day(step.scene, step.trigger, step.before.span.end) is not None, True),
    (lambda step: _turned(step.scene, step.before, step.trigger), True),
    (lambda step: not step.trigger.definite and front(step.scene, step.before.span.end, step.trigger.span.start) is not None, True),
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


def opens_another(step: Step) -> bool:
    """Do the next words tell of another attack than those before?"""
    return next((opens for holds, opens in _STEPS if holds(step)), False)


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


def _set_apart(scene: Scene, trigger: Trigger) -> bool:
    """ "In Khost, forces bombed a house ..., speaking of other strikes in Kunar": has what comes last a town that was not named before?"""
    told = frozenset().union(*(site.names for site in scene.sites if site.rank >= 2 and site.span.end <= trigger.span.start))
    own = [site for site in scene.sites if site.rank >= 2 and site.span.start >= trigger.span.end]
    return bool(told and own) and told.isdisjoint(own[0].names)
