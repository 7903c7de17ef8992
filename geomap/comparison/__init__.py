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
from geomap.comparison import verdicts
from geomap.comparison.blocking import candidate_pairs
from geomap.comparison.clustering import Clusters, cluster
from geomap.comparison.consensus import RADIUS_90, Consensus, consensus
from geomap.comparison.events import Events, Floats, as_events
from geomap.comparison.scoring import FIELDS, Model, Scored, score

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparison", "compare"]


def compare(rows: pd.DataFrame | Iterable[Mapping[str, Any]]) -> Comparison:
    """Compare events (rows with the columns of an event; any cell may be empty) and find which are one incident.

    At most one event of a party belongs to an incident: a party is a data set (its ``source``), or one report.
    """
    events = as_events(rows)
    model = Model()
    i, j = candidate_pairs(events, model.sigma_km(events))
    scored = score(events, i, j, model)
    return Comparison(events, scored, cluster(events, scored), model)


@dataclass(frozen=True)
class Comparison:
    """What was found: ``links`` (a row a pair), ``incidents`` (a row each) and ``assignments`` (a row an event)."""

    events: Events
    scored: Scored
    clusters: Clusters
    model: Model

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
        return consensus(self.events, self.model.sigma_km(self.events), self.numbers)

    @cached_property
    def radius_km(self) -> Floats:
        """Radius about each event that holds 90 % of its own doubt, as learnt from the pairs."""
        return RADIUS_90 * self.model.sigma_km(self.events)

    def assignments(self) -> Iterator[dict[str, Any]]:
        """One row an event: ``source, id, incident_id, confidence`` (the chance of its best link, or of having none)."""
        best, none = self._confidences()
        alone = np.bincount(self.numbers)[self.numbers] == 1
        sources = self._column("source")
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

    @property
    def kept(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Pairs worth telling: one incident, a part of one, or more likely than not but for a rival."""
        same = self.numbers[self.scored.i] == self.numbers[self.scored.j]
        return np.flatnonzero(same | self.clusters.part_of | (self.scored.total > 0))

    def links(self) -> Iterator[dict[str, Any]]:
        """One row a pair, strongest first: bits by field, distance, verdict, likely causes."""
        kept = self.kept
        records = _Rows(self.events.frame)
        sources = self._column("source")
        for pair in kept[np.argsort(-self.scored.total[kept], kind="stable")].tolist():
            yield self._link(pair, records, sources)

    def _link(self, pair: int, records: _Rows, sources: list[Any]) -> dict[str, Any]:
        i, j = int(self.scored.i[pair]), int(self.scored.j[pair])
        far = float(self.scored.distance_km[pair])
        place = verdicts.place_verdict(far, float(self.radius_km[i]), float(self.radius_km[j]))
        verdict = verdicts.together(place, verdicts.day_verdict(float(self.scored.days_apart[pair])))
        same = bool(self.numbers[i] == self.numbers[j])
        likely = list(verdicts.causes(records[i], records[j])) if same else []
        snapped = any("snapped to anchor" in cause for cause in likely)
        return {
            "a": self.events.ids[i], "a_source": sources[i], "b": self.events.ids[j], "b_source": sources[j],
            "log2_bayes_factor": round(float(self.scored.total[pair]), 3),
            "by_field": {name: round(float(self.scored.bits[name][pair]), 3) for name in FIELDS},
            "chance": round(float(self.scored.chance[pair]), 4),
            "distance_m": None if np.isnan(far) else round(far * 1000, 1),
            "days_apart": None if np.isnan(self.scored.days_apart[pair]) else int(self.scored.days_apart[pair]),
            "verdict": "consistent" if snapped and verdict in ("tension", "contradiction") else verdict,
            "causes": likely,
            "relation": "part_of" if self.clusters.part_of[pair] and not same else "same" if same else "rival",
            "a_lon": _known(self.events.lon[i]), "a_lat": _known(self.events.lat[i]),
            "b_lon": _known(self.events.lon[j]), "b_lat": _known(self.events.lat[j]),
        }  # fmt: skip

    def _column(self, name: str) -> list[Any]:
        frame = self.events.frame
        if name not in frame.columns:
            return [None] * len(frame)
        return [None if value is None or value != value else value for value in frame[name].tolist()]

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
        """One row an incident of several accounts: members, consensus, its 90 % radius, days, the worst verdict."""
        worst: dict[int, str] = {}
        order = ["agree", "consistent", "cannot_tell", "tension", "contradiction"]
        for link in self.links():
            if link["relation"] == "same":
                number = self._number_of[link["a"]]
                worst[number] = max(worst.get(number, "agree"), link["verdict"], key=order.index)
        members: dict[int, list[int]] = {}
        for event, number in enumerate(self.numbers.tolist()):
            members.setdefault(number, []).append(event)
        for number, events in members.items():
            if len(events) > 1:
                yield self._incident(number, events, worst.get(number, "cannot_tell"))

    @cached_property
    def _number_of(self) -> dict[str, int]:
        return dict(zip(self.events.ids.tolist(), self.numbers.tolist(), strict=True))

    def _incident(self, number: int, events: list[int], verdict: str) -> dict[str, Any]:
        found = self.consensus
        return {
            "incident_id": self.names[number],
            "members": [self.events.ids[event] for event in events],
            "sources": sorted({str(source) for event in events if (source := self._column("source")[event]) is not None}),
            "lon": _known(found.lon[number]), "lat": _known(found.lat[number]),
            "uncertainty_m": None if np.isnan(found.radius_km[number]) else round(float(found.radius_km[number]) * 1000),
            "date_earliest": _iso(found.first[number]), "date_latest": _iso(found.last[number]),
            "birge": round(float(found.birge[number]), 3),
            "verdict": verdict, "verdict_text": verdicts.IN_WORDS[verdict],
        }  # fmt: skip


class _Rows:
    """Rows of a frame as dicts, made when asked for."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.columns = {name: frame[name].tolist() for name in frame.columns}

    def __getitem__(self, index: int) -> dict[str, Any]:
        return {name: value for name, values in self.columns.items() if (value := values[index]) is not None and value == value}


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _iso(day: float) -> str | None:
    return None if np.isnan(day) else str(np.datetime64(int(day), "D"))
