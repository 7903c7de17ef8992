"""People counted in a row under one verb: "12 women, eight children and seven men died", "killing three soldiers and a child"."""

from __future__ import annotations

from collections.abc import Iterator

from geomap.annotation.tokens import Tokens

_INSIDE = frozenset(("ADJ", "UNKNOWN", "NATION", "GROUP", "OWNER", "FORCE", "PERSON", "PERSONS_ONE", "NAMEPART"))
_LONG = 5  # words between a number and whom it counts
_APART = frozenset(("KILL", "WOUND", "DEAD", "STRIKE", "WEAKSTRIKE", "TIMEUNIT", "UNIT", "STRUCK", "VEHICLE", "AMONG", "STOP"))
_CLOSES = _APART | frozenset(("COMMA", "AUX", "PASSIVE", "SAY", "HIT", "NUM", "MANY", "NEG", "CLAUSE", "BY", "IN", "NEAR", "ONPLACE"))
_SAID = 8  # words that may say something of the counted
_CLAUSE = 4  # words in which a verb of their own may follow the last of them


def beside(tokens: Tokens, number: int, end: int | None, taken: set[object]) -> list[tuple[int, int]]:
    """Others in the row with the people that the number counts: for each its number, and the word behind whom it counts."""
    end = end or people(tokens, number)
    return [*_before(tokens, number, taken), *_after(tokens, end, taken)] if end else []


def _before(tokens: Tokens, start: int, taken: set[object]) -> Iterator[tuple[int, int]]:
    while (end := _joint_before(tokens, start)) and (found := _counted_before(tokens, end)) and taken.isdisjoint(range(*found)):
        yield found
        start = found[0]


def _after(tokens: Tokens, last: int, taken: set[object]) -> list[tuple[int, int]]:
    """What follows, up to an "and": "killed three soldiers, two were hurt" is no row."""
    found: list[tuple[int, int]] = []
    joined = False
    while (number := _number_after(tokens, last)) is not None and (end := people(tokens, number)) and taken.isdisjoint(range(number, end)):
        if _has_a_verb(tokens, end):
            break
        joined = any("AND" in token.tags for token in tokens[last:number])
        found.append((number, end))
        last = end
    joined = joined or any("AND" in token.tags for token in tokens[last : last + 1])  # "... and a child"
    return found if joined else []


def _has_a_verb(tokens: Tokens, end: int) -> bool:
    """ "... and two policemen were wounded": a clause of its own."""
    for token in tokens[end : end + _CLAUSE]:
        if {"KILL", "WOUND", "DEAD", "NEG", "AGE"} & token.tags.keys():
            return True
        if {"COMMA", "STOP", "AND"} & token.tags.keys():
            return False
    return False


def _joint_before(tokens: Tokens, index: int) -> int | None:
    """Where the one before ends, where nothing but a comma or an "and" parts them."""
    start = index
    while index and "BOUND" in tokens[index - 1].tags:
        start = index = index - 1
    while index and start - index < 2 and {"COMMA", "AND"} & tokens[index - 1].tags.keys():
        index -= 1
    return index if index < start else None


def _counted_before(tokens: Tokens, end: int) -> tuple[int, int] | None:
    """Those counted right before ``end``, or before what is said of them: "five men suspected of links to a group and three soldiers"."""
    for last in range(end, max(1, end - _SAID), -1):
        if _counts_people(tokens, last - 1) and (number := _their_number(tokens, last)) is not None:
            return number, last
        if not _CLOSES.isdisjoint(tokens[last - 1].tags):
            return None
    return None


def _their_number(tokens: Tokens, end: int) -> int | None:
    for index in range(end - 2, max(-1, end - 3 - _LONG), -1):
        if {"NUM", "MANY"} & tokens[index].tags.keys():
            return index
        if _INSIDE.isdisjoint(tokens[index].tags):
            return None
    return None


def _number_after(tokens: Tokens, end: int) -> int | None:
    """The number behind a comma or an "and", what is said of the counted aside: "two members of the army and four of ..."."""
    index = end
    while index < min(len(tokens), end + _SAID) and not {"COMMA", "AND"} & tokens[index].tags.keys():
        if not _CLOSES.isdisjoint(tokens[index].tags):
            return None
        index += 1
    if index > end and index < len(tokens) and "COMMA" in tokens[index].tags:
        return None
    start = index
    while index < len(tokens) and index - start < 2 and {"COMMA", "AND"} & tokens[index].tags.keys():
        index += 1
    if index == start:
        return None
    while index < len(tokens) and "BOUND" in tokens[index].tags:
        index += 1
    return index if index < len(tokens) and {"NUM", "MANY"} & tokens[index].tags.keys() else None


def people(tokens: Tokens, number: int) -> int | None:
    """Where the words of those end whom a number counts."""
    end = None
    for index in range(number + 1, min(len(tokens), number + 2 + _LONG)):
        if _counts_people(tokens, index):
            end = index + 1
        elif _INSIDE.isdisjoint(tokens[index].tags):
            break
    return end


def _counts_people(tokens: Tokens, index: int) -> bool:
    return not {"PERSON", "GROUP"}.isdisjoint(tokens[index].tags) and _APART.isdisjoint(tokens[index].tags)
