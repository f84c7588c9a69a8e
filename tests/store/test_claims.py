"""Claims that notices quote: indexed when a notice is judged, looked up as precedents with their exact words."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stemwatch.claims import claims
from stemwatch.claims.records import Claim, Precedent
from tests.store.builders import CHARA, KIMERA, NAME, SURGENEX, World, page

SUBJECT = "Umbilical cord stem cells and exosomes, an unapproved drug and unlicensed biological product. HCT/P. "
ABOUT_MS = SUBJECT + "Your website states: “Umbilical cord stem cells given by IV drip cure multiple sclerosis.”"
ABOUT_PARKINSON = SUBJECT + "You claim that exosomes reverse Parkinson’s disease."
ABOUT_KNEES = SUBJECT + "You claim that exosomes heal arthritis and that there are no side effects."
ADVERTISEMENT = "Umbilical cord stem cells by IV drip cure multiple sclerosis. There is no danger whatsoever."


def asked(text: str, category: str) -> Claim:
    return next(claim for claim in claims(text) if claim.category == category)


def keys(found: tuple[Precedent, ...]) -> list[str]:
    return [precedent.notice.partition("/")[2] for precedent in found]


def filled(world: World) -> World:
    letters = (CHARA, KIMERA, SURGENEX)
    texts = (ABOUT_KNEES, ABOUT_PARKINSON, ABOUT_MS)
    world.run(letters, *(page(row, text) for row, text in zip(letters, texts, strict=True)))
    return world


def test_the_nearest_disease_comes_first_then_its_group_then_the_category(world: World) -> None:
    (found,) = filled(world).store.precedents([asked(ADVERTISEMENT, "disease")])
    assert keys(found) == [SURGENEX.key, KIMERA.key, CHARA.key]
    assert (
        found[0].quote
        == "Your website states: “Umbilical cord stem cells given by IV drip cure multiple sclerosis.”"
    )


def test_each_claim_has_its_own_precedents_and_no_more_than_asked_for(world: World) -> None:
    wanted = [asked(ADVERTISEMENT, "safety"), asked(ADVERTISEMENT, "disease")]
    safety, disease = filled(world).store.precedents(wanted, most=1)
    assert (keys(safety), keys(disease)) == ([CHARA.key], [SURGENEX.key])


def test_nothing_asked_and_nothing_stored_is_no_error(world: World) -> None:
    assert world.store.precedents([]) == []
    assert world.store.precedents([asked(ADVERTISEMENT, "safety")]) == [()]


def test_what_an_unrelated_notice_quotes_is_no_precedent(world: World) -> None:
    world.run([CHARA], page(CHARA, ABOUT_MS))
    world.store.decide(CHARA.key, "unrelated", "A namesake.", world.now)
    assert world.store.precedents([asked(ADVERTISEMENT, "disease")]) == [()]
    world.store.withdraw(CHARA.key)
    assert keys(world.store.precedents([asked(ADVERTISEMENT, "disease")])[0]) == [CHARA.key]


def test_an_edited_letter_is_indexed_anew(world: World) -> None:
    world.run([CHARA], page(CHARA, ABOUT_MS))
    world.run([CHARA], page(CHARA, SUBJECT + "You claim that exosomes cure autism."))
    assert world.store.precedents([asked(ADVERTISEMENT, "route")]) == [()]


def test_a_new_claims_lexicon_fills_the_index_anew(world: World) -> None:
    filled(world).store.rejudge()
    before = world.store.db.execute("SELECT * FROM notice_claims ORDER BY notice, start").fetchall()
    world.store.db.execute("DELETE FROM notice_claims")
    world.store.db.execute("UPDATE instance SET lexicon = 'older'")
    world.store.rejudge()
    assert world.store.db.execute("SELECT * FROM notice_claims ORDER BY notice, start").fetchall() == before != []


PIECES = st.sampled_from(
    ["You claim that ", "“", "”", "stem cells ", "cure ", "lupus", ". ", "\n", "é ", "幹細胞", "\xad"]
)


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_precedents_quote_stands_in_the_stored_text(world: World, text: str) -> None:
    world.run([CHARA], page(CHARA, ABOUT_KNEES + text))
    body = dict(world.store.texts())[f"{NAME}/{CHARA.key}"]
    for (precedent,) in world.store.precedents([asked(ADVERTISEMENT, "disease"), asked(ADVERTISEMENT, "safety")]):
        assert body[precedent.start : precedent.end] == precedent.quote
