"""What a language knows of place names and of what only looks like one: its [toponyms] section and its lists of words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

from geomap.folding import fold
from geomap.model import ToponymKind


class Knowledge:
    """Sets of folded words, and cue phrases with the kind that they name."""

    def __init__(self, code: str, tables: Mapping[str, Any]) -> None:
        """``tables`` is the content of a language's file."""
        section: Mapping[str, Any] = tables.get("toponyms", {})
        self.code = code

        def words(name: str) -> frozenset[str]:
            return frozenset(map(fold, section.get(name, ())))

        self.never = words("never")
        self.person_titles, self.person_after = words("person_titles"), words("person_after")
        self.speech, self.metonym_verbs = words("speech"), words("metonym_verbs")
        self.before_strong, self.before_weak, self.after_weak = words("before_strong"), words("before_weak"), words("after_weak")
        self.organisation_after, self.organisation_before = words("organisation_after"), words("organisation_before")
        self.outlets, self.fighters, self.winds = words("outlets"), words("fighters"), words("winds")
        self.struck, self.heads = words("struck"), words("heads")
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

    def _cue_classes(self) -> dict[str, str]:
        """Word -> one letter for what it does to a name after it: D names its kind, L a place, I perhaps a place, S is struck, T a person, O an organisation, V speaks."""
        classes: dict[str, str] = {}
        for letter, words in (
            ("S", self.struck), ("V", self.speech), ("I", self.before_weak), ("L", self.before_strong), ("O", self.organisation_before), ("T", self.person_titles),
            ("D", self.kind_before),
        ):  # fmt: skip
            classes |= dict.fromkeys(words, letter)
        return classes

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
