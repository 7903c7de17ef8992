"""Make the list of stems of common Arabic words, by which a rare word is known: ``languages/ar_stems.txt``.

    pip install wordfreq; PYTHONPATH=. python tests/bench/make_stems.py [--write]

wordfreq (Robyn Speer, 3.1) holds the frequencies of 620,000 written words. What is written together with a word is taken off as
``Knowledge`` does it, and the frequencies of what is left are added up.
"""

from __future__ import annotations

import argparse
import math
import re
from collections import Counter
from pathlib import Path

import wordfreq

from geomap.annotation import load_language
from geomap.annotation.toponyms.knowledge import knowledge_of
from geomap.folding import fold

ARABIC = re.compile("[ء-ي]+")
LEAST = 3.0  # Zipf: once in a million words


def main() -> None:
    """Count; write the list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    knowledge, share = knowledge_of(load_language("ar")), Counter[str]()
    for word, frequency in wordfreq.get_frequency_dict("ar", wordlist="best").items():
        if ARABIC.fullmatch(word):
            share[knowledge.without_suffix(knowledge.without_prefix(fold(word)))] += frequency
    stems = sorted(stem for stem, frequency in share.items() if math.log10(frequency) + 9 >= LEAST and len(stem) > 1)
    print(len(stems), "stems")
    if arguments.write:
        head = ["# Stems of common Arabic words, folded, by tests/bench/make_stems.py from wordfreq's list (Speer 2022). Licence of this file: CC BY-SA 4.0."]
        path = Path(__file__).parents[2] / "geomap" / "languages" / "ar_stems.txt"
        path.write_text("\n".join([*head, *stems]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
