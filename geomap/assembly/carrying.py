"""What an attack does not say of itself it takes from those told beside it: the day, and whose hand it was."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from msgspec.structs import replace

from geomap.assembly.drafts import COALITION, Draft, days, head_of, overlap, told_days
from geomap.assembly.hands import who_struck
from geomap.assembly.judging import is_of_weeks
from geomap.assembly.scenes import Scene
from geomap.assembly.sites import best_site
from geomap.model import FLOWN, Date, Span, When

_A_DAY = 2  # days, at most, that one night or day makes
_A_MONTH = 28  # days, at least
_OPENING = 3  # sentences
_SOON = 3  # days after an attack in which others of a report are rather in its town than anywhere
_NEXT_DAYS = 2  # sentences over which "also" carries a day
_STORY = 6  # sentences over which a report goes on telling of one day


def with_shift(drafts: list[Draft], told: Sequence[Scene], text: str) -> list[Draft]:
    """Days counted from another attack of the text, or from the day it was told on, once these are known."""
    for number, draft in enumerate(drafts):
        counted = next((each for each in draft.dates if each.relation == "event"), None)
        if counted is not None and draft.shift is None and draft.reported and not counted.toward and (counted.days or 0) < 0:
            draft.shift, draft.months = counted.days, counted.months  # "said on Thursday ... The incident occurred a day earlier"
        if draft.occurred is None and draft.shift is not None and counted is not None:
            draft.occurred = _moved(draft.base or _counted_from(counted, draft, number, drafts, told), draft, counted.span.of(text), counted.span)
    return drafts


def _counted_from(counted: Date, draft: Draft, number: int, drafts: Sequence[Draft], scenes: Sequence[Scene]) -> When | None:
    """ "Said on Wednesday that it struck A a day earlier": the last day told in the sentence; else that of what was told before, or of the attack after."""
    earlier = [each for each in drafts[:number] if each.occurred and not each.earlier] if counted.toward else []  # "this comes a day after": than the news, and not than what it recalls
    before, after = ([each.occurred for each in some if each.occurred] for some in (earlier or drafts[:number], [each for each in drafts[number + 1 :] if not each.stale]))
    here = scenes[draft.lead].dates if draft.lead < len(scenes) else ()
    said = [date.when for date in here if date.when and date.use in ("statement", "aside") and date.span.start < counted.span.start]
    between = scenes[max((each.last for each in drafts[:number]), default=draft.lead - 2) + 1 : draft.lead]  # "In May nine were killed. A month earlier, a raid ..."
    said += [date.when for scene in between for date in scene.dates if date.when and date.use == "event"]
    nearer = [when for when in said if not any(one.span and when.span and one.span > when.span for one in before)]
    told = [date.when for each in drafts[:number] for date in each.reported if date.when] or [date.when for date in draft.reported if date.when]
    # "said on Monday, hours after troops ...": when it was told says not when it was
    beside = counted.toward and any(each.lead == draft.lead and each.occurred is None for each in drafts[:number])  # "the attack on A comes a day after raids on B, and after others on C on Tuesday": that of A
    chosen = (nearer if not counted.toward else []) or before or (after[::-1] if not beside else []) or (told if (draft.shift or 0) <= -counted.toward else [])
    return chosen[-1] if chosen else None


def _moved(when: When | None, draft: Draft, words: str, span: Span) -> When | None:
    """An interval moved by the days of a draft; by months, a month lies there as a whole, and by years a year."""
    if when is None or when.earliest is None or when.latest is None or draft.shift is None:
        return None
    rule = "counted from another event of the report"
    if draft.months % 12:
        year, month = divmod(when.earliest.year * 12 + when.earliest.month - 1 + draft.months, 12)
        first = date(year, month + 1, 1)
        return When(first, first.replace(day=monthrange(year, month + 1)[1]), f"{first:%Y-%m}", words, rule, span)
    if draft.months:
        year = when.earliest.year + draft.months // 12
        return When(date(year, 1, 1), date(year, 12, 31), str(year), words, rule, span)
    step = timedelta(days=draft.shift)
    first, last = when.earliest + step, when.latest + step
    return When(first, last, str(first) if first == last else f"{first}/{last}", words, rule, span)


def with_day_before(drafts: list[Draft]) -> list[Draft]:
    """ "Also", "meanwhile", or just the next town: an attack without a day of its own has that of the one told before it."""
    for number, draft in enumerate(drafts):
        reported = [date for date in draft.reported if draft.of is None or date not in draft.of.reported]  # a part was announced with its sum
        if (draft.along or any(site.rank >= 2 for site in draft.sites)) and not (draft.occurred or reported or draft.earlier or draft.framed or draft.shift is not None or draft.counted or is_of_weeks(draft)):
            before = [each for each in drafts[:number] if each.occurred and not each.earlier and draft.lead - each.lead <= _NEXT_DAYS]
            last = drafts[number - 1] if number else draft
            recalled = last.earlier and last.occurred is not None and draft.lead - last.lead == 1 and not draft.along  # "On Saturday jets had struck A. Two raids hit B, he added": on which of two days nobody can say
            if before and not recalled:
                draft.occurred = before[-1].occurred
                draft.remarks.append("day taken from the attack told before")
    return drafts


def carry_days(drafts: Sequence[Draft], told: Sequence[Scene], datelines: Sequence[Scene]) -> None:
    """A day told once holds for what is told next, until another is named; never for what is recalled."""
    _carry_back(drafts)
    for number, draft in enumerate(drafts):
        if draft.occurred is None and draft.shift == 0 and not draft.earlier:
            draft.occurred = _last_day([*datelines, *told[: draft.lead]])
        if draft.occurred or not _is_open(draft):
            continue
        before = [each for each in drafts[:number] if draft.lead - each.lead <= _STORY and _is_of_the_day(each)]
        when = before[-1].occurred if before else _opening_day(told[: draft.lead])
        if when and _fits(when, draft):
            draft.occurred = when
            draft.remarks.append("day taken from what was told before")


def _carry_back(drafts: Sequence[Draft]) -> None:
    """ "A raid hit A, the army said. Also on Wednesday, jets struck B": the one told before was on that day, too."""
    for before, draft in pairwise(drafts):
        also = any(date.also and date.use == "event" for date in draft.dates)
        if also and draft.occurred and draft.lead - before.lead <= _NEXT_DAYS and not (before.occurred or before.earlier or before.framed or before.dates) and _fits(draft.occurred, before):
            before.occurred = draft.occurred
            before.remarks.append("day taken from the attack told next")


def carry_place(drafts: Sequence[Draft]) -> None:
    """What is told without any place is where everything else of the report is, if that is one place alone."""
    known = [(draft, site) for draft in drafts if (site := best_site(draft)) is not None and site.rank >= 2]
    if len({site.names for _, site in known}) != 1:
        return
    for draft in drafts:
        told, _ = told_days(draft)
        day = known[0][0].occurred
        beside = draft.lead == known[0][0].lead and draft.occurred is not None and all(trigger.bits is None for trigger in known[0][0].triggers)
        if told and not beside and (days(told) >= _A_MONTH if day is None else not overlap(told, day) and not _is_soon_after(told, day)):
            continue  # "In 2017 a raid killed his aide", "on Sunday it had said that three raids killed eight": wherever that was
        if told is None and any(date.when is None and date.relation == "relative" for date in (*draft.dates, *draft.reported)):
            continue  # "last Tuesday", of a report without a day
        if not draft.sites and not draft.earlier and draft.factuality == "asserted" and (beside or 0 < draft.lead - known[0][0].lead <= _STORY):  # "five strikes on Monday and two on Tuesday near A"
            draft.sites.append(known[0][1])
            draft.remarks.append("place taken from what was told before")


def _is_soon_after(when: When, day: When) -> bool:
    """ "On Aug. 1, raids hit a tank in Sirte. Raids on Aug. 2 hit a truck": of the days that follow."""
    return when.earliest is not None and day.latest is not None and 0 < (when.earliest - day.latest).days <= _SOON


def take_headline(draft: Draft, headlines: Sequence[Scene]) -> None:
    """ "Air strike kills five in Derna", where the text below names no place."""
    told = [scene for scene in headlines if any(each.use == "event" for each in scene.triggers)]
    named = [site for scene in told for site in scene.sites if site.rank >= 2 and not site.locality.aside]
    if named and not draft.sites:
        draft.sites.extend(named)
        draft.remarks.append("place taken from the headline")


def _opening_day(told: Sequence[Scene]) -> When | None:
    """The day that a report opens with, where its first sentences name one."""
    named = [date.when for scene in told[:_OPENING] for date in scene.days if date.when and days(date.when) <= _A_DAY]
    return named[0] if len(set(named)) == 1 else None


def _last_day(told: Sequence[Scene]) -> When | None:
    """The day told last: "the same day" is that one, whatever was done on it."""
    named = [date.when for scene in told for date in scene.days if date.when and days(date.when) <= _A_DAY]
    return named[-1] if named else None


def _is_open(draft: Draft) -> bool:
    """Without a day of its own, not even one on which it was told."""
    lead = draft.passages[0].span  # who condemned it the next day is told later
    dated = draft.dates or any(each.when and lead.start <= each.span.start < lead.end for each in draft.reported)
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
        before = [(each, actor) for place, each, actor in known if each.lead <= draft.lead and (place < number or not draft.same) and (draft.earlier or not each.earlier)]
        told_until = max(passage.span.end for passage in draft.passages)
        before = [(each, actor) for each, actor in before if actor.span.start < told_until]  # not whose drone another was of which the report tells later
        told = [actor for _, actor in before]
        hands = {head_of(actor) for each, hand in before for actor in (hand, *(one for one in each.actors if one.role == "actor" and one.kind != "SIDE"))}
        if draft.craft and not any(place < number and _in_the_air(each) for place, each, _ in known):
            continue  # "The army shelled A. The warplanes struck B": perhaps others' warplanes
        if len(hands) != 1 or draft.factuality != "asserted" or who_struck(draft) is not None:
            continue  # of two hands told before nobody can say which
        side = next((actor for actor in reversed(told) if actor.kind != "SIDE"), told[-1])
        if (_goes_on(draft) or _is_next(draft, [each for each, _ in before])) and not _is_struck(draft, head_of(side)):
            draft.actors.append(replace(side, role="actor"))
            draft.remarks.append("actor taken from what the report told before")


def name_sides(drafts: Sequence[Draft], told: Sequence[Scene]) -> None:
    """ "The military struck": whose it is, where the report names the forces of one state alone."""
    acting = [actor for scene in told for actor in scene.actors if actor.role in ("actor", "source")]
    # a drone of one state is no army of another: "a US drone killed four ... The military said jets killed 20"
    armed = [actor for actor in acting if (actor.kind == "ARMY" and head_of(actor) != COALITION) or (actor.kind == "NATION" and actor.armed and not actor.flown)]
    struck = {head_of(actor) for scene in told for actor in scene.actors if actor.role == "target"}
    for draft in drafts:
        if _is_aside(draft):
            continue
        side, known = who_struck(draft), any(trigger.definite for trigger in draft.triggers)
        named = armed or [actor for actor in acting if known and actor.kind == "NATION" and actor.role == "actor"]  # "an Israeli strike ... The military said it carried out the strike"
        heads = {head_of(actor) for actor in named}
        if heads & {head_of(actor) for actor in draft.actors if actor.kind == "ARMY" and actor.role is None}:
            continue  # "its forces struck an airbase that the Libyan National Army uses": whoever they are, not that army's
        if side is not None and side.kind == "SIDE" and side.id == "army" and len(heads) == 1 and not heads & struck:
            draft.actors.append(replace(named[0], role="actor"))
            draft.remarks.append("actor named elsewhere in the report")


def _in_the_air(draft: Draft) -> bool:
    return any(trigger.event_type in FLOWN for trigger in draft.triggers)


def _is_aside(draft: Draft) -> bool:
    """ "Separately, an air strike hit A": perhaps another's."""
    return any(trigger.aside for trigger in draft.triggers)


def _goes_on(draft: Draft) -> bool:
    """ "Another raid", "the strikes", "its jets also hit"; not "drones also hit": whose they are is not said."""
    return not draft.nobodys and not _is_aside(draft) and (draft.same or draft.definite or any(trigger.other and trigger.form == "noun" for trigger in draft.triggers))


def _is_next(draft: Draft, before: Sequence[Draft]) -> bool:
    """ "On Aug. 1 raids of the command hit a tank in Sirte. Raids on Aug. 2 hit a truck": one after another, and nothing is said of where."""
    bare = not (draft.nobodys or draft.earlier or draft.other or draft.sites) and draft.triggers[0].form == "noun" and draft.lead - before[-1].lead <= _NEXT_DAYS
    return bare and draft.occurred is not None and any(each.occurred and _is_soon_after(draft.occurred, each.occurred) for each in before)


def _is_struck(draft: Draft, side: str) -> bool:
    return any(head_of(actor) == side for actor in draft.actors if actor.role == "target")
