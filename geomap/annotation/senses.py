"""Words that mean two things, told apart by their neighbours: "القاعدة" is the base, and in "عناصر القاعدة" the group of that name."""

from __future__ import annotations

from geomap.annotation.language import Language
from geomap.annotation.tokens import Tokens


def with_senses(tokens: Tokens, language: Language) -> Tokens:
    """The tokens, those in which the patterns of ``senses`` know the other meaning typed as that alone."""
    meant = {
        tokens.index(token.span.start): {str(match.data["class"]): str(match.data["value"])}
        for match in language.find_all("senses", tokens)
        for token in match["word"]
    }
    return tokens.retyped(meant) if meant else tokens
