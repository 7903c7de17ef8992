"""Headings in words: "south-southeast", "جنوب شرقي", "east/northeast", "north by west", each a bearing and a wind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from geomap.annotation.language import Language
from geomap.annotation.tokens import Tokens

# The 32 winds clockwise from north, 11.25 degrees apart; a language's [words.WIND] uses the first eight of the chief ones.
WINDS = (
    "N", "NbE", "NNE", "NEbN", "NE", "NEbE", "ENE", "EbN", "E", "EbS", "ESE", "SEbE", "SE", "SEbS", "SSE", "SbE",
    "S", "SbW", "SSW", "SWbS", "SW", "SWbW", "WSW", "WbS", "W", "WbN", "WNW", "NWbW", "NW", "NWbN", "NNW", "NbW",
)  # fmt: skip
BEARINGS = {wind: index * 11.25 for index, wind in enumerate(WINDS)}


class Heading(NamedTuple):
    """A bearing in degrees from north, and the wind it has a name for."""

    bearing_deg: float
    wind: str | None


def heading(words: Sequence[str], point: str | None = None) -> Heading | None:
    """The heading of several winds in a row; None for opposites. ``point`` is the wind after "by".

    >>> heading(["S", "SE"]), heading(["N"], "W"), heading(["S"], "SW")
    (Heading(bearing_deg=157.5, wind='SSE'), Heading(bearing_deg=348.75, wind='NbW'), Heading(bearing_deg=202.5, wind='SSW'))
    """
    bearings = [BEARINGS[word] for word in words]
    bearing = bearings.pop()
    while bearings:
        middle = _between(bearings.pop(), bearing)
        if middle is None:
            return None
        bearing = middle
    if point is not None:
        towards = _turn(bearing, BEARINGS[point])
        # "north by west" is one point of the compass; writers also say "south by south west" for SSW
        step = 11.25 if BEARINGS[point] % 90 == 0 else abs(towards) / 2
        bearing = (bearing + (step if towards > 0 else -step)) % 360
    return Heading(bearing, WINDS[round(bearing / 11.25) % 32] if bearing % 11.25 == 0 else None)


def of(wind: str | None) -> Heading | None:
    """The heading of one wind."""
    return Heading(BEARINGS[wind], wind) if wind else None


def _turn(start: float, end: float) -> float:
    """Degrees from one bearing to another, the short way; positive clockwise."""
    return (end - start + 180) % 360 - 180


def _between(first: float, second: float) -> float | None:
    turn = _turn(first, second)
    return None if abs(turn) > 135 else (first + turn / 2) % 360


def mark(language: Language, tokens: Tokens) -> Tokens:
    """A copy in which each heading is one token of class DIR whose value is a Heading; COMPOUND too where several winds make it, LETTERS in "12 km N"."""
    found = []
    for match in language.find("directions", tokens):
        words, letters = match.values("winds", "WIND"), match.values("winds", "WINDLETTER")
        towards = heading(words or letters, match.value("point", "WIND"))
        if towards is not None:
            found.append((match.start, match.end, {"DIR": towards} | ({"COMPOUND": "COMPOUND"} if len(words) > 1 else {} if words else {"LETTERS": "LETTERS"})))
    return tokens.joined(found) if found else tokens
