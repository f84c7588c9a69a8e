"""Firms and places in Japanese, Korean and Chinese texts, where no capitals tell a name."""

import re
from collections.abc import Iterator

from stemwatch.folding import HAN, HANGUL
from stemwatch.parties.records import Address, Firm, Tie

_CORPORATION = (
    "医療法人社団|医療法人財団|医療法人|一般社団法人|公益社団法人|一般財団法人|公益財団法人|特定非営利活動法人|社会福祉法人|学校法人"
    "|株式会社|有限会社|合同会社|合資会社"
)
_FACILITY = (
    "クリニック|医院|病院|診療所|外科|内科|皮膚科|歯科|整形外科|センター|研究所|ラボ|ラボラトリー|ファーマ|製薬|薬局|サロン|バイオ"
    "|診所|醫院|医院|中心|有限公司|公司|集團|集团|诊所|美容院"
)
_ENDING = re.compile(rf"(?:{_FACILITY}|{_CORPORATION}|院)$")
_QUOTED = re.compile(r"[「『“](?P<name>[^「」『』“”\n]{2,60})[」』”](?P<notes>(?:[((][^()()\n]{1,120}[))]){0,3})")
_NOTE = re.compile(r"[((](?P<note>[^()()\n]{1,120})[))]")
_PREFECTURE = re.compile(
    rf"(?P<region>東京都|北海道|京都府|大阪府|[{HAN}]{{2,3}}県)(?P<city>[{HAN}]{{1,8}}?[市区町村郡])?"
)
_BARE = re.compile(
    rf"(?P<head>(?:{_CORPORATION})\s?)?[\wァ-ヶー一-龥々・.&-]{{2,30}}?(?:クリニック|医院|病院|細胞加工センター|美容外科|株式会社|診所|有限公司)"
)
_KOREAN = re.compile(
    rf"(?P<name>(?:㈜|\(주\)|주식회사 ?)?[\w{HANGUL}&.-]{{1,30}}?(?:바이오|코스메틱|의원|클리닉|병원|제약"
    r"|메디칼|메디컬|랩|생명과학|컴퍼니|코리아|헬스케어|바이오텍|화장품)"
    r"|(?:㈜|\(주\)|주식회사 )[\w&.-]{1,30}?)(?=(?:을|를|이|가|은|는|에|의|과|와|도|에서|에게|측)?(?:[\s,.(]|$))"
)
_GENERIC_KOREAN = re.compile(
    r"^(?:엑소좀|줄기세포|무허가|온라인|해당|국내|해외)*(?:화장품|의원|병원|클리닉|제약|바이오)$"
)


def firms(field: str, text: str, language: str) -> Iterator[Firm]:
    """Names in the brackets of quotation, corporation and facility apart; Korean names by how they end."""
    if language == "ko":
        for match in _KOREAN.finditer(text):
            if not _GENERIC_KOREAN.match(match["name"]):
                yield _firm(field, text, *match.span("name"), "subject")
        return
    for match in _QUOTED.finditer(text):
        parts = list(_parts(text, *match.span("name")))
        if not any(
            _ENDING.search(text[start:end]) or re.match(_CORPORATION, text[start:end]) for start, end in parts
        ):
            continue
        *owners, (start, end) = parts
        main = text[start:end]
        for first, last in owners:
            yield _firm(field, text, first, last, "parent", main)
        yield _firm(field, text, start, end, "subject")
        yield from _of_notes(field, text, match, main)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Corporation and facility are set apart by a blank."""
    for part in re.finditer(r"[^\s\u3000]+", text[start:end]):
        yield start + part.start(), start + part.end()


def _of_notes(field: str, text: str, quoted: re.Match[str], main: str) -> Iterator[Firm]:
    """Notes behind a name: an earlier name, the corporation that runs it and the earlier name of that."""
    for note in _NOTE.finditer(text, *quoted.span("notes")):
        of, tie = main, "named"
        for part in re.finditer(r"[^、,]+", note["note"]):
            start, end = note.start("note") + part.start(), note.start("note") + part.end()
            label = re.match(
                r"\s*(?P<label>旧[\s::]*|管理者[::]\s*|運営[^::]{0,6}[::]\s*|開設者[::]\s*)", text[start:end]
            )
            if not label:
                continue
            start += label.end()
            tie = "former" if label["label"].startswith("旧") else "parent"
            yield _firm(field, text, start, end, "former" if tie == "former" else "parent", of)
            of = text[start:end] if tie == "parent" else of


def _firm(field: str, text: str, start: int, end: int, tie: Tie, of: str = "") -> Firm:
    return Firm(field=field, start=start, end=end, name=text[start:end], tie=tie, of=of)


def addresses(field: str, text: str) -> Iterator[Address]:
    """Japanese prefectures and the city behind them, in the notes behind a name."""
    for match in _QUOTED.finditer(text):
        found = _PREFECTURE.search(text, *match.span("notes"))
        if found:
            yield Address(
                field=field,
                start=found.start(),
                end=found.end(),
                city=found["city"] or "",
                region=found["region"],
                country="JP",
                firm=match["name"],
            )
