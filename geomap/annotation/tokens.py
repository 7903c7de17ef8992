"""Cut a text into typed tokens: words of the lexicon, numbers, recognised places, punctuation, and unknown words.

A token knows its place in the source text and the classes it belongs to, each with a value: ``{"WIND": "SE"}``. Patterns
(``patterns.py``) speak of classes only, never of words, so that one pattern serves every spelling.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, overload

from geomap.annotation.alphabet import UNKNOWN, Alphabet
from geomap.folding import Folded
from geomap.model import Span, Toponym

Tags = Mapping[str, Any]

# Numbers keep their separators, fractions their whole ("4 3⁄4", to which ¾ folds); a word is a run of letters; the rest stands alone.
PIECE = re.compile(r"[^\W\d_]+|(?:\d+ )?\d+⁄\d+|\d+(?:[.,]\d+)*|\S")
# What folding turns into spaces and patterns need all the same, found in the source: the end of a line, a dash between
# numbers or between words that stand apart, a slash between numbers.
LOST = re.compile(r"\s*\n\s*|(?<=[\d٠-٩])\s?[-‐‑‒–—―]\s?(?=[\d٠-٩])|(?<=\s)[-–—―]+(?=\s)|(?<=\w)—(?=\w)|(?<=[\d٠-٩])/(?=[\d٠-٩])")
_LOSES = re.compile(r"[\n‐‑‒–—―/-]")  # one of these stands in whatever LOST finds, behind space at most
PUNCTUATION = {
    ",": "COMMA", "،": "COMMA", ";": "SEMI", "؛": "SEMI", ":": "COLON", "(": "OPEN", "[": "OPEN", "{": "OPEN",
    ")": "CLOSE", "]": "CLOSE", "}": "CLOSE", '"': "QUOTE", "“": "QUOTE", "”": "QUOTE", "„": "QUOTE", "«": "QUOTE",
    "»": "QUOTE", "‹": "QUOTE", "›": "QUOTE", "°": "DEGREE", "º": "DEGREE", "%": "PERCENT", "٪": "PERCENT",
    "$": "MONEY", "€": "MONEY", "£": "MONEY", "#": "HASH", ".": "DOT",
}  # fmt: skip
MARKS = {name: {name: name} for name in {*PUNCTUATION.values(), "PUNCT", "DASH", "SLASH", "STOP", "LINE", "UNKNOWN"}}


@dataclass(slots=True, eq=False)
class Token:
    """One typed piece of a text. ``start`` and ``end`` count folded characters, ``span`` those of the source."""

    start: int
    end: int
    span: Span
    text: str  # folded
    tags: Tags
    definite: bool = False  # had an article that is written together with the word
    capital: bool = False  # begins with a capital letter in the source
    kind: int = UNKNOWN  # the number of its classes in the language's alphabet

    def get(self, name: str) -> Any:
        """The value of a class, or None."""
        return self.tags.get(name)


class Tokens(Sequence[Token]):
    """The tokens of one text, in order, and the column of their kinds, which patterns run over."""

    __slots__ = ("_ends", "_pick", "alphabet", "folded", "items", "kinds", "text")

    def __init__(self, text: str, folded: Folded, items: list[Token], alphabet: Alphabet) -> None:
        self.text, self.folded, self.items, self.alphabet = text, folded, items, alphabet
        self._ends: list[int] | None = None  # of the tokens in the source; made when first asked for
        self.kinds = [token.kind for token in items]
        if UNKNOWN in self.kinds:
            for index, kind in enumerate(self.kinds):
                if kind == UNKNOWN:
                    token = items[index]
                    self.kinds[index] = token.kind = alphabet.kind(token.tags, token.definite, token.capital)
        self._pick: Callable[[Sequence[str]], Iterable[str]] = itemgetter(*self.kinds) if items else lambda letters: ()

    def code(self, letters: Sequence[str]) -> str:
        """One character a token: ``letters`` holds that of each kind."""
        return "".join(self._pick(letters))

    def where(self, *classes: str) -> list[int]:
        """The indices of all tokens that have one of these classes."""
        wanted = self.alphabet.holding(*classes)
        return [index for index, kind in enumerate(self.kinds) if kind in wanted]

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        return self.items[index]

    def __iter__(self) -> Iterator[Token]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def span(self, first: int, last: int) -> Span:
        """Source span of the tokens ``first`` to ``last`` (exclusive)."""
        return Span(self.items[first].span.start, self.items[last - 1].span.end)

    def index(self, position: int) -> int:  # type: ignore[override]
        """Index of the first token that ends after a source position."""
        if self._ends is None:
            self._ends = [token.span.end for token in self.items]
        return bisect_left(self._ends, position + 1)

    def sentences(self) -> tuple[Span, ...]:
        """Source spans of the sentences."""
        found, first, items = [], 0, self.items
        for stop in self.where("STOP"):
            if stop > first:
                found.append(Span(items[first].span.start, items[stop].span.end))
            first = stop + 1
        if first < len(items):
            found.append(Span(items[first].span.start, items[-1].span.end))
        return tuple(found)

    def joined(self, runs: Iterable[tuple[int, int, Tags]]) -> Tokens:
        """A copy in which each run of tokens, first to last (exclusive), has become one token with those tags."""
        items: list[Token] = []
        done = 0
        for first, last, tags in runs:
            items += self.items[done:first]
            head, tail = self.items[first], self.items[last - 1]
            words = self.folded.text[head.start : tail.end]
            span = Span(head.span.start, tail.span.end)
            items.append(Token(head.start, tail.end, span, words, tags, head.definite, head.capital))
            done = last
        items += self.items[done:]
        return Tokens(self.text, self.folded, items, self.alphabet)

    def tagged(self, marks: Mapping[int, Tags]) -> Tokens:
        """A copy in which the tokens of these indices carry more tags."""
        items = list(self.items)
        for index, tags in marks.items():
            old = items[index]
            items[index] = Token(old.start, old.end, old.span, old.text, {**old.tags, **tags}, old.definite, old.capital)
        return Tokens(self.text, self.folded, items, self.alphabet)

    def merged(self, mentions: Iterable[tuple[Span, Tags]], split: Callable[[str], Tags]) -> Tokens:
        """A copy in which each span has become one token with those tags.

        A mention may begin or end inside a word ("سرت" of "بسرت"); ``split`` types what is left of it. Where a longer
        token of the lexicon already covers a mention ("US" of "US Africa Command"), that token stays.
        """
        items: list[Token] = []
        done = 0  # tokens that are copied or taken
        left: Token | None = None  # what is left of the last one taken
        for span, tags in sorted(mentions, key=lambda pair: (pair[0].start, -pair[0].end)):
            if items and span.start < items[-1].span.end:
                continue
            if left is not None and left.span.end <= span.start:
                items.append(left)
                left = None
            if left is None:
                upto = max(done, self.index(span.start))
                items += self.items[done:upto]
                done = upto
                if done == len(self.items):
                    break
            first = left or self.items[done]
            inside = first.span.start <= span.start and span.end <= first.span.end and first.span != span
            if inside and " " in first.text and "UNKNOWN" not in first.tags:
                continue
            if first.span.start < span.start:
                items.append(self._piece(first.span.start, span.start, split))
            head = span == first.span and "NAMEHEAD" in first.tags  # "عين", a town, may open the name of another: "عين بعال"
            items.append(self._piece(span.start, span.end, {**tags, "NAMEHEAD": first.tags["NAMEHEAD"]} if head else tags))
            items[-1].definite = first.definite and first.span.start == span.start
            if left is None or left.span.end <= span.end:
                done, left = max(done, self.index(span.end)), None
                if done < len(self.items) and self.items[done].span.start < span.end:
                    left, done = self.items[done], done + 1
            if left is not None:
                left = self._piece(span.end, left.span.end, split)
        if left is not None:
            items.append(left)
        items += self.items[done:]
        return Tokens(self.text, self.folded, items, self.alphabet)

    def _piece(self, start: int, end: int, tags: Tags | Callable[[str], Tags]) -> Token:
        first, last = bisect_left(self.folded.origin, start), bisect_left(self.folded.origin, end)
        words = self.folded.text[first:last]
        given = tags(words) if callable(tags) else tags
        return Token(first, last, Span(start, end), words, given, capital=self.text[start].isupper())


def lost_marks(text: str, folded: Folded) -> Iterator[tuple[int, Span, str]]:
    """Line ends, dashes and slashes that folding made spaces: folded position, source span, class."""
    done = 0
    for mark in _LOSES.finditer(text):
        at = first = mark.start()
        while first > done and text[first - 1].isspace():
            first -= 1
        tries = (LOST.match(text, position) for position in range(max(first, done), at + 1))
        match = next(filter(None, tries), None)
        if match is not None:
            done = match.end()
            words = match.group()
            kind = "LINE" if "\n" in words else "SLASH" if words == "/" else "DASH"
            yield bisect_left(folded.origin, match.start()), Span(*match.span()), kind


def place_tags(toponym: Toponym) -> Tags | None:
    """Tags of a toponym's token; None where it only names a person or an organisation and the words stay words."""
    if toponym.use in ("person", "organisation"):
        return None
    return {"DEMONYM": toponym} if toponym.use == "demonym" else {"PLACE": toponym}
