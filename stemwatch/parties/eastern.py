"""Firms, people and places in Japanese, Korean and Chinese texts, where no capitals tell a name."""

import re
from collections.abc import Iterator

from stemwatch.folding import HAN, HANGUL
from stemwatch.parties.records import Address, Firm, Person, Tie

_CORPORATION = (
    "医療法人社団|医療法人財団|医療法人|一般社団法人|公益社団法人|一般財団法人|公益財団法人|特定非営利活動法人"
    "|社会福祉法人|学校法人|株式会社|有限会社|合同会社|合資会社"
)
_FACILITY = (
    "クリニック|医院|病院|診療所|外科|内科|皮膚科|歯科|センター|研究所|ラボ|ラボラトリー|ファーマ|製薬|薬局|サロン"
    "|バイオ|診所|醫院|中心|有限公司|公司|集團|集团|诊所|美容院"
)
_ENDING = re.compile(rf"(?:{_FACILITY}|{_CORPORATION}|院)$")
_QUOTED = re.compile(r"[「『“](?P<name>[^「」『』“”\n]{2,60})[」』”](?P<notes>(?:[((][^()()\n]{1,120}[))]){0,3})")
_NOTE = re.compile(r"[((](?P<note>[^()()\n]{1,120})[))]")
_LABEL = re.compile(r"\s*(?:(?P<former>旧[\s::]*)|(?P<runs>(?:管理者|代表者|院長|運営[^::]{0,6}|開設者)[::]\s*))")
_PREFECTURE = re.compile(
    rf"(?P<region>東京都|北海道|京都府|大阪府|[{HAN}]{{2,3}}県)(?P<city>[{HAN}]{{1,8}}?[市区町村郡])?"
)
# Hiragana joins words, so a name written without brackets ends before it.
_LETTERS = r"[A-Za-z0-9・ー々\u30a1-\u30fa\u4e00-\u9fff.&-]"
_CORPORATE = re.compile(
    rf"(?:{_CORPORATION}) ?{_LETTERS}{{2,24}}|(?<!{_LETTERS})[A-Za-z0-9\u30a1-\u30faー・]{{2,24}}株式会社"
    rf"|(?<=由)[\u4e00-\u9fff]{{2,20}}?有限公司"
)
_KOREAN = re.compile(
    rf"(?P<name>(?:㈜|\(주\)|주식회사 ?)?[\w{HANGUL}&.-]{{1,30}}?(?:바이오|코스메틱|의원|클리닉|병원|제약"
    r"|메디칼|메디컬|랩|생명과학|컴퍼니|코리아|헬스케어|바이오텍|화장품)"
    r"|(?:㈜|\(주\)|주식회사 )[\w&.-]{1,30}?)(?=(?:을|를|이|가|은|는|에|의|과|와|도|에서|에게|측)?(?:[\s,.(]|$))"
)
_GENERIC_KOREAN = re.compile(
    r"^(?:엑소좀|줄기세포|무허가|온라인|해당|국내|해외|성형외과|피부과)*(?:화장품|의원|병원|클리닉|제약|바이오)$"
)
_KOREAN_PLACE = re.compile(
    r"(?P<region>서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주)"
    rf"(?:특별시|광역시|도|시)?\s(?P<city>[{HANGUL}]{{1,6}}[시군구])(?=[\s,)])"
)


def firms(field: str, text: str, language: str) -> Iterator[Firm]:
    """Names in the brackets of quotation and names of corporations; Korean names by how they end."""
    if language == "ko":
        yield from _korean(field, text)
        return
    quoted = [(match, main) for match in _QUOTED.finditer(text) if (main := _main(text, match))]
    for match, (start, end) in quoted:
        yield _firm(field, text, start, end, "subject")
        for first, last in _words(text, *match.span("name")):
            if last < end:
                yield _firm(field, text, first, last, "parent", text[start:end])
        yield from _of_notes(field, text, match, text[start:end])
    inside = [match.span() for match, _ in quoted]
    for match in _CORPORATE.finditer(text):
        if not any(start <= match.start() < end for start, end in inside):
            yield _firm(field, text, *match.span(), "named" if quoted else "subject")


def _korean(field: str, text: str) -> Iterator[Firm]:
    for match in _KOREAN.finditer(text):
        if not _GENERIC_KOREAN.match(match["name"]):
            yield _firm(field, text, *match.span("name"), "subject")


def people(field: str, text: str) -> Iterator[Person]:
    """Those who run a facility, named in the notes behind it."""
    for match in _QUOTED.finditer(text):
        for start, end, former in _labelled(text, match):
            if (
                not former
                and not re.search(rf"{_CORPORATION}|{_FACILITY}|会$", text[start:end])
                and end - start < 12
            ):
                yield Person(field=field, start=start, end=end, name=text[start:end], firm=match["name"])


def addresses(field: str, text: str, language: str) -> Iterator[Address]:
    """Japanese prefectures in the notes behind a name, Korean provinces before one, each with the city."""
    if language == "ko":
        for found in _KOREAN_PLACE.finditer(text):
            yield _address(field, found, "KR", "")
        return
    for match in _QUOTED.finditer(text):
        if place := _PREFECTURE.search(text, *match.span("notes")):
            yield _address(field, place, "JP", match["name"])


def _address(field: str, found: re.Match[str], country: str, firm: str) -> Address:
    start, end = found.span()
    city, region = found["city"] or "", found["region"]
    return Address(field=field, start=start, end=end, city=city, region=region, country=country, firm=firm)


def _words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Corporation and facility are set apart by a blank."""
    for part in re.finditer(r"[^\s\u3000]+", text[start:end]):
        yield start + part.start(), start + part.end()


def _main(text: str, quoted: re.Match[str]) -> tuple[int, int] | None:
    """The last word of a name in brackets, when the name is one of a firm."""
    words = list(_words(text, *quoted.span("name")))
    named = any(_ENDING.search(text[start:end]) or re.match(_CORPORATION, text[start:end]) for start, end in words)
    return words[-1] if named else None


def _labelled(text: str, quoted: re.Match[str]) -> Iterator[tuple[int, int, bool]]:
    """What the notes behind a name say: earlier names (true) and who runs it (false)."""
    for note in _NOTE.finditer(text, *quoted.span("notes")):
        for part in re.finditer(r"[^、,]+", note["note"]):
            start, end = note.start("note") + part.start(), note.start("note") + part.end()
            label = _LABEL.match(text, start, end)
            if label and text[label.end() : end].strip():
                yield label.end(), end, label["former"] is not None


def _of_notes(field: str, text: str, quoted: re.Match[str], main: str) -> Iterator[Firm]:
    """An earlier name belongs to what was named last: the facility, or the corporation that runs it."""
    of = main
    for start, end, former in _labelled(text, quoted):
        if former:
            yield _firm(field, text, start, end, "former", of)
        elif re.search(rf"{_CORPORATION}|{_FACILITY}|会$", text[start:end]):
            yield _firm(field, text, start, end, "parent", main)
            of = text[start:end]


def _firm(field: str, text: str, start: int, end: int, tie: Tie, of: str = "") -> Firm:
    return Firm(field=field, start=start, end=end, name=text[start:end], tie=tie, of=of)
