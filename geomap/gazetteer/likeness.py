"""Names that are like a name: the same consonants, or enough letter groups in common, best first with a degree of likeness."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zlib import crc32

from geomap.gazetteer.index import signature
from geomap.gazetteer.spelling import across, bare, skeleton, vowelled

if TYPE_CHECKING:
    from geomap.gazetteer.index import Index

LEAST = 0.75  # of letters alike (2 x common / both), below which a name is another name
_ACROSS = 0.9  # of a likeness between scripts, beside one within a script
_MOST = 12  # names returned
_KEPT = 100_000  # names without article that are kept of a country
_COMPARED = 200  # names compared letter by letter, those that share most letter groups; worldwide three times as many


class _Bearings:
    """What is compared of a country's names, or of all: numbers, check sums of skeletons, marks; and names without article as they come up."""

    def __init__(self, index: Index, country: int | None) -> None:
        import numpy as np

        self.skeletons, self.marks = np.frombuffer(index.column("skeletons"), "<u4"), np.frombuffer(index.column("signatures"), "<u8")
        self.numbers: Any = range(len(self.marks))
        if country is not None:
            first, last = index.column("country_offsets")[country : country + 2]
            self.numbers = np.frombuffer(index.column("in_country"), "<u4")[first:last]
            self.skeletons, self.marks = self.skeletons[self.numbers], self.marks[self.numbers]
        self._key, self._plain, self._known = index.key, np.empty(len(self.marks), object), 0

    def plain(self, places: Any) -> list[str]:
        """The names at these places without their articles; worked out together and kept."""
        found: list[str] = self._plain[places].tolist()
        if None in found:
            if self._known > _KEPT:
                self._plain.fill(None)
                self._known, found = 0, [None] * len(found)  # type: ignore[list-item]
            fresh = [place for place, name in zip(places.tolist(), found, strict=True) if name is None]
            numbers = fresh if isinstance(self.numbers, range) else self.numbers[fresh].tolist()
            self._plain[fresh] = bare("\n".join(map(self._key, numbers))).split("\n")
            self._known += len(fresh)
            found = self._plain[places].tolist()
        return found


@lru_cache(24)
def _bearings(index: Index, country: int | None) -> _Bearings:
    return _Bearings(index, country)


def same_consonants(index: Index, key: str, country: int) -> list[tuple[int, float]]:
    """Names of the country with the same consonants, those written most alike first: (number, degree)."""
    import numpy as np

    bones, names = skeleton(key), _bearings(index, country)
    if len(bones) < 2:
        return []
    return _reranked(names, key, np.flatnonzero(names.skeletons == crc32(bones.encode())), 0.5)


def in_country(index: Index, key: str, country: int) -> list[tuple[int, float]]:
    """Names of the country written much like it."""
    names = _bearings(index, country)
    return _reranked(names, key, _promising(names.marks, key, 1, _COMPARED), LEAST)


# Names of a country beyond which a transcription is not sought: in the United States something is always alike, and
# working their consonants out takes most of a second.
_TOO_MANY = 50_000


def across_scripts(index: Index, key: str, country: int) -> list[tuple[int, bool, float]]:
    """Latin names of the country that an Arabic name may transcribe: كولوميا and Kolomyia share k, l, m and their vowels.

    (number, are all consonants the same, degree), those most alike first.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    bones, voice = across(key), vowelled(key)
    if len(bones) < 2 or len(_bearings(index, country).numbers) > _TOO_MANY:
        return []
    by_bones = _transcribable(index, country)
    least = LEAST + 0.05 if len(bones) > 2 else 1.0
    close = process.extract(bones, by_bones.keys(), scorer=Indel.normalized_similarity, limit=2 * _MOST, score_cutoff=least)
    found: list[tuple[int, bool, float]] = []
    for other, degree, _ in close:
        for number in by_bones[other]:
            alike = (degree + Indel.normalized_similarity(voice, vowelled(index.key(number)))) / 2
            if alike > LEAST:
                found.append((number, other == bones, alike * _ACROSS))
    return sorted(found, key=lambda one: (-one[2], one[0]))[:_MOST]


@lru_cache(16)
def _transcribable(index: Index, country: int) -> dict[str, list[int]]:
    """The numbers of a country's Latin names by the consonants that any script would keep."""
    numbers = _bearings(index, country).numbers.tolist()
    keys = [index.key(number) for number in numbers]
    found: dict[str, list[int]] = {}
    for number, key, bones in zip(numbers, keys, across("\n".join(keys)).split("\n"), strict=True):
        if key.isascii() and len(bones) > 1:
            found.setdefault(bones, []).append(number)
    return found


def worldwide(index: Index, key: str) -> list[tuple[int, float]]:
    """Names anywhere written much like it."""
    names = _bearings(index, None)
    return _reranked(names, key, _promising(names.marks, key, 2, 3 * _COMPARED), LEAST + 0.05)


def _promising(marks: Any, key: str, least: int, most: int) -> Any:
    """Where the marks share most letter groups with the name's, as a share of what both have (an estimate of Jaccard's)."""
    import numpy as np

    mine = signature(key)
    shared = np.bitwise_count(marks & np.uint64(mine))
    enough, few = least, shared >= least
    while (count := np.count_nonzero(few)) > 8 * most:
        enough += 1
        few = shared >= enough
    places = np.flatnonzero(few if count else shared >= least)
    if len(places) > most:
        ours = shared[places].astype("f4")
        share = ours / (np.bitwise_count(marks[places]) + mine.bit_count() - ours)
        places = places[np.argpartition(-share, most)[:most]]
    return places


def _reranked(names: _Bearings, key: str, places: Any, least: float) -> list[tuple[int, float]]:
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    if not len(places):
        return []
    plain = names.plain(places)  # the article is no likeness and no difference
    found = process.extract(bare(key), plain, scorer=Indel.normalized_similarity, limit=_MOST, score_cutoff=least)
    return [(int(names.numbers[places[at]]), degree) for _, degree, at in found]
