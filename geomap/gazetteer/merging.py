"""Write entries into the store, and see when two sources tell of one place: by id, else by name and nearness."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import cos, hypot, radians
from typing import Any

from geomap.folding import fold
from geomap.gazetteer import store
from geomap.gazetteer.designators import KEEPS_ITS_WORD, without
from geomap.gazetteer.features import feature_class, radial, weight
from geomap.gazetteer.records import Entry, Origin
from geomap.gazetteer.spelling import bare, bones, skeleton

_NEAR_M = {"P": 10_000.0, "S": 10_000.0, "A": 400_000.0, "L": 25_000.0, "H": 25_000.0, "T": 25_000.0}
_SAME_FIELD_M = 3_000.0  # two airfields so near are one
_NEAR_DIVISION_M = 200_000.0  # middles of divisions are rough
_BATCH = 2000
_BETWEEN = "\ue000"  # a character of private use: no name holds it, and folding leaves it alone

# What is unknown is handed over as "": Python's sqlite3 takes three times as long over a None (and over bytes, not a bytearray).
_KNOWN, _MAYBE = "?, ", "nullif(?, ''), "
_INSERT_PLACE = f"INSERT INTO places VALUES ({_KNOWN * 8}{_MAYBE * 6}{_KNOWN * 4}{_MAYBE[:-2]})"
_INSERT_OWN_NAME = f"INSERT INTO names (place, name, language, kind, key, bare, skeleton) VALUES ({_KNOWN * 2}{_MAYBE * 2}{_KNOWN}{(_MAYBE * 2)[:-2]})"
_INSERT_NAME = (
    "INSERT INTO names (place, name, language, kind, source, valid_from, valid_to, key, bare, skeleton) "
    f"VALUES ({_KNOWN * 2}{_MAYBE * 5}{_KNOWN}{(_MAYBE * 2)[:-2]})"
)

# Whose id names a merged place, first wins; and whose coordinates stand (higher wins).
_ID_ORDER = ("gn:", "gm:", "iso:", "icao:", "wof:", "osm:")


@dataclass
class Tally:
    """What became of a source's entries."""

    places: int = 0
    merged: int = 0
    names: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Division:
    """A division that another source may tell of in another spelling."""

    fid: int
    lon: float
    lat: float
    source: str
    entry: Entry
    _bones: frozenset[str] | None = None

    def bones(self) -> frozenset[str]:
        """The consonants of its names, without the word that says it is a division; worked out when first asked for."""
        if self._bones is None:
            code, names = self.entry.feature_code, (self.entry.name, *(name.name for name in self.entry.names))
            found = skeleton("\n".join(fold(without(name, code) or name) for name in names)).split("\n")
            self._bones = frozenset(bones for bones in found if len(bones) > 1)
        return self._bones


class Writer:
    """Puts entries into the store. ``bulk`` trusts a source to hold every place once; ``merge`` compares with what is there."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._fid = 0
        self._places: list[tuple[object, ...]] = []
        # Of each waiting name what its INSERT begins with: place, name, language, kind; unless in bulk also source, from and to.
        self._names: list[tuple[Any, ...]] = []
        self._ids: list[tuple[str, int]] = []
        self._fresh: set[str] = set()  # ids not yet written
        self._bulk = False
        self._known: dict[int, set[object]] = {}  # of places that gain names: those that they have
        self._airfields: dict[tuple[int, int], list[tuple[int, float, float, str]]] = {}
        self._divisions: dict[tuple[str, str], list[_Division]] = {}
        self.related: list[tuple[int, str, str]] = []

    def source(self, origin: Origin, tally: Tally) -> None:
        """Enter a source and what it gave."""
        self.flush()
        self.connection.execute(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                origin.id,
                origin.title,
                origin.licence,
                origin.url,
                origin.attribution,
                origin.version,
                tally.places,
                tally.merged,
                tally.names,
            ),
        )

    def bulk(self, entries: Iterable[Entry], source: str, tally: Tally, *, trust: int) -> None:
        """Enter places that are known to be new."""
        self._bulk = True
        for entry in entries:
            self._insert(entry, source, tally, trust, False)
        self.flush()
        self._bulk = False
        self._enter_ids()

    def merge(
        self, entries: Iterable[Entry], source: str, tally: Tally, *, trust: int, curated: bool = False, by_name: bool = True
    ) -> None:
        """Enter places; one that is there already gains names and what was unknown, or better known here.

        A source's own rows are never taken for one another. Without ``by_name`` only ids tell that two are one: for
        dumps so great that the names are indexed after them.
        """
        for entry in entries:
            if not entry.feature_code:
                self._add_to(entry, source, tally, by_name)
                continue
            found, why = (None, "") if entry.id in self._fresh else self._twin(entry, source, by_name)
            if entry.id in self._fresh or why == "again":
                tally.skipped["the same id again"] += 1
            elif found is None:
                self._insert(entry, source, tally, trust, curated)
                self._fresh.add(entry.id)
            else:
                self._join(entry, found, source, tally, trust, curated, by_name)
                self._fresh.add(entry.id)
                tally.merged += 1
                self.connection.execute("INSERT INTO merges VALUES (?, ?, ?, ?)", (source, entry.id, found, why))
        self.flush()

    def _add_to(self, entry: Entry, source: str, tally: Tally, by_name: bool) -> None:
        """Names, relations or a shape for a place that another row brought."""
        if entry.id in self._fresh:
            self.flush()
        row = self.connection.execute("SELECT place FROM identifiers WHERE id = ?", (entry.id,)).fetchone()
        if row is None:
            tally.skipped["about a place that is not here"] += 1
            return
        if by_name:
            self._remember(row[0])
        self._attach(entry, row[0], source, tally)
        if entry.radial_m:
            self.connection.execute("UPDATE places SET radial_m = ? WHERE fid = ?", (entry.radial_m, row[0]))
        if len(self._names) >= 10 * _BATCH:
            self.flush()

    def _remember(self, fid: int) -> None:
        for key, language in self.connection.execute("SELECT key, language FROM names WHERE place = ?", (fid,)):
            self._known.setdefault(fid, set()).update((key, (key, language)))

    def flush(self) -> None:
        """Write what is waiting."""
        run = self.connection.executemany
        run(_INSERT_PLACE, self._places)
        run(_INSERT_OWN_NAME if self._bulk else _INSERT_NAME, self._keyed())
        self._places.clear()
        self._names.clear()
        if not self._bulk:
            self._enter_ids()

    def _enter_ids(self) -> None:
        """Ids in their order: into a tree that is quicker than as they come."""
        self.connection.executemany("INSERT OR IGNORE INTO identifiers VALUES (?, ?)", sorted(self._ids))
        self._ids.clear()
        self._fresh.clear()

    def _keyed(self) -> list[tuple[object, ...]]:
        """The waiting names with their three keys, each spelling once. Folded as one text: a call a name would cost most of the build."""
        if not self._names:
            return []
        keys = [key.strip() for key in fold(_BETWEEN.join([name[1] for name in self._names])).split(_BETWEEN)]
        shorts = bare("\n".join(keys)).split("\n")
        skeletons = bones("\n".join(shorts)).split("\n")
        last, seen, rows = 0, set[object](), []
        for named, key, short, consonants in zip(self._names, keys, shorts, skeletons, strict=True):
            fid, language = named[0], named[2]
            if fid != last:
                last, seen = fid, self._known.pop(fid, set())
            if key in seen and (not language or language[:3] == "und" or (key, language) in seen) or not key:
                continue
            seen.add(key)
            if language:
                seen.add((key, language))
            rows.append(named + (key, "" if short == key else short, consonants))
        return rows

    def _insert(self, entry: Entry, source: str, tally: Tally, trust: int, curated: bool) -> None:
        self._fid += 1
        letter = entry.feature_class or feature_class(entry.feature_code)
        country = entry.countries[0] if entry.countries else ""
        several = "|".join(entry.countries) if len(entry.countries) > 1 else ""
        reach: float | str = entry.radial_m or ""
        bits: float | str = ""
        if self._bulk:  # the rest gets both at the end, when all is known of it
            reach, bits = reach or radial(entry.feature_code, entry.population), weight(entry.feature_code, entry.population)
        self._places.append(
            (self._fid, store.point(entry.lon, entry.lat), entry.id, entry.name, letter, entry.feature_code, entry.lon, entry.lat, reach,
             country, several, entry.admin1 or "", entry.admin1_code or "", entry.population or "", source, int(curated), int(entry.retired), trust, bits)
        )  # fmt: skip
        self._attach(entry, self._fid, "", tally)
        if entry.feature_code.startswith("AIR"):
            self._airfields.setdefault(_cell(entry.lon, entry.lat), []).append((self._fid, entry.lon, entry.lat, source))
        if entry.feature_code in ("ADM1", "ADM2"):
            self._divisions.setdefault((country, entry.feature_code), []).append(
                _Division(self._fid, entry.lon, entry.lat, source, entry)
            )
        tally.places += 1
        if len(self._places) >= _BATCH:
            self.flush()

    def _attach(self, entry: Entry, fid: int, source: str, tally: Tally) -> None:
        """Names, ids, relations and shape of an entry, to a place that stands; ``source`` is empty where it is the place's own."""
        add, rest = self._names.append, () if self._bulk else (source, "", "")
        if entry.name:
            add((fid, entry.name, "", "preferred", *rest))
        for name in entry.names:
            kind = "" if name.kind == "variant" else name.kind
            since = rest and (source, name.since, name.until)
            add((fid, name.name, name.language or "", kind, *since))
        tally.names += bool(entry.name) + len(entry.names)
        designated = (entry.feature_class or feature_class(entry.feature_code)) != "P"
        if designated and (entry.countries, entry.feature_code) not in KEEPS_ITS_WORD:
            for named, language in [(entry.name, ""), *((name.name, name.language or "") for name in entry.names)]:
                if bare_name := without(named, entry.feature_code):
                    add((fid, bare_name, language, "short", *rest))
        self._ids.append((entry.id, fid))
        if entry.also:
            self._ids += [(identifier, fid) for identifier in entry.also]
        if entry.relations:
            self.related += [(fid, kind, target) for kind, target in entry.relations]
        if entry.footprint is not None:
            self.connection.execute(
                "INSERT OR REPLACE INTO footprints (geom, place, source) VALUES (?, ?, ?)",
                (store.shape(entry.footprint), fid, source),
            )

    def _twin(self, entry: Entry, source: str, by_name: bool) -> tuple[int | None, str]:
        """The place that this entry tells of again, and why it is thought the same."""
        for identifier in (entry.id, *entry.also):
            row = self.connection.execute(
                "SELECT place, places.source FROM identifiers JOIN places ON fid = place WHERE identifiers.id = ?", (identifier,)
            ).fetchone()
            if row:
                return row[0], "again" if row[1] == source and identifier == entry.id else identifier
        if entry.feature_code.startswith("AIR"):
            near = [
                (away, fid)
                for cell in _cells(entry.lon, entry.lat)
                for fid, lon, lat, other in self._airfields.get(cell, ())
                if other != source and (away := _distance(entry.lon, entry.lat, lon, lat)) < _SAME_FIELD_M
            ]
            if near:
                return min(near)[1], "airfields within 3 km"
        if not by_name:
            return None, ""
        found = self._namesake(entry, source)
        return self._division(entry, source) if found[0] is None and entry.feature_code in ("ADM1", "ADM2") else found

    def _division(self, entry: Entry, source: str) -> tuple[int | None, str]:
        """A division of the same level that is written otherwise: Surt and Sirte District. A country has few; consonants tell them apart."""
        country = entry.countries[0] if entry.countries else ""
        mine = _Division(0, entry.lon, entry.lat, source, entry).bones()
        near = [
            (away, other.fid)
            for other in self._divisions.get((country, entry.feature_code), ())
            if other.source != source
            and (away := _distance(entry.lon, entry.lat, other.lon, other.lat)) < _NEAR_DIVISION_M
            and other.bones() & mine
        ]
        return (min(near)[1], f"the same consonants, {min(near)[0] / 1000:.0f} km apart") if near else (None, "")

    def _namesake(self, entry: Entry, source: str) -> tuple[int | None, str]:
        letter = entry.feature_class or feature_class(entry.feature_code)
        reach = _NEAR_M.get(letter, 10_000.0)
        best: tuple[float, int, str] | None = None
        for key in dict.fromkeys(fold(name) for name in (entry.name, *(n.name for n in entry.names))):
            rows = self.connection.execute(
                "SELECT fid, lon, lat, feature_code, country, countries FROM names JOIN places ON fid = place WHERE key = ? AND feature_class = ? AND places.source <> ?",
                (key, letter, source),
            )
            for fid, lon, lat, code, country, countries in rows:
                if not _alike(entry, code, countries.split("|") if countries else [country]):
                    continue
                away = _distance(entry.lon, entry.lat, lon, lat)
                if (away < reach or code == "PCLI") and (best is None or away < best[0]):
                    best = (away, fid, key)
        return (best[1], f"{best[2]!r}, {best[0] / 1000:.1f} km apart") if best else (None, "")

    def _join(self, entry: Entry, fid: int, source: str, tally: Tally, trust: int, curated: bool, by_name: bool) -> None:
        row = self.connection.execute(
            "SELECT id, feature_code, radial_m, admin1, population, trust, name, countries FROM places WHERE fid = ?",
            (fid,),
        ).fetchone()
        identifier, code, reach, admin1, population, standing, name, several = row
        if reach == radial(code, population):
            reach = None  # worked out from kind and people, which may be better known now
        if by_name:
            self._remember(fid)
        if curated:  # our own word for it counts as a main name even where a source has it among its variants
            own = {fold(name) for name in (entry.name, *(n.name for n in entry.names if n.kind == "preferred"))}
            self.connection.executemany(
                "UPDATE names SET kind = 'preferred' WHERE place = ? AND key = ?", [(fid, key) for key in sorted(own)]
            )
        self._attach(entry, fid, source, tally)
        better = trust > standing
        self.connection.execute(
            "UPDATE places SET id = ?, feature_code = ?, radial_m = ?, admin1 = ?, population = ?, curated = max(curated, ?), name = ?, countries = ?, weight = NULL WHERE fid = ?",
            (
                min((identifier, entry.id), key=_id_rank),
                entry.feature_code if curated or code == "PPL" else code,
                (entry.radial_m or reach) if curated or better or entry.footprint else (reach or entry.radial_m),
                (entry.admin1 or admin1) if curated else (admin1 or entry.admin1),
                max(population or 0, entry.population or 0) or None,
                int(curated),
                entry.name if curated or better else name,
                "|".join(entry.countries) if len(entry.countries) > 1 else several,
                fid,
            ),
        )
        if better:
            self.connection.execute(
                "UPDATE places SET lon = ?, lat = ?, geom = ?, trust = ?, feature_code = ? WHERE fid = ?",
                (entry.lon, entry.lat, store.point(entry.lon, entry.lat), trust, entry.feature_code, fid),
            )


def _alike(entry: Entry, code: str, countries: list[str | None]) -> bool:
    if entry.countries and countries[0] and not set(entry.countries) & set(countries):
        return False
    if code.startswith("ADM") or entry.feature_code.startswith("ADM"):
        return code[:4] == entry.feature_code[:4] and code.endswith("H") == entry.feature_code.endswith("H")
    if code.startswith("PCL") or entry.feature_code.startswith("PCL"):
        return code[:3] == entry.feature_code[:3] or "TERR" in (code, entry.feature_code)
    if code.startswith("PPL") and "PPLX" in (code, entry.feature_code):
        return True
    return code[:3] == entry.feature_code[:3] or code.startswith("PPL") or entry.feature_code in ("STLMT",)


def _id_rank(identifier: str) -> tuple[int, str]:
    order = next((rank for rank, prefix in enumerate(_ID_ORDER) if identifier.startswith(prefix)), len(_ID_ORDER))
    return order, identifier


def _distance(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Metres on a flat map about the first point: enough to tell 10 km from 11."""
    across = (lon2 - lon1 + 180) % 360 - 180
    return hypot(across * cos(radians(lat1)), lat2 - lat1) * 111_195


def _cell(lon: float, lat: float) -> tuple[int, int]:
    return int(lon * 10 // 1), int(lat * 10 // 1)


def _cells(lon: float, lat: float) -> list[tuple[int, int]]:
    x, y = _cell(lon, lat)
    return [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
