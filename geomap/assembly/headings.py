"""The day that stands over a report, or over each entry of a chronicle: "January 18, 2017", and below it what happened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from msgspec import structs

from geomap.assembly.drafts import Draft, days
from geomap.assembly.scenes import Scene, opens_a_line
from geomap.model import Report, When

_ENDS = re.compile(r"\s*(?:\n|[:|–—‘“\"-]|$)")  # what may follow such a day; a sentence goes on otherwise
_YEAR = re.compile(r"\d{4}")
_WRITING = 3  # days before publication: so near, it is rather the day on which the report was written


def headings(told: Sequence[Scene], report: Report) -> list[When]:
    """The days with which lines open that say no more of them, each with its span."""
    found: list[When] = []
    for scene in told:
        start = scene.passage.span.start
        opens = next((date for date in scene.dates if date.span.start == start), None)
        if opens is None or opens.when is None or opens.relation != "absolute" or not opens_a_line(report.text, start):
            continue
        alone = _ENDS.match(report.text, opens.span.end) and _YEAR.search(opens.span.of(report.text))
        if alone and days(opens.when) == 1 and not _is_of_the_writing(opens.when, report):
            found.append(structs.replace(opens.when, span=opens.span))
    return found


def _is_of_the_writing(when: When, report: Report) -> bool:
    return report.published is None or when.latest is None or (report.published - when.latest).days < _WRITING


def under_headings(drafts: Sequence[Draft], over: Sequence[When]) -> None:
    """An attack without a day of its own was on the day that stands over it."""
    for draft in drafts:
        above = [when for when in over if when.span and when.span.start <= draft.passages[0].span.start]
        if above and not (draft.occurred or draft.dates or draft.earlier or draft.framed) and draft.shift is None and draft.factuality == "asserted":
            draft.occurred = above[-1]
            draft.remarks.append("day taken from the heading")


def as_of(report: Report, over: Sequence[When]) -> Report:
    """The report as news of its last heading: an entry of 2015 is no memory."""
    latest = max((when.latest for when in over if when.latest), default=None)
    return replace(report, published=latest) if latest is not None else report
