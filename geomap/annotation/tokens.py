"""Cut a text into typed tokens: words of the lexicon, numbers, recognised places, punctuation, and unknown words.

A token knows its place in the source text and the classes it belongs to, each with a value: ``{"WIND": "SE"}``. Patterns
(``patterns.py``) speak of classes only, never of words, so that one pattern serves every spelling.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import compress, count, pairwise
from operator import and_, itemgetter
from typing import Any, overload

from msgspec import Struct

from geomap.annotation.alphabet import UNKNOWN, Alphabet
from geomap.folding import Folded
from geomap.model import Span, Toponym

Tags = Mapping[str, Any]

# Numbers keep their separators, fractions their whole ("4 3⁄4", to which ¾ folds); a word is a run of letters; the rest stands alone.
PIECE = re.compile(r"[^\W\d_]+|(?:\d+ )?\d+⁄\d+|\d+(?:[.,]\d+)*|(?!(?<=[^\W\d_])\*)\S")  # the star of a note, "Safed*", is none
# What folding turns into spaces and patterns need all the same, found in the source: the end of a line, a dash between
# numbers or between words that stand apart (in Arabic letters from one of them, and drawn out as ـ, too), a slash between numbers.
LOST = re.compile(r"\s*\n\s*|(?<=[\d٠-٩])\s?[-‐‑‒–—―]\s?(?=[\d٠-٩])|(?<=\s)[-–—―ـ]+(?=\s)|(?<=[ء-ي])[-–—―]+(?=\s)|(?<=\s)[-–—―]+(?=[ء-ي])|(?<=\w)—(?=\w)|(?<=\dst|\dnd|\drd|\dth)[-–](?=\d)|(?<=[\d٠-٩])/(?=[\d٠-٩])")
_WORD = re.compile(r"\S+")
_LOSES = re.compile(r"[\n‐‑‒–—―ـ/-]")  # one of these stands in whatever LOST finds, behind space at most
PUNCTUATION = {
    ",": "COMMA", "،": "COMMA", ";": "SEMI", "؛": "SEMI", ":": "COLON", "(": "OPEN", "[": "OPEN", "{": "OPEN",
    ")": "CLOSE", "]": "CLOSE", "}": "CLOSE", '"': "QUOTE", "“": "QUOTE", "”": "QUOTE", "„": "QUOTE", "«": "QUOTE",
    "»": "QUOTE", "‹": "QUOTE", "›": "QUOTE", "°": "DEGREE", "º": "DEGREE", "%": "PERCENT", "٪": "PERCENT",
    "$": "MONEY", "€": "MONEY", "£": "MONEY", "#": "HASH", ".": "DOT",
}  # fmt: skip
MARKS = {name: {name: name} for name in {*PUNCTUATION.values(), "PUNCT", "DASH", "SLASH", "STOP", "LINE", "UNKNOWN", "INFLECTED"}}


class Token(Struct, eq=False):  # a text has hundreds, and a Struct is made twice as fast as a dataclass
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
    """The tokens of one text, in order, and the columns of their kinds, which patterns run over, and of their ends."""

    def __init__(
        self, text: str, folded: Folded, items: list[Token], alphabet: Alphabet, kinds: list[int] | None = None, ends: list[int] | None = None
    ) -> None:  # fmt: skip
        """Whoever copies tokens hands the columns over; else they are made."""
        self.text, self.folded, self.items, self.alphabet = text, folded, items, alphabet
        if kinds is None:
            kinds = [token.kind if token.kind != UNKNOWN else _kind(token, alphabet) for token in items]
        self.kinds = kinds
        self.ends = [token.span.end for token in items] if ends is None else ends  # in the source
        self.present = frozenset(self.kinds)

    def code(self, letters: Sequence[str]) -> str:
        """One character a token: ``letters`` holds that of each kind."""
        return "".join(self._pick(letters))

    @cached_property
    def _pick(self) -> Callable[[Sequence[str]], Iterable[str]]:
        """What takes the letters of all tokens at once."""
        return itemgetter(*self.kinds) if self.kinds else lambda letters: ""

    @cached_property
    def lacks(self) -> int:
        """The needs of patterns that nothing in the text meets: see ``needs.py``."""
        return reduce(and_, (lacks for _, _, lacks in self.stretches), self.alphabet.needs.every)

    @cached_property
    def stretches(self) -> list[tuple[int, int, int]]:
        """First and last (exclusive) of the tokens of each sentence, with what ends it, and the needs that they do not meet."""
        lacks, kinds = self.alphabet.lacks, self.kinds
        bounds = pairwise((0, *(stop + 1 for stop in self.where("STOP")), len(kinds)))
        # what stands before a sentence is looked at, too: "(?<= STOP) KILL"
        return [(first, last, lacks[tuple(kinds[max(0, first - 1) : last])]) for first, last in bounds if first < last]

    def where(self, *classes: str) -> list[int]:
        """The indices of all tokens that have one of these classes."""
        wanted = self.alphabet.holding(*classes)
        if wanted.isdisjoint(self.present):
            return []
        return list(compress(count(), map(wanted.__contains__, self.kinds)))

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
        return bisect_right(self.ends, position)

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
        copy = _Copy(self)
        for first, last, tags in runs:
            head, tail = self.items[first], self.items[last - 1]
            words = self.folded.text[head.start : tail.end]
            copy.upto(first)
            copy.put(Token(head.start, tail.end, Span(head.span.start, tail.span.end), words, tags, head.definite, head.capital))
            copy.done = last
        return copy.whole()

    def tagged(self, marks: Mapping[int, Tags]) -> Tokens:
        """A copy in which the tokens of these indices carry more tags."""
        return self.retyped({index: {**self.items[index].tags, **tags} for index, tags in marks.items()})

    def retyped(self, meant: Mapping[int, Tags]) -> Tokens:
        """A copy in which the tokens of these indices carry these tags alone."""
        items, kinds = self.items.copy(), self.kinds.copy()
        for index, tags in meant.items():
            old = items[index]
            new = items[index] = Token(old.start, old.end, old.span, old.text, tags, old.definite, old.capital)
            kinds[index] = _kind(new, self.alphabet)
        return Tokens(self.text, self.folded, items, self.alphabet, kinds, self.ends)

    def merged(self, mentions: Iterable[tuple[Span, Tags]], split: Callable[[str], Tags]) -> Tokens:
        """A copy in which each span has become one token with those tags.

        A mention may begin or end inside a word ("سرت" of "بسرت"); ``split`` types what is left of it. Where a longer
        token of the lexicon already covers a mention ("US" of "US Africa Command"), that token stays.
        """
        copy = _Copy(self)
        left: Token | None = None  # what is left of the last one taken
        for span, tags in sorted(mentions, key=lambda pair: (pair[0].start, -pair[0].end)):
            if copy.ends and span.start < copy.ends[-1]:
                continue
            if left is not None and left.span.end <= span.start:
                copy.put(left)
                left = None
            if left is None:
                copy.upto(max(copy.done, self.index(span.start)))
                if copy.done == len(self.items):
                    break
            first = left or self.items[copy.done]
            inside = first.span.start <= span.start and span.end <= first.span.end and first.span != span
            if inside and " " in first.text and "UNKNOWN" not in first.tags:
                continue
            for word in _WORD.finditer(self.text, first.span.start, max(first.span.start, span.start)):  # "of the" of "of the dead"
                copy.put(self._piece(*word.span(), split))
            head = span == first.span and "NAMEHEAD" in first.tags  # "عين", a town, may open the name of another: "عين بعال"
            whole = self._piece(span.start, span.end, {**tags, "NAMEHEAD": first.tags["NAMEHEAD"]} if head else tags)
            whole.definite = first.definite and first.span.start == span.start
            copy.put(whole)
            if left is None or left.span.end <= span.end:
                copy.done, left = max(copy.done, self.index(span.end)), None
                if copy.done < len(self.items) and self.items[copy.done].span.start < span.end:
                    left, copy.done = self.items[copy.done], copy.done + 1
            if left is not None:
                left = self._piece(span.end, left.span.end, split)
        if left is not None:
            copy.put(left)
        return copy.whole()

    def _piece(self, start: int, end: int, tags: Tags | Callable[[str], Tags]) -> Token:
        first, last = bisect_left(self.folded.origin, start), bisect_left(self.folded.origin, end)
        words = self.folded.text[first:last].rstrip()
        given = tags(words) if callable(tags) else tags
        return Token(first, last, Span(start, end), words, given, capital=self.text[start].isupper())


class _Copy:
    """Tokens in the making: runs of others as they stand, new ones between them."""

    __slots__ = ("done", "ends", "items", "kinds", "old")

    def __init__(self, old: Tokens) -> None:
        self.old, self.done = old, 0  # so many of the old are copied or left out
        self.items: list[Token] = []
        self.kinds: list[int] = []
        self.ends: list[int] = []

    def upto(self, index: int) -> None:
        """Copy the old tokens before an index."""
        part = slice(self.done, index)
        self.items += self.old.items[part]
        self.kinds += self.old.kinds[part]
        self.ends += self.old.ends[part]
        self.done = index

    def put(self, token: Token) -> None:
        """Add a new one."""
        self.items.append(token)
        self.kinds.append(_kind(token, self.old.alphabet))
        self.ends.append(token.span.end)

    def whole(self) -> Tokens:
        """All of them, the rest of the old ones at the end."""
        self.upto(len(self.old.items))
        return Tokens(self.old.text, self.old.folded, self.items, self.old.alphabet, self.kinds, self.ends)


def _kind(token: Token, alphabet: Alphabet) -> int:
    if token.kind == UNKNOWN:
        token.kind = alphabet.kind(token.tags, token.definite, token.capital)
    return token.kind


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
