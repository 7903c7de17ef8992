"""Carry on what a report has said of an attack: what it denies or foresees at its head, it only comes back to in what follows.

"The army denied that it had bombed Derna. ... The strikes are said to have hit a market": no word of the second sentence
denies anything, and yet nothing is told. What comes back is a noun that speaks of an attack already told, or what is ascribed to
the reports that were denied; who says when it was, or whom it killed, tells anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from msgspec.structs import replace

from geomap.annotation.context import Context
from geomap.annotation.tokens import Token, Tokens
from geomap.model import Trigger

_LEAD = 2  # sentences in which a report says what it denies
_TOLD_ANEW = frozenset({"KILL", "WOUND", "DEAD", "DESTROY", "DAMAGE", "DATE", "ADMIT", "DO", "HIT"})
_WHATEVER = frozenset({"RECALLING", "RUIN"})  # an explosion, a blast, an incident: of whatever kind
_TURNED = frozenset({"CONTRAST", "ADMIT"})
_SPEAKER = 4  # words of "which the group said"
_CLAUSE = frozenset({"COMMA", "CLAUSE", "SEMI", "COLON", "WHEN", "STOP"})  # where a clause may end


def echoed(triggers: Iterable[Trigger], context: Context, tokens: Tokens) -> Iterator[Trigger]:
    """The triggers in order; those that only come back to what was denied or foreseen are so, too."""
    first: Trigger | None = None  # what was told first, if it did not happen
    denied = asserted = False
    for trigger in triggers:
        if (trigger.use, trigger.factuality) == ("event", "asserted"):
            if denied and _is_heard(_before(context, tokens, trigger)):
                trigger = replace(trigger, factuality="denied")
            elif first is not None and not asserted and trigger.definite and trigger.form == "noun" and not _is_told_anew(tokens, trigger):
                trigger = replace(trigger, factuality=first.factuality, use=first.use)
            else:
                asserted = True
        elif first is None and trigger.use != "story":
            first = trigger
        denied = denied or (trigger.factuality == "denied" and context.sentence_number(trigger.span.start) < _LEAD)
        yield trigger


def _before(context: Context, tokens: Tokens, trigger: Trigger) -> list[Token]:
    """The tokens of its sentence before it."""
    return tokens[tokens.index(context.sentence(trigger.span.start).start) : tokens.index(trigger.span.start)]


def _is_told_anew(tokens: Tokens, trigger: Trigger) -> bool:
    """Does its clause say when it was, whom it harmed, or that somebody carried it out?"""
    here = tokens.index(trigger.span.start)
    if not _WHATEVER.isdisjoint(tokens[here].tags):
        return False  # "the blast killed nine": of which the report has said that it was no strike
    clause = (*takewhile(_goes_on, reversed(tokens[:here])), *takewhile(_goes_on, tokens[here + 1 :]))
    return any(not _TOLD_ANEW.isdisjoint(token.tags) for token in clause)


def _goes_on(token: Token) -> bool:
    return _CLAUSE.isdisjoint(token.tags)


def _is_heard(before: list[Token]) -> bool:
    """ "Reports that jets had hit the port", "the base that the group said it had hit", and no "but" between."""
    heard = next((place for place, token in enumerate(before) if "HEARD" in token.tags or _is_by_hearsay(before, place)), None)
    return heard is not None and all(_TURNED.isdisjoint(token.tags) for token in before[heard:])


def _is_by_hearsay(before: list[Token], place: int) -> bool:
    """ "... which the group said": who speaks in a relative clause tells what others do not."""
    if "SAY" not in before[place].tags:
        return False
    near = takewhile(_goes_on, reversed(before[max(0, place - _SPEAKER) : place]))
    return any("REL" in token.tags for token in near)
