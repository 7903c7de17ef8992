"""What happened: sentences become events; what was denied, planned, remembered or meant otherwise does not."""

from datetime import date

import pytest
from handmade import cases, events, mentions, shown

from geomap.assembly import assemble
from geomap.model import Passage

CASES = [(language, *case) for language in ("en", "ar", "fr", "he") for case in cases(f"events.{language}.toml")]


@pytest.mark.parametrize(("language", "says", "case"), CASES, ids=[says[:80] for _, says, _ in CASES])
def test_a_report_becomes_the_events_it_tells(language, says, case):
    published = case.get("published", date(2017, 9, 28))
    assert [shown(event) for event in events(says, language, published)] == case["events"]


STORY_AR = """غارات قرب سرت

صورة لمعسكر سابق في صبراتة (رويترز)

أعلن الجيش الأميركي أنه نفذ غارتين جويتين على مسلحي تنظيم الدولة في ليبيا قتل فيهما عدد من المسلحين.
وأوضح بيان للقيادة الأميركية في أفريقيا أن الغارتين وقعتا الثلاثاء الماضي على بعد نحو 160 كيلومترا جنوب شرقي سرت.
وكانت القيادة قد قالت الأحد الماضي إن ست ضربات أميركية استهدفت معسكرا على بعد 240 كيلومترا جنوب شرقي مدينة سرت وأدت إلى مقتل 17 مسلحا وتدمير ثلاث مركبات.

اقرأ أيضا

قصفت طائرات حربية مواقع في درنة يوم الاثنين.
"""
STORY_EN = """Air strikes near Sirte

TRIPOLI (Example News) - Two U.S. air strikes killed several Islamic State militants in Libya, the U.S. military said on Thursday.
The strikes took place on Tuesday about 100 miles (161 km) southeast of Sirte, Africa Command said in a statement.
U.S. Africa Command said on Sunday that six strikes had hit a camp 150 miles southeast of Sirte, killing 17 militants and destroying three vehicles.

Related stories
Warplanes bombed positions in Derna on Monday.
"""


def test_the_golden_story_gives_two_events_in_arabic():
    assert [shown(event) for event in events(STORY_AR, "ar")] == [
        "air_strike, strikes 2, killed 2 to ?, at 160 km SE of سرت, on 2017-09-26",
        "air_strike, background, strikes 6, killed 17, vehicles 3, at 240 km SE of سرت, on ../2017-09-24, told 2017-09-24",
    ]


def test_the_same_story_gives_the_same_two_in_english():
    assert [shown(event) for event in events(STORY_EN, "en")] == [
        "air_strike, strikes 2, killed 2 to ?, at 100 mi SE of Sirte, on 2017-09-26, told 2017-09-28",
        "air_strike, background, strikes 6, killed 17, vehicles 3, at 150 mi SE of Sirte, on ../2017-09-24, told 2017-09-24",
    ]


@pytest.mark.parametrize(("story", "language"), [(STORY_AR, "ar"), (STORY_EN, "en")])
def test_a_page_has_zones(story, language):
    zones = {each.zone for each in mentions(story, language) if isinstance(each, Passage)}
    assert {"headline", "body", "related"} <= zones
    assert ("dateline" if language == "en" else "caption") in zones


@pytest.mark.parametrize(("story", "language"), [(STORY_AR, "ar"), (STORY_EN, "en")])
def test_every_quote_and_every_evidence_is_the_source_s_own_words(story, language):
    for event in events(story, language):
        assert event.quote.quote == story[event.quote.span.start : event.quote.span.end]
        assert all(each.quote == story[each.span.start : each.span.end] for _, each in event.evidence)
        assert {"event_type", "location"} <= {name for name, _ in event.evidence}


def test_who_struck_whom_is_told_apart_from_who_says_so():
    (event,) = events("Turkish jets bombed a PKK camp near Mosul on Monday, the Iraqi army said on Tuesday.", "en")
    assert (event.actor.id, event.target.id) == ("turkey", "pkk")
    (event,) = events("شنت طائرات روسية غارة على مواقع تنظيم الدولة قرب الرقة أمس، بحسب ناشطين سوريين.", "ar")
    assert (event.actor.id, event.target.id) == ("russia", "islamic_state")


HANDS = [(language, *case) for language in ("en", "ar") for case in cases(f"hands.{language}.toml")]


@pytest.mark.parametrize(("language", "says", "case"), HANDS, ids=[says[:80] for _, says, _ in HANDS])
def test_who_struck_and_what_was_struck(language, says, case):
    told = [(event.actor.name if event.actor else "?", event.target.name if event.target else "?") for event in events(says, language)]
    assert [f"{actor} > {target}" for actor, target in told] == case["hands"]


@pytest.mark.parametrize(("language", "says", "supposed"), [
    ("en", "Warplanes believed to be Russian bombed Derna on Monday, killing five people.", True),
    ("en", "A suspected U.S. drone strike killed three men near Derna on Monday.", True),
    ("en", "Warplanes believed to be Russian bombed Derna on Monday. The Russian air force said its jets had struck Derna.", False),
    ("en", "Russian jets bombed Derna on Monday, killing five men believed to be Syrian soldiers.", False),
    ("ar", "شنت طائرات حربية يرجح أنها روسية غارة على درنة أمس.", True),
    ("ar", "قتل شخصان في غارة لطائرة دون طيار يعتقد أنها أمريكية قرب درنة أمس.", True),
    ("ar", "شنت طائرات روسية غارة على درنة أمس قتل فيها رجلان يعتقد أنهما من تنظيم القاعدة.", False),
])  # fmt: skip
def test_whose_strike_it_was_is_no_surer_than_the_source(language, says, supposed):
    (event,) = events(says, language)
    assert event.actor is not None
    assert any("only supposes" in remark for remark in event.remarks) is supposed


def test_sources_that_differ_widen_the_range_and_say_so():
    text = "An air strike on Derna killed 4 people on Monday, the army said. Medics said the strike on Derna killed 9 people."
    (event,) = events(text, "en")
    assert (event.killed.min, event.killed.max) == (4, 9)
    assert any("4" in remark and "9" in remark for remark in event.remarks)


def test_a_sum_gives_way_to_its_parts():
    text = (
        "The coalition conducted five air strikes in Syria on Monday. Three strikes near Raqqa hit a bunker. "
        "Two strikes near Kobani destroyed a tunnel."
    )
    assert [shown(event) for event in events(text, "en")] == [
        "air_strike, strikes 3, at Raqqa, on 2017-09-25", "air_strike, strikes 2, at Kobani, on 2017-09-25"
    ]  # fmt: skip


def test_days_counted_from_another_event_find_it():
    text = "Two strikes hit Derna on 26 September. Four days earlier, six strikes hit a camp near Hun."
    assert [event.occurred.edtf for event in events(text, "en")] == ["2017-09-26", "2017-09-22"]


def test_a_report_older_than_its_publication_day_is_no_news():
    assert events("Five years ago, air strikes killed 40 people in Sirte.", "en") == ()


def test_ids_are_the_same_every_time_and_differ_between_events():
    first, again = events(STORY_AR, "ar"), events(STORY_AR, "ar")
    assert [event.id for event in first] == [event.id for event in again]
    assert len({event.id for event in first}) == 2


def test_a_text_without_any_mention_has_no_events():
    from handmade import report

    assert assemble(report("", "en"), (), {}) == ()
    assert events("Nothing happened.", "en", published=date(2020, 1, 1)) == ()


def test_confidence_is_a_probability_and_falls_without_a_place():
    (placed,) = events("Two air strikes hit Derna on Monday.", "en")
    (lost,) = events("Two air strikes hit the camp on Monday.", "en")
    assert 0 < lost.confidence < placed.confidence <= 1


@pytest.mark.parametrize(
    ("says", "language", "actors"),
    [
        ("A U.S. air strike killed three militants near Sirte on Monday. Another air strike on Tuesday killed two people in Derna.", "en", 2),
        ("A U.S. air strike killed three militants near Sirte on Monday. On Tuesday another strike, by unidentified aircraft, killed two people in Derna.", "en", 1),
        ("A U.S. air strike killed three militants near Sirte on Monday. On Tuesday an air strike killed two people in Derna.", "en", 1),
        ("نفذت القوات الأميركية غارة جوية قرب سرت يوم الاثنين قتلت ثلاثة مسلحين. وفي درنة قتل شخصان في غارة أخرى نفذتها طائرات مجهولة يوم الثلاثاء.", "ar", 1),
    ],
)  # fmt: skip
def test_a_strike_is_nobodys_unless_the_report_says_whose_it_was(says, language, actors):
    told = events(says, language)
    assert len(told) == 2
    assert sum(event.actor is not None for event in told) == actors
