"""The dead and the hurt told one by one: "killed X, 34, his brother Y and two guards", "X and Y, a leader, were killed".

A member is a name (with what the person is before it), one relative or companion ("his wife", "a guard"), or a number of people
("three others"). What is said of a named one between commas counts nobody: years, a title, "who had joined the group". Only where
names begin with a capital: elsewhere nothing shows where a name ends.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from geomap.annotation.series import has_a_verb, people
from geomap.annotation.tokens import Tags, Token, Tokens

_NAME = frozenset(("NAMEPART", "DASH"))
_NO_NAME = frozenset(("DATE", "NUM", "WEEKDAY", "MONTH", "STRIKE", "WEAKSTRIKE", "SAY", "AUX", "IN", "NEAR", "KILL", "DIR"))
_LEADS = frozenset(("ADJ", "RANK", "FORCE", "GROUP", "NATION", "ARMY", "OWNER", "PERSON", "PERSONS_ONE", "SPEAKER", "DEMONYM", "GROUPHEAD", "THE", "DET", "ITS", "OTHER"))
_NO_LEAD = frozenset(("COMMA", "AND", "IN", "NEAR", "OF", "STOP", "NUM", "MANY", "KILL", "WOUND", "STRIKE", "SAY", "AUX", "HIT", "QUOTE", "DATE"))
_LEAD = 6  # words before a name that say what the person is
_PAIR = 2  # two names of a word each may be anything: "Gaza and Rafah"
_TITLE = 16  # ... and behind it, between commas
_STOPS = frozenset(("STOP", "SEMI", "COLON", "KILL", "WOUND", "NUM", "MANY", "STRIKE", "WEAKSTRIKE", "HIT", "SAY"))
_JOINTS = frozenset(("COMMA", "AND", "BESIDES"))
_FAR = 24  # words between a verb and "along with three others"
_NO_WAY = frozenset(("STOP", "SEMI", "COLON", "KILL", "WOUND", "SAY", "CLAUSE", "RELATIVE"))  # none of these stands there
_OPENS = frozenset(("COMMA", "SAY", "QUOTE", "WHEN", "RELATIVE", "DATE", "CLOSE"))
_COUNTED = frozenset(("PERSON", "PERSONS_ONE", "GROUP", "ARMY", "NATION", "RANK"))


class Roster(Struct, frozen=True):
    """The tokens of a verb and of all whom it killed or hurt, and how many they are; ``far``: of those told behind where and how."""

    what: str
    start: int
    end: int
    count: int
    far: range = range(0)


class _Member(Struct):
    start: int
    end: int
    count: int
    named: bool = False


def rosters(tokens: Tokens) -> Iterator[Roster]:
    """All rows of a text in which somebody has a name, in text order."""
    begun = 0  # where the row of a verb in the passive may begin
    for index, token in enumerate(tokens):
        if not {"STOP", "SEMI", "COLON", "THAT"}.isdisjoint(token.tags):
            begun = index + 1
            continue
        what = "wounded" if "WOUND" in token.tags else "killed" if not {"KILL", "DEAD"}.isdisjoint(token.tags) else None
        if what is None:
            continue
        helped = index
        while helped > begun and "AUX" in tokens[helped - 1].tags:
            helped -= 1
        passive = any("PASSIVE" in each.tags for each in tokens[helped:index]) or "DIE" in token.tags
        row = _before(tokens, begun, helped) if passive else _row(tokens, index + 1)
        if far := _far_beside(tokens, index + 1 if passive else max(index + 1, row[1] if row else 0)):
            row = row or (_alone_before(tokens, begun, helped) if passive else _alone(tokens, index + 1))
        if row is not None:
            start, end, count = row
            others = range(far.start, far.end) if far else range(0)
            yield Roster(what, min(start, index), max(end, index + 1), count + (far.count if far else 0), others)
            begun = max(index, end, others.stop) + 1


def _far_beside(tokens: Tokens, start: int) -> _Member | None:
    """ "X was killed in a strike on his house on Thursday, along with three others": those who follow where, how and when."""
    for index in range(start, min(len(tokens) - 1, start + _FAR)):
        if not _NO_WAY.isdisjoint(tokens[index].tags):
            return None
        if "BESIDES" in tokens[index].tags:
            return _member(tokens, index + 1, alone=False)
    return None


def _alone(tokens: Tokens, start: int, verb: int | None = None) -> tuple[int, int, int] | None:
    """One named person, whose verb may follow: a row for those who are told far behind."""
    member = _member(tokens, start, alone=True)
    if member is None or not member.named or member.count != 1:
        return None
    end = _past_words(tokens, member)
    behind = all("COMMA" in token.tags for token in tokens[end:verb]) if verb is not None and end <= verb else verb is None
    return (start, end, 1) if behind else None


def _alone_before(tokens: Tokens, begun: int, verb: int) -> tuple[int, int, int] | None:
    """... that ends where its verb begins."""
    starts = (start for start in range(begun, verb) if start == begun or _may_open(tokens, start))
    return next((row for start in starts if (row := _alone(tokens, start, verb))), None)


def _before(tokens: Tokens, begun: int, verb: int) -> tuple[int, int, int] | None:
    """The row that ends where its verb begins."""
    for start in range(begun, verb):
        if start > begun and not _may_open(tokens, start):
            continue
        if (row := _row(tokens, start, verb)) and row[1] <= verb and all("COMMA" in token.tags for token in tokens[row[1] : verb]):
            return row
    return None


def _may_open(tokens: Tokens, start: int) -> bool:
    """Inside a sentence a row opens behind who tells it or when; "two men, X and Y," and "known as X" name who is counted already."""
    before = tokens[start - 1]
    said = any(not _COUNTED.isdisjoint(token.tags) for token in tokens[max(0, start - 2) : start - 1])
    return not _OPENS.isdisjoint(before.tags) and not _is_of_a_name(before) and not said


def _row(tokens: Tokens, start: int, verb: int | None = None) -> tuple[int, int, int] | None:
    """Where a row begins and ends and how many it counts; None where it is none, or has no name. ``verb``: where that of all of them follows."""
    members: list[_Member] = []
    index, joined, last = start, False, False  # last: an "and", or the row is not whole
    while (member := _member(tokens, index, alone=not members)) is not None:
        if members and has_a_verb(tokens, index, member.end) and member.end != verb:
            break  # "... and Y said"
        members.append(member)
        index = _past_words(tokens, member)
        joint = index
        while joint < len(tokens) and joint - index < 2 and not _JOINTS.isdisjoint(tokens[joint].tags):
            joint += 1
        with_others = any("BESIDES" in token.tags for token in tokens[index:joint])
        if joint == index or (joined and not with_others):
            break
        joined = joined or any("AND" in token.tags for token in tokens[index:joint])
        last = last or joined or with_others
        if _member(tokens, joint, alone=False) is None:
            break
        index = joint
    if members and members[0].named and members[0].count > 1 and not last:
        members, index = members[:1], members[0].end  # "X, Y and Z, three children of one family"
    whole = (len(members) > 1 and last) or (members and members[0].count > 1)
    somebody = members and (members[0].named or (members[0].count == 1 and any(member.named for member in members)))
    return (start, index, sum(member.count for member in members)) if whole and somebody else None


def _member(tokens: Tokens, start: int, *, alone: bool) -> _Member | None:
    """One of a row, or a number of them."""
    index = start
    while index < len(tokens) and not {"BOUND", "ITS"}.isdisjoint(tokens[index].tags):
        index += 1  # "at least two", "their two children"
    if index < len(tokens) and "NUM" in tokens[index].tags and float(tokens[index].tags["NUM"]) == int(tokens[index].tags["NUM"]):
        end = people(tokens, index) or (index + 2 if any("OTHERS" in token.tags for token in tokens[index + 1 : index + 2]) else None)
        return _Member(start, end, int(tokens[index].tags["NUM"])) if end else None
    index = _past_lead(tokens, start)
    lead = tokens[start:index]
    who: Tags = lead[-1].tags if lead else {}
    many = "PERSON" in who and "PERSONS_ONE" not in who  # "their daughters X and Y"
    if (many or not lead) and (names := _names(tokens, index)) and (many or names.count > _PAIR):
        return names
    indefinite = any(token.tags.get("DET") == "indefinite" for token in lead)
    single = "PERSONS_ONE" in who and (indefinite or any(not {"ITS", "OTHER"}.isdisjoint(token.tags) for token in lead))
    end = _past_name(tokens, index)
    if single and indefinite and index < len(tokens) and "COMMA" in tokens[index].tags and _past_name(tokens, index + 1) > index + 2:
        end = _past_name(tokens, index + 1)  # "a commander, X": one
    called = "PERSONS_ONE" in who or "RANK" in who
    whose = end < len(tokens) and not _COUNTED.isdisjoint(tokens[end].tags)  # "White Helmets volunteers"
    if not whose and end - index > (0 if called or not alone else 1) and (called or not any("DET" in token.tags for token in lead)):
        return _Member(start, end, 1, named=True)
    national = indefinite and not {"NATION", "DEMONYM"}.isdisjoint(who)  # "a Jordanian and a Yemeni fighter"
    return _Member(start, index, 1, named=national) if single or national else None


def _past_lead(tokens: Tokens, start: int) -> int:
    """Behind the words that say what a person is, before the name: "Islamic State commander", "the council's deputy chairman"."""
    index = start
    while index < len(tokens) and index - start < _LEAD and not _LEADS.isdisjoint(tokens[index].tags) and not _is_of_a_name(tokens[index]):
        index += 1
    for last in range(start, min(len(tokens) - 1, start + _LEAD)):
        if not _NO_LEAD.isdisjoint(tokens[last].tags):
            break
        if last >= index and not {"PERSONS_ONE", "RANK", "SPEAKER"}.isdisjoint(tokens[last].tags) and _is_of_a_name(tokens[last + 1]):
            return last + 1
    return index


def _names(tokens: Tokens, index: int) -> _Member | None:
    """The names of several: "X, Y and Z"."""
    start, count, last = index, 0, False
    while (end := _past_name(tokens, index)) > index:
        count += 1
        if last:
            return _Member(start, end, count, named=True)
        index = end
        while index < len(tokens) and index - end < _PAIR and not {"COMMA", "AND"}.isdisjoint(tokens[index].tags):
            last = last or "AND" in tokens[index].tags
            index += 1
        if index == end:
            return None
    return None


def _is_of_a_name(token: Token) -> bool:
    return (token.capital and _NO_NAME.isdisjoint(token.tags) and {"ADJ", "RANK", "NATION", "GROUP", "ARMY", "FORCE"}.isdisjoint(token.tags)) or not _NAME.isdisjoint(token.tags)


def _is_of_origin(tokens: Tokens, index: int) -> bool:
    """The last of "Abu Jandal al-Kuwaiti": a nation's word, behind the article."""
    return index > 0 and tokens[index].capital and "NATION" in tokens[index].tags and "NAMEPART" in tokens[index - 1].tags


def _past_name(tokens: Tokens, index: int) -> int:
    start = index
    while index < len(tokens) and (_is_of_a_name(tokens[index]) or _is_of_origin(tokens, index)):
        index += 1
    return index if any(token.capital for token in tokens[start:index]) else start


def _past_words(tokens: Tokens, member: _Member) -> int:
    """Behind what is said of a named one: "(34)", ", 34,", ", the group's leader,"."""
    end = member.end
    if end < len(tokens) and "OPEN" in tokens[end].tags:
        closing = next((index for index in range(end, min(len(tokens), end + _TITLE)) if "CLOSE" in tokens[index].tags), None)
        end = closing + 1 if closing else end
    while member.named and end < len(tokens) and "COMMA" in tokens[end].tags and (after := _said(tokens, end + 1)) is not None:
        end = after
    return _past_some(tokens, end) if not member.named else end


def _past_some(tokens: Tokens, end: int) -> int:
    """Behind those of a number who are told apart: "three others, including X, were killed"."""
    if not all(name in token.tags for name, token in zip(("COMMA", "AMONG"), tokens[end : end + 2], strict=False)):
        return end
    inside = tokens[end + 2 : end + 2 + _TITLE]
    closing = next((place for place, token in enumerate(inside) if "COMMA" in token.tags), 0)
    told = any(not (_STOPS - {"NUM", "MANY"}).isdisjoint(token.tags) and not token.capital for token in inside[:closing])
    return end + 2 + closing if closing and not told else end


def _said(tokens: Tokens, start: int) -> int | None:
    """Where an aside between commas ends: somebody's years or title."""
    if start < len(tokens) and "NUM" in tokens[start].tags:
        after = start + 1 + any("TIMEUNIT" in token.tags for token in tokens[start + 1 : start + 2])
        return after if after >= len(tokens) or not {"COMMA", "AND", "STOP", "OPEN"}.isdisjoint(tokens[after].tags) else None
    if start >= len(tokens) or not _is_a_title(tokens, start):
        return None
    for index in range(start, min(len(tokens), start + _TITLE)):
        if not {"COMMA", "STOP", "AND"}.isdisjoint(tokens[index].tags):
            return index
        if not _STOPS.isdisjoint(tokens[index].tags):
            return None
    return None


def _is_a_title(tokens: Tokens, start: int) -> bool:
    """ "A senior commander", "the group's leader", "who led it"; but not "his brother", "a woman", "their guard X"."""
    tags = tokens[start].tags
    if "ITS" in tags or "AND" in tags:
        return False
    member = _member(tokens, start, alone=False)
    being = member is not None and any("BEING" in token.tags for token in tokens[start : member.end])
    return not being and not (member is not None and member.named) and bool({"DET", "THE", "WHO", "RELATIVE", "ADJ"} & tags.keys() or "AGE" in tags or not tokens[start].capital)
