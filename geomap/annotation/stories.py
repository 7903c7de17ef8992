"""Tell an attack from the memory of one: anniversaries, trials, films, and what lies years back."""

from __future__ import annotations

from itertools import dropwhile, takewhile

from geomap.annotation.context import Context
from geomap.annotation.tokens import Token, Tokens
from geomap.model import Date, Span, Trigger

_DESCRIBES = frozenset({"DET", "THE", "ADJ", "ORD", "NUM", "ITS"})
_PREPOSITIONS = frozenset({"IN", "PREPTIME", "FRAME"})
_A_YEAR = 300  # days, about
_WEEKS = 14  # days
_ITS_DAY, _OF_A_DAY = 3, ("'s", "’s")  # words from "Sunday's" to the shelling
_NEAR = 4  # words from "hit" to "by an air strike"
_BLOWS = frozenset({"HIT", "HITWEAK", "BOMB"})
_TOLD_ALL_THE_SAME = 3.0  # bits above which a verb tells of an attack even where the sentence has a memory or a court
_OPENS = frozenset({"COMMA", "SEMI", "COLON", "WHEN"})  # after the setting ("the court was in session when a rocket hit it")
_STRIKES = frozenset({"HIT", "HITWEAK", "BOMB", "AGAINST"})  # what comes between an attack and what it struck
_VERBS = frozenset({"HIT", "BOMB", "DO"})  # with which, in Arabic, a sentence begins
_STRUCK = _STRIKES | {"DESTROY"}
_MEANWHILE = frozenset({"MEANWHILE"})
_BESIDE = _DESCRIBES | {"UNKNOWN", "CAP", "NATION", "FORCE", "STRUCK", "MARK", "SITE", "KIND", "STORY", "TO"}  # what else may be said of what was struck


def is_story(context: Context, tokens: Tokens, trigger: Trigger, here: set[str]) -> bool:
    """Does the sentence tell of a memory, a trial, a film? "On the anniversary of the revolution, warplanes bombed ..." does not."""
    start = trigger.span.start
    sentence = context.sentence(start)
    if "STORY" not in here or _is_place(tokens, sentence, trigger):
        if "MEMORIAL" not in here or _is_meanwhile(tokens, sentence, start) or is_of_these_days(context, tokens, start):
            return False
        weak = trigger.form == "noun" and (trigger.bits or 0.0) < _TOLD_ALL_THE_SAME and after_setting(tokens, tokens.index(sentence.start), tokens.index(start)) == tokens.index(sentence.start) and not _is_hit_by(tokens, start)
        return weak or _is_remembered(context, tokens, trigger) or _is_of_another_year(context, tokens, trigger)
    if trigger.form == "noun":
        return not (trigger.definite and _is_dated_before_it(tokens[tokens.index(start) : tokens.index(sentence.end - 1)]))
    if (trigger.bits or 0.0) > _TOLD_ALL_THE_SAME:
        return False
    before = tokens[tokens.index(sentence.start) : tokens.index(start)]
    after = tokens[tokens.index(start) : tokens.index(sentence.end - 1)]
    opening = next((index for index, token in enumerate(before) if _OPENS & token.tags.keys()), None)
    return opening is None or any("STORY" in token.tags for token in (*before[opening:], *after))


def _is_place(tokens: Tokens, sentence: Span, trigger: Trigger) -> bool:
    """ "An air strike hit a theatre during a play": are all words of stories what was struck, or what went on when it was?"""
    first, here, last = (tokens.index(position) for position in (sentence.start, trigger.span.start, sentence.end - 1))
    return all("STORY" not in tokens[index].tags or _is_struck(tokens, here, index, trigger) for index in range(first, last + 1))


def _is_struck(tokens: Tokens, here: int, index: int, trigger: Trigger) -> bool:
    """Does a word of stories follow an attack and what it did, "hit the museum", or what it came upon, "during a play"?"""
    if index <= here:
        return False
    place = next((place for place in range(index - 1, here, -1) if tokens[place].tags.keys().isdisjoint(_BESIDE)), here)
    if place == here and trigger.form == "noun":
        return bool(here) and not _STRUCK.isdisjoint(tokens[here - 1].tags)  # "استهدفت غارة متحفا" (an air strike hit a museum): the verb comes first
    return not (_STRUCK if trigger.definite else _STRUCK | _MEANWHILE).isdisjoint(tokens[place].tags)


def after_setting(tokens: Tokens, first: int, start: int) -> int:
    """Where a sentence proper begins: what it sets out from ("after weeks of threats,", "on the anniversary of the war,") is not what happened."""
    opening = tokens[first : start + 1]
    comma = next((place for place, token in enumerate(opening[:-1], first + 1) if "COMMA" in token.tags), None)
    end = comma or next((place for place, token in enumerate(opening, first) if not _VERBS.isdisjoint(token.tags) and "STRIKE" not in token.tags), first)
    opener = tokens[first].tags
    memory = not _PREPOSITIONS.isdisjoint(opener) and any("MEMORIAL" in token.tags for token in tokens[first:end])
    day = opener.get("DATE")
    return end if memory or "SETTING" in opener or (isinstance(day, Date) and day.relation == "event") else first


def _is_meanwhile(tokens: Tokens, sentence: Span, start: int) -> bool:
    """ "An air strike killed three as the town marked the anniversary": does all that is remembered follow as what went on then?"""
    here = tokens.index(start)
    if any("MEMORIAL" in token.tags for token in tokens[tokens.index(sentence.start) : here]):
        return False
    before = takewhile(lambda token: "MEMORIAL" not in token.tags, tokens[here : tokens.index(sentence.end - 1) + 1])
    return any("MEANWHILE" in token.tags for token in before)


def is_of_these_days(context: Context, tokens: Tokens, start: int) -> bool:
    """ "Remembered the 17 victims of Sunday's shelling": is an attack known by a day that has just been?"""
    today, here = context.report.published, tokens.index(start)
    found = [token.tags["DATE"] for token in tokens[max(0, here - _ITS_DAY) : here] if "DATE" in token.tags and token.span.of(context.report.text).endswith(_OF_A_DAY)]
    return today is not None and any(day.when is not None and day.when.latest is not None and 0 <= (today - day.when.latest).days < _WEEKS for day in found)


def _is_hit_by(tokens: Tokens, start: int) -> bool:
    """ "Mourners at the memorial were hit by an air strike"."""
    here = tokens.index(start)
    before = takewhile(lambda token: "STOP" not in token.tags, reversed(tokens[max(0, here - _NEAR) : here]))
    return any(not _BLOWS.isdisjoint(token.tags) for token in before)


def _is_dated_before_it(after: list[Token]) -> bool:
    """ "The strikes were carried out overnight, ... by a wartime president": told of a day before the sentence comes to the memory."""
    told = next((token.tags for token in after if {"DATE", "STORY"} & token.tags.keys()), {})
    when = told["DATE"].when if "DATE" in told else None
    return when is not None and when.earliest is not None and when.latest is not None and (when.latest - when.earliest).days <= 1


def is_long_ago(context: Context, tokens: Tokens, start: int) -> bool:
    """ "Thirty years after missiles hit a school in Baghdad, its pupils met again": a date counted from the attack, in years."""
    for token in reversed(tokens[tokens.index(context.sentence(start).start) : tokens.index(start)]):
        if "COMMA" in token.tags:
            return False
        date = token.tags.get("DATE")
        if isinstance(date, Date):
            years = any(context.language.value("TIMEUNIT", word) == "year" for word in token.text.split())
            return date.relation == "event" and date.toward and years
        if "YEARSAFTER" in token.tags:
            return True
    return False


def _is_remembered(context: Context, tokens: Tokens, trigger: Trigger) -> bool:
    """ "The anniversary of the day when jets bombed ...", "the dead of the raid were remembered": the memory and the attack share a
    clause. A parade that is hit does not, nor does what befell the town on the day of the memory."""
    sentence, here = context.sentence(trigger.span.start), tokens.index(trigger.span.start)
    first, last = tokens.index(sentence.start), tokens.index(sentence.end - 1) + 1
    for index in range(first, last):
        if "MEMORIAL" not in tokens[index].tags:
            continue
        between = set().union(*(token.tags for token in tokens[min(index, here) + 1 : max(index, here)]))
        of = _of(tokens, index)
        weak = trigger.form == "noun" and (of or not _is_hit_by(tokens, trigger.span.start))
        if index < here and not _OPENS & between and (weak or of):
            return True
        if index < here and weak and "WHEN" not in between and not _is_setting(tokens, first, index):
            return True
        if index > here and trigger.form == "noun" and not (_OPENS | _STRIKES) & between:
            return True
    return False


def _is_setting(tokens: Tokens, first: int, index: int) -> bool:
    """ "On the anniversary of the raid, ..." says when something else was; "Egypt remembers today ..." tells of the memory."""
    before = dropwhile(lambda token: not token.tags.keys().isdisjoint(_DESCRIBES), reversed(tokens[first:index]))
    return not _PREPOSITIONS.isdisjoint(next((token.tags.keys() for token in before), ()))


def _is_of_another_year(context: Context, tokens: Tokens, trigger: Trigger) -> bool:
    """ "The town remembers today the massacre that jets committed in 1970, targeting a school": the clause has a year of its own."""
    today, sentence, here = context.report.published, context.sentence(trigger.span.start), tokens.index(trigger.span.start)
    if today is None:
        return False
    first, last = tokens.index(sentence.start), tokens.index(sentence.end - 1) + 1
    before = takewhile(lambda token: not _OPENS & token.tags.keys(), reversed(tokens[first:here]))
    after = takewhile(lambda token: not _OPENS & token.tags.keys(), tokens[here:last])
    dates = [date.when for token in (*before, *after) if isinstance(date := token.tags.get("DATE"), Date)]
    return any(when is not None and when.latest is not None and (today - when.latest).days > _A_YEAR for when in dates)


def _of(tokens: Tokens, index: int) -> bool:
    """Does "of" follow: is it the anniversary of something?"""
    after = tokens.index(tokens[index].span.end - 1) + 1
    return any("OF" in token.tags for token in tokens[after : after + 1])
