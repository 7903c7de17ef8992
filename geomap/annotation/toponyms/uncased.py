"""Find place names in scripts without capitals: a linear model where there is one, else known names with cue words."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from geomap.annotation.toponyms import strange
from geomap.annotation.toponyms.knowledge import Knowledge
from geomap.annotation.toponyms.parents import with_parents
from geomap.annotation.toponyms.sequence import BEGIN, INSIDE, OUTSIDE, features, load_tagger
from geomap.annotation.toponyms.vocabulary import SHORTEST, Word, spaced, vocabulary_of
from geomap.annotation.toponyms.words import key_of
from geomap.folding import Folded, fold_text
from geomap.model import NameInfo, Names, Span, Toponym, ToponymKind

_OPENING = "أإآ"  # letters that only begin a word: behind another they show that a particle stands before it
# Kinds whose word belongs to the name: "وادي الشاطئ" is in the gazetteer, الشاطئ is somewhere else.
_PART_OF_NAME = frozenset(
    {"region", "wadi", "mountain", "river", "sea", "island", "camp", "dam", "oilfield", "airport", "airbase", "port", "desert", "border"}
)
_DIVISIONS = frozenset({"district", "governorate"})  # "مركز قضاء سنجار": no part of a name, whatever stands before
_QUOTE = '"'  # all quotation marks are folded to it
_IN_QUOTES = 4  # words of a name in quotes, at most
_JOINS = ("و", "،", ",")  # between names in a row, each in quotes
# How far the model may lean against a known name that its cue words bear out (hundredths).
DOUBT, DOUBT_CURATED, DOUBT_COMMON, DOUBT_CUED = -1100, -1300, -700, -2500


class Line:
    """The words of a text, folded, with what the names and the cue words say of each: columns of one length."""

    __slots__ = ("cues", "demonyms", "folded", "marks", "rare", "spans", "stems", "words")

    def __init__(self, folded: Folded, knowledge: Knowledge, names: Names) -> None:
        self.folded = folded
        vocabulary = vocabulary_of(knowledge, names)  # type: ignore[arg-type]  # every index of names is an object of its own
        read: list[Word] = []
        self.spans: list[tuple[int, int]] = []
        at = 0
        for run in folded.text.split(" "):
            for first, last, word in vocabulary.runs[run]:
                read.append(word)
                self.spans.append((at + first, at + last))
            at += len(run) + 1
        self.words = [word.text for word in read]
        self.stems = [word.stem for word in read]
        self.cues = [word.cue for word in read]
        self.demonyms = [word.demonym for word in read]
        self.marks = vocabulary.marks(self.words, read)
        self.rare = [word.rare and mark == "-" for word, mark in zip(read, self.marks, strict=True)]


def observe(line: Line) -> list[list[str]]:
    """The features of the words, for training the linear model."""
    return features(line.words, line.stems, line.marks, line.cues)


def find_uncased(text: str, knowledge: Knowledge, names: Names, *, rare: bool = False) -> tuple[Toponym, ...]:
    """Place names of a text in a script without capitals; with ``rare`` also words of which nothing else is known: see ``strange``."""
    line = Line(fold_text(text), knowledge, names)
    tagger = load_tagger(knowledge.code)
    scores = tagger.scores(line.words, line.stems, line.marks, line.cues) if tagger else None
    labels = tagger.labels(scores) if tagger and scores else [0] * len(line.words)
    _known_names(line, labels, knowledge, names, [begin for begin, _ in scores] if scores else None)
    if rare and scores:
        strange.label(line, labels, [begin for begin, _ in scores], knowledge, text)
    found: list[Toponym] = []
    _second_words(line, labels, knowledge)
    for first, last in _runs(line, labels, knowledge, names):
        toponym = _toponym(text, line, first, last, knowledge, names)
        if toponym is not None:
            found.append(toponym)
    placed = with_parents(_countries(found, knowledge), text, knowledge, names)
    return tuple(sorted(placed + _demonyms(line, labels, text), key=lambda toponym: toponym.span))


def _countries(found: list[Toponym], knowledge: Knowledge) -> list[Toponym]:
    """ "في تونس، على بعد 270 كم من تونس العاصمة": who tells the capital by its second word means the country by the name alone."""
    whole = {name for name, _, last in (each.name.rpartition(" ") for each in found) if knowledge.kind_before.get(key_of(last)) == "city"}
    return [replace(each, kind="country") if each.kind is None and each.name in whole else each for each in found]


def _demonyms(line: Line, labels: Sequence[int], text: str) -> list[Toponym]:
    """Adjectives of countries ("الليبية"), with article and particle."""
    found = []
    for form, label, (_, end) in zip(line.demonyms, labels, line.spans, strict=True):
        if form is not None and not label:
            span = line.folded.span(end - len(form), end)
            found.append(Toponym(span, span.of(text), use="demonym", lookup=form))
    return found


def _runs(line: Line, labels: Sequence[int], knowledge: Knowledge, names: Names) -> list[tuple[int, int]]:
    """First and last words of the names. A known name after "in" is no end of another ("مدينة ضحيان بصعدة"), but of "أم بادر"."""
    runs: list[tuple[int, int]] = []
    for index, label in enumerate(labels):
        glued = label == INSIDE and line.words[index][0] in "بل" and line.words[index] != line.stems[index] and line.stems[index - 1] not in knowledge.heads
        if label == BEGIN or (glued and names.get(line.stems[index]) is not None) or (label == INSIDE and _is_another(line, index, names)):
            runs.append((index, index + 1))
        elif label == INSIDE and runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
    return runs


def _is_another(line: Line, index: int, names: Names) -> bool:
    """ "ولايتي خوست وبكتيكا": two names joined by "and", unless the tables have them as one ("خب والشعف")."""
    word, stem, before = line.words[index], line.stems[index], line.stems[index - 1]
    joined = word[0] == "و" and word != stem and names.get(stem) is not None and names.get(before) is not None
    return joined and names.get(f"{before} {word}") is None


def _second_words(line: Line, labels: list[int], knowledge: Knowledge) -> None:
    """Take in the other word of a name that cannot be whole yet: "بئر لحلو" of which only بئر was taken, "بلدة دانداي دارباخيل"."""
    for index in range(len(labels) - 1):
        after = index + 1
        if labels[index] != BEGIN or line.cues[after] != "-" or not line.words[after].isalpha():
            continue
        head = line.stems[index] in knowledge.heads or line.cues[index] == "D" and line.cues[index - 1 : index] == ["D"]  # "منطقة جبل عداية"
        if (labels[after] == OUTSIDE and head) or (labels[after] != INSIDE and _is_of_two(line, index, knowledge)):
            labels[after] = INSIDE
    for after in [index for index, rare in enumerate(line.rare) if rare and index > 1]:
        if labels[after] == OUTSIDE and labels[after - 1] == BEGIN and _is_cut_short(line, after):
            labels[after] = INSIDE  # "جنوب شرق بولا قودود"
    for index in range(1, len(labels) - 1):
        if labels[index] == OUTSIDE and labels[index + 1] == BEGIN and knowledge.is_strange(line.words[index]) and _is_of_two(line, index, knowledge):
            labels[index : index + 2] = [BEGIN, INSIDE]  # "قرية كوينو بارو"


def _is_cut_short(line: Line, after: int) -> bool:
    """Is a rare word the second of a name that a lesser place elsewhere bears, and that must be one here?"""
    called = line.cues[after - 2] in "DL" and not line.marks[after - 1].endswith(("c", "cs"))
    return called and line.words[after][0] not in "وبل" and line.spans[after][0] - line.spans[after - 1][1] == 1


def _is_of_two(line: Line, index: int, knowledge: Knowledge) -> bool:
    """Does a word that no table has stand right after a designator, and another such word right after it?"""
    if line.cues[index - 1 : index] != ["D"] or line.stems[index - 1].startswith("ال") or line.cues[index] != "-" or any(mark.endswith(("c", "cs")) for mark in line.marks[index : index + 2]):
        return False
    joined = all(line.spans[place + 1][0] - line.spans[place][1] == 1 for place in (index - 1, index))
    return joined and line.words[index].isalpha() and knowledge.may_end_a_name(line.words[index + 1])


def _known_names(
    line: Line, labels: list[int], knowledge: Knowledge, names: Names, leanings: Sequence[float] | None
) -> None:
    """Add known names that their cue words, their rank or a list bear out, and lengthen those that were cut short.

    ``leanings`` say how the model leans on a name that begins at each word, whatever stands around it was taken for.
    """
    for start, mark in enumerate(line.marks):
        if not mark.startswith("B"):
            continue
        index, length = _without_cues(line, start, int(mark[1]), knowledge, names)
        span = range(index, index + length)
        if length > 1 and " ".join((line.stems[index], *line.words[index + 1 : index + length])) in knowledge.never:
            continue
        curated = mark.endswith(("c", "cs"))
        if any(labels[i] for i in span):
            begins = labels[index] == BEGIN or labels[index] == 0 and curated or index > start and labels[start] == BEGIN
            goes_on = INSIDE in labels[index + length : index + length + 1]
            whole = labels[index] == BEGIN and _stands_alone(names.get(line.stems[index])) and knowledge.kind_before.get(line.words[span[-1]]) != "city"
            take = length > 1 and begins and not goes_on and not whole and not _two_names(line, labels, span, names)
        else:
            take = leanings is None and curated or _borne_out(line, labels, index, length, mark, knowledge)
            take = take and (leanings is None or leanings[index] > _allowed(line, index, length, mark, knowledge))
        if take:
            labels[start : index + length] = [OUTSIDE] * (index - start) + [BEGIN] + [INSIDE] * (length - 1)


def _without_cues(line: Line, index: int, length: int, knowledge: Knowledge, names: Names) -> tuple[int, int]:
    """Start and length of a known name without its cue words: "مدينة مرزق" stands in the tables, the name is مرزق."""
    while length > 1 and line.cues[index] in "DLI":
        if line.cues[index] == "L" and _division_of_wind(line, index, index + length, names):
            break
        if line.cues[index] == "D" and line.cues[index - 1 : index] == ["D"] and knowledge.kind_before.get(line.words[index]) not in _DIVISIONS:
            break  # "حي تل السلطان": a second designator is a part of the name
        index, length = index + 1, length - 1
        if length > 1 and line.words[index + length - 1] in knowledge.kind_after:
            length -= 1  # "الدولي" of "مطار أبها الدولي"
    return index, length


def _division_of_wind(line: Line, first: int, last: int, names: Names) -> bool:
    """Is it a division of its own, as "جنوب دارفور" and "جنوب كردفان" are, and no part of a town or a country ("جنوب سوريا")?"""
    whole = names.get(" ".join((line.stems[first], *line.words[first + 1 : last])))
    if whole is None or "A" not in whole.feature_classes:
        return False
    rest = names.get(" ".join(line.words[first + 1 : last]))
    before = line.cues[first - 1 : first]
    lone = before == ["I"] or line.words[first] != line.stems[first]  # "في جنوب كردفان", "وشمال وزيرستان"
    return before == ["D"] or lone and (rest is None or not {"C", "P"} & set(rest.feature_classes))


def _stands_alone(info: NameInfo | None) -> bool:
    """Is the first word a name that needs no second, as مكة of "مكة المكرمة"? دير of "دير الزور" is none; "تونس العاصمة" is a city."""
    return info is not None and info.preferred and info.population >= 500_000


def _two_names(line: Line, labels: Sequence[int], span: range, names: Names) -> bool:
    """Are the words a name and the name of its area ("كردستان العراق")?"""
    info = names.get(line.stems[span[-1]]) if labels[span[-1]] == BEGIN else None
    return info is not None and "C" in info.feature_classes


def _contained(line: Line, index: int, length: int) -> bool:
    """Does the text say in which area the name lies ("في الحي بمحافظة واسط")?"""
    after = index + length
    return index > 0 and line.cues[index - 1] != "-" and after < len(line.words) and line.words[after][0] == "ب" and line.cues[after] == "D"


def _cue_before(line: Line, index: int, length: int) -> str:
    """What the word before a name is; of one in quotes the word before these, or before the first of a row of them: 'في "كذا" و"كذا"'."""
    place = index - 1
    if index + length < len(line.words) and line.words[place] == line.words[index + length] == _QUOTE:
        place -= 1
        while place > _IN_QUOTES and line.words[place] in _JOINS and line.words[place - 1] == _QUOTE:
            opening = next((back for back in range(place - 2, place - 2 - _IN_QUOTES, -1) if line.words[back] == _QUOTE), 0)
            place = opening - 1
    return line.cues[place] if place >= 0 else "-"


def _allowed(line: Line, index: int, length: int, mark: str, knowledge: Knowledge) -> int:
    """How far the model may lean against a known name that is borne out: the better its cue, the further."""
    curated = mark.endswith(("c", "cs"))
    before = _cue_before(line, index, length)
    if curated and line.words[index - 1] == _QUOTE and before in "DLIS":
        return 2 * DOUBT_CUED
    if curated and (before in "DL" or length > 1 and mark[2] != "A" or _contained(line, index, length)):
        return 2 * DOUBT_CUED if before == "D" or length > 2 else DOUBT_CUED
    if length == 1 and line.stems[index] in knowledge.common:
        return DOUBT_COMMON
    if curated and mark.endswith("s") and line.words[index][0] == "ب":
        return DOUBT_CUED  # "in" is written together with the name: "بسرت"
    return (DOUBT_CURATED if curated else DOUBT) * (1 + (before == "D"))


def _borne_out(line: Line, labels: Sequence[int], index: int, length: int, mark: str, knowledge: Knowledge) -> bool:
    """May a known name that the model did not take be a place all the same?"""
    word, name, before = line.words[index], line.stems[index], _cue_before(line, index, length)
    curated = mark.endswith(("c", "cs"))
    common = name in knowledge.common and before != "D" and not (curated and (before in "LS" or _contained(line, index, length)))
    if length == 1 and (word in knowledge.never or name in knowledge.never or common or len(name) < SHORTEST or line.cues[index] != "-"):
        return False
    size = int("".join(filter(str.isdigit, mark[2:])) or 0)
    listed = word[0] == "و" and mark.endswith("s") and index > 0 and labels[index - 1] != 0
    strong = before == "D" or before == "L" or listed
    if before in "TO":
        return False
    if curated:
        return strong or before in "IS" or length > 1 or mark.endswith("s") and word[0] in "بل"
    if size >= 7 and "p" in mark and len(name) > 3:
        return True
    return strong and (size >= 4 or length > 1) or before == "I" and (size >= 6 or length > 1 and size >= 4)


# -- toponyms ------------------------------------------------------------------------------------------------------------


def _toponym(text: str, line: Line, first: int, last: int, knowledge: Knowledge, names: Names) -> Toponym | None:
    """The name at the words first to last: its particle and its designators left outside."""
    if last - first > 1 and line.stems[first] in knowledge.outlets:
        info = names.get(" ".join((line.stems[first], *line.words[first + 1 : last])))
        if info is None or "A" in info.feature_classes:
            return None  # "لواء القدس", taken whole; but streets that the tables know
    if last - first == 1 and line.words[first] in knowledge.kind_before and line.cues[first - 1 : first] == ["D"] and line.words[last : last + 1] and line.words[last].startswith("ال"):
        return None  # "منطقة حي المصانع": a quarter, called by a common word
    first, kind = _without_designators(line, first, last, knowledge, names)
    if _is_adjective(line, first, knowledge, names):  # "العاصمة اليمنية صنعاء", "العاصمة السودانية"
        first += 1
        if first == last:
            return None
    last = _without_adjective(line, first, last, knowledge, names)
    if last - first == 2 and line.words[last - 1] in knowledge.never and not _start(line.words[first:last], knowledge, names)[1]:
        last -= 1  # "مدينة كوستي كبرى مدن الولاية", "بلدة زربوطة صباح اليوم"; but "نابلس ورام الله"
    words = line.words[first:last]
    start, known = _start(words, knowledge, names)
    if start and words[0][0] in "بلك" and _kind_at(line, first - 1, knowledge) and not (line.words[first - 1].startswith("ال") or words[0].startswith("ال", start)):
        start, known = 0, False  # "بلدة بوداي": no particle stands between a designator and its name
    if start == 2 and words[0].startswith("ول") and _is_second_of_two(line, first, knowledge):
        start, known = 1, False  # "بين بلدتي يحمر ولبايا"
    if not known and not start and line.rare[first]:
        start = strange.particle(line, first)
    elif not known and not start and line.stems[first] in knowledge.heads:
        start = len(words[0]) - len(line.stems[first])
    bare = words[0][start:]
    kind = kind or _cue(line, first, last, knowledge)
    common = bare in knowledge.never or not known and line.stems[first] in knowledge.never  # "وريف", which no name follows
    if last - first == 1 and common and (not kind or bare in knowledge.kind_before):
        return None  # "مطار المدينة" is the town's
    whole = names.get(" ".join((bare, *words[1:])))
    if not known and first and line.words[first - 1] in knowledge.kind_before and text[line.folded.origin[line.spans[first - 1][0]] + 1] in _OPENING:
        return None  # "وأدى الهجومان إلى": and led to, no wadi
    if last - first == 1 and bare in knowledge.descriptions:
        return None  # "حي سكني", "منطقة السوق"
    if _bears_its_name(line, first, knowledge, whole is not None and "C" in whole.feature_classes):
        return None
    if last - first == 1 and not known and (len(bare) < SHORTEST or _kind_at(line, first, knowledge)):
        return None  # a designator alone, or a word like any other
    begin, end = line.spans[first][0] + start, line.spans[last - 1][1]
    span = line.folded.span(begin, end)
    while span.end < len(text) and text[span.end].isalpha() and not key_of(text[span.end]):
        span = Span(span.start, span.end + 1)  # a final hamza, which folding drops
    if whole is not None and "C" in whole.feature_classes:
        kind = "country"
    lookup = None
    if words[0].startswith("لل") and start == 2:  # "للعراق": the article lost its alif
        lookup = "ال" + line.folded.text[begin:end]
    elif first and (kind in _PART_OF_NAME or (kind == "neighbourhood" and not known)):  # a quarter that nobody knows but with its word
        lookup = _designated(line, first, last, bare, knowledge, names)
    elif not known and last - first == 1:
        lookup = spaced(bare, names)
    return Toponym(span, span.of(text), kind, known=known, lookup=lookup)


def _designated(line: Line, first: int, last: int, bare: str, knowledge: Knowledge, names: Names) -> str | None:
    """The name with the word before it, and with "الدولي" after it, where the names have it so: "مطار أبها الدولي"."""
    name = " ".join((line.stems[first - 1], bare, *line.words[first + 1 : last]))
    tails = [f" {word}" for word in line.words[last : last + 1] if word in knowledge.kind_after]
    return next((name + tail for tail in (*tails, "") if names.get(name + tail) is not None), None)


def _bears_its_name(line: Line, first: int, knowledge: Knowledge, country: bool) -> bool:
    """Is it only what an agency, a brigade, a street is called: "وكالة الأناضول", "كتيبة شهداء الزاوية"? "تلفزيون الكويت" is the country's."""
    before = first - 1
    while before >= 0 and line.words[before] in knowledge.fighters:
        before -= 1
    if before < 0:
        return False
    word = line.stems[before]
    if before < first - 1:
        return word in knowledge.outlets or word in knowledge.organisation_before or word in knowledge.kind_before
    return not country and (word in knowledge.outlets or line.words[before] in knowledge.outlets)


def _without_designators(line: Line, first: int, last: int, knowledge: Knowledge, names: Names) -> tuple[int, ToponymKind | None]:
    """Where the name begins once "مدينة" or "جنوب", which the model may take in, is left out; and the kind that it says."""
    kind: ToponymKind | None = None
    while last - first > 1:
        inner = _kind_at(line, first, knowledge)
        if inner is None and line.cues[first] != "L":
            break
        whole = names.get(" ".join((line.stems[first], *line.words[first + 1 : last])))
        rest = names.get(" ".join(line.words[first + 1 : last]))
        glued = line.words[first] != line.stems[first]  # "مدن بولاية كسلا": a particle opens no name
        if whole is not None and (rest is None or line.cues[first] == "D" and line.cues[first - 1 : first] == ["D"]) and not (inner and glued):
            break  # "حي تل السلطان": a second designator is a part of the name
        if inner is None and _division_of_wind(line, first, last, names):
            break
        kind, first = inner or kind, first + 1
    return first, kind


def _without_adjective(line: Line, first: int, last: int, knowledge: Knowledge, names: Names) -> int:
    """Where the name ends once "الجنوبية" of "عدن الجنوبية" or "الصومالي" of "هرارديري الصومالي" is left out."""
    if last - first < 2:
        return last
    if line.words[last - 1][0] == "ل" and line.words[last - 1] != line.stems[last - 1]:
        return last - 1 if names.get(" ".join((line.stems[first], *line.words[first + 1 : last - 1]))) is not None else last  # "الضاحية الجنوبية لبيروت"
    if not line.words[last - 1].startswith("ال"):
        return last
    info = names.get(line.words[last - 1][2:])
    adjective = line.words[last - 1] in knowledge.winds or info is not None and "D" in info.feature_classes
    whole, rest = " ".join(line.words[first:last]), " ".join(line.words[first : last - 1])
    return last - 1 if adjective and names.get(whole) is None and (names.get(rest) is not None or line.cues[first - 1 : first] in (["D"], ["L"])) else last


def _is_adjective(line: Line, index: int, knowledge: Knowledge, names: Names) -> bool:
    """Is a word only the adjective of a country after a designator?"""
    word = line.words[index]
    if not index or knowledge.kind_before.get(line.stems[index - 1]) is None or not word.startswith("ال") or names.get(word) is not None:
        return False
    info = names.get(word[2:])
    return info is not None and "D" in info.feature_classes


def _start(words: Sequence[str], knowledge: Knowledge, names: Names) -> tuple[int, bool]:
    """Where in the first word the name begins, and whether a gazetteer knows it."""
    if names.get(" ".join(words)) is not None:
        return 0, True
    rest = "".join(" " + word for word in words[1:])
    for left in knowledge.bare(words[0]):
        if len(left + rest) >= SHORTEST and names.get(left + rest) is not None:
            return (len(words[0]) - len(left) if words[0].endswith(left) else 2), True
    return 0, False


def _is_second_of_two(line: Line, first: int, knowledge: Knowledge) -> bool:
    """Do a designator of two and the first of their names stand before a word?"""
    return first > 1 and line.words[first - 2].endswith("تي") and not line.words[first - 2].startswith("ال") and _kind_at(line, first - 2, knowledge) is not None


def _cue(line: Line, first: int, last: int, knowledge: Knowledge) -> ToponymKind | None:
    if last < len(line.words) and (kind := knowledge.kind_after.get(line.words[last])):
        return kind
    return _kind_at(line, first - 1, knowledge)


def _kind_at(line: Line, index: int, knowledge: Knowledge) -> ToponymKind | None:
    if index < 0:
        return None
    return knowledge.kind_before.get(line.words[index]) or knowledge.kind_before.get(line.stems[index])
