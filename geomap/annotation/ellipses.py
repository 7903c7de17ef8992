"""Numbers that stand for attacks: "five raids on A and three on B", "22 strikes, including ten near A", "and another"."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise, takewhile

from msgspec.structs import replace

from geomap.annotation.patterns import Match
from geomap.annotation.tokens import Token, Tokens
from geomap.model import Range, Trigger

_OWN = 1.0  # bits of a number that does what only strikes do
_OPEN = 2.0  # the least that "several" can mean


def elliptic(match: Match, core: Token) -> Trigger:
    """ "Five raids on A and three on B": the number stands for the raids."""
    number = match.value("hit", "NUM")
    ordinal = not {"ORD", "OTHER"}.isdisjoint(core.tags)  # "the second occurred near B"
    if "ASMANY" in core.tags or match.data.get("each"):
        return Trigger(core.span, "attack", None, form="noun", other=True)
    count = Range(number, number) if number is not None else Range(1, 1) if ordinal or match.data.get("one") else Range(_OPEN, None)
    return Trigger(core.span, "attack", count, form="noun", other=True, bits=_OWN if {"sure", "dealt"} & match.data.keys() else None)


_ROW = 14  # words in which a number of raids, where they were, and whom they killed
_JOINED = 5  # words from "a strike" to "and a separate attack"


def typed(found: Mapping[int, Trigger], tokens: Tokens, sure: Collection[int], dealt: Collection[int]) -> dict[int, Trigger]:
    """ "And another": an attack of the kind told before; where none was told, a mere "the second" is none.

    ``sure`` are numbers that do what only strikes do, ``dealt`` those that do if they are a part of the strikes that were told.
    """
    typed: dict[int, Trigger] = {}
    last = 0
    for index in sorted(found):
        trigger = found[index]
        before = next(reversed(typed.values()), None)
        if index in dealt and not _is_part(trigger, typed.values()):
            continue
        apart = any(not {"STOP", "KILL", "WOUND", "VEHICLE", "DESTROY"}.isdisjoint(token.tags) for token in tokens[last:index]) or _is_of_dead(tokens, last)
        apart = apart and not _is_in_a_row(tokens, last, index)
        bare = trigger.form == "verb" or trigger.bits is None
        strikes = any("HIT" in token.tags for token in tokens[max(0, index - 1) : index + 2])  # "another hit B": no man
        if {"OTHER", "PERSON"} <= tokens[index].tags.keys() and bare and not strikes and _is_of_people(tokens, last, index):
            continue  # "a young man died in A and another in B": one more man, and no more raids
        rest = index and "OTHER" in tokens[index - 1].tags  # "the other two took place in January"
        if index not in sure and index not in dealt and "OTHER" not in tokens[index].tags and "NUM" in tokens[index].tags and (before is None or before.count is None or (apart and not rest)):
            continue  # a number that counts no raids
        if "OTHER" not in tokens[index].tags and "NUM" in tokens[index].tags and before is not None and before.count is not None and before.count.max is None and _counts_marks(tokens, last, index):
            continue  # "strikes on three bases in A and two in B": two bases
        if trigger.count is None and trigger.other and trigger.bits is None:
            if before is None or before.count is None or apart:
                continue
            trigger = replace(trigger, count=before.count)  # "four raids on A and as many on B", "two raids each on A and B"
        if trigger.other and trigger.event_type == "attack":
            if before is None and bare:
                continue
            trigger = replace(trigger, event_type=before.event_type) if before and not _is_by_others(tokens, last, index) else trigger
        last = index
        typed[index] = trigger
    return typed


def _is_part(trigger: Trigger, told: Iterable[Trigger]) -> bool:
    """ "Four strikes in Iraq. Two near A destroyed a truck": two of the four, and not of more than there were."""
    room = total = 0.0
    for each in told:
        count = each.count.min if each.count is not None and each.count.min is not None else 0.0
        room, total = (room - count, total) if each.other else (count, count)
    return total > 1 and trigger.count is not None and trigger.count.min is not None and trigger.count.min <= room


def _is_in_a_row(tokens: Tokens, last: int, index: int) -> bool:
    """ "Three strikes: one near A that killed four, and two near B that killed six": behind such a number, another that has dead of its own."""
    before = {"STRIKE", "WEAKSTRIKE", "HIT", "BOMB"}.isdisjoint(tokens[last].tags) and all("STOP" not in token.tags for token in tokens[last:index])
    behind = list(takewhile(lambda token: {"STOP", "COMMA", "SEMI"}.isdisjoint(token.tags), tokens[index + 1 : index + _ROW]))
    return before and any("KILL" in one.tags and not {"NUM", "MANY", "BOUND"}.isdisjoint(then.tags) for one, then in pairwise(behind))


def _counts_marks(tokens: Tokens, first: int, last: int) -> bool:
    """Does a number behind the words of an attack count what was struck?"""
    return any("NUM" in token.tags and "YEAR" not in token.tags for token in tokens[first + 1 : last])


def _is_by_others(tokens: Tokens, first: int, last: int) -> bool:
    """ "A drone strike and a separate attack by the army": nobody says of which kind the second was."""
    joined = last - first <= _JOINED and any("AND" in token.tags for token in tokens[first:last])
    return joined and any("BY" in token.tags for token in tokens[last + 1 : last + 2])


def _is_of_people(tokens: Tokens, first: int, last: int) -> bool:
    """Were the dead or hurt told since the words of the last attack?"""
    return any(not {"KILL", "WOUND"}.isdisjoint(token.tags) for token in tokens[first:last])


def _is_of_dead(tokens: Tokens, index: int) -> bool:
    """ "Thirty died in fifty raids, twelve in A": of the dead, who are told before the raids."""
    for token in reversed(tokens[:index]):
        if "STOP" in token.tags:
            return False
        if not {"KILL", "WOUND", "DEAD"}.isdisjoint(token.tags):
            return True
    return False
