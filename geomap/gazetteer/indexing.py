"""Write the sidecar of the store: names are dealt out to parts of the alphabet, so that thirteen million places need no more memory."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import marisa_trie

from geomap.errors import GazetteerError
from geomap.gazetteer.index import ARRAYS, BITS, CURATED, DEMONYM, MAGIC, PREFERRED, RECORD, WHOLE, signatures, trie_file

PART = 1_000_000  # names in a part, at most: a part is worked on in memory, in some 250 megabytes
_BATCH = 50_000
_CACHE_KB = 8_000
_LONGEST = 65_535  # bytes of id and name together: no place has a tenth of that

_PLACES = """
SELECT fid, id, name, feature_code, coalesce(admin1, ''), source, coalesce(country, ''), countries, feature_class, coalesce(population, 0), curated,
    weight, lon, lat, radial_m
FROM places ORDER BY fid
"""
# A name counts as one that a place goes by where its source says so, where it stands in our tables, and where its script alone is
# known: of the untagged Arabic names nobody can tell which is the usual one. Bit 1: it does if the place itself is of our tables.
# Bit 2: the name is only left when the word for what the place is has been read off ("Sirte air base").
# SQLite puts the rows of a batch behind one another itself, in a third less time than it takes to hand a million rows over.
_NAMES = """
SELECT group_concat(key, char(10)), group_concat(coalesce(skeleton, ''), char(10)), group_concat(
        place << 3 | ((coalesce(kind, '') = 'short') << 2) | ((kind IS NULL AND source IS NULL) << 1)
        | (coalesce(kind, '') = 'preferred' OR coalesce(language, '') = 'und-Arab' OR (kind IS NULL AND coalesce(source, '') = 'geomap')), ' '
    ), group_concat(
        CASE WHEN language IS NULL AND kind IS NULL AND valid_from IS NULL AND valid_to IS NULL THEN name ELSE name || char(9)
        || coalesce(language, '') || char(9) || coalesce(kind, '') || coalesce(valid_from || '/', '') || coalesce('/' || valid_to, '') END, char(10)
    )
FROM (SELECT * FROM names WHERE id > ? AND id <= ? ORDER BY id)
"""
_DEMONYMS = "SELECT DISTINCT key FROM demonyms ORDER BY key"


def write(connection: sqlite3.Connection, folder: Path, build_id: str, hashing: Callable[[bytes], object]) -> None:
    """Make the sidecar of a finished store. What it reads of places and names is hashed on the way: one walk, not two."""
    if sys.byteorder != "little":
        raise GazetteerError("the index is written for little-endian machines only")
    scratch = folder / "parts"
    scratch.mkdir()
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")  # what follows reads the store once, from its beginning to its end
    connection.execute("PRAGMA shrink_memory")
    columns = _Columns(scratch)
    places = _Places(columns, hashing)
    for rows in _batches(connection.execute(_PLACES)):
        places.add(rows)
    parts = _Parts(scratch, _borders(connection))
    (last,) = connection.execute("SELECT max(id) FROM names").fetchone()
    for start in range(0, last or 0, _BATCH):
        keys, skeletons, postings, told = connection.execute(_NAMES, (start, start + _BATCH)).fetchone()
        if keys is not None:  # else all of these were removed
            hashing(told.encode())
            hashing(parts.deal(keys, skeletons, postings))
    if words := [key for (key,) in connection.execute(_DEMONYMS)]:
        parts.deal("\n".join(words), "\n" * (len(words) - 1), " 0" * len(words))  # 0 is no place's number
    numbering = _Numbering(places, columns)
    for number in range(len(parts.borders) + 1):
        numbering.part(*parts.read(number), folder / trie_file(number))
    numbering.finish()
    header = {"build": build_id, "countries": list(places.countries), "several": places.several, "borders": parts.borders, "bases": numbering.bases}
    columns.save(folder / ARRAYS, header)
    del places, numbering  # they map files that Windows would not take away meanwhile
    shutil.rmtree(scratch)


def _batches(cursor: sqlite3.Cursor) -> Iterator[list[tuple[Any, ...]]]:
    while rows := cursor.fetchmany(_BATCH):
        yield rows


class _Places:
    """What is known of places, by number: what a candidate shows, and what the names of the place need."""

    def __init__(self, columns: _Columns, hashing: Callable[[bytes], object]) -> None:
        self.countries: dict[str, int] = {"": 0}
        self.several: dict[int, list[str]] = {}
        self._columns, self._hashing = columns, hashing
        self._words: dict[str, int] = {"": 0}  # codes, divisions and sources, each written once
        self._next = self._texts = 0

    def add(self, rows: list[tuple[Any, ...]]) -> None:
        """Append places in the order of their numbers; a number that is left out is a place without a name."""
        import numpy as np

        fids, ids, names, codes, divisions, sources, countries, both, letters, people, curated, *measures = zip(*rows, strict=True)
        first, at = self._next, np.array(fids) - self._next
        self._next = fids[-1] + 1
        table = np.zeros(self._next - first, [(name, f"<{kind}") for name, kind in RECORD.items()])

        def put(name: str, values: Any) -> None:
            table[name][at] = values

        def numbered(pool: dict[str, int], words: Sequence[str]) -> list[int]:
            return [pool.setdefault(word, len(pool)) for word in words]

        texts = [f"{identifier}\n{name}".encode()[:_LONGEST] for identifier, name in zip(ids, names, strict=True)]
        lengths = np.fromiter(map(len, texts), "<i8", len(texts))
        put("text", self._texts + np.cumsum(lengths) - lengths)
        put("length", lengths)
        self._texts += int(lengths.sum())
        for name, words in (("code", codes), ("division", divisions), ("source", sources)):
            put(name, numbered(self._words, words))
        put("country", numbered(self.countries, countries))
        put("people", np.minimum(people, 2**32 - 1))
        put("curated", curated)
        for name, measure in zip(("weight", "lon", "lat", "radial"), measures, strict=True):
            put(name, measure)
        self._put(texts=np.frombuffer(b"".join(texts), "u1"), places=table, weights=table["weight"], country=table["country"])
        kinds, ours = np.zeros((2, len(table)), "<u2")
        kinds[at] = [BITS.get(letter, BITS["S"]) | CURATED * own for letter, own in zip(letters, curated, strict=True)]
        ours[at] = [source == "geomap" for source in sources]
        self._put(classes=kinds, ours=ours.astype("u1"), people=table["people"])
        self.several |= {fid: codes.split("|") for fid, codes in zip(fids, both, strict=True) if codes}

    def _put(self, **arrays: Any) -> None:
        for name, values in arrays.items():
            self._columns.add(name, values)
            self._hashing(values.tobytes())

    def finish(self) -> dict[str, Any]:
        """The columns that names ask for."""
        import numpy as np

        if not self._next:  # not one place
            self.add([(0, "", "", "", "", "", "", None, "", 0, 0, 0.0, 0.0, 0.0, 0.0)])
        self._columns.add("words", np.frombuffer("\n".join(self._words).encode(), "u1"))
        self._hashing(repr((list(self._words), list(self.countries), sorted(self.several.items()))).encode())
        table = {name: self._columns.read(name) for name in ("weights", "country", "people", "classes", "ours")}
        return table


def _borders(connection: sqlite3.Connection) -> list[str]:
    """Names that part all into about equal parts, half as large as one may be: what is known of the places needs room beside them."""
    (count,) = connection.execute("SELECT count(*) FROM names").fetchone()
    if count <= PART:
        return []
    sample = sorted(key for (key,) in connection.execute("SELECT key FROM names WHERE id % ? = 0", (max(count // 20_000, 1),)))
    parts = 2 * count // PART + 1
    return sorted({sample[len(sample) * part // parts] for part in range(1, parts)})


class _Parts:
    """Names dealt out to files by the alphabet: of each its key, the check sum of its skeleton, and the place that bears it."""

    def __init__(self, folder: Path, borders: list[str]) -> None:
        self.borders = borders
        self._files = [(folder / f"{number}.keys", folder / f"{number}.rest") for number in range(len(borders) + 1)]

    def deal(self, keys: str, skeletons: str, postings: str) -> bytes:
        """Append names, a line each, to the parts that they belong to; what was written beside the keys."""
        import numpy as np

        numbers = np.fromstring(postings, "<u4", sep=" ")
        rest = np.empty((len(numbers), 2), "<u4")
        rest[:, 0] = np.fromiter(map(crc32, skeletons.encode().split(b"\n")), "<u4", len(numbers))
        rest[:, 1] = numbers
        if not self.borders:
            self._append(0, keys, rest)
            return rest.tobytes()
        names = keys.split("\n")
        part = np.fromiter((bisect_right(self.borders, name) for name in names), "<i4", len(names))
        for number in np.unique(part).tolist():
            where = np.flatnonzero(part == number)
            self._append(number, "\n".join([names[at] for at in where.tolist()]), rest[where])
        return rest.tobytes()

    def _append(self, number: int, keys: str, rest: Any) -> None:
        written, others = self._files[number]
        with written.open("ab") as file:
            file.write(f"{keys}\n".encode())
        with others.open("ab") as file:
            file.write(rest.tobytes())

    def read(self, number: int) -> tuple[list[str], Any]:
        """Keys of a part; check sums and postings beside them."""
        import numpy as np

        written, others = self._files[number]
        if not written.is_file():
            return [], np.zeros((0, 2), "<u4")
        keys = written.read_bytes().decode().split("\n")[:-1]
        return keys, np.fromfile(others, "<u4").reshape(-1, 2)


class _Numbering:
    """Names get their numbers, part by part, and the arrays that go by number grow."""

    def __init__(self, places: _Places, columns: _Columns) -> None:
        self.bases = [0]
        self._places, self._countries, self._columns = places.finish(), len(places.countries), columns
        self._homes: list[list[int]] = []  # of each part: where its names of each country begin

    def part(self, keys: list[str], rest: Any, path: Path) -> None:
        """Number the names of a part and write down all that is known of them."""
        import numpy as np

        trie = marisa_trie.Trie(keys)
        trie.save(str(path))
        numbers = np.fromiter(map(trie.key_id, keys), "<u4", len(keys))
        hashes, marks = np.zeros(len(trie), "<u4"), np.zeros(len(trie), "<u8")
        hashes[numbers] = rest[:, 0]
        for start in range(0, len(keys), _BATCH):
            marks[numbers[start : start + _BATCH]] = signatures(keys[start : start + _BATCH])
        self._columns.add("skeletons", hashes)
        self._columns.add("signatures", marks)
        self._postings(numbers, rest[:, 1], len(trie))
        self.bases.append(self.bases[-1] + len(trie))

    def _postings(self, numbers: Any, postings: Any, count: int) -> None:
        """Group (name, place) pairs by name, the weightiest place first."""
        import numpy as np

        table, columns, fids = self._places, self._columns, postings >> 3
        main = (postings & 1) | ((postings >> 1) & table["ours"][fids])
        short = (postings & 4 != 0) & (table["classes"][fids] & BITS["A"] == 0)  # a division is called so without its designator
        postings = fids << 2 | np.where(short, 0, WHOLE).astype("<u4") | main
        order = np.lexsort((postings ^ 3, -table["weights"][fids], numbers))
        numbers, postings, fids = numbers[order], postings[order], fids[order]
        fresh = np.ones(len(fids), bool)
        fresh[1:] = (numbers[1:] != numbers[:-1]) | (fids[1:] != fids[:-1])
        flags = np.where(fids > 0, table["classes"][fids], BITS[DEMONYM]).astype("<u2") | np.where(postings & 1, PREFERRED, 0).astype("<u2")
        starts = np.searchsorted(numbers, np.arange(count))
        columns.add("flags", np.bitwise_or.reduceat(flags, starts) if count else flags)
        columns.add("population", np.maximum.reduceat(table["people"][fids], starts) if count else fids)
        fresh &= fids > 0
        numbers, postings, fids = numbers[fresh], postings[fresh], fids[fresh]
        columns.add("offsets", (np.searchsorted(numbers, np.arange(count)) + columns.length("postings")).astype("<u4"))
        columns.add("postings", _yielding(numbers, postings, table["country"][fids]))
        self._at_home(numbers, table["country"][fids])

    def _at_home(self, numbers: Any, countries: Any) -> None:
        """Which names are borne in each country."""
        import numpy as np

        pairs = np.sort(countries.astype("<u8") << np.uint64(32) | (numbers + np.uint64(self.bases[-1])).astype("<u8"))
        once = np.ones(len(pairs), bool)
        once[1:] = pairs[1:] != pairs[:-1]
        pairs = pairs[once]
        starts = np.searchsorted(pairs >> np.uint64(32), np.arange(self._countries + 1)) + self._columns.length("homes")
        self._homes.append(starts.tolist())
        self._columns.add("homes", (pairs & np.uint64(0xFFFFFFFF)).astype("<u4"))

    def finish(self) -> None:
        """What comes after the last part: the names of each country one after the other, and what goes by place."""
        import numpy as np

        columns, borders = self._columns, [0]
        homes = columns.read("homes")
        for country in range(self._countries):
            for starts in self._homes:
                columns.add("in_country", homes[starts[country] : starts[country + 1]])
            borders.append(columns.length("in_country"))
        columns.drop("homes")
        columns.add("country_offsets", np.array(borders, "<u4"))
        columns.add("offsets", np.array([columns.length("postings")], "<u4"))
        for name in ("classes", "ours", "people"):
            columns.drop(name)


def _yielding(numbers: Any, postings: Any, countries: Any) -> Any:
    """Names that are only left of longer ones yield where another place of the country bears them whole; elsewhere they stand."""
    import numpy as np

    whole = postings & WHOLE != 0
    rows = np.flatnonzero(np.isin(numbers, numbers[~whole], kind="table"))  # few names are only left of longer ones
    homes, whole = numbers[rows].astype("<u8") << np.uint64(16) | countries[rows], whole[rows]
    lonely = rows[~np.isin(homes, homes[whole])]
    postings[lonely] |= WHOLE
    return postings


class _Columns:
    """Arrays that grow part by part, each in a file of its own until all are put behind one another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kinds: dict[str, Any] = {}
        self._lengths: dict[str, int] = {}

    def add(self, name: str, values: Any) -> None:
        """Append values to an array."""
        with (self._folder / name).open("ab") as file:
            file.write(values.tobytes())
        self._kinds[name] = values.dtype
        self._lengths[name] = self.length(name) + len(values)

    def length(self, name: str) -> int:
        """Values in an array so far."""
        return self._lengths.get(name, 0)

    def read(self, name: str) -> Any:
        """The array as it lies on the disk."""
        import numpy as np

        return np.memmap(self._folder / name, self._kinds[name], "r") if self.length(name) else np.zeros(0, self._kinds[name])

    def drop(self, name: str) -> None:
        """Forget an array that only helped."""
        self._kinds.pop(name, None)

    def save(self, path: Path, header: dict[str, Any]) -> None:
        """All arrays in one file, the widest first so that each begins at a multiple of its width."""
        codes = {"float64": "d", "uint64": "Q", "uint32": "I", "uint16": "H", "uint8": "B"}
        arrays, start = {}, 0
        for name, kind in sorted(self._kinds.items(), key=lambda item: (item[1].name not in codes, -item[1].itemsize, item[0])):
            size = self.length(name) * kind.itemsize
            arrays[name] = (codes.get(kind.name, "B"), start, size)
            start += size
        text = json.dumps(header | {"arrays": arrays}).encode()
        with path.open("wb") as file:
            file.write(MAGIC + text + b" " * (-(len(MAGIC) + len(text) + 1) % 8) + b"\n")
            for name in arrays:
                with (self._folder / name).open("rb") as column:
                    shutil.copyfileobj(column, file)
