"""Draw events: one HTML file without requests, precise about imprecision; plain folium objects; pictures.

from geomap import maps
maps.draw(rows, title="Strikes near Sirte").save("sirte.html")
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from geomap import __version__, folding
from geomap.columns import Row
from geomap.errors import LanguageError
from geomap.maps import basemap as ground
from geomap.maps.layer import EventLayer
from geomap.maps.page import Map
from geomap.maps.plain import safe_text, to_folium

__all__ = ["EventLayer", "Map", "draw", "safe_text", "to_folium", "words"]

_WORDS = Path(__file__).parent / "words"


def words(language: str) -> dict[str, Any]:
    """The page's words in a language: the code of one that is here ("en", "ar"), or the path of a file like those."""
    path = Path(language) if language.endswith(".toml") else _WORDS / f"{language}.toml"
    if not path.is_file():
        known = " ".join(sorted(file.stem for file in _WORDS.glob("*.toml")))
        raise LanguageError(f"no words for a page in {language!r}; known: {known}, or give the path of a .toml file")
    try:
        chosen = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LanguageError(f"{path}: {error}") from error
    english = tomllib.loads((_WORDS / "en.toml").read_text(encoding="utf-8"))
    return _over(english, chosen)


def _fold_tables() -> dict[str, Any]:
    """The tables of geomap.folding, so that the page's search folds spelling as everything else does."""
    return {"marks": folding._MARKS, "dropped": sorted(folding._DROPPED), "spaces": sorted(folding._SPACES),
            "letters": folding._LETTERS}  # fmt: skip


def _over(under: dict[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """``upper`` where it says something, else ``under``: a half translated page still has every word."""
    merged = dict(under)
    for key, value in upper.items():
        whole = isinstance(value, dict) and "other" not in value and isinstance(under.get(key), dict)
        merged[key] = _over(under[key], value) if whole else value
    return merged


def draw(
    rows: Iterable[Row] | Any,
    *,
    comparison: Any = None,
    title: str | None = None,
    lang: str = "en",
    links: bool = True,
    places: Iterable[Mapping[str, Any]] = (),
    basemap: Any = None,
    color_by: str | None = None,
) -> Map:
    """Draw rows (see geomap.columns; an iterable of dicts, or a pandas DataFrame) as one interactive page.

    Parameters
    ----------
    comparison : object or mapping with ``links`` and ``incidents``, each a sequence of mappings or objects:
        links have ``a``, ``b`` (event ids), ``distance_m``, ``log2_bayes_factor``, ``verdict``, ``relation``;
        incidents ``incident_id``, ``members`` (event ids), ``verdict``, ``lon``, ``lat``, ``region`` (shapely).
    lang : the page's language, or the path of a file with its words.
    links : False leaves out every web address, for readers at risk.
    places : mentioned places to show quietly, mappings of name, lat, lon, kind.
    basemap : None for the built-in vector ground; the name of an xyzservices provider makes the page request tiles.
    color_by : "actor", "source" or "event_type"; by default source in a comparison, else the actor,
        or what happened where actors are too many for colours.
    """
    chosen = words(lang)
    tiles = ground.tiles(basemap)
    layer = EventLayer(rows, comparison=comparison, places=places, links=links, vector=tiles is None)
    config = {
        "version": __version__,
        "lang": chosen["lang"],
        "words": {name: word for name, word in chosen.items() if name != "notes"},
        "title": title or chosen["title"],
        "links": links,
        "fold": _fold_tables(),
        "notes": _notes(layer, chosen, tiles),
        "color_by": color_by or ("source" if comparison is not None else None),
        "tiles": asdict(tiles) if tiles else None,
    }
    return Map(layer, config, tuple(tiles.sources) if tiles else ())


def _notes(layer: EventLayer, chosen: Mapping[str, Any], tiles: ground.Tiles | None) -> list[str]:
    """One sentence for each thing that a reader would else miss without knowing."""
    says = chosen["notes"]
    out = [says["left_out"].format(n=count, what=says.get(name, name)) for name, count in layer.left_out.items()]
    if unplaced := layer.count - layer.placed:
        out.append(says["unplaced"].format(n=unplaced))
    if tiles:
        out.append(says["tiles"].format(host=", ".join(tiles.sources)))
    return out
