"""Learn what a score must be to mean a probability, on corpora with coordinates, and say how well it holds on each when learnt on the others.

    PYTHONPATH=. python tests/bench/fit_scores.py [CORPUS.jsonl[.gz]...] [--pull 2] [--limit N]

Every name that has a place in a corpus is resolved, once as geomap finds it and once with its span given; whether the choice
lies within reach (161 km or the gold's box) is what the logistic curve of geomap/resolution/sureness.py shall tell. Corpora
count alike, however long, and a name that a corpus repeats counts as the root of its mentions: one gold place far from the
true one shall not spoil a set of tweets. For each corpus: the share kept and the share right at scores .5, .7 and .9, and the expected
calibration error (ECE: 0 where the score is the probability), with the weights in use, and with those learnt on the other
corpora. At the end the weights learnt on all are printed. Our own texts of tests/cases always take part.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import bench_geoparse as bench
import numpy as np

from geomap.annotation import load_language
from geomap.annotation.toponyms import find_in
from geomap.cli.geoparse import _exactly
from geomap.gazetteer import Lookup, open_gazetteer
from geomap.model import Report, Resolution, Span
from geomap.resolution import choosing, resolve
from geomap.resolution.sureness import SURENESS, Sureness, described

NAMES = [field.name for field in fields(Sureness)]
LEVELS = (0.5, 0.7, 0.9)


def judged(texts: Sequence[dict[str, Any]], gazetteer: Lookup) -> tuple[Any, Any, Any]:
    """For each choice the counts of the weights, whether it was right, and how much it counts."""
    counts: list[list[float]] = []

    def numbered(*asked: Any) -> float:
        counts.append([described(*asked)[name] for name in NAMES])
        return len(counts) - 1.0

    found: list[tuple[int, bool, str]] = []
    before, choosing.probability = choosing.probability, numbered  # the score is the number of its counts meanwhile
    try:
        for text in texts:
            found += [(int(one.score), right, one.toponym.name) for one, right in _resolved(text, gazetteer) if one.candidates]
    finally:
        choosing.probability = before
    often = Counter(name for *_, name in found)
    alike = np.array([often[name] ** -0.5 for *_, name in found])
    return np.array([counts[number] for number, *_ in found]), np.array([right for _, right, _ in found], float), alike / alike.sum()


def _resolved(text: dict[str, Any], gazetteer: Lookup) -> Iterator[tuple[Resolution, bool]]:
    language = load_language(text["lang"])
    report = Report(str(text["doc_id"]), text["text"], language=text["lang"])
    found = find_in(text["text"], language, gazetteer.names, doubtful=True)
    spans = [Span(name["start"], name["end"]) for name in text["toponyms"]]
    for one in resolve(report, found, gazetteer):
        span = one.toponym.span
        gold = next((name for name in text["toponyms"] if name["start"] < span.end and span.start < name["end"]), None)
        if gold and gold.get("lat") is not None and one.certainty > 0.5 and one.toponym.use != "demonym":
            yield one, _is_right(gold, one)
    for gold, one in zip(text["toponyms"], resolve(report, _exactly(text["text"], spans, found, language, gazetteer), gazetteer), strict=True):
        if gold.get("lat") is not None:
            yield one, _is_right(gold, one)


def _is_right(gold: dict[str, Any], one: Resolution) -> bool:
    place = one.candidates[0].place if one.candidates else None
    return place is not None and bench.right(gold, {"lat": place.lat, "lon": place.lon})


def learn(sets: Sequence[tuple[Any, Any, Any]], pull: float) -> Any:
    """Weights of the logistic curve by Newton's steps, pulled a little towards those that leave the belief as it is."""
    rest = np.array([1.0 if name == "belief" else 0.0 for name in NAMES])
    weights = rest.copy()
    for _ in range(80):
        slope, bend = pull * (rest - weights), pull * np.eye(len(NAMES))
        for counts, right, alike in sets:
            odds = 1 / (1 + np.exp(-counts @ weights))
            slope = slope + 1000 * counts.T @ (alike * (right - odds))
            bend = bend + 1000 * (counts.T * (alike * odds * (1 - odds))) @ counts
        weights = weights + np.clip(np.linalg.solve(bend, slope), -0.3, 0.3)  # short steps: whole ones overshoot
    return weights


def told(counts: Any, right: Any, weights: Any) -> str:
    """Kept and right at each level, and the calibration error."""
    score = 1 / (1 + np.exp(-counts @ weights))
    parts = [f">= {level}: {np.mean(score >= level):.3f} at {right[score >= level].mean():.3f}" for level in LEVELS]
    bins = np.minimum((score * 10).astype(int), 9)
    error = sum(abs(score[bins == each].sum() - right[bins == each].sum()) for each in range(10)) / len(right)
    return "  ".join([*parts, f"ECE {error:.3f}"])


def main() -> None:
    """Learn, cross-validate by corpora, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", type=Path)
    parser.add_argument("--pull", type=float, default=2.0)
    parser.add_argument("--limit", type=int, default=None, help="texts of each corpus")
    arguments = parser.parse_args()
    gazetteer = open_gazetteer()
    sets = {path.name: judged(list(bench.corpus(path))[: arguments.limit], gazetteer) for path in [*bench.OWN.values(), *arguments.corpora]}
    now = np.array([getattr(SURENESS, name) for name in NAMES])
    for name, (counts, right, _) in sets.items():
        print(f"{name}: {len(right)} choices, {right.mean():.3f} right")
        print("    in use           ", told(counts, right, now))
        print("    from the others  ", told(counts, right, learn([other for key, other in sets.items() if key != name], arguments.pull)))
    for name, weight in zip(NAMES, learn(list(sets.values()), arguments.pull), strict=True):
        print(f"    {name}: float = {weight:.2f}")


if __name__ == "__main__":
    main()
