"""One number from all that the sentences of a report count: the dead, the wounded, the vehicles."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from geomap.assembly.drafts import besides
from geomap.model import Count, Range

_HALF = 0.5  # ... and of what "dozens" may have been too much for
_ROUND = 1.5  # times the number that "more than" may leave open


def number(counts: Sequence[tuple[int, Count]], name: str) -> tuple[Range | None, Count | None, list[str]]:
    """The range that the sentences of a report leave for one number, and a remark where they differ."""
    if not counts:
        return None, None, []
    counts = [each for each in counts if each[1].range.max != 0] or counts  # "no civilian was hurt" takes nothing from the others
    most = max(count.range.min or 0 for _, count in counts)
    totals = [(number, count) for number, count in counts if count.total and not (count.some and (count.range.min or 0) < most)]  # "rose to 12 children"
    if totals:
        return totals[-1][1].range, totals[-1][1], []
    counts = [each for each in counts if each[1].range != Range(0, 0)] or counts  # "no civilians were killed" says nothing of the fighters
    per_sentence: dict[int, tuple[Range, Count]] = {}
    for number in dict.fromkeys(number for number, _ in counts):
        per_sentence[number] = _in_one_sentence([count for each, count in counts if each == number])
    value, count = next(iter(per_sentence.values()))
    said: list[str] = []
    for other, other_count in list(per_sentence.values())[1:]:
        if other_count.more and not (other_count.some and (value.min or 0) > (other.max or 0) > 0):  # "killed three ... his two guards were also killed"
            value = _sum([value, other])
            continue
        if other.min == value.min and value.max is None and not count.vague:
            continue  # "at least five died ...; five were killed": the doubt told first stays
        if count.vague and value.max is None and not other_count.vague and other.max is not None and not _is_one_of_them(other_count) and _HALF * (value.min or 0) <= (other.min or 0):
            value, count = other, other_count  # "dozens were hurt ...; 13 were hurt"
            continue
        if count.rounded and _is_rounded(value, other):
            value, count = other, other_count
            continue
        if other_count.rounded and _is_rounded(other, value):
            continue
        if other == value or _is_vaguer(other, value, other_count.vague or other_count.some) or (_is_one_of_them(other_count) and _several(value)):
            continue
        if _is_vaguer(value, other, count.vague or (count.some and count.total)) or (count.some and count.who is None and (other.min or 0) > (value.max or 0) > 0) or (_is_one_of_them(count) and _several(other)):
            value, count = other, other_count
        elif (other.min or 0) > (value.min or 0) or _same_kind(count, other_count):
            said.append(f"{name}: the report gives {_shown(value)} and {_shown(other)}")
            more_than = other_count.rounded and other.max is None and other.min is not None and value.max is not None
            value = _joined(value, Range(other.min, other.min - 1) if more_than and other.min else other)  # "14" and "more than 22": 14 to 22
    return value, count, said


def _sum(ranges: Sequence[Range]) -> Range:
    """ "At least 22 children and four women": the end is open where one of them is."""
    open_end = any(each.max is None for each in ranges)
    return Range(sum(each.min or 0 for each in ranges), None if open_end else sum(each.max or 0 for each in ranges))


def _in_one_sentence(counts: list[Count]) -> tuple[Range, Count]:
    """Different people killed in one sentence add up; the same number told twice is one."""
    chosen: list[Count] = []
    for count in besides([count for count in counts if not (count.some and count.what == "vehicles")] or counts):  # "at a car, hitting the vehicle"
        if count.row or not any(count.range == each.range and (count.who == each.who or None in (count.who, each.who)) for each in chosen):
            chosen.append(count)
    of_others = len(chosen) > 2 and not (chosen[0].single or chosen[0].row or chosen[0].some) and any(not count.row for count in chosen[1:])
    if of_others and chosen[0].range.min == sum(count.range.min or 0 for count in chosen[1:]):
        return chosen[0].range, chosen[0]  # "six died, two of one force and four of another"
    several = [count for count in chosen if (count.range.min or 0) > 1]
    chosen = [count for count in chosen if not (several and count.span > several[0].span and _is_named(count))]
    said = [count for count in chosen if not count.vague and count.range.min is not None]
    if len(said) > 1:
        total = _sum([each.range for each in said])
        return total, replace(said[0], range=total, single=False)  # "a woman and two children": no longer one of those told elsewhere
    for count in chosen:  # "several women and one child"
        if said and count.vague and count.range.max is None and (said[0].row or count.span.start == said[0].span.start) and count.span.end < said[0].span.end:
            return _sum([count.range, said[0].range]), count
    best = min(chosen, key=lambda count: (count.range.max is None, count.vague))  # "hit three cars and destroyed two": two
    return best.range, best


def _is_named(count: Count) -> bool:
    """ "Two young men were killed, among the dead the youth so-and-so": he is one of the two."""
    return count.range == Range(1, 1) and count.who is not None and count.who.startswith("ال")


def _is_one_of_them(count: Count) -> bool:
    """ "The commander was killed": one, of all those whom the next sentence counts."""
    return count.range == Range(1, 1) and (count.single or _is_named(count))


def _several(value: Range) -> bool:
    """ "Five", "up to five"."""
    return ((value.max if value.min is None else value.min) or 0) > 1


def _is_rounded(value: Range, than: Range) -> bool:
    """ "More than 20" beside "22", or "at least 22", or just "20"."""
    return value.max is None and (value.min or 0) - 1 <= (than.min or 0) <= _ROUND * (value.min or 0)


def _is_vaguer(value: Range, than: Range, vague: bool) -> bool:
    """ "Several" beside "17" says nothing more; "at least 29" of one source beside "50" of another does."""
    if vague and value.max is not None:
        return value.max <= (than.min or 0)
    return (vague or value.min == than.min) and value.max is None and (vague or than.max is not None) and (value.min or 0) <= (than.min or than.max or 0)


def _same_kind(one: Count, other: Count) -> bool:
    return one.who is None or other.who is None or one.who == other.who


def _joined(one: Range, other: Range) -> Range:
    lows = [each.min for each in (one, other) if each.min is not None]
    highs = [each.max if each.max is not None else each.min for each in (one, other)]
    known = [high for high in highs if high is not None]
    open_end = one.max is None and other.max is None  # "at least 80 bodies", "more than 100 dead"
    return Range(min(lows) if lows else None, max(known) if known and not open_end else None)


def _shown(value: Range) -> str:
    low = "?" if value.min is None else f"{value.min:g}"
    if value.max == value.min:
        return low
    return f"{low} or more" if value.max is None else f"{low} to {value.max:g}"
