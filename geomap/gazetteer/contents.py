"""What a built gazetteer holds: sources with licences, counts, what was merged with what and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geomap.gazetteer import store

_EXAMPLES = 8


def contents(path: Path, *, by_country: bool = False) -> dict[str, Any]:
    """Version, sources and counts of the store at a path."""
    db = store.read_only(path)
    told: dict[str, Any] = {"path": str(path)}
    (told["version"],) = db.execute("SELECT value FROM build WHERE key = 'version'").fetchone()
    for name, table in (
        ("places", "places"),
        ("names", "names"),
        ("shapes", "footprints"),
        ("relations", "relations"),
        ("demonyms", "demonyms"),
    ):
        (told[name],) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    told["sources"] = [
        dict(zip(("id", "title", "licence", "url", "attribution", "version", "places", "merged", "names"), row, strict=True))
        for row in db.execute("SELECT * FROM sources ORDER BY id")
    ]
    for source in told["sources"]:
        source["skipped"] = dict(
            db.execute("SELECT why, entries FROM skipped WHERE source = ? ORDER BY entries DESC", (source["id"],))
        )
    if by_country:
        told["countries"] = dict(db.execute("SELECT coalesce(country, '-') c, count(*) FROM places GROUP BY c ORDER BY c"))
        told["languages"] = dict(
            db.execute("SELECT coalesce(language, '-') l, count(*) FROM names GROUP BY l ORDER BY count(*) DESC, l")
        )
    db.close()
    return told


def merges(path: Path, source: str) -> dict[str, Any] | None:
    """What became of a source's rows, with a few examples; None where the store does not have the source."""
    db = store.read_only(path)
    row = db.execute("SELECT places, merged, names FROM sources WHERE id = ?", (source,)).fetchone()
    if row is None:
        db.close()
        return None
    told = dict(zip(("places", "merged", "names"), row, strict=True))
    told["examples"] = db.execute(
        "SELECT entry, p.id, why FROM merges m JOIN places p ON p.fid = m.place WHERE m.source = ? AND entry <> p.id ORDER BY m.rowid LIMIT ?",
        (source, _EXAMPLES),
    ).fetchall()
    told["skipped"] = dict(db.execute("SELECT why, entries FROM skipped WHERE source = ? ORDER BY entries DESC", (source,)))
    db.close()
    return told
