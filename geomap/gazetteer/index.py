"""The sidecar of the store: every folded name in a trie, what is known of it, and which places bear it. Memory-mapped."""

from __future__ import annotations

import json
import mmap
import sqlite3
import sys
from array import array
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import marisa_trie

from geomap.errors import GazetteerError

_CLASSES = "AHLPRSTUV"
_BITS = {letter: 1 << place for place, letter in enumerate(_CLASSES)}
_PREFERRED, _CURATED = 1 << 9, 1 << 10
_LETTERS = tuple("".join(letter for letter in _CLASSES if _BITS[letter] & mask) for mask in range(512))
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
            raise GazetteerError(
                f"the index beside the gazetteer cannot be read ({path}): run geomap gazetteer build"
            ) from error
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
        self._longer = self._trie.has_keys_with_prefix

    def get(self, key: str) -> NameFacts | None:
        """What is known of the name, or None."""
        number = self._id(key)
        if number is None:
            return None
        flags = self._flags[number]
        return NameFacts(
            self._population[number], _LETTERS[flags & 511], bool(flags & _PREFERRED), bool(flags & _CURATED)
        )

    def begins(self, key: str) -> bool:
        """Does any longer name begin with these words?"""
        longer: bool = self._longer(key + " ")
        return longer

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


def write(connection: sqlite3.Connection, folder: Path, build_id: str) -> None:
    """Make the sidecar of a finished store."""
    import numpy as np

    places, countries, several = _places(connection)
    keys: list[str] = [key for (key,) in connection.execute("SELECT DISTINCT key FROM names ORDER BY key")]
    trie = marisa_trie.Trie(keys)
    trie.save(str(folder / TRIE))
    number = trie.key_id
    count = len(keys)
    skeletons = np.zeros(count, "<u4")
    signatures = np.zeros(count, "<u8")
    pairs = array("Q")
    number_of, last = -1, None
    for key, skeleton, place, kind in connection.execute(
        "SELECT key, skeleton, place, kind FROM names ORDER BY key, place, kind = 'preferred' DESC"
    ):
        if key != last:
            last, number_of = key, number(key)
            skeletons[number_of] = crc32(skeleton.encode()) if skeleton else 0
            signatures[number_of] = signature(key)
        pairs.append(number_of << 32 | place << 1 | (kind == "preferred"))
    del keys
    columns = _postings(np.frombuffer(pairs, "<u8"), count, places)
    columns |= {"skeletons": skeletons, "signatures": signatures}
    _save(folder / ARRAYS, build_id, countries, several, columns)


def _places(connection: sqlite3.Connection) -> tuple[dict[str, Any], list[str], dict[int, list[str]]]:
    import numpy as np

    last = connection.execute("SELECT max(fid) FROM places").fetchone()[0] or 0
    countries: dict[str, int] = {"": 0}
    several: dict[int, list[str]] = {}
    table = {
        "weights": np.zeros(last + 1, "<f4"), "country": np.zeros(last + 1, "<u2"), "people": np.zeros(last + 1, "<u4"), "classes": np.zeros(last + 1, "<u2"),
    }  # fmt: skip
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


def _postings(pairs: Any, count: int, places: dict[str, Any]) -> dict[str, Any]:
    """Group (name, place) pairs by name, the weightiest place first; and by country, which names are borne there."""
    import numpy as np

    numbers, postings = (pairs >> np.uint64(32)).astype("<u4"), (pairs & np.uint64(0xFFFFFFFF)).astype("<u4")
    fids = postings >> 1
    order = np.lexsort((fids, -places["weights"][fids], numbers))
    numbers, postings, fids = numbers[order], postings[order], fids[order]
    fresh = np.ones(len(fids), bool)
    fresh[1:] = (numbers[1:] != numbers[:-1]) | (fids[1:] != fids[:-1])
    flags_by_pair = places["classes"][fids] | np.where(postings & 1, _PREFERRED, 0).astype("<u2")
    starts = np.searchsorted(numbers, np.arange(count))
    flags = np.bitwise_or.reduceat(flags_by_pair, starts) if count else flags_by_pair
    population = np.maximum.reduceat(places["people"][fids], starts) if count else places["people"][:0]
    numbers, postings, fids = numbers[fresh], postings[fresh], fids[fresh]
    offsets = np.searchsorted(numbers, np.arange(count + 1)).astype("<u4")
    homes = np.unique(places["country"][fids].astype("<u8") << np.uint64(32) | numbers)
    in_country = (homes & np.uint64(0xFFFFFFFF)).astype("<u4")
    borders = np.searchsorted(homes >> np.uint64(32), np.arange(int(places["country"].max(initial=0)) + 2)).astype(
        "<u4"
    )
    return {
        "offsets": offsets, "postings": postings.astype("<u4"), "population": population.astype("<u4"), "flags": flags.astype("<u2"),
        "weights": places["weights"], "country": places["country"], "in_country": in_country, "country_offsets": borders,
    }  # fmt: skip


def signature(key: str) -> int:
    """Which letter groups of three a name has, hashed into 64 bits: what two names share tells how alike they may be."""
    padded = f" {key} "
    bits = 0
    for start in range(len(padded) - 2):
        bits |= 1 << (crc32(padded[start : start + 3].encode()) & 63)
    return bits


def _save(
    path: Path, build_id: str, countries: list[str], several: dict[int, list[str]], columns: dict[str, Any]
) -> None:
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
