"""From a text to tokens: pieces, lexicon, numbers, ends of sentences."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from geomap.annotation import numbers
from geomap.annotation.kept import Kept
from geomap.annotation.lexicon import Head, Lexicon
from geomap.annotation.numbers import Part
from geomap.annotation.tokens import MARKS, PIECE, PUNCTUATION, Tags, Token, Tokens, lost_marks
from geomap.folding import Folded, fold, fold_text
from geomap.model import Span

_OTHER = MARKS["PUNCT"]
_STOP_AT_LINE = {"STOP": "STOP", "LINE": "LINE"}
_NUMERIC = frozenset(("DIGITS", "NUMWORD", "MULT"))


class PartOfWord(NamedTuple):
    """A particle, or what follows it: its place in the word, and the token that it makes."""

    start: int
    end: int
    tags: Tags
    definite: bool
    small: str  # its character in the patterns
    capital: str  # ... where it is written with a capital


class Reading(NamedTuple):
    """What a word is: the forms that may begin with it, and the tokens that it makes by itself (none for digits)."""

    heads: tuple[Head, ...]
    longer: bool  # is any form of several words among them?
    parts: tuple[PartOfWord, ...]


class Tokeniser:
    """Cuts texts of one language."""

    def __init__(
        self, lexicon: Lexicon, text: Mapping[str, Any], number: Mapping[str, Any], encode: Callable[[Token], str]
    ) -> None:
        """``text`` and ``number`` are the tables [text] and [numbers] of the language's file."""
        self.lexicon, self.encode = lexicon, encode
        self.ends = frozenset(text.get("sentence_ends", ".!?"))
        self.abbreviations = frozenset(fold(word).rstrip(".") for word in text.get("abbreviations", ()))
        self.decimal, self.thousands = str(number.get("decimal", ".")), str(number.get("thousands", ","))
        self.ordinal_suffixes = frozenset(number.get("ordinal_suffixes", ()))
        elided = "|".join(map(re.escape, text.get("elisions", ())))
        self._elision = re.compile(rf"(?<!\w)(?:{elided})['’ʼ](?=\w)", re.IGNORECASE) if elided else None
        self._spaced = re.compile(r"\d{1,3}(?: \d{3})+(?!\d)") if self.thousands == " " else None
        self._readings = Kept[str, Reading](self._read)

    def tokens(self, text: str) -> Tokens:
        """All tokens of a text, numbers joined, sentence ends marked."""
        folded = fold_text(text)
        items = self._lexical(text, folded)
        items = self._numbers(items, folded, text)
        return Tokens(text, folded, self._ends(items, text, folded), self.encode)

    # -- words and punctuation ---------------------------------------------------------------------------------------

    def _pieces(self, text: str, folded: Folded) -> tuple[list[str], list[int]]:
        """The words, numbers and signs of the folded text, and where they begin."""
        words, starts = [], []
        cuts = {bisect_left(folded.origin, match.end()) for match in self._elision.finditer(text)} if self._elision else ()
        for match in PIECE.finditer(folded.text):
            word, start = match.group(), match.start()
            if word[0].isdigit() and len(word) > 1 and "⁄" not in word and numbers.digits(word, self.decimal, self.thousands) is None:
                for part in re.finditer(r"\d+|\D", word):  # a date, not a number: 26.9.2017
                    words.append(part.group())
                    starts.append(start + part.start())
                continue
            for cut in cuts:
                if start < cut < match.end():  # "d'Alep": folding has dropped the apostrophe
                    words.append(folded.text[start:cut])
                    starts.append(start)
                    word, start = folded.text[cut : match.end()], cut
            words.append(word)
            starts.append(start)
        return words, starts

    def _read(self, word: str) -> Reading:
        """A word by itself: its particles and the first form that is known, or what it looks like."""
        lexicon, heads = self.lexicon, self.lexicon.heads(word)
        longer, parts, done = False, [], 0
        for head in heads:
            forms = lexicon.entries[head.key]
            longer = longer or bool(forms.longer)
            if forms.alone:
                for particle in head.particles:
                    parts.append(self._part_of_word(done, done + len(particle), lexicon.tags(particle), False))
                    done += len(particle)
                parts.append(self._part_of_word(done, len(word), forms.alone[0], head.definite))
                break
        if parts or word[0].isdigit():
            return Reading(heads, longer, tuple(parts))
        tags = lexicon.unknown(word) if word[0].isalpha() else MARKS[kind] if (kind := PUNCTUATION.get(word)) else _OTHER
        return Reading(heads, longer, (self._part_of_word(0, len(word), tags, word[0].isalpha() and lexicon.key(word)[1]),))

    def _part_of_word(self, start: int, end: int, tags: Tags, definite: bool) -> PartOfWord:
        small, capital = (self.encode(Token(0, 0, Span(0, 0), "", tags, definite, flag)) for flag in (False, True))
        return PartOfWord(start, end, tags, definite, small, capital)

    def _lexical(self, text: str, folded: Folded) -> list[Token]:
        words, starts = self._pieces(text, folded)
        readings, origin, ends = self._readings, folded.origin, folded.ends
        items: list[Token] = []
        free = 0
        for index, (word, start) in enumerate(zip(words, starts, strict=True)):
            if index < free:
                continue
            reading = readings[word]
            if reading.longer and (found := self._longest(reading.heads, words, index)) and found[2] > 1:
                head, tags, length = found
                free = index + length
                items += self._of_several(start, starts[free - 1] + len(words[free - 1]), head, tags, text, folded)
            elif reading.parts:
                for part in reading.parts:
                    first, last = start + part.start, start + part.end
                    span = Span(origin[first], ends[last - 1])
                    capital = text[span.start].isupper()
                    code = part.capital if capital else part.small
                    items.append(Token(first, last, span, word[part.start : part.end], part.tags, part.definite, capital, code))
            else:
                digits = {"DIGITS": _fraction(word, start, origin) if "⁄" in word else word}
                items.append(_token(start, start + len(word), digits, False, text, folded))
        return self._with_lost(items, text, folded)

    def _of_several(self, start: int, end: int, head: Head, tags: Tags, text: str, folded: Folded) -> Iterator[Token]:
        """A form of several words, its particles before it."""
        for particle in head.particles:
            yield _token(start, start + len(particle), self.lexicon.tags(particle), False, text, folded)
            start += len(particle)
        yield _token(start, end, tags, head.definite, text, folded)

    def _longest(self, heads: Sequence[Head], words: list[str], index: int) -> tuple[Head, Tags, int] | None:
        """The longest form that begins here, the plainest reading first."""
        key, count = self.lexicon.key, len(words)
        for head in heads:
            forms = self.lexicon.entries[head.key]
            if forms.longer and index + 1 < count:
                second = words[index + 1]
                candidates = forms.longer.get(second) or forms.longer.get(key(second)[0]) or ()
                for rest, tags in candidates:
                    length = len(rest) + 1
                    following = words[index + 1 : index + length]
                    if len(following) == length - 1 and all(
                        word == wanted or key(word)[0] == wanted for word, wanted in zip(following, rest, strict=True)
                    ):
                        return head, tags, length
            if forms.alone:
                return head, forms.alone[0], 1
        return None

    @staticmethod
    def _with_lost(items: list[Token], text: str, folded: Folded) -> list[Token]:
        """Put line ends, dashes and slashes between the tokens that they stand between."""
        merged: list[Token] = []
        rest = iter(items)
        token = next(rest, None)
        for start, span, kind in lost_marks(text, folded):
            while token is not None and token.start < start:
                merged.append(token)
                token = next(rest, None)
            if not merged or merged[-1].end <= start + 1:  # else it stands inside a form of several words
                merged.append(Token(start, start, span, "", MARKS[kind]))
        if token is not None:
            merged.append(token)
        merged.extend(rest)
        return merged

    # -- numbers -----------------------------------------------------------------------------------------------------

    def _numbers(self, items: list[Token], folded: Folded, text: str) -> list[Token]:
        """Join the words and digits of each number to one token of class NUM."""
        out: list[Token] = []
        index, count = 0, len(items)
        while index < count:
            token = items[index]
            tags = token.tags
            if _NUMERIC.isdisjoint(tags):
                out.append(token)
                index += 1
                continue
            if "DIGITS" in tags and self._spaced and (length := self._groups(items, index, folded.text)):
                value, taken = float("".join(item.text for item in items[index : index + length])), length
            else:
                value, taken = self._number(items, index)
            if taken == 1 and "DIGITS" in tags and index + 1 < count and self._is_suffix(token, items[index + 1]):
                out.append(self._joined(items[index : index + 2], folded, {"ORD": value}))
                index += 2
                continue
            joined: Tags = {"NUM": value}
            if "DIGITS" in tags and taken == 1 and len(token.text) == 4 and 1900 <= value <= 2100:
                joined = {"NUM": value, "YEAR": int(value)}
            elif taken == 1 and "DIGITS" not in tags:
                joined = {**tags, "NUM": value}
            out.append(self._joined(items[index : index + taken], folded, joined))
            index += taken
        return out

    def _groups(self, items: list[Token], index: int, folded: str) -> int:
        """How many digit tokens make one number with spaces between its thousands ("1 600"); 0 if not more than one."""
        match = self._spaced.match(folded, items[index].start) if self._spaced else None
        return match.group().count(" ") + 1 if match else 0

    def _number(self, items: list[Token], index: int) -> tuple[float, int]:
        parts: list[Part] = []
        ends: list[int] = []
        linked = False
        for position in range(index, min(index + 16, len(items))):
            tags = items[position].tags
            if "AND" in tags and parts and not linked and "NUMWORD" not in tags:
                linked = True
                continue
            part = self._part(tags, linked)
            if part is None:
                break
            parts.append(part)
            ends.append(position + 1 - index)
            linked = False
        value, taken = numbers.join(parts)
        return value, ends[taken - 1] if taken else 1

    def _part(self, tags: Tags, linked: bool) -> Part | None:
        if "DIGITS" in tags:
            return Part(self._digits(tags["DIGITS"]), False, linked, True)
        if "MULT" in tags:
            return Part(tags["MULT"], True, linked)
        return Part(tags["NUMWORD"], False, linked) if "NUMWORD" in tags else None

    def _digits(self, text: str) -> float:
        value = numbers.digits(text, self.decimal, self.thousands)
        return float(text) if value is None else value  # a fraction, which has become a decimal number

    def _is_suffix(self, number: Token, after: Token) -> bool:
        return after.start == number.end and after.text in self.ordinal_suffixes

    @staticmethod
    def _joined(items: list[Token], folded: Folded, tags: Tags) -> Token:
        first, last = items[0], items[-1]
        return Token(first.start, last.end, folded.span(first.start, last.end), folded.text[first.start : last.end], tags,
                     first.definite, first.capital)  # fmt: skip

    # -- sentences ---------------------------------------------------------------------------------------------------

    def _ends(self, items: list[Token], text: str, folded: Folded) -> list[Token]:
        """Mark ends of sentences as STOP; a line end that only wraps a long line disappears."""
        wrapped = _is_wrapped(text)
        out: list[Token] = []
        for index, token in enumerate(items):
            if "LINE" in token.tags:
                if out and (not wrapped or token.span.of(text).count("\n") > 1):
                    self._end_line(out, token)
                continue
            if token.text in self.ends and token.text and self._is_end(items, index, text):
                token.tags, token.code = MARKS["STOP"], ""
            out.append(token)
        return out

    @staticmethod
    def _end_line(out: list[Token], line: Token) -> None:
        """A line end closes the sentence, with its own empty token where no full stop stands there."""
        last = out[-1]
        if "STOP" in last.tags:
            last.tags, last.code = _STOP_AT_LINE, ""
        else:
            position = last.span.end
            out.append(Token(line.start, line.start, Span(position, position), "", _STOP_AT_LINE))

    def _is_end(self, items: list[Token], index: int, text: str) -> bool:
        token = items[index]
        before, after = items[index - 1] if index else None, items[index + 1] if index + 1 < len(items) else None
        if after is None or token.text != ".":
            return True
        if before is not None and before.end == token.start and before.text in self.abbreviations:
            return False
        if before is not None and len(before.text) == 1 and before.text.isalpha() and before.end == token.start:
            return False
        if after.start == token.end and "QUOTE" not in after.tags and "CLOSE" not in after.tags and "LINE" not in after.tags:
            return False
        return not text[after.span.start].islower()


def _token(start: int, end: int, tags: Tags, definite: bool, text: str, folded: Folded) -> Token:
    span = folded.span(start, end)
    return Token(start, end, span, folded.text[start:end], tags, definite, text[span.start].isupper())


def _fraction(word: str, start: int, origin: Sequence[int]) -> str:
    """ "4 3⁄4" and "4¾" (which folds to "43⁄4", its last three characters from one) in decimal digits."""
    slash = word.index("⁄")
    one_character = origin[start + slash - 1] == origin[start + slash]
    head = slash - 1 if one_character else word.rfind(" ", 0, slash) + 1
    whole, over, under = word[:head].strip(), int(word[head:slash]), int(word[slash + 1 :])
    return f"{int(whole or 0) + (over / under if under else 0):.6g}"


def _is_wrapped(text: str) -> bool:
    """Was the text broken into lines of a page's width, so that a line end ends nothing?"""
    lines = [line for block in re.split(r"\n\s*\n", text) for line in block.strip().split("\n")[:-1]]
    open_ended = [line for line in lines if line.strip() and line.rstrip()[-1] not in ".!?؟:…\"”»"]
    return len(lines) >= 2 and 2 * len(open_ended) > len(lines) and max(map(len, lines)) <= 120 and min(map(len, lines)) > 40
