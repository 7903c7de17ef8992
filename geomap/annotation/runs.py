"""The plain words around a place: of "raids on a market in Derna killed two", those between "raids" and "killed"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from geomap.annotation.tokens import Token, Tokens
from geomap.model import Locality, Span

_LONGEST = 16  # tokens that lead to a place
_INSERTED = 9  # tokens of ", including two children,"
_FOLLOWING = 5  # tokens between a place and what befell it: "was also hit by"
_CLASSES = frozenset((
    "IN", "ON", "ONPLACE", "NEAR", "OF", "OUTSIDE", "OUTSKIRTS", "AGAINST", "BETWEEN", "JUST", "APPROX", "QTY", "DIR", "WIND", "PART", "PARTOF", "COAST", "BORDER", "ROAD",
    "THE", "DET", "ADJ", "NUM", "FEW", "MANY", "MIN", "BOUND", "KIND", "SUBURBOF", "CAPITAL", "NAMEPART", "HOLDING", "STRUCK", "SITE", "MARK", "VEHICLE", "PLURALVEHICLE",
    "GROUP", "NATION", "DEMONYM", "FORCE", "PERSON", "PERSONS_ONE", "PROJECTILE", "WEAPON", "HELD", "WEEKDAY", "DAYREL", "DAYPART", "EARLY",
    "HIT", "HITWEAK", "BOMB", "DO", "TOOKPLACE", "AUX", "PASSIVE", "ALSO",
))  # fmt: skip
_ENDS = frozenset((
    "STOP", "COMMA", "AND", "SAY", "TO", "FROM", "RELATIVE", "THAT", "WHICH", "WHEN", "TURN", "CLAUSE", "ANCHOR", "BY", "STRIKE", "WEAKSTRIKE", "KILL", "WOUND",
))  # fmt: skip
_AFTER = frozenset(("AUX", "PASSIVE", "UNDER", "ALSO", "WEEKDAY", "DAYREL", "DAYPART", "EARLY", "ON"))
_HANDS = frozenset(("DET", "THE", "NUM", "MANY", "BOUND", "ADJ", "NATION", "DEMONYM", "GROUP", "FORCE", "WEAPON", "WEEKDAY", "DAYREL", "DAYPART", "ON"))


def with_runs(localities: Iterable[Locality], tokens: Tokens) -> Iterator[Locality]:
    """The localities, each with the run of plain words around it."""
    for each in localities:
        yield replace(each, run=_run(each, tokens)) if each.anchors else each


def _run(one: Locality, tokens: Tokens) -> Span:
    first, last = tokens.index(one.span.start), tokens.index(one.span.end - 1)
    start = _start(first, tokens)
    end = _end(last, tokens, opens=start == 0 or "STOP" in tokens[start - 1].tags)
    return Span(min(one.span.start, tokens[start].span.start), max(one.span.end, tokens[end].span.end))


def _start(first: int, tokens: Tokens) -> int:
    """Where the words begin that lead to the token."""
    start = first
    while start > 0 and first - start < _LONGEST:
        if "COMMA" in tokens[start - 1].tags and (before := _inserted(start - 1, tokens)) is not None:
            start = before
        elif not _is_plain(tokens[start - 1]):
            break
        else:
            start -= 1
    return start


def _inserted(comma: int, tokens: Tokens) -> int | None:
    """Where ", including two children," begins, of which this is the second comma."""
    for index in range(comma - 1, max(0, comma - _INSERTED), -1):
        if "COMMA" in tokens[index].tags:
            return index if {"AMONG", "OFTHEM"} & tokens[index + 1].tags.keys() else None
    return None


def _is_plain(token: Token) -> bool:
    if not _ENDS.isdisjoint(token.tags):
        return False
    return not _CLASSES.isdisjoint(token.tags) or ("UNKNOWN" in token.tags and not token.capital)


def _end(last: int, tokens: Tokens, opens: bool) -> int:
    """Where the words end that tell what befell the place: "was hit by"; of "In Derna, two Egyptian jets" also whose hand it was."""
    end, classes = last, _AFTER
    if opens and last + 1 < len(tokens) and "COMMA" in tokens[last + 1].tags:
        end, classes = last + 1, _HANDS
    for token in tokens[end + 1 : end + 1 + _FOLLOWING]:
        if classes.isdisjoint(token.tags):
            break
        end += 1
    return end
