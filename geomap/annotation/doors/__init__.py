"""Doors for models: who else may point at words of a report, by name, and what is taken of what they point at.

A model never says where something is, nor how many died: it points at words, and what the words mean is read by the same
rules as everything else. What it points at carries its name as ``origin``, through to the evidence of an event.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

from msgspec.structs import replace

from geomap.errors import AnnotatorError, UsageError
from geomap.model import Actor, Annotator, Count, Date, Mention, Report, Toponym, Trigger

__all__ = ["Doors", "known"]

GROUP = "geomap.annotators"  # entry points of other packages
OURS = {
    "spacy": ("geomap.annotation.doors.spacy_names", "SpacyNames"),
    "llm": ("geomap.annotation.doors.endpoint", "Endpoint"),
}
_PAUSE = 60.0  # seconds in which an annotator that did not answer is not asked again


def known() -> tuple[str, ...]:
    """Names of all annotators, those of other packages too."""
    from importlib.metadata import entry_points

    return tuple(sorted({*OURS, *(point.name for point in entry_points(group=GROUP))}))


class Doors:
    """The annotators of a run, each given as NAME or NAME=SETTING; opened once."""

    def __init__(self, chosen: Iterable[str]) -> None:
        self._open = [(words.partition("=")[0], _opened(words)) for words in chosen]
        self._away: dict[str, tuple[float, str]] = {}  # until when, and why

    def ask(self, report: Report, language: Any) -> tuple[tuple[Mention, ...], tuple[str, ...]]:
        """What the annotators point at in a report, and a line for each that could not be asked or pointed at nothing that is there."""
        mentions: list[Mention] = []
        notes: list[str] = []
        for name, annotator in self._open:
            try:
                mentions.extend(self._one(name, annotator, report, language, notes))
            except AnnotatorError as error:
                notes.append(f"annotator {name}: {error}; reading goes on without it")
        return tuple(mentions), tuple(notes)

    def _one(
        self, name: str, annotator: Annotator, report: Report, language: Any, notes: list[str]
    ) -> Iterable[Mention]:
        until, why = self._away.get(name, (0.0, ""))
        if time.monotonic() < until:
            raise AnnotatorError(why)
        try:
            found = list(annotator(report, language))
        except AnnotatorError as error:
            if error.away:
                self._away[name] = time.monotonic() + _PAUSE, str(error)
            raise
        except Exception as error:  # code of somebody else: its fault must not cost the report
            raise AnnotatorError(f"{type(error).__name__}: {error}") from error
        taken = list(_taken(found, report.text, name))
        if len(taken) < len(found):
            notes.append(f"annotator {name}: {len(found) - len(taken)} mentions that are not in the text were dropped")
        notes.extend(f"annotator {name}: {note}" for note in getattr(annotator, "notes", ()))
        return taken


def _opened(words: str) -> Annotator:
    """The annotator of that name: a function as it is, a class made with the setting where one is given."""
    name, _, setting = words.partition("=")
    found = _found(name)
    if isinstance(found, type):
        return found(setting) if setting else found()  # type: ignore[no-any-return]
    if setting:
        raise UsageError(f"annotator {name!r} takes no setting; give --annotator {name}")
    return found  # type: ignore[no-any-return]


def _found(name: str) -> Any:
    if name in OURS:
        module, attribute = OURS[name]
        return getattr(import_module(module), attribute)
    from importlib.metadata import entry_points

    for point in entry_points(group=GROUP, name=name):
        return point.load()
    raise UsageError(f"no annotator {name!r}; known: {' '.join(known())}")


def _taken(found: Iterable[Any], text: str, name: str) -> Iterator[Mention]:
    """The mentions whose words stand in the text, marked with who pointed at them."""
    for mention in found:
        if not isinstance(mention, Toponym | Trigger | Count | Date | Actor):
            continue
        words = mention.span.of(text) if 0 <= mention.span.start < mention.span.end <= len(text) else ""
        if words.strip() and (not isinstance(mention, Toponym | Actor) or mention.name in words):
            yield replace(mention, origin=name)
