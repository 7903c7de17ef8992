"""Train the linear tagger of place names for Arabic and write its weights: ``languages/ar_toponyms.tsv``.

    PYTHONPATH=. python tests/bench/train_tagger.py FOLDER [--write] [--epochs 6] [--seeds 3]

FOLDER holds the corpora of the table below, one document a line: {"text", "toponyms": [{"start", "end"}]}. An averaged
perceptron learns each corpus with a copy of the features of its own beside the shared ones (Daumé 2007), because the corpora
do not agree on what a place name is; what is written is the shared part and that of the news. Without --write the last fifth
of the news is held out and scored.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from geomap.annotation import load_language
from geomap.annotation.toponyms.knowledge import Knowledge, knowledge_of
from geomap.annotation.toponyms.sequence import BEGIN, INSIDE, LABELS, OUTSIDE, Weights, best_labels, decode, transition
from geomap.annotation.toponyms.uncased import Line, observe
from geomap.folding import fold_text
from geomap.gazetteer import open_gazetteer
from geomap.model import Names

NEWS = "anercorp"
# file, its copy of the features, origin and licence (for the head of the weights)
CORPORA = (
    ("anercorp_train.jsonl.gz", NEWS, "ANERcorp, CAMeL Lab split, train (Benajiba et al. 2007; Obeid et al. 2020), CC BY-SA 4.0"),
    ("idrisi_ra_train.jsonl.gz", "idrisi", "IDRISI-RA, train (Suwaileh et al. 2023), CC BY 4.0"),
    ("aqmar.jsonl.gz", "aqmar", "AQMAR (Mohit et al. 2012), CC BY-SA 3.0"),
    ("wojood_sample.jsonl", "wojood", "Wojood, public sample (Jarrar et al. 2022), MIT"),
)
STRIKES = Path(__file__).with_name("strikes_ar.txt")
PEOPLE = (
    "محمد أحمد علي خالد سعيد صالح حسن حسين عمر يوسف إبراهيم عبد_الله عبد_الرحمن مصطفى كمال فاطمة سارة نور",
    "الموصلي الحلبي البغدادي التكريتي المصري الليبي الزاوي الشامي الدليمي العبيدي الحربي المسماري المنقوش حمدان منصور الخطيب",
)  # given names, and surnames that say where a family came from
Sentence: TypeAlias = tuple[list[list[str]], list[int]]  # features, labels


def documents(path: Path) -> Iterator[dict[str, Any]]:
    """The documents of a corpus."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def prepared(document: dict[str, Any], knowledge: Knowledge, names: Names) -> Sentence:
    """Features and labels of a document; of nested names the outer one."""
    folded = fold_text(document["text"])
    line = Line(folded, knowledge, names)
    spans = [folded.span(*span) for span in line.spans]
    labels = [OUTSIDE] * len(spans)
    for name in sorted(document["toponyms"], key=lambda name: (name["start"], -name["end"])):
        inside = [
            i for i, span in enumerate(spans) if span.start < name["end"] and span.end > name["start"] and line.words[i] != "#"
        ]
        if inside and not any(labels[i] for i in inside):
            labels[inside[0]] = BEGIN
            for index in inside[1:]:
                labels[index] = INSIDE
    return observe(line), labels


def made_up(count: int, names: Names) -> Iterator[dict[str, Any]]:
    """Strike reports of one sentence: patterns filled with Arabic names of our tables, as documents."""
    chance = random.Random(8)
    lines = [line for line in STRIKES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    towns, areas, states = _tables()
    fill = {"T": towns, "G": areas, "C": states, "N": towns, "U": list(_invented(towns, names, chance))}
    for number in range(count):
        text, found = "", []
        for part in re.split(r"\{([TGCUNP])\}", lines[number % len(lines)]):
            if part == "P":
                part = " ".join(chance.choice(each.split()).replace("_", " ") for each in PEOPLE)
            elif part in fill:
                kind, part = part, chance.choice(fill[part])
                if kind != "N":
                    found.append({"start": len(text), "end": len(text) + len(part)})
            text += part
        yield {"text": text, "toponyms": found}


def _invented(towns: Sequence[str], names: Names, chance: random.Random) -> Iterator[str]:
    """Names that no gazetteer has: the first half of one town's name and the second of another's."""
    plain = [town for town in towns if " " not in town and len(town) > 3]
    for _ in range(600):
        one, two = chance.choice(plain), chance.choice(plain)
        made = one[: (len(one) + 1) // 2] + two.removeprefix("ال")[len(two.removeprefix("ال")) // 2 :]
        if names.get(fold_text(made).text) is None:
            yield made


def _tables() -> tuple[list[str], list[str], list[str]]:
    """Arabic names, the usual one of each place, of towns, of divisions and of countries."""
    towns, areas, states = [], [], []
    for path in sorted((Path(__file__).parents[2] / "gazetteer").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                name = (row.get("names_ar") or "").split("|")[0].partition("^")[0]
                if name and len(name.split()) < 4:
                    code = row["feature_code"]
                    kinds = towns if code.startswith("PPL") else areas if code in ("ADM1", "ADM2") else states
                    if kinds is not states or code == "PCLI":
                        kinds.append(re.sub("^(محافظة|ولاية|إقليم|منطقة|شعبية|مدينة|بلدة|قرية) ", "", name))
    return towns, areas, states


class Numbered:
    """Sentences as arrays: a corpus, the numbers of each word's features, the labels. The three transitions come first."""

    def __init__(self, sets: Mapping[str, Sequence[Sentence]]) -> None:
        self.of = {transition(label): label for label in LABELS}
        self.sentences = [
            (corpus, np.array([[self.of.setdefault(each, len(self.of)) for each in row] for row in rows]), labels)
            for corpus, some in sets.items()
            for rows, labels in some
            if labels
        ]
        self.corpora = tuple(sets)


def train(numbered: Numbered, epochs: int, margin: int, seeds: int, least: int) -> Weights:
    """Weights in hundredths, those of outside being 0: shared and of the news, the mean of several runs; the faint are left out."""
    total = sum(_run(numbered, epochs, margin, seed) for seed in range(1, seeds + 1)) * (100 / seeds)
    return {
        feature: (round(total[number, 0]), round(total[number, 1]))
        for feature, number in numbered.of.items()
        if number in LABELS or np.abs(total[number]).max() >= least
    }


def _run(numbered: Numbered, epochs: int, margin: int, seed: int) -> Any:
    """An averaged perceptron over outside, begin, inside. Each right label must win by ``margin``: what is right only just is learnt further."""
    weights = {corpus: np.zeros((len(numbered.of), 2), np.float32) for corpus in ("", *numbered.corpora)}
    sums = {corpus: np.zeros((len(numbered.of), 2)) for corpus in weights}
    order, step, chance = list(numbered.sentences), 1, random.Random(seed)
    for _ in range(epochs):
        chance.shuffle(order)
        for corpus, rows, labels in order:
            guess = _hard_guess(rows, labels, weights[""], weights[corpus], margin)
            for numbers, label, change in _changes(rows, labels, guess) if guess != labels else ():
                for each in ("", corpus):
                    np.add.at(weights[each][:, label - 1], numbers, change)
                    np.add.at(sums[each][:, label - 1], numbers, change * step)
            step += 1
    return sum(weights[each] - sums[each] / step for each in ("", NEWS))


def _hard_guess(rows: Any, labels: list[int], shared: Any, own: Any, margin: int) -> list[int]:
    """The best labels where each right one is put at a disadvantage."""
    scores = shared[rows].sum(1) + own[rows].sum(1)
    right = np.array(labels)
    scores[right == OUTSIDE] += margin
    scores[right == BEGIN, 0] -= margin
    scores[right == INSIDE, 1] -= margin
    return best_labels(scores.tolist(), {transition(label): (shared[label] + own[label]).tolist() for label in LABELS})


def _changes(rows: Any, labels: list[int], guess: list[int]) -> Iterator[tuple[Any, int, int]]:
    """Numbers of features, the label for which they change, and by how much."""
    before_right = before_guess = OUTSIDE
    for row, right, wrong in zip(rows, labels, guess, strict=True):
        for label, before, change in ((right, before_right, 1), (wrong, before_guess, -1)):
            if label and right != wrong:
                yield row, label, change
            if label and (right, before_right) != (wrong, before_guess):
                yield before, label, change
        before_right, before_guess = right, wrong


def f1(sentences: Sequence[Sentence], weights: Weights) -> tuple[float, float, float]:
    """Precision, recall and F1 of whole names."""

    def names(labels: Sequence[int]) -> set[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        for index, label in enumerate(labels):
            if label == BEGIN:
                found.append((index, index))
            elif label == INSIDE and found and found[-1][1] == index - 1:
                found[-1] = (found[-1][0], index)
        return set(found)

    pairs = [(names(labels), names(decode(features, weights))) for features, labels in sentences]
    right, gold, guessed = sum(len(g & p) for g, p in pairs), sum(len(g) for g, _ in pairs), sum(len(p) for _, p in pairs)
    precision, recall = right / max(guessed, 1), right / max(gold, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def main() -> None:
    """Train; score or write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--margin", type=int, default=8, help="by how much a right label must win")
    parser.add_argument("--seeds", type=int, default=1, help="runs whose mean is taken")
    parser.add_argument("--least", type=int, default=300, help="hundredths below which a weight is left out")
    parser.add_argument("--strikes", type=int, default=400, help="sentences made from strikes_ar.txt")
    parser.add_argument("--only", nargs="*", help="corpora to train on")
    arguments = parser.parse_args()
    knowledge, names = knowledge_of(load_language("ar")), open_gazetteer().names
    sets = {}
    for file, corpus, _ in CORPORA:
        if not arguments.only or corpus in arguments.only or corpus == NEWS:
            sets[corpus] = [prepared(document, knowledge, names) for document in documents(arguments.folder / file)]
    strikes = [prepared(document, knowledge, names) for document in made_up(arguments.strikes, names)]
    cut = len(sets[NEWS]) if arguments.write else len(sets[NEWS]) * 4 // 5
    held_out, sets[NEWS] = sets[NEWS][cut:], sets[NEWS][:cut] + strikes
    weights = train(Numbered(sets), arguments.epochs, arguments.margin, arguments.seeds, arguments.least)
    print(len(weights), "features")
    if not arguments.write:
        print("P {:.4f} R {:.4f} F1 {:.4f}".format(*f1(held_out, weights)))
        return
    path = Path(__file__).parents[2] / "geomap" / "languages" / "ar_toponyms.tsv"
    head = ["Weights of the tagger of Arabic place names: feature, begin, inside (hundredths, against outside).",
            "Made by tests/bench/train_tagger.py; averaged perceptron; no sentence of the corpora is in here. Licence of this file: CC BY-SA 4.0.",
            "Trained on:", *(f"  {text}" for _, corpus, text in CORPORA if corpus in sets),
            "  strike reports made from patterns of our own (tests/bench/strikes_ar.txt)"]  # fmt: skip
    lines = [f"#\t{line}" for line in head] + [
        f"{feature}\t{begin}\t{inside}" for feature, (begin, inside) in sorted(weights.items())
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
