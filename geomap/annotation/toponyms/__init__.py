"""Find place names in a text: known names where their neighbours bear them out, unknown ones after strong cue words."""

from __future__ import annotations

import re

from geomap.annotation.kept import remembered
from geomap.annotation.language import Language
from geomap.annotation.tokens import Tokens
from geomap.annotation.toponyms.capitals import DOUBTFUL, ENOUGH, find_capitalised
from geomap.annotation.toponyms.knowledge import Knowledge, knowledge_of
from geomap.annotation.toponyms.uncased import find_uncased
from geomap.annotation.toponyms.vocabulary import spaced
from geomap.annotation.toponyms.words import key_of
from geomap.folding import Folded
from geomap.model import Names, Span, Toponym

__all__ = ["find_in", "find_toponyms", "name_at"]

_SIGNS = re.compile(r"[#_@®™\"“”«»()]+")
_UNCASED = frozenset({"ar", "fa", "ur", "ps", "he", "ckb", "am", "ti"})


def find_toponyms(text: Folded, tokens: Tokens, language: Language, names: Names) -> tuple[Toponym, ...]:
    """Place names of a text, in its order, particles and designators left outside."""
    return find_in(tokens.text, language, names, rare=True)


def find_in(text: str, language: Language, names: Names, *, doubtful: bool = False, rare: bool = False) -> tuple[Toponym, ...]:
    """The same for a plain text: all that corpora need, and quicker than with the engine's tokens.

    With ``doubtful`` also names that may be none, for whoever can tell by where they lie (``Resolution.certainty``); with
    ``rare`` also names of which nothing is known but where they stand: see ``strange``.
    """
    knowledge, names = knowledge_of(language), remembered(names)
    if language.code in _UNCASED:
        return find_uncased(text, knowledge, names, rare=rare)
    return find_capitalised(text, knowledge, names, DOUBTFUL if doubtful else ENOUGH)


def name_at(text: str, span: Span, language: Language, names: Names) -> Toponym:
    """The toponym that somebody else marked: what to look up is cleared of hash signs, designators and particles."""
    knowledge, name = knowledge_of(language), span.of(text)
    words = [word for word in _SIGNS.sub(" ", name).split() if word]
    kind, known = None, names.get(" ".join(map(key_of, words))) is not None
    while words and not known:
        plain = _plain(words, knowledge, names)
        if plain == words:
            cue = knowledge.kind_before.get(key_of(words[0])) or next(
                (knowledge.kind_before[left] for left in knowledge.bare(key_of(words[0])) if left in knowledge.kind_before), None
            )
            if cue is None or len(words) == 1:
                break
            kind, plain = cue, words[1:]
        words = plain
        known = names.get(" ".join(map(key_of, words))) is not None
    apart = spaced(key_of(words[0]), names) if len(words) == 1 and not known else None
    return Toponym(span, name, kind, known=known or apart is not None, lookup=apart or " ".join(words) or name)


def _plain(words: list[str], knowledge: Knowledge, names: Names) -> list[str]:
    """The words without a particle, where what is left is a known name."""
    rest = [key_of(word) for word in words[1:]]
    for left in knowledge.bare(key_of(words[0])):
        if names.get(" ".join((left, *rest))) is not None:
            return [left, *words[1:]]
    return words
