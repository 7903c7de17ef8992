"""What the words around an attack make of it: denied, planned, recalled, a habit, nobody's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import takewhile
from typing import Literal

from msgspec.structs import replace

from geomap.annotation.context import Context
from geomap.annotation.happened import FIRST_YEAR
from geomap.annotation.language import Language
from geomap.annotation.patterns import Match
from geomap.annotation.stories import after_setting, is_long_ago, is_of_these_days, is_story
from geomap.annotation.tokens import Token, Tokens
from geomap.folding import fold
from geomap.model import Date, Trigger

_LEAD = 2  # sentences, with the title, in which a text says what it is about
_RECENT, _OLD = 60, 20 * 365  # days
_ENDS = re.compile(r"[.!?؟\n]")
_HARM = frozenset({"KILL", "WOUND", "DEAD"})
_FALLEN = frozenset({"CRASH", "LAND"})
_FOE = frozenset({"DESTROY", "GROUP"})  # "were diverted from the drill to a column of al-Shabaab and destroyed four trucks"
_AT_WAR = _HARM | {"WEAPON", "ARMY", "GROUP"}
_WHICH = 3  # words from "that" to what was done
_BESIDE = 4  # words from a strike to what it did
_TURNS = frozenset({"STOP", "COMMA", "AND", "CLAUSE", "TURN", "COLON", "SEMI", "SAY", "THAT"})
_CLAUSES = frozenset({"STOP", "COMMA", "THAT", "WHEN"})
_SPOKE = 7  # words from "told" to the day
_OF_YEARS = 1_000  # raids that no one day has seen
_CARRIED_OUT = 4.0  # bits above which what was threatened has come ("the threat lasted a day; by noon his guns had fired ...")


class Theme:
    """What a text says at its head that it is about: a memorial, a trial, a film, a drill, a picture that shows something else.

    A memory ends where a sentence has a day of its own, a drill where somebody is harmed. What the text in the end says it was
    ("not an attack but an accident") goes for all that it told before.
    """

    def __init__(self, context: Context, tokens: Tokens, matches: Iterable[Match], classes_at: Callable[[int], set[str]]) -> None:
        self.context, self.tokens, self.classes_at = context, tokens, classes_at
        nothing: tuple[int | None, str] = (None, "")
        starts = [(context.sentence_number(match.span.start), match.data) for match in matches]
        self.settled = max((number for number, data in starts if data.get("settles")), default=-1)
        starts = [(number, data) for number, data in starts if not data.get("settles")]
        heads = [(number - 1 if data.get("back") else number, str(data.get("until"))) for number, data in starts if number < _LEAD]
        heads += [(number, "day") for number in range(min(1, len(context.sentences))) if self._opens_years_ago(number)]
        heads += [(0, "own day")] if context.sentences and not heads and self._is_of_old(0) else []
        self.number, self.until = min(heads) if heads else nothing
        if self.number == 0 and self.until == "day" and self._is_of_old(0):
            self.until = "own day"
        self.remembers = False

    def over(self, trigger: Trigger) -> Trigger:
        """The trigger, a story where it belongs to the theme; where an attack of these days stands beside it, there is none."""
        number = self.context.sentence_number(trigger.span.start)
        if (trigger.use, trigger.factuality) == ("event", "asserted") and number <= self.settled:
            return replace(trigger, use="story")
        if self.number is None or number < self.number or (trigger.use, trigger.factuality) != ("event", "asserted"):
            self.remembers = self.remembers or (self.number is not None and trigger.use == "story")
            return trigger
        told = trigger.aside or (self._is_told(number, trigger) and not self._is_named(trigger))  # another matter ends it
        self.remembers = self.remembers and (not told or trigger.definite)
        if trigger.aside or (told and number == self.number and (trigger.bits or 0.0) >= 0.0):
            self.number = None
        if told:
            return trigger
        self.remembers = True
        return replace(trigger, use="story")

    def _is_named(self, trigger: Trigger) -> bool:
        """ "Today the town remembers the massacre", of which the text has told as of the past."""
        return self.remembers and self.until == "day" and trigger.definite and trigger.form == "noun"

    def _is_told(self, number: int, trigger: Trigger) -> bool:
        """Has what the text is about ended here?"""
        match self.until:
            case "day":
                return self._is_recent(trigger) or self._is_set(number, trigger)
            case "own day":  # "spoke of the day in 1940 when the planes came. The raid on Rotterdam ..."
                return number == self.number or self._is_recent(trigger, said=False)
            case "harm":
                return self._is_harm(number, trigger)
            case "loss":  # "ordered air strikes on Derna that killed nine, and called off others"
                return not _HARM.isdisjoint(self.classes_at(trigger.span.start))
            case "pitch":  # "the captain fired a rocket into the net"; but "the match was stopped when a rocket landed behind the net"
                return not _HARM.isdisjoint(self.classes_at(trigger.span.start)) or not _FALLEN.isdisjoint(self.tokens[self.tokens.index(trigger.span.start)].tags)
            case "war":  # "dockers are on strike. At dawn jets bombed the port"; "locusts struck the wheat. Coalition jets bombed a farm"
                return not _AT_WAR.isdisjoint(self.classes_at(trigger.span.start))
            case "news":  # "thousands marched against the raids. On Monday jets bombed Derna"
                return not _HARM.isdisjoint(self.classes_at(trigger.span.start)) or (number != self.number and self._is_recent(trigger))
        return False

    def _is_set(self, number: int, trigger: Trigger) -> bool:
        """ "On the anniversary of the revolution, jets bombed ...": when it happened, and not what the text is about."""
        first, here = self.tokens.index(self.context.sentence(trigger.span.start).start), self.tokens.index(trigger.span.start)
        which = any("REL" in token.tags for token in self.tokens[max(first, here - _WHICH) : here])  # "... a family lives outside the house that a rocket destroyed"
        return number == self.number and not which and after_setting(self.tokens, first, here) > first

    def _is_harm(self, number: int, trigger: Trigger) -> bool:
        """Was somebody harmed, or is the drill only named beside an attack: "the exercise was a cover: on Wednesday the ships fired ..."?"""
        here = self.classes_at(trigger.span.start)
        return number == self.number or not _HARM.isdisjoint(here) or here >= _FOE

    def _is_of_old(self, number: int) -> bool:
        """Does a sentence speak of a day a generation ago?"""
        sentence, today = self.context.sentences[number], self.context.report.published
        first, last = self.tokens.index(sentence.start), self.tokens.index(sentence.end - 1)
        days = [day for place in range(first, last + 1) if (day := self._day(place, today)) is not None] if today else []
        return any(today is not None and (today - day).days > _OLD for day in days)

    def _is_recent(self, trigger: Trigger, said: bool = True) -> bool:
        """Has its sentence a day of its own, not long past? "On Wednesday the court heard of a 2009 air strike" has another.

        The day on which somebody ``said`` it may count as such.
        """
        sentence, today, here = self.context.sentence(trigger.span.start), self.context.report.published, self.tokens.index(trigger.span.start)
        first, last = self.tokens.index(sentence.start), self.tokens.index(sentence.end - 1)
        days = {place: day for place in range(first, last + 1) if (said or not self._is_of_words(place)) and (day := self._day(place, today)) is not None}
        return any(today is None or 0 <= (today - day).days < _RECENT for day in days.values()) and (
            today is None or (today - days[min(days, key=lambda place: abs(place - here))]).days < _RECENT
        )

    def _opens_years_ago(self, number: int) -> bool:
        """ "Four years ago, ...": what follows is of then. A day of its own is that of one attack, however old."""
        place, today = self.tokens.index(self.context.sentences[number].start), self.context.report.published
        day = self.tokens[place].tags.get("DATE")
        when = day.when if isinstance(day, Date) else None
        if today is None or when is None or when.earliest is None or when.latest is None or "COMMA" not in self.tokens[place + 1].tags:
            return False
        return (when.latest - when.earliest).days > _RECENT and (today - when.latest).days > _RECENT

    def _is_of_words(self, place: int) -> bool:
        """Is a day that on which somebody spoke: "she told students on Wednesday"?"""
        before = takewhile(lambda token: _CLAUSES.isdisjoint(token.tags), reversed(self.tokens[max(0, place - _SPOKE) : place]))
        return any("SAY" in token.tags for token in before)

    def _day(self, place: int, today: date | None) -> date | None:
        """The last day of a date, or of a year that is past."""
        tags = self.tokens[place].tags
        if "DAYPART" in tags:
            return None
        if isinstance(day := tags.get("DATE"), Date):
            hour = day.time_text is not None and day.time_text == self.context.report.text[day.span.start : day.span.end]  # "the night-time strike"
            return day.when.latest if day.when and not hour else None
        year = tags.get("NUM") or 0
        return date(int(year), 12, 31) if today is not None and FIRST_YEAR < year < today.year else None



def with_context(context: Context, tokens: Tokens, found: Mapping[int, Trigger], classes_at: Callable[[int], set[str]]) -> Iterator[Trigger]:
    """The triggers by their indices, each with what its sentence makes of it; ``classes_at`` a position are those of its sentence."""
    if not found:
        return
    merged = tokens.tagged({index: {"TRIGGER": trigger} for index, trigger in found.items()})
    groups = ("denied", "presupposed", "planned", "story", "recalled", "along", "another")
    told = {group: context.language.find_all(group, merged) for group in groups}
    denied, presupposed, planned, habits, _, along, another = map(_touched, told.values())
    never, unsure = (_touched(told["planned"], key) for key in ("never", "unsure"))
    fresh, answered = (_touched(told["recalled"], key) for key in ("fresh", "answered"))
    aside = _touched(told["another"], "aside")
    counted = set(_counted(told["recalled"]))
    earlier = {start for start, only in _touched(told["recalled"], "news").items() if not all(only)}
    words = _joined(tokens)
    unknown = [each for each in _nobodys(context.language) if each in words]
    theme = Theme(context, tokens, context.language.find_all("themes", merged), classes_at)
    last: Trigger | None = None
    for trigger in found.values():
        start = trigger.span.start
        factuality: Literal["asserted", "possible", "denied"] = "asserted"
        if start not in presupposed and any(not trigger.definite or strict for strict in denied.get(start, ())):
            factuality = "denied"
        use: Literal["event", "plan", "story"] = "event"
        lately = is_of_these_days(context, tokens, start)
        foreseen = (trigger.bits or 0.0) < _CARRIED_OUT and any(not trigger.definite or strict for strict in planned.get(start, ()))
        if factuality == "asserted" and (foreseen or any(never.get(start, ()))):
            use = "plan"
        elif trigger.use == "story" or _is_of_a_war(trigger) or is_long_ago(context, tokens, start) or _is_asked(context, trigger, classes_at(start)) or is_story(context, tokens, trigger, classes_at(start)) or any(habits.get(start, ())) or (
            start in habits and not lately and _is_vague(trigger) and not ("KILL" in classes_at(start) and _is_of_a_day(context, tokens, trigger))
        ):
            use = "story"
        if factuality == "asserted" and any(unsure.get(start, ())):
            factuality, use = "possible", "event" if use == "plan" else use
        if (start in presupposed or lately) and factuality == "asserted" and use == "event":
            trigger = replace(trigger, bits=None)  # who denies that it killed civilians owns that it was
        if any(fresh.get(start, ())):
            trigger = replace(trigger, definite=False)
        if start in counted:
            trigger = replace(trigger, definite=True, other=False)
        elif start in another and not trigger.definite:
            trigger = replace(trigger, other=True, aside=any(aside[start]))
        trigger = theme.over(replace(trigger, factuality=factuality, use=use))
        if last is not None and _is_what_it_did(tokens, last, trigger):
            trigger = replace(trigger, factuality=last.factuality, use=last.use)
        last = trigger
        yield replace(
            trigger, earlier=start in earlier and start not in along, along=start in along,
            nobody=any(answered.get(start, ())) or (bool(unknown) and _is_nobodys(context, tokens, start, unknown)),
        )  # fmt: skip


def _is_what_it_did(tokens: Tokens, last: Trigger, trigger: Trigger) -> bool:
    """ "No raids that hit the town", "لم تشهد أي غارات استهدفت القوات": what a strike that was none did."""
    if trigger.form != "verb" or last.form != "noun" or (last.factuality, last.use) == ("asserted", "event"):
        return False
    between = tokens[tokens.index(last.span.start) + 1 : tokens.index(trigger.span.start)]
    return len(between) < _BESIDE and all(_TURNS.isdisjoint(token.tags) for token in between)


def _counted(recalled: Iterable[Match]) -> Iterator[int]:
    """Starts of triggers of the attack just told: "called it an air strike", or only how many there were: "the second attack on the airport this month"."""
    for match in recalled:
        if match.data.get("known"):
            yield from (token.span.start for token in match["trigger"])
        when = day.when if match.data.get("counted") and isinstance(day := match.value("date", "DATE"), Date) else None
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


def _is_asked(context: Context, trigger: Trigger, here: set[str]) -> bool:
    """ "How many more must die in air strikes?": who asks tells of none, but for those who were killed on a day."""
    end = _ENDS.search(context.report.text, trigger.span.end)
    return end is not None and end[0] in "?؟" and not {"KILL", "DATE"} <= here


def _is_of_a_war(trigger: Trigger) -> bool:
    """ "Has carried out 16,000 raids on Yemen": those of years."""
    return trigger.count is not None and (trigger.count.min or 0) >= _OF_YEARS


def _is_vague(trigger: Trigger) -> bool:
    return trigger.count is None or trigger.count.max is None


def _touched(matches: Iterable[Match], key: str = "definite") -> dict[int, list[bool]]:
    """Start of each trigger that the matches of a group speak of, and whether one holds for definite ones too (or has another key)."""
    touched: dict[int, list[bool]] = {}
    for match in matches:
        for token in match["trigger"]:
            touched.setdefault(token.span.start, []).append(bool(match.data.get(key)))
    return touched
