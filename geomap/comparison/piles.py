"""Points on which too many events stand: centroids of districts and countries, and the fall-backs of geocoders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from geomap.comparison.events import Events, column
from geomap.comparison.words import PLACE, Words

MANY_HERE = 4  # events on one point of one party, from which it is looked at
VAGUE_CODES = (3, 4, 6, 7)  # UCDP where_prec: a division's or a country's point
VAGUE_KM = 40.0  # a declared radius from which a shared point is a division's
NAMES = 3  # names on one point, from which it belongs to none of them


@dataclass(frozen=True)
class Piles:
    """``of[e]`` is the pile on which event e stands, -1 none; and each pile's place, size and kind."""

    of: npt.NDArray[np.int64]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    size: npt.NDArray[np.int64]
    fallback: npt.NDArray[np.bool_]  # several names on one point: what a geocoder gives when it finds nothing finer


def piles(events: Events) -> Piles:
    """Points that several events of a party share and that are no place of their own: by code, by radius or by their names."""
    import pandas as pd

    on = np.isfinite(events.lon)
    keys = np.full(len(events), -1, np.int64)
    spot = np.round(events.lon[on] * 1e4) * 4_000_000 + np.round(events.lat[on] * 1e4)
    keys[on] = pd.factorize(spot.astype(np.int64) * 31 + events.party[on] % 31)[0]
    sizes = np.bincount(keys[on], minlength=1)
    crowd = on & (sizes[keys] >= MANY_HERE)
    names = _names(events, keys, crowd, len(sizes))
    code = pd.to_numeric(column(events.frame, "precision_ged"), errors="coerce").isin(VAGUE_CODES).to_numpy(dtype=bool)
    vague = np.bincount(keys[on], (code | (events.radius_km >= VAGUE_KM))[on], len(sizes)) > sizes / 2
    fallback = names >= NAMES
    chosen = np.flatnonzero((sizes >= MANY_HERE) & (vague | fallback))
    number = np.full(len(sizes) + 1, -1, np.int64)
    number[chosen] = np.arange(len(chosen))
    first = np.zeros(len(sizes), np.int64)
    first[keys[on][::-1]] = np.flatnonzero(on)[::-1]
    at = first[chosen]
    return Piles(number[keys], events.lon[at], events.lat[at], sizes[chosen], fallback[chosen] & ~vague[chosen])


def _names(events: Events, keys: npt.NDArray[np.int64], crowd: npt.NDArray[np.bool_], n: int) -> npt.NDArray[np.int64]:
    """How many names, unlike each other, the events of each point give."""
    words = Words(events, *PLACE)
    named = np.flatnonzero(crowd & (words.code >= 0))
    leading = words.bag[words.code[named], 0]
    pairs = np.unique(np.column_stack([keys[named], leading]), axis=0)
    return np.bincount(pairs[:, 0], minlength=n)


def disbelieve(events: Events, found: Piles) -> Events:
    """The events with no uncertainty where a sharp one is stated for a point that only stands for somewhere about."""
    radius = events.radius_km.copy()
    radius[(found.of >= 0) & (radius < VAGUE_KM)] = np.nan
    return replace(events, radius_km=radius)


def notes(events: Events, found: Piles, guessed: npt.NDArray[np.bool_]) -> Iterator[str]:
    """What was missing or doubtful in the tables and what was made of it, a sentence each.

    ``guessed`` are the events without a position that were sought where others of their name are.
    """
    n = len(events)
    undated, unplaced = np.isnan(events.first), np.isnan(events.lon)
    if count := int(undated.sum()):
        yield f"{count} of {n} events have no day: they stay alone"
    if count := int((unplaced & ~undated).sum()):
        yield f"{count} of {n} events have no position: compared by day, counts and names"
    if count := int(guessed.sum()):
        yield f"{count} of these were sought where other rows have the place that they name"
    if count := int((np.isnan(events.radius_km) & ~unplaced & (found.of < 0)).sum()):
        yield f"{count} of {n} events declare no uncertainty: how far off they are is learnt from the pairs"
    if count := int((events.last - events.first > 6).sum()):
        yield f"{count} of {n} events are dated by more than a week"
    for pile in np.argsort(-found.size, kind="stable")[:5].tolist():
        kind = "a geocoder's fall-back? Several names stand on it" if found.fallback[pile] else "a centroid"
        yield f"{found.size[pile]} events of one source share the point {found.lat[pile]:.4f}, {found.lon[pile]:.4f}: {kind}"
