"""How steady the reading is: what is read of a report, and of the report in other words, side by side.

    PYTHONPATH=.:tests python tests/bench/variants.py [--lang ar en] [--show] [REPORTS.jsonl[.gz]...]

What changes nothing is data, in ``variants.toml``: "died" for "were killed", a closing sentence that tells of no attack. And
``unknown``: the town that was struck under a name that no gazetteer has. For each, the share of the reports whose rows stay as
they were. Without files the reports are the sentences of ``tests/cases/events.*.toml``. What comes out differently is a fault of
one reading or the other; a new rule that steadies nothing is a rule for its sentence.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

from bench_reading import articles_of

from geomap import pipeline
from geomap.model import Event, Gazetteer

HERE = Path(__file__).parent
CASES = HERE.parent / "cases"
UNKNOWN = {"en": "Zarbuta", "ar": "زربوطة"}
Row = tuple[object, ...]


def main() -> None:
    """Print the share that stays, variant by variant."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--lang", nargs="+", default=["ar", "en"])
    parser.add_argument("--show", action="store_true", help="print what comes out differently")
    told = parser.parse_args()
    gazetteer = pipeline.open_for(pipeline.Settings())
    tables = tomllib.loads((HERE / "variants.toml").read_text(encoding="utf-8"))
    for language in told.lang:
        texts = list(reports(language, told.files))
        first = [rows(text, day, gazetteer) for text, day in texts]
        for name, change in {**variants(tables[language]), "unknown": None}.items():
            changed = same = 0
            for (text, day), (before, towns) in zip(texts, first, strict=True):
                made = change or words(dict.fromkeys(towns[:1], UNKNOWN[language]))
                other = made(text)
                if other == text:
                    continue
                after, _ = rows(other, day, gazetteer)
                wanted = [tuple(made(each) if change is None and isinstance(each, str) else each for each in row) for row in before]
                changed, same = changed + 1, same + (wanted == after)
                if told.show and wanted != after:
                    print(f"  {other!r}\n    {wanted}\n    {after}")
            print(f"{language} {name:18} {same:5} of {changed:5} {same / max(changed, 1):.3f}")


def reports(language: str, files: list[Path]) -> Iterator[tuple[str, date | None]]:
    """Texts of one language and their days of publication."""
    if files:
        yield from ((each.text, each.published) for file in files for each in articles_of(file) if each.language == language)
        return
    for case in tomllib.loads((CASES / f"events.{language}.toml").read_text(encoding="utf-8"))["case"]:
        yield case["says"], case.get("published", date(2017, 9, 28))


def variants(table: Mapping[str, object]) -> dict[str, Callable[[str], str]]:
    """The changes of a table, by name."""
    made: dict[str, Callable[[str], str]] = {name: words(each) for name, each in table["replace"].items()}  # type: ignore[attr-defined]
    made |= {f"before {number}": lambda text, lead=lead: lead + text for number, lead in enumerate(table["before"], 1)}  # type: ignore[arg-type,misc]
    return made | {f"after {number}": lambda text, tail=tail: f"{text.rstrip()} {tail}" for number, tail in enumerate(table["after"], 1)}  # type: ignore[arg-type,misc]


def words(instead: Mapping[str, str]) -> Callable[[str], str]:
    """Whole words for others; single signs wherever they stand."""
    if not instead:
        return lambda text: text
    edge = r"\b" if all(len(each) > 1 for each in instead) else ""
    pattern = re.compile(f"{edge}({'|'.join(map(re.escape, sorted(instead, key=len, reverse=True)))}){edge}")
    return lambda text: pattern.sub(lambda match: instead[match[1]], text)


def rows(text: str, published: date | None, gazetteer: Gazetteer) -> tuple[list[Row], list[str]]:
    """What is read of a text, and the towns of the gazetteer that it was read at."""
    events = pipeline.understand(pipeline.report(text, published=str(published) if published else None), gazetteer).events
    towns = [name for event in events if (name := _town(event))]
    return [_row(event) for event in events], towns


def _row(event: Event) -> Row:
    locality = event.georeference.locality if event.georeference else None
    place = locality.anchors[0].name if locality and locality.anchors else None
    day = event.occurred and (event.occurred.earliest, event.occurred.latest)
    return place, day, event.strikes, event.killed, event.wounded, event.role, event.factuality


def _town(event: Event) -> str | None:
    ref = event.georeference
    place = ref.resolutions[0].place if ref and ref.resolutions else None
    found = place is not None and place.feature_code.startswith("PPL") and place.feature_code != "PPLC"
    return ref.locality.anchors[0].name if found and ref and ref.locality and ref.locality.anchors else None


if __name__ == "__main__":
    main()
