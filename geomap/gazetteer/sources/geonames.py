"""GeoNames' own files: country dumps and allCountries, alternate names, codes of divisions, the hierarchy. Zipped or not."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from geomap.errors import GazetteerError
from geomap.gazetteer.records import Entry, Origin
from geomap.gazetteer.sources.geonamescache import script_of, worth_keeping
from geomap.model import Name

_COLUMNS = 19  # of a dump, as its readme lists them
_NO_LANGUAGE = {"link", "wkdt", "post", "iata", "icao", "faac", "unlc", "tcid", "phon", "piny", "abbr", "fr_1793"}
_LEFT_OUT = re.compile(r"PPL[QHW]$|H$")


class Dump:
    """Places of GeoNames files; what they say of places that another file holds comes as additions to that id."""

    def __init__(self, paths: list[Path], skipped: Counter[str], *, countries: tuple[str, ...] = ()) -> None:
        self.paths, self.skipped, self.countries = paths, skipped, frozenset(countries)
        self.origin = Origin(
            "geonames-" + "-".join(path.name.split(".")[0].lower() for path in paths), f"GeoNames dump ({', '.join(p.name for p in paths)})", "CC BY 4.0",
            "https://download.geonames.org/export/dump/", "Place names from GeoNames, www.geonames.org",
        )  # fmt: skip

    def entries(self) -> Iterator[Entry]:
        """File after file: dumps first, so that names find their place."""
        for path in sorted(self.paths, key=_order):
            with _lines(path) as lines:
                yield from (self._places, self._names, self._codes, self._parents)[_order(path)](path, lines)

    def _places(self, path: Path, lines: Iterator[str]) -> Iterator[Entry]:
        for number, line in enumerate(lines, 1):
            row = line.rstrip("\n").split("\t")
            if len(row) != _COLUMNS:
                if number == 1:
                    raise GazetteerError(
                        f"{path} has {len(row)} columns in its first line, a GeoNames dump has {_COLUMNS}; is it another file?"
                    )
                self.skipped["wrong number of columns"] += 1
                continue
            if self.countries and row[8] not in self.countries:
                continue
            entry = self._place(row)
            if entry is not None:
                yield entry

    def _place(self, row: list[str]) -> Entry | None:
        identifier, name, _, others, lat, lon, letter, code, country, more, admin1, *_rest = row
        try:
            y, x, people = float(lat), float(lon), int(row[14] or 0)
        except ValueError:
            self.skipped["coordinates or population are no numbers"] += 1
            return None
        if not (-90 <= y <= 90 and -180 <= x <= 180):
            self.skipped["coordinates out of range (lat and lon swapped?)" if abs(x) <= 90 else "coordinates out of range"] += 1
            return None
        if not name or not identifier.isdigit() or not code:
            self.skipped["no name, no id or no feature code"] += 1
            return None
        countries = (country,) if country and not more else tuple(filter(None, dict.fromkeys((country, *more.split(",")))))
        return Entry(
            id=f"gn:{identifier}", name=name, feature_code=code, feature_class=letter or None, lon=x, lat=y, countries=countries,
            admin1_code=admin1 or None, population=people or None, names=worth_keeping(name, others.split(",")) if others else [], retired=code[-1] in "HQW" and _LEFT_OUT.search(code) is not None,
        )  # fmt: skip

    def _names(self, path: Path, lines: Iterator[str]) -> Iterator[Entry]:
        for number, line in enumerate(lines, 1):
            row = line.rstrip("\n").split("\t")
            if len(row) < 4:
                if number == 1:
                    raise GazetteerError(
                        f"{path} has {len(row)} columns in its first line, alternateNamesV2 has 10; is it another file?"
                    )
                self.skipped["wrong number of columns"] += 1
                continue
            language = row[2]
            if language in _NO_LANGUAGE or script_of(row[3]) is None:
                continue
            preferred, short, colloquial, historic, since, until = (*row[4:10], "", "", "", "", "", "")[:6]
            kind = (
                "historical"
                if historic == "1" or until
                else "colloquial"
                if colloquial == "1"
                else "preferred"
                if preferred == "1" or short == "1"
                else "variant"
            )
            yield addition(f"gn:{row[1]}", names=[Name(row[3], language or None, kind, since, until)])

    def _codes(self, path: Path, lines: Iterator[str]) -> Iterator[Entry]:
        for line in lines:
            row = line.rstrip("\n").split("\t")
            if len(row) != 4 or "." not in row[0]:
                raise GazetteerError(
                    f"{path} has no lines of code, name, ASCII name, id, as admin1CodesASCII.txt has; is it another file?"
                )
            yield addition(f"gn:{row[3]}", names=[Name(row[1], None, "preferred")])

    def _parents(self, path: Path, lines: Iterator[str]) -> Iterator[Entry]:
        for line in lines:
            row = line.rstrip("\n").split("\t")
            if len(row) < 2 or not (row[0].isdigit() and row[1].isdigit()):
                raise GazetteerError(f"{path} has no lines of parent, child, as hierarchy.zip has; is it another file?")
            yield addition(f"gn:{row[1]}", relations=(("located_in", f"gn:{row[0]}"),))


def addition(identifier: str, *, names: list[Name] | None = None, relations: tuple[tuple[str, str], ...] = (), footprint: bytes | None = None,
             radial_m: float | None = None) -> Entry:  # fmt: skip
    """What is said of a place that another row holds; without a feature code it makes no place of its own."""
    return Entry(identifier, "", "", 0.0, 0.0, names=names or [], relations=relations, footprint=footprint, radial_m=radial_m)


def _order(path: Path) -> int:
    name = path.name.lower()
    return (
        1
        if name.startswith("alternatenames")
        else 2
        if name.startswith(("admin1codes", "admin2codes"))
        else 3
        if name.startswith("hierarchy")
        else 0
    )


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[str]]:
    """The lines of a text file or of the one table inside a zip; a damaged archive is one clear line."""
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                inside = [
                    name
                    for name in archive.namelist()
                    if name.endswith(".txt") and not name.lower().startswith(("readme", "iso-language"))
                ]
                if not inside:
                    raise GazetteerError(f"{path} holds no .txt table")
                with archive.open(inside[0]) as file:
                    yield _decoded(file, path)
        else:
            with path.open("rb") as file:
                yield _decoded(file, path)
    except (zipfile.BadZipFile, EOFError) as error:
        raise GazetteerError(f"{path} is cut off or no zip archive ({error}); fetch it again") from error
    except OSError as error:
        raise GazetteerError(f"cannot read {path}: {error.strerror or error}") from error


def _decoded(file: IO[bytes], path: Path) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            raise GazetteerError(f"{path} line {number} is not UTF-8; is it another file?") from None
