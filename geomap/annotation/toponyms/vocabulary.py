"""What the names and the cue words say of each written word, worked out once a word: a text only looks it up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from geomap.annotation.kept import Kept
from geomap.annotation.toponyms.knowledge import Knowledge
from geomap.model import NameInfo, Names

_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
LONGEST = 5  # words of a name
_WINDS = frozenset(("شمال", "جنوب", "شرق", "غرب"))
SHORTEST = 3  # letters that must be left when a particle is taken off


class Start(NamedTuple):
    """How a name may begin at a word: with the word itself, or with what is left of it without a particle."""

    key: str
    kind: str | None  # of the name that the word is by itself; None where it is none
    goes_on: bool  # does any longer name begin so?
    stripped: str  # "s" where a particle was taken off


class Word(NamedTuple):
    """A folded word: its stem, what it does to a name after it, the names that may begin with it."""

    text: str
    stem: str
    cue: str
    starts: tuple[Start, ...]
    rare: bool  # no word that the language is full of, and no cue
    demonym: str | None  # "ليبي" of "الليبي": what to look up where it is no name


Form: TypeAlias = tuple[str, NameInfo | None, bool]  # a word, or what is left of it; what the names know of it; does a longer one begin so?


class Vocabulary:
    """All words met so far, as one language and one gazetteer read them."""

    def __init__(self, knowledge: Knowledge, names: Names) -> None:
        self.knowledge, self.names = knowledge, names
        self.words = Kept[str, Word](self._read)
        self.runs = Kept[str, tuple[tuple[int, int, Word], ...]](self._parts)  # what stands between two spaces

    def _parts(self, run: str) -> tuple[tuple[int, int, Word], ...]:
        """The words of a run, each with where it begins and ends."""
        pieces = ((0, len(run)),) if run.isalpha() else (match.span() for match in _WORD.finditer(run))
        found = []
        for first, last in pieces:
            edges = [first, *(first + seam for seam in [self._seam(run[first:last])] if seam), last]
            found += [(start, end, self.words[run[start:end]]) for start, end in pairwise(edges)]
        return tuple(found)

    def _seam(self, word: str) -> int:
        """Where a space was lost in a word of which nothing is known: "جنوبالصومال", "مأرباليمنية", "سرتجنوب"; 0 where none was."""
        whole = self.words[word]
        if whole.cue != "-" or not whole.rare or self.names.get(word) is not None:
            return 0
        article = word.find("ال", SHORTEST)
        for cut in range(SHORTEST, len(word) - SHORTEST + 1):
            left, right = self.words[word[:cut]], self.words[word[cut:]]
            known = any(start.kind is not None and start.kind.endswith("c") for start in left.starts) and cut > SHORTEST
            wind = left.cue == "L" and len(left.stem) > SHORTEST or left.stem in _WINDS
            named = any(start.kind is not None and start.kind.endswith("c") and not start.stripped for start in right.starts)
            if (wind and named) or (cut == article and right.demonym and (wind or known)) or (known and right.text in _WINDS):
                return cut
        return 0

    def _read(self, word: str) -> Word:
        names = self.names
        forms = [(form, names.get(form), names.begins(form)) for form in (word, *self.knowledge.bare(word))]
        stem, classes = self._stem(forms), self.knowledge.cue_classes
        cue = classes.get(word) or classes.get(stem, "-")
        return Word(word, stem, cue, tuple(self._starts(forms)), cue == "-" and self.knowledge.is_rare(word), self._demonym(forms) if cue == "-" and len(word) > 3 else None)

    def _stem(self, forms: Sequence[Form]) -> str:
        """The word without its particle, where what is left is a name or a cue word and the whole is not."""
        (word, whole, _), *others = forms
        for left, info, goes_on in others if whole is None else ():
            if len(left) >= SHORTEST and (info is not None or goes_on or left in self.knowledge.cue_classes):
                return left
        return word

    def _starts(self, forms: Sequence[Form]) -> Iterator[Start]:
        for number, (key, info, goes_on) in enumerate(forms):
            stripped = "s" if number else ""
            kind = kind_of(info) if info is not None and (len(key) >= SHORTEST or not number) else None
            if kind is not None or goes_on:
                yield Start(key, kind, goes_on, stripped)
            elif (apart := spaced(key, self.names)) is not None and (joined := self.names.get(apart)) is not None:
                yield Start(key, kind_of(joined), False, stripped)

    def _demonym(self, forms: Sequence[Form]) -> str | None:
        """The adjective of a country in a word, without article and particle."""
        for form, info, _ in forms:
            if form.startswith("ال"):
                form = form[2:]
                info = self.names.get(form) if len(form) > 3 else None
            if info is not None and len(form) > 3 and "D" in info.feature_classes:
                return form
        return None

    def marks(self, words: Sequence[str], read: Sequence[Word]) -> list[str]:
        """For each word the longest known name that begins or goes on there ("B1A8pc"), or "-"; prefixed particles allowed."""
        marks = ["-"] * len(words)
        free = 0
        for position, word in enumerate(read):
            if word.starts and position >= free:
                length, kind, stripped = self._longest(word.starts, words, position)
                if length > 1 and word.cue == "L" and kind[0] == "P":
                    continue  # "غرب الموصل": the town is the name, whatever its western half is called
                if length:
                    marks[position] = f"B{length}{kind}{stripped}"
                    marks[position + 1 : position + length] = [f"I{kind}"] * (length - 1)
                    free = position + length
        return marks

    def _longest(self, starts: tuple[Start, ...], words: Sequence[str], position: int) -> tuple[int, str, str]:
        """Words, kind and particle of the longest name at a position, of two the plainer start; 0 words where there is none.

        "وخان شيخون" begins with the name of Wakhan, and is "and Khan Shaykhun" all the same.
        """
        best = 0, "", ""
        for start in starts:
            length, kind, key = int(start.kind is not None), start.kind, start.key
            if start.goes_on:
                for more, word in enumerate(words[position + 1 : position + LONGEST], 2):
                    key = f"{key} {word}"
                    if (info := self.names.get(key)) is not None:
                        length, kind = more, kind_of(info)
                    if not self.names.begins(key):
                        break
            if kind is not None and length > best[0]:
                best = length, kind, start.stripped
        return best


def spaced(word: str, names: Names) -> str | None:
    """The known name of two words that are written as one: "حفر الباطن" of "حفرالباطن"."""
    cut = word.find("ال", SHORTEST - 1)
    if cut < 0 or len(word) - cut <= SHORTEST:
        return None
    apart = f"{word[:cut]} {word[cut:]}"
    return apart if names.get(apart) is not None else None


@lru_cache(maxsize=4)
def vocabulary_of(knowledge: Knowledge, names: Names) -> Vocabulary:
    """The vocabulary of a language over these names, made once."""
    return Vocabulary(knowledge, names)


def kind_of(info: NameInfo) -> str:
    """What the names say of a name, in a few letters: class, size of the largest bearer, whether it is a main name."""
    size = len(str(info.population)) if info.population else 0
    return f"{info.feature_classes[:1]}{size}{'p' if info.preferred else ''}{'c' if info.curated else ''}"
