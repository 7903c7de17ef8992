"""The sidecar of the store: every folded name in a trie, what is known of it, and which places bear it. Memory-mapped."""

from __future__ import annotations

import json
import mmap
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import marisa_trie

from geomap.errors import GazetteerError

_CLASSES = "AHLPRSTUVD"
_DEMONYM = "D"  # not GeoNames': a word for a country's people or things
_BITS = {letter: 1 << place for place, letter in enumerate(_CLASSES)}
_PREFERRED, _CURATED = 1 << 10, 1 << 11
_LETTERS = tuple("".join(letter for letter in _CLASSES if _BITS[letter] & mask) for mask in range(1024))
_MAGIC = b"geomap-index-1\n"
TRIE, ARRAYS = "names.marisa", "names.index"


class NameFacts(NamedTuple):
    """What scanning may know of a folded name before any place is looked up (model.NameInfo)."""

    population: int
    feature_classes: str
    preferred: bool
    curated: bool


class Index:
    """Folded name -> facts and places. Places of a name stand most weighty first; the low bit says that it is a main name there."""

    def __init__(self, folder: Path, build_id: str) -> None:
        path = folder / ARRAYS
        try:
            self._trie = marisa_trie.Trie()
            self._trie.mmap(str(folder / TRIE))
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, RuntimeError, ValueError) as error:
            raise GazetteerError(f"the index beside the gazetteer cannot be read ({path}): run geomap gazetteer build") from error
        view = memoryview(self._map)
        if bytes(view[: len(_MAGIC)]) != _MAGIC:
            raise GazetteerError(f"{path} is no index of this version: run geomap gazetteer build")
        end = self._map.find(b"\n", len(_MAGIC))
        header = json.loads(bytes(view[len(_MAGIC) : end]))
        if header["build"] != build_id:
            raise GazetteerError(f"{path} belongs to another build of the gazetteer: run geomap gazetteer build")
        self.countries: list[str] = header["countries"]
        self.several: dict[int, list[str]] = {int(fid): codes for fid, codes in header["several"].items()}
        self._arrays = {
            name: view[end + 1 + start : end + 1 + start + size].cast(kind)
            for name, (kind, start, size) in header["arrays"].items()
        }
        self.offsets = self._arrays["offsets"]
        self.postings = self._arrays["postings"]
        self.weights = self._arrays["weights"]  # by fid
        self.country = self._arrays["country"]  # by fid, an index into countries; 0 is none
        self._population = self._arrays["population"]
        self._flags = self._arrays["flags"]
        self._id = self._trie.get
        self._longer = self._trie.iterkeys

    def get(self, key: str) -> NameFacts | None:
        """What is known of the name, or None."""
        number = self._id(key)
        if number is None:
            return None
        flags = self._flags[number]
        return NameFacts(self._population[number], _LETTERS[flags & 1023], bool(flags & _PREFERRED), bool(flags & _CURATED))

    def begins(self, key: str) -> bool:
        """Does any longer name begin with these words?"""
        return next(self._longer(key + " "), None) is not None

    def bearers(self, key: str) -> memoryview | tuple[()]:
        """Places of the name: fid << 1, plus 1 where it is a main name of the place."""
        number = self._id(key)
        return () if number is None else self.postings[self.offsets[number] : self.offsets[number + 1]]

    def of_number(self, number: int) -> memoryview:
        """Places of the name of that number."""
        return self.postings[self.offsets[number] : self.offsets[number + 1]]

    def key(self, number: int) -> str:
        """The folded name of that number."""
        name: str = self._trie.restore_key(number)
        return name

    def column(self, name: str) -> memoryview:
        """An array by name: ``skeletons`` (crc32) and ``signatures`` by name number, ``in_country`` and its ``country_offsets``."""
        return self._arrays[name]


# A name counts as one that a place goes by where its source says so, where it stands in our tables, and where its script alone is
# known: of the untagged Arabic names nobody can tell which is the usual one. The 0 of a demonym is no place's number.
_BEARERS = """
SELECT key, coalesce(skeleton, ''), place << 1 | (coalesce(kind, '') = 'preferred' OR coalesce(language, '') = 'und-Arab'
    OR (kind IS NULL AND coalesce(names.source, places.source) = 'geomap'))
FROM names JOIN places ON fid = place UNION ALL SELECT DISTINCT key, '', 0 FROM demonyms
"""


def write(connection: sqlite3.Connection, folder: Path, build_id: str) -> None:
    """Make the sidecar of a finished store."""
    import numpy as np

    places, countries, several = _places(connection)
    keys = [
        key
        for query in ("SELECT DISTINCT key FROM names", "SELECT DISTINCT key FROM demonyms")
        for (key,) in connection.execute(query)
    ]
    trie = marisa_trie.Trie(keys)
    del keys
    trie.save(str(folder / TRIE))
    hashes, marks = np.zeros(len(trie), "<u4"), np.zeros(len(trie), "<u8")
    pairs = []
    cursor = connection.execute(_BEARERS)
    while rows := cursor.fetchmany(100_000):
        written, skeletons, postings = zip(*rows, strict=True)
        numbers = np.fromiter(map(trie.key_id, written), "<u4", len(rows))
        hashes[numbers] = np.fromiter(map(crc32, "\n".join(skeletons).encode().split(b"\n")), "<u4", len(rows))
        marks[numbers] = signatures(written)
        pairs.append((numbers, np.array(postings, "<u4")))
    numbers, borne = (np.concatenate(column) for column in zip(*pairs, strict=True)) if pairs else (hashes[:0], hashes[:0])
    columns = _postings(numbers, borne, len(trie), places)
    _save(folder / ARRAYS, build_id, countries, several, columns | {"skeletons": hashes, "signatures": marks})


def _places(connection: sqlite3.Connection) -> tuple[dict[str, Any], list[str], dict[int, list[str]]]:
    import numpy as np

    last = connection.execute("SELECT max(fid) FROM places").fetchone()[0] or 0
    countries: dict[str, int] = {"": 0}
    several: dict[int, list[str]] = {}
    table = {
        "weights": np.zeros(last + 1, "<f4"), "country": np.zeros(last + 1, "<u2"), "people": np.zeros(last + 1, "<u4"), "classes": np.zeros(last + 1, "<u2"),
    }  # fmt: skip
    table["classes"][0] = _BITS[_DEMONYM]
    for fid, country, both, letter, population, curated, weight in connection.execute(
        "SELECT fid, country, countries, feature_class, population, curated, weight FROM places ORDER BY fid"
    ):
        table["weights"][fid] = weight or 0
        table["country"][fid] = countries.setdefault(country or "", len(countries))
        table["people"][fid] = min(population or 0, 2**32 - 1)
        table["classes"][fid] = _BITS.get(letter, _BITS["S"]) | (_CURATED if curated else 0)
        if both:
            several[fid] = both.split("|")
    return table, list(countries), several


def _postings(numbers: Any, postings: Any, count: int, places: dict[str, Any]) -> dict[str, Any]:
    """Group (name, place) pairs by name, the weightiest place first; and by country, which names are borne there."""
    import numpy as np

    fids = postings >> 1
    order = np.lexsort((fids, -places["weights"][fids], numbers))
    numbers, postings, fids = numbers[order], postings[order], fids[order]
    fresh = np.ones(len(fids), bool)
    fresh[1:] = (numbers[1:] != numbers[:-1]) | (fids[1:] != fids[:-1])
    flags_by_pair = places["classes"][fids] | np.where(postings & 1, _PREFERRED, 0).astype("<u2")
    starts = np.searchsorted(numbers, np.arange(count))
    flags = np.bitwise_or.reduceat(flags_by_pair, starts) if count else flags_by_pair
    population = np.maximum.reduceat(places["people"][fids], starts) if count else places["people"][:0]
    fresh &= fids > 0
    numbers, postings, fids = numbers[fresh], postings[fresh], fids[fresh]
    offsets = np.searchsorted(numbers, np.arange(count + 1)).astype("<u4")
    homes: Any = np.unique(places["country"][fids].astype("<u8") << np.uint64(32) | numbers.astype("<u8"))
    in_country = (homes & np.uint64(0xFFFFFFFF)).astype("<u4")
    borders = np.searchsorted(
        (homes >> np.uint64(32)).astype("<u4"), np.arange(int(places["country"].max(initial=0)) + 2)
    ).astype("<u4")
    return {
        "offsets": offsets, "postings": postings.astype("<u4"), "population": population.astype("<u4"), "flags": flags.astype("<u2"),
        "weights": places["weights"], "country": places["country"], "in_country": in_country, "country_offsets": borders,
    }  # fmt: skip


def signatures(keys: Sequence[str]) -> Any:
    """Which letter groups of three each name has, hashed into 64 bits: what two names share tells how alike they may be."""
    import numpy as np

    text = "".join(f" {key}\n" for key in keys)
    letters = np.frombuffer(text.encode("utf-32-le"), "<u4").astype("<u8")
    ends = letters == 10
    letters[ends] = 32
    groups: Any = (
        letters[:-2] * np.uint64(0x9E3779B1) + letters[1:-1] * np.uint64(0x85EBCA77) + letters[2:] * np.uint64(0xC2B2AE3D)
    )
    bits = np.uint64(1) << ((groups * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(58))
    bits[ends[:-2] | ends[1:-1]] = 0  # a group that runs from one name into the next
    starts = np.concatenate([[0], np.flatnonzero(ends)[:-1] + 1])
    return np.bitwise_or.reduceat(np.concatenate([bits, np.zeros(2, "<u8")]), starts)


def _save(path: Path, build_id: str, countries: list[str], several: dict[int, list[str]], columns: dict[str, Any]) -> None:
    if sys.byteorder != "little":
        raise GazetteerError("the index is written for little-endian machines only")
    codes = {"uint64": "Q", "uint32": "I", "uint16": "H", "float32": "f"}
    ordered = sorted(columns.items(), key=lambda item: (-item[1].itemsize, item[0]))
    places, start = {}, 0
    for name, column in ordered:
        places[name] = (codes[column.dtype.name], start, column.nbytes)
        start += column.nbytes
    header = json.dumps({"build": build_id, "countries": countries, "several": several, "arrays": places}).encode()
    padding = b" " * (-(len(_MAGIC) + len(header) + 1) % 8)
    with path.open("wb") as file:
        file.write(_MAGIC + header + padding + b"\n")
        for _, column in ordered:
            file.write(column.tobytes())
