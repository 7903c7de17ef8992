"""What every annotator gets to see: the report, its language, its tokens, and what the annotators before it found."""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from geomap.annotation.language import Language
from geomap.annotation.tokens import Tokens, place_tags
from geomap.folding import Folded
from geomap.model import Mention, Names, Report, Span, Toponym

_end = attrgetter("end")


class Context(Struct, frozen=True, eq=False):
    """One report on its way through the annotators."""

    report: Report
    language: Language
    names: Names
    folded: Folded
    tokens: Tokens  # places are PLACE (or DEMONYM) tokens once toponyms are known
    sentences: tuple[Span, ...]
    zones: tuple[Any, ...] = ()  # what zones.find_zones made of the page
    toponyms: tuple[Toponym, ...] = ()
    words: Tokens | None = None  # the tokens before places became tokens of their own
    pointed: tuple[Mention, ...] = ()  # what models point at (doors)

    def with_toponyms(self, toponyms: tuple[Toponym, ...]) -> Context:
        """The same, its toponyms become tokens."""
        tagged = ((self._with_article(toponym.span), place_tags(toponym)) for toponym in toponyms)
        mentions = [(span, tags) for span, tags in tagged if tags is not None]
        return replace(self, toponyms=toponyms, words=self.tokens, tokens=self.tokens.merged(mentions, self.language.lexicon.tags))

    def _with_article(self, span: Span) -> Span:
        """The span with the article that is written together with it: "العراقية" where the name is "عراقية"."""
        article = self.language.lexicon.article
        start = span.start - len(article)
        return Span(start, span.end) if article and start >= 0 and self.report.text[start : span.start] == article else span

    def sentence(self, position: int) -> Span:
        """The sentence that holds a position of the source text (or the next one)."""
        number = self.sentence_number(position)
        return self.sentences[number] if number < len(self.sentences) else Span(0, len(self.report.text))

    def sentence_number(self, position: int) -> int:
        """The number of that sentence; behind the last one their count."""
        return bisect_right(self.sentences, position, key=_end)
