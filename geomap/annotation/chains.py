"""Join offsets from two or three towns to one phrase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from geomap.annotation.tokens import Tokens
from geomap.model import Locality, Span


@dataclass(slots=True)
class Found:
    """A locality and the tokens it was read from."""

    start: int
    end: int
    locality: Locality


def chains(found: Sequence[Found], tokens: Tokens) -> Iterator[Found]:
    """Join "58 km south of A, 312 km south of B and 402 km north of C" to one locality with three offsets.

    A comma alone does not join: in "20 km south of A, 450 km east of B" the second offset may describe A.
    """
    index = 0
    while index < len(found):
        last, linked = index, False
        while last + 1 < len(found) and (link := _link(found[last], found[last + 1], tokens)) is not None:
            last, linked = last + 1, linked or link
            if link:
                break
        group = found[index : last + 1] if linked else found[index : index + 1]
        index += len(group)
        yield _joined(group) if len(group) > 1 else group[0]


def _link(first: Found, second: Found, tokens: Tokens) -> bool | None:
    """True for "and" between two offsets, False for a comma alone, None where they do not belong together."""
    if any(one.locality.type not in ("FOH", "FO", "FH") or not one.locality.offsets for one in (first, second)):
        return None
    between = tokens[first.end : second.start]
    if not between or len(between) > 3 or any(not ({"AND", "COMMA", "IN", "LINK"} & token.tags.keys()) for token in between):
        return None
    if any(one.locality.offsets[0].distance is None or one.locality.anchors[0].lookup == "" for one in (first, second)):
        return None  # "20 km from the coast and 65 km from Derna": the coast says nothing of the point, and would take it away
    return any("AND" in token.tags for token in between)


def _joined(group: Sequence[Found]) -> Found:
    first = group[0].locality
    return Found(
        group[0].start,
        group[-1].end,
        replace(
            first,
            span=Span(first.span.start, group[-1].locality.span.end),
            anchors=tuple(one.locality.anchors[0] for one in group),
            offsets=tuple(one.locality.offsets[0] for one in group),
            notes=tuple(note for one in group for note in one.locality.notes),
        ),
    )
