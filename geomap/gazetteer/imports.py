"""Sources that a user adds: read once, kept as a file of entries of one form, and built in from then on."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from geomap.errors import GazetteerError, UsageError
from geomap.files import whole
from geomap.gazetteer.records import Entry, Origin
from geomap.gazetteer.sources import boundaries, geonames, osm, wof
from geomap.gazetteer.sources.tables import Table
from geomap.model import Name

# source -> how to read its files. One line makes a new source known.
READERS: dict[str, Callable[..., Any]] = {
    "geonames": geonames.Dump,
    "wof": wof.WhosOnFirst,
    "osm": osm.OpenStreetMap,
    "boundaries": boundaries.Boundaries,
    "csv": lambda paths, _skipped, **_: Table(paths, origin=_yours(paths), prefix="my"),
}
APART = {"osm"}  # share-alike: kept as a layer of its own, so that the rest keeps its licence
_SUFFIX = ".entries.gz"
_BATCH, _BATCH_BYTES = 500, 1 << 20  # places, and bytes of their shapes, that stand in one line of such a file


def added_folder() -> Path:
    """Where a user's additions lie: $GEOMAP_DATA, beside $GEOMAP_CACHE, else the user's data folder."""
    if chosen := os.environ.get("GEOMAP_DATA"):
        return Path(chosen)
    if cache := os.environ.get("GEOMAP_CACHE"):
        return Path(cache) / "added"
    from platformdirs import user_data_dir

    return Path(user_data_dir("geomap"))


@dataclass(frozen=True, slots=True)
class Import:
    """A source that was added."""

    path: Path

    @property
    def kind(self) -> str:
        """Which reader read it: geonames, wof, osm, boundaries, csv."""
        return self.path.name.split("~")[1]

    @property
    def id(self) -> str:
        """The name to remove it by."""
        return self.path.name.removesuffix(_SUFFIX).split("~")[2]

    @property
    def origin(self) -> Origin:
        """Where it comes from."""
        with gzip.open(self.path, "rt", encoding="utf-8") as file:
            return Origin(**json.loads(file.readline()))

    def entries(self) -> Iterator[Entry]:
        """The places, streaming."""
        with gzip.open(self.path, "rt", encoding="utf-8") as file:
            file.readline()
            for line in file:
                rows = json.loads(line)
                yield from map(_entry, rows if isinstance(rows[0], list) else [rows])  # older files hold a place a line


def imports() -> list[Import]:
    """What was added, in the order it was added."""
    folder = added_folder()
    return [Import(path) for path in sorted(folder.glob(f"*{_SUFFIX}"))] if folder.is_dir() else []


def add(
    kind: str, paths: Sequence[Path], *, countries: Sequence[str] = (), progress: Callable[[int], None] | None = None
) -> tuple[Import, int, Counter[str]]:
    """Read a source and keep it; the import, how many rows it holds, and what was left out and why. Replaces one of that name."""
    if kind not in READERS:
        raise UsageError(f"no source {kind!r}; known: {', '.join(READERS)}")
    for path in paths:
        if not path.is_file():
            raise GazetteerError(f"{path} is no file")
    skipped: Counter[str] = Counter()
    source = READERS[kind](list(paths), skipped, countries=tuple(code.upper() for code in countries))
    folder = added_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GazetteerError(
            f"cannot write to {folder}: {error.strerror or error}; set GEOMAP_DATA to a folder of yours"
        ) from error
    same = [one for one in imports() if one.kind == kind and one.id.rpartition("-")[0] == source.origin.id]
    count, sum_ = 0, sha256()
    scratch = folder / f"new{_SUFFIX}.part"
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
    with whole(scratch) as temporary, gzip.open(temporary, "wb", compresslevel=1) as file:
        file.write(f"{encode(_origin(source.origin))}\n".encode())
        for batch in _batches(source.entries()):
            line = f"{encode(batch)}\n".encode()
            sum_.update(line)
            file.write(line)
            count += len(batch)
            if progress:
                progress(count)
    if not count:
        scratch.unlink()
        raise GazetteerError(f"no place in {', '.join(path.name for path in paths)}: {_told(skipped) or 'the files are empty'}")
    number = max((int(one.path.name.split("~")[0]) for one in imports()), default=0) + 1
    target = folder / f"{number:03d}~{kind}~{source.origin.id}-{sum_.hexdigest()[:8]}{_SUFFIX}"
    scratch.replace(target)
    for one in same:
        one.path.unlink()
    return Import(target), count, skipped


def forget(identifier: str) -> Import | None:
    """Take an added source away again."""
    for one in imports():
        if identifier in (one.id, one.id.rpartition("-")[0]):
            one.path.unlink()
            return one
    return None


def take_away(name: str | None, identifier: str | None, country: str | None, reason: str) -> Path:
    """Write a row into the user's own remove.csv: a name, or a whole place, that is wrong."""
    path = added_folder() / "remove.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = (
        list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        if path.is_file()
        else [["id", "name", "country", "reason"]]
    )
    rows.append([identifier or "", name or "", country or "", reason])
    with whole(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


def _batches(entries: Iterable[Entry]) -> Iterator[list[list[Any]]]:
    """Many places a line: a call of the encoder for each would take most of the time."""
    batch: list[list[Any]] = []
    size = 0
    for entry in entries:
        batch.append(_row(entry))
        size += len(entry.footprint or "")
        if len(batch) == _BATCH or size > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _row(entry: Entry) -> list[Any]:
    return [
        entry.id, entry.name, entry.feature_code, entry.lon, entry.lat, entry.feature_class, entry.admin1, entry.admin1_code, entry.population,
        entry.radial_m, entry.retired, entry.countries, [_name(name) for name in entry.names], entry.relations, entry.also,
        entry.footprint.hex() if entry.footprint else None,
    ]  # fmt: skip


def _entry(row: list[Any]) -> Entry:
    *plain, countries, names, relations, also, footprint = row
    identifier, name, code, lon, lat, letter, admin1, admin1_code, people, radial, retired = plain
    return Entry(
        identifier, name, code, lon, lat, tuple(countries), letter, admin1, admin1_code, people, radial, [Name(*one) for one in names],
        tuple((kind, target) for kind, target in relations), tuple(also), bytes.fromhex(footprint) if footprint else None, retired,
    )  # fmt: skip


def _name(name: Name) -> tuple[str | None, ...]:
    """A name as a line holds it: what is as usual, at the end, is left out."""
    if name.since or name.until:
        return name.name, name.language, name.kind, name.since, name.until
    return (name.name, name.language, name.kind) if name.kind != "variant" else (name.name, name.language) if name.language else (name.name,)


def _origin(origin: Origin) -> dict[str, str]:
    return dict(zip(("id", "title", "licence", "url", "attribution", "version"), astuple(origin), strict=True))


def _yours(paths: list[Path]) -> Origin:
    names = ", ".join(path.name for path in paths)
    return Origin("csv-" + "-".join(path.stem for path in paths), f"{names} (your table)", "yours", names, names)


def _told(skipped: Counter[str]) -> str:
    return "; ".join(f"{count:,} {why}" for why, count in skipped.most_common())
