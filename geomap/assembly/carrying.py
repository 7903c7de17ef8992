"""What an attack does not say of itself it takes from those told beside it: the day, and whose hand it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geomap.assembly.drafts import Draft, days
from geomap.assembly.events import head_of, who_struck
from geomap.model import When

_A_DAY = 2  # days, at most, that one night or day makes
_STORY = 6  # sentences over which a report goes on telling of one day


def carry_days(drafts: Sequence[Draft]) -> None:
    """A day told once holds for what is told next, until another is named; never for what is recalled."""
    for number, draft in enumerate(drafts):
        if draft.occurred or not _is_open(draft):
            continue
        told = [each for each in drafts[:number] if draft.lead - each.lead <= _STORY and _is_of_the_day(each)]
        if told and _fits(told[-1].occurred, draft):
            draft.occurred = told[-1].occurred
            draft.remarks.append("day taken from the attack told before")


def _is_open(draft: Draft) -> bool:
    return not (draft.earlier or draft.framed or draft.dates or draft.shift is not None) and draft.factuality == "asserted"


def _is_of_the_day(draft: Draft) -> bool:
    return draft.occurred is not None and days(draft.occurred) <= _A_DAY and not draft.earlier and draft.factuality == "asserted"


def _fits(when: When | None, draft: Draft) -> bool:
    """An attack is not later than it was announced."""
    said = [date.when.latest for date in draft.reported if date.when and date.when.latest]
    return when is not None and (not said or when.earliest is None or when.earliest <= min(said))


def carry_hand(drafts: Sequence[Draft]) -> None:
    """Where a report names one side alone as the one that strikes, "another raid" and "the strikes" are that side's too.

    What is not called the same series keeps no hand: whose aircraft they were is for the source to say, not for us.
    """
    known = [(draft, actor) for draft in drafts if draft.factuality == "asserted" and (actor := who_struck(draft)) is not None]
    if len({head_of(actor) for _, actor in known}) != 1:
        return
    side = known[0][1]
    for draft in drafts:
        if _goes_on(draft) and who_struck(draft) is None and not _is_struck(draft, head_of(side)):
            draft.actors.append(replace(side, role="actor"))
            draft.remarks.append("actor taken from the rest of the report")


def _goes_on(draft: Draft) -> bool:
    return draft.factuality == "asserted" and (draft.other or any(trigger.other or trigger.definite for trigger in draft.triggers))


def _is_struck(draft: Draft, side: str) -> bool:
    return any(head_of(actor) == side for actor in draft.actors if actor.role == "target")
