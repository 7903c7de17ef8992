"""What a comparison found, as rows for people and files: links (pairs), incidents and the agreement of a whole set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.comparison import verdicts
from geomap.comparison.consensus import RADIUS_90, Consensus
from geomap.comparison.events import COUNTS, Events, Floats, Ints, column
from geomap.comparison.location import likeness
from geomap.comparison.piles import Piles
from geomap.comparison.scoring import FIELDS, Scored

if TYPE_CHECKING:
    from geomap.comparison.clustering import Clusters

CHUNK = 20_000  # pairs told at once


class Records:
    """What the causes of a disagreement are read from: the columns of phrases and days, as far as the table has them."""

    COLUMNS = ("lat", "lon", "anchor_id", "anchor_name", "anchor_lat", "anchor_lon", "distance_m", "bearing_deg",
               "date_earliest", "date_latest", "reported_earliest", "georeference_remarks")  # fmt: skip

    def __init__(self, events: Events) -> None:
        self.columns = {name: events.frame[name].array for name in self.COLUMNS if name in events.frame}
        self.sources = column(events.frame, "source")
        told = [column(events.frame, name).notna().to_numpy(dtype=bool) for name in ("distance_m", "reported_earliest")]
        self.talks = told[0] | told[1]  # of a distance or of an announcement

    def __getitem__(self, index: int) -> dict[str, Any]:
        found = {name: value for name, values in self.columns.items() if (value := values[index]) is not None and value == value}
        return found | {"source": self.source(index)}

    def source(self, index: int) -> Any:
        """Who says so, or None."""
        value = self.sources.iat[index]
        return None if value is None or value != value else value


class Links:
    """The pairs worth telling, strongest first: bits by field, distance, overlap of the 90 % regions, verdict, likely causes."""

    def __init__(self, events: Events, scored: Scored, clusters: Clusters, numbers: Ints, records: Records, piles: Piles) -> None:
        self.piles, self.events, self.scored, self.records = piles, events, scored, records
        same = numbers[scored.i] == numbers[scored.j]
        kept = np.flatnonzero(same | clusters.part_of | (scored.total > 0))
        self.pairs = kept[np.argsort(-scored.total[kept], kind="stable")]
        self.same, self.part_of = same[self.pairs], clusters.part_of[self.pairs]
        self.i, self.j = scored.i[self.pairs], scored.j[self.pairs]
        self.far_km, self.days = scored.distance_km[self.pairs], scored.days_apart[self.pairs]
        radius = RADIUS_90 * scored.model.sigma_km(events)
        alike = likeness(events, self.i, self.j)
        self.overlap = np.where(np.isnan(alike), shared_disc(self.far_km, radius[self.i], radius[self.j]), alike)
        by_disc = verdicts.place_verdicts(self.far_km, radius[self.i], radius[self.j])
        self.place = np.where(np.isnan(alike), by_disc, verdicts.phrase_verdicts(alike))
        self._judge()

    def _judge(self) -> None:
        """The verdict of each pair (a place in ``verdicts.ORDER``), and the causes of those that have any."""
        day = verdicts.day_verdicts(self.days)
        self.verdict = np.where(self.place == 0, 0, np.maximum(self.place, day)).astype(np.int8)
        self.causes: dict[int, list[str]] = {}
        talks = (self.records.talks[self.i] | self.records.talks[self.j]) & (self.same | self.part_of)
        for at in np.flatnonzero(talks).tolist():
            likely = list(verdicts.causes(self.records[int(self.i[at])], self.records[int(self.j[at])]))
            if likely:
                self.causes[at] = likely
                self.verdict[at] = verdicts.together(int(self.place[at]), int(day[at]), likely)
        piled = (self.piles.of[self.i] >= 0) | (self.piles.of[self.j] >= 0)
        for at in np.flatnonzero(piled & (self.verdict >= verdicts.TENSION)).tolist():
            self.causes[at] = self.causes.get(at, []) + self._piled(int(self.i[at])) + self._piled(int(self.j[at]))

    def __len__(self) -> int:
        return len(self.pairs)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.some(np.arange(len(self.pairs)))

    def some(self, at: Ints) -> Iterator[dict[str, Any]]:
        """The rows of some pairs, a chunk of columns at a time."""
        for start in range(0, len(at), CHUNK):
            yield from self._rows(at[start : start + CHUNK])

    def _rows(self, at: Ints) -> Iterator[dict[str, Any]]:
        scored, events, pair = self.scored, self.events, self.pairs[at]
        i, j = self.i[at], self.j[at]
        bits = [np.round(scored.bits[name][pair].astype(float), 3).tolist() for name in FIELDS]
        relation = np.where(self.same[at], "same", np.where(self.part_of[at], "part_of", "rival")).tolist()
        columns = zip(
            at.tolist(), events.ids[i], self.records.sources.take(i).tolist(), events.ids[j], self.records.sources.take(j).tolist(),
            np.round(scored.total[pair], 3).tolist(), zip(*bits, strict=True), np.round(scored.chance[pair], 4).tolist(),
            np.round(self.far_km[at] * 1000, 1).tolist(), self.days[at].tolist(), np.round(self.overlap[at], 4).tolist(),
            self.verdict[at].tolist(), relation, events.lon[i].tolist(), events.lat[i].tolist(), events.lon[j].tolist(),
            events.lat[j].tolist(), strict=True,
        )  # fmt: skip
        for n, a, a_source, b, b_source, total, by_field, chance, far, days, overlap, code, kind, lon, lat, lon_b, lat_b in columns:
            verdict = verdicts.ORDER[code]
            yield {
                "a": a, "a_source": filled(a_source), "b": b, "b_source": filled(b_source), "log2_bayes_factor": total,
                "by_field": dict(zip(FIELDS, by_field, strict=True)), "chance": chance, "distance_m": filled(far),
                "days_apart": None if days != days else int(days), "overlap": filled(overlap),
                "verdict": verdict, "verdict_text": verdicts.IN_WORDS[verdict], "causes": self.causes.get(n, []),
                "relation": kind, "a_lon": filled(lon), "a_lat": filled(lat), "b_lon": filled(lon_b), "b_lat": filled(lat_b),
            }  # fmt: skip

    def _piled(self, event: int) -> list[str]:
        pile = int(self.piles.of[event])
        if pile < 0:
            return []
        who = self.records.source(event) or self.events.ids[event]
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


def incident(name: str, number: int, members: list[int], told: list[int], links: Links, found: Consensus,
             radius_km: Floats) -> dict[str, Any]:  # fmt: skip
    """One incident of several accounts: members, consensus, its 90 % radius, days, counts, the worst verdict, who stands apart.

    ``told`` are the links among its members.
    """
    events, records = links.events, links.records
    code = int(links.verdict[told].max()) if told else 0
    verdict = verdicts.ORDER[code]
    odd = _outlier(members, events, radius_km) if code >= verdicts.TENSION else None
    return {
        "incident_id": name,
        "members": [events.ids[event] for event in members],
        "sources": sorted({str(source) for event in members if (source := records.source(event)) is not None}),
        "lon": filled(float(found.lon[number])), "lat": filled(float(found.lat[number])),
        "uncertainty_m": None if np.isnan(found.radius_km[number]) else round(float(found.radius_km[number]) * 1000),
        "date_earliest": iso(found.first[number]), "date_latest": iso(found.last[number]),
        "birge": round(float(found.birge[number]), 3),
        **_supported(events, members),
        "chance": round(float(links.scored.chance[links.pairs[told]].mean()), 4) if told else None,
        "verdict": verdict, "verdict_text": verdicts.IN_WORDS[verdict],
        "outlier": None if odd is None else events.ids[odd],
        "outlier_source": None if odd is None else records.source(odd),
        "causes": sorted({cause for link in told for cause in links.causes.get(link, ())}),
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


def iso(day: float) -> str | None:
    """A day as ISO text, or None where it is not known."""
    return None if np.isnan(day) else str(np.datetime64(int(day), "D"))


def filled(value: Any) -> Any:
    """The value, or None where it is not known."""
    return None if value is None or value != value else value
