"""Which first-level division a place lies in: GeoNames' codes matched to divisions, names made one spelling, seats found."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from math import cos, hypot, radians

from geomap.folding import fold
from geomap.gazetteer.spelling import bare

_SEAT = 1.0  # the group's greatest town of that name bears the division's name: worth a division's radius
_FARTHEST = 2.5  # in radii of the division: beyond, a group of towns is none of it
_SEAT_SHARE = 0.05  # of a division's people, below which a namesake is a village and not what the press means by the name


def complete(connection: sqlite3.Connection) -> None:
    """Give every place the name of its division, every division its people, and towns named like their division a seat_of."""
    divisions = _divisions(connection)
    namesakes = _namesakes(connection)
    for country, groups in _groups(connection).items():
        for code, fid in _matched(country, groups, divisions.get(country, {}), namesakes).items():
            name, people = divisions[country][fid][0], groups[code][3]
            connection.execute("UPDATE places SET admin1 = ? WHERE country = ? AND admin1_code = ?", (name, country, code))
            connection.execute("UPDATE places SET population = ? WHERE fid = ? AND population IS NULL", (people or None, fid))
    connection.execute("UPDATE places SET admin1 = name WHERE feature_code = 'ADM1'")
    _one_spelling(connection, divisions)
    for (fid, _), (town, people, total) in sorted(namesakes.items()):
        if people >= _SEAT_SHARE * total:
            connection.execute("INSERT OR IGNORE INTO relations VALUES (?, 'seat_of', ?)", (town, fid))


_Division = tuple[str, float, float, float, str]  # name, lon, lat, radial, id
_Group = tuple[int, float, float, int]  # towns, mean lon, mean lat, people


def _divisions(connection: sqlite3.Connection) -> dict[str, dict[int, _Division]]:
    found: dict[str, dict[int, _Division]] = defaultdict(dict)
    for fid, country, name, lon, lat, radial in connection.execute(
        "SELECT fid, country, name, lon, lat, coalesce(radial_m, 80000) FROM places WHERE feature_code = 'ADM1' AND country IS NOT NULL ORDER BY fid"
    ):
        ids = [one for (one,) in connection.execute("SELECT id FROM identifiers WHERE place = ? AND id LIKE 'iso:%'", (fid,))]
        found[country][fid] = (name, lon, lat, radial, ids[0] if ids else "")
    return found


def _groups(connection: sqlite3.Connection) -> dict[str, dict[str, _Group]]:
    found: dict[str, dict[str, _Group]] = defaultdict(dict)
    for country, code, towns, lon, lat, people in connection.execute(
        "SELECT country, admin1_code, count(*), avg(lon), avg(lat), sum(population) FROM places "
        "WHERE admin1_code IS NOT NULL AND admin1_code NOT IN ('00', '0') AND feature_class = 'P' GROUP BY country, admin1_code ORDER BY 1, 2"
    ):
        found[country][code] = (towns, lon, lat, people or 0)
    return found


def _namesakes(connection: sqlite3.Connection) -> dict[tuple[int, str | None], tuple[int, int, int]]:
    """(division, GeoNames' code) -> the greatest town there of the division's name, its people, and the greatest namesake's anywhere."""
    found: dict[tuple[int, str | None], tuple[int, int, int]] = {}
    rows = connection.execute(
        "SELECT DISTINCT a.fid, p.admin1_code, p.fid, coalesce(p.population, 0), coalesce(a.population, 0) FROM places a "
        "JOIN names d ON d.place = a.fid JOIN names t ON t.key = d.key JOIN places p ON p.fid = t.place "
        "WHERE a.feature_code = 'ADM1' AND p.feature_class = 'P' AND p.country = a.country AND p.feature_code NOT IN ('PPLX', 'PPLQ', 'PPLH') "
        "AND abs(p.lat - a.lat) < 6 AND (d.kind = 'preferred' OR d.language = 'ar') ORDER BY 1, 4 DESC, 3"
    ).fetchall()
    for division, code, town, people, total in rows:
        found.setdefault((division, code), (town, people, total))
    greatest: dict[int, int] = {}
    for (division, _), (_, people, _) in found.items():
        greatest[division] = max(greatest.get(division, 0), people)
    return {key: one for key, one in found.items() if one[1] == greatest[key[0]]}


def _matched(
    country: str,
    groups: dict[str, _Group],
    divisions: dict[int, _Division],
    namesakes: dict[tuple[int, str | None], tuple[int, int, int]],
) -> dict[str, int]:
    """GeoNames' code -> division: the same ISO code where the country's codes are ISO's, else the nearest pairs first."""
    by_code = {division[4].partition("-")[2]: fid for fid, division in divisions.items() if division[4]}
    letters = [code for code in groups if code.isalpha()]
    if letters and len(letters) == len(groups) and sum(code in by_code for code in letters) >= 0.9 * len(letters):
        return {code: by_code[code] for code in letters if code in by_code}
    pairs = []
    for code, (_, lon, lat, _) in groups.items():
        for fid, (_, east, north, radial, _) in divisions.items():
            away = hypot((east - lon) * cos(radians(lat)), north - lat) * 111_195 / max(radial, 20_000.0)
            away -= _SEAT if (fid, code) in namesakes else 0.0
            if away < _FARTHEST:
                pairs.append((away, code, fid))
    matched: dict[str, int] = {}
    taken: set[int] = set()
    for _, code, fid in sorted(pairs):
        if code not in matched and fid not in taken:
            matched[code] = fid
            taken.add(fid)
    return matched


def _one_spelling(connection: sqlite3.Connection, divisions: dict[str, dict[int, _Division]]) -> None:
    """A table may write "Al Jufra" for the division that is called Jufra here: containment compares names letter by letter."""
    spelled: dict[tuple[str, str], str] = {}
    for country, found in divisions.items():
        for fid, (name, *_) in found.items():
            for (key,) in connection.execute("SELECT key FROM names WHERE place = ? ORDER BY id DESC", (fid,)):
                spelled.setdefault((country, bare(key)), name)
                spelled[country, key] = name
    rows = connection.execute(
        "SELECT DISTINCT country, admin1 FROM places WHERE admin1 IS NOT NULL AND country IS NOT NULL AND feature_code <> 'ADM1' ORDER BY 1, 2"
    ).fetchall()
    for country, written in rows:
        key = fold(written)
        name = spelled.get((country, key)) or spelled.get((country, bare(key)))
        if name and name != written:
            connection.execute("UPDATE places SET admin1 = ? WHERE country = ? AND admin1 = ?", (name, country, written))
