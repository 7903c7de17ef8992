"""The weights of the choice, few and named, in bits (log2 of odds).

Set by hand in steps that a person can argue about, and checked on the development sets with ``tests/bench/bench_geoparse.py``,
which prints what each one gives and costs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Bits for and against a candidate."""

    population: float = 0.7  # per doubling of the inhabitants
    country_class: float = 7.0
    admin1_class: float = 1.0
    capital_class: float = 4.0
    seat: float = 3.0  # a town before the division that bears its name
    seat_margin: float = 2.5  # ... unless the division is much greater
    hint: float = 10.0  # --country names the country
    language: float = 2.0  # the country speaks the report's language
    outlet: float = 2.0  # the outlet's web address ends in the country's code
    borderless: float = 2.0  # a sea, a continent, a region that lies in no one country
    country: float = 1.2  # other names of the report lie in the country (times log2(1 + 30 share))
    bordering: float = 1.2  # ... in a small country at whose border it lies (times log2(1 + 30 share))
    admin1: float = 1.4  # ... in the same first-level division (times log2(1 + 30 share))
    near: float = 1.0  # distance to the nearest settled name (times log2 of 600 km over it)
    around: float = 1.0  # ... within some fifty kilometres, settled or not (times log2(1 + 30 share))
    parent: float = 9.0  # the text says that it lies there: "Bangor, Maine"
    kind: float = 4.0  # the cue word fits: "city of", "air base"
    seat_of_government: float = 3.5  # how much further the margin reaches for a town that is the division's seat by its code
    found: float = 0.35  # a bit of how sure the gazetteer is of the name alone
    side_name_of_site: float = -5.0  # "Sirte" for the air base of Sirte, without a cue word
    side_name_of_town: float = -8.0  # "Mexico" for Mexico City, "Pernambuco" for Recife
    match_no_article: float = -2.0
    match_skeleton: float = -5.0
    match_fuzzy: float = -6.0
    doubtful: float = -1.0  # whether a doubtful name is one at all: before its place is looked at,
    half_sure: float = 0.85  # ... how much of what its neighbours said of it counts,
    at_hand: float = 0.2  # ... how near its place lies to the report's others (times log2 of 600 km over it),
    at_hand_around: float = 0.4  # ... and what share of them lies about it (times log2(1 + 30 share)),
    at_hand_admin1: float = 0.35  # ... in its first-level division
    at_hand_country: float = 0.4  # ... and in its country
    unknown: float = 9.0  # a place that no gazetteer has: what a candidate must outweigh to be believed
    stand_in: float = 0.4  # belief left where another name or the report's main place stands in
    temperature: float = 1.4  # bits of score to one bit of belief: evidence overlaps


WEIGHTS = Weights()
