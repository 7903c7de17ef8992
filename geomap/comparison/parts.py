"""One source's total against another's parts: "17 killed in six strikes" here, ten and seven apart there."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geomap.comparison.events import Events, Ints
from geomap.comparison.scoring import Scored

STRONG = 3.0  # bits from which a pair that the one-a-party rule kept apart is looked at


def parts(events: Events, scored: Scored, label: Ints) -> npt.NDArray[np.bool_]:
    """Pairs (part, total) kept apart because the part's source stands in the total's incident already, with another part.

    The counts must bear it out: what the source gives for both parts adds up to about what the other gives at once.
    """
    found = np.zeros(len(scored.i), bool)
    apart = np.flatnonzero((label[scored.i] != label[scored.j]) & (scored.total > STRONG))
    if not len(apart):
        return found
    member = _members(events, label, np.concatenate([scored.i[apart], scored.j[apart]]))
    for pair in apart.tolist():
        i, j = int(scored.i[pair]), int(scored.j[pair])
        for part, total in ((i, j), (j, i)):
            other = member.get((int(label[total]), int(events.party[part])))
            if other is not None and other != part and _adds_up(events, part, other, total):
                found[pair] = True
    return found


def _members(events: Events, label: Ints, wanted: Ints) -> dict[tuple[int, int], int]:
    """The event of each party in the incidents of some events."""
    here = np.flatnonzero(np.isin(label, label[wanted]))
    return dict(zip(zip(label[here].tolist(), events.party[here].tolist(), strict=True), here.tolist(), strict=True))


def _adds_up(events: Events, part: int, other: int, total: int) -> bool:
    """In the killed or the strikes, the two parts make up the total better than either alone."""
    for low, _ in (events.counts["killed"], events.counts["strikes"]):
        a, b, whole = low[part], low[other], low[total]
        if a > 0 and b > 0 and abs(a + b - whole) <= max(1.0, 0.2 * whole) and abs(a + b - whole) < abs(max(a, b) - whole):
            return True
    return False
