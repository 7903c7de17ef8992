"""What the numbers of a text are to one another: part of another, the sum of those that follow, somebody else's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from geomap.annotation.tokens import Tokens
from geomap.model import Count, Range

_TURNS = frozenset(("TURN", "CLAUSE", "CONTRAST", "SEMI"))  # words after which somebody else may speak
_APART = frozenset(("STOP", "KILL", "WOUND", "STRIKE", "IN"))  # between a number and what it is made of
_OPENS = frozenset(("AND", "COMMA", "COLON", "DASH", "OPEN"))  # ... but "three soldiers and two policemen and a civilian" are six
_RAID = 14  # tokens behind a number in which the raid is told that killed so many
_FEW = 3  # so many are soon made by chance: "two men, a woman and a child"
_BARE = 12  # characters of "12 of them", of "and 12"


def related(found: list[Count], tokens: Tokens) -> tuple[Count, ...]:
    """Counts in text order, with those marked that are counted in others, or told by somebody else."""
    found = _with_kinds(found, tokens)
    inside = [any(_is_inside(count, other, tokens) or _is_told_again(count, other, tokens) for other in found) or _is_dealt(found[number:], tokens) or _is_told_out(found[number:], tokens) for number, count in enumerate(found)]
    found = [replace(count, part=True) if part else count for count, part in zip(found, inside, strict=True)]
    return tuple(_with_rivals(list(_with_wholes(_with_others(found, tokens), tokens)), tokens))


def _with_others(found: list[Count], tokens: Tokens) -> list[Count]:
    """ "So and so was killed. Three others died": besides the one told before, where it was one."""
    for number, count in enumerate(found[1:], 1):
        before = next((each for each in reversed(found[:number]) if each.what == count.what and not each.part), None)
        apart = before is not None and any("STOP" in token.tags for token in tokens[tokens.index(before.span.end) : tokens.index(count.span.start)])
        words = tokens[tokens.index(count.span.start) : tokens.index(count.span.end - 1) + 1]
        if count.what == "killed" and before is not None and before.range == Range(1, 1) and apart and any("OTHERS" in token.tags for token in words):
            found = [*found[:number], replace(count, more=True), *found[number + 1 :]]
    return found


def _with_kinds(found: list[Count], tokens: Tokens) -> list[Count]:
    """ "Killed 12 and wounded 20: five in A, four in B, three in C": bare numbers are of the kind whose number they make."""
    first = 0
    while first < len(found):
        last = first
        while last < len(found) and _is_bare(found[last], tokens) and found[last].what == found[first].what and not any("STOP" in token.tags for token in tokens[tokens.index(found[first].span.start) : tokens.index(found[last].span.start)]):
            last += 1
        row, before = found[first:last], [each for each in found[max(0, first - 2) : first] if not _is_bare(each, tokens)]
        made = [each for each in before if len(row) > 1 and each.range.min == sum(one.range.min or 0 for one in row)]
        if len(made) == 1 and made[0].what != row[0].what:
            found = [*found[:first], *(replace(each, what=made[0].what) for each in row), *found[last:]]
        first = max(last, first + 1)
    return found


def _is_bare(count: Count, tokens: Tokens) -> bool:
    words = tokens[tokens.index(count.span.start) : tokens.index(count.span.end - 1) + 1]
    return count.who is None and count.span.end - count.span.start <= _BARE and all({"KILL", "WOUND", "DEAD"}.isdisjoint(token.tags) for token in words)


def _with_wholes(found: list[Count], tokens: Tokens) -> Iterator[Count]:
    """Counts with those marked that are what a number just before them is made of: "five people, three children and two women"."""
    made: set[Count] = set()
    for number, whole in enumerate(found):
        rest = [each for each in found[number + 1 :] if each.what == whole.what and not each.part and each.span.end > whole.span.end]
        for last in range(1, len(rest)):
            row = rest[: last + 1]
            between = tokens[tokens.index(whole.span.end) : tokens.index(row[-1].span.end)]
            opened = next((token.tags for token in between if not _OPENS.isdisjoint(token.tags)), {})
            if whole.some or whole.part or "AND" in opened or any(not _APART.isdisjoint(token.tags) for token in between):
                break
            if (whole.range.min or 0) > _FEW and sum(each.range.min or 0 for each in row) == whole.range.min:
                made.update(row)
    yield from (replace(count, part=True) if count in made else count for count in found)


def _with_rivals(found: list[Count], tokens: Tokens) -> Iterator[Count]:
    """Counts with those marked that somebody else gives, up to the end of the sentence: "while another put it at six, two of ..."."""
    against: dict[str, int] = {}  # what is counted, and where the sentence ends in which another speaks
    for number, count in enumerate(found):
        before = next((each for each in reversed(found[:number]) if each.what == count.what and not each.part), None)
        if before is not None and _is_rival(before, count, tokens):
            against[count.what] = next((token.span.start for token in tokens[tokens.index(count.span.end) :] if "STOP" in token.tags), count.span.end)
        if count.span.start < against.get(count.what, 0):
            same = before is not None and before.range.min == count.range.min
            yield replace(count, rival=True, total=count.total and same)
        else:
            yield count


def _is_inside(count: Count, other: Count, tokens: Tokens) -> bool:
    """ "13 people, including two girls, seven women and four men, lost their lives": seven and four are among the 13."""
    inside = other.span.start < count.span.start and count.span.end <= other.span.end
    if not inside or count.what != other.what or (count.range.min or 0) >= (other.range.min or 0):
        return False
    return any("AMONG" in token.tags for token in tokens[tokens.index(other.span.start) : tokens.index(count.span.start)])


def _is_told_again(count: Count, other: Count, tokens: Tokens) -> bool:
    """ "The leader was killed in a raid on his car, which led to his death and his guard's": he is one of the two."""
    alone = other.again and count.what == other.what and count.range == Range(1, 1) and count.span.end <= other.span.start
    return alone and all("STOP" not in token.tags for token in tokens[tokens.index(count.span.start) : tokens.index(other.span.start)])


def _is_dealt(found: Sequence[Count], tokens: Tokens) -> bool:
    """ "30 people, 12 in A and 18 in B": the first of the counts is the sum of the bare numbers that follow it."""
    total, rest = found[0], list[Count]()
    for each in found[1:]:
        if each.what != total.what or not _is_bare(each, tokens):
            if not rest and each.what != total.what:
                continue  # "killed 12 and wounded 20: five in A, ..."
            break
        rest.append(each)
    if len(rest) < 2 or sum(each.range.min or 0 for each in rest) != total.range.min:
        return False
    if "AND" in tokens[tokens.index(rest[0].span.start) - 1].tags:
        return False  # "four in A and three in B and one in C": each is one of a row
    return all("STOP" not in token.tags for token in tokens[tokens.index(total.span.end) : tokens.index(rest[-1].span.start)])


def _is_told_out(found: Sequence[Count], tokens: Tokens) -> bool:
    """ "12 people, namely five in a raid on A, four in one on B": the five and the four are told with what killed them, and together are the twelve."""
    total = found[0]
    first = next((each for each in found[1:] if each.what == total.what and not each.part), None)
    if first is None or (first.range.min or 0) >= (total.range.min or 0):
        return False
    start, end = tokens.index(first.span.start), tokens.index(first.span.end)
    between, behind = tokens[tokens.index(total.span.end) : start], tokens[end : end + _RAID]
    named = any("NAMELY" in token.tags for token in between[-1:]) and all("STOP" not in token.tags for token in between)
    return named and any(not {"STRIKE", "WEAKSTRIKE", "WEAPON"}.isdisjoint(token.tags) for token in behind)


def _are_others(one: Count, other: Count, tokens: Tokens) -> bool:
    """Soldiers and civilians; "the dead" may be any."""
    kinds = []
    for each in (one, other):
        words = tokens[tokens.index(each.span.start) : tokens.index(each.span.end - 1) + 1]
        tags = next((token.tags for token in words if token.span.of(tokens.text) == each.who), words[-1].tags if words else {})
        if each.who and "DEAD" not in tags:
            finer = "FINER" in tags and tags.get("PERSON") != "militants"  # "a member of the group" may be "a commander"
            kinds.append(each.who if finer else tags.get("PERSON", each.who))  # "مدنيين" and "مدنيا" are of one kind
    return len(kinds) > 1 and kinds[0] != kinds[1]


def _is_rival(before: Count, count: Count, tokens: Tokens) -> bool:
    """ "One agency reported that 60 people were killed, while another said 40 died": two numbers of one thing, by two who tell."""
    if count.part or (_are_others(before, count, tokens) and not count.total):
        return False
    between = tokens[tokens.index(before.span.end) : tokens.index(count.span.end)]
    if any("STOP" in token.tags for token in between):
        return False
    turned = False
    for token in between:
        if turned and ("TOLL" in token.tags or (not {"SAY", "RECKONS"}.isdisjoint(token.tags) and token.span.start < count.span.start)):
            return True
        turned = turned or not _TURNS.isdisjoint(token.tags)
    return False
