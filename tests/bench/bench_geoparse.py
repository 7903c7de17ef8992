"""Score recognition and resolution on development corpora, and say what each weight gives and what it costs.

    PYTHONPATH=. python tests/bench/bench_geoparse.py CORPUS.jsonl[.gz]... [--ablate] [--spans] [--limit N]

A corpus is a document a line: {"doc_id", "text", "lang", "toponyms": [{"start", "end", "lat"?, "lon"?, "bbox"?}]}. Without a
corpus our own texts of tests/cases are scored (Arabic strike reports, English news). Figures: overlap precision, recall, F1; share of the found
names within 161 km; end-to-end F1 within 161 km; documents of 2 kB a second of CPU time. With --ablate each weight in turn
is set to nothing and the change of the end-to-end F1 is told: what earns nothing should go.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import re
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from geomap.annotation.toponyms.claims import WEIGHTS as CLAIMS
from geomap.cli.geoparse import _line
from geomap.gazetteer import Lookup, open_gazetteer
from geomap.model import Span
from geomap.resolution.options import forget
from geomap.resolution.weights import WEIGHTS as CHOICE

CASES = Path(__file__).parents[1] / "cases"
OWN = {"ar": CASES / "toponyms_ar.toml", "en": CASES / "toponyms_en.toml"}
REACH_KM = 161.0


def corpus(path: Path) -> Iterator[dict[str, Any]]:
    """The documents of a corpus; a .toml file is one of our own."""
    if path.suffix == ".toml":
        yield from own(path)
        return
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def own(path: Path) -> Iterator[dict[str, Any]]:
    """The texts of tests/cases/toponyms_xx.toml, with their marked names and places."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    for number, sentence in enumerate(table["sentences"]):
        text, position, names = "", 0, []
        for match in re.finditer(r"\{([^:{}]+):([\w-]*)\}", sentence):
            text += sentence[position : match.start()]
            lat, lon, _ = table["places"][f"{match[1]}:{match[2]}"]
            names.append({"start": len(text), "end": len(text) + len(match[1]), "lat": lat, "lon": lon})
            text, position = text + match[1], match.end()
        yield {"doc_id": str(number), "text": text + sentence[position:], "lang": path.stem[-2:], "toponyms": names}


def km(one: dict[str, Any], two: dict[str, Any]) -> float:
    """Great-circle distance of two names' places."""
    a, b = math.radians(one["lat"]), math.radians(two["lat"])
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(two["lon"] - one["lon"]) / 2) ** 2
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(half)))


def right(gold: dict[str, Any], found: dict[str, Any]) -> bool:
    """Is the place within reach, or inside the gold's box (south, north, west, east)?"""
    if found["lat"] is None:
        return False
    box = gold.get("bbox")
    if box and box[0] <= found["lat"] <= box[1] and box[2] <= found["lon"] <= box[3]:
        return True
    return km(gold, found) <= REACH_KM


def score(documents: Sequence[dict[str, Any]], gazetteer: Lookup, *, spans: bool = False) -> dict[str, float]:
    """The figures of a corpus."""
    forget()
    gold = found = matched = placed = near = judged = 0
    started = time.process_time()
    for document in documents:
        given = {key: document[key] for key in ("doc_id", "text", "lang", "title") if document.get(key)}
        if spans:
            given["spans"] = [Span(name["start"], name["end"]) for name in document["toponyms"]]
        answers = json.loads(_line(given, gazetteer, (), False))["toponyms"]
        free = list(answers)
        gold, found = gold + len(document["toponyms"]), found + len(answers)
        for name in document["toponyms"]:
            has_place = name.get("lat") is not None
            placed += has_place
            hit = next((a for a in free if a["start"] < name["end"] and name["start"] < a["end"]), None)
            if hit is None:
                continue
            free.remove(hit)
            matched += 1
            judged += has_place
            near += has_place and right(name, hit)
    seconds = time.process_time() - started
    size = sum(len(document["text"]) for document in documents)
    precise = near / max(found - (matched - judged), 1)
    recalled = near / max(placed, 1)
    return {
        "precision": matched / max(found, 1), "recall": matched / max(gold, 1), "f1": 2 * matched / max(found + gold, 1),
        "within": near / max(judged, 1), "end_to_end": 2 * precise * recalled / max(precise + recalled, 1e-9),
        "documents_per_second": size / 2000 / max(seconds, 1e-9),
    }  # fmt: skip


def ablate(documents: Sequence[dict[str, Any]], gazetteer: Lookup, *, spans: bool) -> None:
    """Print what the end-to-end F1 (or the overlap F1 where nothing has a place) loses without each weight."""
    whole = score(documents, gazetteer, spans=spans)
    measure = "end_to_end" if whole["end_to_end"] else "f1"
    for weights, room in ((CHOICE, "choice"), (CLAIMS, "claim")):
        for field in fields(weights):
            value = getattr(weights, field.name)
            if not value or field.name in ("temperature", "base") or spans and room == "claim":
                continue
            object.__setattr__(weights, field.name, 0.0)
            change = score(documents, gazetteer, spans=spans)[measure] - whole[measure]
            object.__setattr__(weights, field.name, value)
            print(f"  without {room:6} {field.name:20} ({value:+5.1f} bits): {100 * change:+6.2f} points")
    forget()


def main() -> None:
    """Score the corpora that are named, or our own sentences."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", type=Path)
    parser.add_argument("--ablate", action="store_true")
    parser.add_argument("--spans", action="store_true", help="give the gold spans")
    parser.add_argument("--limit", type=int, default=None)
    arguments = parser.parse_args()
    gazetteer = open_gazetteer()
    for path in arguments.corpora or OWN.values():
        documents = list(corpus(path))[: arguments.limit]
        figures = score(documents, gazetteer, spans=arguments.spans)
        print(path.name, " ".join(f"{name} {value:.3f}" for name, value in figures.items()))
        if arguments.ablate:
            ablate(documents, gazetteer, spans=arguments.spans)


if __name__ == "__main__":
    main()
