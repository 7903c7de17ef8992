"""Find place names: the longest run of words that the index of places knows."""

from __future__ import annotations

from geomap.annotation.language import Language
from geomap.annotation.tokens import Token, Tokens
from geomap.folding import Folded
from geomap.model import Names, Toponym

_LONGEST = 7  # words of a name


def find_toponyms(text: Folded, tokens: Tokens, language: Language, names: Names) -> tuple[Toponym, ...]:
    """Names of ``names`` in a text, longest first, particles left outside."""
    found: list[Toponym] = []
    index = 0
    while index < len(tokens):
        length, start = _longest(text, tokens, index, language, names)
        if not length:
            index += 1
            continue
        span = text.span(start, tokens[index + length - 1].end)
        found.append(Toponym(span, span.of(tokens.text)))
        index += length
    return tuple(found)


def _longest(text: Folded, tokens: Tokens, index: int, language: Language, names: Names) -> tuple[int, int]:
    """How many tokens the longest name takes that begins at or, after a particle, inside a token; and where it begins."""
    token = tokens[index]
    if not token.text[:1].isalpha() or "UNKNOWN" not in token.tags:
        return 0, 0
    for start in _starts(token, language):
        best, end = 0, index
        while end < len(tokens) and end - index < _LONGEST and tokens[end].text[:1].isalpha():
            key = " ".join(text.text[start : tokens[end].end].split())
            end += 1
            if names.get(key) is not None:
                best = end - index
            if not names.begins(key):
                break
        if best:
            return best, start
    return 0, 0


def _starts(token: Token, language: Language) -> list[int]:
    particles = (name for name in language.lexicon.particles if token.text.startswith(name) and len(token.text) > len(name) + 2)
    return [token.start, *(token.start + len(name) for name in particles)]
