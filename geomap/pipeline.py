"""The one place that knows the order of the stages: read, annotate, resolve, locate, assemble; then compare, draw, write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

from geomap import __version__, engine
from geomap.annotation import annotate, load_language, recognise
from geomap.assembly import assemble
from geomap.columns import Row, flatten
from geomap.errors import LanguageError
from geomap.georeferencing import locate_many
from geomap.model import Date, Event, Gazetteer, Georeference, Locality, Mention, Report, Resolution, Toponym
from geomap.reports import of_text
from geomap.resolution import resolve

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is told beside its reports; picklable, so that it travels to other processes."""

    countries: tuple[str, ...] = ()  # hints, not a filter
    gazetteers: tuple[Path, ...] = ()  # places of one's own, over the built index


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was understood of one report, so that every pin can be walked back to its words."""

    report: Report
    mentions: tuple[Mention, ...]
    resolutions: tuple[Resolution, ...]
    georeferences: tuple[Georeference, ...]
    events: tuple[Event, ...]
    gazetteer_version: str

    @property
    def rows(self) -> Iterator[Row]:
        """The events as flat rows that carry the versions which made them."""
        for event in self.events:
            yield flatten(event, geomap_version=__version__, gazetteer_version=self.gazetteer_version)

    @property
    def warnings(self) -> Iterator[str]:
        """What a reader should know: dates that stay open for want of a publication date, anchors that no gazetteer knows."""
        text, name = self.report.text, self.report.path or self.report.id
        if self.report.published is None:
            relative = [m for m in self.mentions if isinstance(m, Date) and m.when is None and m.relation == "relative"]
            if relative:
                words = relative[0].span.of(text)
                yield f"{name}: no publication date, so {words!r} stays without a day; give --published YYYY-MM-DD"
        for georeference in self.georeferences:
            for resolution in georeference.resolutions:
                if resolution.place is None:
                    yield f"{name}: which {resolution.toponym.name!r} is meant is not known; geomap explain shows the candidates"


def understand(report: Report, gazetteer: Gazetteer, *, countries: tuple[str, ...] = ()) -> Reading:
    """Walk one report through all stages."""
    if report.language is None:
        report = replace(report, language=recognise(report.text))
    if report.language is None:
        return Reading(report, (), (), (), (), gazetteer.version)
    mentions = annotate(report, load_language(report.language), gazetteer.names)
    resolutions = resolve(report, mentions, gazetteer, countries=countries)
    georeferences = georeference(mentions, resolutions)
    located = {ref.locality: ref for ref in georeferences if ref.locality is not None}
    return Reading(report, mentions, resolutions, georeferences, assemble(report, mentions, located), gazetteer.version)


def georeference(mentions: Iterable[Mention], resolutions: Iterable[Resolution]) -> tuple[Georeference, ...]:
    """Locate every locality among the mentions, each with the resolutions of its own anchors."""
    meant: dict[Toponym, Resolution] = {resolution.toponym: resolution for resolution in resolutions}
    localities = [mention for mention in mentions if isinstance(mention, Locality)]
    anchors = [[meant.get(anchor) or Resolution(anchor, None) for anchor in locality.anchors] for locality in localities]
    return tuple(locate_many(localities, anchors))


def read_all(
    reports: Iterable[Report], settings: Settings | None = None, *, jobs: int = 1, gazetteer: Gazetteer | None = None
) -> Iterator[Reading]:
    """Understand many reports, in their order; several processes open the same gazetteer, each once."""
    settings = settings or Settings()
    if gazetteer is not None and jobs <= 1:
        for report in reports:
            yield understand(report, gazetteer, countries=settings.countries)
        return
    yield from engine.over(partial(_understand_some, settings), reports, jobs=jobs)


def _understand_some(settings: Settings, reports: list[Report]) -> list[Reading]:
    gazetteer = open_for(settings)
    return [understand(report, gazetteer, countries=settings.countries) for report in reports]


@cache
def open_for(settings: Settings) -> Gazetteer:
    """The gazetteer of these settings, opened once a process."""
    from geomap.gazetteer import open_gazetteer

    return open_gazetteer(extra=settings.gazetteers)


def locate_phrase(
    text: str, *, language: str | None = None, countries: tuple[str, ...] = (), gazetteer: Gazetteer, id: str | None = None
) -> tuple[Georeference, ...]:
    """All locations that a phrase speaks of: "160 km southeast of Sirte". Raises LanguageError where no language fits."""
    language = language or recognise(text)
    if language is None:
        raise LanguageError(f"in which language is {text[:40]!r}? say --lang ar or --lang en")
    report = of_text(text, id=id, language=language)
    mentions = annotate(report, load_language(language), gazetteer.names)
    return georeference(mentions, resolve(report, mentions, gazetteer, countries=countries))
