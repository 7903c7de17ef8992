"""Find what happened: dates and attacks, then sentences with their zones, numbers and actors, each annotator seeing the earlier ones."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from geomap.annotation.actors import find_actors
from geomap.annotation.context import Context
from geomap.annotation.counts import find_counts
from geomap.annotation.dates import Dates, find_dates, is_within_one, with_use
from geomap.annotation.echoes import echoed
from geomap.annotation.triggers import doubted, find_triggers
from geomap.annotation.zones import find_zones
from geomap.model import Mention, Trigger


class Attacks(NamedTuple):
    """The attacks of a text, and the dates beside them. Words alone tell of them: most texts end here, before a place is looked for."""

    dates: Dates
    triggers: tuple[Trigger, ...]

    @property
    def told(self) -> bool:
        """Does the text tell of any that may have happened?"""
        return any(trigger.use == "event" for trigger in self.triggers)


def find_attacks(context: Context) -> Attacks:
    """The attacks of which the words of a text tell."""
    plain = replace(context, tokens=context.words or context.tokens)  # a place name may be a nation, an actor
    dates = find_dates(plain)
    return Attacks(dates, tuple(doubted(echoed(find_triggers(plain, dates.moments), plain, dates.moments))))


def find_happenings(context: Context, attacks: Attacks) -> tuple[Mention, ...]:
    """Passages, dates, triggers, counts and actors of a text whose places are known."""
    if any(is_within_one(context.toponyms, date.span) for date in attacks.dates.found):
        attacks = find_attacks(context)  # "سوق الجمعة", a market and no Friday
    plain = replace(context, tokens=context.words or context.tokens)
    (dates, triggers), tokens = attacks, attacks.dates.moments
    passages = find_zones(plain)
    return (*passages, *with_use(dates, plain), *triggers, *find_counts(plain, tokens), *find_actors(plain, tokens, triggers))
