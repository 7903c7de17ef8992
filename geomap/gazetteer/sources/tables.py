"""Our own tables of places, and anyone's: CSV files with the columns that gazetteer/README.md describes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from geomap.errors import GazetteerError
from geomap.gazetteer.records import Entry, Origin
from geomap.model import Name

COLUMNS = (
    "id", "name", "feature_code", "lat", "lon", "radial_m", "country", "admin1", "population", "names_ar", "names_en", "names_fr",
    "names_other", "relations", "source", "note",
)  # fmt: skip
_NEEDED = ("id", "name", "lat", "lon")
_CODE = re.compile(r"[A-Z]{2,5}[0-9]?")  # GeoNames has some 680; an unlisted one counts as a spot
# Ids in the source column: the same place elsewhere.
_ID = re.compile(r"\b(?:gn:\d+|wd:Q\d+|wof:\d+|iso:[A-Z]{2}-[A-Z0-9]{1,3}|(?:icao|airportsdata):[A-Z0-9]{4})\b")
_OVERLAYS = {"remove.csv", "demonyms.csv"}


@dataclass(frozen=True, slots=True)
class Removal:
    """A name, or with no name a whole place, that some source has wrong."""

    id: str | None
    name: str | None
    country: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Demonym:
    """A word for the people or things of a country: "Libyan", "ليبي"."""

    word: str
    language: str | None
    countries: tuple[str, ...]


def table_files(folder: Path) -> list[Path]:
    """Every CSV of a folder of tables, overlays included, in a fixed order."""
    return sorted(folder.rglob("*.csv"))


class Table:
    """Places of one or more CSV files."""

    def __init__(self, paths: list[Path], *, origin: Origin | None = None, prefix: str = "gm") -> None:
        self.paths = [path for path in paths if path.name not in _OVERLAYS]
        self.prefix = prefix
        self.origin = origin or Origin(
            "geomap", "geomap's own tables", "CC BY 4.0", "gazetteer/README.md", "geomap gazetteer tables",
            sha256(b"".join(path.read_bytes() for path in self.paths)).hexdigest()[:12],
        )  # fmt: skip

    def entries(self) -> Iterator[Entry]:
        """Places in the order of the files; a broken row raises GazetteerError with file and line."""
        seen: dict[str, str] = {}
        for path in self.paths:
            for line, row in _rows(path, _NEEDED):
                where = f"{path.name} line {line}"
                entry = self._entry(row, where)
                if entry.id in seen:
                    raise GazetteerError(
                        f"{where}: the id {row['id']} stands already in {seen[entry.id]}; give each place its own"
                    )
                seen[entry.id] = where
                yield entry

    def _entry(self, row: dict[str, str], where: str) -> Entry:
        code = row.get("feature_code") or "PPL"
        if not _CODE.fullmatch(code):
            raise GazetteerError(
                f"{where}: {code!r} is no feature code as GeoNames writes them (PPL, ADM1, AIRB); see gazetteer/README.md"
            )
        names = [name for language in ("ar", "en", "fr") for name in _names(row.get(f"names_{language}", ""), language)]
        return Entry(
            id=_prefixed(row["id"], self.prefix),
            name=row["name"],
            feature_code=code,
            lon=_number(row["lon"], -180, 180, "lon", where),
            lat=_number(row["lat"], -90, 90, "lat", where),
            countries=tuple(part.strip().upper() for part in row.get("country", "").split("|") if part.strip()),
            admin1=row.get("admin1") or None,
            population=int(_number(row["population"], 0, 2e9, "population", where)) if row.get("population") else None,
            radial_m=_number(row["radial_m"], 1, 2e7, "radial_m", where) if row.get("radial_m") else None,
            names=names + list(_names(row.get("names_other", ""), None)),
            also=tuple(found.replace("airportsdata:", "icao:") for found in _ID.findall(row.get("source", ""))),
            relations=tuple(_relations(row.get("relations", ""), self.prefix, where)),
        )


def removals(path: Path) -> list[Removal]:
    """The rows of a remove.csv."""
    found = []
    for line, row in _rows(path, ()):
        identifier, name = row.get("id") or None, row.get("name") or None
        if not identifier and not name:
            raise GazetteerError(f"{path.name} line {line}: say which id, or which name, is wrong")
        found.append(
            Removal(
                _prefixed(identifier, "gm") if identifier else None,
                name,
                row.get("country") or None,
                row.get("reason", ""),
            )
        )
    return found


def demonyms(path: Path) -> list[Demonym]:
    """The rows of a demonyms.csv."""
    return [
        Demonym(row["demonym"], row.get("language") or None, tuple(row["country"].upper().split("|")))
        for _, row in _rows(path, ("demonym", "country"))
    ]


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise GazetteerError(f"{path} is not UTF-8 (byte {error.start}); save it as CSV UTF-8") from error
    except OSError as error:
        raise GazetteerError(f"cannot read {path}: {error.strerror or error}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in needed if column not in (reader.fieldnames or ())]
    if missing:
        raise GazetteerError(f"{path} has no column {', '.join(missing)}; known columns: {', '.join(COLUMNS)}")
    for row in reader:
        if None in row:
            raise GazetteerError(f"{path.name} line {reader.line_num}: more cells than columns; quote cells that hold a comma")
        cells = {key: (value or "").strip() for key, value in row.items()}
        if any(cells.values()):
            empty = [column for column in needed if not cells[column]]
            if empty:
                raise GazetteerError(f"{path.name} line {reader.line_num}: {empty[0]} is empty")
            yield reader.line_num, cells


def _names(cell: str, language: str | None) -> Iterator[Name]:
    """The first name of a language's own column is the one to show; "uk:Бахмут" names a language, "^historical" a kind."""
    for position, part in enumerate(filter(None, (piece.strip() for piece in cell.split("|")))):
        name, _, kind = part.partition("^")
        tag, colon, rest = name.partition(":")
        spoken = language
        if colon and 2 <= len(tag) <= 8 and tag.replace("-", "").isascii() and tag[:2].islower():
            name, spoken = rest.strip(), tag
        yield Name(name, spoken, kind or ("preferred" if position == 0 and language else "variant"))


def _relations(cell: str, prefix: str, where: str) -> Iterator[tuple[str, str]]:
    for part in filter(None, (piece.strip() for piece in cell.split("|"))):
        kind, colon, target = part.partition(":")
        if not colon or not target:
            raise GazetteerError(f"{where}: a relation is written kind:id, as seat_of:ly-surt; found {part!r}")
        yield kind, _prefixed(target, prefix)


def _prefixed(identifier: str, prefix: str) -> str:
    return identifier if ":" in identifier else f"{prefix}:{identifier}"


def _number(cell: str, least: float, most: float, column: str, where: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        raise GazetteerError(f"{where}: {column} is no number: {cell!r}") from None
    if not least <= value <= most:
        hint = "; are lat and lon swapped?" if column in ("lat", "lon") else ""
        raise GazetteerError(f"{where}: {column} {cell} is outside {least:g} to {most:g}{hint}")
    return value
