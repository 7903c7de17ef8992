"""Do two names mean the same? Places and actors in free spelling, weighed by how rare the words are that they share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from geomap.comparison.actors import known_actors
from geomap.comparison.events import FEW_PARTIES, Events, Floats, Ints, Levels, column
from geomap.folding import fold

PLACE = ("anchor_name", "place", "location", "location_text")  # columns that name the place, the barest name first
WIDEST = 8  # words of a name that are looked at
# Words that say what a thing is or how near, not which one.
GENERIC = frozenset(
    "the of in near and at to from area village town city district province region governorate agency tehsil county state "
    "camp north south east west northern southern eastern western central outskirts border valley mountain mountains "
    "unknown unk unidentified none na قرية مدينة منطقة محافظة مديرية قرب في من بلدة شمال جنوب شرق غرب حي وادي جبل مجهول غير معروف".split()
)
_VOWELS = re.compile(r"(?<=.)[aeiouwy'`’-]+")
_ARABIC = re.compile("[\u0600-\u06ff]")
_TWICE = re.compile(r"(.)\1+")
_ALIKE = str.maketrans({"q": "k", "c": "k", "j": "g", "z": "s", "v": "w", "p": "b"})


def skeleton(word: str) -> str:
    """What romanisations of one name have in common: the consonants, those that are often exchanged written alike."""
    if not word.isascii() or not word.isalpha():
        return word
    plain = word.replace("kh", "k").replace("gh", "g").replace("dh", "d").replace("ph", "f").replace("th", "t").replace("sh", "s")
    bones = _TWICE.sub(r"\1", _VOWELS.sub("", plain.translate(_ALIKE)))
    return bones if len(bones) > 1 else plain


class Words:
    """The names of one field, event by event: ``code`` of the spelling (-1 unknown) and the words it consists of."""

    def __init__(self, events: Events, *names: str, read: Callable[[Any], Sequence[str]] | None = None) -> None:
        import pandas as pd

        codes, spellings = pd.factorize(column(events.frame, *names), use_na_sentinel=True)
        words = [(read or words_of)(value) for value in spellings]
        known = np.array([bool(found) for found in words] + [False])
        self.code: Ints = np.where(known[codes], codes, -1).astype(np.int64)
        ids: dict[str, int] = {}
        self.width = min(max(map(len, words), default=1), WIDEST)
        self.bag = np.full((len(words) + 1, self.width), -1, np.int64)
        for row, found in enumerate(words):
            for place, word in enumerate(found[: self.width]):
                self.bag[row, place] = ids.setdefault(word, len(ids))
        self.arabic = np.array([bool(_ARABIC.search(str(value))) for value in spellings] + [False])
        self.marked = np.array([bool(found) and found[0].startswith("@") for found in words] + [False])
        self.habit = events.party if events.party.max(initial=0) < FEW_PARTIES else np.zeros(len(events), np.int64)
        self.share, self.telling = self._shares(len(ids))
        bits = np.where(self.bag >= 0, self.telling[self.bag], 0.0)
        self.total = bits.sum(axis=1)  # in each name
        self.most_telling = self.bag[np.arange(len(self.bag)), bits.argmax(axis=1)]  # word of each name

    def _shares(self, size: int) -> tuple[Floats, Floats]:
        """Share of each party's named events whose name holds the word, and the bits that it tells among all."""
        parties = int(self.habit.max(initial=0)) + 1
        seen = np.zeros((parties, size + 1))
        for place in range(self.width):
            cell = self.habit * (size + 1) + self.bag[self.code, place]  # -1, no word, falls on a column that is not asked
            seen += np.bincount(cell[self.code >= 0] % (parties * (size + 1)), minlength=parties * (size + 1)).reshape(seen.shape)
        named = np.bincount(self.habit, self.code >= 0, parties)[:, None]
        overall = (seen.sum(axis=0) + 0.5) / (named.sum() + 1)
        shares: Floats = (seen + 4 * overall) / (named + 4)
        return shares, np.maximum(-np.log2(overall), 0.0)

    def compare(self, i: Ints, j: Ints) -> tuple[Levels, Floats, Ints]:
        """Level of each pair, the chance that strangers share its rarest word, and that word's number.

        0: they share what tells the shorter name apart, 1: something less, 2: nothing; -1 cannot be told.
        """
        one, other = self.code[i], self.code[j]
        foreign = (self.arabic[one] != self.arabic[other]) & ~(self.marked[one] & self.marked[other])
        level = np.where((one < 0) | (other < 0) | foreign, -1, 2).astype(np.int8)
        told = np.flatnonzero(level >= 0)
        rarest, shared, leading = np.ones(len(i)), np.zeros(len(i)), np.full(len(i), -1, np.int64)
        a, b = self.bag[one[told]], self.bag[other[told]]
        for x in range(self.width):
            for y in range(self.width):
                hit = np.flatnonzero((a[:, x] >= 0) & (a[:, x] == b[:, y]))
                pair, word = told[hit], a[hit, x]
                chance = np.sqrt(self.share[self.habit[i[pair]], word] * self.share[self.habit[j[pair]], word])
                leading[pair] = np.where(chance <= rarest[pair], word, leading[pair])
                rarest[pair] = np.minimum(rarest[pair], chance)
                shared[pair] += self.telling[word]
                level[pair] = 1
        level[(level == 1) & (shared >= 0.5 * np.minimum(self.total[one], self.total[other]))] = 0
        return level, rarest, leading


def actors_of(value: Any) -> Sequence[str]:
    """The actors that a name holds, under one mark in all languages; where none is known, its words."""
    return known_actors(str(value)) or words_of(value)


def words_of(value: Any) -> Sequence[str]:
    """The telling words of a name as skeletons, then neighbours written together: Mir Ali is also Mirali."""
    words = [word for word in re.findall(r"\w+", fold(str(value))) if word not in GENERIC]
    joined = [one + other for one, other in pairwise(words)]
    return list(dict.fromkeys(skeleton(word) for word in (*words, *joined)))
