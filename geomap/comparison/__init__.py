"""Do these sources speak of the same strike, and do they agree where? Pairs, incidents, verdicts, consensus."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap import geodesy
from geomap.comparison.blocking import candidate_pairs
from geomap.comparison.clustering import Clusters, cluster
from geomap.comparison.consensus import RADIUS_90, Consensus, consensus
from geomap.comparison.events import Events, Floats, as_events
from geomap.comparison.results import Links, Records, incident
from geomap.comparison.scoring import Scored, first_sigma_km, score

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparison", "compare"]


def compare(rows: pd.DataFrame | Iterable[Mapping[str, Any]]) -> Comparison:
    """Compare events (rows with the columns of an event; any cell may be empty) and find which are one incident.

    At most one event of a party belongs to an incident: a party is a data set (its ``source``), or one report.
    """
    events = as_events(rows)
    i, j = candidate_pairs(events, first_sigma_km(events))
    scored = score(events, i, j)
    return Comparison(events, scored, cluster(events, scored))


@dataclass(frozen=True)
class Comparison:
    """What was found: ``links`` (a row a pair), ``incidents`` (a row each) and ``assignments`` (a row an event)."""

    events: Events
    scored: Scored
    clusters: Clusters

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
        digests = [hashlib.sha256() for _ in range(int(self.numbers.max(initial=-1)) + 1)]
        for event in np.argsort(self.events.ids.astype(str), kind="stable"):
            digests[self.numbers[event]].update(str(self.events.ids[event]).encode("utf-8") + b"\0")
        return ["inc-" + digest.hexdigest()[:12] for digest in digests]

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
        best, none = self._confidences()
        alone = np.bincount(self.numbers)[self.numbers] == 1
        sources = self._records.sources
        for event, number in enumerate(self.numbers.tolist()):
            yield {
                "source": sources[event],
                "id": self.events.ids[event],
                "incident_id": self.names[number],
                "confidence": round(float(none[event] if alone[event] else best[event]), 4),
            }

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
        yield from self._links

    @cached_property
    def _links(self) -> Links:
        return Links(self.events, self.scored, self.clusters, self.numbers, self._records)

    def to_draw(self, most: int = 20_000) -> dict[str, list[dict[str, Any]]]:
        """What a map shows: the strongest links inside incidents, and the incidents of several accounts with regions."""
        same = (link for link in self.links() if link["relation"] != "rival")
        incidents = list(self.incidents())
        placed = [incident for incident in incidents if incident["lon"] is not None]
        if placed:
            lon, lat, radius = (np.array([incident[name] for incident in placed]) for name in ("lon", "lat", "uncertainty_m"))
            discs = geodesy.sectors(lon, lat, 0.0, radius, 0.0, 180.0)
            for incident, disc in zip(placed, discs, strict=True):
                incident["region"] = disc
        return {"links": list(islice(same, most)), "incidents": incidents}

    def incidents(self) -> Iterator[dict[str, Any]]:
        """One row an incident of several accounts: members, consensus, its 90 % radius, days, counts, the worst verdict."""
        number_of = dict(zip(self.events.ids.tolist(), self.numbers.tolist(), strict=True))
        told: dict[int, list[dict[str, Any]]] = {}
        for link in self._links:
            if link["relation"] == "same":
                told.setdefault(number_of[link["a"]], []).append(link)
        several = np.bincount(self.numbers)[self.numbers] > 1 if len(self.events) else np.zeros(0, bool)
        members: dict[int, list[int]] = {}
        for event in np.flatnonzero(several).tolist():
            members.setdefault(int(self.numbers[event]), []).append(event)
        for number, events in members.items():
            yield incident(
                self.names[number],
                number,
                events,
                told.get(number, []),
                self.consensus,
                self.events,
                self._records,
                self.radius_km,
            )
