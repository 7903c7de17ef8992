"""What a comparison found, as rows for people and files: links (pairs), incidents and the agreement of a whole set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.comparison import verdicts
from geomap.comparison.consensus import RADIUS_90, Consensus
from geomap.comparison.events import COUNTS, Events, Floats, Ints
from geomap.comparison.location import likeness
from geomap.comparison.piles import Piles
from geomap.comparison.scoring import FIELDS, Scored

if TYPE_CHECKING:
    from geomap.comparison.clustering import Clusters

ORDER = ("cannot_tell", "agree", "consistent", "tension", "contradiction")


class Records:
    """Rows of a table as dicts, made when asked for; empty cells left out."""

    def __init__(self, events: Events) -> None:
        self.columns = {str(name): events.frame[name].tolist() for name in events.frame.columns}
        self.sources = [_filled(value) for value in self.columns.get("source", [None] * len(events))]

    def __getitem__(self, index: int) -> dict[str, Any]:
        return {name: value for name, values in self.columns.items() if (value := values[index]) is not None and value == value}


class Links:
    """The pairs worth telling, strongest first: bits by field, distance, overlap of the 90 % regions, verdict, likely causes."""

    def __init__(self, events: Events, scored: Scored, clusters: Clusters, numbers: Ints, records: Records, piles: Piles) -> None:
        self.piles = piles
        self.events, self.scored, self.part_of, self.records = events, scored, clusters.part_of, records
        self.same = numbers[scored.i] == numbers[scored.j]
        kept = np.flatnonzero(self.same | clusters.part_of | (scored.total > 0))
        self.pairs = kept[np.argsort(-scored.total[kept], kind="stable")]
        i, j = scored.i[self.pairs], scored.j[self.pairs]
        self.radius = RADIUS_90 * scored.model.sigma_km(events)
        self.overlap = shared_disc(scored.distance_km[self.pairs], self.radius[i], self.radius[j])
        self.alike = likeness(events, i, j)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for place, pair in enumerate(self.pairs.tolist()):
            yield self._link(place, pair)

    def _link(self, place: int, pair: int) -> dict[str, Any]:
        scored, events, sources = self.scored, self.events, self.records.sources
        i, j = int(scored.i[pair]), int(scored.j[pair])
        far, days, alike = (float(values) for values in (scored.distance_km[pair], scored.days_apart[pair], self.alike[place]))
        likely = list(verdicts.causes(self.records[i], self.records[j])) if self.same[pair] or self.part_of[pair] else []
        where = verdicts.place_verdict(far, float(self.radius[i]), float(self.radius[j])) if np.isnan(alike) else ""
        verdict = verdicts.together(where or verdicts.phrase_verdict(alike), verdicts.day_verdict(days), likely)
        if verdict in ("tension", "contradiction"):
            likely += self._piled(i) + self._piled(j)
        overlap = self.overlap[place] if np.isnan(alike) else alike
        return {
            "a": events.ids[i], "a_source": sources[i], "b": events.ids[j], "b_source": sources[j],
            "log2_bayes_factor": round(float(scored.total[pair]), 3),
            "by_field": {name: round(float(scored.bits[name][pair]), 3) for name in FIELDS},
            "chance": round(float(scored.chance[pair]), 4),
            "distance_m": None if np.isnan(far) else round(far * 1000, 1),
            "days_apart": None if np.isnan(days) else int(days),
            "overlap": None if np.isnan(overlap) else round(float(overlap), 4),
            "verdict": verdict, "verdict_text": verdicts.IN_WORDS[verdict], "causes": likely,
            "relation": "same" if self.same[pair] else "part_of" if self.part_of[pair] else "rival",
            "a_lon": known(events.lon[i]), "a_lat": known(events.lat[i]),
            "b_lon": known(events.lon[j]), "b_lat": known(events.lat[j]),
        }  # fmt: skip

    def _piled(self, event: int) -> list[str]:
        pile = int(self.piles.of[event])
        if pile < 0:
            return []
        who = self.records.sources[event] or self.events.ids[event]
        kind = "a geocoder's fall-back?" if self.piles.fallback[pile] else "a centroid"
        return [f"{who}: {self.piles.size[pile]} events share the point on which it stands ({kind})"]


def shared_disc(far: Floats, one: Floats, other: Floats) -> Floats:
    """Share of the smaller of two discs that lies in the larger (radii and distance of centres in km)."""
    small, large = np.minimum(one, other), np.maximum(one, other)
    with np.errstate(invalid="ignore", divide="ignore"):
        near = np.clip((far**2 + small**2 - large**2) / (2 * far * small), -1, 1)
        wide = np.clip((far**2 + large**2 - small**2) / (2 * far * large), -1, 1)
        lens = small**2 * (np.arccos(near) - near * np.sqrt(1 - near**2)) + large**2 * (
            np.arccos(wide) - wide * np.sqrt(1 - wide**2)
        )
    share = np.where(far <= large - small, 1.0, np.where(far >= large + small, 0.0, lens / (np.pi * small**2)))
    return np.where(np.isnan(far), np.nan, share)


def incident(name: str, number: int, members: list[int], links: list[dict[str, Any]], found: Consensus, events: Events,
             records: Records, radius_km: Floats) -> dict[str, Any]:  # fmt: skip
    """One incident of several accounts: members, consensus, its 90 % radius, days, counts, the worst verdict, who stands apart."""
    verdict = max((link["verdict"] for link in links), key=ORDER.index, default="cannot_tell")
    odd = _outlier(members, events, radius_km) if verdict in ("tension", "contradiction") else None
    return {
        "incident_id": name,
        "members": [events.ids[event] for event in members],
        "sources": sorted({str(source) for event in members if (source := records.sources[event]) is not None}),
        "lon": known(found.lon[number]), "lat": known(found.lat[number]),
        "uncertainty_m": None if np.isnan(found.radius_km[number]) else round(float(found.radius_km[number]) * 1000),
        "date_earliest": iso(found.first[number]), "date_latest": iso(found.last[number]),
        "birge": round(float(found.birge[number]), 3),
        **_supported(events, members),
        "chance": round(float(np.mean([link["chance"] for link in links])), 4) if links else None,
        "verdict": verdict, "verdict_text": verdicts.IN_WORDS[verdict],
        "outlier": None if odd is None else events.ids[odd],
        "outlier_source": None if odd is None else records.sources[odd],
        "causes": sorted({cause for link in links for cause in link["causes"]}),
    }  # fmt: skip


def _outlier(members: list[int], events: Events, radius_km: Floats) -> int | None:
    """The account whose removal brings the others together: farthest from their middle, well beyond how they lie apart."""
    placed = [event for event in members if np.isfinite(events.lon[event])]
    if len(placed) < 3:
        return None
    xyz = events.xyz[placed]
    far = np.linalg.norm(xyz - np.median(xyz, axis=0), axis=1)
    worst = int(np.argmax(far))
    others = np.delete(far, worst)
    return placed[worst] if far[worst] > max(2 * float(np.median(others)), float(others.max()), 1.0) else None


def _supported(events: Events, members: list[int]) -> dict[str, Any]:
    """Of each count the range that most accounts allow (all such values), never an average."""
    told: dict[str, Any] = {}
    for name in COUNTS:
        low, high = (ends[members] for ends in events.counts[name])
        given = ~(np.isnan(low) & np.isnan(high))
        low, high = np.nan_to_num(low[given]), np.where(np.isnan(high[given]), np.inf, high[given])
        support = [int(np.count_nonzero((low <= value) & (high >= value))) for value in low]
        best = [value for value, times in zip(low, support, strict=True) if times == max(support)]
        # From each best supported low end the range reaches to the nearest upper end among those that allow it.
        tops = [float(high[(low <= value) & (high >= value)].min()) for value in best]
        told[f"{name}_min"] = int(min(best)) if best else None
        told[f"{name}_max"] = int(max(tops)) if tops and np.isfinite(max(tops)) else None
        told[f"{name}_support"] = f"{max(support)} of {len(support)}" if support else None
    return told


def known(value: float) -> float | None:
    """The number, or None where it is not known."""
    return None if np.isnan(value) else float(value)


def iso(day: float) -> str | None:
    """A day as ISO text, or None where it is not known."""
    return None if np.isnan(day) else str(np.datetime64(int(day), "D"))


def _filled(value: Any) -> Any:
    return None if value is None or value != value else value
