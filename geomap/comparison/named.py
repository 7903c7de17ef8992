"""Where a name without coordinates lies: about where other rows of these tables have it. For the linking only, never told as a place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from geomap.comparison.events import Events, Floats, Ints
from geomap.comparison.words import PLACE, Words

APART_KM = 40.0  # half of the points of one name lie within this of their middle, or the name is of several places
_KM_A_DEGREE = 111.195


def placed_by_name(events: Events) -> Events:
    """The events, those that name a place and give no position put where others of that name are, their own list's first."""
    lost = np.flatnonzero(np.isnan(events.lon) & np.isfinite(events.first))
    if not len(lost) or not np.isfinite(events.lon).any():
        return events
    words = Words(events, *PLACE)
    lost = lost[words.code[lost] >= 0]
    bearing = _Bearing(events, words, np.unique(words.most_telling[words.code[lost]]))
    lon, lat = events.lon.copy(), events.lat.copy()
    for event in lost.tolist():
        where = bearing.middle(int(words.most_telling[words.code[event]]), int(events.party[event]))
        if where is not None:
            lon[event], lat[event] = where
    return replace(events, lon=lon, lat=lat)


class _Bearing:
    """The placed events that bear each of some words, sorted by word."""

    def __init__(self, events: Events, words: Words, wanted: Ints) -> None:
        self.events = events
        placed = np.flatnonzero(np.isfinite(events.lon) & (words.code >= 0))
        bag = words.bag[words.code[placed]]
        row, slot = np.nonzero(np.isin(bag, wanted) & (bag >= 0))
        order = np.argsort(bag[row, slot], kind="stable")
        self.word, self.event = bag[row, slot][order], placed[row][order]
        self.known: dict[tuple[int, int], tuple[float, float] | None] = {}

    def middle(self, word: int, party: int) -> tuple[float, float] | None:
        """Middle of the points that bear the word, lon and lat; None where there are none or they are of several places."""
        key = (word, party)
        if key not in self.known:
            bearing = self.event[np.searchsorted(self.word, word, "left") : np.searchsorted(self.word, word, "right")]
            own = bearing[self.events.party[bearing] == party]
            self.known[key] = _middle(self.events.lon, self.events.lat, own if len(own) else bearing)
        return self.known[key]


def _middle(lon: Floats, lat: Floats, some: npt.NDArray[np.int64]) -> tuple[float, float] | None:
    if not len(some):
        return None
    east, north = lon[some], lat[some]
    if np.ptp(east) > 180:  # about the antimeridian a middle of degrees would lie on the other side of the earth
        return None
    middle = float(np.median(east)), float(np.median(north))
    off = _KM_A_DEGREE * np.hypot((east - middle[0]) * np.cos(np.radians(middle[1])), north - middle[1])
    return middle if float(np.median(off)) <= APART_KM else None
