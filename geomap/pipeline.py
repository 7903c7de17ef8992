"""The one place that knows the order of the stages: read, annotate, resolve, locate, assemble; then compare, draw, write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs

from geomap import __version__, engine
from geomap.annotation import annotate, load_language, possible, recognise
from geomap.assembly import assemble, tells
from geomap.columns import Row, flatten, rows
from geomap.errors import LanguageError
from geomap.georeferencing import around, locate_many, stand_in
from geomap.model import Date, Event, Gazetteer, Georeference, Locality, Mention, Place, Report, Resolution, Toponym
from geomap.reports import of_text as report
from geomap.reports import read
from geomap.resolution import resolve

if TYPE_CHECKING:
    import geopandas
    import pandas

    from geomap.annotation.doors import Doors
    from geomap.comparison import Comparison
    from geomap.maps import Map

__all__ = ["compare", "draw", "extract", "load", "locate", "read", "report", "write"]


class Depth(IntEnum):
    """How much of a report is worked out: each step holds the ones before it, and no event depends on the later ones."""

    ROWS = 0  # what the columns of a row tell: points and radii
    EVENTS = 1  # footprints and plausible regions of the events, and the reasons for their places
    PLACES = 2  # the places of a report in which nothing happened
    ALL = 3  # footprints where nothing happened, and what unknown names may be spellings of: more than all the rest


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is told beside its reports; picklable, so that it travels to other processes."""

    countries: tuple[str, ...] = ()  # hints, not a filter
    gazetteers: tuple[Path, ...] = ()  # places of one's own, over the built index
    annotators: tuple[str, ...] = ()  # models that may point at words, as NAME or NAME=SETTING
    depth: Depth = Depth.EVENTS


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was understood of one report, so that every pin can be walked back to its words."""

    report: Report
    mentions: tuple[Mention, ...]
    resolutions: tuple[Resolution, ...]
    georeferences: tuple[Georeference, ...]
    events: tuple[Event, ...]
    gazetteer_version: str
    notes: tuple[str, ...] = ()  # of annotators that could not be asked

    @property
    def rows(self) -> Iterator[Row]:
        """The events as flat rows that carry the versions which made them."""
        for event in self.events:
            yield flatten(event, geomap_version=__version__, gazetteer_version=self.gazetteer_version)

    @property
    def warnings(self) -> Iterator[str]:
        """What a reader should know: dates open for want of a publication date, unknown anchors of events."""
        text, name = self.report.text, self.report.path or self.report.id
        yield from self.notes
        if self.report.published is None:
            relative = [m for m in self.mentions if isinstance(m, Date) and m.when is None and m.relation == "relative"]
            if relative:
                words = relative[0].span.of(text)
                yield f"{name}: no publication date, so {words!r} stays without a day; give --published YYYY-MM-DD"
        for event in self.events:
            for resolution in event.georeference.resolutions if event.georeference else ():
                if resolution.place is None:
                    yield f"{name}: which {resolution.toponym.name!r} is meant is not known; geomap explain shows the candidates"


def understand(
    report: Report, gazetteer: Gazetteer, *, countries: tuple[str, ...] = (), doors: Doors | None = None, depth: Depth = Depth.EVENTS
) -> Reading:
    """Walk one report through all stages, as deep as is asked for; ``doors`` are models that may point at words of it."""
    if report.language is None:
        report = replace(report, language=recognise(report.text))
    if report.language is None:
        return Reading(report, (), (), (), (), gazetteer.version)
    language = load_language(report.language)
    pointed, notes = doors.ask(report, language) if doors else ((), ())
    mentions = annotate(report, language, gazetteer.names, pointed, whole=depth >= Depth.PLACES)
    if depth < Depth.PLACES and not tells(mentions):
        return Reading(report, mentions, (), (), (), gazetteer.version, notes)
    whole = depth == Depth.ALL
    resolutions = resolve(report, mentions, gazetteer, countries=countries, guess=whole, reasons=depth > Depth.ROWS)
    georeferences = georeference(mentions, resolutions, gazetteer, footprints=whole, regions=False, bounds=whole)
    located = {ref.locality: ref for ref in georeferences if ref.locality is not None}
    events = _placed(assemble(report, mentions, located), located, resolutions, gazetteer, areas=depth > Depth.ROWS)
    return Reading(report, mentions, resolutions, georeferences, events, gazetteer.version, notes)


def _placed(
    events: tuple[Event, ...], located: Mapping[Locality, Georeference], resolutions: Iterable[Resolution], gazetteer: Gazetteer, areas: bool
) -> tuple[Event, ...]:  # fmt: skip
    """The events, their places with what the text says around them; with ``areas`` also footprints and plausible regions."""
    used = dict.fromkeys(ref.locality for event in events if (ref := event.georeference) and ref.locality)
    open_ = [one for one in used if areas or one not in located or any(anchor.parent for anchor in one.anchors)]
    if any(one in located and _is_put_elsewhere(located[one]) for one in open_):
        open_ = list(dict.fromkeys([*open_, *located]))  # what is told beside it says where
    placed = {ref.locality: ref for ref in georeference(open_, resolutions, gazetteer, footprints=areas, regions=areas)}
    return tuple(
        structs.replace(event, georeference=placed[ref.locality])
        if (ref := event.georeference) and ref.locality in placed
        else event
        for event in events
    )


def _is_put_elsewhere(ref: Georeference) -> bool:
    """Does another place of the report stand in for one of which the text says not what holds it?"""
    return ref.lon is not None and ref.locality is not None and ref.locality.within is None and bool(ref.resolutions) and ref.resolutions[0].place is None


def georeference(
    mentions: Iterable[Mention], resolutions: Iterable[Resolution], gazetteer: Gazetteer, *, footprints: bool = True,
    regions: bool = True, bounds: bool = True,
) -> tuple[Georeference, ...]:  # fmt: skip
    """Locate every locality among the mentions, each with the resolutions of its own anchors.

    What speaks of an area gets the area's outline where the gazetteer has one; a place that the text itself names as
    holding the anchor ("Homs, Syria") bounds the region. The flags say what is worked out: see ``locate_many``.
    """
    told = dict.fromkeys(mention for mention in mentions if isinstance(mention, Locality))
    if not told:
        return ()
    localities = list(dict.fromkeys([*told, *(wider for each in told for wider in around(each))]))
    meant: dict[Toponym, Resolution] = {resolution.toponym: resolution for resolution in resolutions}
    anchors, within = [], []
    for locality in localities:
        own = [meant.get(anchor) or Resolution(anchor, None) for anchor in locality.anchors]
        own = [_divided(one) for one in own] if locality.type == "region-part" and locality.part != "C" else own
        parents = [meant.get(anchor.parent) for anchor in locality.anchors if anchor.parent is not None]
        anchors.append([_outlined(one, gazetteer) for one in own] if locality.type in _AREAS else own)
        within.append([place for one in parents if one and (place := _outlined(one, gazetteer).place) and place.footprint])
    located = locate_many(localities, anchors, within=within, footprints=footprints, regions=regions, bounds=bounds)
    return tuple(stand_in(located))[: len(told)]


_AREAS = {"region", "region-part", "FH", "F"}


_CITY = 1_000_000  # people: "eastern Aleppo" is a part of the city


def _divided(resolution: Resolution) -> Resolution:
    """ "Southern Idlib" is the south of the province that bears its seat's name, and the town lies in the north of it."""
    town = resolution.place
    if town is None or not town.feature_code.startswith("PPL") or town.feature_code == "PPLC" or (town.population or 0) >= _CITY or resolution.toponym.kind:
        return resolution
    divisions = (each.place for each in resolution.candidates if each.place.feature_code == "ADM1")
    own = next((place for place in divisions if (place.country, place.admin1) == (town.country, town.admin1)), None)
    return structs.replace(resolution, place=own) if own is not None else resolution


def _outlined(resolution: Resolution, gazetteer: Gazetteer) -> Resolution:
    """The same with the outline of an area, which look-ups by name leave out."""
    place = resolution.place
    if place is None or not place.feature_code.startswith(("ADM", "PCL", "RGN")):
        return resolution
    whole = _whole(gazetteer, place.id)  # type: ignore[arg-type]  # every gazetteer is an object of its own
    return structs.replace(resolution, place=whole) if whole is not None and whole.footprint is not None else resolution


@lru_cache(maxsize=4096)
def _whole(gazetteer: Gazetteer, place_id: str) -> Place | None:
    return gazetteer.place(place_id)


def read_all(
    reports: Iterable[Report], settings: Settings | None = None, *, jobs: int = 1, scheduler: str | None = None,
    gazetteer: Gazetteer | None = None,
) -> Iterator[Reading]:  # fmt: skip
    """Understand many reports, in their order; several processes open the same gazetteer, each once."""
    settings = settings or Settings()
    if gazetteer is not None and jobs <= 1 and scheduler is None:
        doors = doors_for(settings)
        for report in reports:
            yield understand(report, gazetteer, countries=settings.countries, doors=doors, depth=settings.depth)
        return
    yield from engine.over(partial(_understand_some, settings), reports, jobs=jobs, scheduler=scheduler)


def _understand_some(settings: Settings, reports: list[Report]) -> list[Reading]:
    gazetteer = open_for(settings)
    doors = doors_for(settings)
    told = partial(understand, countries=settings.countries, doors=doors, depth=settings.depth)
    return [told(report, gazetteer) for report in reports]


_OPEN: dict[tuple[Path, ...], Gazetteer] = {}


def open_for(settings: Settings, progress: Callable[[str, float], None] | None = None) -> Gazetteer:
    """The gazetteer of these settings, opened once a process; where it must be built first, ``progress`` is told."""
    if settings.gazetteers not in _OPEN:
        from geomap.gazetteer import open_gazetteer

        _OPEN[settings.gazetteers] = open_gazetteer(extra=settings.gazetteers, progress=progress)
    return _OPEN[settings.gazetteers]


@cache
def _doors(annotators: tuple[str, ...]) -> Doors:
    from geomap.annotation.doors import Doors

    return Doors(annotators)


def doors_for(settings: Settings) -> Doors | None:
    """The annotators of these settings, opened once a process; UsageError where one is not known or not installed."""
    return _doors(settings.annotators) if settings.annotators else None


def districts(gazetteer: Gazetteer) -> Callable[[float, float], tuple[str, float, float, float] | None]:
    """What tells the district of a point (name, lon, lat, radius in metres), for files fit for the public."""
    from geomap.gazetteer.districts import Districts

    return Districts(gazetteer)  # type: ignore[arg-type]


def locate_phrase(
    text: str, *, language: str | None = None, countries: tuple[str, ...] = (), gazetteer: Gazetteer, id: str | None = None
) -> tuple[Georeference, ...]:
    """All locations that a phrase speaks of: "160 km southeast of Sirte". Raises LanguageError where no language fits.

    Where the words are too few to tell the language ("Jufra air base"), the first one of their script that finds a location.
    """
    languages = (language,) if language else possible(text)
    if not languages:
        raise LanguageError(f"in which language is {text[:40]!r}? say --lang ar or --lang en")
    found: tuple[Georeference, ...] = ()
    for code in languages:
        phrase = report(text, id=id, language=code)
        mentions = annotate(phrase, load_language(code), gazetteer.names)
        found = georeference(mentions, resolve(phrase, mentions, gazetteer, countries=countries), gazetteer)
        if found:
            break
    return found


# -- the verbs of the face --------------------------------------------------------------------------------------------


def extract(
    what: Path | str | Report | Iterable[Report],
    *,
    published: date | str | None = None,
    source: str | None = None,
    language: str | None = None,
    countries: Iterable[str] = (),
    annotators: Iterable[str] = (),
    gazetteer: Gazetteer | None = None,
    jobs: int = 1,
) -> Iterator[Event]:
    """Yield the events of a file, a report, or many reports, one by one.

    ``published`` (ISO day), ``source`` and ``language`` fill what a file does not say itself; ``countries`` (ISO codes)
    are hints, not a filter; ``annotators`` are models that may point at words ("spacy", "llm=http://127.0.0.1:8080/v1").
    ``gm.report("...", published="2017-09-28")`` makes a report of a text at hand.
    """
    if isinstance(what, str | Path):
        reports: Iterable[Report] = read(what, published=published, source=source, language=language)
    else:
        reports = [what] if isinstance(what, Report) else what
    for reading in read_all(reports, Settings(tuple(countries), annotators=tuple(annotators)), jobs=jobs, gazetteer=gazetteer):
        yield from reading.events


def locate(
    text: str, *, language: str | None = None, countries: Iterable[str] = (), gazetteer: Gazetteer | None = None
) -> tuple[Georeference, ...]:
    """The locations that a phrase speaks of: ``gm.locate("160 km southeast of Sirte")``."""
    gazetteer = gazetteer or open_for(Settings())
    return locate_phrase(text, language=language, countries=tuple(countries), gazetteer=gazetteer)


def compare(*sources: Path | str | pandas.DataFrame | Iterable[Event | Row]) -> Comparison:
    """Which events of these sources are one incident? Each source is a file, a table, or events."""
    import pandas as pd

    from geomap.comparison import compare as compare_rows

    frames = [source if isinstance(source, pd.DataFrame) else pd.DataFrame(_rows(source)) for source in sources]
    frames = [frame for frame in frames if len(frame)]
    return compare_rows(pd.concat(frames, ignore_index=True) if frames else pd.DataFrame())


def draw(what: Comparison | pandas.DataFrame | Path | str | Iterable[Event | Row], **options: Any) -> Map:
    """A map (a ``folium.Map``) of events, a table, a file or a comparison; ``.save(path)`` writes one self-contained page."""
    from geomap import maps
    from geomap.comparison import Comparison

    if isinstance(what, Comparison):
        return maps.draw(what.events.frame, comparison=what.to_draw(), **options)
    return maps.draw(what if hasattr(what, "columns") else _rows(what), **options)


def write(what: pandas.DataFrame | Iterable[Event | Row], path: Path | str, **options: Any) -> None:
    """Write events to a file whose suffix chooses the format; the file is replaced whole or not at all."""
    from geomap import formats

    if options.get("public") == "district":
        options.setdefault("districts", districts(open_for(Settings())))
    formats.write(what if hasattr(what, "columns") else _rows(what), path, **options)


def load(path: Path | str) -> geopandas.GeoDataFrame:
    """Events of a file (geomap's own, or any table with lat and lon) as a GeoDataFrame with geomap's columns."""
    import geopandas as gpd
    import pandas as pd

    from geomap import formats

    frame = pd.DataFrame(list(formats.read(path)))
    points = gpd.points_from_xy(frame["lon"].astype(float), frame["lat"].astype(float))
    placed = frame["lon"].notna() & frame["lat"].notna()
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(points, index=frame.index).where(placed, None), crs="EPSG:4326")


def _rows(source: Path | str | Iterable[Event | Row]) -> list[Row]:
    """Events, rows, or a file's events as rows."""
    if isinstance(source, str | Path):
        from geomap import formats

        return list(formats.read(source))
    if isinstance(source, Mapping):
        raise TypeError("give a list of events, not one")
    return list(rows(source, geomap_version=__version__))
