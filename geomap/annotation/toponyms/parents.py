"""Which name of a text lies in which, where the text itself says so, in scripts without capitals: "بلدة صوران بمحافظة حماة"."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from geomap.annotation.toponyms.knowledge import Knowledge
from geomap.annotation.toponyms.words import key_of
from geomap.model import Names, Toponym

_JOINTS = frozenset("، , في التابعه الواقعه الواقع التابع ل غرب شرق شمال جنوب غربي شرقي شمالي جنوبي وسط".split())
_AREAS = frozenset({"country", "region", "governorate", "district"})


def with_parents(found: Sequence[Toponym], text: str, knowledge: Knowledge, names: Names) -> list[Toponym]:
    """Say which name the text itself puts into which: "سرت في ليبيا", "بلدة صوران بمحافظة حماة"."""
    made: list[Toponym] = []
    following: Toponym | None = None
    for toponym in reversed(found):
        if following is not None and _holds(toponym, following, text, knowledge, names):
            toponym = replace(toponym, parent=following)
        made.append(toponym)
        following = toponym
    return made[::-1]


def _holds(inner: Toponym, outer: Toponym, text: str, knowledge: Knowledge, names: Names) -> bool:
    gap = text[inner.span.end : outer.span.start]
    if len(gap) > 30 or inner.kind == "country":
        return False
    words = [key_of(word) for word in gap.replace("،", " ، ").replace(",", " , ").split()]
    if not words:
        return False
    told = outer.kind in _AREAS
    info = names.get(key_of(outer.lookup or outer.name))
    area = told or info is not None and info.curated and info.feature_classes[:1] == "A"
    glued = words[-1] == "ب" or words[-1][:1] == "ب" and words[-1][1:] in knowledge.kind_before
    inside = "في" in words or glued
    if inner.kind == "governorate" and outer.kind in ("region", "district") and {"،", ","} & set(words):
        return False  # "a tribe of the governorate of A, in the area of B"
    joints = all(
        word in _JOINTS or word in knowledge.kind_before or word.lstrip("بل") in knowledge.kind_before or word == "ب"
        for word in words
    )
    return area and joints and (inside or told)
