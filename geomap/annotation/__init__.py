"""Annotate: what a text mentions and where its words stand, in Arabic, English and every language that has a file."""

from __future__ import annotations

from collections.abc import Iterable

from geomap.annotation.completion import complete
from geomap.annotation.context import Context
from geomap.annotation.doors.merging import beside, with_toponyms
from geomap.annotation.happenings import find_attacks, find_happenings
from geomap.annotation.kept import remembered
from geomap.annotation.language import Language, codes, load_language, parse_language
from geomap.annotation.localities import find_localities
from geomap.annotation.recognition import possible, recognise
from geomap.annotation.senses import with_senses
from geomap.annotation.toponyms import find_toponyms
from geomap.annotation.triggers import may_tell
from geomap.model import Locality, Mention, Names, Report, Toponym

__all__ = ["Context", "Language", "annotate", "codes", "load_language", "parse_language", "possible", "prepare", "recognise"]


def prepare(report: Report, language: Language, names: Names, pointed: Iterable[Mention] = ()) -> Context:
    """The report as annotators see it: tokens, sentences, place names."""
    return _with_places(_begun(report, language, names, pointed))


def _begun(report: Report, language: Language, names: Names, pointed: Iterable[Mention]) -> Context:
    """The report as far as its words alone tell."""
    tokens = with_senses(language.tokenise(report.text), language)
    return Context(report, language, remembered(names), tokens.folded, tokens, tokens.sentences(), pointed=tuple(pointed))


def _with_places(context: Context) -> Context:
    tokens, language, names = context.tokens, context.language, context.names
    toponyms = complete(find_toponyms(tokens.folded, tokens, language, names), tokens, names)
    if context.pointed:
        toponyms = with_toponyms(toponyms, context.pointed, tokens, language, names)
    return context.with_toponyms(toponyms)


def annotate(
    report: Report, language: Language, names: Names, pointed: Iterable[Mention] = (), *, whole: bool = True
) -> tuple[Mention, ...]:
    """All mentions of a report, in text order; ``pointed`` is what annotators of others (``doors``) point at.

    Unless the ``whole`` is asked for, reading ends as soon as it is clear that no attack is told, with what was found until then.
    """
    context = _begun(report, language, names, pointed)
    if not (whole or context.pointed or may_tell(context)):
        return ()
    attacks = find_attacks(context)
    if not (whole or attacks.told):
        return _in_order([*attacks.dates.found, *attacks.triggers])
    context = _with_places(context)
    happenings = find_happenings(context, attacks)
    mentions: list[Mention] = [*context.toponyms, *find_localities(context), *happenings]
    mentions.extend(beside(mentions, context.pointed))
    # names that only a phrase made known, or said more of, are toponyms too, so that each can be looked up
    anchors = dict.fromkeys(anchor for mention in mentions if isinstance(mention, Locality) for anchor in mention.anchors)
    spans, known = {anchor.span for anchor in anchors}, set(context.toponyms)
    mentions = [
        mention for mention in mentions if not isinstance(mention, Toponym) or mention.span not in spans or mention in anchors
    ]
    mentions.extend(anchor for anchor in anchors if anchor not in known)
    return _in_order(mentions)


def _in_order(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    return tuple(sorted(mentions, key=lambda mention: (mention.span.start, -mention.span.end)))
