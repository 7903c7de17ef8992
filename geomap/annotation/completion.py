"""Complete the place names of a text: a known name that follows "north of" or "the town of" is one, as long as it is known."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from geomap.annotation.tokens import Token, Tokens
from geomap.folding import fold
from geomap.model import Names, Span, Toponym

# After a word of these classes a place name must come; "from" only counts after a distance or a heading.
_CALLS = frozenset(
    ("WIND", "KIND", "SITE", "NEAR", "ROAD", "COAST", "OFFSHORE", "COUNTRYSIDE", "OUTSIDE", "BETWEEN", "PART", "LINKING")
)
_NO_NAMES = frozenset(
    ("WIND", "BORDER", "ROAD", "UNIT", "UNIT2", "NEAR", "COUNTRYSIDE", "BETWEEN", "COAST")
)  # what no place is called alone
_STRIKERS = frozenset(("WEAPON", "FORCE", "ARMY", "GROUP", "NATION", "DEMONYM", "SIDE"))
_STRIKERS_AT_MOST = 5  # words
_STRUCK_BY = frozenset(("HIT", "BOMB", "STRIKE"))
_ATTACKS = frozenset(("STRIKE", "WEAKSTRIKE", "BOMB", "HIT"))  # "strikes on ...": something is named next
_MAYBE = ("UNKNOWN", "NAMEHEAD", "KIND", "SITE", "MONTH", "PERSON", "NATION")  # classes of words that may be names
_AROUND = frozenset(("COUNTRYSIDE", "COUNTRYSIDES"))
_GENITIVE = ("WIND", "NEAR", "COUNTRYSIDE", "PARTOF", "UNIT", "LEADING")  # what "of X" may follow
_LEADS_ON = frozenset(("OF", "TO", "FROM", "THE"))
_MARKS = frozenset(("QUOTE", "OPEN", "HASH"))  # around a name
_LONGEST = 5  # words
_NAME_GOES_ON = frozenset(("UNKNOWN", "NAMEPART", "NAMEHEAD", "PLACE"))
_WELL_KNOWN = 20_000  # people: a name of several words borne by such a town is hardly ever anything else


def complete(toponyms: tuple[Toponym, ...], tokens: Tokens, names: Names) -> tuple[Toponym, ...]:
    """The toponyms, some made longer ("دير" of "دير الزور"), some added, the lone heading or border taken out."""
    owners = {index: toponym for toponym in toponyms if (index := tokens.index(toponym.span.start)) < len(tokens)}
    found: list[Toponym] = []
    genitive = tokens.alphabet.holding(*_GENITIVE)
    for index in sorted({*owners, *tokens.where(*_MAYBE)}):
        toponym, text = owners.get(index), tokens[index].text
        if toponym is None:
            # in most texts most words begin no name: only a particle can then make one of them ("الضواحي الجنوبية لطرابلس")
            follows = bool(found) and tokens[index - 1].span.end == found[-1].span.end
            listed = follows and "GLUED_AND" in tokens[index].tags
            if listed or names.get(text) or names.begins(text) or " " in text or (index and tokens.kinds[index - 1] in genitive):
                found.extend(_missed(tokens, index, names, listed, follows and _is_on_a_road(tokens, found[-1])))
        elif not (_no_name(tokens, index, toponym, names) or _is_bank(tokens, index, toponym, names)):
            found.append(_longer(tokens, index, _within_its_words(tokens, index, toponym, names), names))
    kept: list[Toponym] = []
    for toponym in found:
        if kept and (_completes(kept[-1], toponym, tokens) or _has_article(kept[-1], toponym, tokens)):
            span = Span(kept[-1].span.start, toponym.span.end)
            kept[-1] = replace(kept[-1], span=span, name=span.of(tokens.text), known=names.get(fold(span.of(tokens.text))) is not None, lookup=None)
        elif not kept or toponym.span.start >= kept[-1].span.end:
            kept.append(toponym)
    return tuple(kept)


def _completes(head: Toponym, toponym: Toponym, tokens: Tokens) -> bool:
    """ "قرية تل حلاوة": a village whose name begins with a word that opens names has the next name for its second word."""
    index = tokens.index(head.span.start)
    if not index or "NAMEHEAD" not in tokens[index].tags or "KIND" not in tokens[index - 1].tags or tokens[index].span.end != head.span.end:
        return False
    return tokens[index + 1 : index + 2] != [] and tokens[index + 1].span.start == toponym.span.start


def _has_article(head: Toponym, toponym: Toponym, tokens: Tokens) -> bool:
    """ "Ras al-Hadd", where both words are towns elsewhere: what begins small behind a capital goes on with the name."""
    first, last = head.span.start, toponym.span.start
    return tokens.text[head.span.end : last] == " " and tokens.text[last].islower() and tokens.text[first].isupper() and not toponym.name.islower()


def _speaks(tokens: Tokens, index: int) -> bool:
    """ "In the Kharkiv region Oleh Syniehubov said": two names and a word of speech are a person."""
    surname, said = tokens[index + 1 : index + 2], tokens[index + 2 : index + 3]
    return bool(surname and said) and "UNKNOWN" in surname[0].tags and tokens.text[surname[0].span.start].isupper() and "SAY" in said[0].tags


def _is_of_a_day(tokens: Tokens, index: int) -> bool:
    """ "In the area March 17": the month of a day, and no town of that name."""
    return "MONTH" in tokens[index].tags and any({"NUM", "ORD"} & each.tags.keys() for each in (*tokens[max(0, index - 1) : index], *tokens[index + 1 : index + 2]))


def _is_on_a_road(tokens: Tokens, toponym: Toponym) -> bool:
    """ "طريق دير الزور الرقة": of a road with two names, the first."""
    index = tokens.index(toponym.span.start) - 1
    if index > 0 and "NAMEHEAD" in tokens[index].tags:
        index -= 1
    return index >= 0 and "ROAD" in tokens[index].tags


def _missed(tokens: Tokens, index: int, names: Names, listed: bool, on_road: bool) -> Iterator[Toponym]:
    token = tokens[index]
    if not token.text[:1].isalpha() or tokens.text[token.span.start].islower() and not (_measured(tokens, index, names) and _called(tokens, index)):
        return
    if _speaks(tokens, index) or _opens_a_name(tokens, index) or _is_of_a_day(tokens, index):
        return
    if token.definite and ("KIND" in token.tags or ("SITE" in token.tags and not (index and "KIND" in tokens[index - 1].tags))):
        return  # "أحياء المدينة", "وسط السوق": the town and the market, neither Medina nor Al-Suq; but "حي المطار"
    if "SITE" in token.tags and not token.definite and index and "KIND" in tokens[index - 1].tags and any("UNKNOWN" in each.tags and "GLUED_AND" not in each.tags for each in tokens[index + 1 : index + 2]):
        return  # "منطقة جبل عداية"
    after = next((each for each in tokens[index + 1 : index + 3] if _MARKS.isdisjoint(each.tags)), token)
    before, named = tokens[index - 1].tags.keys() if index else (), "UNKNOWN" in after.tags
    if "KIND" in token.tags and ("SITE" in before or ("KIND" in before and named)):
        return  # "تقاطع بلدة الزعفران", "أحياء مدينة «زربوطة»"
    if "KINDADJ" in token.tags or ("NATION" in token.tags and not token.definite and "KIND" in before):
        return  # "حي سكني", "بلدة عراقية" (an Iraqi town)
    start = token.start
    end = _known(tokens, index, start, names)
    glued = None if end > index else _particle(token) if listed or (index and not tokens[index - 1].tags.keys().isdisjoint(_GENITIVE)) else None
    if end == index and glued is None:
        return
    called = on_road or _called(tokens, index)
    if not {"UNKNOWN", "NAMEHEAD"} & token.tags.keys() and not (
        called and ({"KIND", "SITE"} & tokens[index - 1].tags.keys() or _is_country(token, names))
    ):
        return
    if glued is not None:
        start += len(glued)  # "الضواحي الجنوبية لطرابلس", "كفرنبل وحاس"
        end = _known(tokens, index, start, names)
        called = True
    if end > index and (called or _stands_alone(tokens, index, end, names)):
        span = tokens.folded.span(start, tokens[end - 1].end)
        yield Toponym(span, span.of(tokens.text))


def _particle(token: Token) -> str | None:
    """What may be a particle written together with an unknown word; "as" stands before no place: "قرب كفير"."""
    return next((value for name, value in token.tags.items() if name.startswith("GLUED_") and name != "GLUED_AS"), None)


def _measured(tokens: Tokens, index: int, names: Names) -> bool:
    """ "20 km south west of mosul": after a distance even a name that nobody capitalised is one, if a town of that name is well known."""
    if not index or {"OF", "FROM"}.isdisjoint(tokens[index - 1].tags):
        return False
    info = names.get(tokens[index].text)
    before = tokens[max(0, index - 5) : index]
    return info is not None and info.population >= _WELL_KNOWN and any("UNIT" in token.tags for token in before)


def _is_country(token: Token, names: Names) -> bool:
    """Is a word for a nation the name of its country ("Turkey"), not the adjective ("Turkish", class D of the index)?"""
    info = names.get(token.text) if "NATION" in token.tags else None
    return info is not None and bool(set(info.feature_classes) - {"D"})


def _stands_alone(tokens: Tokens, first: int, end: int, names: Names) -> bool:
    """Is a known name one without a word that calls for it? "بني وليد" anywhere, "سرت" after "in", "strikes on", or before "(450 km east of"."""
    info = names.get(" ".join(tokens.folded.text[tokens[first].start : tokens[end - 1].end].split()))
    if info is None or not (info.curated or (info.preferred and info.population >= _WELL_KNOWN)):
        return False
    if "UNKNOWN" not in tokens[end - 1].tags or _is_part_of_a_name(tokens, end):
        return False
    after = [token.tags.keys() for token in tokens[end : end + 6]]
    glossed = (
        len(after) > 2
        and {"OPEN", "COMMA", "LINK"} & after[0]
        and any("NUM" in tags for tags in after)
        and any("UNIT" in tags for tags in after)
    )
    inside = first > 0 and "IN" in tokens[first - 1].tags
    struck = inside and first > 1 and not tokens[first - 2].tags.keys().isdisjoint(_ATTACKS)
    turned = inside and any("WIND" in tags for tags in after[:2])  # "في بقيق شرق السعودية"
    return bool(end - first > 1 or glossed or struck or turned or (info.curated and (inside or (_is_struck(tokens, first) and not _is_described(tokens, end)))))


def _is_part_of_a_name(tokens: Tokens, end: int) -> bool:
    """ "In Tal Mannas": where an unknown word with a capital of its own follows, the town of Tal is not meant."""
    after = tokens[end : end + 1]
    return bool(after) and "UNKNOWN" in after[0].tags and after[0].capital


def _longer(tokens: Tokens, index: int, toponym: Toponym, names: Names) -> Toponym:
    end = tokens.index(toponym.span.end - 1) + 1
    if end >= len(tokens) or _NAME_GOES_ON.isdisjoint(tokens[end].tags):
        return toponym
    start = tokens[index].start + (toponym.span.start - tokens[index].span.start)
    last = _known(tokens, index, start, names)
    if last <= end or tokens.text[tokens[last - 1].span.start].islower() or any(_NAME_GOES_ON.isdisjoint(token.tags) for token in tokens[end:last]):
        return toponym  # "Bergen op Zoom", but not "Sirte district" written small
    span = tokens.folded.span(start, tokens[last - 1].end)
    return replace(toponym, span=span, name=span.of(tokens.text))


def _within_its_words(tokens: Tokens, index: int, toponym: Toponym, names: Names) -> Toponym:
    """ "مدينة سرمين بريف إدلب": where the countryside begins, the name of the town has ended."""
    last = tokens.index(toponym.span.end - 1)
    if last <= index or tokens[last].span.end != toponym.span.end or _AROUND.isdisjoint(tokens[last].tags):
        return toponym
    span = Span(toponym.span.start, tokens[last - 1].span.end)
    return replace(toponym, span=span, name=span.of(tokens.text), known=names.get(fold(span.of(tokens.text))) is not None)


def _known(tokens: Tokens, index: int, start: int, names: Names) -> int:
    """Index after the last token of the longest known name from a folded position; ``index`` itself where there is none."""
    best, text = index, tokens.folded.text
    for end, token in enumerate(tokens.items[index : index + _LONGEST], index):
        if not token.text[:1].isalpha():
            break
        key = text[start : token.end] if end == index and " " not in token.text else " ".join(text[start : token.end].split())
        if names.get(key) is not None:
            best = end + 1
        if not names.begins(key):
            break
    return best


def _called(tokens: Tokens, index: int) -> bool:
    """Do the words before call for a place name?"""
    if not index:
        return False
    before = tokens[index - 1].tags.keys()
    if before & _CALLS:
        return True
    second = tokens[index - 2].tags.keys() if index > 1 else frozenset()
    if second & {"ROAD", "BORDER"}:  # "طريق حمص تدمر", "the border with Turkey"
        return True
    return bool(before & {"FROM", "OF"} and second & {"WIND", "UNIT", "UNIT2", "FEWAFTER"})


def _is_struck(tokens: Tokens, index: int) -> bool:
    """ "قصف الطيران الحربي الروسي كفرنبل": where the verb stands first, what is bombed comes after all the words for those who did it."""
    place = index - 1
    while place > 0 and index - place <= _STRIKERS_AT_MOST and _strikes(tokens[place]):
        place -= 1
    verb = tokens[place] if place >= 0 else None
    if verb is None or verb.definite or _STRUCK_BY.isdisjoint(verb.tags):
        return False
    return place < index - 1 or " " in verb.text  # "قصف الطيران", one word of an attack


def _is_described(tokens: Tokens, end: int) -> bool:
    """ "قصفت الطائرات برجا سكنيا" (a block of flats): a noun and its adjective are no town, and Barja is one."""
    after = tokens[end : end + 1]
    return bool(after) and "UNKNOWN" in after[0].tags and not after[0].definite and _particle(after[0]) is None


def _strikes(token: Token) -> bool:
    """Jets and whose they are, or an adjective with the article: "الحربي"."""
    return not _STRIKERS.isdisjoint(token.tags) or (token.definite and "UNKNOWN" in token.tags)


def _opens_a_name(tokens: Tokens, index: int) -> bool:
    """ "تل أم حوران": of two words that each open a name the first is none by itself."""
    return "NAMEHEAD" in tokens[index].tags and index + 1 < len(tokens) and "NAMEHEAD" in tokens[index + 1].tags


def _no_name(tokens: Tokens, index: int, toponym: Toponym, names: Names) -> bool:
    """ "الشمال" is a province somewhere, and a heading nearly everywhere; "العاصمة" is the capital of this sentence."""
    token: Token = tokens[index]
    before = tokens[index - 1].tags.keys() if index else frozenset()
    if token.span != toponym.span:
        return False
    if _opens_a_name(tokens, index):
        return True
    if "KIND" in token.tags and token.definite and "KIND" in before:
        return True  # "أحياء المدينة", the quarters of the town
    if "KINDADJ" in token.tags and not token.definite and "KIND" in before:
        return True  # "قرية حدودية", a village on the border
    if before & {"KIND", "SITE"}:
        return False
    if token.tags.keys() & _NO_NAMES or ("KIND" in token.tags and token.definite):
        return True
    # "الصحراء", the desert; "السوق", the market, whatever towns go by it
    return token.definite and ("COMMONSITE" in token.tags or ("SITE" in token.tags and names.get(token.text) is None))


def _is_bank(tokens: Tokens, index: int, toponym: Toponym, names: Names) -> bool:
    """ "الضفة الغربية لنهر الفرات", "the West Bank of the Euphrates": of a river, and not the West Bank."""
    last = tokens.index(toponym.span.end - 1) + 1
    if not any("BANK" in token.tags for token in tokens[index:last]):
        return False
    after = tokens[last : last + 4]
    river = next((token for token in after if _LEADS_ON.isdisjoint(token.tags)), None)
    if river is None or river is after[0]:
        return False
    info = names.get(river.text)
    return river.tags.get("SITE") == "river" or (info is not None and "H" in info.feature_classes)
