"""Find numbers of killed, wounded and destroyed, as the ranges that the words leave open."""

from __future__ import annotations

from collections.abc import Iterator

from geomap.annotation.context import Context
from geomap.annotation.patterns import Match
from geomap.annotation.tokens import Token, Tokens
from geomap.annotation.triggers import bounded
from geomap.model import Count, Range

_REACH = 3  # tokens before a number in which "including" makes it a part of another
_ANSWER = 8  # tokens between "in reply to the attack" and the number of its dead
_LIST = 10  # tokens of a list of people that may stand between "including" and its last number
_IN_LIST = frozenset({"NUM", "PERSON", "PERSONS_ONE", "ADJ", "AND", "BOUND", "UNKNOWN"})
_MOST = 100_000  # larger numbers count no dead of one strike


def find_counts(context: Context, tokens: Tokens) -> tuple[Count, ...]:
    """All counts of a text, in text order. ``tokens`` are its words, dates already joined to one token each."""
    return tuple(_counts(context, tokens))


def _counts(context: Context, tokens: Tokens) -> Iterator[Count]:
    taken: set[int] = set()
    verbs: set[int] = set()
    for match in sorted(context.language.find_all("counts", tokens), key=_rank):
        value = _range(match)
        if value is None or (not match.data.get("zero") and _is_negated(match)):
            continue
        heads, verb = _heads(match), set(range(*match.groups.get("verb", (0, 0))))
        if taken & heads or (match.data.get("one") and not match.data.get("listed") and verbs & verb):
            continue  # "killed one militant" is one count, not two; "killed a woman and a child" is two
        taken |= heads
        verbs |= verb
        who = match["who"]
        yield Count(
            match.span, str(match.data["what"]), value, who[0].span.of(tokens.text) if who else None, _words(match),
            part=_is_part(match, tokens), total=bool(match.data.get("total")),
        )  # fmt: skip


def _all(match: Match) -> list[Token]:
    return match.tokens[match.start : match.end]


def _rank(match: Match) -> tuple[bool, bool, int, int, int]:
    """Corrected tolls first, then the reading with least between number and verb; a single one without a number last."""
    plain = bool(match.data.get("one") and not match.data.get("and"))
    return not match.data.get("total"), plain, match.end - match.start, match.rule.order, match.start


def _heads(match: Match) -> set[int]:
    """Indices that no second count may use: the number, or the person where there is none."""
    if match.data.get("zero"):
        return set()
    group = next((name for name in ("n", "many", "who", "verb") if name in match.groups), None)
    first, last = match.groups[group] if group else (match.start, match.end)
    return set(range(first, last))


def _range(match: Match) -> Range | None:
    number, many = match.value("n", "NUM"), match.value("many", "MANY")
    if match.data.get("zero"):
        return Range(0, 0)
    first = match.start
    if match.data.get("listed"):  # "at least ten civilians and three fighters": the three are three
        first = max(first, min((match.groups[name][0] for name in ("n", "many") if name in match.groups), default=first) - 1)
    bounds = [token.tags["BOUND"] for token in match.tokens[first : match.end] if "BOUND" in token.tags]
    bounds += _behind(match)
    if number is not None:
        if number != int(number) or number > _MOST or any("YEAR" in token.tags for token in match["n"]):
            return None
        more = match.data.get("plus", 0)  # "so and so and three others": four
        return bounded(Range(number + more, (match.value("m", "NUM") or number) + more), bounds)
    if many is not None:
        return Range(float(many), None)
    if any("TWO" in token.tags for token in match["who"]):
        return bounded(Range(2, 2), bounds)
    if least := match.data.get("least"):
        return Range(float(least), None)
    if match.data.get("one"):
        return Range(2, 2) if match.data.get("and") else Range(1, 1)
    return None


def _behind(match: Match) -> list[str]:
    """ "Seven fighters at least": a bound that stands after the counted."""
    for token in match.tokens[match.end : match.end + 3]:
        if "BOUND" in token.tags:
            return [token.tags["BOUND"]] if token.tags["BOUND"] == "at_least" else []
        if {"COMMA", "STOP", "NUM", "AND"} & token.tags.keys():
            break
    return []


def _is_negated(match: Match) -> bool:
    before = match.tokens[max(0, match.start - 1) : match.start]
    return any("NEG" in token.tags for token in (*before, *_all(match))) or _is_answered(match)


def _is_answered(match: Match) -> bool:
    """ "In reply to the attack that killed 28": the dead of another attack."""
    for token in reversed(match.tokens[max(0, match.start - _ANSWER) : match.end]):
        if "REVENGE" in token.tags:
            return True
        if {"COMMA", "STOP"} & token.tags.keys():
            return False
    return False


def _is_part(match: Match, tokens: Tokens) -> bool:
    """ "17 people, including five children": the five are among the 17."""
    first = min((match.groups[name][0] for name in ("n", "many", "who") if name in match.groups), default=match.start)
    if any("AMONG" in token.tags for token in tokens[max(0, first - _REACH, match.start - 1) : first]):
        return True
    # "including four children and three women": the three are, too
    for token in reversed(tokens[max(0, first - _LIST) : first]):
        if "AMONG" in token.tags:
            return True
        if _IN_LIST.isdisjoint(token.tags):
            break
    return False


def _words(match: Match) -> str | None:
    """Hedges and vague words, as written: "at least", "عشرات"."""
    said = [token.span.of(match.tokens.text) for token in _all(match) if {"BOUND", "MANY"} & token.tags.keys()]
    return " ".join(said) or None
