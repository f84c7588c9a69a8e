"""Relevance by behaviour: what the domain calls relevant, and what only looks like it. All texts are our own."""

import pytest

from stemwatch.relevance import Relevance, judge, lexicon_digest

CBER = "Center for Biologics Evaluation and Research (CBER)"
HCTP = "Deviations/CFR/Regulations for Human Cells, Tissues & Cellular Products (HCT/Ps)"
IDE = "Investigational Device Exemptions (IDE)"
BLA = "CGMP/Deviations/Biologics License Application (BLA)"

LAW = (
    "The goods count as an HCT/P, yet they go beyond minimal manipulation and homologous use, so a biologics "
    "license would be needed and none exists. "
)
FILLER = "The firm kept poor records of cleaning, training and complaints in its plant. " * 120


def letter(title: str, subject: str = "", text: str = "", office: str = CBER) -> Relevance:
    return judge({"title": title, "office": office, "subject": subject, "text": text})


def whys(result: Relevance) -> str:
    return " ".join(reason.why for reason in result.reasons)


# ---- with a text


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("Vials made from umbilical cord are shipped to clinics for injection. ", "umbilical_cord"),
        ("The clinic injects a stromal vascular fraction taken from the patient. ", "adipose_svf"),
        ("A drop made of amniotic fluid is sold for dry eyes. ", "amniotic"),
        ("Powdered placental tissue is sold for wounds. ", "placenta"),
        ("Exosomes are infused for lung disease. ", "exosome"),
        ("Vesicles (extracellular vesicles) are inhaled by patients. ", "exosome"),
        ("Bone-marrow-derived cells are sold for knees. ", "bone_marrow"),
        ("Wharton’s Jelly is offered for arthritis. ", "whartons_jelly"),
        ("Umbilical cord blood is given by vein for autism. ", "cord_blood"),
        ("Peripheral blood stem cells are given by vein. ", "peripheral_blood"),
        ("Rabbit stem cell therapy is on offer at the spa. ", "other"),
    ],
)
def test_a_letter_on_such_a_product_without_a_licence_is_relevant_and_names_the_product(
    text: str, product: str
) -> None:
    result = letter("Harbor Wellness LLC", HCTP, 3 * text + LAW)
    assert result.label == "relevant"
    assert product in result.products


def test_other_is_named_only_when_nothing_more_exact_is() -> None:
    result = letter("Harbor Wellness LLC", HCTP, "Stem cells from umbilical cord are injected. " + LAW)
    assert result.products == ("umbilical_cord",)


def test_the_text_decides_even_where_title_office_and_subject_say_nothing() -> None:
    text = "Exosomes are sold for injection. Exosomes from donors fill each vial. Exosomes lack a license. "
    assert judge({"text": text + LAW}).label == "relevant"


def test_exosomes_under_a_device_subject_are_relevant() -> None:
    text = "Exosomes are sold for injection. The exosomes come from donated amniotic fluid. " + LAW
    assert letter("Harbor Labs, Inc.", IDE, text).label == "relevant"


def test_amniotic_eye_drops_are_relevant_under_a_plain_manufacturing_subject() -> None:
    text = "Amniotic fluid is filtered into an eye drop. The cornea and dryness are named as uses. " * 3
    assert (
        letter("Harbor Processing", "CGMP/Finished Pharmaceuticals/Adulterated", text + FILLER).label == "relevant"
    )


def test_a_refusal_of_records_is_relevant_when_it_names_the_product() -> None:
    text = "The site offers cells derived from cord blood for autism. The firm did not hand over its records. "
    assert letter("Harbor LLC", HCTP, text).label == "relevant"


def test_a_short_untitled_letter_is_relevant() -> None:
    result = judge({"title": "Untitled Letter - Harbor, Inc.", "text": "On placental membrane grafts."})
    assert result.label == "relevant"


def test_a_product_line_of_an_alert_or_a_recall_is_enough() -> None:
    assert judge({"title": "Harbor Cell SA", "products": "Wharton's jelly cells"}).label == "relevant"
    assert judge({"title": "Exosome solution, 2 mL, for injection"}).label == "relevant"


# ---- what only looks like it


@pytest.mark.parametrize(
    "title",
    [
        "Harbor Fertility Center",
        "Harbor Sperm Bank",
        "Harbor Reproductive Medicine",
        "Harbor Lions Eye Bank",
        "Harbor IVF",
        "Harbor Cryobank",
        "Harbor Andrology Laboratory",
    ],
)
def test_fertility_sperm_and_eye_banks_are_unrelated_with_and_without_a_text(title: str) -> None:
    text = "Semen and oocytes were accepted from donors whose tests under 21 CFR 1271 were missing. " + LAW
    assert letter(title, HCTP).label == "unrelated"
    assert letter(title, HCTP, text).label == "unrelated"


def test_a_text_on_reproductive_tissue_is_unrelated_whatever_the_name() -> None:
    text = "Each sperm donor and oocyte donor must be tested; reproductive tissue of some was released untested. "
    assert letter("Harbor Institute", HCTP, text * 5).label == "unrelated"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("CGMP/Blood & Blood Components/Adulterated", "Source plasma was frozen late after plasmapheresis. "),
        (BLA, "Capsules of stool are sold; a fecal transplant needs a biologics license. "),
        (
            "Advertising & Promotional Labeling/Drugs/Biological Products",
            "The advert for the approved drug misled. ",
        ),
        ("Bioresearch Monitoring Program/IRB", "The study of exosomes enrolled patients out of protocol. " * 3),
        ("Clinical Investigator", "Bone marrow was drawn out of protocol; no investigational new drug record. "),
        (f"{IDE}/Premarket Approval Application (PMA)", "The collection kit has no premarket approval. "),
        ("Dietary Supplement/Adulterated", "The probiotic powder is an unlicensed biological product. "),
    ],
)
def test_other_business_of_the_biologics_office_is_not_relevant(subject: str, text: str) -> None:
    assert letter("Harbor LLC", subject, text + LAW).label != "relevant"


def test_how_a_study_was_run_is_at_most_possible_however_often_it_names_the_product() -> None:
    text = "Umbilical cord exosomes were infused into patients without an investigational new drug application. "
    assert letter("Harbor, MD", "Bioresearch Monitoring Program", 20 * text + LAW).label == "possible"


def test_stem_cells_for_animals_are_not_relevant() -> None:
    text = (
        "Stem cells for dogs are unapproved new animal drugs. Stem cells for horses too, and stem cell storage. "
    )
    result = letter("Harbor Stem Cell, LLC", "CGMP/Finished Pharmaceuticals/Adulterated/Unapproved New Drug", text)
    assert result.label != "relevant"
    assert "animals" in whys(result)


def test_drug_residue_in_animal_tissue_is_unrelated() -> None:
    result = letter("Harbor Dairy", "Illegal Drug Residue Animal Tissue/Adulterated", office="Division of Foods")
    assert result.label == "unrelated"


def test_the_number_1271_alone_is_unrelated() -> None:
    result = letter(
        "Harbor Oral Care", "CGMP/Finished Pharmaceuticals", "See 21 CFR 1271.3. " + FILLER, "Division IV"
    )
    assert result.label == "unrelated"


def test_ordinary_grafts_of_bone_are_not_relevant() -> None:
    text = "Bone tissue allografts were released although donors had sepsis, against 21 CFR part 1271. " * 4
    assert letter("Harbor Tissue Services", HCTP, text + LAW + FILLER).label != "relevant"


def test_one_mention_in_a_long_letter_on_something_else_is_not_relevant() -> None:
    text = "The peptide is unapproved. An advert says that it wakes your stem cells. " + FILLER
    assert (
        letter("Harbor Peptides", "Unapproved New Drugs/Misbranded", text, "Center for Drugs").label != "relevant"
    )


@pytest.mark.parametrize(
    "title",
    [
        "Plant stem cell face serum",
        "Apple stem-cell drink",
        "Hematopoietic stem cell mobilizer injection, 24 mg",
        "FDA Takes Steps to Support Stem Cell Transplant Donor Safety",
        "FDA Approves First Cord Blood Cell Therapy",
        "HCT/P Establishment Registration Instructions",
        "Stem cell separator software correction",
        "Risks of human placenta ingestion",
    ],
)
def test_products_and_news_that_only_sound_like_it_are_unrelated(title: str) -> None:
    assert judge({"title": title, "text": title}).label == "unrelated"


# ---- header only


@pytest.mark.parametrize(
    "office",
    [
        CBER,
        "Center for Biologics Evaluation and Research",
        " Division of Biological Products Operations II ",
        "Office of Biological Products Operations – Division 2",
        "Office Biological Products Operations - Division 2",
        "Office of Compliance and Biologics Quality",
    ],
)
def test_the_tissue_subject_from_any_spelling_of_the_biologics_offices_is_relevant(office: str) -> None:
    assert letter("Harbor LLC", HCTP, office=office).label == "relevant"


def test_an_unlicensed_biological_product_from_the_biologics_office_is_relevant() -> None:
    assert letter("Harbor LLC", "Unapproved New Drug/Unlicensed Biological Product Violations").label == "relevant"


@pytest.mark.parametrize(
    "subject", ["Unapproved New Drugs/Adulterated", BLA, IDE, "CGMP/Finished Pharmaceuticals"]
)
def test_open_subjects_from_the_biologics_office_are_possible(subject: str) -> None:
    assert letter("Harbor LLC", subject).label == "possible"


def test_a_suggestive_name_makes_an_open_subject_more_likely() -> None:
    plain, named = letter("Harbor LLC", BLA), letter("Harbor Regenerative Biologics LLC", BLA)
    assert named.score > plain.score
    assert named.label == "relevant"


def test_a_suggestive_name_alone_is_unrelated() -> None:
    assert letter("Harbor Biologics", "CGMP/QSR/Medical Devices", office="Center for Devices").label == "unrelated"


def test_a_text_that_names_no_such_product_weighs_less_than_no_text() -> None:
    assert letter("Harbor LLC", HCTP, FILLER).score < letter("Harbor LLC", HCTP).score


# ---- the answer itself


def test_reasons_say_which_phrase_in_which_field_and_why() -> None:
    result = judge({"title": "Harbor", "text": "EXOSOMES — sold as unapproved Wharton’s\nJelly"})
    found = {(reason.phrase, reason.field) for reason in result.reasons}
    assert {("exosomes", "text"), ("wharton's jelly", "text"), ("unapproved", "text")} <= found
    assert all(reason.why for reason in result.reasons)


def test_reasons_against_are_shown_too() -> None:
    assert "speaks against" in whys(letter("Harbor Fertility Center", HCTP))


def test_other_fields_are_ignored() -> None:
    fields = {"title": "Harbor LLC", "recipient": "Stem Cell Clinic", "summary": "exosomes"}
    assert judge(fields) == judge({"title": "Harbor LLC"})


def test_nothing_at_all_is_unrelated_for_no_reason() -> None:
    result = judge({})
    assert (result.label, result.reasons, result.products) == ("unrelated", (), ())


def test_the_digest_is_short_and_steady() -> None:
    assert lexicon_digest() == lexicon_digest()
    assert len(lexicon_digest()) < 20
