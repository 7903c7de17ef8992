"""The nouns of geomap: frozen, typed, quiet records. Each holds the one it came from, so provenance is a walk.

    Event -> Georeference -> Resolution -> Mention -> Span -> Report

Order is lon, lat; distances are metres, bearings degrees clockwise from north; unknown is None, never 0.
Spans are code points of the report's untouched text, end exclusive.

Of most a report has dozens: msgspec makes and compares them ten times quicker than dataclasses, and the garbage collector, which
would walk them again and again, leaves them alone (they hold no circle). ``msgspec.structs.replace`` makes a changed copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from msgspec import Struct

# -- what was read ----------------------------------------------------------------------------------------------------


class Span(NamedTuple):
    """Characters ``start`` to ``end`` (exclusive) of a report's text. A text has thousands: hence the quickest of records."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words themselves."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Report:
    """One document as it was read; everything later points into ``text``."""

    id: str
    text: str
    title: str | None = None
    published: date | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None  # ISO 639-1; None until recognised
    sha256: str = ""  # of the text, UTF-8
    input_sha256: str | None = None  # of the bytes it came from
    archived_url: str | None = None
    retrieved_at: str | None = None  # ISO 8601
    path: str | None = None  # for messages only; never part of an id


class Evidence(Struct, frozen=True, gc=False):
    """The words of a report that a statement rests on."""

    report_id: str
    span: Span
    quote: str
    annotator: str | None = None  # who pointed at them; None: geomap's own rules


class Range(Struct, frozen=True, gc=False):
    """A count as said: "at least 17" is (17, None), "17" is (17, 17). Both ends None would be unknown: use None instead."""

    min: float | None
    max: float | None


class When(Struct, frozen=True, gc=False):
    """A closed interval of local days, how it was written, and the rule that made it so. An end that is None is open."""

    earliest: date | None
    latest: date | None
    edtf: str | None
    text: str
    rule: str
    span: Span | None = None


# -- what a text mentions (stage: annotation) -------------------------------------------------------------------------

ToponymKind = Literal[
    "country", "region", "governorate", "district", "city", "village", "neighbourhood", "airbase", "airport", "camp",
    "port", "oilfield", "dam", "border", "road", "river", "wadi", "mountain", "island", "sea", "desert", "site",
]  # fmt: skip


class Toponym(Struct, frozen=True, gc=False):
    """A place name in a text, as written and without prefixed particles and designators ("سرت" of "بمدينة سرت")."""

    span: Span
    name: str
    kind: ToponymKind | None = None  # what a cue word says it is: "مدينة", "air base", "district of"
    parent: Toponym | None = None  # explicit containment: "Bangor, Maine", "سرت في ليبيا"
    use: Literal["literal", "metonym", "demonym", "person", "organisation"] = "literal"
    known: bool = True  # False: no gazetteer knows the name; taken from its position in a pattern
    lookup: str | None = None  # what to look up in place of the name as written: "Calif." -> "California"; "" for words that name nothing ("the town")
    certainty: float = 1.0  # that the words are a place name at all
    origin: str | None = None  # the annotator that pointed at it; None: geomap's own rules

    def __hash__(self) -> int:
        return hash(self.span)  # which tells nearly all of a report apart, and is the same in each process


Modifier = Literal["approx", "at_least", "less_than", "range", "few"]
Unit = Literal["km", "mi", "nmi", "m"]
LocalityType = Literal[
    "F", "F-near", "F-between", "FOH", "FO", "FH", "FOO", "FPOH", "FPO", "P", "P-between", "F-offshore", "FO-offshore",
    "region", "region-part", "coordinates",
]  # fmt: skip


class Distance(Struct, frozen=True, gc=False):
    """A distance as said. ``min == max`` for a plain number; ``written`` keeps the digits, from which precision is read."""

    span: Span
    min: float
    max: float
    unit: Unit
    written: str
    modifier: Modifier | None = None
    other: Distance | None = None  # the same distance in a second unit: "100 miles (161 km)"
    by_time: bool = False  # "an hour's drive": as far as one gets, which is nothing that was said


class Offset(Struct, frozen=True, gc=False):
    """A distance and/or a heading from an anchor: "160 km southeast of"."""

    span: Span
    distance: Distance | None
    bearing_deg: float | None
    wind: str | None = None  # one of the 32 winds ("SE", "NbE"); None where the text gives degrees or no heading


class Locality(Struct, frozen=True, gc=False):
    """A description of a place as the georeferencing guides use the word: type, anchors, offsets."""

    span: Span
    type: LocalityType
    anchors: tuple[Toponym, ...] = ()
    offsets: tuple[Offset, ...] = ()  # two for orthogonal offsets and for "so far from A and so far from B"
    modifier: Modifier | None = None
    part: str | None = None  # of a region-part: a wind ("S") or "C" for the centre
    point: tuple[float, float] | None = None  # lon, lat of coordinates written in the text
    precision_deg: float | None = None  # ... and how fine they were written
    gloss: bool = False  # describes a town for the reader ("Bani Walid, 178 km southeast of Tripoli"); moves nothing
    notes: tuple[str, ...] = ()  # doubts: contradictory units, an unknown name
    within: Locality | None = None  # what the text names with it ("Tudun Biri, Kaduna State"): stands in where nothing knows the place
    listed: bool = False  # named after another in a list: "and Binnish"
    aside: bool = False  # where somebody speaks, comes from or is treated ("a hospital in Derna"): struck only if nothing else is
    run: Span | None = None  # with the plain words around it: of "raids on a market in Derna killed two" those between "raids" and "killed"

    def __hash__(self) -> int:
        return hash(self.span)


Zone = Literal["body", "headline", "dateline", "caption", "related", "boilerplate"]


class Passage(Struct, frozen=True, gc=False):
    """A sentence of the text, and the zone of the page it stands in."""

    span: Span
    zone: Zone = "body"
    paragraph: int = 0  # which paragraph of the text it belongs to
    breaks: tuple[int, ...] = ()  # positions at which a new clause may begin
    turns: tuple[int, ...] = ()  # of these, where words like "while" turn to something else
    tells: bool = False  # has it words in which an attack may be told, or told of?
    otherwise: bool = False  # tells of clashes, gunmen or bombers, and of no strike
    matter: bool = False  # opens another matter, and tells of no strike


class Date(Struct, frozen=True, gc=False):
    """A date in a text. ``when`` is None while it cannot be resolved (no publication date, or relative to an event)."""

    span: Span
    when: When | None
    relation: Literal["absolute", "relative", "event"] = "absolute"
    days: int | None = None  # relation "event": days after (negative: before) that event; negative of a day some days ago, nobody says which
    months: int = 0  # ... where it is counted in months: "a month earlier"; ``days`` is then about as long
    toward: bool = False  # belongs to what is told next: "two days after a raid", "since 21 November, when"
    use: Literal["event", "statement", "frame", "aside"] = "event"  # when it was said; a frame ("since May") dates no event; of something else
    list_days: tuple[When, ...] = ()  # "on 17 and 19 November": the days one by one, ``when`` being the whole
    also: bool = False  # "also on Wednesday": what was told before was on that day, too
    sooner: bool = False  # "Earlier on Wednesday, ...": at another hour of the day told before
    time_text: str | None = None  # the time of day in the text's words
    origin: str | None = None


class Count(Struct, frozen=True, gc=False):
    """A counted thing: strikes, killed, wounded, vehicles; ``who`` keeps the source's word for the counted."""

    span: Span
    what: str
    range: Range
    who: str | None = None
    modifier: str | None = None
    part: bool = False  # counted in another: "17 people, including five children"
    total: bool = False  # corrects or sums up what was said before: "the death toll rose to 22"
    single: bool = False  # one without a number: "the commander was killed"
    vague: bool = False  # no number was said: "several", "dozens"
    more: bool = False  # others than those counted before: "another two people were also killed"
    some: bool = False  # perhaps of those counted before: "two girls" of "five people", the bodies that one hospital received
    row: bool = False  # under the verb of another: the four of "two soldiers and four rebels were killed"
    among: bool = False  # told in a town of its own, of those counted before it: "20 people in A, including 12 in B"
    rounded: bool = False  # "more than 20", of which another sentence may say how many
    later: bool = False  # found or dead of their wounds afterwards: where that was nothing need have been struck
    rival: bool = False  # somebody else's number in the same sentence: "one agency said 60 died, while another said 40"
    placed: bool = False  # "and four in B": with a place of its own behind it, be it one that nobody knows
    in_turn: bool = False  # of one of the towns or days listed beside it: "eight and eleven people, respectively"
    otherwise: bool = False  # of what was no strike: "and three were killed in an operation in B"
    again: bool = False  # with somebody whom the sentence has told before: "a raid on his car, killing him and his guard"
    unarmed: bool = False  # civilians: no fighters of whoever the report names as struck
    origin: str | None = None

FLOWN = frozenset(("air_strike", "drone_strike"))  # types of attack that come by aircraft


class Trigger(Struct, frozen=True, gc=False):
    """Words that report an attack: "غارتين", "warplanes struck"."""

    span: Span
    event_type: str
    count: Range | None = None
    factuality: Literal["asserted", "possible", "denied"] = "asserted"
    definite: bool = False  # "the strikes": speaks of one already told
    form: Literal["noun", "verb"] = "noun"
    other: bool = False  # "another strike", "the second raid": not the one told before
    earlier: bool = False  # recalled: "last month's strike", "had earlier announced"
    aside: bool = False  # told as another matter: "separately", "elsewhere", "من جهة أخرى"
    along: bool = False  # told as part of the same day: "also", "meanwhile", "كما", "وفي سياق متصل"
    nobody: bool = False  # the source says that nobody knows whose it was: "unidentified aircraft", "طيران مجهول"
    use: Literal["event", "plan", "story"] = "event"  # a plan or threat; a campaign, an anniversary, a habit
    origin: str | None = None
    bits: float | None = None  # how much speaks for it having happened
    double: bool = False  # "ضربة مزدوجة", a double strike: two, and yet one raid


class Actor(Struct, frozen=True, gc=False):
    """A force, group or target in the source's own word; ``id`` joins its aliases."""

    span: Span
    name: str
    id: str | None = None
    role: Literal["actor", "target", "source"] | None = None
    kind: str | None = None  # NATION, ARMY, GROUP, FORCE, SITE, PEOPLE: what the words are
    armed: bool = False  # a force is named, not the bare state: "Saudi forces", not "Saudi Arabia"
    flown: bool = False  # what is named are aircraft: "a US drone"
    supposed: bool = False  # no more than the source supposes: "believed to be Russian"
    denies: bool = False  # says in this sentence that it did not strike
    bystander: bool = False  # the words say what it had to do with it, and that is not the blow: "a town held by the army"
    origin: str | None = None
    definite: bool = False  # what was struck, told as known: "the market"


Mention: TypeAlias = Toponym | Locality | Date | Count | Trigger | Actor | Passage


# -- which place is meant (stages: gazetteer, resolution) -------------------------------------------------------------

class Name(Struct, frozen=True, gc=False):
    """One name of a place. ``key`` is folded; ``language`` is ISO 639-1 or None where the source does not say."""

    name: str
    language: str | None = None
    kind: str = "variant"  # preferred, variant, historical, colloquial, official, code
    since: str = ""  # when it came into use, as the source writes it ("1991", "2016-02-04"); "" is unknown
    until: str = ""  # when it went out of use


_VAST = ("PCL", "CONT", "SEA", "OCN", "GULF", "STRT")  # heads of feature codes


class Place(Struct, frozen=True, gc=False):
    """A place in the gazetteer. Feature codes are GeoNames' ("PPLA", "ADM1", "AIRB") whatever the source."""

    id: str  # "gn:2210554", "gm:ly-jufra-air-base", "wof:85673605"
    name: str
    feature_code: str
    lon: float
    lat: float
    radial_m: float  # corrected centre to farthest boundary point
    country: str | None = None  # ISO 3166-1 alpha-2
    admin1: str | None = None  # name of the first-level division
    population: int | None = None
    source: str = ""
    footprint: Any = None  # shapely geometry where known
    names: tuple[Name, ...] = ()
    countries: tuple[str, ...] = ()  # more than one where it is disputed

    @property
    def is_vast(self) -> bool:
        """A country, a continent or a sea: no answer to the question where, and a sea holds no town."""
        return self.feature_code.startswith(_VAST)

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        return {"type": "Point", "coordinates": (self.lon, self.lat)}


class Reason(Struct, frozen=True, gc=False):
    """Why a candidate gained or lost: words for a person, and the weight it had (log2)."""

    text: str
    bits: float


class Candidate(Struct, frozen=True, gc=False):
    """A place that a name may mean; ``match`` is the look-up step that found it."""

    place: Place
    score: float  # 0-1
    reasons: tuple[Reason, ...] = ()
    match: Literal["exact", "no_article", "skeleton", "fuzzy", "trigram", "coordinates"] = "exact"


class Resolution(Struct, frozen=True, gc=False):
    """What a toponym was taken to mean; ``place`` is None where that is in doubt, and the losers are kept, best first."""

    toponym: Toponym
    place: Place | None
    candidates: tuple[Candidate, ...] = ()
    score: float = 0.0  # probability that the first candidate is right
    notes: tuple[str, ...] = ()
    certainty: float = 1.0  # that the words are a place name at all, once the report's other names have been heard


class NameInfo(Protocol):
    """What scanning may know of a folded name before any place is looked up."""

    @property
    def population(self) -> int: ...
    @property
    def feature_classes(self) -> str: ...  # letters of the GeoNames classes that bear it: "AP"
    @property
    def preferred(self) -> bool: ...  # main name of at least one place, not only an alternate
    @property
    def curated(self) -> bool: ...  # stands in our own tables


class Names(Protocol):
    """All names worth scanning for, keyed by ``folding.fold``; handed to annotation by the pipeline."""

    def get(self, key: str) -> NameInfo | None:
        """What is known of the name, or None."""

    def begins(self, key: str) -> bool:
        """Does any longer name begin with these words?"""


class Gazetteer(Protocol):
    """The index of places, as resolution needs it."""

    @property
    def version(self) -> str: ...

    @property
    def names(self) -> Names: ...

    def find(
        self, name: str, *, countries: Sequence[str] = (), kind: str | None = None, fuzzy: bool = True, limit: int = 40
    ) -> Sequence[Candidate]:
        """Places that may bear the name, best first without any context but the country hints."""

    def place(self, place_id: str) -> Place | None:
        """The place of that id."""


# -- where it is (stage: georeferencing) ------------------------------------------------------------------------------


class Georeference(Struct, frozen=True, gc=False):
    """A location with its honest doubt. lon, lat is None only when nothing could be located.

    ``footprint`` is the protocol's region, ``plausible`` the region that holds the truth with probability .9 (and .8,
    .5) as fitted on real strikes; shapely geometries, lon lat, cut at the antimeridian.
    """

    lon: float | None
    lat: float | None
    uncertainty_m: float | None
    footprint: Any = None
    plausible: Any = None
    plausible_80: Any = None
    plausible_50: Any = None
    locality_type: LocalityType = "F"
    protocol: str = "Georeferencing Quick Reference Guide 2020"
    remarks: tuple[str, ...] = ()
    resolutions: tuple[Resolution, ...] = ()  # one an anchor, in the locality's order
    locality: Locality | None = None

    @property
    def __geo_interface__(self) -> dict[str, Any] | None:
        if self.lon is None or self.lat is None:
            return None
        return {"type": "Point", "coordinates": (self.lon, self.lat)}


# -- what happened (stage: assembly) ----------------------------------------------------------------------------------


class Event(Struct, frozen=True, gc=False):
    """What one report says happened. ``evidence`` names the words behind each field."""

    id: str  # from the hash of the report's text and the span: never from a path
    report: Report
    type: str  # air_strike, drone_strike, shelling, missile_attack, bombing, ...
    quote: Evidence
    factuality: Literal["asserted", "possible", "denied"] = "asserted"
    role: Literal["main", "background"] = "main"
    strikes: Range | None = None
    occurred: When | None = None
    reported: When | None = None
    time_text: str | None = None
    actor: Actor | None = None
    target: Actor | None = None
    target_kind: str | None = None
    killed: Range | None = None
    wounded: Range | None = None
    vehicles_destroyed: Range | None = None
    georeference: Georeference | None = None
    confidence: float | None = None
    evidence: tuple[tuple[str, Evidence], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        geometry = self.georeference.__geo_interface__ if self.georeference else None
        return {"type": "Feature", "id": self.id, "geometry": geometry, "properties": {"event_id": self.id}}


# What may point at words of a report: (report, language) -> mentions; entry point group geomap.annotators.
Annotator: TypeAlias = Callable[[Report, Any], Iterable[Mention]]


def spans(mentions: Iterable[Mention]) -> list[Span]:
    """The spans of mentions, in text order."""
    return sorted(mention.span for mention in mentions)
