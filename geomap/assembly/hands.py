"""Who struck, and who or what was struck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from geomap.assembly.drafts import Draft, head_of
from geomap.assembly.scenes import Scene, is_item
from geomap.model import FLOWN, Actor, Range

_OF_FIGHTERS = frozenset(("camp", "store", "militants"))  # kinds of what was struck
UNNAMED = frozenset(("SITE", "PEOPLE"))  # kinds of actors that are no name of a side
_BESIDE = 2  # sentences after an attack in which it may be told whom it struck
_AND = 8  # characters between two actors joined by "and"


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
    strangers = draft.triggers[0].nobody  # told first as of an unknown plane: who speaks of it is none of theirs
    speaking = [] if strangers else [actor for actor in draft.actors if actor.role == "source" and not (asserted and actor.denies)]
    yield [actor for actor in speaking if actor.kind == "ARMY" or (fought and _is_force(actor))]
    yield by_words
    yield [actor for actor in speaking if actor.kind == "SIDE" and actor.id in ("army", "coalition")]  # rebels who count the dead are not those who struck


def _is_force(actor: Actor) -> bool:
    """A force of a nation ("U.S. military", "الجيش الأميركي"), not its bare adjective."""
    return actor.kind == "NATION" and actor.armed


def whom_struck(draft: Draft) -> Actor | None:
    """Who was struck by the words: a group, else a force, else what it was that was hit ("a market"), else who died ("three militants")."""
    actor = who_struck(draft)
    struck = [each for each in draft.actors if each.role == "target" and (actor is None or each.id != actor.id)]
    for choice in ("GROUP", "ARMY", "NATION", "SITE", "PEOPLE"):
        for each in struck:
            if each.kind == choice and (each.kind != "NATION" or _is_force(each)):
                return each
    return None


def supposed(draft: Draft, actor: Actor | None) -> list[str]:
    """ "Jets believed to be Russian": said of an attack whose hand the report nowhere tells as certain."""
    told = [each for each in draft.actors if actor is not None and each.role == "actor" and head_of(each) == head_of(actor)]
    return [f"actor: the source only supposes it was {told[0].name!r}"] if told and all(each.supposed for each in told) else []


def take_sides(draft: Draft, main: Draft) -> None:
    """An attack counted from the main one ("four days earlier"), or by the same hand, has its sides where it names none."""
    mine, its, struck = who_struck(draft), who_struck(main), whom_struck(main)
    counted_from = any(date.toward for date in draft.dates)  # "two days after a missile killed 60 soldiers": perhaps an answer to it
    alike = _may_be_flown(draft) or not _may_be_flown(main)  # "jets struck A. Hours earlier a rocket was fired at B"
    own = whom_struck(draft)
    likewise = draft.along and own is not None and struck is not None and own.kind == struck.kind == "GROUP" and own.id == struck.id  # "one strike near Kirkuk also destroyed a position of the group"
    if mine is None and its is not None and (draft.shift is not None or (likewise and not draft.other)) and alike and not counted_from and not draft.nobodys:
        draft.actors.append(replace(its, role="actor"))
        draft.remarks.append("actor taken from the main event")
        mine = its
    same_hand = mine is not None and its is not None and head_of(mine) == head_of(its)
    camp = own is not None and own.id in _OF_FIGHTERS  # "six more strikes hit a camp", "killed nine militants": whose, the report has said
    named = struck is not None and struck.kind not in UNNAMED
    if same_hand and struck is not None and named and ((camp and struck.kind != "NATION") or (own is None and draft.shift is not None)):
        draft.actors.append(replace(struck, role="target"))
        draft.remarks.append("target taken from the main event")


def name_struck(drafts: Sequence[Draft], told: Sequence[Scene]) -> None:
    """ "Killed three terrorists", "a drone hit a car": whose they were, where the report names one group alone as struck, and one hand alone struck."""
    named = [(number, actor) for number, scene in enumerate(told) for actor in scene.actors if actor.role == "target" and actor.kind == "GROUP"]
    hands = {head_of(actor) for draft in drafts for actor in draft.actors if actor.role == "actor" and actor.kind != "SIDE"}
    if len({head_of(actor) for _, actor in named}) != 1 or len(hands) > 1 or head_of(named[0][1]) in hands:
        return
    for draft in drafts:
        if who_struck(draft) is None and len(drafts) > 1 and all(trigger.event_type == "attack" for trigger in draft.triggers):
            continue  # "after an attack hit a post on Friday": rather by the group than on it
        own, others = whom_struck(draft), {each.lead for each in drafts} - {draft.lead}  # sentences that tell of another attack, whose mark is another
        beside = [actor for number, actor in named if draft.lead <= number <= max(draft.lead, draft.last) + _BESIDE and number not in others]
        fighters = own is not None and own.id in _OF_FIGHTERS
        if draft.factuality == "asserted" and (fighters or (beside and (own is None or own.kind in UNNAMED) and not any(count.unarmed for _, count in draft.killed))):
            draft.actors.append(replace((beside or [actor for _, actor in named])[0], role="target"))
            draft.remarks.append("target named elsewhere in the report")


def take_lead(draft: Draft, lead: Sequence[Actor], text: str) -> None:
    """A part of a sum, an item of a list, what is recalled, or "six of those strikes", was done by the force that the report opens with, where nobody else is named."""
    item = draft.lead > 0 and is_item(text, draft.passages[0].span.start)
    answered = any(date.toward for date in draft.dates)  # "struck A, two days after a rocket attack killed a soldier": perhaps others' rockets
    share = draft.same and draft.factuality == "asserted" and draft.strikes is not None and draft.strikes.max is not None
    told_until = max(passage.span.end for passage in draft.passages)  # "jets struck A. U.S. aircraft circle over the province": nobody says they did it
    lead = [actor for actor in lead if actor.role is not None or actor.span.start < told_until]
    lead, actors = ([actor for actor in actors if not actor.bystander] for actors in (lead, draft.actors))
    strange = [each for each in draft.triggers if each.form == "verb" and each.event_type in FLOWN and each.count == Range(1, 1) and not each.definite]
    if strange == draft.triggers or draft.nobodys or answered or not (draft.of or draft.earlier or share or item) or any(actor.role == "actor" or actor.kind == "ARMY" for actor in actors):
        return
    forces = [actor for actor in lead if actor.kind == "ARMY" or _is_force(actor) or (actor.kind == "NATION" and actor.role == "actor")]
    struck = [actor for actor in lead if actor.role == "actor" and actor.kind != "SIDE"]  # "Russian jets and helicopters of the regime": two hands
    if forces and len({head_of(actor) for actor in (*forces, *struck)}) == 1:
        first = forces[0]  # "U.S. and partner forces": the one named first
        first = next((actor for actor in lead if actor.kind == "NATION" and 0 < first.span.start - actor.span.end <= _AND), first)
        draft.actors.append(replace(first, role="actor"))
        draft.remarks.append("actor taken from the opening of the report")


def _may_be_flown(draft: Draft) -> bool:
    """Did it come by aircraft, or is it an attack of which the words do not say?"""
    return any(trigger.event_type in FLOWN or trigger.event_type == "attack" for trigger in draft.triggers)
