"""Japanese, Korean and Chinese notices."""

from stemwatch.parties import parties
from stemwatch.parties.records import Parties


def firms(found: Parties) -> list[tuple[str, str, str]]:
    return [(firm.name, firm.tie, firm.of) for firm in found.firms]


def test_a_japanese_order_names_facility_operator_and_place() -> None:
    text = "「医療法人健翔会 ヴェルモアクリニック」(東京都港区)に対し、停止を命じました。"
    found = parties({"text": text}, "ja")
    assert firms(found) == [
        ("医療法人健翔会", "parent", "ヴェルモアクリニック"),
        ("ヴェルモアクリニック", "subject", ""),
    ]
    assert [(at.city, at.region, at.country) for at in found.addresses] == [("港区", "東京都", "JP")]


def test_notes_behind_a_japanese_name_tell_earlier_names_and_who_runs_it() -> None:
    text = "「ヴェルモアクリニック」(旧 オストクリニック)(大阪府大阪市、管理者:山田花子)に対し、"
    found = parties({"text": text}, "ja")
    assert firms(found) == [
        ("ヴェルモアクリニック", "subject", ""),
        ("オストクリニック", "former", "ヴェルモアクリニック"),
    ]
    assert [person.name for person in found.people] == ["山田花子"]


def test_a_law_in_brackets_is_no_firm() -> None:
    assert parties({"text": "「再生医療等の安全性の確保等に関する法律」に基づき"}, "ja").firms == ()


def test_a_korean_particle_is_not_part_of_a_name() -> None:
    found = parties({"text": "식약처는 서울 강남구 소재 벨무어바이오를 적발하였습니다."}, "ko")
    assert firms(found) == [("벨무어바이오", "subject", "")]
    assert [(at.city, at.region) for at in found.addresses] == [("강남구", "서울")]


def test_general_korean_words_are_no_firm() -> None:
    assert parties({"text": "무허가 줄기세포 화장품을 판매한 의원이 적발되었다."}, "ko").firms == ()


def test_a_chinese_centre_is_named_in_brackets() -> None:
    found = parties({"text": "衞生署搜查「維爾摩醫美中心」,由奧斯特有限公司經營。"}, "zh")
    assert firms(found) == [("維爾摩醫美中心", "subject", ""), ("奧斯特有限公司", "named", "")]
