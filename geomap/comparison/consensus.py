"""Where and when an incident most likely was, with a region that widens when its sources disagree more than they claim."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geomap.comparison.events import Events, Floats, Ints

# Quantiles of the chi-square distribution with two degrees of freedom: radius of a circle, in standard deviations an axis.
RADIUS_90 = 2.1460


@dataclass(frozen=True)
class Consensus:
    """Arrays with one entry an incident: position in degrees, radius of the 90 % region in km, days, Birge's factor."""

    lon: Floats
    lat: Floats
    radius_km: Floats
    first: Floats
    last: Floats
    birge: Floats


def consensus(events: Events, sigma_km: Floats, label: Ints) -> Consensus:
    """Pool positions by inverse variance (on the sphere); the region grows by Birge's ratio, sqrt(chi2 / dof), where they disagree."""
    n = int(label.max(initial=-1)) + 1
    placed = np.isfinite(events.lon)
    weight = np.where(placed, 1 / sigma_km**2, 0.0)
    xyz = np.nan_to_num(events.xyz)
    total = np.bincount(label, weight, n)
    centre = np.column_stack([np.bincount(label, weight * axis, n) for axis in xyz.T])
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = centre / np.linalg.norm(centre, axis=1, keepdims=True)
        lon, lat = np.degrees(np.arctan2(unit[:, 1], unit[:, 0])), np.degrees(np.arcsin(unit[:, 2]))
        off = 6371.0088 * 2 * np.arcsin(np.clip(np.linalg.norm(xyz / 6371.0088 - unit[label], axis=1) / 2, 0, 1))
        chi2 = np.bincount(label, np.where(placed, (off / sigma_km) ** 2, 0.0), n)
        count = np.bincount(label, placed.astype(float), n)
        dof = np.maximum(2 * count - 2, 1)
        birge = np.where(chi2 > _usual(dof), np.sqrt(np.maximum(chi2 / dof, 1.0)), 1.0)
        radius = RADIUS_90 * birge / np.sqrt(total)
    radius[total == 0] = np.nan
    first, last = _days(events, label, n)
    return Consensus(lon, lat, radius, first, last, birge)


def _usual(dof: Floats) -> Floats:
    """What chi-square stays below nine times in ten (Wilson and Hilferty 1931): less is no sign of disagreement."""
    return np.asarray(dof * (1 - 2 / (9 * dof) + 1.2816 * np.sqrt(2 / (9 * dof))) ** 3)


def _days(events: Events, label: Ints, n: int) -> tuple[Floats, Floats]:
    """The days that all accounts allow; where they exclude each other, the days that any of them names."""
    latest_first, earliest_last = np.full(n, -np.inf), np.full(n, np.inf)
    earliest_first, latest_last = np.full(n, np.inf), np.full(n, -np.inf)
    dated = np.isfinite(events.first)
    np.maximum.at(latest_first, label[dated], events.first[dated])
    np.minimum.at(earliest_last, label[dated], events.last[dated])
    np.minimum.at(earliest_first, label[dated], events.first[dated])
    np.maximum.at(latest_last, label[dated], events.last[dated])
    meet = latest_first <= earliest_last
    first = np.where(meet, latest_first, earliest_first)
    last = np.where(meet, earliest_last, latest_last)
    return np.where(np.isfinite(first), first, np.nan), np.where(np.isfinite(last), last, np.nan)
