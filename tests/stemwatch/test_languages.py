"""Relevance beyond English, and what every language counts as something else. All texts are our own."""

import tomllib
from pathlib import Path

import pytest

from stemwatch import phrases
from stemwatch.phrases import lexicon
from stemwatch.relevance import judge

FOLDER = Path(phrases.__file__).parent / "lexicon"
LANGUAGES = ["de", "en", "es", "fr", "ja", "ko", "zh"]


@pytest.mark.parametrize(
    ("title", "text", "product"),
    [
        ("Klinik ohne Erlaubnis", "Die Klinik bot Infusionen mit Exosomen ohne Zulassung an.", "exosome"),
        ("Warnung vor Stammzelltherapien", "Stammzellen aus Fettgewebe wurden gespritzt.", "adipose_svf"),
        ("Mise en garde", "La clinique injecte des cellules souches de cordon ombilical.", "umbilical_cord"),
        ("Produit non autorisé de sang de cordon", "", "cord_blood"),
        ("Alerta sanitaria", "Se aplican exosomas sin registro sanitario a pacientes.", "exosome"),
        ("Clínica clausurada", "CELULAS MADRE DE TEJIDO ADIPOSO sin autorización.", "adipose_svf"),
        (
            "再生医療等の安全性の確保等に関する法律に基づく緊急命令について",
            "臍帯血を無届で投与した。",
            "cord_blood",
        ),
        ("医療機関への緊急命令", "ウォートンジェリー由来の間葉系幹細胞を点滴で投与した。", "whartons_jelly"),
        ("注意喚起", "未承認のエクソソームの静脈注射を受けた患者が死亡した。", "exosome"),
        ("무허가 지방유래줄기세포 시술 의원 적발", "", "adipose_svf"),
        ("불법 제조 업체 고발", "허가받지 않은 양막유래 세포치료제를 주사한 의원을 적발하였다.", "amniotic"),
        ("衞生署搜查診所", "診所涉嫌無牌為病人注射羊膜幹細胞。", "amniotic"),
        ("查处非法干细胞注射", "诊所擅自输注脐带血干细胞。", "cord_blood"),
    ],
)
def test_a_warning_in_any_language_is_relevant_and_names_the_product(title: str, text: str, product: str) -> None:
    result = judge({"title": title, "text": text})
    assert result.label == "relevant"
    assert product in result.products


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Stammzellspende: Aktionstag", "Wer ist im Stammzellregister? Die Knochenmarkspende rettet Leben."),
        ("Kosmetik mit Apfelstammzellen", "Die Creme enthält pflanzliche Stammzellen."),
        ("Don de moelle osseuse", "Les greffes de cellules souches sauvent des vies."),
        ("Rappel d'une crème", "Le sérum cosmétique contient des cellules souches végétales."),
        ("Donación de médula ósea", "El trasplante de células madre hematopoyéticas cumple años."),
        ("Crema con células madre de manzana", "Producto cosmético sin notificar."),
        ("再生医療等製品の承認について", "条件及び期限付承認を行いました。"),
        ("臍帯血バンクの年次報告", "造血幹細胞の提供について。"),
        ("再生医療等評価部会の開催", "再生医療等提供計画を審議します。"),
        ("不妊治療の助成", "体外受精と卵子の凍結について。"),
        ("줄기세포 화장품 과대광고", "온라인 사이트를 차단하였다."),
        ("첨단재생의료 설명회 개최", "재생의료 기관을 대상으로 한다."),
        ("造血幹細胞移植三十週年", "醫院舉行座談會。"),
        ("植物干细胞面膜抽检", "化妆品不合格。"),
        ("FDA approves first cord blood therapy", "The umbilical cord blood product is licensed for patients."),
        ("Cord blood bank gains accreditation", "The cord blood bank met the standards of its association."),
        ("Stem cells for horses", "The stem cells are an unapproved new animal drug."),
        ("Embryo research licence", "Work on human embryonic stem cell lines may go on."),
        ("CAR-T cell recall", "Chimeric antigen receptor T cells were out of specification."),
        ("Source plasma centre", "Source plasma of donors was stored too warm."),
    ],
)
def test_what_only_looks_alike_is_not_relevant_in_any_language(title: str, text: str) -> None:
    assert judge({"title": title, "text": text}).label != "relevant"


@pytest.mark.parametrize(
    ("wording", "route"),
    [
        ("by IV infusion", "intravenous"),
        ("intrathecally", "intrathecal"),
        ("as intra-articular injections", "intra_articular"),
        ("nebulized", "nebulised"),
        ("as eye drops", "eye_drops"),
        ("as a nasal spray", "intranasal"),
        ("par voie intraveineuse", "intravenous"),
        ("intraartikulär", "intra_articular"),
        ("en colirio", "eye_drops"),
        ("点滴で", "intravenous"),
        ("鞘內注射", "intrathecal"),
        ("정맥주사로", "intravenous"),
    ],
)
def test_the_route_is_a_facet_beside_the_product(wording: str, route: str) -> None:
    result = judge({"title": "Unapproved exosomes", "text": f"The exosomes are given {wording} to patients."})
    assert (result.products, result.routes) == (("exosome",), (route,))


def test_an_unrelated_notice_names_neither_product_nor_route() -> None:
    result = judge({"title": "Harbor Compounding", "text": "Saline for intravenous use was not sterile."})
    assert (result.label, result.products, result.routes) == ("unrelated", (), ())


def test_a_product_named_in_passing_is_not_what_a_text_is_about() -> None:
    text = "Exosomes are sold. " * 30 + "Placenta is mentioned once. "
    assert judge({"title": "Harbor", "text": text + "They are unapproved."}).products == ("exosome",)


def test_the_regulators_own_name_is_no_food() -> None:
    text = "식품의약품안전처는 허가받지 않은 줄기세포 주사를 적발하였다."
    assert judge({"title": "무허가 줄기세포 주사", "text": text}).label == "relevant"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_evidence_for_and_against_and_what_counts_nothing(language: str) -> None:
    tables = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    assert set(tables) == {"evidence", "excluding", "neutral"}
    named = {route for entry in tables["evidence"] for route in entry.get("routes", [])}
    assert len(named) == 6
    assert {entry["kind"] for entry in tables["evidence"]} >= {"product", "breach", "offer"}


def test_every_phrase_of_the_lexicon_is_found_where_it_stands_alone() -> None:
    words = lexicon()
    for number, phrase in enumerate(words.phrases):
        field = next(field for field, meant in words.meanings.items() if meant[number])
        assert words.find({field: phrase.replace("*", "")}), phrase


def test_without_a_phrase_the_rest_stays() -> None:
    words = lexicon().without({"exosome", "exosomes"})
    assert judge({"title": "Exosomes and cord blood"}, words).products == ("cord_blood",)
