"""From a text to tokens: pieces, lexicon, numbers, ends of sentences."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

from geomap.annotation import numbers
from geomap.annotation.alphabet import UNKNOWN, Alphabet
from geomap.annotation.kept import Kept
from geomap.annotation.lexicon import Head, Lexicon, Longer
from geomap.annotation.numbers import Part
from geomap.annotation.tokens import MARKS, PIECE, PUNCTUATION, Tags, Token, Tokens, lost_marks
from geomap.folding import Folded, fold, fold_text
from geomap.model import Span

_OTHER = MARKS["PUNCT"]
_WANTING = frozenset(("IN", "TO", "FROM", "WITH", "KIND", "WIND", "NEAR", "BETWEEN", "COUNTRYSIDE"))
_LEFT_OUT = re.compile(r"[(\[]\s*(?:…|\.{2,3})\s*[)\]]")  # "fired a salvo (...) at the airport": what a quotation leaves out
_STOP_AT_LINE = {"STOP": "STOP", "LINE": "LINE"}
_OF_A_CLOCK = frozenset(("UNKNOWN", "CLOCK", "WEEKDAY", "MONTH", "NATION", "PLACE", "QUOTE", "PART"))  # "3 a.m. Tuesday", "... Eastern", "... Libya time"
_NUMERIC = frozenset(("DIGITS", "NUMWORD", "MULT"))
_ELIDING = frozenset(("'", "’"))  # "Pointe d'Esny"
_OPENING = frozenset("أإآ")  # letters that only begin a word: "وأدى" is "and led to", and no wadi
_LEAST = 3  # letters of a word that may have lost its space
_NEVER = sys.maxsize  # a position behind every text
_NO_WORDS: frozenset[str] = frozenset()
_DATE_PART = re.compile(r"\d+|\D")


class PartOfWord(NamedTuple):
    """A particle, or what follows it: its place in the word, and the token that it makes."""

    start: int
    end: int
    tags: Tags
    definite: bool
    kind: int  # where it is not written with a capital


class Reading(NamedTuple):
    """What a word is: the longer forms that may begin with it, and the tokens that it makes by itself (none for digits)."""

    key: str  # without the article
    openers: tuple[tuple[Head, Longer], ...]  # how to read it as the first of several, the plainest reading first
    seconds: frozenset[str]  # the second words of all these forms
    parts: tuple[PartOfWord, ...]
    open: bool  # does what it is depend on its neighbours: may it be a part of a number, or end a sentence?
    seam: int  # where a space was lost in it; 0 where none was


Written: TypeAlias = tuple[int, str, Reading]  # where a word begins in the folded text, the word, and what it is
_END: Written = (_NEVER, "", Reading("", (), _NO_WORDS, (), False, 0))


class Tokeniser:
    """Cuts texts of one language."""

    def __init__(self, lexicon: Lexicon, text: Mapping[str, Any], number: Mapping[str, Any], alphabet: Alphabet) -> None:
        """``text`` and ``number`` are the tables [text] and [numbers] of the language's file."""
        self.lexicon, self.alphabet = lexicon, alphabet
        self.ends = frozenset(text.get("sentence_ends", ".!?"))
        self.abbreviations = frozenset(fold(word).rstrip(".") for word in text.get("abbreviations", ()))
        self.decimal, self.thousands = str(number.get("decimal", ".")), str(number.get("thousands", ","))
        self.run_ons = sorted(map(fold, text.get("run_ons", ())), key=len, reverse=True)
        self.ordinal_suffixes = frozenset(number.get("ordinal_suffixes", ()))
        elided = "|".join(map(re.escape, text.get("elisions", ())))
        self._elision = re.compile(rf"(?<!\w)(?:{elided})['’ʼ](?=\w)", re.IGNORECASE) if elided else None
        self._spaced = re.compile(r"\d{1,3}(?: \d{3})+(?!\d)") if self.thousands == " " else None
        self._kinds: dict[tuple[int, bool], int] = {}
        self._opened = {name: Kept[str, tuple[PartOfWord, ...]](partial(self._behind, name)) for name, kind in lexicon.particles.items() if kind == "AND"}
        self._readings = Kept[str, Reading](self._read)
        self._runs = Kept[str, tuple[tuple[int, str, Reading], ...]](self._cut)  # what stands between two spaces

    def tokens(self, text: str) -> Tokens:
        """All tokens of a text, numbers joined, sentence ends marked."""
        read = _LEFT_OUT.sub(lambda match: " " * len(match.group()), text)  # each word stays where it stands
        folded = fold_text(read)
        items, undecided = self._lexical(read, folded)
        return Tokens(text, folded, self._decided(items, undecided, read, folded), self.alphabet)

    # -- words and punctuation ---------------------------------------------------------------------------------------

    def _words(self, text: str, folded: Folded) -> list[Written]:
        """The words, numbers and signs of the folded text: where each begins, and what it is by itself; an empty one at the end."""
        if self._elision or "⁄" in folded.text:  # "4 3⁄4" is one, "d'Alep" two, though folding has dropped the apostrophe
            elided = self._elision.finditer(text) if self._elision else ()
            return [*self._cut(folded.text, sorted({bisect_left(folded.origin, match.end()) for match in elided})), _END]
        found: list[Written] = []
        at = 0
        for run in folded.text.split(" "):
            for start, word, reading in self._runs[run]:
                found.append((at + start, word, reading))
            at += len(run) + 1
        found.append(_END)
        return found

    def _cut(self, run: str, seams: Sequence[int] = ()) -> tuple[tuple[int, str, Reading], ...]:
        """The words of a piece of text, with the seams, in order, that do not show in it."""
        if run.isalpha() and not seams:
            reading = self._readings[run]
            return self._cut(run, (reading.seam,)) if reading.seam else ((0, run, reading),)
        found = []
        for match in PIECE.finditer(run):
            first, last = match.span()
            edges = [first, *(seam for seam in seams if first < seam < last), last]
            if self._is_date(match[0]):
                edges = sorted({*edges, *(first + part.start() for part in _DATE_PART.finditer(match[0]))})
            found += [(start, run[start:end], self._readings[run[start:end]]) for start, end in pairwise(edges)]
        return tuple(found)

    def _is_date(self, word: str) -> bool:
        """Digits with separators that are no number: 26.9.2017."""
        return word[0].isdigit() and len(word) > 1 and "⁄" not in word and numbers.digits(word, self.decimal, self.thousands) is None

    def _read(self, word: str) -> Reading:
        """A word by itself: its particles and the first form that is known, or what it looks like; "واحد" is one, and yet "وأحد عشر" is "and eleven"."""
        lexicon = self.lexicon
        key, definite = lexicon.key(word)
        openers: list[tuple[Head, Longer]] = []
        parts: list[PartOfWord] = []
        for head in lexicon.heads(word):
            forms = lexicon.entries[head.key]
            if forms.longer:
                openers.append((head, forms.longer))
            if forms.alone and not parts:
                done = 0
                for particle in head.particles:
                    parts.append(self._part_of_word(done, done + len(particle), lexicon.tags(particle), False))
                    done += len(particle)
                parts.append(self._part_of_word(done, len(word), forms.alone[0], head.definite))
        seam = 0 if parts else self._seam(word)
        if not parts and not word[0].isdigit():
            tags = lexicon.unknown(word) if word[0].isalpha() else MARKS[kind] if (kind := PUNCTUATION.get(word)) else _OTHER
            parts.append(self._part_of_word(0, len(word), tags, word[0].isalpha() and definite))
        seconds = _NO_WORDS.union(*(longer for _, longer in openers)) if openers else _NO_WORDS
        is_open = word in self.ends or not parts or any(not _NUMERIC.isdisjoint(part.tags) for part in parts)
        return Reading(key, tuple(openers), seconds, tuple(parts), is_open, seam)

    def _behind(self, particle: str, word: str) -> tuple[PartOfWord, ...]:
        """A particle and what it is written together with, where that is known."""
        rest = self._readings[word[len(particle) :]].parts if len(word) > len(particle) + 1 else ()
        known = bool(rest) and "UNKNOWN" not in rest[0].tags
        opening = self._part_of_word(0, len(particle), self.lexicon.tags(particle), False)
        return (opening, *(part._replace(start=part.start + len(particle), end=part.end + len(particle)) for part in rest)) if known else ()

    def _seam(self, word: str) -> int:
        """Where a space was lost in a word that nothing explains: between "جنوب" and "العريش", in "الأممالمتحدة" and "الجيشالأميركي"; 0 where none was."""
        lexicon, article = self.lexicon, self.lexicon.article
        cut = word.find(article, _LEAST) if article else -1
        if _LEAST <= cut < len(word) - _LEAST:
            second, key = word[cut:], lexicon.key(word[cut:])[0]
            nation = any("NATION" in tags for tags in lexicon.entries[key].alone) if key in lexicon.entries else False
            for head in lexicon.heads(word[:cut]):
                alone, longer = lexicon.entries[head.key]
                if second in longer or key in longer or (alone and nation):
                    return cut
        for opening in self.run_ons:
            if word.startswith(opening):
                rest = word[len(opening) :]
                if rest in self.run_ons or (article and rest.startswith(article) and lexicon.key(rest)[1]):
                    return len(opening)
        return 0

    def _part_of_word(self, start: int, end: int, tags: Tags, definite: bool) -> PartOfWord:
        kind = self._kinds.get((id(tags), definite))  # the lexicon's own tags, which stay where they are
        if kind is None:
            kind = self._kinds[id(tags), definite] = self.alphabet.kind(tags, definite, False)
        return PartOfWord(start, end, tags, definite, kind)

    def _lexical(self, text: str, folded: Folded) -> tuple[list[Token], list[int]]:
        """The tokens of words and signs, and the indices of those that their neighbours decide."""
        words = self._words(text, folded)
        origin, ends, new = folded.origin, folded.ends, tuple.__new__
        caseless = text == text.lower()
        lost = [Token(at, at, span, "", MARKS[kind]) for at, span, kind in lost_marks(text, folded)][::-1]
        due = lost[-1].start if lost else _NEVER
        items: list[Token] = []
        undecided: list[int] = []
        free = 0
        for index, (start, word, (_, _, seconds, parts, is_open, _)) in enumerate(words[:-1]):
            if index < free:
                continue
            if start >= due:
                due = _place(lost, start, items, undecided)
            if seconds and not seconds.isdisjoint((words[index + 1][1], words[index + 1][2].key)) and (found := self._longest(words, index)):
                head, several, length, definite = found
                free = index + length
                at, second, _ = words[free - 1]
                items += self._of_several(start, at + len(second), head, several, definite, text, folded)
                undecided.append(len(items) - 1)
                continue
            if len(parts) == 1 and word[0] in self._opened and text[origin[start] + 1 : origin[start] + 2] in _OPENING:
                parts = self._opened[word[0]][word] or parts
            for begin, end, tags, definite, kind in parts:
                first, last = start + begin, start + end
                at = origin[first]
                capital = not caseless and (text[at].isupper() or (text[at] in "dl" and text[at + 1 : at + 2] in _ELIDING and text[at + 2 : at + 3].isupper()))
                span = new(Span, (at, ends[last - 1]))  # without a named tuple's detour: a text has hundreds
                items.append(Token(first, last, span, word[begin:end], tags, definite, capital, UNKNOWN if capital else kind))
            if not parts:
                items.append(self._of_digits(word, start, text, folded))
            if is_open:
                undecided.extend(range(len(items) - (len(parts) or 1), len(items)))
        _place(lost, _NEVER, items, undecided)
        return items, undecided

    def _of_digits(self, word: str, start: int, text: str, folded: Folded) -> Token:
        """Digits: a number, unless a hyphen ties them to a name."""
        at = folded.origin[start]
        if text[at - 1] in "-‐‑" and self._names_a_model(text, at, word):
            return _token(start, start + len(word), MARKS["UNKNOWN"], False, text, folded)
        digits = {"DIGITS": _fraction(word, start, folded.origin) if "⁄" in word else word}
        return _token(start, start + len(word), digits, False, text, folded)

    def _names_a_model(self, text: str, start: int, word: str) -> bool:
        """ "بي-2", "F-16": a number that a hyphen ties to letters counts nothing, unless they are a particle or it is a year."""
        if start < 2 or text[start - 1] not in "-‐‑" or not text[start - 2].isalpha():
            return False
        before = re.search(r"[^\W\d_]+$", text[max(0, start - 20) : start - 1])
        first = start - 1 - len(before.group()) if before else 0
        if before and before.group() in self.ordinal_suffixes and text[max(0, first - 1) : first].isdigit():
            return False  # "16th-17th"
        return before is not None and before.group() not in self.lexicon.particles and not (len(word) == 4 and word[:2] in ("19", "20"))

    def _of_several(self, start: int, end: int, head: Head, tags: Tags, definite: bool, text: str, folded: Folded) -> Iterator[Token]:
        """A form of several words, its particles before it."""
        for particle in head.particles:
            yield _token(start, start + len(particle), self.lexicon.tags(particle), False, text, folded)
            start += len(particle)
        yield _token(start, end, tags, definite, text, folded)

    @staticmethod
    def _longest(words: list[Written], index: int) -> tuple[Head, Tags, int, bool] | None:
        """The longest form of several words that begins here, the plainest reading first; of a place, definite as its last word is ("مركز المدينة")."""
        (_, _, reading), (_, second, after) = words[index], words[index + 1]
        for head, longer in reading.openers:
            for rest, tags in longer.get(second) or longer.get(after.key) or ():
                following = words[index + 1 : index + 1 + len(rest)]
                if len(following) == len(rest) and all(
                    wanted == word or wanted == each.key for wanted, (_, word, each) in zip(rest, following, strict=True)
                ):
                    return head, tags, len(rest) + 1, head.definite or ("KIND" in tags and rest[-1] != following[-1][1])
        return None

    # -- numbers -----------------------------------------------------------------------------------------------------

    def _number_at(self, items: list[Token], index: int, folded: Folded) -> tuple[Token, int]:
        """The token of class NUM (or ORD) that the words and digits from here on make, and how many they are."""
        token = items[index]
        in_digits = "DIGITS" in token.tags
        if in_digits and self._spaced and (length := self._groups(items, index, folded.text)):
            value, taken = float("".join(item.text for item in items[index : index + length])), length
        else:
            value, taken = self._number(items, index)
        joined: Tags = {"NUM": value}
        if taken == 1 and in_digits:
            if index + 1 < len(items) and self._is_suffix(token, items[index + 1]):
                return self._joined(items[index : index + 2], folded, {"ORD": value}), 2
            if len(token.text) == 4 and 1900 <= value <= 2100:
                joined = {"NUM": value, "YEAR": int(value)}
        elif taken == 1:
            joined = {**token.tags, "NUM": value}
        return self._joined(items[index : index + taken], folded, joined), taken

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

    # -- what neighbours decide --------------------------------------------------------------------------------------

    def _decided(self, items: list[Token], undecided: list[int], text: str, folded: Folded) -> list[Token]:
        """The tokens, words of a number joined to one of class NUM, sentence ends marked as STOP.

        A line end that only wraps a long line disappears.
        """
        out: list[Token] = []
        done = 0
        wrapped: bool | None = None
        for index in undecided:
            if index < done:
                continue  # a part of the number before
            out += items[done:index]
            token, done = items[index], index + 1
            if "LINE" in token.tags:
                wrapped = _is_wrapped(text) if wrapped is None else wrapped
                if out and (not wrapped or token.span.of(text).count("\n") > 1) and not _runs_over(out[-1], token.span.of(text)):
                    self._end_line(out, token)
                continue
            if not _NUMERIC.isdisjoint(token.tags):
                token, taken = self._number_at(items, index, folded)
                done = index + taken
            elif token.text in self.ends and self._is_end(out[-1] if out else None, token, items[done : done + 2], text):
                token.tags, token.kind = MARKS["STOP"], UNKNOWN
            out.append(token)
            if "CLOCK" in token.tags and text[token.span.end - 1] == "." and _begins_anew(items[done : done + 1], text):
                out.append(Token(token.end, token.end, Span(token.span.end, token.span.end), "", MARKS["STOP"]))
        return out + items[done:]

    @staticmethod
    def _end_line(out: list[Token], line: Token) -> None:
        """A line end closes the sentence, with its own empty token where no full stop stands there."""
        last = out[-1]
        if "STOP" in last.tags:
            last.tags, last.kind = _STOP_AT_LINE, UNKNOWN
        else:
            position = last.span.end
            out.append(Token(line.start, line.start, Span(position, position), "", _STOP_AT_LINE))

    def _is_end(self, before: Token | None, token: Token, following: list[Token], text: str) -> bool:
        if not following or token.text != ".":
            return True
        after = following[0]
        if text[max(0, token.span.start - 2) : token.span.start].endswith(".") and text[max(0, token.span.start - 2)] != "." and "LINE" not in after.tags:
            return False  # "yesterday.. seven were killed": a pause
        if after.start == token.end and after.text == ".":
            return False  # its first point
        if before is not None and before.end == token.start and before.text in self.abbreviations:
            return False
        if before is not None and len(before.text) == 1 and before.text.isalpha() and before.end == token.start:
            return False
        if after.start == token.end and "QUOTE" not in after.tags and "CLOSE" not in after.tags and "LINE" not in after.tags:
            return before is not None and (_is_run_on(before.text, text[after.span.start]) or "QUOTE" in before.tags)
        if "CLOSE" in after.tags:  # "8 miles (13 km.) north of"
            after = following[-1]
        return not text[after.span.start].islower()


def _begins_anew(following: list[Token], text: str) -> bool:
    """ "At 3 a.m. Jets bombed": the point of "a.m." ends the sentence, too, where what follows is a word that has no capital else."""
    return any(token.capital and _OF_A_CLOCK.isdisjoint(token.tags) and not token.span.of(text).isupper() for token in following)


def _is_run_on(before: str, after: str) -> bool:
    """ "في طرابلس.وقال المتحدث": a full stop without a space behind it, in a script that has no capitals to name a website in."""
    return len(before) > 2 and before.isalpha() and after.isalpha() and after.lower() == after.upper()


def _token(start: int, end: int, tags: Tags, definite: bool, text: str, folded: Folded) -> Token:
    span = folded.span(start, end)
    return Token(start, end, span, folded.text[start:end], tags, definite, text[span.start].isupper())


def _place(lost: list[Token], upto: int, items: list[Token], undecided: list[int]) -> int:
    """Put the next line ends, dashes and slashes that folding lost where they stood; where the one after them stands."""
    while lost and lost[-1].start <= upto:
        mark = lost.pop()
        if not items or items[-1].end <= mark.start + 1:  # else it stands inside a form of several words
            if "LINE" in mark.tags:
                undecided.append(len(items))
            items.append(mark)
    return lost[-1].start if lost else _NEVER


def _fraction(word: str, start: int, origin: Sequence[int]) -> str:
    """ "4 3⁄4" and "4¾" (which folds to "43⁄4", its last three characters from one) in decimal digits."""
    slash = word.index("⁄")
    one_character = origin[start + slash - 1] == origin[start + slash]
    head = slash - 1 if one_character else word.rfind(" ", 0, slash) + 1
    whole, over, under = word[:head].strip(), int(word[head:slash]), int(word[slash + 1 :])
    return f"{int(whole or 0) + (over / under if under else 0):.6g}"


def _runs_over(last: Token, line_end: str) -> bool:
    """ "In the north of\nSinai": a line that ends in a word which wants another has not ended its sentence."""
    return line_end.count("\n") == 1 and not last.definite and not _WANTING.isdisjoint(last.tags)


def _is_wrapped(text: str) -> bool:
    """Was the text broken into lines of a page's width, so that a line end ends nothing?"""
    lines = [line for block in re.split(r"\n\s*\n", text) for line in block.strip().split("\n")[:-1]]
    open_ended = [line for line in lines if line.strip() and line.rstrip()[-1] not in ".!?؟:…\"”»"]
    return len(lines) >= 2 and 2 * len(open_ended) > len(lines) and max(map(len, lines)) <= 120 and min(map(len, open_ended)) > 40  # one that ends a sentence may be short
