"""Annotate: what a text mentions and where its words stand, in Arabic, English and every language that has a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from geomap.annotation.completion import complete
from geomap.annotation.context import Context
from geomap.annotation.doors.merging import beside, with_toponyms
from geomap.annotation.happenings import find_happenings
from geomap.annotation.kept import remembered
from geomap.annotation.language import Language, codes, load_language, parse_language
from geomap.annotation.localities import find_localities
from geomap.annotation.recognition import possible, recognise
from geomap.annotation.toponyms import find_toponyms
from geomap.model import Locality, Mention, Names, Report, Toponym

__all__ = ["Context", "Language", "annotate", "codes", "load_language", "parse_language", "possible", "prepare", "recognise"]

# Each sees the same context and adds its mentions, in this order.
ANNOTATORS: tuple[Callable[[Context], tuple[Mention, ...]], ...] = (find_localities, find_happenings)


def prepare(report: Report, language: Language, names: Names, pointed: Iterable[Mention] = ()) -> Context:
    """The report as annotators see it: tokens, sentences, place names."""
    tokens, names = language.tokenise(report.text), remembered(names)
    context = Context(report, language, names, tokens.folded, tokens, tokens.sentences(), pointed=tuple(pointed))
    toponyms = complete(find_toponyms(tokens.folded, tokens, language, names), tokens, names)
    if context.pointed:
        toponyms = with_toponyms(toponyms, context.pointed, tokens, language, names)
    return context.with_toponyms(toponyms)


def annotate(report: Report, language: Language, names: Names, pointed: Iterable[Mention] = ()) -> tuple[Mention, ...]:
    """All mentions of a report, in text order; ``pointed`` is what annotators of others (``doors``) point at."""
    context = prepare(report, language, names, pointed)
    mentions: list[Mention] = list(context.toponyms)
    for find in ANNOTATORS:
        mentions.extend(find(context))
    mentions.extend(beside(mentions, context.pointed))
    # names that only a phrase made known, or said more of, are toponyms too, so that each can be looked up
    anchors = dict.fromkeys(anchor for mention in mentions if isinstance(mention, Locality) for anchor in mention.anchors)
    spans, known = {anchor.span for anchor in anchors}, set(context.toponyms)
    mentions = [
        mention for mention in mentions if not isinstance(mention, Toponym) or mention.span not in spans or mention in anchors
    ]
    mentions.extend(anchor for anchor in anchors if anchor not in known)
    return tuple(sorted(mentions, key=lambda mention: (mention.span.start, -mention.span.end)))
