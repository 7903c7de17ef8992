"""What a language knows of place names and of what only looks like one: its [toponyms] section and its lists of words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

from geomap.folding import fold
from geomap.model import ToponymKind

_SHORTEST_RARE = 4  # letters: shorter words are names as often as not
_SUFFIXES = 3  # looks at a word, each with one suffix less
_STEM = 3  # letters that an affix must leave


class Knowledge:
    """Sets of folded words, and cue phrases with the kind that they name."""

    def __init__(self, code: str, tables: Mapping[str, Any]) -> None:
        """``tables`` is the content of a language's file."""
        section: Mapping[str, Any] = tables.get("toponyms", {})
        self.code = code

        def words(name: str) -> frozenset[str]:
            return frozenset(map(fold, section.get(name, ())))

        self.never, self.descriptions = words("never"), words("descriptions")
        self.person_titles, self.person_after = words("person_titles"), words("person_after")
        self.introducing, self.spots = words("introducing"), words("spots")
        self.speech, self.metonym_verbs = words("speech"), words("metonym_verbs")
        self.before_strong, self.before_weak, self.after_weak = words("before_strong"), words("before_weak"), words("after_weak")
        self.last_letters = {fold(word): word[-1] for word in section.get("before_weak", ())}
        self.organisation_after, self.organisation_before = words("organisation_after"), words("organisation_before")
        self.outlets, self.fighters, self.winds = words("outlets"), words("fighters"), words("winds")
        self.struck, self.heads, self.origins, self.listing = words("struck"), words("heads"), words("origins"), words("listing")
        self.name_openers = words("name_openers")
        self.openers, self.streets, self.titles_of = words("openers"), words("streets"), words("titles_of")
        self.heads_before, self.heads_after = _phrases(section.get("heads_before", {})), _phrases(section.get("heads_after", {}))
        self.kind_before = _phrases(section.get("kind_before", {}))
        self.kind_after = _phrases(section.get("kind_after", {}))
        self.teams, self.organisation_of = words("teams"), words("organisation_of")
        self.adjectives = {fold(word): place for place, words in section.get("adjectives", {}).items() for word in words}
        self.plurals = _phrases(section.get("plurals", {}))
        self.directions = words("directions")
        self.short = {fold(short): fold(full) for short, full in section.get("short", {}).items()}
        self.states = {short: full for full, forms in section.get("states", {}).items() for short in forms}
        self.particles = tuple(section.get("particles", ()))
        self._initials = frozenset(particle[:1] for particle in (*self.particles, "لل"))
        self.cue_classes = self._cue_classes()
        self.divisions = frozenset(map(fold, section.get("states", {})))
        self.given_names = _list(f"{code}_given_names.txt")
        self.surnames = _list(f"{code}_surnames.txt")
        self.common = _list(f"{code}_common_words.txt")
        self.stems = _lines(f"{code}_stems.txt")
        self._prefixes, self._suffixes = (sorted(words(name), key=lambda affix: (-len(affix), affix)) for name in ("stem_prefixes", "stem_suffixes"))
        self._spoken = frozenset(_spoken({**tables.get("words", {}), **tables.get("numbers", {})}, tables.get("text", {}).get("article", "")))
        self.units = frozenset(fold(word) for forms in tables.get("words", {}).get("UNIT", {}).values() for word in forms)
        self._inflected = re.compile(tables.get("text", {}).get("inflected", "$^"))

    def _cue_classes(self) -> dict[str, str]:
        """Word -> one letter for what it does to a name after it: D names its kind, L a place, I perhaps a place, S is struck, T a person, O an organisation, V speaks."""
        classes: dict[str, str] = {}
        for letter, words in (
            ("S", self.struck), ("V", self.speech), ("I", self.before_weak), ("L", self.before_strong), ("O", self.organisation_before), ("T", self.person_titles),
            ("D", self.kind_before),
        ):  # fmt: skip
            classes |= dict.fromkeys(words, letter)
        return classes

    def is_strange(self, word: str) -> bool:
        """Is it a word that the language's file has nowhere, and that has not the look of a verb or an adjective?"""
        return word not in self._spoken and word not in self.common and word not in self.never and self._inflected.fullmatch(word) is None

    def may_end_a_name(self, word: str) -> bool:
        """... nor a particle written together with it?"""
        return word[:1] not in self._initials and self.is_strange(word)

    def is_rare(self, word: str) -> bool:
        """Is it none of the words that a language is full of, whatever is written together with it? False where no list tells."""
        if not self.stems or len(word) < _SHORTEST_RARE or not word.isalpha() or word.isascii():
            return False
        if word in self._spoken or word in self.common or word in self.never:
            return False
        return self.stems.isdisjoint(each for start in {word, self.without_prefix(word)} for each in self._shortened(start))

    def without_prefix(self, word: str) -> str:
        """The word without the longest of what is written together with its beginning."""
        return next((word[len(each) :] for each in self._prefixes if word.startswith(each) and len(word) - len(each) >= _STEM), word)

    def without_suffix(self, word: str) -> str:
        """... with its end."""
        return next((word[: -len(each)] for each in self._suffixes if word.endswith(each) and len(word) - len(each) >= _STEM), word)

    def _shortened(self, word: str) -> Iterator[str]:
        """The word, and with less and less at its end: "ضربات" of "ضرباتها", and "ضرب"."""
        for _ in range(_SUFFIXES):
            yield word
            word = self.without_suffix(word)

    def bare(self, word: str) -> list[str]:
        """What may be left of a word when a particle written together with it is taken off, likeliest first."""
        left: list[str] = []
        if word[:1] not in self._initials:
            return left
        if word.startswith("لل") and len(word) > 4:
            left.append("ال" + word[2:])
        if word[1:3] == "لل" and word[0] in self.particles and len(word) > 5:
            left.append("ال" + word[3:])
        left += [word[len(each) :] for each in self.particles if word.startswith(each) and len(word) - len(each) >= 2]
        return left


def _phrases(table: Mapping[str, Iterable[str]]) -> dict[str, ToponymKind]:
    """Folded phrase -> kind."""
    return {fold(phrase): cast("ToponymKind", kind) for kind, phrases in table.items() for phrase in phrases}


def _spoken(classes: Mapping[str, Any], article: str) -> Iterable[str]:
    """The single words of all classes but those that are parts of names, with the article and without it."""
    for name, senses in classes.items():
        if name.startswith("NAME"):
            continue
        for phrases in senses.values() if isinstance(senses, Mapping) else (senses,):
            for word in fold(" ".join(phrases)).split() if isinstance(phrases, list) else ():
                yield from (word, article + word)


def _lines(name: str) -> frozenset[str]:
    """The lines of a list that is folded already."""
    path = files("geomap.languages").joinpath(name)
    return frozenset(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else frozenset()


def _list(name: str) -> frozenset[str]:
    """The words of a list beside the language's file, one a line, '#' before a remark; empty where there is no such list."""
    path = files("geomap.languages").joinpath(name)
    if not path.is_file():
        return frozenset()
    return frozenset(fold(line) for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))


@lru_cache(maxsize=16)
def knowledge_of(language: Any) -> Knowledge:
    """The knowledge of a loaded Language, made once."""
    return Knowledge(language.code, language.tables)
