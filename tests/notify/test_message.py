"""What a reader of an alert or a digest may rely on. The facts are public, the sentences our own."""

import json
from datetime import date
from typing import Any

import msgspec
import pytest

from notify.frame import Frame
from notify.message import Mention, alert, correction, note, trial
from notify.page import page
from stemwatch.relevance import Relevance
from stemwatch.views import FieldChange
from stemwatch.words import CAUSES, LABELS, PRODUCTS, VERBS, Stage, Verb
from tests.notify.samples import FOLDER, SOURCE, START, both, change, daily, mention, notice, seen

S = Frame(subscription="s")


STAGES_SAID = S.words.stages


def test_an_alert_says_what_happened_to_whom_when_and_why() -> None:
    named = ("Chara Biologics, Inc. (c-vuv3n23)",)
    told = Mention(notice=notice(), changes=(change(notice(), "added"),), clinics=named)
    message = alert(told, Frame(subscription="Clinics"))
    assert message.subject == "New warning letter: Chara Biologics, Inc. (FDA)"
    for words in both(message):
        assert "New warning letter Chara Biologics, Inc. FDA, Center for Biologics Evaluation" in words
        assert "28 January 2025" in words
        assert "17 January 2025" in words
        assert "Relevant to stem cell, exosome or birth-tissue treatments" in words
        assert "cord blood, exosomes" in words
        assert "Names a birth-tissue product: “cord blood” in the text" in words
        assert "“exosome” in the text, “exosomes” in the subject" in words
        assert "This letter is of 17 January 2025; the matter may have been resolved since." in words
        assert "subscription “Clinics”" in words
        assert "Chara Biologics, Inc. (c-vuv3n23)" in words
    assert FOLDER + "chara-biologics-inc-698004-01172025" in message.text.splitlines()
    assert "&" not in message.text


@pytest.mark.parametrize(
    ("verb", "notice_with", "change_with", "said"),
    [
        ("added", {}, {}, "New warning letter"),
        ("added", {"kind": "press release"}, {}, "New press release"),
        ("closed_out", {"closed_out_on": date(2025, 3, 6)}, {}, "Letter closed out"),
        ("responded", {}, {}, "Response letter posted"),
        ("delisted", {"absent_since": date(2026, 3, 2)}, {}, "No longer listed since 2 March 2026"),
        ("delisted", {}, {}, "No longer listed since 28 January 2025"),
        ("relisted", {}, {}, "Listed again"),
        ("baseline", {}, {}, "Warning letter already listed when watching began"),
        ("reissued", {}, {"related": f"{SOURCE}/old-01082026"}, "Reissued in place of old-01082026"),
        (
            "reissued",
            {"reissued_as": f"{SOURCE}/new-02102026"},
            {"related": f"{SOURCE}/new-02102026"},
            "Reissued as new-02102026",
        ),
        ("added", {}, {"cause": "backfill"}, "Found while looking further back; it may not be new"),
        ("added", {}, {"late": True}, "recognised only once its page had been read"),
    ],
)
def test_each_kind_of_change_reads_in_plain_words(
    verb: Verb, notice_with: Any, change_with: Any, said: str
) -> None:
    message = alert(mention(verb, change_with=change_with, **notice_with), S)
    for words in both(message):
        assert said in words
        assert "deleted" not in words.lower()


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("posted_on", "2023-09-12", "2024-01-04"), "posted date from 12 September 2023 to 4 January 2024"),
        (("office", "DBPO I", "DBPO II"), "Edited: office from “DBPO I” to “DBPO II”"),
        (("subject", "", "CGMP"), "Edited: subject added, “CGMP”"),
        (("subject", "CGMP", ""), "Edited: subject taken out, it was “CGMP”"),
        (("text", "", ""), "Edited: the text"),
    ],
)
def test_an_edit_names_the_field_and_both_values(edit: tuple[str, str, str], said: str) -> None:
    field = FieldChange(field=edit[0], old=edit[1], new=edit[2])
    message = alert(mention("edited", change_with={"edited": (field,)}), S)
    assert message.subject.startswith("Warning letter edited: ")
    for words in both(message):
        assert said in words


def test_an_edited_text_shows_its_lines_and_says_how_many_are_left_out() -> None:
    about = notice()
    lines = ("--- before", "+++ after", "@@ -1 +1 @@", " Same.", "-Old.", *["+New."] * 50)
    message = alert(Mention(notice=about, changes=(change(about, "edited"),), diff=lines), S)
    for words in both(message):
        assert "Same. - Old. + New." in words
        assert "before" not in words
        assert "and 13 more lines; the page itself has them all" in words


def test_a_close_out_stands_with_its_date_and_its_own_page() -> None:
    page = FOLDER + "signature-biologics-llc-03062025"
    message = alert(mention("closed_out", closed_out_on=date(2025, 3, 6), closed_out_url=page), S)
    assert page in message.text
    assert f'href="{page}"' in message.html
    for words in both(message):
        assert "6 March 2025" in words


def test_what_is_not_known_is_left_out_without_a_trace() -> None:
    bare = mention(posted_on=None, issued_on=None, case_number="", stage="", fields={}, products=(), clinics=())
    for words in both(alert(bare, S)):
        assert "None" not in words
        assert "Posted" not in words
        assert "shows no date; the matter may have been resolved since" in words


@pytest.mark.parametrize(("stage", "said"), [*STAGES_SAID.items(), ("", "not stated"), ("on_hold", "on hold")])
def test_an_alert_says_how_far_the_matter_has_come(stage: str, said: str) -> None:
    message = alert(mention(stage=stage), S)
    assert f"Stage: {said}\n" in message.text
    assert f"Stage{said}" in seen(message).replace("Stage ", "Stage")


def test_every_word_of_the_domain_can_be_said() -> None:
    for verb in VERBS:
        for cause in CAUSES:
            daily(mention(verb, change_with={"cause": cause}, products=PRODUCTS))
    for label in LABELS:
        daily(mention(relevance=Relevance(label=label, score=0.1)))


@pytest.mark.parametrize(
    ("stages", "level"),
    [
        (("closed", "sentence", "modified"), "failure"),
        (("filed",), "failure"),
        (("closed", "warning"), "warning"),
        (("",), "warning"),
        (("modified", "closed"), "info"),
        (("closed",), "success"),
        ((), "info"),
    ],
)
def test_the_level_is_that_of_the_most_serious_notice(stages: tuple[Stage, ...], level: str) -> None:
    mentions = [mention(key=f"k{n}", stage=stage) for n, stage in enumerate(stages)]
    assert daily(*mentions).level == level


def test_a_correction_says_what_was_wrong_and_how_the_notice_stands_now() -> None:
    message = correction(mention(), S, told_at=START, wrong="the letter is not about stem cells")
    assert message.subject == "Correction: Chara Biologics, Inc. (FDA)"
    for words in both(message):
        assert "What we told you on 28 January 2025 was wrong: the letter is not about stem cells" in words
        assert "Issued" in words
        assert "may have been resolved since" in words


def test_a_test_says_so_wherever_it_is_read() -> None:
    for message in (trial(S, at=START), daily(mention(), test=True)):
        assert message.subject.startswith("[TEST] ")
        assert "This is a test. Nothing was published" in message.text
        assert json.loads(message.payload)["test"] is True
        for words in both(message):
            assert "This is a test. Nothing was published" in words


def test_a_note_has_its_sentences_in_every_form() -> None:
    message = note("A source is ill", ("It has been blocked since Monday.",), S, at=START)
    assert message.subject == "A source is ill"
    for words in both(message):
        assert "It has been blocked since Monday." in words


def test_each_message_says_why_it_came_and_how_to_change_that() -> None:
    frame = Frame(
        subscription="Clinics",
        note="our Florida story",
        unsubscribe="https://w.example/u",
        manage="https://w.example/m",
    )
    for message in (alert(mention(), frame), daily(mention(), **msgspec.structs.asdict(frame))):
        assert 'href="https://w.example/u"' in message.html
        assert "Unsubscribe: https://w.example/u" in message.text
        for words in both(message):
            assert "through the subscription “Clinics”." in words
            assert "Your note: our Florida story" in words


def test_only_web_addresses_are_links_of_the_frame() -> None:
    frame = Frame(unsubscribe="javascript:alert(1)", manage="data:text/html,x", site="ftp://w.example")
    message = alert(mention(url=""), frame)
    assert "href" not in message.html
    assert "javascript" not in message.text


def test_what_many_subscribers_share_is_made_once() -> None:
    mentions = [mention(key=f"k{number}") for number in range(20)]
    before = page.cache_info().misses
    pages = {
        daily(*mentions, subscription=f"s{n}", note=f"note {n}", unsubscribe=f"https://w.example/{n}").html
        for n in range(50)
    }
    assert len(pages) == 50
    assert page.cache_info().misses == before + 1
