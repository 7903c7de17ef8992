"""What may be a place name in a text with capitals, and the weights of what speaks for and against it."""

from __future__ import annotations

from dataclasses import dataclass, field

from geomap.model import NameInfo, ToponymKind


@dataclass(frozen=True, slots=True)
class Weights:
    """Bits for and against; ``tests/bench/ablation.md`` tells what each one gives, ``bench_geoparse.py --ablate`` prints it anew."""

    base: float = -1.5
    great: float = 6.0  # countries, first-level divisions of our tables
    curated: float = 2.0  # anything else that stands in our tables
    per_decade: float = 1.3  # for each power of ten of inhabitants above 1,000
    several_words: float = 2.0
    second_name: float = -1.5
    common_word: float = -3.0
    never: float = -9.0
    lower_elsewhere: float = -2.0
    given_name: float = -2.0
    surname: float = -1.0
    known_person: float = -5.0
    in_person: float = -4.5
    title_of: float = -6.0  # "Prince of Wales"
    surname_follows: float = -3.0
    before_capital: float = -1.5
    after_capital: float = -2.0
    person_follows: float = -3.0
    speech: float = -1.5
    strong: float = 3.0
    weak: float = 1.0
    after_cue: float = 1.5
    organisation: float = -1.0
    street: float = -5.0
    team: float = -6.0  # "Green Bay Packers"
    bank_of: float = -6.0  # "Bank of England", "Times of India"
    area_follows: float = 4.0
    listed: float = 1.5
    cue: float = 3.5
    composite: float = 5.0  # "Cumberland River", "Lake Livingston"
    unknown: float = -3.0  # no gazetteer has it
    sentence_first: float = -0.7
    titled: float = -0.7
    short: float = -2.5
    upper: float = -2.0
    dateline: float = 4.5
    again: float = 1.5
    demonym: float = 6.0


WEIGHTS = Weights()


@dataclass(slots=True)
class Claim:
    """A name at the words ``first`` to ``last`` (exclusive), and the bits that speak for its being a place here."""

    first: int
    last: int
    key: str
    info: NameInfo | None
    bits: float = 0.0
    kind: ToponymKind | None = None
    why: list[tuple[str, float]] = field(default_factory=list)  # the weight's name, and how many times it counts
    person: bool = False
    parent: Claim | None = None
    lookup: str | None = None
    use: str = "literal"
    great: bool = False  # a country, or a division that the language's file or our tables name
    composite: bool = False  # a name and the word for what it is: "Polk County", "Lake Erie"

    def say(self, weight: str, times: float = 1.0) -> None:
        """Add a reason, by the name of its weight."""
        self.bits += times * float(getattr(WEIGHTS, weight))
        self.why.append((weight, times))
