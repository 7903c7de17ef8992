"""From a draft to an event: its day, numbers, actors, role and the words behind each."""

from __future__ import annotations

import hashlib
from typing import Literal

from msgspec.structs import replace

from geomap.assembly.drafts import Draft, told_days
from geomap.assembly.hands import supposed, who_struck, whom_struck
from geomap.assembly.sites import best_site, whole_place
from geomap.assembly.tolls import number
from geomap.model import Event, Evidence, Passage, Report, Span, When

_TYPES = ("drone_strike", "missile_attack", "shelling", "air_strike", "bombing", "attack")  # the finer wins
_CERTAIN = {"noun": 0.95, "verb": 0.85}  # that a trigger of that form tells of an attack
_UNLOCATED = 0.5


def event_of(draft: Draft, report: Report, role: Literal["main", "background"]) -> Event:
    """The event that a draft has become."""
    site = best_site(draft)
    where = whole_place(draft, site) if site else None
    passage = _quoted(draft, site.span if site else None)
    quote = _evidence(report, passage.span)
    occurred, reported = told_days(draft)
    killed, killed_by, said = number(draft.killed, "killed")
    wounded, wounded_by, said_too = number(draft.wounded, "wounded")
    vehicles, vehicles_by, _ = number(draft.vehicles, "vehicles destroyed")
    actor, target = who_struck(draft), whom_struck(draft)
    kind = next((each for each in draft.actors if each.kind == "SITE"), None)
    first = draft.triggers[0]
    spans = {
        "event_type": first.span, "strikes": next((each.span for each in draft.triggers if each.count == draft.strikes), None),
        "date": occurred.span if occurred else None, "reported": reported.span if reported else None,
        "killed": killed_by.span if killed_by else None, "wounded": wounded_by.span if wounded_by else None,
        "vehicles_destroyed": vehicles_by.span if vehicles_by else None, "location": where.locality.span if where and where.locality else site.span if site else None,
        "actor": actor.span if actor else None, "target": target.span if target else None,
    }  # fmt: skip
    times = [each.time_text for each in draft.dates if each.time_text]
    return Event(
        id=event_id(report, passage.span, first.span, occurred),
        report=report, type=_type(draft), quote=quote, factuality=draft.factuality, role=role,
        strikes=draft.strikes, occurred=occurred, reported=reported, time_text=times[0] if times else None,
        actor=actor, target=target, target_kind=kind.id if kind else None,
        killed=killed, wounded=wounded, vehicles_destroyed=vehicles, georeference=where,
        confidence=_confidence(draft),
        evidence=tuple((name, _evidence(report, span)) for name, span in spans.items() if span is not None),
        remarks=tuple(dict.fromkeys((*draft.remarks, *supposed(draft, actor), *said, *said_too))),
    )  # fmt: skip


def event_id(report: Report, quote: Span, trigger: Span, occurred: When | None) -> str:
    """Deterministic, from the text, the quote, the words of the attack and its day: one sentence may tell of several."""
    digest = report.sha256 or hashlib.sha256(report.text.encode()).hexdigest()
    day = occurred.edtf if occurred else ""
    key = f"{digest}:{quote.start}-{quote.end}:{trigger.start}-{trigger.end}:{day}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _evidence(report: Report, span: Span) -> Evidence:
    return Evidence(report.id, span, span.of(report.text))


def _quoted(draft: Draft, site: Span | None) -> Passage:
    """The sentence that says where, if it tells of the attack too; else the one that told of it first."""
    told = [each for each in draft.passages if any(_holds(each, trigger.span) for trigger in draft.triggers)]
    if site is not None:
        for passage in told:
            if _holds(passage, site):
                return passage
    return (told or draft.passages)[0]


def _holds(passage: Passage, span: Span) -> bool:
    return passage.span.start <= span.start < passage.span.end


def _type(draft: Draft) -> str:
    """The finest kind that its words name, up to where the sentence turns ("at the same time as shelling"); aircraft that fire missiles strike from the air."""
    first = draft.triggers[0].span
    turns = [(each, turn) for each in draft.passages for turn in each.turns if turn >= first.end]
    apart = [each for each in draft.triggers if any(_holds(told, each.span) and turn <= each.span.start for told, turn in turns)]
    apart += [each for each in draft.triggers if each.definite and each.event_type == "shelling" and not draft.triggers[0].definite]  # "amid shelling"
    types = {each.event_type for each in draft.triggers if each not in apart} or {each.event_type for each in draft.triggers}
    if "air_strike" in types and "shelling" not in types:
        types.discard("missile_attack")
    return next((kind for kind in _TYPES if kind in types), "attack")


def _confidence(draft: Draft) -> float:
    """Probability that place and event were read rightly: the anchor's score times that of the words of the attack."""
    site = best_site(draft)
    place = _UNLOCATED
    if site and site.located and site.located.lon is not None:
        scores = [resolution.score for resolution in site.located.resolutions if resolution.place]
        place = min(scores) if scores else 0.9
    event = max(_CERTAIN[trigger.form] for trigger in draft.triggers)
    told = 1.0 if draft.occurred or draft.killed or draft.strikes else 0.85
    return round(place * event * told, 3)


def unique(events: list[Event]) -> tuple[Event, ...]:
    """Events with ids of their own, in text order."""
    seen: dict[str, int] = {}
    found = []
    for event in sorted(events, key=lambda event: (event.quote.span.start, dict(event.evidence)["event_type"].span, event.occurred.edtf if event.occurred else "", event.id)):
        number = seen[event.id] = seen.get(event.id, -1) + 1
        found.append(event if not number else replace(event, id=f"{event.id}-{number + 1}"))
    return tuple(found)
