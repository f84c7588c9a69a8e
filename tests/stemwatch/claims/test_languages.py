"""The main claims, and their denial, in the other languages of the lexicon."""

import pytest

from stemwatch.claims import claims

MS = "Multiple Sclerosis"
SENTENCES = [
    ("Nos cellules souches guérissent la sclérose en plaques.", "disease", "asserts"),
    ("Les cellules souches ne guérissent pas la sclérose en plaques.", "disease", "negates"),
    ("Le traitement est sans aucun danger.", "safety", "asserts"),
    ("Aucun traitement approuvé n'existe.", "regulatory_status", "negates"),
    ("Las células madre curan la esclerosis múltiple.", "disease", "asserts"),
    ("Las células madre no curan la esclerosis múltiple.", "disease", "negates"),
    ("El tratamiento no tiene efectos secundarios.", "safety", "asserts"),
    ("Según la clínica, las células madre curan la esclerosis múltiple.", "disease", "quotes"),
    ("Unsere Stammzellen heilen Multiple Sklerose.", "disease", "asserts"),
    ("Stammzellen heilen Multiple Sklerose nicht.", "disease", "negates"),
    ("Die Therapie ist völlig ungefährlich und ohne Nebenwirkungen.", "safety", "asserts"),
    ("幹細胞治療で多発性硬化症が治ります。", "disease", "asserts"),
    ("幹細胞治療で多発性硬化症が治るとは証明されていません。", "disease", "negates"),
    ("副作用はありません。", "safety", "asserts"),
    ("我们的干细胞可以治疗多发性硬化症。", "disease", "asserts"),
    ("没有证据表明干细胞可以治疗多发性硬化症。", "disease", "negates"),
    ("绝对安全,无副作用。", "safety", "asserts"),
    ("줄기세포로 다발성 경화증을 치료합니다.", "disease", "asserts"),
    ("줄기세포의 다발성 경화증 치료 효과는 입증되지 않았습니다.", "disease", "negates"),
    ("부작용이 없습니다.", "safety", "asserts"),
]


@pytest.mark.parametrize(("sentence", "category", "grade"), SENTENCES)
def test_a_claim_and_its_denial(sentence: str, category: str, grade: str) -> None:
    found = [claim for claim in claims(sentence) if claim.category == category]
    assert {claim.grade for claim in found} == {grade}
    assert category != "disease" or {claim.disease for claim in found} == {MS}
