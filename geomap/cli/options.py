"""Options that several commands share, written once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

inputs = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
gazetteer = click.option(
    "--gazetteer", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help="A CSV of places of your own; repeatable."
)
quiet = click.option("-q", "--quiet", is_flag=True, help="No warnings and no progress on stderr.")


def target(path: Path | str | None) -> Any:
    """Where an output goes: "-" is standard output, as bytes."""
    return sys.stdout.buffer if str(path) == "-" else path


def many(command: F) -> F:
    """How the work on many reports is shared out."""
    command = click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler (tcp://host:8786) to hand the work to.")(
        command
    )
    return click.option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")(command)


def reading(command: F) -> F:
    """What is said of reports that do not say it themselves, and how they are to be read."""
    for option in reversed(
        [
            click.option("--published", metavar="DATE", help="Day of publication (2017-09-28); relative dates need it."),
            click.option("--source", help="Who published the reports."),
            click.option("--url", help="Where they stand."),
            click.option("--lang", help="Language of the reports (ar, en, ...); recognised if not given."),
            click.option("--country", multiple=True, metavar="CC", help="A hint, not a filter: ISO code; repeatable."),
            gazetteer,
            click.option(
                "--annotator",
                multiple=True,
                metavar="NAME[=SETTING]",
                help="A model that may point at words: spacy, llm=http://127.0.0.1:8080/v1; repeatable.",
            ),
            click.option(
                "--as", "as_", type=click.Choice(["auto", "reports", "events"]), default="auto", help="What tables hold."
            ),
            many,
            quiet,
            click.option("-v", "--verbose", is_flag=True, help="Say what is done, and every remark."),
        ]
    ):
        command = option(command)
    return command


def page(command: F) -> F:
    """How a map looks and what it may ask the network for."""
    for option in reversed(
        [
            click.option("--ui", default="en", show_default=True, help="Language of the page (en, ar, or a file of words)."),
            click.option("--no-links", is_flag=True, help="No web address in the page, for people at risk."),
            click.option("--basemap", metavar="NAME", help="Tiles of an xyzservices provider: the page then asks the network."),
            click.option("--color-by", type=click.Choice(["actor", "source", "event_type"]), help="What colour tells."),
        ]
    ):
        command = option(command)
    return command


role = click.option(
    "--role", type=click.Choice(["main", "all"]), default="all", help="Only the news itself, or also what it recalls."
)
