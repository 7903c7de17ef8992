"""Who struck, under one name in every language: "US", "U.S. Africa Command" and "الولايات المتحدة" have the United States in common."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from geomap.folding import fold

LONGEST = 6  # words of a name


def known_actors(text: str) -> list[str]:
    """Marks of the actors that a text names (a branch's, then its head's: of an army its nation); the longest name that fits counts."""
    words = list(_words(text))
    marks: list[str] = []
    at = 0
    while at < len(words):
        ends = range(min(len(words), at + LONGEST), at, -1)
        end, found = next(((end, names) for end in ends if (names := _names().get(" ".join(words[at:end])))), (at + 1, ()))
        marks += found
        at = end
    return list(dict.fromkeys(marks))


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """Every name of every actor -> its marks; where two actors share a name, the first has it."""
    text = (files("geomap") / "languages" / "actors.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    known = {id_ for actors in told.values() for id_ in actors}
    names: dict[str, tuple[str, ...]] = {}
    for actors in told.values():
        for id_, languages in actors.items():
            head = id_.partition("_")[0]
            marks = (f"@{id_}", f"@{head}") if head != id_ and head in known else (f"@{id_}",)
            for spellings in languages.values():
                for spelling in spellings if isinstance(spellings, list) else ():
                    names.setdefault(" ".join(_words(spelling)), marks)
    return names


def _words(text: str) -> Iterator[str]:
    """Folded words; an abbreviation's dots and the Arabic article do not matter."""
    for word in re.findall(r"\w+", re.sub(r"(?<=\b\w)\.", "", fold(text))):
        yield word[2:] if word.startswith("ال") and len(word) > 4 else word
