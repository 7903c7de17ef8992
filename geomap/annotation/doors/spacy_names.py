"""The door for spaCy: place names that its named-entity models find (extra ``[spacy]``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from geomap.errors import UsageError
from geomap.model import Report, Span, Toponym

_PLACES = frozenset({"GPE", "LOC", "FAC"})  # OntoNotes; models after WikiNER say LOC alone
_SURE = 0.7  # that an entity of a small model is a place name: about their precision on news
_EDGES = re.compile(r"^(?:the\s+)?|(?:['’]s)?\s*$", re.IGNORECASE)
_UNUSED = ("parser", "lemmatizer")  # pipes that entities do not need


class SpacyNames:
    """Points at the entities that are places. The setting names pipelines or their folders, with commas between.

    Without a setting the installed pipelines are used, each for reports of its own language. A report in a language
    without a pipeline is left as it is.
    """

    def __init__(self, setting: str | None = None) -> None:
        try:
            import spacy
        except ImportError as error:
            raise UsageError(f"annotator spacy needs {error.name}: pip install 'geomap-conflict[spacy]'") from error
        names = [name.strip() for name in setting.split(",")] if setting else spacy.util.get_installed_models()
        if not names:
            raise UsageError("annotator spacy: no pipeline is installed; for English: python -m spacy download en_core_web_sm")
        self._names, self._chosen = tuple(names), setting is not None
        if self._chosen:
            assert self._pipelines is not None  # a name that is wrong is told before anything is read

    @cached_property
    def _pipelines(self) -> dict[str, Any]:
        """The pipelines by language ("xx" serves all); the first one named wins."""
        import spacy

        found: dict[str, Any] = {}
        for name in self._names:
            try:
                pipeline = spacy.load(name, disable=list(_UNUSED))
            except (OSError, ImportError) as error:
                raise UsageError(f"annotator spacy: no pipeline {name!r} is installed: {str(error).splitlines()[0]}") from error
            found.setdefault(pipeline.lang, pipeline)
        return found

    def __call__(self, report: Report, language: Any) -> Iterator[Toponym]:
        """The place names of a report."""
        pipeline = self._pipelines.get(language.code) or self._pipelines.get("xx")
        if pipeline is None:
            return
        yield from toponyms(pipeline(report.text), report.text)


def toponyms(document: Any, text: str) -> Iterator[Toponym]:
    """The places among the entities of a document, without "the" before and "'s" behind."""
    for entity in document.ents:
        if entity.label_ not in _PLACES:
            continue
        words = text[entity.start_char : entity.end_char]
        start = entity.start_char + len(_EDGES.match(words).group())  # type: ignore[union-attr]
        name = _EDGES.sub("", words)
        if name and "\n" not in name:
            yield Toponym(Span(start, start + len(name)), name, certainty=_SURE)
