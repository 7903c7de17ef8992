"""Read numbers: digits in any script, words, and both together ("1.5 million", "اثني عشر", "مئتين وأربعين").

The words and their values stand in a language's [numbers] table; how values join is the same everywhere: a multiplier
multiplies what came before it, a smaller value is added to a larger one, a unit may stand before its ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Part(NamedTuple):
    """One word of a number: its value, whether it multiplies, and whether "and" stood before it."""

    value: float
    multiplies: bool
    linked: bool
    digits: bool = False


def digits(text: str, decimal: str = ".", thousands: str = ",") -> float | None:
    """The value of a number written in digits; None where the separators make no number ("1.2.3").

    >>> digits("1,600"), digits("160.5"), digits("3,5", decimal=",", thousands=".")
    (1600.0, 160.5, 3.5)
    """
    whole, mark, fraction = text.partition(decimal)
    groups = whole.split(thousands)
    if mark and (not fraction.isdigit() or decimal in fraction):
        # "1.600" where a full stop is no decimal sign, or a date such as 26.9.2017
        return None
    if any(not group.isdigit() for group in groups) or (len(groups) > 1 and any(len(group) != 3 for group in groups[1:])):
        return _other_style(text, decimal)
    return float("".join(groups) + ("." + fraction if mark else ""))


def _other_style(text: str, decimal: str) -> float | None:
    """ "3,5" in a text whose decimal sign is a point: writers mix the two, and no thousands group has one digit."""
    head, _, tail = text.partition(",")
    return float(f"{head}.{tail}") if decimal == "." and head.isdigit() and tail.isdigit() and len(tail) < 3 else None


def join(parts: Sequence[Part]) -> tuple[float, int]:
    """The value of the longest number that the first words make, and how many words it took.

    >>> join([Part(2, False, False), Part(100, True, False), Part(40, False, True)])
    (240.0, 3)
    """
    total = 0.0  # finished thousands and millions
    group = 0.0  # what is below a thousand
    last = 0.0  # value of the word before
    ceiling = float("inf")  # the last large multiplier: the next one must be smaller
    taken = 0
    for index, part in enumerate(parts):
        value = part.value
        if index and part.digits:
            break
        if part.multiplies and value >= 1000:
            if value >= ceiling or (part.linked and group):
                break
            total, group, ceiling = total + (group or 1) * value, 0.0, value
        elif part.multiplies:
            if group >= 10 or (part.linked and group):
                break
            group = (group or 1) * value
        elif value >= 1000:
            if group or total:
                break
            total, ceiling = value, value
        elif not _adds(group, last, part) or _opens_another(parts, index, group, total):
            break
        else:
            group += value
        last, taken = value, index + 1
    return total + group, taken


def _adds(group: float, last: float, part: Part) -> bool:
    """May this value be added to what stands before it?"""
    value = part.value
    if not group:
        return True
    if value < 1:
        return group == int(group)
    if group >= 100 and group % 100 == 0:
        return value < 100
    if 1 <= last < 10 and value == 10:
        return not part.linked
    if 1 <= last < 10 and 20 <= value < 100:
        return part.linked
    return last >= 20 and last % 10 == 0 and value < 10


def _opens_another(parts: Sequence[Part], index: int, group: float, total: float) -> bool:
    """Is a linked value the head of a new number, as in "one hundred and two hundred"?"""
    after = parts[index + 1] if index + 1 < len(parts) else None
    if not parts[index].linked or after is None or not after.multiplies or after.linked:
        return False
    return group >= 100 if after.value == 100 else bool(group >= 100 and total)
