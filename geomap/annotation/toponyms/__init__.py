"""Find place names in a text: known names where their neighbours bear them out, unknown ones after strong cue words."""

from __future__ import annotations

from geomap.annotation.language import Language
from geomap.annotation.tokens import Tokens
from geomap.annotation.toponyms.capitals import find_capitalised
from geomap.annotation.toponyms.knowledge import knowledge_of
from geomap.annotation.toponyms.uncased import find_uncased
from geomap.folding import Folded
from geomap.model import Names, Toponym

__all__ = ["find_in", "find_toponyms"]

_UNCASED = frozenset({"ar", "fa", "ur", "ps", "he", "ckb", "am", "ti"})


def find_toponyms(text: Folded, tokens: Tokens, language: Language, names: Names) -> tuple[Toponym, ...]:
    """Place names of a text, in its order, particles and designators left outside."""
    return find_in(tokens.text, language, names)


def find_in(text: str, language: Language, names: Names) -> tuple[Toponym, ...]:
    """The same for a plain text: all that corpora need, and quicker than with the engine's tokens."""
    knowledge = knowledge_of(language)
    return find_uncased(text, knowledge, names) if language.code in _UNCASED else find_capitalised(text, knowledge, names)
