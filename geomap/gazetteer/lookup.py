"""Look names up: exact, without the article, by consonants and by likeness, ranked as the press means them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

from msgspec.structs import replace

from geomap.errors import GazetteerError
from geomap.folding import fold
from geomap.gazetteer import likeness, store
from geomap.gazetteer.build import FILE
from geomap.gazetteer.designators import parted
from geomap.gazetteer.features import KINDS, answers
from geomap.gazetteer.index import MAIN, WHOLE, Index
from geomap.gazetteer.spelling import bare, is_arabic, reworded
from geomap.model import Candidate, Name, Place, Reason

Step: TypeAlias = Literal["exact", "no_article", "skeleton", "fuzzy", "trigram"]

_HINTED = 14.0  # bits for lying in a country that the caller named
_ALIKE = 20.0  # bits for a whole likeness; among names of which none is the one asked for, what is less like than the best loses twice
# How the place bears the name: only without the word for what it is ("Qayyarah" of the air base), where another of the country bears it whole;
# as one of several; as the one that it mostly goes by.
_BORNE = (-6.0, -6.0, -2.0, 0.0)
_KIND = {1.0: 6.0, 0.5: 3.0, 0.0: -4.0}
_STEP: dict[Step, float] = {"exact": 0.0, "no_article": -2.0, "skeleton": -3.0, "fuzzy": -3.0, "trigram": -4.0}
_UNKNOWN = 9.0  # weight of "a place that the gazetteer does not have"
_PROMINENT = 12.0  # a town of some 4,000: with one of these among the exact ones no second key is asked
_MEMO = 50_000
_QUALIFIER = re.compile(r"(?<=[^ ])\s*[,،(].*")
_WHERE_IT_LIES = {fold(word) for word in ("الشمالية", "الجنوبية", "الشرقية", "الغربية", "الساحلية", "الحدودية", "الاستراتيجية", "التاريخية")}

_Hit: TypeAlias = tuple[int, Step, float]  # posting (as the index has it), step, likeness 0-1
_Scored: TypeAlias = tuple[float, int, int, Step, float, bool]  # -bits, place, how it bears the name, step, likeness, lies where it was asked for


class Lookup:
    """An opened gazetteer (model.Gazetteer). Cheap to open, safe to share between threads that only read."""

    def __init__(self, folder: Path) -> None:
        try:
            self._db = store.read_only(folder / FILE)
            facts = dict(self._db.execute("SELECT key, value FROM build"))
        except sqlite3.Error as error:
            raise GazetteerError(f"the gazetteer {folder / FILE} cannot be read: {error}; run geomap gazetteer build") from error
        if facts.get("schema") != str(store.SCHEMA_VERSION):
            raise GazetteerError(f"the gazetteer {folder / FILE} is of another version of geomap; run geomap gazetteer build")
        self.path = folder / FILE
        self.version: str = facts["version"]
        self.names = Index(folder, facts["id"])
        self._number = {code: number for number, code in enumerate(self.names.countries)}
        self._known: dict[int, tuple[Place, Reason]] = {}
        self._states: dict[str, list[int]] | None = None  # country -> the places that are that country; read when first asked
        self._memo: dict[tuple[object, ...], tuple[Candidate, ...]] = {}

    # -- by name ------------------------------------------------------------------------------------------------------

    def find(
        self, name: str, *, countries: Sequence[str] = (), kind: str | None = None, fuzzy: bool = True, limit: int = 40
    ) -> Sequence[Candidate]:
        """Places that may bear the name, best first without any context but the country hints.

        Candidates' places come without their names and footprint: ``place`` gives those.
        """
        question = (name, tuple(countries), kind, fuzzy, limit)
        answer = self._memo.get(question)
        if answer is None:
            if len(self._memo) >= _MEMO or len(self._known) >= _MEMO:
                self._memo.clear()
                self._known.clear()
            answer = self._find(fold(name), tuple(countries), kind, fuzzy and "/" not in name, limit)
            for one in name.split("/") if "/" in name and not answer else ():  # two names of one place: "Kobani/Ayn al-Arab"
                answer = answer or self._find(fold(one), tuple(countries), kind, fuzzy, limit)
            self._memo[question] = answer
        return answer

    def _find(self, key: str, countries: tuple[str, ...], kind: str | None, fuzzy: bool, limit: int) -> tuple[Candidate, ...]:
        if not key:
            return ()
        if kind == "demonym":
            return self._of_demonym(key, limit)
        index = self.names
        postings = index.bearers(key)
        if postings and kind is None and not countries and index.weights[postings[0] >> 2] >= _PROMINENT:
            return self._plain(postings, limit)
        wanted = {self._number[code] for code in countries if code in self._number}
        hits: list[_Hit] = [(posting, "exact", 1.0) for posting in postings]
        if not self._enough(hits, wanted, _PROMINENT):
            self._add(hits, self._without_article(key))
            rest = None if self._enough(hits, wanted, 0.0) else parted(key)
            if rest is not None:
                key, kind = rest[0], kind or rest[1]
                self._add(hits, ((posting, "no_article", 1.0) for posting in index.bearers(key)))
                self._add(hits, self._without_article(key))
            if not self._enough(hits, wanted, 0.0):
                for other in reworded(key):
                    self._add(hits, ((posting, "no_article", 1.0) for posting in index.bearers(other)))
                    self._add(hits, self._without_article(other))
            if not self._enough(hits, wanted, 0.0) and (short := self._unqualified(key)):
                key = short
                self._add(hits, ((posting, "no_article", 1.0) for posting in index.bearers(key)))
                self._add(hits, self._without_article(key))
        if wanted and fuzzy and not self._enough(hits, wanted, 0.0):
            for country in sorted(wanted):
                self._add(hits, self._in_country(key, country))
        elif fuzzy and not wanted and not hits:
            self._add(hits, self._borne(likeness.worldwide(index, key), "trigram"))
        return self._rank(hits, wanted, kind, limit)

    def _of_demonym(self, key: str, limit: int) -> tuple[Candidate, ...]:
        """The countries whose people or things the word names."""
        if self._states is None:
            self._states = {}
            for fid in self.names.coded("PCL", "TERR"):
                self._states.setdefault(self.names.countries[self.names.country[fid]], []).append(fid)
        countries = (country for (country,) in self._db.execute("SELECT country FROM demonyms WHERE key = ? ORDER BY country", (key,)))
        hits: list[_Hit] = [(fid << 2 | WHOLE | MAIN, "exact", 1.0) for country in countries for fid in self._states.get(country, ())]
        return self._rank(hits, set(), None, limit)

    def _enough(self, hits: list[_Hit], wanted: set[int], least: float) -> bool:
        weights, home = self.names.weights, self.names.country
        for posting, _, _ in hits:
            fid = posting >> 2
            if weights[fid] >= least and (not wanted or home[fid] in wanted or self._disputed(fid, wanted)):
                return True
        return False

    def _disputed(self, fid: int, wanted: set[int]) -> bool:
        several = self.names.several.get(fid)
        return several is not None and any(self._number.get(code) in wanted for code in several)

    def _add(self, hits: list[_Hit], more: Iterable[_Hit]) -> None:
        have = {hit[0] >> 2 for hit in hits}
        for hit in more:
            if hit[0] >> 2 not in have:
                have.add(hit[0] >> 2)
                hits.append(hit)

    def _without_article(self, key: str) -> Iterable[_Hit]:
        short = bare(key)
        if short != key:
            for posting in self.names.bearers(short):
                yield posting, "no_article", 1.0
        for place, main in self._db.execute("SELECT place, coalesce(kind, '') = 'preferred' FROM names WHERE bare = ?", (short,)):
            yield place << 2 | WHOLE | main, "no_article", 1.0

    def _unqualified(self, key: str) -> str | None:
        """The name without what tells it from namesakes: "tripoli, libya", "سرت الليبيه", "زواره الساحليه" are asked for as the city."""
        short = _QUALIFIER.sub("", key)
        if short == key:
            short, _, last = key.rpartition(" ")
            known = "SELECT 1 FROM demonyms WHERE key = ? UNION SELECT 1 FROM names JOIN places ON fid = place WHERE key = ? AND feature_code LIKE 'PCL%'"
            if not short or (last not in _WHERE_IT_LIES and self._db.execute(known, (bare(last), last)).fetchone() is None):
                return None
        return short.strip() or None

    def _in_country(self, key: str, country: int) -> Iterable[_Hit]:
        alike = likeness.same_consonants(self.names, key, country)
        step: Step = "skeleton"
        if not alike:
            alike, step = likeness.in_country(self.names, key, country), "fuzzy"
        found: dict[int, _Hit] = {}
        for hit in self._borne(alike, step):
            found.setdefault(hit[0] >> 2, hit)
        if is_arabic(key):
            for number, whole, degree in likeness.across_scripts(self.names, key, country):
                for posting in self.names.of_number(number):
                    before = found.get(posting >> 2)
                    if before is None or degree > before[2]:
                        found[posting >> 2] = posting, "skeleton" if whole else before[1] if before else "fuzzy", degree
        for fid, hit in found.items():
            if self.names.country[fid] == country or self._disputed(fid, {country}):
                yield hit

    def _borne(self, alike: Iterable[tuple[int, float]], step: Step) -> Iterable[_Hit]:
        for number, degree in alike:
            for posting in self.names.of_number(number):
                yield posting, step, degree

    # -- ranking ------------------------------------------------------------------------------------------------------

    def _plain(self, postings: Sequence[int], limit: int) -> tuple[Candidate, ...]:
        """The most usual question, for a name as it is written and nothing else: ranked with the fewest steps."""
        weights, known = self.names.weights, self._known
        if len(postings) == 1:  # four names of five
            fid, borne = postings[0] >> 2, postings[0] & 3
            place, standing = known.get(fid) or self._place(fid)
            share = 1.0 / (1.0 + 2.0 ** (_UNKNOWN - standing.bits - _BORNE[borne]))
            return (Candidate(place, share, (standing, _matched("exact", borne, 0.0))),)
        scored = sorted([(-weights[one >> 2] - _BORNE[one & 3], one >> 2, one & 3) for one in postings])
        shares = scores([-one[0] for one in scored])
        found = []
        for (_, fid, borne), share in zip(scored[:limit], shares, strict=False):
            place, standing = known.get(fid) or self._place(fid)
            found.append(Candidate(place, share, (standing, _matched("exact", borne, 0.0))))
        return tuple(found)

    def _rank(self, hits: list[_Hit], wanted: set[int], kind: str | None, limit: int) -> tuple[Candidate, ...]:
        weights, home = self.names.weights, self.names.country
        scored: list[_Scored] = []
        nearest = max((hit[2] for hit in hits if hit[2] < 1.0), default=1.0)
        for posting, step, degree in hits:
            fid, borne = posting >> 2, posting & 3 if kind is None else posting & 3 | WHOLE
            likeness_bits = 0.0 if degree == 1.0 else round(_ALIKE * (degree - 1.0 + degree - nearest), 2)
            bits = weights[fid] + _STEP[step] + _BORNE[borne] + likeness_bits
            inside = bool(wanted) and (home[fid] in wanted or self._disputed(fid, wanted))
            scored.append((-bits - _HINTED if inside else -bits, fid, borne, step, likeness_bits, inside))
        scored.sort()
        if kind in KINDS:
            scored = [(one[0] - _KIND[answers(kind, self._place(one[1])[0].feature_code)], *one[1:]) for one in scored]
            scored.sort()
        shares = scores([-one[0] for one in scored])
        return tuple([self._candidate(one, kind, share) for one, share in zip(scored[:limit], shares, strict=False)])

    def _candidate(self, one: _Scored, kind: str | None, score: float) -> Candidate:
        _, fid, borne, step, likeness_bits, inside = one
        place, standing = self._place(fid)
        why = [standing, _matched(step, borne, likeness_bits)]
        if inside:
            why.append(_hinted(place.country))
        if kind in KINDS:
            why.append(_cued(kind, answers(kind, place.feature_code)))
        return Candidate(place, score, tuple(why), step)

    # -- by id --------------------------------------------------------------------------------------------------------

    def place(self, place_id: str) -> Place | None:
        """The place of that id (any id that a source knows it by), with its names and its footprint where one is known."""
        row = self._db.execute("SELECT place FROM identifiers WHERE id = ?", (place_id,)).fetchone()
        if row is None:
            return None
        fid = row[0]
        names = tuple(
            Name(*row)
            for row in self._db.execute(
                "SELECT name, language, coalesce(kind, 'variant'), coalesce(valid_from, ''), coalesce(valid_to, '') FROM names WHERE place = ? ORDER BY id", (fid,)
            )
        )
        shape = self._db.execute("SELECT geom FROM footprints WHERE place = ?", (fid,)).fetchone()
        footprint = None
        if shape:
            from shapely import wkb

            footprint = wkb.loads(store.wkb(shape[0]))
        return replace(self._place(fid)[0], names=names, footprint=footprint)

    def demonym(self, word: str) -> tuple[str, ...]:
        """Countries (ISO alpha-2) whose people or things the word names: ("LY",) for "Libyan" or "ليبي"."""
        return tuple(
            country
            for (country,) in self._db.execute("SELECT country FROM demonyms WHERE key = ? ORDER BY country", (fold(word),))
        )

    def relations(self, place_id: str) -> tuple[tuple[str, str], ...]:
        """What the place belongs to: ("seat_of", "iso:LY-SR"), ("airport_of", "gn:2210554")."""
        return tuple(
            self._db.execute(
                "SELECT kind, t.id FROM identifiers i JOIN relations r ON r.place = i.place JOIN places t ON t.fid = r.target WHERE i.id = ? ORDER BY 1, 2",
                (place_id,),
            )
        )

    def _place(self, fid: int) -> tuple[Place, Reason]:
        """The place of that number, and how much it weighs."""
        found = self._known.get(fid)
        if found is None:
            place, weight, curated = self.names.place(fid)
            people = f", {place.population:,} people" if place.population else ""
            found = self._known[fid] = place, Reason(f"{place.feature_code}{people}{', in our tables' if curated else ''}", weight)
        return found


def scores(bits: Sequence[float]) -> list[float]:
    """Weights of rivals as shares of one, a place that the gazetteer does not have among them."""
    top = max(bits, default=0.0)
    shares = [2.0 ** (one - top) for one in bits]
    total = sum(shares) + 2.0 ** (_UNKNOWN - top)
    return [share / total for share in shares]


@lru_cache(4096)
def _matched(step: Step, borne: int, likeness_bits: float) -> Reason:
    words = {
        "exact": "the name as written", "no_article": "the same but for the article or the word for what it is", "skeleton": "the same consonants",
        "fuzzy": "a name like it in the country", "trigram": "a name like it",
    }[step]  # fmt: skip
    how = "" if borne & MAIN else ", not its main name" if borne & WHOLE else ", which it only bears with the word for what it is"
    return Reason(words + how, _STEP[step] + _BORNE[borne] + likeness_bits)


@lru_cache(512)
def _hinted(country: str | None) -> Reason:
    return Reason(f"lies in {country}, as asked", _HINTED)


@lru_cache(512)
def _cued(kind: str, degree: float) -> Reason:
    return Reason(f"is {'' if degree == 1 else 'perhaps ' if degree else 'not '}what “{kind}” names", _KIND[degree])
