"""The index of places: built once from installed data and our own tables, then opened in milliseconds.

gazetteer = open_gazetteer()
gazetteer.find("Jufra", countries=["LY"], kind="airbase")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from geomap.gazetteer.build import built
from geomap.gazetteer.inputs import Inputs, cache_folder, default_inputs
from geomap.gazetteer.layers import Layers
from geomap.gazetteer.lookup import Lookup

__all__ = ["Layers", "Lookup", "open_gazetteer", "open_tables"]


def open_gazetteer(*, extra: Sequence[Path | str] = (), progress: Callable[[str, float], None] | None = None) -> Lookup | Layers:
    """The gazetteer of installed data, our tables and what was added, with the caller's own CSV files on top.

    It is built first if need be. ``progress`` is called with what is done now and the share of all that is done, and not
    at all where nothing is built.
    """
    layers = [Lookup(built(inputs, cache_folder(), progress)) for inputs in default_inputs(extra)]
    return layers[0] if len(layers) == 1 else Layers(layers)


def open_tables(paths: Sequence[Path | str], *, cache: Path | None = None) -> Lookup:
    """A gazetteer of these CSV files and nothing else: small, quick to build, for tests and closed worlds."""
    return Lookup(built(Inputs(tuple(Path(path) for path in paths), packages=False), cache or cache_folder()))
