"""What "at least", "more than" and "up to" make of a number."""

from __future__ import annotations

from collections.abc import Iterable

from geomap.model import Range


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
