"""Distances as said: numbers, units, hedges, ranges, the same distance in two units; and lengths that are no distance."""

from __future__ import annotations

import math

from geomap.annotation.language import Language
from geomap.annotation.patterns import Match
from geomap.annotation.tokens import Tags, Token, Tokens
from geomap.columns import METRES
from geomap.model import Distance, Modifier, Span, Unit

# Hedge classes in order of weight: "at least about 100 km" is a lower bound.
_HEDGES: tuple[tuple[str, Modifier], ...] = (
    ("MIN", "at_least"), ("MINAFTER", "at_least"), ("MAX", "less_than"), ("MAXAFTER", "less_than"), ("WITHIN", "less_than"), ("APPROX", "approx"), ("APPROXAFTER", "approx"),
)  # fmt: skip
_TURNED: dict[Modifier, Modifier] = {"at_least": "less_than", "less_than": "at_least"}  # "was not less than"

_BY_CAR = "20 90"  # km in an hour, on a track and on a highway


def mark(language: Language, tokens: Tokens) -> Tokens:
    """A copy in which each distance is one token of class QTY, its value a Distance; WITHIN too after "within", LED after "at a distance of", MORE after "more than".

    Lengths of roads, ranges of weapons, depths and speeds match lines with ``distractor = true`` and become nothing.
    """
    found: list[tuple[int, int, Tags]] = []
    for match in language.find("distances", tokens):
        distance = None if match.data.get("distractor") else _distance(match)
        if distance is not None:
            tags: dict[str, object] = {"QTY": distance}
            if match.values("hedge", "WITHIN") or match.data.get("within"):
                tags["WITHIN"] = "WITHIN"
            if match.values("hedge", "JUST"):
                tags["LED"] = "LED"
            if match.values("hedge", "MIN"):
                tags["MORE"] = "MORE"
            found.append((match.start, match.end, tags))
        elif match.data.get("distractor"):
            found.append((match.start, match.end, {"LENGTH": "LENGTH"}))
    return tokens.joined(found) if found else tokens


def _distance(match: Match) -> Distance | None:
    said = _amount(match, "low", "value", "unit")
    if said is None:
        return None
    low, high, unit = said
    hedges = {token_class for name in ("hedge", "hedge2") for token in match[name] for token_class in token.tags}
    if match.data.get("within"):
        hedges.add("WITHIN")
    modifier = next((name for token_class, name in _HEDGES if token_class in hedges), None)
    if modifier is not None and "ISNOT" in hedges:
        modifier = _TURNED.get(modifier, modifier)
    if low != high and modifier in (None, "approx") and "hours" not in match:
        modifier = "few" if _few(match) else "range"
    other = _amount(match, "other_low", "other", "other_unit")
    words = match.tokens.text
    second = None
    if other is not None:
        span = _span(match, ("other_low", "other", "other_unit"))
        second = Distance(span, other[0], other[1], other[2], _written(match, ("other_low", "other"), words))
    span = _span(match, ("low", "few", "value", "over", "unit", "time", "hours", "travel"))
    return Distance(span, low, high, unit, _written(match, ("low", "few", "value", "over", "under", "unit"), words), modifier, second, by_time="hours" in match)


def _amount(match: Match, low_name: str, name: str, unit_name: str) -> tuple[float, float, Unit] | None:
    """Lower and upper end and unit of one of the two distances of a match."""
    if name == "value" and "hours" in match:
        return _travelled(match)
    token = next((token for token in match[unit_name] if "UNIT" in token.tags or "UNIT2" in token.tags), None)
    if token is None:
        return None
    dual = "UNIT2" in token.tags
    factor, unit = _unit(str(token.tags["UNIT2" if dual else "UNIT"]))
    if name == "value" and (few := _few(match)):
        low, high = (float(end) for end in few.split())
    else:
        value = match.value(name, "NUM")
        high = float(value) if value is not None else 0.0 if "over" in match else 2.0 if dual else 1.0
        first = match.value(low_name, "NUM")
        low = float(first) if first is not None else high if low_name not in match else 1.0  # "a mile or two"
        more = _more(match) if name == "value" else 0.0
        low, high = low + more, high + more
    if not 0 < low <= high:
        return None
    return low * factor, high * factor, unit


def _travelled(match: Match) -> tuple[float, float, Unit] | None:
    """ "Two hours' drive from": as far as one gets in that time, slowly or fast, in kilometres."""
    told, token = match.value("travel", "TRAVEL"), next(token for token in match["hours"] if "HOURS" in token.tags)
    hours, speed = float(token.tags["HOURS"]), told or match.data.get("speed", _BY_CAR)
    if told is None and speed == _BY_CAR and hours > 1:
        return None  # "two days from": by what?
    number = match.value("time", "NUM") or (2 if "TWO" in token.tags else 1)
    least, most = (float(each) for each in (match.value("time", "FEW") or f"{number} {number}").split())
    slowly, fast = (float(each) for each in speed.split())
    return round(hours * least * slowly, 1), round(hours * most * fast, 1), "km"


def _more(match: Match) -> float:
    """What a fraction adds: "a mile and a quarter", "2 1/2 miles"; nothing where it is none ("9/11")."""
    over, under = match.value("over", "NUM"), match.value("under", "NUM")
    part = float(over) / float(under) if over and under and over < under else 0.0
    return part + float(match.value("half", "HALF") or 0)


def _few(match: Match) -> str | None:
    """The ends of "a few", and of a plural without its number: "على بعد كيلومترات من", "just miles from"."""
    if "few" in match:
        return str(match.value("few", "FEW") or match.value("few", "FEWAFTER"))
    ends = None if "value" in match else match.value("unit", "UNITS")
    return None if ends is None else str(ends)


def _unit(written: str) -> tuple[float, Unit]:
    """A unit is one of ours, or a number of them: "0.9144 m" for the yard."""
    factor, _, name = written.rpartition(" ")
    unit: Unit = "km" if name == "km" else "mi" if name == "mi" else "nmi" if name == "nmi" else "m"
    return float(factor or 1), unit


def _span(match: Match, names: tuple[str, ...]) -> Span:
    spans = [span for name in names if (span := match.span_of(name))]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _written(match: Match, names: tuple[str, ...], text: str) -> str:
    """The digits or words of the number, from which its precision is read; of a time all of it."""
    if "hours" in match:
        return text[(match["time"] or match["hours"])[0].span.start : match["hours"][-1].span.end]
    tokens: list[Token] = [token for name in names for token in match[name] if {"NUM", "FEW", "FEWAFTER"} & token.tags.keys()]
    if not tokens:
        tokens = match["unit"]  # a dual, or "a kilometre": the unit carries the number
    return text[tokens[0].span.start : tokens[-1].span.end]


def contradiction(distance: Distance) -> str | None:
    """A note where the two units of a distance cannot mean the same length: "150 miles (100 km)"."""
    other = distance.other
    if other is None:
        return None
    first, second = _metres(distance), _metres(other)
    if first[0] <= second[1] and second[0] <= first[1]:
        return None
    return (
        f"contradictory units: {distance.written} {distance.unit} is {_plain(distance, other.unit)} {other.unit}, "
        f"the text says {other.written} {other.unit}"
    )


def _metres(distance: Distance) -> tuple[float, float]:
    """Both ends in metres, each widened by how coarsely it was rounded (a tenth of a number that ends in zeros at most)."""

    def half(value: float) -> float:
        step = 1.0 if value == int(value) else 0.1
        while step < 1000 and value % (step * 10) == 0:
            step *= 10
        return max(min(step, value / 10), 1.0 if value == int(value) else 0.1) / 2

    metre = METRES[distance.unit]
    return (distance.min - half(distance.min)) * metre, (distance.max + half(distance.max)) * metre


def _plain(distance: Distance, unit: str) -> str:
    value = (distance.min + distance.max) / 2 * METRES[distance.unit] / METRES[unit]
    return str(round(value)) if value >= 10 else str(round(value, 1)) if math.isfinite(value) else ""
