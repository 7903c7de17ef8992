"""Tag words as beginning or continuing a place name, with a linear model: for scripts that have no capitals to go by.

The weights are a data file of the language (``languages/ar_toponyms.tsv``), trained by ``tests/bench/train_tagger.py``;
its head says on what. Without the file the scan by names and cue words works alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple, TypeAlias

from geomap.annotation.kept import Kept

OUTSIDE, BEGIN, INSIDE = 0, 1, 2
LABELS = (OUTSIDE, BEGIN, INSIDE)
Weights: TypeAlias = dict[str, tuple[int, int]]  # feature -> hundredths for BEGIN and INSIDE, against OUTSIDE
_NONE = (0, 0)


@lru_cache(maxsize=4)
def load_weights(language: str) -> Weights | None:
    """The weights of a language's tagger, or None where it has none."""
    path = files("geomap.languages").joinpath(f"{language}_toponyms.tsv")
    if not path.is_file():
        return None
    weights: Weights = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#\t"):
            feature, begin, inside = line.split("\t")
            weights[feature] = (int(begin), int(inside))
    return weights


# -- features ------------------------------------------------------------------------------------------------------------
# Of a word itself, of each stem around it, of two stems in a row, of a stem beside a mark, and of the signs: marks and cues.

_PAIRS = "fgjl"  # features of two: stem before and stem, stem and stem after, stem before and mark, mark and stem after
_AROUND = {"a": -1, "b": 1, "d": -2, "e": 2}  # what a stem is called where it stands so far from the word


def _of_word(word: str, stem: str) -> tuple[str, ...]:
    return "=", "w" + word, "s" + stem, "x" + word[-2:], "y" + word[-3:], "p" + word[:2], "q" + word[:3]


def _of_signs(m1: str, mark: str, m3: str, c0: str, c1: str, cue: str, c3: str, length: int) -> tuple[str, ...]:
    """Marks of the word before, the word and the next; cues of the two before, the word and the next."""
    return (
        "m" + mark, "n" + m1, "o" + m3, f"k{m1}|{mark}", f"c{c0}{c1}", f"h{c0}{c1}|{mark[:3]}", f"i{cue}|{c3}", f"t{length}{mark[:1]}",
    )  # fmt: skip


def features(words: Sequence[str], stems: Sequence[str], marks: Sequence[str], cues: Sequence[str]) -> list[list[str]]:
    """The features of each word, for training: itself, its neighbours, its shape, what the names and the cue words say of them."""
    s, m, c = _edged(stems), _edged(marks), _edged(cues)
    return [
        [
            *_of_word(word, s[i]),
            *(letter + s[i + away] for letter, away in _AROUND.items()),
            f"f{s[i - 1]}|{s[i]}", f"g{s[i]}|{s[i + 1]}", f"j{s[i - 1]}|{m[i][:4]}", f"l{m[i][:4]}|{s[i + 1]}",
            *_of_signs(m[i - 1], m[i], m[i + 1], c[i - 2], c[i - 1], c[i], c[i + 1], len(word)),
        ]
        for i, word in enumerate(words, 2)
    ]  # fmt: skip


def _edged(column: Sequence[str]) -> list[str]:
    return ["<", "<", *column, ">", ">"]


def transition(previous: int) -> str:
    """The feature that says what the word before was taken for."""
    return f">{previous}"


# -- scores --------------------------------------------------------------------------------------------------------------


class Pairs(NamedTuple):
    """The features that a stem makes with what stands beside it; most stems make few, many none."""

    following: dict[str, tuple[complex, complex]]  # by the stem after it: what it adds to the first of the two, and to the second
    mark_after: dict[str, complex]  # by the mark of the word after it, to which they add
    mark_before: dict[str, complex]  # ... and by that of the word before it


class Traits(NamedTuple):
    """What a word adds to itself and to the words around it, as far as that depends on words alone."""

    own: complex
    after: complex  # to the word after it, and so on
    before: complex
    second_after: complex
    second_before: complex
    pairs: Pairs | None


class Tagger:
    """The model made ready for texts. What a word, a stem or a row of signs adds is summed up once and kept."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        # Both scores of a word travel in one number, a complex one, so that a row of them is one sum.
        self._joined = {feature: complex(begin, inside) for feature, (begin, inside) in weights.items()}
        self._pairs = _pairs(self._joined)
        self._traits = Kept[tuple[str, str], Traits](self._read)
        self._edges = self._read(("", "<")), self._read(("", ">"))
        self._signs = Kept[tuple[str, str, str, str, str, str, str, int], complex](lambda signs: self._total(_of_signs(*signs)))

    def _total(self, features: Iterable[str]) -> complex:
        total, joined = 0j, self._joined
        for feature in features:
            if feature in joined:
                total += joined[feature]
        return total

    def _read(self, written: tuple[str, str]) -> Traits:
        word, stem = written
        after, before, second_after, second_before = (self._joined.get(letter + stem, 0j) for letter in _AROUND)
        return Traits(self._total(_of_word(word, stem)), after, before, second_after, second_before, self._pairs.get(stem))

    def scores(
        self, words: Sequence[str], stems: Sequence[str], marks: Sequence[str], cues: Sequence[str]
    ) -> list[tuple[float, float]]:
        """For each word the hundredths for BEGIN and INSIDE: the sums of the weights of its ``features``."""
        first, last = self._edges
        traits = [first, first, *map(self._traits.__getitem__, zip(words, stems, strict=True)), last, last]
        own, after, before, second_after, second_before, pairs = zip(*traits, strict=True)
        m, c = _edged(marks), _edged(cues)
        signs = map(self._signs.__getitem__, zip(m[1:], marks, m[3:], c, c[1:], cues, c[3:], map(len, words), strict=False))
        totals = [sum(row, 0j) for row in zip(own[2:], after[1:], before[3:], second_after, second_before[4:], signs, strict=False)]
        self._add_pairs(totals, pairs[1:-1], stems, marks)
        return [(total.real, total.imag) for total in totals]

    def _add_pairs(self, totals: list[complex], pairs: Sequence[Pairs | None], stems: Sequence[str], marks: Sequence[str]) -> None:
        """Add what each stem, the edges among them, makes with its neighbours."""
        last = len(totals)
        for place, pair in enumerate(pairs, -1):
            if pair is None:
                continue
            if place < last:
                after = place + 1
                here, there = pair.following.get(stems[after] if after < last else ">", _NONE)
                if place >= 0:
                    totals[place] += here
                if after < last:
                    totals[after] += there + pair.mark_after.get(marks[after][:4], 0)
            if place > 0:
                totals[place - 1] += pair.mark_before.get(marks[place - 1][:4], 0)

    def labels(self, scores: Sequence[tuple[float, float]]) -> list[int]:
        """The best labels of words with these scores."""
        return best_labels(scores, self.weights)


def _pairs(joined: Mapping[str, complex]) -> dict[str, Pairs]:
    """The features of two, by the stem that they begin (or, after a mark, end) with. A bar may itself be one of the two."""
    found: dict[str, Pairs] = defaultdict(lambda: Pairs({}, {}, {}))
    for feature, weight in joined.items():
        letter = feature[0]
        for bar in range(2, len(feature) - 1) if letter in _PAIRS else ():
            if feature[bar] != "|":
                continue
            one, two = feature[1:bar], feature[bar + 1 :]
            if letter == "j":
                found[one].mark_after[two] = weight
            elif letter == "l":
                found[two].mark_before[one] = weight
            else:
                here, there = found[one].following.get(two, _NONE)
                found[one].following[two] = (here, weight) if letter == "f" else (weight, there)
    return dict(found)


@lru_cache(maxsize=4)
def load_tagger(language: str) -> Tagger | None:
    """The tagger of a language, or None where it has no weights."""
    weights = load_weights(language)
    return Tagger(weights) if weights else None


def decode(observed: Sequence[Sequence[str]], weights: Weights) -> list[int]:
    """The best labels of a sentence, feature by feature: for training, where the weights change from one sentence to the next."""
    pairs = [[weights.get(feature, _NONE) for feature in row] for row in observed]
    return best_labels([(sum(begin for begin, _ in row), sum(inside for _, inside in row)) for row in pairs], weights)


def best_labels(scores: Sequence[tuple[float, float]], weights: Weights) -> list[int]:
    """Viterbi over outside, begin, inside; of equal ways the first."""
    (ob, _), (bb, bi), (ib, ii) = (weights.get(transition(label), _NONE) for label in LABELS)
    outside, begin, inside = 0.0, -1e9, -1e9
    back: list[tuple[int, int, int]] = []
    for for_begin, for_inside in scores:
        best, outside_from = outside, OUTSIDE
        if begin > best:
            best, outside_from = begin, BEGIN
        if inside > best:
            best, outside_from = inside, INSIDE
        best_begin, begin_from = outside + ob, OUTSIDE
        if begin + bb > best_begin:
            best_begin, begin_from = begin + bb, BEGIN
        if inside + ib > best_begin:
            best_begin, begin_from = inside + ib, INSIDE
        best_inside, inside_from = begin + bi, BEGIN
        if inside + ii > best_inside:
            best_inside, inside_from = inside + ii, INSIDE
        back.append((outside_from, begin_from, inside_from))
        outside, begin, inside = best, best_begin + for_begin, best_inside + for_inside
    label = max(LABELS, key=(outside, begin, inside).__getitem__)
    labels = []
    for sources in reversed(back):
        labels.append(label)
        label = sources[label]
    return labels[::-1]
