"""How far denial, doubt, danger and the words of others reach: one sentence each."""

import pytest

from stemwatch.claims import claims

MS = "Multiple Sclerosis"
LUPUS = "Lupus Erythematosus, Systemic"

DISEASES = [
    ("We treat multiple sclerosis.", {(MS, "asserts")}),
    (
        "WE TREAT MS, ALS AND LUPUS",
        {(MS, "asserts"), ("Amyotrophic Lateral Sclerosis", "asserts"), (LUPUS, "asserts")},
    ),
    ("MS can be cured with umbilical cord stem cells.", {(MS, "asserts")}),
    ("Say goodbye to lupus!", {(LUPUS, "asserts")}),
    ("Stem cells do not cure MS.", {(MS, "negates")}),
    (
        "Stem cells can't cure MS, lupus or autism.",
        {(MS, "negates"), (LUPUS, "negates"), ("Autism Spectrum Disorder", "negates")},
    ),
    ("There is no evidence that stem cells slow MS.", {(MS, "negates")}),
    ("That exosomes reverse MS is untrue.", {(MS, "negates")}),
    ("No approved treatment for MS uses stem cells.", {(MS, "negates")}),
    ("We don't claim to cure lupus.", {(LUPUS, "negates")}),
    ("Stem cells cure not only MS but also lupus.", {(MS, "asserts"), (LUPUS, "asserts")}),
    ("Without surgery, our stem cells heal lupus.", {(LUPUS, "asserts")}),
    ("Nothing else helped, but stem cells cured my lupus.", {(LUPUS, "asserts")}),
    ("No other clinic treats MS like we do.", {(MS, "asserts")}),
    ("Unlike other clinics, we cure MS with cord blood stem cells.", {(MS, "asserts")}),
    ("Although they aren't FDA approved, our stem cells cure MS.", {(MS, "asserts")}),
    ("There is no cure for MS, but our stem cells stop it.", {(MS, "asserts"), (MS, "negates")}),
    ("Stem cells may help people with MS.", {(MS, "suggests")}),
    ("Can stem cells cure MS?", {(MS, "suggests")}),
    ("Stem cell therapy for lupus", {(LUPUS, "suggests")}),
    ("Trials are testing whether stem cells slow MS.", {(MS, "suggests")}),
    ("The clinic claims that its cells cure MS.", {(MS, "quotes")}),
    ("According to the advertisement, exosomes reverse lupus.", {(LUPUS, "quotes")}),
    ("“Stem cells cure lupus,” the brochure said.", {(LUPUS, "quotes")}),
    ("Your website states, “Stem cells cure lupus.”", {(LUPUS, "quotes")}),
    ("Some clinics offer stem cells for MS.", {(MS, "quotes")}),
    ("The complaint alleges that the therapy was said to treat MS.", {(MS, "quotes")}),
    ("Approved medicines reduce relapses of MS.", set()),
    ("Ms Jones treats her dog.", set()),
]


@pytest.mark.parametrize(("sentence", "expected"), DISEASES)
def test_what_is_said_of_a_disease(sentence: str, expected: set[tuple[str, str]]) -> None:
    found = {(claim.disease, claim.grade) for claim in claims(sentence) if claim.category == "disease"}
    assert found == expected


OTHERS = [
    ("There is no danger whatsoever.", "safety", "asserts"),
    ("It isn't dangerous at all.", "safety", "asserts"),
    ("There are no known risks or complications.", "safety", "asserts"),
    ("We've never had a single adverse reaction.", "safety", "asserts"),
    ("The injections are not safe.", "safety", "warns"),
    ("No procedure is without risk.", "safety", "warns"),
    ("It is not known whether the cells are safe.", "safety", "negates"),
    ("Infections were reported.", "safety", "warns"),
    ("Talk to your doctor before you decide.", "safety", "warns"),
    ("Clinics tell patients that there are no side effects.", "safety", "quotes"),
    ("A natural alternative to surgery.", "superiority", "asserts"),
    ("No surgery. No downtime.", "superiority", "asserts"),
    ("“Best thing I ever did!” – Dana K.", "testimonial", "asserts"),
    ("It changed my life.", "testimonial", "asserts"),
    ("Patients report more energy.", "testimonial", "suggests"),
    ("Testimonials do not prove that a treatment works.", "testimonial", "negates"),
    ("Our cells come from an FDA-registered laboratory.", "regulatory_status", "asserts"),
    ("The product is not FDA approved.", "regulatory_status", "negates"),
    ("It is clinically proven.", "research", "asserts"),
    ("It has not been clinically proven.", "research", "negates"),
    ("The cells home to damaged tissue.", "mechanism", "asserts"),
    ("In mice the cells repair damaged tissue.", "mechanism", "suggests"),
    ("We offer umbilical cord stem cells.", "product", "asserts"),
    ("Our exosomes are given as a nasal spray.", "route", "asserts"),
    ("Our treatment costs $4,900.", "offer", "asserts"),
    ("Our treatment costs 4.900 €.", "offer", "asserts"),
]


@pytest.mark.parametrize(("sentence", "category", "grade"), OTHERS)
def test_how_other_claims_are_meant(sentence: str, category: str, grade: str) -> None:
    assert {claim.grade for claim in claims(sentence) if claim.category == category} == {grade}


def test_a_list_takes_its_grade_from_what_introduces_it() -> None:
    found = {claim.quote: claim.grade for claim in claims("Risks include:\n- infections\n- strokes\n")}
    assert found["infections"] == "warns"
    treated = claims("We treat:\n* lupus\n* COPD\n\nWe do not treat:\n* autism\n")
    assert {claim.disease: claim.grade for claim in treated if claim.disease} == {
        LUPUS: "asserts",
        "Pulmonary Disease, Chronic Obstructive": "asserts",
        "Autism Spectrum Disorder": "negates",
    }


def test_a_letters_list_of_quotations_is_the_firms() -> None:
    letter = "Your website makes claims. For example:\n• “Stem cells cure lupus.”\n• “No side effects.”\n"
    assert {claim.grade for claim in claims(letter) if claim.category in {"disease", "safety"}} == {"quotes"}
