"""The words of a text as the search for names sees them: source spans, folded keys, capitals, where sentences begin."""

from __future__ import annotations

import re
from functools import lru_cache

from geomap.folding import fold

# Initials and abbreviations keep their dots ("U.S.", "St."); a possessive stands apart; everything else that is no word alone.
# U+FFFD is what a broken encoding left of a letter of transliteration ("Tall \ufffdAfar"): a part of its word.
_WORD = re.compile(
    r"W\.\s?Va\.|(?:[^\W\d_]\.){2,}|(?:St|Ste|Mt|Ft|Pt|Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|Maj|Rev|Prof|Jr|Sr|[A-Z])\.(?=\s)"
    r"|['’]s\b|\ufffd?[^\W\d_]+(?:['’\ufffd](?!s\b)[^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\w\s]|_"
)
_ENDS = frozenset(".!?:;…•|*")
_OPENERS = frozenset("\"“”'‘’([«»-–—")


@lru_cache(maxsize=100_000)
def key_of(word: str) -> str:
    """The folded word, kept: news repeats its words."""
    return fold(word)


class Words:
    """Parallel columns, one entry a word or mark: quicker than an object each, and a text has thousands."""

    __slots__ = ("capital", "ends", "first", "joined", "keys", "line", "raw", "starts", "text", "titled")

    def __init__(self, text: str) -> None:
        self.text = text
        matches = list(_WORD.finditer(text))
        self.raw = [match.group() for match in matches]
        self.starts = [match.start() for match in matches]
        self.ends = [match.end() for match in matches]
        self.keys = list(map(key_of, self.raw))
        self.capital = [word[word[0] == "\ufffd" :][:1].isupper() for word in self.raw]
        self.joined: list[bool] = []  # only a space between it and the word before, or nothing
        self.first: list[bool] = []  # begins a sentence, so that its capital says little
        self.line: list[int] = []
        self._layout()
        self.titled = self._titled()  # stands in a line in which nearly every word has a capital

    def __len__(self) -> int:
        return len(self.raw)

    def _layout(self) -> None:
        line, end, fresh = 0, -1, True
        text, joined, first, lines = self.text, self.joined, self.first, self.line
        for word, start, stop in zip(self.raw, self.starts, self.ends, strict=True):
            if start == end:
                joined.append(True)
            else:
                gap = text[end:start] if end >= 0 else ""
                if gap == " ":
                    joined.append(True)
                else:
                    joined.append(gap == "\u00a0")
                    if "\n" in gap:
                        line += 1
                        fresh = True
            first.append(fresh)
            lines.append(line)
            if word in _ENDS:
                fresh = True
            elif fresh and word not in _OPENERS:
                fresh = False
            end = stop

    def _titled(self) -> list[bool]:
        counts: dict[int, list[int]] = {}
        for word, line, capital in zip(self.raw, self.line, self.capital, strict=True):
            if len(word) > 3 and word[0].isalpha():
                count = counts.setdefault(line, [0, 0])
                count[0] += 1
                count[1] += capital
        titled = {line for line, (words, capitals) in counts.items() if words >= 3 and capitals >= 0.75 * words}
        return [line in titled for line in self.line]
