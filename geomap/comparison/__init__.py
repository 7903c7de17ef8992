"""Do these sources speak of the same strike, and do they agree where? Pairs, incidents, verdicts, consensus."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap import geodesy
from geomap.comparison import agreement
from geomap.comparison.blocking import candidate_pairs
from geomap.comparison.clustering import Clusters, cluster
from geomap.comparison.consensus import RADIUS_90, Consensus, consensus
from geomap.comparison.events import Events, Floats, as_events
from geomap.comparison.named import placed_by_name
from geomap.comparison.notebook import notebook
from geomap.comparison.piles import Piles, disbelieve, notes, piles
from geomap.comparison.plot import agreement_svg
from geomap.comparison.results import CHUNK, Links, Records, filled, incident
from geomap.comparison.scoring import Scored, first_sigma_km, score

if TYPE_CHECKING:
    import geopandas
    import pandas as pd

__all__ = ["Comparison", "compare"]


def compare(rows: pd.DataFrame | Iterable[Mapping[str, Any]]) -> Comparison:
    """Compare events (rows with the columns of an event; any cell may be empty) and find which are one incident.

    At most one event of a party belongs to an incident: a party is a data set (its ``source``), or one report.
    """
    events = as_events(rows)
    found = piles(events)
    believed = disbelieve(events, found)
    sought = placed_by_name(believed)
    i, j = candidate_pairs(sought, first_sigma_km(sought))
    scored = score(sought, i, j)
    guessed = np.isnan(believed.lon) & np.isfinite(sought.lon)
    if guessed.any():  # no distance is told of a place that was not given
        scored = replace(scored, distance_km=np.where(guessed[i] | guessed[j], np.nan, scored.distance_km))
    return Comparison(believed, scored, cluster(believed, scored), found, tuple(notes(events, found, guessed)))


@dataclass(frozen=True)
class Comparison:
    """What was found: ``links`` (a row a pair), ``incidents`` (a row each) and ``assignments`` (a row an event)."""

    events: Events
    scored: Scored
    clusters: Clusters
    piles: Piles
    notes: tuple[str, ...]  # what was missing or doubtful in the tables

    @cached_property
    def numbers(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The incident of each event, numbered from 0 in the order of their first events."""
        _, first, inverse = np.unique(self.clusters.label, return_index=True, return_inverse=True)
        rank = np.empty(len(first), np.int64)
        rank[np.argsort(first)] = np.arange(len(first))
        return rank[inverse]

    @cached_property
    def names(self) -> list[str]:
        """Ids of the incidents: from the ids of their events, so that the same events give the same id."""
        by_id = np.argsort(self.events.ids.astype(str), kind="stable")
        order = by_id[np.argsort(self.numbers[by_id], kind="stable")]
        ids = [str(id_).encode("utf-8") + b"\0" for id_ in self.events.ids[order]]
        ends = np.flatnonzero(np.diff(self.numbers[order], append=-1)) + 1
        starts = np.concatenate([[0], ends[:-1]])
        return (
            [
                "inc-" + hashlib.sha256(b"".join(ids[start:end])).hexdigest()[:12]
                for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
            ]
            if len(ids)
            else []
        )

    def number_of(self, event_id: Any) -> int:
        """The number of the incident of an event."""
        return int(self.numbers[self._place_of[event_id]])

    @cached_property
    def _place_of(self) -> dict[Any, int]:
        return {id_: place for place, id_ in enumerate(self.events.ids.tolist())}

    @cached_property
    def consensus(self) -> Consensus:
        """Where and when each incident most likely was."""
        return consensus(self.events, self.scored.model.sigma_km(self.events), self.numbers)

    @cached_property
    def radius_km(self) -> Floats:
        """Radius about each event that holds 90 % of its own doubt, as learnt from the pairs."""
        return RADIUS_90 * self.scored.model.sigma_km(self.events)

    def assignments(self) -> Iterator[dict[str, Any]]:
        """One row an event: ``source, id, incident_id, confidence`` (the chance of its best link, or of having none)."""
        linked, none = self._confidences()
        alone = np.bincount(self.numbers)[self.numbers] == 1
        confidence = np.round(np.where(alone, none, linked), 4)
        for start in range(0, len(self.events), CHUNK):
            some = slice(start, start + CHUNK)
            rows = zip(self._records.sources.iloc[some], self.events.ids[some], self.numbers[some].tolist(),
                       confidence[some].tolist(), strict=True)  # fmt: skip
            for source, id_, number, sure in rows:
                yield {"source": filled(source), "id": id_, "incident_id": self.names[number], "confidence": sure}

    def _confidences(self) -> tuple[Floats, Floats]:
        linked, best = np.zeros(len(self.events)), np.zeros(len(self.events))
        same = self.numbers[self.scored.i] == self.numbers[self.scored.j]
        for end in (self.scored.i, self.scored.j):
            np.maximum.at(linked, end[same], self.scored.chance[same])
            np.maximum.at(best, end, self.scored.chance)
        return linked, 1 - best

    @cached_property
    def _records(self) -> Records:
        return Records(self.events)

    def links(self) -> Iterator[dict[str, Any]]:
        """One row a pair, strongest first: bits by field, distance, verdict, likely causes."""
        yield from self.pairs

    @cached_property
    def pairs(self) -> Links:
        """The pairs worth telling as columns."""
        return Links(self.events, self.scored, self.clusters, self.numbers, self._records, self.piles)

    def to_draw(self, most: int = 20_000) -> dict[str, list[dict[str, Any]]]:
        """What a map shows: the strongest links inside incidents, and the incidents of several accounts with regions."""
        told = np.flatnonzero(self.pairs.same | self.pairs.part_of)
        incidents = list(self.incidents())
        placed = [incident for incident in incidents if incident["lon"] is not None]
        if placed:
            lon, lat, radius = (np.array([incident[name] for incident in placed]) for name in ("lon", "lat", "uncertainty_m"))
            discs = geodesy.sectors(lon, lat, 0.0, radius, 0.0, 180.0)
            for incident, disc in zip(placed, discs, strict=True):
                incident["region"] = disc
        return {"links": list(self.pairs.some(told[:most])), "incidents": incidents}

    @cached_property
    def pairs_of(self) -> dict[int, list[int]]:
        """The places among the links of the pairs inside each incident, strongest first."""
        told: dict[int, list[int]] = {}
        for link in np.flatnonzero(self.pairs.same).tolist():
            told.setdefault(int(self.numbers[self.pairs.i[link]]), []).append(link)
        return told

    def incidents(self) -> Iterator[dict[str, Any]]:
        """One row an incident of several accounts: members, consensus, its 90 % radius, days, counts, the worst verdict."""
        told = self.pairs_of
        several = np.bincount(self.numbers)[self.numbers] > 1 if len(self.events) else np.zeros(0, bool)
        members: dict[int, list[int]] = {}
        for event in np.flatnonzero(several).tolist():
            members.setdefault(int(self.numbers[event]), []).append(event)
        for number, events in members.items():
            links = told.get(number, [])
            yield incident(self.names[number], number, events, links, self.pairs, self.consensus, self.radius_km)

    def agreement(self) -> dict[str, Any]:
        """The whole set in figures: distance quantiles, verdicts, share consistent, by class of stated uncertainty."""
        return agreement.agreement(self.pairs)

    def plot(self) -> str:
        """The agreement of the whole set as a picture, the text of an SVG file."""
        return agreement_svg(self.agreement())

    def to_geodataframe(self) -> geopandas.GeoDataFrame:
        """The events with ``incident_id`` and ``confidence``, as points."""
        import geopandas as gpd

        told = list(self.assignments())
        frame = self.events.frame.assign(**{name: [row[name] for row in told] for name in ("incident_id", "confidence")})
        return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(self.events.lon, self.events.lat), crs="EPSG:4326")

    def _repr_html_(self) -> str:
        """In a notebook: the agreement as a picture, what was missing, the incidents and the evidence behind each."""
        return notebook(self)
