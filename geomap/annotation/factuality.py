"""What the words around an attack make of it: denied, planned, recalled, a habit, nobody's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Literal

from msgspec.structs import replace

from geomap.annotation.context import Context
from geomap.annotation.language import Language
from geomap.annotation.patterns import Match
from geomap.annotation.stories import is_long_ago, is_story
from geomap.annotation.tokens import Token, Tokens
from geomap.folding import fold
from geomap.model import Date, Trigger

_CARRIED_OUT = 4.0  # bits above which what was threatened has come ("the threat lasted a day; by noon his guns had fired ...")


def with_context(context: Context, tokens: Tokens, found: Mapping[int, Trigger], classes_at: Callable[[int], set[str]]) -> Iterator[Trigger]:
    """The triggers by their indices, each with what its sentence makes of it; ``classes_at`` a position are those of its sentence."""
    if not found:
        return
    merged = tokens.tagged({index: {"TRIGGER": trigger} for index, trigger in found.items()})
    groups = ("denied", "presupposed", "planned", "story", "recalled", "along", "another")
    told = {group: context.language.find_all(group, merged) for group in groups}
    denied, presupposed, planned, habits, _, along, another = map(_touched, told.values())
    never = _touched(told["planned"], "never")
    fresh, answered = (_touched(told["recalled"], key) for key in ("fresh", "answered"))
    counted = set(_counted(told["recalled"]))
    earlier = {start for start, only in _touched(told["recalled"], "news").items() if not all(only)}
    words = _joined(tokens)
    unknown = [each for each in _nobodys(context.language) if each in words]
    for trigger in found.values():
        start = trigger.span.start
        factuality: Literal["asserted", "denied"] = "asserted"
        if start not in presupposed and any(not trigger.definite or strict for strict in denied.get(start, ())):
            factuality = "denied"
        use: Literal["event", "plan", "story"] = "event"
        foreseen = (trigger.bits or 0.0) < _CARRIED_OUT and any(not trigger.definite or strict for strict in planned.get(start, ()))
        if factuality == "asserted" and (foreseen or any(never.get(start, ()))):
            use = "plan"
        elif is_long_ago(context, tokens, start) or is_story(context, tokens, trigger, classes_at(start)) or any(habits.get(start, ())) or (
            start in habits and _is_vague(trigger) and not ("KILL" in classes_at(start) and _is_of_a_day(context, tokens, trigger))
        ):
            use = "story"
        if start in presupposed and factuality == "asserted" and use == "event":
            trigger = replace(trigger, bits=None)  # who denies that it killed civilians owns that it was
        if any(fresh.get(start, ())):
            trigger = replace(trigger, definite=False)
        if start in counted:
            trigger = replace(trigger, definite=True, other=False)
        elif start in another and not trigger.definite:
            trigger = replace(trigger, other=True)
        yield replace(
            trigger, factuality=factuality, use=use, earlier=start in earlier and start not in along, along=start in along,
            nobody=any(answered.get(start, ())) or (bool(unknown) and _is_nobodys(context, tokens, start, unknown)),
        )  # fmt: skip


def _counted(recalled: Iterable[Match]) -> Iterator[int]:
    """Starts of triggers of the attack just told: "called it an air strike", or only how many there were: "the second attack on the airport this month"."""
    for match in recalled:
        if match.data.get("known"):
            yield from (token.span.start for token in match["trigger"])
        when = date.when if match.data.get("counted") and isinstance(date := match.value("date", "DATE"), Date) else None
        if when is not None and when.earliest != when.latest:
            yield from (token.span.start for token in match["trigger"])


def _is_nobodys(context: Context, tokens: Tokens, start: int, unknown: Iterable[str]) -> bool:
    """Does the sentence say that it is not known who struck?"""
    sentence = context.sentence(start)
    words = _joined(tokens[tokens.index(sentence.start) : tokens.index(sentence.end - 1) + 1])
    return any(each in words for each in unknown)


def _joined(tokens: Iterable[Token]) -> str:
    return " ".join([token.text for token in tokens])


@lru_cache(maxsize=16)
def _nobodys(language: Language) -> tuple[str, ...]:
    """The words that say it, folded."""
    return tuple(map(fold, language.tables.get("happenings", {}).get("nobody", ())))


def _is_of_a_day(context: Context, tokens: Tokens, trigger: Trigger) -> bool:
    """ "A bombing campaign ... on Wednesday killed nine": no habit, for all that it is called."""
    sentence = context.sentence(trigger.span.start)
    here = tokens[tokens.index(sentence.start) : tokens.index(sentence.end - 1) + 1]
    dated = [token.tags["DATE"].when for token in here if "DATE" in token.tags]
    return any(when is not None and when.earliest == when.latest for when in dated)


def _is_vague(trigger: Trigger) -> bool:
    return trigger.count is None or trigger.count.max is None


def _touched(matches: Iterable[Match], key: str = "definite") -> dict[int, list[bool]]:
    """Start of each trigger that the matches of a group speak of, and whether one holds for definite ones too (or has another key)."""
    touched: dict[int, list[bool]] = {}
    for match in matches:
        for token in match["trigger"]:
            touched.setdefault(token.span.start, []).append(bool(match.data.get(key)))
    return touched
