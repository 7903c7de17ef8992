"""The words of a language: typed forms, found longest first, with particles split off where what is left is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from geomap.annotation.tokens import MARKS, PIECE, PUNCTUATION, Tags
from geomap.errors import LanguageError
from geomap.folding import fold

# Classes that only weigh whether something happened, or what a day is the name of, or what was struck: to all else their words
# are as unknown as ever ("the abandoned outpost").
_ASIDE = frozenset((
    "ACCIDENT", "AFTERWARDS", "CLASH", "CRASH", "DAMAGE", "DAYCALLED", "DAYNAMED", "DUD", "HEARD", "INTOSEA", "LASTING",
    "MARK", "MOVED", "SEIZE", "TOOKPLACE",
))  # fmt: skip


class Head(NamedTuple):
    """One way to read a written word: particles, then a word of the lexicon (its key), with or without an article."""

    particles: tuple[str, ...]
    key: str
    definite: bool


Longer: TypeAlias = dict[str, list[tuple[tuple[str, ...], Tags]]]  # second word -> words after the first, tags; longest first


class Forms(NamedTuple):
    """The forms that begin with one word: the word alone, and longer ones by their second word, longest first."""

    alone: list[Tags]  # one, or none
    longer: Longer


class Lexicon:
    """Forms by their first word. Built once for a language, then only read."""

    def __init__(
        self, article: str = "", particles: Mapping[str, str] | None = None, fused: Mapping[str, str] | None = None,
        inflected: str = "", adverbial: str = "",
    ):
        """``article`` is written together with its word ("ال"), so are ``particles`` ("و" = AND); ``fused`` hold both ("لل").

        Unknown words that ``inflected`` fits look like verbs and adjectives, hardly like the last word of a name; so do known words that end in ``adverbial``.
        """
        self._adverbial = adverbial
        self._inflected = re.compile(inflected) if inflected else None
        self.article = article
        self.particles = dict(particles or {}) | dict(fused or {})
        self.fused = frozenset(fused or {})
        self._by_letter: dict[str, list[str]] = {}  # the particles that begin with it
        for particle in self.particles:
            self._by_letter.setdefault(particle[:1], []).append(particle)
        self.entries: dict[str, Forms] = {}
        self._tags: dict[tuple[str, ...], dict[str, Any]] = {}
        self.glued = {name: MARKS["UNKNOWN"] | {f"GLUED_{kind}": name} for name, kind in self.particles.items()}
        self.inflected = {"": MARKS["UNKNOWN"] | MARKS["INFLECTED"]} | {name: tags | MARKS["INFLECTED"] for name, tags in self.glued.items()}
        for name, kind in self.particles.items():
            self.add(kind, name, name)

    def has(self, form: str) -> bool:
        """Does a class hold this form?"""
        return self._keys(form) in self._tags

    def _keys(self, form: str) -> tuple[str, ...]:
        words = PIECE.findall(fold(form))
        keys = tuple(self.key(word)[0] for word in words)
        if keys and not form.startswith(self.article):  # "ألفان" (two thousand) only looks as if it had an article, and "فان" is no number
            keys = (words[0], *keys[1:])
        return keys

    def add(self, token_class: str, form: str, value: Any) -> None:
        """Add one form; raises LanguageError where the class already gives it another value."""
        keys = self._keys(form)
        if not keys:
            raise LanguageError(f"words.{token_class}: {form!r} has no letters")
        tags = self._tags.setdefault(keys, {})
        if tags.setdefault(token_class, value) != value:
            raise LanguageError(f"words.{token_class}: {form!r} stands under {tags[token_class]!r} and under {value!r}")

    def close(self) -> None:
        """Sort the forms, longest first; nothing is added afterwards."""
        for keys, tags in self._tags.items():
            if tags.keys() <= _ASIDE:
                tags.update(MARKS["UNKNOWN"])
            forms = self.entries.setdefault(keys[0], Forms([], {}))
            if len(keys) == 1:
                forms.alone.append(tags)
            else:
                forms.longer.setdefault(keys[1], []).append((keys[1:], tags))
        for forms in self.entries.values():
            for longer in forms.longer.values():
                longer.sort(key=lambda form: -len(form[0]))

    def key(self, word: str) -> tuple[str, bool]:
        """A folded word without its article, and whether it had one. Short words keep theirs: "الي" is no "ي"."""
        article = self.article
        if article and word.startswith(article) and len(word) >= len(article) + 3:
            return word[len(article) :], True
        return word, False

    def heads(self, word: str) -> Iterator[Head]:
        """The ways to read a folded word as the first of a form, the plainest first."""
        return self._read(word, (), 2)

    def _read(self, word: str, particles: tuple[str, ...], depth: int, definite: bool = False) -> Iterator[Head]:
        key, had_article = self.key(word)
        if key in self.entries:
            yield Head(particles, key, had_article or definite)
        if had_article and word in self.entries:  # a name that only looks as if it had an article
            yield Head(particles, word, False)
        for particle in self._by_letter.get(word[:1], ()) if depth else ():
            if particles and self.particles[particle] == "AND":
                continue  # "and" stands before all others: "بولا" is no "by and not"
            if word.startswith(particle) and len(word) >= len(particle) + 2:
                rest, fused = word[len(particle) :], particle in self.fused
                yield from self._read(rest, (*particles, particle), 0 if fused else depth - 1, fused)

    def unknown(self, word: str) -> Tags:
        """Tags of a word that no form explains; ``GLUED_AND`` where it begins with what may be a particle; ``INFLECTED`` where it is hardly a name's last."""
        glued = word[0] if len(word) > 3 and word[0] in self.glued else ""
        if len(word) > 3 and ((self._inflected is not None and self._inflected.fullmatch(word)) or self._is_adverb(word, glued)):
            return self.inflected[glued]
        return self.glued[glued] if glued else MARKS["UNKNOWN"]

    def _is_adverb(self, word: str, glued: str) -> bool:
        """Is it a known word with the ending of adverbs, perhaps with a particle before it?"""
        ending = self._adverbial
        return bool(ending) and word.endswith(ending) and any(
            len(stem) > 2 and stem in self.entries for stem in (self.key(each)[0].removesuffix(ending) for each in {word, word[len(glued) :]})
        )

    def all_tags(self) -> Iterable[Tags]:
        """The tags of every form."""
        return self._tags.values()

    def tags(self, words: str) -> Tags:
        """Tags of a piece of text by itself: what stands before or after a place name inside one word."""
        written = PIECE.findall(words)
        pieces = tuple(self.key(word)[0] for word in written)
        if tags := self._tags.get(pieces) or self._tags.get((*written[:1], *pieces[1:])):
            return tags
        if len(pieces) == 1 and pieces[0] in PUNCTUATION:
            return MARKS[PUNCTUATION[pieces[0]]]
        # several particles in a row ("وب"): the last one decides how the name is used
        rest, last = words, None
        while rest:
            particle = next((name for name in self.particles if rest.startswith(name)), None)
            if particle is None:
                return MARKS["UNKNOWN"]
            rest, last = rest[len(particle) :], particle
        return self._tags.get((last,), MARKS["UNKNOWN"]) if last else MARKS["UNKNOWN"]
