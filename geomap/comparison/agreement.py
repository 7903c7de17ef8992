"""How well do the sources agree as a whole? Quantiles of distance, shares of verdicts, by how precise the rows claim to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from geomap.comparison.events import Ints
from geomap.comparison.habits import Habits
from geomap.comparison.results import Links
from geomap.comparison.verdicts import ORDER

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
CLASSES_KM = (1.0, 5.0, 25.0, 100.0)  # of the vaguer radius of a pair
CLASS_NAMES = ("below 1 km", "1 to 5 km", "5 to 25 km", "25 to 100 km", "above 100 km", "not stated")


def agreement(links: Links) -> dict[str, Any]:
    """Over the pairs of one incident: counts of verdicts, quantiles of distance, the same by class of stated uncertainty."""
    same = np.flatnonzero(links.same)
    stated = np.maximum(links.events.radius_km[links.i[same]], links.events.radius_km[links.j[same]])
    number = np.where(np.isnan(stated), len(CLASS_NAMES) - 1, np.searchsorted(CLASSES_KM, stated, "right"))
    days = links.days[same]
    apart, times = np.unique(days[np.isfinite(days)].astype(int), return_counts=True)
    kinds = Counter(kind for at in same.tolist() for kind in {_kind(cause) for cause in links.causes.get(at, ())})
    return {
        "events": len(links.events),
        **_of(links, same),
        "days_apart": {str(some): n for some, n in zip(apart.tolist(), times.tolist(), strict=True)},
        "causes": dict(kinds.most_common()),
        "by_stated_uncertainty": {
            name: _of(links, same[number == n]) for n, name in enumerate(CLASS_NAMES) if (number == n).any()
        },
        "by_sources": dict(_by_sources(links, same)),
    }


def _by_sources(links: Links, same: Ints) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same for each two data sets, where these are few."""
    habits = Habits(links.events)
    if not habits.few or not len(same):
        return
    number = habits.of(links.i[same], links.j[same])
    found, first = np.unique(number, return_index=True)
    for habit, at in zip(found.tolist(), same[first].tolist(), strict=True):
        names = [str(links.records.source(int(end[at])) or links.events.ids[int(end[at])]) for end in (links.i, links.j)]
        yield " / ".join(sorted(names)), _of(links, same[number == habit])


def _of(links: Links, some: Ints) -> dict[str, Any]:
    far = links.far_km[some] * 1000
    far = far[np.isfinite(far)]
    verdicts = np.bincount(links.verdict[some], minlength=len(ORDER))
    told = int(verdicts[1:].sum())
    return {
        "pairs": len(some),
        "distance_m": {f"{q:.0%}": round(float(v)) for q, v in zip(QUANTILES, np.quantile(far, QUANTILES), strict=True)}
        if len(far)
        else {},
        "verdicts": {ORDER[code]: int(verdicts[code]) for code in np.argsort(-verdicts, kind="stable") if verdicts[code]},
        "share_consistent": round(float(verdicts[1:3].sum()) / told, 4) if told else None,
    }


KINDS = ("direction", "distances in the ratio", "another distance", "snapped to anchor", "announced", "share the point")


def _kind(cause: str) -> str:
    return next((kind for kind in KINDS if kind in cause), "other")


def in_words(told: Mapping[str, Any]) -> Iterator[str]:
    """The agreement for a person, a line each."""
    if not told["pairs"]:
        return
    yield f"{told['pairs']} pairs of accounts: {_line(told)}"
    if len(told["by_stated_uncertainty"]) > 1:
        for name, some in told["by_stated_uncertainty"].items():
            yield f"  stated uncertainty {name}: {some['pairs']} pairs, {_line(some)}"


def _line(told: Mapping[str, Any]) -> str:
    far = ", ".join(
        f"{share} within {metres / 1000:.1f} km" for share, metres in told["distance_m"].items() if share in ("50%", "90%")
    )
    share = "" if told["share_consistent"] is None else f"{told['share_consistent']:.0%} consistent"
    return ", ".join(part for part in (far, share) if part) or "no distances"
