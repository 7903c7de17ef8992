"""The sidecar of the store: every folded name in a trie, what is known of it, and which places bear it. Memory-mapped."""

from __future__ import annotations

import json
import mmap
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple

import marisa_trie

from geomap.errors import GazetteerError
from geomap.model import Place

_CLASSES = "AHLPRSTUVD"
DEMONYM = "D"  # not GeoNames': a word for a country's people or things
BITS = {letter: 1 << place for place, letter in enumerate(_CLASSES)}
PREFERRED, CURATED = 1 << 10, 1 << 11
_LETTERS = tuple("".join(letter for letter in _CLASSES if BITS[letter] & mask) for mask in range(1024))
MAIN, WHOLE = 1, 2  # low bits of a posting: a main name of the place; borne as it is, or with no rival that bears it so
MAGIC = b"geomap-index-5\n"
ARRAYS = "names.index"
# All that is known of a place lies together, so that one look brings it; numpy writes it (the name, then its kind), struct reads it.
RECORD = {
    "lon": "f8", "lat": "f8", "radial": "f8", "weight": "f8", "people": "u4", "code": "u4", "division": "u4", "source": "u4", "text": "u4",
    "length": "u2", "country": "u2", "curated": "u1",
}  # fmt: skip
_RECORD = Struct("<" + "".join({"f8": "d", "u4": "I", "u2": "H", "u1": "B"}[kind] for kind in RECORD.values()))


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
        self._offsets, self._postings = self._arrays["offsets"], self._arrays["postings"]
        self.weights = self._arrays["weights"]  # by fid
        self.country = self._arrays["country"]  # by fid, an index into countries; 0 is none
        self._places, self._texts = (end + 1 + header["arrays"][name][1] for name in ("places", "texts"))  # where in the file
        self._words: list[str | None] = []
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

    def bearers(self, key: str) -> list[int]:
        """Places of the name, the weightiest first: fid << 2 | WHOLE | MAIN."""
        number = self._id(key)
        return [] if number is None else self.of_number(number)

    def of_number(self, number: int) -> list[int]:
        """Places of the name of that number."""
        return self._postings[self._offsets[number] : self._offsets[number + 1]].tolist()

    def place(self, fid: int) -> tuple[Place, float, int]:
        """The place of that number, without its names and its footprint; its weight, and whether it is of our tables."""
        words = self._words or self._read_words()
        lon, lat, radial, weight, people, code, division, source, text, length, home, curated = _RECORD.unpack_from(
            self._map, self._places + fid * _RECORD.size
        )
        begin = self._texts + text
        identifier, _, name = self._map[begin : begin + length].decode().partition("\n")
        place = Place(
            identifier, name, words[code] or "", lon, lat, radial, self.countries[home] or None, words[division], people or None,
            words[source] or "", None, (), self.several.get(fid) or self._alone[home],
        )  # fmt: skip
        return place, weight, curated

    def coded(self, *prefixes: str) -> list[int]:
        """The places whose feature code begins so, by number."""
        import numpy as np

        words = self._words or self._read_words()
        records = np.frombuffer(self._arrays["places"], [(name, f"<{kind}") for name, kind in RECORD.items()])
        wanted = np.array([word is not None and word.startswith(prefixes) for word in words])
        return list(np.flatnonzero(wanted[records["code"]]).tolist())

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
    """Tries of several parts of the names as one; a border is the first name of the part behind it."""

    def __init__(self, tries: list[Any], borders: list[str], bases: list[int]) -> None:
        self._tries, self._borders, self._bases = tries, borders, bases

    def get(self, key: str) -> int | None:
        part = bisect_right(self._borders, key)
        number = self._tries[part].get(key)
        return None if number is None else number + self._bases[part]

    def iterkeys(self, prefix: str) -> Iterator[str]:
        """Names that begin so, in whichever parts."""
        part = bisect_right(self._borders, prefix)
        yield from self._tries[part].iterkeys(prefix)
        while part < len(self._borders) and self._borders[part].startswith(prefix):
            part += 1
            yield from self._tries[part].iterkeys(prefix)

    def restore_key(self, number: int) -> str:
        part = bisect_right(self._bases, number) - 1
        name: str = self._tries[part].restore_key(number - self._bases[part])
        return name


_HASH = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x9E3779B97F4A7C15  # for the letters of a group, and for their sum


def signature(key: str) -> int:
    """The one of a single name, without arrays: these are worth their while from some ten names on."""
    first, second, third, spread = _HASH
    letters, bits = [32, *map(ord, key), 32], 0
    for before, letter, after in zip(letters, letters[1:], letters[2:], strict=False):
        bits |= 1 << ((before * first + letter * second + after * third) * spread >> 58 & 63)
    return bits


def signatures(keys: Sequence[str]) -> Any:
    """Which letter groups of three each name has, hashed into 64 bits: what two names share tells how alike they may be."""
    import numpy as np

    text = " " + "\n ".join(keys) + "\n"
    letters = np.frombuffer(text.encode("utf-32-le"), "<u4").astype("<u8")
    ends = letters == 10
    letters[ends] = 32
    first, second, third, spread = map(np.uint64, _HASH)
    groups: Any = letters[:-2] * first + letters[1:-1] * second + letters[2:] * third
    bits = np.uint64(1) << ((groups * spread) >> np.uint64(58))
    bits[ends[:-2] | ends[1:-1]] = 0  # a group that runs from one name into the next
    starts = np.concatenate([[0], np.flatnonzero(ends)[:-1] + 1])
    return np.bitwise_or.reduceat(np.concatenate([bits, np.zeros(2, "<u8")]), starts)
