"""The doors for models: they point at words, the rules read them; without them, and without an answer, reading goes on."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from geomap.annotation import annotate, load_language
from geomap.annotation.doors import Doors, endpoint, known
from geomap.annotation.doors.merging import with_toponyms
from geomap.assembly import assemble
from geomap.errors import UsageError
from geomap.model import Event, Locality, Report, Span, Toponym
from tests.handmade import NAMES, located, report

# The rules alone see no attack here, and do not know the town.
QUIET = "Fighters left Kismayo before dawn. An object slammed into a bakery in Qwxyzburg on Tuesday, officials said."


class Server:
    """An OpenAI-compatible server on loopback that says what it is told to say, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answer: Any = {"places": [], "attacks": []}
        self.status = 200
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.paths.append(self.path)
                self._send({"data": [{"id": "tiny"}]})

            def do_POST(self) -> None:
                outer.paths.append(self.path)
                outer.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                words = outer.answer if isinstance(outer.answer, str) else json.dumps(outer.answer, ensure_ascii=False)
                self._send({"choices": [{"message": {"role": "assistant", "content": words}}]})

            def _send(self, body: Any) -> None:
                data = json.dumps(body).encode()
                self.send_response(outer.status)
                if outer.status == 307:
                    self.send_header("Location", f"{outer.url}/elsewhere")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self) -> None:
        if self.thread.is_alive():
            self.http.shutdown()
            self.thread.join()
            self.http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.close()


def ask(doors: Doors, text: str, language: str = "en") -> tuple[Report, tuple[Any, ...], tuple[str, ...]]:
    one = report(text, language)
    pointed, notes = doors.ask(one, load_language(language))
    return one, annotate(one, load_language(language), NAMES, pointed), notes  # type: ignore[arg-type]


def events(doors: Doors, text: str) -> tuple[Event, ...]:
    one, mentions, _ = ask(doors, text)
    return assemble(one, mentions, {each: located(each) for each in mentions if isinstance(each, Locality)})


# -- a language model behind an endpoint ------------------------------------------------------------------------------


def test_a_model_points_at_words_and_the_rules_read_them(server: Server) -> None:
    server.answer = {"places": ["Qwxyzburg", "Kismayo"], "attacks": ["object slammed into a bakery"]}
    doors = Doors([f"llm={server.url}"])
    one, mentions, notes = ask(doors, QUIET)
    pointed = {mention.span.of(one.text): mention.origin for mention in mentions if getattr(mention, "origin", None)}
    assert pointed == dict.fromkeys(("Qwxyzburg", "object slammed into a bakery"), "llm") and not notes
    toponyms = {mention.name: (mention.origin, mention.known) for mention in mentions if isinstance(mention, Toponym)}
    assert toponyms == {"Kismayo": (None, True), "Qwxyzburg": ("llm", False)}  # the rules keep what they found


def test_an_event_says_which_of_its_words_a_model_pointed_at(server: Server) -> None:
    assert not events(Doors([]), QUIET)
    server.answer = {"places": ["Qwxyzburg"], "attacks": ["object slammed into a bakery"]}
    (event,) = events(Doors([f"llm={server.url}"]), QUIET)
    told = {field: one.annotator for field, one in event.evidence}
    assert told["event_type"] == told["location"] == "llm" and told["date"] is None
    assert event.occurred and event.occurred.edtf == "2017-09-26"
    assert any("pointed at by llm" in remark for remark in event.remarks)


def test_what_is_not_in_the_text_is_dropped_and_told(server: Server) -> None:
    server.answer = {
        "places": ["Tripoli", "qwxyzburg", "17", "", 5, "burg"], "attacks": ["100 people were killed", "x" * 500],
    }  # fmt: skip
    _, mentions, notes = ask(Doors([f"llm={server.url}"]), QUIET)
    assert not [mention for mention in mentions if getattr(mention, "origin", None)]
    assert notes == ("annotator llm: 4 quotes that are not in the text were dropped",)


def test_a_copied_name_is_found_behind_an_arabic_particle(server: Server) -> None:
    server.answer = {"places": ["وادي قريان"], "attacks": []}
    one, mentions, _ = ask(Doors([f"llm={server.url}"]), "سقطت القذيفة بوادي قريان ليلا", "ar")
    (name,) = [mention for mention in mentions if getattr(mention, "origin", None)]
    assert name.span.of(one.text) == "وادي قريان"


@pytest.mark.parametrize("answer", ["Sure! Here you go:", "```json\n[1]\n```", '{"places": "Sirte"}', "{", '{"places": [[]]}'])
def test_an_answer_in_another_form_costs_nothing_but_a_line(server: Server, answer: str) -> None:
    server.answer = answer
    _, mentions, notes = ask(Doors([f"llm={server.url}"]), QUIET)
    assert len(notes) <= 1 and not [mention for mention in mentions if getattr(mention, "origin", None)]


def test_a_json_answer_in_a_code_fence_is_read(server: Server) -> None:
    server.answer = '```json\n{"places": ["Qwxyzburg"], "attacks": []}\n```'
    _, mentions, _ = ask(Doors([f"llm={server.url}"]), QUIET)
    assert [mention.name for mention in mentions if getattr(mention, "origin", None)] == ["Qwxyzburg"]


def test_the_model_is_the_one_named_or_the_first_that_the_server_has(server: Server) -> None:
    ask(Doors([f"llm={server.url}"]), QUIET)
    ask(Doors([f"llm={server.url}#big:7b"]), QUIET)
    assert [asked["model"] for asked in server.asked] == ["tiny", "big:7b"]
    assert server.paths == ["/v1/models", "/v1/chat/completions", "/v1/chat/completions"]
    assert all(asked["temperature"] == 0 for asked in server.asked)


def test_a_long_report_is_sent_in_pieces_that_end_with_a_sentence(server: Server) -> None:
    server.answer = {"places": ["Qwxyzburg"], "attacks": []}
    text = ("Nothing was heard of it in town. " * 300) + QUIET
    _, mentions, _ = ask(Doors([f"llm={server.url}#m"]), text)
    sent = [asked["messages"][1]["content"] for asked in server.asked]
    assert "".join(sent) == text and len(sent) == 2 and sent[0].endswith("town. ")
    assert [mention.span.of(text) for mention in mentions if getattr(mention, "origin", None)] == ["Qwxyzburg"]


def test_a_server_that_is_away_is_one_line_and_reading_goes_on(server: Server) -> None:
    server.close()
    doors = Doors([f"llm={server.url}#m"])
    text = "Two air strikes hit Sirte on Tuesday."
    lines = {note for _ in range(3) for note in ask(doors, text)[2]}
    (line,) = lines
    assert server.url in line and "reading goes on without it" in line and "\n" not in line
    assert len(events(doors, text)) == 1


def test_a_server_that_does_not_answer_in_time_is_not_waited_for_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def slow(*_: Any, timeout: float) -> None:
        calls.append(timeout)
        raise TimeoutError

    doors = Doors([f"llm={server.url}#m"])
    monkeypatch.setattr(doors._open[0][1]._opener, "open", slow)  # type: ignore[attr-defined]
    notes = [note for _ in range(3) for note in ask(doors, QUIET)[2]]
    assert len(set(notes)) == 1 and "within 120 s" in notes[0] and calls == [endpoint.SECONDS]


@pytest.mark.parametrize("status", [307, 404, 500])
def test_errors_and_redirects_are_told_and_not_followed(server: Server, status: int) -> None:
    server.status = status
    _, _, notes = ask(Doors([f"llm={server.url}#m"]), QUIET)
    assert str(status) in notes[0] and "/v1/elsewhere" not in server.paths and len(server.asked) == 1


def test_proxies_of_the_environment_are_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert not ask(Doors([f"llm={server.url}#m"]), QUIET)[2]


def test_a_denied_attack_stays_denied_whoever_points_at_it(server: Server) -> None:
    text = "The army denied that an object slammed into a bakery in Sirte on Tuesday."
    server.answer = {"places": [], "attacks": ["object slammed into a bakery"]}
    assert all(event.factuality == "denied" for event in events(Doors([f"llm={server.url}"]), text))


def test_a_hunger_strike_is_none_even_if_a_model_says_so(server: Server) -> None:
    server.answer = {"places": [], "attacks": ["hunger strike"]}
    assert not events(Doors([f"llm={server.url}"]), "Prisoners in Sirte began a hunger strike on Tuesday.")


# -- spaCy ------------------------------------------------------------------------------------------------------------


class FakePipeline:
    """What geomap uses of a spaCy pipeline: a language, and a call that gives entities."""

    lang = "en"

    def __call__(self, text: str) -> SimpleNamespace:
        ents = [
            SimpleNamespace(label_=label, start_char=text.index(words), end_char=text.index(words) + len(words))
            for words, label in (("the Qwxyz Barrens", "LOC"), ("Qwxyzburg's", "GPE"), ("Tuesday", "DATE"), ("Reuters", "ORG"))
            if words in text
        ]
        return SimpleNamespace(ents=ents)


@pytest.fixture
def fake_spacy(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module: Any = ModuleType("spacy")
    module.util = SimpleNamespace(get_installed_models=lambda: ["en_fake"])

    def load(name: str, disable: list[str]) -> FakePipeline:
        if name != "en_fake":
            raise OSError(f"[E050] Can't find model '{name}'.")
        return FakePipeline()

    module.load = load
    monkeypatch.setitem(sys.modules, "spacy", module)
    return module


def test_entities_that_are_places_become_toponyms(fake_spacy: ModuleType) -> None:
    text = "Shells fell on the Qwxyz Barrens and Qwxyzburg's market on Tuesday, Reuters said."
    _, mentions, notes = ask(Doors(["spacy"]), text)
    found = [mention for mention in mentions if isinstance(mention, Toponym) and mention.origin]
    assert [mention.name for mention in found] == ["Qwxyz Barrens", "Qwxyzburg"] and not notes
    assert all(mention.origin == "spacy" and mention.certainty < 1 and not mention.known for mention in found)


def test_a_report_in_another_language_is_left_as_it_is(fake_spacy: ModuleType) -> None:
    _, mentions, notes = ask(Doors(["spacy"]), "قصفت طائرات مدينة سرت يوم الثلاثاء", "ar")
    assert not notes and not [mention for mention in mentions if getattr(mention, "origin", None)]


def test_a_pipeline_that_is_not_installed_is_wrong_usage(fake_spacy: ModuleType) -> None:
    with pytest.raises(UsageError, match="en_none"):
        Doors(["spacy=en_none"])


def test_without_spacy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(UsageError, match=r"geomap-conflict\[spacy\]"):
        Doors(["spacy"])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_real_pipeline_of_spacy_points_at_places(tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy", reason="the extra [spacy] is not installed")
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "Qwxyzburg"}])
    pipeline.to_disk(tmp_path / "en_ruler")
    (event,) = events(Doors([f"spacy={tmp_path / 'en_ruler'}"]), "Two air strikes killed nine people in Qwxyzburg on Tuesday.")
    assert dict(event.evidence)["location"].annotator == "spacy"


# -- annotators of others ---------------------------------------------------------------------------------------------


def install(folder: Path, name: str, target: str) -> None:
    """A package of somebody else, as pip leaves it."""
    info = folder / f"{name}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[geomap.annotators]\n{name} = {target}\n", encoding="utf-8")


def test_another_package_adds_an_annotator_by_its_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "from geomap.model import Span, Toponym, Passage\n"
        "def point(report, language):\n"
        "    start = report.text.index('Qwxyzburg')\n"
        "    yield Toponym(Span(start, start + 9), 'Qwxyzburg')\n"
        "    yield Toponym(Span(0, 5), 'Atlantis')\n"
        "    yield Toponym(Span(5, 100_000), 'Atlantis')\n"
        "    yield Passage(Span(0, 5))\n"
        "class Broken:\n"
        "    def __init__(self, setting): self.setting = setting\n"
        "    def __call__(self, report, language): raise KeyError(self.setting)\n"
    )
    (tmp_path / "qwxyz_places.py").write_text(code, encoding="utf-8")
    install(tmp_path, "qwxyz", "qwxyz_places:point")
    install(tmp_path, "broken", "qwxyz_places:Broken")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert {"qwxyz", "broken", "spacy", "llm"} <= set(known())
    _, mentions, notes = ask(Doors(["qwxyz", "broken=hard"]), QUIET)
    assert [(mention.name, mention.origin) for mention in mentions if getattr(mention, "origin", None)] == [("Qwxyzburg", "qwxyz")]
    assert notes == (
        "annotator qwxyz: 3 mentions that are not in the text were dropped",
        "annotator broken: KeyError: 'hard'; reading goes on without it",
    )


@pytest.mark.parametrize("chosen", ["nobody", "llm=ftp://127.0.0.1/", "llm=here"])
def test_what_is_not_known_is_wrong_usage_and_the_known_are_named(chosen: str) -> None:
    with pytest.raises(UsageError, match="llm"):
        Doors([chosen])


def test_the_rules_keep_what_they_found_and_a_longer_known_name_wins() -> None:
    text = "Two air strikes hit Sirte and Younis on Tuesday."
    language = load_language("en")
    tokens = language.tokenise(text)
    sirte, younis = (Toponym(Span(text.index(name), text.index(name) + len(name)), name) for name in ("Sirte", "Younis"))
    pointed = [replace(sirte, origin="mine"), replace(younis, origin="mine")]
    assert with_toponyms((sirte,), pointed, tokens, language, NAMES)[0] == sirte  # type: ignore[arg-type]
    longer = Toponym(Span(0, 11), "Khan Younis", origin="mine")
    (found,) = with_toponyms(  # type: ignore[arg-type]
        (Toponym(Span(5, 11), "Younis"),), [longer], language.tokenise("Khan Younis"), language, NAMES
    )
    assert (found.name, found.origin, found.known) == ("Khan Younis", "mine", True)


# -- the command line -------------------------------------------------------------------------------------------------


def test_the_command_reads_with_a_model_and_without_it(geomap: Any, server: Server, tmp_path: Path) -> None:
    server.answer = {"places": ["Qwxyzburg"], "attacks": ["object slammed into a bakery"]}
    lines = [json.dumps({"id": f"r{n}", "text": QUIET, "published": "2017-09-28"}) for n in range(3)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = geomap("extract", tmp_path / "in.jsonl", "--annotator", f"llm={server.url}", "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == 3 and all("pointed at by llm" in row["georeference_remarks"] for row in rows)
    done = geomap("extract", tmp_path / "in.jsonl", "--annotator", "llm=http://127.0.0.1:9/v1", "--format", "jsonl")
    assert not done.stdout and done.stderr.count("no answer from http://127.0.0.1:9/v1") == 1
    assert "no annotator 'nobody'" in geomap("extract", tmp_path / "in.jsonl", "--annotator", "nobody", code=2).stderr
