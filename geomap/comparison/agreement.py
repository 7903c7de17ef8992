"""How well do the sources agree as a whole? Quantiles of distance, shares of verdicts, by how precise the rows claim to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from geomap.comparison.events import Events

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
CLASSES_KM = (1.0, 5.0, 25.0, 100.0)  # of the vaguer radius of a pair
CLASS_NAMES = ("below 1 km", "1 to 5 km", "5 to 25 km", "25 to 100 km", "above 100 km", "not stated")


def agreement(events: Events, links: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Over the pairs of one incident: counts of verdicts, quantiles of distance, the same by class of stated uncertainty."""
    index = {id_: n for n, id_ in enumerate(events.ids.tolist())}
    same = [link for link in links if link["relation"] == "same"]
    classes: dict[str, list[Mapping[str, Any]]] = {name: [] for name in CLASS_NAMES}
    for link in same:
        radius = max(events.radius_km[index[link["a"]]], events.radius_km[index[link["b"]]])
        classes[CLASS_NAMES[-1 if np.isnan(radius) else int(np.searchsorted(CLASSES_KM, radius, "right"))]].append(link)
    return {
        "events": len(events),
        **_of(same),
        "days_apart": {str(days): n for days, n in sorted(Counter(link["days_apart"] for link in same).items())},
        "causes": dict(Counter(kind for link in same for kind in {_kind(cause) for cause in link["causes"]}).most_common()),
        "by_stated_uncertainty": {name: _of(some) for name, some in classes.items() if some},
    }


def _of(links: list[Mapping[str, Any]]) -> dict[str, Any]:
    far = [link["distance_m"] for link in links if link["distance_m"] is not None]
    verdicts = Counter(link["verdict"] for link in links)
    told = len(links) - verdicts["cannot_tell"]
    fine = verdicts["agree"] + verdicts["consistent"]
    return {
        "pairs": len(links),
        "distance_m": {f"{q:.0%}": round(float(v)) for q, v in zip(QUANTILES, np.quantile(far, QUANTILES), strict=True)}
        if far
        else {},
        "verdicts": dict(verdicts.most_common()),
        "share_consistent": round(fine / told, 4) if told else None,
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
