"""Tag words as beginning or continuing a place name, with a linear model: for scripts that have no capitals to go by.

The weights are a data file of the language (``languages/ar_toponyms.tsv``), trained by ``tests/bench/train_tagger.py``;
its head says on what. Without the file the scan by names and cue words works alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import repeat
from typing import TypeAlias

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


class Tagger:
    """The model made ready for texts. What a word, a stem or a row of signs adds is summed up once and kept."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        # Both scores of a word travel in one whole number, so that a row of them is one sum: see _parted.
        joined = {feature: begin * _WHOLE + inside for feature, (begin, inside) in weights.items()}

        def total(these: Iterable[str]) -> int:
            return sum(joined.get(feature, 0) for feature in these)

        self._word = Kept[tuple[str, str], int](lambda word: total(_of_word(*word)))
        self._around = Kept[str, tuple[int, ...]](lambda stem: tuple(joined.get(letter + stem, 0) for letter in _AROUND))
        self._two = tuple(_of_two(letter, joined) for letter in _PAIRS)
        self._signs = Kept[tuple[str, str, str, str, str, str, str, int], int](lambda signs: total(_of_signs(*signs)))

    def scores(
        self, words: Sequence[str], stems: Sequence[str], marks: Sequence[str], cues: Sequence[str]
    ) -> list[tuple[int, int]]:
        """For each word the hundredths for BEGIN and INSIDE: the sums of the weights of its ``features``."""
        s, m, c = _edged(stems), _edged(marks), _edged(cues)
        before, after, second_before, second_after = zip(*map(self._around.__getitem__, s), strict=True)
        short = [mark[:4] for mark in marks]
        pairs = list(zip(s[1:], stems, strict=False))  # of each stem and the one before it; the last one's is the edge's
        pairs.append((s[-3], s[-2]))
        f, g, j, l = (two.get for two in self._two)  # noqa: E741 - the features' own letters
        columns = (
            map(self._word.__getitem__, zip(words, stems, strict=True)),
            before[1:], after[3:], second_before, second_after[4:],
            map(f, pairs, repeat(0)), map(g, pairs[1:], repeat(0)),
            map(j, zip(s[1:], short, strict=False), repeat(0)), map(l, zip(short, s[3:], strict=False), repeat(0)),
            map(self._signs.__getitem__, zip(m[1:], marks, m[3:], c, c[1:], cues, c[3:], map(len, words), strict=False)),
        )  # fmt: skip
        return _parted(map(sum, zip(*columns, strict=False)))

    def labels(self, scores: Sequence[tuple[int, int]]) -> list[int]:
        """The best labels of words with these scores."""
        return best_labels(scores, self.weights)


def _of_two(letter: str, joined: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """The weights of the features of one letter, by the two that each speaks of. A bar may itself be one of the two."""
    return {
        (feature[1:bar], feature[bar + 1 :]): weight
        for feature, weight in joined.items()
        if feature[0] == letter
        for bar in range(2, len(feature) - 1)
        if feature[bar] == "|"
    }


_HALF, _WHOLE = 1 << 31, 1 << 32


def _parted(totals: Iterable[int]) -> list[tuple[int, int]]:
    return [(total + _HALF >> 32, (total + _HALF) % _WHOLE - _HALF) for total in totals]


@lru_cache(maxsize=4)
def load_tagger(language: str) -> Tagger | None:
    """The tagger of a language, or None where it has no weights."""
    weights = load_weights(language)
    return Tagger(weights) if weights else None


def decode(observed: Sequence[Sequence[str]], weights: Weights) -> list[int]:
    """The best labels of a sentence, feature by feature: for training, where the weights change from one sentence to the next."""
    pairs = [[weights.get(feature, _NONE) for feature in row] for row in observed]
    return best_labels([(sum(begin for begin, _ in row), sum(inside for _, inside in row)) for row in pairs], weights)


def best_labels(scores: Sequence[tuple[int, int]], weights: Weights) -> list[int]:
    """Viterbi over outside, begin, inside; of equal ways the first."""
    (ob, _), (bb, bi), (ib, ii) = (weights.get(transition(label), _NONE) for label in LABELS)
    outside, begin, inside = 0, -(10**9), -(10**9)
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
