"""Tie the name of a small place to what the text names with it: "Tudun Biri, Kaduna State", "Tripoli's Hadaba area".

Gazetteers do not know every hamlet. What stands beside its name then says where it is, less finely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geomap.annotation import anchors
from geomap.annotation.tokens import Token, Tokens
from geomap.model import Locality, Names

_SMALL = frozenset(("F", "F-near"))
_HOLDS = frozenset(("F", "F-near", "FH", "FO", "FOH", "region", "region-part"))
_AFTER = frozenset(("COMMA", "OPEN", "IN", "OF", "THE", "PART", "KIND", "DEMONYM", "NATION", "NEAR", "JUST", "FAR", "LINK", "CAPITAL"))  # between the two
_NO_LINK = frozenset(("AND", "STOP", "NUM", "SEMI"))
_LONGEST = 7  # tokens between


def tie(localities: Sequence[Locality], tokens: Tokens, names: Names) -> tuple[Locality, ...]:
    """The localities in text order, each small one with the larger one beside it."""
    tied = [_with_parent(locality) for locality in localities]
    for index in reversed(range(len(tied) - 1)):
        one, other = tied[index], tied[index + 1]
        if one.type in _SMALL and one.within is None and other.type in _HOLDS and _follows(one, other, tokens, names):
            finer = tied[index + 2] if index + 2 < len(tied) and _owns(other, tied[index + 2], tokens) else other
            tied[index] = replace(one, within=finer if finer.type in _HOLDS else other)  # "Dedebit, in Ethiopia's Tigray region"
    for index in range(1, len(tied)):
        before, one = tied[index - 1], tied[index]
        if one.type in _SMALL and one.within is None and before.type in _HOLDS and before.within is None and _owns(before, one, tokens):
            tied[index] = replace(one, within=before)
    for index in range(1, len(tied)):
        if tied[index].type in _SMALL and tied[index - 1].type in _SMALL and _is_listed(tied[index - 1], tied[index], tokens):
            tied[index] = replace(tied[index], listed=True)
    return tuple(tied)


def _is_listed(before: Locality, one: Locality, tokens: Tokens) -> bool:
    """ "Gaza City, Rafah and Khan Younis": no container, and nothing but a comma or "and" between the two."""
    between = _between(before.span.end, one.span.start, tokens)
    return before.within is None and 0 < len(between) <= 2 and all({"COMMA", "AND"} & token.tags.keys() for token in between)


def _with_parent(locality: Locality) -> Locality:
    """A place whose own name says where it lies ("Mitiga airport")."""
    parent = locality.anchors[0].parent if locality.anchors else None
    return replace(locality, within=Locality(parent.span, "F", (parent,))) if parent and locality.type in _SMALL else locality


def _between(first: int, last: int, tokens: Tokens) -> list[Token]:
    return [token for token in tokens[tokens.index(first) : tokens.index(last) + 1] if first <= token.span.start and token.span.end <= last]


def _follows(one: Locality, other: Locality, tokens: Tokens, names: Names) -> bool:
    """Is the other named right after, with nothing between but what leads to a larger or nearby place?"""
    between = _between(one.span.end, other.span.start, tokens)
    if len(between) > _LONGEST or any(not _NO_LINK.isdisjoint(token.tags) for token in between):
        return False
    if any(_AFTER.isdisjoint(token.tags) for token in between):
        return False
    if not between:
        return other.type != "F"  # "K1 base near Kirkuk"
    listed = other.type == "F" and all("COMMA" in token.tags for token in between)  # "Derna, Benghazi": one after the other
    return not listed or anchors.is_area(other.anchors[0], names)


def _owns(before: Locality, one: Locality, tokens: Tokens) -> bool:
    """ "Tripoli's Hadaba area": is the larger one named right before?"""
    between = _between(before.span.end, one.span.start, tokens)
    return len(between) <= 2 and all(token.text in ("s", "'") or "THE" in token.tags for token in between)
