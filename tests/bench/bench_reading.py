"""How many articles a second geomap reads on one core, all stages, and where the time goes.

    PYTHONPATH=. python tests/bench/bench_reading.py [--lang ar en] [FILE.jsonl[.gz]...] [--stages]

What is timed is what ``geomap extract`` does. An article is 2,000 characters. Without a file (a report a line: {"text",
"lang"?, "published"?}) articles are put together from the sentences of tests/cases, so that nearly every one tells of an
attack: denser than news, and slower to read.
"first" is the first article of a process, its language and patterns included; "fresh" are articles whose sentences were not
met before in the process; "again" is the least of three further rounds over the same ones, when words, names and regions
are remembered, as they are in a stream of news. Processor time of one process.

Baselines on the machine of development (2 shared cores, EPYC 2.4 GHz): version 0.1 read 18-20 Arabic articles a second in
all, warm or not (42-55 ms each); its prototype, patterns alone, took 2.8 ms for one of 2,600 characters. Now, with other work
on both cores: Arabic articles of 1,100 characters (2 kB), news of which most tell of no attack, 122 a second fresh and 425
again; war news with an attack or two 71 and 133. Of a fresh one about 1 ms goes into patterns compiled for the first time. Since
then (``bench_against.py``, medians of fresh and again, machine idle) rules were added as fast as the reading of them was made
quicker: such news takes 1.00 and .91 of the time, war news .99 and .99, strike reports joined 1.01 and 1.00, English ones 1.08
and 1.04. Since attacks are looked for before places, and lines tried only where two tokens in a row may fit them, such news takes
.58 and .51 of what it took then (the machine busy), war news .94 and .97, strike reports joined .94 and .97, English ones .94 and .93.
Since kinds get their letters when they are first met, and macros are read once, a process that reads one article takes about .87 (1.2 s
of processor time for 1.4, the machine busy): language .87, bunches .58. Later articles take as long as before: 80 strike reports 1.03 and .99.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

from geomap import annotation, pipeline
from geomap.annotation import happenings
from geomap.annotation.language import Language
from geomap.engine import collect_seldom
from geomap.model import Gazetteer, Report

CASES = Path(__file__).parents[1] / "cases"
SIZE = 2000  # characters
ROUNDS = 3
# Stages in the order of their work: where the function that does it is looked up, and its name there.
STAGES: tuple[tuple[Any, str], ...] = (
    (pipeline, "recognise"), (Language, "tokenise"), (annotation, "find_toponyms"), (annotation, "complete"), (Language, "find"),
    (happenings, "find_zones"), (happenings, "find_dates"), (happenings, "find_triggers"), (happenings, "find_counts"),
    (happenings, "find_actors"), (pipeline, "annotate"), (pipeline, "resolve"), (pipeline, "georeference"), (pipeline, "assemble"),
)  # fmt: skip


def sentences(language: str) -> Iterator[str]:
    """What the cases of a language say."""
    for path in sorted(CASES.glob("*.toml")):
        if language in re.split(r"[._]", path.stem):
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            yield from (case["says"] for case in table.get("case", ()))
            yield from (case[0] for case in table.get("cases", ()))
            yield from (re.sub(r"\{([^:{}]+):\w*\}", r"\1", sentence) for sentence in table.get("sentences", ()))


def articles(language: str) -> list[Report]:
    """The sentences in an order of no meaning, cut into articles."""
    lines = sorted(set(sentences(language)))
    random.Random(1).shuffle(lines)
    text = "\n".join(lines)
    return [pipeline.report(text[at : at + SIZE], published="2017-09-28") for at in range(0, len(text) - SIZE, SIZE)]


def articles_of(path: Path) -> list[Report]:
    """The articles of a file, each cut to size."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [pipeline.report(row["text"][:SIZE], language=row.get("lang"), published=row.get("published")) for row in rows]


def timed(reports: Iterable[Report], gazetteer: Gazetteer) -> list[float]:
    """Seconds that each report takes."""
    taken = []
    for report in reports:
        started = time.process_time()
        pipeline.understand(report, gazetteer, depth=pipeline.Depth.ROWS)
        taken.append(time.process_time() - started)
    return taken


def bench(name: str, reports: list[Report], gazetteer: Gazetteer) -> None:
    """Print the figures of one set of articles."""
    first = timed(reports[:1], gazetteer)[0]
    fresh = timed(reports[1:], gazetteer)
    again = [min(each) for each in zip(*(timed(reports[1:], gazetteer) for _ in range(ROUNDS)), strict=True)]
    size = sum(len(report.text) for report in reports[1:]) / SIZE
    figures = [f"{what} {size / sum(seconds):.0f}/s ({1000 * sum(seconds) / size:.1f} ms)" for what, seconds in (("fresh", fresh), ("again", again))]
    print(f"{name}: {len(reports)} articles; first {1000 * first:.0f} ms; {'; '.join(figures)}")


class Budget:
    """Seconds by stage, each without the stages that it calls."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def watch(self, owner: Any, name: str) -> None:
        """Count what a function takes from now on."""
        work = getattr(owner, name)

        @wraps(work)
        def counted(*arguments: Any, **options: Any) -> Any:
            started = time.process_time()
            self._inner.append(0.0)
            try:
                return work(*arguments, **options)
            finally:
                taken = time.process_time() - started
                self.seconds[name] += taken - self._inner.pop()
                self._inner[-1] += taken

        setattr(owner, name, counted)


def budget(reports: list[Report], gazetteer: Gazetteer) -> None:
    """Print the milliseconds an article by stage; for articles that were read before."""
    spent = Budget()
    for owner, name in STAGES:
        spent.watch(owner, name)
    timed(reports, gazetteer)
    for name, seconds in sorted(spent.seconds.items(), key=lambda item: -item[1]):
        print(f"  {name:<16}{1000 * seconds / len(reports):7.2f} ms")


def main() -> None:
    """Time the languages' own cases, or the files that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--lang", nargs="*", default=["ar", "en"])
    parser.add_argument("--stages", action="store_true", help="also where the time goes (which takes some itself)")
    arguments = parser.parse_args()
    collect_seldom()  # as the command line does
    gazetteer = pipeline.open_for(pipeline.Settings())
    sets = {path.name: articles_of(path) for path in arguments.files} or {code: articles(code) for code in arguments.lang}
    for name, reports in sets.items():
        bench(name, reports, gazetteer)
    if arguments.stages:
        budget([report for reports in sets.values() for report in reports], gazetteer)


if __name__ == "__main__":
    main()
