"""Names that are like a name: the same consonants, or enough letter groups in common, best first with a degree of likeness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

from geomap.gazetteer.index import signatures
from geomap.gazetteer.spelling import is_arabic, skeleton

if TYPE_CHECKING:
    from geomap.gazetteer.index import Index

LEAST = 0.75  # of letters alike, below which a name is another name
_MOST = 12  # names returned


def same_consonants(index: Index, key: str, country: int) -> list[tuple[int, float]]:
    """Names of the country with the same consonants, those written most alike first: (number, degree)."""
    import numpy as np

    bones = skeleton(key)
    if len(bones) < 2:
        return []
    numbers = _numbers(index, country)
    same = numbers[_column(index, "skeletons", "<u4")[numbers] == crc32(bones.encode())]
    return _reranked(index, key, np.asarray(same), 0.5)


def in_country(index: Index, key: str, country: int) -> list[tuple[int, float]]:
    """Names of the country written much like it."""
    numbers = _numbers(index, country)
    return _reranked(index, key, numbers[_promising(_column(index, "signatures", "<u8")[numbers], key, 0.2)], LEAST)


def worldwide(index: Index, key: str) -> list[tuple[int, float]]:
    """Names anywhere written much like it."""
    import numpy as np

    return _reranked(index, key, np.flatnonzero(_promising(_column(index, "signatures", "<u8"), key, 0.4)), LEAST + 0.05)


def _numbers(index: Index, country: int) -> Any:
    borders = index.column("country_offsets")
    return _column(index, "in_country", "<u4")[borders[country] : borders[country + 1]]


def _column(index: Index, name: str, kind: str) -> Any:
    import numpy as np

    return np.frombuffer(index.column(name), kind)


def _promising(marks: Any, key: str, share: float) -> Any:
    """Which signatures share enough letter groups with the name's to be worth comparing letter by letter."""
    import numpy as np

    mine = int(signatures([key])[0])
    return np.bitwise_count(marks & np.uint64(mine)) >= max(1, round(share * mine.bit_count()))


def _reranked(index: Index, key: str, numbers: Any, least: float) -> list[tuple[int, float]]:
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    if not len(numbers):
        return []
    arabic = is_arabic(key)
    keys = {int(number): index.key(int(number)) for number in numbers}
    keys = {number: other for number, other in keys.items() if is_arabic(other) == arabic}
    return [
        (number, degree)
        for _, degree, number in process.extract(
            key, keys, scorer=JaroWinkler.normalized_similarity, limit=_MOST, score_cutoff=least
        )
    ]
