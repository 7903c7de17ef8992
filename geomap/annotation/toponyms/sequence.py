"""Tag words as beginning or continuing a place name, with a linear model: for scripts that have no capitals to go by.

The weights are a data file of the language (``languages/ar_toponyms.tsv``), trained by ``tests/bench/train_tagger.py``;
its head says on what. Without the file the scan by names and cue words works alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TypeAlias

from geomap.model import NameInfo, Names

OUTSIDE, BEGIN, INSIDE = 0, 1, 2
LABELS = (OUTSIDE, BEGIN, INSIDE)
Weights: TypeAlias = dict[str, tuple[int, int]]  # feature -> hundredths for BEGIN and INSIDE, against OUTSIDE
_NONE = (0, 0)
LONGEST = 5  # words of a name


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


def kind_of(info: NameInfo) -> str:
    """What the names say of a name, in a few letters: class, size of the largest bearer, whether it is a main name."""
    size = len(str(info.population)) if info.population else 0
    return f"{info.feature_classes[:1]}{size}{'p' if info.preferred else ''}{'c' if info.curated else ''}"


def name_marks(words: Sequence[str], names: Names, bare: Callable[[str], Sequence[str]]) -> list[str]:
    """For each word the longest known name that begins or goes on there ("B1A8pc"), or "-"; prefixed particles allowed."""
    marks = ["-"] * len(words)
    position, count = 0, len(words)
    while position < count:
        best, kind, stripped = 0, "", ""
        for start in (words[position], *bare(words[position])):
            key, length = start, 1
            while True:
                info = names.get(key)
                if info is not None and length > best and (length > 1 or len(start) > 2 or start is words[position]):
                    best, kind, stripped = length, kind_of(info), "" if start is words[position] else "s"
                if length == LONGEST or position + length >= count or not names.begins(key):
                    break
                key = f"{key} {words[position + length]}"
                length += 1
            if best:
                break
        if best:
            marks[position] = f"B{best}{kind}{stripped}"
            for offset in range(1, best):
                marks[position + offset] = f"I{kind}"
        position += best or 1
    return marks


def features(words: Sequence[str], stems: Sequence[str], marks: Sequence[str], cues: Sequence[str]) -> list[list[str]]:
    """The features of each word: itself, its neighbours, its shape, what the names and the cue words say of them."""
    count = len(words)
    edge = ["<", "<"], [">", ">"]
    w = [*edge[0], *words, *edge[1]]
    s = [*edge[0], *stems, *edge[1]]
    m = [*edge[0], *marks, *edge[1]]
    c = [*edge[0], *cues, *edge[1]]
    found = []
    for i in range(2, count + 2):
        word, mark = w[i], m[i]
        cue = f"{c[i - 2]}{c[i - 1]}"
        found.append([
            "=", "w" + word, "s" + s[i], "a" + s[i - 1], "b" + s[i + 1], "d" + s[i - 2], "e" + s[i + 2],
            f"f{s[i - 1]}|{s[i]}", f"g{s[i]}|{s[i + 1]}", "x" + word[-2:], "y" + word[-3:], "p" + word[:2], "q" + word[:3],
            "m" + mark, "n" + m[i - 1], "o" + m[i + 1], f"k{m[i - 1]}|{mark}", "c" + cue, f"h{cue}|{mark[:3]}",
            f"i{c[i]}|{c[i + 1]}", f"j{s[i - 1]}|{mark[:4]}", f"l{mark[:4]}|{s[i + 1]}", f"t{len(word)}{mark[:1]}",
        ])  # fmt: skip
    return found


def transition(previous: int) -> str:
    """The feature that says what the word before was taken for."""
    return f">{previous}"


def leaning(row: Sequence[str], weights: Weights) -> int:
    """How the model leans on a name that begins at a word, whatever stands around it was taken for (hundredths; > 0: yes)."""
    return sum(weights.get(feature, _NONE)[0] for feature in row)


def decode(observed: Sequence[Sequence[str]], weights: Weights) -> list[int]:
    """The best labels of a sentence (Viterbi over outside, begin, inside)."""
    moves = [weights.get(transition(label), _NONE) for label in LABELS]
    scores = [0, -(10**9), -(10**9)]
    back: list[tuple[int, int, int]] = []
    get = weights.get
    for row in observed:
        begin = inside = 0
        for feature in row:
            pair = get(feature)
            if pair is not None:
                begin += pair[0]
                inside += pair[1]
        outside_from = max(LABELS, key=scores.__getitem__)
        begin_from = max(LABELS, key=lambda label: scores[label] + moves[label][0])
        inside_from = BEGIN if scores[BEGIN] + moves[BEGIN][1] >= scores[INSIDE] + moves[INSIDE][1] else INSIDE
        back.append((outside_from, begin_from, inside_from))
        scores = [
            scores[outside_from],
            scores[begin_from] + moves[begin_from][0] + begin,
            scores[inside_from] + moves[inside_from][1] + inside,
        ]
    label = max(LABELS, key=scores.__getitem__)
    labels = []
    for sources in reversed(back):
        labels.append(label)
        label = sources[label]
    return labels[::-1]
