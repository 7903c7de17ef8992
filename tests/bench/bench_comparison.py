"""How well and how fast accounts are linked: simulated compilations of many kinds, and large tables.

python tests/bench/bench_comparison.py [quality|speed|regions] [--seeds N] [--events N]
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import simulate_compilations
import simulate_theatres

from geomap.comparison import compare


def scores(truth: Mapping[str, int], label: Mapping[str, Any], source: Mapping[str, str]) -> tuple[float, float]:
    """Pairwise F1 over pairs of different sources, and B-cubed F1."""

    def pairs(keys: Sequence[Any]) -> int:
        whole = sum(n * (n - 1) // 2 for n in Counter(key for key, _ in keys).values())
        return whole - sum(n * (n - 1) // 2 for n in Counter(keys).values())

    ids = list(truth)
    right = pairs([((truth[i], label[i]), source[i]) for i in ids])
    told, true = pairs([(label[i], source[i]) for i in ids]), pairs([(truth[i], source[i]) for i in ids])
    of_truth, of_label = Counter(truth.values()), Counter(label[i] for i in ids)
    both = Counter((truth[i], label[i]) for i in ids)
    precision = np.mean([both[truth[i], label[i]] / of_label[label[i]] for i in ids])
    recall = np.mean([both[truth[i], label[i]] / of_truth[truth[i]] for i in ids])
    return 2 * right / max(told + true, 1), float(2 * precision * recall / (precision + recall))


def window(rows: list[dict[str, Any]], km: float, days: int) -> dict[str, int]:
    """The anchor: what one fixed window joins, nearest first, one a source."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    lat, lon = (np.array([np.nan if r[k] is None else r[k] for r in rows], float) for k in ("lat", "lon"))
    day = np.array([np.datetime64(r["date_earliest"]).astype(int) for r in rows])
    source = np.array([r["source"] for r in rows])
    far = np.hypot(lat[:, None] - lat, (lon[:, None] - lon) * np.cos(np.radians(lat))) * 111.2
    near = (far <= km) & (np.abs(day[:, None] - day) <= days) & (source[:, None] != source)
    # mutual nearest neighbours by source pair, days first
    cost = np.where(near, np.abs(day[:, None] - day) * 1000 + far, np.inf)
    keep = np.zeros_like(near)
    for one in set(source):
        for other in set(source) - {one}:
            a, b = np.flatnonzero(source == one), np.flatnonzero(source == other)
            part = cost[np.ix_(a, b)]
            best = part.argmin(axis=1)
            mutual = (part.argmin(axis=0)[best] == np.arange(len(a))) & np.isfinite(part[np.arange(len(a)), best])
            keep[a[mutual], b[best[mutual]]] = True
    label = connected_components(coo_matrix(keep), directed=False)[1]
    return {r["id"]: int(k) for r, k in zip(rows, label, strict=True)}


def quality(seeds: int) -> None:
    """Each kind of campaign: this comparison against the best of fixed windows (chosen with the truth in hand)."""
    for simulator, kinds in (
        (simulate_compilations, simulate_compilations.REGIMES),
        (simulate_theatres, simulate_theatres.THEATRES),
    ):
        means = []
        for name, kind in kinds.items():
            found = []
            for seed in range(seeds):
                rows, truth = simulator.simulate(kind, seed)
                source = {row["id"]: row["source"] for row in rows}
                label = {row["id"]: row["incident_id"] for row in compare(rows).assignments()}
                found.append(scores(truth, label, source))
                if seed == 0:
                    best = max(scores(truth, window(rows, km, days), source) for km in (3, 15, 40, 100, 300) for days in (0, 1, 2))
            means.append(np.mean(found, axis=0))
            print(f"{name:16s} F1 {means[-1][0]:.3f} B3 {means[-1][1]:.3f}   best fixed window {best[0]:.3f} {best[1]:.3f}", flush=True)
        print("{:16s} F1 {:.3f} B3 {:.3f}".format("mean", *np.mean(means, axis=0)))


def regions(seeds: int) -> None:
    """Do 90 % regions hold the truth nine times in ten, when sources state their doubt honestly, understate it, or not at all?"""
    for name in ("honest", "understated", "one understates", "unstated", "gross errors"):
        inside = total = 0
        for seed in range(seeds):
            rows, truth = _scattered(name, seed)
            for incident in compare(rows).incidents():
                strikes = {int(member[1:]) for member in incident["members"]}
                if len(strikes) == 1:
                    lat, lon = truth[strikes.pop()]
                    off = np.hypot(incident["lat"] - lat, (incident["lon"] - lon) * np.cos(np.radians(lat))) * 111.195
                    inside, total = inside + (off * 1000 <= incident["uncertainty_m"]), total + 1
        print(f"{name:16s} {inside / total:.3f} of {total} regions hold the truth", flush=True)


def _scattered(kind: str, seed: int) -> tuple[list[dict[str, Any]], dict[int, tuple[float, float]]]:
    """Strikes told by three sources whose scatter is 1 to 10 km an axis; an honest radius is twice that."""
    rng = np.random.default_rng(seed)
    rows, truth = [], {}
    for strike in range(400):
        lat, lon = rng.uniform(0, 20, 2)
        truth[strike] = (lat, lon)
        day = str(np.datetime64("2015-01-01") + 3 * strike)
        for source in "ABC":
            sigma = float(rng.choice([1.0, 3.0, 10.0]))
            stated = {"understated": 0.5, "one understates": 0.25 if source == "A" else 1.0}.get(kind, 1.0)
            wrong = 40.0 if kind == "gross errors" and rng.random() < 0.05 else 0.0
            north, east = rng.normal(0, np.hypot(sigma, wrong), 2) / 111.195
            rows.append({
                "id": f"{source}{strike}", "source": source, "date_earliest": day, "date_latest": day,
                "lat": lat + north, "lon": lon + east / np.cos(np.radians(lat)),
                "uncertainty_m": None if kind == "unstated" else 2000 * sigma * stated,
            })  # fmt: skip
    return rows, truth


def speed(events: int) -> None:
    """A large table of four sources, with the time of each part."""
    import pandas as pd

    frame = pd.DataFrame(_large(events))
    start = time.process_time()
    found = compare(frame)
    took = time.process_time() - start
    joined = sum(1 for _ in found.assignments())
    print(
        f"{joined} events, {len(found.scored.i)} candidate pairs: {took:.1f} s CPU, {took / joined * 1e6:.0f} microseconds an event"
    )


def _large(events: int) -> dict[str, Any]:
    """Columns of four sources that tell the same strikes with some scatter, a hundred strikes a day over a subcontinent."""
    rng = np.random.default_rng(0)
    strikes = int(events / 2.6)
    side, days = (10, 1095) if events <= 200_000 else (25, 10_950)
    lat, lon, day = rng.uniform(0, side, strikes), rng.uniform(0, side, strikes), rng.integers(0, days, strikes)
    dead, kind = rng.poisson(4, strikes), rng.integers(0, 4, strikes)
    told = [np.flatnonzero(rng.random(strikes) < 0.65) for _ in range(4)]
    strike, source = np.concatenate(told), np.repeat(np.arange(4), [len(t) for t in told])
    sigma = rng.choice([0.7, 2.0], len(strike))
    when = (np.datetime64("1990-01-01") + day[strike] + rng.choice([0, 0, 0, 1], len(strike))).astype(str)
    return {
        "id": [f"s{s}-{k}" for s, k in zip(source, strike, strict=True)], "source": [f"s{s}" for s in source],
        "date_earliest": when, "date_latest": when,
        "lat": lat[strike] + rng.normal(0, 1, len(strike)) * sigma / 111, "lon": lon[strike] + rng.normal(0, 1, len(strike)) * sigma / 111,
        "uncertainty_m": sigma * 1000, "event_type": np.array(["air strike", "shelling", "raid", "bombing"])[kind[strike]],
        "actor": np.array(["US forces", "Coalition", "unknown"])[rng.integers(0, 3, len(strike))],
        "killed_min": dead[strike], "killed_max": dead[strike] + 1,
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", default="quality")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--events", type=int, default=100_000)
    asked = parser.parse_args()
    start = time.process_time()
    if asked.what == "speed":
        speed(asked.events)
    else:
        {"quality": quality, "regions": regions}[asked.what](asked.seeds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{time.process_time() - start:.1f} s CPU, peak {peak:.2f} GB")
