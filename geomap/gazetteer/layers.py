"""Several gazetteers asked as one: the great one, layers whose licence keeps them apart, and the caller's own files."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, radians
from pathlib import Path

from msgspec.structs import replace

from geomap.gazetteer.features import feature_class
from geomap.gazetteer.index import NameFacts
from geomap.gazetteer.lookup import Lookup, scores
from geomap.model import Candidate, Place

_SAME_M = 10_000.0


class LayerNames:
    """The names of all layers."""

    def __init__(self, layers: Sequence[Lookup]) -> None:
        self._names = [layer.names for layer in layers]

    def get(self, key: str) -> NameFacts | None:
        """What is known of the name in any layer, or None."""
        found = [facts for names in self._names if (facts := names.get(key)) is not None]
        if len(found) < 2:
            return found[0] if found else None
        return NameFacts(
            max(facts.population for facts in found),
            "".join(sorted({letter for facts in found for letter in facts.feature_classes})),
            any(facts.preferred for facts in found),
            any(facts.curated for facts in found),
        )

    def begins(self, key: str) -> bool:
        """Does any longer name begin with these words?"""
        return any(names.begins(key) for names in self._names)


class Layers:
    """Layers, the later the more believed: of one place that two tell of, the caller's stands (model.Gazetteer)."""

    def __init__(self, layers: Sequence[Lookup]) -> None:
        self.layers = tuple(layers)
        self.version = "+".join(layer.version for layer in layers)
        self.names = LayerNames(layers)

    @property
    def path(self) -> Path:
        """The file of the great layer."""
        return self.layers[0].path

    def find(
        self, name: str, *, countries: Sequence[str] = (), kind: str | None = None, fuzzy: bool = True, limit: int = 40
    ) -> Sequence[Candidate]:
        """Places that may bear the name in any layer, best first."""
        exact = [layer.find(name, countries=countries, kind=kind, fuzzy=False, limit=limit) for layer in self.layers]
        if fuzzy and not any(one.match == "exact" for found in exact for one in found):
            exact = [layer.find(name, countries=countries, kind=kind, fuzzy=True, limit=limit) for layer in self.layers]
        kept: list[Candidate] = []
        for found in reversed(exact):
            kept += [one for one in found if not any(_same(one.place, other.place) for other in kept)]
        bits = [sum(reason.bits for reason in one.reasons) for one in kept]
        ranked = sorted(zip(bits, scores(bits), kept, strict=True), key=lambda one: (-one[0], one[2].place.id))
        return tuple(replace(one, score=score) for _, score, one in ranked[:limit])

    def place(self, place_id: str) -> Place | None:
        """The place of that id, from the layer most believed."""
        return next((place for layer in reversed(self.layers) if (place := layer.place(place_id)) is not None), None)

    def demonym(self, word: str) -> tuple[str, ...]:
        """Countries whose people or things the word names."""
        return self.layers[0].demonym(word)

    def relations(self, place_id: str) -> tuple[tuple[str, str], ...]:
        """What the place belongs to, in the layers that know it."""
        return tuple(dict.fromkeys(one for layer in self.layers for one in layer.relations(place_id)))


def _same(one: Place, other: Place) -> bool:
    if one.id == other.id:
        return True
    if feature_class(one.feature_code) != feature_class(other.feature_code):
        return False
    across = (one.lon - other.lon + 180) % 360 - 180
    return hypot(across * cos(radians(one.lat)), one.lat - other.lat) * 111_195 < _SAME_M
