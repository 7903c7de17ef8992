"""How much quicker or slower this checkout reads than another: each article by both, one right after the other.

    python tests/bench/bench_against.py OTHER_CHECKOUT [FILE.jsonl[.gz]...]

Two processes take turns, so that what else the machine does slows both alike: on a busy one the ratios are good to about one
in a hundred, where seconds are off by a third. "fresh" is the first round, "again" are the two after it; of the ratios of the
articles, this checkout to the other, the median is told, and that of the sums. Files as in ``bench_reading.py``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).parents[2]
ROUNDS = 3


def read(source: str) -> None:
    """Be one of the two: read the article of each number that comes in, and say what it took."""
    from bench_reading import articles, articles_of

    from geomap import pipeline
    from geomap.engine import collect_seldom

    collect_seldom()
    reports = articles(source) if len(source) == 2 else articles_of(Path(source))
    gazetteer = pipeline.open_for(pipeline.Settings())
    print(len(reports), flush=True)
    for line in sys.stdin:
        started = time.process_time()
        pipeline.understand(reports[int(line)], gazetteer, depth=pipeline.Depth.ROWS)
        print(time.process_time() - started, flush=True)


class Reader:
    """A process that reads with the code of a checkout."""

    def __init__(self, checkout: Path, source: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--read", source], env=os.environ | {"PYTHONPATH": str(checkout), "PYTHONHASHSEED": "0"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.count = int(self._line())

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()

    def seconds(self, number: int) -> float:
        """What the article of that number takes."""
        assert self._process.stdin
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()
        return float(self._line())

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate()


def compare(other: Path, source: str) -> None:
    """Print the ratios of a file, or of a language's own cases."""
    readers = Reader(other, source), Reader(HERE, source)
    for reader in readers:
        reader.seconds(0)  # the language and the first patterns
    for number in range(ROUNDS):
        pairs = []
        for article in range(1, readers[0].count):
            turns = readers if article % 2 else readers[::-1]
            taken = {reader: reader.seconds(article) for reader in turns}
            pairs.append([taken[reader] for reader in readers])
        before, now = map(sum, zip(*pairs, strict=True))
        milliseconds = "{:.2f} -> {:.2f} ms".format(*(1000 * each / len(pairs) for each in (before, now)))
        print(f"{source} {'again' if number else 'fresh'}: {milliseconds}, median ratio {median(b / a for a, b in pairs):.3f}, of the sums {now / before:.3f}")
    for reader in readers:
        reader.close()


def main() -> None:
    """Compare on the files that are named, or on the languages' own cases."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path, nargs="?")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--read", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.read:
        read(arguments.read)
    for source in (arguments.files or ["ar", "en"]) if arguments.other else ():
        compare(arguments.other, source)


if __name__ == "__main__":
    main()
