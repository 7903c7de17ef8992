"""The items of a list of attacks, told without a word for them: "The strikes were: • Sept. 23, in Marib, four killed. • Sept. 29, in Bayda ..."."""

from __future__ import annotations

from collections.abc import Sequence

from geomap.assembly.dealing import part
from geomap.assembly.drafts import Draft, days
from geomap.assembly.scenes import Scene, is_item
from geomap.model import Range


def item(scene: Scene, number: int, told: Sequence[Draft], text: str) -> list[Draft]:
    """The attack of one line, right below the sentence that counts several or below another such line: with a day and a place of its own."""
    before = told[-1]
    head = before.of or before
    several = head.strikes is not None and (head.strikes.min or 0) > 1
    if scene.triggers or not several or number - before.lead != 1 or not is_item(text, scene.passage.span.start):
        return []
    found = part(scene, number, scene.passage.span, head.triggers[0])
    if not found.sites or found.occurred is None or days(found.occurred) > 1:
        return []
    found.of, found.other, found.strikes = head, True, Range(1, 1)
    found.reported = list(head.reported)
    return [found]
