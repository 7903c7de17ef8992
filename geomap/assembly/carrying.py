"""What an attack does not say of itself it takes from those told beside it: the day, and whose hand it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geomap.assembly.drafts import Draft, days, overlap
from geomap.assembly.events import head_of, who_struck
from geomap.assembly.scenes import Scene
from geomap.assembly.sites import best_site
from geomap.model import When

_A_DAY = 2  # days, at most, that one night or day makes
_OPENING = 3  # sentences
_STORY = 6  # sentences over which a report goes on telling of one day


def carry_days(drafts: Sequence[Draft], told: Sequence[Scene]) -> None:
    """A day told once holds for what is told next, until another is named; never for what is recalled."""
    for number, draft in enumerate(drafts):
        if draft.occurred is None and draft.shift == 0 and not draft.earlier:
            draft.occurred = _last_day(told[: draft.lead])
        if draft.occurred or not _is_open(draft):
            continue
        before = [each for each in drafts[:number] if draft.lead - each.lead <= _STORY and _is_of_the_day(each)]
        when = before[-1].occurred if before else _opening_day(told[: draft.lead])
        if when and _fits(when, draft):
            draft.occurred = when
            draft.remarks.append("day taken from what was told before")


def carry_place(drafts: Sequence[Draft]) -> None:
    """What is told without any place is where everything else of the report is, if that is one place alone."""
    known = [(draft, site) for draft in drafts if (site := best_site(draft)) is not None and site.rank >= 2]
    if len({site.names for _, site in known}) != 1:
        return
    for draft in drafts:
        if draft.occurred and known[0][0].occurred and not overlap(draft.occurred, known[0][0].occurred):
            continue  # "In 2017 a raid killed his aide": wherever that was
        if not draft.sites and not draft.earlier and draft.factuality == "asserted" and 0 < draft.lead - known[0][0].lead <= _STORY:
            draft.sites.append(known[0][1])
            draft.remarks.append("place taken from what was told before")


def _opening_day(told: Sequence[Scene]) -> When | None:
    """The day that a report opens with, where its first sentences name one."""
    named = [date.when for scene in told[:_OPENING] for date in scene.dates if date.use == "event" and date.when and days(date.when) <= _A_DAY]
    return named[0] if len(set(named)) == 1 else None


def _last_day(told: Sequence[Scene]) -> When | None:
    """The day told last: "the same day" is that one, whatever was done on it."""
    named = [date.when for scene in told for date in scene.dates if date.use == "event" and date.when and days(date.when) <= _A_DAY]
    return named[-1] if named else None


def _is_open(draft: Draft) -> bool:
    """Without a day of its own, not even one on which it was told."""
    dated = draft.dates or any(each.when for each in draft.reported)
    return not (draft.earlier or draft.framed or dated or draft.shift is not None) and draft.factuality == "asserted"


def _is_of_the_day(draft: Draft) -> bool:
    return draft.occurred is not None and days(draft.occurred) <= _A_DAY and not draft.earlier and draft.factuality == "asserted"


def _fits(when: When | None, draft: Draft) -> bool:
    """An attack is not later than it was announced."""
    said = [date.when.latest for date in draft.reported if date.when and date.when.latest]
    return when is not None and (not said or when.earliest is None or when.earliest <= min(said))


def carry_hand(drafts: Sequence[Draft]) -> None:
    """ "Another raid" and "the strikes" are the hand's that struck before. What is not called the same series keeps no hand.

    Whose aircraft others were is for the source to say, not for us.
    """
    known = [(place, each, actor) for place, each in enumerate(drafts) if each.factuality == "asserted" and (actor := who_struck(each)) is not None]
    for number, draft in enumerate(drafts):
        before = [(each, actor) for place, each, actor in known if each.lead <= draft.lead and (place < number or not draft.same)]
        told = [actor for _, actor in before]
        hands = {head_of(actor) for each, hand in before for actor in (hand, *(one for one in each.actors if one.role == "actor" and one.kind != "SIDE"))}
        if draft.craft and not any(place < number and _in_the_air(each) for place, each, _ in known):
            continue  # "The army shelled A. The warplanes struck B": perhaps others' warplanes
        if len(hands) != 1 or draft.factuality != "asserted" or who_struck(draft) is not None:
            continue  # of two hands told before nobody can say which
        side = next((actor for actor in reversed(told) if actor.kind != "SIDE"), told[-1])
        if _goes_on(draft) and not _is_struck(draft, head_of(side)):
            draft.actors.append(replace(side, role="actor"))
            draft.remarks.append("actor taken from what the report told before")


def _in_the_air(draft: Draft) -> bool:
    return any(trigger.event_type in ("air_strike", "drone_strike") for trigger in draft.triggers)


def _goes_on(draft: Draft) -> bool:
    """ "Another raid", "the strikes", "its jets also hit"; not "drones also hit": whose they are is not said."""
    return not draft.nobodys and (draft.same or draft.definite or any(trigger.other and trigger.form == "noun" for trigger in draft.triggers))


def _is_struck(draft: Draft, side: str) -> bool:
    return any(head_of(actor) == side for actor in draft.actors if actor.role == "target")
