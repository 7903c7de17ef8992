"""Find what happened: sentences with their zones, dates, attacks, numbers and actors, each annotator seeing the earlier ones."""

from __future__ import annotations

from dataclasses import replace

from geomap.annotation.actors import find_actors
from geomap.annotation.context import Context
from geomap.annotation.counts import find_counts
from geomap.annotation.dates import find_dates
from geomap.annotation.triggers import doubted, find_triggers
from geomap.annotation.zones import find_zones
from geomap.model import Mention


def find_happenings(context: Context, *, whole: bool = True) -> tuple[Mention, ...]:
    """Passages, dates, triggers, counts and actors of a text; the last two only where it tells of an attack, or ``whole``."""
    plain = replace(context, tokens=context.words or context.tokens)  # a place name may be a nation, an actor
    passages = find_zones(plain)
    dates, tokens = find_dates(plain)
    triggers = tuple(doubted(find_triggers(plain, tokens)))
    if not whole and not any(trigger.use == "event" for trigger in triggers):
        return (*passages, *dates, *triggers)
    counts = find_counts(plain, tokens)
    actors = find_actors(plain, tokens, triggers)
    return (*passages, *dates, *triggers, *counts, *actors)
