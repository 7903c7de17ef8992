"""Tell an attack from the memory of one: anniversaries, trials, films, and what lies years back."""

from __future__ import annotations

from geomap.annotation.context import Context
from geomap.annotation.tokens import Token, Tokens
from geomap.model import Date, Trigger

_TOLD_ALL_THE_SAME = 3.0  # bits above which a verb tells of an attack even where the sentence has a memory or a court
_OPENS = frozenset({"COMMA", "SEMI", "COLON", "WHEN"})  # after the setting ("the court was in session when a rocket hit it")
_STRIKES = frozenset({"HIT", "HITWEAK", "BOMB", "AGAINST"})  # what comes between an attack and what it struck


def is_story(context: Context, tokens: Tokens, trigger: Trigger, here: set[str]) -> bool:
    """Does the sentence tell of a memory, a trial, a film? "On the anniversary of the revolution, warplanes bombed ..." does not."""
    start = trigger.span.start
    if "STORY" not in here:
        return "MEMORIAL" in here and (_is_remembered(context, tokens, trigger) or (trigger.form == "noun" and (trigger.bits or 0.0) < _TOLD_ALL_THE_SAME))
    sentence = context.sentence(start)
    if trigger.form == "noun":
        return not (trigger.definite and _is_dated_before_it(tokens[tokens.index(start) : tokens.index(sentence.end - 1)]))
    if (trigger.bits or 0.0) > _TOLD_ALL_THE_SAME:
        return False
    before = tokens[tokens.index(sentence.start) : tokens.index(start)]
    after = tokens[tokens.index(start) : tokens.index(sentence.end - 1)]
    opening = next((index for index, token in enumerate(before) if _OPENS & token.tags.keys()), None)
    return opening is None or any("STORY" in token.tags for token in (*before[opening:], *after))


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
        if index < here and not _OPENS & between and (trigger.form == "noun" or _of(tokens, index)):
            return True
        if index > here and trigger.form == "noun" and not (_OPENS | _STRIKES) & between:
            return True
    return False


def _of(tokens: Tokens, index: int) -> bool:
    """Does "of" follow: is it the anniversary of something?"""
    after = tokens.index(tokens[index].span.end - 1) + 1
    return any("OF" in token.tags for token in tokens[after : after + 1])
