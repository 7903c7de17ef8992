"""The clauses of a sentence that each tell of one attack."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from geomap.assembly.between import broken, event_date, exact, front, other_hand, own_day, suffered, towns_apart
from geomap.assembly.scenes import Scene
from geomap.assembly.steps import Step, is_what_it_follows, opens_another
from geomap.model import Span, Trigger


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
        if groups and is_what_it_follows(step := Step(scene, groups[-1], trigger)):
            groups.append([replace(trigger, earlier=True)])
            continue
        if groups and not opens_another(step):
            groups[-1].append(trigger)
            continue
        verbs = _leading(scene, groups[-1], trigger) if groups else []
        apart = bool(verbs) and exact(trigger) and towns_apart(scene, verbs[-1], trigger)
        groups.extend([verbs, [trigger]] if apart else [[*verbs, trigger]])
    return groups


def _leading(scene: Scene, group: list[Trigger], trigger: Trigger) -> list[Trigger]:
    """ "Sixteen raids on A, and it hit B with two raids": the verb of the second clause goes with its noun."""
    at = next((number for number, each in enumerate(group) if number and broken(scene, group[number - 1].span.end, each.span.start)), None)
    if at is None or trigger.form != "noun" or any(each.form == "noun" for each in group[at:]):
        return []
    if broken(scene, group[-1].span.end, trigger.span.start) and any(group[at].span.end <= site.span.start < trigger.span.start for site in scene.sites):
        return []  # "two raids, which hit A, besides raids on B": which hit A goes with the two
    verbs, group[at:] = group[at:], []
    return verbs


def _boundary(scene: Scene, group: list[Trigger], following: list[Trigger]) -> int:
    """Where the clause of the next attack begins: the last break before it."""
    first, last = group[-1].span.end, following[0].span.start
    dated = event_date(scene, first, last) or own_day(scene, following[0], first)
    hand = other_hand(scene, group[-1], following[0])
    if dated and (dated.span.start < last or (following[0].form == "verb" and hand is None)):
        known = group[-1].definite and dated.relation != "event"  # "the second strike, after 44 were killed in June when a centre was hit"
        dead = [count.span.start for count in scene.counts if known and count.what == "killed" and first <= count.span.start < dated.span.start]
        return min(dead, default=dated.span.start)
    if hand is not None:
        return hand.span.start
    if (ahead := front(scene, first, last)) is not None:
        return ahead
    if (following[0].form == "noun" or following[0].event_type in ("bombing", "shelling")) and (under := suffered(scene, group[-1], following[0])) is not None:
        return under
    inside = [position for position in scene.passage.turns or scene.passage.breaks if first <= position <= last]
    inside = inside or [position for position in scene.passage.breaks if first <= position <= last]
    whole = [date.span for date in scene.dates] + [count.span for count in scene.counts if not count.part]  # "12 November, 2014", "13 people, among them a woman and a child, died"
    inside = [each for each in inside if not any(span.start < each < span.end for span in whole)]
    if not inside:  # "a raid by jets of A on B adding that jets of A carried out three raids on C": with the hand named for the second time
        return max((actor.span.start for actor in scene.actors if actor.role == "actor" and actor.kind != "SAME" and first <= actor.span.start and actor.span.end <= last), default=last)
    return inside[-1]
