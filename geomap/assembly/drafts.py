"""A draft gathers what the sentences say of one attack, until all are read and it becomes an event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from geomap.assembly.scenes import Site
from geomap.model import Actor, Count, Date, Passage, Range, Trigger, When

A_DAY = 2  # days, a night being of two
_A_MONTH = 28  # days, at least
AROUND = ("region", "region-part")  # "rural Idlib", "southern Gaza"
COALITION = "coalition"  # of many states, one of which may be named instead: the army of none

_DOUBTFUL, _HARDLY = 0.3, -1.5  # bits below which "the shelling" is hardly another than that told, and below which words hardly tell of any


@dataclass(slots=True, eq=False)
class Draft:
    """What has been read of one attack."""

    passages: list[Passage]
    triggers: list[Trigger]
    strikes: Range | None = None
    dates: list[Date] = field(default_factory=list)
    reported: list[Date] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    killed: list[tuple[int, Count]] = field(default_factory=list)  # with the number of the passage
    wounded: list[tuple[int, Count]] = field(default_factory=list)
    vehicles: list[tuple[int, Count]] = field(default_factory=list)
    actors: list[Actor] = field(default_factory=list)
    occurred: When | None = None
    lent: bool = False  # its day is that of an attack told in the same sentence
    shift: int | None = None  # days from the attack told before this one
    months: int = 0  # ... where they are counted in months
    base: When | None = None  # ... or from the day of something else: "marched on Sunday, two days after"
    framed: bool = False  # only a frame ("since May") dates it
    stale: bool = False  # its day lies weeks before the report was published
    earlier: bool = False
    other: bool = False
    along: bool = False  # told as part of the same day as the attack before it
    of: Draft | None = field(default=None, repr=False, compare=False)  # the attack that the report first summed up and this is a part of
    section: Site | None = field(default=None, repr=False, compare=False)  # the place that stands over its paragraph
    lead: int = 0  # number of the scene it was first told in
    last: int = 0  # ... and of the one in which it was last told of
    left: int = -1  # ... and of the last one that told of another day, and of no attack
    remarks: list[str] = field(default_factory=list)
    same: bool = False  # "its jets also hit": by the hand told before
    craft: bool = False  # "the jets also hit": by the hand told before, if that was in the air, too
    spoken: list[Site] = field(default_factory=list)  # where those are who speak of it: no more than a last resort
    speaks: tuple[int, bool, bool] | None = field(default=None, repr=False)  # of how many triggers, whether along, and is it definite?
    best: tuple[tuple[int, int], Site | None] | None = field(default=None, repr=False)  # of how many triggers and sites, and which site

    @property
    def factuality(self) -> Literal["asserted", "possible", "denied"]:
        """Asserted as soon as one sentence asserts it."""
        said = {each.factuality for each in self.triggers}
        return "asserted" if "asserted" in said or not said else "possible" if "possible" in said else "denied"

    @property
    def doubtful(self) -> bool:
        """Does too little speak for any of its words telling of an attack: "fled to escape bombing", "after weeks of the shelling"?"""
        return all(each.bits is not None and each.bits < (_DOUBTFUL if each.definite else _HARDLY) for each in self.triggers)

    @property
    def counted(self) -> bool:
        """Is its day counted from that of another attack, as "days earlier" is?"""
        return any(date.relation == "event" and date.days is None for date in self.dates)

    @property
    def nobodys(self) -> bool:
        """Does the source say that it is not known who struck?"""
        return any(each.nobody for each in self.triggers)

    @property
    def definite(self) -> bool:
        """Does it only speak of an attack already told?"""
        known, now = self.speaks, len(self.triggers)  # nobody takes triggers away
        if known is None or known[0] != now or known[1] is not self.along:
            known = self.speaks = now, self.along, self._is_definite()
        return known[2]

    def _is_definite(self) -> bool:
        if not self.triggers or (self.along and not self.triggers[0].definite):
            return False
        first = next((each for each in self.triggers if each.form == "noun"), self.triggers[0])
        verb, spoken = self.triggers[0], next((each.span.start for each in self.triggers if each.definite), 0)
        if verb.form == "verb" and not verb.definite and any(site.rank >= 2 and verb.span.end <= site.span.start < spoken for site in self.sites):
            return False  # "jets struck near A, adding that the raids left damage": the raids just told
        told = all(each.definite or each.form == "verb" or (first.definite and each.event_type == "attack") for each in self.triggers)
        return told and any(each.definite for each in self.triggers)


def add_counts(draft: Draft, counts: Iterable[Count], number: int) -> None:
    """Put the numbers of one sentence to a draft."""
    for count in counts:
        if not count.part:
            told = {"killed": draft.killed, "wounded": draft.wounded, "vehicles": draft.vehicles}[count.what]
            told.append((-1 - number if count.rival and told else number, count))


def besides(counts: Sequence[Count]) -> Sequence[Count]:
    """Those who are not counted in others: of "20 people in A, including 12 in B" the 20, and the 12 where they stand alone."""
    return [count for count in counts if not count.among] or counts


def toll(counts: Sequence[tuple[int, Count]]) -> Range | None:
    """How many the first sentence that counts them makes of all it counts: "a woman and two men"."""
    ranges = [count.range for count in besides([count for number, count in counts if number == counts[0][0]])]
    if len(ranges) < 2:
        return ranges[0] if ranges else None
    least, most = [each.min or 0 for each in ranges], [each.max for each in ranges if each.max is not None]
    return Range(sum(least), sum(most) if len(most) == len(ranges) else None)


def days(when: When) -> int:
    """Length of an interval in days; open ones are longer than any."""
    if when.earliest is None or when.latest is None:
        return 1_000_000
    return (when.latest - when.earliest).days + 1


def overlap(one: When, other: When) -> bool:
    """May two intervals be the same day?"""
    first = one.latest is None or other.earliest is None or other.earliest <= one.latest
    return first and (other.latest is None or one.earliest is None or one.earliest <= other.latest)


def is_before(one: When, other: When) -> bool:
    """Was the one over before the other began? False where either is open."""
    return one.latest is not None and other.earliest is not None and one.latest < other.earliest


def near(one: When, other: When, within: int) -> bool:
    """Are two intervals no more than so many days from each other?"""
    first, last = sorted((one, other), key=lambda when: when.earliest or date.min)
    return first.latest is None or last.earliest is None or (last.earliest - first.latest).days <= within


def choose_date(dates: list[Date]) -> When | None:
    """The nearest date, or a finer one that lies inside it ("earlier this week ... on Tuesday")."""
    known = [date.when for date in dates if date.when is not None]
    if not known:
        return None
    best = known[0]
    for when in known[1:]:
        if overlap(best, when) and days(when) < days(best) and "night" not in best.rule:
            best = when
    return best


def told_days(draft: Draft) -> tuple[When | None, When | None]:
    """When it happened and when it was announced; with an announcement alone, not later than that, or in the month of which no more is told."""
    said = [each.when for each in draft.reported if each.when and each.when.latest]
    said.sort(key=lambda when: when.latest or date.max)
    reported = said[0] if said else None
    if draft.occurred is None and reported is not None and reported.latest is not None:
        if _A_MONTH <= days(reported) <= _A_MONTH + 3:
            return reported, reported  # "in November officials spoke of a raid that killed two"
        rule = "not later than it was announced"
        return When(None, reported.latest, f"../{reported.latest}", reported.text, rule, reported.span), reported
    return draft.occurred, reported


def is_of_no_kind(draft: Draft) -> bool:
    """Is it only called an attack?"""
    return all(trigger.event_type == "attack" for trigger in draft.triggers)


def dead(draft: Draft) -> float:
    """The least number of dead that its sentences give together."""
    return _counted(draft.killed)


def hurt(draft: Draft) -> float:
    """... and of wounded."""
    return _counted(draft.wounded)


def _counted(counts: Sequence[tuple[int, Count]]) -> float:
    """A later sentence adds those who are more than one, or more than those told: "a fighter died", after "one was killed", is that one."""
    said = besides([count for number, count in counts if not (number != counts[0][0] and count.single)])
    return sum(count.range.min or 0 for count in said if not count.vague)


# -- where ------------------------------------------------------------------------------------------------------------


def absorb(draft: Draft, other: Draft) -> None:
    """Put what another draft says to this one."""
    conflict = draft.occurred and other.occurred and not overlap(draft.occurred, other.occurred)
    if conflict and draft.occurred and other.occurred and not other.lent:
        draft.remarks.append(f"dates differ: {draft.occurred.text} and {other.occurred.text}")
    if draft.factuality != other.factuality:  # who denies having done it has not done it
        other.actors = [actor for actor in other.actors if actor.role != "actor"]
    draft.actors = _of_one_hand(draft, other)
    draft.strikes = _joined_strikes(draft, other)
    draft.last = max(draft.last, other.last)
    draft.passages.extend(each for each in other.passages if each not in draft.passages)
    draft.triggers.extend(other.triggers)
    again = draft.lead == other.lead and _tell_alike(draft.killed, other.killed)
    for name in ("dates", "reported", "sites", "spoken", "killed", "wounded", "vehicles", "actors", "remarks"):
        own = getattr(draft, name)
        if name != "killed" or not again:
            own.extend(each for each in getattr(other, name) if each not in own)
    if not conflict:
        draft.occurred = _finer(draft.occurred, other.occurred, to_the_hour=any(each.when == other.occurred and _tells_hour(each) for each in other.dates))
    draft.framed, draft.same = draft.framed and other.framed, draft.same or other.same
    draft.craft = draft.craft or other.craft


def head_of(actor: Actor) -> str:
    """The state behind a force, the group behind its branch: "us" of "us_africom"."""
    return str(actor.id).partition("_")[0]


def _of_one_hand(draft: Draft, other: Draft) -> list[Actor]:
    """ "Russian jets and guns of the regime hit several towns. The regime shelled A": of the two hands of a lead, the one that its town names."""
    hands, told = ({head_of(actor) for actor in each.actors if actor.role == "actor"} for each in (draft, other))
    if len(told) != 1 or not told < hands or {"us", COALITION} <= hands or not any(site.rank >= 2 for site in other.sites):
        return draft.actors
    return [actor for actor in draft.actors if actor.role != "actor" or head_of(actor) in told]


def _tell_alike(one: Sequence[tuple[int, Count]], other: Sequence[tuple[int, Count]]) -> bool:
    """ "A man and a child died in a raid on A, so that twelve have died: five in B, ..., a man and a child in A": the same two, told again."""
    first, again = (toll(each) if each else None for each in (one, other))
    return first is not None and first == again and first.min is not None and first.min > 1


def _joined_strikes(draft: Draft, other: Draft) -> Range | None:
    one, two = draft.strikes, other.strikes
    if two is not None and two.max is not None and not other.definite and is_implied(draft):
        return two
    if one is not None and two is not None and one.max is None and two.max is not None and _tells_one_town(draft, other):
        return two
    if one is None or (two is not None and one.max is None and two.max is not None and fits(one, two) and not other.definite):
        return two if two is not None and not (other.definite and two.max == 1 and one is not None) else one
    if two is not None and not other.definite and draft.definite and two != one:
        return two
    if two is not None and two.max is not None and not (other.definite or other.other) and one.max == 1 < two.max:
        return two  # a lead's "in a raid", which the next sentence counts: six
    if two is not None and one.max is None and two.max is None and (one.min or 0) <= 2 < (two.min or 0):
        return two  # "air strikes ...; more than eight raids"
    return one


def _tells_one_town(draft: Draft, other: Draft) -> bool:
    """ "Air strikes hit rural Idlib ... one of the raids killed three in Saraqib": the event is then the one in that town."""
    town = other.killed and any(site.rank >= 2 and site.locality.type not in AROUND for site in other.sites)
    return bool(town) and not draft.killed and all(site.rank < 2 or site.locality.type in AROUND for site in draft.sites)


def is_implied(draft: Draft) -> bool:
    """ "A drone struck a car", "three massacres, one in A and another in B": one attack, of which nothing says how many strikes it was."""
    told = [each for each in draft.triggers if each.count is not None and each.count == draft.strikes]
    return draft.strikes == Range(1, 1) and bool(told) and all(each.form == "verb" for each in told)


def _finer(one: When | None, other: When | None, *, to_the_hour: bool) -> When | None:
    """ "Overnight" stays a night of two days, unless the hour, the part of the night or the date is told: "at about 2:20 this morning", "late on Friday", "on June 27"."""
    if one is None or other is None:
        return one or other
    return other if days(other) < days(one) and ("night" not in one.rule or to_the_hour) else one


def _tells_hour(told: Date) -> bool:
    return told.time_text is not None or told.relation == "absolute"


def fits(one: Range, other: Range) -> bool:
    """May two ranges be one number?"""
    return (one.max is None or (other.min or 0) <= one.max) and (other.max is None or (one.min or 0) <= other.max)
