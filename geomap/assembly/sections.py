"""The places that stand over the paragraphs of a bulletin: "Idlib province: ...", and below it "Hama province: ..."."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geomap.assembly.drafts import Draft
from geomap.assembly.scenes import Scene, Site, opens_a_line

_COLON = re.compile(r"\s*[:：]\s*\S")


def sections(told: Sequence[Scene], text: str) -> list[Site | None]:
    """For each sentence the place that stands over it, where at least two paragraphs open with a place and a colon."""
    over, last = list[Site | None](), None
    for scene in told:
        opening = _opening(scene, text)
        last = opening or last
        over.append(last)
    return over if len({site.span for site in over if site}) > 1 else [None] * len(over)


def _opening(scene: Scene, text: str) -> Site | None:
    """ "Hama province: jets raided ..." at the head of a line."""
    first = scene.passage.span.start
    if not opens_a_line(text, first):
        return None
    site = next((site for site in scene.sites if site.span.start == first and site.locality.type == "F"), None)
    return site if site is not None and _COLON.match(text, site.span.end) else None


def under(drafts: Sequence[Draft], over: Sequence[Site | None]) -> None:
    """What is told below a place is there, where it names no other."""
    for draft in drafts:
        place = over[draft.lead] if draft.lead < len(over) else None
        if place is not None:
            draft.section = place
            if not any(site.rank >= 2 for site in draft.sites) and draft.factuality == "asserted" and not draft.earlier:
                draft.sites.append(place)
