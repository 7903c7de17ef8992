"""What "at least", "more than" and "up to" make of a number."""

from __future__ import annotations

from collections.abc import Iterable

from geomap.annotation.tokens import Tokens
from geomap.model import Range

_OFTEN = 10  # tokens from a verb to "three times"
_NO_LONGER = frozenset(("STOP", "COMMA", "STRIKE", "WEAKSTRIKE", "SAY"))


def bounded(count: Range, bounds: Iterable[str]) -> Range:
    """A count with its "at least", "more than", "up to"."""
    for bound in bounds:
        if bound == "at_least":
            count = Range(count.min, None)
        elif bound == "more_than" and count.min is not None:
            count = Range(count.min + 1, None)
        elif bound in ("up_to", "less_than") and count.max is not None:
            count = Range(None, count.max - (bound == "less_than"))
    return count


def repeated(tokens: Tokens, place: int) -> Range | None:
    """How often something was done, after its verb or before it: "was hit at least three times by jets", "twice bombed"."""
    if place and tokens[place - 1].tags.get("TIMES", "often") != "often":
        return Range(2, 2)
    for index in range(place + 1, min(place + _OFTEN, len(tokens))):
        tags = tokens[index].tags
        if not _NO_LONGER.isdisjoint(tags):
            return None
        if "TIMES" in tags:
            if any(not {"FRAME", "PERIOD"}.isdisjoint(token.tags) for token in tokens[index + 1 : index + 2]):
                return None  # "ten times since May"
            number = 2.0 if tags["TIMES"] != "often" else tokens[index - 1].tags.get("NUM")
            bounds = [token.tags["BOUND"] for token in tokens[max(place, index - 3) : index - 1] if "BOUND" in token.tags]
            return bounded(Range(float(number), float(number)), bounds) if number is not None else None
    return None
