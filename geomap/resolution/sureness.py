"""How probable it is that a choice is right: what is believed of the best candidate, set right by how such choices turned out."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from geomap.resolution.options import Option, inhabitants

_CERTAIN = 6.0  # log odds beyond which belief says nothing more
_NARROW_KM = 50.0


@dataclass(frozen=True, slots=True)
class Sureness:
    """Weights of a logistic curve (natural logarithms of odds), learnt and cross-validated by ``tests/bench/fit_scores.py``.

    ``always`` and ``stand_in`` are set below what was learnt (0.63, 0.19): texts that rules were made on look easier than the next
    ones, and what only stands in for a name shall be told from what bears it.
    """

    always: float = 0.3
    belief: float = 0.67  # the share of belief of the best candidate and its doubles, as log odds
    size: float = 0.11  # doublings of the inhabitants above 1,000
    wide: float = -0.64  # doublings of its reach above 50 km: where the middle of a land lies is a matter of taste
    stand_in: float = -0.6  # another name, or where the report plays, stands in for an unknown one


SURENESS = Sureness()
_WEIGHTS = tuple((field.name, getattr(SURENESS, field.name)) for field in fields(SURENESS))


def described(option: Option, belief: float, stands_in: bool) -> dict[str, float]:
    """How many times each weight counts for the choice of an option."""
    belief = 0.5 if stands_in else min(max(belief, 1e-4), 1 - 1e-4)  # how sure the other name is says little of this one
    return {
        "always": 1.0,
        "belief": max(-_CERTAIN, min(_CERTAIN, math.log(belief / (1 - belief)))),
        "size": 0.0 if stands_in else math.log2((inhabitants(option.place) + 100) / 1000),
        "wide": math.log2(max(option.kilometres / _NARROW_KM, 1.0)),
        "stand_in": float(stands_in),
    }


def probability(option: Option, belief: float, stands_in: bool) -> float:
    """The probability that the option is the place meant, or as near as makes no difference."""
    counts = described(option, belief, stands_in)
    return 1 / (1 + math.exp(-sum(weight * counts[name] for name, weight in _WEIGHTS)))
