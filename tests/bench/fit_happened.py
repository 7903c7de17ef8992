"""Learn what speaks for an attack having happened from the cases of every language: ``geomap/languages/happened.csv``.

    PYTHONPATH=.:tests python tests/bench/fit_happened.py [--write] [--only "so far,to come"] [--pull 2.5] [--folds 10]

Each word or group of words that the patterns of attacks find in ``tests/cases/events.*.toml`` and ``lookalikes.*.toml``, before any of them is set aside,
is a question: does it tell of an attack that the case asserts? Logistic regression over what ``geomap.annotation.happened``
sees around it, pulled towards nothing. Texts are dealt into folds; printed are the share of questions answered right with the
weights learnt on the other folds, and how many of those that did not happen lie below the score that keeps nearly all that did.
With ``--only`` the evidence that stands in those places is learnt on top of the table as it is, whose other weights stay.
Cases whose ``events`` are wrong here would teach the wrong thing: they are what the whole pipeline makes of the text.
"""

from __future__ import annotations

import argparse
import csv
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import handmade
import numpy as np
from msgspec import structs
from scipy.optimize import minimize

from geomap.annotation import load_language, prepare
from geomap.annotation.dates import find_dates
from geomap.annotation.happened import BIAS, Surroundings, named
from geomap.annotation.triggers import find_triggers, weapons_alone

LANGUAGES = ("en", "ar", "fr", "he")
TABLE = Path(__file__).parents[2] / "geomap" / "languages" / "happened.csv"
OFTEN = 3  # evidence that is seen less often is not learnt
DEAR = 3.0  # an attack that is missed costs as much as so many that are made up
KEPT = (0.95, 0.98, 0.99)


@dataclass(frozen=True)
class Question:
    """Words of an attack in a text: what is seen around them, and whether they tell of one that happened."""

    language: str
    text: str
    evidence: frozenset[str]
    happened: bool
    known: float = 0.0  # bits of the evidence that is not learnt anew


def questions(language_code: str) -> list[Question]:
    """All words of an attack in the cases of a language."""
    language = load_language(language_code)
    found = []
    for says, asserted in _told(language_code):
        context = prepare(handmade.report(says, language_code), language, handmade.NAMES)  # type: ignore[arg-type]
        plain = structs.replace(context, tokens=context.words or context.tokens)
        tokens = find_dates(plain).tokens
        around = Surroundings(tokens, plain.sentences, plain.report.published)
        told = {
            trigger.span.start
            for trigger in find_triggers(plain, tokens)
            if asserted and trigger.use == "event" and trigger.factuality == "asserted"
        }
        matches = language.find("triggers", tokens) if told or not asserted else []  # else nobody knows which it is
        for match in matches:
            if core := match["strike"] or match["hit"]:
                found.append(Question(language_code, says, frozenset(named(around.evidence(match, core[-1]))), core[-1].span.start in told))
        for match in weapons_alone(tokens, plain, matches) if not (asserted and matches) else ():
            found.append(Question(language_code, says, frozenset(named(around.evidence(match, match["hit"][0]))), asserted))
    return found


def _told(language: str) -> Iterator[tuple[str, bool]]:
    """The texts of a language, and whether each asserts an attack."""
    for says, case in handmade.cases(f"events.{language}.toml"):
        yield says, any(", denied" not in each and ", possible" not in each for each in case["events"])
    if (handmade.CASES / f"lookalikes.{language}.toml").exists():
        for says, case in handmade.cases(f"lookalikes.{language}.toml"):
            yield says, bool(case["asserted"])


def learn(asked: Sequence[Question], pull: float) -> dict[str, float]:
    """Weights in bits."""
    seen = Counter(each for question in asked for each in question.evidence)
    names = sorted(each for each, times in seen.items() if times >= OFTEN)
    column = {name: number for number, name in enumerate(names)}
    table = np.zeros((len(asked), len(names) + 1))
    table[:, -1] = float(not any(question.known for question in asked))  # what is known already has it
    for row, question in enumerate(asked):
        table[row, [column[each] for each in question.evidence if each in column]] = 1.0
    truth = np.array([question.happened for question in asked], float)
    cost = np.where(truth > 0, DEAR, 1.0)
    known = np.array([question.known for question in asked]) * np.log(2)
    strength = np.full(len(names) + 1, pull)
    strength[-1] = 0.0

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        logit = table @ weights + known
        told = 1 / (1 + np.exp(-logit))
        missed = cost * (np.logaddexp(0, logit) - truth * logit)
        return float(missed.sum() + (strength * weights**2).sum() / 2), table.T @ (cost * (told - truth)) + strength * weights

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x / np.log(2)
    return dict(zip([*names, BIAS], found.tolist(), strict=True))


def score(question: Question, weights: dict[str, float]) -> float:
    """Bits for a question."""
    return question.known + weights[BIAS] + sum(weights.get(each, 0.0) for each in question.evidence)


def held_out(asked: Sequence[Question], folds: int, pull: float) -> None:
    """Print how well the questions of each fold are answered by the others."""
    fold = [zlib.crc32(question.text.encode()) % folds for question in asked]
    scored: list[tuple[Question, float]] = []
    for number in range(folds):
        weights = learn([each for each, place in zip(asked, fold, strict=True) if place != number], pull)
        scored += [(each, score(each, weights)) for each, place in zip(asked, fold, strict=True) if place == number]
    for language in LANGUAGES:
        bits = np.array([each for question, each in scored if question.language == language])
        truth = np.array([question.happened for question, _ in scored if question.language == language])
        if truth.all() or not truth.any():
            continue
        true = np.sort(bits[truth])
        caught = [f"{np.mean(bits[~truth] < true[int((1 - share) * len(true))]):.0%} at {share:.0%}" for share in KEPT]
        print(f"{language}: {len(bits)} questions, {np.mean((bits > 0) == truth):.1%} right; of those that did not happen {', '.join(caught)} kept")


def on_top(asked: Sequence[Question], table: dict[str, float], places: Sequence[str]) -> list[Question]:
    """The questions with what stands in some places still to be learnt, and the bits of all the rest."""
    kept = [(each, frozenset(what for what in each.evidence if what.startswith(tuple(places)))) for each in asked]
    return [replace(each, evidence=new, known=table[BIAS] + sum(table.get(what, 0.0) for what in each.evidence - new)) for each, new in kept]


def main() -> None:
    """Read the cases, learn, print, and write where asked."""
    asking = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asking.add_argument("--write", action="store_true", help=f"write {TABLE.name}")
    asking.add_argument("--only", default="", help="places of the evidence to learn on top of the table, with commas between")
    asking.add_argument("--pull", type=float, default=2.5)
    asking.add_argument("--folds", type=int, default=10)
    options = asking.parse_args()
    asked = [question for language in LANGUAGES for question in questions(language)]
    old = dict[str, float]()
    if places := [each.strip() for each in options.only.split(",") if each.strip()]:
        with TABLE.open(encoding="utf-8") as table:
            old = {row["evidence"]: float(row["bits"]) for row in csv.DictReader(table) if not row["evidence"].startswith(tuple(places))}
        asked = on_top(asked, old, places)
    held_out(asked, options.folds, options.pull)
    if options.write:
        learnt = learn(asked, options.pull)
        learnt = {**old, **learnt, BIAS: old.get(BIAS, 0.0) + learnt[BIAS]} if old else learnt
        with TABLE.open("w", encoding="utf-8", newline="") as table:
            writer = csv.writer(table, lineterminator="\n")
            writer.writerow(("evidence", "bits"))
            writer.writerows((name, f"{bits:.2f}") for name, bits in sorted(learnt.items()) if abs(bits) >= 0.02)


if __name__ == "__main__":
    main()
