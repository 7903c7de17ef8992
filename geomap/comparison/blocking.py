"""Find the pairs worth comparing: near in space and time, each by its own doubt; the cost grows with the pairs found."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from geomap.comparison.events import Events, Floats, Ints

REACH = 3.5  # standard deviations of the joint doubt that a pair may lie apart
SLACK_KM = (200.0, 100.0, 50.0, 25.0, 12.0, 6.0, 3.0)  # on top, for gross errors: as much as the density allows
SLACK_DAYS = 4
PAIRS_AN_EVENT = 12
_CLASSES_KM = (3.0, 15.0, 60.0, 250.0, np.inf)
_LONG_DAYS = (3.0, 40.0, np.inf)


def candidate_pairs(events: Events, sigma_km: Floats) -> tuple[Ints, Ints]:
    """Index pairs (i < j) of different parties, within reach of each other in space and time.

    Events without a day pair with nothing; events without a position pair with all of their days, where those are few.
    """
    placed = np.isfinite(events.lon) & np.isfinite(events.first)
    slack = _slack(events, sigma_km, placed)
    found = [_by_place(events, sigma_km, np.flatnonzero(placed), slack), _without_place(events, placed)]
    pairs = np.concatenate(found)
    pairs = pairs[events.party[pairs[:, 0]] != events.party[pairs[:, 1]]]
    n = np.int64(max(len(events), 1))
    keys = np.unique(pairs.min(axis=1) * n + pairs.max(axis=1)) if len(pairs) else np.empty(0, np.int64)
    return keys // n, keys % n


def _slack(events: Events, sigma_km: Floats, placed: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    """The widest slack that keeps the number of pairs in bounds, judged on a sample of evenly chosen events."""
    here = np.flatnonzero(placed)
    if len(here) < 2:
        return SLACK_KM[0]
    sample = here[:: max(1, len(here) // 500)]
    days = (events.first + events.last) / 2
    for slack in SLACK_KM:
        points = np.column_stack([events.xyz / slack, days / SLACK_DAYS])
        counts = cKDTree(points[here]).query_ball_point(points[sample], 1.0, p=np.inf, return_length=True)
        if np.mean(counts) - 1 <= PAIRS_AN_EVENT or slack == SLACK_KM[-1]:
            return slack
    return SLACK_KM[-1]


def _by_place(events: Events, sigma_km: Floats, here: Ints, slack: float) -> Ints:
    """Pairs by position and day; events of like doubt share a tree, so that one vague row does not widen all searches."""
    half = (events.last - events.first) / 2
    days = (events.first + events.last) / 2
    xyz = events.xyz
    groups = []
    for vague in range(len(_CLASSES_KM)):
        for long in range(len(_LONG_DAYS)):
            inside = (np.digitize(sigma_km[here], _CLASSES_KM) == vague) & (np.digitize(half[here], _LONG_DAYS) == long)
            if inside.any():
                groups.append(here[inside])
    pairs = [np.empty((0, 2), np.int64)]
    for a, one in enumerate(groups):
        for other in groups[a:]:
            far = REACH * np.hypot(sigma_km[one].max(), sigma_km[other].max()) + slack
            apart = half[one].max() + half[other].max() + SLACK_DAYS
            scale = np.array([far, far, far, apart])
            points = [np.column_stack([xyz[index], days[index]]) / scale for index in (one, other)]
            pairs.append(_near(one, other, *points))
    found: Ints = np.concatenate(pairs)
    return found[_within(events, sigma_km, found, slack)]


def _near(one: Ints, other: Ints, points: Floats, others: Floats) -> Ints:
    if one is other:
        within: Ints = one[cKDTree(points).query_pairs(1.0, p=np.inf, output_type="ndarray")]
        return within
    near = cKDTree(points).sparse_distance_matrix(cKDTree(others), 1.0, p=np.inf, output_type="ndarray")
    return np.column_stack([one[near["i"]], other[near["j"]]])


def _within(events: Events, sigma_km: Floats, pairs: Ints, slack: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    i, j = pairs[:, 0], pairs[:, 1]
    gap = days_apart(events, i, j)
    far = distance_km(events, i, j)
    close: np.ndarray[tuple[int], np.dtype[np.bool_]]
    close = (gap <= SLACK_DAYS) & (far <= REACH * np.hypot(sigma_km[i], sigma_km[j]) + slack)
    return close


def _without_place(events: Events, placed: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
    """Events that have a day and no position, with all others of about that day, as long as those are few."""
    lost = np.flatnonzero(~placed & np.isfinite(events.first))
    dated = np.flatnonzero(np.isfinite(events.first))
    if not len(lost):
        return np.empty((0, 2), np.int64)
    order = dated[np.argsort(events.first[dated], kind="stable")]
    begins = np.searchsorted(events.first[order], events.first[lost] - SLACK_DAYS, "left")
    ends = np.searchsorted(events.first[order], events.last[lost] + SLACK_DAYS, "right")
    few = ends - begins <= 50 * PAIRS_AN_EVENT
    pairs = [
        np.column_stack([np.full(end - begin, index), order[begin:end]])
        for index, begin, end in zip(lost[few], begins[few], ends[few], strict=True)
    ]
    found: Ints = np.concatenate([np.empty((0, 2), np.int64), *pairs])
    apart: Ints = found[found[:, 0] != found[:, 1]]
    return apart


def distance_km(events: Events, i: Ints, j: Ints) -> Floats:
    """Great-circle distances in km (a part in 300 off the ellipsoid); NaN where a position is unknown."""
    lat1, lat2 = np.radians(events.lat[i]), np.radians(events.lat[j])
    half = (
        np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin(np.radians(events.lon[j] - events.lon[i]) / 2) ** 2
    )
    far: Floats = 2 * 6371.0088 * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return far


def days_apart(events: Events, i: Ints, j: Ints) -> Floats:
    """Days between two intervals: 0 where they touch or overlap."""
    gap: Floats = np.maximum(0, np.maximum(events.first[i] - events.last[j], events.first[j] - events.last[i]))
    return gap
