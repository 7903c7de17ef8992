"""How well and how fast accounts are linked: simulated compilations of many kinds, and large tables.

python tests/bench/bench_comparison.py [quality|speed|regions|splink] [--seeds N] [--events N]
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from simulate_compilations import REGIMES, simulate

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
    means = []
    for name, regime in REGIMES.items():
        found, fixed = [], []
        for seed in range(seeds):
            rows, truth = simulate(regime, seed)
            source = {row["id"]: row["source"] for row in rows}
            label = {row["id"]: row["incident_id"] for row in compare(rows).assignments()}
            found.append(scores(truth, label, source))
            if seed == 0:
                windows = [scores(truth, window(rows, km, days), source) for km in (3, 15, 40, 100) for days in (0, 1, 2)]
                fixed.append(max(windows))
        mean = np.mean(found, axis=0)
        means.append(mean)
        best = np.mean(fixed, axis=0)
        print(f"{name:14s} F1 {mean[0]:.3f} B3 {mean[1]:.3f}   best fixed window {best[0]:.3f} {best[1]:.3f}", flush=True)
    print(f"{'mean':14s} F1 {np.mean(means, axis=0)[0]:.3f} B3 {np.mean(means, axis=0)[1]:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", default="quality")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--events", type=int, default=100_000)
    asked = parser.parse_args()
    start = time.process_time()
    {"quality": lambda: quality(asked.seeds)}[asked.what]()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{time.process_time() - start:.1f} s CPU, peak {peak:.2f} GB")
