"""The sidecar of the store: every folded name in a trie, what is known of it, and which places bear it. Memory-mapped."""

from __future__ import annotations

import json
import mmap
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import marisa_trie

from geomap.errors import GazetteerError
from geomap.model import Place

_CLASSES = "AHLPRSTUVD"
DEMONYM = "D"  # not GeoNames': a word for a country's people or things
BITS = {letter: 1 << place for place, letter in enumerate(_CLASSES)}
PREFERRED, CURATED = 1 << 10, 1 << 11
_LETTERS = tuple("".join(letter for letter in _CLASSES if BITS[letter] & mask) for mask in range(1024))
MAGIC = b"geomap-index-3\n"
ARRAYS = "names.index"


def trie_file(part: int) -> str:
    """The file of a part of the names; all but gazetteers of millions of places have one."""
    return f"names{part or ''}.marisa"


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
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise GazetteerError(f"the index beside the gazetteer cannot be read ({path}): run geomap gazetteer build") from error
        view = memoryview(self._map)
        if bytes(view[: len(MAGIC)]) != MAGIC:
            raise GazetteerError(f"{path} is no index of this version: run geomap gazetteer build")
        end = self._map.find(b"\n", len(MAGIC))
        header = json.loads(bytes(view[len(MAGIC) : end]))
        if header["build"] != build_id:
            raise GazetteerError(f"{path} belongs to another build of the gazetteer: run geomap gazetteer build")
        self.countries: list[str] = header["countries"]
        self.several: dict[int, tuple[str, ...]] = {int(fid): tuple(codes) for fid, codes in header["several"].items()}
        self._alone = [(code,) if code else () for code in self.countries]
        self._arrays = {
            name: view[end + 1 + start : end + 1 + start + size].cast(kind)
            for name, (kind, start, size) in header["arrays"].items()
        }
        self.offsets = self._arrays["offsets"]
        self.postings = self._arrays["postings"]
        self.weights = self._arrays["weights"]  # by fid
        self.country = self._arrays["country"]  # by fid, an index into countries; 0 is none
        self.curated = self._arrays["curated"]  # by fid
        self._texts, self._begins = self._arrays["texts"], self._arrays["text_offsets"]
        self._words: list[str | None] = []
        self._pooled = tuple(self._arrays[name] for name in ("codes", "divisions", "sources"))
        self._measures = tuple(self._arrays[name] for name in ("lon", "lat", "radial", "people"))
        self._population = self._arrays["population"]
        self._flags = self._arrays["flags"]
        tries = [_opened(folder / trie_file(part)) for part in range(len(header["borders"]) + 1)]
        numbered = tries[0] if len(tries) == 1 else _Tries(tries, header["borders"], header["bases"])
        self._id, self._longer, self.key = numbered.get, numbered.iterkeys, numbered.restore_key

    def get(self, key: str) -> NameFacts | None:
        """What is known of the name, or None."""
        number = self._id(key)
        if number is None:
            return None
        flags = self._flags[number]
        return NameFacts(self._population[number], _LETTERS[flags & 1023], bool(flags & PREFERRED), bool(flags & CURATED))

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

    def place(self, fid: int) -> Place:
        """The place of that number, without its names and its footprint."""
        words = self._words or self._read_words()
        codes, divisions, sources = self._pooled
        lons, lats, radials, people = self._measures
        identifier, _, name = str(self._texts[self._begins[fid] : self._begins[fid + 1]], "utf-8").partition("\n")
        home = self.country[fid]
        return Place(
            identifier, name, words[codes[fid]] or "", lons[fid], lats[fid], radials[fid], self.countries[home] or None,
            words[divisions[fid]], people[fid] or None, words[sources[fid]] or "", None, (), self.several.get(fid) or self._alone[home],
        )  # fmt: skip

    def _read_words(self) -> list[str | None]:
        self._words = [word or None for word in str(self._arrays["words"], "utf-8").split("\n")]
        return self._words

    def column(self, name: str) -> memoryview:
        """An array by name: ``skeletons`` (crc32) and ``signatures`` by name number, ``in_country`` and its ``country_offsets``."""
        return self._arrays[name]


def _opened(path: Path) -> Any:
    trie = marisa_trie.Trie()
    try:
        trie.mmap(str(path))
    except (OSError, RuntimeError, ValueError) as error:
        raise GazetteerError(f"the names beside the gazetteer cannot be read ({path}): run geomap gazetteer build") from error
    return trie


class _Tries:
    """Tries of several parts of the names as one: the borders are words, so that names of one first word lie together."""

    def __init__(self, tries: list[Any], borders: list[str], bases: list[int]) -> None:
        self._tries, self._borders, self._bases = tries, borders, bases

    def get(self, key: str) -> int | None:
        part = bisect_right(self._borders, key)
        number = self._tries[part].get(key)
        return None if number is None else number + self._bases[part]

    def iterkeys(self, prefix: str) -> Iterator[str]:
        """Names that begin so, of those that share the prefix's first word."""
        names: Iterator[str] = self._tries[bisect_right(self._borders, prefix)].iterkeys(prefix)
        return names

    def restore_key(self, number: int) -> str:
        part = bisect_right(self._bases, number) - 1
        name: str = self._tries[part].restore_key(number - self._bases[part])
        return name


def signatures(keys: Sequence[str]) -> Any:
    """Which letter groups of three each name has, hashed into 64 bits: what two names share tells how alike they may be."""
    import numpy as np

    text = " " + "\n ".join(keys) + "\n"
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
