"""Say of an event which of its words a model pointed at, so that a reader sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from geomap.model import Actor, Count, Date, Event, Locality, Mention, Span, Toponym, Trigger

_POINTED_AT = (Toponym, Trigger, Count, Date, Actor)


def origins(mentions: Iterable[Mention]) -> dict[Span, str]:
    """Who pointed at which words, where it was not geomap's own rules; a locality is its anchors' finder's."""
    found: dict[Span, str] = {}
    for mention in mentions:
        whose = mention.anchors if isinstance(mention, Locality) else (mention,)
        for one in whose:
            if isinstance(one, _POINTED_AT) and one.origin:
                found[mention.span] = one.origin
    return found


def with_origins(event: Event, pointed: Mapping[Span, str]) -> Event:
    """The event with the annotator's name at each field whose words it pointed at, and a remark."""
    evidence = tuple((field, replace(one, annotator=pointed.get(one.span))) for field, one in event.evidence)
    said = tuple(f"{field}: {one.quote!r} was pointed at by {one.annotator}" for field, one in evidence if one.annotator)
    return replace(event, evidence=evidence, remarks=(*event.remarks, *said)) if said else event
