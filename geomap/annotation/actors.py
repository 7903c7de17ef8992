"""Find who fights: forces, groups and nations in the source's own words, and who struck, who was struck, who says so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Literal, TypeAlias

from msgspec.structs import replace

from geomap.annotation.context import Context
from geomap.annotation.language import Language
from geomap.annotation.patterns import Match
from geomap.annotation.tokens import Tokens
from geomap.model import Actor, Span, Trigger

_KINDS = ("ARMY", "GROUP", "NATION", "OWNER", "STATE", "SIDE")
_PEOPLE = ("FIGHTER", "PERSON")
_STRUCK = ("MARK", "VEHICLE", "AIRFIELD", *_PEOPLE, "STRUCK")  # classes whose value is the kind of what was struck
_Role: TypeAlias = Literal["actor", "target", "source"]
_GENITIVE = re.compile(r"['\u2019\u00b4]s?$")  # "Hezbollah's"
_ORDER: tuple[_Role, ...] = ("actor", "target", "source")  # of roles that patterns give to one name, the one believed


def find_actors(context: Context, tokens: Tokens, triggers: tuple[Trigger, ...]) -> tuple[Actor, ...]:
    """All actors of a text. ``tokens`` are its words, dates already joined to one token each."""
    language = context.language
    tokens = tokens.tagged(_states(context, tokens))
    found: list[Actor] = []
    for match in language.find("actors", tokens):
        actor = _again(match, found) if match.data.get("again") else _read(match)
        found.extend([_whole(actor, tokens.text, language)] if actor else [])
    owned = {toponym.span.end + 1 for toponym in context.toponyms if toponym.use == "literal"}  # "مدينة أوباري الليبية": whose town it is
    found = [actor for actor in found if actor.kind != "NATION" or actor.armed or actor.span.start not in owned or not tokens[tokens.index(actor.span.start)].definite]
    told = [(actor.span, {name: value for name, value in (("ACTOR", actor), ("ARMED", actor.armed), ("FLOWN", actor.flown), ("GROUP", actor.kind == "GROUP" and actor.id)) if value}) for actor in found]
    marked = _marked(tokens.merged(told, language.lexicon.tags), triggers)
    roles: dict[int, list[str]] = {}
    for match in language.find_all("roles", marked):
        for token in match["actor"]:
            roles.setdefault(token.span.start, []).append(str(match.data["role"]))
    denied = {(context.sentence_number(actor.span.start), actor.id) for actor in found if "denier" in roles.get(actor.span.start, ())}
    if denied:  # "the army denied it had hit the school, saying others shelled it after a strike by the army on a camp"
        found = [replace(actor, denies=True) if (context.sentence_number(actor.span.start), actor.id) in denied else actor for actor in found]
    return (*(_with_role(actor, roles.get(actor.span.start, [])) for actor in found), *_marks(language.find("marks", marked), {toponym.span for toponym in context.toponyms if toponym.use == "literal"}), *_same(language.find("same", marked)))


def _states(context: Context, tokens: Tokens) -> dict[int, dict[str, str]]:
    """Countries whose bare name is a state that acts, too: "Iraq launched air strikes on the group in Syria"."""
    lands = context.language.tables.get("toponyms", {}).get("lands", {})
    return {tokens.index(each.span.start): {"STATE": lands[each.name]} for each in context.toponyms if each.name in lands}


def _same(matches: Iterable[Match]) -> Iterator[Actor]:
    """ "Its jets also hit", "كما استهدف": whose hand it was has been told before."""
    for match in matches:
        for token in match["same"][:1]:
            yield Actor(token.span, token.span.of(match.tokens.text), match.data.get("craft") and "craft", "actor", "SAME")


def _marks(matches: Iterable[Match], places: Collection[Span]) -> Iterator[Actor]:
    """What was struck, where it is no force: "hit a market", "غارة على مستشفى"; ``id`` is its kind. The town of Khiam is no tents."""
    for match in matches:
        tokens, index = match["mark"], match.groups["mark"][0]
        if tokens[0].definite and Span(tokens[0].span.start, tokens[-1].span.end) in places:
            continue
        token, told = next((token, each) for token in tokens for each in _STRUCK if each in token.tags)
        span, known = Span(tokens[0].span.start, tokens[-1].span.end), tokens[0].definite or "THE" in match.tokens[max(0, index - 1)].tags
        yield Actor(span, span.of(match.tokens.text), str(token.tags[told]), "target", "PEOPLE" if told in _PEOPLE else "SITE", definite=known)


def _read(match: Match) -> Actor | None:
    if match.data.get("none"):
        return None
    if side := match.data.get("side"):
        return Actor(match.span, match.span.of(match.tokens.text), str(side), kind="SIDE")
    nation = next((str(token.tags["NATION"]) for token in match.tokens[match.start : match.end] if "NATION" in token.tags and "ARMY" not in token.tags), None)
    for kind in _KINDS:
        for token in match["name"]:
            written = token.span.of(match.tokens.text)
            if len(written) <= 3 and written.isascii() and not written.isupper():
                continue  # "is", "us": not IS, not US
            if kind in token.tags and nation and token.tags.get("SIDE") == "army":
                return Actor(match.span, match.span.of(match.tokens.text), nation, kind="NATION", armed=True)  # "طيران الجيش الروسي"; by itself that of Iraq
            if kind in token.tags:
                kind_of = "NATION" if kind in ("OWNER", "STATE") else kind
                span = (match.span_of("name") if match.data.get("of_land") else None) or match.span
                return Actor(
                    span, _GENITIVE.sub("", span.of(match.tokens.text)), str(token.tags[kind]), kind=kind_of, armed=_is_armed(match),
                    flown=any("WEAPON" in each.tags for each in match.tokens[match.start : match.end]), supposed=bool(match.data.get("supposed")),
                )  # fmt: skip
    return None


def _whole(actor: Actor, text: str, language: Language) -> Actor:
    """With the article that stands in the particle before it: "للجيش" names "الجيش"."""
    fused = any(text.endswith(each, 0, actor.span.start) for each in language.lexicon.fused)
    return replace(actor, name=language.lexicon.article + actor.name) if fused else actor


def _again(match: Match, before: list[Actor]) -> Actor | None:
    """ "Two leaders of the group": the one that was named last, in the words it was named with; where none was, what the group itself did tells of it."""
    named = next((actor for actor in reversed(before) if actor.kind == "GROUP"), None)
    span = match.span_of("name") or match.span
    if named is None and match.data.get("does"):
        return Actor(span, span.of(match.tokens.text), "group", kind="GROUP")
    return replace(named, span=span, role=None, supposed=False) if named else None


def _is_armed(match: Match) -> bool:
    """Is a force named, or the bare state: "Saudi forces", "Saudi Arabia"?"""
    return any({"FORCE", "WEAPON", "ARMY"} & token.tags.keys() for token in match.tokens[match.start : match.end])


def _with_role(actor: Actor, roles: list[str]) -> Actor:
    actor = replace(actor, supposed=True) if "supposed" in roles else actor
    if "partner" in roles:
        return replace(actor, bystander=True)  # "working with the government of Somalia, the command carried out ..."
    if "reporter" in roles:
        return replace(actor, role="source")
    if "somewhere" in roles and actor.kind == "NATION" and not actor.armed:
        return actor  # "the group in Syria": where it is, whatever else the words around might make of it
    if "sufferer" in roles:
        return replace(actor, role="target")  # "troops of the army came under attack": its subject has not struck
    if "striker" in roles:
        return replace(actor, role="actor")  # whatever else the words around might make of it
    if "teller" in roles:  # "the Syrian Observatory", "the Yemeni news agency": whose paper it is, not who struck
        return replace(actor, role="source" if actor.kind == "GROUP" else None)
    if "officials" in roles and actor.kind == "SIDE":
        return actor  # "unnamed military officials said": of whose army, nobody knows
    if "struck" in roles and "actor" not in roles:
        return replace(actor, role="target", armed=True)
    order: tuple[_Role, ...] = ("target", "actor", "source") if actor.kind == "GROUP" and roles.count("target") else _ORDER
    return replace(actor, role=next((each for each in order if each in roles), None))


def _marked(tokens: Tokens, triggers: tuple[Trigger, ...]) -> Tokens:
    """The tokens of triggers carry them, so that patterns can speak of an attack beside its own words."""
    marks = {}
    for trigger in triggers:
        index = tokens.index(trigger.span.start)
        if index < len(tokens) and tokens[index].span.start == trigger.span.start and "ACTOR" not in tokens[index].tags:
            marks[index] = {"TRIGGER": trigger}
    return tokens.tagged(marks)
