"""Names that are like a name: the same consonants, or enough letter groups in common, best first with a degree of likeness."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zlib import crc32

from geomap.gazetteer.index import signatures
from geomap.gazetteer.spelling import across, bare, skeleton, vowelled

if TYPE_CHECKING:
    from geomap.gazetteer.index import Index

LEAST = 0.75  # of letters alike (2 x common / both), below which a name is another name
_ACROSS = 0.9  # of a likeness between scripts, beside one within a script
_MOST = 12  # names returned
_COMPARED = 200  # names compared letter by letter, those that share most letter groups; worldwide three times as many


def same_consonants(index: Index, key: str, country: int) -> list[tuple[int, float]]:
    """Names of the country with the same consonants, those written most alike first: (number, degree)."""
    bones = skeleton(key)
    if len(bones) < 2:
        return []
    numbers = _numbers(index, country)
    same = numbers[_column(index, "skeletons", "<u4")[numbers] == crc32(bones.encode())]
    return _reranked(index, key, same, 0.5)


def in_country(index: Index, key: str, country: int) -> list[tuple[int, float]]:
    """Names of the country written much like it."""
    numbers = _numbers(index, country)
    return _reranked(index, key, numbers[_promising(_column(index, "signatures", "<u8")[numbers], key, 1, _COMPARED)], LEAST)


# Names of a country beyond which a transcription is not sought: in the United States something is always alike, and
# working their consonants out takes most of a second.
_TOO_MANY = 50_000


def across_scripts(index: Index, key: str, country: int) -> list[tuple[int, float]]:
    """Latin names of the country that an Arabic name may transcribe: كولوميا and Kolomyia share k, l, m and their vowels."""
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    bones, voice = across(key), vowelled(key)
    if len(bones) < 2 or len(_numbers(index, country)) > _TOO_MANY:
        return []
    by_bones = _transcribable(index, country)
    least = LEAST + 0.05 if len(bones) > 2 else 1.0
    close = process.extract(bones, by_bones.keys(), scorer=Indel.normalized_similarity, limit=2 * _MOST, score_cutoff=least)
    found: list[tuple[int, float]] = []
    for other, degree, _ in close:
        for number in by_bones[other]:
            alike = (degree + Indel.normalized_similarity(voice, vowelled(index.key(number)))) / 2
            if alike > LEAST:
                found.append((number, alike * _ACROSS))
    return sorted(found, key=lambda one: (-one[1], one[0]))[:_MOST]


@lru_cache(16)
def _transcribable(index: Index, country: int) -> dict[str, list[int]]:
    """The numbers of a country's Latin names by the consonants that any script would keep."""
    numbers = _numbers(index, country).tolist()
    keys = [index.key(number) for number in numbers]
    found: dict[str, list[int]] = {}
    for number, key, bones in zip(numbers, keys, across("\n".join(keys)).split("\n"), strict=True):
        if key.isascii() and len(bones) > 1:
            found.setdefault(bones, []).append(number)
    return found


def worldwide(index: Index, key: str) -> list[tuple[int, float]]:
    """Names anywhere written much like it."""
    return _reranked(index, key, _promising(_column(index, "signatures", "<u8"), key, 2, 3 * _COMPARED), LEAST + 0.05)


def _numbers(index: Index, country: int) -> Any:
    borders = index.column("country_offsets")
    return _column(index, "in_country", "<u4")[borders[country] : borders[country + 1]]


def _column(index: Index, name: str, kind: str) -> Any:
    import numpy as np

    return np.frombuffer(index.column(name), kind)


def _promising(marks: Any, key: str, least: int, most: int) -> Any:
    """Where the marks share most letter groups with the name's, as a share of what both have (an estimate of Jaccard's)."""
    import numpy as np

    mine = signatures([key])[0]
    shared = np.bitwise_count(marks & mine)
    counts = np.bincount(shared, minlength=2)[::-1].cumsum()[::-1]
    enough = next((need for need in range(least, len(counts)) if counts[need] <= 8 * most), least)
    places = np.flatnonzero(shared >= enough)
    if len(places) > most:
        ours = shared[places].astype("f4")
        share = ours / (np.bitwise_count(marks[places]) + np.bitwise_count(mine) - ours)
        places = places[np.argpartition(-share, most)[:most]]
    return places


def _reranked(index: Index, key: str, numbers: Any, least: float) -> list[tuple[int, float]]:
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    keys = {number: bare(index.key(number)) for number in numbers.tolist()}  # the article is no likeness and no difference
    found = process.extract(bare(key), keys, scorer=Indel.normalized_similarity, limit=_MOST, score_cutoff=least)
    return [(number, degree) for _, degree, number in found]
