"""From the inputs of a command to events: reports are read and understood, event files are loaded; what fails is told."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.errors import GeomapError, InputError, UsageError

if TYPE_CHECKING:
    from geomap.columns import Row
    from geomap.model import Report
    from geomap.pipeline import Reading, Settings

ONLY_REPORTS = {".txt", ".text", ".md", ".html", ".htm", ".xhtml"}
EITHER = {".jsonl", ".ndjson", ".csv", ".tsv", ".xlsx", ".parquet"}


@dataclass
class Inputs:
    """The inputs of one command, what they gave, and what went wrong (each failure one line on stderr)."""

    paths: tuple[str, ...]
    published: str | None = None
    source: str | None = None
    url: str | None = None
    lang: str | None = None
    country: tuple[str, ...] = ()
    gazetteer: tuple[Path, ...] = ()
    annotator: tuple[str, ...] = ()
    as_: str = "auto"
    jobs: int = 1
    scheduler: str | None = None
    quiet: bool = False
    verbose: bool = False
    depth: str = "EVENTS"  # see pipeline.Depth
    failures: int = 0
    usable: int = 0
    told: set[str] = field(default_factory=set)  # what annotators could not do, said once and not for every report
    readings: list[Reading] = field(default_factory=list)  # only where the caller asks to keep them

    def __post_init__(self) -> None:
        """Models that were asked for and are not there are told before anything is read or written."""
        if self.annotator:
            from geomap.pipeline import doors_for

            doors_for(self.settings)

    def fail(self, error: GeomapError) -> None:
        """Tell one failure and go on."""
        self.failures += 1
        click.echo(f"geomap: {error}", err=True)

    def warn(self, message: str) -> None:
        """A word of doubt on stderr, unless silence was asked for."""
        if not self.quiet:
            click.echo(f"geomap: note: {message}", err=True)

    def finish(self) -> None:
        """Leave with the exit code that tells how it went: 1 nothing usable, 3 some inputs failed."""
        if self.failures:
            sys.exit(3 if self.usable else 1)

    @property
    def settings(self) -> Settings:
        from geomap.pipeline import Depth, Settings

        for code in self.country:
            if not (len(code) == 2 and code.isascii() and code.isalpha()):
                raise UsageError(f"--country {code!r}: give the two letters of ISO 3166, for example LY")
        countries = tuple(code.upper() for code in self.country)
        return Settings(countries, tuple(self.gazetteer), tuple(self.annotator), Depth[self.depth])

    def rows(self, *, keep: bool = False) -> Iterator[Row]:
        """All events as flat rows, input by input; ``keep`` holds the readings for a map's mentioned places."""
        for path in self.paths:
            yield from self.rows_of(path, keep=keep)

    def rows_of(self, path: str, *, keep: bool = False) -> Iterator[Row]:
        """The events of one input."""
        try:
            if self.kind(path) == "events":
                yield from self._events(path)
                return
            for reading in self._readings(self._reports(path)):
                if keep:
                    self.readings.append(reading)
                yield from reading.rows
        except InputError as error:
            self.fail(error)

    def all_readings(self) -> Iterator[Reading]:
        """Every report of the inputs, understood; an input that holds events is refused."""

        def reports() -> Iterator[Report]:
            for path in self.paths:
                try:
                    yield from self._reports(path)
                except InputError as error:
                    self.fail(error)

        yield from self._readings(reports())

    def _reports(self, path: str) -> Iterator[Report]:
        from geomap import reports

        yield from reports.read(
            path, published=self.published, source=self.source, url=self.url, language=self.lang, on_error=self.fail
        )

    def _readings(self, reports: Iterator[Report]) -> Iterator[Reading]:
        from geomap.cli.progress import bar
        from geomap.pipeline import open_for, read_all

        with bar(self.quiet) as progress:
            open_for(self.settings, progress)
        for reading in read_all(reports, self.settings, jobs=self.jobs, scheduler=self.scheduler):
            self.usable += 1
            for warning in dict.fromkeys(reading.warnings):
                if warning not in self.told:
                    self.warn(warning)
            self.told.update(reading.notes)
            if reading.report.language is None:
                self.warn(f"{reading.report.path or reading.report.id}: no language recognised; say --lang ar or --lang en")
            yield reading

    def _events(self, path: str) -> Iterator[Row]:
        from geomap import formats

        for row in formats.read(path):
            self.usable += 1
            yield row

    def kind(self, path: str) -> str:
        """Does this input hold "reports" or "events"? InputError where it can hold neither."""
        suffix = Path(path).suffix.lower()
        if self.as_ != "auto":
            return self.as_
        if path == "-" or suffix in ONLY_REPORTS:
            return "reports"
        if suffix in EITHER:
            return _kind_of_table(Path(path), suffix)
        from geomap import formats, reports

        if suffix in formats.suffixes():
            return "events"
        raise reports.refuse(path) or InputError(f"{path}: neither a report nor a file of events")


def _kind_of_table(path: Path, suffix: str) -> str:
    """Reports or events? A table with lat and lon holds events, one with text and no coordinates reports."""
    from geomap.reports.tables import holds_reports

    try:
        found = holds_reports(_columns(path, suffix))
    except (OSError, ValueError):
        return "reports"  # whose reader says what is wrong with the file
    if found is None:
        raise InputError(f"{path}: neither 'text' (reports) nor 'lat' and 'lon' (events) among its columns; --as decides")
    return "reports" if found else "events"


def _columns(path: Path, suffix: str) -> list[Any]:
    if suffix in (".xlsx", ".parquet"):
        if suffix == ".parquet":
            import pyarrow.parquet as parquet

            return list(parquet.read_schema(path).names)
        import openpyxl

        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        return list(next(sheet.iter_rows(values_only=True), ()))
    with path.open("rb") as file:
        head = file.readline(1_000_000).decode("utf-8-sig")
    if suffix in (".jsonl", ".ndjson"):
        row = json.loads(head)
        return list(row) if isinstance(row, dict) else []
    delimiter = max(",;\t", key=head.count)
    return next(csv.reader(io.StringIO(head), delimiter=delimiter), [])
