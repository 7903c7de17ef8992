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
    connection.execute("CREATE INDEX places_by_code ON places (feature_code)")
    connection.execute("UPDATE places SET admin1 = coalesce(admin1, name) WHERE feature_code = 'ADM1'")
    divisions = _divisions(connection)
    namesakes = _namesakes(connection)
    votes = _votes(connection)
    coded = {  # a dump of GeoNames tells itself which division has which code
        (country, code): fid
        for country, code, fid in connection.execute(
            "SELECT country, admin1_code, fid FROM places WHERE feature_code = 'ADM1' AND admin1_code IS NOT NULL ORDER BY fid DESC"
        )
    }
    named: list[tuple[str, str, str]] = []
    for country, groups in _groups(connection).items():
        matched = _matched(country, groups, divisions.get(country, {}), namesakes, votes)
        matched |= {code: coded[country, code] for code in groups if (country, code) in coded}
        for code, fid in matched.items():
            named.append((country, code, divisions[country][fid][0]))
            connection.execute(
                "UPDATE places SET population = ? WHERE fid = ? AND population IS NULL", (groups[code][3] or None, fid)
            )
    _rename(connection, "admin1_code", named)
    _rename(connection, "admin1", _one_spelling(connection, divisions))
    for (division, _), (town, people, _) in sorted(namesakes.items()):
        total = connection.execute("SELECT coalesce(population, 0) FROM places WHERE fid = ?", (division,)).fetchone()[0]
        if people >= _SEAT_SHARE * total:
            connection.execute("INSERT OR IGNORE INTO relations VALUES (?, 'seat_of', ?)", (town, division))
            connection.execute(
                "UPDATE names SET kind = 'preferred' WHERE place = ? AND key IN (SELECT key FROM names WHERE place = ?)",
                (town, division),
            )
    connection.execute("DROP INDEX places_by_code")


def _rename(connection: sqlite3.Connection, column: str, named: list[tuple[str, str, str]]) -> None:
    """Set admin1 where country and that column are so; in one walk over the places."""
    connection.execute(
        "CREATE TEMP TABLE named (country TEXT, written TEXT, name TEXT, PRIMARY KEY (country, written)) WITHOUT ROWID"
    )
    connection.executemany("INSERT OR IGNORE INTO named VALUES (?, ?, ?)", named)
    connection.execute(
        f"UPDATE places SET admin1 = n.name FROM named n WHERE n.country = places.country AND n.written = places.{column} "
        "AND feature_code <> 'ADM1'" + (" AND admin1 IS NULL" if column == "admin1_code" else "")
    )
    connection.execute("DROP TABLE named")


_Division = tuple[str, float, float, float, str]  # name, lon, lat, radial, id
_Group = tuple[int, float, float, int]  # towns, mean lon, mean lat, people


def _divisions(connection: sqlite3.Connection) -> dict[str, dict[int, _Division]]:
    found: dict[str, dict[int, _Division]] = defaultdict(dict)
    codes = dict(connection.execute("SELECT place, id FROM identifiers WHERE id > 'iso:' AND id < 'iso;' ORDER BY id DESC"))
    for fid, country, name, lon, lat, radial in connection.execute(
        "SELECT fid, country, admin1, lon, lat, coalesce(radial_m, 80000) FROM places WHERE feature_code = 'ADM1' AND country IS NOT NULL ORDER BY fid"
    ):
        found[country][fid] = (name, lon, lat, radial, codes.get(fid, ""))
    return found


def _groups(connection: sqlite3.Connection) -> dict[str, dict[str, _Group]]:
    found: dict[str, dict[str, _Group]] = defaultdict(dict)
    for country, code, towns, lon, lat, people in connection.execute(
        "SELECT country, admin1_code, count(*), avg(lon), avg(lat), sum(population) FROM places "
        "WHERE admin1_code IS NOT NULL AND admin1_code NOT IN ('00', '0') AND feature_class = 'P' GROUP BY country, admin1_code ORDER BY 1, 2"
    ):
        found[country][code] = (towns, lon, lat, people or 0)
    return found


def _namesakes(connection: sqlite3.Connection) -> dict[tuple[int, str | None], tuple[int, int, str]]:
    """(division, GeoNames' code) -> the greatest town of the division's name, its people, and that name."""
    found: dict[tuple[int, str | None], tuple[int, int, str]] = {}
    rows = connection.execute(
        "SELECT a.fid, p.admin1_code, p.fid, coalesce(p.population, 0), t.key FROM places a "
        "JOIN names d ON d.place = a.fid JOIN names t ON t.key = d.key JOIN places p ON p.fid = t.place "
        "WHERE a.feature_code = 'ADM1' AND p.feature_class = 'P' AND p.country = a.country AND p.feature_code NOT IN ('PPLX', 'PPLQ', 'PPLH') "
        "AND abs(p.lat - a.lat) < 6 AND (d.kind = 'preferred' OR d.language = 'ar') ORDER BY 1, 4 DESC, 3, d.id"
    ).fetchall()
    greatest: dict[int, int] = {}
    for division, code, town, people, key in rows:
        if greatest.setdefault(division, people) == people:
            found.setdefault((division, code), (town, people, key))
    return found


def _votes(connection: sqlite3.Connection) -> dict[tuple[str, str, str], float]:
    """(country, GeoNames' code, folded name of a division) -> the share of towns of that code which our tables put there."""
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for country, code, name in connection.execute(
        "SELECT country, admin1_code, admin1 FROM places WHERE admin1_code IS NOT NULL AND admin1 IS NOT NULL AND feature_class = 'P'"
    ):
        counts[country, code][fold(name)] += 1
    return {(*group, name): count / sum(names.values()) for group, names in counts.items() for name, count in names.items()}


def _matched(
    country: str,
    groups: dict[str, _Group],
    divisions: dict[int, _Division],
    namesakes: dict[tuple[int, str | None], tuple[int, int, str]],
    votes: dict[tuple[str, str, str], float],
) -> dict[str, int]:
    """GeoNames' code -> division: the same ISO code where the country's codes are ISO's, else the nearest pairs first."""
    by_code = {division[4].partition("-")[2]: fid for fid, division in divisions.items() if division[4]}
    letters = [code for code in groups if code.isalpha()]
    if letters and len(letters) == len(groups) and sum(code in by_code for code in letters) >= 0.9 * len(letters):
        return {code: by_code[code] for code in letters if code in by_code}
    if 3 * len(groups) <= len(divisions):
        return {}  # GeoNames divides the country otherwise than ISO does: Gaza and the West Bank, not governorates
    pairs = []
    middles = [(fid, fold(name), east, north, max(radial, 20_000.0)) for fid, (name, east, north, radial, _) in divisions.items()]
    for code, (_, lon, lat, _) in groups.items():
        narrowing = cos(radians(lat))
        for fid, key, east, north, reach in middles:
            away = hypot((east - lon) * narrowing, north - lat) * 111_195 / reach
            away -= (_SEAT if (fid, code) in namesakes else 0.0) + 2.0 * votes.get((country, code, key), 0.0)
            if away < _FARTHEST:
                pairs.append((away, code, fid))
    matched: dict[str, int] = {}
    taken: set[int] = set()
    for _, code, fid in sorted(pairs):
        if code not in matched and fid not in taken:
            matched[code] = fid
            taken.add(fid)
    return matched


def _one_spelling(connection: sqlite3.Connection, divisions: dict[str, dict[int, _Division]]) -> list[tuple[str, str, str]]:
    """A table may write "Al Jufra" for the division that is called Jufra here: containment compares names letter by letter."""
    spelled: dict[tuple[str, str], str] = {}
    for country, found in divisions.items():
        for fid, (name, *_) in found.items():
            for (key,) in connection.execute("SELECT key FROM names WHERE place = ? ORDER BY id DESC", (fid,)):
                spelled.setdefault((country, bare(key)), name)
                spelled[country, key] = name
            spelled[country, fold(name)] = name
    rows = connection.execute(
        "SELECT DISTINCT country, admin1 FROM places WHERE admin1 IS NOT NULL AND country IS NOT NULL AND feature_code <> 'ADM1' ORDER BY 1, 2"
    ).fetchall()
    better = [
        (country, written, spelled.get((country, key)) or spelled.get((country, bare(key))))
        for country, written in rows
        if (key := fold(written))
    ]
    return [(country, written, name) for country, written, name in better if name and name != written]
