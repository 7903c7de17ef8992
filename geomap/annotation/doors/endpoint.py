"""The door for a language model behind an OpenAI-compatible endpoint: it may point at words of the text, and at nothing else.

The model is asked to copy words out of the report. Each copy is looked for in the text, its place found by us; what is
not there word for word is dropped. Where a place lies and what a number means is never taken from the model.
The standard library's urllib is enough: one POST of JSON. Proxies and redirects are refused, so that a report goes to the
address that was named and nowhere else.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from geomap.errors import AnnotatorError, UsageError
from geomap.model import Mention, Report, Span, Toponym, Trigger

URL = "http://127.0.0.1:8080/v1"  # where llama.cpp's server listens by default
SECONDS = 120.0  # a small model on a laptop takes its time
_LARGEST = 1_000_000  # bytes of an answer
_PIECE = 6_000  # characters sent at a time: small models have short memories
_SURE = 0.6  # that words a model calls a place are one
_NAME, _ATTACK = 80, 240  # characters a quote may have
_ASKED = """You mark words in a news report. Answer with one JSON object and nothing else:
{"places": [...], "attacks": [...]}
"places": every name of a place on earth (town, village, base, road, river, region), copied exactly as it is written.
"attacks": for every air strike, drone strike, missile attack, shelling or bombing that the report says has happened, the
shortest words that say so, copied exactly as they are written, in the language of the report.
Copy only; do not translate, correct, complete or add anything. Leave a list empty if there is nothing."""


class _Straight(urllib.request.HTTPRedirectHandler):
    """No redirect is followed."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Endpoint:
    """Points at places and attacks that a model copied out. The setting is the URL, with ``#model`` where the server holds several."""

    def __init__(self, setting: str = URL) -> None:
        url, _, self._model = setting.partition("#")
        self._url = url.rstrip("/")
        parts = urlsplit(self._url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"annotator llm: {url!r} is no address; give for example --annotator llm={URL}#model-name")
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Straight)
        self.notes: tuple[str, ...] = ()  # of the report read last

    def __call__(self, report: Report, language: Any) -> list[Mention]:
        """Toponyms and triggers at the words the model copied; what the rules know of a language is not needed for it."""
        found: list[Mention] = []
        missing = 0
        for piece in _pieces(report.text):
            said = self._said(piece.of(report.text))
            for quotes, longest, kind in (("places", _NAME, _toponym), ("attacks", _ATTACK, _trigger)):
                for quote in dict.fromkeys(_quotes(said, quotes, longest)):
                    spans = list(_where(quote, report.text, piece))
                    missing += not spans
                    found.extend(kind(span, report.text) for span in spans)
        self.notes = (f"{missing} quotes that are not in the text were dropped",) if missing else ()
        return found

    def _said(self, text: str) -> dict[str, Any]:
        """The model's answer on a piece of text."""
        messages = [{"role": "system", "content": _ASKED}, {"role": "user", "content": text}]
        asked = {"model": self._model or self._first_model(), "messages": messages, "temperature": 0, "seed": 0, "stream": False}
        answer = self._sent("/chat/completions", asked)
        try:
            words = answer["choices"][0]["message"]["content"]
            said = json.loads(words[words.index("{") : words.rindex("}") + 1])  # some wrap it in a code fence
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise AnnotatorError("the answer of the model is not the JSON that was asked for") from error
        return said if isinstance(said, dict) else {}

    def _first_model(self) -> str:
        """The model that a server serves first, where the user named none."""
        try:
            self._model = str(self._sent("/models")["data"][0]["id"])
        except (KeyError, IndexError, TypeError) as error:
            raise AnnotatorError(f"{self._url} lists no model; name one as llm={self._url}#model-name") from error
        return self._model

    def _sent(self, path: str, asked: dict[str, Any] | None = None) -> Any:
        body = None if asked is None else json.dumps(asked).encode()
        request = urllib.request.Request(self._url + path, body, {"Content-Type": "application/json"})  # noqa: S310 - scheme checked
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                return json.loads(answer.read(_LARGEST))
        except urllib.error.HTTPError as error:
            error.close()
            raise AnnotatorError(f"{self._url} answers {error.code} {error.reason}") from error
        except TimeoutError as error:
            raise AnnotatorError(f"no answer from {self._url} within {SECONDS:g} s", away=True) from error
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise AnnotatorError(f"no answer from {self._url} ({reason})", away=True) from error
        except ValueError as error:
            raise AnnotatorError(f"{self._url} does not answer in JSON") from error


def _pieces(text: str) -> Iterator[Span]:
    """The text in pieces that end with a line or a sentence, where there is one to end with."""
    start = 0
    while start < len(text):
        end = min(start + _PIECE, len(text))
        if end < len(text):
            ends = [match.end() for match in re.finditer(r"\n|[.!?؟]\s", text[start:end])]
            end = start + ends[-1] if ends else end
        if text[start:end].strip():
            yield Span(start, end)
        start = end


def _quotes(said: dict[str, Any], name: str, longest: int) -> Iterator[str]:
    """The strings of a list, without blanks around; names and clauses, no essays and no bare numbers."""
    listed = said.get(name)
    for quote in listed if isinstance(listed, list) else ():
        if isinstance(quote, str) and 1 < len(quote.strip()) <= longest and any(map(str.isalpha, quote)):
            yield quote.strip()


def _where(quote: str, text: str, piece: Span) -> Iterator[Span]:
    """Every place of a piece at which the words stand, whole words, however their blanks were copied.

    Arabic and Hebrew write particles together with the word ("بسرت"): up to three letters may stand before it.
    """
    written = r"\s+".join(map(re.escape, quote.split()))
    for match in re.compile(rf"(?<!\w)[\u0590-\u06ff]{{0,3}}?({written})(?!\w)").finditer(text, piece.start, piece.end):
        yield Span(*match.span(1))


def _toponym(span: Span, text: str) -> Toponym:
    return Toponym(span, span.of(text), certainty=_SURE)


def _trigger(span: Span, text: str) -> Trigger:
    return Trigger(span, "attack")
