"""From a draft to an event: its day, numbers, actors, role and the words behind each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec.structs import replace

from geomap.assembly.drafts import Draft, besides, days, dead
from geomap.assembly.sites import best_site, whole_place
from geomap.model import Actor, Count, Event, Evidence, Passage, Range, Report, Span, When

_TYPES = ("drone_strike", "missile_attack", "shelling", "air_strike", "bombing", "attack")  # the finer wins
_CERTAIN = {"noun": 0.95, "verb": 0.85}  # that a trigger of that form tells of an attack
_UNLOCATED = 0.5
_LONG = 31  # days
_A_WEEK = 7
_HUNDREDS = 200  # strikes: without an end, a day or a number of dead, no attack but a habit
_MANY = 20  # strikes: more in a span of time without a day are a campaign
_OF_FIGHTERS = frozenset(("camp", "store"))  # kinds of what was struck
_AND = 8  # characters between two actors joined by "and"
_MONTH = 28  # days
_VAGUE = 3  # the most that "several" is taken to mean at least
_SURE = 2.0  # bits that tell of an attack by themselves
_ROUND = 1.5  # times the number that "more than" may leave open
_OLD = 365  # days before publication after which an attack alone is no news


def event_of(draft: Draft, report: Report, role: Literal["main", "background"]) -> Event:
    """The event that a draft has become."""
    site = best_site(draft)
    where = whole_place(draft, site) if site else None
    passage = _quoted(draft, site.span if site else None)
    quote = _evidence(report, passage.span)
    occurred, reported = _days(draft)
    killed, killed_by, said = _number(draft.killed, "killed")
    wounded, wounded_by, said_too = _number(draft.wounded, "wounded")
    vehicles, vehicles_by, _ = _number(draft.vehicles, "vehicles destroyed")
    actor, target = who_struck(draft), _target(draft)
    kind = next((each for each in draft.actors if each.kind == "SITE"), None)
    first = draft.triggers[0]
    spans = {
        "event_type": first.span, "strikes": next((each.span for each in draft.triggers if each.count == draft.strikes), None),
        "date": occurred.span if occurred else None, "reported": reported.span if reported else None,
        "killed": killed_by.span if killed_by else None, "wounded": wounded_by.span if wounded_by else None,
        "vehicles_destroyed": vehicles_by.span if vehicles_by else None, "location": where.locality.span if where and where.locality else site.span if site else None,
        "actor": actor.span if actor else None, "target": target.span if target else None,
    }  # fmt: skip
    times = [each.time_text for each in draft.dates if each.time_text]
    return Event(
        id=event_id(report, passage.span, first.span, occurred),
        report=report, type=_type(draft), quote=quote, factuality=draft.factuality, role=role,
        strikes=draft.strikes, occurred=occurred, reported=reported, time_text=times[0] if times else None,
        actor=actor, target=target, target_kind=kind.id if kind else None,
        killed=killed, wounded=wounded, vehicles_destroyed=vehicles, georeference=where,
        confidence=_confidence(draft),
        evidence=tuple((name, _evidence(report, span)) for name, span in spans.items() if span is not None),
        remarks=tuple(dict.fromkeys((*draft.remarks, *_supposed(draft, actor), *said, *said_too))),
    )  # fmt: skip


def event_id(report: Report, quote: Span, trigger: Span, occurred: When | None) -> str:
    """Deterministic, from the text, the quote, the words of the attack and its day: one sentence may tell of several."""
    digest = report.sha256 or hashlib.sha256(report.text.encode()).hexdigest()
    day = occurred.edtf if occurred else ""
    key = f"{digest}:{quote.start}-{quote.end}:{trigger.start}-{trigger.end}:{day}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _evidence(report: Report, span: Span) -> Evidence:
    return Evidence(report.id, span, span.of(report.text))


def _quoted(draft: Draft, site: Span | None) -> Passage:
    """The sentence that says where, if it tells of the attack too; else the one that told of it first."""
    told = [each for each in draft.passages if any(_holds(each, trigger.span) for trigger in draft.triggers)]
    if site is not None:
        for passage in told:
            if _holds(passage, site):
                return passage
    return (told or draft.passages)[0]


def _holds(passage: Passage, span: Span) -> bool:
    return passage.span.start <= span.start < passage.span.end


def _type(draft: Draft) -> str:
    """The finest kind that its words name, up to where the sentence turns ("at the same time as shelling"); aircraft that fire missiles strike from the air."""
    first = draft.triggers[0].span
    turns = [(each, turn) for each in draft.passages for turn in each.turns if turn >= first.end]
    apart = [each for each in draft.triggers if any(_holds(told, each.span) and turn <= each.span.start for told, turn in turns)]
    apart += [each for each in draft.triggers if each.definite and each.event_type == "shelling" and not draft.triggers[0].definite]  # "amid shelling"
    types = {each.event_type for each in draft.triggers if each not in apart} or {each.event_type for each in draft.triggers}
    if "air_strike" in types and "shelling" not in types:
        types.discard("missile_attack")
    return next((kind for kind in _TYPES if kind in types), "attack")


def _days(draft: Draft) -> tuple[When | None, When | None]:
    """When it happened and when it was announced; with an announcement alone, not later than that."""
    said = [each.when for each in draft.reported if each.when and each.when.latest]
    said.sort(key=lambda when: when.latest or date.max)
    reported = said[0] if said else None
    if draft.occurred is None and reported is not None and reported.latest is not None:
        rule = "not later than it was announced"
        return When(None, reported.latest, f"../{reported.latest}", reported.text, rule, reported.span), reported
    return draft.occurred, reported


# -- numbers ----------------------------------------------------------------------------------------------------------


def _number(counts: Sequence[tuple[int, Count]], name: str) -> tuple[Range | None, Count | None, list[str]]:
    """The range that the sentences of a report leave for one number, and a remark where they differ."""
    if not counts:
        return None, None, []
    counts = [each for each in counts if each[1].range.max != 0] or counts  # "no civilian was hurt" takes nothing from the others
    totals = [(number, count) for number, count in counts if count.total]
    if totals:
        return totals[-1][1].range, totals[-1][1], []
    harmed = [(number, count) for number, count in counts if count.range != Range(0, 0)]
    counts = harmed or counts  # "no civilians were killed" says nothing of the fighters
    per_sentence: dict[int, tuple[Range, Count]] = {}
    for number in dict.fromkeys(number for number, _ in counts):
        per_sentence[number] = _in_one_sentence([count for each, count in counts if each == number])
    value, count = next(iter(per_sentence.values()))
    said: list[str] = []
    for other, other_count in list(per_sentence.values())[1:]:
        if other_count.more:
            value = _sum([value, other])
            continue
        if other.min == value.min and value.max is None and not count.vague:
            continue  # "at least five died ...; five were killed": the doubt told first stays
        if count.rounded and _is_rounded(value, other):
            value, count = other, other_count
            continue
        if other_count.rounded and _is_rounded(other, value):
            continue
        if other == value or _is_vaguer(other, value, other_count.vague or other_count.some) or (_is_one_of_them(other_count) and (value.min or 0) > 1):
            continue
        if _is_vaguer(value, other, count.vague) or (_is_one_of_them(count) and (other.min or 0) > 1):
            value, count = other, other_count
        elif (other.min or 0) > (value.min or 0) or _same_kind(count, other_count):
            said.append(f"{name}: the report gives {_shown(value)} and {_shown(other)}")
            value = _joined(value, other)
    return value, count, said


def _sum(ranges: Sequence[Range]) -> Range:
    """ "At least 22 children and four women": the end is open where one of them is."""
    open_end = any(each.max is None for each in ranges)
    return Range(sum(each.min or 0 for each in ranges), None if open_end else sum(each.max or 0 for each in ranges))


def _in_one_sentence(counts: list[Count]) -> tuple[Range, Count]:
    """Different people killed in one sentence add up; the same number told twice is one."""
    chosen: list[Count] = []
    for count in besides(counts):
        if count.row or not any(count.range == each.range and (count.who == each.who or None in (count.who, each.who)) for each in chosen):
            chosen.append(count)
    of_others = len(chosen) > 2 and not (chosen[0].single or chosen[0].row) and any(not count.row for count in chosen[1:])
    if of_others and chosen[0].range.min == sum(count.range.min or 0 for count in chosen[1:]):
        return chosen[0].range, chosen[0]  # "six died, two of one force and four of another"
    several = [count for count in chosen if (count.range.min or 0) > 1]
    chosen = [count for count in chosen if not (several and count.span > several[0].span and _is_named(count))]
    said = [count for count in chosen if not count.vague and count.range.min is not None]
    if len(said) > 1:
        return _sum([each.range for each in said]), said[0]
    best = min(chosen, key=lambda count: (count.range.max is None, count.vague))  # "hit three cars and destroyed two": two
    return best.range, best


def _is_named(count: Count) -> bool:
    """ "Two young men were killed, among the dead the youth so-and-so": he is one of the two."""
    return count.range == Range(1, 1) and count.who is not None and count.who.startswith("ال")


def _is_one_of_them(count: Count) -> bool:
    """ "The commander was killed": one, of all those whom the next sentence counts."""
    return count.range == Range(1, 1) and (count.single or _is_named(count))


def _is_rounded(value: Range, than: Range) -> bool:
    """ "More than 20" beside "22", or "at least 22"."""
    return value.max is None and (value.min or 0) <= (than.min or 0) <= _ROUND * (value.min or 0)


def _is_vaguer(value: Range, than: Range, vague: bool) -> bool:
    """ "Several" beside "17" says nothing more; "at least 29" of one source beside "50" of another does."""
    if vague and value.max is not None:
        return value.max <= (than.min or 0)
    return (vague or value.min == than.min) and value.max is None and (vague or than.max is not None) and (value.min or 0) <= (than.min or than.max or 0)


def _same_kind(one: Count, other: Count) -> bool:
    return one.who is None or other.who is None or one.who == other.who


def _joined(one: Range, other: Range) -> Range:
    lows = [each.min for each in (one, other) if each.min is not None]
    highs = [each.max if each.max is not None else each.min for each in (one, other)]
    known = [high for high in highs if high is not None]
    open_end = one.max is None and other.max is None  # "at least 80 bodies", "more than 100 dead"
    return Range(min(lows) if lows else None, max(known) if known and not open_end else None)


def _shown(value: Range) -> str:
    low = "?" if value.min is None else f"{value.min:g}"
    if value.max == value.min:
        return low
    return f"{low} or more" if value.max is None else f"{low} to {value.max:g}"


# -- who --------------------------------------------------------------------------------------------------------------


def who_struck(draft: Draft) -> Actor | None:
    """Who struck: by the words, else the armed force that announced it."""
    for choice in _hands(draft):
        if choice:
            same = [actor for actor in choice if head_of(actor) == head_of(choice[0])]
            return min(same, key=lambda actor: actor.kind != "NATION")  # "U.S. military" says more than "Africa Command"
    return None


def _hands(draft: Draft) -> Iterator[list[Actor]]:
    """Those who may have struck, the likeliest first."""
    asserted = draft.factuality == "asserted"  # then who denies it has not done it by its own words
    by_words = [actor for actor in draft.actors if actor.role == "actor" and not (asserted and actor.denies)]
    yield [actor for actor in by_words if actor.kind in ("ARMY", "NATION")]
    yield [actor for actor in by_words if actor.kind != "SIDE"]  # "GNA forces said their air force ..."
    fought = any(actor.kind == "GROUP" for actor in draft.actors)  # else an army may speak of what was done to it
    speaking = [actor for actor in draft.actors if actor.role == "source" and not (asserted and actor.denies)]
    yield [actor for actor in speaking if actor.kind == "ARMY" or (fought and _is_force(actor))]
    yield by_words
    yield [actor for actor in speaking if actor.kind == "SIDE" and actor.id in ("army", "coalition")]  # rebels who count the dead are not those who struck


def _is_force(actor: Actor) -> bool:
    """A force of a nation ("U.S. military", "الجيش الأميركي"), not its bare adjective."""
    return actor.kind == "NATION" and actor.armed


def _target(draft: Draft) -> Actor | None:
    """Who was struck by the words: a group, else a force, else what it was that was hit ("a market")."""
    actor = who_struck(draft)
    struck = [each for each in draft.actors if each.role == "target" and (actor is None or each.id != actor.id)]
    for choice in (("GROUP",), ("ARMY",), ("NATION",), ("SITE",)):
        for each in struck:
            if each.kind in choice and (each.kind != "NATION" or _is_force(each)):
                return each
    return None


def _supposed(draft: Draft, actor: Actor | None) -> list[str]:
    """ "Jets believed to be Russian": said of an attack whose hand the report nowhere tells as certain."""
    told = [each for each in draft.actors if actor is not None and each.role == "actor" and head_of(each) == head_of(actor)]
    return [f"actor: the source only supposes it was {told[0].name!r}"] if told and all(each.supposed for each in told) else []


def take_sides(draft: Draft, main: Draft) -> None:
    """An attack counted from the main one ("four days earlier"), or by the same hand, has its sides where it names none."""
    mine, its, struck = who_struck(draft), who_struck(main), _target(main)
    counted_from = any(date.toward for date in draft.dates)  # "two days after a missile killed 60 soldiers": perhaps an answer to it
    if mine is None and its is not None and draft.shift is not None and not counted_from and not draft.nobodys:
        draft.actors.append(replace(its, role="actor"))
        draft.remarks.append("actor taken from the main event")
        mine = its
    own, same_hand = _target(draft), mine is not None and its is not None and head_of(mine) == head_of(its)
    camp = own is not None and own.id in _OF_FIGHTERS  # "six more strikes hit a camp": whose, the report has said
    if same_hand and struck is not None and struck.kind != "SITE" and (camp or (own is None and draft.shift is not None)):
        draft.actors.append(replace(struck, role="target"))
        draft.remarks.append("target taken from the main event")


def take_lead(draft: Draft, lead: Sequence[Actor]) -> None:
    """A part of a sum, or what is recalled, was done by the force that the report opens with, where nobody else is named."""
    if draft.nobodys or (draft.of is None and not draft.earlier) or any(actor.role == "actor" or actor.kind == "ARMY" for actor in draft.actors):
        return
    forces = [actor for actor in lead if actor.kind == "ARMY" or _is_force(actor)]
    struck = [actor for actor in lead if actor.role == "actor" and actor.kind != "SIDE"]  # "Russian jets and helicopters of the regime": two hands
    if forces and len({head_of(actor) for actor in (*forces, *struck)}) == 1:
        first = forces[0]  # "U.S. and partner forces": the one named first
        first = next((actor for actor in lead if actor.kind == "NATION" and 0 < first.span.start - actor.span.end <= _AND), first)
        draft.actors.append(replace(first, role="actor"))
        draft.remarks.append("actor taken from the opening of the report")


def head_of(actor: Actor) -> str:
    """The state behind a force: "us" of "us_africom"."""
    return str(actor.id).partition("_")[0]


# -- which, and how sure ----------------------------------------------------------------------------------------------


def _confidence(draft: Draft) -> float:
    """Probability that place and event were read rightly: the anchor's score times that of the words of the attack."""
    site = best_site(draft)
    place = _UNLOCATED
    if site and site.located and site.located.lon is not None:
        scores = [resolution.score for resolution in site.located.resolutions if resolution.place]
        place = min(scores) if scores else 0.9
    event = max(_CERTAIN[trigger.form] for trigger in draft.triggers)
    told = 1.0 if draft.occurred or draft.killed or draft.strikes else 0.85
    return round(place * event * told, 3)


def is_event(draft: Draft, report: Report) -> bool:
    """Does a draft say enough to be an event of its own? A bare mention of strikes is none, nor is what has not happened yet."""
    if draft.occurred and draft.occurred.earliest and report.published and draft.occurred.earliest > report.published + timedelta(days=1):
        return False
    best = max((site.rank for site in draft.sites or draft.spoken if not (draft.definite and site.locality.aside)), default=0)
    several = counted_exactly(draft) and draft.strikes is not None and (draft.strikes.min or 0) > 1
    if draft.earlier and best < 2 and not (several or draft.killed or draft.dates):
        return False  # "in response to rocket attacks on its troops"
    if draft.other and draft.shift == 0 and not (best or draft.killed or draft.wounded or counted_exactly(draft)):
        return False  # "half an hour later a helicopter appeared and fired"
    if draft.along and not (best or draft.dates or draft.killed or draft.wounded):
        return False  # "and the army answered with shelling": of the same day, but neither where nor what came of it
    if draft.occurred and days(draft.occurred) > _LONG and _is_long(draft):
        return False  # "over the past six months", "in 2012 forces launched 41 strikes"
    counted = counted_exactly(draft)
    many = draft.strikes is not None and (draft.strikes.min or 0) > _MANY
    if not (counted or any(each.when for each in draft.dates) or draft.killed) and draft.strikes is not None and (draft.strikes.min or 0) >= _HUNDREDS:
        return False  # "it has carried out hundreds of strikes in recent years, including on the airports of Damascus and Aleppo"
    if draft.framed and (not counted or many):
        return False  # "130 air strikes since 2015"
    told = not draft.triggers[0].definite and (draft.killed or draft.wounded)  # "jets attacked camps in Libya, killing 80. ... the strikes"
    if draft.definite and not told and not (best >= 2 or (draft.occurred and days(draft.occurred) < _MONTH)):
        return False  # "the third such raid since June"
    if draft.definite and _is_bare(draft):
        return False  # "the bombing, the dead, the siege": spoken of, not told
    said = bool(draft.occurred or draft.reported or draft.killed or counted)
    return best >= 2 or (best == 1 and said) or (said and bool(draft.occurred))


def is_another(draft: Draft, drafts: Sequence[Draft]) -> bool:
    """ "Six more died in another strike": of the day and place told before, unless it is one of two already told together."""
    together = any(counted_exactly(each) and each.strikes and (each.strikes.min or 0) >= 2 and dead(each) >= dead(draft) for each in drafts)
    return draft.other and bool(draft.killed) and not draft.earlier and not draft.definite and not together


def is_campaign(draft: Draft) -> bool:
    """ "Thousands of raids over the past five weeks": too many and too long for one attack."""
    many = draft.strikes is not None and (draft.strikes.min or 0) > _MANY
    if draft.strikes is not None and (draft.strikes.min or 0) >= _HUNDREDS and not (draft.dates or draft.killed):
        return True  # "it has carried out 470 air strikes on the town"
    return many and (draft.framed or (draft.occurred is not None and days(draft.occurred) > _A_WEEK))


def _is_long(draft: Draft) -> bool:
    if draft.strikes is None or draft.strikes.max is None:
        return not draft.killed
    return (draft.strikes.min or 0) > _VAGUE


def _is_bare(draft: Draft) -> bool:
    """Only nouns, without a day, a number, harm or somebody who did it."""
    told = draft.dates or draft.reported or draft.killed or draft.wounded or draft.vehicles or any(each.kind != "SITE" for each in draft.actors)
    return not told and draft.strikes is None and all(each.form == "noun" and (each.bits or 0.0) < _SURE for each in draft.triggers)


def counted_exactly(draft: Draft) -> bool:
    """Is the number of strikes said?"""
    return draft.strikes is not None and draft.strikes.max is not None


def is_old(draft: Draft, report: Report) -> bool:
    """Did it happen more than a year before the report?"""
    latest = _latest(draft)
    return latest is not None and report.published is not None and (report.published - latest).days > _OLD


def role_of(draft: Draft, main: Draft, report: Report) -> Literal["main", "background"]:
    """Background is what is recalled: said to be earlier, or dated or announced before the main event."""
    if draft is main:
        return "main"
    if draft.earlier or draft.framed or (is_old(draft, report) and not is_old(main, report)):
        return "background"
    if draft.of and main.of:
        return "main"
    mine, its = _latest(draft), _earliest(main)
    return "background" if mine is not None and its is not None and mine < its else "main"


def _latest(draft: Draft) -> date | None:
    occurred, _ = _days(draft)
    return occurred.latest if occurred else None


def _earliest(main: Draft) -> date | None:
    occurred, _ = _days(main)
    return (occurred.earliest or occurred.latest) if occurred else None


def unique(events: list[Event]) -> tuple[Event, ...]:
    """Events with ids of their own, in text order."""
    seen: dict[str, int] = {}
    found = []
    for event in sorted(events, key=lambda event: (event.quote.span.start, dict(event.evidence)["event_type"].span, event.id)):
        number = seen[event.id] = seen.get(event.id, -1) + 1
        found.append(event if not number else replace(event, id=f"{event.id}-{number + 1}"))
    return tuple(found)
