"""This comparison and Splink 5 side by side, on the same simulated tables, in one run (pip install splink first).

python tests/bench/bench_splink.py [--seeds N] [--only NAME ...]

Splink gets what suits it: levels of distance (in shares of the two stated radii where both are stated, else km), of days, of
deaths as ranges, Jaro-Winkler on names with term frequencies, u from random pairs, m from two sessions of expectation
maximisation with different blocking, one event a source in its clusters; all pairs within four days are candidates. It is shown
three times: at the usual threshold of .5; at the best of eight thresholds chosen with the truth in hand; and so again with its m
learnt from the truth itself, which is the most that its model can give. Ours is given no truth.
"""

from __future__ import annotations

import argparse
import logging
import time
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import simulate_compilations
import simulate_theatres
from bench_comparison import scores

from geomap.comparison import compare
from geomap.folding import fold

THRESHOLDS = (0.5, 0.05, 0.2, 0.8, 0.95, 0.99, 0.999, 0.9999)
WHO = ("ours", "Splink .5", "its best", "taught")
KM = ("2 * 6371 * asin(sqrt(least(1, pow(sin(radians(lat_r - lat_l) / 2), 2) + cos(radians(lat_l)) * cos(radians(lat_r))"
      " * pow(sin(radians(lon_r - lon_l) / 2), 2))))")  # fmt: skip
SHARE = f"({KM}) * 1000 / sqrt(pow(radius_l, 2) + pow(radius_r, 2))"
GAP = "greatest(0, first_l - last_r, first_r - last_l)"
APART = "greatest(0, low_l - high_r, low_r - high_l)"


def splink(rows: list[dict[str, Any]], truth: Mapping[str, int] | None = None) -> list[dict[str, Any]]:
    """Labels of the rows at each threshold; with the truth, m is learnt from it."""
    from splink import DuckDBAPI, Linker, SettingsCreator

    frame = _table(rows)
    frame["truth"] = [None if truth is None else str(truth[row["id"]]) for row in rows]
    stated = bool(frame["radius"].notna().all())
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="unique_id",
        blocking_rules_to_generate_predictions=_rules(),
        comparisons=_comparisons(frame, stated),
        retain_intermediate_calculation_columns=False,
        max_iterations=12,  # with more, a level that no likely pair reaches underflows and Splink stops
    )
    api = DuckDBAPI()
    sources = sorted(frame["source"].unique())
    tables = [
        api.register(frame[frame["source"] == source].drop(columns="source"), dataset_display_name=f"t{n}")
        for n, source in enumerate(sources)
    ]
    linker = Linker(tables, settings, log_level=logging.ERROR)
    training = linker.training
    training.estimate_probability_two_random_records_match([f"l.first = r.first and {_sided(KM)} < 10"], recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    if truth is None:
        training.estimate_parameters_using_expectation_maximisation("l.first = r.first")
        training.estimate_parameters_using_expectation_maximisation("round(l.lat) = round(r.lat) and round(l.lon) = round(r.lon)")
    else:
        training.estimate_m_from_label_column("truth")
    pairs = linker.inference.predict(threshold_match_probability=0.01)
    labels = []
    for threshold in THRESHOLDS:
        found = linker.clustering.cluster_using_single_best_links(
            pairs, duplicate_free_datasets=[f"t{n}" for n in range(len(sources))], threshold_match_probability=threshold
        ).as_pandas_dataframe()
        labels.append(dict(zip(found["unique_id"], found["cluster_id"], strict=True)))
    return labels


def _sided(sql: str) -> str:
    """The same with l.lat for lat_l, as rules have it."""
    for name in ("lat", "lon"):
        sql = sql.replace(f"{name}_l", f"l.{name}").replace(f"{name}_r", f"r.{name}")
    return sql


def _rules() -> list[str]:
    """All pairs whose first or last days lie within four days of each other, and those of like month."""
    return [f"l.{end} = r.{end} + {days}" for days in range(-4, 5) for end in ("first", "last")]


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    day = {end: [int(np.datetime64(row[f"date_{name}"]).astype(int)) for row in rows] for end, name in (("first", "earliest"), ("last", "latest"))}
    place = [fold(row["place"]) if row.get("place") else None for row in rows]
    return pd.DataFrame(
        {
            "unique_id": [row["id"] for row in rows], "source": [row["source"] for row in rows], **day,
            "lat": pd.to_numeric(pd.Series([row["lat"] for row in rows])), "lon": pd.to_numeric(pd.Series([row["lon"] for row in rows])),
            "radius": pd.to_numeric(pd.Series([row.get("uncertainty_m") for row in rows])),
            "low": pd.to_numeric(pd.Series([row.get("killed_min") for row in rows])),
            "high": pd.to_numeric(pd.Series([row.get("killed_max") for row in rows])),
            "type": [row.get("event_type") for row in rows], "actor": [row.get("actor") for row in rows], "place": place,
        }
    )  # fmt: skip


def _comparisons(frame: pd.DataFrame, stated: bool) -> list[Any]:
    import splink.comparison_library as cl

    by_share = [f"{SHARE} <= {times}" for times in (0.5, 1, 1.5, 2.5, 5)]
    by_km = [f"{KM} <= {km}" for km in (2, 6, 15, 35, 80)]
    found = [
        _levels("distance", "lat_l is null or lat_r is null", by_share if stated else by_km),
        _levels("days", "first_l is null or first_r is null", [f"{GAP} <= {days}" for days in (0, 1, 2)]),
    ]
    if frame["low"].notna().any():
        near = [f"{APART} <= {more}" for more in ("0", "1", "0.35 * greatest(low_l, low_r)", "0.7 * greatest(low_l, low_r)")]
        found.append(_levels("deaths", "low_l is null or low_r is null", near))
    for name in ("type", "actor"):
        if frame[name].nunique() > 1:
            found.append(cl.ExactMatch(name).configure(term_frequency_adjustments=True))
    if frame["place"].nunique() > 1:
        found.append(cl.JaroWinklerAtThresholds("place", [0.93, 0.85, 0.75]).configure(term_frequency_adjustments=True))
    return found


def _levels(name: str, unknown: str, conditions: Sequence[str]) -> Any:
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    levels = [cll.CustomLevel(unknown, "unknown").configure(is_null_level=True)]
    levels += [cll.CustomLevel(condition, condition[-24:]) for condition in conditions]
    return cl.CustomComparison(output_column_name=name, comparison_levels=[*levels, cll.ElseLevel()])


def side_by_side(name: str, rows: list[dict[str, Any]], truth: Mapping[str, int]) -> list[Any]:
    """Prints one line: F1 and B-cubed of ours and of Splink (see above), and what each took."""
    source = {row["id"]: row["source"] for row in rows}
    start = time.process_time()
    ours = scores(truth, {row["id"]: row["incident_id"] for row in compare(rows).assignments()}, source)
    between = time.process_time()
    theirs = [scores(truth, {**{id_: id_ for id_ in truth}, **label}, source) for label in splink(rows)]
    took = (between - start, time.process_time() - between)
    taught = [scores(truth, {**{id_: id_ for id_ in truth}, **label}, source) for label in splink(rows, truth)]
    found = [ours, theirs[0], max(theirs), max(taught)]
    told = "   ".join(f"{who} {pair[0]:.3f} {pair[1]:.3f}" for who, pair in zip(WHO, found, strict=True))
    print(f"{name:17s} {len(rows):5d} rows   {told}   CPU {took[0]:.1f} s, {took[1]:.1f} s", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", nargs="*")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    found = []
    for simulator, kinds in ((simulate_theatres, simulate_theatres.THEATRES), (simulate_compilations, simulate_compilations.REGIMES)):
        for name, kind in kinds.items():
            for seed in range(asked.seeds):
                if not asked.only or name in asked.only:
                    found.append(side_by_side(name, *simulator.simulate(kind, seed)))
    means = np.mean(found, axis=0)
    print("mean: " + "   ".join(f"{who} {a:.3f} {b:.3f}" for who, (a, b) in zip(WHO, means, strict=True)))


if __name__ == "__main__":
    main()
