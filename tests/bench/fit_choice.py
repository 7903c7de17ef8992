"""Learn the weights of the choice among places from corpora with coordinates, and say what they gain on texts held out.

    PYTHONPATH=. python tests/bench/fit_choice.py CORPUS.jsonl[.gz]... [--folds 5] [--pull 30] [--limit N]

Each name whose right place is among its candidates is a question with one answer: conditional logistic regression over the
features that geomap.resolution sums, pulled towards the weights in use (--pull: how many questions those are worth). The
features depend on what the other names are believed to mean, so they are taken anew with the learnt weights, twice. Texts are
dealt into folds; the figure is the share of names that come within reach with the weights learnt on the other folds. At the
end the weights learnt on everything are printed, in the form of geomap/resolution/weights.py.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import bench_geoparse as bench
import numpy as np

from geomap.annotation import load_language
from geomap.annotation.toponyms import find_in
from geomap.cli.geoparse import _exactly
from geomap.gazetteer import Lookup, open_gazetteer
from geomap.model import Report, Span
from geomap.resolution.document import Document, Group, Shares, containment, cue_bits
from geomap.resolution.options import features, forget
from geomap.resolution.weights import WEIGHTS

LEARNT = (
    "population", "country_class", "admin1_class", "capital_class", "found", "side_name_of_site", "match_no_article",
    "match_skeleton", "language", "country", "admin1", "near", "around", "parent", "kind",
)  # fmt: skip


def described(group: Group, index: int, document: Document, shares: Shares) -> list[float]:
    """How many times each learnt weight counts for an option, in the order of LEARNT."""
    option = group.options[index]
    found = features(option.candidate, option.level)
    found["language"] = float(option.country in document.speaking)
    found["country"] = math.log2(1 + 30 * shares.share(group, option.country)) if option.country else 0.0
    found["admin1"] = math.log2(1 + 30 * shares.share(group, option.admin1)) if option.admin1 else 0.0
    found["near"] = shares.nearness(group, index) if option.level > 0 and len(group.options) > 1 else 0.0
    found["around"] = math.log2(1 + 30 * shares.around(group, option.cell)) if option.cell and len(group.options) > 1 else 0.0
    found["parent"] = containment(group, option) / WEIGHTS.parent
    found["kind"] = cue_bits(group.kind, option) / WEIGHTS.kind
    return [found.get(name, 0.0) for name in LEARNT]


def questions(text: dict[str, Any], gazetteer: Lookup) -> Iterable[tuple[Any, Any, Any]]:
    """For each name of a text: its options' features, the bits that are not learnt, and which options are right."""
    language = load_language(text["lang"])
    spans = [Span(name["start"], name["end"]) for name in text["toponyms"]]
    found = find_in(text["text"], language, gazetteer.names)
    toponyms = _exactly(text["text"], spans, found, language, gazetteer)
    document = Document(Report(str(text["doc_id"]), text["text"], language=text["lang"]), toponyms, gazetteer, ())
    document.settle()
    shares = Shares([group for group in document.groups.values() if group.options])
    for toponym, gold in zip(toponyms, text["toponyms"], strict=True):
        group = document.groups[document.key(toponym)]
        if gold.get("lat") is None or not group.options:
            continue
        right = [bench.right(gold, {"lat": option.lat, "lon": option.lon}) for option in group.options]
        counts = np.array([described(group, index, document, shares) for index in range(len(group.options))])
        now = np.array([getattr(WEIGHTS, name) for name in LEARNT])
        yield counts, np.array(group.bits) - counts @ now, np.array(right)


def learn(asked: Sequence[tuple[Any, Any, Any]], pull: float, steps: int = 60) -> Any:
    """Weights that make the right places likeliest, by Newton-like steps on the log-likelihood (bits over the temperature)."""
    start = np.array([getattr(WEIGHTS, name) for name in LEARNT])
    weights, unit = start.copy(), math.log(2) / WEIGHTS.temperature
    useful = [(c, rest, right) for c, rest, right in asked if right.any() and not right.all()]
    for _ in range(steps):
        slope, bend = pull * (start - weights) * 0.01, pull * 0.01 * np.eye(len(start))
        for counts, rest, right in useful:
            bits = (counts @ weights + rest) * unit
            belief = np.exp(bits - bits.max())
            belief /= belief.sum()
            goal = np.where(right, belief, 0) + 1e-12 * right
            goal /= goal.sum()
            slope = slope + unit * counts.T @ (goal - belief)
            mean = belief @ counts
            bend = bend + unit**2 * ((counts * belief[:, None]).T @ counts - np.outer(mean, mean))
        weights = weights + np.clip(np.linalg.solve(bend + 1e-6 * np.eye(len(start)), slope), -1, 1)
    return weights


def use(weights: Any) -> None:
    """Put weights in the place of those in use."""
    for name, value in zip(LEARNT, weights, strict=True):
        object.__setattr__(WEIGHTS, name, float(value))
    forget()


def share_right(texts: Sequence[dict[str, Any]], gazetteer: Lookup) -> list[bool]:
    """For each name with a place: does the likeliest option lie within reach? A name without options does not."""
    answers = []
    for text in texts:
        answers += [bool(right[np.argmax(counts @ _now() + rest)]) for counts, rest, right in questions(text, gazetteer)]
    return answers


def _now() -> Any:
    return np.array([getattr(WEIGHTS, name) for name in LEARNT])


def main() -> None:
    """Cross-validate, then learn on everything and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--pull", type=float, default=30)
    parser.add_argument("--limit", type=int, default=None, help="texts of each corpus")
    arguments = parser.parse_args()
    gazetteer, first = open_gazetteer(), _now()
    sets = {path.name: list(bench.corpus(path))[: arguments.limit] for path in arguments.corpora or bench.OWN.values()}
    before: dict[str, list[bool]] = {name: share_right(texts, gazetteer) for name, texts in sets.items()}
    after: dict[str, list[bool]] = {name: [] for name in sets}
    for fold in range(arguments.folds):
        use(first)
        training = [text for texts in sets.values() for n, text in enumerate(texts) if n % arguments.folds != fold]
        for _ in range(2):
            use(learn([q for text in training for q in questions(text, gazetteer)], arguments.pull))
        for name, texts in sets.items():
            after[name] += share_right([text for n, text in enumerate(texts) if n % arguments.folds == fold], gazetteer)
    for name in sets:
        print(f"{name}: {np.mean(before[name]):.4f} -> {np.mean(after[name]):.4f} held out, of {len(before[name])} names with options")
    use(first)
    for _ in range(2):
        use(learn([q for texts in sets.values() for text in texts for q in questions(text, gazetteer)], arguments.pull))
    for name, old in zip(LEARNT, first, strict=True):
        print(f"    {name}: float = {getattr(WEIGHTS, name):.2f}  # was {old:.2f}")


if __name__ == "__main__":
    main()
