"""People counted in a row under one verb: "12 women, eight children and seven men died", "killing a man, his wife and a child".

A member is a number with whom it counts, or a single one with its article: "two of his sons", "a pregnant woman", "his wife".
Where a language has no such article (``bare``), the word alone is one, and its dual two: "رجلان وامرأة" (two men and a woman).
"""

from __future__ import annotations

from itertools import takewhile

from geomap.annotation.tokens import Token, Tokens

_INSIDE = frozenset(("ADJ", "UNKNOWN", "NATION", "GROUP", "OWNER", "FORCE", "PERSON", "PERSONS_ONE", "NAMEPART"))
_LONG = 5  # words between a number and whom it counts
_APART = frozenset(("KILL", "WOUND", "DEAD", "STRIKE", "WEAKSTRIKE", "TIMEUNIT", "UNIT", "STRUCK", "VEHICLE", "AMONG", "STOP"))
_CLOSES = _APART | frozenset(("COMMA", "AUX", "PASSIVE", "SAY", "HIT", "NUM", "MANY", "NEG", "CLAUSE", "BY", "IN", "NEAR", "ONPLACE"))
_SAID = 8  # words that may say something of the counted
_CLAUSE = 4  # words in which a verb of their own may follow the last of them
_PAIR = 3  # words from "a Yemeni" to "and a Jordanian"
_OF = 2  # words between a number and whom it counts that say of which they are: "two of his sons"
_STRIKES = frozenset(("STRIKE", "WEAKSTRIKE", "WEAPON", "STRUCK", "VEHICLE", "MARK", "DASH", "SITE", "KIND", "ADJ"))  # "a Syrian air base"
_NAME = frozenset(("NAMEPART", "RANK"))
_JOINTS = frozenset(("COMMA", "AND", "BESIDES"))
_SPELLS = frozenset(("COLON", "OPEN"))  # what follows tells those counted one by one
_VERBS = frozenset(("KILL", "WOUND", "DEAD", "NEG", "AGE"))
_SPEAKS = frozenset(("SAY", "AUX", "HIT", "ADMIT", "RELATIVE"))  # a single one with these is rather who tells


def beside(tokens: Tokens, number: int | None, end: int | None, *, bare: bool = False) -> list[tuple[int, int]]:
    """Others in the row with the people that the number counts: for each its number, and the word behind whom it counts.

    Of somebody named there is no number: "killing so and so, his wife and two children".
    """
    end = end or (people(tokens, number) if number is not None else None)
    if not end:
        return []
    return [*(_before(tokens, number) if number is not None else ()), *_after(tokens, end, named=number is None, bare=bare)]


def spells_out(tokens: Tokens, row: list[tuple[int, int]], number: int) -> bool:
    """ "Killed 11 people: a man, ...", "killed three, a child among them": the row tells who those are that the number counts."""
    if not row or row[0][0] < number:
        return False
    between = tokens[number : row[0][0]]
    return any(not _SPELLS.isdisjoint(token.tags) for token in between) or any("AMONG" in token.tags for token in tokens[row[-1][1] : row[-1][1] + 1])


def are_apart(row: list[Token]) -> bool:
    """ "Two men, a woman and a child" are four, "two children, a boy and a girl" are two, "two doctors and two nurses" four."""
    first, *others = (str(token.tags.get("BEING", "")) for token in row)
    if not first:
        return "FINER" in row[0].tags
    return any(one in first and two in other for other in others for one, two in ("ay", "ya", "mf", "fm"))


def _before(tokens: Tokens, start: int) -> list[tuple[int, int]]:
    """Those before it in the row; none where they are counted in a number before: "four dead, including a clerk and two guards, along with nine hurt"."""
    found: list[tuple[int, int]] = []
    besides = any("BESIDES" in token.tags for token in tokens[max(0, start - 2) : start])
    while (end := _joint_before(tokens, start)) and (counted := _counted_before(tokens, end)):
        found.append(counted)
        start = counted[0]
    row = list(takewhile(lambda token: {"STOP", "KILL", "WOUND", "DEAD"}.isdisjoint(token.tags), reversed(tokens[max(0, start - _SAID) : start])))
    return [] if besides and any("AMONG" in token.tags for token in row) else found


def _after(tokens: Tokens, last: int, *, named: bool = False, bare: bool = False) -> list[tuple[int, int]]:
    """What follows, up to an "and": "killed three soldiers, two were hurt" is no row."""
    found: list[tuple[int, int]] = []
    joined = False
    last = _past_part(tokens, _past_name(tokens, last))
    while (number := _number_after(tokens, last, bare=bare)) is not None and (end := number + 1 if bare and _counts_itself(tokens, number) else people(tokens, number)):
        if has_a_verb(tokens, number, end):
            break
        here = any(not {"AND", "BESIDES"}.isdisjoint(token.tags) for token in tokens[last:number])
        if named and not here and _is_indefinite(tokens, number):
            named = False  # "so and so, a commander of the group, and two guards"
            last = next((index for index in range(end, min(len(tokens), end + _SAID)) if "COMMA" in tokens[index].tags), len(tokens))
            continue
        joined = joined or here
        found.append((number, end))
        last = end
    if found and "NUM" in tokens[found[-1][0]].tags:
        joined = joined or any("AND" in token.tags for token in tokens[last : last + 1])  # "... and a neighbour"
    return found if joined else []


def _past_name(tokens: Tokens, end: int) -> int:
    """ "A commander, so and so, and his guard": behind the name of the one counted."""
    last = end + 1
    while last < len(tokens) and (tokens[last].capital or not _NAME.isdisjoint(tokens[last].tags)):
        last += 1
    inside = last > end + 1 and last < len(tokens) and all("COMMA" in tokens[index].tags for index in (end, last))
    return last if inside else end


def _past_part(tokens: Tokens, end: int) -> int:
    """ "17 gunmen, five leaders among them, besides three civilians": behind those who are counted already."""
    among = next((index for index in range(end, min(len(tokens), end + 2)) if "AMONG" in tokens[index].tags), None)
    part = people(tokens, among + 1) if among is not None and among + 1 < len(tokens) else None
    return part if part and any("BESIDES" in token.tags for token in tokens[part : part + 2]) else end


def has_a_verb(tokens: Tokens, number: int, end: int) -> bool:
    """ "... and two policemen were wounded", "and a doctor said": a clause of its own."""
    verbs = _VERBS if {"NUM", "MANY"} & tokens[number].tags.keys() else _VERBS | _SPEAKS
    for token in tokens[end : end + _CLAUSE]:
        if not verbs.isdisjoint(token.tags):
            return True
        if {"COMMA", "STOP", "AND", "CLAUSE"} & token.tags.keys():
            return False
    return False


def _is_single(tokens: Tokens, index: int) -> bool:
    """ "A", "his", "another": what stands before one person."""
    tags = tokens[index].tags
    return "ITS" in tags or "OTHER" in tags or _is_indefinite(tokens, index)


def _is_indefinite(tokens: Tokens, index: int) -> bool:
    return tokens[index].tags.get("DET") == "indefinite" and "NUM" not in tokens[index].tags


def _joint_before(tokens: Tokens, index: int) -> int | None:
    """Where the one before ends, where nothing but a comma or an "and" parts them."""
    start = index
    while index and not {"BOUND", "ITS"}.isdisjoint(tokens[index - 1].tags):
        start = index = index - 1
    while index and start - index < 2 and not _JOINTS.isdisjoint(tokens[index - 1].tags):
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
        if _years(tokens, index) or _years(tokens, index - 1):
            continue
        if "CLOCK" in tokens[index + 1].tags:
            return None  # "(1000 GMT) wounded four"
        if {"NUM", "MANY"} & tokens[index].tags.keys() or (_is_single(tokens, index) and _is_one(tokens, end - 1)):
            return index
        if _INSIDE.isdisjoint(tokens[index].tags):
            return None
    return None


def _counts_itself(tokens: Tokens, index: int) -> bool:
    tags = tokens[index].tags
    return not tokens[index].definite and ("PERSONS_ONE" in tags or {"PERSON", "TWO"} <= tags.keys()) and {"NUM", "NATION", "GLUED_AND"}.isdisjoint(tags)


def _number_after(tokens: Tokens, end: int, *, bare: bool = False) -> int | None:
    """The number behind a comma or an "and", what is said of the counted aside: "two members of the army and four of ..."."""
    index = end
    while index < min(len(tokens), end + _SAID) and _JOINTS.isdisjoint(tokens[index].tags):
        if not _CLOSES.isdisjoint(tokens[index].tags) and not _is_in_a_group(tokens, index):
            return None
        index += 1
        if not _SPELLS.isdisjoint(tokens[index - 1].tags):
            break
    else:
        if index > end and index < len(tokens) and "COMMA" in tokens[index].tags and not (bare and "AND" in tokens[index + 1].tags):
            return None
        start = index
        while index < len(tokens) and index - start < 2 and not _JOINTS.isdisjoint(tokens[index].tags):
            index += 1
        if index == start:
            return None
    while index < len(tokens) and (not {"BOUND", "QUOTE"}.isdisjoint(tokens[index].tags) or (_is_single(tokens, index) and _number_stands(tokens, index + 1))):
        index += 1  # "and at least two", "and their two", "and another two", "and “two fighters”"
    if index >= len(tokens):
        return None
    return index if {"NUM", "MANY"} & tokens[index].tags.keys() or _is_single(tokens, index) or (bare and _counts_itself(tokens, index)) else None


def _is_in_a_group(tokens: Tokens, index: int) -> bool:
    """ "خمسة أعضاء في «القاعدة»" (five members in al-Qaeda): whose they are."""
    return "IN" in tokens[index].tags and any("GROUP" in token.tags for token in tokens[index + 1 : index + 1 + _OF])


def _number_stands(tokens: Tokens, index: int) -> bool:
    """Is there a number, and not that of somebody's years?"""
    return index < len(tokens) and "NUM" in tokens[index].tags and not _years(tokens, index)


def _years(tokens: Tokens, index: int) -> bool:
    """ "Their 3-year-old child"."""
    return 0 <= index < len(tokens) - 1 and "NUM" in tokens[index].tags and "TIMEUNIT" in tokens[index + 1].tags


def people(tokens: Tokens, number: int) -> int | None:
    """Where the words of those end whom a number counts."""
    end, first = None, number + 1
    if first < len(tokens) and "OF" in tokens[first].tags:
        first += 1 + any({"ITS", "THE"} & token.tags.keys() for token in tokens[first + 1 : first + _OF])
    first += 2 if _years(tokens, first) else 0
    for index in range(first, min(len(tokens), first + 1 + _LONG)):
        if _counts_people(tokens, index):
            end = index + 1
        elif _INSIDE.isdisjoint(tokens[index].tags):
            break
    if end and _is_single(tokens, number) and {"NUM", "MANY"}.isdisjoint(tokens[number].tags) and not _is_one(tokens, end - 1):
        return None  # "their wives"
    return end


def _counts_people(tokens: Tokens, index: int) -> bool:
    counts = not {"PERSON", "PERSONS_ONE", "GROUP"}.isdisjoint(tokens[index].tags) or _is_national(tokens, index)
    return counts and _APART.isdisjoint(tokens[index].tags)


def _is_one(tokens: Tokens, index: int) -> bool:
    return "PERSONS_ONE" in tokens[index].tags or _is_national(tokens, index)


def _is_of_a_land(tokens: Tokens, index: int) -> bool:
    return index > 0 and not {"NATION", "DEMONYM"}.isdisjoint(tokens[index].tags) and _is_indefinite(tokens, index - 1)


def _is_national(tokens: Tokens, index: int) -> bool:
    """ "Three fighters and a Syrian": by the land alone, with an article."""
    named = _is_of_a_land(tokens, index) and not _is_of_a_land(tokens, index - _PAIR)  # "two members -- a Yemeni and a Jordanian": they are the two
    return named and (index + 1 == len(tokens) or (_INSIDE | _STRIKES).isdisjoint(tokens[index + 1].tags))
